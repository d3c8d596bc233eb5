"""归档: entering that the volume of a closed inspection was handed over to the archive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ..domain.archiving import KIND
from ..domain.casefile import CaseFile
from ..domain.event import Draft
from ..domain.problems import Problem
from .book import Book, Done
from .closing import STEP
from .procedure import check_move


@dataclass(frozen=True, slots=True)
class Handover:
    """What is said of a volume that goes to the archive."""

    day: date
    code: str
    received_by: str
    paper: str
    electronic: str


def retention_of(case: CaseFile) -> str:
    """How long the volume is kept, as its cover says; "" before that is filled in."""
    cover = case.sheet("case_cover")
    return cover.fields.get("retention", "") if cover else ""


def archive(book: Book, stream: str, handover: Handover) -> Done[str]:
    """Enter that the volume went to the archive; how long it is kept is what its cover says. No paper is made from then on.

    Raises:
        Problem: `move_refused` unless the inspection is closed and its volume whole, `field_needed`, `date_ahead`,
            `date_order` for a day before the closing.
    """
    case = book.queries.case(stream)
    check_move(book, case, KIND)
    said = {"code": handover.code, "received_by": handover.received_by, "paper": handover.paper,
            "electronic": handover.electronic, "retention": retention_of(case)}  # fmt: skip
    names = {"code": "档号", "received_by": "接收人", "paper": "纸质案卷存放处", "electronic": "电子案卷存放处",
             "retention": "卷宗封面的保管期限"}  # fmt: skip
    for name, text in said.items():
        if not text.strip():
            raise Problem("field_needed", what=names[name])
    if handover.day > book.clock.now().at.date():
        raise Problem("date_ahead", what="归档日期")
    if case.followup.closing and handover.day < case.followup.closing.at.date():
        raise Problem("date_order", later="归档日期", earlier="结案日期")
    body = {name: text.strip() for name, text in said.items()} | {"day": handover.day.isoformat()}
    done = book.done(handover.code.strip(), [Draft(stream, KIND, body, STEP)])
    book.store.fix_checkpoint(stream)
    return done
