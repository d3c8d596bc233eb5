"""What goes on a stick when there is no network: events with their proofs, receipts, files; sealed for one reader.

The content is a row of parts, each a mark, a length and its bytes: `M` a message of lines and notes (the wire's form), `F` a
file, its digest first. The reader checks everything as if it had come over the network; the stick vouches for nothing.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from ..record.keys import DeviceKey, PublicKey
from ..record.sealed import NotForUs, seal, unseal
from .wire import Garbled, pack, unpack

_HEAD = struct.Struct(">cQ")
_MOST_MESSAGE = 32 << 20


@dataclass(frozen=True, slots=True)
class Parcel:
    """Lines of the record with the notes that prove them, and receipts that come back."""

    notes: Sequence[str] = ()
    receipts: Mapping[str, str] = field(default_factory=dict)
    lines: Sequence[bytes] = ()


@dataclass(frozen=True, slots=True)
class Carried:
    """A file on the stick."""

    sha256: str
    size: int
    pieces: Iterable[bytes]


def write_bundle(target: BinaryIO, reader: PublicKey, parcels: Iterable[Parcel], files: Iterable[Carried]) -> None:
    """Write a stick's file for `reader`."""

    def parts() -> Iterator[bytes]:
        for parcel in parcels:
            head = {"protocol": 1, "notes": list(parcel.notes), "receipts": dict(parcel.receipts)}
            message = pack(head, parcel.lines)
            yield _HEAD.pack(b"M", len(message)) + message
        for file in files:
            yield _HEAD.pack(b"F", 32 + file.size) + bytes.fromhex(file.sha256)
            yield from file.pieces

    seal(target, reader, parts())


def read_bundle(
    source: BinaryIO, key: DeviceKey, parcel: Callable[[Parcel], object],
    file: Callable[[str, int, Iterator[bytes]], object],
) -> None:  # fmt: skip
    """Give every part of a stick's file to `parcel` or `file` as it is read; a file comes in pieces.

    Raises:
        NotForUs: sealed for another key, damaged, cut off; Garbled: a part is not what it says.
    """
    stream = _Stream(unseal(source, key))
    while head := stream.read(_HEAD.size, at_end=True):
        mark, size = _HEAD.unpack(head)
        if mark == b"M" and size <= _MOST_MESSAGE:
            plain, lines = unpack(stream.read(size))
            try:
                made = Parcel(
                    [str(n) for n in plain["notes"]], {str(s): str(n) for s, n in plain["receipts"].items()}, lines
                )
            except (KeyError, TypeError, AttributeError) as error:
                raise Garbled("not a parcel") from error
            parcel(made)
        elif mark == b"F" and size >= 32:
            sha256 = stream.read(32).hex()
            pieces = stream.pieces(size - 32)
            file(sha256, size - 32, pieces)
            for _ in pieces:  # what the taker did not want is passed by
                continue
        else:
            raise Garbled("an unknown part")


class _Stream:
    """Reads exact lengths from pieces of any size."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._held = pieces, b""

    def read(self, size: int, *, at_end: bool = False) -> bytes:
        parts = b"".join(self.pieces(size, at_end=at_end))
        if len(parts) != size and not (at_end and not parts):
            raise NotForUs("cut off")
        return parts

    def pieces(self, size: int, *, at_end: bool = False) -> Iterator[bytes]:
        left = size
        while left:
            if not self._held:
                self._held = next(self._pieces, b"")
                if not self._held:
                    if at_end and left == size:
                        return
                    raise NotForUs("cut off")
            piece, self._held = self._held[:left], self._held[left:]
            left -= len(piece)
            yield piece
