"""What a unit says of itself before the visit (单位自查), and what that tells the officers where to look first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

KIND = "self_assessed"
ANSWERS = ("符合", "基本符合", "不符合", "不适用")
_RANK = {answer: rank for rank, answer in enumerate(("不符合", "基本符合", "不适用", "符合"))}


@dataclass(frozen=True, slots=True)
class SelfAnswer:
    """What the unit says of one item, with its own words."""

    item: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """A self-assessment that was taken in: the unit's answers by item, who filled it in, and when it came."""

    answers: Mapping[str, SelfAnswer]
    file: str
    sha256: str
    by: str
    day: date | None
    taken: datetime

    def count(self, value: str) -> int:
        return sum(1 for answer in self.answers.values() if answer.value == value)


@dataclass(frozen=True, slots=True)
class Look:
    """An item that the officers look at first, and why."""

    item: str
    why: str
    note: str = ""


def body_of(answers: Iterable[SelfAnswer]) -> dict[str, list[str]]:
    """Answers as the record keeps them."""
    return {answer.item: [answer.value, answer.note] for answer in answers}


def read_selfcheck(value: Mapping[str, Any], taken: datetime) -> SelfCheck | None:
    """A self-assessment from the record; None for one that was taken back."""
    answers = {item: SelfAnswer(item, said[0], said[1]) for item, said in value["answers"].items()}
    if not answers:
        return None
    day = date.fromisoformat(value["day"]) if value["day"] else None
    return SelfCheck(answers, value["file"], value["sha256"], value["by"], day, taken)


def first_looks(held: SelfCheck, hazards: Iterable[str], items: Iterable[str]) -> list[Look]:
    """The desk pre-check: what the unit admits, claims not to apply, or left open, the worst first; then the hazards that
    it says are in order, because they are verified whatever was said."""
    order = {item: nth for nth, item in enumerate(items)}
    dangerous = frozenset(hazards)
    looks: list[tuple[int, int, Look]] = []
    for item, nth in order.items():
        said = held.answers.get(item)
        if said is None:
            looks.append((4, nth, Look(item, "没有自查")))
        elif said.value != "符合":
            looks.append((_RANK[said.value], nth, Look(item, f"自查{said.value}", said.note)))
        elif item in dangerous:
            looks.append((5, nth, Look(item, "自查符合，属安全隐患项，要核实", said.note)))
    return [look for _, _, look in sorted(looks, key=lambda found: found[:2])]


def differs(said: SelfAnswer | None, found: str) -> bool:
    """Whether what the officers found is worse than what the unit said of itself."""
    return said is not None and found in _RANK and _RANK[found] < _RANK[said.value] and found != "不适用"
