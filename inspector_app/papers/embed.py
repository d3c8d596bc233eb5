"""Faces as a PDF carries them: the outlines of the characters in use, numbered in the order of Unicode (ISO 32000-1, 9.7).

A character is drawn by the number of its outline (Identity-H); a table leads back from the number to the character, so that
text can be found and copied. Instructions for coarse screens, names, licence and metrics for systems stay out (9.9).
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import accumulate

from ..domain.problems import Problem
from .fonts import Face
from .objects import File, deflated, number, ref

_HEAD = 10  # number of contours and box
_WORDS, _SCALE, _MORE, _TWO_SCALES, _MATRIX, _INSTRUCTED = 0x1, 0x8, 0x20, 0x40, 0x80, 0x100
_BLOCK = 256  # codes of one range share their first byte
_BEYOND = "\U00010000"  # from here on a character takes two words
_SYMBOLIC = 4
_TABLE = """/CIDInit/ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def
/CMapName/Adobe-Identity-UCS def/CMapType 2 def
1 begincodespacerange<0000><FFFF>endcodespacerange
{count} beginbfrange
{lines}
endbfrange endcmap CMapName currentdict/CMap defineresource pop end end"""


class Embedded:
    """The characters of one face as files hold them, in the order of Unicode; what they are made of is packed once."""

    def __init__(self, face: Face, characters: str) -> None:
        """Raises `Problem("font_damaged")` when an outline cannot be read."""
        self.face, self.characters = face, characters
        self.codes = {ord(char): f"{code:04X}" for code, char in enumerate(characters, 1)}
        """For each character, by its code, what a string of a content stream holds, in hexadecimal digits."""
        try:
            program = _program(face, face.numbers(characters))
        except (OSError, struct.error, IndexError) as error:
            raise Problem("font_damaged", name=face.source.path.name) from error
        self._size, self._program = len(program), deflated(program)
        self._table, self._told = deflated(self._characters().encode("ascii")), self._widths()

    def write(self, file: File) -> int:
        """Put the face into a file; the number of its object."""
        face = self.face
        mark = hashlib.sha256(self.characters.encode()).digest()
        tag = "".join(chr(ord("A") + byte % 26) for byte in mark[:6])
        name = f"/{tag}+{re.sub('[^A-Za-z0-9-]', '', face.postscript) or 'Face'}"
        box = " ".join(map(str, face.box))
        held = file.packed(self._program, f"/Length1 {self._size}")
        descriptor = file.add(
            f"<</Type/FontDescriptor/FontName{name}/Flags {_SYMBOLIC}/FontBBox[{box}]/ItalicAngle 0/Ascent {face.ascent}"
            f"/Descent {face.descent}/CapHeight {face.ascent}/StemV 80/FontFile2 {ref(held)}>>"
        )
        outlines = file.add(
            f"<</Type/Font/Subtype/CIDFontType2/BaseFont{name}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
            f"/FontDescriptor {ref(descriptor)}/CIDToGIDMap/Identity/DW 1000{self._told}>>"
        )
        return file.add(
            f"<</Type/Font/Subtype/Type0/BaseFont{name}/Encoding/Identity-H/DescendantFonts[{ref(outlines)}]"
            f"/ToUnicode {ref(file.packed(self._table))}>>"
        )

    def _widths(self) -> str:
        """Of the characters that are no full cell, each run of neighbours together (9.7.4.3)."""
        parts: list[str] = []
        last = -1
        for code, advance in enumerate(map(self.face.advance, self.characters), 1):
            if advance == 1.0:
                continue
            wide = number(advance * 1000, 3)
            parts.append(f" {wide}" if code == last + 1 else f"{']' if parts else ''} {code}[{wide}")
            last = code
        return f"/W[{''.join(parts)}]]" if parts else ""

    def _characters(self) -> str:
        """The table from codes to characters (9.10.3)."""
        lines = []
        for first in range(0, len(self.characters) + 1, _BLOCK):
            part = self.characters[max(first - 1, 0) : first + _BLOCK - 1]
            words = "".join(
                [f"<{ord(char):04x}>" if char < _BEYOND else f"<{char.encode('utf-16-be').hex()}>" for char in part]
            )
            start = max(first, 1)
            lines.append(f"<{start:04X}><{start + len(part) - 1:04X}>[{words}]")
        return _TABLE.format(count=len(lines), lines="\n".join(lines))


@lru_cache(maxsize=32)
def embedded(face: Face, characters: str) -> Embedded:
    """These characters, sorted. The heads of papers and what is typed into a draft change few of the sets from one paper to the
    next; the largest packs have some 60 kB."""
    return Embedded(face, characters)


def _program(face: Face, glyphs: Sequence[int]) -> bytes:
    """A TrueType font of these glyphs of a face, behind the one for what is missing; those that they are made of follow."""
    order = [0, *glyphs]
    face.look_up(order)
    new = dict(zip(reversed(order), range(len(glyphs), -1, -1), strict=True))

    def renamed(glyph: int) -> int:
        if glyph not in new:
            new[glyph] = len(order)
            order.append(glyph)
        return new[glyph]

    outlines = [_made(face.outline(glyph), renamed) for glyph in order]  # which grows by what glyphs are made of
    places = list(accumulate(map(len, outlines), initial=0))
    head, counts, lines = bytearray(face.tables["head"]), bytearray(face.tables["maxp"]), bytearray(face.tables["hhea"])
    struct.pack_into(">I", head, 8, 0)  # the sum over the file is reckoned below
    struct.pack_into(">h", head, 50, 1)  # places are told in four bytes
    struct.pack_into(">H", counts, 4, len(order))
    struct.pack_into(">H", lines, 34, len(order))
    return _font({
        b"glyf": b"".join(outlines), b"head": bytes(head), b"hhea": bytes(lines),
        b"hmtx": b"".join(map(face.metrics, order)),
        b"loca": struct.pack(f">{len(places)}I", *places), b"maxp": bytes(counts),
    })  # fmt: skip


def _made(outline: bytes, renamed: Callable[[int], int]) -> bytes:
    """An outline in which the glyphs that it is made of go by their new numbers, without instructions."""
    if outline[:1] < b"\x80":  # a number of contours and not -1
        return outline
    at = _HEAD
    made, flags = bytearray(outline), _MORE
    while flags & _MORE:
        flags, glyph = struct.unpack_from(">HH", made, at)
        struct.pack_into(">HH", made, at, flags & ~_INSTRUCTED, renamed(glyph))
        scaled = 8 if flags & _MATRIX else 4 if flags & _TWO_SCALES else 2 if flags & _SCALE else 0
        at += 4 + (4 if flags & _WORDS else 2) + scaled
    return bytes(made[:at])


def _font(tables: dict[bytes, bytes]) -> bytes:
    """The file of these tables, with the sums that belong to it (ISO/IEC 14496-22, 5)."""
    power = len(tables).bit_length() - 1
    head = struct.pack(">IHHHH", 0x00010000, len(tables), 16 << power, power, 16 * len(tables) - (16 << power))
    at, entries, bodies, whole = len(head) + 16 * len(tables), [head], [], 0
    for tag, table in sorted(tables.items()):
        padded = table + bytes(-len(table) % 4)
        check = _sum(padded)
        entries.append(struct.pack(">4sIII", tag, check, at, len(table)))
        bodies.append(padded)
        whole += check
        at += len(padded)
    start = b"".join(entries)
    made = bytearray(start + b"".join(bodies))
    place = made.index(tables[b"head"], len(start)) + 8
    struct.pack_into(">I", made, place, (0xB1B0AFBA - whole - _sum(start)) & 0xFFFFFFFF)
    return bytes(made)


def _sum(words: bytes) -> int:
    """Of numbers of four bytes, as far as four bytes hold it: one long number is folded again and again."""
    count = 1 << (len(words) // 4 - 1).bit_length()
    total = int.from_bytes(words.rjust(4 * count, b"\0"), "big")
    lows = int.from_bytes(b"\0\0\0\0\xff\xff\xff\xff" * (count // 2), "big")
    total = (total & lows) + (total >> 32 & lows)  # numbers of eight bytes, which their sum cannot fill
    while count > 2:
        count //= 2
        total = (total >> 32 * count) + (total & (1 << 32 * count) - 1)
    return total & 0xFFFFFFFF
