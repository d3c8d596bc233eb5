"""What belongs to the current item: basis, what to look at, remark, readings, differing answers, consequence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from ...actions import check, findings
from ...actions.rules import Item
from ...domain.casefile import CaseFile
from ...domain.finding import Answer, Consequence
from ...domain.item import ItemFact
from ...domain.problems import Problem
from ...domain.rows import Version
from ...domain.selfcheck import differs
from ..desk import Desk
from ..keeping import Keeper
from ..offers import WORK, needs
from ..widgets.buttons import Button
from ..widgets.fields import Note
from ..widgets.panels import Body, Card, Icon, KeyHint, Tag, clear, column, row
from ..widgets.text import Text
from .item_words import words_on
from .law_sheet import LawSheet

_TONES = {
    "符合": ("ok", "check-circle"),
    "基本符合": ("warn", "minus"),
    "不符合": ("bad", "x-circle"),
    "不适用": ("na", "prohibit"),
}
REASONS = ("本单位没有这类档案", "本单位没有这项业务", "本年度没有发生")


class ItemPanel(QWidget):
    """The right side of the checklist. `done` asks the list to take the focus back."""

    done = Signal()
    answered = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._case: CaseFile | None = None
        self._item: Item | None = None
        self._wanted = ("", "")
        self._readings: dict[str, QLineEdit] = {}
        self._title, self._state = Text("", "h2", wrap=True), Tag("", "na")
        self._law = column(spacing=4)
        self._look = Text("", "body", "ink2", wrap=True)
        self.note = Note("备注", "写看到了什么、在哪里、数量", 3)
        self.note.typed.connect(self._keep)
        self.note.left.connect(lambda _: self.leave())
        self.note.installEventFilter(self)
        self._asked = column(spacing=8)
        self._extra = column(spacing=8)
        self._consequence = column(spacing=0)
        basis = Card(row(Icon("book-open-text", "ink2", 18), Text("依据", "strong"), None,
                         Button("看条文", "link", act=self.show_law, key="G", height=36)),
                     self._law, padding=12, spacing=4)  # fmt: skip
        top = row(self._title, self._state, margins=(16, 12, 16, 8))
        top.setStretch(0, 1)
        top.setAlignment(self._state, Qt.AlignmentFlag.AlignTop)
        self._body = body = Body(self._asked, basis, Text("查什么", "strong"), self._look,
                    row(Text("备注", "strong"), None, needs(WORK, KeyHint("R", "写备注"))),
                    self.note, self._extra, None, spacing=8, margins=(16, 0, 16, 8))  # fmt: skip
        foot = QWidget()
        foot.setLayout(column(self._consequence, margins=(16, 0, 16, 12)))
        layout = column(top, body, foot, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    # -- showing ----------------------------------------------------------------------------------------------

    def show_item(self, case: CaseFile, item: Item, fact: ItemFact) -> None:
        same = (
            self._item is not None
            and self._item.code == item.code
            and self._case is not None
            and self._case.id == case.id
        )
        self._case, self._item = case, item
        self._title.setText(f"{item.code}　{item.text}")
        tone, icon = _TONES.get(fact.value, ("na", ""))
        self._state.show_state(fact.value or "未答", tone, icon)
        clear(self._law)
        for article in self.desk.book.rules.laws.find(item.basis) or ():
            self._law.addWidget(
                Text(f"{article.citation}{'：' + article.gist if article.gist else ''}", "small", "ink2", wrap=True)
            )
        if not self._law.count():
            self._law.addWidget(Text(f"{item.basis}（条文待核）", "small", "ink2", wrap=True))
        self._look.setText(item.hint or f"{item.methods}；留证：{item.evidence}")
        if not same:
            kept = self.desk.kept(self._place())
            self.note.load(kept or fact.note)
            self._wanted = ("", "")
        elif not self.note.hasFocus():
            self.note.load(self.desk.kept(self._place()) or fact.note)
        clear(self._asked)
        clear(self._extra)
        if fact.note_conflict:
            self._extra.addWidget(self._versions("备注", fact.note_conflict, self._settle_note))
        for card in words_on(case, item.code):
            self._asked.addWidget(card)
        if self._wanted[0] == item.code:
            self._show_reason()
        if fact.conflict:
            self._show_conflict(fact)
        if not same or self._wanted[0] == item.code or fact.conflict:
            self._body.verticalScrollBar().setValue(0)
        if fact.reason and self._wanted[0] != item.code:
            self._extra.addWidget(Text(f"原因：{fact.reason}", "small", "ink2", wrap=True))
        self._show_self_check(case, fact)
        if fact.evidence:
            words = f"证据 {len(fact.evidence)} 件"
            self._extra.addLayout(
                row(Button(words, "link", "images", act=self.show_evidence, key="E", height=32), None)
            )
        self._show_readings(case, item)
        self._show_consequence(item, fact)

    def _show_self_check(self, case: CaseFile, fact: ItemFact) -> None:
        """What the unit said of itself; marked where the officers found it worse."""
        said = case.self_check.answers.get(fact.code) if case.self_check is not None else None
        if said is not None:
            worse = differs(said, fact.value)
            words = (
                f"单位自查：{said.value}{'，与检查结果不同' if worse else ''}{f'。{said.note}' if said.note else ''}"
            )
            self._extra.addWidget(Text(words, "small", "warn" if worse else "ink2", wrap=True))

    def _show_conflict(self, fact: ItemFact) -> None:
        card = Card(
            row(Icon("git-diff", "warn", 18), Text("两处填写不同，暂按较严的计算", "strong"), None),
            tone="warn",
            padding=12,
        )
        for version in fact.conflict:
            choose = Button(f"选用“{version.value}”", "secondary", height=36,
                            act=partial(self.ask_reason, fact.code, version.value))  # fmt: skip
            card.body.addWidget(Text(f"{version.by} 填“{version.value}”", "body", wrap=True))
            card.body.addLayout(row(choose, None))
        self._asked.addWidget(card)

    def _show_readings(self, case: CaseFile, item: Item) -> None:
        known = dict(case.readings)
        self._readings = {}
        for question in item.readings:
            place = f"{case.id}/{question.name}"
            field = QLineEdit(self.desk.kept(place) or known.get(question.name, ""))
            field.setAccessibleName(question.label)
            field.editingFinished.connect(lambda q=question.name, f=field: self._read_off(q, f.text()))
            self._readings[question.name] = field
            self._extra.addWidget(Text(question.label, "small", "ink3"))
            self._extra.addWidget(field)
            if versions := dict(case.reading_conflicts).get(question.name):
                self._extra.addWidget(self._versions(question.label, versions, partial(self._settle, question.name)))

    def _settle(self, question: str, value: str) -> None:
        assert self._case is not None
        self.desk.act(check.read_off, self.desk.book, self._case.id, question, value)

    def _versions(self, what: str, versions: Sequence[Version], settle: Callable[[str], object]) -> Card:
        """What two officers wrote at once, each with its author and a button that lets it stand."""
        card = Card(
            row(Icon("git-diff", "warn", 18), Text(f"{what}有两处填写不同", "strong"), None), tone="warn", padding=12
        )
        for version in versions:
            said = version.value or "没有填写"
            card.body.addWidget(Text(f"{version.by} 填“{said}”", "body", wrap=True))
            keep = Button(f"选用{version.by}的", "secondary", height=36, act=partial(settle, version.value))
            card.body.addLayout(row(None, keep))
        return card

    def _read_off(self, question: str, value: str) -> bool:
        """Write a reading; one that is refused stays in its field, kept as it was typed."""
        case = self._case
        if case is None or self.desk.session is None or value == dict(case.readings).get(question, ""):
            return True
        place = f"{case.id}/{question}"
        if value == self.desk.kept(place):
            return False  # told already
        try:
            done = check.read_off(self.desk.book, case.id, question, value)
        except Problem as problem:
            self.desk.keep(place, value)
            self.desk.told.emit(str(problem), "bad")
            return False
        self.desk.keep(place, "")
        self._case = self.desk.queries.case(case.id)
        self.desk.finished(done)
        return True

    def _show_consequence(self, item: Item, fact: ItemFact) -> None:
        clear(self._consequence)
        if fact.value not in (Answer.MOSTLY, Answer.NONCONFORMING):
            return
        assert self._case is not None
        rules = self.desk.book.rules
        proposed = Consequence(rules.policy.consequence(item.consequence, self._case.unit.kind))
        basis = rules.procedure.basis(proposed, item.code)
        tone = "bad" if proposed in (Consequence.RECTIFY, Consequence.CORRECT) else "warn"
        if fact.finding:
            act: QWidget = Tag("已记为问题", "ok", "check-circle")
        else:
            act = Button("记为问题", "secondary", key="F", height=36, act=self._record)
        said = column(
            Text(f"建议：{proposed.label}", "strong", tone, wrap=True),
            Text(basis, "small", "ink2", wrap=True),
            spacing=0,
        )
        line = row(Icon("scales", tone, 22), said, act, spacing=10)
        line.setStretch(1, 1)
        self._consequence.addWidget(Card(line, tone=tone, padding=12))

    def _record(self) -> None:
        assert self._case is not None and self._item is not None
        self.leave()
        self.desk.act(findings.record, self.desk.book, self._case.id, self._item.code)
        self.done.emit()

    # -- remark -----------------------------------------------------------------------------------------------

    def _place(self) -> str:
        return f"{self._case.id if self._case else ''}/{self._item.code if self._item else ''}/note"

    def _keep(self, text: str) -> None:
        self.desk.keep(self._place(), text)

    def leave(self) -> bool:
        """Leaving commits the remark and the readings as one event each; a refused text is kept as it was typed."""
        if self._case is None or self._item is None or self.desk.session is None:
            return True
        readings = [self._read_off(question, field.text()) for question, field in self._readings.items()]
        fact = self._case.item(self._item.code)
        text = self.note.toPlainText().strip()
        if fact is not None and text != fact.note:
            try:
                done = check.note(self.desk.book, self._case.id, self._item.code, text)
            except Problem as problem:
                self.desk.keep(self._place(), text)
                self.desk.told.emit(str(problem), "bad")
                return False
            self.desk.keep(self._place(), "")
            self._case = self.desk.queries.case(self._case.id)
            self.desk.finished(done)
        return all(readings)

    def _settle_note(self, text: str) -> None:
        """One of two remarks stands; both together stay when the field is left as it is."""
        assert self._case is not None and self._item is not None
        self.note.load(text)
        self.desk.act(check.note, self.desk.book, self._case.id, self._item.code, text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        if event.key() == Qt.Key.Key_Escape:
            self._wanted = ("", "")
            self.leave()
            self._show_again()
            self.done.emit()
            return True
        reasons = REASONS if self._wanted[1] == Answer.NOT_APPLICABLE else ()
        number = event.key() - Qt.Key.Key_1
        if watched is not self.note and 0 <= number < len(reasons) and not self._reason.text():
            self._answer(reasons[number])  # the digits beside the usual reasons; in a begun text they are text
            return True
        return super().eventFilter(watched, event)

    # -- reason -----------------------------------------------------------------------------------------------

    def ask_reason(self, code: str, value: str) -> None:
        """Ask why an item is not applicable, or why one of two answers stands."""
        self._wanted = (code, value)
        self._show_again()
        self._reason.setFocus()

    def _show_again(self) -> None:
        assert self._case is not None and self._item is not None
        fact = self._case.item(self._item.code)
        assert fact is not None
        self.show_item(self._case, self._item, fact)

    def _show_reason(self) -> None:
        code, value = self._wanted
        reasons = REASONS if value == Answer.NOT_APPLICABLE else ()
        self._reason = QLineEdit()
        self._reason.setAccessibleName(f"{code} 填“{value}”的原因")
        self._reason.setPlaceholderText("写明原因，按回车存")
        self._reason.returnPressed.connect(lambda: self._answer(self._reason.text()))
        save = Button(f"填“{value}”", "soft", act=lambda: self._answer(self._reason.text()), height=36)
        card = Card(Text(f"{code} 填“{value}”的原因", "strong"), self._reason, tone="na", padding=12)
        for index, words in enumerate(reasons, 1):
            choice = Button(words, "ghost", act=partial(self._answer, words), height=36, key=f"{index}")
            card.body.addLayout(row(choice, None))
        card.body.addLayout(row(save, None))
        self._reason.installEventFilter(self)
        self._keeper = Keeper(self.desk, f"{self._case.id if self._case else ''}/{code}/{value}", self._reason)
        self._keeper.hold("reason", self._reason)
        self._asked.addWidget(card)

    def _answer(self, reason: str) -> None:
        code, value = self._wanted
        assert self._case is not None
        if not reason.strip():
            self.desk.told.emit("原因还没有写。写明后按回车。", "warn")
            return
        self._wanted = ("", "")
        self._keeper.forget()
        done = self.desk.act(check.answer, self.desk.book, self._case.id, code, value, reason)
        self.done.emit()
        if done is not None:
            self.answered.emit(value)

    def show_evidence(self) -> None:
        """E: the evidence of the item."""
        fact = self._case.item(self._item.code) if self._case is not None and self._item is not None else None
        if fact is not None and fact.evidence:
            self.leave()
            self.desk.show_evidence(f"检查项 {fact.code}", fact.evidence)
        else:
            self.desk.told.emit("这一项还没有证据，按 P 导入照片。", "brand")

    def show_law(self) -> None:
        """G: the articles of the item, their full text where it is here, and whether they are in force that day."""
        if self._item is None:
            return
        assert self._case is not None
        LawSheet.open_for(self, self.desk, self._case.planned_from.date(), words=self._item.basis)
