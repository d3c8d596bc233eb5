"""The bar above every screen: where one is, where the data is, who is signed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ..actions import sync
from ..domain.calendar import zh_time
from .desk import Desk
from .places import BY_NAME
from .theme import look
from .widgets.buttons import Button
from .widgets.panels import Surface, Tag, row
from .widgets.text import Text


class TopBar(Surface):
    """Where there is little room, what is known anyway gives way to the name of the case."""

    def __init__(self, desk: Desk, lock: Callable[[], object]) -> None:
        super().__init__("surface", "bottom")
        self._desk = desk
        self._place = ""
        self.back = Button("", "ghost", "caret-left", act=lambda: desk.open(BY_NAME[self._place].of), height=36)
        self.title = Text("", "h2")
        self.kind = Tag("", "na")
        self.trial = Tag("试用", "warn")
        self.subtitle = Text("", "small", "ink3")
        self.search = Button("查找单位、文书、法条，或输入命令", "field", "magnifying-glass", key="Ctrl K", height=36)
        self.state = Tag("", "warn", "cloud-slash")
        self.person = Button("", "soft", "user", act=lock, height=36)
        self.person.setToolTip("锁定并换人（Ctrl+L）")
        self.setFixedHeight(look.px(52))
        self.setLayout(
            row(self.back, self.title, self.kind, self.trial, self.subtitle, None, self.search, self.state, self.person,
                spacing=8, margins=(14, 4, 14, 4))
        )  # fmt: skip
        self.kind.hide()
        self.trial.setVisible(desk.trial)

    def show_place(self, name: str) -> None:
        """Name a place of the rail, or what lies below one; the case is named by its own screen (`show_heading`)."""
        self._place = name
        of, in_case = BY_NAME[name].of, name == "case"
        self.back.setVisible(bool(of))
        self.back.setAccessibleName(f"返回{'检查列表' if in_case else BY_NAME[of or name].title}")
        self.kind.hide()
        if not in_case:
            self.title.setMinimumWidth(0)
            self.title.setText(self._desk.queries.register().bureau.name if name == "today" else BY_NAME[name].title)
            self.subtitle.setText("行政检查" if name == "today" else "")
        self.person.set_text(self._desk.book.person.name)
        self._show_state()

    def show_heading(self, title: str, kind: str, subtitle: str) -> None:
        """The case's name; its review may come when another place is open already."""
        if self._place != "case":
            return
        self.title.setText(title)
        self.title.setMinimumWidth(min(self.title.sizeHint().width(), look.px(200)))
        self.kind.show_state(kind, "brand")
        self.kind.show()
        self.subtitle.setText(subtitle)

    def _show_state(self) -> None:
        """Where the data is, in the words that may be said: here, on its way, exchanged at a time."""
        saved = f"已存本机 {self._desk.saved}"
        last = sync.last_exchange(self._desk.book.store)
        if self._desk.exchanging:
            self.state.show_state(f"正在交换，{saved}", "brand", "arrows-clockwise")
        elif last:
            self.state.show_state(f"{zh_time(datetime.fromisoformat(last))} 交换过，{saved}", "brand", "cloud-check")
        else:
            self.state.show_state(f"离线，{saved}", "warn", "cloud-slash")

    def fit(self, room: float) -> None:
        """Show what there is room for, in pixels of an unscaled screen."""
        self.state.setVisible(room >= 1000)
        self.search.set_text("查找单位、文书、法条，或输入命令" if room >= 1200 else "查找")
