"""Python's collection of garbage, objects that hold only each other: the long one when no hand is on the window.

It walks over everything there is while all threads wait, and on a laptop with two thousand inspections that is a second or more, in
the midst of scrolling or of an answer. The short collections, over what is new, stay with Python.
"""

from __future__ import annotations

import gc
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

LOOK_MS = 2_000
STILL, AWAY = 4.0, 60.0
"""Seconds without a hand: after the first what came since the last walk is walked over, after the second everything, once."""
ENOUGH, MOST = 10, 300
"""Short collections (of some 7,000 objects each) after which a walk is worth it, and after which it is not put off any more."""

_NEVER = 1_000_000_000


def hold_back() -> None:
    """No long collection by itself from now on. What is there stays, and none walks over it again."""
    gc.freeze()
    gc.set_threshold(700, 10, _NEVER)
    gc.enable()


class Garbage(QObject):
    """`still()` is for how many seconds nobody has touched any window."""

    def __init__(self, still: Callable[[], float], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._still, self._all = still, False  # whether everything was walked over in this absence
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Walk if it is worth it and nobody waits, or if it cannot be put off; what is left is not walked over again until
        everything is."""
        still, away = self._still(), self._all
        self._all = still >= AWAY
        if self._all and not away:
            gc.unfreeze()
        elif gc.get_count()[2] < (ENOUGH if still >= STILL else MOST):
            return
        gc.collect()
        gc.freeze()
