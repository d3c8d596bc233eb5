"""One file of many members: a ZIP that any program opens, in the one byte form that these members can have.

Every member is stored as it is, at a fixed date, in the order given. So the bytes of the file follow from names and
contents alone, and a reader can hold the whole file to that form: not one bit outside the members is free.
Layout: APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12, 4.3.14 to 4.3.16 (ZIP64 where a size or offset needs it).
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_DATE = (1 << 5) | 1  # 1 January 1980
_UTF8 = 0x0800
_WIDE = 0xFFFFFFFF
_CHUNK = 1 << 20
MOST_MEMBERS = 100_000


@dataclass(frozen=True, slots=True)
class Member:
    """A member's name, and where its content begins and how long it is, in bytes."""

    name: str
    start: int
    size: int
    crc: int


class Writer:
    """Writes members one after the other; `close` writes the directory."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._members: list[tuple[str, int, int, int]] = []

    def add(self, name: str, size: int, pieces: Iterable[bytes]) -> None:
        """Write one member. Raises ValueError when the pieces are not `size` bytes long."""
        offset = self._file.tell()
        self._file.write(_local(name, size, 0))
        crc = written = 0
        for piece in pieces:
            self._file.write(piece)
            crc = zlib.crc32(piece, crc)
            written += len(piece)
        if written != size:
            raise ValueError(f"{name} has {written} bytes, not {size}")
        end = self._file.tell()
        self._file.seek(offset)
        self._file.write(_local(name, size, crc))
        self._file.seek(end)
        self._members.append((name, size, crc, offset))

    def close(self) -> None:
        start = self._file.tell()
        self._file.write(_directory(self._members, start))


def _local(name: str, size: int, crc: int) -> bytes:
    raw = name.encode()
    wide = size >= _WIDE
    extra = struct.pack("<HHQQ", 1, 16, size, size) if wide else b""
    shown = _WIDE if wide else size
    head = struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 45 if wide else 20, _UTF8, 0, 0, _DATE, crc, shown, shown, len(raw),
                       len(extra))  # fmt: skip
    return head + raw + extra


def _directory(members: list[tuple[str, int, int, int]], start: int) -> bytes:
    parts = []
    for name, size, crc, offset in members:
        raw = name.encode()
        wide = [*((size, size) if size >= _WIDE else ()), *((offset,) if offset >= _WIDE else ())]
        extra = struct.pack(f"<HH{len(wide)}Q", 1, 8 * len(wide), *wide) if wide else b""
        version = 45 if wide else 20
        parts.append(
            struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", version, version, _UTF8, 0, 0, _DATE, crc, min(size, _WIDE),
                        min(size, _WIDE), len(raw), len(extra), 0, 0, 0, 0, min(offset, _WIDE)) + raw + extra
        )  # fmt: skip
    listed = b"".join(parts)
    count, end = len(members), start + len(listed)
    tail = b""
    if count >= 0xFFFF or start >= _WIDE or len(listed) >= _WIDE:
        tail += struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, count, count, len(listed), start)
        tail += struct.pack("<4sIQI", b"PK\6\7", 0, end, 1)
    short = min(count, 0xFFFF)
    tail += struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, short, short, min(len(listed), _WIDE), min(start, _WIDE), 0)
    return listed + tail


class Reader:
    """Reads such a file; anything that `Writer` would not have written is refused before a content is read."""

    def __init__(self, path: Path) -> None:
        """Raises ValueError (in words for a person) or OSError."""
        self._file = path.open("rb")
        try:
            self.members = self._read(path.stat().st_size)
        except BaseException:
            self._file.close()
            raise

    def _read(self, size: int) -> dict[str, Member]:
        try:
            with zipfile.ZipFile(self._file) as archive:
                infos = archive.infolist()
                start = archive.start_dir
        except (
            zipfile.BadZipFile,
            struct.error,
            NotImplementedError,
            UnicodeDecodeError,
            EOFError,
            OverflowError,
        ) as error:
            raise ValueError("不是完整的压缩文件") from error
        if len(infos) > MOST_MEMBERS:
            raise ValueError("成员太多")
        members: dict[str, Member] = {}
        listed, at = [], 0
        for info in infos:
            name = info.filename
            if name in members or not _plain(name):
                raise ValueError(f"成员名称不合规或重复：{name!r}")
            if (
                info.header_offset != at
                or info.compress_type != zipfile.ZIP_STORED
                or info.compress_size != info.file_size
            ):
                raise ValueError(f"成员 {name} 的位置或存法不对")
            head = _local(name, info.file_size, info.CRC)
            self._file.seek(at)
            if self._file.read(len(head)) != head:
                raise ValueError(f"成员 {name} 的文件头被改动")
            members[name] = Member(name, at + len(head), info.file_size, info.CRC)
            listed.append((name, info.file_size, info.CRC, at))
            at += len(head) + info.file_size
        self._file.seek(at)
        expected = _directory(listed, at)
        if start != at or at + len(expected) != size or self._file.read() != expected:
            raise ValueError("目录与成员不一致")
        return members

    def stream(self, name: str) -> Iterator[bytes]:
        """The content in pieces. Raises KeyError for an unknown name, ValueError when the content is damaged."""
        member = self.members[name]
        left, crc, at = member.size, 0, member.start
        while left:
            self._file.seek(at)
            piece = self._file.read(min(left, _CHUNK))
            if not piece:
                break
            left, at, crc = left - len(piece), at + len(piece), zlib.crc32(piece, crc)
            yield piece
        if left or crc != member.crc:
            raise ValueError(f"成员 {name} 的内容被改动")

    def read(self, name: str, most: int) -> bytes:
        """The whole content. Raises ValueError when it is larger than `most` bytes."""
        if self.members[name].size > most:
            raise ValueError(f"成员 {name} 太大")
        return b"".join(self.stream(name))

    def close(self) -> None:
        self._file.close()


def _plain(name: str) -> bool:
    """Whether a name is a relative path without tricks."""
    parts = name.split("/")
    return name.isascii() and "\\" not in name and all(p not in ("", ".", "..") for p in parts) and ":" not in name
