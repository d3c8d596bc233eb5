"""What lists, boards and statistics ask of an inspection, as one small row of its fold.

Two thousand case files take half a minute to read, two thousand of these a twentieth of a second. The row follows from the
others alone: the same on laptop and server, made anew with every event that changes what it is made of.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, TypeVar

from .cancelling import read_cancelled
from .finding import Consequence, finding_stands
from .inspection import OUTGOING, Stage, step_of
from .publicity import decided_on
from .rating import level_of
from .reading import is_plan, officers_in
from .review import Review, read_review
from .rows import Key, Row, rows_of
from .together import Together, together_in

T = TypeVar("T")
TOPIC = "tally"
NUMBERS = "numbers"
"""The row of the numbers of papers: kept apart, because they are taken even where the plan cannot be read."""
_MADE_OF = frozenset({
    "inspection", "before", "visit", "finding", "paper", "review", "rating", "reinspection", "extension",
    "sheet", "cancelled",
})  # fmt: skip

MENDED = "已改正"
"""What a re-inspection says of a finding that is put right."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """A finding as it is counted. `due` is the last day, a granted extension included; `mended` the day it was put right."""

    id: str
    code: str
    fact: str
    consequence: str
    due: date | None
    proposed: bool
    mended: date | None

    @property
    def is_ordered(self) -> bool:
        """Whether the unit was ordered to put it right (档案法45; 实施条例48 to 51)."""
        return self.consequence in (Consequence.RECTIFY, Consequence.CORRECT)

    def is_late(self, today: date) -> bool:
        """Put right after its last day, or not yet although that is over."""
        return self.due is not None and (self.mended or today) > self.due


@dataclass(frozen=True, slots=True)
class Tally:
    """An inspection in short. Times are local with zone; None means not yet. `decided` is the day of the newest paper that
    goes out, which the term of publication runs from; `rated` 1 to 5, 0 without a rating."""

    id: str
    unit: str
    unit_name: str
    unit_kind: str
    kind: str
    stage: str
    planned_from: datetime
    planned_to: datetime
    place: str
    officers: tuple[tuple[str, str], ...]  # id and name
    leader: str
    plan: str
    source: str
    noticed: datetime | None
    arrived: datetime | None
    ended: datetime | None
    explained: str
    """What law was explained to the unit, as it was said; empty where none was."""
    decided: date | None
    served: datetime | None
    flaws: tuple[Flaw, ...]
    review: Review
    """Where the review by the team lead stands, without what was said of single items."""
    rated: int
    unapproved: datetime | None = None
    """When an urgent visit began whose approval is still to be added (国办发〔2024〕54号)."""
    areas: tuple[tuple[str, str], ...] = ()
    """Of the words that stand that the team is in an area of state secrets: on which laptop each was said, and by whom."""
    offices: tuple[str, ...] = ()
    """The other authorities of a joint inspection."""
    merged: tuple[str, ...] = ()
    """The other plans whose tasks the visit carries out."""
    into: str = ""
    """The inspection that this one was merged into, and ended with it."""

    @property
    def step(self) -> int:
        return step_of(self.stage)


def keep(rows: dict[Key, Row], changed: Iterable[Key]) -> set[Key]:
    """Make the rows anew where something they are made of has changed; returns the keys of those that are others now."""
    topics = {topic for topic, _ in changed}
    made: dict[Key, Row] = {}
    if "paper" in topics:
        made[NUMBERS, ""] = _numbers(rows_of("paper", rows))
    if ("inspection", "") in rows and topics & _MADE_OF:
        made[TOPIC, ""] = _made(rows)
    other = {key for key, row in made.items() if rows.get(key) != row}
    rows.update((key, made[key]) for key in other)
    return other


def _made(rows: Mapping[Key, Row]) -> Row:
    """The row; empty where the plan cannot be read."""
    plan = rows["inspection", ""]
    if not is_plan(plan):
        return {}
    visit, papers = rows.get(("visit", ""), {}), rows_of("paper", rows)
    held = _sound(lambda: together_in(rows), Together())
    return {
        "unit": plan["unit"]["id"], "unit_name": plan["unit_name"], "unit_kind": plan["unit"]["kind"], "kind": plan["kind"],
        "stage": plan["stage"], "from": plan["planned_from"], "to": plan["planned_to"], "place": plan["place"],
        "officers": [[each["id"], each["name"]] for each in officers_in(plan)],
        "leader": (plan.get("leading_official") or {}).get("name", ""),
        "plan": str(plan.get("plan", "")), "source": str(plan.get("source", "")),
        "noticed": _sound(lambda: min(_services(papers, {"notice"}), default=""), ""),
        "arrived": _moment(visit, "begun", "arrived"), "ended": _moment(visit, "ended", "ended"),
        "explained": _sound(lambda: str(_first(visit, "law").get("topics", "")), ""),
        "decided": _sound(lambda: day.isoformat() if (day := decided_on(papers, OUTGOING)) else "", ""),
        "served": _sound(lambda: max(_services(papers, OUTGOING), default=""), ""),
        "flaws": _sound(lambda: list(_flaws(rows, papers)), list[Row]()),
        "review": _sound(lambda: _review(rows.get(("review", ""), {})), Row()),
        "rated": _sound(lambda: level_of(rows.get(("rating", ""), {})), 0),
        "unapproved": "" if rows.get(("before", ""), {}).get("approval") else _sound(lambda: _urgent(visit), ""),
        "areas": _sound(lambda: [[v["device"], v["value"]["name"]] for v in visit.get("secret", ()) if v["value"]["inside"]], list[Any]()),
        "offices": list(held.offices), "merged": list(held.plans),
        "into": _sound(lambda: _into(rows), "") if plan["stage"] == Stage.CANCELLED else "",
    }  # fmt: skip


def _into(rows: Mapping[Key, Row]) -> str:
    held = read_cancelled(rows.get(("cancelled", ""), {}), str)
    return held.into if held else ""


def _sound(read: Callable[[], T], else_: T) -> T:
    """What a part says; one that somebody's bad event has spoilt counts as not said."""
    try:
        return read()
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        return else_


