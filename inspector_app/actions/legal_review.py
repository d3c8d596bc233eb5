"""The legal review of a major decision (法制审核): handing a paper in, and the opinion on its seven points."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from ..domain.casefile import CaseFile
from ..domain.event import Draft
from ..domain.inspection import DECIDING, OUTGOING, is_deliberated, outgoing_papers
from ..domain.legal import (
    AGREED,
    ASKED,
    EXTENDED,
    GIVEN,
    PASSED,
    POINTS,
    WITHDRAWN,
    WRONG,
    Point,
    Round,
    conclusion,
    standing,
)
from ..domain.problems import Problem
from ..domain.said import evidence_on
from . import papers
from .book import Book, Done
from .filling import blank, sheet_of
from .legal_queue import PAPER as PAPER
from .legal_queue import last_day
from .legality import version_of

STEP = "处理"


def points_of(book: Book, case: CaseFile) -> tuple[str, ...]:
    """The seven points in words, as the paper lists them."""
    return tuple(words for words, _ in blank(book, case, PAPER).given["review_heads"])


# -- handing in -----------------------------------------------------------------------------------------------------


def may_ask(book: Book, case: CaseFile, kind: str, sheet: str = "") -> bool:
    """Whether this paper can be handed in for its legal review now."""
    try:
        _askable(book, case, kind, sheet_of(book, case, kind, sheet))
    except Problem:
        return False
    return True


def ask(
    book: Book, stream: str, kind: str, grounds: Sequence[str] = (), note: str = "", sheet: str = ""
) -> Done[str]:  # fmt: skip
    """Hand a paper in as it says now; its pages are kept, so that what was reviewed can be read ever after. Returns the id
    of the round.

    Raises:
        Problem: `move_refused` for a paper that cannot be handed in now, `paper_incomplete`, `field_needed` for the grounds
            of a paper that policy does not list, `reason_needed` to hand in again what was found wrong and not changed.
    """
    book.allow("inspect", stream)
    case = book.queries.case(stream)
    sheet = sheet_of(book, case, kind, sheet)
    version = _askable(book, case, kind, sheet)
    policy, title = book.rules.policy, papers.title(book, kind)
    chosen = [ground for ground in policy.major_grounds if ground in grounds]
    if kind not in policy.major and not chosen:
        raise Problem("field_needed", what="属于重大执法决定的哪一种情形")
    before = case.rounds(kind, sheet)
    if (last := standing(before)) and last.version == version and not note.strip():
        raise Problem("reason_needed", what="没有修改又送审")
    if missing := papers.readiness(book, case, kind, sheet).missing:
        raise Problem("paper_incomplete", paper=title, fields="、".join(missing))
    pdf = book.keep(papers.draft_of(book, case, kind, sheet, "供法制审核").pdf, "application/pdf", "made")
    id = uuid.uuid4().hex[:8]
    body = {
        "round": id, "nth": len(before) + 1, "paper": kind, "sheet": sheet, "version": version, "grounds": chosen,
        "title": f"《{title}》" + (f"第{len(before) + 1}次" if before else ""), "note": note.strip(), "draft": pdf.sha256,
        "evidence": _evidence(case, kind),
    }  # fmt: skip
    return book.done(id, [Draft(stream, ASKED, body, STEP, blobs=(pdf,))])


def _askable(book: Book, case: CaseFile, kind: str, sheet: str) -> str:
    """The version that would be handed in. Raises `Problem("move_refused")`."""

    def refuse(reason: str, way: str) -> Problem:
        hook = book.rules.procedure.hooks["legal_review"]
        return Problem("move_refused", act="送法制审核", reason=reason, hook=hook, way=way)

    if kind not in DECIDING:
        raise refuse("这种文书不作处理决定", "意见书、责令通知书、处理建议书、移送函等送审。")
    if kind in OUTGOING and kind not in outgoing_papers(case):
        raise refuse("没有问题要用这份文书处理", "按问题的后果选文书。")
    if not is_deliberated(case):
        raise refuse("还没有合议", "先在“处理”里合议。")
    version = version_of(book, case, kind, sheet)
    made = papers.standing(case, kind, sheet)
    if made is not None and not made.stale:
        raise refuse("这份文书已经正式制作", "内容改过以后再送。")
    last = standing(case.rounds(kind, sheet))
    if last is not None and last.opinion is None and last.version == version:
        raise refuse("已经送审，还没有意见", "等法制审核人员审核；送错的，由送审的人撤回。")
    if last is not None and last.version == version and last.word == AGREED:
        raise refuse("这一版已经审核同意", "可以正式制作。")
    return version


def _evidence(case: CaseFile, kind: str) -> list[str]:
    """What the findings rest on of which the paper speaks; of all of them where it is a proposal or a transfer."""
    mine = evidence_on(case, kind)
    named = set(mine) if kind in OUTGOING else {number for finding in case.findings for number in finding.evidence}
    return [piece.number for piece in case.evidence if piece.number in named]


def withdraw(book: Book, stream: str, round: str, reason: str) -> Done[str]:
    """Take back what was handed in, with the reason; it stays in the record, and the paper is handed in again in a round of
    its own. It is not made without its review meanwhile.

    Raises:
        Problem: `not_found`, `move_refused` once there is an opinion, and for whoever did not hand it in, `reason_needed`.
    """
    book.allow("inspect", stream)
    asked = _waiting(book, book.queries.case(stream), round, "撤回送审")
    if asked.asker != book.person.id:
        raise Problem("move_refused", act="撤回送审", reason=f"是{asked.by}送审的",
                      hook=book.rules.procedure.hooks["legal_review"], way="由送审的人撤回。")  # fmt: skip
    if not reason.strip():
        raise Problem("reason_needed", what="撤回送审")
    body = {"round": round, "title": asked.title, "reason": reason.strip()}
    return book.done(round, [Draft(stream, WITHDRAWN, body, STEP)])


# -- the opinion ----------------------------------------------------------------------------------------------------


def obstacle(book: Book, case: CaseFile) -> str:
    """Why the acting person may not review this inspection; "" when nothing is against it."""
    try:
        book.allow("review_legality", case.id)
    except Problem as problem:
        if book.person.id in case.involved:
            return f"{book.person.name}参加了本案检查，不能审核。由没有参加检查的法制审核人员审核。"
        if book.person.id in book.reviewers() - book.reviewers(case):
            return f"{book.person.name}和{case.unit.name}有登记的回避关系，不能审核。由其他法制审核人员审核。"
        if book.person.id not in book.reviewers():
            return f"{book.person.name}没有登记法制审核资格，不能审核。由系统管理员在“单位”里登记。"
        return str(problem)
    return ""


def conclude(book: Book, stream: str, round: str, points: Sequence[Point], text: str) -> Done[str]:
    """Give the opinion on a round: 同意 when every point passed, else 存在问题. What the 法制审核意见书 says of it is
    written in the same breath; the paper itself is made from that.

    Raises:
        Problem: `not_allowed` for who took part or is not qualified, `not_found`, `move_refused` for a round that has its
            opinion or gave way to a later one, `field_needed`.
    """
    book.allow("review_legality", stream)
    case = book.queries.case(stream)
    asked = _waiting(book, case, round, "法制审核")
    heads = points_of(book, case)
    if len(points) != POINTS:
        raise Problem("field_needed", what="七项审核的结果")
    for head, point in zip(heads, points, strict=True):
        if point.found not in (PASSED, WRONG):
            raise Problem("field_needed", what=f"“{head}”的审核结果")
        if point.found == WRONG and not point.text.strip():
            raise Problem("field_needed", what=f"“{head}”有什么问题")
    if not text.strip():
        raise Problem("field_needed", what="具体意见和建议")
    said = [[point.found, point.text.strip()] for point in points]
    outcome = conclusion(tuple(points))
    body = {"round": round, "title": asked.title, "outcome": outcome, "points": said, "text": text.strip(),
            "version": asked.version}  # fmt: skip
    rows = [[head, *point] for head, point in zip(heads, said, strict=True)]
    filled = {"sheet": asked.sheet, "kind": PAPER, "title": papers.title(book, PAPER),
              "changes": _on_paper(book, case, asked, outcome, text.strip(), rows)}  # fmt: skip
    return book.done(round, [Draft(stream, GIVEN, body, STEP), Draft(stream, "sheet_filled", filled, STEP)])


def extend(book: Book, stream: str, round: str, reason: str) -> Done[date]:
    """Take longer for a review, once, by the days of policy after its first last day. Returns the new one.

    Raises:
        Problem: as `conclude`; `move_refused` a second time and once the term is over, `reason_needed`, `unknown_year`.
    """
    book.allow("review_legality", stream)
    asked = _waiting(book, book.queries.case(stream), round, "延长审核期限")
    first = last_day(book, asked)
    over = book.clock.now().at.date() > first
    if asked.longer or over:
        raise Problem("move_refused", act="延长审核期限", reason="审核期限已经过了" if over else "已经延长过一次",
                      hook=book.rules.policy.deadline("legal_review_extension").source, way="尽快给出意见。")  # fmt: skip
    if not reason.strip():
        raise Problem("reason_needed", what="延长审核期限")
    until = book.rules.due_date("legal_review_extension", first)
    body = {"round": round, "title": asked.title, "until": until.isoformat(), "reason": reason.strip()}
    return book.done(until, [Draft(stream, EXTENDED, body, STEP)])


def _waiting(book: Book, case: CaseFile, id: str, act: str) -> Round:
    """The round as long as it asks for an opinion. Raises `Problem`: `not_found`, `move_refused`."""
    asked = next((each for each in case.legal if each.id == id), None)
    if asked is None:
        raise Problem("not_found", what="这一次送审")
    if not asked.waits or asked != standing(case.rounds(asked.kind, asked.paper_sheet)):
        why = "这一次送审已经撤回" if asked.withdrawn else "这一次送审已经有意见，或者已经重新送审"
        raise Problem("move_refused", act=act, reason=why, hook=book.rules.procedure.hooks["legal_review"],
                      way="审核最近一次送审的文书。")  # fmt: skip
    return asked


def _on_paper(
    book: Book, case: CaseFile, asked: Round, outcome: str, text: str, rows: list[list[str]]
) -> dict[str, object]:
    """What the opinion as a paper says."""
    made = "、".join(dict.fromkeys(f"《{p.title}》" for p in case.filed))
    with_it = f"{asked.title}送审稿" + (f"，{made}" if made else "") + f"，证据 {len(asked.evidence)} 件"
    return {
        "review_from": f"检查组（{asked.by}）", "review_received": asked.at.date().isoformat(),
        "review_done": book.clock.now().at.date().isoformat(),
        "review_matter": f"{case.unit.name}档案行政检查{asked.title}", "review_papers": with_it,
        "review_heads": rows, "review_outcome": outcome, "review_opinion": text,
    }  # fmt: skip
