"""取消检查, before the team has arrived."""

from __future__ import annotations

from ..domain.cancelling import KIND
from ..domain.casefile import CaseFile
from ..domain.event import REGISTER, Draft
from ..domain.problems import Problem
from .book import Book, Done
from .procedure import check_move


def may_cancel(book: Book, case: CaseFile) -> bool:
    """Whether the acting person can cancel this inspection now."""
    try:
        book.allow("cancel", case.id)
        check_move(book, case, KIND)
    except Problem:
        return False
    return True


def was_told(case: CaseFile) -> bool:
    """Whether the unit has had its notice, and has to be told that nobody comes."""
    return any(notice.served for notice in case.formal("notice"))


def cancel(book: Book, stream: str, reason: str, approved_by: str, told: str = "") -> Done[str]:
    """Cancel a planned inspection; the numbers of its notices are voided in the same breath. It is not taken back: who wants
    to inspect after all enters the inspection anew.

    Raises:
        Problem: `not_allowed` outside the team, `move_refused` from the arrival on, `field_needed` for the reason, who agreed,
            and how the unit was told where it had its notice.
    """
    done = book.done(stream, ending(book, stream, reason, approved_by, told))
    book.store.fix_checkpoint(stream)
    return done


def ending(book: Book, stream: str, reason: str, approved_by: str, told: str, into: str = "") -> list[Draft]:
    """The events that end a planned inspection, `into` another one where it is merged. Raises like `cancel`."""
    book.allow("cancel", stream)
    case = book.queries.case(stream)
    check_move(book, case, KIND)
    needed = {"取消的原因": reason, f"同意{'合并' if into else '取消'}的负责人": approved_by}
    needed |= {"怎样告知单位": told} if was_told(case) else {}
    for what, text in needed.items():
        if not text.strip():
            raise Problem("field_needed", what=what)
    said = {
        "reason": reason.strip(),
        "approved_by": approved_by.strip(),
        "told": told.strip(),
        "unit_name": case.unit.name,
    }
    voided = [Draft(REGISTER, "number_voided", {"number": notice.number, "reason": f"取消检查：{case.unit.name}"})
              for notice in case.formal("notice") if notice.number]  # fmt: skip
    return [Draft(stream, KIND, said | ({"into": into} if into else {}), "准备"), *voided]
