"""One laptop's encrypted database, and what lies in it beside the record: named values, half-typed texts, what the bureau said.
Nothing of it is an event, and nothing sends or exports it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from . import schema
from .engine import open_engine, plain_failures, quick_check


class Database:
    """Every method may be called from any thread; one runs at a time."""

    def __init__(self, path: Path, key: bytes, *, read_only: bool = False) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._engine = open_engine(path, key, read_only=read_only)
        self._meta: dict[str, bytes | None] = {}

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """For what is only read."""
        with self._lock, plain_failures(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """All of it on the disk at the end, or nothing."""
        with self._lock, plain_failures(), self._engine.begin() as connection:
            yield connection

    def meta(self, name: str) -> bytes | None:
        """A named value of this laptop, or None."""
        with self._lock:
            if name not in self._meta:
                with self.reading() as connection:
                    value = connection.scalar(select(schema.meta.c.value).where(schema.meta.c.name == name))
                self._meta[name] = bytes(value) if value is not None else None
            return self._meta[name]

    def set_meta(self, name: str, value: bytes) -> None:
        self.set_metas({name: value})

    def set_metas(self, values: Mapping[str, bytes]) -> None:
        """Keep named values that go together, all of them or none."""
        with self.transaction() as connection:
            for name, value in values.items():
                statement = upsert(schema.meta).values(name=name, value=value)
                connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))
                self._meta.pop(name, None)

    def save_draft(self, person: str, place: str, text: str, at: str) -> None:
        """Keep half-typed text of a field; an empty text removes it. Never synced, never exported."""
        with self.transaction() as connection:
            table = schema.draft
            if not text:
                connection.execute(delete(table).where(table.c.person == person, table.c.place == place))
                return
            statement = upsert(table).values(person=person, place=place, text=text, at=at)
            connection.execute(
                statement.on_conflict_do_update(index_elements=["person", "place"], set_={"text": text, "at": at})
            )

    def drafts(self, person: str) -> dict[str, str]:
        """All half-typed texts of a person by place."""
        table = schema.draft
        with self.reading() as connection:
            rows = connection.execute(select(table.c.place, table.c.text).where(table.c.person == person)).all()
        return {place: text for place, text in rows}  # noqa: C416 - rows are no pairs to the type checker

    # -- what the bureau said ---------------------------------------------------------------------------------

    def keep_receipts(self, receipts: Mapping[str, str], at: str) -> None:
        """Keep the bureau's newest signed receipt for each stream or file."""
        with self.transaction() as connection:
            for name, text in receipts.items():
                statement = upsert(schema.receipt).values(name=name, note=text, at=at)
                connection.execute(
                    statement.on_conflict_do_update(index_elements=["name"], set_={"note": text, "at": at})
                )

    def receipts(self, prefix: str = "") -> dict[str, tuple[str, str]]:
        """name -> (signed receipt, when it came) of every stream and file that has one and whose name begins so."""
        table = schema.receipt
        query = select(table).where(table.c.note != "", table.c.name >= prefix, table.c.name < f"{prefix}\U0010ffff")
        with self.reading() as connection:
            return {name: (text, at) for name, text, at in connection.execute(query)}

    def keep_aside(self, refused: Iterable[tuple[str, str, str]], at: str) -> None:
        """Note events that the bureau put aside: (id, stream, code of the problem). They stay in the record."""
        with self.transaction() as connection:
            for id, stream, code in refused:
                statement = upsert(schema.aside).values(id=id, stream=stream, code=code, at=at)
                connection.execute(statement.on_conflict_do_nothing())

    def aside(self) -> dict[str, tuple[str, str]]:
        """id -> (stream, code of the problem) of what the bureau put aside."""
        table = schema.aside
        with self.reading() as connection:
            return {id: (stream, code) for id, stream, code, _ in connection.execute(select(table))}

    # -- upkeep -----------------------------------------------------------------------------------------------

    def check(self) -> None:
        """Raises `Problem("store_damaged")` unless every page of the database is whole."""
        with self._lock:
            quick_check(self._engine)

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._engine.dispose()
