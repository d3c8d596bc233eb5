"""The append-only ledger and the projections folded from it, in one transaction.

`Store.append` is the only way in for what a person does; `Store.receive` for what another device did. Both are
idempotent by the event's id. Nothing is acknowledged before SQLite has synced its log to the disk.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, and_, delete, func, or_, select
from sqlalchemy.dialects.sqlite import insert as upsert

from ..domain.clock import Moment
from ..domain.event import Actor, Draft, Entry, Event, Heads
from ..domain.merge import order, strand_of
from ..domain.problems import Problem
from ..domain.projection import FOLD, Key
from ..record.checkpoint import Checkpoint
from ..record.entry import event_of, write
from ..record.keys import DeviceKey
from ..record.note import cosigned
from . import schema
from .disk import Reserve
from .engine import plain_failures, prepare
from .library import index_laws
from .projections import Projections
from .tips import Tips
from .upgrade import put_back, whole_or_as_it_was

_FOLD = str(FOLD).encode()
_ADD_EVENT = "INSERT INTO event (id, stream, strand, seq, prev, kind, line) VALUES (?, ?, ?, ?, ?, ?, ?)"
"""As plain SQL: thousands come at once, and the compiler takes longer over each than the database."""

Prove = Callable[[Sequence[Event], Callable[[str], bool]], tuple[list[Event], list[tuple[Event, str]]]]
"""Of a stream's new events (in causal order; the second argument tells what is held) the sure ones, and the others."""


@dataclass(frozen=True, slots=True)
class Received:
    """What came of lines from elsewhere: how many were new, known already, or not to be read."""

    new: int
    known: int
    refused: tuple[str, ...]


class Store(Projections):
    """One laptop's encrypted store. Every method may be called from any thread; one runs at a time."""

    def __init__(self, path: Path, key: bytes, *, read_only: bool = False, reserve: Reserve | None = None) -> None:
        """Open or create the database at `path`; projections are rebuilt when the schema is new.

        Raises:
            Problem: `store_newer`, `store_damaged`, `store_busy`, `upgrade_failed`, `upgrade_cut`.
        """
        cut = not read_only and put_back(path)
        super().__init__(path, key, read_only=read_only)
        self._reserve = reserve
        self._tips = Tips()
        self._counts: dict[str, int] = {}
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
        # Six digits, for no two laptops of a bureau to have one name: a name stands for one key there.
        self.device_key = DeviceKey.generate(f"QH-{uuid.uuid4().hex[:6].upper()}")
        self.set_metas({"incarnation": uuid.uuid4().hex[:8].encode(), "device": self.device_key.name.encode(),
                        "device_key": self.device_key.to_bytes()})  # fmt: skip

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
                seq, prev = tails.get(draft.stream) or self._tips.tail(connection, draft.stream, strand)
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
        with self.reading() as connection:
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
        self._name_files(connection, [event for event, _ in written])
        for stream in {event.stream for event, _ in written}:
            self._tips.advance(connection, stream, [event for event, _ in written if event.stream == stream], last)

    def _forget(self) -> None:
        super()._forget()
        self._tips.held.clear()
        self._counts.clear()

    # -- reading ----------------------------------------------------------------------------------------------

    def events(self, stream: str) -> list[Event]:
        """The events of a stream in the order in which they arrived here."""
        with self.reading() as connection:
            return self._events(connection, stream)

    def entries(self, stream: str) -> list[Entry]:
        """The events of a stream as their canonical bytes, in the order in which they arrived here."""
        with self.reading() as connection:
            return _entries(connection, schema.event.c.stream == stream)

    def beyond(self, stream: str, theirs: Heads, but: Collection[str], most: int) -> list[Entry]:
        """What stands behind the tips that another side told, in the order of arrival, but for some strands; of this
        device's own strands at most `most` entries each. A tip that is not known here shows nothing. Not for forks."""
        table = schema.event
        with self.reading() as connection:
            known = self._held(connection, {digest for _, digest in theirs.values()})
            wanted = []
            for name, (count, _) in self._tips.of(connection, stream).items():
                begin, digest = theirs.get(name, (0, ""))
                begin = begin if digest in known else 0
                end = min(count, begin + most) if name.startswith(f"{self.device}.") else count
                if begin < end and name not in but:
                    wanted.append(and_(table.c.strand == name, table.c.seq >= begin, table.c.seq < end))
            return _entries(connection, table.c.stream == stream, or_(*wanted)) if wanted else []

    def streams(self, prefix: str = "") -> tuple[str, ...]:
        """Names of all streams that begin with `prefix`."""
        table = schema.tip
        query = select(table.c.stream).where(table.c.stream.startswith(prefix, autoescape=True)).distinct()
        with self.reading() as connection:
            return tuple(sorted(connection.scalars(query)))

    def heads(self, stream: str) -> Heads:
        """The tips of the stream's strands; a fork counts as a strand of its own."""
        with self._lock:
            if stream in self._tips.held:
                return self._tips.held[stream]
            with self.reading() as connection:
                return self._tips.of(connection, stream)

    def last_moment(self) -> Moment | None:
        """When this device wrote last, by its own clocks."""
        table = schema.event
        query = select(table.c.line).where(table.c.strand == self.strand).order_by(table.c.arrived.desc()).limit(1)
        with self.reading() as connection:
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
                with self.reading() as connection:
                    self._counts = {stream: int(count) for stream, count in connection.execute(query)}
            return dict(self._counts)

    # -- checkpoints ------------------------------------------------------------------------------------------

    def fix_checkpoint(
        self, stream: str, about: Mapping[str, str] | None = None, cosigner: DeviceKey | None = None
    ) -> Checkpoint:
        """Sign the present heads of a stream and keep the note."""
        made = Checkpoint.sign(stream, self.heads(stream), self.device_key, about)
        if cosigner is not None:
            made = Checkpoint.parse(cosigned(made.note, cosigner))
        with self.transaction() as connection:
            self._keep_note(connection, made.note)
        return made

    def checkpoints(self, stream: str) -> tuple[tuple[str, str], ...]:
        """(code, signed note) of every checkpoint of a stream."""
        table = schema.checkpoint
        query = select(table.c.code, table.c.note).where(table.c.stream == stream)
        with self.reading() as connection:
            return tuple((code, note) for code, note in connection.execute(query))

    def _keep_note(self, connection: Connection, text: str) -> None:
        """Keep a note; where two devices fixed the same heads, both notes stay under their one code."""
        made = Checkpoint.read(text)
        if made is None:
            return  # what came from elsewhere and is no note proves nothing
        statement = upsert(schema.checkpoint).values(note=made.note, stream=made.stream, code=made.code)
        connection.execute(statement.on_conflict_do_nothing())

    # -- upkeep -----------------------------------------------------------------------------------------------

    def rebuild(self) -> None:
        """Drop what is derived and make it anew from the events."""
        with self._writing() as connection:
            for table in schema.derived.sorted_tables:
                connection.execute(delete(table))
            self._forget()
            for stream in connection.scalars(select(schema.event.c.stream).distinct()).all():
                self._tips.find_anew(connection, stream)
                self._refold(connection, stream)
            index_laws(connection)

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
            super().close()


def _entries(connection: Connection, *which: ColumnElement[bool]) -> list[Entry]:
    """Events as their canonical bytes, in the order in which they arrived here."""
    table = schema.event
    query = select(table.c.strand, table.c.seq, table.c.id, table.c.prev, table.c.line).where(*which)
    rows = connection.execute(query.order_by(table.c.arrived))
    return [Entry(strand, seq, id, prev, bytes(line)) for strand, seq, id, prev, line in rows]
