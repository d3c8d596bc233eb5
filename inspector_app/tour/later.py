"""After service in the tour: the unit reports, the officers see it again, then and now beside each other."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QLineEdit

from .album import Album
from .hand import Hand

REPORTED = {"E01": "已更换并登记。", "E03": "已修缮吊顶。", "K06": "已分设三员。", "L01": "已列入移交计划。"}
"""What the unit answers to each clause of the order."""

LEFT = "L01"
"""The clause that is not done yet."""


class Rectification:
    """From the unit's report to the record of the re-inspection."""

    def __init__(self, hand: Hand, album: Album, photos: Path) -> None:
        self.hand, self.album, self.photos = hand, album, photos

    def run(self) -> None:
        """Raises LookupError where the window does not offer what it should."""
        self.hand.stage = "复查"
        self._report()
        self._look_again()

    def _report(self) -> None:
        hand = self.hand
        hand.key("Alt+1")
        hand.key("Ctrl+Return")
        hand.key("Ctrl+8")
        hand.press("登记整改报告")
        for code, said in REPORTED.items():
            hand.write(f"{code} 单位回复", said)
        self.album.take(hand.window, "整改-单位报告")
        hand.press("登记整改报告")
        for code in REPORTED:
            if code != LEFT:
                hand.press(f"{code} 材料齐全")
        self.album.take(hand.window, "整改-已报告")

    def _look_again(self) -> None:
        hand = self.hand
        hand.key("Ctrl+9")
        for nth, code in enumerate(("E01", "E03")):
            hand.press(f"{code} 导入复查照片")
            if nth == 0:
                hand.click(hand.find(QLineEdit, "照片所在的文件夹"))
                hand.key("Ctrl+A")
                hand.type(str(self.photos))
                hand.key("Return")
            for _ in range(nth):
                hand.key("Right")
            hand.key("Return")
        hand.press("E03 前后对比")
        self.album.take(hand.window, "复查-前后对比")
        hand.press("返回")
        for code in REPORTED:
            hand.press(f"{code} {'部分改正' if code == LEFT else '已改正'}")
            hand.write(f"{code} 复查所见", "与报告一致。")
        hand.fill("单位意见", "没有异议。")
        hand.fill("后续处理", "继续办理移交。")
        self.album.take(hand.window, "复查-登记")
        hand.press("登记复查")
        self.album.take(hand.window, "复查")
