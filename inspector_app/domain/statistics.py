"""Figures of a year, each with the inspections behind it: pure functions of what laptop and server fold alike."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from . import roster
from .calendar import WorkCalendar
from .inspection import Stage
from .people import Officer, Unit, UnitKind
from .planning import Plan
from .policy import Policy
from .pools import DrawRules
from .problems import Problem
from .rating import LEVELS, SATISFIED
from .register import Register
from .roster import UnitNote
from .tally import Flaw, Tally


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the report: written when none of `needs` is nought and all of `unless` are."""

    text: str
    needs: tuple[str, ...]
    unless: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StatisticsRules:
    """forms/statistics.toml. `categories` names the parts of the checklists by the first letters of their items."""

    categories: Mapping[str, str]
    outcome_days: int
    title: str
    sentences: tuple[Sentence, ...]


def parse(text: str) -> StatisticsRules:
    """Read forms/statistics.toml."""
    data = tomllib.loads(text)
    marks = ("source", "verified_by", "verified_on")
    categories = {name: letters for name, letters in data["categories"].items() if name not in marks}
    letters = "".join(categories.values())
    if len(set(letters)) != len(letters):
        raise ValueError("a part of the checklists belongs to one category")
    sentences = tuple(
        Sentence(row["text"], tuple(row.get("needs", ())), tuple(row.get("unless", ())))
        for row in data["report"]["sentence"]
    )
    return StatisticsRules(categories, int(data["outcome"]["days"]), data["report"]["title"], sentences)


