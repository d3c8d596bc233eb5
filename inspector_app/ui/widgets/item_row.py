"""A row of the checklist: code, text, basis, marks, and the four answers. It keeps its place after an answer."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from ...domain.casefile import ItemFact
from ...domain.finding import Answer
from ..icons import paint_icon
from ..theme import look
from ..words import brief
from .buttons import AnswerBar, Button
from .panels import Icon, Tag, column, row
from .text import Text


class Shot(QWidget):
    """A small picture of evidence, or the place where one is missing."""

    def __init__(self) -> None:
        super().__init__()
        self._pixmap = QPixmap()
        self.setFixedSize(look.px(84), look.px(56))

    @property
    def is_empty(self) -> bool:
        return self._pixmap.isNull()

    def show_picture(self, content: bytes) -> None:
        self._pixmap.loadFromData(content)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        path = QPainterPath()
        path.addRoundedRect(frame, look.px(6), look.px(6))
        painter.fillPath(path, look.colour("sunken"))
        if self.is_empty:
            paint_icon(painter, "plus", "ink3", self.width() / 2 - look.px(9), self.height() / 2 - look.px(9))
        else:
            painter.setClipPath(path)
            paint_covering(painter, frame, self._pixmap)
            painter.setClipping(False)
        painter.setPen(QPen(look.colour("line"), 1))
        painter.drawPath(path)
        painter.end()


def paint_covering(painter: QPainter, frame: QRectF, pixmap: QPixmap) -> None:
    """Draw a picture in its own proportion so that it fills the frame; what juts out is for the clip to cut."""
    size = pixmap.size().scaled(frame.size().toSize(), Qt.AspectRatioMode.KeepAspectRatioByExpanding)
    target = QRectF(0, 0, size.width(), size.height())
    target.moveCenter(frame.center())
    painter.drawPixmap(target, pixmap, QRectF(pixmap.rect()))


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
        self._shot = Shot()
        self._seen = Text("", "small", "ink")
        self._pieces = Text("", "small", "ink2")
        self._strip_button = Button("导入照片", "secondary", "camera", height=36)
        self._strip_button.clicked.connect(self.photo_wanted)
        inside = row(self._shot, column(None, self._seen, self._pieces, None, spacing=2), self._strip_button, spacing=12,
                     margins=(46, 0, 0, 0))  # fmt: skip
        inside.setStretch(1, 1)
        self._strip.setLayout(inside)
        marks = row(self._basis, self._hazard, self._photos, self._count, self._missing, self._differ, self._found,
                    self._by, None, spacing=8)  # fmt: skip
        said = row(self._code, column(Text(words, "item", wrap=True), marks, spacing=2), spacing=8)
        said.setAlignment(self._code, Qt.AlignmentFlag.AlignTop)
        said.setStretch(1, 1)
        self._top = row(said, self.bar, spacing=8)
        self._top.setStretch(0, 1)
        self.setLayout(column(self._top, self._strip, spacing=6, margins=(18, 10, 16, 10)))
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
        self._strip.setVisible(deviates and (current or bool(shots)))
        self._strip_button.setVisible(current)
        self._seen.setText((fact.note or "还没有写备注") if shots else "还缺 1 份证据")
        self._seen.set_tone("warn" if not shots else "ink" if fact.note else "ink3")
        self._pieces.setText(f"证据 {brief(fact.evidence)}" if shots else "按 P 导入照片")
        state = fact.value or "未答"
        self.setAccessibleName(f"{self.code}，{state}" + ("，缺一份证据" if deviates and not shots else ""))
        self.update()

    @property
    def wants_picture(self) -> bool:
        """Whether the strip is open for evidence that it has not shown yet."""
        return not self._strip.isHidden() and not self._count.isHidden() and self._shot.is_empty

    def show_picture(self, content: bytes) -> None:
        """The small picture of the first piece of evidence."""
        self._shot.show_picture(content)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow the answers stand below the words; the basis, which the panel has too, goes first."""
        super().resizeEvent(event)
        room = self.width() / look.scale
        self._basis.setVisible(room >= 690 and bool(self._basis.text()))
        below = room < 620
        self._top.setDirection(QBoxLayout.Direction.TopToBottom if below else QBoxLayout.Direction.LeftToRight)
        self._top.setAlignment(self.bar, Qt.AlignmentFlag.AlignRight if below else Qt.AlignmentFlag.AlignVCenter)

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
