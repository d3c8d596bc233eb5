"""Canonical JSON: RFC 8785 restricted to ASCII keys, no floats, integers below 2^53 and NFC text.

These bytes are what is hashed, signed, stored, sent and exported; nobody serialises them again.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

_LARGEST = 2**53
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
_KEY = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)":')
_DIGITS = re.compile(r"[0-9]{16,}")


def encode(plain: Any) -> bytes:
    """The one byte form of a plain value.

    Raises:
        ValueError: a float, a large integer, a key that is not ASCII, text that is not NFC or holds a lone surrogate.
    """
    _check(plain)
    return _ENCODER.encode(plain).encode("utf-8")


def decode(line: bytes) -> Any:
    """The value of canonical bytes. Raises ValueError unless they are exactly what `encode` would give."""
    try:
        text = line.decode("utf-8")
        plain = json.loads(text, parse_float=_no_float, parse_constant=_no_float)
        same = _ENCODER.encode(plain) == text  # what was written twice, spaced or sorted otherwise does not come back
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not same:
        raise ValueError("not in canonical form")
    if not text.isascii():
        # No mark of JSON composes with what follows it, so the whole is in NFC when each text is.
        if not unicodedata.is_normalized("NFC", text):
            raise ValueError("text is not in NFC")
        if not all(key.isascii() for key in _KEY.findall(text)):
            raise ValueError("keys must be ASCII text")
    if any(len(digits) > 15 and abs(int(digits)) >= _LARGEST for digits in _DIGITS.findall(text)):
        _check(plain)  # a long run of digits may stand in a text; only a number is bounded
    return plain


def _no_float(text: str) -> Any:
    raise ValueError(f"{text} is no whole number")


def _check(plain: Any) -> None:
    if isinstance(plain, str):
        if not plain.isascii() and not unicodedata.is_normalized("NFC", plain):
            raise ValueError("text is not in NFC")
    elif plain is None or isinstance(plain, bool):
        return
    elif isinstance(plain, int):
        if not -_LARGEST < plain < _LARGEST:
            raise ValueError("integer outside 2^53")
    elif isinstance(plain, dict):
        for key, value in plain.items():
            if not isinstance(key, str) or not key.isascii():
                raise ValueError("keys must be ASCII text")
            _check(value)
    elif isinstance(plain, list | tuple):
        for value in plain:
            _check(value)
    else:
        raise ValueError(f"{type(plain).__name__} has no canonical form")
