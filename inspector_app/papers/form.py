"""Record and table forms (笔录, 登记单, 回证): bordered fields, ruled text, signature strip on every page.

The margins are those of GB/T 9704; the inside is our own: 14 point text in 31 cells a line, pitch 1.62 cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from . import grid
from .blocks import STRUCK, Blank, Block, Field, Fields, Note, Paper, Para, Photos, Prose, Table, Title
from .compose import Line, Span
from .flow import Bounds, Leaf, Piece, Setter, tagged
from .fonts import FANG, HEI, SONG, TITLE
from .furniture import QR, code_lines, page_code, top_marks
from .page import Mark, Rule, moved, set_line
from .photos import photo_pieces
from .strip import SignatureStrip

_PAD = 2.0
_CELLS = 31
_CELL = (grid.WIDTH - 2 * _PAD) / _CELLS
_PITCH = _CELL * 1.62
_FIELD, _FIELD_PITCH, _ROW = grid.SMALL_FOUR, grid.SMALL_FOUR * 1.38, 8.6
_LABEL, _LABEL_PAD = 27.0, 0.8
_CLOSE = 1.2  # above and below the text of a row, where that saves a page
_SIGNED = 1.6  # lines that a signature takes below what was said
_MOST_LINES = 24  # lines of one table row that stay together; a longer row is continued on the next page
_SLIVER = 4.0  # a rest of a page lower than this is no place to write
_COLUMNS = 6  # of a table of fields: one, two or three labels with their values in a row
_NUMBERS = re.compile(r"\d+(-\d+)?")
_WORD = re.compile(r"[0-9A-Za-z]+")
_LEAST = 0.8  # of the size of a field, in which a code or number is set that would be broken else
_GAP = "　　"  # room within a value for what is written by hand, as in a date


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell of a row: where, what, and whether its text stands in the centre or in the lower right corner."""

    left: float
    width: float
    text: str
    role: str
    pad: float
    place: str = ""
    foot: str = ""
    columns: int = 1
    size: float = _FIELD


