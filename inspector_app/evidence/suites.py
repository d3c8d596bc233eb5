"""The ciphers that files of the vault are sealed with."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM

_TAG = 16


class Sealing(Protocol):
    """A cipher that authenticates what it seals and what is bound to it. Opening raises InvalidTag."""

    def encrypt(self, nonce: bytes, data: bytes, bound: bytes, /) -> bytes: ...

    def decrypt(self, nonce: bytes, data: bytes, bound: bytes, /) -> bytes: ...

    def decrypt_into(self, nonce: bytes, data: bytes, bound: bytes, room: memoryview, /) -> int: ...


class SM4GCM:
    """AEAD_SM4_GCM of RFC 8998: key of 16 bytes, nonce of 12, tag of 16 behind the text."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def encrypt(self, nonce: bytes, data: bytes, bound: bytes, /) -> bytes:
        sealing = Cipher(SM4(self._key), GCM(nonce)).encryptor()
        sealing.authenticate_additional_data(bound)
        return sealing.update(data) + sealing.finalize() + sealing.tag

    def decrypt(self, nonce: bytes, data: bytes, bound: bytes, /) -> bytes:
        if len(data) < _TAG:
            raise InvalidTag
        opening = Cipher(SM4(self._key), GCM(nonce, data[-_TAG:])).decryptor()
        opening.authenticate_additional_data(bound)
        return opening.update(data[:-_TAG]) + opening.finalize()

    def decrypt_into(self, nonce: bytes, data: bytes, bound: bytes, room: memoryview, /) -> int:
        opened = self.decrypt(nonce, data, bound)
        room[: len(opened)] = opened
        return len(opened)


class Suite(NamedTuple):
    """How records are sealed: the byte in the header, the bytes of a key, the cipher."""

    mark: bytes
    key_size: int
    cipher: Callable[[bytes], Sealing]


SUITES = {"AES-256-GCM": Suite(b"\x02", 32, AESGCM), "SM4-GCM": Suite(b"\x03", 16, SM4GCM)}
"""By the name that policy gives; files of every suite are read, whichever is written."""
