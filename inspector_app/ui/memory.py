"""Where the window was, so that the next start is where this one ended, also after a kill."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QSettings, QTimer

from .desk import Desk
from .places import BY_NAME


class Memory(QObject):
    """Keeps place, case, stage, item and finding; nothing of what is written there."""

    def __init__(self, parent: QObject, desk: Desk, settings: QSettings, here: Callable[[], tuple[str, int]]) -> None:
        """`here` tells the place on view and the stage of the case, -1 for none."""
        super().__init__(parent)
        self._desk, self._settings, self._here = desk, settings, here
        self._kept: dict[str, object] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(200)
        self._timer.timeout.connect(self.keep)

    def note(self) -> None:
        """The place changed; it is written a moment later."""
        self._timer.start()

    def keep(self) -> None:
        if self._desk.session is None:
            return
        case, (place, stage) = self._desk.case_id, self._here()
        item, finding = self._desk.item_by_case.get(case, ""), self._desk.finding_by_case.get(case, "")
        now = {"place": place, "case": case, "stage": stage, "item": item, "finding": finding}
        if now != self._kept:
            self._kept = now
            for name, value in now.items():
                self._settings.setValue(name, value)
            self._settings.sync()

    def go_back(self) -> None:
        """Open the place that was kept, for whoever has just signed in."""
        place = self._text("place", "today")
        self._desk.case_id = self._text("case")
        known = {inspection.id for inspection in self._desk.inspections()}
        if place != "case" or self._desk.case_id not in known:
            self._desk.open(place if place in BY_NAME and place != "case" else "today")
            return
        stage = int(self._text("stage", "-1"))
        for name, held in (("item", self._desk.item_by_case), ("finding", self._desk.finding_by_case)):
            if kept := self._text(name):
                held[self._desk.case_id] = kept
        self._desk.open("case", self._desk.case_id)
        if stage >= 0:
            self._desk.open_stage(stage)

    def _text(self, name: str, default: str = "") -> str:
        return str(self._settings.value(name, default))
