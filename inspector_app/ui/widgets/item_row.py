"""A row of the checklist: code, text, basis, marks, and the four answers. It keeps its place after an answer."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from ...domain.finding import Answer
from ...domain.item import ItemFact
from ..icons import paint_icon
from ..theme import look
from ..words import brief
from .buttons import AnswerBar, Button
from .panels import Icon, Tag, column, row
from .text import Text


class Shot(QWidget):
    """A small picture of evidence, or the place where one is missing."""

    def __init__(self, wide: int = 84, high: int = 56) -> None:
        super().__init__()
        self._pixmap = QPixmap()
        self.setFixedSize(look.px(wide), look.px(high))

    @property
    def is_empty(self) -> bool:
        return self._pixmap.isNull()

    def show_picture(self, content: bytes) -> None:
        """Show a picture; nothing empties the place."""
        self._pixmap = QPixmap()
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
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(look.colour("line"), 1))
        painter.drawPath(path)
        painter.end()


def paint_covering(painter: QPainter, frame: QRectF, pixmap: QPixmap) -> None:
    """Draw a picture in its own proportion so that it fills the frame; what juts out is for the clip to cut."""
    size = pixmap.size().scaled(frame.size().toSize(), Qt.AspectRatioMode.KeepAspectRatioByExpanding)
    target = QRectF(0, 0, size.width(), size.height())
    target.moveCenter(frame.center())
    painter.drawPixmap(target, pixmap, QRectF(pixmap.rect()))


class Strip(QWidget):
    """The evidence of a deviating item below its row: the first picture, what is said of it, and the way to more."""

    photo_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.shot = Shot()
        self._seen = Text("", "small", "ink")
        self._pieces = Text("", "small", "ink2")
        self.more = Button("导入照片", "secondary", "camera", height=36)
        self.more.clicked.connect(self.photo_wanted)
        inside = row(self.shot, column(None, self._seen, self._pieces, None, spacing=2), self.more, spacing=12,
                     margins=(46, 0, 0, 0))  # fmt: skip
        inside.setStretch(1, 1)
        self.setLayout(inside)

    def show_fact(self, fact: ItemFact, *, current: bool) -> None:
        shots = len(fact.evidence)
        self.more.setVisible(current)
        self._seen.setText((fact.note or "还没有写备注") if shots else "还缺 1 份证据")
        self._seen.set_tone("warn" if not shots else "ink" if fact.note else "ink3")
        self._pieces.setText(f"证据 {brief(fact.evidence)}" if shots else "按 P 导入照片")


class ItemRow(QWidget):
    """One item, and later another one (`show_item`). Emits `answered(code, value)`, `picked(code)` when clicked,
    `photo_wanted()` from its evidence strip."""

    answered = Signal(str, str)
    picked = Signal(str)
    photo_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.code = ""
        self.current = False
        self._code = Text("", "small", "ink3")
        self._code.setFixedWidth(look.px(38))
        self._words = Text("", "item", wrap=True)
        self._basis = Text("", "small", "ink3")
        self._hazard = Tag("隐患项", "bad")
        self._hazard.setToolTip("安全隐患项")
        self._photos = Icon("camera", "ink3", 16)
        self._count = Text("", "small", "ink3")
        self._count.setFixedWidth(look.px(20))
        self._by = Text("", "small", "ink3")
        self._missing = Tag("缺证据", "warn", "warning-circle")
        self._differ = Tag("填写不同", "warn", "git-diff")
        self._found = Tag("问题", "bad", "scales")
        self._found.setToolTip("已记为问题")
        self.bar = AnswerBar()
        self.bar.chosen.connect(lambda value: self.answered.emit(self.code, value))
        self._strip: Strip | None = None  # most rows never have one
        marks = row(self._basis, self._hazard, self._photos, self._count, self._missing, self._differ, self._found,
                    self._by, None, spacing=8)  # fmt: skip
        said = row(self._code, column(self._words, marks, spacing=2), spacing=8)
        said.setAlignment(self._code, Qt.AlignmentFlag.AlignTop)
        said.setStretch(1, 1)
        self._top = row(said, self.bar, spacing=8)
        self._top.setStretch(0, 1)
        self._column = column(self._top, spacing=6, margins=(18, 10, 16, 10))
        self.setLayout(self._column)
        self.setMinimumHeight(look.px(66))

    def show_item(self, code: str, words: str, basis: str, *, hazard: bool) -> None:
        """Stand for this item from now on; what the record holds of it is told next."""
        self.code = code
        self._code.setText(code)
        self._words.setText(words)
        self._basis.setText(basis)
        self._hazard.setVisible(hazard)
        self.bar.name_after(code)
        if self._strip is not None:
            self._strip.shot.show_picture(b"")
        self._fit(self.width())

    def show_at(self, wide: int) -> None:
        """Come into view this wide, at once with the height for it."""
        self._fit(wide)
        self.resize(wide, self.heightForWidth(wide))
        self.show()

    def show_fact(self, fact: ItemFact, *, current: bool, me: str, bar: str = "") -> None:
        """Show what the record holds of the item; `me` is who is signed in, others are named. `bar` says why nothing may be
        answered now."""
        self.current = current
        self.bar.setEnabled(not bar)
        self.bar.setToolTip(bar)
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
        self._show_strip(fact, wanted=deviates and (current or bool(shots)))
        state = fact.value or "未答"
        self.setAccessibleName(f"{self.code}，{state}" + ("，缺一份证据" if deviates and not shots else ""))
        self.update()

    def _show_strip(self, fact: ItemFact, *, wanted: bool) -> None:
        if self._strip is None and wanted:
            self._strip = Strip()
            self._strip.photo_wanted.connect(self.photo_wanted)
            self._column.addWidget(self._strip)
            QWidget.setTabOrder(list(self.bar.buttons.values())[-1], self._strip.more)
        if self._strip is not None:
            self._strip.setVisible(wanted)
            self._strip.show_fact(fact, current=self.current)

    @property
    def wants_picture(self) -> bool:
        """Whether the strip is open for evidence that it has not shown yet."""
        strip = self._strip
        return strip is not None and not strip.isHidden() and not self._count.isHidden() and strip.shot.is_empty

    def show_picture(self, content: bytes) -> None:
        """The small picture of the first piece of evidence."""
        if self._strip is not None:
            self._strip.shot.show_picture(content)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit(self.width())

    def _fit(self, wide: int) -> None:
        """Where it is narrow the answers stand below the words; the basis, which the panel has too, goes first."""
        room = wide / look.scale
        self._basis.setVisible(room >= 690 and bool(self._basis.text()))
        below = room < 620
        self._top.setDirection(QBoxLayout.Direction.TopToBottom if below else QBoxLayout.Direction.LeftToRight)
        self._top.setAlignment(self.bar, Qt.AlignmentFlag.AlignRight if below else Qt.AlignmentFlag.AlignVCenter)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.picked.emit(self.code)
        super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.current:
            painter.fillRect(self.rect(), look.colour("brand_soft"))
            painter.fillRect(0, 0, look.px(4), self.height(), look.colour("brand"))
        painter.setPen(QPen(look.colour("line"), 1))
        painter.drawLine(look.px(18), self.height() - 1, self.width() - look.px(16), self.height() - 1)
        painter.end()
