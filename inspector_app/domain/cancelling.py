"""取消检查: an inspection that was planned and is not made. It stays in the lists, as cancelled, with who agreed and why.

Only before the arrival: where one laptop cancelled and another, which did not know of it, went there, the visit was made.
One that was merged into another of the same unit (合并检查) ends the same way, and says into which.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from .event import Event
from .folding import Folding
from .rows import Key, Row

KIND = "inspection_cancelled"
STILL = frozenset({"record_exported", "event_set_aside", "paper_printed"})
"""What may still be written of a cancelled inspection."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Why it is not made, who agreed, and how the unit was told where it had its notice already."""

    reason: str
    approved_by: str
    told: str
    by: str
    at: datetime
    into: str = ""
    """The inspection that it was merged into."""


def fold(folded: Folding, event: Event) -> set[Key]:
    value = {name: str(event.body[name]) for name in ("reason", "approved_by", "told")}
    value |= {"into": str(into)} if (into := event.body.get("into")) else {}
    folded.write(folded.row("cancelled", "").setdefault("said", []), event, value)
    return {("cancelled", "")}


def read_cancelled(row: Row, name_of: Callable[[str], str]) -> Cancelled | None:
    """What was said first; None where nobody cancelled."""
    held = min(row.get("said", ()), key=lambda version: (version["at"], version["event"]), default=None)
    if held is None:
        return None
    return Cancelled(**held["value"], by=name_of(held["by"]), at=datetime.fromisoformat(held["at"]))
