"""The public copy of a result, a penalty or the figures of a year beside its original: rows of forms/publicity.toml, as rules
and hand leave them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from ..domain.annual import facts_of
from ..domain.calendar import zh_date
from ..domain.casefile import CaseFile
from ..domain.inspection import outgoing_papers
from ..domain.paper import GUEST, OFFICERS
from ..domain.problems import Problem
from ..domain.publicity import RESULT, Penalty, Publication, digest_of, read_publication, year_of
from ..domain.redaction import Channel, Line
from ..papers.render import case_facts
from . import figures, public_photo
from .book import Book
from .publicity_board import kind_of, name_of_subject

_FACT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Copies:
    """Original and public copy row by row, where it is to be published, and what rules would still cover in it."""

    original: tuple[Line, ...]
    public: tuple[Line, ...]
    channels: tuple[Channel, ...]
    exposed: tuple[str, ...]
    """Names of firm rules that still find something: with any, nothing is sent."""
    lifted: tuple[str, ...]
    """Names of other rules whose places were opened by hand."""

    @property
    def digest(self) -> str:
        return digest_of(self.public, (channel.key for channel in self.channels))


Known = Mapping[str, Collection[str]]
"""Words that rules look for: the `people` and `codes` of an inspection."""


@dataclass(frozen=True, slots=True)
class Matter:
    """A subject with what was done about it so far and both copies as they stand now. `about` is whom it tells of; the figures
    of a year tell of the bureau and have no `case`."""

    stream: str
    subject: str
    name: str
    about: str
    publication: Publication
    copies: Copies
    known: Known
    case: CaseFile | None = None
    penalty: Penalty | None = None

    @property
    def title(self) -> str:
        return f"{self.about}{self.name}"


def matter(book: Book, stream: str, subject: str) -> Matter:
    """Raises `Problem("not_found")` for an inspection or a penalty that nobody entered."""
    queries, name, year = book.queries, name_of_subject(book, subject), year_of(subject)
    if year is not None:
        row = book.store.rows(stream).get(("publication", subject), {"subject": subject})
        publication = read_publication(row, queries.register().name_of)
        made = _copies(book, subject, _filled_in(book, subject, _year_facts(book, year)), publication, {})
        return Matter(stream, subject, name, queries.register().bureau.name, publication, made, {})
    case = queries.case(stream)
    penalty, publication, known = penalty_of(case, subject), publication_of(case, subject), known_of(case)
    lines = _filled_in(book, subject, _case_facts(book, case, penalty))
    if subject == RESULT:
        lines += tuple(public_photo.lines(book, case, publication))
    made = _copies(book, subject, lines, publication, known, penalty)
    return Matter(stream, subject, name, case.unit.name, publication, made, known, case, penalty)


def publication_of(case: CaseFile, subject: str) -> Publication:
    """What was done about a subject so far."""
    return next((each for each in case.publications if each.subject == subject), Publication(subject))


def _copies(
    book: Book,
    subject: str,
    original: tuple[Line, ...],
    publication: Publication,
    known: Known,
    penalty: Penalty | None = None,
) -> Copies:
    """The original and its public copy."""
    rules, changes = book.rules.publicity, publication.changes
    public = []
    for line in original:
        masked = rules.masked(line, known)
        if line.key in changes:
            text, reason = changes[line.key]
            left = [name for name in masked.rules if name not in rules.shown([replace(line, text=text)], known)]
            why = "；".join(part for part in (line.reason, reason) if part)
            masked = replace(line, text=text, rules=tuple(left), reason=why)
        public.append(masked)
    light = {"simplified": penalty.simplified, "warning_only": penalty.warning_only} if penalty else {}
    exposed = rules.shown(public, known, firm=True)
    lifted = tuple(name for name in rules.shown(public, known) if name not in exposed)
    return Copies(original, tuple(public), rules.channels_for(kind_of(subject), **light), exposed, lifted)


def penalty_of(case: CaseFile, subject: str) -> Penalty | None:
    """Raises `Problem("not_found")` for a penalty that nobody entered."""
    if subject == RESULT:
        return None
    found = next((each for each in case.penalties if each.id == subject), None)
    if found is None:
        raise Problem("not_found", what="这件行政处罚")
    return found


def _filled_in(book: Book, subject: str, facts: Mapping[str, str]) -> tuple[Line, ...]:
    """The rows of the original; those of which nothing is known are left out."""
    rows = book.rules.publicity.rows[kind_of(subject)]
    filled = ((key, label, _filled(template, facts)) for key, label, template in rows)
    return tuple(Line(key, label, text) for key, label, text in filled if text)


def _case_facts(book: Book, case: CaseFile, penalty: Penalty | None) -> Mapping[str, str]:
    facts = case_facts(case, book.clock.now().at.date()) | _own_facts(book, case)
    if penalty is not None:
        facts |= {"penalty_number": penalty.number, "penalty_facts": penalty.facts, "penalty_basis": penalty.basis,
                  "penalty_outcome": penalty.outcome, "penalty_day": zh_date(penalty.day)}  # fmt: skip
    return facts


def _year_facts(book: Book, year: int) -> Mapping[str, str]:
    """What the statistics say of a year, and the penalties that were decided in it."""
    rows = [
        row
        for _, _, row in book.store.topic("penalty")
        if row["standing"] and date.fromisoformat(row["day"]).year == year
    ]
    return facts_of(figures.year(book, year)) | {"penalties": str(len(rows))}


def _filled(template: str, facts: Mapping[str, str]) -> str:
    return _FACT.sub(lambda match: facts.get(match[1], ""), template).strip()


def _own_facts(book: Book, case: CaseFile) -> dict[str, str]:
    """What was found and what was done about it, in the words of forms/publicity.toml."""
    text = book.rules.publicity.text
    facts = "；".join(finding.fact.strip().rstrip("。；") for finding in case.findings)
    checked = str(sum(bool(item.value) for item in case.items))
    found = {"checked": checked, "count": str(len(case.findings)), "facts": facts}
    made = [p for kind in outgoing_papers(case) if (p := case.paper(kind)) is not None and not p.draft]
    due = max((finding.due for finding in case.findings if finding.due), default=None)
    handled = (
        _filled(text["handled"], {"papers": "、".join(f"《{p.title}》（{p.number}）" for p in made)}) if made else ""
    )
    return {
        "result": _filled(text["found" if case.findings else "clear"], found),
        "handled": handled + (_filled(text["due"], {"day": zh_date(due)}) if due and handled else ""),
        "officers": "、".join(f"{o.name}（{o.credential_number}）" for o in case.able),
    }


def known_of(case: CaseFile) -> Known:
    """Names of persons of the unit and others who are no officers here, and the code of the inspection."""
    people = {case.unit.head, case.unit.contact, *(attendee.name for attendee in case.visit.attendees)}
    people |= {s.name for p in case.papers for s in p.signatures if s.role not in (*OFFICERS, GUEST)}
    people |= {s.witness for p in case.papers for s in p.signatures} | {
        s.receiver for p in case.papers if (s := p.served)
    }
    people |= {sheet.fields.get("person", "") for sheet in case.sheets}
    officers = {officer.name for officer in case.officers}
    return {"people": {name for name in people if len(name) > 1} - officers, "codes": {case.code} - {""}}
