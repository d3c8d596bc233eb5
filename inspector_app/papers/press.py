"""What is laid over an archived paper on its way to a printer: an incremental update (ISO 32000-1, 7.5.6).

The archived bytes stand unchanged at the front of what is sent; behind them come new versions of the page streams that
differ. So text stays text, and the archived paper can be cut out of what was sent and compared. Only files that this
room wrote are read here: one cross-reference table, one stream a page.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from ..domain.printing import NO_CORRECTION, Correction, Plan
from ..domain.problems import Problem
from .grid import PT, SHEET_HEIGHT, SHEET_WIDTH

THINNEST = 0.25
"""Millimetres: what a portable thermal printer of 203 dots an inch still draws as an unbroken line."""

SEAL = 42.0
"""Millimetres: the room that the guide keeps for a round seal across the edges of the pages."""

_TOKEN = re.compile(
    rb"\s+|%[^\r\n]*|(?P<skip>\((?:\\.|[^\\()])*\)|<<|>>|<[0-9A-Fa-f\s]*>|[\[\]]|/[^\s()<>\[\]/%]*)"
    rb"|(?P<number>[+-]?(?:\d+\.?\d*|\.\d+))(?![^\s()<>\[\]/%])|(?P<word>[^\s()<>\[\]/%]+)",
    re.DOTALL,
)
_STROKES, _FILLS, _SHOWS = {b"S", b"s"}, {b"f", b"F", b"f*"}, {b"Tj", b"TJ", b"'", b'"'}

Grey = Callable[[bytes], bytes]
"""Turns a JPEG photo into a grey one of the same size."""


class _Unfit(Exception):
    """The file is not as this room writes it."""


@dataclass(frozen=True)
class _File:
    """A file with one cross-reference table."""

    content: bytes

    @cached_property
    def start(self) -> int:
        found = re.search(rb"startxref\s+(\d+)\s+%%EOF\s*$", self.content[-64:])
        if found is None:
            raise _Unfit
        return int(found[1])

    @cached_property
    def places(self) -> dict[int, int]:
        """Where each object begins."""
        head = re.compile(rb"xref\s+0\s+(\d+)\s+").match(self.content, self.start)
        if head is None:
            raise _Unfit
        lines = [self.content[at : at + 20] for at in range(head.end(), head.end() + 20 * int(head[1]), 20)]
        return {number: int(line[:10]) for number, line in enumerate(lines) if line[17:18] == b"n"}

    @cached_property
    def trailer(self) -> bytes:
        at = self.content.find(b"trailer", self.start)
        if at < 0:
            raise _Unfit
        return self.content[at : self.content.index(b"startxref", at)]

    def head(self, number: int) -> bytes:
        """The dictionary of an object, as it is written."""
        return self._head(number)[0]

    def _head(self, number: int) -> tuple[bytes, int]:
        found = re.compile(rb"\d+ \d+ obj\s*(<<.*?>>)\s*(endobj|stream\r?\n)", re.DOTALL).match(
            self.content, self.places.get(number, len(self.content))
        )
        if found is None:
            raise _Unfit
        return found[1], found.end()

    def raw(self, number: int) -> bytes:
        """The bytes of a stream as they are stored."""
        head, at = self._head(number)
        return self.content[at : at + _integer(head, b"Length")]

    def refer(self, head: bytes, name: bytes) -> int:
        """The number of the object that a dictionary refers to by this name."""
        found = re.search(rb"/" + name + rb"\s+(\d+) 0 R", head)
        if found is None:
            raise _Unfit
        return int(found[1])

    @cached_property
    def tree(self) -> int:
        return self.refer(self.head(self.refer(self.trailer, b"Root")), b"Pages")

    @cached_property
    def pages(self) -> list[int]:
        found = re.search(rb"/Kids\s*\[([^\]]*)\]", self.head(self.tree))
        if found is None:
            raise _Unfit
        return [int(number) for number in re.findall(rb"(\d+) 0 R", found[1])]

    def stream(self, page: int) -> int:
        return self.refer(self.head(page), b"Contents")

    def text(self, number: int) -> bytes:
        """The operators of a stream."""
        head = self.head(number)
        if b"/Filter" not in head:
            return self.raw(number)
        if re.search(rb"/Filter\s*\[?\s*/FlateDecode\s*\]?", head) is None:
            raise _Unfit
        return zlib.decompress(self.raw(number))

    def photos(self) -> Iterator[int]:
        for number in self.places:
            head = self.head(number) if self.content.startswith(b"<<", self._inner(number)) else b""
            if b"/DCTDecode" in head and b"/DeviceGray" not in head:
                yield number

    def _inner(self, number: int) -> int:
        found = re.compile(rb"\d+ \d+ obj\s*").match(self.content, self.places[number])
        return found.end() if found is not None else len(self.content)


def _integer(head: bytes, name: bytes) -> int:
    found = re.search(rb"/" + name + rb"\s+(\d+)(?!\s+\d+\s+R)", head)
    if found is None:
        raise _Unfit
    return int(found[1])


def fit(content: bytes, plan: Plan, grey: Grey) -> bytes:
    """The bytes to be sent for a plan: the archived ones themselves for a plain plan, else with an update behind them.

    Raises:
        Problem: `paper_unfit` when the file was not written by this application.
    """
    if plan.plain:
        return content
    try:
        return _fit(content, plan, grey)
    except (_Unfit, zlib.error) as error:
        raise Problem("paper_unfit") from error


def has_red(content: bytes) -> bool:
    """Whether anything is printed in red, as the head of a letter is; False for a file of another maker."""
    file = _File(content)
    try:
        streams = [file.text(file.stream(page)) for page in file.pages]
    except (_Unfit, zlib.error):
        return False
    return any(
        _is_red(operands) for text in streams for word, operands, *_ in _operators(text) if word in (b"rg", b"RG")
    )


def _fit(content: bytes, plan: Plan, grey: Grey) -> bytes:
    file = _File(content)
    wanted = file.pages[max(plan.first - 1, 0) : plan.last or None]
    new: dict[int, bytes] = {}
    if plan.first or plan.last:
        kids = b" ".join(b"%d 0 R" % page for page in wanted)
        new[file.tree] = b"<< /Type /Pages /Count %d /Kids [ %s ] >>" % (len(wanted), kids)
    marks = _seam(len(wanted)) if plan.seam and len(wanted) > 1 else b""
    turned = _matrix(plan.correction)
    for page in wanted:
        number = file.stream(page)
        text = _redrawn(file.text(number), plan) if plan.thermal or plan.preprinted else file.text(number)
        packed = zlib.compress(b"q " + turned + text + b"\nQ\n" + turned + marks if turned else text + b"\n" + marks)
        new[number] = b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed)
    if plan.thermal:
        for number in file.photos():
            new[number] = _photo(file.head(number), grey(file.raw(number)))
    return _updated(file, new)


def _matrix(correction: Correction) -> bytes:
    """Millimetres from the upper left corner as PDF's points from the lower left one."""
    if correction == NO_CORRECTION:
        return b""
    c = correction
    x, y = c.right * PT, (SHEET_HEIGHT - c.down * SHEET_HEIGHT - c.lower) * PT
    return b"%.6f 0 0 %.6f %.4f %.4f cm " % (c.across, c.down, x, y)


