"""The book an act is written in: store, vault, clock, rules, and who is acting. Nothing else."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from ..domain.access import ACT_LABELS, OF_THE_TEAM, Resource, Role, act_of, may
from ..domain.casefile import CaseFile
from ..domain.clock import Clock, Moment
from ..domain.event import Actor, BlobRef, Draft, Event
from ..domain.inspection import check_open, check_unclosed
from ..domain.people import Officer
from ..domain.problems import Problem
from ..domain.projection import stands
from ..domain.roster import recusals_on, reviewers_on
from ..domain.secret_area import Area, around, captures, check_outside
from ..evidence.vault import Vault
from ..record.keys import DeviceKey
from ..store.disk import free_bytes, readable
from ..store.ledger import Store
from .queries import Queries
from .rules import Rules

T = TypeVar("T")

_INSPECTION = "inspection/"
"""What the streams of inspections begin with."""
VISIT = 2_000_000_000
"""Bytes that a visit with a hundred photos and their copies may take, with a margin."""


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """What an act gave: its value, the streams it touched, and the drafts that would reverse it."""

    value: T
    touched: frozenset[str]
    events: tuple[Event, ...] = ()
    reverse: tuple[Draft, ...] = ()
    again: tuple[Draft, ...] = ()
    """What does the act again after its reverse, where the act's own events would not."""


