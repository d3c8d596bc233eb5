"""A tab of the paper desk."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from ..icons import paint_icon
from ..theme import look
from .pressable import Pressable, paint_focus


class PaperTab(Pressable):
    """A kind of paper: its title over its state."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setText(title)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(look.px(54))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._word, self._tone = "", "na"

    def show_state(self, word: str, tone: str, *, current: bool) -> None:
        self._word, self._tone = word, tone
        self.setChecked(current)
        self.setToolTip(f"{self.text()}，{word}")
        self.updateGeometry()
        self.setAccessibleName(f"{self.text()} · {word}")
        self.update()

    def sizeHint(self) -> QSize:
        title = look.advance("strong", self.text()) + look.px(26)
        word = look.advance("small", self._word) + look.px(46)
        return QSize(max(title, word), look.px(54))

    def minimumSizeHint(self) -> QSize:
        return QSize(look.px(96), look.px(54))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        painter.setPen(QPen(look.colour("brand_line" if on else "line"), 1))
        painter.setBrush(look.colour("brand_soft" if on else "hover" if self.underMouse() else "surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), look.px(8), look.px(8))
        font = look.font("strong" if on else "body")
        painter.setFont(font)
        painter.setPen(look.colour("brand" if on else "ink"))
        wide = self.width() - look.px(24)
        title = QFontMetrics(font).elidedText(self.text(), Qt.TextElideMode.ElideRight, wide)
        painter.drawText(
            QRectF(look.px(12), look.px(6), wide + 2, look.px(22)), int(Qt.AlignmentFlag.AlignVCenter), title
        )
        sign = {"ok": "check-circle", "warn": "clock", "na": "file-text"}[self._tone]
        paint_icon(painter, sign, self._tone, look.px(12), look.px(30), 16, "fill")
        painter.setFont(look.font("small"))
        painter.setPen(look.colour(self._tone))
        room = self.width() - look.px(42)
        word = QFontMetrics(look.font("small")).elidedText(self._word, Qt.TextElideMode.ElideRight, room)
        painter.drawText(
            QRectF(look.px(32), look.px(28), room + 2, look.px(20)), int(Qt.AlignmentFlag.AlignVCenter), word
        )
        if self.ringed:
            paint_focus(painter, QRectF(self.rect()), look.px(8))
        painter.end()