def _seam(pages: int) -> bytes:
    """A dashed box at the right edge, as wide as each page's part of a seal over all of them when they are fanned out."""
    width, high = max(SEAL / pages, 4.0) * PT, SEAL * PT
    left, low = SHEET_WIDTH * PT - width, (SHEET_HEIGHT * PT - high) / 2
    return b"q 0 G 0.75 w [4 3] 0 d %.3f %.3f %.3f %.3f re S Q\n" % (left, low, width, high)


def _photo(head: bytes, jpeg: bytes) -> bytes:
    size = (_integer(head, b"Width"), _integer(head, b"Height"), len(jpeg))
    told = (
        b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8 /ColorSpace /DeviceGray"
        b" /Filter /DCTDecode /Length %d >>" % size
    )
    return told + b"\nstream\n" + jpeg + b"\nendstream"


def _operators(text: bytes) -> Iterator[tuple[bytes, tuple[float, ...], int, int]]:
    """(operator, its numbers, start with the operands, end) of a page stream."""
    numbers: list[float] = []
    start = -1
    for token in _TOKEN.finditer(text):
        if token.lastgroup is None:
            continue
        start = token.start() if start < 0 else start
        if token.lastgroup == "number":
            numbers.append(float(token[0]))
        elif token.lastgroup == "word":
            yield token[0], tuple(numbers), start, token.end()
            numbers, start = [], -1


def _is_red(colour: tuple[float, ...]) -> bool:
    return len(colour) == 3 and colour[0] > 0.4 and max(colour[1:]) < colour[0] / 2


def _redrawn(text: bytes, plan: Plan) -> bytes:
    """The operators without what is red, or in black with lines that a thermal printer can draw."""
    out, done = [], 0
    fill = stroke = False  # whether it is red
    saved: list[tuple[bool, bool]] = []
    for word, numbers, start, end in _operators(text):
        instead: bytes | None = None
        if word == b"q":
            saved.append((fill, stroke))
        elif word == b"Q" and saved:
            fill, stroke = saved.pop()
        elif word in (b"rg", b"RG", b"g", b"G", b"k", b"K"):
            if word.islower():
                fill = _is_red(numbers)
            else:
                stroke = _is_red(numbers)
            if plan.thermal and len(numbers) == 3 and max(numbers) - min(numbers) > 0.1:
                instead = b"0 0 0 " + word
        elif plan.preprinted and ((word in _STROKES and stroke) or (word in _FILLS and fill)):
            instead = b"n"
        elif plan.preprinted and word in _SHOWS and fill:
            instead = b""
        elif plan.thermal and word == b"w" and numbers and numbers[0] < THINNEST * PT:
            instead = b"%.4f w" % (THINNEST * PT)
        if instead is not None:
            out += [text[done:start], instead]
            done = end
    return b"".join([*out, text[done:]])


def _updated(file: _File, new: dict[int, bytes]) -> bytes:
    """The file with new versions of objects behind it."""
    parts = [file.content if file.content.endswith(b"\n") else file.content + b"\n"]
    at, table = len(parts[0]), []
    for number, body in sorted(new.items()):
        part = b"%d 0 obj\n%s\nendobj\n" % (number, body)
        table.append(b"%d 1\n%010d 00000 n \n" % (number, at))
        parts.append(part)
        at += len(part)
    size, root = _integer(file.trailer, b"Size"), file.refer(file.trailer, b"Root")
    trailer = b"trailer\n<< /Size %d /Root %d 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (size, root, file.start, at)
    return b"".join([*parts, b"xref\n", *table, trailer])
