"""公示: how a result becomes public and is taken down again; the steps lie in the record of its inspection.

Nothing goes out with one pair of eyes: a confirmation counts only when somebody else had sent exactly these rows. What is
public is what was sent and confirmed, never the case: a later change of the case changes nothing that people read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from . import public_photo
from .event import Event
from .folding import Folding
from .public_photo import Cleared, read_cleared
from .redaction import Line
from .rows import Key, Row

PENALTY, CHANGED, HELD, SENT = "penalty_entered", "publication_changed", "publication_held", "publication_sent"
RECALLED, RETURNED, CONFIRMED = "publication_recalled", "publication_returned", "publication_confirmed"
OVERTURNED, WITHDRAWN, EXPORTED = "decision_overturned", "publication_withdrawn", "publication_exported"
KINDS = (
    PENALTY,
    CHANGED,
    HELD,
    SENT,
    RECALLED,
    RETURNED,
    CONFIRMED,
    OVERTURNED,
    WITHDRAWN,
    EXPORTED,
    public_photo.CLEARED,
)
UNDOABLE = (CHANGED, HELD, PENALTY, public_photo.CLEARED)
"""What can be taken back like any act; the rest is answered or taken down."""

RESULT = "result"
"""The subject that every inspection has; the others are penalties, under their own ids."""
_YEARLY = "yearly-"


def yearly(year: int) -> str:
    """The subject of the figures of a year (国办发〔2018〕118号 六); it lies in the stream of what is intended, in no inspection."""
    return f"{_YEARLY}{year}"


def year_of(subject: str) -> int | None:
    """The year that a subject tells of; None for a result or a penalty."""
    year = subject.removeprefix(_YEARLY)
    return int(year) if year != subject and len(year) == 4 and year.isascii() and year.isdigit() else None


WAYS = ("撤销", "变更", "确认违法", "确认无效")
"""How a decision falls that was published (行政处罚法48)."""


@dataclass(frozen=True, slots=True)
class Penalty:
    """A penalty (行政处罚) that was decided elsewhere and is entered to be published."""

    id: str
    number: str
    day: date
    facts: str
    basis: str
    outcome: str
    simplified: bool = False
    warning_only: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """Who did something when, with what was said of it."""

    by: str
    name: str
    at: datetime
    text: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """One copy that was sent to a second person, and what became of it. `id` is the event that sent it."""

    id: str
    title: str
    lines: tuple[Line, ...]
    channels: tuple[str, ...]
    due: date
    digest: str
    sent: Step
    recalled: Step | None = None
    returned: Step | None = None
    confirmed: Step | None = None
    overturned: Step | None = None
    withdrawn: Step | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether a second person is asked to look."""
        return not (self.confirmed or self.recalled or self.returned)

    @property
    def is_public(self) -> bool:
        return self.confirmed is not None and self.withdrawn is None


@dataclass(frozen=True, slots=True)
class Publication:
    """A subject of an inspection on its way to the public: rows changed by hand (text, reason), why it waits, its rounds."""

    subject: str
    changes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    held: str = ""
    rounds: tuple[Round, ...] = ()
    photos: tuple[Cleared, ...] = ()

    @property
    def public(self) -> Round | None:
        """What stands published, the newest."""
        return next((each for each in reversed(self.rounds) if each.is_public), None)

    @property
    def waiting(self) -> Round | None:
        """What waits for a second person."""
        last = self.rounds[-1] if self.rounds else None
        return last if last is not None and last.is_waiting else None


