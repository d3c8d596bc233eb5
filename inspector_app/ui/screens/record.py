"""Stage 笔录: the unit's own words and its statement, the record made, printed and signed, the end of the visit."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ...actions import onsite
from ...actions.procedure import obstacle
from ...domain.casefile import CaseFile
from ..desk import Desk
from ..widgets.buttons import Button
from ..widgets.fields import Choice, Note
from ..widgets.panels import Body, Card, Side, Tag, clear, column, row
from ..widgets.text import Text
from .base import Stage
from .paper_desk import PaperDesk
from .signing import lacking_signatures


class RecordStage(Stage):
    """Left what the unit says, right the papers that are signed on the spot."""

    TITLE = "笔录"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._case: CaseFile | None = None
        self.remarks = Note("单位意见", "按单位的原话写，例如：情况属实，没有意见。", 4)
        self.remarks.typed.connect(lambda text: self._keep("remarks", text))
        self.remarks.left.connect(lambda _: self._leave_remarks())
        self.reply = Choice("是否陈述申辩", onsite.STATEMENT_REPLIES)
        self.reply.chosen.connect(self._replied)
        self.statement = Note("陈述申辩的内容", desk.book.rules.procedure.wordings["statement"].text, 4)
        self.statement.typed.connect(lambda text: self._keep("statement", text))
        self.statement.left.connect(lambda _: self._leave_statement())
        self._signs = column(spacing=6)
        self.end = Button("结束现场检查", "primary", "check", act=self._end, height=48)
        self._bar = Text("", "small", "ink2", wrap=True)
        body = Body(
            Text("单位意见", "h2"), self.remarks,
            Text("陈述申辩", "h2"), self.reply, self.statement,
            Text("签字", "h2"), self._signs, None, spacing=10,
        )  # fmt: skip
        left = Side("right", 350, 420)
        foot = QWidget()
        foot.setLayout(column(self._bar, self.end, spacing=6, margins=(16, 6, 16, 12)))
        inside = column(body, foot, spacing=0)
        inside.setStretch(0, 1)
        left.setLayout(inside)
        self.papers = PaperDesk(desk, ("onsite_record", "evidence_list"))
        layout = row(left, self.papers, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def show_case(self, case: CaseFile) -> None:
        if self._case is None or self._case.id != case.id:
            self.remarks.load(self.desk.kept(f"{case.id}/remarks") or case.visit.remarks)
            self.statement.load(self.desk.kept(f"{case.id}/statement") or case.visit.statement)
        self._case = case
        visit = case.visit
        open_ = visit.arrived is not None and visit.ended is None
        if not self.remarks.hasFocus() and not self.desk.kept(f"{case.id}/remarks"):
            self.remarks.load(visit.remarks)
        self.remarks.setReadOnly(not open_)
        self.statement.setReadOnly(not open_)
        self.reply.setEnabled(open_)
        if visit.statement_reply:
            self.reply.show_value(visit.statement_reply)
        self.statement.setVisible(self.reply.value() == "陈述申辩")
        self._show_signatures(case)
        sentence = obstacle(self.desk.book, case, "visit_ended")
        if visit.ended is not None:
            sentence = "现场检查已经结束，笔录不能再改，只能补正。"
        self._bar.setText(sentence)
        self._bar.setVisible(bool(sentence))
        self.end.set_blocked(sentence)
        self.papers.show_case(case)

    def _show_signatures(self, case: CaseFile) -> None:
        clear(self._signs)
        paper = case.paper("onsite_record")
        if paper is None or paper.draft:
            self._signs.addWidget(
                Text("先写明单位意见和陈述申辩，再制作笔录，打印后逐页签字。", "small", "ink2", wrap=True)
            )
            return
        for mark in paper.signatures:
            tag = Tag("拒签", "warn", "warning-circle") if mark.refused else Tag("已签", "ok", "check-circle")
            said = f"{mark.refused}（{mark.witness}见证）" if mark.refused else mark.role
            self._signs.addWidget(
                Card(row(Text(mark.name, "strong"), Text(said, "small", "ink2"), None, tag), padding=10)
            )
        for name, role in lacking_signatures(case, paper):
            self._signs.addWidget(
                Card(row(Text(name, "strong"), Text(role, "small", "ink2"), None, Tag("待签字", "na")), padding=10)
            )

    def quiet_place(self) -> QWidget:
        return self.papers.view

    def primary(self) -> None:
        if self.end.isEnabled():
            self.end.click()
        else:
            self.papers.primary()

    # -- the unit's words -------------------------------------------------------------------------------------

    def _keep(self, what: str, text: str) -> None:
        assert self._case is not None
        self.desk.keep(f"{self._case.id}/{what}", text)

    def _leave_remarks(self) -> None:
        case = self._case
        text = self.remarks.toPlainText().strip()
        if case is None or text == case.visit.remarks or self.remarks.isReadOnly():
            return
        if self.desk.act(onsite.record_remarks, self.desk.book, case.id, text) is not None:
            self.desk.keep(f"{case.id}/remarks", "")

    def _replied(self, value: str) -> None:
        assert self._case is not None
        self.statement.setVisible(value == "陈述申辩")
        if value == "陈述申辩":
            self.statement.setFocus()
            return
        self.desk.act(onsite.record_statement, self.desk.book, self._case.id, value)

    def _leave_statement(self) -> None:
        case = self._case
        text = self.statement.toPlainText().strip()
        if case is None or not text or text == case.visit.statement or self.statement.isReadOnly():
            return
        if self.desk.act(onsite.record_statement, self.desk.book, case.id, "陈述申辩", text) is not None:
            self.desk.keep(f"{case.id}/statement", "")

    def _end(self) -> None:
        assert self._case is not None
        if self.desk.act(onsite.end_visit, self.desk.book, self._case.id) is not None:
            self.desk.open_stage(5)
