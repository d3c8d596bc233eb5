"""Stage 笔录: the unit's own words and its statement, the record made, printed and signed, the end of the visit."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ...actions import onsite, signing
from ...actions.filecheck import Place
from ...actions.procedure import obstacle
from ...domain.casefile import CaseFile
from ...domain.paper import Signature
from ...domain.problems import Problem
from ..desk import Desk
from ..keeping import Keeper
from ..offers import LOOK, RATE, needs
from ..widgets.buttons import Button
from ..widgets.fields import Choice, Field, Note
from ..widgets.notices import Sheet
from ..widgets.pad import SmallDrawing, SmallFingerprint
from ..widgets.panels import Body, Card, Side, Tag, clear, column, row
from ..widgets.text import Text
from .base import Stage
from .paper_desk import PaperDesk
from .rating_sheet import ask_rating
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
        self._unwritten = Text("", "small", "warn", wrap=True)
        self._signs = column(spacing=6)
        self.again = Button("重新制作笔录", "secondary", "arrow-u-up-left", act=self._reopen, height=36)
        self.end = Button("结束现场检查", "primary", "check", act=self._end, height=48)
        self.rate = needs(RATE, Button("请单位评价", "soft", "seal-check", act=self._rate, height=36))
        self._rated = Text("", "small", "ok")
        self._bar = Text("", "small", "ink2", wrap=True)
        body = Body(
            Text("单位意见", "h2"), self.remarks,
            Text("陈述申辩", "h2"), self.reply, self.statement, self._unwritten,
            row(Text("签字", "h2"), None, self.again), self._signs,
            row(self.rate, self._rated, None), None, spacing=10,
        )  # fmt: skip
        left = Side("right", 350, 420)
        foot = QWidget()
        self.next = needs(LOOK, Button("到处理", "primary", act=lambda: self.desk.open_stage(5), height=48))
        foot.setLayout(column(self._bar, self.end, self.next, spacing=6, margins=(20, 6, 20, 12)))
        inside = column(body, foot, spacing=0)
        inside.setStretch(0, 1)
        left.setLayout(inside)
        self.papers = PaperDesk(desk, ("onsite_record", "evidence_list", "hash_list"))
        layout = row(left, self.papers, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def show_case(self, case: CaseFile) -> None:
        visit = case.visit
        if self._case is None or self._case.id != case.id:
            half_typed = self.desk.kept(f"{case.id}/statement")
            self.remarks.load(self.desk.kept(f"{case.id}/remarks") or visit.remarks)
            self.statement.load(half_typed or visit.statement)
            self.reply.show_value("陈述申辩" if half_typed else visit.statement_reply)
        self._case = case
        made = case.paper("onsite_record")
        formal = made is not None and not made.draft
        open_ = visit.arrived is not None and visit.ended is None and not formal
        if not self.remarks.hasFocus() and not self.desk.kept(f"{case.id}/remarks"):
            self.remarks.load(visit.remarks)
        self.remarks.setReadOnly(not open_)
        self.statement.setReadOnly(not open_)
        self.reply.setEnabled(open_)
        if visit.statement_reply and self.reply.value() != "陈述申辩":
            self.reply.show_value(visit.statement_reply)
        self._show_statement()
        self.again.setVisible(formal and visit.ended is None)
        self._show_signatures(case)
        self.rate.setVisible(visit.ended is not None and case.rating is None)
        self._rated.setText(f"单位评价：{case.rating.word}" if case.rating else "")
        sentence = obstacle(self.desk.book, case, "visit_ended")
        if visit.ended is not None:
            sentence = "现场检查已经结束，笔录不能再改；要更正的，由局里另行制发补正文书。"
        self._bar.setText(sentence)
        self._bar.setVisible(bool(sentence))
        self.end.set_blocked(sentence)
        self.end.setVisible(visit.ended is None)
        self.next.setVisible(visit.ended is not None)
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
            head = row(Text(mark.name, "strong"), Text(said, "small", "ink2"), None, tag)
            shown = self._on_screen(mark)
            self._signs.addWidget(Card(head, *([row(*shown, None, spacing=10)] if shown else ()), padding=10))
        for _, name, role in lacking_signatures(case, paper):
            self._signs.addWidget(
                Card(row(Text(name, "strong"), Text(role, "small", "ink2"), None, Tag("待签字", "na")), padding=10)
            )

    def _on_screen(self, mark: Signature) -> list[QWidget]:
        """What was signed on the screen: words and a small picture, or the words that say what is wrong with it."""
        book, shown = self.desk.book, list[QWidget]()
        try:
            if mark.strokes:
                drawn = SmallDrawing(signing.drawing_of(book, mark), f"{mark.name}的签名")
                shown += [Text("电子签名", "small", "ink2"), drawn]
            if mark.fingerprint:
                finger = SmallFingerprint(signing.fingerprint_of(book, mark), f"{mark.name}的指印")
                shown += [Text("指印", "small", "ink2"), finger]
        except Problem as problem:
            shown = [Text(str(problem), "small", "bad", wrap=True)]
        return shown

    def seek(self, place: Place) -> QWidget | None:
        if place.kind == "paper":
            return self.papers.seek(place.field)
        if place.field == "statement":
            field: QWidget = self.statement if self.statement.isVisible() else self.reply
            return field if field.isEnabled() else self.papers.view
        return self.remarks

    def quiet_place(self) -> QWidget:
        return self.papers.view

    def primary(self) -> None:
        if self.next.isVisible():
            self.press(self.next)
        elif self.end.isEnabled() or not self.papers.primary():
            self.press(self.end)

    def leave(self) -> bool:
        return self._leave_remarks() and self._leave_statement()

    def _reopen(self) -> None:
        """The made 笔录 is taken back with a reason, so that what it says may be changed."""
        case = self._case
        assert case is not None
        reason = Field("重新制作的原因")
        said = "现在这一版留在案卷里，标明被替代；改好以后重新制作，打印，各方重新签字。"
        sheet = Sheet("重新制作笔录", Text(said, "body", "ink2", wrap=True), reason, act="重新制作笔录", parent=self)
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        keeper = Keeper(self.desk, f"{case.id}/reopen", sheet)
        keeper.hold("reason", reason.input)
        sheet.check = lambda: "" if reason.text().strip() else "写明原因后再重新制作。"

        def write() -> None:
            if self.desk.act(onsite.reopen, self.desk.book, case.id, reason.text()) is not None:
                keeper.forget()

        sheet.accepted.connect(write)
        sheet.open()
        reason.input.setFocus()

    # -- the unit's words -------------------------------------------------------------------------------------

    def _keep(self, what: str, text: str) -> None:
        assert self._case is not None
        self.desk.keep(f"{self._case.id}/{what}", text)

    def _leave_remarks(self) -> bool:
        case = self._case
        text = self.remarks.toPlainText().strip()
        if case is None or self.desk.session is None or text == case.visit.remarks or self.remarks.isReadOnly():
            return True
        self.desk.keep(f"{case.id}/remarks", "")
        if self.desk.act(onsite.record_remarks, self.desk.book, case.id, text) is not None:
            return True
        self.desk.keep(f"{case.id}/remarks", text)
        return False

    def _replied(self, value: str) -> None:
        assert self._case is not None
        self._show_statement()
        if value == "陈述申辩":
            self.statement.setFocus()
            return
        if self.desk.act(onsite.record_statement, self.desk.book, self._case.id, value) is not None:
            self.desk.keep(f"{self._case.id}/statement", "")

    def _show_statement(self) -> None:
        """A chosen 陈述申辩 is written only with its words; until then the page says what stands."""
        assert self._case is not None
        stated = self.reply.value() == "陈述申辩"
        stands = self._case.visit.statement_reply
        self.statement.setVisible(stated)
        self._unwritten.setVisible(stated and stands != "陈述申辩")
        self._unwritten.setText(f"写下内容后才记入。{f'现在记录的是“{stands}”。' if stands else ''}")

    def _leave_statement(self) -> bool:
        case = self._case
        text = self.statement.toPlainText().strip()
        if case is None or self.desk.session is None or self.statement.isReadOnly():
            return True
        if not text or text == case.visit.statement or self.reply.value() != "陈述申辩":
            return True
        self.desk.keep(f"{case.id}/statement", "")
        if self.desk.act(onsite.record_statement, self.desk.book, case.id, "陈述申辩", text) is not None:
            return True
        self.desk.keep(f"{case.id}/statement", text)
        return False

    def _rate(self) -> None:
        assert self._case is not None
        ask_rating(self, self.desk, self._case)

    def _end(self) -> None:
        assert self._case is not None
        if self.desk.act(onsite.end_visit, self.desk.book, self._case.id) is not None:
            self.desk.open_stage(5)
