"""From a remark of the file review to the field it speaks of, and from a duty to where it is done."""

from __future__ import annotations

from ..actions.filecheck import Place
from ..domain.duties import PUBLICITY, Duty
from ..domain.event import PLANNING
from ..domain.inspection import OUTGOING, STEPS
from .desk import Desk

_PAPERS_STAGE = len(STEPS)
_STAGES = {"prepare": 0, "visit": 1, "item": 2, "evidence": 3, "finding": 5, "service": 6, "sheet": _PAPERS_STAGE, "file": 9,
           "case": 9}  # fmt: skip
_PAPERS = {"notice": 0, "onsite_record": 4, "evidence_list": 4, "hash_list": 4, "proof_of_service": 6}
_SAID = frozenset({"statement", "remarks", "said"})
"""Fields of the visit that stand in the stage 笔录."""


def lead(desk: Desk, place: Place, *, to_field: bool = True) -> None:
    """Open the stage of a place with the item, piece, finding or paper chosen, and give its field the focus where that is
    wanted: what is only to be seen opens nothing."""
    case = desk.case_id
    stage = _STAGES.get(place.kind, 5)
    if place.kind == "paper":
        stage = _PAPERS.get(place.key, 5 if place.key in OUTGOING else _PAPERS_STAGE)
        desk.paper_by_case[case] = place.key
    elif place.kind == "visit" and place.field in _SAID:
        stage = 4
    elif place.kind == "item":
        desk.item_by_case[case] = place.key
    elif place.kind == "evidence":
        desk.evidence_by_case[case] = place.key
    elif place.kind == "finding":
        desk.finding_by_case[case] = place.key
    desk.open_stage(stage)
    if to_field:
        desk.led.emit(place)  # the stage that is on view now takes the focus to the field, where it can


def lead_to_remark(desk: Desk) -> None:
    """Go to the place of the next open remark of the review, the gravest first; from the last to the first."""
    if desk.verdict is None:
        desk.toasted.emit("案卷评查还在核对，过一会儿再按。", None)
        return
    remarks = [each for each in desk.verdict.remarks if each.open]
    if not remarks:
        desk.toasted.emit("案卷评查没有要改的。", None)
        return
    case, last = desk.remark
    at = ((last if case == desk.case_id else -1) + 1) % len(remarks)
    desk.remark = (desk.case_id, at)
    remark = remarks[at]
    lead(desk, remark.hit.place)
    desk.told.emit(f"{remark.message}{remark.check.way}", "warn")


def open_duty(desk: Desk, duty: Duty) -> None:
    """Where a duty is done: the stage of its inspection, what is published, or a board beside the draws."""
    if duty.board == PUBLICITY:
        desk.open("publicity")
        desk.publicised.emit(duty.stream or PLANNING, duty.subject)
    elif duty.board:
        open_board(desk, duty.board)
    elif duty.stream:
        desk.open("case", duty.stream)
        if not duty.is_visit:
            desk.open_stage(duty.stage)
    else:
        desk.open("units")


def open_board(desk: Desk, name: str) -> None:
    """A board beside the draws; to whom inspections are closed, the lists stand in 管理."""
    desk.open("draws" if desk.may("read") else "administration")
    desk.board_opened.emit(name)
