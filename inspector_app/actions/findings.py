"""From answers to findings: drafted by the data, confirmed by the officer."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ..domain.casefile import CaseFile
from ..domain.event import FINDING_FIELDS, Draft
from ..domain.finding import WITHOUT_ARTICLE, Answer, Consequence, Finding, Severity, doubt
from ..domain.inspection import Stage
from ..domain.law import Standing, names_article
from ..domain.problems import Problem
from ..domain.rows import Version
from .book import Book, Done
from .evidence import evidence_of
from .procedure import check_move, check_open

STEP = "处理"

FIELDS = ("fact", "basis", "evidence", "severity", "consequence", "order_basis", "demand", "due")

_TERMS = {
    Consequence.RECTIFY: ("rectify_term", "整改期限"), Consequence.CORRECT: ("rectify_term", "改正期限"),
    Consequence.OPINION: ("reply_term", "反馈期限"),
}  # fmt: skip
"""Which term of the policy a consequence has, and what the paper calls its last day."""


def proposal(book: Book, case: CaseFile, item: str) -> dict[str, Any]:
    """What the data propose for an item: fact from the remark, basis, consequence, demand, due date.

    Nothing is made up: without a remark the fact stays empty, the demand is the item's own remedy, and the due date
    counts the term of the policy from today; where the year's calendar is unknown the officer types it.
    """
    fact = case.item(item)
    if fact is None:
        raise Problem("unknown_item", item=item)
    info = book.rules.item(case, item)
    policy = book.rules.policy
    consequence = policy.consequence(info.consequence, case.unit.kind)
    term = _TERMS.get(Consequence(consequence))
    try:
        due = book.rules.due_date(term[0], book.clock.now().at.date()).isoformat() if term else ""
    except Problem:
        due = ""
    return {
        "fact": fact.note,
        "basis": book.rules.citations(info.basis),
        "evidence": list(fact.evidence),
        "severity": int(info.severity),
        "consequence": consequence,
        "order_basis": policy.order_basis(item, case.unit.kind.value),
        "demand": info.remedy,
        "due": due,
    }


def routing(book: Book, case: CaseFile, finding: Finding) -> tuple[str, str]:
    """Which findings the consequence is for, and what the officer has to weigh; the latter "" for nothing."""
    consequence, basis = Consequence(finding.consequence), book.rules.procedure.consequences
    proposed = Consequence(
        book.rules.policy.consequence(book.rules.item(case, finding.code).consequence, case.unit.kind)
    )
    return basis[consequence].why, doubt(consequence, Severity(finding.severity), proposed)


def record(book: Book, stream: str, item: str, **changes: Any) -> Done[str]:
    """Record a finding for an item that deviates; returns the finding's id."""
    case = book.queries.case(stream)
    check_open(book, case, "finding_recorded")
    fact = case.item(item)
    if fact is None:
        raise Problem("unknown_item", item=item)
    if fact.value not in (Answer.MOSTLY, Answer.NONCONFORMING):
        raise Problem("field_needed", what=f"{item} 的答案（基本符合或不符合）")
    if fact.finding:
        return Done(fact.finding, frozenset())
    if set(changes) - set(FIELDS):
        raise Problem("field_needed", what="可以填写的内容")
    checked = {field: _checked(book, case, field, value) for field, value in changes.items()}
    fields = {**proposal(book, case, item), **checked}
    id = f"F-{item}-{uuid.uuid4().hex[:6]}"
    return book.done(
        id, [Draft(stream, "finding_recorded", {"id": id, "code": item, "fields": fields}, STEP)],
        reverse=[Draft(stream, "finding_withdrawn", {"id": id, "code": item, "reason": "撤销操作"}, STEP)],
        again=[Draft(stream, "finding_withdrawn", {"id": id, "code": item, "reason": "", "value": False}, STEP)],
    )  # fmt: skip


def change(book: Book, stream: str, id: str, field: str, value: Any, reason: str = "") -> Done[Finding]:
    """Change one field; see `revise`."""
    return revise(book, stream, id, {field: value}, reason)


