"""A PDF file as numbered objects with one table of references (ISO 32000-1, 7.3 and 7.5): what `press` lays its updates over.

Dictionaries are written as text, in the clear; streams are deflated. Same objects in the same order, same bytes.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable

_HEAD = b"%PDF-1.7\n%\xe6\xa1\xa3\xe6\xa1\x88\n"


class File:
    """Collects objects; a number can be taken before the object is known, so that objects can name each other."""

    def __init__(self) -> None:
        self._objects: list[bytes] = []

    def reserve(self) -> int:
        """A number whose object is `put` later."""
        self._objects.append(b"")
        return len(self._objects)

    def put(self, number: int, body: str) -> None:
        self._objects[number - 1] = body.encode("ascii")

    def add(self, body: str) -> int:
        self._objects.append(body.encode("ascii"))
        return len(self._objects)

    def stream(self, content: bytes, told: str = "", *, deflated: bool = True) -> int:
        """A stream with these further entries in its dictionary."""
        if deflated:
            content, told = zlib.compress(content, 9), told + "/Filter/FlateDecode"
        head = f"<<{told}/Length {len(content)}>>\nstream\n".encode("ascii")
        self._objects.append(head + content + b"\nendstream")
        return len(self._objects)

    def written(self, root: int, info: int) -> bytes:
        """The file, whose catalogue and description are these objects; it is named by its content (14.4)."""
        parts, places = [_HEAD], []
        at = len(_HEAD)
        for number, body in enumerate(self._objects, 1):
            part = b"%d 0 obj\n%s\nendobj\n" % (number, body)
            places.append(at)
            parts.append(part)
            at += len(part)
        name = hashlib.sha256(b"".join(parts)).hexdigest()[:32]
        table = b"".join(b"%010d 00000 n \n" % place for place in places)
        size = len(places) + 1
        tail = f"trailer\n<</Size {size}/Root {ref(root)}/Info {ref(info)}/ID[<{name}><{name}>]>>\nstartxref\n{at}\n%%EOF\n"
        return b"".join([*parts, b"xref\n0 %d\n0000000000 65535 f \n" % size, table, tail.encode("ascii")])


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
