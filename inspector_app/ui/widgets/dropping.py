"""Files and folders that are dropped on a part of the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget


def take_drops(target: QWidget, dropped: Callable[[list[Path]], object]) -> None:
    """Call `dropped` with the files and folders of this computer that are dropped on `target`; other things are refused."""
    target.setAcceptDrops(True)
    target.installEventFilter(_Drops(target, dropped))


class _Drops(QObject):
    def __init__(self, target: QWidget, dropped: Callable[[list[Path]], object]) -> None:
        super().__init__(target)
        self._dropped = dropped

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QDropEvent):
            return False
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if not paths:
            event.ignore()
        else:
            event.acceptProposedAction()
            if event.type() == QEvent.Type.Drop:
                self._dropped(paths)
        return True
