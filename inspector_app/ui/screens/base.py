"""What a screen is: a widget with a name, a title and an icon that fills itself when asked."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ...actions.filecheck import Place
from ...domain.casefile import CaseFile
from ..desk import Desk
from ..widgets.buttons import Button
from ..widgets.focus import parts
from ..widgets.palette import Command


class Screen(QWidget):
    """A place of the application."""

    stage_index = -1
    """The stage on view, where a screen has stages."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._first: QWidget | None = None

    def begin_at(self, first: QWidget) -> None:
        """Where the keyboard is when the screen is opened. This is no focus proxy: over what stands before one Tab jumps."""
        self._first = first

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        if self._first is None:
            super().setFocus(reason)
        else:
            self._first.setFocus(reason)

    def refresh(self) -> None:
        """Read again what is on view."""

    def regions(self) -> list[QWidget]:
        """The parts that F6 walks, in the order in which they are read."""
        layout = self.layout()
        return list(parts(layout)) if layout is not None else []

    def commands(self) -> Iterable[Command]:
        """What the palette finds that can be done here now, the likeliest first."""
        return ()

    def quiet_place(self) -> QWidget:
        """Where a toast may lie: over nothing that is answered or pressed."""
        return self

    def primary(self) -> None:
        """The one main act of the screen (Ctrl+Enter)."""

    def leave(self) -> bool:
        """Write what is half-typed; False when something was refused, which is told then and kept as typed."""
        return True

    def press(self, button: Button) -> None:
        """Press a main button; one that may not be pressed now tells why."""
        if button.isHidden():
            self.desk.told.emit("这一步没有要办的。", "brand")
        elif button.isEnabled():
            button.click()
        elif button.toolTip():
            self.desk.told.emit(f"{button.text().strip()}：{button.toolTip().rstrip('。')}。", "warn")


class Stage(Screen):
    """A stage of the open case. `show_case` gets the case file whenever something has changed."""

    def show_case(self, case: CaseFile) -> None:
        """Fill the stage from the case file."""

    def seek(self, place: Place) -> QWidget | None:
        """Where a remark of the file review is on this stage, once that is shown, so that one key leads there. None where the
        stage opens a sheet at it."""
        return None

    def chip(self, case: CaseFile) -> tuple[str, str]:
        """What is missing in a few characters, with its tone; empty when nothing is."""
        return "", "brand"
