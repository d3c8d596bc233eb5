"""A card that is one button: all of it opens or chooses what it speaks of."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLayout, QSizePolicy, QWidget

from ..theme import look
from .panels import column
from .pressable import Pressable, paint_focus


class PressCard(Pressable):
    """One of a list of cards; the chosen one is tinted. `name` is what screen readers say of it."""

    def __init__(self, name: str, *parts: QWidget | QLayout, act: Callable[[], object] | None = None, chosen: bool = False,
                 spacing: int = 4) -> None:  # fmt: skip
        super().__init__()
        self.setAccessibleName(name)
        self.setCheckable(True)
        self.setChecked(chosen)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setLayout(column(*parts, spacing=spacing, margins=(12, 10, 12, 10)))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        if act is not None:
            self.clicked.connect(lambda _checked=False: act())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        painter.setPen(QPen(look.colour("brand_line" if on else "line"), 1))
        painter.setBrush(look.colour("brand_soft" if on else "hover" if self.lit else "surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), look.px(10), look.px(10))
        if self.ringed:
            paint_focus(painter, QRectF(self.rect()), look.px(10))
        painter.end()
