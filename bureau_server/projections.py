"""What is folded from the bureau's ledger: anew when somebody reads a stream to which something has come in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from inspector_app.domain.event import REGISTER
from inspector_app.domain.projection import Key, Row, fold
from inspector_app.record.entry import event_of
from inspector_app.sync.heads import summary

from . import schema
from .database import once
from .held import Held


class Projections(Held):
    """The rows of each stream by topic and key, as on a laptop."""

    def rows(self, stream: str) -> Mapping[Key, Row]:
        """The projection of a stream."""
        self.refresh(stream)
        table = schema.projection
        query = select(table.c.topic, table.c.key, table.c.row).where(table.c.stream == stream)
        with self.reader.connect() as connection:
            return {(topic, key): json.loads(row) for topic, key, row in connection.execute(query)}

    def topic(self, topic: str) -> list[tuple[str, str, dict[str, Any]]]:
        """Rows of one topic over all streams: (stream, key, row)."""
        self.refresh()
        table = schema.projection
        query = select(table.c.stream, table.c.key, table.c.row).where(table.c.topic == topic)
        with self.reader.connect() as connection:
            return [(stream, key, json.loads(row)) for stream, key, row in connection.execute(query)]

    def mentioning(self, topic: str, words: str) -> list[tuple[str, dict[str, Any]]]:
        """Rows of one topic that hold these words somewhere, with their streams: the database looks, and few rows are read."""
        self.refresh()
        table = schema.projection
        query = select(table.c.stream, table.c.row).where(
            table.c.topic == topic, table.c.row.contains(words, autoescape=True)
        )
        with self.reader.connect() as connection:
            return [(stream, json.loads(row)) for stream, row in connection.execute(query)]

    def bureau(self) -> str:
        """The bureau's name as the register has it."""
        return str(self.rows(REGISTER).get(("bureau", ""), {}).get("name", ""))

    def refresh(self, only: str = "") -> None:
        """Fold what has come in since the last time, of one stream or of all; who reads asks for it before."""
        table = schema.stream
        query = select(table.c.stream).where(table.c.folded < table.c.count)
        with self.reader.connect() as connection:
            stale = list(connection.scalars(query.where(table.c.stream == only) if only else query))
        for stream in stale:
            self._refold(stream)

    def _refold(self, stream: str) -> None:
        with self.engine.begin() as connection:
            count = self._lock_stream(connection, stream)
            query = select(schema.event.c.line).where(schema.event.c.stream == stream)
            folded = fold(event_of(bytes(line)) for line in connection.scalars(query))
            table = schema.projection
            connection.execute(delete(table).where(table.c.stream == stream))
            rows = [
                {"stream": stream, "topic": topic, "key": key, "row": json.dumps(row, ensure_ascii=False)}
                for (topic, key), row in folded.rows.items()
            ]
            if rows:
                connection.execute(insert(table), rows)
            connection.execute(schema.stream.update().where(schema.stream.c.stream == stream).values(folded=count))

    def _lock_stream(self, connection: Connection, stream: str) -> int:
        """Hold the stream's row until the end of the transaction, so that two pushes come one after the other."""
        table = schema.stream
        query = select(table.c.count).where(table.c.stream == stream).with_for_update()
        count = connection.scalar(query)
        if count is None:
            connection.execute(
                once(connection, table).values(stream=stream, count=0, folded=0, summary=summary({}), team="")
            )
            count = connection.scalar(query)
        return int(count or 0)
