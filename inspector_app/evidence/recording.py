"""A sealed file that grows while it is recorded: what was sealed stays readable whatever happens next.

It is a header like that of every file of the vault and records of any length up to 1 MiB. Before each record stand its
length and its time since the first byte, in milliseconds. A file that was closed ends with an empty record marked as
the last; after a crash that one is written by `mend`, behind the last whole record.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag

from ..record.digests import Digests
from .suites import Sealing

LARGEST = 1024 * 1024
"""Bytes of content in a record at most."""

LATEST = 0.2
"""Seconds that anything waits to be sealed at most, and that lie between two records of less than `LARGEST`. A crash may cost two
seconds; the muxer holds one back, and the encoder two pictures, of which there are five a second in the dark."""

TOGETHER = 0.02
"""Seconds in which all is here that the muxer gives out at a time. After that nothing may come for a second, so it is sealed."""

_PREFIX = 8
_TAG = 16
_PIECE = 64 * 1024
_WAITING = 64
"""Pieces that may wait to be sealed; more make the recorder wait."""

_sync = getattr(os, "fdatasync", os.fsync)


@dataclass(frozen=True, slots=True)
class Whole:
    """What a recording holds: digests and number of its bytes, and its length in milliseconds."""

    sha256: str
    sm3: str
    size: int
    duration: int


@dataclass(frozen=True, slots=True)
class Span:
    """Where a record lies: its number, its place and length in the sealed file, and where its content begins."""

    number: int
    place: int
    length: int
    begin: int
    ms: int

    @property
    def size(self) -> int:
        return self.length - _TAG

    def open(self, file: BinaryIO, cipher: Sealing, header: bytes, *, last: bool) -> bytes:
        """The content of the record. Raises InvalidTag when it is not what was sealed."""
        file.seek(self.place)
        return cipher.decrypt(_nonce(self.number), file.read(self.length), _bound(header, self.number, self.ms, last))


def spans(file: BinaryIO, header: bytes) -> Iterator[Span]:
    """The records of a file that grew, up to the first that is not all there."""
    end = file.seek(0, os.SEEK_END)
    place, begin, number = len(header), 0, 0
    while place + _PREFIX + _TAG <= end:
        file.seek(place)
        prefix = file.read(_PREFIX)
        length, ms = int.from_bytes(prefix[:4], "big"), int.from_bytes(prefix[4:], "big")
        if not _TAG <= length <= LARGEST + _TAG or place + _PREFIX + length > end:
            return
        yield Span(number, place + _PREFIX, length, begin, ms)
        place, begin, number = place + _PREFIX + length, begin + length - _TAG, number + 1


class Growing:
    """Writes one such file. Not for two threads at a time."""

    def __init__(self, path: Path, header: bytes, cipher: Sealing, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin a new file at `path`. Raises OSError, also when there is one already."""
        self._header, self._cipher, self._clock = header, cipher, clock
        self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb", buffering=0)
        self._digests = Digests()
        self._waiting, self._first = bytearray(), 0.0
        self._due, self._sealed = 0.0, -LATEST
        self._number = self._ms = 0
        self._write(header)

    @property
    def size(self) -> int:
        """Bytes that are sealed."""
        return self._digests.size

    def write(self, data: bytes) -> None:
        """Take content; on return all but the last part below 1 MiB is sealed and on the disk. Raises OSError."""
        now = self._clock()
        if not self.size and not self._waiting:
            self._first = now
        if not self._waiting:
            self._due = max(now + TOGETHER, self._sealed + LATEST)
        self._waiting += data
        while len(self._waiting) >= LARGEST:
            self._seal(LARGEST)

    def tick(self) -> float:
        """Seal what is due; returns the seconds until there is something to seal. Raises OSError."""
        if not self._waiting:
            return LATEST
        left = self._due - self._clock()
        if left > 0:
            return left
        self._seal(len(self._waiting))
        return LATEST

    def close(self) -> Whole:
        """Seal the rest and mark the end; on return all of it is on the disk. Raises OSError."""
        if self._waiting:
            self._seal(len(self._waiting))
        self._append(b"", last=True)
        self._file.close()
        return Whole(self._digests.sha256, self._digests.sm3, self.size, self._ms)

    def abandon(self) -> None:
        """Close without an end, as a crash would."""
        self._file.close()

    def _seal(self, count: int) -> None:
        content = bytes(self._waiting[:count])
        self._ms = max(self._ms, round((self._clock() - self._first) * 1000))
        self._append(content, last=False)
        self._digests.update(content)
        del self._waiting[:count]
        self._sealed = self._clock()
        self._due = self._sealed + LATEST

    def _append(self, content: bytes, *, last: bool) -> None:
        self._write(sealed(self._cipher, self._header, self._number, self._ms, content, last=last))
        self._number += 1

    def _write(self, data: bytes) -> None:
        left = memoryview(data)
        while left:
            left = left[self._file.write(left) :]
        _sync(self._file.fileno())


