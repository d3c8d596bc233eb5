"""A sign on a soft round ground, before a figure or a state."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ..icons import paint_icon
from ..theme import look


class Medallion(QWidget):
    """An icon in the colour of a state; it is always beside words."""

    SIZE, ICON = 44, 22

    def __init__(self, icon: str, tone: str) -> None:
        super().__init__()
        self._icon, self._tone = icon, tone
        self.setFixedSize(look.px(self.SIZE), look.px(self.SIZE))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plain = look.name != "high_contrast"
        painter.setPen(Qt.PenStyle.NoPen if plain else look.colour(f"{self._tone}_line"))
        painter.setBrush(look.colour(f"{self._tone}_soft"))
        painter.drawEllipse(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        inset = look.px((self.SIZE - self.ICON) / 2)
        paint_icon(painter, self._icon, self._tone, inset, inset, self.ICON)
        painter.end()
