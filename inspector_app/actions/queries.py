"""What screens and acts read: frozen rows, never a session or a table."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from ..checklists.form import Form
from ..domain.casefile import CaseFile
from ..domain.clock import Clock
from ..domain.event import FORMS_STREAM, PLANNING, REGISTER, Event, told, words
from ..domain.evidence import Evidence
from ..domain.inspection import STEPS, Kind, Stage
from ..domain.merge import order
from ..domain.numbers import Account, Lease, account, next_number
from ..domain.people import Officer, Unit
from ..domain.planning import Planning, read_planning
from ..domain.pools import Looked
from ..domain.problems import Problem
from ..domain.reading import Known, is_plan, read_case
from ..domain.register import Register, read_register
from ..domain.review import PASSED
from ..domain.roster import VISIT
from ..domain.rows import Row
from ..domain.secrecy import state_of
from ..domain.stamped import Forms, read_forms
from ..domain.tally import NUMBERS, TOPIC, Tally, read_tallies
from ..evidence.vault import Vault
from ..record.keys import PublicKey
from ..record.times import slack_of
from ..store.ledger import Store
from .devices import revoked_devices
from .rules import Rules

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class InspectionRow:
    """One line of a list of inspections."""

    id: str
    unit: str
    kind: str
    stage: str
    step: int
    planned_from: datetime
    planned_to: datetime
    place: str
    officers: tuple[str, ...]
    plan: str = ""
    unit_id: str = ""
    kind_key: str = ""
    source: str = ""
    merged: tuple[str, ...] = ()
    into: str = ""

    @property
    def off(self) -> bool:
        """Whether it was cancelled: it stands in lists and statistics, and on no board."""
        return self.stage == Stage.CANCELLED

    @property
    def word(self) -> str:
        """Where it stands."""
        return "已并入" if self.into else "已取消" if self.off else STEPS[self.step]


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One entry of the process record in words."""

    id: str
    at: datetime
    person: str
    witness: str
    step: str
    kind: str
    text: str
    device: str
    strand: str
    seq: int
    told: str = ""
    slack: tuple[int, int] = (0, 0)
    """Seconds that it may have been written earlier and later, where the computer's clock was moved."""
    revoked: bool = False
    """Whether the bureau has withdrawn the computer since: what it signed stays proven, and is to be looked at."""

    @property
    def computer(self) -> str:
        """On which it was written, in words."""
        return f"{self.device}（已撤销）" if self.revoked else self.device


