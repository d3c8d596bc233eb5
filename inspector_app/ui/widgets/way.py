"""A way to another place, as one line of text."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from ..icons import paint_icon
from ..theme import look
from .buttons import paint_key
from .pressable import Pressable, paint_focus


class Way(Pressable):
    """A place that is led to, in one line that is cut where it is too long, with its key."""

    def __init__(self, words: str, key: str, act: Callable[[], object]) -> None:
        super().__init__()
        self._key = key
        self.setText(words)
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.clicked.connect(lambda _: act())

    def _rest(self) -> int:
        """What sign and key take of the width."""
        return look.px(34) + (look.px(28) if self._key else 0)

    def sizeHint(self) -> QSize:
        return QSize(look.advance("button", self.text()) + self._rest(), look.px(32))

    def minimumSizeHint(self) -> QSize:
        return QSize(look.px(120), look.px(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        paint_icon(painter, "arrow-right", "brand", look.px(4), middle - look.px(9))
        font, room = look.font("button"), self.width() - self._rest()
        words = QFontMetrics(font).elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        painter.setFont(font)
        painter.setPen(look.colour("brand"))
        painter.drawText(QRectF(look.px(28), 0, room + 2, self.height()), int(Qt.AlignmentFlag.AlignVCenter), words)
        if self._key:
            paint_key(
                painter, QRectF(self.width() - look.px(24), middle - look.px(10), look.px(20), look.px(20)), self._key
            )
        if self.ringed:
            paint_focus(painter, QRectF(self.rect()), look.px(8))
        painter.end()
