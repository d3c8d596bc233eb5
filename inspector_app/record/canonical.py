"""Canonical JSON: RFC 8785 restricted to ASCII keys, no floats, integers below 2^53 and NFC text.

These bytes are what is hashed, signed, stored, sent and exported; nobody serialises them again.
"""

from __future__ import annotations

import unicodedata
from typing import Any

import msgspec

LARGEST = 2**53
"""Integers are smaller than this on either side of nought."""
_ENCODER = msgspec.json.Encoder(order="sorted")
_DECODER = msgspec.json.Decoder()


def encode(plain: Any) -> bytes:
    """The one byte form of a plain value.

    Raises:
        ValueError: a float, a large integer, a key that is not ASCII, text that is not NFC or holds a lone surrogate.
    """
    check(plain)
    return _ENCODER.encode(plain)


def decode(line: bytes) -> Any:
    """The value of canonical bytes. Raises ValueError unless they are exactly what `encode` would give."""
    try:
        plain = _DECODER.decode(line)
        same = encode(plain) == line  # what was written twice, spaced or sorted otherwise does not come back
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not same:
        raise ValueError("not in canonical form")
    return plain


def check(plain: Any) -> None:
    """Raises ValueError as `encode` does; a lone surrogate is left to the encoder."""
    if isinstance(plain, str):
        if not plain.isascii() and not unicodedata.is_normalized("NFC", plain):
            raise ValueError("text is not in NFC")
    elif plain is None or isinstance(plain, bool):
        return
    elif isinstance(plain, int):
        if not -LARGEST < plain < LARGEST:
            raise ValueError("integer outside 2^53")
    elif isinstance(plain, dict):
        try:
            good = all(map(str.isascii, plain))
        except TypeError:
            good = False
        if not good:
            raise ValueError("keys must be ASCII text")
        for value in plain.values():
            if type(value) is not str:
                check(value)
            elif not value.isascii() and not unicodedata.is_normalized("NFC", value):
                raise ValueError("text is not in NFC")
    elif isinstance(plain, list | tuple):
        for value in plain:
            check(value)
    else:
        raise ValueError(f"{type(plain).__name__} has no canonical form")