def digest_of(lines: Iterable[Line], channels: Iterable[str]) -> str:
    """SHA-256 of exactly what would be read and seen: labels, texts, photos, and where it is published."""
    plain = [
        [[line.key, line.label, line.text, *([line.picture] if line.picture else [])] for line in lines],
        list(channels),
    ]
    return hashlib.sha256(json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def decided_on(papers: Iterable[Row], kinds: frozenset[str]) -> date | None:
    """The day of the newest formal paper of these kinds, which the term of publication runs from."""
    days = [datetime.fromisoformat(row["at"]).date() for row in papers
            if row.get("kind") in kinds and not row.get("draft") and not row.get("reopened")]  # fmt: skip
    return max(days, default=None)


# -- folding -------------------------------------------------------------------------------------------------------


def apply(folded: Folding, event: Event) -> set[Key]:
    """Fold one step. Raises ValueError for a confirmation by the person who sent, and for a step without its round."""
    body = event.body
    if event.kind == PENALTY:
        folded.row("penalty", str(body["penalty"])).update(body)
        return {("penalty", str(body["penalty"]))}
    key = ("publication", str(body["subject"]))
    row = folded.row(*key)
    row["subject"] = key[1]
    if event.kind == CHANGED:
        value = [str(body["text"]), str(body["reason"])]
        folded.write(row.setdefault("changes", {}).setdefault(str(body["row"]), []), event, value)
    elif event.kind == HELD:
        folded.write(row.setdefault("held", []), event, str(body["reason"]))
    elif event.kind == public_photo.CLEARED:
        return {key, public_photo.apply(folded, event, row)}
    elif event.kind == SENT:
        public_photo.clearers(row, public_photo.pictures_of(event.body["rows"]))
        rounds = row.setdefault("rounds", {})
        rounds[event.id] = {"sent": _stamped(event), "nth": len(rounds)}
    elif event.kind == OVERTURNED:
        row.setdefault("overturned", []).append({**_stamped(event), "event": event.id})
        for made in row.get("rounds", {}).values():
            if "confirmed" in made:
                made["overturned"] = _stamped(event)
    elif event.kind != EXPORTED:
        _answer(folded, event, row)
    return {key}


def _answer(folded: Folding, event: Event, row: Row) -> None:
    """What is said of one round that was sent; each answer counts once, the first in order."""
    id = str(event.body["sent"])
    made = row.get("rounds", {}).get(id)
    if made is None:
        raise ValueError("nothing was sent under this id")
    if event.kind == CONFIRMED:
        first = {made["sent"]["by"], *public_photo.clearers(row, public_photo.pictures_of(made["sent"]["rows"]))}
        if event.actor.id in first:
            raise ValueError("nobody confirms what the same person sent or cleared")
        for fallen in row.get("overturned", ()):  # by somebody who did not know of this copy yet
            if not folded.ancestry.precedes(fallen["event"], id):
                made["overturned"] = {name: value for name, value in fallen.items() if name != "event"}
    made.setdefault(_NAMES[event.kind], _stamped(event))


_NAMES = {RECALLED: "recalled", RETURNED: "returned", CONFIRMED: "confirmed", WITHDRAWN: "withdrawn"}


def _stamped(event: Event) -> Row:
    return {**event.body, "at": event.at, "by": event.actor.id}


def wrote(rows: Mapping[Key, Row], event: Event) -> list[tuple[Any, Any]]:
    """The register that a change or a hold wrote, with the value it gave it, for `projection.stands`; one that can be no more
    where a penalty was sent since."""
    row = rows.get(("publication", str(event.body["penalty" if event.kind == PENALTY else "subject"])), {})
    if event.kind == PENALTY:
        return [(None, None)] if "rounds" in row else []  # what was sent is taken down and no more taken back
    if event.kind == public_photo.CLEARED:
        said = {"sha256": event.body["sha256"], "covers": event.body["covers"], "reason": event.body["reason"]}
        return [(row.get("photos", {}).get(str(event.body["number"])), said)]
    if event.kind == HELD:
        return [(row.get("held"), str(event.body["reason"]))]
    value = [str(event.body["text"]), str(event.body["reason"])]
    return [(row.get("changes", {}).get(str(event.body["row"])), value)]


# -- reading -------------------------------------------------------------------------------------------------------


def read_publication(row: Row, name_of: Callable[[str], str]) -> Publication:
    """A row of the fold. Raises KeyError, TypeError or ValueError for one of bad make."""
    changes = {
        key: (v[0], v[1]) for key, versions in row.get("changes", {}).items() for v in [_cautious(versions)] if v[0]
    }
    held = "；".join(v["value"] for v in row.get("held", ()) if v["value"])
    rounds = sorted(row.get("rounds", {}).items(), key=lambda each: int(each[1]["nth"]))
    return Publication(row["subject"], changes, held, tuple(_round(id, made, name_of) for id, made in rounds),
                       read_cleared(row))  # fmt: skip


def _cautious(versions: Sequence[Row]) -> tuple[str, str]:
    """Of two that knew nothing of each other the shorter: it shows less, and whoever confirms sees it."""
    text, reason = min((v["value"] for v in versions), key=lambda value: (len(value[0]), value))
    return text, reason


def read_penalty(row: Row) -> Penalty:
    """Raises ValueError for one that was taken back, like for one of bad make."""
    if not row["standing"]:
        raise ValueError("taken back")
    return Penalty(row["penalty"], row["number"], date.fromisoformat(row["day"]), row["facts"], row["basis"], row["outcome"],
                   bool(row["simplified"]), bool(row["warning_only"]))  # fmt: skip


def _round(id: str, made: Row, name_of: Callable[[str], str]) -> Round:
    sent = made["sent"]
    lines = tuple(
        Line(r["key"], r["label"], r["text"], tuple(r["rules"]), r["reason"], r.get("picture", ""))
        for r in sent["rows"]
    )

    def step(name: str) -> Step | None:
        held = made.get(name)
        if held is None:
            return None
        day = date.fromisoformat(held["day"]) if "day" in held else None
        said = str(held.get("how") or held.get("reason") or "")
        return Step(held["by"], name_of(held["by"]), datetime.fromisoformat(held["at"]), said, day)

    first = step("sent")
    assert first is not None
    return Round(
        id, sent["title"], lines, tuple(sent["channels"]), date.fromisoformat(sent["due"]), sent["digest"], first,
        **{name: step(name) for name in ("recalled", "returned", "confirmed", "overturned", "withdrawn")},
    )  # fmt: skip
