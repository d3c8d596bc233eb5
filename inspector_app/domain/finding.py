"""What was found (问题), and what follows from it: exactly one consequence, proposed by the data and decided by the officer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any

from .calendar import zh_date
from .event import FINDING_FIELDS
from .rows import Key, NameOf, Row, Version, day_of, readable, rows_of, side_by_side, standing

if TYPE_CHECKING:
    from .evidence import Evidence
    from .paper import Issued


class Answer(StrEnum):
    """The four answers to a checklist item, in the order of the keys 1 to 4."""

    CONFORMING = "符合"
    MOSTLY = "基本符合"
    NONCONFORMING = "不符合"
    NOT_APPLICABLE = "不适用"

    @property
    def is_deviation(self) -> bool:
        """Whether the item may become a finding."""
        return self in (Answer.MOSTLY, Answer.NONCONFORMING)


STRICTNESS = {Answer.NONCONFORMING: 0, Answer.MOSTLY: 1, Answer.CONFORMING: 2, Answer.NOT_APPLICABLE: 3}
"""While two officers differ, the stricter answer counts (smaller is stricter)."""


class Severity(IntEnum):
    """1 一般, 2 较重, 3 安全隐患或违法."""

    MINOR = 1
    SERIOUS = 2
    HAZARD = 3

    @property
    def label(self) -> str:
        return {1: "一般", 2: "较重", 3: "安全隐患或违法"}[self]


class Consequence(StrEnum):
    """What a finding leads to. Never one generic notice: each has its own legal basis and paper."""

    OPINION = "opinion"
    RECTIFY = "rectify"
    CORRECT = "correct"
    TALK = "talk"
    PROPOSE = "propose"
    FILE = "file"
    TRANSFER = "transfer"
    ON_THE_SPOT = "on_the_spot"

    @property
    def label(self) -> str:
        return CONSEQUENCES[self][0]

    @property
    def paper(self) -> str:
        """Key of the paper that carries it; empty where no paper of this visit does."""
        return CONSEQUENCES[self][1]


CONSEQUENCES: dict[Consequence, tuple[str, str]] = {
    Consequence.OPINION: ("行政检查意见", "opinion"),
    Consequence.RECTIFY: ("责令限期整改", "rectification"),
    Consequence.CORRECT: ("责令限期改正", "correction_order"),
    Consequence.TALK: ("约谈", ""),
    Consequence.PROPOSE: ("处理建议", ""),
    Consequence.FILE: ("立案", ""),
    Consequence.TRANSFER: ("移送", ""),
    Consequence.ON_THE_SPOT: ("当场改正", ""),
}
"""Label and paper of each; what it rests on is data of forms/procedure.toml."""

WITHOUT_ARTICLE = frozenset({Consequence.OPINION, Consequence.RECTIFY, Consequence.ON_THE_SPOT})
"""What rests on no article of its own for each finding: an opinion orders nothing, and 档案法45 stands in every order to rectify."""

OUTGOING = frozenset({each.paper for each in Consequence} - {""} | {"result_notice"})
"""Kinds of paper by which a visit may end."""
SERVED = OUTGOING | {"notice", "rectification_report", "reinspection_opinion"}
"""Kinds of paper that reach the unit by service (送达)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A fact found (问题): exactly one consequence, its legal basis, its evidence."""

    id: str
    code: str
    fact: str
    basis: tuple[str, ...]  # full citations: 《中华人民共和国档案法》第十九条第二款
    evidence: tuple[str, ...]
    severity: int
    consequence: str  # value of domain.finding.Consequence
    demand: str = ""  # what must be done, or what is suggested
    due: date | None = None
    confirmed: bool = False
    proposed: bool = False
    conflict: tuple[Version, ...] = ()
    against: tuple[Version, ...] = ()  # it was withdrawn, and changed or confirmed by one who did not know of it
    twins: tuple[str, ...] = ()  # other findings of the same item, recorded by one who did not know of this one
    order_basis: str = ""  # the article that an order to correct rests on
    lost: tuple[str, ...] = ()  # evidence it rested on that was withdrawn since
    unproven: str = ""  # why it was confirmed without evidence

    @property
    def differs(self) -> str:
        """What two officers did differently and a person has to settle; "" for nothing."""
        if self.against:
            return "一人撤销、另一人改过"
        if self.twins:
            return "两人各记了一次"
        return "两处填写不同" if self.conflict else ""


def doubt(consequence: Consequence, severity: Severity, proposed: Consequence) -> str:
    """What an officer has to weigh before a finding gets this consequence; "" where it is what the data propose."""
    if consequence is Consequence.RECTIFY and severity is not Severity.HAZARD:
        return f"责令限期整改以安全隐患为前提，这个问题登记为“{severity.label}”"
    if consequence is not proposed:
        return f"和检查表建议的“{proposed.label}”不同，由执法人员决定"
    return ""


def shown(field: str, value: Any) -> str:
    """The value of a finding's field as a person reads it; one that cannot be stays as it was written."""
    try:
        if field == "consequence":
            return Consequence(value).label
        if field == "severity":
            return Severity(value).label
        if field == "due" and value:
            return zh_date(date.fromisoformat(value))
    except (ValueError, TypeError):
        pass
    return "、".join(value) if isinstance(value, list) else str(value)


