"""整改到底: what comes after service, as facts. Reports, extensions, re-inspections, what is handed on, disputes, the file
that is called up, the closing.

Each matter is a row of the fold under its own id that holds its steps in their order; none replaces another, the last word
on a thing stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

T = TypeVar("T")

MATTERS: Mapping[str, str] = {
    "rectification_begun": "rectification", "rectification_reminded": "rectification",
    "rectification_reported": "report", "report_judged": "report",
    "extension_asked": "extension", "extension_decided": "extension",
    "reinspected": "reinspection",
    "handed_on": "handed_on", "answer_received": "handed_on",
    "dispute_entered": "dispute", "dispute_settled": "dispute",
    "file_called_up": "call_up", "file_sent": "call_up", "file_returned": "call_up",
    "closed": "closing",
}  # fmt: skip
"""The kinds of events of this module, and the topic of the row that each is a step of."""

_TOPICS = frozenset(MATTERS.values())

RESULTS = ("已改正", "部分改正", "未改正")
"""What a re-inspection finds of a clause, as the paper says it."""
DONE = RESULTS[0]
CONCLUSIONS = ("已全部完成整改", "部分完成整改", "没有完成整改")
ACCEPTED, LACKING = "材料齐全", "需要补充"
"""What an officer says of the unit's answer to a clause before going there."""
GRANTED, DENIED = "同意延期", "不同意延期"
DISPUTES = ("投诉", "行政复议", "行政诉讼")

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a unit reports of one clause (整改报告, 逐条)."""

    report: str  # id
    finding: str  # id
    received: date
    said: str
    pictures: tuple[str, ...] = ()
    judged: str = ""  # ACCEPTED, LACKING; "" = not looked at yet
    note: str = ""


@dataclass(frozen=True, slots=True)
class Extension:
    """延期: asked before the term is over; until it is granted the printed day stands."""

    id: str
    asked_on: date
    until: date
    reason: str
    decision: str = ""  # GRANTED, DENIED; "" = open
    granted_until: date | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a re-inspection saw of one clause."""

    finding: str  # id
    result: str  # of RESULTS
    said: str
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reinspection:
    """复查: one visit after the term, or after the report."""

    id: str
    sheet: str  # id of what was filled in for its record
    begun: datetime
    ended: datetime
    conclusion: str
    seen: tuple[Seen, ...] = ()


@dataclass(frozen=True, slots=True)
class HandedOn:
    """What is for another organ, or for another procedure: 处理建议, 移送, 立案, 约谈; open until an answer is there."""

    id: str
    way: str  # value of finding.Consequence
    findings: tuple[str, ...]
    to: str
    reason: str
    reply_by: date | None = None
    answered: date | None = None
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Dispute:
    """投诉, 行政复议 or 行政诉讼 over an inspection."""

    id: str
    kind: str  # of DISPUTES
    day: date
    by: str
    about: str
    number: str = ""
    due: date | None = None
    settled: date | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class CallUp:
    """调卷: a supervising organ calls the file up; it leaves as one verified package and comes back."""

    id: str
    office: str
    number: str
    received: date
    due: date | None
    sent: date | None = None
    package: str = ""  # SHA-256 of what left
    name: str = ""
    returned: date | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    """结案: when, by whom, on whose approval and why; `beside` counts what others wrote who did not know of it."""

    at: datetime
    by: str
    reason: str
    approved_by: str
    beside: int = 0


