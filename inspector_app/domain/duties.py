"""What is due when: every term that runs in an inspection, read from its small row and what followed. The board, the calendar and the exported
calendar show the same list."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from .calendar import WorkCalendar
from .casefile import CaseFile
from .finding import Consequence
from .followup import Followup
from .inspection import outgoing_papers
from .legal import standing
from .policy import Policy
from .problems import Problem
from .procedure import Procedure
from .tally import Tally

VISIT = "现场检查"
PUBLICITY = "公示"
"""The board of what is to be published, compared or taken down."""
PRESERVATION = "preservation_list"
"""The kind of sheet that says until when evidence is preserved."""


@dataclass(frozen=True, slots=True, order=True)
class Duty:
    """One thing and its last day. `at` and `until` are the hours of a visit; `source` says what the term rests on; `board`
    is where it is done if in no stage of an inspection, and `subject` what is published of it."""

    day: date
    what: str
    about: str
    stream: str = ""
    stage: int = -1  # index of the step of the rail in which it is done; -1: none
    source: str = ""
    at: datetime | None = None
    until: datetime | None = None
    board: str = ""
    subject: str = ""

    @property
    def is_visit(self) -> bool:
        return self.what == VISIT

    @property
    def words(self) -> str:
        return f"{self.about}：{self.what}" if self.about else self.what


def of_service(case: CaseFile, policy: Policy, calendar: WorkCalendar) -> Iterator[Duty]:
    """Papers that decide something and have not reached the unit. A term that cannot be counted yet (the year's arrangement
    is not known) is left out."""
    waiting = [p for kind in outgoing_papers(case) if (p := case.paper(kind)) and not p.draft and p.served is None]
    term = policy.deadline("service_penalty")
    if waiting and (last := _last(policy, "service_penalty", min(p.at.date() for p in waiting), calendar)):
        yield Duty(last, f"送达 {len(waiting)} 份处理文书", case.unit.name, case.id, 6, term.source)


def of_review(case: CaseFile, policy: Policy, calendar: WorkCalendar) -> Iterator[Duty]:
    """Papers that wait for their legal review, each until the last day of its term or of its extension."""
    term = policy.deadline("legal_review")
    for about in dict.fromkeys((each.kind, each.paper_sheet) for each in case.legal):
        asked = standing(case.rounds(*about))
        if asked is None or not asked.waits:
            continue
        if last := asked.longer.until if asked.longer else _last(policy, term.key, asked.at.date(), calendar):
            yield Duty(last, f"法制审核{asked.title}", case.unit.name, case.id, 5, term.source)


def of_approval(tally: Tally, policy: Policy) -> Iterator[Duty]:
    """An urgent visit whose approval is to be added, until the day on which its hours end."""
    if tally.unapproved is not None:
        term = policy.deadline("approval_late")
        yield Duty((tally.unapproved + term.span).date(), "补办检查审批", tally.unit_name, tally.id, 0, term.source)


def of_clauses(tally: Tally, held: Followup, procedure: Procedure) -> Iterator[Duty]:
    """What the unit was ordered to settle and is not seen settled, and what waits for the answer of another organ."""
    if tally.served is None:
        return
    unit, stream = tally.unit_name, tally.id
    by_day: dict[date, list[str]] = {}
    for flaw in tally.flaws:
        if flaw.is_ordered and not flaw.mended and flaw.due and not held.passed_on(flaw.id):
            by_day.setdefault(flaw.due, []).append(flaw.code)
    for day, codes in by_day.items():
        yield Duty(day, f"{'、'.join(codes)} 整改到期", unit, stream, 7, "责令文书写明的期限")
        if any(not asked.decision for asked in held.extensions):
            yield Duty(day, "决定延期申请", unit, stream, 7, "责令文书写明的期限")
    for handed in held.handed_on:
        if handed.reply_by and not handed.answered:
            yield Duty(handed.reply_by, f"{handed.to}书面告知{Consequence(handed.way).label}的结果", unit, stream, 7,
                       procedure.basis(handed.way))  # fmt: skip


def of_preservation(case: CaseFile, policy: Policy, calendar: WorkCalendar) -> Iterator[Duty]:
    """When the preservation of evidence ends: the day that was written down, else the last one that the law gives."""
    for sheet in (sheet for sheet in case.sheets if sheet.kind == PRESERVATION):
        until, since = (sheet.fields.get(name, "") for name in ("kept_until", "kept_from"))
        with suppress(ValueError):  # what is no day is told by the file review
            first = date.fromisoformat(since) if since and not until else None
            last = (
                _last(policy, "register_preserve", first, calendar)
                if first
                else date.fromisoformat(until)
                if until
                else None
            )
            if last is not None:
                source = policy.deadline("register_preserve").source
                yield Duty(last, "先行登记保存期满", case.unit.name, case.id, 3, source)


def of_remedies(tally: Tally, held: Followup, policy: Policy) -> Iterator[Duty]:
    """Answers to disputes, and a file that is called up; of closed inspections too."""
    for dispute in held.disputes:
        if dispute.due and not dispute.settled:
            yield Duty(dispute.due, f"{dispute.kind}的答复期限", tally.unit_name, tally.id, 9, dispute.number)
    for call in held.call_ups:
        if call.due and call.sent is None:
            source = policy.deadline("supervision_handover").source
            yield Duty(call.due, f"向{call.office}送出案卷", tally.unit_name, tally.id, 9, source)


def _last(policy: Policy, key: str, start: date, calendar: WorkCalendar) -> date | None:
    try:
        return policy.deadline(key).last_day(start, calendar)
    except Problem:
        return None
