"""What stands around the text on every kind of page: draft mark, checkpoint code with its QR code."""

from __future__ import annotations

from ..record.checkpoint import on_page
from . import grid
from .blocks import Paper
from .flow import Setter
from .fonts import FANG, HEI, SONG
from .grid import Area
from .page import Code, Mark, Rule, Text, moved

QR = 25.0
"""Side of the box that is kept for the QR code, in millimetres, quiet zone included."""
FOOT_RULE = grid.SHEET_HEIGHT - 20.0
"""Where the double rule at the foot of a letter's first page ends (10.1)."""
THICK, THIN, GAP = 0.9, 0.3, 0.7
"""The double rule of a letter."""
LETTER_FOOT = FOOT_RULE - (THICK + GAP + THIN) - grid.CELL * 7 / 8
FOOT = grid.BOTTOM + 2.0
"""Foot of every other page: in the lower margin, beside the page number."""
_TOP = 10.0
_NUMBER = 25.0  # width kept clear for the page number on the other side of a letter's foot
_REASON = 3  # lines why a paper is a draft, at most
_SMALL, _PITCH = grid.SMALL_FIVE, grid.SMALL_FIVE * 1.45


def grouped(code: str) -> str:
    """A checkpoint code in groups of four, to be read aloud and typed."""
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))


def top_marks(setter: Setter, paper: Paper) -> list[Mark]:
    """Upper margin: the plain mark of a draft with its reason, as wide as the type area; or whose copy it is."""
    marks: list[Mark] = []
    words = paper.furniture
    if paper.draft:
        width = setter.width(words.draft, HEI, 16 / grid.PT) + 4.0
        left, height = grid.LEFT, 16 / grid.PT + 2.6
        marks += frame(Area(left, _TOP - 1.3, width, height), grid.LINE)
        marks += setter.lines(words.draft, HEI, left, width, 16 / grid.PT, 8.0, top=_TOP, align="centre")
        room = grid.WIDTH - width - 3.0
        lines = _within(setter, words.draft_reason, words.draft_more, left + width + 3.0, room)
        lift = (len(lines) * _PITCH - (_PITCH - _SMALL)) / 2
        marks += [moved(line, 0.0, _TOP + 8 / grid.PT - lift) for line in lines]
    elif paper.copy:
        marks += setter.lines(paper.copy, SONG, grid.LEFT, grid.WIDTH, grid.FIVE, 6.0, top=_TOP + 1.0, align="right")
    return marks


def _within(setter: Setter, text: str, more: str, left: float, width: float) -> list[Text]:
    """The text in small lines, as far as there is room above the page."""
    lines = setter.lines(text, FANG, left, width, _SMALL, _PITCH)
    short = "".join(line.text for line in lines[:_REASON]) if len(lines) > _REASON else ""
    while len(lines) > _REASON:
        short = short[: -len(more)]
        lines = setter.lines(short + more, FANG, left, width, _SMALL, _PITCH)
    return lines


def code_lines(setter: Setter, paper: Paper, left: float, width: float, top: float) -> list[Text]:
    """The code in groups and what it is for, in the face of the body: another one would bring fifty outlines to every page."""
    words = paper.furniture
    texts = (
        f"{words.code}{grouped(paper.code)}",
        words.revision.format(number=paper.number, revision=paper.revision, key=paper.key),
        words.again,
    )
    marks: list[Text] = []
    for text in texts:
        marks += setter.lines(text, FANG, left, width, _SMALL, _PITCH, top=top + len(marks) * _PITCH)
    return marks


def code_area(template: str, page: int) -> Area:
    """The box of the QR code, quiet zone included: of a form in its lower right corner, of a letter or a document in the
    foot of the page (from 0) that bears it, opposite the page number, which stands at the right of odd pages."""
    if template in ("form", "cover"):
        return Area(grid.RIGHT - QR, grid.BOTTOM + 3.0, QR, QR)
    left = grid.RIGHT - QR if page % 2 else grid.LEFT
    return Area(left, (LETTER_FOOT if template == "letter" and page == 0 else FOOT + QR) - QR, QR, QR)


def page_code(paper: Paper, page: int, pages: int) -> Code:
    """The QR code of a page (from 0)."""
    return Code(on_page(paper.note, page + 1, pages), code_area(paper.template, page))


def foot(setter: Setter, paper: Paper, page: int, pages: int) -> list[Mark]:
    """The foot of a letter on this page (from 0): QR code in its box and the code beside it."""
    area = code_area(paper.template, page)
    beside = QR + 3.0 if paper.note else 0.0
    marks: list[Mark] = [page_code(paper, page, pages)] if paper.note else []
    left = grid.LEFT + (_NUMBER if page % 2 else beside)
    texts = code_lines(setter, paper, left, grid.WIDTH - beside - _NUMBER, 0.0)
    drop = area.top + (QR - len(texts) * _PITCH) / 2
    return marks + [moved(text, 0.0, drop) for text in texts]


def frame(area: Area, width: float) -> list[Mark]:
    """A rectangle of four rules."""
    left, top, right, bottom = area.left, area.top, area.right, area.bottom
    return [
        Rule(left, top, right, top, width),
        Rule(left, bottom, right, bottom, width),
        Rule(left, top, left, bottom, width),
        Rule(right, top, right, bottom, width),
    ]
