"""Files by their SHA-256, in sealed pieces of at most 4 MiB: in a folder, or in an object store that speaks S3.

A piece is written once and never again (create-only), so a process holds nothing between two requests and any
process can go on with what another one began. A file is whole when its pieces have its digest; then the bureau signs
for it. Each piece is under AES-256-GCM with the file's own key; file, place and length are bound to it.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import threading
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from inspector_app.domain.problems import Problem
from inspector_app.durable import make_folder, sync_folder

PIECE = 4 << 20
"""Largest piece in bytes: what a cut connection sends again at the most."""
_NONCE = 12
_PART = 256 << 10
"""Bytes that are sealed at a time."""

Piece = bytes | memoryview


class Rooms:
    """Rooms for what comes and goes, each used again: the system gives a new one page by page, and that takes longer than to
    seal what is put there. A few are kept; when more are wanted at a time, they are made and dropped."""

    _KEPT = 2

    def __init__(self) -> None:
        self._free: list[bytearray] = []

    @contextlib.contextmanager
    def room(self, size: int) -> Iterator[memoryview]:
        """So many bytes, whose content is not told. A room that is too small makes way for a larger one."""
        try:
            room = self._free.pop()
        except IndexError:
            room = bytearray()
        if len(room) < size:
            room = bytearray(size)
        try:
            yield memoryview(room)[:size]
        finally:
            if len(self._free) < self._KEPT:
                self._free.append(room)


class Pieces(Protocol):
    """Where sealed pieces lie. Names are relative paths of ASCII letters, digits and slashes."""

    def create(self, name: str, content: Iterable[Piece]) -> bool:
        """Keep a piece for good; False when one of this name is there already. It comes in parts, each good until the next
        is asked for. Raises OSError (ENOSPC: full)."""

    def read(self, name: str) -> bytes:
        """Raises FileNotFoundError."""

    def names(self, prefix: str) -> list[str]: ...

    def check(self) -> None:
        """Raises OSError where pieces can neither be kept nor read now."""

    def discard(self, prefix: str) -> None:
        """Take away pieces that turned out not to be what they were said to be."""


class Folder:
    """Pieces in a folder: written beside, synced, then given their name, then the folder is synced."""

    def __init__(self, root: Path) -> None:
        self._root = root
        root.mkdir(parents=True, exist_ok=True, mode=0o700)

    def create(self, name: str, content: Iterable[Piece]) -> bool:
        target = self._root / name
        make_folder(target.parent)
        beside = target.parent / f".{secrets.token_hex(8)}"
        try:
            with beside.open("xb") as file:
                for part in content:
                    file.write(part)
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(beside, target)  # unlike a rename it never replaces what is there
            except FileExistsError:
                return False
        finally:
            beside.unlink(missing_ok=True)
        sync_folder(target.parent)
        return True

    def read(self, name: str) -> bytes:
        return (self._root / name).read_bytes()

    def names(self, prefix: str) -> list[str]:
        folder = self._root / prefix
        return sorted(f"{prefix}/{p.name}" for p in folder.glob("[0-9]*")) if folder.is_dir() else []

    def check(self) -> None:
        if not os.access(self._root, os.R_OK | os.W_OK | os.X_OK):
            raise OSError(errno.EIO, "the folder of the files cannot be written to")

    def discard(self, prefix: str) -> None:
        for name in self.names(prefix):
            (self._root / name).unlink(missing_ok=True)


class Bucket:
    """Pieces in an object store that speaks S3 (obstore)."""

    def __init__(self, bucket: str, endpoint: str, access_key: str, secret_key: str, region: str = "us-east-1") -> None:
        from obstore.store import S3Store

        self._store = S3Store(
            bucket, endpoint=endpoint, access_key_id=access_key, secret_access_key=secret_key, region=region,
            client_options={"allow_http": endpoint.startswith("http://")},
            retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=10)},
        )  # fmt: skip

    def create(self, name: str, content: Iterable[Piece]) -> bool:
        import obstore
        from obstore.exceptions import AlreadyExistsError

        whole = bytearray()
        for part in content:
            whole += part
        with _plain_failures():
            try:
                obstore.put(self._store, name, whole, mode="create")
            except AlreadyExistsError:
                return False
        return True

    def read(self, name: str) -> bytes:
        import obstore

        with _plain_failures():
            return bytes(obstore.get(self._store, name).bytes())

    def names(self, prefix: str) -> list[str]:
        import obstore

        with _plain_failures():
            return sorted(str(meta["path"]) for batch in obstore.list(self._store, f"{prefix}/") for meta in batch)

    def check(self) -> None:
        self.names("blobs/health")  # a question about nothing: whether it is answered

    def discard(self, prefix: str) -> None:
        import obstore

        for name in self.names(prefix):
            with _plain_failures():
                obstore.delete(self._store, name)


@contextlib.contextmanager
def _plain_failures() -> Iterator[None]:
    """What the object store says, as OSError: full, or without an answer; its own words may hold addresses and keys."""
    from obstore.exceptions import BaseError

    try:
        yield
    except FileNotFoundError:
        raise
    except BaseError as error:
        full = "507" in str(error) or "Insufficient" in str(error)
        raise OSError(errno.ENOSPC if full else errno.EIO, f"object store: {type(error).__name__}") from None


class Blobs:
    """Files as their readers see them."""

    def __init__(self, pieces: Pieces, key: bytes) -> None:
        if len(key) != 32:
            raise ValueError("the key of the files must be 32 bytes")
        self._pieces, self._key = pieces, key
        self._coming = _Coming()

    def check(self) -> None:
        """Raises `Problem("no_connection")` where files can neither be kept nor read now."""
        try:
            self._pieces.check()
        except OSError as error:
            raise Problem("no_connection", detail="局里的文件库没有回应") from error

    def offset(self, sha256: str) -> int:
        """How many bytes of a file are safe: pieces from the beginning without a gap."""
        return sum(size for _, _, size in self._chain(sha256))

    def _chain(self, sha256: str) -> Iterator[tuple[str, int, int]]:
        """Name, place and length of the pieces that follow one another from the beginning.

        Two laptops may send one file at one time, cut differently: then some pieces lie over others and are passed by.
        """
        end = 0
        for name in self._pieces.names(_folder(sha256)):
            place, size = _place(name)
            if place == end:
                yield name, place, size
                end += size

    def add(self, sha256: str, place: int, content: Piece) -> bool:
        """Keep the piece that begins at `place`; False when another one is there already.

        Raises:
            Problem: `too_large`, `server_disk_full`, `no_connection` (the store of the files does not answer).
        """
        if not 0 < len(content) <= PIECE:
            raise Problem("too_large", size=f"{len(content)} 字节")
        try:
            if any(_place(name)[0] == place for name in self._pieces.names(_folder(sha256))):
                return False
            sealed = self._sealed(content, sha256, place)
            new = self._pieces.create(f"{_folder(sha256)}/{place:015d}-{len(content)}", sealed)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise Problem("server_disk_full") from error
            raise Problem("no_connection", detail="局里的文件库没有回应") from error
        if new:
            self._coming.add(sha256, place, content)
        return new

    def _sealed(self, content: Piece, sha256: str, place: int) -> Iterator[Piece]:
        """Nonce, content and tag, sealed part by part, so that a piece is held once and not twice."""
        nonce, plain = secrets.token_bytes(_NONCE), memoryview(content)
        cipher = Cipher(AES(self._key_of(sha256)), GCM(nonce)).encryptor()
        cipher.authenticate_additional_data(_bound(sha256, place, len(content)))
        yield nonce
        room = memoryview(bytearray(_PART + 15))
        for start in range(0, len(content), _PART):
            yield room[: cipher.update_into(plain[start : start + _PART], room)]
        yield cipher.finalize() + cipher.tag

    def fill(self, sha256: str, content: Iterable[bytes]) -> bool:
        """Add what is lacking of a file that comes whole, in parts of any length; False when nothing was."""
        place, held, safe = 0, b"", self.offset(sha256)
        begun = safe
        for part in (*content, b""):
            held += part
            if place < safe:  # what is here already is passed by
                passed = min(len(held), safe - place)
                place, held = place + passed, held[passed:]
            while len(held) >= PIECE or (held and not part):
                self.add(sha256, place, held[:PIECE])
                place, held = place + len(held[:PIECE]), held[PIECE:]
        return place > begun

    def stream(self, sha256: str, start: int = 0) -> Iterator[bytes]:
        """The content from byte `start` on. Raises `Problem("blob_missing")`, `Problem("blob_changed")`."""
        cipher, found = AESGCM(self._key_of(sha256)), False
        for name, place, size in self._chain(sha256):
            found = True
            if place + size <= start:
                continue
            yield self._opened(cipher, sha256, name, place, size)[max(0, start - place) :]
        if not found:
            raise Problem("blob_missing", number=sha256[:8])

    def _opened(self, cipher: AESGCM, sha256: str, name: str, place: int, size: int) -> bytes:
        """A piece in the clear; of it alone anything is held."""
        sealed = memoryview(self._pieces.read(name))
        try:
            return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound(sha256, place, size))
        except InvalidTag:
            raise Problem("blob_changed", number=sha256[:8]) from None

    def is_whole(self, sha256: str) -> bool:
        """Whether the pieces have the digest; what has another one is taken away, so that it can be sent again."""
        if self._coming.digest(sha256) == sha256:
            return True
        digest = hashlib.sha256()
        for content in self.stream(sha256):
            digest.update(content)
            del content  # two pieces at a time would be twice the memory
        if digest.hexdigest() == sha256:
            return True
        self.discard(sha256)
        return False

    def discard(self, sha256: str) -> None:
        """Take a file away for good."""
        self._pieces.discard(_folder(sha256))

    def _key_of(self, sha256: str) -> bytes:
        return HKDF(SHA256(), 32, salt=None, info=b"inspector/blob/" + sha256.encode()).derive(self._key)


class _Coming:
    """Digests of the files that come in one by one through this process, so that they are not read back to be signed for;
    of what came through another process, or before a restart, there is none, and it is read."""

    _MOST = 64

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._files: dict[str, tuple[int, hashlib._Hash]] = {}

    def add(self, sha256: str, place: int, content: Piece) -> None:
        """Go on with a file whose piece at `place` was kept."""
        with self._lock:
            at, digest = self._files.pop(sha256, (0, hashlib.sha256()))
        if at != place:
            return
        digest.update(content)
        with self._lock:
            self._files[sha256] = (at + len(content), digest)
            if len(self._files) > self._MOST:  # begun and left alone
                del self._files[next(iter(self._files))]

    def digest(self, sha256: str) -> str:
        """The digest of what came of a file, "" where its beginning is not known; it is forgotten."""
        with self._lock:
            at, digest = self._files.pop(sha256, (0, hashlib.sha256()))
        return digest.hexdigest() if at else ""


def _folder(sha256: str) -> str:
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise Problem("not_found", what="这个文件")
    return f"blobs/{sha256[:2]}/{sha256}"


def _place(name: str) -> tuple[int, int]:
    start, _, size = name.rpartition("/")[2].partition("-")
    return int(start), int(size)


def _bound(sha256: str, place: int, size: int) -> bytes:
    return f"{sha256} {place} {size}".encode()
