"""The tips of every strand: how far each chain of each device goes, and with which digest it ends."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, and_, delete, or_, select
from sqlalchemy.dialects.sqlite import insert as upsert

from ..domain.event import Event, Heads
from ..domain.merge import Link, advanced, strand_of, tips
from . import schema

_MOVE_TIPS = upsert(schema.tip)
_MOVE_TIPS = _MOVE_TIPS.on_conflict_do_update(
    index_elements=["stream", "name"], set_={"count": _MOVE_TIPS.excluded.count, "digest": _MOVE_TIPS.excluded.digest}
)
"""Made once: SQLAlchemy then finds the compiled statement without looking into it."""


class Tips:
    """`held` is what is known in memory; it may be ahead of the database after a failure, and is cleared then."""

    def __init__(self) -> None:
        self.held: dict[str, Heads] = {}

    def of(self, connection: Connection, stream: str) -> Heads:
        """The tips of a stream by the names of its strands; a fork counts as a strand of its own."""
        if stream not in self.held:
            table = schema.tip
            query = select(table.c.name, table.c.count, table.c.digest).where(table.c.stream == stream)
            self.held[stream] = {name: (count, digest) for name, count, digest in connection.execute(query)}
        return self.held[stream]

    def advance(self, connection: Connection, stream: str, events: Sequence[Event], last: bool) -> None:
        """Move the tips on; where something came before its time, and now has what was missing, they are found anew."""
        old = self.of(connection, stream)
        heads = advanced(old, events, lambda: _links(connection, stream))
        if not last and _goes_on(
            connection, stream, {name: end for name, end in heads.items() if old.get(name) != end}
        ):
            heads = tips(_links(connection, stream))
        self._keep(connection, stream, old, heads)

    def _keep(self, connection: Connection, stream: str, old: Heads, heads: Heads) -> None:
        table = schema.tip
        if gone := old.keys() - heads.keys():
            connection.execute(delete(table).where(table.c.stream == stream, table.c.name.in_(gone)))
        rows = [
            {"stream": stream, "name": name, "count": end[0], "digest": end[1]}
            for name, end in heads.items() if old.get(name) != end
        ]  # fmt: skip
        if rows:
            connection.execute(_MOVE_TIPS, rows)
        self.held[stream] = heads

    def tail(self, connection: Connection, stream: str, strand: str) -> tuple[int, str]:
        """Number and predecessor of the next entry of a strand."""
        heads = self.of(connection, stream)
        if all(name == strand or strand_of(name) != strand for name in heads):
            return heads.get(strand, (0, ""))  # not forked: the tip is the tail
        table = schema.event
        row = connection.execute(
            select(table.c.seq, table.c.id)
            .where(table.c.stream == stream, table.c.strand == strand)
            .order_by(table.c.seq.desc())
            .limit(1)
        ).first()
        return (row.seq + 1, row.id) if row else (0, "")

    def find_anew(self, connection: Connection, stream: str) -> None:
        """Make the tips of a stream, of which none are kept, from all its events."""
        self._keep(connection, stream, {}, tips(_links(connection, stream)))


def _goes_on(connection: Connection, stream: str, ends: Heads) -> bool:
    """Whether an event stands here already that may follow one of these tips."""
    table = schema.event
    next_ones = [and_(table.c.strand == strand_of(name), table.c.seq == count) for name, (count, _) in ends.items()]
    query = select(table.c.id).where(table.c.stream == stream, or_(*next_ones)).limit(1)
    return bool(next_ones) and connection.scalar(query) is not None


def _links(connection: Connection, stream: str) -> list[Link]:
    table = schema.event
    query = select(table.c.id, table.c.strand, table.c.seq, table.c.prev).where(table.c.stream == stream)
    return [Link(*row) for row in connection.execute(query)]
