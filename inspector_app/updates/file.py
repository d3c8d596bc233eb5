"""Reads an update file, with this laptop's own memory of what it has trusted before.

    metadata/N.root.json, timestamp.json, N.snapshot.json, N.targets.json, N.rules.json, N.program.json
    targets/rules/DIGEST.VERSION.json          texts of the rules by name, for one version of the program
    targets/program/DIGEST.SYSTEM-MACHINE.tar.gz      a later version of the program

Two roles are delegated, so that the key that signs rules cannot sign code. python-tuf does the checking; here stand only
where it reads from, which moment it judges expiry at, and how a refusal is told.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

from tuf.api import exceptions as tuf
from tuf.api.metadata import Metadata, TargetFile, Targets
from tuf.ngclient import FetcherInterface, Updater

from ..domain.problems import Problem, reason
from .offer import NAMED, PROGRAM, RULES, Offer, Piece

_CHUNK = 1 << 20
_DAMAGED = (zlib.error, NotImplementedError, RuntimeError, ValueError, struct.error)
"""What zipfile raises besides where a byte of a header was changed: another method, a password, lengths that cannot be."""
_NEVER = datetime.min.replace(tzinfo=UTC)


class _InZip(FetcherInterface):
    """Serves the members of a ZIP; nothing is read beyond the length that signed metadata allow."""

    def __init__(self, archive: ZipFile) -> None:
        self._zip = archive

    def _fetch(self, url: str) -> Iterator[bytes]:
        if url not in self._zip.NameToInfo:
            raise tuf.DownloadHTTPError(url, 404)
        try:
            with self._zip.open(url) as member:
                while part := member.read(_CHUNK):
                    yield part
        except _DAMAGED as error:
            raise BadZipFile(str(error)) from error


class _InMemory(FetcherInterface):
    """Serves what this laptop remembers, so that what was taken can be checked again without the file.

    The client finds everything there by itself; only the timestamp it always asks for.
    """

    def __init__(self, memory: Path) -> None:
        self._timestamp = memory / "timestamp.json"

    def _fetch(self, url: str) -> Iterator[bytes]:
        if not url.endswith("/timestamp.json"):
            raise tuf.DownloadHTTPError(url, 404)
        yield self._timestamp.read_bytes()


class _Client(Updater):
    """The client of python-tuf that judges expiry at a moment it is given: the computer's clock may have been set."""

    def __init__(self, memory: Path, anchor: bytes, source: FetcherInterface, now: datetime) -> None:
        memory.mkdir(parents=True, exist_ok=True, mode=0o700)
        super().__init__(str(memory), "metadata/", None, "targets/", source, bootstrap=anchor)
        self._trusted_set.reference_time = now
        self._memory = memory

    def piece(self, role: str, name: str) -> tuple[Piece, TargetFile] | None:
        """What a role brings under a name, with what its bytes have to be; None when it brings nothing of that name."""
        target = self.get_targetinfo(f"{role}/{name}")
        if target is None:
            return None
        signed = Metadata[Targets].from_file(str(self._memory / f"{role}.json"))
        above = Metadata[Targets].from_file(str(self._memory / "targets.json")).signed
        proved = above.get_verification_result(role, signed.signed_bytes, signed.signatures)
        signers = tuple(f"{key.unrecognized_fields.get(NAMED, '')}（{id[:8]}）" for id, key in proved.signed.items())
        said = target.custom or {}
        piece = Piece(str(said.get("version", "")), signed.signed.version, target.hashes["sha256"],
                      target.length, str(said.get("said", "")), signers)  # fmt: skip
        return piece, target


class UpdateFile:
    """An open update file whose metadata have been found good. Made by `opened`."""

    def __init__(self, client: _Client, names: Mapping[str, str]) -> None:
        self._client = client
        self._found = {role: client.piece(role, name) for role, name in names.items()}

    @property
    def offer(self) -> Offer:
        """What it holds for laptops like this one."""
        rules, program = (found and found[0] for found in map(self._found.get, (RULES, PROGRAM)))
        return Offer(rules, program)

    def fetch(self, role: str, to: Path) -> None:
        """Write the bytes of a piece to a file; other bytes than the signed ones are never written.

        Raises:
            Problem: `update_forged`, `update_incomplete`.
        """
        found = self._found[role]
        if found is None:
            raise KeyError(role)
        with told():
            self._client.download_target(found[1], str(to))


def _archive(raw: BinaryIO) -> ZipFile:
    try:
        return ZipFile(raw)
    except _DAMAGED as error:
        raise BadZipFile(str(error)) from error


@contextmanager
def opened(file: Path, memory: Path, anchor: bytes, now: datetime, names: Mapping[str, str]) -> Iterator[UpdateFile]:
    """Open an update file, refuse it unless everything about it is in order, and remember what it proved.

    Args:
        memory: folder of what this laptop has trusted before; a later look never takes less.
        anchor: the root metadata that came with the installation.
        now: the moment at which expiry is judged.
        names: what would serve this laptop, by role.

    Raises:
        Problem: `update_unreadable`, `update_forged`, `update_older`, `update_expired`, `update_incomplete`.
    """
    with told(), file.open("rb") as raw, _archive(raw) as archive:
        client = _Client(memory, anchor, _InZip(archive), now)
        client.refresh()
        made = UpdateFile(client, names)
        yield made


def vouched(memory: Path, anchor: bytes, name: str, content: bytes) -> Piece | None:
    """The rules that were taken once, checked again from what is remembered; None when nothing vouches for these bytes.

    Signatures, versions and digests count; that the metadata have expired since does not.
    """
    try:
        client = _Client(memory, anchor, _InMemory(memory), _NEVER)
        found = client.piece(RULES, name)
        if found is not None:
            found[1].verify_length_and_hashes(content)
    except (tuf.RepositoryError, tuf.DownloadError, OSError):
        return None
    return found[0] if found else None


@contextmanager
def told() -> Iterator[None]:
    """Turns what python-tuf and zipfile refuse into a sentence with a way out."""
    try:
        yield
    except tuf.ExpiredMetadataError as error:
        raise Problem("update_expired") from error
    except tuf.BadVersionNumberError as error:
        raise Problem("update_older") from error
    except tuf.RepositoryError as error:
        raise Problem("update_forged") from error
    except tuf.DownloadError as error:
        raise Problem("update_incomplete") from error
    except (BadZipFile, EOFError) as error:
        raise Problem("update_unreadable", detail="不是更新文件，或没有拷贝完。") from error
    except OSError as error:
        raise Problem("update_unreadable", detail=reason(error)) from error
