"""The people of the bureau in the tour: the legal reviewer and the lead, each at a laptop of their own."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QAbstractButton

from ..ui.widgets.panels import Tag
from ..ui.widgets.text import Text
from ..ui.window import Window
from .album import Album
from .hand import Hand

REVIEWED = "责令限期整改通知书"
POINTS = 7
KEY = r"^(\S+\+[0-9a-f]{8})$"
"""The number of a public key as the settings show it; whoever checks a record has those of all laptops that wrote in it."""


class LegalReview:
    """A paper is handed in, judged at the reviewer's own laptop, and may be made."""

    def __init__(self, officer: Hand, reviewer: Window, album: Album) -> None:
        self.officer, self.reviewer, self.album = officer, Hand(reviewer), album
        self.keys: list[str] = []

    def run(self) -> None:
        """Raises LookupError where a window does not offer what it should."""
        self.officer.stage = self.reviewer.stage = "法制审核"
        self._hand_in()
        self._judge()
        self._take_back()

    def _hand_in(self) -> None:
        hand = self.officer
        hand.press(REVIEWED)
        hand.press("送法制审核")
        hand.click(next(button for button in hand.all(QAbstractButton) if button.isCheckable()))
        self.album.take(hand.window, "法制审核-送审")
        hand.press("送法制审核")

    def _judge(self) -> None:
        hand = self.reviewer
        enter(hand)
        hand.press("审核：")
        for nth in range(1, POINTS + 1):
            hand.press(f"第 {nth} 项 通过")
        self.album.take(hand.window, "法制审核-审核")
        hand.press("给出意见")
        hand.key("Ctrl+Return")
        self.album.take(hand.window, "法制审核-意见")
        hand.press("设置")
        self.keys = hand.read_all(KEY)

    def _take_back(self) -> None:
        hand = self.officer
        turn_to(hand)
        hand.press("同步")
        hand.press("现在交换")
        hand.key("Alt+1")
        hand.key("Ctrl+Return")
        hand.key("Ctrl+6")


class Review:
    """The inspection is handed in, reviewed by the lead, and comes back with what is to be mended."""

    def __init__(self, officer: Hand, lead: Window, album: Album) -> None:
        self.officer, self.lead, self.album = officer, Hand(lead), album

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
        self.album.take(hand.window, "局里-交换前")
        hand.press("现在交换")
        self.album.take(hand.window, "局里-已回执")

    def _review(self) -> None:
        hand = self.lead
        enter(hand)
        self.album.take(hand.window, "局里-组长今日")
        hand.press("复核")
        self.arrived = len([t for t in hand.all(Text) if "示例" in t.text()])
        self.album.take(hand.window, "局里-组长复核")
        hand.key("J")
        hand.key("J")
        hand.press("从局里取大图")
        self.album.take(hand.window, "局里-组长看大图")
        hand.fill("写意见", "补拍检修标签的近照。")
        hand.press("写意见")
        hand.press("退回修改")
        hand.type("请补证据。")
        hand.key("Ctrl+Return")
        self.album.take(hand.window, "局里-组长退回")

    def _take_back(self) -> None:
        hand = self.officer
        turn_to(hand)
        hand.press("现在交换")
        hand.key("Alt+1")
        hand.key("Ctrl+Return")
        hand.key("Ctrl+6")
        self.word = next((tag.accessibleName() for tag in hand.all(Tag) if tag.accessibleName() == "退回修改"), "")
        self.album.take(hand.window, "局里-退回到检查人员")


def turn_to(hand: Hand) -> None:
    """The next person looks at the own window."""
    hand.window.activateWindow()
    hand.settle()


def enter(hand: Hand) -> None:
    """A colleague's laptop is set up and gets what the bureau has."""
    turn_to(hand)
    hand.press("建立示例数据并进入")
