"""What the registers say beside name and credential: reports and ratings of units, training and recusals of officers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from .people import Unit

RISKS = ("低", "中", "高")
CREDITS = ("好", "一般", "差")

YEARLY = "年度报告"
MATTERS = ("人员更换", "库房搬迁", "档案服务外包")
"""Important matters that a unit reports to the bureau (重大事项报告)."""
APPROVAL = "三合一审核"
"""Approval of 归档范围, 保管期限表 and 分类方案 (实施条例19)."""
STARS = "星级评定"
VISIT = "以往检查"
"""An inspection made before this software, so that coverage and last visit are right."""
UNIT_TOPICS = (YEARLY, *MATTERS, APPROVAL, STARS, VISIT)

TRAINING, EXAM, RECUSAL = "培训", "考试", "回避关系"
REVIEWER = "法制审核资格"
"""Why somebody may review the legality of decisions: who is new to it needs 法律职业资格 (行政处罚法58)."""
OFFICER_TOPICS = (TRAINING, EXAM, RECUSAL, REVIEWER)


@dataclass(frozen=True, slots=True)
class UnitNote:
    """Something a unit reported or got. `stars` is 1..5 for a rating, else 0; `found` and `mended` count the findings of an
    earlier inspection."""

    id: str
    unit: str
    topic: str
    day: date
    text: str = ""
    stars: int = 0
    found: int = 0
    mended: int = 0


@dataclass(frozen=True, slots=True)
class OfficerNote:
    """Training (`hours`), an exam (`text` is its result) or why somebody must not inspect `unit`, until `until` if named."""

    id: str
    officer: str
    topic: str
    day: date
    text: str = ""
    hours: int = 0
    unit: str = ""
    until: date | None = None


def plain_unit_note(note: UnitNote) -> dict[str, Any]:
    return {"id": note.id, "unit": note.unit, "topic": note.topic, "day": note.day.isoformat(), "text": note.text,
            "stars": note.stars, "found": note.found, "mended": note.mended}  # fmt: skip


def read_unit_note(row: Mapping[str, Any]) -> UnitNote:
    return UnitNote(str(row["id"]), str(row["unit"]), str(row["topic"]), date.fromisoformat(row["day"]),
                    str(row.get("text", "")), int(row.get("stars", 0)), int(row.get("found", 0)),
                    int(row.get("mended", 0)))  # fmt: skip


def plain_officer_note(note: OfficerNote) -> dict[str, Any]:
    return {"id": note.id, "officer": note.officer, "topic": note.topic, "day": note.day.isoformat(), "text": note.text,
            "hours": note.hours, "unit": note.unit, "until": note.until.isoformat() if note.until else ""}  # fmt: skip


def read_officer_note(row: Mapping[str, Any]) -> OfficerNote:
    until = str(row.get("until", ""))
    return OfficerNote(
        str(row["id"]), str(row["officer"]), str(row["topic"]), date.fromisoformat(row["day"]), str(row.get("text", "")),
        int(row.get("hours", 0)), str(row.get("unit", "")), date.fromisoformat(until) if until else None,
    )  # fmt: skip


def recusals_on(notes: Iterable[OfficerNote], day: date) -> Iterator[OfficerNote]:
    """The recusals that hold on a day."""
    return (note for note in notes if note.topic == RECUSAL and (note.until is None or note.until >= day))


def reviewers_on(notes: Iterable[OfficerNote], day: date) -> frozenset[str]:
    """Ids of those who are qualified to review the legality of a decision on a day."""
    held = (n for n in notes if n.topic == REVIEWER and n.day <= day and (n.until is None or n.until >= day))
    return frozenset(note.officer for note in held)


def hours_of(notes: Iterable[OfficerNote], officer: str, year: int) -> int:
    """Hours of training of an officer in a year."""
    return sum(n.hours for n in notes if n.officer == officer and n.topic == TRAINING and n.day.year == year)


def stars_of(notes: Iterable[UnitNote], unit: str) -> tuple[tuple[int, int], ...]:
    """The ratings of a unit, year and stars, the newest first."""
    mine = sorted((n for n in notes if n.unit == unit and n.topic == STARS), key=lambda n: n.day, reverse=True)
    return tuple((n.day.year, n.stars) for n in mine)


def owes_report(notes: Iterable[UnitNote], unit: Unit, year: int) -> bool:
    """Whether the unit has not handed in its report on the work of a year, which comes in the year after (实施条例45)."""
    return not any(n.unit == unit.id and n.topic == YEARLY and n.day.year - 1 == year for n in notes)
