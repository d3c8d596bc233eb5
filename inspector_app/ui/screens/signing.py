"""Noting signatures: each party has signed on paper, or has refused with a reason and somebody who saw it.

Where policy switched it on, the unit may sign on the screen instead: `PartyTurn` fills the window with that alone.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from ...actions import papers, sign_in, signing
from ...domain.casefile import CaseFile
from ...domain.paper import GUEST, Issued
from ...domain.problems import Problem
from ..desk import Desk
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.fields import Choice, Field, Pick
from ..widgets.focus import order_tabs
from ..widgets.notices import Sheet
from ..widgets.pad import Pad
from ..widgets.pages import Pages
from ..widgets.panels import Icon, Line, clear, column, row
from ..widgets.text import Text
from .guests import GuestSignatures

SIGNED = (
    "onsite_record", "evidence_list", "hash_list", "interview", "sampling_list", "preservation_list", "reinspection_record",
)  # fmt: skip
"""Papers that are signed on the spot by the unit and both officers (行政诉讼证据规定15)."""

READ = "不识字，念给他听"
"""The unit's reply where who is to sign cannot read."""

MARKED = 8
"""Pages that get a mark each; of more only the count is shown."""

PAGED = (*SIGNED, "proof_of_service")
"""Papers of which a photo of the signed page is kept."""


class Unrecorded(QWidget):
    """A warning that nobody records the signing here, gone as soon as somebody does."""

    def __init__(self, desk: Desk, *, act: bool = True) -> None:
        super().__init__()
        self._filming = desk.filming
        said = Text("这台电脑没有在录像。用执法记录仪录的，看一下它在不在录。", "small", "warn", wrap=True)
        line = row(Icon("warning-circle", "warn", 18, "fill"), column(None, said, None, spacing=0), spacing=8)
        line.setStretch(1, 1)
        if act:
            line.addWidget(Button("开始录像", "secondary", "record", act=self._filming.start, height=36))
        self.setLayout(line)
        self._filming.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        self.setVisible(self._filming.running is None)


def lacking_signatures(case: CaseFile, paper: Issued | None) -> tuple[tuple[str, str, str], ...]:
    """(id, name, role) of those whose signature or refusal is not noted yet; who is no officer of the team has no id."""
    if paper is None:
        return ()
    have = paper.hands(case.able, refused=True)
    unit = case.visit.attendees[0].name if case.visit.attendees else ""
    if filled := case.sheet(paper.sheet):
        unit = filled.fields.get("person", unit)  # of an interview: who was questioned
    wanted = [] if any(s.role == "被检查单位" for s in paper.signatures) else [("", unit, "被检查单位")]
    roles = ("检查人员", "记录人", *("检查人员",) * len(case.able))
    wanted += [(o.id, o.name, role) for o, role in zip(case.able, roles, strict=False) if o.id not in have]
    if paper.kind == "onsite_record":
        wanted += [("", guest.name, GUEST) for guest in case.unsigned_guests(paper)]
    return tuple(wanted)


