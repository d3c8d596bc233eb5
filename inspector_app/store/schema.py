"""Tables. What is kept for ever is migrated by alembic (db/laptop); what can be rebuilt is dropped and rebuilt."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, Table, Text, UniqueConstraint

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
