"""Photo sheets: four photos a page in boxes of 75 x 56 mm, each with what ties it to its piece of evidence.

行政诉讼证据规定 12 asks for method, time, maker and what is proved; the digest ties the print to the stored file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from . import grid
from .blocks import STRUCK, Furniture, Shot
from .flow import Piece, Setter
from .fonts import FANG, HEI, SONG
from .furniture import frame
from .grid import Area
from .page import Mark, Picture, Rule, moved

WIDTH, HEIGHT = 75.0, 56.0
_ACROSS = 2
_SLOT = grid.WIDTH / _ACROSS
_MOST = 12  # lines of one part of a caption; the register of evidence has the whole
_SIZE, _PITCH, _PAD, _LABEL = grid.SMALL_FIVE, grid.SMALL_FIVE * 1.3, 0.75, 17.0


def photo_pieces(
    setter: Setter, words: Furniture, heading: str, shots: Sequence[Shot], least: float
) -> Iterator[Piece]:
    """One piece a row of two photos, `least` mm high or more; the first begins a new sheet. A free place is struck."""
    for first in range(0, len(shots), _ACROSS):
        marks: list[Mark] = []
        height = 0.0
        for place, shot in enumerate(shots[first : first + _ACROSS]):
            slot, lower = _slot(setter, words, shot)
            marks += [moved(mark, place * _SLOT, 0.0) for mark in slot]
            height = max(height, lower)
        if first + 1 == len(shots):
            left = grid.LEFT + _SLOT + (_SLOT - WIDTH) / 2
            marks.append(Rule(left, HEIGHT, left + WIDTH, 0.0, grid.HAIR))
        last = first + _ACROSS >= len(shots)
        yield Piece(height + 2.0 if last else max(height + 2.0, least), tuple(marks), sheet="" if first else heading)


def _slot(setter: Setter, words: Furniture, shot: Shot) -> tuple[list[Mark], float]:
    """A photo with its caption in the left place, and where it ends."""
    box = Area(grid.LEFT + (_SLOT - WIDTH) / 2, 1.0, WIDTH, HEIGHT)
    marks: list[Mark] = [*frame(box, grid.HAIR)]
    if shot.key:
        marks.append(Picture(shot.key, box))
    else:
        marks += setter.lines(words.photo_gone, FANG, box.left, WIDTH, grid.FIVE, 6.0, top=HEIGHT / 2, align="centre")
    y = box.bottom + 0.5
    for label, value in (cell for row in shot.rows for cell in row):
        marks += setter.lines(label, HEI, box.left + 1.0, _LABEL, _SIZE, _PITCH, top=y + _PAD)
        room = WIDTH - _LABEL - 2.0
        made = setter.lines(value or STRUCK, SONG, box.left + _LABEL + 1.0, room, _SIZE, _PITCH, top=y + _PAD)
        if len(made) > _MOST:  # a caption higher than its sheet could be nowhere
            short = "".join(line.text for line in made[: _MOST - 1])
            made = setter.lines(
                short + words.photo_more, SONG, box.left + _LABEL + 1.0, room, _SIZE, _PITCH, top=y + _PAD
            )
        bottom = y + len(made) * _PITCH + 2 * _PAD - (_PITCH - _SIZE)
        marks += made
        marks += frame(Area(box.left, y, WIDTH, bottom - y), grid.HAIR)
        y = bottom
    return marks, y