def _first(row: Row, name: str) -> Row:
    """A step as it was first taken; empty when it was not."""
    return min((v["value"] for v in row.get(name, [])), key=lambda value: (value["at"], value["by"]), default={})


def _moment(row: Row, name: str, field: str) -> str:
    taken = _sound(lambda: _first(row, name), Row())
    return _time(taken.get(field)) or _time(taken.get("at"))


def _urgent(visit: Row) -> str:
    """When an urgent visit began; "" for any other."""
    return _moment(visit, "begun", "arrived") if _first(visit, "begun").get("urgent") else ""


def _time(text: Any) -> str:
    """A stored time, or "" for what is none."""
    try:
        return datetime.fromisoformat(text).isoformat() if text else ""
    except (ValueError, TypeError):
        return ""


def _services(papers: Iterable[Row], kinds: Collection[str]) -> Iterator[str]:
    """When papers of these kinds reached the unit."""
    for paper in papers:
        if paper.get("kind") in kinds and not paper.get("draft"):
            yield from (_time(service.get("served_at")) for service in paper.get("services", []))


def _numbers(papers: Iterable[Row]) -> Row:
    """The numbers that were fixed for papers, and those that stand on a frozen text of which no paper was made."""

    def number(paper: Row) -> str:
        return _sound(lambda: str(paper.get("frozen", paper).get("number", "")), "")

    held = [(number(paper), "kind" in paper) for paper in papers]
    return {
        "used": sorted({number for number, _ in held} - {""}),
        "unfinished": sorted({number for number, made in held if not made} - {""}),
    }


def _review(row: Row) -> Row:
    """The last word of the review by the team lead, and how much was changed since."""
    made = read_review(row, str)
    at = made.at.isoformat() if made.at else ""
    return (
        {"outcome": made.outcome, "reason": made.reason, "at": at, "since": made.changed_since} if made.outcome else {}
    )


