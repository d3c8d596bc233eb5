"""Sets text and breaks it into pages: pieces of fixed height that may be kept with the next one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from weakref import WeakKeyDictionary

from .blocks import Block, Fields, Para, Photos, Table, Title
from .compose import Composed, Span, compose
from .fonts import HEI, Faces
from .page import BLACK, Colour, Mark, Rule, Tag, Text, moved, set_line

_CACHE_SIZE = 4000


class Piece(NamedTuple):
    """Marks of a fixed height, laid out from y = 0; x is that of the sheet. A tuple, since each line of a text is one."""

    height: float
    marks: tuple[Mark, ...] = ()
    keep: bool = False  # on one page with the next piece
    opens: bool = False  # first line of several: goes with them where the page ends before it is full
    space: bool = False  # dropped at the top of a page
    spare: bool = False  # given up where that saves a page
    head: Piece | None = None  # set again above this piece when it comes first on a page
    sheet: str = ""  # another kind of sheet begins a new page; its name
    foot: bool = False  # stands at the bottom of its page
    slack: float = 0.0  # blank at its lower end that may hang over the bottom
    row: tuple[tuple[str, int], ...] = ()  # the cells of a row of a table: role and columns of each
    cells: tuple[int, ...] = ()  # for each of the marks the cell that it stands in
    parts: bool = False  # its last mark is a rule above the next piece, left out where none follows on the page
    more: bool = False  # goes on with the row of the piece before
    tag: Tag | None = None

    def tags(self) -> Iterator[Tag | None]:
        """For each of the marks what it belongs to; rules are drawn for the eye only."""
        tag = self.tag
        for n, mark in enumerate(self.marks):
            if isinstance(mark, Rule) or tag is None or not self.row:
                yield None if isinstance(mark, Rule) else tag
            else:
                cell = self.cells[n]
                yield Tag((*tag.part, cell), (*tag.roles, self.row[cell][0]), row=self.row)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Upper and lower bound of the text of one page, and where a foot may end."""

    top: float
    bottom: float
    foot: float


@dataclass(slots=True)
class Leaf:
    """A page in the making: pieces with the place of each."""

    sheet: str
    bounds: Bounds
    placed: list[tuple[Piece, float]] = field(default_factory=list)
    end: float = 0.0

    def marks(self) -> list[Mark]:
        return [moved(mark, 0.0, y) for piece, y in self.placed for mark in piece.marks]

    def tags(self) -> list[Tag | None]:
        """For each of the marks what it belongs to."""
        return [tag for piece, _ in self.placed for tag in piece.tags()]


def tagged(pieces: Iterable[Piece], block: Block, part: int) -> Iterator[Piece]:
    """The pieces of a block with their place in the structure: it is the part of this number, and a table has its rows."""
    row = -1
    whole = None if isinstance(block, Fields | Table) else _tag(block, part, 0)
    for piece in pieces:
        row += not piece.more
        yield Piece._make((*piece[:-1], whole or _tag(block, part, row)))


def _tag(block: Block, part: int, row: int) -> Tag:
    match block:
        case Title(lines):
            return Tag((part,), ("H1",), "".join(lines))
        case Para(text) if block.role == HEI and not block.lead:
            return Tag((part,), ("H2",), text)
        case Photos(heading, _):
            return Tag((part,), ("Figure",), heading)
        case Fields() | Table():
            return Tag((part, row), ("Table", "TR"))
        case _:
            return Tag((part,), ("P",))


@dataclass(slots=True)
class Notes:
    """What the setting has to report: emergency breaks and the widest gap."""

    broken: dict[str, None] = field(default_factory=dict)
    stretch: float = 0.0


_Key = tuple[tuple[Span, ...], float, float, float, tuple[str, ...], bool]
_composed: WeakKeyDictionary[Faces, dict[_Key, tuple[Composed, float, str]]] = WeakKeyDictionary()
"""Paragraphs with the widest gap of each and the characters that no face has."""


