"""The file review at the bureau: the same checks as on the laptops, over what has come in.

The bureau holds no checklist and composes no paper: items are those that were answered, and what stands on a paper is
what was kept beside it when it was made.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from inspector_app.domain import calendar, law, policy
from inspector_app.domain.casefile import CaseFile
from inspector_app.domain.event import REGISTER, RULES_STREAM
from inspector_app.domain.item import ItemInfo
from inspector_app.domain.problems import Problem
from inspector_app.domain.projection import Key, Row
from inspector_app.domain.reading import Known, is_plan, published, read_case
from inspector_app.domain.register import read_register
from inspector_app.places import SHIPPED, Shelf
from inspector_app.review import catalogue
from inspector_app.review.dossier import Dossier, Moment, Print, read_print
from inspector_app.review.neighbours import neighbours
from inspector_app.review.verdict import Verdict, look

from .office import Office


def review(office: Office, stream: str, moment: Moment) -> Verdict:
    """Review one inspection as it stands at the bureau. Raises `Problem("not_found")`."""
    ledger = office.ledger
    rows = ledger.rows(stream)
    if not is_plan(rows.get(("inspection", ""), {})):
        raise Problem("not_found", what="这件检查")
    shelf = Shelf(SHIPPED.folder, published(ledger.rows(RULES_STREAM))[0])
    case = read_case(stream, rows, Known(read_register(ledger.rows(REGISTER))), _answered(rows))
    dossier = Dossier(
        case=case, laws=law.parse(shelf.text(name) for name in shelf.names("laws/*.toml")),
        policy=policy.parse(shelf.text("policy.toml")), calendar=calendar.parse(shelf.text("calendar.toml")),
        today=office.clock.now().at.date(), moment=moment, prints=tuple(_prints(office, case)),
        elsewhere=tuple(neighbours(stream, ledger.topic("inspection"), ledger.topic("visit"), ledger.topic("paper"))),
    )  # fmt: skip
    return look(dossier, catalogue.parse(shelf.text("review.toml")))


def _answered(rows: Mapping[Key, Row]) -> list[ItemInfo]:
    """The items that were answered; a reading beside an item bears its code and a name."""
    return [ItemInfo(key, key, "", "") for topic, key in sorted(rows) if topic == "answer" and "_" not in key]


def _prints(office: Office, case: CaseFile) -> Iterator[Print]:
    for paper in case.papers:
        if not paper.draft and paper.report:
            try:
                held = json.loads(b"".join(office.blobs.stream(paper.report)))
                yield read_print({**held, "paper": paper.id})
            except (Problem, KeyError, TypeError, ValueError):
                continue  # not handed in yet, or of another version


def plain(verdict: Verdict) -> dict[str, Any]:
    """A verdict as other systems of the bureau read it."""
    return {
        "score": verdict.score, "grade": verdict.grade, "looked": verdict.looked,
        "remarks": [
            {"code": r.check.code, "name": r.check.name, "severity": r.check.severity, "points": r.points, "message": r.message,
             "way": r.check.way, "clause": r.check.clause, "place": str(r.hit.place),
             "waived": r.waiver.reason if r.waiver else "", "waived_by": r.waiver.by if r.waiver else ""}
            for r in verdict.remarks
        ],
    }  # fmt: skip
