"""The rows of a checklist: made once and filled again, which is much quicker than to make them anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Signal

from ...actions.rules import Item
from ...domain.item import ItemFact
from ..theme import look
from ..widgets.focus import keep_focus
from ..widgets.item_row import ItemRow
from ..widgets.panels import Body, column

_SPARE = 24
"""Rows that stay when fewer are shown: as many as a long section has."""


class ItemList(Body):
    answered = Signal(str, str)
    picked = Signal(str)
    photo_wanted = Signal()

    def __init__(self) -> None:
        rows = column(None, spacing=0)
        super().__init__(rows, spacing=0, margins=(0, 0, 0, 0))
        self._list = rows
        self.rows: dict[str, ItemRow] = {}
        self._made: list[ItemRow] = []
        self._refilled = False

    def fill(self, items: Sequence[Item]) -> None:
        """Show these items; `show_facts` follows."""
        keep_focus(self._list)
        while len(self._made) < len(items):
            self._made.append(self._new_row())
        for left in self._made[len(items) :]:
            left.hide()
        for left in self._made[max(len(items), _SPARE) :]:  # of a filter that showed many
            left.deleteLater()
            self._made.remove(left)
        self.rows = {}
        for item, made in zip(items, self._made, strict=False):
            made.show_item(item.code, item.text, item.basis, hazard=item.is_hazard)
            self.rows[item.code] = made
        self._refilled = True

    def _new_row(self) -> ItemRow:
        made = ItemRow()
        made.answered.connect(self.answered)
        made.picked.connect(self.picked)
        made.photo_wanted.connect(self.photo_wanted)
        self._list.insertWidget(len(self._made), made)
        return made

    def show_facts(
        self, facts: Mapping[str, ItemFact], current: str, me: str, thumbnail: Callable[[str], bytes], bar: str
    ) -> None:
        """Rows just filled are shown at once and with their heights, so that the list can be scrolled to them; each that
        was shown by itself or grew later would lay out all others anew."""
        wide = self.viewport().width()
        self.column.setEnabled(False)
        for code, made in self.rows.items():
            made.show_fact(facts[code], current=code == current, me=me, bar=bar)
            if made.wants_picture:
                made.show_picture(thumbnail(facts[code].evidence[0]))
            if made.isHidden():
                made.show_at(wide)
            if self._refilled:
                made.updateGeometry()
        self._refilled = False
        self.column.setEnabled(True)

    def bring_into_view(self, code: str) -> None:
        """By the least movement, once the rows just made have their heights."""
        made = self.rows.get(code)
        inner = self.widget()
        if made is None or not self.isVisible():
            return
        wide = self.viewport().width()
        inner.resize(wide, max(inner.heightForWidth(wide), inner.height()))
        self.column.activate()
        self.ensureWidgetVisible(made, 0, look.px(20))
