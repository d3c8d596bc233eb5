"""A QR code on the screen: black on white in every theme, in whole pixels, so that a phone reads it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ..theme import look


class QrView(QWidget):
    """The squares of a code with its quiet zone; as large as whole pixels allow below `side`."""

    def __init__(self, squares: Sequence[Sequence[bool]], said: str, side: int = 300) -> None:
        super().__init__()
        self._squares = squares
        self._cell = max(look.px(side) // len(squares), 2)
        self.setAccessibleName(said)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        whole = self._cell * len(self._squares)
        return QSize(whole, whole)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        for top, row in enumerate(self._squares):
            for left, dark in enumerate(row):
                if dark:
                    at = QRect(left * self._cell, top * self._cell, self._cell, self._cell)
                    painter.fillRect(at, Qt.GlobalColor.black)
        painter.end()
