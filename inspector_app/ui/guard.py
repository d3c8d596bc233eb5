"""Locks a window that was left alone: after some minutes without a hand on it, when the lid closes, before sleep.

What the system says comes over D-Bus (logind, UPower); where there is no bus, only the minutes count. Work under way is
finished first: the guard asks again with every look.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import SLOT, QEvent, QObject, QTimer, Slot
from PySide6.QtGui import QGuiApplication, QWindow

if TYPE_CHECKING:
    from PySide6.QtDBus import QDBusConnection

LOOK_MS = 15_000
"""How often it is looked whether the time is over."""

_HANDS = frozenset({
    QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel, QEvent.Type.TabletMove,
    QEvent.Type.TabletPress, QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate,
})  # fmt: skip


class Guard(QObject):
    """`lock()` returns whether it could; `minutes()` is how long nobody may touch the window, 0 for ever."""

    def __init__(
        self, lock: Callable[[], bool], minutes: Callable[[], int], clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__()
        self._lock, self._minutes, self._clock = lock, minutes, clock
        self._touched, self._due = clock(), False
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.focusWindowChanged.connect(self._watch)  # a window gets what hands do once; an application, all there is
        self._watch(QGuiApplication.focusWindow())
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def _watch(self, window: QWindow | None) -> None:
        if window is not None:
            window.removeEventFilter(self)
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _HANDS:
            self._touched = self._clock()
        return False

    @property
    def still(self) -> float:
        """Seconds since a hand was on the window."""
        return self._clock() - self._touched

    def look(self) -> None:
        """Lock when it is time, or when it was and could not be done yet."""
        minutes = self._minutes()
        if self._due or (minutes and self.still >= 60 * minutes):
            self.lock()

    def lock(self) -> None:
        """Lock now, or as soon as the work under way has ended."""
        self._due = not self._lock()
        self._touched = self._clock()

    # -- what the system says -------------------------------------------------------------------------------------

    def listen(self, bus: QDBusConnection | None = None) -> bool:
        """Hear of sleep, lid and lock on the system's bus, or the one given; False where there is none."""
        if bus is None:
            if not sys.platform.startswith("linux"):
                return False
            from PySide6.QtDBus import QDBusConnection

            bus = QDBusConnection.systemBus()
        if not bus.isConnected():
            return False
        login, power = "org.freedesktop.login1", "org.freedesktop.UPower"
        for service, path, interface, name, slot in (
            (login, "/org/freedesktop/login1", f"{login}.Manager", "PrepareForSleep", "asleep(bool)"),
            (login, "", f"{login}.Session", "Lock", "lock_asked()"),
            # logind itself never tells of its LidClosed; UPower does.
            (power, "/org/freedesktop/UPower", "org.freedesktop.DBus.Properties", "PropertiesChanged",
             "changed(QString,QVariantMap,QStringList)"),
        ):  # fmt: skip
            bus.connect(service, path, interface, name, self, SLOT(slot))  # type: ignore[call-overload]  # it wants text
        return True

    @Slot(bool)
    def asleep(self, begins: bool) -> None:
        if begins:
            self.lock()

    @Slot()
    def lock_asked(self) -> None:
        self.lock()

    @Slot(str, "QVariantMap", "QStringList")  # type: ignore[arg-type]
    def changed(self, interface: str, values: dict[str, Any], dropped: list[str]) -> None:
        if values.get("LidIsClosed"):
            self.lock()
