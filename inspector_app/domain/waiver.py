"""What somebody let stand in the file review (案卷评查), with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from .rows import Key, NameOf, Row, readable, rows_of, standing


@dataclass(frozen=True, slots=True)
class Waiver:
    """A remark of the file review that somebody let stand, with the reason; `place` is the place it was found at and
    `role` the one in which it was said. `said` is the remark itself: another fault at the same place is not let stand with it."""

    check: str
    place: str
    reason: str
    by: str
    role: str
    at: datetime
    said: str = ""  # "" in what earlier versions wrote: whatever was found there
    name: str = ""  # of the check


def read_waivers(rows: Mapping[Key, Row], name_of: NameOf) -> tuple[Waiver, ...]:
    """Of two who knew nothing of each other the one who does not waive is heard."""

    def waiver(row: Row) -> Waiver:
        last = row["stand"][-1]
        by, at = name_of(last["by"]), datetime.fromisoformat(last["at"])
        said, name = str(row.get("said", "")), str(row.get("name", ""))
        return Waiver(row["check"], row["place"], last["value"], by, last["role"], at, said, name)

    held = [{**row, "stand": standing(row.get("reason", []))} for row in rows_of("waiver", rows)]
    return tuple(readable(waiver, (row for row in held if all(v["value"] for v in row["stand"]))))
