"""The files that the record names: in which stream, under which wrapped key, and which of them the bureau has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from sqlalchemy import Connection, and_, case, func, select
from sqlalchemy.dialects.sqlite import insert as upsert

from ..domain.event import BlobRef, Event
from . import schema
from .database import Database

_ADD_BLOBS = upsert(schema.blob).on_conflict_do_nothing()
"""Made once: SQLAlchemy then finds the compiled statement without looking into it."""


class Files(Database):
    """A database that knows its files; their bytes lie in the vault."""

    def __init__(self, path: Path, key: bytes, *, read_only: bool = False) -> None:
        super().__init__(path, key, read_only=read_only)
        self._file_sums: dict[str, tuple[int, int, int]] | None = None

    def _name_files(self, connection: Connection, events: Iterable[Event]) -> None:
        """Keep what events that are written now say of files."""
        blobs = [
            {"stream": event.stream, "sha256": ref.sha256, "sm3": ref.sm3, "size": ref.size, "mime": ref.mime,
             "origin": ref.origin}
            for event in events for ref in event.blobs
        ]  # fmt: skip
        if blobs:
            connection.execute(_ADD_BLOBS, blobs)
            self._file_sums = None

    def blobs(self, stream: str) -> tuple[BlobRef, ...]:
        """Every file that the events of a stream name."""
        return self.blobs_by_stream(stream).get(stream, ())

    def blobs_by_stream(self, prefix: str = "") -> dict[str, tuple[BlobRef, ...]]:
        """Every file that events name, by the streams that begin with `prefix`."""
        table = schema.blob
        query = select(table.c.stream, table.c.sha256, table.c.sm3, table.c.size, table.c.mime, table.c.origin)
        query = query.where(table.c.stream.startswith(prefix, autoescape=True)).order_by(table.c.stream, table.c.sha256)
        found: dict[str, list[BlobRef]] = {}
        with self.reading() as connection:
            for stream, *ref in connection.execute(query):
                found.setdefault(stream, []).append(BlobRef(*ref))
        return {stream: tuple(refs) for stream, refs in found.items()}

    def file_sums(self) -> Mapping[str, tuple[int, int, int]]:
        """Of each inspection how many files its events name, how many of them the bureau has signed for, and the bytes of
        the others."""
        with self._lock:
            if self._file_sums is None:
                blob, receipt = schema.blob, schema.receipt
                signed = and_(receipt.c.name == blob.c.sha256, receipt.c.note != "")
                query = (
                    select(blob.c.stream, func.count(), func.count(receipt.c.name),
                           func.sum(case((receipt.c.name.is_(None), blob.c.size), else_=0)))
                    .select_from(blob.outerjoin(receipt, signed))
                    .where(blob.c.stream.startswith("inspection/")).group_by(blob.c.stream)
                )  # fmt: skip
                with self.reading() as connection:
                    self._file_sums = {
                        stream: (count, held, size) for stream, count, held, size in connection.execute(query)
                    }
            return self._file_sums

    def keep_receipts(self, receipts: Mapping[str, str], at: str) -> None:
        super().keep_receipts(receipts, at)
        self._file_sums = None

    def note_delivered(self, sha256: str, at: str) -> None:
        """Note that the bureau has every byte of a file whose receipt has not come: a row without a note."""
        statement = upsert(schema.receipt).values(name=sha256, note="", at=at)
        with self.transaction() as connection:
            connection.execute(statement.on_conflict_do_nothing())

    def delivered(self) -> frozenset[str]:
        """Digests of files that the bureau has and for which its receipt has not come."""
        table = schema.receipt
        with self.reading() as connection:
            return frozenset(connection.scalars(select(table.c.name).where(table.c.note == "")))

    def file_key(self, name: bytes) -> bytes | None:
        """The wrapped key of a sealed file; None where it was destroyed. `append` destroys keys."""
        table = schema.file_key
        with self.reading() as connection:
            wrapped = connection.scalar(select(table.c.wrapped).where(table.c.name == name))
        return bytes(wrapped) if wrapped is not None else None

    def keep_file_key(self, name: bytes, wrapped: bytes) -> None:
        """Keep the wrapped key of a file that is about to stand in the vault; on return it is on the disk."""
        with self.transaction() as connection:
            connection.execute(schema.file_key.insert().values(name=name, wrapped=wrapped))
