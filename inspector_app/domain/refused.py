"""拒绝检查: the unit does not let the team in, or hinders it. Who said what, and what was explained, stands in the record.

A team that goes away without having checked anything may come again: the attempt is kept whole, and the next arrival begins
at the beginning, credentials included.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .event import Event
from .folding import Folding
from .rows import Key, NameOf, Row

KIND = "entry_refused"
_OF_THE_ATTEMPT = ("begun", "credentials", "recording", "rights", "leader", "attendees", "law")
"""What was done at the door, and is done again at the next arrival."""


@dataclass(frozen=True, slots=True)
class Refused:
    """One refusal. `left`: the team went away; `arrived` is when it had come then."""

    who: str
    reason: str
    explained: str
    seen_by: str
    left: bool
    by: str
    at: datetime
    arrived: datetime | None = None


def apply(folded: Folding, event: Event) -> set[Key]:
    """Fold one refusal. Where a colleague had begun to check meanwhile, the visit goes on: nothing that was checked is lost."""
    key, body = ("visit", ""), event.body
    row = folded.row(*key)
    said = {name: str(body[name]) for name in ("who", "reason", "explained", "seen_by")}
    kept: Row = {**said, "left": bool(body["left"]), "by": event.actor.id, "at": event.at}
    if body["left"] and folded.rows.get(("inspection", ""), {}).get("stage") == "on_site":
        kept["attempt"] = {name: row[name] for name in _OF_THE_ATTEMPT if name in row}
        folded.rows[key] = row = {name: held for name, held in row.items() if name not in _OF_THE_ATTEMPT}
    row.setdefault("refused", []).append(kept)
    return {key}


def read_refused(row: Row, name_of: NameOf) -> Refused:
    """Raises KeyError, TypeError or ValueError for one of bad make."""
    begun = row.get("attempt", {}).get("begun", ())
    arrived = min((str(version["value"]["arrived"]) for version in begun), default="")
    return Refused(row["who"], row["reason"], row["explained"], row["seen_by"], row["left"], name_of(row["by"]),
                   datetime.fromisoformat(row["at"]), datetime.fromisoformat(arrived) if arrived else None)  # fmt: skip
