"""The append-only ledger and the projections folded from it, in one transaction.

`Store.append` is the only way in for what a person does; `Store.receive` for what another device did. Both are
idempotent by the event's id. Nothing is acknowledged before SQLite has synced its log to the disk.
"""

from __future__ import annotations

import json
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, and_, case, delete, func, or_, select
from sqlalchemy.dialects.sqlite import insert as upsert

from ..domain.clock import Moment
from ..domain.event import Actor, BlobRef, Draft, Entry, Event, Heads
from ..domain.merge import Link, advanced, order, strand_of, tips
from ..domain.problems import Problem
from ..domain.projection import FOLD, Folded, Key, Row, fold
from ..record.checkpoint import Checkpoint
from ..record.entry import event_of, write
from ..record.keys import DeviceKey
from ..record.note import cosigned
from . import schema
from .disk import Reserve
from .engine import open_engine, plain_failures, prepare, quick_check
from .library import index_laws
from .upgrade import put_back, whole_or_as_it_was

_FOLD = str(FOLD).encode()
_ADD_EVENT = "INSERT INTO event (id, stream, strand, seq, prev, kind, line) VALUES (?, ?, ?, ?, ?, ?, ?)"
"""As plain SQL: thousands come at once, and the compiler takes longer over each than the database."""

# What every answer writes, made once: SQLAlchemy then finds the compiled statement without looking into it.
_ADD_BLOBS = upsert(schema.blob).on_conflict_do_nothing()
_MOVE_TIPS = upsert(schema.tip)
_MOVE_TIPS = _MOVE_TIPS.on_conflict_do_update(
    index_elements=["stream", "name"], set_={"count": _MOVE_TIPS.excluded.count, "digest": _MOVE_TIPS.excluded.digest}
)
_KEEP_ROWS = upsert(schema.projection)
_KEEP_ROWS = _KEEP_ROWS.on_conflict_do_update(
    index_elements=["stream", "topic", "key"], set_={"row": _KEEP_ROWS.excluded.row}
)

Prove = Callable[[Sequence[Event], Callable[[str], bool]], tuple[list[Event], list[tuple[Event, str]]]]
"""Of a stream's new events (in causal order; the second argument tells what is held) the sure ones, and the others."""


@dataclass(frozen=True, slots=True)
class Received:
    """What came of lines from elsewhere: how many were new, known already, or not to be read."""

    new: int
    known: int
    refused: tuple[str, ...]


