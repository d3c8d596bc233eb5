"""What is due when: every term that runs in an inspection, read from its case file. The board, the calendar and the exported
calendar show the same list."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from .calendar import WorkCalendar
from .casefile import CaseFile
from .clauses import due_of, is_settled, ordered
from .finding import OUTGOING, Consequence
from .inspection import Stage, outgoing_papers
from .policy import Policy
from .problems import Problem
from .procedure import Procedure

VISIT = "现场检查"


@dataclass(frozen=True, slots=True, order=True)
class Duty:
    """One thing and its last day. `at` and `until` are the hours of a visit; `source` says what the term rests on."""

    day: date
    what: str
    about: str
    stream: str = ""
    stage: int = -1  # index of the step of the rail in which it is done; -1: none
    source: str = ""
    at: datetime | None = None
    until: datetime | None = None

    @property
    def is_visit(self) -> bool:
        return self.what == VISIT

    @property
    def words(self) -> str:
        return f"{self.about}：{self.what}" if self.about else self.what


def duties_of(case: CaseFile, policy: Policy, procedure: Procedure, calendar: WorkCalendar) -> Iterator[Duty]:
    """Every open duty of an inspection. A term that cannot be counted yet (the year's arrangement is not known) is left out."""
    unit, stream = case.unit.name, case.id
    if case.stage == Stage.DECIDED:
        waiting = [p for kind in outgoing_papers(case) if (p := case.paper(kind)) and not p.draft and p.served is None]
        term = policy.deadline("service_penalty")
        if waiting and (last := _last(policy, "service_penalty", min(p.at.date() for p in waiting), calendar)):
            yield Duty(last, f"送达 {len(waiting)} 份处理文书", unit, stream, 6, term.source)
    if case.followup.closing is None and any(case.served(kind) for kind in OUTGOING):
        yield from _of_rectification(case, procedure)
    for sheet in case.sheets:
        until = sheet.fields.get("kept_until", "") if sheet.kind == "preservation_list" else ""
        with suppress(ValueError):  # what is no day is told by the file review
            if until and case.followup.closing is None:
                source = policy.deadline("register_preserve").source
                yield Duty(date.fromisoformat(until), "先行登记保存期满", unit, stream, 3, source)
    for dispute in case.followup.disputes:
        if dispute.due and not dispute.settled:
            yield Duty(dispute.due, f"{dispute.kind}的答复期限", unit, stream, 9, dispute.number)
    for call in case.followup.call_ups:
        if call.due and call.sent is None:
            source = policy.deadline("supervision_handover").source
            yield Duty(call.due, f"向{call.office}送出案卷", unit, stream, 9, source)


def _of_rectification(case: CaseFile, procedure: Procedure) -> Iterator[Duty]:
    unit, stream = case.unit.name, case.id
    by_day: dict[date, list[str]] = {}
    for finding in ordered(case):
        passed_on = case.followup.passed_on(finding.id)
        if not is_settled(case, finding) and not passed_on and (due := due_of(case, finding)):
            by_day.setdefault(due, []).append(finding.code)
    for day, codes in by_day.items():
        yield Duty(day, f"{'、'.join(codes)} 整改到期", unit, stream, 7, "责令文书写明的期限")
        if any(not asked.decision for asked in case.followup.extensions):
            yield Duty(day, "决定延期申请", unit, stream, 7, "责令文书写明的期限")
    for handed in case.followup.handed_on:
        if handed.reply_by and not handed.answered:
            yield Duty(handed.reply_by, f"{handed.to}书面告知{Consequence(handed.way).label}的结果", unit, stream, 7,
                       procedure.basis(handed.way))  # fmt: skip


def _last(policy: Policy, key: str, start: date, calendar: WorkCalendar) -> date | None:
    try:
        return policy.deadline(key).last_day(start, calendar)
    except Problem:
        return None
