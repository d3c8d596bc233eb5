"""A PDF file as numbered objects (ISO 32000-1, 7.3 and 7.5), kept by ReportLab's document: it gives the numbers, writes the table
of references and the trailer over which `press` lays its updates.

Dictionaries are written as text, in the clear; streams are deflated. Same objects in the same order, same bytes.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable


class File:
    """Collects objects; a number can be taken before the object is known, so that objects can name each other."""

    def __init__(self) -> None:
        from reportlab.pdfbase.pdfdoc import PDFDocument  # with the first paper: a window stands without it

        self._document = PDFDocument(invariant=1, pdfVersion=(1, 7))
        self._bodies: dict[str, bytes] = self._document.idToObject

    def reserve(self) -> int:
        """A number whose object is `put` later."""
        return self._take(b"")

    def put(self, number: int, body: str) -> None:
        self._bodies[_name(number)] = body.encode("ascii")

    def add(self, body: str) -> int:
        return self._take(body.encode("ascii"))

    def stream(self, content: bytes, told: str = "", *, deflated: bool = True) -> int:
        """A stream with these further entries in its dictionary."""
        if deflated:
            content, told = zlib.compress(content, 9), told + "/Filter/FlateDecode"
        head = f"<<{told}/Length {len(content)}>>\nstream\n".encode("ascii")
        return self._take(head + content + b"\nendstream")

    def written(self, root: int, info: int) -> bytes:
        """The file, whose catalogue and description are these objects; it is named by its content (14.4)."""
        from reportlab.pdfbase.pdfdoc import PDFObjectReference

        document = self._document
        for number in range(1, document.objectcounter + 1):
            if body := self._bodies.get(_name(number)):
                document.updateSignature(body)
        document.Catalog, document.info = (PDFObjectReference(_name(number)) for number in (root, info))
        made: bytes = document.format()
        return made

    def _take(self, body: bytes) -> int:
        number: int = self._document.objectcounter + 1
        self._document.Reference(body, _name(number))
        return number


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


def number(value: float, places: int = 4) -> str:
    """A number as PDF writes it."""
    return f"{value:.{places}f}".rstrip("0").rstrip(".")