class Form:
    """Sets a form; `lead` is what is blank above and below the text of a row."""

    def __init__(self, setter: Setter, paper: Paper, lead: float = _PAD) -> None:
        self.setter, self.paper, self.lead = setter, paper, lead
        self.signatures = SignatureStrip(setter, paper.strip)
        self.strip = self.signatures.height
        self.most = min(_MOST_LINES, int((grid.HEIGHT - self.strip) / _FIELD_PITCH) - 2)

    def pieces(self) -> list[Piece]:
        pieces: list[Piece] = []
        blocks = self.paper.blocks
        for before, block in zip((None, *blocks), blocks, strict=False):
            closes = isinstance(block, Prose) and isinstance(before, Table)
            signed = isinstance(block, Fields) and bool(block.rows) and not _says(block.rows[0])
            # neither a remark nor room to sign stands alone on a page
            if pieces and (closes or signed or isinstance(block, Note)):
                pieces[-1] = pieces[-1]._replace(keep=True)
            for part, made in self._parts(block):
                pieces += tagged(made, part, len(pieces))
        return pieces

    def _parts(self, block: Block) -> Iterator[tuple[Block, Iterable[Piece]]]:
        """What a reader takes for a part of its own: of a record each paragraph and heading, else the block."""
        if isinstance(block, Prose):
            yield from self._prose(block.paragraphs, block.ending)
        else:
            yield block, self._set(block)

    def closer(self, pieces: list[Piece]) -> list[Piece]:
        """With lower rows, for a form that is signed at its end: what is signed should stand on one page with it."""
        return pieces if self.strip else Form(self.setter, self.paper, _CLOSE).pieces()

    def _set(self, block: object) -> Iterator[Piece]:
        match block:
            case Title(lines):
                yield from self._title(lines)
            case Fields(rows, keep):
                for row, after in zip_longest(rows, rows[1:]):
                    *pieces, last = self._fields(row)
                    yield from (piece._replace(keep=keep) for piece in pieces)
                    yield last._replace(keep=keep or (after is not None and not _says(after)))
            case Table(heads, widths, rows, least):
                yield from self._table(heads, widths, rows, least)
            case Blank(count):
                yield Piece(count * _PITCH)
            case Note(text):
                yield from self._note(text)
            case Photos(heading, shots):
                half = (grid.HEIGHT - self.strip) / 2
                yield from photo_pieces(self.setter, self.paper.furniture, heading, shots, half)
            case _:
                raise TypeError(type(block).__name__)

    def _title(self, lines: Sequence[str]) -> Iterator[Piece]:
        """Title centred, its number below at the right."""
        for line in lines:
            marks = self.setter.lines(line, TITLE, grid.LEFT, grid.WIDTH, grid.TITLE, 11.0, align="centre")
            yield Piece(11.5 + 11.0 * max(len(marks) - 1, 0), tuple(marks), keep=True)
        words = self.paper.furniture.number + self.paper.number
        marks = self.setter.lines(words, FANG, grid.LEFT, grid.WIDTH, _FIELD, 6.0, align="right", top=0.6)
        yield Piece(6.8, tuple(marks), keep=True)

    def _fields(self, row: Sequence[Field]) -> Iterator[Piece]:
        share = grid.WIDTH / len(row)
        cells: list[_Cell] = []
        for i, field in enumerate(row):
            left = grid.LEFT + i * share
            cells.append(_Cell(left, _LABEL, field.label, HEI, _LABEL_PAD, "centre"))
            value = field.value if field.value or field.hand else STRUCK
            place = "corner" if field.hand and _GAP in field.value and not field.foot else ""
            span = _COLUMNS // len(row) - 1
            size = self._fitting(value, share - _LABEL - 2 * _PAD)
            cells.append(_Cell(left + _LABEL, share - _LABEL, value, FANG, _PAD, place, field.foot, span, size))
        yield from self._row(cells, max([_ROW, *(field.height for field in row)]))

    def _fitting(self, value: str, room: float) -> float:
        """The size of a value: a code that is read and typed as one word stays on one line (GB 32100 has some that are wide)."""
        if not _WORD.fullmatch(value):
            return _FIELD
        size = _FIELD * room / max(self.setter.width(value, FANG, _FIELD), room)
        return size if size > _LEAST * _FIELD else _FIELD

    def _row(self, cells: Sequence[_Cell], least: float) -> Iterator[Piece]:
        """One bordered row; long text continues in further pieces."""
        columns = [
            (cell, [line for text in cell.text.split("\n") for line in self._lines(text, cell)]) for cell in cells
        ]
        total = max(1, *(len(lines) for _, lines in columns))
        for start in range(0, total, self.most):
            shown = min(self.most, total - start)
            whole = total <= self.most
            signs = [len(lines) - start for cell, lines in columns if cell.foot] if start + shown == total else []
            rows = max([shown, *(max(said, 0) + _SIGNED for said in signs)])
            height = max(rows * _FIELD_PITCH + 2 * self.lead, least if whole else 0.0)
            marks: list[Mark] = []
            inside: list[int] = []
            for number, (cell, lines) in enumerate(columns):
                marks += self._cell(cell, lines[start : start + shown], height, whole=whole and not cell.foot)
                if cell.foot and start + shown == total:
                    corner = replace(cell, place="corner", role=FANG)
                    marks += self._cell(corner, self._lines(cell.foot, corner), height, whole=True)
                marks.append(Rule(cell.left, 0.0, cell.left, height, grid.HAIR if cell.left > grid.LEFT else grid.LINE))
                inside += [number] * (len(marks) - len(inside))
            marks.append(Rule(grid.RIGHT, 0.0, grid.RIGHT, height, grid.LINE))
            edges = ([0.0] if start == 0 else []) + ([height] if start + self.most >= total else [])
            marks += [Rule(grid.LEFT, y, grid.RIGHT, y, grid.HAIR) for y in edges]
            told = tuple(("TH" if cell.role == HEI else "TD", cell.columns) for cell in cells)
            yield Piece(height, tuple(marks), row=told, cells=tuple(inside), more=start > 0)

    def _lines(self, text: str, cell: _Cell) -> Sequence[Line]:
        return self.setter.compose([(text, cell.role)], (cell.width - 2 * cell.pad) / cell.size).lines

    def _cell(self, cell: _Cell, lines: Sequence[Line], height: float, *, whole: bool) -> list[Mark]:
        """The lines of one cell: in the middle of its height, a date to be filled in at the lower right."""
        block = len(lines) * _FIELD_PITCH - (_FIELD_PITCH - _FIELD)
        y = height - block - self.lead if cell.place == "corner" else (height - block) / 2 if whole else self.lead
        marks: list[Mark] = []
        for n, line in enumerate(lines):
            room = cell.width - 2 * cell.pad - line.end * cell.size
            spare = room / 2 if cell.place == "centre" else room if cell.place == "corner" else 0.0
            left = cell.left + cell.pad + spare
            top = y + n * _FIELD_PITCH + (_FIELD - cell.size) * grid.RISE
            marks.append(set_line(line, left, top, cell.size))
        return marks

    def _prose(self, paragraphs: Sequence[Para], ending: str) -> Iterator[tuple[Para, list[Piece]]]:
        """Ruled text, paragraph by paragraph; the ending is never on a page alone, as that page would be signed for nothing."""
        tail = (Para(ending, indent=2.0),) if ending else ()
        for n, para in enumerate((*paragraphs, *tail), 1):
            spans: list[Span] = [(para.lead, para.lead_role)] if para.lead else []
            spans.append((para.text, para.role))
            made = self.setter.compose(spans, float(_CELLS), first=para.indent, hang=para.hang, keep=para.names)
            last = len(made.lines) - 1
            pieces = []
            for row, line in enumerate(made.lines):
                mark = set_line(line, grid.LEFT + _PAD, (_PITCH - _CELL) * 0.62, _CELL)
                lonely = row == last - 1 or (row == last and bool(tail) and n == len(paragraphs))
                marks = (mark, *_prose_borders(_PITCH))
                keep, opens = lonely or (para.keep and row == last), row == 0 and last > 1
                pieces.append(Piece(_PITCH, marks, keep=keep, opens=opens, parts=self.strip > 0))
            yield para, pieces

    def _table(
        self, heads: Sequence[str], widths: Sequence[float], rows: Sequence[Sequence[str]], least: float
    ) -> Iterator[Piece]:
        total = sum(widths)
        lefts = [grid.LEFT + grid.WIDTH * sum(widths[:i]) / total for i in range(len(widths))]
        spans = [grid.WIDTH * width / total for width in widths]
        head = self._cells(lefts, spans, heads, HEI, centred=True)[0]
        yield head._replace(keep=True)
        for row in rows:
            for piece in self._cells(lefts, spans, row, FANG, centred=False, least=least):
                yield piece._replace(head=head)

    def _cells(
        self, lefts: Sequence[float], spans: Sequence[float], texts: Sequence[str], role: str, *, centred: bool,
        least: float = 0.0,
    ) -> list[Piece]:  # fmt: skip
        """A row of a table in 5号; long rows come in several pieces. Narrow cells are not spaced out, and numbers alone stand in
        the middle."""
        size, pitch, pad = grid.FIVE, grid.FIVE * 1.32, 1.3
        columns = [
            self.setter.compose([(text or STRUCK, role)], (span - 2 * pad) / size, ragged=True).lines
            for text, span in zip(texts, spans, strict=True)
        ]
        total = max(len(lines) for lines in columns)
        pieces = []
        for start in range(0, total, self.most):
            shown = min(self.most, total - start)
            height = max(shown * pitch + 2 * pad - (pitch - size), least if total <= self.most else 0.0)
            marks: list[Mark] = []
            inside: list[int] = []
            for number, (left, span, lines, text) in enumerate(zip(lefts, spans, columns, texts, strict=True)):
                for n, line in enumerate(lines[start : start + shown]):
                    middle = centred or _NUMBERS.fullmatch(text) is not None
                    spare = (span - 2 * pad - line.end * size) / 2 if middle else 0.0
                    marks.append(set_line(line, left + pad + spare, pad + n * pitch, size))
                marks.append(Rule(left, 0.0, left, height, grid.HAIR if left > grid.LEFT else grid.LINE))
                inside += [number] * (len(marks) - len(inside))
            marks += [Rule(grid.RIGHT, 0.0, grid.RIGHT, height, grid.LINE)]
            marks += [Rule(grid.LEFT, y, grid.RIGHT, y, grid.HAIR) for y in (0.0, height)]
            told = (("TH" if role == HEI else "TD", 1),) * len(texts)
            pieces.append(Piece(height, tuple(marks), row=told, cells=tuple(inside), more=start > 0))
        return pieces

    def _note(self, text: str) -> Iterator[Piece]:
        pitch = grid.FIVE * 1.4
        yield Piece(2.0, keep=True)
        lines = self.setter.lines(text, FANG, grid.LEFT, grid.WIDTH, grid.FIVE, pitch)
        for n, line in enumerate(lines, 1):
            yield Piece(pitch, (moved(line, 0.0, -line.top),), keep=n < len(lines))

    # pages

    def bounds(self, number: int) -> Bounds:
        bottom = grid.BOTTOM - self.strip
        return Bounds(grid.TOP, bottom, bottom)

    def frame(self, leaf: Leaf, number: int, total: int) -> list[Mark]:
        marks = top_marks(self.setter, self.paper)
        if number:
            marks += self._continued(leaf.sheet)
        if self.strip:
            marks += self._rest(leaf)
            marks += self.signatures.marks()
        return [*marks, *self._lower(number, total)]

    def _continued(self, sheet: str) -> list[Mark]:
        """Title, name of the sheet and number above a further page."""
        y = grid.TOP - 8.0
        title = f"{self.paper.title}　{sheet}" if sheet else self.paper.title
        left = self.setter.lines(title, HEI, grid.LEFT, 90.0, grid.FIVE, 6.0, top=y)
        words = self.paper.furniture.number + self.paper.number
        right = self.setter.lines(words, FANG, grid.RIGHT - 66.0, 66.0, grid.FIVE, 6.0, top=y, align="right")
        return [*left, *right, Rule(grid.LEFT, grid.TOP, grid.RIGHT, grid.TOP, grid.LINE)]

    def _rest(self, leaf: Leaf) -> list[Mark]:
        """What is left of a signed page is closed and struck, so that nothing can be added to it."""
        top, bottom = leaf.end, leaf.bounds.bottom
        if bottom - top < 0.1:
            return []
        marks: list[Mark] = [Rule(x, top, x, bottom, grid.LINE) for x in (grid.LEFT, grid.RIGHT)]
        if bottom - top > _SLIVER:
            marks.append(Rule(grid.LEFT, top, grid.RIGHT, top, grid.HAIR))
            marks.append(Rule(grid.LEFT + 8.0, bottom - 1.0, grid.RIGHT - 8.0, top + 1.0, grid.HAIR))
        return marks

    def _lower(self, number: int, total: int) -> list[Mark]:
        """Lower margin: code at the left, page number in the middle, QR code in its own box at the right."""
        marks: list[Mark] = []
        if self.paper.template != "cover":  # cover, contents and remarks of a volume are not counted
            page = self.paper.furniture.page.replace("{page}", str(number + 1)).replace("{pages}", str(total))
            y = grid.BOTTOM + 3.0
            marks += self.setter.lines(page, SONG, grid.LEFT, grid.WIDTH, grid.FIVE, 5.0, top=y, align="centre")
        if self.paper.code:
            if self.paper.note:
                marks.append(page_code(self.paper, number, total))
            room = grid.WIDTH - QR - 4.0
            marks += code_lines(self.setter, self.paper, grid.LEFT, room, grid.BOTTOM + 10.0)
        return marks


def _says(row: Sequence[Field]) -> bool:
    """Whether a row of fields holds more than room to write."""
    return any(field.value and not (field.hand and _GAP in field.value) for field in row)


def _prose_borders(height: float) -> list[Mark]:
    """A ruled line with the borders at its sides."""
    return [
        Rule(grid.LEFT, 0.0, grid.LEFT, height, grid.LINE),
        Rule(grid.RIGHT, 0.0, grid.RIGHT, height, grid.LINE),
        _ruled(height),
    ]


def _ruled(y: float) -> Rule:
    return Rule(grid.LEFT, y, grid.RIGHT, y, 0.15, (0.45, 0.45, 0.45))
