"""Pages of papers that came back signed, as photos or scans: kept by one event each, and taken back by another with a reason.

Nothing is deleted. Who takes a page back takes it out of the count; its file, the entry of its keeping and the reason stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .event import Event
from .folding import Folding
from .rows import Key, Row

KEPT, WITHDRAWN = "signed_page_kept", "signed_page_withdrawn"


@dataclass(frozen=True, slots=True)
class SignedPage:
    """A kept page: digests of the file and of its straightened copy."""

    page: int  # from 1; 0 where it was kept without one, as once was done
    copy: int  # serial of the copy (联); 0 = the original
    original: str
    straight: str
    at: datetime
    by: str
    reason: str = ""  # why an officer said by hand which page it is; "" = its code was read
    leaf: int = 0  # page of the original where that is a PDF; 0 = a picture
    id: str = ""  # of the event that kept it
    withdrawn: str = ""  # why it was taken back, and by whom; "" = it stands


def fold(folded: Folding, event: Event) -> set[Key]:
    """The pages of a paper, and for each that was taken back the reason; an empty one puts it back."""
    key = ("paper", str(event.body["paper"]))
    if event.kind == KEPT:
        page = {**event.body, "at": event.at, "by": event.actor.id, "event": event.id}
        folded.row(*key).setdefault("pages_kept", []).append(page)
    else:
        reasons = folded.row(*key).setdefault("pages_withdrawn", {})
        folded.write(reasons.setdefault(str(event.body["kept"]), []), event, str(event.body["reason"]))
    return {key}


def wrote(rows: Mapping[Key, Row], event: Event) -> list[tuple[Any, Any]]:
    """The register that a withdrawal wrote, with the value it gave it, for `projection.stands`."""
    row = rows.get(("paper", str(event.body["paper"])), {})
    return [(row.get("pages_withdrawn", {}).get(str(event.body["kept"])), str(event.body["reason"]))]


def pages_of(row: Row, name_of: Callable[[str], str]) -> Iterator[SignedPage]:
    """The kept pages in a row of the fold, those that were taken back among them; what cannot be read is left out."""
    for kept in row.get("pages_kept", ()):
        try:
            id = str(kept.get("event", ""))
            said = [version for version in row.get("pages_withdrawn", {}).get(id, ()) if version["value"]]
            yield SignedPage(
                int(kept.get("page", 0)), int(kept.get("serial", 0)), str(kept.get("original", "")),
                str(kept.get("straight", "")), datetime.fromisoformat(kept["at"]), name_of(kept["by"]),
                str(kept.get("reason", "")), int(kept.get("leaf", 0)), id,
                "；".join(f"{version['value']}（{name_of(version['by'])}）" for version in said),
            )  # fmt: skip
        except (KeyError, TypeError, ValueError):
            continue
