"""QR codes (ISO/IEC 18004) as dark rectangles, for any back end."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby

import segno

from .grid import Area

_QUIET = 4


@lru_cache(maxsize=64)  # a paper is set twice on its way: tried, then made
def dark_areas(payload: str, area: Area) -> tuple[Area, ...]:
    """The dark runs of a code of level L in a square area, its quiet zone of four modules inside."""
    matrix = segno.make(payload.encode("utf-8"), error="l", mode="byte", boost_error=False, micro=False).matrix
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
