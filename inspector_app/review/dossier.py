"""What the checks look at: the case file, what stands on each paper, the law of the day, and the neighbouring cases."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from ..domain.calendar import WorkCalendar
from ..domain.casefile import CaseFile
from ..domain.inspection import OUTGOING, Stage
from ..domain.law import Catalogue
from ..domain.paper import Issued
from ..domain.policy import Policy


class Moment(StrEnum):
    """When a file is looked at. What may still be open while editing is a fault before the print or the closing."""

    EDIT = "edit"
    PRINT = "print"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a hit is, so that one key leads there: a kind of place, its key, and the field in it.

    Places are `prepare`, `visit`, `item`, `evidence`, `finding`, `paper`, `service`, `sheet`, `file`, `case`.
    """

    kind: str
    key: str = ""
    field: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}#{self.field}"


@dataclass(frozen=True, slots=True)
class Print:
    """What stands on one paper and how it was set; the render report. It is kept beside the PDF, so that a computer
    without the composer (the bureau's server) looks at the same.

    `leaves` holds the texts of each page in the order they were set, `passages` the unbroken text of the paper.
    """

    kind: str
    title: str
    number: str
    day: date
    template: str  # letter | document | form | cover
    paper: str = ""  # id of the paper that was made; "" for a preview
    sheet: str = ""  # id of what was filled in for it
    passages: tuple[str, ...] = ()
    leaves: tuple[tuple[str, ...], ...] = ()
    page: str = ""  # wording of the page number, with {page} and {pages}; "" for papers without
    strip: tuple[str, ...] = ()  # labels of the boxes for signatures that each page bears
    title_lines: tuple[str, ...] = ()
    signer: str = ""  # the name in the sign block; "" for papers without
    ending: bool = False  # whether the text is closed by a mark (以下空白)
    missing: tuple[str, ...] = ()
    bare_faces: tuple[str, ...] = ()  # faces that the PDF names and does not hold
    broken: tuple[str, ...] = ()
    forced: int = 0
    collisions: tuple[str, ...] = ()
    substitutes: tuple[str, ...] = ()
    red: bool = False  # whether it bears a red head

    @property
    def text(self) -> str:
        return "\n".join(self.passages)

    def plain(self) -> dict[str, Any]:
        """As JSON; `read_print` reads it."""
        return {**asdict(self), "day": self.day.isoformat()}


def read_print(held: Mapping[str, Any]) -> Print:
    """What `Print.plain` wrote; fields of a later version are left out. Raises KeyError, TypeError or ValueError."""
    known = {name: held[name] for name in Print.__dataclass_fields__ if name in held}
    for name, value in known.items():
        if isinstance(value, list):
            known[name] = tuple(tuple(part) if isinstance(part, list) else part for part in value)
    return Print(**{**known, "day": date.fromisoformat(known["day"])})


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another inspection of the bureau, as far as this one has to know of it."""

    id: str
    unit: str  # id
    unit_name: str
    officers: tuple[str, ...]  # ids
    arrived: datetime | None
    ended: datetime | None
    numbers: tuple[str, ...] = ()
    kind: str = ""


Words = tuple[tuple[str, re.Pattern[str]], ...]
"""What has to be said, by name, and what it is known by."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a kind of paper must tell whatever its wording: always, to an enterprise, and where a clue led to the inspection."""

    always: Words = ()
    enterprise: Words = ()
    by_clue: Words = ()


WHOLE, DAMAGED = "whole", "damaged"
"""State of a file by its digest: as it was stored, or changed since. One that is not on this computer has none."""


