"""One inspection: the rail of ten stages and the stage on view."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget, QWidget

from ...actions.filecheck import Place
from ...domain.calendar import zh_time
from ...domain.casefile import CaseFile
from ...domain.clauses import is_settled, ordered
from ...domain.footage import Recording, open_gaps
from ...domain.inspection import STEPS, Kind, step_of
from ..desk import Desk
from ..offers import Offers
from ..widgets.focus import bring, order_tabs, release_focus
from ..widgets.palette import Command
from ..widgets.panels import column
from ..widgets.rail import StageRail
from .arrival import ArrivalStage
from .base import Screen, Stage
from .case_commands import case_commands
from .checklist import ChecklistStage
from .evidence import EvidenceStage
from .findings import FindingsStage
from .followup import FollowupStage
from .journal import JournalStage
from .papers import PapersStage
from .prepare import PrepareStage
from .recheck import RecheckStage
from .record import RecordStage
from .service import ServiceStage

STAGES: tuple[type[Stage], ...] = (
    PrepareStage, ArrivalStage, ChecklistStage, EvidenceStage, RecordStage, FindingsStage, ServiceStage,
    FollowupStage, RecheckStage, JournalStage, PapersStage,
)  # fmt: skip
"""For each of the ten steps the stage that shows it; behind them all papers of the case."""


class CaseScreen(Screen):
    """The workspace of an inspection."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.rail = StageRail(STEPS, (PapersStage.TITLE, "file-text"))
        self.rail.chosen.connect(self.open_stage)
        desk.stage_opened.connect(self.open_stage)
        self._pages = QStackedWidget()
        self._made: dict[type[Stage], Stage] = {}
        self._offers: dict[Stage, Offers] = {}
        self.stage_index = -1
        self._case = ""
        self._review_timer = QTimer(self)
        self._review_timer.setSingleShot(True)
        self._review_timer.setInterval(250)
        self._review_timer.timeout.connect(self._review)
        desk.reviewed.connect(self._show_score)
        desk.led.connect(self._led)
        self._heading = ("", "", "")
        layout = column(self.rail, self._pages, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    @property
    def stage(self) -> Stage:
        """The stage on view, made when first shown."""
        kind = STAGES[max(self.stage_index, 0)]
        if kind not in self._made:
            made = self._made[kind] = kind(self.desk)
            self._offers[made] = Offers(made)
            self._pages.addWidget(made)
        return self._made[kind]

    def refresh(self) -> None:
        case = self.desk.queries.case(self.desk.case_id)
        if case.id != self._case:
            self._case = case.id
            self.stage_index = step_of(case.stage)
        self._show_rail(case)
        stage = self.stage
        self._pages.setCurrentWidget(stage)
        self.begin_at(stage)
        self._offers[stage].lay_open()
        stage.show_case(case)
        self._offers[stage].keep(lambda act: not self.desk.bar(act, case))
        self.desk.moved.emit()
        self._review_timer.start()

    def open_stage(self, index: int) -> None:
        """Show a stage; any may be looked at, what may be done there the stage itself says."""
        release_focus(self)
        self.stage_index = index
        self.refresh()
        order_tabs(self)
        if self.window().focusWidget() is None:  # a stage may have chosen its main act
            self.stage.setFocus()

    def _led(self, place: Place) -> None:
        """A remark of the review leads to the field that it speaks of; where the stage has none, to the stage."""
        if self.isVisible() and (found := self.stage.seek(place)) is not None:
            bring(found)

    def commands(self) -> Iterator[Command]:
        return case_commands(lambda: self.stage)

    def regions(self) -> list[QWidget]:
        return [self.rail, *self.stage.regions()]

    def quiet_place(self) -> QWidget:
        return self.stage.quiet_place()

    def primary(self) -> None:
        self.stage.primary()

    def leave(self) -> bool:
        return self.stage.leave() if self.stage_index >= 0 else True

    def _show_rail(self, case: CaseFile) -> None:
        reached = step_of(case.stage)
        chips = _chips(case, self.desk.book.rules.policy.recording)
        unsettled = any(not is_settled(case, finding) for finding in ordered(case))  # whatever was seen again
        for index, button in enumerate(self.rail.buttons):
            chip, tone = chips.get(index, ("", "brand"))
            done = index < reached and not (index == 3 and tone == "warn" and chip) and not (index == 7 and unsettled)
            if index == 1:
                done = steps_done(case) == 5  # 到场 has five steps, whatever was begun meanwhile
            if index == 9:
                done = case.archived is not None
            button.show_state(done, index == self.stage_index, chip, tone)
        self.rail.aside.setChecked(self.stage_index == len(STEPS))
        visit = case.visit
        names = "、".join(o.name for o in case.officers)
        if visit.ended:
            words = f"检查结束 {zh_time(visit.ended)} · {names}"
        elif visit.arrived:
            words = f"到场 {zh_time(visit.arrived)} · {names}"
        else:
            words = names
        if not self.desk.may("inspect", case.id):
            words = f"只看，{self.desk.book.role.label} · {words}"
        self._heading = (case.unit.name, Kind(case.kind).label, words)
        self._show_score()

    def _review(self) -> None:
        """A moment after a change, and never once the session has ended."""
        if self.desk.session is not None and self.desk.case_id == self._case and self.isVisible():
            self.desk.review()

    def _show_score(self) -> None:
        name, kind, words = self._heading
        verdict = self.desk.verdict
        if verdict is not None:  # first, so that it stays where the line is cut
            words = f"评查 {verdict.score} · {words}"
        self.desk.headed.emit(name, kind, words)


def steps_done(case: CaseFile) -> int:
    """How many of the five steps of 到场 are done."""
    visit = case.visit
    told = visit.rights_told and visit.recording_told
    return sum(bool(x) for x in (visit.arrived, visit.credentials_shown, told, visit.attendees_at, visit.law_explained))


def _chips(case: CaseFile, recording: Recording) -> dict[int, tuple[str, str]]:
    """What is missing in each stage, in a few characters."""
    chips: dict[int, tuple[str, str]] = {}
    visit = case.visit
    if visit.arrived and not visit.ended:
        if (done := steps_done(case)) < 5:
            chips[1] = (f"{done}/5", "warn")
        answered = sum(bool(item.value) for item in case.items)
        if answered < len(case.items):
            chips[2] = (f"{answered}/{len(case.items)}", "brand")
    lacking = sum(1 for item in case.items if item.value in ("基本符合", "不符合") and not item.evidence)
    if lacking:
        chips[3] = (f"缺{lacking}", "warn")
    elif visit.arrived and not visit.ended and (bare := open_gaps(case, recording)):
        chips[3] = (f"{len(bare)}处没录", "warn")  # told while it can still be made good
    open_findings = sum(not finding.confirmed for finding in case.findings)
    if open_findings:
        chips[5] = (f"{open_findings}处", "warn")
    return chips
