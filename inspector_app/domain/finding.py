"""What follows from a finding: exactly one consequence, proposed by the data and decided by the officer."""

from __future__ import annotations

from datetime import date
from enum import IntEnum, StrEnum
from typing import Any

from .calendar import zh_date


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

OUTGOING = frozenset({each.paper for each in Consequence} - {""} | {"result_notice"})
"""Kinds of paper by which a visit may end."""
SERVED = OUTGOING | {"notice", "rectification_report", "reinspection_opinion"}
"""Kinds of paper that reach the unit by service (送达)."""


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
