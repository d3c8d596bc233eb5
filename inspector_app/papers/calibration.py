"""The page by which a printer is measured: the type area of GB/T 9704 (5.2.1) as a frame, with rulers along it.

A person measures the frame with a ruler of their own; what it should be and what it is make the correction.
"""

from __future__ import annotations

from datetime import date

from ..domain.printing import Correction
from ..domain.problems import Problem
from . import grid
from .flow import Setter
from .fonts import HEI, SONG, faces
from .furniture import frame
from .grid import Area
from .page import Mark, Page, Rule
from .pdf import write

TRUE = (grid.WIDTH, grid.HEIGHT, grid.LEFT, grid.TOP)
"""Width and height of the frame, its distance from the left and the upper edge of the sheet, in millimetres."""

_LARGEST = (5.0, 7.0, 10.0, 10.0)
"""How far off a measure may be; beyond it the printer scales the page, or the wrong thing was measured."""

_NO_DAY = date(2000, 1, 1)
_NAMES = ("框宽", "框高", "左边距", "上边距")
_SAYS = (
    "打印机校准页",
    "用钢尺量四个数，填到程序里，量到十分之一毫米：",
    "框宽（左框线到右框线）应为 156 毫米；框高（上框线到下框线）应为 225 毫米；",
    "左边距（纸的左边到左框线）应为 28 毫米；上边距（纸的上边到上框线）应为 37 毫米。都量框线的中间。",
    "打印时不缩放，不选“适合页面”。",
)
_PROOF = (
    "打印机核对页",
    "这一页已经按存下的校准值调整，只用来核对：",
    "框宽应为 156 毫米，框高应为 225 毫米，左边距应为 28 毫米，上边距应为 37 毫米；误差都不超过 1 毫米的，可以用。",
    "这一页量的数不要填成校准值。误差大的，再打一张校准页重新量。",
)


def calibration_page(*, proof: bool = False) -> bytes:
    """The page as PDF; as a `proof` it is printed with the correction, and says that it is not to be measured by."""
    says = _PROOF if proof else _SAYS
    setter, area = Setter(faces()), Area(grid.LEFT, grid.TOP, grid.WIDTH, grid.HEIGHT)
    marks: list[Mark] = [*frame(area, grid.HAIR), *_ruler(area)]
    top = grid.TOP + 80.0
    for number, text in enumerate(says):
        role, size = (HEI, grid.FOUR) if number == 0 else (SONG, grid.FIVE)
        lines = setter.lines(text, role, grid.LEFT + 20, grid.WIDTH - 40, size, size * 1.6, top=top)
        marks += lines
        top += len(lines) * size * 1.6 + 2.0
    return write([Page(tuple(marks))], {}, says[0], "", _NO_DAY, faces())


def _ruler(area: Area) -> list[Mark]:
    """Millimetres from the upper left corner of the frame, along its upper and its left side."""
    marks: list[Mark] = []
    for at in range(1, round(area.height)):
        long = 6.0 if at % 10 == 0 else 4.0 if at % 5 == 0 else 2.5
        marks.append(Rule(area.left + 1, area.top + at, area.left + 1 + long, area.top + at, 0.1))
        if at < area.width:
            marks.append(Rule(area.left + at, area.top + 1, area.left + at, area.top + 1 + long, 0.1))
    return marks


def correction_of(width: float, height: float, left: float, top: float) -> Correction:
    """What makes a printer true that printed the frame with these measures, in millimetres.

    Raises:
        Problem: `measure_absurd` for a measure that is no error of a printer which prints without scaling.
    """
    for name, is_, true, most in zip(_NAMES, (width, height, left, top), TRUE, _LARGEST, strict=True):
        if not abs(is_ - true) <= most:
            raise Problem("measure_absurd", name=name, measured=f"{is_:g}", true=f"{true:g}", most=f"{most:g}")
    across, down = grid.WIDTH / width, grid.HEIGHT / height
    return Correction(across, down, grid.LEFT - left * across, grid.TOP - top * down)