@dataclass(frozen=True)
class Dossier:
    """All of it, frozen. `about` is the kind of paper that is to be printed and `about_sheet` what was filled in for it;
    `files` knows the files it was asked of."""

    case: CaseFile
    laws: Catalogue
    policy: Policy
    calendar: WorkCalendar
    today: date
    moment: Moment = Moment.EDIT
    about: str = ""
    about_sheet: str = ""
    prints: tuple[Print, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    elsewhere: tuple[Elsewhere, ...] = ()
    glyphs: frozenset[str] = frozenset()  # characters that no face of this computer draws
    told: Mapping[str, Told] = field(default_factory=dict)  # by kind of paper; given by the catalogue

    @property
    def closing(self) -> bool:
        """Whether the file has to have everything; one that was cancelled before the visit never gets there."""
        return self.moment is Moment.CLOSE and self.case.cancelled is None

    @property
    def day(self) -> date:
        """The day by whose law the visit is judged."""
        return (self.case.visit.arrived or self.case.planned_from).date()

    @property
    def deciding(self) -> bool:
        """Whether a paper of the decision is at hand: what was found has to be proven now."""
        return self.about in OUTGOING or self.reached(Stage.DELIBERATED)

    @property
    def weighed(self) -> bool:
        """Whether basis and consequence of what was found are at hand: always, but for a paper of the spot, which says
        nothing of them."""
        return not self.about or self.deciding

    def with_glyphs(self, lacking: frozenset[str]) -> Dossier:
        """The same, knowing which of its characters cannot be drawn."""
        return replace(self, glyphs=lacking)

    def is_own(self, number: str) -> bool:
        """Whether a paper of no series bears the number of the inspection itself."""
        return bool(number) and self.case.id.endswith(number)

    def typed(self, pattern: re.Pattern[str] | None = None) -> Iterator[tuple[Place, str]]:
        """Every text of the case that a person typed, with its place; of a pattern, those that it is found in.

        Thousands of photos have as many texts, and most patterns are in none of them: that is asked of all at once.
        """
        if pattern is not None and not pattern.search(self.words):
            return
        for kind, key, name, text in self._texts():
            if pattern is None or pattern.search(text):
                yield Place(kind, key, name), text

    @cached_property
    def words(self) -> str:
        """All that was typed, each text once."""
        return "\n".join(dict.fromkeys(each[-1] for each in self._texts()))

    def _texts(self) -> Iterator[tuple[str, str, str, str]]:
        """Kind, key and field of each place, and its text."""
        case, visit = self.case, self.case.visit
        for finding in case.findings:
            yield "finding", finding.id, "fact", finding.fact
            yield "finding", finding.id, "demand", finding.demand
        for item in case.items:
            if item.note:
                yield "item", item.code, "note", item.note
            if item.reason:
                yield "item", item.code, "reason", item.reason
        for piece in case.evidence:
            if not piece.withdrawn:
                yield "evidence", piece.number, "proves", piece.proves
                yield "evidence", piece.number, "place", piece.place
                yield "evidence", piece.number, "method", piece.method
                yield "evidence", piece.number, "carrier", piece.carrier
        for attendee in visit.attendees:
            yield "visit", attendee.name, "attendees", attendee.name
        yield "visit", "", "place", visit.place
        yield "visit", "", "law", visit.law_topics

    @cached_property
    def _codes(self) -> dict[str, str]:
        return {finding.id: finding.code for finding in self.case.findings}

    def name_of(self, place: Place) -> str:
        """A place in words, as a message names it."""
        if place.kind == "finding":
            return f"问题 {self._codes.get(place.key, place.key)} "
        if place.kind == "paper":
            title = next((p.title for p in self.prints if p.kind == place.key), place.key)
            return f"《{title}》"
        said = {"item": "检查项", "evidence": "证据", "visit": "到场记录", "prepare": "检查安排"}.get(place.kind, "")
        return f"{said} {place.key} " if place.kind in ("item", "evidence") else said

    def reached(self, stage: Stage) -> bool:
        """Whether the case got as far as this; a file that is to be closed has to have everything."""
        order = list(Stage)
        return self.closing or order.index(Stage(self.case.stage)) >= order.index(stage)

    def formal(self, *kinds: str) -> tuple[Issued, ...]:
        """The papers that stand, of these kinds or of all; one that is to be printed anew gives way to what is shown."""
        stand = [p for p in self.case.papers if not p.draft and not p.reopened]
        several = [p for p in stand if p.kind in SEVERAL and not p.sheet]
        about = (self.about, self.about_sheet)
        newest = {(p.kind, p.sheet): p for p in stand if p not in several and (p.kind, p.sheet) != about}
        found = (*newest.values(), *several)
        return tuple(p for p in found if not kinds or p.kind in kinds)

    def shown(self, *kinds: str) -> Iterator[Print]:
        """What stands on the papers that stand, and on the one that is to be printed."""
        standing = {paper.id for paper in self.formal()}
        for sheet in self.prints:
            if (not sheet.paper or sheet.paper in standing) and (not kinds or sheet.kind in kinds):
                yield sheet


SEVERAL = frozenset({"proof_of_service", "interview", "reinspection_record", "reinspection_opinion"})
"""Kinds of which one file holds several that stand beside each other; those with a sheet are told apart by it."""
