"""好差评: the slip that the unit keeps, with the code under which it rates the inspection on a phone.

It is no paper of the file: it says nothing of the inspection but that the unit may rate it, so it has no number and no copy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ..domain.calendar import zh_date
from ..domain.rating import LEVELS
from . import grid
from .flow import Setter
from .fonts import HEI, SONG, faces
from .furniture import frame
from .grid import Area
from .page import Code, Mark, Page

_EDGE, _SIDE = 8.0, 52.0
"""Millimetres between frame and text, and the side of the code: a phone reads it at arm's length."""


@dataclass(frozen=True, slots=True)
class Slip:
    """What stands on it. `address` is what the code holds; `code` is for who types it."""

    bureau: str
    unit: str
    day: date
    address: str
    code: str


def rating_slip(slip: Slip) -> bytes:
    """The slip as PDF, in the upper third of a sheet."""
    from .pdf import write

    setter, area = Setter(faces()), Area(grid.LEFT, grid.TOP, grid.WIDTH, 92.0)
    left, wide = area.left + _EDGE, area.width - 3 * _EDGE - _SIDE
    marks: list[Mark] = [*frame(area, grid.HAIR)]
    marks.append(
        Code(slip.address, Area(area.right - _EDGE - _SIDE, area.top + (area.height - _SIDE) / 2, _SIDE, _SIDE))
    )
    top = area.top + _EDGE
    for text, role, size, gap in (
        ("请您评价这次检查", HEI, grid.SMALL_FOUR * 1.25, 5.0),
        (f"{slip.unit}：", SONG, grid.SMALL_FOUR, 1.0),
        (f"{slip.bureau}{zh_date(slip.day)}到你单位进行了档案行政检查。请用手机扫码，从“{'、'.join(LEVELS)}”里选一个，也可以写下意见和建议。",
         SONG, grid.SMALL_FOUR, 2.0),
        ("评价和处理结果无关，一件检查评价一次。", SONG, grid.SMALL_FOUR, 4.0),
        (f"也可以打开 {slip.address.partition('?')[0]} ，输入评价码", SONG, grid.SMALL_FIVE, 0.5),
        (" ".join(slip.code[n : n + 4] for n in range(0, len(slip.code), 4)), SONG, grid.SMALL_FIVE, 0.0),
    ):  # fmt: skip
        lines = setter.lines(text, role, left, wide, size, size * 1.55, top=top)
        marks += lines
        top += len(lines) * size * 1.55 + gap
    return write([Page(tuple(marks))], {}, "请您评价这次检查", slip.bureau, slip.day, faces())