def revise(book: Book, stream: str, id: str, changes: Mapping[str, Any], reason: str = "") -> Done[Finding]:
    """Change fields in one act: all of them or, where one is refused, none. A paper that said it stays as it is and
    has to be made anew (`Issued.stale`). A finding that is not ordered to be corrected keeps no article of such an order."""
    case = book.queries.case(stream)
    check_open(book, case, "finding_changed")
    finding = finding_of(case, id)
    if set(changes) - set(FIELDS):
        raise Problem("field_needed", what="可以修改的内容")
    if "consequence" in changes and case.stage == Stage.DECIDED:
        raise Problem("frozen", what="处理决定已经作出，后果")
    values = {field: _checked(book, case, field, value) for field, value in changes.items()}
    ordered = values.get("consequence", finding.consequence) not in WITHOUT_ARTICLE
    if not ordered and values.get("order_basis", finding.order_basis):
        values["order_basis"] = ""
    if (finding.confirmed or finding.conflict) and not reason.strip():
        raise Problem("reason_needed", what=f"修改已确认的问题 {finding.code}")
    before = {field: _plain(finding, field) for field in values}
    kept = [field for field, value in values.items() if value != before[field] or finding.conflict]

    def drafts(of: Mapping[str, Any]) -> list[Draft]:
        body = {"id": id, "code": finding.code, "reason": reason.strip()}
        return [Draft(stream, "finding_changed", {**body, "field": field, "value": of[field]}, STEP) for field in kept]

    return book.done(finding, drafts(values), reverse=drafts(before)) if kept else Done(finding, frozenset())


def settle(book: Book, stream: str, id: str, version: Version, reason: str) -> Done[Finding]:
    """Let one of the versions that two officers wrote at once stand (`Finding.conflict`). Needs a reason."""
    rows = book.store.rows(stream).get(("finding", id), {}).get("fields", {})
    found = [v["value"] for v in rows.get(version.field, []) if v["event"] == version.event]
    if not found:
        raise Problem("not_found", what="这一处填写")
    return change(book, stream, id, version.field, found[0], reason)


def _checked(book: Book, case: CaseFile, field: str, value: Any) -> Any:
    if field == "basis":
        return _cited(book, case, value)
    if field in ("consequence", "severity"):
        try:
            return Consequence(value).value if field == "consequence" else int(Severity(value))
        except ValueError:
            raise Problem("field_needed", what=FINDING_FIELDS[field]) from None
    if field == "order_basis" and value not in ("", *book.rules.policy.order_articles(case.unit.kind.value)):
        raise Problem("field_needed", what="责令依据（从可以依据的条款中选定）")
    if field == "due":
        try:
            day = value if isinstance(value, date) else date.fromisoformat(value) if value else None
        except (ValueError, TypeError):
            raise Problem("bad_date", text=value) from None
        if day is not None and day < book.clock.now().at.date():
            raise Problem("date_past", what="整改期限")
        return day.isoformat() if day else ""
    if field == "evidence":
        return [evidence_of(case, number).number for number in value]
    return str(value).strip()


def _cited(book: Book, case: CaseFile, citations: Sequence[str]) -> list[str]:
    """Citations that may be relied on the day of the visit; one that the catalogue cannot vouch for is said to be so.

    A law named as a whole is let pass here: no finding is confirmed with it.
    """
    cited = [citation.strip() for citation in citations]
    day = case.planned_from.date()
    for citation in cited:
        unverified = book.rules.standing(citation, day) is Standing.UNVERIFIED
        if unverified and names_article(citation):
            book.notices.append(f"{citation}：法规库不知道它在检查当日是否施行，未经核实。")
    return cited


def _plain(finding: Finding, field: str) -> Any:
    value = getattr(finding, field)
    if isinstance(value, date):
        return value.isoformat()
    if value is None:
        return ""
    return list(value) if isinstance(value, tuple) else value


