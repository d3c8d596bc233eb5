"""Steps that policy wants recorded and that have no footage: told while the team is on site, explained with a reason."""

from __future__ import annotations

from collections.abc import Sequence

from ..domain import footage
from ..domain.casefile import CaseFile
from ..domain.event import Draft
from ..domain.footage import Gap
from ..domain.problems import Problem
from .book import Book, Done
from .procedure import check_arrived

STEP = "取证"


def gaps(book: Book, case: CaseFile) -> tuple[Gap, ...]:
    """The wanted steps without their footage, explained or not."""
    return footage.gaps(case, book.rules.policy.recording)


def explain(book: Book, stream: str, steps: Sequence[str], reason: str) -> Done[str]:
    """Say why some steps have no footage, for all of them the same.

    Raises `Problem`: `reason_needed`, `not_found` for a step that has footage or was not taken.
    """
    case = book.queries.case(stream)
    check_arrived(book, case, "说明没有影像的原因")
    missing = {gap.step.key: gap for gap in gaps(book, case)}
    chosen = [missing[step] for step in steps if step in missing]
    if not chosen:
        raise Problem("not_found", what="没有影像的步骤")
    if not reason.strip():
        raise Problem("reason_needed", what="没有影像")

    def draft(gap: Gap, said: str) -> Draft:
        return Draft(stream, "footage_explained", {"step": gap.step.key, "name": gap.step.name, "reason": said}, STEP)

    return book.done(
        reason.strip(), [draft(gap, reason.strip()) for gap in chosen], [draft(gap, gap.reason) for gap in chosen]
    )
