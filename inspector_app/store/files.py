"""The files that the record names: in which stream, under which wrapped key, and which of them the bureau has."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from enum import Enum, auto
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select
from sqlalchemy.dialects.sqlite import insert as upsert

from ..domain.event import BlobRef, Event
from . import schema
from .database import Database

_ADD_BLOBS = upsert(schema.blob).on_conflict_do_nothing()
"""Made once: SQLAlchemy then finds the compiled statement without looking into it."""


_ASKED = 500
"""Streams that are asked for by name; for more of them all are read."""


class Handed(Enum):
    """What the bureau has of a file, as far as it said so here."""

    NOTHING = auto()
    BYTES = auto()
    SIGNED = auto()


class Files(Database):
    """A database that knows its files; their bytes lie in the vault."""

    def __init__(self, path: Path, key: bytes, *, read_only: bool = False) -> None:
        super().__init__(path, key, read_only=read_only)
        self._receipts_version = self._receipts_dropped = 0

    def _name_files(self, connection: Connection, events: Iterable[Event]) -> None:
        """Keep what events that are written now say of files."""
        blobs = [
            {"stream": event.stream, "sha256": ref.sha256, "sm3": ref.sm3, "size": ref.size, "mime": ref.mime,
             "origin": ref.origin}
            for event in events for ref in event.blobs
        ]  # fmt: skip
        if blobs:
            connection.execute(_ADD_BLOBS, blobs)

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

    def file_counts(self, streams: Collection[str]) -> dict[str, tuple[int, int]]:
        """Of each inspection how many files its events name, and how many of them the bureau has signed for."""
        blob, receipt = schema.blob, schema.receipt
        signed = and_(receipt.c.name == blob.c.sha256, receipt.c.note != "")
        query = (
            select(blob.c.stream, func.count(), func.count(receipt.c.name))
            .select_from(blob.outerjoin(receipt, signed)).where(_among(streams)).group_by(blob.c.stream)
        )  # fmt: skip
        with self.reading() as connection:
            return {stream: (named, held) for stream, named, held in connection.execute(query)}

    def unsigned(self, streams: Collection[str] | None = None) -> list[tuple[str, BlobRef, Handed]]:
        """Stream and file of what these inspections name, or all, and the bureau has not signed for."""
        blob, receipt = schema.blob, schema.receipt
        query = (
            select(receipt.c.name, blob.c.stream, blob.c.sha256, blob.c.sm3, blob.c.size, blob.c.mime, blob.c.origin)
            .select_from(blob.outerjoin(receipt, receipt.c.name == blob.c.sha256))
            .where(_among(streams), or_(receipt.c.name.is_(None), receipt.c.note == "")).order_by(blob.c.stream, blob.c.sha256)
        )  # fmt: skip
        with self.reading() as connection:
            return [
                (stream, BlobRef(*ref), Handed.BYTES if name else Handed.NOTHING)
                for name, stream, *ref in connection.execute(query)
            ]

    def keep_receipts(self, receipts: Mapping[str, str], at: str) -> None:
        super().keep_receipts(receipts, at)
        self._receipts_version += 1

    def drop_receipts(self, names: Collection[str]) -> None:
        """What the bureau signed of these files counts no longer: they wait for a receipt again."""
        table = schema.receipt
        if not names:
            return
        with self.transaction() as connection:
            for name in sorted(names):
                connection.execute(table.delete().where(table.c.name == name))
        self._receipts_version += 1
        self._receipts_dropped += 1

    def receipts_dropped(self) -> int:
        """A number that grows whenever receipts are dropped; it means nothing after a restart."""
        return self._receipts_dropped

    def receipts_version(self) -> int:
        """A number that grows whenever receipts come; it means nothing after a restart."""
        return self._receipts_version

    def note_delivered(self, sha256: str, at: str) -> None:
        """Note that the bureau has every byte of a file whose receipt has not come: a row without a note."""
        statement = upsert(schema.receipt).values(name=sha256, note="", at=at)
        with self.transaction() as connection:
            connection.execute(statement.on_conflict_do_nothing())

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


def _among(streams: Collection[str] | None) -> ColumnElement[bool]:
    """Of these inspections; of more than can be named it is of all."""
    if streams is None or len(streams) > _ASKED:
        return schema.blob.c.stream.startswith("inspection/")
    return schema.blob.c.stream.in_(sorted(streams))
