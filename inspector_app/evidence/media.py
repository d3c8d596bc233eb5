"""Films and sounds: never decoded; kind, begin and length are read from the header of their own container.

MP4 and MOV (ISO/IEC 14496-12: `ftyp`, `moov`, `mvhd`, `hdlr`), Matroska (RFC 9559: Segment Info, Tracks) and WAV (RIFF, with
EBU 3285 `bext`). Sizes in a header are claims: every read is short, every walk ends after `_STEPS` parts.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

from ..domain.clock import CHINA

FILM, SOUND = "录像", "录音"

_STEPS = 4096
"""Parts of a header that are looked at; a camera writes some dozens."""
_SINCE = datetime(2000, 1, 1, tzinfo=UTC)
"""A begin before this is a clock that was never set."""
_LONGEST = 7 * 24 * 3600 * 1000
"""Milliseconds; a longer one is a damaged header."""
_IMAGES = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"})


@dataclass(frozen=True, slots=True)
class Media:
    """What the header says. `began_at` is the device's own time, None where it says none; `duration` in milliseconds, 0
    where it is not known; `whole` is False when the file ends before what its header announces. `codecs` are the names under
    which the header knows what its tracks are coded with."""

    kind: str
    mime: str
    began_at: datetime | None
    duration: int
    whole: bool
    codecs: tuple[str, ...] = ()


def is_photo(head: bytes) -> bool:
    """Whether the first 16 bytes are those of JPEG, PNG or HEIC."""
    if head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return True
    return head[4:8] == b"ftyp" and head[8:12] in _IMAGES


def read_media(file: BinaryIO) -> Media | None:
    """The film or sound in a file by its bytes, whatever its name says; None when it is none. Raises OSError."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(16)
    if is_photo(head):
        return None
    try:
        if head[:4] == b"\x1a\x45\xdf\xa3":
            return _Matroska(file, size).read()
        if head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE":
            return _wave(file, size)
        if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"):
            return _Mp4(file, size).read(head)
    except (struct.error, OverflowError, ValueError):
        return None
    return None


def _at(file: BinaryIO, place: int, length: int) -> bytes:
    file.seek(place)
    return file.read(length)


def _name(raw: bytes) -> str:
    """The name of a coding as it may be shown."""
    return "".join(sign for sign in raw.decode("ascii", "replace") if sign.isprintable()).strip()


def _length(units: float, per_second: float) -> int:
    """Milliseconds, or 0 for what nobody recorded."""
    made = units * 1000 / per_second if per_second > 0 else 0.0
    return round(made) if 0 < made <= _LONGEST else 0


def _after(epoch: datetime, span: timedelta) -> datetime | None:
    moment = epoch + span
    return moment if moment >= _SINCE else None


