"""The record on site (现场检查笔录): the unit's remarks, its statement and defence, the end of the visit."""

from __future__ import annotations

from ..domain.event import Draft
from ..domain.problems import Problem
from .book import Book, Done
from .procedure import check_move, check_open

STEP = "笔录"

STATEMENT_REPLIES = ("不陈述申辩", "陈述申辩", "没有回答")
"""The three equal replies to the question whether the unit states or defends (行政处罚法45)."""


def record_remarks(book: Book, stream: str, text: str) -> Done[str]:
    """The unit's own remarks on the record, in its words."""
    case = book.queries.case(stream)
    check_open(book, case, "remark_recorded")
    before = case.visit.remarks
    return book.done(
        text, [Draft(stream, "remark_recorded", {"text": text.strip()}, STEP)],
        reverse=[Draft(stream, "remark_recorded", {"text": before}, STEP)],
    )  # fmt: skip


def record_statement(book: Book, stream: str, reply: str, text: str = "") -> Done[str]:
    """Whether the unit made a statement or defence, and what it said; it is never punished for it."""
    check_open(book, book.queries.case(stream), "statement_recorded")
    if reply not in STATEMENT_REPLIES:
        raise Problem("field_needed", what="是否陈述申辩的答复")
    if reply == "陈述申辩" and not text.strip():
        raise Problem("field_needed", what="陈述申辩的内容")
    return book.done(reply, [Draft(stream, "statement_recorded", {"reply": reply, "text": text.strip()}, STEP)])


def reopen(book: Book, stream: str, reason: str) -> Done[str]:
    """Take the made 笔录 back while everybody is still there: its text may be changed, then it is made and signed anew.

    The old version stays archived under its number.

    Raises:
        Problem: `reason_needed`, `not_found` when no 笔录 was made, `frozen` once the visit has ended.
    """
    case = book.queries.case(stream)
    record = case.paper("onsite_record")
    if case.visit.ended is not None:
        raise Problem("frozen", what="现场检查已经结束，笔录")
    if record is None or record.draft:
        raise Problem("not_found", what="已经制作的笔录")
    if not reason.strip():
        raise Problem("reason_needed", what="重新制作笔录")
    body = {"paper": record.id, "title": record.title, "number": record.number, "reason": reason.strip()}
    return book.done(record.id, [Draft(stream, "record_reopened", body, STEP)])


def end_visit(book: Book, stream: str) -> Done[str]:
    """The record is signed or the refusal noted; the visit ends."""
    now = book.clock.now().at
    case = book.queries.case(stream)
    check_move(book, case, "visit_ended")
    record = case.paper("onsite_record")
    ended = record.ended if record is not None and record.ended else now  # what was signed is what holds
    done = book.done(stream, [Draft(stream, "visit_ended", {"ended": ended.isoformat()}, STEP)])
    book.store.fix_checkpoint(stream)
    return done
