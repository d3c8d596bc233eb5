"""The vault: files by their SHA-256, each sealed in chunks, so that 4 GB stream in constant memory.

A sealed file is a header and records. The header names version, suite and the file's own key; the key itself lies apart,
wrapped by the store key, so that whoever destroys it leaves nothing readable of any copy of the file. Each record is at
most 1 MiB of content under the suite's cipher; its nonce is its number, and its associated data are the header, the
number and whether it is the last, so that records cannot be moved, dropped or cut off unnoticed. A cut file is readable
up to its last whole record. Nothing is ever written in the clear. A recording grows while it is made (`recording`), and so
has records of its own lengths.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import secrets
from bisect import bisect_right
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Protocol, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from ..domain.problems import Problem, reason
from ..durable import make_folder, sync_folder
from ..record.digests import Digests
from .recording import Growing, Whole, mend, spans
from .suites import SUITES, Sealing

CHUNK = 1024 * 1024
_MAGIC = b"INSPVLT1"
_GROWN = b"INSPVLT2"
_FORMS = (_MAGIC, _GROWN)  # what a sealed file may begin with
_CARRIED = b"\x01"  # AES-256-GCM; the wrapped key stands in the header, as files were written at first
_NAME = 40  # bytes behind the suite: the key's name, or the wrapped key (AES key wrap, RFC 3394)
_HEADER = len(_MAGIC) + 1 + _NAME
_TAG = 16
_HALF, _LEFT = "tmp-", "recording-"
_ASKED = 1_000  # files that are asked for one by one


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


class Source(Protocol):
    """Whatever bytes are read from, e.g. a file on a card."""

    def read(self, most: int, /) -> bytes: ...


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
        self.changes = 0
        """Grows whenever a file comes or goes."""
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

    def standing(self, digests: Collection[str]) -> Collection[str]:
        """Those of these files that are here. Of many the folders are read, rather than each file asked for."""
        if len(digests) <= _ASKED:
            return {digest for digest in digests if self.has(digest)}
        folders = [folder.path for folder in os.scandir(self._folder) if folder.is_dir()]
        return {file.name for folder in folders for file in os.scandir(folder)}.intersection(digests)

    def put(self, source: Source | bytes, expected: str = "") -> Stored:
        """Seal and store bytes; on return they are on the disk under their digest. A duplicate is a no-op.

        Raises:
            Problem: `disk_full`, `disk_failed`, `blob_changed` when they have not the `expected` digest; nothing
                half-written stays.
        """
        stream = io.BytesIO(source) if isinstance(source, bytes) else source
        temporary, lock = self._folder / f"{_HALF}{secrets.token_hex(8)}", self._new_lock()
        try:
            with plain_failures():
                stored = self._seal(stream, temporary, lock)
                if expected not in ("", stored.sha256):
                    raise Problem("blob_changed", number=expected[:8])
                target = self.path(stored.sha256)
                if not target.exists():
                    make_folder(target.parent)
                    self._keep(lock)
                    temporary.replace(target)
                    sync_folder(target.parent)
                    self.changes += 1
        finally:
            temporary.unlink(missing_ok=True)
        return stored

    # -- recordings -------------------------------------------------------------------------------------------

    def recording(self, name: str) -> Growing:
        """A file that grows while it is recorded; `name` finds it again after a crash.

        Raises:
            Problem: `disk_full`, `disk_failed`.
        """
        lock = self._new_lock(_GROWN)
        with plain_failures():
            self._keep(lock)
            film = Growing(self._left(name), lock.header, lock.cipher)
            sync_folder(self._folder)
        return film

    def unfinished(self) -> tuple[str, ...]:
        """Names of the recordings that are under way, or that a crash left."""
        return tuple(sorted(path.name.removeprefix(_LEFT) for path in self._folder.glob(f"{_LEFT}*")))

    def files(self) -> Iterator[str]:
        """Digests of the files that stand here, but for those of recordings under way or left by a crash."""
        left = {path.stat().st_ino for path in self._folder.glob(f"{_LEFT}*")}
        return (path.name for path in self._folder.glob("??/*") if path.stat().st_ino not in left)

    def clear_half_written(self) -> tuple[int, int]:
        """Take away what a crash left half-written, and nothing opens; how many files, and their bytes. Not while anybody
        writes."""
        left = [(path, path.stat().st_size) for path in self._folder.glob(f"{_HALF}*")]
        for path, _ in left:
            path.unlink()
        return len(left), sum(size for _, size in left)

    def take_over(self, name: str, whole: Whole | None = None) -> Whole:
        """Give a recording its place under its digest, and first its end where a crash kept it from getting one; what
        `close` said of one that was closed spares reading it.

        It keeps its old name as well until `forget`, so that whatever happens before the record names it, it is found.

        Raises:
            Problem: `disk_full`, `disk_failed`, `blob_changed` when its key was not written or is not this store's.
        """
        path = self._left(name)
        with plain_failures():
            if whole is None:
                with path.open("rb") as file:
                    header, cipher = self._header(file, name)
                whole = mend(path, header, cipher)
            target = self.path(whole.sha256)
            if whole.size and not target.exists():
                make_folder(target.parent)
                os.link(path, target)
                sync_folder(target.parent)
                self.changes += 1
        return whole

    def forget(self, name: str) -> None:
        """Take the name of a recording away, once the record names its digest."""
        self._left(name).unlink(missing_ok=True)

    def _left(self, name: str) -> Path:
        return self._folder / f"{_LEFT}{name}"

    # -- the files --------------------------------------------------------------------------------------------

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
        self.changes += 1

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

    def _seal(self, stream: Source, target: Path, lock: Lock) -> Stored:
        header, cipher = lock.header, lock.cipher
        digests = Digests()
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file, ThreadPoolExecutor(1, "digests") as beside:
            file.write(header)
            number, chunk = 0, stream.read(CHUNK)
            while True:
                following = stream.read(CHUNK)
                reckoned = beside.submit(digests.update, chunk)  # SM3 takes longer than all else together
                file.write(cipher.encrypt(_nonce(number), chunk, _bound(header, number, not following)))
                reckoned.result()
                if not following:
                    break
                number, chunk = number + 1, following
            file.flush()
            os.fsync(file.fileno())
        return Stored(digests.sha256, digests.sm3, digests.size)

    def stream(self, sha256: str) -> Iterator[bytes]:
        """The content in pieces of at most 1 MiB, each authenticated before it is given out.

        Raises:
            Problem: `blob_missing`, `blob_changed` (also at the end, when the file was cut off).
        """
        with self._open(sha256) as file:
            header, cipher = self._header(file, sha256)
            if header.startswith(_GROWN):
                yield from _grown(file, header, cipher, sha256)
                return
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

    def check(self, sha256: str) -> None:
        """Read a file to its end, a part at a time. Raises `Problem`: `blob_missing`, `blob_changed`."""
        digest = hashlib.sha256()
        for part in self.stream(sha256):
            digest.update(part)
        if digest.hexdigest() != sha256:
            raise Problem("blob_changed", number=sha256[:8])

    def open(self, sha256: str, size: int) -> BinaryIO:
        """The content as a file that can be read from anywhere; one record is in the clear at a time.

        Raises:
            Problem: `blob_missing`, `blob_changed` (also while reading).
        """
        with self._open(sha256) as file:
            kind = _Grown if self._header(file, sha256)[0].startswith(_GROWN) else _Sealed
        return cast(BinaryIO, io.BufferedReader(kind(self, sha256, size), CHUNK))

    def salvage(self, sha256: str) -> bytes:
        """What is readable of a cut or damaged file, up to the last whole record; never raises for damage."""
        parts = []
        with self._open(sha256) as file:
            header, cipher = self._header(file, sha256)
            if header.startswith(_GROWN):
                return b"".join(_readable(_grown(file, header, cipher, sha256)))
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
            return SUITES["AES-256-GCM"].cipher(aes_key_unwrap(self._key, name))
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


class _Grown(_Sealed):
    """Reads a recording: its records are as long as they came."""

    def __init__(self, vault: Vault, sha256: str, size: int) -> None:
        super().__init__(vault, sha256, size)
        self._spans = [span for span in spans(self._file, self._header) if span.size]
        self._begins = [span.begin for span in self._spans]

    def readinto(self, buffer: Any) -> int:
        """The rest of a record, or as much of it as there is room for. Raises `Problem("blob_changed")`."""
        if self._place >= self._size:
            return 0
        room, at = memoryview(buffer), bisect_right(self._begins, self._place) - 1
        try:
            content = self._spans[at].open(self._file, self._cipher, self._header, last=False)
            part = content[self._place - self._spans[at].begin :][: len(room)]
            if not part:
                raise InvalidTag  # it is shorter than the record says
        except (InvalidTag, IndexError):
            raise Problem("blob_changed", number=self._sha256[:8]) from None
        room[: len(part)] = part
        self._place += len(part)
        return len(part)


def _grown(file: BinaryIO, header: bytes, cipher: Sealing, sha256: str) -> Iterator[bytes]:
    """The content of a recording, record by record, to the empty one that ends it."""
    for span in spans(file, header):
        try:
            content = span.open(file, cipher, header, last=span.size == 0)
        except InvalidTag:
            break
        if not content:
            return
        yield content
    raise Problem("blob_changed", number=sha256[:8])


@contextmanager
def plain_failures() -> Iterator[None]:
    """What the system refuses becomes a problem that can be told."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Problem("disk_full") from error
        raise Problem("disk_failed", detail=reason(error).rstrip("。")) from error


def _readable(parts: Iterator[bytes]) -> Iterator[bytes]:
    """What comes before the damage."""
    with suppress(Problem):
        yield from parts


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