class SigningSheet(Sheet):
    """The unit's reply first, as two equal buttons; then the officers, the second one with the own PIN."""

    def __init__(self, parent: QWidget, desk: Desk, case: CaseFile, paper: Issued) -> None:
        self._desk, self._case, self._paper = desk, case, paper
        self._wanted = lacking_signatures(case, paper)
        self._unit = next((name for _, name, role in self._wanted if role == "被检查单位"), None)
        self._others = {id: name for id, name, _ in self._wanted if id not in ("", desk.book.person.id)}
        self.name = Field("单位签字人", self._unit or "")
        electronic = desk.book.rules.policy.electronic
        self.reply = Choice("单位是否签字", ("已签字", "拒绝签字", READ, *(("盖指印",) if electronic else ())))
        self.reason = Field("拒签的原因")
        self.seen_by = Field("见证人或第二名执法人员（拒签时写明）")
        self.refusal = QWidget()
        self.refusal.setLayout(row(self.reason, self.seen_by, spacing=12))
        able = [(o.name, o.name) for o in case.able]
        self.reader, self.before = Pick("谁宣读", able), Field("宣读时谁在场", hint="宣读人以外的人")
        self.mark = Choice("念完以后", ("指印", "画押"))
        self.reading = QWidget()
        self.reading.setLayout(
            column(Text(desk.book.rules.procedure.steps["宣读"], "small", "ink3", wrap=True),
                   row(self.reader, self.before, spacing=12), self.mark)
        )  # fmt: skip
        self.file = Field("指印的图片文件", hint="拍下或者采下的指印，JPEG、PNG 或 HEIC")
        choose = Button("选文件", "secondary", act=self._choose, height=40)
        line = row(self.file, choose)
        line.setAlignment(choose, Qt.AlignmentFlag.AlignBottom)
        self.finger = QWidget()
        self.finger.setLayout(line)
        self._replied("")
        self.reply.chosen.connect(self._replied)
        officers = "、".join(f"{name}（{role}）" for id, name, role in self._wanted if id)
        self.secrets = {id: Field(f"{name} 本人口令", secret=True) for id, name in self._others.items()}
        self._confirmed: set[str] = set()
        seen_by = next((o.name for o in case.able if o.id != desk.book.person.id), "")
        self.guests = GuestSignatures(case.unsigned_guests(paper) if paper.kind == "onsite_record" else (), seen_by)
        parts: list[QWidget] = [
            Text(f"文号 {paper.number}，{paper.pages} 页，逐页核对后签字。", "small", "ink2", wrap=True)
        ]
        parts.append(Unrecorded(desk))
        if self._unit is not None:
            parts += [self.name, self.reply, self.refusal, self.reading, self.finger]
        if officers:
            parts.append(Text(f"检查人员签字：{officers}", "body", wrap=True))
        parts += self.secrets.values()
        parts += [self.guests] if self.guests.replies else []
        if len(self._others) > 1:
            parts.append(Text("每人输入本人的口令；没有签字的留空，以后再登记。", "small", "ink3", wrap=True))
        super().__init__(f"登记《{paper.title}》的签字", *parts, act="登记签字", parent=parent)
        self.check = self._check
        self.reply.chosen.connect(lambda _: self.settle())
        if self._unit is not None and electronic:
            self.add_way("在屏幕上签名", lambda: PartyTurn.open_for(parent, desk, case, paper, self.name.text()))
        for secret in self.secrets.values():
            secret.input.returnPressed.connect(self.try_accept)

    @classmethod
    def open_for(
        cls, parent: QWidget, desk: Desk, case: CaseFile, paper: Issued, reply: str = "", reason: str = ""
    ) -> None:
        """Ask who has signed; `reply` and `reason` are what the unit has chosen on the screen."""
        made = cls(parent, desk, case, paper)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        made.accepted.connect(made._write)
        made.reply.show_value(reply)
        made.reason.input.setText(reason)
        made._replied(reply)
        made.open()
        if reply:
            (made.before if reply == READ else made.seen_by if reason else made.file).input.setFocus()
            return
        first = next(iter(made.secrets.values()), None)
        if made._unit is not None:
            made.reply.buttons["已签字"].setFocus()
        elif first is not None:
            first.input.setFocus()

    def _replied(self, value: str) -> None:
        self.refusal.setVisible(value == "拒绝签字")
        self.finger.setVisible(value == "盖指印")
        self.reading.setVisible(value == READ)

    def _choose(self) -> None:
        dialog = QFileDialog(self, "选指印的图片文件", self.file.text())
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.file.input.setText)
        dialog.open()

    def _check(self) -> str:
        if self._unit is not None and not self.reply.value():
            return "还没有选单位是否签字。"
        if self.reply.value() == "拒绝签字" and not self.reason.text().strip():
            return "拒签要写明原因。"
        if self.reply.value() == "拒绝签字" and not self.seen_by.text().strip():
            return "拒签要写明见证人；没有见证人的，写第二名执法人员。"
        if self.reply.value() == READ and not (self.before.text().strip() and self.mark.value()):
            return "写明宣读时谁在场，选按指印还是画押。"
        if self.reply.value() == READ and self.before.text().strip() == self.reader.value():
            return "在场的人要是宣读人以外的人。"
        if self.reply.value() == "盖指印" and not Path(self.file.text().strip()).is_file():
            return "没有这个指印图片。选图片文件。"
        self._confirmed = set()
        for id, secret in self.secrets.items():
            if not secret.text():
                continue
            try:
                self._confirmed.add(sign_in.confirm(self._desk.open_session, id, secret.text()))
                secret.error("")
            except Problem as problem:
                secret.error(str(problem))
                return f"{self._others[id]}：{problem}"
        if self._others and not self._confirmed:
            return "由签字的检查人员输入本人口令。"
        if self.guests.is_empty and all(role == GUEST for *_, role in self._wanted):
            return "选每个人是否签字。"
        return self.guests.lacking()

    def _write(self) -> None:
        desk, at = self._desk, self._desk.book.clock.now().at
        refused = self.reply.value() == "拒绝签字"
        for id, name, role in self._wanted:
            if role == GUEST:
                continue
            signer, finger = signing.Signer(name, role, at), None
            if not id:
                signer = signing.Signer(
                    self.name.text(),
                    role,
                    at,
                    self.reason.text() if refused else "",
                    self.seen_by.text() if refused else "",
                )
                if self.reply.value() == READ:
                    signer = replace(signer, read_by=self.reader.value(), read_before=self.before.text(),
                                     mark=self.mark.value())  # fmt: skip
                finger = Path(self.file.text().strip()) if self.reply.value() == "盖指印" else None
            other = id if id in self._others else None
            if other is not None and other not in self._confirmed:
                continue  # who did not confirm has not signed
            stream, paper = self._case.id, self._paper.id
            if desk.act(signing.sign, desk.book, stream, paper, signer, witness=other, fingerprint=finger) is None:
                return
        for signer in self.guests.signers(at):
            if desk.act(signing.sign, desk.book, self._case.id, self._paper.id, signer) is None:
                return
        desk.toasted.emit(f"《{self._paper.title}》的签字已登记", None)


