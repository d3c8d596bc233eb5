"""The letter (信函格式, GB/T 9704-2012 10.1) and the document (公文): head, body on the grid, signature, foot.

Places that the standard measures to ink (mark, rules, page number) are computed from the boxes of the glyphs,
so that they hold with every face.
"""

from __future__ import annotations

from collections.abc import Iterator

from . import grid
from .blocks import Addressee, Attachment, Blank, Note, Paper, Para, Photos, Sign, Title
from .compose import Span
from .flow import Bounds, Leaf, Piece, Setter, tagged
from .fonts import FANG, HEI, SONG, TITLE
from .furniture import FOOT, FOOT_RULE, GAP, LETTER_FOOT, QR, THICK, THIN, foot, top_marks
from .grid import CELL, PITCH
from .page import BLACK, RED, Colour, Mark, Rule, Text, baseline, set_line
from .photos import photo_pieces

_MARK = 36 / grid.PT
_LETTER_MARK, _DOCUMENT_MARK = 30.0, grid.TOP + 35.0
_NUMBER_RULE = 4.0
_NAME = 24  # cells of one line of the bureau's name in the signature
_PHOTO_ROW = (grid.HEIGHT - 4 * PITCH) / 2  # two rows below the heading of an attachment


class Letter:
    """Sets a letter or a document; the two differ in head and page number only."""

    def __init__(self, setter: Setter, paper: Paper) -> None:
        self.setter, self.paper = setter, paper
        self.red = BLACK if paper.draft else RED  # a draft must not look like an original
        self.document = paper.template == "document"
        self.head, self.first_row = self._document_head() if self.document else self._letter_head()

    # head

    def _inked(self, text: str, role: str, size: float, colour: Colour = BLACK) -> tuple[Text, float, float]:
        """One line with how far its ink reaches above and below the baseline, in millimetres."""
        line = self.setter.compose([(text, role)], 10_000.0).lines[0]
        mark = set_line(line, 0.0, 0.0, size, colour)
        boxes = [self.setter.faces.face(face).ink(char) for face, char in zip(mark.faces, text, strict=True)]
        return mark, max((b.top for b in boxes), default=0.0) * size, min((b.bottom for b in boxes), default=0.0) * size

    def _stand(self, mark: Text, ink_top: float, y: float, left: float) -> Text:
        """The line with the upper edge of its ink at `y`, beginning at `left`."""
        rise = baseline(mark, self.setter.faces, mark.faces[0]) - mark.top
        return mark._replace(top=y + ink_top - rise, left=mark.left + left)

    def _issuer(self, y: float) -> tuple[list[Mark], float]:
        """发文机关标志: red, centred, its ink beginning at `y`, a long name in lines of one size; returns where the ink ends."""
        lines = self.paper.issuer.split("\n")
        widest = max(self.setter.width(line, TITLE, 1.0) for line in lines)
        size = min(_MARK, grid.WIDTH / max(widest, 1.0))
        marks: list[Mark] = []
        end = y
        for line in lines:
            mark, above, below = self._inked(line, TITLE, size, self.red)
            marks.append(self._stand(mark, above, y, (grid.SHEET_WIDTH - mark.right) / 2))
            end = y + above - below
            y = end + size / 4
        return marks, end

    def _letter_head(self) -> tuple[list[Mark], int]:
        marks, ink_end = self._issuer(_LETTER_MARK)
        y = ink_end + _NUMBER_RULE
        marks += _double_rule(y, self.red, thick_first=True)
        y += THICK + GAP + THIN + CELL * 7 / 8
        marks += self._number(y, "right")
        lower = FOOT_RULE - (THICK + GAP + THIN)
        marks += _double_rule(lower, self.red, thick_first=False)
        return marks, round((y + CELL + 2 * PITCH - grid.TOP) / PITCH)

    def _document_head(self) -> tuple[list[Mark], int]:
        marks, ink_end = self._issuer(_DOCUMENT_MARK)
        row = -(-(ink_end + 2 * PITCH - grid.TOP) // PITCH)
        text, above, below = self._inked(self.paper.number, FANG, CELL)
        y = grid.line_top(row)
        number = self._stand(text, above, y, grid.LEFT + (grid.WIDTH - text.right) / 2)
        rule = y + above - below + _NUMBER_RULE
        line = Rule(grid.LEFT, rule + 0.25, grid.RIGHT, rule + 0.25, 0.5, self.red)
        return [*marks, number, line], int(-(-(rule + 2 * PITCH - grid.TOP) // PITCH))

    def _number(self, y: float, align: str) -> list[Text]:
        return self.setter.lines(self.paper.number, FANG, grid.LEFT, grid.WIDTH, CELL, PITCH, top=y, align=align)

    # body

    def pieces(self) -> list[Piece]:
        """The body as lines of the grid; its last paragraph, or two lines of it, stays with the signature, and that with the foot."""
        pieces: list[Piece] = []
        photos: list[Piece] = []
        body = 0
        for number, block in enumerate(self.paper.blocks):
            if isinstance(block, Attachment | Sign) and not body:
                body = len(pieces)
            (photos if isinstance(block, Photos) else pieces).extend(tagged(self._set(block), block, number))
        if self.paper.code:
            pieces.append(Piece(QR, foot=True))
        for i in range(max(body - 1, 0), len(pieces) - 1):
            pieces[i] = pieces[i]._replace(keep=True)
        return pieces + photos

    def closer(self, pieces: list[Piece]) -> list[Piece]:
        """Without what is given up where that saves a page."""
        return [piece for piece in pieces if not piece.spare]

    def _set(self, block: object) -> Iterator[Piece]:
        match block:
            case Title(lines):
                for line in lines:
                    yield self._title_line(line)
                yield _blank(keep=True)
            case Addressee(text):
                yield from self._para(Para(text, indent=0.0))
            case Para():
                yield from self._para(block)
            case Blank(lines):
                for _ in range(lines):
                    yield _blank(keep=False)
            case Attachment(label, names):
                yield _blank(keep=False)
                yield from self._attachment(label, names)
            case Sign(name, day):
                yield from self._sign(name, day)
            case Note(text):
                yield from self._para(Para(text))
            case Photos(heading, shots):
                yield from self._photos(
                    heading, photo_pieces(self.setter, self.paper.furniture, heading, shots, _PHOTO_ROW)
                )
            case _:
                raise TypeError(type(block).__name__)

    def _photos(self, heading: str, rows: Iterator[Piece]) -> Iterator[Piece]:
        """附件 on the first line, its title on the third, both inside the type area (7.3.4, 7.4.4)."""
        label = self.setter.lines(self.paper.furniture.photo_label, HEI, grid.LEFT, grid.WIDTH, CELL, PITCH)
        yield Piece(PITCH, tuple(label), keep=True, sheet=heading)
        yield Piece(PITCH, keep=True)
        yield self._title_line(heading)
        yield Piece(PITCH, keep=True)
        for row in rows:
            yield row._replace(sheet="")

    def _title_line(self, text: str) -> Piece:
        size = grid.TITLE
        top = (CELL - size) / 2
        marks = self.setter.lines(text, TITLE, grid.LEFT, grid.WIDTH, size, PITCH, top=top, align="centre")
        return _line_piece(tuple(marks), len(marks), keep=True)

    def _para(self, para: Para) -> Iterator[Piece]:
        spans: list[Span] = [(para.lead, para.lead_role)] if para.lead else []
        spans.append((para.text, para.role))
        made = self.setter.compose(spans, float(grid.COLUMNS), first=para.indent, hang=para.hang, keep=para.names)
        last = len(made.lines) - 1
        for row, line in enumerate(made.lines):
            mark = set_line(line, grid.LEFT, 0.0, CELL)
            lonely = row == last - 1  # no last line of a paragraph at the top of a page (孤行)
            yield _line_piece((mark,), 1, keep=lonely or (para.keep and row == last), opens=row == 0 and last > 1)

    def _attachment(self, label: str, names: tuple[str, ...]) -> Iterator[Piece]:
        single = len(names) == 1
        for n, name in enumerate(names, 1):
            lead = label if n == 1 else ""
            text = name if single else f"{n}.{name}"
            indent = 2.0 if n == 1 else 2.0 + len(label)
            yield from self._para(Para(lead + text, indent=indent, hang=2.0 + len(label) + (0.0 if single else 1.0)))

    def _sign(self, name: str, day: str) -> Iterator[Piece]:
        """Date four cells from the right, the bureau centred on it; a longer name two cells from the right, in lines
        of equal length where it does not fit into one."""
        yield _blank(keep=True)._replace(spare=True)  # two lines for the seal, one where that saves a page (7.3.5.5)
        yield _blank(keep=True)
        date_width = self.setter.width(day, FANG, CELL)
        cells = self.setter.width(name, FANG, 1.0)
        cells = min(_NAME, -(-cells // -(-cells // _NAME))) if cells > _NAME else cells
        centre = grid.RIGHT - 4 * CELL - date_width / 2
        if cells * CELL > date_width:
            centre = min(centre, grid.RIGHT - 2 * CELL - cells * CELL / 2)
        width = (cells + 0.02) * CELL
        marks = self.setter.lines(name, FANG, centre - width / 2, width, CELL, PITCH, align="centre")
        yield _line_piece(tuple(marks), len(marks), keep=True)
        marks = self.setter.lines(day, FANG, centre - date_width / 2, date_width + CELL, CELL, PITCH)
        yield _line_piece(tuple(marks), len(marks), keep=False)

    # pages

    def bounds(self, number: int) -> Bounds:
        top = grid.line_top(self.first_row) if number == 0 else grid.TOP
        return Bounds(top, grid.BOTTOM, LETTER_FOOT if number == 0 and not self.document else FOOT + QR)

    def frame(self, leaf: Leaf, number: int, total: int) -> list[Mark]:
        """What stands around the text of a page."""
        marks = top_marks(self.setter, self.paper)
        if number == 0:
            marks += self.head
        if number > 0 or self.document:
            marks += self.page_number(number + 1)
        if any(piece.foot for piece, _ in leaf.placed):
            marks += foot(self.setter, self.paper, number, total)
        return marks

    def page_number(self, number: int) -> list[Mark]:
        """4号半角宋体 between dashes whose ink lies 7 mm below the type area; odd right, even left (7.5)."""
        text = f"— {number} —"
        mark, _, _ = self._inked(text, SONG, grid.FOUR)
        dash = self.setter.faces.face(mark.faces[0]).ink("—").top * grid.FOUR
        left = grid.RIGHT - CELL - mark.right if number % 2 else grid.LEFT + CELL
        return [self._stand(mark, dash, grid.BOTTOM + 7.0, left)]


def _double_rule(y: float, colour: Colour, *, thick_first: bool) -> list[Mark]:
    """The double rule of a letter, 170 mm wide, from `y` downwards."""
    left = (grid.SHEET_WIDTH - 170.0) / 2
    widths = (THICK, THIN) if thick_first else (THIN, THICK)
    first, second = y + widths[0] / 2, y + widths[0] + GAP + widths[1] / 2
    return [
        Rule(left, first, left + 170.0, first, widths[0], colour),
        Rule(left, second, left + 170.0, second, widths[1], colour),
    ]


def _line_piece(marks: tuple[Mark, ...], rows: int, *, keep: bool, opens: bool = False) -> Piece:
    return Piece(max(rows, 1) * PITCH, marks, keep, opens, slack=PITCH - CELL)


def _blank(*, keep: bool) -> Piece:
    return Piece(PITCH, keep=keep, space=True, slack=PITCH - CELL)
