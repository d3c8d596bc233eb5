"""The photo sheet: two photos a page in boxes of 120 x 90 mm, each with the fields that evidence must have.

行政诉讼证据规定 12 asks for method, time, maker and what is proved; the digest ties the print to the stored file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from . import grid
from .blocks import Furniture, Paper, Shot
from .flow import Piece, Setter
from .fonts import FANG, HEI, SONG
from .furniture import frame
from .grid import Area
from .page import Mark, Picture, Rule

WIDTH, HEIGHT = 120.0, 90.0
_SIZE, _PITCH, _PAD, _LABEL = grid.SMALL_FIVE, grid.SMALL_FIVE * 1.3, 0.45, 17.0
TOP, BOTTOM = 27.5, 258.5
"""A photo sheet is higher than the type area, so that two photos with their fields fit."""


def photo_pieces(setter: Setter, words: Furniture, heading: str, shots: Sequence[Shot]) -> Iterator[Piece]:
    """One piece a photo; the first begins a new sheet, and two fill it."""
    for n, shot in enumerate(shots):
        marks: list[Mark] = []
        box = Area(grid.LEFT + (grid.WIDTH - WIDTH) / 2, 0.0, WIDTH, HEIGHT)
        marks += frame(box, grid.HAIR)
        if shot.key:
            marks.append(Picture(shot.key, box))
        else:
            marks += setter.lines(words.photo_gone, FANG, box.left, WIDTH, grid.FIVE, 6.0, top=42.0, align="centre")
        y = HEIGHT + 0.5
        for row in shot.rows:
            y = _caption_row(setter, marks, row, y)
        last = n == len(shots) - 1
        height = y if last or n % 2 else max(y, (BOTTOM - TOP) / 2)
        yield Piece(height, tuple(marks), sheet=heading if n % 2 == 0 else "")


def _caption_row(setter: Setter, marks: list[Mark], row: Sequence[tuple[str, str]], y: float) -> float:
    """Append one bordered row of label and value pairs; returns where it ends."""
    share = grid.WIDTH / len(row)
    texts: list[Mark] = []
    lines = 1
    for i, (label, value) in enumerate(row):
        left = grid.LEFT + i * share
        texts += setter.lines(label, HEI, left + 1.0, _LABEL, _SIZE, _PITCH, top=y + _PAD)
        made = setter.lines(value or "／", SONG, left + _LABEL + 1.0, share - _LABEL - 2.0, _SIZE, _PITCH, top=y + _PAD)
        texts += made
        lines = max(lines, len(made))
    bottom = y + lines * _PITCH + 2 * _PAD - (_PITCH - _SIZE)
    for x in (grid.LEFT, *(grid.LEFT + i * share for i in range(1, len(row))), grid.RIGHT):
        marks.append(Rule(x, y, x, bottom, grid.HAIR))
    marks += [Rule(grid.LEFT, edge, grid.RIGHT, edge, grid.HAIR) for edge in (y, bottom)]
    marks += texts
    return bottom


def photo_top(setter: Setter, paper: Paper, heading: str) -> list[Mark]:
    """Heading of a photo sheet in the upper margin: what it is and to which paper it belongs."""
    y = TOP - 7.2
    marks: list[Mark] = []
    marks += setter.lines(heading, HEI, grid.LEFT, 90.0, grid.FOUR, 6.0, top=y)
    marks += setter.lines(paper.number, SONG, grid.RIGHT - 66.0, 66.0, grid.FIVE, 6.0, top=y + 0.8, align="right")
    marks.append(Rule(grid.LEFT, y + 5.5, grid.RIGHT, y + 5.5, grid.LINE))
    return marks


def photo_signature(setter: Setter, sentence: str) -> list[Mark]:
    """The line for signatures below the photos of an evidence list."""
    return [*setter.lines(sentence, SONG, grid.LEFT, grid.WIDTH, grid.SMALL_FIVE, 4.0, top=BOTTOM + 1.4)]