class Store:
    """One laptop's encrypted store. Every method may be called from any thread; one runs at a time."""

    def __init__(self, path: Path, key: bytes, *, read_only: bool = False, reserve: Reserve | None = None) -> None:
        """Open or create the database at `path`; projections are rebuilt when the schema is new.

        Raises:
            Problem: `store_newer`, `store_damaged`, `store_busy`, `upgrade_failed`, `upgrade_cut`.
        """
        self.path = path
        self._lock = threading.RLock()
        cut = not read_only and put_back(path)
        self._engine = open_engine(path, key, read_only=read_only)
        self._reserve = reserve
        self._folded: dict[str, Folded] = {}
        self._tips: dict[str, Heads] = {}
        self._versions: Counter[str] = Counter()
        self._rows: dict[str, dict[Key, Row]] = {}
        self._topics: dict[str, dict[tuple[str, str], Row]] = {}
        self._counts: dict[str, int] = {}
        self._file_sums: dict[str, tuple[int, int, int]] | None = None
        self._meta: dict[str, bytes | None] = {}
        try:
            if not read_only:
                with whole_or_as_it_was(self._engine, path, cut=cut):
                    if prepare(self._engine, path) or self.meta("fold") != _FOLD:
                        self.rebuild()
                        self.set_meta("fold", _FOLD)
            self.device_key = self._device_key()
        except BaseException:
            self.close()
            raise

    # -- identity ---------------------------------------------------------------------------------------------

    def _device_key(self) -> DeviceKey:
        """This incarnation's signing key; it lives inside the encrypted database only."""
        raw = self.meta("device_key")
        if raw is None:
            self.new_device()
            return self.device_key
        return DeviceKey.from_bytes((self.meta("device") or b"").decode(), raw)

    @property
    def device(self) -> str:
        """Short name of this laptop, e.g. QH-07A1."""
        return self.device_key.name

    @property
    def strand(self) -> str:
        """Name of the chain that this incarnation of the device writes."""
        return f"{self.device}.{(self.meta('incarnation') or b'').decode()}"

    def new_device(self) -> None:
        """Become another device: new name, new key, new strands.

        A restored or cloned store must not go on as the one it was copied from: that one may have gone on too, and
        both would give the same numbers to papers and photos. Leased numbers stay with the old name.
        """
        self._sign_off()
        self.device_key = DeviceKey.generate(f"QH-{uuid.uuid4().hex[:4].upper()}")
        self.set_meta("incarnation", uuid.uuid4().hex[:8].encode())
        self.set_meta("device", self.device_key.name.encode())
        self.set_meta("device_key", self.device_key.to_bytes())

    def _sign_off(self) -> None:
        """The device that this store was signs what it wrote last: nobody else's signature shows that it did."""
        if self.meta("device_key") is None:
            return
        for stream in self.streams():
            self.sign_own(stream)

    def sign_own(self, stream: str) -> None:
        """See that the last event this device wrote in a stream has its own signature."""
        ends = {end for name, end in self.heads(stream).items() if strand_of(name) == self.strand}
        signed = {
            end
            for _, text in self.checkpoints(stream)
            if (note := Checkpoint.parse(text)).signed_by([self.device_key.public])
            for end in note.heads.values()
        }
        if ends - signed:
            self.fix_checkpoint(stream)

    # -- what lies beside the record ----------------------------------------------------------------------------

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """For the tables beside the record: all of it on the disk at the end, or nothing."""
        with self._lock, plain_failures(), self._engine.begin() as connection:
            yield connection

    # -- small things -----------------------------------------------------------------------------------------

    def meta(self, name: str) -> bytes | None:
        """A named value of this laptop, or None."""
        with self._lock:
            if name not in self._meta:
                with plain_failures(), self._engine.connect() as connection:
                    value = connection.scalar(select(schema.meta.c.value).where(schema.meta.c.name == name))
                self._meta[name] = bytes(value) if value is not None else None
            return self._meta[name]

    def set_meta(self, name: str, value: bytes) -> None:
        with self._lock, plain_failures(), self._engine.begin() as connection:
            statement = upsert(schema.meta).values(name=name, value=value)
            connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))
            self._meta.pop(name, None)

    def save_draft(self, person: str, place: str, text: str, at: str) -> None:
        """Keep half-typed text of a field; an empty text removes it. Never synced, never exported."""
        with self._lock, plain_failures(), self._engine.begin() as connection:
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
        with self._lock, plain_failures(), self._engine.connect() as connection:
            rows = connection.execute(select(table.c.place, table.c.text).where(table.c.person == person)).all()
        return {place: text for place, text in rows}  # noqa: C416 - rows are no pairs to the type checker

    # -- writing ----------------------------------------------------------------------------------------------

    def append(
        self, drafts: Sequence[Draft], *, actor: Actor, bureau: str, moment: Moment, app: Mapping[str, str],
        erase: Collection[bytes] = (),
    ) -> tuple[Event, ...]:  # fmt: skip
        """Write one action's events in one transaction and fold them. Returns only when they are on the disk.

        The keys of files named in `erase` are destroyed in the same transaction: never without the event that says so.

        Raises:
            ValueError: the batch is empty.
            Problem: `disk_full` (nothing of the batch is written), `store_busy`, `store_damaged`.
        """
        if not drafts:
            raise ValueError("an action writes at least one event")
        with self._lock:
            try:
                return self._append(drafts, actor, bureau, moment, app, erase)
            except Problem as problem:
                if problem.code != "disk_full" or self._reserve is None or not self._reserve.release():
                    raise
                return self._append(drafts, actor, bureau, moment, app, erase)

    def _append(
        self, drafts: Sequence[Draft], actor: Actor, bureau: str, moment: Moment, app: Mapping[str, str],
        erase: Collection[bytes],
    ) -> tuple[Event, ...]:  # fmt: skip
        strand = self.strand
        written: list[tuple[Event, bytes]] = []
        tails: dict[str, tuple[int, str]] = {}
        changed: dict[str, set[Key]] = {}
        with self._writing() as connection:
            for draft in drafts:
                folded = self._fold_of(connection, draft.stream)
                seq, prev = tails.get(draft.stream) or self._tail(connection, draft.stream, strand)
                event, line = write(
                    draft, bureau=bureau, strand=strand, seq=seq, prev=prev,
                    parents=tuple(sorted(folded.heads)) if draft.parents is None else draft.parents,
                    at=moment.at.isoformat(), mono=moment.mono, boot=moment.boot, anchor=None, actor=actor,
                    device=self.device, app=app,
                )  # fmt: skip
                written.append((event, line))
                tails[draft.stream] = (seq + 1, event.id)
                changed.setdefault(draft.stream, set()).update(folded.apply(event))
            self._insert(connection, written, last=True)
            for stream, keys in changed.items():
                self._store_rows(connection, stream, self._folded[stream], keys)
            for name in erase:
                connection.execute(delete(schema.file_key).where(schema.file_key.c.name == name))
        if erase:
            self._empty_log()
        return tuple(event for event, _ in written)

    def _empty_log(self) -> None:
        """Move the log into the database and cut it off: it still holds pages with what was deleted."""
        with plain_failures(), self._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def receive(self, lines: Iterable[bytes], prove: Prove | None = None, notes: Iterable[str] = ()) -> Received:
        """Take in events of other devices in any order; duplicates are no-ops, bad lines are named and passed by.

        `prove` keeps back what its device has not signed for (`record.proof`); `notes` are kept beside the events.
        """
        refused: list[str] = []
        read: dict[str, tuple[Event, bytes]] = {}
        for line in list(lines):  # a source that reads this store must not meet its own transaction
            try:
                event = event_of(line)
            except ValueError as error:
                refused.append(str(error))
                continue
            read[event.id] = (event, line)
        with self._writing() as connection:
            new = self._take_in(connection, read, prove, refused)
            for text in notes:
                self._keep_note(connection, text)
        return Received(len(new), len(read) - len(new), tuple(refused))

    def _take_in(
        self, connection: Connection, read: Mapping[str, tuple[Event, bytes]], prove: Prove | None, refused: list[str]
    ) -> list[Event]:
        """Insert and fold what is new and sure; says in `refused` why the rest is kept back."""
        held = self._held(connection, {*read, *(event.prev for event, _ in read.values())})
        by_stream: dict[str, list[Event]] = {}
        for event in order(event for event, _ in read.values() if event.id not in held):
            by_stream.setdefault(event.stream, []).append(event)
        for stream, events in by_stream.items():
            if prove is not None:
                by_stream[stream], kept_back = prove(events, held.__contains__)
                refused += [reason for _, reason in kept_back]
        new = [event for events in by_stream.values() for event in events]
        for stream in by_stream:
            self._begin(connection, stream)
        self._insert(connection, [read[event.id] for event in new])
        for stream, events in by_stream.items():
            if events:
                self._fold_in(connection, stream, events)
        return new

    def _held(self, connection: Connection, ids: set[str]) -> set[str]:
        """Those of the ids that are events here."""
        table, found, wanted = schema.event, set[str](), sorted(ids - {""})
        for start in range(0, len(wanted), 500):
            query = select(table.c.id).where(table.c.id.in_(wanted[start : start + 500]))
            found |= set(connection.scalars(query))
        return found

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A transaction that folds; what was folded of one that failed is forgotten, as its events never were."""
        with self._lock:
            try:
                with plain_failures(), self._engine.begin() as connection:
                    yield connection
            except BaseException:
                self._forget()
                raise

    def _keep_note(self, connection: Connection, text: str) -> None:
        """Keep a note; where two devices fixed the same heads, both notes stay under their one code."""
        made = Checkpoint.read(text)
        if made is None:
            return  # what came from elsewhere and is no note proves nothing
        statement = upsert(schema.checkpoint).values(note=made.note, stream=made.stream, code=made.code)
        connection.execute(statement.on_conflict_do_nothing())

    def _insert(self, connection: Connection, written: Sequence[tuple[Event, bytes]], *, last: bool = False) -> None:
        """Keep events and move the tips; `last`: they were written here just now, so that nothing follows them yet."""
        if not written:
            return
        connection.exec_driver_sql(_ADD_EVENT, [
            (event.id, event.stream, event.strand, event.seq, event.prev, event.kind, line) for event, line in written
        ])  # fmt: skip
        if self._counts:
            for event, _ in written:
                self._counts[event.stream] = self._counts.get(event.stream, 0) + 1
        blobs = [
            {"stream": event.stream, "sha256": ref.sha256, "sm3": ref.sm3, "size": ref.size, "mime": ref.mime,
             "origin": ref.origin}
            for event, _ in written for ref in event.blobs
        ]  # fmt: skip
        if blobs:
            connection.execute(_ADD_BLOBS, blobs)
            self._file_sums = None
        for stream in {event.stream for event, _ in written}:
            self._advance(connection, stream, [event for event, _ in written if event.stream == stream], last)

    def _advance(self, connection: Connection, stream: str, events: Sequence[Event], last: bool) -> None:
        """Move the tips on; where something came before its time, and now has what was missing, they are found anew."""
        old = self._heads(connection, stream)
        heads = advanced(old, events, lambda: self._links(connection, stream))
        if not last and self._goes_on(
            connection, stream, {name: end for name, end in heads.items() if old.get(name) != end}
        ):
            heads = tips(self._links(connection, stream))
        self._keep_tips(connection, stream, old, heads)

    def _keep_tips(self, connection: Connection, stream: str, old: Heads, heads: Heads) -> None:
        table = schema.tip
        if gone := old.keys() - heads.keys():
            connection.execute(delete(table).where(table.c.stream == stream, table.c.name.in_(gone)))
        rows = [
            {"stream": stream, "name": name, "count": end[0], "digest": end[1]}
            for name, end in heads.items() if old.get(name) != end
        ]  # fmt: skip
        if rows:
            connection.execute(_MOVE_TIPS, rows)
        self._tips[stream] = heads

    def _goes_on(self, connection: Connection, stream: str, ends: Heads) -> bool:
        """Whether an event stands here already that may follow one of these tips."""
        table = schema.event
        next_ones = [and_(table.c.strand == strand_of(name), table.c.seq == count) for name, (count, _) in ends.items()]
        query = select(table.c.id).where(table.c.stream == stream, or_(*next_ones)).limit(1)
        return bool(next_ones) and connection.scalar(query) is not None

    def _links(self, connection: Connection, stream: str) -> list[Link]:
        table = schema.event
        query = select(table.c.id, table.c.strand, table.c.seq, table.c.prev).where(table.c.stream == stream)
        return [Link(*row) for row in connection.execute(query)]

    def _forget(self) -> None:
        """What is known in memory may be ahead of the database after a failure."""
        self._folded.clear()
        self._tips.clear()
        self._rows.clear()
        self._topics.clear()
        self._counts.clear()
        self._file_sums = None

    def _tail(self, connection: Connection, stream: str, strand: str) -> tuple[int, str]:
        heads = self._heads(connection, stream)
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

    # -- projections ------------------------------------------------------------------------------------------

    def _fold_of(self, connection: Connection, stream: str) -> Folded:
        if stream not in self._folded:
            self._folded[stream] = fold(self._events(connection, stream))
        return self._folded[stream]

    def _begin(self, connection: Connection, stream: str) -> None:
        """A stream of which nothing is here is folded from nothing: what comes in need not be read back."""
        query = select(schema.event.c.id).where(schema.event.c.stream == stream).limit(1)
        if stream not in self._folded and connection.scalar(query) is None:
            self._folded[stream] = Folded()

    def version(self, stream: str) -> int:
        """A number that grows whenever the projection of a stream changes; it means nothing after a restart."""
        return self._versions[stream]

    def version_beside(self, stream: str) -> int:
        """Like `version`, of all streams but this one."""
        return self._versions.total() - self._versions[stream]

    def _store_rows(self, connection: Connection, stream: str, folded: Folded, keys: Iterable[Key]) -> None:
        self._versions[stream] += 1
        rows = [
            {"stream": stream, "topic": topic, "key": key,
             "row": json.dumps(folded.rows[topic, key], ensure_ascii=False, separators=(",", ":"))}
            for topic, key in keys
        ]  # fmt: skip
        if rows:
            connection.execute(_KEEP_ROWS, rows)
            for row in rows:
                topic, key = row["topic"], row["key"]
                held, over_all = self._rows.get(stream), self._topics.get(topic)
                if held is not None or over_all is not None:
                    made = json.loads(row["row"])
                    if held is not None:
                        held[topic, key] = made
                    if over_all is not None:
                        over_all[stream, key] = made

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

    def rebuild(self) -> None:
        """Drop what is derived and make it anew from the events."""
        with self._writing() as connection:
            for table in schema.derived.sorted_tables:
                connection.execute(delete(table))
            self._forget()
            for stream in connection.scalars(select(schema.event.c.stream).distinct()).all():
                self._keep_tips(connection, stream, {}, tips(self._links(connection, stream)))
                self._refold(connection, stream)
            index_laws(connection)

    def digest(self, stream: str) -> str:
        """Digest of a stream's projection, as stored in its rows (not in memory)."""
        with self._lock, plain_failures(), self._engine.connect() as connection:
            return Folded(rows=self._stored_rows(connection, stream)).digest()

    # -- reading ----------------------------------------------------------------------------------------------

    def _events(self, connection: Connection, stream: str) -> list[Event]:
        table = schema.event
        lines = connection.scalars(select(table.c.line).where(table.c.stream == stream).order_by(table.c.arrived))
        return [event_of(bytes(line)) for line in lines]

    def events(self, stream: str) -> list[Event]:
        """The events of a stream in the order in which they arrived here."""
        with self._lock, plain_failures(), self._engine.connect() as connection:
            return self._events(connection, stream)

    def entries(self, stream: str) -> list[Entry]:
        """The events of a stream as their canonical bytes, in the order in which they arrived here."""
        table = schema.event
        query = select(table.c.strand, table.c.seq, table.c.id, table.c.prev, table.c.line).where(
            table.c.stream == stream
        )
        with self._lock, plain_failures(), self._engine.connect() as connection:
            rows = connection.execute(query.order_by(table.c.arrived)).all()
        return [Entry(strand, seq, id, prev, bytes(line)) for strand, seq, id, prev, line in rows]

    def streams(self, prefix: str = "") -> tuple[str, ...]:
        """Names of all streams that begin with `prefix`."""
        table = schema.tip
        query = select(table.c.stream).where(table.c.stream.startswith(prefix, autoescape=True)).distinct()
        with self._lock, plain_failures(), self._engine.connect() as connection:
            return tuple(sorted(connection.scalars(query)))

    def last_moment(self) -> Moment | None:
        """When this device wrote last, by its own clocks."""
        table = schema.event
        query = select(table.c.line).where(table.c.strand == self.strand).order_by(table.c.arrived.desc()).limit(1)
        with self._lock, plain_failures(), self._engine.connect() as connection:
            line = connection.scalar(query)
        if line is None:
            return None
        event = event_of(bytes(line))
        return Moment(datetime.fromisoformat(event.at), event.mono, event.boot)

    def count(self) -> int:
        """Number of events on this laptop."""
        return sum(self.counts().values())

    def counts(self) -> dict[str, int]:
        """Number of events of each stream."""
        table = schema.event
        with self._lock:
            if not self._counts:
                query = select(table.c.stream, func.count()).group_by(table.c.stream)
                with plain_failures(), self._engine.connect() as connection:
                    self._counts = {stream: int(count) for stream, count in connection.execute(query)}
            return dict(self._counts)

    def rows(self, stream: str) -> Mapping[Key, Row]:
        """The projection rows of a stream, as they are stored; they are for reading, and a row that changes is a new one."""
        with self._lock:
            if stream not in self._rows:
                with plain_failures(), self._engine.connect() as connection:
                    self._rows[stream] = self._stored_rows(connection, stream)
            return dict(self._rows[stream])

    def _stored_rows(self, connection: Connection, stream: str) -> dict[Key, Row]:
        table = schema.projection
        query = select(table.c.topic, table.c.key, table.c.row).where(table.c.stream == stream)
        return {(topic, key): json.loads(row) for topic, key, row in connection.execute(query)}

    def topic(self, topic: str) -> list[tuple[str, str, dict[str, Any]]]:
        """Rows of one topic over all streams: (stream, key, row)."""
        table = schema.projection
        query = select(table.c.stream, table.c.key, table.c.row).where(table.c.topic == topic)
        with self._lock, plain_failures(), self._engine.connect() as connection:
            return [(stream, key, json.loads(row)) for stream, key, row in connection.execute(query)]

    def over_all(self, topic: str) -> dict[tuple[str, str], Row]:
        """Like `topic`, kept in memory from the first time on, for small rows: (stream, key) -> row. They are for reading,
        and a row that changes is a new one."""
        with self._lock:
            if topic not in self._topics:
                self._topics[topic] = {(stream, key): row for stream, key, row in self.topic(topic)}
            return dict(self._topics[topic])

    def blobs(self, stream: str) -> tuple[BlobRef, ...]:
        """Every file that the events of a stream name."""
        return self.blobs_by_stream(stream).get(stream, ())

    def blobs_by_stream(self, prefix: str = "") -> dict[str, tuple[BlobRef, ...]]:
        """Every file that events name, by the streams that begin with `prefix`."""
        table = schema.blob
        query = select(table.c.stream, table.c.sha256, table.c.sm3, table.c.size, table.c.mime, table.c.origin)
        query = query.where(table.c.stream.startswith(prefix, autoescape=True)).order_by(table.c.stream, table.c.sha256)
        found: dict[str, list[BlobRef]] = {}
        with self._lock, plain_failures(), self._engine.connect() as connection:
            for stream, *ref in connection.execute(query):
                found.setdefault(stream, []).append(BlobRef(*ref))
        return {stream: tuple(refs) for stream, refs in found.items()}

    def file_sums(self) -> Mapping[str, tuple[int, int, int]]:
        """Of each inspection how many files its events name, how many of them the bureau has signed for, and the bytes of
        the others."""
        with self._lock:
            if self._file_sums is None:
                blob, receipt = schema.blob, schema.receipt
                signed = and_(receipt.c.name == blob.c.sha256, receipt.c.note != "")
                query = (
                    select(blob.c.stream, func.count(), func.count(receipt.c.name),
                           func.sum(case((receipt.c.name.is_(None), blob.c.size), else_=0)))
                    .select_from(blob.outerjoin(receipt, signed))
                    .where(blob.c.stream.startswith("inspection/")).group_by(blob.c.stream)
                )  # fmt: skip
                with plain_failures(), self._engine.connect() as connection:
                    self._file_sums = {stream: (count, held, size) for stream, count, held, size in connection.execute(query)}
            return self._file_sums

    def heads(self, stream: str) -> Heads:
        """The tips of the stream's strands; a fork counts as a strand of its own."""
        with self._lock:
            if stream in self._tips:
                return self._tips[stream]
            with plain_failures(), self._engine.connect() as connection:
                return self._heads(connection, stream)

    def _heads(self, connection: Connection, stream: str) -> Heads:
        if stream not in self._tips:
            table = schema.tip
            query = select(table.c.name, table.c.count, table.c.digest).where(table.c.stream == stream)
            self._tips[stream] = {name: (count, digest) for name, count, digest in connection.execute(query)}
        return self._tips[stream]

    def beyond(self, stream: str, theirs: Heads, but: Collection[str], most: int) -> list[Entry]:
        """What stands behind the tips that another side told, in the order of arrival, but for some strands; of this
        device's own strands at most `most` entries each. A tip that is not known here shows nothing. Not for forks."""
        table = schema.event
        query = select(table.c.strand, table.c.seq, table.c.id, table.c.prev, table.c.line).order_by(table.c.arrived)
        with self._lock, plain_failures(), self._engine.connect() as connection:
            known = self._held(connection, {digest for _, digest in theirs.values()})
            wanted = []
            for name, (count, _) in self._heads(connection, stream).items():
                begin, digest = theirs.get(name, (0, ""))
                begin = begin if digest in known else 0
                end = min(count, begin + most) if name.startswith(f"{self.device}.") else count
                if begin < end and name not in but:
                    wanted.append(and_(table.c.strand == name, table.c.seq >= begin, table.c.seq < end))
            if not wanted:
                return []
            rows = connection.execute(query.where(table.c.stream == stream, or_(*wanted))).all()
        return [Entry(strand, seq, id, prev, bytes(line)) for strand, seq, id, prev, line in rows]

    # -- checkpoints ------------------------------------------------------------------------------------------

    def fix_checkpoint(
        self, stream: str, about: Mapping[str, str] | None = None, cosigner: DeviceKey | None = None
    ) -> Checkpoint:
        """Sign the present heads of a stream and keep the note (record-and-sync.md 1, order at signing)."""
        made = Checkpoint.sign(stream, self.heads(stream), self.device_key, about)
        if cosigner is not None:
            made = Checkpoint.parse(cosigned(made.note, cosigner))
        with self._lock, plain_failures(), self._engine.begin() as connection:
            self._keep_note(connection, made.note)
        return made

    def checkpoints(self, stream: str) -> tuple[tuple[str, str], ...]:
        """(code, signed note) of every checkpoint of a stream."""
        table = schema.checkpoint
        query = select(table.c.code, table.c.note).where(table.c.stream == stream)
        with self._lock, plain_failures(), self._engine.connect() as connection:
            return tuple((code, note) for code, note in connection.execute(query))

    # -- what the bureau said ---------------------------------------------------------------------------------

    def keep_receipts(self, receipts: Mapping[str, str], at: str) -> None:
        """Keep the bureau's newest signed receipt for each stream or file."""
        self._file_sums = None
        with self._lock, plain_failures(), self._engine.begin() as connection:
            for name, text in receipts.items():
                statement = upsert(schema.receipt).values(name=name, note=text, at=at)
                connection.execute(
                    statement.on_conflict_do_update(index_elements=["name"], set_={"note": text, "at": at})
                )

    def receipts(self) -> dict[str, tuple[str, str]]:
        """name -> (signed receipt, when it came) of every stream and file that has one."""
        table = schema.receipt
        with self._lock, plain_failures(), self._engine.connect() as connection:
            return {name: (text, at) for name, text, at in connection.execute(select(table)) if text}

    def note_delivered(self, sha256: str, at: str) -> None:
        """Note that the bureau has every byte of a file whose receipt has not come: a row without a note."""
        statement = upsert(schema.receipt).values(name=sha256, note="", at=at)
        with self._lock, plain_failures(), self._engine.begin() as connection:
            connection.execute(statement.on_conflict_do_nothing())

    def delivered(self) -> frozenset[str]:
        """Digests of files that the bureau has and for which its receipt has not come."""
        table = schema.receipt
        with self._lock, plain_failures(), self._engine.connect() as connection:
            return frozenset(connection.scalars(select(table.c.name).where(table.c.note == "")))

    def keep_aside(self, refused: Iterable[tuple[str, str, str]], at: str) -> None:
        """Note events that the bureau put aside: (id, stream, code of the problem). They stay in the record."""
        with self._lock, plain_failures(), self._engine.begin() as connection:
            for id, stream, code in refused:
                statement = upsert(schema.aside).values(id=id, stream=stream, code=code, at=at)
                connection.execute(statement.on_conflict_do_nothing())

    def aside(self) -> dict[str, tuple[str, str]]:
        """id -> (stream, code of the problem) of what the bureau put aside."""
        table = schema.aside
        with self._lock, plain_failures(), self._engine.connect() as connection:
            return {id: (stream, code) for id, stream, code, _ in connection.execute(select(table))}

    # -- keys of files ----------------------------------------------------------------------------------------

    def file_key(self, name: bytes) -> bytes | None:
        """The wrapped key of a sealed file; None where it was destroyed. `append` destroys keys."""
        table = schema.file_key
        with self._lock, plain_failures(), self._engine.connect() as connection:
            wrapped = connection.scalar(select(table.c.wrapped).where(table.c.name == name))
        return bytes(wrapped) if wrapped is not None else None

    def keep_file_key(self, name: bytes, wrapped: bytes) -> None:
        """Keep the wrapped key of a file that is about to stand in the vault; on return it is on the disk."""
        with self._lock, plain_failures(), self._engine.begin() as connection:
            connection.execute(schema.file_key.insert().values(name=name, wrapped=wrapped))

    # -- upkeep -----------------------------------------------------------------------------------------------

    def check(self) -> None:
        """Raises `Problem("store_damaged")` unless every page of the database is whole."""
        with self._lock:
            quick_check(self._engine)

    def snapshot(self, target: Path) -> int:
        """Write a consistent encrypted copy of the database, with the same key; returns the events in it."""
        with self._lock, plain_failures():
            with self._engine.connect() as connection:
                connection.exec_driver_sql("VACUUM INTO ?", (str(target),))
            return self.count()

    def close(self) -> None:
        """Close the database and forget what was held in memory."""
        with self._lock:
            self._folded.clear()
            self._engine.dispose()
