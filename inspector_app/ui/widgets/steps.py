"""The mark before a step of several: done, the present one, still to come."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ..icons import paint_icon
from ..theme import look


class StepMark(QWidget):
    """A ring that is empty, the present one, or done."""

    def __init__(self, state: str) -> None:
        super().__init__()
        self._state = state  # done now later
        self.setAccessibleName({"done": "已完成", "now": "现在做", "later": "还没有做"}[state])
        self.setFixedSize(look.px(20), look.px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._state == "done":
            paint_icon(painter, "check-circle", "ok", 0, 0, 20, "fill")
        else:
            wide = 2 if self._state == "now" else 1.5
            painter.setPen(QPen(look.colour("brand" if self._state == "now" else "control"), wide))
            painter.drawEllipse(QRectF(self.rect()).adjusted(3, 3, -3, -3))
        painter.end()
