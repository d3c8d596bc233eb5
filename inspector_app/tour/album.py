"""The pictures that the tour leaves: numbered in the order of the story, in a folder a theme."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QColor, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from ..ui.window import Window

SCRIM = QColor(16, 26, 36, 110)
_QUICK = 80
"""How well a picture is packed: a third of the time that the default takes, for a file as large."""


class Album:
    """Saves what a window shows, with the sheet over it where one is open."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.count = 0
        self._sheets: set[str] = set()

    def take(self, window: Window, name: str, theme: str = "light") -> None:
        """Raises OSError where it cannot be written."""
        picture = window.grab()
        sheet = QApplication.activeModalWidget()
        if sheet is not None:
            painter = QPainter(picture)
            painter.fillRect(picture.rect(), SCRIM)
            painter.drawPixmap(window.rect().center() - sheet.rect().center(), sheet.grab())
            painter.end()
        self.count += 1
        self.save(picture, f"{theme}/{self.count:02d}-{name}.png")

    def take_sheet(self, window: Window, name: str) -> None:
        """The sheet over the window, once for each name; nothing where none is open."""
        if QApplication.activeModalWidget() is not None and name not in self._sheets:
            self._sheets.add(name)
            self.take(window, name)

    def save(self, picture: QPixmap | QImage, name: str) -> None:
        target = self.out / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if not picture.save(str(target), "PNG", _QUICK):  # type: ignore[call-overload]
            raise OSError(f"cannot write {target}")
