"""整改: what the unit reports clause by clause, extensions, re-inspections, and what is handed on where nothing helped.

The first of these acts begins the rectification; a second report or re-inspection moves nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from ..domain.calendar import zh_date
from ..domain.casefile import CaseFile
from ..domain.clauses import ORDERS, PASSED_ON, Standing, due_of, is_late, is_settled, ordered, standing_of
from ..domain.event import Draft
from ..domain.finding import Consequence, Finding
from ..domain.followup import ACCEPTED, DENIED, DONE, GRANTED, LACKING, RESULTS, conclusion_of
from ..domain.inspection import Stage
from ..domain.paper import paper_step
from ..domain.problems import Problem
from ..domain.sheet import Value
from ..papers.render import title_of
from .book import Book, Done
from .evidence import film
from .filling import blank as blank_of
from .filling import new_sheet
from .findings import finding_of
from .intake import Progress, Taken
from .procedure import check_move

STEP, AGAIN = "整改", "复查"
VIEW_PROOF, VIEW_AGAIN = "整改佐证", "复查所见"
"""What a picture of the rectification is: handed in by the unit, or taken at a re-inspection."""
PAPER_OF: Mapping[Consequence, str] = {
    Consequence.PROPOSE: "disposition_proposal", Consequence.TRANSFER: "transfer_letter",
}  # fmt: skip
"""The paper by which something is handed on; 立案 and 约谈 have papers of their own procedure."""


# -- the unit ------------------------------------------------------------------------------------------------------


def remind(book: Book, stream: str, to: str, means: str) -> Done[str]:
    """Note that the unit was reminded of its term: whom, and how."""
    case = _under_order(book, stream)
    said = _said({"提醒的人": to, "提醒方式": means})
    body = {"id": "1", "day": _today(book).isoformat(), "to": said[0], "means": said[1]}
    return book.done(stream, [*_begun(book, case), Draft(stream, "rectification_reminded", body, STEP)])


@dataclass(frozen=True, slots=True)
class Answer:
    """What the unit says of one clause, with the numbers of the pictures that it handed in."""

    finding: str
    said: str
    pictures: Sequence[str] = ()


def report(book: Book, stream: str, received: date, answers: Sequence[Answer]) -> Done[str]:
    """Enter a report of the unit, clause by clause; it may speak of some clauses only. Returns its id.

    Raises:
        Problem: `move_refused` before the order is served, `field_needed`, `not_found` for what was not ordered or a picture
            that is none of the rectification's, `date_ahead`, `date_order`.
    """
    case = _under_order(book, stream)
    answers = [answer for answer in answers if answer.said.strip() or answer.pictures]
    if not answers:
        raise Problem("field_needed", what="单位对至少一个问题的回复")
    findings = [_clause(case, answer.finding) for answer in answers]
    _said({f"{finding.code} 的回复": answer.said for finding, answer in zip(findings, answers, strict=True)})
    _pictures(case, *(number for answer in answers for number in answer.pictures))
    _not_ahead(book, received, "收到报告的日期")
    if received < (served := _served_on(case)):
        raise Problem(
            "date_order", later=f"收到报告的日期（{zh_date(received)}）", earlier=f"送达日期（{zh_date(served)}）"
        )
    id = _new("B")
    body = {
        "id": id, "received": received.isoformat(), "codes": "、".join(f.code for f in findings),
        "answers": [{"finding": a.finding, "said": a.said.strip(), "pictures": list(a.pictures)} for a in answers],
    }  # fmt: skip
    drafts = _begun(book, case)
    if case.stage in (Stage.SERVED, Stage.RECTIFYING):
        check_move(book, replace(case, stage=Stage.RECTIFYING.value), "rectification_reported")
    return book.done(id, [*drafts, Draft(stream, "rectification_reported", body, STEP)])


def judge(book: Book, stream: str, finding: str, judged: str, note: str = "") -> Done[str]:
    """Say of the unit's last answer to a clause whether its material suffices to go there; what is lacking is said."""
    case = book.queries.case(stream)
    clause, reply = _clause(case, finding), case.followup.reply(finding)
    if reply is None:
        raise Problem("not_found", what=f"单位对问题 {clause.code} 的回复")
    if judged not in (ACCEPTED, LACKING):
        raise Problem("field_needed", what="核对结果")
    if judged == LACKING and not note.strip():
        raise Problem("reason_needed", what=f"{clause.code} 要补充的内容")
    about = {"id": reply.report, "finding": finding, "code": clause.code}
    body = {**about, "judged": judged, "note": note.strip()}
    back = [Draft(stream, "report_judged", {**about, "judged": reply.judged, "note": reply.note}, STEP)]
    return book.done(finding, [Draft(stream, "report_judged", body, STEP)], reverse=back)


