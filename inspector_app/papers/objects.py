"""A PDF file as numbered objects (ISO 32000-1, 7.3 and 7.5), kept by ReportLab's document: it gives the numbers, writes the head
and the objects.

Streams are deflated one by one; what is no stream lies packed in one (7.5.7), since a form has two hundred small dictionaries. The
table of references is a stream too (7.5.8). Same objects in the same order, same bytes; `written` reads such a file.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable

ROW = struct.Struct(">BIH")
"""A row of the table of references: 0 unused, 1 with the place of an object, 2 with the number of its pack and its place there."""

_DEFLATED = "/Filter/FlateDecode"
_LEVEL = 4
_WINDOW = 13
"""How hard streams are deflated, and how far back they look (a power of two): outlines a good percent worse than by the usual
values, in three fifths of their time."""


class File:
    """Collects objects; a number can be taken before the object is known, so that objects can name each other."""

    def __init__(self) -> None:
        from reportlab.pdfbase.pdfdoc import PDFDocument  # with the first paper: a window stands without it

        self._document = PDFDocument(invariant=1, pdfVersion=(1, 7))
        self._bodies: dict[str, bytes] = self._document.idToObject
        self._small: dict[int, None] = {}
        self._streams: list[int] = []

    def reserve(self) -> int:
        """A number whose object is `put` later."""
        return self._take(b"")

    def put(self, number: int, body: str) -> None:
        self._bodies[_name(number)] = body.encode("ascii")
        self._small[number] = None

    def add(self, body: str) -> int:
        number = self.reserve()
        self.put(number, body)
        return number

    def stream(self, content: bytes, told: str = "") -> int:
        """A stream with these further entries in its dictionary, deflated."""
        return self.packed(deflated(content), told)

    def packed(self, content: bytes, told: str = "") -> int:
        """A stream of what was `deflated` before."""
        return self.raw(content, told + _DEFLATED)

    def raw(self, content: bytes, told: str) -> int:
        """A stream of these bytes as they are."""
        number = self._take(_stream(content, told))
        self._streams.append(number)
        return number

    def written(self, root: int, info: int) -> bytes:
        """The file, whose catalogue and description are these objects; it is named by its content (14.4)."""
        from reportlab.pdfbase.pdfdoc import PDFFile, PDFIndirectObject

        document, out = self._document, PDFFile((1, 7))
        for number in (*self._small, *self._streams):
            document.updateSignature(self._body(number))
        pack, table = self._pack(), self.reserve()
        rows = {number: (2, pack, at) for at, number in enumerate(self._small)}
        for number in self._streams:
            rows[number] = (1, out.add(PDFIndirectObject(_name(number), self._body(number)).format(document)), 0)
        rows[table] = (1, out.offset, 0)
        told = f"/Type/XRef/Size {table + 1}{widths()}/Root {ref(root)}/Info {ref(info)}/ID{document.ID().decode('latin-1').strip()}\n"
        content = b"".join(ROW.pack(*rows.get(number, (0, 0, 0))) for number in range(table + 1))
        start = out.add(PDFIndirectObject(_name(table), _stream(deflated(content), told + _DEFLATED)).format(document))
        out.add(ending(start))
        made: bytes = out.format(document)
        return made

    def _pack(self) -> int:
        """All that is no stream in one."""
        bodies = [self._body(number) for number in self._small]
        places, at = [], 0
        for number, body in zip(self._small, bodies, strict=True):
            places.append(b"%d %d" % (number, at))
            at += len(body) + 1
        head = b" ".join(places) + b" "
        return self.stream(head + b" ".join(bodies), f"/Type/ObjStm/N {len(bodies)}/First {len(head)}")

    def _body(self, number: int) -> bytes:
        return self._bodies[_name(number)]

    def _take(self, body: bytes) -> int:
        number: int = self._document.objectcounter + 1
        self._document.Reference(body, _name(number))
        return number


def widths() -> str:
    """How many bytes each column of a `ROW` takes, as a table of references tells it."""
    return "/W[1 4 2]"


def ending(start: int) -> bytes:
    """The last lines of a file whose table of references begins here."""
    return b"startxref\n%d\n%%%%EOF\n" % start


def deflated(content: bytes) -> bytes:
    """As streams hold it."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _WINDOW)
    return packer.compress(content) + packer.flush()


def _stream(content: bytes, told: str) -> bytes:
    return f"<<{told}/Length {len(content)}>>\nstream\n".encode("latin-1") + content + b"\nendstream"


def _name(number: int) -> str:
    """What ReportLab calls an object of ours."""
    return f"inspector.{number}"


def ref(number: int) -> str:
    """How an object is named in another one."""
    return f"{number} 0 R"


def refs(numbers: Iterable[int]) -> str:
    """An array that names objects."""
    return f"[{' '.join(map(ref, numbers))}]"


def text(words: str) -> str:
    """A text string (7.9.2.2): UTF-16 with its mark, in hexadecimal digits."""
    return f"<feff{words.encode('utf-16-be').hex()}>"


def number(value: float, places: int = 3) -> str:
    """A number as PDF writes it: of points a thousandth, which is less than the tenth part of a dot of any printer."""
    told = f"{value:.3f}" if places == 3 else f"{value:.{places}f}"
    return told if told[-1] != "0" else told.rstrip("0").rstrip(".")
