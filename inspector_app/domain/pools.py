"""Who may be drawn: weights by risk and credit, and the bars that follow from registers and earlier inspections."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from .calendar import zh_date
from .draw import Candidate, Recusal, Sealed, Subject
from .people import Officer, Unit
from .problems import Problem
from .roster import OfficerNote, recusals_on


@dataclass(frozen=True, slots=True)
class DrawRules:
    """forms/draw.toml. Weights are whole numbers; `since` and `years` are the rounds of full coverage."""

    risk: Mapping[str, int]
    credit: Mapping[str, int]
    other_risk: int
    other_credit: int
    since: int
    years: int
    most: int
    counts: Mapping[str, bool]
    ordered_words: str
    hook: str
    hours: int
    merge_days: int
    merge_hook: str

    def weight(self, unit: Unit) -> int:
        return self.risk.get(unit.risk, self.other_risk) * self.credit.get(unit.credit, self.other_credit)

    def round_of(self, year: int) -> tuple[int, int]:
        """First and last year of the round of coverage that a year lies in."""
        first = year - (year - self.since) % self.years
        return first, first + self.years - 1

    def counts_for(self, kind: str, source: str) -> bool:
        """Whether an inspection counts for the yearly cap of an enterprise."""
        if self.ordered_words and self.ordered_words in source:
            return self.counts["ordered"]
        return self.counts[kind]


def parse(text: str) -> DrawRules:
    """Read forms/draw.toml."""
    data = tomllib.loads(text)
    counts = {key: value for key, value in data["counts"].items() if isinstance(value, bool)}
    made = DrawRules(
        data["risk"]["weights"], data["credit"]["weights"], data["risk"]["other"], data["credit"]["other"],
        data["coverage"]["since"], data["coverage"]["years"], data["workload"]["most"], counts,
        data["counts"]["ordered_words"], data["counts"]["hook"], data["training"]["hours"], data["merge"]["days"], data["merge"]["hook"],
    )  # fmt: skip
    numbers = (
        *made.risk.values(),
        *made.credit.values(),
        made.other_risk,
        made.other_credit,
        made.years,
        made.most,
        made.merge_days,
    )
    if not all(type(number) is int and number > 0 for number in numbers):
        raise ValueError("weights, years and workload are whole numbers above zero")
    return made


@dataclass(frozen=True, slots=True)
class Looked:
    """An inspection of a unit, planned or done, as far as draw and cap care."""

    unit: str
    day: date
    kind: str
    source: str = ""
    done: bool = True


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often an enterprise is inspected in a year: what counts so far, and the cap (0: not set)."""

    count: int
    cap: int

    @property
    def reached(self) -> bool:
        return 0 < self.cap <= self.count


def frequency(rules: DrawRules, cap: int, unit: Unit, looked: Iterable[Looked], year: int) -> Frequency:
    """What counts towards the cap of a unit this year; only enterprises have one (国办发〔2024〕54号)."""
    mine = (each for each in looked if each.unit == unit.id and each.day.year == year)
    return Frequency(
        sum(rules.counts_for(each.kind, each.source) for each in mine), cap if unit.kind.is_enterprise else 0
    )


def guard_frequency(
    rules: DrawRules, cap: int, unit: Unit, looked: Iterable[Looked], day: date, kind: str, source: str
) -> str:
    """A warning where a further inspection comes to the cap or nobody has set one; "" where there is nothing to say.

    Raises:
        Problem: `frequency_cap` when it would go beyond.
    """
    if not unit.kind.is_enterprise or not rules.counts_for(kind, source):
        return ""
    held = frequency(rules, cap, unit, looked, day.year)
    if held.reached:
        raise Problem("frequency_cap", unit=unit.name, year=day.year, count=held.count, cap=held.cap,
                      hook=rules.hook)  # fmt: skip
    if not held.cap:
        return f"本局还没有设企业年度检查频次上限；{unit.name}{day.year}年已计 {held.count} 次（{rules.hook}）。"
    if held.count + 1 == held.cap:
        return f"这一次以后，{unit.name}{day.year}年就到频次上限 {held.cap} 次（{rules.hook}）。"
    return ""