def film_rectification(
    book: Book, stream: str, files: Sequence[Path], finding: str, *, again: bool,
    progress: Progress = lambda done, total: True,
) -> Done[Taken]:  # fmt: skip
    """Keep pictures for a clause: of the unit's report, or (`again`) of a re-inspection. Raises as `evidence.film`."""
    case, clause = clause_of(book, stream, finding)
    view = VIEW_AGAIN if again else VIEW_PROOF
    more = {
        "item": clause.code, "view": view, "proves": f"{clause.code} {view}", "place": case.visit.place,
        "method": "复查现场拍摄" if again else "单位随整改报告提供", "carrier": "相机存储卡" if again else "单位提供的文件",
    }  # fmt: skip
    return film(
        book, stream, files, "rectification_filmed", "ZG", case.pictures, AGAIN if again else STEP, more, progress
    )


# -- the term --------------------------------------------------------------------------------------------------------


def ask_extension(book: Book, stream: str, asked_on: date, until: date, reason: str) -> Done[str]:
    """Enter that the unit asks for more time (延期), which it does in writing before the term is over. Returns its id.

    Raises:
        Problem: `extension_late` once the term was over, `extension_open` while one is undecided, `date_order`, `reason_needed`.
    """
    case = _under_order(book, stream)
    if not reason.strip():
        raise Problem("reason_needed", what="申请延期")
    _not_ahead(book, asked_on, "申请日期")
    due = max(due for f in ordered(case) if (due := due_of(case, f)))
    if asked_on > due:
        raise Problem("extension_late", day=zh_date(asked_on), due=zh_date(due))
    if until <= due:
        raise Problem(
            "date_order", later=f"申请延至的日期（{zh_date(until)}）", earlier=f"现在的期限（{zh_date(due)}）"
        )
    if any(not each.decision for each in case.followup.extensions):
        raise Problem("extension_open")
    id = _new("Y")
    said = {"asked_on": asked_on.isoformat(), "until": until.isoformat(), "reason": reason.strip()}
    sheet = {"asked_on": said["asked_on"], "asked_until": said["until"], "ask_reason": said["reason"],
             "extension_result": "", "granted_until": "", "officer_opinion": "", "head_opinion": ""}  # fmt: skip
    return book.done(id, [*_begun(book, case), Draft(stream, "extension_asked", {"id": id, **said}, STEP),
                          _filled(book, stream, "extension", "extension", sheet)])  # fmt: skip


def decide_extension(
    book: Book, stream: str, id: str, decision: str, by_name: str, until: date | None = None
) -> Done[str]:
    """Enter what the head decided of it; granted, the term of every clause runs until that day."""
    case = book.queries.case(stream)
    asked = next((e for e in case.followup.extensions if e.id == id and not e.decision), None)
    if asked is None:
        raise Problem("not_found", what="待决定的延期申请")
    if decision not in (GRANTED, DENIED):
        raise Problem("field_needed", what="是否同意延期")
    _said({"批准人": by_name})
    granted = (until or asked.until).isoformat() if decision == GRANTED else ""
    if granted and date.fromisoformat(granted) <= max(due for f in ordered(case) if (due := due_of(case, f))):
        raise Problem("date_order", later="批准延至的日期", earlier="现在的期限")
    body = {"id": id, "decision": decision, "until": granted, "by_name": by_name.strip()}
    sheet = {"extension_result": decision, "granted_until": granted}
    return book.done(id, [Draft(stream, "extension_decided", body, STEP),
                          _filled(book, stream, "extension", "extension", sheet)])  # fmt: skip


# -- going there again -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen of one clause at a re-inspection."""

    finding: str
    result: str
    said: str
    pictures: Sequence[str] = ()