def sealed(cipher: Sealing, header: bytes, number: int, ms: int, content: bytes, *, last: bool) -> bytes:
    """A record with its prefix."""
    record = cipher.encrypt(_nonce(number), content, _bound(header, number, ms, last))
    return len(record).to_bytes(4, "big") + ms.to_bytes(4, "big") + record


def mend(path: Path, header: bytes, cipher: Sealing) -> Whole:
    """Cut a file that a crash left to its last whole record and mark its end; one that was closed stays as it is.

    Raises:
        OSError: the disk refuses; the file is then as it was, or cut already.
    """
    digests, ms, number, end, closed = Digests(), 0, 0, len(header), False
    with path.open("r+b") as file:
        for span in spans(file, header):
            try:
                content = span.open(file, cipher, header, last=span.size == 0)
            except InvalidTag:
                break
            end, number, ms = span.place + span.length, span.number + 1, span.ms
            if not content:
                closed = True
                break
            digests.update(content)
        file.truncate(end)
        if not closed:
            file.seek(end)
            file.write(sealed(cipher, header, number, ms, b"", last=True))
        file.flush()
        os.fsync(file.fileno())
    return Whole(digests.sha256, digests.sm3, digests.size, ms)


class Sealer:
    """Seals what comes out of a pipe until its other end is closed: one thread reads, one seals and syncs."""

    def __init__(self, source: int, film: Growing, failed: Callable[[OSError], object]) -> None:
        """Begin at once; `source` is the descriptor to read from. `failed` is called on the sealing thread, once: from
        then on what comes is read and dropped, so that the recorder does not hang."""
        self._source, self._film, self._failed = source, film, failed
        self._pieces: queue.Queue[bytes] = queue.Queue(_WAITING)
        self.error: OSError | None = None
        self._reader = threading.Thread(target=self._read, name="film-read", daemon=True)
        self._sealer = threading.Thread(target=self._seal, name="film-seal", daemon=True)
        self._reader.start()
        self._sealer.start()

    def join(self) -> None:
        """Wait until the pipe is at its end and everything is sealed."""
        self._reader.join()
        self._sealer.join()

    def _read(self) -> None:
        with os.fdopen(self._source, "rb", buffering=0) as source:
            while piece := source.read(_PIECE):
                self._pieces.put(piece)
        self._pieces.put(b"")

    def _seal(self) -> None:
        wait = LATEST
        while True:
            try:
                piece = self._pieces.get(timeout=wait)
                if not piece:
                    return
                if self.error is None:
                    self._film.write(piece)
            except queue.Empty:
                pass
            except OSError as error:
                self._fail(error)
            wait = self._tick()

    def _tick(self) -> float:
        try:
            return self._film.tick() if self.error is None else LATEST
        except OSError as error:
            self._fail(error)
            return LATEST

    def _fail(self, error: OSError) -> None:
        self.error = error
        self._failed(error)


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _bound(header: bytes, number: int, ms: int, last: bool) -> bytes:
    return header + number.to_bytes(8, "big") + ms.to_bytes(4, "big") + (b"\x01" if last else b"\x00")