def merge_hint(rules: DrawRules, unit: Unit, looked: Iterable[Looked], day: date) -> str:
    """What is said where an enterprise has another inspection before it and near: what can be one visit is one."""
    if not unit.kind.is_enterprise:
        return ""
    near = [
        one.day
        for one in looked
        if one.unit == unit.id and not one.done and abs((one.day - day).days) <= rules.merge_days
    ]
    if not near:
        return ""
    return (
        f"{unit.name}{'、'.join(map(zh_date, sorted(near)))}还有检查没有做，能合并就合并到一次（{rules.merge_hook}）。"
    )


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be drawn: a name, how many units of which kinds, and the days in which they will be inspected."""

    title: str
    count: int
    kinds: frozenset[str]
    first: date
    last: date


def seal(
    wish: Wish, commitment: str, rules: DrawRules, cap: int, units: Iterable[Unit], officers: Iterable[Officer],
    notes: Sequence[OfficerNote], looked: Sequence[Looked],
) -> Sealed:  # fmt: skip
    """The pools of a draw as they stand now. Leaders are no officers of a draw: they lead, and are named for each visit.

    Raises:
        Problem: `field_needed` without a name or units, `date_order`.
    """
    if not wish.title.strip() or wish.count < 1:
        raise Problem("field_needed", what="抽取名称和家数")
    if wish.last < wish.first:
        raise Problem("date_order", later="检查期间的末日", earlier="首日")
    subjects = tuple(
        Subject(
            unit.id, unit.name, unit.kind.label, rules.weight(unit), _unit_bar(rules, cap, unit, looked, wish.first)
        )
        for unit in sorted(units, key=lambda unit: unit.id)
        if unit.kind.value in wish.kinds
    )
    candidates = tuple(
        Candidate(officer.id, officer.name, rules.most, _officer_bar(officer, wish))
        for officer in sorted(officers, key=lambda officer: officer.id)
        if not officer.leader
    )
    inside, able = {subject.id for subject in subjects}, {each.id for each in candidates}
    recusals = tuple(
        Recusal(note.officer, note.unit, note.text)
        for note in sorted(recusals_on(notes, wish.first), key=lambda note: (note.officer, note.unit, note.id))
        if note.unit in inside and note.officer in able
    )
    told = _told(rules, cap, wish)
    return Sealed(wish.title.strip(), wish.count, subjects, candidates, recusals, told, commitment)


def _unit_bar(rules: DrawRules, cap: int, unit: Unit, looked: Sequence[Looked], day: date) -> str:
    first, last = rules.round_of(day.year)
    mine = [each for each in looked if each.unit == unit.id]
    covered = max((each for each in mine if first <= each.day.year <= last), key=lambda each: each.day, default=None)
    if covered is not None:
        return f"本轮（{first}–{last}年）{zh_date(covered.day)}{'已查' if covered.done else '已列入检查'}"
    held = frequency(rules, cap, unit, mine, day.year)
    return f"{day.year}年已计 {held.count} 次，到了频次上限 {held.cap} 次" if held.reached else ""


def _officer_bar(officer: Officer, wish: Wish) -> str:
    held = officer.credential
    if held is None:
        return "没有行政执法证"
    if held.status != "有效":
        return f"执法证{held.status}"
    if held.holds_on(wish.first) and held.holds_on(wish.last):
        return ""
    return (
        f"执法证{zh_date(held.valid_to)}到期"
        if held.valid_to < wish.last
        else f"执法证{zh_date(held.valid_from)}起有效"
    )


def _told(rules: DrawRules, cap: int, wish: Wish) -> tuple[str, ...]:
    """The rules in words, as they stand in the sealed text."""
    risk = "、".join(f"{name}{weight}" for name, weight in rules.risk.items())
    credit = "、".join(f"{name}{weight}" for name, weight in rules.credit.items())
    first, last = rules.round_of(wish.first.year)
    capped = f"；企业一年已计 {cap} 次的不抽" if cap else "；企业年度频次上限还没有设"
    return (
        f"对象的权重是风险（{risk}，未登记{rules.other_risk}）和信用（{credit}，未登记{rules.other_credit}）的积",
        f"本轮（{first}–{last}年）已查、已列入的不抽{capped}",
        f"每家两人，执法证在{zh_date(wish.first)}至{zh_date(wish.last)}有效，应回避的不派，每人最多 {rules.most} 家",
    )