@dataclass(frozen=True, slots=True)
class Followup:
    """All of it, of one inspection."""

    reminded: tuple[date, ...] = ()
    replies: tuple[Reply, ...] = ()
    extensions: tuple[Extension, ...] = ()
    reinspections: tuple[Reinspection, ...] = ()
    handed_on: tuple[HandedOn, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    call_ups: tuple[CallUp, ...] = ()
    closing: Closing | None = field(default=None)

    def reply(self, finding: str) -> Reply | None:
        """The unit's last word on a clause."""
        return next((r for r in reversed(self.replies) if r.finding == finding), None)

    def seen(self, finding: str) -> Seen | None:
        """What the last re-inspection of a clause saw."""
        found = (s for visit in reversed(self.reinspections) for s in visit.seen if s.finding == finding)
        return next(found, None)

    def passed_on(self, finding: str) -> tuple[HandedOn, ...]:
        return tuple(h for h in self.handed_on if finding in h.findings)


def conclusion_of(results: Sequence[str]) -> str:
    """What the results of all clauses come to."""
    if all(result == DONE for result in results):
        return CONCLUSIONS[0]
    return CONCLUSIONS[2] if all(result == RESULTS[2] for result in results) else CONCLUSIONS[1]


def read_followup(rows: Mapping[tuple[str, str], Row], name_of: Callable[[str], str]) -> Followup:
    """What stands of it in the rows of an inspection; a step of bad make is passed over."""

    held: dict[str, list[list[Row]]] = {}
    for (topic, _), row in rows.items():
        if topic in _TOPICS:
            held.setdefault(topic, []).append(row["steps"])

    def steps(topic: str) -> list[list[Row]]:
        return sorted(held.get(topic, ()), key=lambda taken: (taken[0]["at"], taken[0]["id"]))

    reports = [reply for taken in steps("report") for reply in _sound(_replies, taken)]
    closings, beside = steps("closing"), rows.get(("closing", "1"), {}).get("beside", ())
    return Followup(
        reminded=tuple(
            date.fromisoformat(step["day"]) for taken in steps("rectification") for step in taken if "day" in step
        ),
        replies=tuple(reply for found in reports for reply in found),
        extensions=tuple(_sound(_extension, *steps("extension"))),
        reinspections=tuple(sorted(_sound(_reinspection, *steps("reinspection")), key=lambda r: (r.begun, r.id))),
        handed_on=tuple(_sound(_handed_on, *steps("handed_on"))),
        disputes=tuple(_sound(_dispute, *steps("dispute"))),
        call_ups=tuple(_sound(_call_up, *steps("call_up"))),
        closing=_closing(closings[0][0], len(beside), name_of) if closings else None,
    )


def _sound(read: Callable[[list[Row]], T], *matters: list[Row]) -> Iterator[T]:
    for taken in matters:
        try:
            yield read(taken)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError):
            continue


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None


def _of(taken: Iterable[Row], kind: str) -> Row:
    """The last step of a kind; empty where there is none."""
    return next((step for step in reversed([*taken]) if step["step"] == kind), {})


def _replies(taken: list[Row]) -> list[Reply]:
    first = taken[0]
    judged = {step["finding"]: step for step in taken if step["step"] == "report_judged"}
    return [
        Reply(
            str(first["id"]), str(row["finding"]), date.fromisoformat(first["received"]), str(row["said"]),
            tuple(map(str, row.get("pictures", ()))), str(judged.get(row["finding"], {}).get("judged", "")),
            str(judged.get(row["finding"], {}).get("note", "")),
        )
        for row in first["answers"]
    ]  # fmt: skip


def _extension(taken: list[Row]) -> Extension:
    asked, decided = taken[0], _of(taken, "extension_decided")
    return Extension(
        str(asked["id"]), date.fromisoformat(asked["asked_on"]), date.fromisoformat(asked["until"]), str(asked["reason"]),
        str(decided.get("decision", "")), _day(decided.get("until")), str(decided.get("by_name", "")),
    )  # fmt: skip


def _reinspection(taken: list[Row]) -> Reinspection:
    done = taken[0]
    seen = tuple(Seen(str(row["finding"]), str(row["result"]), str(row["said"]), tuple(map(str, row["pictures"])))
                 for row in done["seen"])  # fmt: skip
    return Reinspection(str(done["id"]), str(done["sheet"]), datetime.fromisoformat(done["begun"]),
                        datetime.fromisoformat(done["ended"]), str(done["conclusion"]), seen)  # fmt: skip


def _handed_on(taken: list[Row]) -> HandedOn:
    begun, answered = taken[0], _of(taken, "answer_received")
    return HandedOn(
        str(begun["id"]), str(begun["way"]), tuple(map(str, begun["findings"])), str(begun["to"]), str(begun["reason"]),
        _day(begun.get("reply_by")), _day(answered.get("day")), str(answered.get("text", "")),
    )  # fmt: skip


def _dispute(taken: list[Row]) -> Dispute:
    begun, settled = taken[0], _of(taken, "dispute_settled")
    return Dispute(
        str(begun["id"]), str(begun["kind"]), date.fromisoformat(begun["day"]), str(begun["by_name"]), str(begun["about"]),
        str(begun.get("number", "")), _day(begun.get("due")), _day(settled.get("day")), str(settled.get("outcome", "")),
    )  # fmt: skip


def _call_up(taken: list[Row]) -> CallUp:
    begun, sent, back = taken[0], _of(taken, "file_sent"), _of(taken, "file_returned")
    return CallUp(
        str(begun["id"]), str(begun["office"]), str(begun["number"]), date.fromisoformat(begun["received"]),
        _day(begun.get("due")), _day(sent.get("day")), str(sent.get("sha256", "")), str(sent.get("name", "")),
        _day(back.get("day")),
    )  # fmt: skip


def _closing(step: Row, beside: int, name_of: Callable[[str], str]) -> Closing:
    return Closing(datetime.fromisoformat(step["at"]), name_of(step["by"]), str(step.get("reason", "")),
                   str(step.get("approved_by", "")), beside)  # fmt: skip