class Queries:
    """What stands in a store, by these rules. Of what did not change it keeps what it read before."""

    def __init__(self, store: Store, vault: Vault, clock: Clock, rules: Rules) -> None:
        self._store, self._vault, self._clock, self._rules = store, vault, clock, rules
        self._held: dict[Hashable, tuple[object, Any]] = {}
        self._cases: dict[str, tuple[tuple[int, int], CaseFile, Known]] = {}
        """By stream: the versions of it and of the register it was read from, and what the next reading carries over."""
        self._tallied: tuple[int, Mapping[str, tuple[Row, Tally]], Mapping[str, Tally]] | None = None
        """The version of the whole store; every inspection in short, beside its row and alone."""

    def held(self, what: Hashable, version: object, read: Callable[[], T]) -> T:
        """What `read` gives, kept under a name, and read again when `version` is another than before."""
        found = self._held.get(what)
        if found is None or found[0] != version:
            found = self._held[what] = (version, read())
        kept: T = found[1]
        return kept

    # -- registers --------------------------------------------------------------------------------------------

    def register(self) -> Register:
        return self.held(REGISTER, self._store.version(REGISTER), lambda: read_register(self._store.rows(REGISTER)))

    def units(self) -> tuple[Unit, ...]:
        return tuple(sorted(self.register().units.values(), key=lambda unit: unit.name))

    def officers(self) -> tuple[Officer, ...]:
        return tuple(self.register().officers.values())

    def planning(self) -> Planning:
        """Plans, clues and draws as they stand."""
        return self.held(PLANNING, self._store.version(PLANNING), lambda: read_planning(self._store.rows(PLANNING)))

    # -- inspections ------------------------------------------------------------------------------------------

    def tallies(self) -> Mapping[str, Tally]:
        """Every inspection in short; of what did not change it keeps what it read before."""
        version, held = self._store.version_beside(""), self._tallied
        if held is None or held[0] != version:
            read = dict(_tallied(self._store.over_all(TOPIC), held[1] if held else {}))
            held = self._tallied = (version, read, {stream: tally for stream, (_, tally) in read.items()})
        return held[2]

    def inspections(self) -> tuple[InspectionRow, ...]:
        """All inspections by planned time; listed again when one of them is another."""
        tallies = self.tallies()
        return self.held("inspections", tallies, lambda: tuple(sorted(map(_listed, tallies.values()), key=_by_time)))

    def looked(self) -> tuple[Looked, ...]:
        """Every inspection of a unit that is known, planned or done, those before this software included."""
        found = [Looked(row.unit_id, row.planned_from.date(), row.kind_key, row.source, row.step > 0)
                 for row in self.inspections() if not row.off]  # fmt: skip
        before = [note for note in self.register().unit_notes if note.topic == VISIT]
        return (*found, *(Looked(note.unit, note.day, Kind.ROUTINE.value) for note in before))

    def handed_in(self, passed: int = 0) -> tuple[Tally, ...]:
        """The inspections that wait for the team lead or were returned, and the newest `passed` of those that the lead has
        passed, by planned time. No case file is read for it."""
        tallies = self.tallies()
        found = [tally for row in self.inspections() if (tally := tallies[row.id]).review.outcome]
        done = [tally.id for tally in found if tally.review.outcome == PASSED and not tally.review.waits]
        older = frozenset(done[: max(len(done) - passed, 0)])
        return tuple(tally for tally in found if tally.id not in older)

    def unreadable(self) -> int:
        """How many inspections have a plan that this version cannot read."""
        return len(self._store.over_all(TOPIC)) - len(self.tallies())

    def case(self, stream: str) -> CaseFile:
        """Everything known of one inspection. Raises `Problem("not_found")`."""
        store, held = self._store, self._cases.get(stream)
        version = (store.version(stream), store.version(REGISTER))
        if held is not None and held[0] == version:
            return held[1]
        rows = store.rows(stream)
        plan = rows.get(("inspection", ""), {})
        if not is_plan(plan):  # not planned yet, or by a program that is none of ours
            raise Problem("not_found", what="这件检查")
        infos = self._rules.checklist(plan["checklist"]["key"], plan["checklist"]["sha256"]).infos
        register = self.register()
        known = held[2] if held is not None and held[2].register is register else Known(register)
        case = read_case(stream, rows, known, infos)
        self._cases[stream] = (version, case, known)
        return case

    def cosigners(self) -> list[tuple[str, str]]:
        """Who has cosigned on this laptop, by name, and the ids of the keys."""
        rows = [row for _, _, row in self._store.topic("cosigner")]
        found = {(str(row["name"]), PublicKey.parse(row["key"]).id) for row in rows}
        return sorted((name, id) for name, id in found if id.partition("+")[0].endswith(f"@{self._store.device}"))

    def form(self, case: CaseFile) -> Form:
        """The published checklist of a case."""
        return self._rules.checklist(case.checklist, case.checklist_sha256)

    def thumbnail(self, case: CaseFile, number: str) -> bytes:
        """JPEG bytes of a small picture of a piece of evidence. Raises `Problem`: `blob_missing`, `blob_changed`."""
        return self._shown(case, number, "thumbnail")

    def picture(self, case: CaseFile, number: str) -> bytes:
        """JPEG bytes of a large picture of a piece of evidence (a copy made at intake). Raises like `thumbnail`."""
        return self._shown(case, number, "copy")

    def _shown(self, case: CaseFile, number: str, which: str) -> bytes:
        """b"" where there is none, or where it is kept back as a secret."""
        row = self._store.rows(case.id).get(("evidence", number), {})
        return self.content(row[which], f"证据 {number}") if row.get(which) and not state_of(row) else b""

    def content(self, sha256: str, what: str) -> bytes:
        """A file of the vault; a problem with it names `what` the person knows it as."""
        try:
            return self._vault.read(sha256)
        except Problem as problem:
            raise Problem(problem.code, number=what) from None

    def original(self, piece: Evidence) -> bytes:
        """The whole original of a photo. Raises like `thumbnail`, and `Problem("secret_kept_back")`."""
        if piece.secret:
            raise Problem("secret_kept_back", number=piece.number)
        return self.content(piece.sha256, f"证据 {piece.number}")

    def has_picture(self, case: CaseFile, number: str) -> bool:
        """Whether the large picture of a piece of evidence is on this laptop."""
        row = self._store.rows(case.id).get(("evidence", number), {})
        return bool(row.get("copy")) and self._vault.has(row["copy"])

    def copy_of(self, case: CaseFile, number: str) -> str:
        """Digest of the large picture of a piece of evidence."""
        return str(self._store.rows(case.id).get(("evidence", number), {}).get("copy", ""))

    # -- numbers ----------------------------------------------------------------------------------------------

    def leases(self, series: str) -> tuple[Lease, ...]:
        """The blocks of numbers leased to this device for a series."""
        return tuple(lease for lease in self.all_leases() if lease.series == series)

    def all_leases(self, device: str = "") -> tuple[Lease, ...]:
        """Every block of numbers leased to this device, or to the one that is named."""
        device = device or self._store.device
        rows = [row for _, _, row in self._store.topic("lease") if row["device"] == device]
        found = [Lease(row["series"], row["prefix"], row["year"], row["first"], row["last"]) for row in rows]
        return tuple(sorted(found, key=lambda lease: (lease.series, lease.year, lease.first)))

    def used_numbers(self) -> frozenset[str]:
        """Every number that stands on a frozen text or a paper, and every voided one."""
        used = {number for row in self._store.over_all(NUMBERS).values() for number in row["used"]}
        voided = {key for _, key, _ in self._store.topic("voided")}
        return frozenset(used | voided)

    def unfinished_numbers(self) -> tuple[str, ...]:
        """Numbers of this device that stand on a frozen text of which no paper was made, and are not voided yet."""
        voided = {key for _, key, _ in self._store.topic("voided")}
        mine = {number for lease in self.all_leases() for number in lease.numbers()}
        left = {number for row in self._store.over_all(NUMBERS).values() for number in row["unfinished"]}
        code = f"临-{self._store.device}-"
        return tuple(sorted(n for n in left - voided if n in mine or n.startswith(code)))

    def _former_devices(self) -> tuple[str, ...]:
        """The devices that this laptop was before it was restored or copied, the last first."""
        before = {key: str(row.get("before", "")) for _, key, row in self._store.topic("device")}
        found, device = [], before.get(self._store.device, "")
        while device and device not in found:
            found.append(device)
            device = before.get(device, "")
        return tuple(found)

    def next_number(self, kind: str) -> str:
        """The next free number for a kind of paper this year, or "" when no lease is left."""
        series = self._rules.policy.paper(kind).series
        year = self._clock.now().at.year
        leases = [lease for lease in self.leases(series) if lease.year == year]
        return next_number(leases, self.used_numbers())

    def numbers(self) -> tuple[tuple[str, Account], ...]:
        """For each series its title and where the leased numbers are: used, voided, free. What was leased to the device
        that this laptop was before it was restored stays accounted for; it is not used here."""
        from ..papers.render import title_of

        policy, numbers = self._rules.policy, list[tuple[str, Account]]()
        voided = {key for _, key, _ in self._store.topic("voided")}
        used = self.used_numbers() - voided
        for device in ("", *self._former_devices()):
            said, leases = f"（原设备 {device}）" if device else "", self.all_leases(device)
            for kind, rule in policy.papers.items():
                mine = account((lease for lease in leases if lease.series == rule.series), used, voided)
                numbers.append((title_of(kind, *self._rules.words) + said, mine))
        return tuple((name, found) for name, found in numbers if found != account((), (), ()))

    def forms(self) -> Forms:
        """The register of the bureau's pre-stamped forms, as far as this laptop knows it."""
        return read_forms(self._store.rows(FORMS_STREAM), self.register().name_of)

    # -- process record ---------------------------------------------------------------------------------------

    def journal(self, stream: str, text: str = "", person: str = "", step: str = "") -> tuple[JournalRow, ...]:
        """Entries of a stream in causal order, filtered by words, person's name and step."""
        register, names, revoked = self.register(), self._names(stream), revoked_devices(self._store)
        events = order(self._store.events(stream))
        slack = slack_of(events)
        rows = [_journal_row(event, register, names, slack[event.id], event.device in revoked) for event in events]
        return tuple(
            row
            for row in rows
            if (not text or any(text in each for each in (row.text, row.told, row.person, row.computer)))
            and (not person or row.person == person)
            and (not step or row.step == step)
        )

    def words(self, event: Event) -> str:
        """An entry of the process record in words."""
        return words(event.kind, event.body, self._names(event.stream))

    def _names(self, stream: str) -> Mapping[str, str]:
        """What the questions beside the items are called, e.g. the temperature of E08."""
        if ("inspection", "") not in self._store.rows(stream):
            return {}
        items = self.form(self.case(stream)).items
        return {reading.name: f"{item.code} {reading.label}" for item in items for reading in item.readings}


