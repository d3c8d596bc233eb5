"""QR codes (ISO/IEC 18004) as dark rectangles, for any back end."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, partial
from itertools import groupby

import segno

from .grid import Area

_QUIET = 4
_make = partial(segno.make, error="l", mode="byte", boost_error=False, micro=False)


def modules(payload: str) -> Sequence[Sequence[int]]:
    """The rows of a code of level L, 1 where it is dark, without its quiet zone."""
    made: Sequence[Sequence[int]] = _make(payload.encode(), mask=_mask(payload.rstrip("\n").rpartition("\n")[0])).matrix
    return made


@lru_cache(maxsize=64)  # a paper is set twice on its way: tried, then made
def dark_areas(payload: str, area: Area) -> tuple[Area, ...]:
    """The dark runs of a code of level L in a square area, its quiet zone of four modules inside."""
    matrix = modules(payload)
    module = area.width / (len(matrix) + 2 * _QUIET)
    found = []
    for row, cells in enumerate(matrix):
        at = 0
        for dark, run in groupby(cells):
            length = sum(1 for _ in run)
            if dark:
                left, top = area.left + (_QUIET + at) * module, area.top + (_QUIET + row) * module
                found.append(Area(left, top, length * module, module))
            at += length
    return tuple(found)


def squares(text: str) -> tuple[tuple[bool, ...], ...]:
    """The code of a text for a screen, row by row with its quiet zone: True is dark. Level M."""
    made = segno.make(text, error="m", micro=False)
    return tuple(tuple(map(bool, row)) for row in made.matrix_iter(border=_QUIET))


@lru_cache(maxsize=8)
def _mask(text: str) -> int:
    """The mask of a code. Weighing all eight takes most of the time; the pages of a paper, which differ in their last line
    only, share what was weighed for the rest, and every mask is read alike."""
    return int(_make(text.encode()).mask)


def ink(payload: str, area: Area) -> Area:
    """Where the code itself stands in its area, without the quiet zone: the corners that a reader tells."""
    rows = {dark.top for dark in dark_areas(payload, area)}
    quiet = min(rows) - area.top
    return Area(area.left + quiet, area.top + quiet, area.width - 2 * quiet, area.height - 2 * quiet)
