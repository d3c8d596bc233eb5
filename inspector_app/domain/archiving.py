"""归档: the volume of a closed inspection goes to the archive (行政处罚法47; 国办发〔2018〕118号 九), once.

It is said who handed it over and who took it, under which code (档号) and for how long it is kept, and where both halves of
it lie, the paper and the electronic one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from .event import Event
from .folding import Folding
from .rows import Key, Row

KIND = "archived"


@dataclass(frozen=True, slots=True)
class Archived:
    """Where the volume went."""

    day: date
    code: str
    retention: str
    received_by: str
    paper: str  # where the paper lies; says so where there is none
    electronic: str
    by: str = ""


def fold(folded: Folding, event: Event) -> set[Key]:
    """Of two who knew nothing of each other both are kept."""
    names = ("day", "code", "retention", "received_by", "paper", "electronic")
    value = {name: str(event.body[name]) for name in names}
    folded.write(folded.row(KIND, "").setdefault("said", []), event, value)
    return {(KIND, "")}


def read_archived(row: Row, name_of: Callable[[str], str]) -> Archived | None:
    """What was said first; None before."""
    held = min(row.get("said", ()), key=lambda version: (version["at"], version["event"]), default=None)
    if held is None:
        return None
    said = {**held["value"], "day": date.fromisoformat(held["value"]["day"])}
    return Archived(**said, by=name_of(held["by"]))
