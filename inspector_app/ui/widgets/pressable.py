"""What every painted button shares: it answers to the pointer, and shows its focus to who works by keys."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from ..theme import look
from .focus import BY_KEYS


def paint_focus(painter: QPainter, rect: QRectF, radius: float) -> None:
    """The focus ring: 2 px, outside or at the edge of what has the focus."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(look.colour("focus"), 2))
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius)


class Pressable(QAbstractButton):
    """A button that paints itself. The ring is for who walks by keys (WCAG 2.2, 2.4.7): after a click it would only be loud,
    so it comes back with the next key. Focus that is set by the program leaves it as it was."""

    pointing: ClassVar[bool] = False
    """Whether the hand was last on the pointer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def lit(self) -> bool:
        """Whether the pointer is on it, or it is held down."""
        return self.isEnabled() and (self.underMouse() or self.isDown())

    @property
    def ringed(self) -> bool:
        """Whether it has the focus and shows it."""
        return self.hasFocus() and not Pressable.pointing

    def focusInEvent(self, event: QFocusEvent) -> None:
        if event.reason() == Qt.FocusReason.MouseFocusReason:
            Pressable.pointing = True
        elif event.reason() in BY_KEYS:
            Pressable.pointing = False
        super().focusInEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        """Qt walks on by itself, as if by Tab, from what is hidden while it has the focus: no key was pressed then."""
        pointing = Pressable.pointing
        moved = super().focusNextPrevChild(next)
        if self.isHidden():
            Pressable.pointing = pointing
        return moved

    def mousePressEvent(self, event: QMouseEvent) -> None:
        Pressable.pointing = True
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        Pressable.pointing = False
        self.update()
        super().keyPressEvent(event)
