"""Before the visit: the plan entry, the draw, the approval, the inspection code.

In this version they arrive with the sample data or are typed in from the bureau's papers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ..domain.event import Draft
from ..domain.inspection import Kind
from ..domain.people import Officer, Unit
from ..domain.pools import guard_frequency, merge_hint
from ..domain.problems import Problem
from .book import Book, Done
from .procedure import check_move
from .register import plain_officer, plain_unit


@dataclass(frozen=True, slots=True)
class Plan:
    """What a plan entry fixes. Officers are kept with the credential of that day; the first is the head."""

    id: str
    unit: Unit
    kind: Kind
    officers: Sequence[Officer]
    leading_official: Officer | None
    planned_from: datetime
    planned_to: datetime
    place: str
    checklist: str
    scope: Sequence[str] = ()
    methods: Sequence[str] = ()
    materials: Sequence[str] = ()
    source: str = ""
    plan: str = ""
    assistants: int = 0
    checks_this_year: int | None = None


def plan_inspection(book: Book, plan: Plan) -> Done[str]:
    """Enter an inspection; returns its stream. Comes an enterprise near its yearly cap, that is told beside it.

    Raises `Problem` like `planned`.
    """
    draft = planned(book, plan)
    if warning := guard(book, plan):
        book.notices.append(warning)
    return book.done(draft.stream, [draft])


def guard(book: Book, plan: Plan) -> str:
    """What is to be said of how often this enterprise is inspected; raises `Problem("frequency_cap")` beyond the cap."""
    looked, cap = book.queries.looked(), book.rules.policy.thresholds["visits_a_year"]
    day = plan.planned_from.date()
    rules = book.rules.draw
    return guard_frequency(rules, cap, plan.unit, looked, day, plan.kind.value, plan.source) + merge_hint(
        rules, plan.unit, looked, day
    )


def planned(book: Book, plan: Plan) -> Draft:
    """The event that enters an inspection; the checklist is kept with version and digest of that day.

    Raises `Problem`: `date_order`, `field_needed`, `not_found` for the checklist.
    """
    if plan.planned_to <= plan.planned_from:
        raise Problem("date_order", later="检查结束时间", earlier="开始时间")
    if not plan.place.strip():
        raise Problem("field_needed", what="检查地点")
    if not plan.officers:
        raise Problem("field_needed", what="检查人员")
    form = book.rules.checklist(plan.checklist)
    stream = f"inspection/{plan.id}"
    body = {
        "unit": plain_unit(plan.unit), "unit_name": plan.unit.name, "kind": plan.kind.value,
        "officers": [plain_officer(officer) for officer in plan.officers],
        "leading_official": plain_officer(plan.leading_official) if plan.leading_official else None,
        "planned_from": plan.planned_from.isoformat(), "planned_to": plan.planned_to.isoformat(),
        "place": plan.place, "scope": list(plan.scope), "methods": list(plan.methods),
        "materials": list(plan.materials), "source": plan.source, "plan": plan.plan,
        "assistants": plan.assistants, "checks_this_year": plan.checks_this_year,
        "checklist": {"key": plan.checklist, "version": form.version, "sha256": form.sha256},
    }  # fmt: skip
    return Draft(stream, "inspection_planned", body, step="准备")


def _move(book: Book, stream: str, kind: str, body: dict[str, object]) -> Done[str]:
    check_move(book, book.queries.case(stream), kind)
    return book.done(stream, [Draft(stream, kind, body, step="准备")])


def publish_plan(book: Book, stream: str, where: str) -> Done[str]:
    """Note that the plan was made public (上海市优化营商环境条例62)."""
    return _move(book, stream, "plan_published", {"where": where})


def record_draw(book: Book, stream: str, text: str, seed: str) -> Done[str]:
    """Note the double-random draw with its seed."""
    return _move(book, stream, "draw_recorded", {"text": text, "seed": seed})


def approve(book: Book, stream: str, by: str, by_name: str, approved_at: datetime) -> Done[str]:
    """Note the head's approval: every inspection needs one (国办发〔2024〕54号).

    After an urgent visit has begun it is added within the policy's term; a later one is kept and marked as late.
    """
    if not by_name.strip():
        raise Problem("field_needed", what="批准人")
    if approved_at > book.clock.now().at:
        raise Problem("date_ahead", what="批准时间")
    body: dict[str, object] = {"by": by, "by_name": by_name, "approved_at": approved_at.isoformat()}
    case = book.queries.case(stream)
    if case.visit.urgent and case.visit.arrived is not None and case.approved_at is None:
        body["late"] = approved_at - case.visit.arrived > book.rules.policy.deadline("approval_late").span
        return book.done(stream, [Draft(stream, "approval_given", body, step="准备")])
    return _move(book, stream, "approval_given", body)


def code_on(picture: Path) -> str:
    """The inspection code on a picture that the city's system gave: the text of its QR code, as it is.

    Raises `Problem`: `no_code` for a picture without exactly one code, and as `photo.take_in` does.
    """
    from ..evidence.scan import read_code

    text = read_code(picture).strip()
    if not text:
        raise Problem("no_code", name=picture.name)
    return text


def receive_code(book: Book, stream: str, code: str) -> Done[str]:
    """Enter the inspection code (检查码) that the city's system gave; it is not checked against it here. An urgent visit comes
    before it, as before its approval."""
    if not code.strip():
        raise Problem("field_needed", what="检查码")
    body: dict[str, object] = {"code": code.strip(), "verified": False}
    case = book.queries.case(stream)
    if case.visit.urgent and case.visit.arrived is not None and not case.code:
        return book.done(stream, [Draft(stream, "code_received", body, step="准备")])
    return _move(book, stream, "code_received", body)