@dataclass(slots=True)
class Book:
    """What every act needs. `person` is who is signed in; the role is the one of the moment."""

    store: Store
    vault: Vault
    clock: Clock
    rules: Rules
    person: Officer
    role: Role = Role.OFFICER
    version: str = "0"
    queries: Queries = field(init=False)
    """What stands in the store, for acts and screens."""
    last: Moment | None = None
    """When this device wrote last; None before the first look."""
    seconds: dict[str, DeviceKey] = field(default_factory=dict)
    """By person the key of each who has just confirmed with the own PIN; the act that was confirmed takes it."""
    notices: list[str] = field(default_factory=list)
    """What the person is to be told beside the act, once; the window takes them away."""

    def __post_init__(self) -> None:
        self.queries = Queries(self.store, self.vault, self.clock, self.rules)

    def obey(self, rules: Rules) -> None:
        """From here on these rules are in force; what was read by others is read anew."""
        self.rules, self.vault.suite = rules, rules.policy.suite
        self.queries = Queries(self.store, self.vault, self.clock, rules)

    @property
    def actor(self) -> Actor:
        return Actor(self.person.id, self.person.credential_number, self.role.value)

    @property
    def bureau(self) -> str:
        return (self.store.meta("bureau") or b"").decode()

    def drafts(self) -> Mapping[str, str]:
        """Half-typed texts of the acting person by place."""
        return self.store.drafts(self.person.id)

    def room(self) -> tuple[str, bool]:
        """Free room on the disk in words, and whether it is enough for the photos of a visit."""
        free = free_bytes(self.store.path)
        return readable(free), free > VISIT

    def allow(self, act: str, stream: str = "") -> None:
        """Raises `Problem("not_allowed")` unless the acting role may do this, in the inspection of `stream` if it is one.

        Work on an inspection is for the officers of its team whom no granted request for recusal has taken out; what prepares
        or exports it is for everybody of the role.
        """
        case = self._case(stream) if act in OF_THE_TEAM else None
        out = case is not None and self.person.id in case.recused
        involved = None if case is None else case.involved
        qualified = self.reviewers(case) if act == "review_legality" else frozenset[str]()
        if out or not may(self.actor, act, Resource("inspection", _team(case), involved, qualified)):
            who = f"{self.person.name}（{self.role.label}）"
            raise Problem("not_allowed", who=who, act=ACT_LABELS.get(act, act))

    def reviewers(self, case: CaseFile | None = None) -> frozenset[str]:
        """Ids of those who are qualified today to review the legality of decisions; of a case without those who must keep
        out of its unit."""
        notes, day = self.queries.register().officer_notes, self.clock.now().at.date()
        barred = {note.officer for note in recusals_on(notes, day) if case is not None and note.unit == case.unit.id}
        return reviewers_on(notes, day) - barred

    def check_outside(self, inspection: str = "") -> None:
        """Raises `Problem("secret_area")` where nothing may be captured or imported on this laptop, for this inspection or
        whichever (保守国家秘密法31)."""
        check_outside(self.areas(inspection), inspection)

    def areas(self, inspection: str = "") -> tuple[Area, ...]:
        """The areas of state secrets in which this laptop is, for work on an inspection if one is named; mostly none."""
        return around(self.queries.tallies().values(), self.store.device, self.person.id, inspection)

    def _case(self, stream: str) -> CaseFile | None:
        """The inspection that a stream holds; None where it holds none, or none yet."""
        if not stream.startswith(_INSPECTION):
            return None
        try:
            return self.queries.case(stream)
        except Problem:
            return None

    def _allow(self, draft: Draft) -> None:
        """Nothing is written that the acting person may not do, whichever act wants to write it; so it is with confirming."""
        act = act_of(draft.kind)
        self.allow(act, draft.stream)
        if case := self._case(draft.stream):
            check_unclosed(case, draft.kind, draft.body, self.rules.procedure.hooks)
            imports = any(ref.origin == "imported" for ref in draft.blobs)
            if captures(
                draft.kind, imports=imports, recorded=draft.kind == "evidence_taken" and "recording" in draft.body
            ):
                self.check_outside(draft.stream)
        if draft.witness is None:
            return
        if draft.witness == self.person.id:
            raise Problem("same_person", officer=self.person.name)
        team = _team(self._case(draft.stream))
        if team is not None and draft.witness not in team:
            name = self.queries.register().name_of(draft.witness)
            raise Problem("not_allowed", who=name, act="确认本案的检查步骤")

    def write(self, *drafts: Draft, erase: Collection[str] = ()) -> tuple[Event, ...]:
        """Append one action's events; on return they are on the disk. Who may write them is asked here, for every act.

        The files of the digests in `erase` can be read no more once the events stand: their keys are destroyed.
        """
        for draft in drafts:
            self._allow(draft)
        moment = self.clock.now()
        moved = self._clock_moved(moment)
        signing = [(draft, key) for draft in drafts if (key := self.seconds.pop(draft.witness or "", None))]
        before = (*moved, *(self._cosigner_named(draft, key) for draft, key in signing if not self._knows(draft, key)))
        events = self.store.append(
            (*before, *drafts), actor=self.actor, bureau=self.bureau, moment=moment,
            app={"version": self.version, "laws": self.rules.laws_version},
            erase=[name for sha256 in erase if (name := self.vault.key_name(sha256))],
        )  # fmt: skip
        for sha256 in erase:
            self.vault.discard(sha256)
        for draft in moved:
            way = "往回拨" if draft.body["seconds"] < 0 else "往前拨"
            said = f"电脑时间{way}了 {abs(draft.body['seconds'])} 秒，已写入过程记录。核对电脑时间。"
            self.notices.append(said)
        self.last = moment
        for draft, key in signing:
            self.store.fix_checkpoint(draft.stream, cosigner=key)
        return events[len(before) :]

    def _knows(self, draft: Draft, key: DeviceKey) -> bool:
        return ("cosigner", key.public.text()) in self.store.rows(draft.stream)

    def _cosigner_named(self, draft: Draft, key: DeviceKey) -> Draft:
        """The record itself says with which key somebody cosigns it."""
        person = draft.witness or ""
        body = {"id": person, "name": self.queries.register().name_of(person), "key": key.public.text()}
        return Draft(draft.stream, "cosigner_named", body, draft.step)

    def _clock_moved(self, moment: Moment) -> tuple[Draft, ...]:
        """A moved clock is an event of the device and no error: the times of the record can then be weighed."""
        before = self.last or self.store.last_moment()
        seconds = moment.moved_since(before) if before else 0
        if before is None or seconds == 0:
            return ()
        body = {"seconds": seconds, "before": before.at.isoformat(), "after": moment.at.isoformat()}
        return (Draft(f"device/{self.store.device}", "clock_moved", body),)

    def done(
        self, value: T, drafts: Sequence[Draft], reverse: Sequence[Draft] = (), again: Sequence[Draft] = ()
    ) -> Done[T]:
        """Write the drafts and tell what was touched."""
        events = self.write(*drafts)
        return Done(value, frozenset(d.stream for d in drafts), events, tuple(reverse), tuple(again))

    def keep(self, content: bytes, mime: str, origin: str) -> BlobRef:
        """Put bytes into the vault before an event names them."""
        stored = self.vault.put(content)
        return BlobRef(stored.sha256, stored.sm3, stored.size, mime, origin)


def _team(case: CaseFile | None) -> frozenset[str] | None:
    return None if case is None else frozenset(officer.id for officer in case.able)


_TOLD = 3
"""Events of an act that is undone which are told in words."""


def undo(book: Book, done: Done[T]) -> Done[str]:
    """Write the reverse of an act; the record keeps both. Returns the act in words; its own reverse does it again.

    Raises:
        Problem: `not_found` when the act has no reverse (a signature, a formal print, a service), `frozen` when what
            it wrote may not be changed any more, `moved_on` when something newer was written since.
    """
    if not done.reverse:
        raise Problem("not_found", what="可以撤销的操作")
    queries = book.queries
    for draft in (draft for draft in done.reverse if draft.stream.startswith(_INSPECTION)):
        check_open(queries.case(draft.stream), draft.kind, book.rules.procedure.hooks)
    if not all(stands(book.store.rows(event.stream), event) for event in done.events):
        raise Problem("moved_on")
    again = done.again or tuple(Draft(e.stream, e.kind, e.body, e.step) for e in done.events)
    words, more = [queries.words(event) for event in done.events[:_TOLD]], len(done.events) - _TOLD
    said = "；".join(words) + (f"，另有 {more} 条" if more > 0 else "")
    return book.done(said, done.reverse, again, done.reverse)
