"""The stages of an inspection as a state machine; every move has its legal hook in forms/procedure.toml.

A move that may not be made is refused with a sentence that gives the reason, cites the hook and says how to go
on. The events of the moves drive the projection (`next_stage`), the guards look at the case file (`check_move`).
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from . import cancelling, publicity, refused
from .casefile import CaseFile
from .clauses import ordered
from .closing import open_matters
from .finding import OUTGOING as OUTGOING
from .finding import SERVED as SERVED
from .finding import Consequence
from .legal import AGREED, FAULTY, standing
from .paper import VOLUME
from .people import able_officers
from .problems import Problem


class Kind(StrEnum):
    """Kind of inspection; with the kind of unit it decides which powers the notice may name (档案法42, 43)."""

    ROUTINE = "routine"
    SPECIAL = "special"
    CLUE_BASED = "clue_based"
    AFTER_APPROVAL = "after_approval"

    @property
    def label(self) -> str:
        return {"routine": "日常检查", "special": "专项检查", "clue_based": "个案检查", "after_approval": "批后监管"}[
            self
        ]


class Stage(StrEnum):
    """Where the matter stands, from plan to publication."""

    PLANNED = "planned"
    PUBLISHED = "published"
    DRAWN = "drawn"
    APPROVED = "approved"
    CODED = "coded"
    NOTIFIED = "notified"
    CANCELLED = "cancelled"
    ON_SITE = "on_site"
    CHECKING = "checking"
    CHECKED = "checked"
    RECORDED = "recorded"
    DELIBERATED = "deliberated"
    DECIDED = "decided"
    SERVED = "served"
    RECTIFYING = "rectifying"
    REPORTED = "reported"
    REINSPECTED = "reinspected"
    CLOSED = "closed"
    ARCHIVED = "archived"
    PUBLICISED = "publicised"
    RATED = "rated"


STEPS = ("准备", "到场", "检查", "取证", "笔录", "处理", "送达", "整改", "复查", "归档")
"""The ten stages that the rail of the window shows."""

_STEP_OF: dict[Stage, int] = {
    **dict.fromkeys((Stage.PLANNED, Stage.PUBLISHED, Stage.DRAWN, Stage.APPROVED, Stage.CODED, Stage.NOTIFIED), 0),
    Stage.CANCELLED: 0,
    Stage.ON_SITE: 1, Stage.CHECKING: 2, Stage.CHECKED: 4, Stage.RECORDED: 5, Stage.DELIBERATED: 5, Stage.DECIDED: 6,
    Stage.SERVED: 7, Stage.RECTIFYING: 7, Stage.REPORTED: 8, Stage.REINSPECTED: 9, Stage.CLOSED: 9,
    Stage.ARCHIVED: 9, Stage.PUBLICISED: 9, Stage.RATED: 9,
}  # fmt: skip


def step_of(stage: str) -> int:
    """Index into `STEPS` of the step that is current in this stage."""
    return _STEP_OF[Stage(stage)]


Guard = Callable[[CaseFile, date], tuple[str, str] | None]
"""Looks at the case; None allows, else (reason, way out)."""


@dataclass(frozen=True, slots=True)
class Move:
    """One step of the procedure: the act in words, the event that makes it, from where to where.

    No two moves reach the same stage, so the hooks of forms/procedure.toml go by `target`.
    """

    act: str
    event: str
    sources: frozenset[Stage]
    target: Stage
    guard: Guard


def _free(case: CaseFile, day: date) -> tuple[str, str] | None:
    return None


def _two_able(case: CaseFile, day: date) -> tuple[str, str] | None:
    able_officers(case.able, day)
    return None


def notice_refusal(case: CaseFile) -> tuple[str, str] | None:
    """Why the notice may not be made or served yet, and the way out."""
    if case.approved_at is None:
        return "检查还没有经负责人批准", "在“准备”里登记审批。"
    if case.unit.kind.is_enterprise and not case.code:
        return "涉企检查还没有检查码", "在市统一综合执法系统申领检查码，在“准备”里登记。"
    return None


def _notice(case: CaseFile, day: date) -> tuple[str, str] | None:
    return notice_refusal(case)


def _cancelling(case: CaseFile, day: date) -> tuple[str, str] | None:
    return ("已经到场", "在现场中止的，写进笔录。") if case.visit.arrived else None


def _arrival(case: CaseFile, day: date) -> tuple[str, str] | None:
    if case.stage == Stage.CANCELLED:
        return "这件检查已经取消", "要再查的，重新列入检查。"
    able_officers(case.able, day)
    if case.visit.urgent:
        return None
    if case.approved_at is None:
        return "检查还没有经负责人批准", "在“准备”里登记审批；紧急情况写明事由，事后补办。"
    if case.stage in (Stage.PLANNED, Stage.PUBLISHED, Stage.DRAWN):
        return f"本案处在“{STEPS[step_of(case.stage)]}”阶段", "按阶段条的顺序办理。"
    notice = case.paper("notice")
    if notice is None or notice.served is None:
        return "检查通知书还没有送达", "在“准备”里制作通知书，登记送达；紧急情况写明事由。"
    return None


def _leaving(case: CaseFile, day: date) -> tuple[str, str] | None:
    return ("紧急检查还没有补办审批", "在“准备”里登记审批，再登记离开。") if case.approved_at is None else None


def _checking(case: CaseFile, day: date) -> tuple[str, str] | None:
    visit = case.visit
    if visit.credentials_shown is None:
        return "还没有出示执法证件", "回到“到场”，完成亮证。"
    if visit.recording_told is None or visit.rights_told is None:
        return "还没有告知权利义务和全过程记录", "回到“到场”，完成告知。"
    return None


def _finish(case: CaseFile, day: date) -> tuple[str, str] | None:
    told = case.visit.rights_told
    if told is not None and "申请回避" in told.reply.split("；") and not case.visit.recusals:
        return "单位答复申请回避，但没有登记申请", "在“到场”右边选人员，写明理由并登记。"
    left = [item.code for item in case.items if not item.value]
    if left:
        return f"还有 {len(left)} 项没有检查（{'、'.join(left[:3])}等）", "逐项检查；不适用的写明原因。"
    differing = [item.code for item in case.items if item.conflict]
    if differing:
        return f"{'、'.join(differing[:3])} 有两处填写不同", "在检查表里选定一个并说明原因。"
    if case.reading_conflicts:
        item = case.reading_conflicts[0][0].split("_")[0]
        return f"{item} 的读数有两处填写不同", "在检查表里选定一个。"
    return None


def _record(case: CaseFile, day: date) -> tuple[str, str] | None:
    if refusal := _finish(case, day):  # what a colleague's laptop brought in since counts as well
        return refusal
    if not case.visit.attendees:
        return "还没有确认在场人员", "回到“到场”，登记陪同人。"
    if not case.visit.statement_reply:
        return "还没有记录是否陈述申辩", "在“笔录”里记录单位的答复。"
    record = case.paper("onsite_record")
    if record is None or record.draft:
        return "现场检查笔录还没有制作", "在“笔录”里制作并打印。"
    if record.stale:
        return "笔录制作以后内容改过", "在“笔录”里重新制作并签字。"
    if len(record.hands(case.able) & {officer.id for officer in case.able}) < 2:
        return "笔录签字不全：要有两名检查人员的签字", "由两名检查人员各自签字。"
    if not any(s.role == "被检查单位" for s in record.signatures):
        return "笔录签字不全：单位没有签字，拒签也要写明原因", "登记签字或拒签的原因。"
    if open_ := case.unsigned_guests(record):
        who = "、".join(guest.office + guest.name for guest in open_)
        return f"笔录签字不全：联合检查的{who}没有签字", "登记签字；没有签的写明原因。"
    return None


def _deliberation(case: CaseFile, day: date) -> tuple[str, str] | None:
    if case.approved_at is None:
        return "紧急检查还没有补办审批", "在“准备”里登记审批。"
    for finding in case.findings:
        if finding.differs:
            return f"问题 {finding.code} {finding.differs}", "在“处理”里选定一个并说明原因。"
        if not finding.confirmed:
            return f"问题 {finding.code} 还没有经执法人员确认", "在“处理”里逐条确认。"
        if not finding.evidence and not finding.unproven:
            return f"问题 {finding.code} 没有证据", "关联至少一份证据；确实没有的，写明原因再确认。"
        if not finding.basis:
            return f"问题 {finding.code} 没有依据", "写明依据的条款。"
    return None


def outgoing_papers(case: CaseFile) -> tuple[str, ...]:
    """The kinds of paper that the findings call for; with none, the notice of the result, so that no unit gets nothing."""
    kinds = (Consequence(f.consequence).paper for f in case.findings)
    return tuple(dict.fromkeys(kind for kind in kinds if kind)) or ("result_notice",)


DECIDING = OUTGOING | {"disposition_proposal", "transfer_letter"}
"""Kinds of paper that decide something, and of which some are major decisions (重大执法决定)."""


def legal_refusal(case: CaseFile, kind: str, sheet: str, version: str, major: Container[str]) -> tuple[str, str] | None:
    """Why a paper may not be made for want of its legal review (国办发〔2018〕118号 十二), and the way out.

    A kind that policy lists as `major` needs it, and any paper that was handed in for it once: the last round must have
    agreed to exactly this `version`. Taking a paper back does not free it of the review.
    """
    rounds = case.rounds(kind, sheet)
    if not rounds:
        return ("属于重大执法决定，还没有法制审核", "在“处理”或“文书”里送法制审核。") if kind in major else None
    last = standing(rounds)
    if last is None:
        return "送审已经撤回，还没有法制审核", "改好以后重新送法制审核。"
    if last.opinion is None:
        return "法制审核还没有出意见", "等法制审核人员审核；收到意见以后再制作。"
    if last.opinion.outcome == FAULTY:
        return "法制审核认为存在问题", "按意见改好，重新送法制审核。"
    if last.opinion.outcome != AGREED or last.version != version:
        return "法制审核同意以后内容改过", "重新送法制审核。"
    return None


def is_deliberated(case: CaseFile) -> bool:
    """Whether the team has deliberated (行政处罚法40); the outgoing papers come after it."""
    return list(Stage).index(Stage(case.stage)) >= list(Stage).index(Stage.DELIBERATED)


def _decision(case: CaseFile, day: date) -> tuple[str, str] | None:
    if refusal := _deliberation(case, day):
        return refusal
    if any(not r.decision for r in case.visit.recusals):
        return "回避申请还没有决定", "先由负责人作出回避决定。"
    for kind in outgoing_papers(case):
        paper = case.paper(kind)
        if paper is None or paper.draft:
            return "处理文书还没有正式制作", "在“处理”里逐份正式打印。"
        if paper.stale:
            return f"《{paper.title}》制作以后内容改过", "在“处理”里重新制作这一份。"
    return None


def _service(case: CaseFile, day: date) -> tuple[str, str] | None:
    for kind in outgoing_papers(case):
        paper = case.paper(kind)
        if paper is None or paper.draft or paper.served is None:
            return "还有处理文书没有送达", "登记送达方式和回证。"
    return None


def _closing(case: CaseFile, day: date) -> tuple[str, str] | None:
    return next(open_matters(case), None)


_VOLUME = {"case_cover": "卷宗封面", "case_contents": "卷内目录", "case_remarks": "备考表"}


def _archiving(case: CaseFile, day: date) -> tuple[str, str] | None:
    for kind in VOLUME:
        made = case.paper(kind)
        if made is None or made.draft:
            return f"{_VOLUME[kind]}还没有制作", "在“全部文书”的“归档”里填写、制作。"
        if made.stale:
            return f"{_VOLUME[kind]}制作以后内容改过", "重新制作这一份。"
    return None


def _due(case: CaseFile, day: date) -> tuple[str, str] | None:
    if not (orders := ordered(case)):
        return "没有责令整改的问题", "在“归档”里核对结案。"
    if any(f.due is None for f in orders):
        return "责令整改没有写明期限", "写明具体日期。"
    return None


S = Stage
MOVES: tuple[Move, ...] = (
    Move("公布检查计划", "plan_published", frozenset({S.PLANNED}), S.PUBLISHED, _free),
    Move("双随机抽取", "draw_recorded", frozenset({S.PLANNED, S.PUBLISHED}), S.DRAWN, _free),
    Move("批准检查", "approval_given", frozenset({S.PLANNED, S.PUBLISHED, S.DRAWN}), S.APPROVED, _two_able),
    Move("登记检查码", "code_received", frozenset({S.APPROVED}), S.CODED, _free),
    Move("送达检查通知书", "paper_served", frozenset({S.APPROVED, S.CODED}), S.NOTIFIED, _notice),
    Move("取消检查", cancelling.KIND, frozenset({S.PLANNED, S.PUBLISHED, S.DRAWN, S.APPROVED, S.CODED, S.NOTIFIED}), S.CANCELLED,
         _cancelling),
    Move("开始检查", "visit_begun",  # one who went there without knowing of the cancelling was there
         frozenset({S.PLANNED, S.PUBLISHED, S.DRAWN, S.APPROVED, S.CODED, S.NOTIFIED, S.CANCELLED}), S.ON_SITE, _arrival),
    Move("拒绝检查后离开", refused.KIND, frozenset({S.ON_SITE}), S.NOTIFIED, _leaving),
    Move("逐项检查", "item_answered", frozenset({S.ON_SITE}), S.CHECKING, _checking),
    Move("检查完毕", "checking_finished", frozenset({S.CHECKING}), S.CHECKED, _finish),
    Move("结束现场检查", "visit_ended", frozenset({S.CHECKED}), S.RECORDED, _record),
    Move("合议", "deliberated", frozenset({S.RECORDED}), S.DELIBERATED, _deliberation),
    Move("作出处理", "decision_made", frozenset({S.DELIBERATED}), S.DECIDED, _decision),
    Move("完成送达", "paper_served", frozenset({S.DECIDED}), S.SERVED, _service),
    Move("进入整改", "rectification_begun", frozenset({S.SERVED}), S.RECTIFYING, _due),
    Move("登记整改报告", "rectification_reported", frozenset({S.RECTIFYING}), S.REPORTED, _free),
    Move("复查", "reinspected", frozenset({S.RECTIFYING, S.REPORTED}), S.REINSPECTED, _two_able),
    Move("结案", "closed", frozenset({S.SERVED, S.REINSPECTED}), S.CLOSED, _closing),
    Move("归档", "archived", frozenset({S.CLOSED}), S.ARCHIVED, _archiving),
    Move("公示", "publicised", frozenset({S.CLOSED, S.ARCHIVED}), S.PUBLICISED, _free),
    Move("评价", "rated", frozenset({S.PUBLICISED}), S.RATED, _free),
)  # fmt: skip


def check_move(case: CaseFile, event: str, day: date, hooks: Mapping[str, str]) -> Move:
    """The move that this event makes from the case's stage; `hooks` are those of the procedure.

    Raises:
        Problem: `move_refused` with the reason, the hook and the way out, or the problem of an officer.
    """
    candidates = [move for move in MOVES if move.event == event]
    for move in candidates:
        if Stage(case.stage) in move.sources:
            refusal = _asked(move, case, day, hooks)
            if refusal:
                raise Problem("move_refused", act=move.act, reason=refusal[0], way=refusal[1], hook=hooks[move.target])
            return move
    move = candidates[0]
    refusal = _asked(move, case, day, hooks) if event == "visit_begun" and not case.visit.arrived else None
    reason, way = refusal or (f"本案处在“{STEPS[step_of(case.stage)]}”阶段", "按阶段条的顺序办理。")
    raise Problem("move_refused", act=move.act, reason=reason, way=way, hook=hooks[move.target])


def _asked(move: Move, case: CaseFile, day: date, hooks: Mapping[str, str]) -> tuple[str, str] | None:
    """What the guard of a move says; the problem of an officer gets the hook that it rests on."""
    try:
        return move.guard(case, day)
    except Problem as problem:
        raise Problem(problem.code, **problem.facts, hook=hooks[problem.code]) from problem


_IN_THE_RECORD: Mapping[str, str] = {
    "item_answered": "答题", "item_noted": "写备注", "checking_finished": "检查完毕", "evidence_taken": "存入照片",
    "attendees_confirmed": "登记在场人员", "leader_present": "登记带队领导", "law_explained": "登记普法宣讲",
    "guests_noted": "登记联合检查人员",
    "remark_recorded": "记录单位意见", "statement_recorded": "记录陈述申辩", refused.KIND: "登记拒绝检查",
}  # fmt: skip
"""What the 笔录 says, with the act in words: fixed once the 笔录 is made, and once the visit has ended."""

_OF_FINDINGS: Mapping[str, str] = {
    "finding_recorded": "记为问题", "finding_changed": "修改问题", "finding_withdrawn": "撤销问题",
}  # fmt: skip
"""What the outgoing papers say: fixed by the decision; a fact may be put right until the first of them is served."""


def check_open(case: CaseFile, event: str, hooks: Mapping[str, str]) -> None:
    """Whether what this event says may still be written, taken back or undone.

    Raises:
        Problem: `move_refused` before the arrival, `record_made` while a made 笔录 says it, `frozen` afterwards.
    """
    act = _IN_THE_RECORD.get(event) or _OF_FINDINGS.get(event)
    if act is None:
        return
    check_arrived(case, act, hooks)
    if event in _IN_THE_RECORD:
        record = case.paper("onsite_record")
        if case.visit.ended is not None:
            raise Problem("frozen", what="现场检查已经结束，笔录")
        if record is not None and not record.draft:
            raise Problem("record_made", act=act)
    elif case.stage not in _BEFORE_SERVICE or (case.stage == Stage.DECIDED and event != "finding_changed"):
        raise Problem("frozen", what="处理决定已经作出，问题")
    elif any(case.served(kind) for kind in outgoing_papers(case)):
        raise Problem("frozen", what="处理文书已经送达，问题")


AFTER_CLOSING = frozenset({
    *publicity.KINDS,
    "archived", "publicised", "rated", "rating_invited", "record_exported", "event_set_aside", "paper_printed", "cosigner_named",
    "dispute_entered", "dispute_settled", "file_called_up", "file_sent", "file_returned",
    "secret_found", "secret_cleared", "secret_destroyed", "recording_stopped", "recording_interrupted", "cosignature_taken",
})  # fmt: skip
"""What may still be written once an inspection is closed: publication, remedies and supervision come later, and a secret is a
secret."""
_OF_THE_VOLUME = frozenset({*VOLUME, "publicity"})
"""Papers that are made of a closed inspection."""
_ON_PAPERS = frozenset({
    "sheet_filled", "sheet_dropped", "text_frozen", "paper_issued", "paper_signed", "signature_refused", "signed_page_kept",
    "signed_page_withdrawn",
})  # fmt: skip


def check_unclosed(case: CaseFile, event: str, body: Mapping[str, Any], hooks: Mapping[str, str]) -> None:
    """A closed inspection is only read, but for what `AFTER_CLOSING` names and, until it is archived, the papers of its
    volume. Asked of every event.

    So is a cancelled one.

    Raises:
        Problem: `case_cancelled`, `case_closed`, `case_archived`.
    """
    if case.stage == Stage.CANCELLED and event not in cancelling.STILL:
        raise Problem("case_cancelled", hook=hooks[Stage.CANCELLED])
    if list(Stage).index(Stage(case.stage)) < list(Stage).index(Stage.CLOSED) or event in AFTER_CLOSING:
        return
    if case.archived is not None:
        raise Problem("case_archived", code=case.archived.code, hook=hooks[Stage.ARCHIVED])
    about = next((p.kind for p in case.papers if p.id == body.get("paper")), body.get("kind"))
    if event not in _ON_PAPERS or about not in _OF_THE_VOLUME:
        raise Problem("case_closed", hook=hooks[Stage.CLOSED])


def check_recording(case: CaseFile, hooks: Mapping[str, str]) -> None:
    """Whether a recording of the process may start: from the arrival on, to service and re-inspection, and once those
    present were told (行政诉讼证据规定57: nothing is taken in secret).

    Raises:
        Problem: `move_refused`, `recording_untold`.
    """
    check_arrived(case, "录制", hooks)
    if case.visit.recording_told is None:
        raise Problem("recording_untold")
    check_open(case, "recording_started", hooks)


_BEFORE_SERVICE = frozenset({S.ON_SITE, S.CHECKING, S.CHECKED, S.RECORDED, S.DELIBERATED, S.DECIDED})


def check_arrived(case: CaseFile, act: str, hooks: Mapping[str, str]) -> None:
    """Raises `Problem("move_refused")` for what can only be done on site, before the team is there."""
    if case.visit.arrived is None:
        raise Problem("move_refused", act=act, reason="还没有到场", hook=hooks[Stage.ON_SITE], way="先办理到场。")


def all_served(case: CaseFile) -> bool:
    """Whether every outgoing paper has its proof of service (行政处罚法61)."""
    return case.stage == Stage.DECIDED and _service(case, date.min) is None


def next_stage(stage: str, event: str, body: Mapping[str, Any]) -> str:
    """The stage after an event; guards were asked when it was written, here only the table counts."""
    if event == "paper_served" and not body.get("completes"):
        return stage
    for move in MOVES:
        if move.event == event and Stage(stage) in move.sources and body.get("to", move.target) == move.target:
            return move.target.value
    return stage
