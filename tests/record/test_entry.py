"""A line is read in C where it has this version's fields and no others; that must never tell another thing than the long way."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.record import entry
from inspector_app.record.canonical import decode, encode
from tests.record.test_golden import golden

Read = TypeVar("Read")
PLAIN: dict[str, Any] = json.loads(golden()["evidence_taken"])

LEAVES = st.sampled_from([
    0, 1, -1, 2**53 - 1, 2**53, -(2**53), 2**70, 1.0, 1.5, 1e300, True, None, "", "a", "中", "é", "e\u0301", "n\u0303",
    "\n\u0303", "\u0338", "=\u0338", '"', "\\", "\u0301", "가", "\u1100\u1161",
])  # fmt: skip
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "键", "z\n"]), inner, max_size=3)
    ),
    max_leaves=8,
)
PLACES = [
    *PLAIN,
    "later",
    "actor.id",
    "actor.more",
    "blobs.size",
    "blobs.mime",
    "app.version",
    "app.键",
    "body.x",
    "parents.0",
]


def told(line: bytes, read: Callable[[bytes], Read]) -> Read | None:
    try:
        return read(line)
    except ValueError:
        return None


def with_value(place: str, value: Any) -> bytes:
    """The golden event with another value in one place, spelt as canonical bytes would be if it were allowed there."""
    plain = json.loads(json.dumps(PLAIN))
    name, _, inner = place.partition(".")
    if name == "blobs" and inner:
        plain["blobs"][0][inner] = value
    elif inner == "0":
        plain[name][0] = value
    elif inner:
        plain[name][inner] = value
    else:
        plain[name] = value
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "surrogatepass")


@given(st.sampled_from(PLACES), VALUES)
def test_both_ways_tell_the_same(place: str, value: Any) -> None:
    line = with_value(place, value)
    short, long = entry._plainly(line), told(line, lambda bytes_: entry._typed(decode(bytes_)))
    assert short is None or short == long
    assert (told(line, entry.event_of) is None) is (long is None)


def test_a_plain_line_is_read_the_short_way() -> None:
    for line in golden().values():
        assert entry._plainly(line) is not None


def test_fields_of_a_later_version_are_passed_by() -> None:
    line = encode({**PLAIN, "zone": "later", "actor": {**PLAIN["actor"], "unit": "later"}})
    assert entry._plainly(line) is None
    assert entry.event_of(line)._replace(id="") == entry.event_of(encode(PLAIN))._replace(id="")


@pytest.mark.parametrize("name", [name for name in PLAIN if name != "body"])
def test_a_field_of_the_wrong_type_is_refused_whatever_else_the_line_has(name: str) -> None:
    """What nobody can sort or look up must not come into a record: a strand that is a list, a kind that is a number."""
    for value in ([None], {"a": None}, True):
        for more in ({}, {"zone": "later"}):
            with pytest.raises(ValueError):
                entry.event_of(encode({**PLAIN, name: value, **more}))


@pytest.mark.parametrize("place", ["mono", "seq", "blobs.size", "body.x"])
def test_a_number_that_is_too_large_is_refused_wherever_it_stands(place: str) -> None:
    with pytest.raises(ValueError):
        entry.event_of(with_value(place, 2**53))