class PartyTurn(QDialog):
    """The unit's turn: the paper, the pad, and as equals the ways of those who do not sign here. Nothing else is on view.

    One signature is drawn; each page is then signed with it by a press of its own. Who leaves needs the officer's PIN.
    """

    def __init__(self, parent: QWidget, desk: Desk, case: CaseFile, paper: Issued, name: str) -> None:
        super().__init__(parent)
        self._under, self._desk, self._case, self._paper, self._name = parent, desk, case, paper, name
        self._signed: set[int] = set()
        self._done = False
        title = f"《{paper.title}》"
        self.setWindowTitle(f"在屏幕上签{title}")
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.view = Pages()
        self.view.setMinimumWidth(look.px(340))  # who signs must be able to read it; the pad gives way
        self._page = 1
        self.view.verticalScrollBar().valueChanged.connect(lambda _: self._scrolled())
        self._marks = row(spacing=6)
        self.next = Button("", "secondary", "check", act=self._sign_page)
        said = f"{title}{paper.number}，共 {paper.pages} 页。请{name}看过每一页，在这里写下姓名，再逐页签。"
        self._said = Text(said, "statement", wrap=True)
        self.pad = Pad(f"{name}的签名")
        self.pad.changed.connect(self._drawn)
        self.undo = Button("撤销一笔", "ghost", "arrow-u-up-left", act=self.pad.take_back)
        self.again = Button("重签", "secondary", act=self.pad.clear)
        self.ready = Button("签好了", "primary", "check", act=self._finish)
        self.problem = Text("", "body", "bad", wrap=True)
        self.problem.hide()
        self._filmed = Unrecorded(desk, act=False)
        self.others = [
            Button("不愿意签", act=lambda: self._hand_back("拒绝签字", "不愿意签")),
            Button("不识字，念给他听", act=lambda: self._hand_back(READ)),
            Button("人已离开", act=lambda: self._hand_back("拒绝签字", "人已离开")),
            Button("改盖指印", act=lambda: self._hand_back("盖指印")),
        ]
        self.back = Button("转回执法人员", "secondary", "lock", act=self._hand_back)
        left = column(self._marks, self.view, row(self.next, None, self.back, spacing=8), spacing=8)
        left.setStretch(1, 1)
        right = column(
            self._said, self._filmed, self.pad, self.problem, row(self.undo, self.again, None, self.ready, spacing=8), Line(),
            row(*self.others, None, spacing=8), spacing=8,
        )  # fmt: skip
        right.setStretch(2, 1)
        layout = row(left, right, spacing=20, margins=(20, 14, 20, 14))
        layout.setStretch(0, 1)
        self.setLayout(layout)
        desk.leaving.connect(self._leave)

    @classmethod
    def open_for(cls, parent: QWidget, desk: Desk, case: CaseFile, paper: Issued, name: str) -> None:
        """Fill the window, unless the archived bytes cannot be shown: nobody signs what is not on view."""
        try:
            content = papers.pdf_of(desk.book, case.id, paper.id)
        except Problem as problem:
            desk.told.emit(str(problem), "bad")
            return
        made = cls(parent, desk, case, paper, name.strip())
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        window = parent.window()
        made.setGeometry(window.geometry())
        made.open()
        made.view.show_pdf(content)
        made._show()
        made.pad.setFocus()

    # -- signing ----------------------------------------------------------------------------------------------

    def _drawn(self) -> None:
        self._signed.clear()  # each page is signed with what is drawn at the end
        self._tell("")
        self._show()

    def _scrolled(self) -> None:
        if self.view.page != self._page:
            self._page = self.view.page
            self._show()

    def _go_to(self, page: int) -> None:
        self.view.go_to(page)
        self._page = page  # of small pages several are on view
        self._show()

    def _show(self) -> None:
        """Which page is on view, and which are signed."""
        page, done = self._page, self._page in self._signed
        clear(self._marks)
        if self._paper.pages > MARKED:
            self._marks.addWidget(Text(f"已签 {len(self._signed)} 页，共 {self._paper.pages} 页", "strong"))
        else:
            for number in range(1, self._paper.pages + 1):
                self._marks.addWidget(self._mark(number))
        self._marks.addStretch(1)
        self.next.set_text(f"第 {page} 页已签" if done else f"看过了，签第 {page} 页")
        unwritten = "先写下姓名，再逐页签。" if self.pad.is_empty else ""
        self.next.set_blocked("已经签了。" if self._done or done else unwritten)
        order_tabs(self)

    def _mark(self, number: int) -> Button:
        signed = number in self._signed
        made = Button(f"{number}", "filter", "check-circle" if signed else "", height=36, checkable=True)
        made.setChecked(number == self._page)
        made.setAccessibleName(f"第 {number} 页，{'已签' if signed else '未签'}")
        made.clicked.connect(lambda _=False: self._go_to(number))
        return made

    def _sign_page(self) -> None:
        self._signed.add(self._page)
        self._tell("")
        open_pages = [number for number in range(1, self._paper.pages + 1) if number not in self._signed]
        if open_pages:
            self._go_to(next((number for number in open_pages if number > self._page), open_pages[0]))
        else:
            self._show()
            self.ready.setFocus()

    def _finish(self) -> None:
        desk = self._desk
        signer = signing.Signer(self._name, "被检查单位", desk.book.clock.now().at)
        drawn, pages = self.pad.drawing, sorted(self._signed)
        try:
            if self.pad.is_empty:
                raise Problem("field_needed", what="屏幕上的签名")
            done = signing.sign(desk.book, self._case.id, self._paper.id, signer, strokes=drawn, pages=pages)
        except Problem as problem:
            self._tell(str(problem))
            return
        self._done = True
        for widget in (self.pad, self.undo, self.again, self.ready, *self.others):
            widget.setEnabled(False)
        self._said.setText("签好了，已经存入。请把电脑交还执法人员。")
        self._show()
        self.back.setFocus()
        desk.finished(done)

    def _tell(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))

    # -- back to the officer ----------------------------------------------------------------------------------

    def _leave(self) -> None:
        """The session ends, and what comes next is the sign-in."""
        self.done(QDialog.DialogCode.Rejected)

    def reject(self) -> None:
        """Escape is no way around the PIN."""
        self._hand_back()

    def _hand_back(self, reply: str = "", reason: str = "") -> None:
        """The officer who is signed in takes over, and notes what was chosen or who else has signed."""
        desk, stream, id = self._desk, self._case.id, self._paper.id
        secret = Field(f"{desk.book.person.name} 本人口令", secret=True)
        said = Text("请把电脑交还执法人员。", "body", "ink2", wrap=True)
        sheet = Sheet("转回执法人员", said, secret, act="转回", parent=self)
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def check() -> str:
            try:
                sign_in.take_back(desk.open_session, secret.text())
            except Problem as problem:
                return str(problem)
            return ""

        def then() -> None:
            self.accept()
            case = desk.queries.case(stream)
            paper = papers.paper_of(case, id)
            if reply or (self._done and lacking_signatures(case, paper)):
                SigningSheet.open_for(self._under, desk, case, paper, reply, reason)

        sheet.check = check
        sheet.accepted.connect(then)
        secret.input.returnPressed.connect(sheet.try_accept)
        sheet.open()
        secret.input.setFocus()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.colour("surface"))
        painter.end()
