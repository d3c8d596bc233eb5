"""Rounds through all screens in the tour: a draw first, then each theme, and a large screen at 150 %."""

from __future__ import annotations

from PySide6.QtGui import QImage

from .album import Album
from .hand import Hand

PLACES = ("今日", "检查列表", "公示", "双随机", "单位", "统计", "同步", "设置")
STEPS = ("准备", "到场", "检查表", "取证", "笔录", "处理", "送达", "整改", "复查", "过程记录")


class Rounds:
    """Pictures of every screen in dark and in high contrast, and one on a 1920x1080 screen at 150 %."""

    def __init__(self, hand: Hand, album: Album) -> None:
        self.hand, self.album = hand, album

    def run(self) -> None:
        """Raises LookupError where the window does not offer what it should."""
        hand = self.hand
        self._draw()
        for label, theme in (("深色", "dark"), ("高对比", "high-contrast")):
            hand.press("设置")
            hand.press(label)
            self._walk(theme)
        hand.press("设置")
        hand.press("浅色")
        self.album.take(hand.window, "设置")
        for number, name in ((3, "公示"), (6, "统计")):
            hand.key(f"Alt+{number}")
            self.album.take(hand.window, name)
        hand.key("Alt+1")
        hand.key("Ctrl+Return")
        hand.key("Ctrl+3")
        self._large()

    def _large(self) -> None:
        window = self.hand.window
        size = window.size()
        window.resize(1280, 720)
        self.hand.settle()
        picture = QImage(1920, 1080, QImage.Format.Format_RGB32)
        picture.setDevicePixelRatio(1.5)
        window.render(picture)
        self.album.save(picture, "1920x1080-150.png")
        window.resize(size)

    def _draw(self) -> None:
        """A double-random draw: sealed, then drawn with the number that the witness says."""
        hand = self.hand
        hand.key("Alt+4")
        hand.key("Ctrl+Return")
        hand.key("Ctrl+Return")
        self.album.take(hand.window, "名录库")
        hand.key("Ctrl+Return")
        hand.fill("监督人", "示例何静")
        hand.fill("监督人当场报的 8 位数", "40718253")
        hand.key("Ctrl+Return")
        hand.key("Alt+5")
        self.album.take(hand.window, "单位")
        hand.key("Alt+4")
        self.album.take(hand.window, "双随机")

    def _walk(self, theme: str) -> None:
        hand = self.hand
        for number, name in enumerate(PLACES, 1):
            hand.key(f"Alt+{number}")
            self.album.take(hand.window, name, theme)
        hand.key("Alt+1")
        hand.key("Ctrl+Return")
        for number, name in enumerate(STEPS, 1):
            hand.key(f"Ctrl+{number % 10}")
            self.album.take(hand.window, name, theme)
