"""A list that is worked by keys: J and K move, single letters are acts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListView

from ..theme import look


class KeyList(QListView):
    """Asks for `wide` by `high` and does with less, as a sheet has room for; `acts` by the code of their key."""

    def __init__(self, wide: int, high: int, acts: Mapping[int, Callable[[], object]]) -> None:
        super().__init__()
        self._acts, self._size = acts, (wide, high)
        self.setMinimumSize(look.px(360), look.px(200))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def sizeHint(self) -> QSize:
        return QSize(*map(look.px, self._size))

    def go(self, by: int) -> None:
        """Move the choice by so many rows."""
        at = min(max(self.currentIndex().row() + by, 0), self.model().rowCount() - 1)
        self.setCurrentIndex(self.model().index(at, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_J: 1, Qt.Key.Key_K: -1}.get(Qt.Key(event.key()), 0)
        if step:
            self.go(step)
        elif event.key() in self._acts:
            self._acts[event.key()]()
        else:
            super().keyPressEvent(event)
