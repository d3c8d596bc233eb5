"""The items of a checklist and what was answered; while two officers differ, the stricter answer counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from .finding import STRICTNESS
from .rows import Key, NameOf, Row, Version, side_by_side, standing, when

_STRICTNESS = {answer.value: place for answer, place in STRICTNESS.items()}


@dataclass(frozen=True, slots=True)
class ItemInfo:
    """What the published checklist says of an item."""

    code: str
    text: str
    section: str
    basis: str


@dataclass(frozen=True, slots=True)
class ItemFact:
    """A checklist item with what was answered. `conflict` holds all versions when officers differ."""

    code: str
    text: str
    section: str
    basis: str
    value: str = ""  # 符合 基本符合 不符合 不适用, or the typed value of another question; "" = open
    reason: str = ""
    note: str = ""
    evidence: tuple[str, ...] = ()
    finding: str = ""
    by: str = ""
    at: datetime | None = None
    conflict: tuple[Version, ...] = ()
    note_conflict: tuple[Version, ...] = ()


def read_readings(infos: Sequence[ItemInfo], rows: Mapping[Key, Row]) -> list[tuple[str, list[Row]]]:
    """What stands of each question beside the items: one value, or those of two officers."""
    items = {info.code for info in infos}
    beside = sorted(key for topic, key in rows if topic == "answer" and key not in items)
    return [(key, standing(stand)) for key in beside if (stand := rows["answer", key].get("answer"))]


def read_item(info: ItemInfo, row: Row, shots: Sequence[str], finding: str, name_of: NameOf) -> ItemFact:
    answers = sorted(standing(row.get("answer", [])), key=_strictness)
    notes = standing(row.get("note", []))
    first = answers[0] if answers else None
    return ItemFact(
        code=info.code,
        text=info.text,
        section=info.section,
        basis=info.basis,
        value=str(first["value"]) if first else "",
        reason=first["reason"] if first else "",
        note="；".join(str(n["value"]) for n in notes if n["value"]),
        evidence=tuple(shots),
        finding=finding,
        by=name_of(first["by"]) if first else "",
        at=when(first["at"]) if first else None,
        conflict=side_by_side(answers, name_of) if len(answers) > 1 else (),
        note_conflict=side_by_side(notes, name_of) if len(notes) > 1 else (),
    )


def _strictness(version: Row) -> tuple[int, str]:
    return (_STRICTNESS.get(version["value"], len(STRICTNESS)), version["event"])
