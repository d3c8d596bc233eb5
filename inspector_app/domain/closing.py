"""What keeps an inspection from being closed (结案): everything that is open, with the way to settle it."""

from __future__ import annotations

from collections.abc import Iterator

from .casefile import CaseFile
from .clauses import ORDERS, is_settled
from .finding import SERVED, Consequence
from .secrecy import FOUND

Open = tuple[str, str]
"""What is open, and the way out."""


def open_matters(case: CaseFile) -> Iterator[Open]:
    """Everything open, in the order in which it is settled. What the file review finds comes beside it."""
    if case.unknown_events:
        yield f"有 {case.unknown_events} 条记录是更新的版本写的", "更新程序，看过以后再结案。"
    yield from _of_findings(case)
    yield from _of_rectification(case)
    yield from _of_others(case)
    yield from _of_evidence(case)
    yield from _of_papers(case)


def _of_findings(case: CaseFile) -> Iterator[Open]:
    for finding in case.findings:
        if finding.differs:
            yield f"问题 {finding.code} {finding.differs}", "在“处理”里选定一个并说明原因。"
        waiting = [h for h in case.followup.passed_on(finding.id) if not h.answered]
        if is_settled(case, finding) or waiting:  # what waits for an answer is told as such
            continue
        consequence = Consequence(finding.consequence)
        if consequence not in ORDERS:
            yield f"问题 {finding.code} 的{consequence.label}还没有办", "在“整改”里登记去向和结果。"
        elif seen := case.followup.seen(finding.id):
            yield f"问题 {finding.code} 复查结果是{seen.result}", "改正后再次复查，或在“整改”里提请处理。"
        else:
            yield f"问题 {finding.code} 还没有复查", "到期后在“复查”里逐项登记。"


def _of_rectification(case: CaseFile) -> Iterator[Open]:
    held = case.followup
    if any(not each.decision for each in held.extensions):
        yield "延期申请还没有决定", "在“整改”里登记决定。"
    for each in held.handed_on:
        if not each.answered:
            yield f"{each.to}还没有答复{Consequence(each.way).label}", "收到书面告知后在“整改”里登记。"
    for visit in held.reinspections:
        record = case.paper("reinspection_record", visit.sheet)
        if record is None or record.draft or record.stale:
            yield "复查笔录还没有制作，或者制作以后内容改过", "在“复查”里制作并签字。"
            continue
        if len(record.hands(case.officers)) < 2 or not any(s.role in _UNIT for s in record.signatures):
            yield "复查笔录签字不全", "两名检查人员和单位签字；单位拒签的写明原因。"


_UNIT = ("被检查单位", "被复查单位")


def _of_others(case: CaseFile) -> Iterator[Open]:
    for dispute in case.followup.disputes:
        if not dispute.settled:
            yield f"{dispute.by}的{dispute.kind}还没有办结", "收到结果后在“归档”里登记。"
    for call in case.followup.call_ups:
        if call.returned is None:
            yield f"案卷由{call.office}调用，还没有退回", "退回后在“归档”里登记。"
    waiting = {"handed_in": ("科室还没有复核", "由科室负责人复核。"), "returned": ("复核退回修改", "改好后再送复核。")}
    if case.review.outcome in waiting:
        yield waiting[case.review.outcome]


def _of_evidence(case: CaseFile) -> Iterator[Open]:
    for piece in (*case.evidence, *case.pictures):
        if piece.secret == FOUND:
            yield f" {piece.number} 疑似涉密，还在封存", "由科室负责人按保密工作机构的认定办理。"
    if any(recording.stopped is None for recording in case.recordings):
        yield "还有录像录音没有停", "停止录制；在别的电脑上录的，交换以后再结案。"


def _of_papers(case: CaseFile) -> Iterator[Open]:
    for paper in case.filed:
        if paper.stale:
            yield f"《{paper.title}》制作以后内容改过", "重新制作这一份。"
        if paper.kind in SERVED and paper.served is None:
            yield f"《{paper.title}》还没有送达", "在“送达”里登记。"
    report = case.paper("closing_report")
    if report is None or report.draft:
        yield "结案报告还没有制作", "在“全部文书”的“归档”里填写、制作，报负责人批准。"
