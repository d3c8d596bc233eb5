"""Films and sounds of a few hundred bytes: real containers around nothing that could be played."""

from __future__ import annotations

import struct
from datetime import UTC, datetime

from inspector_app.domain.clock import CHINA

BEGAN = datetime(2026, 3, 16, 10, 33, 0, tzinfo=CHINA)


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def mp4(
    seconds: float = 90, began: datetime | None = BEGAN, tracks: tuple[bytes, ...] = (b"vide", b"soun"),
    brand: bytes = b"isom", media: bytes = b"\0" * 400, *, long: bool = False, last: bool = False,
) -> bytes:  # fmt: skip
    """`long`: 64-bit times; `last`: the header stands behind the media, as recorders write it."""
    made = int((began - datetime(1904, 1, 1, tzinfo=UTC)).total_seconds()) if began else 0
    units = int(seconds * 1000)
    times = struct.pack(">QQIQ", made, made, 1000, units) if long else struct.pack(">IIII", made, made, 1000, units)
    head = box(b"mvhd", bytes([long]) + b"\0\0\0", times, b"\0" * 80)
    handlers = [box(b"trak", box(b"mdia", box(b"hdlr", b"\0" * 8, kind, b"\0" * 12))) for kind in tracks]
    parts = [box(b"moov", head, *handlers), box(b"mdat", media)]
    return box(b"ftyp", brand, b"\0\0\2\0", brand) + b"".join(reversed(parts) if last else parts)


def element(id: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return id.to_bytes((id.bit_length() + 7) // 8, "big") + (len(body) | 1 << 56).to_bytes(8, "big") + body


def matroska(
    seconds: float = 90, began: datetime | None = BEGAN, tracks: tuple[int, ...] = (1, 2), *, live: bool = False
) -> bytes:
    """`live`: a segment that does not say how long it is, as one that is still being written."""
    spent = int((began - datetime(2001, 1, 1, tzinfo=UTC)).total_seconds()) * 10**9 if began else 0
    info = [element(0x2AD7B1, (1_000_000).to_bytes(3, "big")), element(0x4489, struct.pack(">d", seconds * 1000))]
    info += [element(0x4461, struct.pack(">q", spent))] if began else []
    entries = [element(0xAE, element(0x83, bytes([kind]))) for kind in tracks]
    inside = element(0x1549A966, *info) + element(0x1654AE6B, *entries) + element(0x1F43B675, b"\0" * 300)
    segment = b"\x18\x53\x80\x67\x01" + b"\xff" * 7 + inside if live else element(0x18538067, inside)
    return element(0x1A45DFA3, element(0x4282, b"matroska")) + segment


def wave(seconds: float = 2, began: datetime | None = BEGAN, claimed: int | None = None) -> bytes:
    sound = b"\0" * int(seconds * 1000)
    parts = [b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, 1000, 1000, 1, 8)]
    if began:
        parts.append(
            b"bext" + struct.pack("<I", 602) + b"\0" * 320 + f"{began:%Y-%m-%d%H:%M:%S}".encode() + b"\0" * 264
        )
    parts.append(b"data" + struct.pack("<I", len(sound) if claimed is None else claimed) + sound)
    body = b"WAVE" + b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(body)) + body
