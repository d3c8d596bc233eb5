"""Who may inspect, and what must have happened before and at the door (合法性)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...domain.calendar import zh_date
from ...domain.casefile import CaseFile
from ...domain.inspection import Stage
from ...domain.paper import OFFICERS
from ...domain.people import check_digit
from ...domain.problems import Problem
from ..check import Hit, check, hit
from ..dossier import Dossier


@check("V1")
def officers(d: Dossier) -> Iterator[Hit]:
    """Two different officers, each with a credential valid that day (行政处罚法42)."""
    able = d.case.able
    if len({officer.id for officer in able}) < 2:
        yield hit("prepare", "", "officers", fault=f"执法人员只有{len({o.id for o in able})}名")
    for officer in able:
        if officer.credential is None:
            yield hit("prepare", officer.id, "officers", fault=f"{officer.name}没有执法证")
        elif not officer.credential.holds_on(d.day):
            yield hit("prepare", officer.id, "officers", fault=f"{officer.name}的执法证当日无效")
        elif not officer.credential.number.strip():
            yield hit("prepare", officer.id, "officers", fault=f"{officer.name}的执法证没有证号")
    numbers = [o.credential_number for o in able if o.credential]
    if len(set(numbers)) < len(numbers):
        yield hit("prepare", "", "officers", fault="两名执法人员填了同一个执法证号")
    for again in d.case.followup.reinspections:
        valid = [o for o in able if o.credential is not None and o.credential.holds_on(again.begun.date())]
        if len({officer.id for officer in valid}) < 2:
            fault = f"{zh_date(again.begun.date())}复查时，执法证有效的人员不足两名"
            yield hit("prepare", "", "officers", fault=fault)


@check("V2")
def approved(d: Dossier) -> Iterator[Hit]:
    """Approved before the arrival, or urgent and approved within the term (国办发〔2024〕54号)."""
    case, arrived = d.case, d.case.visit.arrived
    if case.approved_at is None:
        if (arrived is not None and not _may_follow(d)) or d.about == "notice" or d.closing:
            yield hit("prepare", "", "approval", fault="没有经负责人批准")
    elif arrived is not None and case.approved_at > arrived and not case.visit.urgent:
        yield hit("prepare", "", "approval", fault="批准时间晚于到场时间，也没有写明紧急事由")
    elif case.approved_late or (
        arrived is not None and case.approved_at - arrived > d.policy.deadline("approval_late").span
    ):
        yield hit("prepare", "", "approval", fault="紧急检查的审批超过了补办期限")


def _may_follow(d: Dossier) -> bool:
    """Whether the approval of an urgent visit may still come: what is made on site does not wait for it."""
    visit, term = d.case.visit, d.policy.deadline("approval_late")
    if not visit.urgent or visit.arrived is None or d.deciding:
        return False
    return d.today <= (visit.arrived + term.span).date()


@check("V3")
def notified(d: Dossier) -> Iterator[Hit]:
    """The notice reached the unit at the latest at the door, or the visit was urgent with a reason."""
    visit = d.case.visit
    if visit.arrived is None or visit.urgent:
        return
    served = [p.served for p in d.case.formal("notice") if p.served is not None]
    if not served:
        yield hit("service", "notice", fault="没有送达")
    elif min(s.at for s in served) > visit.arrived:
        yield hit("service", "notice", fault="送达时间晚于到场时间")


@check("V4")
def told(d: Dossier) -> Iterator[Hit]:
    """Credentials shown, recording and rights told, before the check ended (行政处罚法44, 55)."""
    visit = d.case.visit
    if visit.arrived is None and not d.closing:
        return
    begun = d.reached(Stage.CHECKING)
    steps = (("credentials", "出示执法证件", visit.credentials_shown), ("recording", "告知全过程记录", visit.recording_told),
             ("rights", "告知权利义务", visit.rights_told))  # fmt: skip
    for field, words, step in steps:
        if step is None:
            if begun:
                yield hit("visit", "", field, fault=f"没有记载{words}")
        elif visit.ended is not None and step.at > visit.ended:
            yield hit("visit", "", field, fault=f"{words}的时间晚于检查结束时间")


@check("V8")
def named(d: Dossier) -> Iterator[Hit]:
    """One name and one valid code of the unit in all papers (GB 32100)."""
    unit = d.case.unit
    code = unit.credit_code
    if not code or not _valid(code):
        yield hit("prepare", "", "unit_code", fault=f"统一社会信用代码“{code}”校验不符")
    for sheet in d.shown():
        if sheet.passages and unit.name not in sheet.text and sheet.kind not in _NAMELESS:
            yield hit("paper", sheet.kind, fault=f"《{sheet.title}》里没有单位全称“{unit.name}”")
        for other in _CODE.findall(sheet.text):
            if other != code:
                yield hit("paper", sheet.kind, fault=f"《{sheet.title}》上的信用代码“{other}”不是登记的代码")


_CODE = re.compile(r"信用代码[：:]\s*([0-9A-Z]+)")
_NAMELESS = frozenset({"plan", "draw_record", "case_contents", "case_remarks", "publicity"})
"""Papers that need not name the unit of this case."""


def _valid(code: str) -> bool:
    try:
        return len(code) == 18 and check_digit(code[:17]) == code[17]
    except Problem:
        return False


@check("V12")
def settled(d: Dossier) -> Iterator[Hit]:
    """What two officers recorded differently is settled before a paper says it."""
    case = d.case
    for item in case.items:
        if item.conflict:
            yield hit("item", item.code, "value", what=f"检查项 {item.code} 的结果")
        if item.note_conflict:
            yield hit("item", item.code, "note", what=f"检查项 {item.code} 的备注")
    for key, _ in case.reading_conflicts:
        yield hit("item", key.split("_")[0], "reading", what=f"检查项 {key.split('_')[0]} 的读数")
    for finding in case.findings:
        if finding.differs:
            yield hit("finding", finding.id, what=f"问题 {finding.code}")
    for sheet in case.sheets:
        if sheet.conflict and (not d.about or d.about_sheet == sheet.id):
            yield hit("sheet", sheet.id, sheet.conflict[0].field, what="文书的填写内容")


@check("V13")
def recused(d: Dossier) -> Iterator[Hit]:
    """Every request that an officer withdraw is decided before the visit's result (行政处罚法43)."""
    for recusal in d.case.visit.recusals:
        if not recusal.decision and d.deciding:
            yield hit("visit", recusal.id, "recusal", text=recusal.text)