def read_findings(
    rows: Mapping[Key, Row], papers: Sequence[Issued], pieces: Sequence[Evidence], name_of: NameOf
) -> tuple[Finding, ...]:
    withdrawn = {piece.number for piece in pieces if piece.withdrawn}
    proposed = {finding for paper in papers if not paper.draft for finding in paper.findings}

    def read(row: Row) -> Finding | None:
        return _finding(row, withdrawn, proposed, name_of)

    found = [finding for finding in readable(read, rows_of("finding", rows)) if finding is not None]
    by_item: dict[str, list[str]] = {}
    for finding in found:
        by_item.setdefault(finding.code, []).append(finding.id)
    result = (replace(f, twins=tuple(id for id in by_item[f.code] if id != f.id)) for f in found)
    return tuple(sorted(result, key=lambda f: (f.code, f.id)))


def _finding(row: Row, withdrawn: set[str], proposed: set[str], name_of: NameOf) -> Finding | None:
    """A finding, or None when somebody who knew all that was written of it withdrew it."""
    written, flags = row.get("fields", {}), row.get("flags", {})
    gone, unseen = _withdrawn(row)
    if not written or (gone and not unseen):
        return None
    fields: dict[str, Any] = {}
    differing: list[Row] = []
    for name, versions in sorted(written.items()):
        stand = standing(versions)
        fields[name] = stand[0]["value"]
        if len(stand) > 1:
            differing += [{**v, "value": shown(name, v["value"]), "field": name} for v in stand]
    consequence, severity = fields.get("consequence"), fields.get("severity")
    confirmed = [v for v in flags.get("confirmed", []) if v["value"] and _knew(v, written)]
    evidence = fields.get("evidence", ())
    return Finding(
        id=row["id"], code=row.get("code", ""), fact=str(fields.get("fact", "")),
        basis=tuple(fields.get("basis", ())), evidence=tuple(n for n in evidence if n not in withdrawn),
        severity=severity if severity in tuple(Severity) else Severity.MINOR.value,
        consequence=consequence if consequence in tuple(Consequence) else Consequence.OPINION.value,
        demand=str(fields.get("demand", "")), due=day_of(fields.get("due")),
        confirmed=bool(confirmed),
        unproven="" if evidence else "；".join(v["reason"] for v in confirmed if v["reason"]),
        proposed=row["id"] in proposed, conflict=side_by_side(differing, name_of),
        against=side_by_side([{**v, "value": "撤销"} for v in gone] + unseen, name_of),
        order_basis=str(fields.get("order_basis", "")), lost=tuple(n for n in evidence if n in withdrawn),
    )  # fmt: skip


def _withdrawn(row: Row) -> tuple[list[Row], list[Row]]:
    """Who withdrew a finding, and what others wrote of it without knowing."""
    flags = row.get("flags", {})
    gone = [v for v in flags.get("withdrawn", []) if v["value"]]
    return gone, _unseen(gone, row.get("fields", {}), flags)


def finding_stands(row: Row) -> bool:
    """Whether a finding was written, and nobody who knew all that was written of it withdrew it."""
    gone, unseen = _withdrawn(row)
    return bool(row.get("fields")) and (not gone or bool(unseen))


def _knew(flag: Row, fields: Mapping[str, list[Row]]) -> bool:
    """Whether who set a flag had seen every value that stands: nobody confirms what is written at the same time."""
    return all(
        any(v["event"] in flag["saw"] for v in versions if v["value"] == stands["value"])
        for versions in fields.values()
        for stands in standing(versions)
    )


def _unseen(gone: Sequence[Row], fields: Mapping[str, list[Row]], flags: Mapping[str, list[Row]]) -> list[Row]:
    """What others wrote of a finding without knowing of its withdrawal, and who withdrew did not know either."""
    seen = {event for flag in gone for event in (*flag["saw"], flag["event"])}
    written = [(FINDING_FIELDS.get(name, name), v) for name, versions in sorted(fields.items()) for v in versions]
    written += [("确认", v) for v in flags.get("confirmed", [])] + [("保留", v) for v in flags.get("withdrawn", [])]
    return [{**v, "value": said} for said, v in written if v["event"] not in seen] if gone else []
