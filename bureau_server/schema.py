"""Tables of the bureau. What is kept for ever is only ever added to; what can be rebuilt is marked as derived.

Only portable column types: the same tables stand in SQLite and in PostgreSQL. The ledger is keyed by stream first,
so that PostgreSQL can cut it into parts by stream, on one machine or on many.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, LargeBinary, MetaData, Table, Text

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

ledger = MetaData(naming_convention=NAMING)
"""The record: nothing in it is ever changed or deleted; the server's database role may not."""

event = Table(
    "event",
    ledger,
    Column("stream", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("place", BigInteger, nullable=False),  # n-th event of its stream here, in causal order
    Column("strand", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("prev", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("line", LargeBinary, nullable=False),
    Index(None, "stream", "place"),
    Index(None, "stream", "strand", "seq"),
    postgresql_partition_by="HASH (stream)",
)

blob = Table(
    "blob",
    ledger,
    Column("stream", Text, primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("sm3", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("mime", Text, nullable=False),
    Column("origin", Text, nullable=False),
    postgresql_partition_by="HASH (stream)",
)

note = Table(
    "note",
    ledger,
    Column("stream", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("note", Text, nullable=False),
    Column("at", Text, nullable=False),
    postgresql_partition_by="HASH (stream)",
)

derived = MetaData(naming_convention=NAMING)
"""What follows from the ledger: dropped and rebuilt at will."""

stream = Table(
    "stream",
    derived,
    Column("stream", Text, primary_key=True),
    Column("count", BigInteger, nullable=False),
    Column("folded", BigInteger, nullable=False),  # events that the projection holds; fewer than count: stale
    Column("summary", Text, nullable=False),
)

tip = Table(
    "tip",
    derived,
    Column("stream", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("count", BigInteger, nullable=False),
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

PARTITIONED = (event, blob, note)
"""Tables that PostgreSQL cuts by the hash of the stream."""
