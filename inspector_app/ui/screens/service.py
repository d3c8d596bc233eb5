"""Stage 送达: which papers, how, when, to whom, with which proof."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QDateTime
from PySide6.QtWidgets import QDateTimeEdit, QWidget

from ...actions import service
from ...domain.calendar import zh_moment
from ...domain.casefile import CaseFile, Issued
from ...domain.clock import CHINA
from ...domain.inspection import Stage as Phase
from ...domain.inspection import outgoing_papers
from ..desk import Desk
from ..widgets.buttons import Button
from ..widgets.fields import Field, Pick
from ..widgets.panels import Body, Card, Side, Tag, clear, column, row
from ..widgets.text import Text
from .base import Stage
from .paper_desk import PaperDesk


class ServiceStage(Stage):
    """Left the entry, right the proof of service (送达回证)."""

    TITLE = "送达"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._case: CaseFile | None = None
        self._chosen: dict[str, Button] = {}
        self._papers = column(spacing=8)
        self.method = Pick("送达方式", [(m, m) for m in service.METHODS], lambda _: self._show_method())
        self._proof = Text("", "small", "ink2", wrap=True)
        self.at = QDateTimeEdit()
        self.at.setDisplayFormat("yyyy年M月d日 HH:mm")
        self.at.setAccessibleName("送达时间")
        self.at.lineEdit().setAccessibleName("送达时间")
        self.at.setButtonSymbols(QDateTimeEdit.ButtonSymbols.NoButtons)
        self.place, self.receiver = Field("送达地点"), Field("收件人")
        self.relation = Field("与受送达单位的关系", hint="例如：办公室主任")
        self.refusal, self.seen_by = Field("拒收的事由"), Field("见证人")
        self.serve = Button("登记送达", "primary", "paper-plane-tilt", act=self._serve, height=48)
        self._done = column(spacing=8)
        body = Body(
            Text("要送达的文书", "h2"), self._papers, self.method, self._proof, Text("送达时间", "small", "ink3"), self.at,
            self.place, row(self.receiver, self.relation, spacing=12), row(self.refusal, self.seen_by, spacing=12),
            self._done, None, spacing=10,
        )  # fmt: skip
        left = Side("right", 340, 420)
        foot = QWidget()
        foot.setLayout(column(self.serve, margins=(16, 6, 16, 12)))
        inside = column(body, foot, spacing=0)
        inside.setStretch(0, 1)
        left.setLayout(inside)
        self.papers = PaperDesk(desk, ("proof_of_service",))
        layout = row(left, self.papers, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def show_case(self, case: CaseFile) -> None:
        if self._case is None or self._case.id != case.id or not self.place.text():
            self._propose(case)
        self._case = case
        waiting = _waiting(case)
        clear(self._papers)
        self._chosen = {}
        for paper in waiting:
            button = Button(f"{paper.title}　{paper.number}", "secondary", "check-circle", checkable=True, height=40)
            button.setChecked(True)
            self._chosen[paper.id] = button
            self._papers.addWidget(button)
        if not waiting:
            sentence = (
                "文书都已送达。"
                if case.stage == Phase.SERVED
                else "还没有要送达的文书。先在“处理”里制作文书，作出处理决定。"
            )
            self._papers.addWidget(Text(sentence, "small", "ink2", wrap=True))
        clear(self._done)
        for paper in case.papers:
            if paper.served is not None:
                said = f"{paper.served.method}，{zh_moment(paper.served.at)}，{paper.served.receiver}"
                self._done.addWidget(Card(row(Text(paper.title, "strong"), None, Tag("已送达", "ok", "check-circle")),
                                          Text(said, "small", "ink2", wrap=True), padding=10, spacing=2))  # fmt: skip
        self._show_method()
        bar = "" if waiting else "没有要送达的文书"
        if waiting and case.stage != Phase.DECIDED:
            bar = "作出处理决定后送达"
        self.serve.set_blocked(bar)
        self.papers.show_case(case)

    def _propose(self, case: CaseFile) -> None:
        now = self.desk.book.clock.now().at
        self.at.setDateTime(QDateTime(now.year, now.month, now.day, now.hour, now.minute, 0))
        self.place.input.setText(case.visit.place or case.unit.address)
        first = case.visit.attendees[0] if case.visit.attendees else None
        self.receiver.input.setText(first.name if first else case.unit.contact)
        self.relation.input.setText(first.title if first else "")

    def _show_method(self) -> None:
        method = self.method.value()
        self._proof.setText(self.desk.book.rules.procedure.proofs[method])
        for field in (self.refusal, self.seen_by):
            field.setVisible(method == "留置送达")

    def _serve(self) -> None:
        case = self._case
        assert case is not None
        day, clock = self.at.date(), self.at.time()
        at = datetime(day.year(), day.month(), day.day(), clock.hour(), clock.minute(), tzinfo=CHINA)
        delivery = service.Delivery(
            papers=tuple(id for id, button in self._chosen.items() if button.isChecked()), method=self.method.value(),
            served_at=at, place=self.place.text(), receiver=self.receiver.text(), relation=self.relation.text(),
            seen_by=self.seen_by.text(), refusal=self.refusal.text(), servers=tuple(o.name for o in case.officers),
        )  # fmt: skip
        if self.desk.act(service.serve, self.desk.book, case.id, delivery) is not None:
            self.desk.toasted.emit("送达已登记", None)

    def primary(self) -> None:
        if self.serve.isEnabled():
            self.serve.click()


def _waiting(case: CaseFile) -> list[Issued]:
    found = (case.paper(kind) for kind in outgoing_papers(case))
    return [p for p in found if p is not None and not p.draft and p.served is None]
