"""The second half of the tour: the inspection goes to the bureau's server and arrives in the lead's window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtGui import QPixmap

from ..ui.widgets.panels import Tag
from ..ui.widgets.text import Text
from ..ui.window import Window
from .hand import Hand


class Bureau:
    """Hands in, reviews, and takes back what the lead said; works two windows by keys and mouse."""

    def __init__(self, officer: Hand, lead: Window, save: Callable[[QPixmap, str], None]) -> None:
        self.officer, self.window, self._save = officer, lead, save
        self.lead = Hand(lead)

    def run(self) -> dict[str, Any]:
        """The whole way there and back; raises LookupError when a window does not offer what it should."""
        self.officer.stage = self.lead.stage = "局里"
        self._hand_in()
        self._review()
        self._take_back()
        return {"events_in_the_lead's_window": self.arrived, "word": self.word}

    def _hand_in(self) -> None:
        hand = self.officer
        hand.key("Alt+1")
        hand.key("Ctrl+Return")
        hand.key("Ctrl+6")
        hand.press("送科室复核")
        hand.press("同步")
        self._picture(hand.window, "局里-交换前")
        hand.press("现在交换")
        self._picture(hand.window, "局里-已回执")

    def _review(self) -> None:
        hand = self.lead
        hand.window.activateWindow()
        hand.settle()
        hand.press("建立示例数据并进入")
        self._picture(hand.window, "局里-组长今日")
        hand.press("复核")
        self.arrived = len([t for t in hand.all(Text) if "示例" in t.text()])
        self._picture(hand.window, "局里-组长复核")
        hand.key("J")
        hand.press("从局里取大图")
        self._picture(hand.window, "局里-组长看大图")
        hand.fill("写意见", "补拍检修标签的近照。")
        hand.press("写意见")
        hand.press("退回修改")
        hand.type("请补证据。")
        hand.key("Ctrl+Return")
        self._picture(hand.window, "局里-组长退回")

    def _take_back(self) -> None:
        hand = self.officer
        hand.window.activateWindow()
        hand.settle()
        hand.press("现在交换")
        hand.key("Alt+1")
        hand.key("Ctrl+Return")
        hand.key("Ctrl+6")
        self.word = next((tag.accessibleName() for tag in hand.all(Tag) if tag.accessibleName() == "退回修改"), "")
        self._picture(hand.window, "局里-退回到检查人员")

    def _picture(self, window: Window, name: str) -> None:
        self._save(window.grab(), name)
