"""The voice of the unit: it was told its rights, heard, and what it said stands in the record."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...domain.inspection import Stage
from ..check import Hit, check, hit
from ..dossier import Dossier


@check("U1")
def replied(d: Dossier) -> Iterator[Hit]:
    """The unit's reply to the telling of its rights is recorded."""
    told = d.case.visit.rights_told
    if told is not None and not told.reply.strip():
        yield hit("visit", "", "rights")


@check("U2")
def request_registered(d: Dossier) -> Iterator[Hit]:
    """Whoever answers that he asks for a recusal has his request in the record."""
    told, asked = d.case.visit.rights_told, d.case.visit.recusals
    if told is not None and "申请回避" in told.reply.split("；") and not asked:
        yield hit("visit", "", "recusal")
    for sheet in d.case.sheets if not asked else ():
        reply = sheet.fields.get("answer_recusal", "") if sheet.kind == "interview" else ""
        if re.search(r"(?<![不没])申请.{0,6}回避|要求.{0,6}回避", reply) and not re.search(
            "不(?:要求|申请)|没有", reply
        ):
            yield hit("sheet", sheet.id, "answer_recusal")


@check("U3")
def heard(d: Dossier) -> Iterator[Hit]:
    """The unit was asked for its statement, and one that it made stands in the record (行政处罚法45)."""
    visit = d.case.visit
    if not visit.statement_reply:
        if d.reached(Stage.RECORDED):
            yield hit("visit", "", "statement", fault="没有记录是否陈述申辩")
    elif visit.statement_reply == "陈述申辩" and not visit.statement.strip():
        yield hit("visit", "", "statement", fault="单位陈述申辩，没有记录内容")


@check("U4")
def statement_on_paper(d: Dossier) -> Iterator[Hit]:
    """What the unit said stands on the record that it signs."""
    visit = d.case.visit
    for sheet in d.shown("onsite_record"):
        for what, text in (("单位意见", visit.remarks), ("陈述申辩", visit.statement)):
            first = next((line.strip() for line in text.splitlines() if line.strip()), "")
            if first and _bare(first) not in _bare(sheet.text):
                yield hit("paper", "onsite_record", "said", what=what)


def _bare(text: str) -> str:
    return "".join(text.split())


@check("U5")
def recusal_answered(d: Dossier) -> Iterator[Hit]:
    """A decision on a recusal says who made it and what it was."""
    for recusal in d.case.visit.recusals:
        if recusal.decision and not recusal.decided_by.strip():
            yield hit("visit", recusal.id, "recusal")


@check("U6")
def present(d: Dossier) -> Iterator[Hit]:
    """Somebody of the unit was present, with name and post."""
    visit = d.case.visit
    if visit.arrived is None or not d.reached(Stage.CHECKED):
        return
    if not visit.attendees:
        yield hit("visit", "", "attendees", fault="没有记录在场人员")
    for attendee in visit.attendees:
        if attendee.name in {officer.name for officer in d.case.officers}:
            yield hit("visit", attendee.name, "attendees", fault=f"在场人{attendee.name}是检查人员")
        if not attendee.title.strip():
            yield hit("visit", attendee.name, "attendees", fault=f"在场人{attendee.name}没有写职务")
