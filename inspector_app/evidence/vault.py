"""The vault: files by their SHA-256, each sealed in chunks, so that 4 GB stream in constant memory.

A sealed file is a header and records. The header names version, suite and the file's own key; the key itself lies apart,
wrapped by the store key, so that whoever destroys it leaves nothing readable of any copy of the file. Each record is at
most 1 MiB of content under the suite's cipher; its nonce is its number, and its associated data are the header, the
number and whether it is the last, so that records cannot be moved, dropped or cut off unnoticed. A cut file is readable
up to its last whole record. Nothing is ever written in the clear.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Protocol, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from ..domain.problems import Problem
from ..durable import sync_folder

CHUNK = 1024 * 1024
_MAGIC = b"INSPVLT1"
_FORMS = (_MAGIC,)  # what a sealed file may begin with
_CARRIED = b"\x01"  # AES-256-GCM; the wrapped key stands in the header, as files were written at first
_NAME = 40  # bytes behind the suite: the key's name, or the wrapped key (AES key wrap, RFC 3394)
_HEADER = len(_MAGIC) + 1 + _NAME
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


class Keys(Protocol):
    """Keeps the wrapped keys of files, each under the name that its file bears; what is taken from it is destroyed."""

    def file_key(self, name: bytes) -> bytes | None: ...

    def keep_file_key(self, name: bytes, wrapped: bytes) -> None: ...


@dataclass(frozen=True, slots=True)
class Stored:
    """What was stored: digests of the original bytes and their number."""

    sha256: str
    sm3: str
    size: int


class Lock(NamedTuple):
    """What a new file is sealed with: its header, its cipher, and its wrapped key."""

    header: bytes
    cipher: Sealing
    wrapped: bytes


class Vault:
    """Content-addressed, encrypted files below one folder. Files are never changed and never overwritten.

    Without `keys` a file carries its own key, and erasing it erases nothing of its copies.
    """

    def __init__(self, folder: Path, key: bytes, keys: Keys | None = None, suite: str = "AES-256-GCM") -> None:
        if len(key) != 32:
            raise ValueError("the store key must be 32 bytes")
        self._folder, self._keys = folder, keys
        self.suite = suite  # one of `SUITES`; for what is sealed from now on
        # A key of its own, so that database and files never share one.
        self._key = hashlib.blake2b(b"vault", key=key, digest_size=32).digest()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def path(self, sha256: str) -> Path:
        """Where the sealed file lies. Raises ValueError for anything but a digest."""
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise ValueError("not a SHA-256 digest")
        return self._folder / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        return self.path(sha256).exists()

    def put(self, source: BinaryIO | bytes, expected: str = "") -> Stored:
        """Seal and store bytes; on return they are on the disk under their digest. A duplicate is a no-op.

        Raises:
            Problem: `disk_full`, `disk_failed`, `blob_changed` when they have not the `expected` digest; nothing
                half-written stays.
        """
        stream = io.BytesIO(source) if isinstance(source, bytes) else source
        temporary, lock = self._folder / f"tmp-{secrets.token_hex(8)}", self._new_lock()
        try:
            stored = self._seal(stream, temporary, lock)
            if expected not in ("", stored.sha256):
                raise Problem("blob_changed", number=expected[:8])
            target = self.path(stored.sha256)
            if not target.exists():
                target.parent.mkdir(exist_ok=True, mode=0o700)
                self._keep(lock)
                temporary.replace(target)
                sync_folder(target.parent)
                sync_folder(self._folder)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise Problem("disk_full") from error
            raise Problem("disk_failed", detail=error.strerror or str(error)) from error
        finally:
            temporary.unlink(missing_ok=True)
        return stored

    def key_name(self, sha256: str) -> bytes:
        """The name of a file's key, by which its keeper destroys it; b"" where the file carries it or is not here."""
        try:
            with self.path(sha256).open("rb") as file:
                header = file.read(_HEADER)
        except FileNotFoundError:
            return b""
        named = {form + suite.mark for form in _FORMS for suite in SUITES.values()}
        return header[-_NAME:] if header[:-_NAME] in named else b""

    def opens(self, sha256: str) -> bool:
        """Whether a file that is here has its key."""
        name = self.key_name(sha256)
        return not name or (self._keys is not None and self._keys.file_key(name) is not None)

    def discard(self, sha256: str) -> None:
        """Take away a file whose key is destroyed (`key_name`). A key that the file carries is overwritten before."""
        path = self.path(sha256)
        if not path.exists():
            return
        with path.open("r+b") as file:
            file.write(bytes(_HEADER))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        sync_folder(path.parent)

    def _new_lock(self, form: bytes = _MAGIC) -> Lock:
        """What a file of this form is sealed with. Its key is to be kept (`_keep`) before the file stands under its name, or
        nothing opens it any more."""
        suite = SUITES["AES-256-GCM" if self._keys is None else self.suite]
        own = secrets.token_bytes(suite.key_size)
        wrapped = aes_key_wrap(self._key, own)
        kind, name = (_CARRIED, wrapped) if self._keys is None else (suite.mark, secrets.token_bytes(_NAME))
        return Lock(form + kind + name, suite.cipher(own), wrapped)

    def _keep(self, lock: Lock) -> None:
        if self._keys is not None:
            self._keys.keep_file_key(lock.header[-_NAME:], lock.wrapped)

    def _seal(self, stream: BinaryIO, target: Path, lock: Lock) -> Stored:
        header, cipher = lock.header, lock.cipher
        sha256, sm3, size = hashlib.sha256(), hashlib.new("sm3"), 0
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(header)
            number, chunk = 0, stream.read(CHUNK)
            while True:
                following = stream.read(CHUNK)
                sha256.update(chunk)
                sm3.update(chunk)
                size += len(chunk)
                file.write(cipher.encrypt(_nonce(number), chunk, _bound(header, number, not following)))
                if not following:
                    break
                number, chunk = number + 1, following
            file.flush()
            os.fsync(file.fileno())
        return Stored(sha256.hexdigest(), sm3.hexdigest(), size)

    def stream(self, sha256: str) -> Iterator[bytes]:
        """The content in pieces of at most 1 MiB, each authenticated before it is given out.

        Raises:
            Problem: `blob_missing`, `blob_changed` (also at the end, when the file was cut off).
        """
        with self._open(sha256) as file:
            header, cipher = self._header(file, sha256)
            number, record = 0, file.read(CHUNK + _TAG)
            while True:
                following = file.read(CHUNK + _TAG)
                try:
                    yield cipher.decrypt(_nonce(number), record, _bound(header, number, not following))
                except InvalidTag:
                    raise Problem("blob_changed", number=sha256[:8]) from None
                if not following:
                    return
                number, record = number + 1, following

    def read(self, sha256: str) -> bytes:
        """The whole content, checked against its digest."""
        content = b"".join(self.stream(sha256))
        if hashlib.sha256(content).hexdigest() != sha256:
            raise Problem("blob_changed", number=sha256[:8])
        return content

    def open(self, sha256: str, size: int) -> BinaryIO:
        """The content as a file that can be read from anywhere; one record is in the clear at a time.

        Raises:
            Problem: `blob_missing`, `blob_changed` (also while reading).
        """
        return cast(BinaryIO, io.BufferedReader(_Sealed(self, sha256, size), CHUNK))

    def salvage(self, sha256: str) -> bytes:
        """What is readable of a cut or damaged file, up to the last whole record; never raises for damage."""
        parts = []
        with self._open(sha256) as file:
            header, cipher = self._header(file, sha256)
            number = 0
            while record := file.read(CHUNK + _TAG):
                part = _try(cipher, number, record, header)
                if part is None:
                    break
                parts.append(part)
                number += 1
        return b"".join(parts)

    def _open(self, sha256: str) -> BinaryIO:
        try:
            return self.path(sha256).open("rb")
        except FileNotFoundError:
            raise Problem("blob_missing", number=sha256[:8]) from None

    def _header(self, file: BinaryIO, sha256: str) -> tuple[bytes, Sealing]:
        header = file.read(_HEADER)
        try:
            if not header.startswith(_FORMS):
                raise InvalidUnwrap
            return header, self._cipher(header[len(_MAGIC) : -_NAME], header[-_NAME:])
        except (InvalidUnwrap, ValueError):
            raise Problem("blob_changed", number=sha256[:8]) from None

    def _cipher(self, mark: bytes, name: bytes) -> Sealing:
        """Raises ValueError, InvalidUnwrap when there is no such suite or no such key."""
        if mark == _CARRIED:
            return AESGCM(aes_key_unwrap(self._key, name))
        suite = next((s for s in SUITES.values() if mark == s.mark), None)
        wrapped = self._keys.file_key(name) if self._keys is not None and suite is not None else None
        if suite is None or wrapped is None:
            raise InvalidUnwrap
        return suite.cipher(aes_key_unwrap(self._key, wrapped))


