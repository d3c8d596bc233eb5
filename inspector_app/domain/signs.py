"""Signs that a screen or a paper cannot show, written out by their code."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
"""Categories of signs that steer, hide or are none."""

UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ue000-\uf8ff\ufff0-\ufffb]"
)
"""One of them in a text of several lines that a person typed: neither a tabulator nor the end of a line is meant."""


def code(sign: str) -> str:
    """The sign by its code alone: <202E>."""
    return f"<{ord(sign):04X}>"


def visible(text: str) -> str:
    """The text with every sign written out that would not be seen."""
    return "".join(code(sign) if unicodedata.category(sign) in _HIDDEN else sign for sign in text)


def drawable(text: str, lacking: Container[str]) -> str:
    """The text with every sign written out that is among those which no face draws."""
    return "".join(code(sign) if sign in lacking else sign for sign in text)


def named(signs: str) -> str:
    """Signs that cannot be drawn, for the person who has to find them: each with its code, as the screen may lack it too."""
    return "、".join(code(sign) if _clings(sign) else sign + code(sign) for sign in signs)


def _clings(sign: str) -> bool:
    """Whether it would join the sign before it or not be seen; one of private use may have a face on the screen."""
    category = unicodedata.category(sign)
    return category[0] in "MZ" or (category in _HIDDEN and category != "Co")
