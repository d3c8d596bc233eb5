"""The grid of GB/T 9704-2012: cells, lines and the type area of a page, as pure numbers in millimetres.

The origin is the top left corner of the sheet and y grows downwards; only `render` knows PDF coordinates.
One cell is 156/28 mm and one line 15/8 of a cell (5.2.3, 5.2.4), so that 28 characters and 22 lines fill the
type area exactly; the last line has no gap below it.
"""

from __future__ import annotations

from dataclasses import dataclass

PT = 72 / 25.4
"""Points in a millimetre."""

SHEET_WIDTH, SHEET_HEIGHT = 210.0, 297.0
TOP, LEFT = 37.0, 28.0
WIDTH, HEIGHT = 156.0, 225.0
RIGHT, BOTTOM = LEFT + WIDTH, TOP + HEIGHT
COLUMNS, LINES = 28, 22
CELL = WIDTH / COLUMNS
PITCH = (HEIGHT - CELL) / (LINES - 1)
RISE = 0.88
"""The baseline lies this part of a cell below the cell's top: the ideographic em box of East Asian faces."""

TITLE = 22 / PT  # 2号, 7.3.1
SMALL_FOUR = 12 / PT  # 小四
FOUR = 14 / PT  # 4号
FIVE = 10.5 / PT  # 5号
SMALL_FIVE = 9 / PT  # 小5号

HAIR, LINE = 0.25, 0.35
"""Widths of a middle rule and of an outer rule (7.4.1)."""


def line_top(row: float) -> float:
    """Top of the cells of this line of the type area, counted from 0."""
    return TOP + row * PITCH


Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of the sheet: left, top, width and height in millimetres."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    @property
    def corners(self) -> tuple[Point, Point, Point, Point]:
        """Top left, top right, bottom right, bottom left."""
        return (self.left, self.top), (self.right, self.top), (self.right, self.bottom), (self.left, self.bottom)

    def meets(self, other: Area, slack: float = 0.01) -> bool:
        """Whether the two share more than a touching edge."""
        return (
            self.left < other.right - slack
            and other.left < self.right - slack
            and self.top < other.bottom - slack
            and other.top < self.bottom - slack
        )
