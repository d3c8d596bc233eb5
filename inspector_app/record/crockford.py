"""Codes that people read out and type: Crockford's base 32, without the letters I, L, O and U."""

from __future__ import annotations

_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
DIGITS = frozenset(_DIGITS)


def spelled(content: bytes) -> str:
    """The code of some bytes, whose bits are a multiple of five."""
    number, bits = int.from_bytes(content, "big"), len(content) * 8
    return "".join(_DIGITS[number >> shift & 31] for shift in range(bits - 5, -1, -5))


def typed_code(text: str) -> str:
    """A code as a person types it: spaces, hyphens and case do not matter, O is 0, I and L are 1."""
    plain = "".join(text.upper().split()).replace("-", "")
    return plain.replace("O", "0").replace("I", "1").replace("L", "1")
