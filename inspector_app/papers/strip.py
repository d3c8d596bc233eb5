"""The signature strip at the foot of each page of a record: who signs in which box, and the sentence over them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from . import grid
from .blocks import Strip
from .flow import Setter
from .fonts import FANG, HEI, SONG
from .furniture import frame
from .grid import Area
from .page import Mark, Rule

_ROW, _LOW = 26.0, 15.0  # height of a row of boxes, and of one of many
_MOST = 4 * _ROW  # more rows are lower, so that the page keeps room for what is signed
_SIX = 6  # boxes beside each other: in a narrower one a date has no room
_SENTENCE = 7.0
_SIZE, _PITCH, _PAD = grid.SMALL_FIVE, grid.SMALL_FIVE * 1.25, 1.0
_WIDE = re.compile("　(　+)")


class SignatureStrip:
    """Sets the boxes of a paper; `height` is 0 for one that nobody signs page by page."""

    def __init__(self, setter: Setter, strip: Strip) -> None:
        self.setter, self.sentence = setter, strip.sentence
        self.rows = abreast(strip.cells)
        self.row = min(_ROW, max(_LOW, _MOST / len(self.rows))) if self.rows else 0.0
        self.height = self.row * len(self.rows) + (_SENTENCE if self.rows and self.sentence else 0.0)

    def marks(self) -> list[Mark]:
        """The strip in its place: it ends with the type area."""
        top = grid.BOTTOM - self.height
        marks: list[Mark] = []
        if self.sentence:
            left, width = grid.LEFT + 2.0, grid.WIDTH - 2.0
            marks += self.setter.lines(self.sentence, FANG, left, width, grid.SMALL_FOUR, 6.0, top=top + 1.6)
        marks += frame(Area(grid.LEFT, top, grid.WIDTH, self.height), grid.LINE)
        for n, row in enumerate(self.rows):
            y = grid.BOTTOM - self.row * (len(self.rows) - n)
            if n or self.sentence:
                marks.append(Rule(grid.LEFT, y, grid.RIGHT, y, grid.HAIR))
            marks += self._boxes(row, y)
        return marks

    def _boxes(self, cells: Sequence[str], y: float) -> list[Mark]:
        """A row of boxes that begins at `y`: who signs above, the date below."""
        share, bottom = grid.WIDTH / len(cells), y + self.row
        room = share - 2 * _PAD
        marks: list[Mark] = []
        for i, text in enumerate(cells):
            left = grid.LEFT + i * share + _PAD
            label, _, lower = text.partition("|")
            for n, line in enumerate(label.split("\n")):
                marks += self.setter.lines(line, HEI, left, room, _SIZE, _PITCH, top=y + 1.2 + n * _PITCH)
            day, top = self._narrowed(lower, room), bottom - _SIZE - 1.4
            marks += self.setter.lines(day, SONG, left, room, _SIZE, _PITCH, top=top, align="right")
            if i:
                marks.append(Rule(left - _PAD, y, left - _PAD, bottom, grid.HAIR))
        return marks

    def _narrowed(self, day: str, room: float) -> str:
        """A date with so much room to write as its box has."""
        while self.setter.width(day, SONG, _SIZE) > room and _WIDE.search(day):
            day = _WIDE.sub(r"\1", day)
        return day


def abreast(cells: Sequence[str]) -> list[Sequence[str]]:
    """The boxes in rows of at most six of nearly one count, so that a date fits into each."""
    count = -(-len(cells) // _SIX)
    return [cells[len(cells) * n // count : len(cells) * (n + 1) // count] for n in range(count)]
