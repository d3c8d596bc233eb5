"""A row of the checklist: code, text, basis, marks, and the four answers. It keeps its place after an answer."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from ...domain.casefile import ItemFact
from ...domain.finding import Answer
from ..theme import look
from .buttons import AnswerBar, Button
from .panels import Icon, Tag, column, row
from .text import Text


class ItemRow(QWidget):
    """One item. Emits `answered(value)`, `picked()` when clicked, `photo_wanted()` from its evidence strip."""

    answered = Signal(str)
    picked = Signal()
    photo_wanted = Signal()

    def __init__(self, code: str, words: str, basis: str, *, hazard: bool) -> None:
        super().__init__()
        self.code = code
        self.current = False
        self._code = Text(code, "small", "ink3")
        self._code.setFixedWidth(look.px(38))
        self._basis = Text(basis, "small", "ink3")
        self._hazard = Tag("隐患项", "bad")
        self._hazard.setToolTip("安全隐患项")
        self._hazard.setVisible(hazard)
        self._photos = Icon("camera", "ink3", 16)
        self._count = Text("", "small", "ink3")
        self._count.setFixedWidth(look.px(20))
        self._by = Text("", "small", "ink3")
        self._missing = Tag("缺证据", "warn", "warning-circle")
        self._differ = Tag("填写不同", "warn", "git-diff")
        self._found = Tag("问题", "bad", "scales")
        self._found.setToolTip("已记为问题")
        self.bar = AnswerBar(code)
        self.bar.chosen.connect(self.answered)
        self._strip = QWidget()
        self._strip_text = Text("", "small", "ink2")
        self._strip_button = Button("导入照片", "secondary", "camera", height=36)
        self._strip_button.clicked.connect(self.photo_wanted)
        self._strip.setLayout(row(self._strip_text, None, self._strip_button, margins=(46, 0, 0, 0)))
        marks = row(self._basis, self._hazard, self._photos, self._count, self._missing, self._differ, self._found,
                    self._by, None, spacing=8)  # fmt: skip
        top = row(self._code, column(Text(words, "item", wrap=True), marks, spacing=2), self.bar, spacing=8)
        top.setStretch(1, 1)
        self.setLayout(column(top, self._strip, spacing=6, margins=(18, 10, 16, 10)))
        self.setMinimumHeight(look.px(66))

    def show_fact(self, fact: ItemFact, *, current: bool, me: str) -> None:
        """Show what the record holds of the item; `me` is who is signed in, others are named."""
        self.current = current
        deviates = fact.value in (Answer.MOSTLY, Answer.NONCONFORMING)
        self.bar.show_value(fact.value, current=current)
        self._code.set_tone("brand" if current else "ink3")
        shots = len(fact.evidence)
        self._photos.setVisible(bool(shots))
        self._count.setVisible(bool(shots))
        self._count.setText(str(shots))
        self._missing.setVisible(deviates and not shots)
        self._differ.setVisible(bool(fact.conflict))
        self._found.setVisible(bool(fact.finding))
        self._by.setText(fact.by if fact.value and fact.by != me else "")
        self._by.setVisible(bool(self._by.text()))
        self._strip.setVisible(deviates and current)
        what = f"{fact.note}　" if fact.note else ""
        self._strip_text.setText(f"{what}证据 {'、'.join(fact.evidence)}" if shots else "还缺 1 份证据，按 P 导入照片")
        state = fact.value or "未答"
        self.setAccessibleName(f"{self.code}，{state}" + ("，缺一份证据" if deviates and not shots else ""))
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The basis stands in the panel too: it is the first to go where it is narrow."""
        super().resizeEvent(event)
        self._basis.setVisible(self.width() / look.scale >= 690)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.picked.emit()
        super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.current:
            painter.fillRect(self.rect(), look.colour("brand_soft"))
            painter.fillRect(0, 0, look.px(4), self.height(), look.colour("brand"))
        painter.setPen(QPen(look.colour("line"), 1))
        painter.drawLine(look.px(18), self.height() - 1, self.width() - look.px(16), self.height() - 1)
        painter.end()
