"""A title of several lines is broken by sense and into lines of nearly one length (GB/T 9704-2012 7.3.1: 回行时做到词意完整、
排列对称、长短适宜). Counts in characters: a title is set in one size, and Latin letters are rare in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from . import grid
from .compose import NO_END, NO_START

MOST = int(grid.WIDTH // grid.TITLE)
"""Characters of 2号 that stand on one line."""

_TIED_BEFORE = frozenset("的和与及或了等之")  # what belongs to the word before it
_TIED_AFTER = frozenset("对将把为由按向在和与及或第")  # what belongs to the word behind it
_NEVER, _INSIDE, _TIED, _BRACKETED, _UNKNOWN = 1e6, 100.0, 30.0, 20.0, 4.0
_BRACKETS = re.compile("（[^（）]*）|《[^《》]*》|“[^“”]*”")


def by_sense(text: str, words: Sequence[str], most: int = MOST) -> tuple[str, ...]:
    """The lines of a title of at most `most` characters each; a break within one of the `words` is the last resort, for which
    one line more is taken first. A line break in the text is kept, and what fits on a line is left whole."""
    lines: list[str] = []
    for part in text.split("\n"):
        lines += _broken(part, tuple(words), most) if len(part) > most else [part]
    return tuple(lines)


def _broken(text: str, words: tuple[str, ...], most: int) -> list[str]:
    prices = _prices(text, words)
    fewest = -(-len(text) // most)
    tries = [_cheapest(len(text), prices, count, most) for count in (fewest, fewest + 1)]
    _, ends = next((tried for tried in tries if tried[0] < _INSIDE), tries[0])
    return [text[start:end] for start, end in pairwise((0, *ends))]


def _cheapest(size: int, prices: Sequence[float], count: int, most: int) -> tuple[float, tuple[int, ...]]:
    """The price of `count` lines, and where they end."""
    even = size / count

    @cache
    def best(start: int, left: int) -> tuple[float, tuple[int, ...]]:
        if left == 1:
            return ((size - start - even) ** 2 / 2 if size - start <= most else _NEVER, (size,))
        found: tuple[float, tuple[int, ...]] = (_NEVER * count, (size,))
        for end in range(start + 1, min(start + most, size - left + 1) + 1):
            price, ends = best(end, left - 1)
            price += prices[end] + (end - start - even) ** 2 / 2
            if price < found[0]:
                found = (price, (end, *ends))
        return found

    return best(0, count)


def _prices(text: str, words: Sequence[str]) -> list[float]:
    """What it costs to begin a line with each of the characters."""
    inside, edges = set[int](), {0}
    for word in words:
        for match in re.finditer(f"(?={re.escape(word)})", text):
            inside.update(range(match.start() + 1, match.start() + len(word)))
            edges.update((match.start(), match.start() + len(word)))
    prices = [0.0, *(_price(text, i, i in inside, i in edges) for i in range(1, len(text)))]
    for match in _BRACKETS.finditer(text):
        for i in range(match.start() + 1, match.end()):
            prices[i] += _BRACKETED
    return prices


def _price(text: str, i: int, inside: bool, edge: bool) -> float:
    before, char = text[i - 1], text[i]
    if char in NO_START or before in NO_END or (before.isascii() and char.isascii()):
        return _NEVER
    if inside:
        return _INSIDE
    if char in _TIED_BEFORE or before in _TIED_AFTER:
        return _TIED
    return 0.0 if edge or before in NO_START else _UNKNOWN
