"""What the bureau may set: deadlines, series of numbers, which paper may be issued where, proposed consequences."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

from . import footage
from .calendar import WorkCalendar
from .problems import Problem

T = TypeVar("T")
SUITES = ("AES-256-GCM", "SM4-GCM")
"""Ciphers that evidence can be sealed with."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A term: value and unit (WD working days, D days, M months, Y years, H hours), with its source."""

    key: str
    value: int
    unit: str
    start: str
    source: str
    confidence: str
    verified_by: str
    verified_on: str

    @property
    def span(self) -> timedelta:
        """A term in hours as a span of time. Raises ValueError for other units."""
        if self.unit != "H":
            raise ValueError(f"the unit {self.unit} is no span of hours")
        return timedelta(hours=self.value)

    def last_day(self, start: date, calendar: WorkCalendar) -> date:
        """The last day of the term; the day of the start is not counted.

        A last day that is no working day goes over to the next one. Raises `Problem("unknown_year")`.
        """
        if self.unit == "WD":
            return calendar.add_workdays(start, self.value)
        if self.unit == "D":
            return calendar.next_workday(start + timedelta(days=self.value))
        if self.unit in ("M", "Y"):
            months = self.value * (12 if self.unit == "Y" else 1)
            year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
            day = min(start.day, (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day)
            return calendar.next_workday(date(year, month + 1, day))
        raise ValueError(f"the unit {self.unit} has no last day")


@dataclass(frozen=True, slots=True)
class PaperRule:
    """Which series a kind of paper is numbered in ("" = it bears the inspection's own number) and what may be done with
    it on site."""

    kind: str
    series: str
    on_site: bool
    by: tuple[str, ...]
    pre_stamped: bool
    temporary: bool
    reason: str
    photos: bool = False
    copies: tuple[str, ...] = ()  # for whom each copy (联) is


@dataclass(frozen=True, slots=True)
class Policy:
    """forms/policy.toml, read once."""

    titles: str
    deadlines: Mapping[str, Deadline]
    papers: Mapping[str, PaperRule]
    consequences: Mapping[str, Mapping[str, str]]
    orders: Mapping[str, str]
    order_choices: Mapping[str, str]
    series: Mapping[str, str]
    yearly: Mapping[str, tuple[int, int]]
    thresholds: Mapping[str, int]
    grades: tuple[tuple[str, int], ...]
    electronic: bool = False
    """Whether the unit may sign on the screen; paper needs no leave."""
    suite: str = "AES-256-GCM"
    """The cipher of files that are taken in from now on, of `SUITES`."""
    origins: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """How evidence came (captured, imported, made) in words and what it is worth; `agreed`: once the unit has signed the
    list of digests."""
    recording: footage.Recording = footage.Recording()  # noqa: RUF009 - frozen
    major: frozenset[str] = frozenset()
    """Kinds of paper that are always a major decision: none is made without its legal review (国办发〔2018〕118号 十二)."""
    major_grounds: tuple[str, ...] = ()
    """What makes another decision a major one; the case team says which of them."""
    yearly_sources: Mapping[str, str] = field(default_factory=dict)
    """What the days of `yearly` rest on."""

    @property
    def originals_days(self) -> int:
        """Days that an original stays on the laptop after the bureau's receipt."""
        return self.thresholds.get("originals_days", 30)  # a policy that was published before knows none

    @property
    def lock_minutes(self) -> int:
        """Minutes without a hand on it after which a window locks itself; 0: it does not."""
        return self.thresholds.get("lock_minutes", 10)

    @property
    def list_ends_days(self) -> int:
        """Days before the end of its period from which an entry of a public list is told to end."""
        return self.thresholds.get("list_ends", 60)

    @property
    def review_sample(self) -> int:
        """Per cent of the conforming items that the team lead looks at by chance."""
        return self.thresholds.get("review_sample", 0)

    @property
    def number_block(self) -> int:
        """Document numbers that a laptop takes from the bureau at once."""
        return self.thresholds.get("number_block", 10)

    @property
    def remind_days(self) -> int:
        """Working days before the end of a term from which it is told as near."""
        return self.thresholds.get("remind_days", 5)

    def deadline(self, key: str) -> Deadline:
        """Raises KeyError: keys are written in code, a missing one is a bug."""
        return self.deadlines[key]

    def paper(self, kind: str) -> PaperRule:
        """Raises `Problem("not_found")` for a kind without a rule."""
        if kind not in self.papers:
            raise Problem("not_found", what=f"文书种类“{kind}”的规定")
        return self.papers[kind]

    def prefix(self, series: str, code: str) -> str:
        """What stands before 〔year〕 in the numbers of a series, for the bureau's 机关代字 `code`."""
        if series not in self.series:
            raise Problem("not_found", what=f"文号系列“{series}”的规定")
        return self.series[series].format(code=code)

    def grade(self, score: float) -> str:
        """The grade that a percentage of met items reaches; vetoes are for the officer to weigh."""
        return next((name for name, least in self.grades if score >= least), self.grades[-1][0])

    def consequence(self, proposed: str, unit_kind: str) -> str:
        """The one consequence that a value of the checklist's data stands for at this kind of unit."""
        if proposed not in self.consequences:
            raise Problem("not_found", what=f"后果“{proposed}”的规定")
        row = self.consequences[proposed]
        return row.get(unit_kind, row["value"])

    def order_basis(self, item: str, unit_kind: str) -> str:
        """The article that lets this item be ordered corrected (责令限期改正); "" where the officer has to choose one."""
        return self.orders.get(f"{item}-{unit_kind}", self.orders.get(item, ""))

    def order_articles(self, unit_kind: str) -> tuple[str, ...]:
        """The articles that let such a unit be ordered to correct, for the officer to choose from."""
        return tuple(article for article, kinds in self.order_choices.items() if unit_kind in kinds)


def parse(text: str) -> Policy:
    """Read forms/policy.toml."""
    data = tomllib.loads(text)
    deadlines = {
        key: Deadline(key, **{"start": "", "source": "", "confidence": "", "verified_by": "", "verified_on": ""} | row)
        for key, row in data["deadline"].items()
    }
    papers = {
        kind: PaperRule(
            kind, row["series"], row["on_site"], tuple(row.get("by", ())), row.get("pre_stamped", False),
            row.get("temporary", False), row.get("reason", ""), row.get("photos", False), tuple(row.get("copies", ())),
        )
        for kind, row in data["paper"].items()
    }  # fmt: skip
    grades = tuple(sorted(data["grade"]["least"].items(), key=lambda grade: -int(grade[1])))
    yearly = {key: (row["month"], row["day"]) for key, row in data["yearly"].items()}
    thresholds = {key: row["value"] for key, row in data["threshold"].items()}
    series = {key: row["prefix"] for key, row in data["series"].items()}
    return Policy(
        data["titles"]["value"], deadlines, papers, data["consequence"], _plain(data["order"]),
        _plain(data["order_choices"]), series, yearly, thresholds, grades,
        data.get("signing", {}).get("electronic") is True, _suite(data.get("vault", {}).get("suite", SUITES[0])),
        {name: (row[0], row[1]) for name, row in _plain(data.get("origin", {})).items()},
        footage.parse(data.get("recording", {})), frozenset(data.get("legal_review", {}).get("papers", ())),
        tuple(data.get("legal_review", {}).get("grounds", ())),
        {key: str(row.get("source", "")) for key, row in data["yearly"].items()},
    )  # fmt: skip


def _suite(name: str) -> str:
    if name not in SUITES:
        raise ValueError(f"no such suite: {name}")
    return name


def _plain(table: Mapping[str, T]) -> Mapping[str, T]:
    """A table without what says who verified it."""
    return {key: value for key, value in table.items() if not key.startswith("verified_")}
