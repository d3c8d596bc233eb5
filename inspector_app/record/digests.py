"""The two digests that every file of the record carries: SHA-256 (FIPS 180-4) and SM3 (GB/T 32905), and its size."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from functools import cache
from typing import Protocol

from cryptography.hazmat.primitives.hashes import SM3, Hash

_PROBE, _ROUNDS = bytes(1 << 16), 3


class _Digest(Protocol):
    def update(self, part: bytes, /) -> None: ...

    def hexdigest(self) -> str: ...


class _Packaged:
    """SM3 of the OpenSSL that the cryptography package brings; it is there wherever the program is."""

    def __init__(self) -> None:
        self._hash = Hash(SM3())

    def update(self, part: bytes) -> None:
        self._hash.update(part)

    def hexdigest(self) -> str:
        return self._hash.copy().finalize().hex()


def _of_system() -> _Digest:
    """SM3 of the OpenSSL that Python itself stands on, which may lack it: ValueError then."""
    return hashlib.new("sm3")


@cache
def _sm3() -> Callable[[], _Digest]:
    """The quicker of the two on this computer, tried once in some milliseconds: which of them has fast code for a processor
    depends on both versions, and the other one takes up to four times as long for each film."""
    return min(_Packaged, _of_system, key=_seconds)


def _seconds(make: Callable[[], _Digest]) -> float:
    """How long the probe takes at least; a digest that is not to be had takes for ever."""
    spent = []
    for _ in range(_ROUNDS):
        begin = time.perf_counter()
        try:
            make().update(_PROBE)
        except ValueError:
            return float("inf")
        spent.append(time.perf_counter() - begin)
    return min(spent)


class Digests:
    """Digests of the bytes so far, as hexadecimal text, and their number."""

    def __init__(self) -> None:
        self.size = 0
        self._sha256, self._sm3 = hashlib.sha256(), _sm3()()

    def update(self, part: bytes) -> None:
        self._sha256.update(part)
        self._sm3.update(part)
        self.size += len(part)

    @property
    def sha256(self) -> str:
        return self._sha256.hexdigest()

    @property
    def sm3(self) -> str:
        return self._sm3.hexdigest()
