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

BY_STREAM = {"in parts": "HASH (stream)"}
"""Of a table that PostgreSQL is to cut into parts. (SQLAlchemy's own word for it loads all of PostgreSQL's dialect, also where
there is none.)"""

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
    info=BY_STREAM,
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
    info=BY_STREAM,
)

note = Table(
    "note",
    ledger,
    Column("stream", Text, primary_key=True),
    Column("digest", Text, primary_key=True),  # SHA-256 of the note: two devices may sign for the same heads
    Column("note", Text, nullable=False),
    Column("at", Text, nullable=False),
    info=BY_STREAM,
)

stamp = Table(
    "stamp",
    ledger,
    Column("stream", Text, primary_key=True),
    Column("digest", Text, primary_key=True),  # SHA-256 of the bureau's receipt
    Column("note", Text, nullable=False),
    Column("summary", Text, nullable=False),  # of the heads that the receipt names
    Column("token", Text, nullable=False),
    Column("at", Text, nullable=False),
    Index(None, "stream", "summary"),
    info=BY_STREAM,
)

token = Table(
    "token",
    ledger,
    Column("digest", Text, primary_key=True),  # SHA-256 of the list
    Column("list", Text, nullable=False),  # digests of the receipts that one time stamp covers
    Column("answer", LargeBinary, nullable=False),  # TimeStampResp of RFC 3161
    Column("at", Text, nullable=False),
)

flag = Table(
    "flag",
    ledger,
    Column("stream", Text, primary_key=True),
    Column("id", Text, primary_key=True),  # of an event that was taken, and that a person should look at
    Column("code", Text, nullable=False),
    Column("at", Text, nullable=False),
    info=BY_STREAM,
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
    Column("team", Text, nullable=False),  # ids of an inspection's people, each between two spaces; empty: not known
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

state = MetaData(naming_convention=NAMING)
"""People, devices and sessions: what changes. No process holds any of it in its memory."""

kept_back = Table(
    "kept_back",
    derived,
    Column("stream", Text, primary_key=True),
    Column("sha256", Text, primary_key=True),  # of a file that may hold a secret
    Column("state", Text, nullable=False),  # of domain.secrecy
    Index(None, "sha256"),
)

account = Table(
    "account",
    state,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("password", Text, nullable=False),  # Argon2id, encoded with its own parameters
    Column("totp", Text, nullable=False),  # base32 secret (RFC 6238); empty: none
    Column("totp_used", BigInteger, nullable=False),  # the last time step that was used: none is taken twice
    Column("active", BigInteger, nullable=False),
)

first_password = Table(
    "first_password",
    state,
    # whose password was given by an admin and is to be replaced at signing in
    Column("account", Text, primary_key=True),
    Column("until", BigInteger, nullable=False),  # it opens nothing after this
)

device = Table(
    "device",
    state,
    Column("name", Text, primary_key=True),
    Column("key", Text, primary_key=True),  # verifier key of C2SP signed-note
    Column("account", Text, nullable=False),
    Column("certificate", Text, nullable=False),
    Column("enrolled_at", Text, nullable=False),
    Column("revoked_at", Text, nullable=False),  # empty: in use
)

role = Table(
    "role",
    state,
    Column("account", Text, primary_key=True),
    Column("role", Text, primary_key=True),  # that the account has or had: work from then comes in later
    Column("since", Text, nullable=False),
)

holder = Table(
    "holder",
    state,
    Column("device", Text, primary_key=True),
    Column("account", Text, primary_key=True),  # that has enrolled it
)

session = Table(
    "session",
    state,
    Column("token", Text, primary_key=True),  # SHA-256 of the token
    Column("account", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("until", BigInteger, nullable=False),
)

throttle = Table(
    "throttle",
    state,
    Column("name", Text, primary_key=True),
    Column("tries", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
)

blob_receipt = Table(
    "blob_receipt",
    state,
    Column("sha256", Text, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("note", Text, nullable=False),
    Column("at", Text, nullable=False),
)

lease = Table(
    "lease",
    state,
    Column("series", Text, primary_key=True),
    Column("year", BigInteger, primary_key=True),
    Column("next", BigInteger, nullable=False),
)

setting = Table("setting", state, Column("name", Text, primary_key=True), Column("value", LargeBinary, nullable=False))
