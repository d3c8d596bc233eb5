"""A sheet as large as the window lets it be, for work on a picture: title and acts stay on view, the picture takes the rest."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QLayout, QWidget

from ..theme import look
from ..words import tr
from .panels import column

MOST = QSize(1500, 940)


class Wide(QDialog):
    """Head, picture and foot; `Escape` closes it."""

    def __init__(self, name: str, head: QLayout, picture: QWidget, foot: QLayout, parent: QWidget) -> None:
        super().__init__(parent)
        self._under = parent.window()
        self.setWindowTitle(tr(name))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        layout = column(head, picture, foot, spacing=8, margins=(16, 12, 16, 12))
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def showEvent(self, event: QShowEvent) -> None:
        room = self._under.size() - QSize(look.px(32), look.px(32))
        self.resize(room.boundedTo(MOST * look.scale))
        super().showEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.colour("surface"))
        painter.end()
