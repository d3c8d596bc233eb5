"""What comes in pieces, read like a file."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, BinaryIO, cast


def as_file(piece: Callable[[], bytes]) -> BinaryIO:
    """A file whose content `piece` gives, call by call; an empty piece ends it, and nothing is asked for after it."""
    return cast(BinaryIO, io.BufferedReader(_Incoming(piece)))


class _Incoming(io.RawIOBase):
    def __init__(self, piece: Callable[[], bytes]) -> None:
        self._piece, self._held, self._ended = piece, b"", False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._held and not self._ended:
            self._held = self._piece()
            self._ended = not self._held
        part = self._held[: len(buffer)]
        buffer[: len(part)], self._held = part, self._held[len(part) :]
        return len(part)
