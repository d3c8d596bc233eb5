"""A QR code on the screen: black on white in every theme, for another laptop's camera."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

_QUIET = 4  # modules of white around it (ISO/IEC 18004)


class CodeView(QWidget):
    """The rows of a code, each module the same whole number of pixels, as large as the square allows."""

    def __init__(self, rows: Sequence[Sequence[int]], name: str) -> None:
        super().__init__()
        self._rows = rows
        self.setAccessibleName(name)

    def minimumSizeHint(self) -> QSize:
        least = 3 * (len(self._rows) + 2 * _QUIET)
        return QSize(least, least)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        module = min(self.width(), self.height()) // (len(self._rows) + 2 * _QUIET)
        left, top = ((side - module * len(self._rows)) // 2 for side in (self.width(), self.height()))
        for down, cells in enumerate(self._rows):
            for across, dark in enumerate(cells):
                if dark:
                    at = QRect(left + across * module, top + down * module, module, module)
                    painter.fillRect(at, Qt.GlobalColor.black)
        painter.end()