class Setter:
    """Composes text with the faces of this computer; keeps composed paragraphs for the live preview."""

    def __init__(self, faces: Faces) -> None:
        self.faces = faces
        self.notes = Notes()
        self.missing: dict[str, None] = {}

    def compose(
        self, spans: Sequence[Span], width: float, *, first: float = 0.0, hang: float = 0.0, keep: tuple[str, ...] = (),
        ragged: bool = False,
    ) -> Composed:  # fmt: skip
        """Break into lines; `width`, `first` and `hang` in ems."""
        key = (tuple(spans), width, first, hang, keep, ragged)
        known = _composed.setdefault(self.faces, {})
        made = known.get(key)
        if made is None:
            if len(known) > _CACHE_SIZE:
                known.clear()
            lines = compose(spans, self.faces.measured, width, first=first, hang=hang, keep=keep, ragged=ragged)
            lacks = self.faces.lacks()  # of what was met so far, and these were
            lacking = "".join([self.faces.lacking(text, role) for text, role in spans]) if lacks else ""
            widest = max([line.stretch for line in lines.lines], default=0.0)
            made = known[key] = lines, widest, lacking
        self.notes.broken |= dict.fromkeys(made[0].broken)
        self.notes.stretch = max(self.notes.stretch, made[1])
        self.missing |= dict.fromkeys(made[2])
        return made[0]

    def lines(
        self, text: str, role: str, left: float, width: float, size: float, pitch: float,
        *, top: float = 0.0, align: str = "", keep: tuple[str, ...] = (), colour: Colour = BLACK,
    ) -> list[Text]:  # fmt: skip
        """A block of small text from y = `top`: left, centred or right."""
        made = self.compose([(text, role)], width / size, keep=keep)
        marks = []
        for row, line in enumerate(made.lines):
            spare = width - line.end * size
            shift = spare / 2 if align == "centre" else spare if align == "right" else 0.0
            marks.append(set_line(line, left + shift, top + row * pitch, size, colour))
        return marks

    def width(self, text: str, role: str, size: float) -> float:
        """Natural width of text on one line, in millimetres."""
        made = self.compose([(text, role)], 10_000.0)
        return max((line.end for line in made.lines), default=0.0) * size


def paginate(pieces: Sequence[Piece], bounds: Callable[[int], Bounds]) -> tuple[list[Leaf], int]:
    """Fill pages from the top; a page ends where the next piece may stand alone.

    Returns the pages and how many of them had to break where they should not.
    """
    leaves: list[Leaf] = []
    forced = 0
    start, sheet = 0, pieces[0].sheet if pieces else ""
    while start < len(pieces) or not leaves:
        sheet = (pieces[start].sheet or sheet) if start < len(pieces) else sheet
        leaf = Leaf(sheet, bounds(len(leaves)))
        end = _fill(leaf, pieces, start)
        if end < len(pieces) and not pieces[end].sheet:
            better = end
            while better > start and (pieces[better - 1].keep or (better < end and pieces[better - 1].opens)):
                better -= 1
            if better > start:
                end = better
            else:
                forced += 1
        _place(leaf, pieces[start:end])
        leaves.append(leaf)
        start = end
    return leaves, forced


def _fill(leaf: Leaf, pieces: Sequence[Piece], start: int) -> int:
    """Index of the first piece that does not fit on this page; at least one is taken."""
    y, at = leaf.bounds.top, start
    while at < len(pieces):
        piece = pieces[at]
        if at > start and piece.sheet:
            return at
        if at == start and piece.head is not None:
            y += piece.head.height
        skip = piece.space and y == leaf.bounds.top
        limit = leaf.bounds.foot if piece.foot else leaf.bounds.bottom
        lower = y + piece.height - (pieces[at - 1].slack if piece.foot and at > start else piece.slack)
        if not skip and lower > limit + 0.005 and at > start:
            return at
        y += 0.0 if skip else piece.height
        at += 1
    return at


def _place(leaf: Leaf, pieces: Sequence[Piece]) -> None:
    y = leaf.bounds.top
    if pieces and pieces[0].head is not None:
        leaf.placed.append((pieces[0].head, y))
        y += pieces[0].head.height
    for piece in pieces:
        if piece.space and y == leaf.bounds.top:
            continue
        if piece.foot:
            leaf.placed.append((piece, leaf.bounds.foot - piece.height))
            continue
        leaf.placed.append((piece, y))
        y += piece.height
    if leaf.placed and leaf.placed[-1][0].parts:
        piece, last = leaf.placed[-1]
        leaf.placed[-1] = piece._replace(marks=piece.marks[:-1]), last
    leaf.end = y
