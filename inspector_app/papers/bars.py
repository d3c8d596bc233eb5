"""Measures composed pages against the quality bars: GB/T 9704-2012 for letters and documents, our own for every paper.

All figures are millimetres, but for counts. The ink of a character comes from its outline, so that they hold for any face;
`tests/papers` measures the rendered PDF by other means and finds the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from . import grid
from .compose import NO_END, NO_START, SPACES
from .fonts import Faces
from .grid import CELL, PITCH
from .page import RED, Page, Rule, Text, baseline

_MARK = {"document": grid.TOP + 35.0, "letter": 30.0}
"""Where the ink of 发文机关标志 begins: 35 mm below the type area, in a letter 30 mm below the edge of the sheet."""


def measure(pages: Sequence[Page], faces: Faces, template: str) -> dict[str, float]:
    """The bars of one paper: the worst figure of all its pages."""
    body = [list(_body(page, first=not number)) for number, page in enumerate(pages)]
    lines = [line for page in body for line in page]
    found: dict[str, float] = {
        "pages": len(pages),
        "lines_most": max((len({round(line.top, 2) for line in page}) for page in body), default=0),
        "characters_most": max((_cells(line) for line in lines), default=0),
        "left_off": max((abs(_ink_left(line) - grid.LEFT) for line in lines if _is_flush(line)), default=0.0),
        "right_over": max((line.right - grid.RIGHT for line in lines), default=0.0),
        "right_ragged": max((_ragged(page) for page in body), default=0.0),
        "pitch_off": max((_pitch_off(page) for page in body), default=0.0),
        "forbidden_starts": sum(line.text[0] in NO_START for page in body for line in _followers(page)),
        "forbidden_ends": sum(_last(line) in NO_END for line in lines),
    }  # fmt: skip
    if template in _MARK and pages:
        texts = [mark for mark in pages[0].marks if isinstance(mark, Text)]
        head = [text for text in texts if text.colour == RED]
        if head:
            found["mark_off"] = abs(min(_ink_top(text, faces) for text in head) - _MARK[template])
        red = [mark.y0 for mark in pages[0].marks if isinstance(mark, Rule) and mark.colour == RED]
        if head and red and template == "letter":
            edge = min(red) - _thickness(pages[0], min(red)) / 2
            found["rule_off"] = abs(edge - max(_ink_bottom(text, faces) for text in head) - 4.0)
        dashes = [text for page in pages for text in _texts(page) if text.text.startswith("— ")]
        if dashes:
            found["dash_off"] = max(abs(_dash_top(text, faces) - grid.BOTTOM - 7.0) for text in dashes)
    return {name: round(value, 4) for name, value in found.items()}


def _texts(page: Page) -> Iterator[Text]:
    return (mark for mark in page.marks if isinstance(mark, Text))


def _body(page: Page, *, first: bool) -> Iterator[Text]:
    """Lines of running text on the grid: 3号, inside the type area, on the first page below the title."""
    titles = [text.top for text in _texts(page) if text.size == grid.TITLE] if first else []
    above = max(titles, default=grid.TOP - 0.01)
    for text in _texts(page):
        if text.size == CELL and above <= text.top <= grid.BOTTOM and text.text.strip():
            yield text


def _cells(line: Text) -> int:
    """Full characters of a line, as the standard counts them."""
    return round((line.right - _ink_left(line)) / CELL)


def _is_flush(line: Text) -> bool:
    return line.start < grid.LEFT + CELL / 2


def _ink_left(line: Text) -> float:
    """Where a line begins; an opening mark gave its left half away."""
    return line.start + (CELL / 2 if line.start < grid.LEFT - 0.1 else 0.0)


def _followers(page: Sequence[Text]) -> Iterator[Text]:
    """Lines that go on from the line before: flush left."""
    return (line for line in page[1:] if _is_flush(line))


def _last(line: Text) -> str:
    return line.text.rstrip("".join(SPACES))[-1:]


def _ragged(page: Sequence[Text]) -> float:
    """How far justified lines end from the edge: those that another line of the paragraph follows and that are full."""
    full = [a for a, b in pairwise(page) if _is_flush(b) and b.top > a.top and grid.RIGHT - a.right < CELL]
    return max((abs(grid.RIGHT - line.right) for line in full), default=0.0)


def _pitch_off(page: Sequence[Text]) -> float:
    """How far lines lie from the lines of the grid."""
    return max(
        (abs((line.top - grid.TOP) / PITCH - round((line.top - grid.TOP) / PITCH)) * PITCH for line in page),
        default=0.0,
    )


def _ink_top(text: Text, faces: Faces) -> float:
    return min(baseline(text, faces, role) - faces.face(role).ink(char).top * text.size
               for role, char in zip(text.faces, text.text, strict=True))  # fmt: skip


def _ink_bottom(text: Text, faces: Faces) -> float:
    return max(baseline(text, faces, role) - faces.face(role).ink(char).bottom * text.size
               for role, char in zip(text.faces, text.text, strict=True))  # fmt: skip


def _dash_top(text: Text, faces: Faces) -> float:
    return baseline(text, faces, text.faces[0]) - faces.face(text.faces[0]).ink("—").top * text.size


def _thickness(page: Page, y: float) -> float:
    return next(mark.width for mark in page.marks if isinstance(mark, Rule) and mark.y0 == y)