class _Sealed(io.RawIOBase):
    """Reads a sealed file record by record, each opened right where it is wanted."""

    def __init__(self, vault: Vault, sha256: str, size: int) -> None:
        self._sha256, self._size, self._place = sha256, size, 0
        self._file = vault._open(sha256)
        self._header, self._cipher = vault._header(self._file, sha256)

    def close(self) -> None:
        self._file.close()
        super().close()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        self._place = place + {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        return self._place

    def tell(self) -> int:
        return self._place

    def readinto(self, buffer: Any) -> int:
        """A record of the file, or the rest of one. Raises `Problem("blob_changed")`."""
        if self._place >= self._size:
            return 0
        number, start = divmod(self._place, CHUNK)
        self._file.seek(_HEADER + number * (CHUNK + _TAG))
        sealed = self._file.read(CHUNK + _TAG)
        bound = _bound(self._header, number, (number + 1) * CHUNK >= self._size)
        length, room = max(0, len(sealed) - _TAG), memoryview(buffer)
        try:
            if start == 0 and length <= len(room):
                self._cipher.decrypt_into(_nonce(number), sealed, bound, room[:length])
            else:
                part = self._cipher.decrypt(_nonce(number), sealed, bound)[start : start + len(room)]
                length = len(part)
                room[:length] = part
        except InvalidTag:
            raise Problem("blob_changed", number=self._sha256[:8]) from None
        self._place += length
        return length


def _try(cipher: Sealing, number: int, record: bytes, header: bytes) -> bytes | None:
    for last in (False, True):
        try:
            return cipher.decrypt(_nonce(number), record, _bound(header, number, last))
        except InvalidTag:
            continue
    return None


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _bound(header: bytes, number: int, last: bool) -> bytes:
    return header + number.to_bytes(8, "big") + (b"\x01" if last else b"\x00")
