"""A bureau of full size on one laptop: 500 units, 40 officers, 2,000 inspections, 16,000 findings over three years.

One real visit of the sample bureau, from plan to service, is told again for every other inspection: the same events with
another unit, another team and other days, written through the store's own door.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from inspector_app.actions import findings, papers, register, service, trial
from inspector_app.actions.book import Book
from inspector_app.actions.sign_in import Session, sign_in
from inspector_app.domain.clock import Moment
from inspector_app.domain.event import Draft, Event
from inspector_app.domain.inspection import outgoing_papers
from inspector_app.domain.people import Credential, Officer, Unit, UnitKind, check_digit
from inspector_app.domain.roster import TRAINING, OfficerNote, plain_officer_note
from tests.office import CASE, arrive, check_all, finish_visit, laptop_at, office

UNITS, OFFICERS, INSPECTIONS = 500, 40, 2_000
SEVERAL = 250
"""Inspections after which the store is opened anew: what was folded lies in memory as long as it is open."""
AHEAD = 80
"""How many of the inspections are only planned yet."""
WAITING = 30
"""How many of those that are done wait for the team lead; the others the lead has passed."""
_DAY = re.compile(r"20\d\d-\d\d-\d\d")


def make(folder: Path, inspections: int = INSPECTIONS) -> Path:
    """Write the bureau; returns the laptop's folder."""
    session = office(folder)
    template = _told(session)
    units, team = list(_units(session)), list(_officers(session))
    _registered(session.book, units, team)
    here = session.laptop.folder
    for begin in range(0, inspections, SEVERAL):
        session.close()
        session = sign_in(laptop_at(here), "shen", trial.SECRET)
        for n in range(begin, min(begin + SEVERAL, inspections)):
            _tell_again(session.book, template, n, units[n % UNITS], (team[n % OFFICERS], team[(7 * n + 3) % OFFICERS]),
                        inspections)  # fmt: skip
    session.close()
    return here


def _told(session: Session) -> list[Event]:
    """One whole visit with its eight findings, in the order in which it was written."""
    book, queries = session.book, session.queries
    arrive(book)
    check_all(session)
    finish_visit(session)
    findings.confirm(book, CASE, [finding.id for finding in queries.case(CASE).findings])
    findings.deliberate(book, CASE, "一致同意")
    made = [papers.issue(book, CASE, kind).value for kind in outgoing_papers(queries.case(CASE))]
    findings.decide(book, CASE)
    papers.issue(book, CASE, "proof_of_service")
    service.serve(book, CASE, service.Delivery([p.id for p in made], "直接送达", book.clock.now().at, "示例地点", "示例吴晓",
                                               "办公室主任", servers=("示例沈岚", "示例陆一鸣")))  # fmt: skip
    return book.store.events(CASE)


def _units(session: Session) -> Iterator[Unit]:
    kinds = [kind for kind, share in zip(UnitKind, (40, 25, 20, 10, 4, 1), strict=True) for _ in range(share)]
    known = session.queries.units()
    yield from known
    for n in range(len(known), UNITS):
        kind = kinds[n % len(kinds)]
        body = f"11310112{n:09d}"
        yield Unit(
            f"x{n:03d}", f"示例{kind.label}第{n}家", kind, body + check_digit(body), f"示例区南泉路{n}号", risk="中"
        )


def _officers(session: Session) -> Iterator[Officer]:
    known = [o for o in session.queries.officers() if not o.leader]
    yield from known
    for n in range(len(known), OFFICERS):
        held = Credential(f"0913{n:04d}", date(2024, 1, 1), date(2028, 12, 31))
        yield Officer(f"o{n:02d}", f"示例人员{n}", "一级科员", held)


def _registered(book: Book, units: Sequence[Unit], team: Sequence[Officer]) -> None:
    register.enter_all(book, units, team)
    noted = [
        plain_officer_note(OfficerNote(f"t{year}-{n}-{officer.id}", officer.id, TRAINING, date(year, 2 + n, 9), "示例课程", 12 + n))
        | {"name": officer.name}
        for officer in team for year in (2024, 2025, 2026) for n in range(5 if year < 2026 else 1)
    ]  # fmt: skip
    book.write(*(Draft("register", "officer_noted", body) for body in noted))


def _tell_again(
    book: Book, template: Sequence[Event], n: int, unit: Unit, team: Sequence[Officer], inspections: int
) -> None:
    """The visit of the sample unit, as that of another unit by another team on another day."""
    done = n < inspections - AHEAD
    first = date(2024, 1, 8)
    day = first + timedelta(days=n * 797 // inspections) if done else date(2026, 3, 17) + timedelta(days=n % 60)
    shift = day - date(2026, 3, 16)
    stream = f"inspection/{day.year}-x{n:04d}"

    def moved(found: re.Match[str]) -> str:
        return (date.fromisoformat(found.group()) + shift).isoformat()

    drafts = []
    for event in template if done else template[:4]:
        body: dict[str, Any] = json.loads(_DAY.sub(moved, json.dumps(event.body)))
        if event.kind == "inspection_planned":
            body |= {"unit": register.plain_unit(unit), "unit_name": unit.name,
                     "officers": [register.plain_officer(officer) for officer in team]}  # fmt: skip
        elif "number" in body and event.kind in ("text_frozen", "paper_issued"):
            body["number"] = body["number"].replace("2026", str(day.year)).replace("号", f"-{n}号")
        drafts.append(Draft(stream, event.kind, body, event.step, event.blobs))
    if done:
        drafts.append(Draft(stream, "handed_in", {}, "处理"))
    if n < inspections - AHEAD - WAITING:
        drafts.append(Draft(stream, "review_passed", {}, "处理"))
    at = datetime.fromisoformat(template[0].at) + min(shift, timedelta())
    book.store.append(drafts, actor=replace(book.actor, id=team[0].id), bureau=book.bureau, moment=Moment(at, n, "bench"),
                      app={"version": "0", "laws": book.rules.laws_version})  # fmt: skip
