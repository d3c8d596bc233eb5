"""A PDF file as numbered objects (ISO 32000-1, 7.3 and 7.5), kept by ReportLab's document: it gives the numbers, writes the table
of references and the trailer over which `press` lays its updates.

Dictionaries are written as text, in the clear; streams are deflated. Same objects in the same order, same bytes.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from reportlab.pdfbase.pdfdoc import PDFDocument, PDFObject


class _Body(PDFObject):  # type: ignore[misc]
    """An object that is written already."""

    def __init__(self, content: bytes = b"") -> None:
        self.content = content

    def format(self, document: PDFDocument) -> bytes:
        return self.content


class File:
    """Collects objects; a number can be taken before the object is known, so that objects can name each other."""

    def __init__(self) -> None:
        self._document = PDFDocument(invariant=1, pdfVersion=(1, 7))
        self._bodies: dict[int, _Body] = {}

    def _take(self, body: _Body) -> int:
        self._document.Reference(body)
        number: int = self._document.objectcounter
        self._bodies[number] = body
        return number

    def reserve(self) -> int:
        """A number whose object is `put` later."""
        return self._take(_Body())

    def put(self, number: int, body: str) -> None:
        self._bodies[number].content = body.encode("ascii")

    def add(self, body: str) -> int:
        return self._take(_Body(body.encode("ascii")))

    def stream(self, content: bytes, told: str = "", *, deflated: bool = True) -> int:
        """A stream with these further entries in its dictionary."""
        if deflated:
            content, told = zlib.compress(content, 9), told + "/Filter/FlateDecode"
        head = f"<<{told}/Length {len(content)}>>\nstream\n".encode("ascii")
        return self._take(_Body(head + content + b"\nendstream"))

    def written(self, root: int, info: int) -> bytes:
        """The file, whose catalogue and description are these objects; it is named by its content (14.4)."""
        for body in self._bodies.values():
            self._document.updateSignature(body.content)
        self._document.Catalog, self._document.info = self._bodies[root], self._bodies[info]
        made: bytes = self._document.format()
        return made


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
