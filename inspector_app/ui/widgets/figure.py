"""One figure of the year on a card that is a button: its name, the number large, one comparison below."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from ..icons import paint_icon
from ..theme import look
from ..words import tr
from .pressable import Pressable, paint_focus
from .text import paint_words

_ICONS = {"ok": "check", "bad": "warning", "warn": "warning-circle"}


class Figure(Pressable):
    """Pressing it opens what it counts."""

    def __init__(self, name: str, act: Callable[[], object]) -> None:
        super().__init__()
        self._name, self._value, self._unit, self._said, self._tone = tr(name), "", "", "", "ink3"
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda _checked=False: act())

    def show_figure(self, value: str, unit: str, said: str, tone: str = "ink3") -> None:
        """`tone` ok, warn or bad colours the comparison and puts a sign before it."""
        self._value, self._unit, self._said, self._tone = value, tr(unit), tr(said), tone
        self.setAccessibleName(f"{self._name} {value}{self._unit}，{self._said}")
        self.setToolTip(self._said if look.advance("small", self._said) > self.width() - look.px(52) else "")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(look.px(150), look.px(98))

    minimumSizeHint = sizeHint

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame, hover = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), self.underMouse()
        painter.setPen(QPen(look.colour("brand_line" if hover else "line"), 1))
        painter.setBrush(look.colour("hover" if hover and look.name != "high_contrast" else "surface"))
        painter.drawRoundedRect(frame, look.px(10), look.px(10))
        if self.ringed:
            paint_focus(painter, QRectF(self.rect()), look.px(10))
        left, wide = look.px(14), self.width() - look.px(24)
        paint_words(painter, QRectF(left, look.px(9), wide, look.px(20)), self._name, "small", "ink3")
        value = look.advance("display", self._value)
        paint_words(painter, QRectF(left, look.px(29), value + 4, look.px(38)), self._value, "display", "ink")
        unit = QRectF(left + value + look.px(6), look.px(38), wide - value, look.px(24))
        paint_words(painter, unit, self._unit, "small", "ink3")
        x = left
        if icon := _ICONS.get(self._tone):
            paint_icon(painter, icon, self._tone, x, look.px(72), 15, "bold" if icon == "check" else "regular")
            x += look.px(20)
        paint_words(painter, QRectF(x, look.px(68), wide - (x - left), look.px(22)), self._said, "small", self._tone)
        painter.end()
