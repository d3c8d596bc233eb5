"""What is intended before any inspection: plans with their approval and publication, clues, draws; each told by its steps.

All of it lies in one stream of the bureau. A row of the fold is a list of steps; what stands now is read from the list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar

from .draw import Drawn, Sealed, draw
from .policy import Policy
from .rows import Key, Row, rows_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan of a year, or of a special inspection (上海市优化营商环境条例62): whom, what, how, how many of how many.

    `approved` and `announced` are the days of approval and publication; a plan that was changed waits for both again.
    """

    id: str
    special: bool
    year: int
    title: str
    basis: str
    subjects: str
    items: str
    method: str
    base: int
    count: int
    joint: str = ""
    approved: date | None = None
    approved_by: str = ""
    announced: date | None = None
    announced_where: str = ""

    @property
    def kind(self) -> str:
        return "专项检查计划" if self.special else "年度检查计划"

    @property
    def share(self) -> str:
        """How many of those in range, in per cent."""
        return f"{self.count * 100 / self.base:.0f}%" if self.base else ""

    def due(self, policy: Policy, last_day: Callable[[str, date], date]) -> date | None:
        """The last day for publication: fixed for a year, counted from the approval for a special plan."""
        if self.special:
            return last_day("special_plan_publish", self.approved) if self.approved else None
        return date(self.year, *policy.yearly["plan_publish"])


CLUE_SOURCES = ("举报", "移送", "上级转办", "巡查发现")


@dataclass(frozen=True, slots=True)
class Clue:
    """What points to a breach at a unit (档案法46). `inspection` is what was opened on it, `reason` why none was."""

    id: str
    source: str
    unit: str
    day: date
    text: str
    given_by: str = ""
    inspection: str = ""
    reason: str = ""

    @property
    def is_open(self) -> bool:
        return not self.inspection and not self.reason


@dataclass(frozen=True, slots=True)
class Made:
    """The draw itself: what the bureau had kept secret, what the witness said aloud, and what came of it."""

    secret: str
    word: str
    witness: str
    published: str
    place: str
    at: datetime
    by: str
    lines: tuple[str, ...]


SIGNERS = ("主持人", "记录人", "监督人")


@dataclass(frozen=True, slots=True)
class Signed:
    role: str
    name: str
    means: str


@dataclass(frozen=True)
class Draw:
    """A draw from the sealing to its inspections. `made` holds every draw that was made of these pools: more than one is
    told, whichever was liked better."""

    id: str
    sealed: Sealed
    digest: str
    sealed_at: datetime
    first: date
    last: date
    plan: str
    made: tuple[Made, ...] = ()
    signed: tuple[Signed, ...] = ()
    certificate: str = ""
    inspections: Mapping[str, str] | None = None
    announced: str = ""
    dropped: str = ""

    @cached_property
    def is_true(self) -> bool:
        """Whether the sealed text is the one whose digest was published, one draw was made, and it gives what it says."""
        return self.sealed.digest == self.digest and len(self.made) == 1 and self.result.lines == self.made[0].lines

    @cached_property
    def result(self) -> Drawn:
        """What follows from the first draw that was made. Raises `Problem("draw_commitment")`, IndexError before it."""
        return draw(self.sealed, self.made[0].secret, self.made[0].word)

    @property
    def step(self) -> int:
        """How many of the six steps are done: pools and rules (sealed together), seed and draw, signatures, publication."""
        if not self.made:
            return 2
        if {signer.role for signer in self.signed} < set(SIGNERS):
            return 4
        return 6 if self.announced else 5


@dataclass(frozen=True, slots=True)
class Planning:
    """All plans (the newest first), clues and draws."""

    plans: tuple[Plan, ...]
    clues: tuple[Clue, ...]
    draws: tuple[Draw, ...]


def read_planning(rows: Mapping[Key, Row]) -> Planning:
    """What stands; what cannot be read, of a later version or of bad make, never keeps anybody from the rest."""
    plans, clues, draws = (_readable(_READERS[topic], rows_of(topic, rows)) for topic in ("plan", "clue", "draw"))
    return Planning(
        tuple(sorted(plans, key=lambda plan: (-plan.year, plan.special, plan.title))),
        tuple(sorted(clues, key=lambda clue: (clue.day, clue.id), reverse=True)),
        tuple(sorted(draws, key=lambda each: (each.sealed_at, each.id), reverse=True)),
    )


def _readable(read: Callable[[Iterable[Row]], T], rows: Iterable[Row]) -> list[T]:
    found = []
    for row in rows:
        try:
            found.append(read(row["steps"]))
        except (KeyError, TypeError, ValueError, AttributeError, IndexError):
            continue
    return found


def _read_plan(steps: Iterable[Row]) -> Plan:
    plan: Plan | None = None
    for step in steps:
        if step["step"] == "plan_drawn_up":
            plan = Plan(
                step["id"], bool(step["special"]), int(step["year"]), step["title"], step["basis"], step["subjects"],
                step["items"], step["method"], int(step["base"]), int(step["count"]), step["joint"],
            )  # fmt: skip
        elif plan is None:
            continue
        elif step["step"] == "plan_approved":
            plan = replace(plan, approved=date.fromisoformat(step["day"]), approved_by=step["by_name"])
        elif step["step"] == "plan_announced":
            plan = replace(plan, announced=date.fromisoformat(step["day"]), announced_where=step["where"])
    if plan is None:
        raise ValueError("no plan")
    return plan


def _read_clue(steps: Iterable[Row]) -> Clue:
    clue: Clue | None = None
    for step in steps:
        if step["step"] == "clue_received":
            clue = Clue(step["id"], step["source"], step["unit"], date.fromisoformat(step["day"]), step["text"],
                        step["given_by"])  # fmt: skip
        elif clue is not None:
            clue = replace(clue, inspection=step["inspection"], reason=step["reason"])
    if clue is None:
        raise ValueError("no clue")
    return clue


def _read_draw(steps: Iterable[Row]) -> Draw:
    held: dict[str, list[Row]] = {}
    for step in steps:
        held.setdefault(step["step"], []).append(step)
    (sealed,) = held["draw_sealed"]
    last = {kind: rows[-1] for kind, rows in held.items()}
    return Draw(
        sealed["id"], Sealed.read(sealed["sealed"]), sealed["digest"], datetime.fromisoformat(sealed["at"]),
        date.fromisoformat(sealed["first"]), date.fromisoformat(sealed["last"]), sealed["plan"],
        made=tuple(map(_read_made, held.get("draw_made", ()))),
        signed=tuple({r["role"]: Signed(r["role"], r["name"], r["means"]) for r in held.get("draw_signed", ())}.values()),
        certificate=last.get("draw_certified", {}).get("sha256", ""),
        inspections=last.get("draw_used", {}).get("inspections"),
        announced=last.get("draw_announced", {}).get("where", ""), dropped=last.get("draw_dropped", {}).get("reason", ""),
    )  # fmt: skip


def _read_made(step: Row) -> Made:
    return Made(step["secret"], step["word"], step["said_by"], step["published"], step["place"],
                datetime.fromisoformat(step["at"]), step["by"], tuple(step["lines"]))  # fmt: skip


_READERS: Mapping[str, Callable[[Iterable[Row]], Any]] = {"plan": _read_plan, "clue": _read_clue, "draw": _read_draw}
