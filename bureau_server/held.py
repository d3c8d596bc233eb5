"""What the bureau's ledger holds, for whoever reads it: streams, their tips, their entries, and files that are kept back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, and_, func, or_, select

from inspector_app.domain.event import Entry, Heads
from inspector_app.domain.merge import Link
from inspector_app.domain.secrecy import DESTROYED
from inspector_app.sync.heads import lacking, summary

from . import schema


class Held:
    """Holds no state of its own between two calls."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.reader = engine.execution_options(reading=True)

    def teams(self, only: Sequence[str] = ()) -> dict[str, frozenset[str]]:
        """For each stream the ids of the people who work on it; empty where no plan has come in."""
        table = schema.stream
        query = select(table.c.stream, table.c.team)
        with self.reader.connect() as connection:
            rows = connection.execute(query.where(table.c.stream.in_(only)) if only else query)
            return {stream: frozenset(team.split()) for stream, team in rows}

    def summaries(self) -> dict[str, str]:
        """For each stream eleven characters that tell whether another side has the same."""
        with self.reader.connect() as connection:
            rows = connection.execute(select(schema.stream.c.stream, schema.stream.c.summary))
            return {stream: text for stream, text in rows if text != summary({})}

    def heads(self, stream: str) -> Heads:
        """The tips of a stream's strands."""
        with self.reader.connect() as connection:
            return self._heads(connection, stream)

    def _heads(self, connection: Connection, stream: str) -> Heads:
        table = schema.tip
        rows = connection.execute(select(table.c.name, table.c.count, table.c.digest).where(table.c.stream == stream))
        return {name: (count, digest) for name, count, digest in rows}

    def _links(self, connection: Connection, stream: str) -> list[Link]:
        table = schema.event
        query = select(table.c.id, table.c.strand, table.c.seq, table.c.prev).where(table.c.stream == stream)
        return [Link(*row) for row in connection.execute(query)]

    def lacking(self, stream: str, theirs: Heads, most: int) -> list[Entry]:
        """At most `most` entries of a stream that the other side cannot be shown to have, in causal order."""
        mine = self.heads(stream)
        table = schema.event
        query = select(table.c.strand, table.c.seq, table.c.id, table.c.prev, table.c.line).where(
            table.c.stream == stream
        )
        with self.reader.connect() as connection:
            if not any("~" in name for name in (*mine, *theirs)):
                held = self._shown(connection, stream, theirs)
                # The first `most` of all of them are among the first `most` of each: no more is read.
                wanted = [and_(table.c.strand == name, table.c.seq >= begin, table.c.seq < begin + most)
                          for name, (count, _) in mine.items() if (begin := held.get(name, 0)) < count]  # fmt: skip
                if not wanted:
                    return []
                return _entries(connection.execute(query.where(or_(*wanted)).order_by(table.c.place).limit(most)))
            return lacking(_entries(connection.execute(query.order_by(table.c.place))), theirs)[:most]

    def _shown(self, connection: Connection, stream: str, theirs: Heads) -> dict[str, int]:
        """How far the other side is shown to be in each strand: their tip must be an event that is here."""
        known = self._known(connection, stream, {digest for _, digest in theirs.values()})
        return {name: count for name, (count, digest) in theirs.items() if digest in known}

    def _known(self, connection: Connection, stream: str, ids: set[str]) -> set[str]:
        table, found = schema.event, set()
        wanted = sorted(ids - {""})
        for start in range(0, len(wanted), 500):
            some = wanted[start : start + 500]
            query = select(table.c.id).where(table.c.stream == stream, table.c.id.in_(some))
            found |= set(connection.scalars(query))
        return found

    def entries(self, stream: str) -> list[Entry]:
        """All of a stream in the order in which it came in."""
        table = schema.event
        query = select(table.c.strand, table.c.seq, table.c.id, table.c.prev, table.c.line).where(
            table.c.stream == stream
        )
        with self.reader.connect() as connection:
            return _entries(connection.execute(query.order_by(table.c.place)))

    def notes(self, stream: str) -> list[str]:
        """The signed notes of a stream, in the order in which they came in."""
        table = schema.note
        query = select(table.c.note).where(table.c.stream == stream).order_by(table.c.at, table.c.digest)
        with self.reader.connect() as connection:
            return list(connection.scalars(query))

    def kept_back(self, sha256: str) -> bool:
        """Whether a file may hold a secret: then it is neither taken in nor given out."""
        table = schema.kept_back
        with self.reader.connect() as connection:
            return connection.scalar(select(table.c.state).where(table.c.sha256 == sha256).limit(1)) is not None

    def destroyed(self) -> list[str]:
        """Digests of the files whose destruction was ordered."""
        table = schema.kept_back
        query = select(table.c.sha256).where(table.c.state == DESTROYED).distinct().order_by(table.c.sha256)
        with self.reader.connect() as connection:
            return list(connection.scalars(query))

    def count(self) -> int:
        """Number of events in the ledger, each looked at."""
        with self.reader.connect() as connection:
            return int(connection.scalar(select(func.count()).select_from(schema.event)) or 0)

    def told_count(self) -> int:
        """The same as the streams tell it: quick enough for whoever asks again and again."""
        with self.reader.connect() as connection:
            return int(connection.scalar(select(func.sum(schema.stream.c.count))) or 0)


def _entries(rows: Iterable[Any]) -> list[Entry]:
    return [Entry(strand, seq, id, prev, bytes(line)) for strand, seq, id, prev, line in rows]
