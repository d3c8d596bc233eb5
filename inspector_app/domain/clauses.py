"""The clauses of an order: until when each runs, where it stands, and when it is settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .casefile import CaseFile
from .finding import Consequence, Finding
from .followup import ACCEPTED, DONE, GRANTED, LACKING

ORDERS = (Consequence.RECTIFY, Consequence.CORRECT)
"""What sets the unit a term (档案法45, 实施条例48 to 51)."""
PASSED_ON = (Consequence.PROPOSE, Consequence.TRANSFER, Consequence.FILE, Consequence.TALK)
"""What is for another organ or another procedure: settled by its answer (实施条例46)."""


def ordered(case: CaseFile) -> tuple[Finding, ...]:
    """The findings that the unit was ordered to settle."""
    return tuple(f for f in case.findings if Consequence(f.consequence) in ORDERS)


def due_of(case: CaseFile, finding: Finding) -> date | None:
    """The last day of a clause: as printed, or to which it was extended."""
    if finding.due is None:
        return None
    granted = [e.granted_until for e in case.followup.extensions if e.decision == GRANTED and e.granted_until]
    return max((finding.due, *granted))


def is_settled(case: CaseFile, finding: Finding) -> bool:
    """Whether nothing of a finding is open: rectified as seen on the spot, or answered by whom it was handed on to."""
    consequence = Consequence(finding.consequence)
    answered = [h for h in case.followup.passed_on(finding.id) if h.answered]
    if consequence in PASSED_ON:
        return any(h.way == consequence for h in answered)
    seen = case.followup.seen(finding.id)
    return consequence not in ORDERS or (seen is not None and seen.result == DONE) or bool(answered)


def is_late(case: CaseFile, finding: Finding, today: date) -> bool:
    """Whether the term of a clause is over and a re-inspection has not seen it rectified (档案法48: 逾期未整改)."""
    due, seen = due_of(case, finding), case.followup.seen(finding.id)
    return due is not None and due < today and not (seen is not None and seen.result == DONE)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a clause stands, in a word with its tone."""

    word: str
    tone: str


def standing_of(case: CaseFile, finding: Finding, today: date) -> Standing:
    """The last thing that happened to a clause; that its term is over comes before what the unit says."""
    held, seen, reply = case.followup, case.followup.seen(finding.id), case.followup.reply(finding.id)
    passed_on = held.passed_on(finding.id)
    if is_settled(case, finding):
        return Standing("另行处理，已答复" if passed_on else "已改正", "ok")
    if passed_on:
        return Standing("已提请处理，待答复", "warn")
    if seen is not None:
        return Standing(seen.result, "bad")
    if is_late(case, finding, today):
        return Standing("逾期没有复查", "bad")
    if reply is not None:
        return Standing({ACCEPTED: "待复查", LACKING: "材料要补"}.get(reply.judged, "报告待核对"), "brand")
    return Standing("整改中", "na")
