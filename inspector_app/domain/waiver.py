"""What somebody let stand in the file review (案卷评查), with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from .rows import Key, NameOf, Row, readable, rows_of, standing


@dataclass(frozen=True, slots=True)
class Waiver:
    """A remark of the file review that somebody let stand, with the reason; `place` is the place it was found at and
    `role` the one in which it was said."""

    check: str
    place: str
    reason: str
    by: str
    role: str
    at: datetime


def read_waivers(rows: Mapping[Key, Row], name_of: NameOf) -> tuple[Waiver, ...]:
    """Of two who knew nothing of each other the one who does not waive is heard."""

    def waiver(row: Row) -> Waiver:
        last = row["stand"][-1]
        by, at = name_of(last["by"]), datetime.fromisoformat(last["at"])
        return Waiver(row["check"], row["place"], last["value"], by, last["role"], at)

    held = [{**row, "stand": standing(row.get("reason", []))} for row in rows_of("waiver", rows)]
    return tuple(readable(waiver, (row for row in held if all(v["value"] for v in row["stand"]))))
