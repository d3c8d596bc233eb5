"""Who signs, who decides, who is questioned: that each is the one who may."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...domain.inspection import Stage
from ...domain.paper import OFFICERS, Issued
from ..check import Hit, check, hit
from ..dossier import Dossier

_BY_BOTH = ("interview", "reinspection_record")
"""Records beside that of the visit, which two officers and the other side sign as they sign that."""
_LISTS = ("evidence_list", "sampling_list", "preservation_list")
"""Lists that are signed on the spot."""
_IDENTITY = 18
_REASON = re.compile(r"[：，]\s*\S")
"""What follows the bare decision."""


@check("V21")
def not_own_judge(d: Dossier) -> Iterator[Hit]:
    """Whether an officer withdraws is not decided by the officers of the team (行政处罚法43)."""
    team = {officer.name for officer in d.case.officers}
    for recusal in d.case.visit.recusals:
        if recusal.decided_by.strip() in team:
            yield hit("visit", recusal.id, "recusal", by=recusal.decided_by)


@check("U7")
def refusal_reasoned(d: Dossier) -> Iterator[Hit]:
    """Whose request for a recusal is refused is told why."""
    for recusal in d.case.visit.recusals:
        if recusal.decision and not recusal.granted and not _REASON.search(recusal.decision):
            yield hit("visit", recusal.id, "recusal", text=recusal.text)


@check("D86")
def approved_by_another(d: Dossier) -> Iterator[Hit]:
    """The head approves, and none of those who are to inspect (国办发〔2024〕54号)."""
    if d.case.approved_by.strip() in {officer.name for officer in d.case.officers}:
        yield hit("prepare", "", "approved_by", by=d.case.approved_by)


@check("D76")
def signed_by_those_present(d: Dossier) -> Iterator[Hit]:
    """Who signs for the unit was there, or heads it (行政诉讼证据规定15)."""
    case = d.case
    known = {a.name for a in case.visit.attendees} | {case.unit.head, case.unit.contact, case.unit.name}
    for record in d.formal("onsite_record"):
        for signature in record.signatures:
            if signature.role == "被检查单位" and not signature.refused and signature.name not in known:
                yield hit("paper", record.kind, "signatures", paper=record.title, name=signature.name)


@check("D77")
def others_signed(d: Dossier) -> Iterator[Hit]:
    """An interview and a re-inspection are signed by two officers and by the other side, a list by whoever was there.
    Where the signed pages are kept, they show it."""
    if not d.reached(Stage.RECORDED):
        return
    for record in d.formal(*_BY_BOTH, *_LISTS):
        if not record.kept and (fault := _unsigned(d, record)):
            yield hit("paper", record.kind, "signatures", paper=record.title, fault=fault)
    for record in d.formal() if d.closing else ():
        if record.kept and (lacking := record.pages_lacking):
            fault = f"存的签字页缺第{'、'.join(map(str, lacking))}页"
            yield hit("paper", record.kind, "signatures", paper=record.title, fault=fault)


def _unsigned(d: Dossier, record: Issued) -> str:
    if record.kind in _LISTS:
        return "" if record.signatures else "没有签字"
    if len(record.hands(d.case.officers)) < 2:
        return "不足两名检查人员签字"
    return "" if any(s.role not in OFFICERS for s in record.signatures) else "对方没有签字，也没有拒签记载"


@check("D85")
def identity_agrees(d: Dossier) -> Iterator[Hit]:
    """Day of birth and sex of who is questioned are those of the identity number (GB 11643)."""
    for sheet in d.case.sheets:
        number = sheet.fields.get("identity", "") if sheet.kind == "interview" else ""
        if len(number) != _IDENTITY or not number[:-1].isdigit():
            continue
        born, sex = sheet.fields.get("born", ""), sheet.fields.get("sex", "")
        if born and born.replace("-", "") != number[6:14]:
            yield hit("sheet", sheet.id, "born", fault="出生日期和身份证件号码不符")
        if sex and sex != ("男" if int(number[16]) % 2 else "女"):
            yield hit("sheet", sheet.id, "sex", fault="性别和身份证件号码不符")