def reinspect(
    book: Book, stream: str, begun: datetime, ended: datetime, present: str, sights: Sequence[Sight], view: str = "",
    next_step: str = "",
) -> Done[str]:  # fmt: skip
    """Enter a re-inspection: what was seen of each clause of the order. Fills in the sheet of its record; returns its id.

    Raises:
        Problem: `move_refused`, those of officers who may not act, `date_order`, `date_ahead`, `field_needed` for a clause that
            was left out, or nobody present, `not_found` for a picture.
    """
    case = _under_order(book, stream)
    check_move(book, replace(case, stage=Stage.REPORTED.value), "reinspected")
    if ended <= begun:
        raise Problem("date_order", later="复查结束时间", earlier="复查开始时间")
    if ended > book.clock.now().at:
        raise Problem("date_ahead", what="复查结束时间")
    if begun.date() < (served := _served_on(case)):
        raise Problem("date_order", later="复查时间", earlier=f"送达日期（{zh_date(served)}）")
    if (last := case.followup.reinspections[-1:]) and begun < last[0].ended:
        raise Problem("date_order", later="复查开始时间", earlier="上一次复查结束时间")
    by_finding = {sight.finding: sight for sight in sights if sight.result in RESULTS and sight.said.strip()}
    if left := [finding.code for finding in ordered(case) if finding.id not in by_finding]:
        raise Problem("field_needed", what=f"{'、'.join(left)} 的复查结果和所见")
    _said({"单位在场人员": present})
    _pictures(case, *(number for sight in sights for number in sight.pictures))
    clauses = [(finding, by_finding[finding.id]) for finding in ordered(case)]
    conclusion = conclusion_of([sight.result for _, sight in clauses])
    id, sheet = _new("F"), new_sheet(blank_of(book, case, "reinspection_record"))
    body = {
        "id": id, "sheet": sheet, "begun": begun.isoformat(), "ended": ended.isoformat(), "conclusion": conclusion,
        "seen": [{"finding": f.id, "result": s.result, "said": s.said.strip(), "pictures": list(s.pictures)} for f, s in clauses],
    }  # fmt: skip
    fields: dict[str, Value] = {
        "re_from": begun.isoformat(), "re_to": ended.isoformat(), "re_present": present.strip(),
        "re_items": [[f.code, s.result, s.said.strip(), "、".join(s.pictures)] for f, s in clauses],
        "re_view": view.strip(), "re_conclusion": conclusion, "re_next": next_step.strip(),
    }  # fmt: skip
    filled = _filled(book, stream, "reinspection_record", sheet, fields)
    return book.done(id, [*_begun(book, case), Draft(stream, "reinspected", body, AGAIN), filled])


# -- handing on --------------------------------------------------------------------------------------------------------


def may_hand_on(case: CaseFile, finding: Finding, today: date) -> tuple[Consequence, ...]:
    """The ways on which a finding may be handed on now: its own consequence, or for an order that was not followed (overdue,
    or seen unrectified) what 档案法48 and 实施条例46 leave; none where it waits for an answer."""
    if is_settled(case, finding) or any(not h.answered for h in case.followup.passed_on(finding.id)):
        return ()
    consequence, seen = Consequence(finding.consequence), case.followup.seen(finding.id)
    if consequence in PASSED_ON:
        return (consequence,)
    unheeded = consequence in ORDERS and (is_late(case, finding, today) or (seen is not None and seen.result != DONE))
    return (Consequence.PROPOSE, Consequence.TRANSFER, Consequence.FILE) if unheeded else ()


def hand_on(
    book: Book,
    stream: str,
    way: Consequence,
    findings: Sequence[str],
    to: str,
    reason: str,
    reply_by: date | None = None,
) -> Done[str]:
    """Hand findings on: 处理建议, 移送, 立案 or 约谈. Fills in the sheet of its paper; it stays open until an answer is entered.

    A proposal names the day until which the organ answers in writing (实施条例46).

    Raises:
        Problem: `move_refused` before everything is served, `hand_on_early` for an order whose term runs, `field_needed`,
            `date_past`.
    """
    case = book.queries.case(stream)
    _after_service(book, case, way.label)
    chosen = [finding_of(case, id) for id in findings]
    if not chosen:
        raise Problem("field_needed", what="要提请处理的问题")
    for finding in chosen:
        if way not in may_hand_on(case, finding, _today(book)):
            raise Problem("hand_on_early", code=finding.code, way=way.label)
    to, reason = _said({"接收的机关、单位": to, "原因": reason})
    if way is Consequence.PROPOSE and reply_by is None:
        raise Problem("field_needed", what="书面告知的期限")
    if reply_by is not None and reply_by < _today(book):
        raise Problem("date_past", what="书面告知的期限")
    id, day = _new("C"), reply_by.isoformat() if reply_by else ""
    body = {"id": id, "way": way.value, "title": way.label, "findings": list(findings), "to": to, "reason": reason,
            "codes": "、".join(f.code for f in chosen), "reply_by": day}  # fmt: skip
    sheets: Mapping[Consequence, Mapping[str, Value]] = {
        Consequence.PROPOSE: {"proposed_to": to, "proposal": reason, "proposal_reply": day},
        Consequence.TRANSFER: {"transfer_to": to, "transfer_reason": reason},
    }
    filled = [_filled(book, stream, PAPER_OF[way], PAPER_OF[way], sheets[way])] if way in sheets else []
    drafts = _begun(book, case) if ordered(case) else []
    return book.done(id, [*drafts, Draft(stream, "handed_on", body, STEP), *filled])


