"""Tables. What is kept for ever is migrated by alembic (db/laptop); what can be rebuilt is dropped and rebuilt."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Connection, Index, Integer, LargeBinary, MetaData, Table, Text, UniqueConstraint
from sqlalchemy import event as on

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

kept = MetaData(naming_convention=NAMING)
"""Events, blobs, checkpoints, meta, drafts, and what the bureau said of them: the truth of this laptop."""

event = Table(
    "event",
    kept,
    Column("arrived", Integer, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("strand", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("prev", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("line", LargeBinary, nullable=False),
    UniqueConstraint("id"),
    Index(None, "stream", "strand", "seq"),
)

blob = Table(
    "blob",
    kept,
    Column("stream", Text, primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("sm3", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("mime", Text, nullable=False),
    Column("origin", Text, nullable=False),
)

checkpoint = Table(
    "checkpoint",
    kept,
    Column("note", Text, primary_key=True),
    Column("stream", Text, nullable=False),
    Column("code", Text, nullable=False),  # two devices that fix the same heads have one code
)

meta = Table("meta", kept, Column("name", Text, primary_key=True), Column("value", LargeBinary, nullable=False))

draft = Table(
    "draft",
    kept,
    Column("person", Text, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("text", Text, nullable=False),
    Column("at", Text, nullable=False),
)

receipt = Table(
    "receipt",
    kept,
    Column("name", Text, primary_key=True),  # a stream, or the SHA-256 of a file
    Column("note", Text, nullable=False),  # "" while only the bytes have been handed over
    Column("at", Text, nullable=False),
)

aside = Table(
    "aside",
    kept,
    Column("id", Text, primary_key=True),
    Column("stream", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("at", Text, nullable=False),
)

file_key = Table(
    "file_key",
    kept,
    Column("name", LargeBinary, primary_key=True),  # as the file's header has it
    Column("wrapped", LargeBinary, nullable=False),
)

law_text = Table(
    "law_text",
    kept,
    Column("id", Integer, primary_key=True),
    Column("title", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("at", Text, nullable=False),
    UniqueConstraint("title", "version"),
)

law_passage = Table(
    "law_passage",
    kept,
    Column("id", Integer, primary_key=True),
    Column("law", Integer, nullable=False),
    Column("place", Text, nullable=False),
    Column("heading", Text, nullable=False),
    Column("text", Text, nullable=False),
    Index(None, "law", "place"),
)
"""Texts of laws that were taken in from files: no event brings them back, so they are kept and not derived."""

derived = MetaData(naming_convention=NAMING)
"""What follows from the events: the tips of their strands, and the rows folded from them."""

tip = Table(
    "tip",
    derived,
    Column("stream", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("digest", Text, nullable=False),
)

projection = Table(
    "projection",
    derived,
    Column("stream", Text, primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("row", Text, nullable=False),
    Index(None, "topic"),
)

LAW_INDEX = "law_index"
"""Which word stands in which passage: a virtual table, which SQLAlchemy has no words for."""


@on.listens_for(derived, "before_drop")
def _drop_index(_: MetaData, connection: Connection, **__: Any) -> None:
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {LAW_INDEX}")


@on.listens_for(derived, "after_create")
def _make_index(_: MetaData, connection: Connection, **__: Any) -> None:
    connection.exec_driver_sql(
        f"CREATE VIRTUAL TABLE {LAW_INDEX} USING fts5 (text, content='', contentless_delete=1, "
        "tokenize='unicode61 remove_diacritics 0')"
    )
