"""Reads the files that this room writes, and those it wrote before: a table of references as a stream with small objects in a
pack (ISO 32000-1, 7.5.7 and 7.5.8), or in the clear (7.5.4).

Only what is asked of an archived paper: dictionaries by their number, streams, pages in order.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from .objects import ROW, widths

_OBJECT = re.compile(rb"\d+ \d+ obj\s*(<<.*?>>)\s*(endobj|stream\r?\n)", re.DOTALL)
_START = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
_TABLE = re.compile(rb"xref\s+0\s+(\d+)\s+")
_PACK = b"/Type/ObjStm"


class Unfit(Exception):
    """The file is not as this room writes it."""


@dataclass(frozen=True)
class Written:
    """A file with one table of references. Whatever is read raises `Unfit` when it is another one's."""

    content: bytes

    @cached_property
    def start(self) -> int:
        """Where the table begins."""
        found = _START.search(self.content[-64:])
        if found is None:
            raise Unfit
        return int(found[1])

    @cached_property
    def clear(self) -> bool:
        """Whether the table is in the clear, with all objects by themselves."""
        return self.content.startswith(b"xref", self.start)

    @cached_property
    def places(self) -> dict[int, int]:
        """Where each object begins that stands by itself."""
        if self.clear:
            head = _TABLE.match(self.content, self.start)
            if head is None:
                raise Unfit
            lines = [self.content[at : at + 20] for at in range(head.end(), head.end() + 20 * int(head[1]), 20)]
            return {number: int(line[:10]) for number, line in enumerate(lines) if line[17:18] == b"n"}
        head_, at = self._at(self.start)
        if b"/Type/XRef" not in head_ or widths().encode() not in head_:
            raise Unfit
        rows = zlib.decompress(self.content[at : at + integer(head_, b"Length")])
        return {number: place for number, (kind, place, _) in enumerate(ROW.iter_unpack(rows)) if kind == 1}

    @cached_property
    def trailer(self) -> bytes:
        """The dictionary that names the catalogue."""
        if not self.clear:
            return self._at(self.start)[0]
        at = self.content.find(b"trailer", self.start)
        if at < 0:
            raise Unfit
        return self.content[at : self.content.index(b"startxref", at)]

    @cached_property
    def packed(self) -> dict[int, bytes]:
        """The objects of the pack."""
        found: dict[int, bytes] = {}
        for number in () if self.clear else self.places:
            head = self.head(number)
            if _PACK in head:
                content, first = self.text(number), integer(head, b"First")
                told = [int(word) for word in content[:first].split()]
                bounds = [*told[1::2], len(content) - first]
                for own, start, end in zip(told[::2], bounds, bounds[1:], strict=False):
                    found[own] = content[first + start : first + end].strip()
        return found

    def head(self, number: int) -> bytes:
        """The dictionary of an object, as it is written."""
        if number in self.places:
            return self._at(self.places[number])[0]
        if number not in self.packed:
            raise Unfit
        return self.packed[number]

    def heads(self) -> Iterator[bytes]:
        """The dictionaries of all objects that have one."""
        yield from self.packed.values()
        for place in self.places.values():
            if found := _OBJECT.match(self.content, place):
                yield found[1]

    def _at(self, place: int) -> tuple[bytes, int]:
        """The dictionary of the object here, and where its stream begins."""
        found = _OBJECT.match(self.content, place)
        if found is None:
            raise Unfit
        return found[1], found.end()

    def raw(self, number: int) -> bytes:
        """The bytes of a stream as they are stored."""
        if number not in self.places:
            raise Unfit
        head, at = self._at(self.places[number])
        return self.content[at : at + integer(head, b"Length")]

    def text(self, number: int) -> bytes:
        """The content of a stream."""
        head = self.head(number)
        if b"/Filter" not in head:
            return self.raw(number)
        if re.search(rb"/Filter\s*\[?\s*/FlateDecode\s*\]?", head) is None:
            raise Unfit
        return zlib.decompress(self.raw(number))

    @cached_property
    def tree(self) -> int:
        """The object that holds the pages."""
        return refer(self.head(refer(self.trailer, b"Root")), b"Pages")

    @cached_property
    def pages(self) -> list[int]:
        found = re.search(rb"/Kids\s*\[([^\]]*)\]", self.head(self.tree))
        if found is None:
            raise Unfit
        return [int(number) for number in re.findall(rb"(\d+) 0 R", found[1])]

    def stream(self, page: int) -> int:
        """The object that holds the operators of a page."""
        return refer(self.head(page), b"Contents")

    def photos(self) -> Iterator[int]:
        """Pictures in colour."""
        for number, place in self.places.items():
            found = _OBJECT.match(self.content, place)
            if found and b"/DCTDecode" in found[1] and b"/DeviceGray" not in found[1]:
                yield number


def refer(head: bytes, name: bytes) -> int:
    """The number of the object that a dictionary refers to by this name."""
    found = re.search(rb"/" + name + rb"\s+(\d+) 0 R", head)
    if found is None:
        raise Unfit
    return int(found[1])


def integer(head: bytes, name: bytes) -> int:
    """A whole number that stands in a dictionary under this name."""
    found = re.search(rb"/" + name + rb"\s+(\d+)(?!\s+\d+\s+R)", head)
    if found is None:
        raise Unfit
    return int(found[1])