@dataclass(frozen=True, slots=True)
class Mark:
    """A number that is shown. `ids`: the inspections behind it; `units`: units whose earlier inspection counts in it."""

    value: int = 0
    ids: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a whole, e.g. what was put right of what was found. `before` is the whole of the year before."""

    name: str
    part: Mark
    whole: Mark
    before: int = 0

    @property
    def share(self) -> float | None:
        """In per cent; None of nothing."""
        return 100 * self.part.value / self.whole.value if self.whole.value else None


@dataclass(frozen=True, slots=True)
class Month:
    planned: Mark
    done: Mark
    cancelled: Mark = Mark()


@dataclass(frozen=True, slots=True)
class Covered:
    """A unit in a round of coverage; `state` is done, planned, due (this is the round's last year) or later."""

    unit: Unit
    state: str
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Load:
    """What an officer did in the year."""

    officer: Officer
    visits: Mark
    hours: int


@dataclass(frozen=True)
class Year:
    """All figures of one year as of `today`."""

    year: int
    today: date
    bureau: str
    rules: StatisticsRules
    round: tuple[int, int]
    wanted: int  # hours of training
    visits: tuple[Tally, ...]
    earlier: tuple[UnitNote, ...]
    planned: int
    months: tuple[Month, ...]
    categories: tuple[Part, ...]
    coverage: Mapping[UnitKind, tuple[Covered, ...]]
    terms: tuple[Part, ...]
    loads: tuple[Load, ...]
    ratings: tuple[Mark, ...]  # by level, the best first
    approvals: int
    mended_before: float | None  # per cent of the year before

    @cached_property
    def _flaws(self) -> tuple[tuple[Tally, Flaw], ...]:
        return tuple((visit, flaw) for visit in self.visits for flaw in visit.flaws)

    def _of(self, flaws: Iterable[tuple[Tally, Flaw]], more: int = 0) -> Mark:
        found = list(flaws)
        return Mark(len(found) + more, tuple(dict.fromkeys(visit.id for visit, _ in found)))

    @cached_property
    def done(self) -> Mark:
        """Visits, those before this software included."""
        return Mark(
            len(self.visits) + len(self.earlier), tuple(v.id for v in self.visits), tuple(n.unit for n in self.earlier)
        )

    @cached_property
    def cancelled(self) -> Mark:
        """Inspections that were planned for the year and cancelled before the arrival."""
        ids = tuple(id for month in self.months for id in month.cancelled.ids)
        return Mark(len(ids), ids)

    @cached_property
    def inspected(self) -> int:
        """Units, each once."""
        return len({visit.unit for visit in self.visits} | {note.unit for note in self.earlier})

    @cached_property
    def found(self) -> Mark:
        return self._of(self._flaws, sum(note.found for note in self.earlier))

    @cached_property
    def mended(self) -> Mark:
        return self._of(((v, f) for v, f in self._flaws if f.mended), sum(note.mended for note in self.earlier))

    @cached_property
    def ordered(self) -> Mark:
        """Findings that the unit was ordered to put right, by a paper that was made."""
        return self._of((v, f) for v, f in self._flaws if f.is_ordered and f.proposed)

    @cached_property
    def late(self) -> Mark:
        """Ordered, not put right, and the last day is over."""
        return self._of((v, f) for v, f in self._flaws if self._is_late(f))

    @cached_property
    def under_way(self) -> Mark:
        """Neither put right nor late: ordered with time left, or suggested only."""
        rest = sum(note.found - note.mended for note in self.earlier)
        return self._of(((v, f) for v, f in self._flaws if not f.mended and not self._is_late(f)), rest)

    def _is_late(self, flaw: Flaw) -> bool:
        return flaw.is_ordered and flaw.proposed and not flaw.mended and flaw.is_late(self.today)

    @cached_property
    def led(self) -> Mark:
        mine = [visit.id for visit in self.visits if visit.leader]
        return Mark(len(mine), tuple(mine))

    @cached_property
    def joint(self) -> Mark:
        """Visits with another authority (联合检查)."""
        mine = tuple(visit.id for visit in self.visits if visit.offices)
        return Mark(len(mine), mine)

    @cached_property
    def merged(self) -> Mark:
        """Visits that carried out the tasks of several plans at once (合并检查)."""
        mine = tuple(visit.id for visit in self.visits if visit.merged)
        return Mark(len(mine), mine)

    @cached_property
    def rated(self) -> Mark:
        return Mark(sum(m.value for m in self.ratings), tuple(id for m in self.ratings for id in m.ids))

    @cached_property
    def satisfied(self) -> Part:
        good = self.ratings[: len(LEVELS) - SATISFIED + 1]
        return Part("满意度", Mark(sum(m.value for m in good), tuple(id for m in good for id in m.ids)), self.rated)

    @cached_property
    def mended_share(self) -> float | None:
        return Part("", self.mended, self.found).share

    @cached_property
    def covered(self) -> Part:
        every = [each for kind in self.coverage.values() for each in kind]
        reached = [each for each in every if each.state == "done"]
        return Part("覆盖", Mark(len(reached)), Mark(len(every)))


def years_of(tallies: Iterable[Tally], register: Register) -> tuple[int, ...]:
    """The years in which there was an inspection, the first first."""
    found = {tally.planned_from.year for tally in tallies}
    return tuple(sorted(found | {note.day.year for note in register.unit_notes if note.topic == roster.VISIT}))


@dataclass(frozen=True, slots=True)
class Measures:
    """The rules that figures are counted by."""

    rules: StatisticsRules
    draw: DrawRules
    policy: Policy
    calendar: WorkCalendar

    def last_day(self, key: str, start: date) -> date | None:
        """The last day of a term of the policy; None where the calendar of that year is unknown."""
        try:
            return self.policy.deadline(key).last_day(start, self.calendar)
        except Problem:
            return None

    def publication(self, plan: Plan) -> date | None:
        try:
            return plan.due(self.policy, lambda key, start: self.policy.deadline(key).last_day(start, self.calendar))
        except Problem:
            return None


def count(
    year: int, today: date, tallies: Iterable[Tally], register: Register, plans: Sequence[Plan], measures: Measures
) -> Year:
    """Count a year. A visit counts in the year in which the team arrived, a finding in that of its visit."""
    rules, draw = measures.rules, measures.draw
    every = tuple(tallies)
    visits = _visits(every, year)
    noted = [note for note in register.unit_notes if note.topic == roster.VISIT]
    earlier = tuple(note for note in noted if note.day.year == year)
    before = [flaw for visit in _visits(every, year - 1) for flaw in visit.flaws]
    noted_before = [note for note in noted if note.day.year == year - 1]
    found_before = len(before) + sum(note.found for note in noted_before)
    mended_before = sum(bool(flaw.mended) for flaw in before) + sum(note.mended for note in noted_before)
    first, last = draw.round_of(year)
    return Year(
        year, today, register.bureau.name, rules, (first, last), draw.hours, visits, earlier,
        sum(plan.count for plan in plans if plan.year == year and plan.approved),
        tuple(_months(every, visits, earlier, year)), tuple(_categories(rules, visits, before)),
        _coverage(every, noted, register, (first, last), year),
        tuple(_terms(year, today, visits, plans, measures)),
        tuple(_loads(visits, register, year)), tuple(_ratings(visits)),
        len({note.unit for note in register.unit_notes if note.topic == roster.APPROVAL and note.day.year == year}),
        100 * mended_before / found_before if found_before else None,
    )  # fmt: skip


def _visits(tallies: Iterable[Tally], year: int) -> tuple[Tally, ...]:
    mine = (tally for tally in tallies if tally.arrived and tally.arrived.year == year)
    return tuple(sorted(mine, key=lambda tally: (tally.arrived or tally.planned_from, tally.id)))


def _months(every: Iterable[Tally], visits: Iterable[Tally], earlier: Sequence[UnitNote], year: int) -> Iterator[Month]:
    """Planned are those entered for the month and not cancelled, done those whose team arrived in it."""
    planned: list[list[str]] = [[] for _ in range(12)]
    done: list[list[str]] = [[] for _ in range(12)]
    off: list[list[str]] = [[] for _ in range(12)]
    for tally in every:
        if tally.planned_from.year == year and not tally.into:  # what was merged is counted where it went
            (off if tally.stage == Stage.CANCELLED else planned)[tally.planned_from.month - 1].append(tally.id)
    for visit in visits:
        if visit.arrived:
            done[visit.arrived.month - 1].append(visit.id)
    for month in range(12):
        units = tuple(note.unit for note in earlier if note.day.month == month + 1)
        yield Month(
            Mark(len(planned[month]) + len(units), tuple(planned[month]), units),
            Mark(len(done[month]) + len(units), tuple(done[month]), units),
            Mark(len(off[month]), tuple(off[month])),
        )


def _categories(rules: StatisticsRules, visits: Iterable[Tally], before: Iterable[Flaw]) -> Iterator[Part]:
    """Found and put right by category, the most frequent first; what stands in no category comes under 其他."""
    name_of = {letter: name for name, letters in rules.categories.items() for letter in letters}
    found: dict[str, list[tuple[str, bool]]] = {}
    for visit in visits:
        for flaw in visit.flaws:
            found.setdefault(name_of.get(flaw.code[:1], "其他"), []).append((visit.id, bool(flaw.mended)))
    last_year = Counter(name_of.get(flaw.code[:1], "其他") for flaw in before)
    for name, held in sorted(found.items(), key=lambda each: (-len(each[1]), each[0])):
        mended = [id for id, good in held if good]
        whole = Mark(len(held), tuple(dict.fromkeys(id for id, _ in held)))
        yield Part(name, Mark(len(mended), tuple(dict.fromkeys(mended))), whole, last_year[name])


def _coverage(
    every: Iterable[Tally], noted: Iterable[UnitNote], register: Register, span: tuple[int, int], year: int
) -> Mapping[UnitKind, tuple[Covered, ...]]:
    """Each registered unit in the round, by kind: who was reached comes first."""
    first, last = span
    done: dict[str, list[str]] = {note.unit: [] for note in noted if first <= note.day.year <= last}
    planned: dict[str, list[str]] = {}
    for tally in every:
        if first <= tally.planned_from.year <= last and tally.stage != Stage.CANCELLED:
            (done if tally.arrived else planned).setdefault(tally.unit, []).append(tally.id)
    rest = "due" if year == last else "later"
    states = ("done", "planned", rest)
    found: dict[UnitKind, list[Covered]] = {kind: [] for kind in UnitKind}
    for unit in register.units.values():
        state = "done" if unit.id in done else "planned" if unit.id in planned else rest
        found[unit.kind].append(
            Covered(unit, state, tuple({"done": done, "planned": planned}.get(state, {}).get(unit.id, ())))
        )
    return {
        kind: tuple(sorted(each, key=lambda one: (states.index(one.state), one.unit.id)))
        for kind, each in found.items()
        if each
    }


def _terms(
    year: int, today: date, visits: Sequence[Tally], plans: Iterable[Plan], measures: Measures
) -> Iterator[Part]:
    """What was done within its time; what may still be in time counts for neither."""
    public = [(plan, measures.publication(plan)) for plan in plans if plan.year == year]
    over = [(plan, day) for plan, day in public if day is not None and (plan.announced or today > day)]
    yield Part("计划按时公布", Mark(sum(bool(p.announced and p.announced <= day) for p, day in over)), Mark(len(over)))
    leads = [(visit, measures.last_day("notice_lead", visit.noticed.date())) for visit in visits if visit.noticed]
    known = [(visit.id, visit.arrived.date() >= day) for visit, day in leads if visit.arrived and day]
    yield _kept("通知按时送达", [id for id, _ in known], [id for id, early in known if early])
    ended = [
        (visit, visit.ended.date() + timedelta(days=measures.rules.outcome_days)) for visit in visits if visit.ended
    ]
    judged = [(visit, day) for visit, day in ended if visit.served or today > day]
    served = [visit.id for visit, day in judged if visit.served and visit.served.date() <= day]
    yield _kept("文书按时送达", [visit.id for visit, _ in judged], served)
    ordered = [
        (visit, flaw) for visit in visits for flaw in visit.flaws if flaw.is_ordered and flaw.proposed and flaw.due
    ]
    weighed = [(visit, flaw) for visit, flaw in ordered if flaw.mended or flaw.is_late(today)]
    good = [visit.id for visit, flaw in weighed if not flaw.is_late(today)]
    yield _kept("责令整改按期完成", [visit.id for visit, _ in weighed], good)


def _kept(name: str, of: Sequence[str], kept: Sequence[str]) -> Part:
    return Part(name, Mark(len(kept), tuple(dict.fromkeys(kept))), Mark(len(of), tuple(dict.fromkeys(of))))


def _loads(visits: Iterable[Tally], register: Register, year: int) -> Iterator[Load]:
    """Officers with a credential, the busiest first; leaders lead and are no officers of a team."""
    went: dict[str, list[str]] = {}
    for visit in visits:
        for id, _ in visit.officers:
            went.setdefault(id, []).append(visit.id)
    hours: Counter[str] = Counter()
    for note in register.officer_notes:
        if note.topic == roster.TRAINING and note.day.year == year:
            hours[note.officer] += note.hours
    team = [officer for officer in register.officers.values() if officer.credential]
    for officer in sorted(team, key=lambda officer: (-len(went.get(officer.id, ())), officer.name)):
        mine = went.get(officer.id, ())
        yield Load(officer, Mark(len(mine), tuple(mine)), hours[officer.id])


def _ratings(visits: Sequence[Tally]) -> Iterator[Mark]:
    for level in range(len(LEVELS), 0, -1):
        mine = tuple(visit.id for visit in visits if visit.rated == level)
        yield Mark(len(mine), mine)
