"""The attendance on site: who was there, what was told at the door, and how the equipment was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from .refused import Refused, read_refused
from .rows import NameOf, Row, first, joined, readable, steps, when
from .together import Guest, read_guest, seen


@dataclass(frozen=True, slots=True)
class Attendee:
    """A person of the unit who is present (在场人员); need not be the legal representative (国办发〔2024〕54号)."""

    name: str
    title: str = ""
    phone: str = ""
    role: str = "陪同人"


@dataclass(frozen=True, slots=True)
class Recusal:
    """A request that an officer withdraw, and what was decided (行政处罚法43)."""

    text: str
    decision: str = ""
    decided_by: str = ""
    id: str = ""
    officer: str = ""  # id of the one who is to withdraw
    granted: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A step at the door: what was told, in which wording version, with which reply."""

    at: datetime
    by: str
    wording: str = ""
    reply: str = ""


@dataclass(frozen=True, slots=True)
class Ready:
    """What one check of the equipment found; `state` is ok, warn or bad."""

    name: str
    state: str
    words: str


@dataclass(frozen=True, slots=True)
class Readiness:
    """The equipment as it was checked once, before departure or on arrival."""

    at: datetime
    by: str
    checks: tuple[Ready, ...] = ()


@dataclass(frozen=True, slots=True)
class Visit:
    """One attendance on site. Times are local with zone; None means not yet."""

    place: str = ""
    arrived: datetime | None = None
    ended: datetime | None = None
    credentials_shown: Told | None = None
    recording_told: Told | None = None
    rights_told: Told | None = None
    recusals: tuple[Recusal, ...] = ()
    leading_official: str = ""
    attendees: tuple[Attendee, ...] = ()
    law_explained: Told | None = None
    law_topics: str = ""
    remarks: str = ""
    statement: str = ""
    statement_reply: str = ""
    attendees_at: datetime | None = None
    urgent: str = ""  # why the visit began before its approval or notice
    secret_area: str = ""  # who said that the team is where state secrets are and nothing is captured; "" = it is not
    readiness: tuple[Readiness, ...] = ()
    refused: tuple[Refused, ...] = ()
    guests: tuple[Guest, ...] = ()  # of the other authorities of a joint inspection: who came, and who did not
    guests_at: datetime | None = None


def read_visit(row: Row, name_of: NameOf) -> Visit:
    decisions = {d.get("about"): d for d in row.get("recusal_decisions", [])}
    recusals = tuple(readable(lambda asked: _recusal(asked, decisions), row.get("recusals", [])))
    begun, ended = first(row, "begun"), first(row, "ended")
    present = [a for value in steps(row, "attendees") for a in value.get("attendees", [])]
    attendees = readable(lambda a: Attendee(**a), present)
    replies = [value.get("reply", "") for value in steps(row, "statement")]
    return Visit(
        place=begun.get("place", ""),
        arrived=when(begun.get("arrived") or begun.get("at")),
        ended=when(ended.get("ended") or ended.get("at")),
        credentials_shown=_told(row, "credentials", name_of),
        recording_told=_told(row, "recording", name_of),
        rights_told=_told(row, "rights", name_of),
        recusals=recusals,
        leading_official=first(row, "leader").get("name", ""),
        attendees=tuple(dict.fromkeys(attendees)),
        law_explained=_told(row, "law", name_of),
        law_topics=joined(row, "law", "topics"),
        remarks=joined(row, "remarks", "text"),
        statement=joined(row, "statement", "text"),
        # A statement that one officer took down is not undone by another's "none".
        statement_reply=next((r for r in replies if r == "陈述申辩"), replies[0] if replies else ""),
        attendees_at=when(first(row, "attendees").get("at")),
        urgent=str(begun.get("urgent", "")),
        secret_area=joined({"secret": [v for v in row.get("secret", []) if v["value"]["inside"]]}, "secret", "name"),
        readiness=tuple(readable(lambda checked: _readiness(checked, name_of), row.get("readiness", []))),
        refused=tuple(readable(lambda each: read_refused(each, name_of), row.get("refused", []))),
        guests=seen(readable(read_guest, [g for value in steps(row, "guests") for g in value.get("guests", [])])),
        guests_at=when(first(row, "guests").get("at")),
    )


def _told(row: Row, name: str, name_of: NameOf) -> Told | None:
    told = first(row, name)
    if not told:
        return None
    by = name_of(told["by"])
    return Told(datetime.fromisoformat(told["at"]), by, told.get("wording", ""), joined(row, name, "reply"))


def _recusal(asked: Row, decisions: Mapping[str, Row]) -> Recusal:
    decided = decisions.get(asked["id"], {})
    decision, by = decided.get("decision", ""), decided.get("decided_by", "")
    return Recusal(
        asked["text"], decision, by, asked["id"], str(asked.get("officer", "")), bool(decided.get("granted"))
    )


def _readiness(row: Row, name_of: NameOf) -> Readiness:
    checks = tuple(Ready(*map(str, check)) for check in row["checks"])
    return Readiness(datetime.fromisoformat(row["at"]), name_of(row["by"]), checks)