def _tallied(
    rows: Mapping[tuple[str, str], Row], before: Mapping[str, tuple[Row, Tally]]
) -> Iterator[tuple[str, tuple[Row, Tally]]]:
    """Each row with what it says: as read before where it is the same object; what cannot be read is left out."""
    for (stream, _), row in rows.items():
        if (held := before.get(stream)) is not None and held[0] is row:
            yield stream, held
        else:
            yield from ((stream, (row, tally)) for tally in read_tallies([(stream, row)]))


def _journal_row(
    event: Event, register: Register, names: Mapping[str, str], slack: tuple[int, int], revoked: bool
) -> JournalRow:
    return JournalRow(
        id=event.id, at=datetime.fromisoformat(event.at), person=register.name_of(event.actor.id),
        witness=register.name_of(event.witness) if event.witness else "", step=event.step, kind=event.kind,
        text=words(event.kind, event.body, names), device=event.device, strand=event.strand, seq=event.seq,
        told=told(event.body), slack=slack, revoked=revoked,
    )  # fmt: skip


__all__ = ["STEPS", "InspectionRow", "JournalRow", "Queries"]


def _listed(tally: Tally) -> InspectionRow:
    return InspectionRow(
        id=tally.id, unit=tally.unit_name, kind=Kind(tally.kind).label, stage=tally.stage, step=tally.step,
        planned_from=tally.planned_from, planned_to=tally.planned_to, place=tally.place,
        officers=tuple(name for _, name in tally.officers), plan=tally.plan, unit_id=tally.unit, kind_key=tally.kind,
        source=tally.source, merged=tally.merged, into=tally.into,
    )  # fmt: skip


def _by_time(row: InspectionRow) -> tuple[datetime, str]:
    return row.planned_from, row.id
