"""Keys and mouse of an officer: what the tour and the tests work the window with."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QEvent, QEventLoop, QPoint, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QPlainTextEdit, QScrollArea, QWidget

from ..ui.widgets.text import Text
from ..ui.window import Window

W = TypeVar("W", bound=QWidget)

MODIFIERS = {
    "Ctrl": Qt.KeyboardModifier.ControlModifier, "Shift": Qt.KeyboardModifier.ShiftModifier,
    "Alt": Qt.KeyboardModifier.AltModifier,
}  # fmt: skip

SETTLE_MS = 180_000
"""How long one act may keep the window busy; a starved machine needs a minute to make the sample bureau."""


class Hand:
    """Keys and mouse of an officer. Every input goes to a visible, enabled widget and is counted by stage."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.stage = ""
        self.inputs: Counter[str] = Counter()
        self.typed: Counter[str] = Counter()
        self.stopped = False

    def stop(self) -> None:
        """Put the hand down at the next act."""
        self.stopped = True

    @property
    def root(self) -> QWidget:
        """The sheet on top, else the window."""
        return QApplication.activeModalWidget() or self.window

    def settle(self) -> None:
        """Let the window do what it has begun, also on its worker. Raises KeyboardInterrupt once `stop` was called."""
        deadline = time.monotonic() + SETTLE_MS / 1000
        while True:
            QApplication.processEvents()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
            if self.stopped:
                raise KeyboardInterrupt
            if not self.window.desk.tasks.running:
                break
            if time.monotonic() > deadline:
                raise TimeoutError("the window does not come to rest")
            _turn()
        for _ in range(3):  # what a text of another length moves goes up through card, column and screen
            QApplication.processEvents()
        if not self.root.isActiveWindow():
            self.root.activateWindow()
            QApplication.processEvents()

    def until(self, done: Callable[[], bool], what: str) -> None:
        """Look on until something has come about. Raises TimeoutError, naming it and what the window told meanwhile."""
        deadline = time.monotonic() + SETTLE_MS / 1000
        while not done():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{what}; problem: {self.problem()!r}")
            _turn()
        self.settle()

    # -- finding ----------------------------------------------------------------------------------------------

    def all(self, kind: type[W]) -> list[W]:
        return [w for w in self.root.findChildren(kind) if w.isVisible()]

    def find(self, kind: type[W], name: str) -> W:
        """The visible widget of this kind whose text or accessible name begins with `name`."""
        for widget in self.all(kind):
            shown = widget.text() if isinstance(widget, QAbstractButton) else widget.accessibleName()
            if shown.startswith(name) or widget.accessibleName().startswith(name):
                return widget
        known = [w.accessibleName() for w in self.all(kind)]
        raise LookupError(f"{name} is not on view; there are {known}; problem: {self.problem()!r}")

    def problem(self) -> str:
        return self.window.problems.sentence()

    def read(self, pattern: str) -> str:
        """What a pattern finds in the texts on view."""
        return self.read_all(pattern)[0]

    def read_all(self, pattern: str) -> list[str]:
        """All that a pattern finds there, in order; raises LookupError where it finds nothing."""
        found = [match.group(1) for text in self.all(Text) if (match := re.search(pattern, text.text()))]
        if not found:
            raise LookupError(f"no text on view has {pattern}")
        return found

    # -- acting -----------------------------------------------------------------------------------------------

    def key(self, keys: str) -> None:
        """Press one key or combination where the focus is."""
        target = QApplication.focusWidget()
        if target is None or not (target.isVisible() and target.isEnabled()):
            raise LookupError(f"nothing has the focus for {keys}: {target}")
        *held, name = keys.split("+")
        modifiers = Qt.KeyboardModifier.NoModifier
        for word in held:
            modifiers |= MODIFIERS[word]
        self.inputs[self.stage] += 1
        QTest.keyClick(target, Qt.Key[f"Key_{name}"], modifiers)
        self.settle()

    def type(self, text: str) -> None:
        """Type into the focused field, one key a character, in place of what is selected; each is an input."""
        for character in text:
            target = QApplication.focusWidget()
            if not isinstance(target, QLineEdit | QPlainTextEdit) or not (target.isVisible() and target.isEnabled()):
                raise LookupError(f"no field has the focus to type {text!r}: {target}")
            self.inputs[self.stage] += 1
            self.typed[self.stage] += 1
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                key = QKeyEvent(kind, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, character)
                QApplication.sendEvent(target, key)
        self.settle()

    def click(self, widget: QWidget) -> None:
        """Click the middle of a widget, scrolling to it first when it is out of view."""
        self._bring_into_view(widget)
        if not widget.isEnabled():
            raise LookupError(f"{widget.accessibleName()!r} cannot be used: {widget.toolTip()}")
        self.inputs[self.stage] += 1
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, widget.rect().center())
        self.settle()

    def press(self, name: str) -> None:
        """Click the button of this name."""
        self.click(self.find(QAbstractButton, name))

    def fill(self, name: str, text: str) -> None:
        """Click into a field, choose all of it and type."""
        field = self.find(QLineEdit, name)
        self.click(field)
        if field.text():
            self.key("Ctrl+A")
        self.type(text)

    def write(self, name: str, text: str) -> None:
        """Click into a field of several lines and type."""
        self.click(self.find(QPlainTextEdit, name))
        self.type(text)

    def drag(self, widget: QWidget, frame: QRectF, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Drag the mouse between two places, told in parts of a rectangle of the widget; one input."""
        places = [frame.topLeft() + QPointF(x * frame.width(), y * frame.height()) for x, y in (start, end)]
        begin, over = (place.toPoint() for place in places)
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        self.inputs[self.stage] += 1
        QTest.mousePress(widget, left, none, begin)
        QTest.mouseMove(widget, over)
        QTest.mouseRelease(widget, left, none, over)
        self.settle()

    def _bring_into_view(self, widget: QWidget) -> None:
        for _ in range(200):
            if widget.visibleRegion().contains(widget.rect().center()):
                return
            area: QWidget | None = widget
            while area is not None and not isinstance(area, QScrollArea):
                area = area.parentWidget()
            if area is None:
                break
            port = area.viewport()
            middle = widget.mapTo(port, widget.rect().center()).y()
            turn = -120 if middle > port.height() // 2 else 120
            self.inputs[self.stage] += 1
            at = QPointF(port.rect().center())
            wheel = QWheelEvent(
                at, QPointF(port.mapToGlobal(port.rect().center())), QPoint(), QPoint(0, turn), Qt.MouseButton.NoButton,
                Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
            )  # fmt: skip
            QApplication.sendEvent(port, wheel)
            self.settle()
        raise LookupError(f"{widget.accessibleName()!r} cannot be brought into view")


def _turn() -> None:
    """Let the window have a moment."""
    loop = QEventLoop()
    QTimer.singleShot(5, loop.quit)
    loop.exec()
