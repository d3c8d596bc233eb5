"""First letters of the pinyin of words, e.g. pz for 拍照."""

from __future__ import annotations

from bisect import bisect_right

# The 3,755 common characters of GB/T 2312 stand in the order of their pinyin: the first one of each letter is enough.
_FIRST = "啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝"
_LETTERS = "abcdefghjklmnopqrstwxyz"
_STARTS = [character.encode("gb2312") for character in _FIRST]
_END = "亍".encode("gb2312")
"""The first of the rarer characters, which are ordered by their radicals."""


def initials(words: str) -> str:
    """The letters of the common characters; Latin letters and digits as they are, all else is left out."""
    return "".join(_initial(character) for character in words)


def _initial(character: str) -> str:
    if character.isascii():
        return character.lower() if character.isalnum() else ""
    try:
        code = character.encode("gb2312")
    except UnicodeEncodeError:
        return ""
    return _LETTERS[bisect_right(_STARTS, code) - 1] if _STARTS[0] <= code < _END else ""
