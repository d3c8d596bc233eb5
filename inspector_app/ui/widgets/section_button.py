"""A section of the checklist."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from ..theme import look
from .panels import Bar, Icon, Tag, column, row
from .pressable import Pressable, paint_focus
from .text import Text


class SectionButton(Pressable):
    """A section of the checklist with its progress; a real button for keyboard and screen readers."""

    def __init__(self, short: str) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCheckable(True)
        self.setAutoExclusive(False)
        self._name = Text(short, "body")
        self._count = Text("", "small", "ink3", align_right=True)
        self._tick = Icon("check-circle", "ok", 18, "fill")
        self._bad = Tag("", "bad")
        self._bar = Bar()
        self.setLayout(
            column(
                row(self._name, None, self._bad, self._count, self._tick), self._bar, spacing=6, margins=(10, 7, 10, 7)
            )
        )
        self.setFixedHeight(look.px(50))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._short = short

    def show_state(self, done: int, total: int, failed: int, *, current: bool) -> None:
        self.setChecked(current)
        self._name.set_tone("brand" if current else "ink" if done else "ink2")
        self._count.setText(f"{done}/{total}")
        self._count.setVisible(done < total)
        self._tick.setVisible(done == total)
        self._bad.setVisible(bool(failed))
        self._bad.show_state(str(failed), "bad")
        self._bar.show_part(done, total, "ok" if done == total else "brand")
        self.setAccessibleName(f"{self._short}，已答 {done} 项，共 {total} 项，不符合 {failed} 项")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isChecked() or self.lit:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("brand_soft" if self.isChecked() else "hover"))
            painter.drawRoundedRect(self.rect(), look.px(8), look.px(8))
        if self.ringed:
            paint_focus(painter, self.rect().toRectF(), look.px(8))
        painter.end()
