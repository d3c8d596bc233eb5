"""A file for one reader: sealed to the key of a laptop or of the bureau, so that a lost stick tells nobody anything.

The reader's signing key (Ed25519) is turned into a key for agreement (X25519) by the usual map between the two curves
(RFC 7748, section 4.1), so that nobody has to hand out a second key. An ephemeral key and HKDF give the file key; records
of 1 MiB go under AES-256-GCM, their number and whether they are the last bound to them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .keys import DeviceKey, PublicKey

_MAGIC = b"INSPSEAL1"
_RECORD, _TAG = 1 << 20, 16
_P = 2**255 - 19


class NotForUs(ValueError):
    """The file is sealed for somebody else, or is none of this kind, or is damaged."""


def seal(target: BinaryIO, reader: PublicKey, pieces: Iterable[bytes]) -> None:
    """Write what the pieces hold so that only `reader` can read it."""
    once = X25519PrivateKey.generate()
    mine = once.public_key().public_bytes_raw()
    cipher = _cipher(once.exchange(X25519PublicKey.from_public_bytes(_agreement_key(reader.raw))), mine, reader.raw)
    target.write(_MAGIC + reader.hash + mine)
    number, held = 0, b""
    for piece in pieces:
        held += piece
        while len(held) > _RECORD:
            target.write(cipher.encrypt(_nonce(number), held[:_RECORD], _bound(number, last=False)))
            number, held = number + 1, held[_RECORD:]
    target.write(cipher.encrypt(_nonce(number), held, _bound(number, last=True)))


def unseal(source: BinaryIO, key: DeviceKey) -> Iterator[bytes]:
    """The content, each record authenticated before it is given out. Raises NotForUs, also at a cut end."""
    head = source.read(len(_MAGIC) + 4 + 32)
    if head[: len(_MAGIC)] != _MAGIC or head[len(_MAGIC) : len(_MAGIC) + 4] != key.public.hash:
        raise NotForUs("sealed for another key")
    theirs = head[len(_MAGIC) + 4 :]
    private = X25519PrivateKey.from_private_bytes(hashlib.sha512(key.to_bytes()).digest()[:32])
    try:
        cipher = _cipher(private.exchange(X25519PublicKey.from_public_bytes(theirs)), theirs, key.public.raw)
        number, record = 0, source.read(_RECORD + _TAG)
        while True:
            following = source.read(_RECORD + _TAG)
            yield cipher.decrypt(_nonce(number), record, _bound(number, last=not following))
            if not following:
                return
            number, record = number + 1, following
    except (InvalidTag, ValueError) as error:
        raise NotForUs("damaged or cut off") from error


def _agreement_key(signing: bytes) -> bytes:
    """The X25519 key of an Ed25519 key: u = (1 + y) / (1 - y)."""
    y = int.from_bytes(signing, "little") & ((1 << 255) - 1)
    return ((1 + y) * pow(1 - y, -1, _P) % _P).to_bytes(32, "little")


def _cipher(shared: bytes, once: bytes, reader: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=once + reader, info=b"inspector/seal/v1").derive(shared))


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _bound(number: int, *, last: bool) -> bytes:
    return number.to_bytes(8, "big") + (b"\x01" if last else b"\x00")
