"""合并检查: of two planned inspections of one unit one is ended and goes into the other, so that the team comes once (国办发〔2024〕54号)."""

from __future__ import annotations

from ..domain.calendar import zh_date
from ..domain.casefile import CaseFile
from ..domain.event import Draft
from ..domain.inspection import Kind
from ..domain.problems import Problem
from ..domain.together import SHEET, Task, merged_with
from ..papers.render import title_of
from . import filling
from .book import Book, Done
from .cancelling import ending, may_cancel
from .queries import InspectionRow

ACT = "并入另一次检查"


def others(book: Book, case: CaseFile) -> tuple[InspectionRow, ...]:
    """The inspections of the same unit, planned and not begun, that the acting person can merge this one into."""
    if case.kind == Kind.CLUE_BASED or not may_cancel(book, case):
        return ()
    return tuple(
        row for row in book.queries.inspections()
        if row.unit_id == case.unit.id and row.id != case.id and row.step == 0 and not row.off and _may_fill(book, row.id)
    )  # fmt: skip


def merged_from(book: Book, stream: str) -> tuple[InspectionRow, ...]:
    """The inspections that were merged into this one."""
    return tuple(row for row in book.queries.inspections() if row.into == stream)


def merge(book: Book, stream: str, into: str, approved_by: str, reason: str = "", told: str = "") -> Done[str]:
    """End one inspection and have the other carry out its tasks too; both in one batch, each saying so. Returns the other.

    The approval of the other names the plan and what was to be checked, from where notice, record on site and figures take
    it; a notice that was made before says less than it has to, and is made anew. It is not taken back.

    Raises `Problem`: like `cancelling.cancel`; `not_allowed` outside the team of the other; `move_refused` for one that is no
    longer planned, of another unit, or for an inspection on a clue, whose source no paper to the unit may name (档案法46);
    `sheet_differs` where two officers filled in its approval differently.
    """
    case, other = book.queries.case(stream), book.queries.case(into)
    book.allow("fill", into)
    if refusal := _refusal(case, other):
        raise Problem("move_refused", act=ACT, reason=refusal[0], way=refusal[1], hook=book.rules.draw.merge_hook)
    sheet = other.sheet(SHEET)
    title = title_of(SHEET, *book.rules.words)
    if sheet is not None and sheet.conflict:
        fields = filling.said_fields(filling.blank(book, other, SHEET), sheet)
        raise Problem("sheet_differs", paper=title, fields=fields)
    said = f"并入{zh_date(other.planned_from.date())}的检查" + (f"，{reason.strip()}" if reason.strip() else "")
    changes = merged_with(sheet, (_task(case), *case.together.tasks))
    filled = Draft(into, "sheet_filled", {"sheet": SHEET, "kind": SHEET, "title": title, "changes": changes}, "准备")
    done = book.done(into, [*ending(book, stream, said, approved_by, told, into), filled])
    for each in (stream, into):
        book.store.fix_checkpoint(each)
    return done


def _refusal(case: CaseFile, other: CaseFile) -> tuple[str, str] | None:
    if case.id == other.id or case.unit.id != other.unit.id:
        return "不是同一家单位的另一次检查", "选同一家单位的检查。"
    if case.kind == Kind.CLUE_BASED:
        return "个案检查的来源不能告诉单位", "把另一次并入这次个案检查，或者各自办理。"
    if other.cancelled is not None or other.visit.arrived is not None:
        return "那一次检查已经开始，或者已经取消", "选还没有开始的检查。"
    return None


def _task(case: CaseFile) -> Task:
    """What the ended inspection was to carry out, under the plan that it was planned by."""
    scope = "；".join(each.strip().rstrip("。；") for each in case.scope)
    day = f"（原定{zh_date(case.planned_from.date())}的检查）"
    return Task(case.plan.strip("《》") or case.source or Kind(case.kind).label, f"{scope}{day}")


def _may_fill(book: Book, stream: str) -> bool:
    try:
        book.allow("fill", stream)
    except Problem:
        return False
    return True
