"""What is laid over an archived paper on its way to a printer: an incremental update (ISO 32000-1, 7.5.6).

The archived bytes stand unchanged at the front of what is sent; behind them come new versions of the page streams that
differ. So text stays text, and the archived paper can be cut out of what was sent and compared. Only files that this
room wrote are read here (`written`).
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable, Iterator

from ..domain.printing import NO_CORRECTION, Correction, Plan
from ..domain.problems import Problem
from .grid import PT, SHEET_HEIGHT, SHEET_WIDTH
from .objects import ROW, ending, widths
from .written import Unfit, Written, integer, refer

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

_ODD = (Unfit, zlib.error, struct.error)
"""What reading says of a file of another maker."""


def fit(content: bytes, plan: Plan, grey: Grey) -> bytes:
    """The bytes to be sent for a plan: the archived ones themselves for a plain plan, else with an update behind them.

    Raises:
        Problem: `paper_unfit` when the file was not written by this application.
    """
    if plan.plain:
        return content
    try:
        return _fit(content, plan, grey)
    except _ODD as error:
        raise Problem("paper_unfit") from error


def has_red(content: bytes) -> bool:
    """Whether anything is printed in red, as the head of a letter is; False for a file of another maker."""
    file = Written(content)
    try:
        streams = [file.text(file.stream(page)) for page in file.pages]
    except _ODD:
        return False
    return any(
        _is_red(operands) for text in streams for word, operands, *_ in _operators(text) if word in (b"rg", b"RG")
    )


def _fit(content: bytes, plan: Plan, grey: Grey) -> bytes:
    file = Written(content)
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
    size = (integer(head, b"Width"), integer(head, b"Height"), len(jpeg))
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


def _updated(file: Written, new: dict[int, bytes]) -> bytes:
    """The file with new versions of objects behind it, and a table of them as the file has one."""
    parts = [file.content if file.content.endswith(b"\n") else file.content + b"\n"]
    at, places = len(parts[0]), dict[int, int]()
    for number, body in sorted(new.items()):
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        places[number] = at
        at += len(parts[-1])
    size, root = integer(file.trailer, b"Size"), refer(file.trailer, b"Root")
    if file.clear:
        table = b"".join(b"%d 1\n%010d 00000 n \n" % each for each in places.items())
        told = b"/Size %d /Root %d 0 R /Prev %d" % (size, root, file.start)
        return b"".join([*parts, b"xref\n", table, b"trailer\n<< ", told, b" >>\n", ending(at)])
    rows = b"".join(ROW.pack(1, place, 0) for place in (*places.values(), at))
    index = b" ".join(b"%d 1" % number for number in (*places, size))
    told = b"/Type/XRef/Size %d/Root %d 0 R/Prev %d%s/Index[%s]/Length %d" % (
        size + 1, root, file.start, widths().encode(), index, len(rows),
    )  # fmt: skip
    return b"".join([*parts, b"%d 0 obj\n<<%s>>\nstream\n%s\nendstream\nendobj\n" % (size, told, rows), ending(at)])
