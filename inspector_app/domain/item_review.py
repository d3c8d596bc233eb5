"""复核 of single items: the team lead agrees with an item or returns it with a reason, one by one, before saying it of the whole.

A word is bound to what was seen of the item; what is changed later is told, and stands to be looked at again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .event import Event
from .folding import Folding
from .rows import Key, NameOf, Row

JUDGED = "item_judged"
TOPIC = "item_review"
PASSED, RETURNED, CHANGED = "认可", "退回", "退回后改过"
"""How an item stands. `CHANGED`: what was returned is another now, and nobody has looked at it again."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the team lead said of one item. `seen` tells what the item was then."""

    item: str
    outcome: str
    reason: str
    seen: str
    by: str
    at: datetime


def apply(folded: Folding, event: Event) -> set[Key]:
    """Fold one word on an item; no outcome takes it back."""
    key = (TOPIC, str(event.body["item"]))
    row = folded.row(*key)
    row["item"] = key[1]
    folded.write(row.setdefault("said", []), event, _said(event.body))
    return {key}


def wrote(rows: Mapping[Key, Row], event: Event) -> tuple[Any, Any]:
    """The register that a word on an item wrote, with the value it gave it, for `projection.stands`."""
    return rows.get((TOPIC, str(event.body["item"])), {}).get("said"), _said(event.body)


def _said(body: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(body[name]) for name in ("outcome", "reason", "seen")}


def read_verdict(row: Row, name_of: NameOf) -> Verdict:
    """What stands; of two who knew nothing of each other the one that returned it. Raises ValueError where it was taken back."""
    given = [v for v in row.get("said", ()) if v["value"]["outcome"] in (PASSED, RETURNED)]
    if not given:
        raise ValueError("taken back")
    made = max(given, key=lambda v: (v["value"]["outcome"] == RETURNED, v["event"]))
    said = made["value"]
    return Verdict(
        row["item"],
        said["outcome"],
        said["reason"],
        said["seen"],
        name_of(made["by"]),
        datetime.fromisoformat(made["at"]),
    )
