"""The procedure asked for an act of today: may the case make this move, is the team on site, are they two."""

from __future__ import annotations

from ..domain import inspection
from ..domain.access import act_of
from ..domain.casefile import CaseFile
from ..domain.event import EVENTS
from ..domain.problems import Problem
from ..domain.secret_area import captures
from .book import Book


def check_move(book: Book, case: CaseFile, event: str) -> None:
    """Raises `Problem` with the legal hook and the way out unless the case may make this move today."""
    inspection.check_move(case, event, book.clock.now().at.date(), book.rules.procedure.hooks)


def obstacle(book: Book, case: CaseFile, event: str) -> str:
    """Why this move may not be made now, with the way out; "" when it may."""
    try:
        check_move(book, case, event)
    except Problem as problem:
        reason = problem.facts.get("reason")
        return f"{reason}。{problem.way_out}" if reason else str(problem)
    return ""


def check_arrived(book: Book, case: CaseFile, act: str) -> None:
    """Raises `Problem("move_refused")` while the team is not on site."""
    inspection.check_arrived(case, act, book.rules.procedure.hooks)


def check_open(book: Book, case: CaseFile, event: str) -> None:
    """Raises `Problem` unless what this event says may still be written, and brings nothing in where state secrets are; see
    `domain.inspection.check_open`."""
    inspection.check_unclosed(case, event, {}, book.rules.procedure.hooks)
    if captures(event):
        book.check_outside(case.id)
    inspection.check_open(case, event, book.rules.procedure.hooks)


def check_doing(book: Book, case: CaseFile, act: str) -> None:
    """Raises `Problem` unless who is signed in may take this action, or write an event of this kind, in the inspection as it
    stands. `inspect` is the work on it, which ends with the closing; the other actions have their own ends."""
    book.allow(act_of(act) if act in EVENTS else act, case.id)
    if act in EVENTS:
        check_open(book, case, act)
    elif act == "inspect":
        inspection.check_unclosed(case, "", {}, book.rules.procedure.hooks)


def check_pair(book: Book, count: int) -> None:
    """Raises `Problem("too_few_officers")` unless at least two officers act together."""
    if count < 2:
        raise Problem("too_few_officers", count=count, hook=book.rules.procedure.hooks["too_few_officers"])
