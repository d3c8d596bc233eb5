"""The composed page: marks at places in millimetres. What is seen here is what any back end draws."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from ..domain.problems import Problem
from .compose import Line
from .fonts import NAMES, Faces, Run, runs
from .grid import RISE, Area

BLACK, RED = (0.0, 0.0, 0.0), (0.78, 0.06, 0.08)

Colour = tuple[float, float, float]


class Text(NamedTuple):
    """A composed line at its place, and the runs of its characters that one face draws; a tuple, since a paper has hundreds."""

    line: Line
    runs: tuple[Run, ...]
    left: float  # where the measure begins
    top: float  # of the cell; the baseline follows from the face
    size: float  # of an em
    colour: Colour = BLACK

    @property
    def text(self) -> str:
        return self.line.text

    @property
    def faces(self) -> str:
        """For each character the role whose face draws it."""
        return self.line.faces

    @property
    def xs(self) -> tuple[float, ...]:
        """Where each character stands."""
        return tuple([self.left + x * self.size for x in self.line.xs])

    @property
    def start(self) -> float:
        """Where the first character stands."""
        return self.left + self.line.start * self.size

    @property
    def right(self) -> float:
        """Where the last one ends."""
        return self.left + self.line.end * self.size

    @property
    def area(self) -> Area:
        return Area(self.start, self.top, max(self.right - self.start, 0.0), self.size)


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line."""

    x0: float
    y0: float
    x1: float
    y1: float
    width: float
    colour: Colour = BLACK


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo, by its key, fitted into its area without change of shape."""

    key: str
    area: Area


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code of the text."""

    payload: str
    area: Area


Mark = Text | Rule | Picture | Code


@dataclass(frozen=True, slots=True)
class Tag:
    """What a mark belongs to: a part of the paper and the parts around it, outermost first, each counted from the beginning of
    the one around it, with their roles in the structure (ISO 32000-1, 14.8.4: H1, H2, P, Figure, Table, TR, TH, TD) and the
    words for those who cannot see it, or of a heading. `row` tells all cells of its row of a table: role and columns of each."""

    part: tuple[int, ...]
    roles: tuple[str, ...]
    words: str = ""
    row: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet side. `tags` tells for each of the marks what it belongs to; the last ones, or all, may be told; what is told
    of none stands around the text."""

    marks: tuple[Mark, ...]
    tags: tuple[Tag | None, ...] = ()

    def tagged(self) -> Iterator[tuple[Tag | None, Mark]]:
        """Each mark with what it belongs to."""
        around = (None,) * (len(self.marks) - len(self.tags))
        return zip((*around, *self.tags), self.marks, strict=True)


def roles(pages: Iterable[Page]) -> tuple[str, ...]:
    """The roles whose faces draw these pages, in the order of their names."""
    drawn = {role for page in pages for mark in page.marks if isinstance(mark, Text) for role, _, _ in mark.runs}
    return tuple(sorted(drawn, key=NAMES.__getitem__))


def moved(mark: Mark, dx: float, dy: float) -> Mark:
    """The same mark at another place."""
    if isinstance(mark, Text):
        line, runs, left, top, size, colour = mark
        return Text(line, runs, left + dx, top + dy, size, colour)
    if isinstance(mark, Rule):
        return Rule(mark.x0 + dx, mark.y0 + dy, mark.x1 + dx, mark.y1 + dy, mark.width, mark.colour)
    area = mark.area
    return replace(mark, area=Area(area.left + dx, area.top + dy, area.width, area.height))


def set_line(line: Line, left: float, top: float, size: float, colour: Colour = BLACK) -> Text:
    """A composed line as a mark; `left` is where the measure begins."""
    return Text(line, runs(line.faces), left, top, size, colour)


def rise(faces: Faces, role: str) -> float:
    """How far below the top of a cell, in parts of it, the baseline of a face lies, so that the middle of its ideographs is
    the middle of the cell."""
    return RISE + faces.face(role).lift


def baseline(text: Text, faces: Faces, role: str) -> float:
    """Where the baseline of a face lies."""
    return text.top + text.size * rise(faces, role)


@dataclass(frozen=True, slots=True)
class Photo:
    """A print copy: JPEG bytes, upright, passed through to the PDF unchanged."""

    jpeg: bytes
    width: int
    height: int
    grey: bool = False

    def within(self, area: Area) -> Area:
        """Where it lies in an area: as large as fits without change of shape, in the middle."""
        scale = min(area.width / self.width, area.height / self.height)
        width, height = self.width * scale, self.height * scale
        return Area(area.left + (area.width - width) / 2, area.top + (area.height - height) / 2, width, height)

    @classmethod
    def of(cls, jpeg: bytes) -> Photo:
        """Read the size from the bytes. Raises `Problem("photo_damaged")` when they are no JPEG in grey or in RGB."""
        try:
            at = 2
            if jpeg[:2] != b"\xff\xd8":
                raise ValueError
            while True:
                while jpeg[at] == 0xFF and jpeg[at + 1] == 0xFF:
                    at += 1
                marker, length = jpeg[at + 1], struct.unpack(">H", jpeg[at + 2 : at + 4])[0]
                if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
                    height, width, tones = struct.unpack(">HHB", jpeg[at + 5 : at + 10])
                    if tones not in (1, 3):
                        raise ValueError
                    return cls(jpeg, width, height, tones == 1)
                if jpeg[at] != 0xFF or length < 2:
                    raise ValueError
                at += 2 + length
        except (ValueError, IndexError, struct.error):
            raise Problem("photo_damaged", name="打印用照片") from None
