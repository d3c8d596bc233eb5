"""The bureau's ledger: takes in what devices hand in, keeps it in order, and adds what the bureau says itself."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select

from inspector_app.domain.access import SET_ASIDE as REASONS
from inspector_app.domain.clock import Clock
from inspector_app.domain.event import Actor, Draft, Event, Heads
from inspector_app.domain.merge import advanced, order, tips
from inspector_app.domain.projection import SET_ASIDE, fold, pieces_of, set_aside_by
from inspector_app.domain.secrecy import KINDS as SECRET_KINDS
from inspector_app.domain.secrecy import kept_back
from inspector_app.record.checkpoint import Checkpoint
from inspector_app.record.entry import event_of, write
from inspector_app.record.keys import DeviceKey, PublicKey
from inspector_app.record.proof import device_of, proven
from inspector_app.sync.heads import summary
from inspector_app.sync.wire import Refused

from . import schema
from .database import add_rows, once
from .projections import Projections

_NAME = re.compile(r"[A-Za-z0-9._/-]{1,100}")

Judge = Callable[[Event], str]
"""A code of `access.SET_ASIDE` or `access.FLAGGED` for an event that comes in, or ""."""
May = Callable[[str], bool]
"""Whether the person who asks may read (or write to) a stream."""


@dataclass(slots=True)
class Taken:
    """What became of a batch: ids taken in, ids known before, and what was put aside with its reason."""

    new: list[str] = field(default_factory=list)
    known: int = 0
    refused: list[Refused] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)


class Ledger(Projections):
    """One bureau's record in a database. Holds no state of its own between two calls."""

    def __init__(self, engine: Engine, key: DeviceKey, clock: Clock, keys: Callable[[str], Sequence[PublicKey]],
                 epoch: str) -> None:  # fmt: skip
        """`key` countersigns, `keys` gives the public keys of a device, `epoch` names this life of the database."""
        super().__init__(engine)
        self.key, self.epoch = key, epoch
        self._clock, self._keys = clock, keys

    # -- what comes in ----------------------------------------------------------------------------------------

    def take(
        self, lines: Iterable[bytes], notes: Sequence[str], may_write: May, judge: Judge = lambda event: ""
    ) -> Taken:
        """Take in lines. What cannot be is told and passed by; it never holds up what stands behind it.

        What `judge` sets aside is kept with what was signed, told, and named by an event of the bureau, which takes it
        out of every projection; what it flags is kept and counts as any other.
        """
        taken = Taken()
        by_stream: dict[str, dict[str, tuple[Event, bytes]]] = {}
        named = cache(_NAME.fullmatch)
        for line in lines:
            try:
                event = event_of(line)
            except ValueError:
                taken.refused.append(Refused(hashlib.sha256(line).hexdigest(), "", "garbled"))
                continue
            if not (named(event.stream) and named(event.strand)):
                taken.refused.append(Refused(event.id, "", "garbled"))
                continue
            by_stream.setdefault(event.stream, {})[event.id] = (event, line)
        for stream, events in by_stream.items():
            if not may_write(stream):
                # What the bureau wrote itself comes home by anybody: a restored ledger may lack it, its signature tells.
                foreign = [id for id, (event, _) in events.items() if event.device != self.key.name]
                taken.refused += [Refused(id, stream, "not_allowed") for id in foreign]
                events = {id: each for id, each in events.items() if id not in foreign}
            codes = {id: code for id, (event, _) in events.items() if (code := judge(event))}
            bureau = self.bureau() if codes else ""  # read before the transaction that writes
            self._take_stream(stream, events, [n for n in notes if _stream_of(n) == stream], taken, codes, bureau)
        return taken

    def _take_stream(
        self, stream: str, events: dict[str, tuple[Event, bytes]], notes: Sequence[str], taken: Taken,
        codes: Mapping[str, str], bureau: str,
    ) -> None:  # fmt: skip
        # Asked before: who holds the lock and waits for a second connection would wait for those that wait for the lock.
        keys = {device: self._keys(device) for device in map(device_of, {event.strand for event, _ in events.values()})}
        with self.engine.begin() as connection:
            count = self._lock_stream(connection, stream)
            held = self._held(connection, stream, {id: event for id, (event, _) in events.items()})
            fresh = order(event for event, _ in events.values() if event.id not in held)
            sure, refused = proven(fresh, notes, lambda device: keys.get(device, ()), held.__contains__)
            taken.known += len(events) - len(fresh)
            taken.refused += [Refused(event.id, stream, reason) for event, reason in refused]
            if sure:
                self._insert(connection, stream, [events[event.id] for event in sure], count, codes)
                taken.new += [event.id for event in sure]
                taken.touched.add(stream)
                self._judged(connection, [(e, codes[e.id]) for e in sure if e.id in codes], taken, bureau)
            for text in notes:
                self._keep_note(connection, stream, text)

    def _judged(self, connection: Connection, events: Iterable[tuple[Event, str]], taken: Taken, bureau: str) -> None:
        """Set aside or flag what was taken in; by an event where it is set aside, so that laptops do the same."""
        for event, code in events:
            if code in REASONS:
                taken.refused.append(Refused(event.id, event.stream, code))
                body = {"event": event.id, "kind": event.kind, "code": code, "reason": REASONS[code]}
                self._append(connection, Draft(event.stream, SET_ASIDE, body), bureau)
            else:
                row = {"stream": event.stream, "id": event.id, "code": code, "at": self._now()}
                connection.execute(once(connection, schema.flag).values(row))

    def _held(self, connection: Connection, stream: str, events: Mapping[str, Event]) -> set[str]:
        """Which of these events, and of those before them, are here. A place in a strand is looked up and not an id: in a
        strand that goes on there is nothing to find."""
        held = self._known(connection, stream, {event.prev for event in events.values()} - events.keys())
        places: dict[str, list[int]] = {}
        for event in events.values():
            places.setdefault(event.strand, []).append(event.seq)
        table = schema.event
        for strand, seqs in places.items():
            first, last = min(seqs), max(seqs)
            if last - first < 2 * len(seqs):
                query = select(table.c.id).where(table.c.stream == stream, table.c.strand == strand)
                held.update(connection.scalars(query.where(table.c.seq.between(first, last))))
            else:
                held |= self._known(connection, stream, {id for id, event in events.items() if event.strand == strand})
        return held

    # -- what the bureau writes itself ------------------------------------------------------------------------

    def append(self, draft: Draft) -> Event:
        """Write an event of the bureau itself, signed by the bureau like any other device's."""
        write = self.appending(draft)
        with self.engine.begin() as connection:
            return write(connection)

    def appending(self, draft: Draft) -> Callable[[Connection], Event]:
        """As `append`, within somebody else's transaction: what is told has happened, or neither."""
        bureau = self.bureau()
        return lambda connection: self._append(connection, draft, bureau)

    def append_once(self, draft: Draft) -> Event | None:
        """As `append`; None, and nothing written, where the stream has an event of this kind: of two who come at once the
        second finds the first."""
        bureau, table = self.bureau(), schema.event
        with self.engine.begin() as connection:
            self._lock_stream(connection, draft.stream)
            query = select(table.c.id).where(table.c.stream == draft.stream, table.c.kind == draft.kind).limit(1)
            return self._append(connection, draft, bureau) if connection.scalar(query) is None else None

    def _append(self, connection: Connection, draft: Draft, bureau: str) -> Event:
        strand = f"{self.key.name}.{self.epoch}"
        moment = self._clock.now()
        count = self._lock_stream(connection, draft.stream)
        heads = self._heads(connection, draft.stream)
        seq, prev = heads.get(strand, (0, ""))
        event, line = write(
            draft, bureau=bureau, strand=strand, seq=seq, prev=prev,
            parents=tuple(sorted(digest for _, digest in heads.values())), at=moment.at.isoformat(),
            mono=moment.mono, boot=moment.boot, anchor=None, actor=Actor(self.key.name, "", "server"),
            device=self.key.name, app={},
        )  # fmt: skip
        self._insert(connection, draft.stream, [(event, line)], count)
        note = Checkpoint.sign(draft.stream, {strand: (seq + 1, event.id)}, self.key).note
        self._keep_note(connection, draft.stream, note)
        return event

    def receipt(self, stream: str) -> str:
        """The bureau's own signature over what it holds of a stream now."""
        return self.signed_summary(stream)[0]

    def signed_summary(self, stream: str) -> tuple[str, str]:
        """The receipt of a stream, and the summary of the heads that it names."""
        heads = self.heads(stream)
        return Checkpoint.sign(stream, heads, self.key).note, summary(heads)

    # -- keeping ----------------------------------------------------------------------------------------------

    def _insert(
        self, connection: Connection, stream: str, events: Sequence[tuple[Event, bytes]], count: int,
        codes: Mapping[str, str] = {},
    ) -> None:  # fmt: skip
        add_rows(connection, schema.event, [
            (stream, event.id, place, event.strand, event.seq, event.prev, event.kind, line)
            for place, (event, line) in enumerate(events, count)
        ])  # fmt: skip
        for ref in {ref.sha256: ref for event, _ in events for ref in event.blobs}.values():
            connection.execute(
                once(connection, schema.blob).values(stream=stream, sha256=ref.sha256, sm3=ref.sm3, size=ref.size,
                                                      mime=ref.mime, origin=ref.origin)
            )  # fmt: skip
        heads = self._advance(connection, stream, [event for event, _ in events])
        changes: dict[str, Any] = {"count": count + len(events), "summary": summary(heads)}
        if team := _team(event for event, _ in events if codes.get(event.id) not in REASONS):
            changes["team"] = team
        connection.execute(schema.stream.update().where(schema.stream.c.stream == stream).values(changes))
        if not {event.kind for event, _ in events}.isdisjoint({*SECRET_KINDS, SET_ASIDE}):
            self._note_kept_back(connection, stream)

    def _note_kept_back(self, connection: Connection, stream: str) -> None:
        """Which files of a stream may hold a secret; in the transaction that says so, for the next request to know."""
        table, query = schema.kept_back, select(schema.event.c.line).where(schema.event.c.stream == stream)
        rows = pieces_of(fold(event_of(bytes(line)) for line in connection.scalars(query)).rows)
        connection.execute(delete(table).where(table.c.stream == stream))
        found = [{"stream": stream, "sha256": sha256, "state": state} for sha256, state in kept_back(rows).items()]
        if found:
            connection.execute(insert(table), found)

    def _advance(self, connection: Connection, stream: str, events: Sequence[Event]) -> Heads:
        """Move the tips on; where a strand forks they are found anew from all links."""
        old = self._heads(connection, stream)
        heads = advanced(old, events, lambda: self._links(connection, stream))
        table = schema.tip
        changed = {name for name in heads.keys() | old.keys() if heads.get(name) != old.get(name)}
        connection.execute(delete(table).where(table.c.stream == stream, table.c.name.in_(sorted(changed))))
        rows = [
            {"stream": stream, "name": n, "count": heads[n][0], "digest": heads[n][1]} for n in changed if n in heads
        ]
        if rows:
            connection.execute(insert(table), rows)
        return heads

    def _keep_note(self, connection: Connection, stream: str, text: str) -> None:
        if Checkpoint.read(text) is None:
            return
        digest = hashlib.sha256(text.encode()).hexdigest()
        connection.execute(
            once(connection, schema.note).values(stream=stream, digest=digest, note=text, at=self._now())
        )

    def rebuild(self) -> None:
        """Drop everything derived and make it anew from the ledger."""
        with self.engine.begin() as connection:
            for table in schema.derived.sorted_tables:
                connection.execute(delete(table))
            streams = list(connection.scalars(select(schema.event.c.stream).distinct()))
        for stream in streams:
            with self.engine.begin() as connection:
                self._lock_stream(connection, stream)
                table = schema.event
                links = self._links(connection, stream)
                heads = tips(links)
                rows = [{"stream": stream, "name": n, "count": c, "digest": d} for n, (c, d) in heads.items()]
                connection.execute(insert(schema.tip), rows)
                lines = connection.scalars(select(table.c.line).where(
                    table.c.stream == stream, table.c.kind.in_(("inspection_planned", SET_ASIDE))
                ).order_by(table.c.place))  # fmt: skip
                plans = [event_of(bytes(line)) for line in lines]
                aside = set_aside_by(plans)
                team = _team(event for event in plans if event.id not in aside)
                connection.execute(
                    schema.stream.update().where(schema.stream.c.stream == stream)
                    .values(count=len(links), summary=summary(heads), team=team)
                )  # fmt: skip
                self._note_kept_back(connection, stream)
            self._refold(stream)

    def _now(self) -> str:
        return self._clock.now().at.isoformat()


def _team(events: Iterable[Event]) -> str:
    """The people of the newest plan among some events, in the form of `schema.stream`."""
    team = ""
    for event in events:
        if event.kind == "inspection_planned":
            people = [*(event.body.get("officers") or ()), event.body.get("leading_official") or {}]
            team = " ".join(sorted({str(p["id"]) for p in people if isinstance(p, Mapping) and p.get("id")}))
    return team


def _stream_of(note: str) -> str:
    return note.split("\n", 2)[1] if note.count("\n") > 1 else ""