class _Mp4:
    """Walks the boxes of an MP4 or QuickTime file."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file, self._size, self._left = file, size, _STEPS
        self._handlers: set[bytes] = set()
        self._codecs: list[str] = []
        self._began: datetime | None = None
        self._duration, self._whole, self._headed = 0, True, False

    def read(self, head: bytes) -> Media | None:
        brand = head[8:12] if head[4:8] == b"ftyp" else b"qt  "
        for kind, start, end in self._boxes(0, self._size):
            if kind == b"moov":
                self._movie(start, end)
        sound = brand in (b"M4A ", b"M4B ") or (b"soun" in self._handlers and b"vide" not in self._handlers)
        if not self._headed and head[4:8] != b"ftyp":
            return None  # eight bytes that could be anything
        mime = "audio/mp4" if sound else "video/quicktime" if brand == b"qt  " else "video/mp4"
        return Media(SOUND if sound else FILM, mime, self._began, self._duration, self._whole and self._headed,
                     tuple(self._codecs))  # fmt: skip

    def _movie(self, start: int, end: int) -> None:
        for kind, begin, stop in self._boxes(start, end):
            if kind == b"mvhd":
                self._header(_at(self._file, begin, 32))
            elif kind == b"trak":
                for inner, first, last in self._boxes(begin, stop):
                    if inner == b"mdia":
                        self._track(first, last)

    def _track(self, start: int, end: int) -> None:
        for kind, begin, stop in self._boxes(start, end):
            if kind == b"hdlr":
                self._handlers.add(_at(self._file, begin + 8, 4))
            elif kind in (b"minf", b"stbl"):
                self._track(begin, stop)
            elif kind == b"stsd":  # its first entry: size, then the name of the coding
                self._codecs.append(_name(_at(self._file, begin + 12, 4)))

    def _header(self, body: bytes) -> None:
        if body[:1] == b"\x01":
            made, _, scale, units = struct.unpack(">QQIQ", body[4:32])
        else:
            made, _, scale, units = struct.unpack(">IIII", body[4:20])
            units = 0 if units == 0xFFFFFFFF else units
        self._headed = True
        self._duration = _length(units, scale)
        if made:
            self._began = _after(datetime(1904, 1, 1, tzinfo=UTC), timedelta(seconds=made))

    def _boxes(self, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
        while start + 8 <= end and self._left > 0:
            self._left -= 1
            size, kind = struct.unpack(">I4s", _at(self._file, start, 8))
            head = 8
            if size == 1:
                (size,) = struct.unpack(">Q", _at(self._file, start + 8, 8))
                head = 16
            elif size == 0:
                size = end - start
            if size < head:
                return
            if start + size > end:
                self._whole = False
            yield kind, start + head, min(start + size, end)
            start += size


class _Matroska:
    """Walks the elements of a Matroska or WebM file up to its first cluster."""

    _SEGMENT, _INFO, _TRACKS, _ENTRY, _CLUSTER = 0x18538067, 0x1549A966, 0x1654AE6B, 0xAE, 0x1F43B675
    _SCALE, _DURATION, _DATE, _TYPE, _CODEC = 0x2AD7B1, 0x4489, 0x4461, 0x83, 0x86

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file, self._size, self._left, self._whole = file, size, _STEPS, True

    def read(self) -> Media:
        began: datetime | None = None
        units, scale, types, headed = 0.0, 1_000_000, set[int](), False
        codecs: list[str] = []
        segment = next(((s, e) for id, s, e in self._elements(0, self._size) if id == self._SEGMENT), (0, 0))
        for id, start, end in self._elements(*segment):
            if id == self._CLUSTER:
                break
            if id == self._INFO:
                headed = True
                for inner, at, stop in self._elements(start, end):
                    if inner == self._SCALE:
                        scale = int.from_bytes(self._body(at, stop), "big")
                    elif inner == self._DURATION:
                        body = self._body(at, stop)
                        units = struct.unpack(">f" if len(body) == 4 else ">d", body)[0]
                    elif inner == self._DATE:
                        (spent,) = struct.unpack(">q", self._body(at, stop))
                        epoch = datetime(2001, 1, 1, tzinfo=UTC)
                        began = _after(epoch, timedelta(microseconds=spent // 1000))
            elif id == self._TRACKS:
                for inner, at, stop in self._elements(start, end):
                    for one, first, last in self._elements(at, stop) if inner == self._ENTRY else ():
                        if one == self._TYPE:
                            types.add(int.from_bytes(self._body(first, last), "big"))
                        elif one == self._CODEC:
                            codecs.append(_name(_at(self._file, first, min(last - first, 32))))
        sound = 2 in types and 1 not in types
        mime = "audio/x-matroska" if sound else "video/x-matroska"
        length = _length(units * scale, 1e9)
        return Media(SOUND if sound else FILM, mime, began, length, self._whole and headed, tuple(codecs))

    def _body(self, start: int, end: int) -> bytes:
        return _at(self._file, start, min(end - start, 8))

    def _elements(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        while start < end and self._left > 0:
            self._left -= 1
            head = _at(self._file, start, 12)
            id_length = 9 - head[0].bit_length() if head and head[0] else 9
            if id_length > 4 or len(head) <= id_length or head[id_length] == 0:
                return
            first = head[id_length]
            length = 9 - first.bit_length()
            raw = head[id_length : id_length + length]
            if len(raw) < length:
                return
            size = int.from_bytes(raw, "big") & ((1 << 7 * length) - 1)
            body = start + id_length + length
            if size == (1 << 7 * length) - 1:  # not known: a live recording, it reaches to the end
                size = end - body
            if body + size > end:
                self._whole = False
            yield int.from_bytes(head[:id_length], "big"), body, min(body + size, end)
            start = body + size


def _wave(file: BinaryIO, size: int) -> Media:
    rate, length, long, whole = 0, 0, 0, False
    began: datetime | None = None
    place = 12
    for _ in range(_STEPS):
        head = _at(file, place, 8)
        if len(head) < 8:
            break
        kind, extent = struct.unpack("<4sI", head)
        if kind == b"fmt ":
            (rate,) = struct.unpack("<I", _at(file, place + 16, 4))
        elif kind == b"ds64":
            (long,) = struct.unpack("<Q", _at(file, place + 16, 8))
        elif kind == b"bext":
            began = _origination(_at(file, place + 8 + 320, 18))
        elif kind == b"data":
            extent = long if extent == 0xFFFFFFFF and long else extent
            whole = place + 8 + extent <= size
            length = min(extent, size - place - 8)
        place += 8 + extent + extent % 2
    return Media(SOUND, "audio/x-wav", began, _length(length, rate), whole and rate > 0)


def _origination(text: bytes) -> datetime | None:
    """Date and time that a `bext` chunk gives without a zone: local time of China."""
    digits = "".join(sign for sign in text.decode("ascii", "replace") if sign.isdigit())
    try:
        moment = datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=CHINA)
    except ValueError:
        return None
    return moment if moment >= _SINCE else None
