"""How many things wait at a place of the rail: what is not sent yet, what is to be reviewed."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from ..actions import legal_queue, sync, whereabouts
from ..domain.access import Role
from .desk import Desk
from .widgets.rail import NavRail

_REST = 300
"""Milliseconds after the last change: nobody waits for a count while answering."""


class Badges(QObject):
    """Counts anew once the desk has come to rest."""

    def __init__(self, desk: Desk, rail: NavRail) -> None:
        super().__init__(rail)
        self._desk, self._rail = desk, rail
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_REST)
        self._timer.timeout.connect(self.count)
        self._exchanging = False
        desk.changed.connect(self._changed)
        desk.opened.connect(self._opened)

    def _opened(self, _place: str, _case: str) -> None:
        self._timer.start()

    def _changed(self) -> None:
        """What an exchange has brought away is told at once."""
        was, self._exchanging = self._exchanging, self._desk.exchanging
        self.count() if was and not self._exchanging else self._timer.start()

    def count(self) -> None:
        """Show what waits now."""
        desk = self._desk
        if desk.session is None:
            return
        unsent = waits = judged = 0
        if sync.link_of(desk.book.store) is not None:
            places = whereabouts.where(desk.book, list(desk.queries.tallies()))
            unsent = sum(place.events - place.events_received for place in places)
        if desk.book.role is Role.LEAD:
            waits = sum(each.review.waits for each in desk.queries.handed_in())
        if desk.book.role is Role.REVIEWER:
            judged = len(legal_queue.waiting(desk.book))
        for name, count, said in (("sync", unsent, f"等局里回执 {unsent} 条"), ("review", waits, f"等复核 {waits} 件"),
                                  ("legal", judged, f"等审核 {judged} 件")):  # fmt: skip
            self._rail.buttons[name].show_badge(count, said)
