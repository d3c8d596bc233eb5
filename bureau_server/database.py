"""Opens the bureau's database and makes its tables: a SQLite file, or PostgreSQL with the ledger cut into parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, inspect
from sqlalchemy.schema import CreateTable

from . import schema

PARTS = 16
"""Parts of each ledger table in PostgreSQL; each holds the streams of one hash."""


def open_database(url: str) -> Engine:
    """An engine on `url` (an SQLAlchemy address); SQLite syncs every commit to the disk."""
    # What people wrote stands in no message of an error, as those are logged.
    engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"), hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_immediate)
    return engine


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where we say, not where the driver guesses
    # Pages of 8 KiB, where a database is new: a batch of events goes in a tenth quicker than into those of 4.
    for pragma in ("page_size=8192", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=20000",
                   "recursive_triggers=ON", "wal_autocheckpoint=4000"):  # fmt: skip
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    """A transaction that will write asks for the lock at once; two that read first would refuse each other."""
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def add_rows(connection: Connection, table: Table, rows: Sequence[Sequence[Any]]) -> None:
    """Add many rows, values in the order of the table's columns: as they are in SQLite, by COPY in PostgreSQL."""
    names = ", ".join(table.columns.keys())
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection
        with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        marks = ", ".join("?" * len(table.columns))
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", list(map(tuple, rows)))


def once(connection: Connection, table: Any) -> Any:
    """An insert that does nothing where the row stands already."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as upsert
    else:
        from sqlalchemy.dialects.sqlite import insert as upsert  # type: ignore[assignment]
    return upsert(table).on_conflict_do_nothing()


def make_tables(engine: Engine, server_role: str = "") -> None:
    """Make what is missing; the ledger refuses UPDATE and DELETE from then on.

    In SQLite triggers refuse. In PostgreSQL the tables belong to who makes them, and `server_role` is the role as which
    the server connects: it may read and add to the ledger, and change only what is derived or comes and goes.
    """
    if server_role and engine.dialect.name != "postgresql":
        raise ValueError("只有 PostgreSQL 有角色。")
    with engine.begin() as connection:
        for table in schema.ledger.sorted_tables:
            if not inspect(connection).has_table(table.name):
                _make_ledger_table(connection, table)
        schema.derived.create_all(connection)
        schema.state.create_all(connection)
        if server_role:
            _grant(connection, server_role)


def _grant(connection: Connection, role: str) -> None:
    """PostgreSQL: who owns no table may do to it what is granted here and nothing else."""
    quoted = connection.dialect.identifier_preparer.quote(role)
    for metadata, verbs in (
        (schema.ledger, "SELECT, INSERT"),
        (schema.derived, "SELECT, INSERT, UPDATE, DELETE"),
        (schema.state, "SELECT, INSERT, UPDATE, DELETE"),
    ):
        for table in metadata.sorted_tables:
            connection.exec_driver_sql(f"GRANT {verbs} ON {table.name} TO {quoted}")


def _make_ledger_table(connection: Connection, table: Table) -> None:
    if connection.dialect.name == "postgresql":
        _make_parts(connection, table)
        return
    table.create(connection)
    for verb in ("UPDATE", "DELETE"):
        connection.exec_driver_sql(
            f"CREATE TRIGGER {table.name}_no_{verb.lower()} BEFORE {verb} ON {table.name} "
            f"BEGIN SELECT RAISE(ABORT, '{table.name} is append-only'); END"
        )


def _make_parts(connection: Connection, table: Table) -> None:
    by = table.info.get("in parts", "")
    made = str(CreateTable(table).compile(dialect=connection.dialect)).rstrip()
    connection.exec_driver_sql(f"{made} PARTITION BY {by}" if by else made)
    for part in range(PARTS if by else 0):
        connection.exec_driver_sql(
            f"CREATE TABLE {table.name}_{part} PARTITION OF {table.name} FOR VALUES WITH (MODULUS {PARTS}, REMAINDER {part})"
        )
    for index in table.indexes:
        index.create(connection)
