"""法制审核 of major decisions (国办发〔2018〕118号 十一 to 十四): each time a paper is handed to the reviewer is a round.

A round is bound to the version of the paper that was handed in; its opinion is 同意 or 存在问题. A changed paper comes
again in a round of its own, and every round is kept. An opinion of somebody who took part in the inspection stays in the
record and counts for nothing. Until there is an opinion, whoever handed the paper in may take it back, and the reviewer may
take longer once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from .event import Event
from .folding import Folding
from .rows import Key, Row

ASKED, GIVEN = "legal_review_asked", "legal_opinion_given"
WITHDRAWN, EXTENDED = "legal_review_withdrawn", "legal_review_extended"
KINDS = (ASKED, GIVEN, WITHDRAWN, EXTENDED)
AGREED, FAULTY = "同意", "存在问题"
PASSED, WRONG = "通过", "有问题"
POINTS = 7
"""How many points are looked at (118号 十三); their words stand in forms/papers/legal_review.toml."""


@dataclass(frozen=True, slots=True)
class Point:
    """What was found on one of the seven points."""

    found: str  # PASSED WRONG
    text: str = ""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the reviewer says of the version that was handed in."""

    outcome: str  # AGREED FAULTY
    points: tuple[Point, ...]
    text: str
    person: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Longer:
    """The one extension of the review: its new last day, and why."""

    until: date
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Round:
    """A paper handed to the legal reviewer: which version, on which grounds of the bureau's list, and what came of it."""

    id: str
    nth: int  # how many times the paper was handed in by then; the clocks of two laptops do not tell which came first
    kind: str
    paper_sheet: str  # what was filled in for the paper; "" = from the case alone
    title: str
    version: str  # digest of what it says
    grounds: tuple[str, ...]
    note: str  # what the case team says to it, and to the opinion before
    draft: str  # SHA-256 of the PDF that was handed in
    evidence: tuple[str, ...]
    by: str
    at: datetime
    opinion: Opinion | None = None
    void: str = ""  # who gave an opinion that does not count
    asker: str = ""  # id of who handed it in
    withdrawn: str = ""  # why it was taken back before there was an opinion; "" = it was not
    longer: Longer | None = None

    @property
    def sheet(self) -> str:
        """Id of the sheet that its 法制审核意见书 is made from."""
        return f"legal_review-{self.id}"

    @property
    def word(self) -> str:
        """Where it stands, in a few characters."""
        if self.opinion is not None:
            return self.opinion.outcome
        return "已撤回" if self.withdrawn else "待审核"

    @property
    def waits(self) -> bool:
        """Whether it asks for an opinion."""
        return self.opinion is None and not self.withdrawn


def conclusion(points: tuple[Point, ...]) -> str:
    """The opinion that follows from the points: one that is wrong makes it 存在问题."""
    return FAULTY if any(point.found == WRONG for point in points) else AGREED


def standing(rounds: Sequence[Round]) -> Round | None:
    """The round of a paper that counts: the last, unless it was taken back; then the last that has its opinion."""
    for each in reversed(rounds):
        if not each.withdrawn and (each.opinion is not None or each.nth == rounds[-1].nth):
            return each
    return None


def fold(folded: Folding, event: Event) -> set[Key]:
    """One row a round: how it was asked, and the opinions; of two that knew nothing of each other both stand."""
    key = ("legal", str(event.body["round"]))
    row = folded.row(*key)
    if event.kind == ASKED:
        row["asked"] = {**event.body, "at": event.at, "by": event.actor.id}
    elif event.kind == WITHDRAWN:
        if event.actor.id != row["asked"]["by"]:
            raise ValueError("somebody else handed this in")
        folded.write(row.setdefault("withdrawn", []), event, str(event.body["reason"]))
    elif event.kind == EXTENDED:
        said = {"until": str(event.body["until"]), "reason": str(event.body["reason"])}
        folded.write(row.setdefault("longer", []), event, said, role=event.actor.role)
    else:
        value = {name: event.body[name] for name in ("outcome", "points", "text", "version")}
        folded.write(row.setdefault("opinions", []), event, value, role=event.actor.role)
    return {key}


def read_round(row: Row, name_of: Callable[[str], str], involved: frozenset[str]) -> Round:
    """A round as it stands. An opinion counts when a legal reviewer who took no part in the inspection gave it on the
    version that was handed in; of several the one that asks for more. What was taken back while somebody gave an opinion
    on it, neither knowing of the other, has that opinion."""
    asked, given = row["asked"], row.get("opinions", [])
    valid = [v for v in given if _counts(v, str(asked["version"]), involved)]
    opinion = min(
        (_opinion(v, name_of) for v in valid), key=lambda o: (o.outcome != FAULTY, o.at, o.person), default=None
    )
    return Round(
        str(asked["round"]), int(asked.get("nth", 1)), str(asked["paper"]), str(asked.get("sheet", "")), str(asked["title"]),
        str(asked["version"]),
        tuple(map(str, asked.get("grounds", ()))), str(asked.get("note", "")), str(asked.get("draft", "")),
        tuple(map(str, asked.get("evidence", ()))), name_of(asked["by"]), datetime.fromisoformat(asked["at"]), opinion,
        "、".join(dict.fromkeys(name_of(v["by"]) for v in given if v not in valid)), str(asked["by"]),
        "" if opinion else "；".join(str(v["value"]) for v in row.get("withdrawn", ())), _longer(row.get("longer", ()), name_of, involved),
    )  # fmt: skip


def _longer(versions: Iterable[Row], name_of: Callable[[str], str], involved: frozenset[str]) -> Longer | None:
    """The earliest of the new last days that a reviewer who took no part gave."""
    held = [v for v in versions if v["role"] == "legal_reviewer" and v["by"] not in involved]
    if not held:
        return None
    first = min(held, key=lambda v: str(v["value"]["until"]))
    return Longer(date.fromisoformat(first["value"]["until"]), str(first["value"]["reason"]), name_of(first["by"]))


def _counts(version: Mapping[str, Any], asked: str, involved: frozenset[str]) -> bool:
    value = version["value"]
    return (
        version["role"] == "legal_reviewer" and version["by"] not in involved and value["version"] == asked
        and value["outcome"] in (AGREED, FAULTY) and len(value["points"]) == POINTS
        and (value["outcome"] == FAULTY or all(found == PASSED for found, _ in value["points"]))
    )  # fmt: skip


def _opinion(version: Mapping[str, Any], name_of: Callable[[str], str]) -> Opinion:
    value = version["value"]
    points = tuple(Point(str(found), str(text)) for found, text in value["points"])
    return Opinion(
        str(value["outcome"]), points, str(value["text"]), str(version["by"]), name_of(version["by"]),
        datetime.fromisoformat(version["at"]),
    )  # fmt: skip