def _flaws(rows: Mapping[Key, Row], papers: Iterable[Row]) -> Iterator[Row]:
    """The findings that stand. What a later event of bad make says of one is passed over with it."""
    proposed = {
        str(id) for paper in papers if "kind" in paper and not paper.get("draft") for id in paper.get("findings", ())
    }
    mended, extended = _sound(lambda: _mended(rows), dict[str, str]()), _sound(lambda: _extended(rows), "")
    for row in rows_of("finding", rows):
        try:
            if not finding_stands(row):
                continue
            said = {name: versions[0]["value"] for name, versions in row["fields"].items()}
            consequence = Consequence(said.get("consequence", Consequence.OPINION))
            spot = consequence is Consequence.ON_THE_SPOT
            due = date.fromisoformat(said["due"]).isoformat() if said.get("due") else ""
            yield {
                "id": row["id"], "code": row["code"], "fact": str(said.get("fact", "")), "consequence": consequence.value,
                "due": max(due, extended) if due else "",
                "proposed": row["id"] in proposed,
                "mended": mended.get(row["id"], "") or (_moment(rows.get(("visit", ""), {}), "ended", "ended") if spot else ""),
            }  # fmt: skip
        except (KeyError, TypeError, ValueError, AttributeError):
            continue


def _mended(rows: Mapping[Key, Row]) -> dict[str, str]:
    """Finding -> when a re-inspection found it put right; the last re-inspection of a finding counts."""
    found: dict[str, tuple[str, bool]] = {}
    for row in rows_of("reinspection", rows):
        for step in row.get("steps", ()):
            for seen in step.get("seen", ()):
                at = _time(step.get("ended"))
                found[seen["finding"]] = max(found.get(seen["finding"], ("", False)), (at, seen["result"] == MENDED))
    return {finding: at for finding, (at, good) in found.items() if good}


def _extended(rows: Mapping[Key, Row]) -> str:
    """The last day that an extension was granted for; "" for none."""
    steps = (step for row in rows_of("extension", rows) for step in row.get("steps", ()))
    return max(
        (str(step["until"]) for step in steps if step.get("step") == "extension_decided" and step.get("until")),
        default="",
    )


def read_tally(id: str, row: Row) -> Tally:
    """The row as it is asked for. Raises KeyError and the like for one of another version."""
    return Tally(
        id, row["unit"], row["unit_name"], row["unit_kind"], row["kind"], row["stage"], datetime.fromisoformat(row["from"]),
        datetime.fromisoformat(row["to"]), row["place"], tuple((each[0], each[1]) for each in row["officers"]), row["leader"],
        row["plan"], row["source"], _read(row["noticed"]), _read(row["arrived"]), _read(row["ended"]), row["explained"],
        _day(row["decided"]), _read(row["served"]),
        tuple(_flaw(each) for each in row["flaws"]), _reviewed(row["review"]), row["rated"], _read(row["unapproved"]),
        tuple((each[0], each[1]) for each in row["areas"]),
        tuple(row["offices"]), tuple(row["merged"]), row["into"],
    )  # fmt: skip


def read_tallies(rows: Iterable[tuple[str, Row]]) -> Iterator[Tally]:
    """Those of the rows, by stream, that can be read: one of a bad or a later make keeps nobody from the others."""
    for stream, row in rows:
        if (tally := _sound(partial(read_tally, stream, row), None) if row else None) is not None:
            yield tally


def _reviewed(row: Row) -> Review:
    return Review(row["outcome"], row["reason"], "", _read(row["at"]), row["since"]) if row else Review()


def _flaw(row: Row) -> Flaw:
    mended = _read(row["mended"])
    return Flaw(
        row["id"], row["code"], row["fact"], row["consequence"],
        _day(row["due"]), row["proposed"], mended.date() if mended else None,
    )  # fmt: skip


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _read(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
