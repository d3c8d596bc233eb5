"""One inspection in the sync centre: how much of it the bureau has signed for."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from ...actions.whereabouts import Where
from ..desk import Desk
from ..widgets.buttons import Button
from ..widgets.panels import Bar, Card, Tag, row
from ..widgets.text import Text
from .files_sheet import show_files


class SyncRow(Card):
    """How far one inspection is with the bureau."""

    def __init__(self, parent: QWidget, desk: Desk, name: str, place: Where) -> None:
        self._tag, self._bar, self._said = Tag("", "na"), Bar(), Text("", "small", "ink2")
        self._away = Text("", "small", "ink3")
        open_ = Button("打开", "link", act=partial(desk.open, "case", place.stream), height=36)
        open_.setAccessibleName(f"打开 {name}")
        files = Button("文件", "link", act=partial(show_files, parent, desk, place.stream, name), height=36)
        files.setAccessibleName(f"{name}的文件在哪里")
        head = row(Text(name, "strong"), None, self._tag)
        super().__init__(
            head, self._bar, row(self._said, None, files, open_, spacing=14), self._away, padding=12, spacing=4
        )
        self.follow(place)

    def follow(self, place: Where) -> None:
        """Show how it stands now."""
        done, total = place.events_received + place.files_received, place.events + place.files
        self._bar.show_part(done, total, "ok" if done == total else "brand")
        self._tag.show_state(place.word, {"已回执": "ok", "等回执": "warn"}.get(place.word, "na"))
        of_files = f"，{place.files_received}/{place.files} 个文件" if place.files else ""
        self._said.setText(f"{place.events_received}/{place.events} 条{of_files}")
        self._away.setText(f"同事的 {place.elsewhere} 个文件不在本机")
        self._away.setVisible(place.elsewhere > 0)