def confirm(book: Book, stream: str, ids: Sequence[str], unproven: str = "") -> Done[tuple[str, ...]]:
    """The officer confirms findings: fact, basis, evidence, exactly one consequence, its article, demand and date.

    Raises:
        Problem: `field_needed`, or `evidence_needed` for a finding without evidence, unless `unproven` says why there is
            none; the reason stands in the record and on the paper.
    """
    case = book.queries.case(stream)
    drafts = []
    for id in ids:
        finding = finding_of(case, id)
        for what, value in (("事实", finding.fact), ("依据", finding.basis)):
            if not value:
                raise Problem("field_needed", what=f"问题 {finding.code} 的{what}")
        if not finding.evidence and not unproven.strip():
            raise Problem("evidence_needed", code=finding.code)
        if vague := [citation for citation in finding.basis if not names_article(citation)]:
            raise Problem("field_needed", what=f"问题 {finding.code} 的依据条款（{vague[0]}的条号）")
        consequence = Consequence(finding.consequence)
        if consequence is Consequence.CORRECT and not finding.order_basis:
            raise Problem("field_needed", what=f"问题 {finding.code} 的责令依据")
        if consequence in _TERMS and finding.due is None:
            raise Problem("field_needed", what=f"问题 {finding.code} 的{_TERMS[consequence][1]}")
        if not finding.confirmed:
            reason = {} if finding.evidence else {"reason": unproven.strip()}
            drafts.append(Draft(stream, "finding_confirmed", {"id": id, "code": finding.code, **reason}, STEP))
    return book.done(tuple(ids), drafts) if drafts else Done(tuple(ids), frozenset())


def withdraw(book: Book, stream: str, id: str, reason: str) -> Done[str]:
    """Withdraw a finding; it stays in the record with the reason."""
    case = book.queries.case(stream)
    check_open(book, case, "finding_withdrawn")
    finding = finding_of(case, id)
    if not reason.strip():
        raise Problem("reason_needed", what=f"撤销问题 {finding.code}")
    body = {"id": id, "code": finding.code, "reason": reason.strip()}
    return book.done(
        id, [Draft(stream, "finding_withdrawn", body, STEP)],
        reverse=[Draft(stream, "finding_withdrawn", {**body, "value": False}, STEP)],
    )  # fmt: skip


def keep(book: Book, stream: str, id: str, reason: str) -> Done[str]:
    """Settle that one officer withdrew a finding which another changed or confirmed: it stays, with the reason."""
    case = book.queries.case(stream)
    check_open(book, case, "finding_withdrawn")
    finding = finding_of(case, id)
    if not finding.against:
        raise Problem("not_found", what="有人撤销的问题")
    if not reason.strip():
        raise Problem("reason_needed", what=f"保留问题 {finding.code}")
    body = {"id": id, "code": finding.code, "reason": reason.strip(), "value": False}
    return book.done(id, [Draft(stream, "finding_withdrawn", body, STEP)])


def deliberate(book: Book, stream: str, opinion: str) -> Done[str]:
    """The team deliberates: every finding is confirmed and has evidence and basis (行政处罚法40)."""
    check_move(book, book.queries.case(stream), "deliberated")
    return book.done(stream, [Draft(stream, "deliberated", {"text": opinion.strip()}, STEP)])


def decide(book: Book, stream: str) -> Done[str]:
    """All papers that the findings call for are formally made."""
    case = book.queries.case(stream)
    check_move(book, case, "decision_made")
    outcome = "、".join(dict.fromkeys(Consequence(f.consequence).label for f in case.findings)) or "未发现问题"
    return book.done(stream, [Draft(stream, "decision_made", {"outcome": outcome}, STEP)])


def finding_of(case: CaseFile, id: str) -> Finding:
    """The finding of this id. Raises `Problem("not_found")`."""
    for finding in case.findings:
        if finding.id == id:
            return finding
    raise Problem("not_found", what="这个问题")
