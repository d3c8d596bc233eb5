"""Item by item: answers, remarks, and settling what two officers answered differently."""

from __future__ import annotations

from ..domain.casefile import CaseFile
from ..domain.event import Draft
from ..domain.finding import Answer
from ..domain.inspection import Stage
from ..domain.item import ItemFact
from ..domain.problems import Problem
from .book import Book, Done
from .procedure import check_move, check_open

STEP = "检查"


def answer(book: Book, stream: str, item: str, value: str, reason: str = "") -> Done[ItemFact]:
    """Answer one item. 不适用 needs a reason, and so does settling two differing answers.

    The events name all versions seen as parents, so this answer replaces them; its reverse restores the one before.
    """
    queries = book.queries
    case = queries.case(stream)
    if case.stage == Stage.ON_SITE:
        check_move(book, case, "item_answered")
    check_open(book, case, "item_answered")
    fact = _fact(case, item)
    if value == Answer.NOT_APPLICABLE and not reason.strip():
        raise Problem("reason_needed", what=f"{item} 填“不适用”")
    if fact.conflict and not reason.strip():
        raise Problem("reason_needed", what=f"{item} 两处填写不同，选定一个")
    queries.form(case).check(item, value)
    body = {"item": item, "value": value} | ({"reason": reason.strip()} if reason.strip() else {})
    back = {"item": item, "value": fact.value} | ({"reason": fact.reason} if fact.reason else {})
    return book.done(
        fact, [Draft(stream, "item_answered", body, STEP)], reverse=[Draft(stream, "item_answered", back, STEP)]
    )


def note(book: Book, stream: str, item: str, text: str) -> Done[ItemFact]:
    """Write the remark of an item; an unchanged text writes nothing new."""
    case = book.queries.case(stream)
    check_open(book, case, "item_noted")
    fact = _fact(case, item)
    if text.strip() == fact.note and not fact.note_conflict:
        return Done(fact, frozenset())
    return book.done(
        fact, [Draft(stream, "item_noted", {"item": item, "text": text.strip()}, STEP)],
        reverse=[Draft(stream, "item_noted", {"item": item, "text": fact.note}, STEP)],
    )  # fmt: skip


def read_off(book: Book, stream: str, question: str, value: str) -> Done[str]:
    """Enter a reading that belongs to an item, e.g. a temperature; the form says what is allowed."""
    queries = book.queries
    case = queries.case(stream)
    if case.stage == Stage.ON_SITE:
        check_move(book, case, "item_answered")
    check_open(book, case, "item_answered")
    queries.form(case).check(question, value.strip())
    before = dict(case.readings).get(question, "")
    if value.strip() == before and question not in dict(case.reading_conflicts):
        return Done(before, frozenset())
    return book.done(
        value.strip(), [Draft(stream, "item_answered", {"item": question, "value": value.strip()}, STEP)],
        reverse=[Draft(stream, "item_answered", {"item": question, "value": before}, STEP)],
    )  # fmt: skip


def finish(book: Book, stream: str) -> Done[str]:
    """Every item has been looked at or has its reason; nothing differs (档案法42)."""
    check_move(book, book.queries.case(stream), "checking_finished")
    return book.done(stream, [Draft(stream, "checking_finished", {}, STEP)])


def _fact(case: CaseFile, item: str) -> ItemFact:
    fact = case.item(item)
    if fact is None:
        raise Problem("unknown_item", item=item)
    return fact
