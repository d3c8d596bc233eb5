"""What is folded from the events: rows by stream, topic and key, in the transaction that adds the events.

The rows can be dropped and made anew at any time. Those that readers asked for, and the fold of the streams that are
written to, stay in memory.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects.sqlite import insert as upsert

from ..domain.event import Event
from ..domain.projection import Folded, Key, Row, fold
from ..domain.rows import REPLACED, copied, row_of
from ..record.entry import event_of
from . import schema
from .files import Files

_KEEP_ROWS = upsert(schema.projection)
_KEEP_ROWS = _KEEP_ROWS.on_conflict_do_update(
    index_elements=["stream", "topic", "key"], set_={"row": _KEEP_ROWS.excluded.row}
)


class Projections(Files):
    """A database that knows the projection of each of its streams."""

    def __init__(self, path: Path, key: bytes, *, read_only: bool = False) -> None:
        super().__init__(path, key, read_only=read_only)
        self._folded: dict[str, Folded] = {}
        self._versions: Counter[str] = Counter()
        self._rows: dict[str, dict[Key, Row]] = {}
        self._topics: dict[str, dict[tuple[str, str], Row]] = {}

    # -- reading ----------------------------------------------------------------------------------------------

    def rows(self, stream: str) -> Mapping[Key, Row]:
        """The projection rows of a stream, as they are stored; they are for reading, and a row that changes is a new one."""
        with self._lock:
            if stream not in self._rows:
                with self.reading() as connection:
                    self._rows[stream] = self._stored_rows(connection, stream)
            return dict(self._rows[stream])

    def _stored_rows(self, connection: Connection, stream: str) -> dict[Key, Row]:
        table = schema.projection
        query = select(table.c.topic, table.c.key, table.c.row).where(table.c.stream == stream)
        return {(topic, key): row_of(row) for topic, key, row in connection.execute(query)}

    def topic(self, topic: str) -> list[tuple[str, str, dict[str, Any]]]:
        """Rows of one topic over all streams: (stream, key, row)."""
        table = schema.projection
        query = select(table.c.stream, table.c.key, table.c.row).where(table.c.topic == topic)
        with self.reading() as connection:
            return [(stream, key, json.loads(row)) for stream, key, row in connection.execute(query)]

    def streams_saying(self, topic: str, field: str, said: str) -> frozenset[str]:
        """The streams in which a row of a topic says this in a field: the database looks, and no row is read."""
        table = schema.projection
        query = select(table.c.stream).where(
            table.c.topic == topic, func.json_extract(table.c.row, f"$.{field}") == said
        )
        with self.reading() as connection:
            return frozenset(connection.scalars(query))

    def over_all(self, topic: str) -> dict[tuple[str, str], Row]:
        """Like `topic`, kept in memory from the first time on, for small rows: (stream, key) -> row. They are for reading,
        and a row that changes is a new one."""
        with self._lock:
            if topic not in self._topics:
                self._topics[topic] = {(stream, key): row for stream, key, row in self.topic(topic)}
            return dict(self._topics[topic])

    def digest(self, stream: str) -> str:
        """Digest of a stream's projection, as stored in its rows (not in memory)."""
        with self.reading() as connection:
            return Folded(rows=self._stored_rows(connection, stream)).digest()

    def version(self, stream: str) -> int:
        """A number that grows whenever the projection of a stream changes; it means nothing after a restart."""
        return self._versions[stream]

    def version_beside(self, stream: str) -> int:
        """Like `version`, of all streams but this one."""
        return self._versions.total() - self._versions[stream]

    def _events(self, connection: Connection, stream: str) -> list[Event]:
        table = schema.event
        lines = connection.scalars(select(table.c.line).where(table.c.stream == stream).order_by(table.c.arrived))
        return [event_of(bytes(line)) for line in lines]

    # -- folding ----------------------------------------------------------------------------------------------

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A transaction that folds; what was folded of one that failed is forgotten, as its events never were."""
        with self._lock:
            try:
                with self.transaction() as connection:
                    yield connection
            except BaseException:
                self._forget()
                raise

    def _forget(self) -> None:
        """What is known in memory may be ahead of the database after a failure."""
        self._folded.clear()
        self._rows.clear()
        self._topics.clear()

    def _fold_of(self, connection: Connection, stream: str) -> Folded:
        if stream not in self._folded:
            self._folded[stream] = fold(self._events(connection, stream))
        return self._folded[stream]

    def _begin(self, connection: Connection, stream: str) -> None:
        """A stream of which nothing is here is folded from nothing: what comes in need not be read back."""
        query = select(schema.event.c.id).where(schema.event.c.stream == stream).limit(1)
        if stream not in self._folded and connection.scalar(query) is None:
            self._folded[stream] = Folded()

    def _fold_in(self, connection: Connection, stream: str, new: Sequence[Event]) -> None:
        """Fold what came in: on top of what is folded when all of it comes after, else everything anew."""
        folded = self._folded.get(stream)
        if folded is None or not folded.is_followed_by(new):
            self._refold(connection, stream)
            return
        self._store_rows(connection, stream, folded, {key for event in new for key in folded.apply(event)})

    def _refold(self, connection: Connection, stream: str) -> None:
        folded = fold(self._events(connection, stream))
        connection.execute(delete(schema.projection).where(schema.projection.c.stream == stream))
        self._rows.pop(stream, None)
        for held in self._topics.values():
            for place in [place for place in held if place[0] == stream]:
                del held[place]
        self._store_rows(connection, stream, folded, folded.rows)
        self._folded[stream] = folded

    def _store_rows(self, connection: Connection, stream: str, folded: Folded, keys: Iterable[Key]) -> None:
        self._versions[stream] += 1
        rows = {
            place: {"stream": stream, "topic": place[0], "key": place[1],
                    "row": json.dumps(folded.rows[place], ensure_ascii=False, separators=(",", ":"))}
            for place in keys
        }  # fmt: skip
        if rows:
            connection.execute(_KEEP_ROWS, [*rows.values()])
            for place in rows:
                held, over_all = self._rows.get(stream), self._topics.get(place[0])
                if held is not None or over_all is not None:
                    made = folded.rows[place] if place[0] in REPLACED else copied(folded.rows[place])
                    if held is not None:
                        held[place] = made
                    if over_all is not None:
                        over_all[stream, place[1]] = made