def receive_answer(book: Book, stream: str, id: str, day: date, text: str) -> Done[str]:
    """Enter the written answer, receipt or result of what was handed on; its paper must have gone out."""
    case = book.queries.case(stream)
    handed = next((h for h in case.followup.handed_on if h.id == id and not h.answered), None)
    if handed is None:
        raise Problem("not_found", what="等答复的事项")
    way = Consequence(handed.way)
    paper = case.paper(PAPER_OF[way]) if way in PAPER_OF else None
    if way in PAPER_OF and (paper is None or paper.draft):
        raise Problem("not_found", what=f"正式的《{title_of(PAPER_OF[way], *book.rules.words)}》")
    _not_ahead(book, day, "收到的日期")
    body = {"id": id, "day": day.isoformat(), "to": handed.to, "text": _said({"答复内容": text})[0]}
    return book.done(id, [Draft(stream, "answer_received", body, STEP)])


# -- shared ------------------------------------------------------------------------------------------------------------


def _under_order(book: Book, stream: str) -> CaseFile:
    """The case, whose orders are served. Raises `Problem("move_refused")`."""
    case = book.queries.case(stream)
    _after_service(book, case, "办理整改")
    if case.stage == Stage.SERVED:
        check_move(book, case, "rectification_begun")
    return case


def _after_service(book: Book, case: CaseFile, act: str) -> None:
    if list(Stage).index(Stage(case.stage)) < list(Stage).index(Stage.SERVED):
        raise Problem("move_refused", act=act, reason="处理文书还没有全部送达", hook=book.rules.procedure.hooks[Stage.SERVED],
                      way="先在“送达”里登记。")  # fmt: skip


def _begun(book: Book, case: CaseFile) -> list[Draft]:
    """What begins the rectification, where nothing has yet."""
    if case.stage != Stage.SERVED:
        return []
    check_move(book, case, "rectification_begun")
    return [Draft(case.id, "rectification_begun", {"id": "1"}, STEP)]


def _served_on(case: CaseFile) -> date:
    """The day on which the last of the orders reached the unit."""
    kinds = {Consequence(finding.consequence).paper for finding in ordered(case)}
    return max((p.served.at.date() for p in case.papers if p.kind in kinds and p.served), default=date.min)


def clause_of(book: Book, stream: str, finding: str) -> tuple[CaseFile, Finding]:
    """The case and the clause of its order of which something is entered. Raises as `report`."""
    case = _under_order(book, stream)
    return case, _clause(case, finding)


def _clause(case: CaseFile, finding: str) -> Finding:
    found = next((each for each in ordered(case) if each.id == finding), None)
    if found is None:
        raise Problem("not_found", what="责令整改的这个问题")
    return found


def _pictures(case: CaseFile, *numbers: str) -> None:
    held = {piece.number for piece in case.pictures}
    if strange := [number for number in numbers if number not in held]:
        raise Problem("not_found", what=f"整改照片 {strange[0]}")


def _filled(book: Book, stream: str, kind: str, sheet: str, changes: Mapping[str, Value]) -> Draft:
    body = {"sheet": sheet, "kind": kind, "title": title_of(kind, *book.rules.words), "changes": dict(changes)}
    return Draft(stream, "sheet_filled", body, paper_step(kind))


def _said(texts: Mapping[str, str]) -> list[str]:
    """The texts without blanks around them. Raises `Problem("field_needed")` with the name of an empty one."""
    for what, text in texts.items():
        if not text.strip():
            raise Problem("field_needed", what=what)
    return [text.strip() for text in texts.values()]


def _not_ahead(book: Book, day: date, what: str) -> None:
    if day > _today(book):
        raise Problem("date_ahead", what=what)


def _today(book: Book) -> date:
    return book.clock.now().at.date()


def _new(letter: str) -> str:
    return f"{letter}-{uuid.uuid4().hex[:8]}"


# -- looking back ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Earlier:
    """The same clause at an earlier inspection of the same unit, and where it stands."""

    stream: str
    day: date
    finding: Finding
    standing: Standing


def earlier(book: Book, case: CaseFile) -> Mapping[str, tuple[Earlier, ...]]:
    """By item the findings of earlier inspections of this unit, the newest first."""
    queries, found = book.queries, dict[str, list[Earlier]]()
    mine = [
        row for row in queries.inspections() if row.unit_id == case.unit.id and row.planned_from < case.planned_from
    ]
    for row in reversed(mine):
        before = queries.case(row.id)
        for finding in before.findings:
            standing = standing_of(before, finding, _today(book))
            found.setdefault(finding.code, []).append(Earlier(row.id, row.planned_from.date(), finding, standing))
    return {code: tuple(each) for code, each in found.items()}
