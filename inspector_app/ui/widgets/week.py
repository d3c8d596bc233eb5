"""The days of a week side by side: today is filled, a dot stands for each inspection and for each term that ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ..theme import look
from .text import paint_words

DAYS = "一二三四五六日"
_MOST_DOTS = 3


class Week(QWidget):
    """Seven days from a Monday on; `visits` and `terms` are how many each has. The list below it says which."""

    def __init__(self, monday: date, today: date, visits: Sequence[int], terms: Sequence[int]) -> None:
        super().__init__()
        self._days = [monday + timedelta(days=n) for n in range(7)]
        self._today, self._marks = today, [("brand",) * v + ("warn",) * t for v, t in zip(visits, terms, strict=True)]
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        said = [f"周{DAYS[n]} {count} {what}" for what, counts in (("场检查", visits), ("件到期", terms))
                for n, count in enumerate(counts) if count]  # fmt: skip
        self.setAccessibleName("，".join(said) or "本周没有检查")

    def sizeHint(self) -> QSize:
        return QSize(look.px(280), look.px(76))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, wide = Qt.AlignmentFlag.AlignHCenter, self.width() / 7
        for n, (day, marks) in enumerate(zip(self._days, self._marks, strict=True)):
            now = day == self._today
            paint_words(painter, QRectF(n * wide, 0, wide, look.px(22)), DAYS[n], "small", "ink3", middle)
            number = QRectF(n * wide + wide / 2 - look.px(16), look.px(26), look.px(32), look.px(32))
            painter.setPen(Qt.PenStyle.NoPen)
            if now:
                painter.setBrush(look.colour("brand"))
                painter.drawRoundedRect(number, look.px(8), look.px(8))
            tone = "on_brand" if now else "ink3" if n > 4 else "ink"
            paint_words(painter, number, str(day.day), "strong" if now else "body", tone, middle)
            painter.setPen(Qt.PenStyle.NoPen)
            dots = marks if len(marks) <= _MOST_DOTS else (*marks[: _MOST_DOTS - 1], marks[-1])
            for dot, colour in enumerate(dots):
                x = (n + 0.5) * wide + (dot - (len(dots) - 1) / 2) * look.px(9)
                painter.setBrush(look.colour(colour))
                painter.drawEllipse(QRectF(x - look.px(2.5), look.px(66), look.px(5), look.px(5)))
        painter.end()
