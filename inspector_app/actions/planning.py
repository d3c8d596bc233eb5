"""Plans with their approval and publication, and clues with what became of them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date

from ..domain.calendar import check_year, zh_date
from ..domain.event import PLANNING, Draft
from ..domain.inspection import Kind
from ..domain.planning import CLUE_SOURCES, Clue, Plan
from ..domain.problems import Problem
from . import plan as inspections
from .book import Book, Done
from .queries import InspectionRow

STEP = "准备"


def plan_of(book: Book, id: str) -> Plan:
    """Raises `Problem("not_found")`."""
    found = next((plan for plan in book.queries.planning().plans if plan.id == id), None)
    if found is None:
        raise Problem("not_found", what="这个检查计划")
    return found


def draw_up(book: Book, plan: Plan) -> Done[str]:
    """Enter a plan or change it, after which it waits for approval and publication again; returns its id.

    Raises `Problem`: `bad_year`, `field_needed` for what must be published of a plan (上海市优化营商环境条例62), `plan_share`
    where more are to be inspected than there are.
    """
    check_year(plan.year)
    needed = {"计划名称": plan.title, "依据": plan.basis, "检查对象范围": plan.subjects, "检查项目": plan.items,
              "检查方式": plan.method}  # fmt: skip
    if empty := [name for name, text in needed.items() if not text.strip()]:
        raise Problem("field_needed", what="、".join(empty))
    if not 1 <= plan.count <= plan.base:
        raise Problem("plan_share", count=plan.count, base=plan.base)
    id = plan.id or uuid.uuid4().hex[:12]
    body = {
        "id": id, "special": plan.special, "year": plan.year, "title": plan.title.strip(), "basis": plan.basis.strip(),
        "subjects": plan.subjects.strip(), "items": plan.items.strip(), "method": plan.method.strip(),
        "base": plan.base, "count": plan.count, "joint": plan.joint.strip(),
    }  # fmt: skip
    return book.done(id, [Draft(PLANNING, "plan_drawn_up", body, STEP)])


def approve_plan(book: Book, id: str, by_name: str, day: date) -> Done[str]:
    """Note who approved a plan. Raises `Problem`: `field_needed`, `date_ahead`."""
    plan = plan_of(book, id)
    if not by_name.strip():
        raise Problem("field_needed", what="批准人")
    _not_ahead(book, day, "批准日期")
    body = {"id": id, "title": plan.title, "by_name": by_name.strip(), "day": day.isoformat()}
    return book.done(id, [Draft(PLANNING, "plan_approved", body, STEP)])


def announce_plan(book: Book, id: str, where: str, day: date) -> Done[str]:
    """Note where a plan was made public. Raises `Problem`: `plan_unapproved`, `field_needed`, `date_ahead`, `date_order`."""
    plan = plan_of(book, id)
    if plan.approved is None:
        raise Problem("plan_unapproved", title=plan.title)
    if not where.strip():
        raise Problem("field_needed", what="公布渠道")
    _not_ahead(book, day, "公布日期")
    if day < plan.approved:
        raise Problem("date_order", later="公布日期", earlier="批准日期")
    body = {"id": id, "title": plan.title, "where": where.strip(), "day": day.isoformat()}
    return book.done(id, [Draft(PLANNING, "plan_announced", body, STEP)])


def _not_ahead(book: Book, day: date, what: str) -> None:
    if day > book.clock.now().at.date():
        raise Problem("date_ahead", what=what)


@dataclass(frozen=True, slots=True)
class Standing:
    """A plan with the last day for its publication, whether that is late, and how many of its inspections are done."""

    plan: Plan
    due: date | None
    late: bool
    entered: int
    done: int


def _due(book: Book, plan: Plan) -> date | None:
    """Until when it has to be public; None before the approval, and where the year's arrangement is not known."""
    try:
        return plan.due(book.rules.policy, book.rules.due_date)
    except Problem:
        return None


def standings(book: Book) -> tuple[Standing, ...]:
    """All plans against what was done. An inspection belongs to the plan whose title it names, and to those merged into it."""
    today, queries = book.clock.now().at.date(), book.queries
    visits = [(row, _titles(row)) for row in queries.inspections() if not row.off]
    found = []
    for plan in queries.planning().plans:
        due = _due(book, plan)
        mine = [row for row, titles in visits if plan.title.strip("《》") in titles]
        late = due is not None and (plan.announced or today) > due
        found.append(Standing(plan, due, late, len(mine), sum(row.step > 0 for row in mine)))
    return tuple(found)


def _titles(row: InspectionRow) -> set[str]:
    return {title.strip("《》") for title in (row.plan, *row.merged) if title}


# -- clues ---------------------------------------------------------------------------------------------------------


def receive_clue(book: Book, clue: Clue) -> Done[str]:
    """Enter a clue (档案法46); returns its id. Raises `Problem`: `not_found`, `field_needed`, `date_ahead`."""
    unit = book.queries.register().units.get(clue.unit)
    if unit is None or clue.source not in CLUE_SOURCES:
        raise Problem("not_found", what="这个单位或线索来源")
    if not clue.text.strip():
        raise Problem("field_needed", what="线索内容")
    _not_ahead(book, clue.day, "收到日期")
    id = clue.id or uuid.uuid4().hex[:12]
    body = {"id": id, "source": clue.source, "unit": clue.unit, "unit_name": unit.name, "day": clue.day.isoformat(),
            "text": clue.text.strip(), "given_by": clue.given_by.strip()}  # fmt: skip
    return book.done(id, [Draft(PLANNING, "clue_received", body, STEP)])


def open_on_clue(book: Book, id: str, plan: inspections.Plan) -> Done[str]:
    """Enter a clue-based inspection (个案检查) and settle the clue with it, in one batch; returns the stream.

    Raises `Problem`: `clue_settled`, and like `plan.plan_inspection`.
    """
    clue, name = _open_clue(book, id)
    source = plan.source.strip() or f"{zh_date(clue.day)}{clue.source}"
    plan = replace(plan, kind=Kind.CLUE_BASED, source=source)
    draft = inspections.planned(book, plan)
    if warning := inspections.guard(book, plan):
        book.notices.append(warning)
    body = {"id": id, "unit_name": name, "inspection": draft.stream, "reason": "列入个案检查"}
    return book.done(draft.stream, [draft, Draft(PLANNING, "clue_settled", body, STEP)])


def set_clue_aside(book: Book, id: str, reason: str) -> Done[str]:
    """No inspection is opened on a clue, and why. Raises `Problem`: `clue_settled`, `reason_needed`."""
    _, name = _open_clue(book, id)
    if not reason.strip():
        raise Problem("reason_needed", what="不按线索检查")
    body = {"id": id, "unit_name": name, "inspection": "", "reason": reason.strip()}
    return book.done(id, [Draft(PLANNING, "clue_settled", body, STEP)])


def _open_clue(book: Book, id: str) -> tuple[Clue, str]:
    queries = book.queries
    clue = next((clue for clue in queries.planning().clues if clue.id == id), None)
    if clue is None:
        raise Problem("not_found", what="这条线索")
    if not clue.is_open:
        raise Problem("clue_settled")
    return clue, queries.register().units[clue.unit].name
