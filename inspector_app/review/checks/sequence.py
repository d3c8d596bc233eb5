"""The order in which an inspection is carried out: approval, notice, check, decision, rectification, closing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from ...domain.calendar import zh_date
from ...domain.clauses import is_settled, ordered
from ...domain.finding import Consequence
from ...domain.followup import GRANTED
from ...domain.inspection import OUTGOING, STEPS, Kind, Stage, step_of
from ...domain.rows import day_of
from ..check import Hit, check, hit
from ..dossier import Dossier

_CLOCKS = timedelta(minutes=5)
"""How far the clocks of two laptops of one team may differ before the order of what they wrote is doubted."""
_BESIDE = timedelta(minutes=10)
"""How far an answer may lie beside the visit as it was noted."""


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


@check("V20")
def decided_after_the_visit(d: Dossier) -> Iterator[Hit]:
    """Nothing is decided before anything was looked at (行政处罚法40, 54)."""
    arrived = d.case.visit.arrived
    for paper in d.formal(*OUTGOING):
        if arrived is not None and _minute(paper.at) < _minute(arrived):
            yield hit("paper", paper.kind, paper=paper.title)


@check("D72")
def in_sequence(d: Dossier) -> Iterator[Hit]:
    """Approval, notice; record, decision; service, publication; re-inspection, closing: each after the one before."""
    case = d.case
    if case.approved_at is not None and not case.visit.urgent:
        for notice in d.formal("notice"):
            if _minute(notice.at) < _minute(case.approved_at):
                yield hit("paper", "notice", "", fault=f"《{notice.title}》的制作早于批准")
    records = [record.at for record in d.formal("onsite_record")]
    for paper in d.formal(*OUTGOING):
        if records and paper.at < min(records):
            yield hit("paper", paper.kind, "", fault=f"《{paper.title}》的制作早于现场检查笔录")
    yield from _published(d)
    yield from _carried_out(d)


def _carried_out(d: Dossier) -> Iterator[Hit]:
    """Deliberation before the decision, service before the re-inspection, every step before the closing."""
    case, closing = d.case, d.case.followup.closing
    order = list(Stage)
    at = order.index(Stage(case.stage))
    decided = [paper for paper in d.formal(*OUTGOING) if paper.kind != d.about]
    if decided and case.visit.ended is not None and at < order.index(Stage.DELIBERATED):
        yield hit("paper", decided[0].kind, "", fault=f"《{decided[0].title}》制作以前没有合议")
    served = [paper.served.at for paper in d.formal("rectification", "correction_order") if paper.served is not None]
    for again in case.followup.reinspections:
        if served and again.begun.date() < min(served).date():
            yield hit("sheet", again.sheet, "re_from", fault="复查早于责令文书的送达")
    if closing is None:
        return
    if any(visit.ended > closing.at for visit in case.followup.reinspections):
        yield hit("case", "", "closing", fault="结案早于复查")
    if at < order.index(Stage.CLOSED):
        yield hit("case", "", "closing", fault=f"结案以前的步骤记录不全，停在“{STEPS[step_of(case.stage)]}”")


def _published(d: Dossier) -> Iterator[Hit]:
    """What is public reached the unit before."""
    served = [paper.served.at.date() for paper in d.formal(*OUTGOING) if paper.served is not None]
    for sheet in d.case.sheets:
        told = sheet.fields.get("public_on", "") if sheet.kind == "publicity" else ""
        if served and told and (day := day_of(told)) is not None and day < max(served):
            yield hit("sheet", sheet.id, "public_on", fault="公示早于送达")


@check("D73")
def settled_at_closing(d: Dossier) -> Iterator[Hit]:
    """A closed file holds nothing that was open at its closing, and says who approved it."""
    case, closing = d.case, d.case.followup.closing
    if closing is None:
        return
    for finding in case.findings:
        if not is_settled(case, finding):
            said = f"问题 {finding.code} 的{Consequence(finding.consequence).label}没有办结"
            yield hit("finding", finding.id, "", fault=said)
    if any(not asked.decision for asked in case.followup.extensions):
        yield hit("sheet", "extension", "extension_result", fault="延期申请没有决定")
    for dispute in case.followup.disputes:
        if dispute.day <= closing.at.date() and (dispute.settled is None or dispute.settled > closing.at.date()):
            yield hit("case", "", "dispute", fault=f"{dispute.by}的{dispute.kind}没有办结")
    if any(recording.stopped is None for recording in case.recordings):
        yield hit("case", "", "recordings", fault="还有录像录音没有停")
    if not d.formal("closing_report"):
        yield hit("paper", "closing_report", "", fault="没有结案报告")
    if not closing.approved_by.strip():
        yield hit("case", "", "closing", fault="没有写批准结案的负责人")


@check("D74")
def told_before_looking(d: Dossier) -> Iterator[Hit]:
    """Credentials and rights come before the first item, and every item is looked at during the visit."""
    visit = d.case.visit
    times = [item.at for item in d.case.items if item.value and item.at is not None]
    if visit.arrived is None or not times:
        return
    steps = (("credentials", "出示执法证件", visit.credentials_shown), ("rights", "告知权利义务", visit.rights_told))
    for field, words, step in steps:
        if step is not None and step.at > min(times) + _CLOCKS:
            yield hit("visit", "", field, fault=f"{words}晚于开始检查")
    last = visit.ended or max(times)
    beside = [
        item.code for item in d.case.items
        if item.value and item.at is not None and not visit.arrived - _BESIDE <= item.at <= last + _BESIDE
    ]  # fmt: skip
    if beside:
        yield hit("item", beside[0], "value", fault=f"{beside[0]} 等 {len(beside)} 项的检查时间不在到场和结束之间")


@check("D83")
def extended_in_time(d: Dossier) -> Iterator[Hit]:
    """More time is asked for before the term is over, and granted by name until a later day."""
    days = [finding.due for finding in ordered(d.case) if finding.due]
    due = max(days, default=None)
    for asked in d.case.followup.extensions:
        where = ("sheet", "extension")
        if due is not None and asked.asked_on > due:
            yield hit(*where, "asked_on", fault=f"申请在期限{zh_date(due)}以后")
        if asked.decision and not asked.by.strip():
            yield hit(*where, "extension_result", fault="的决定没有写批准人")
        if asked.decision != GRANTED or asked.granted_until is None:
            continue
        if due is not None and asked.granted_until <= due:
            yield hit(*where, "granted_until", fault=f"批准延至的日期不晚于期限{zh_date(due)}")
        due = max(asked.granted_until, due or asked.granted_until)


@check("D84")
def task_told(d: Dossier) -> Iterator[Hit]:
    """An inspection says where its task comes from and what is to be inspected (国办发〔2024〕54号)."""
    case = d.case
    if not d.reached(Stage.APPROVED):
        return
    planned = case.kind in (Kind.ROUTINE, Kind.SPECIAL)
    for field, words, said in (("source", "任务来源", case.source.strip()), ("scope", "检查事项", case.scope),
                               ("plan", "所依据的检查计划", case.plan.strip() or not planned)):  # fmt: skip
        if not said:
            yield hit("prepare", "", field, field=words)
