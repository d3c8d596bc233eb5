"""Canonical bytes against RFC 8785 as another library writes it, and everything that must be refused."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.record.canonical import decode, encode

TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Z", "Cc"))).map(
    lambda s: unicodedata.normalize("NFC", s)
)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcXYZ_09", min_size=1), inner, max_size=4),
    max_leaves=12,
)


@given(PLAIN)
def test_the_same_bytes_as_rfc_8785(plain: Any) -> None:
    assert encode(plain) == rfc8785.dumps(plain)
    assert decode(encode(plain)) == plain


@pytest.mark.parametrize(
    "plain",
    [1.5, float("nan"), 2**53, -(2**53), {"键": 1}, {1: 2}, "e\u0301", "\ud800", {"a": b"x"}, {"a": {"b": 0.0}}],
)
def test_what_has_no_canonical_form_is_refused(plain: object) -> None:
    with pytest.raises(ValueError):
        encode(plain)


@pytest.mark.parametrize(
    "line",
    [b'{"b":1,"a":2}', b'{"a": 1}', b'{"a":1,"a":2}', b'{"a":1.0}', b'{"a":1}\n', b"\xff", b'"\\u4e2d"', b"[" * 5000,
     json.dumps("中").encode()],
)  # fmt: skip
def test_other_spellings_are_refused(line: bytes) -> None:
    with pytest.raises(ValueError):
        decode(line)
