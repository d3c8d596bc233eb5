"""What belongs to the current item: basis, what to look at, remark, readings, differing answers, consequence."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from ...actions import check, findings
from ...actions.rules import Item
from ...domain.casefile import CaseFile, ItemFact
from ...domain.finding import Answer, Consequence
from ...domain.problems import Problem
from ..desk import Desk
from ..widgets.articles import show_articles
from ..widgets.buttons import Button
from ..widgets.fields import Note
from ..widgets.panels import Body, Card, Icon, Tag, clear, column, row
from ..widgets.text import Text

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

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._case: CaseFile | None = None
        self._item: Item | None = None
        self._wanted = ("", "")
        self._title, self._state = Text("", "h2"), Tag("", "na")
        self._law = column(spacing=4)
        self._look = Text("", "body", "ink2", wrap=True)
        self.note = Note("备注", "写看到了什么、在哪里、数量", 3)
        self.note.typed.connect(self._keep)
        self.note.left.connect(lambda _: self.leave())
        self.note.installEventFilter(self)
        self._extra = column(spacing=8)
        self._consequence = column(spacing=0)
        basis = Card(row(Icon("book-open-text", "ink2", 18), Text("依据", "strong"), None,
                         Button("看条文要旨", "link", act=self.show_law, key="G", height=36)),
                     self._law, padding=12, spacing=4)  # fmt: skip
        top = row(self._title, None, self._state, margins=(16, 12, 16, 8))
        body = Body(basis, Text("查什么", "strong"), self._look, row(Text("备注", "strong"), None, Text("R", "cap", "ink3")),
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
            self.note.load(fact.note)
        clear(self._extra)
        if fact.conflict:
            self._show_conflict(fact)
        if self._wanted[0] == item.code:
            self._show_reason()
        elif fact.reason:
            self._extra.addWidget(Text(f"原因：{fact.reason}", "small", "ink2", wrap=True))
        self._show_readings(case, item)
        self._show_consequence(item, fact)

    def _show_conflict(self, fact: ItemFact) -> None:
        card = Card(
            row(Icon("git-diff", "warn", 18), Text("两处填写不同，暂按较严的计算", "strong"), None),
            tone="warn",
            padding=12,
        )
        for version in fact.conflict:
            choose = Button(f"选用“{version.value}”", "secondary", height=36,
                            act=partial(self.ask_reason, fact.code, version.value))  # fmt: skip
            card.body.addLayout(row(Text(f"{version.by} 填“{version.value}”", "body"), None, choose))
        self._extra.addWidget(card)

    def _show_readings(self, case: CaseFile, item: Item) -> None:
        known = dict(case.readings)
        for question in item.readings:
            field = QLineEdit(known.get(question.name, ""))
            field.setAccessibleName(question.label)
            field.editingFinished.connect(lambda q=question.name, f=field: self._read_off(q, f.text()))
            self._extra.addWidget(Text(question.label, "small", "ink3"))
            self._extra.addWidget(field)

    def _read_off(self, question: str, value: str) -> None:
        assert self._case is not None
        if value != dict(self._case.readings).get(question, ""):
            self.desk.act(check.read_off, self.desk.book, self._case.id, question, value)

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
        self._consequence.addWidget(
            Card(row(Icon("scales", tone, 22), Text(f"建议：{proposed.label}", "strong", tone), None, act, spacing=10),
                 Text(basis, "small", tone, wrap=True), tone=tone, padding=12)
        )  # fmt: skip

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

    def leave(self) -> None:
        """Leaving the remark commits it as one event; half-typed text was kept already."""
        if self._case is None or self._item is None:
            return
        fact = self._case.item(self._item.code)
        text = self.note.toPlainText().strip()
        if fact is not None and text != fact.note:
            try:
                done = check.note(self.desk.book, self._case.id, self._item.code, text)
            except Problem as problem:
                self.desk.told.emit(str(problem), "bad")
                return
            self.desk.keep(self._place(), "")
            self._case = self.desk.queries.case(self._case.id)
            self.desk.finished(done)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            self.leave()
            self.done.emit()
            return True
        return super().eventFilter(watched, event)

    # -- reason -----------------------------------------------------------------------------------------------

    def ask_reason(self, code: str, value: str) -> None:
        """Ask why an item is not applicable, or why one of two answers stands."""
        self._wanted = (code, value)
        assert self._case is not None and self._item is not None
        fact = self._case.item(code)
        assert fact is not None
        self.show_item(self._case, self._item, fact)
        self._reason.setFocus()

    def _show_reason(self) -> None:
        code, value = self._wanted
        self._reason = QLineEdit()
        self._reason.setAccessibleName(f"{code} 填“{value}”的原因")
        self._reason.setPlaceholderText("写明原因，按回车存")
        self._reason.returnPressed.connect(lambda: self._answer(self._reason.text()))
        save = Button(f"填“{value}”", "soft", act=lambda: self._answer(self._reason.text()), height=36)
        card = Card(Text(f"{code} 填“{value}”的原因", "strong"), self._reason, tone="na", padding=12)
        for index, words in enumerate(REASONS if value == Answer.NOT_APPLICABLE else (), 1):
            card.body.addWidget(Button(words, "ghost", act=partial(self._answer, words), height=36, key=f"{index}"))
        card.body.addLayout(row(save, None))
        self._reason.installEventFilter(self)
        self._extra.addWidget(card)

    def _answer(self, reason: str) -> None:
        code, value = self._wanted
        assert self._case is not None
        if not reason.strip():
            self.desk.told.emit("原因还没有写。写明后按回车。", "warn")
            return
        self._wanted = ("", "")
        self.desk.act(check.answer, self.desk.book, self._case.id, code, value, reason)
        self.done.emit()

    def show_law(self) -> None:
        """G: the gist of the articles, with whether anybody has checked them against the official text."""
        if self._item is None:
            return
        articles = self.desk.book.rules.laws.find(self._item.basis)
        empty = f"{self._item.basis}：条文待核，法规库里没有要旨。"
        show_articles(self, f"{self._item.code} 的依据", articles, empty)