@check("V14")
def without_the_recused(d: Dossier) -> Iterator[Hit]:
    """Nobody whom a granted request took out signs or serves afterwards (行政处罚法43)."""
    names = {o.id: o.name for o in d.case.officers if o.id in d.case.recused}
    for paper in d.formal():
        for signature in paper.signatures:
            if signature.hand in (*names, *names.values()) and signature.role in OFFICERS:
                yield hit("paper", paper.kind, officer=signature.name, act=f"《{paper.title}》签字")
        for server in paper.served.servers if paper.served else ():
            if server in names:
                yield hit("service", paper.kind, officer=names[server], act=f"送达《{paper.title}》")


@check("D48")
def code_of_enterprise(d: Dossier) -> Iterator[Hit]:
    """An enterprise is inspected with an inspection code (上海市检查码)."""
    if d.case.unit.kind.is_enterprise and not d.case.code and (d.case.visit.arrived or d.about == "notice"):
        yield hit("prepare", "", "code")


@check("D49")
def lead_time(d: Dossier) -> Iterator[Hit]:
    """The notice is served some working days ahead, as the bureau set it."""
    visit = d.case.visit
    served = [p.served.at.date() for p in d.case.formal("notice") if p.served is not None]
    if not served or visit.arrived is None or visit.urgent:
        return
    wanted = d.policy.deadline("notice_lead").value
    had = d.calendar.workdays_between(min(served), visit.arrived.date())
    if had < wanted:
        yield hit("service", "notice", days=had, wanted=wanted)


@check("D50")
def approval_complete(d: Dossier) -> Iterator[Hit]:
    """An approval says by whom."""
    if d.case.approved_at is not None and not d.case.approved_by.strip():
        yield hit("prepare", "", "approved_by")


@check("D51")
def frequency_told(d: Dossier) -> Iterator[Hit]:
    """How often the enterprise was inspected this year is known before it is inspected again (国办发〔2024〕54号)."""
    if d.case.unit.kind.is_enterprise and d.case.checks_this_year is None and d.reached(Stage.NOTIFIED):
        yield hit("prepare", "", "checks_this_year")


@check("D14")
def unit_basics(d: Dossier) -> Iterator[Hit]:
    """The unit's address, head and telephone stand in the file."""
    unit = d.case.unit
    lacking = [label for label, value in _basics(d.case) if not value.strip()]
    if lacking:
        yield hit("prepare", unit.id, "unit", fields="、".join(lacking))


def _basics(case: CaseFile) -> tuple[tuple[str, str], ...]:
    unit = case.unit
    return (("单位名称", unit.name), ("地址", unit.address), ("负责人", unit.head), ("电话", unit.phone))


@check("N8")
def law_explained(d: Dossier) -> Iterator[Hit]:
    """The law was explained on site (谁执法谁普法)."""
    if d.reached(Stage.RECORDED) and d.case.visit.law_explained is None:
        yield hit("visit", "", "law")
