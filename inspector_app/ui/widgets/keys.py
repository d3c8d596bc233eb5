"""The overlay of all keys (F1)."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QDialog, QWidget

from .buttons import Button
from .panels import KeyHint, column, paint_overlay, row
from .text import Text

KEYS = (
    ("检查表", (
        ("1 2 3 4", "四种答案"), ("J K ↓ ↑", "下一项、上一项"), ("Shift J K", "下一节、上一节"), ("U", "下一个未答项"),
        ("R", "写备注，Esc 返回"), ("F", "记为问题"), ("P", "导入照片"), ("G", "看条文"), ("E", "看证据"),
    )),
    ("取证", (
        ("空格", "看大图、对比"), ("A H M", "标注、看标注、保密审查"), ("I F W", "到检查项、问题、文书"), ("Ctrl F", "在证据里查找"),
        ("F9", "开始、停止录像"), ("F10", "拍照，空格是快门"),
    )),
    ("去哪里", (
        ("Alt 1…8", "左侧各页"), ("Ctrl 1…0", "第 1 至第 10 步"), ("Ctrl K", "查找和命令"), ("F3", "法规"), ("F6", "下一个区域"),
        ("F8", "下一处评查意见"),
    )),
    ("到处能用", (
        ("Ctrl Enter", "本页主要操作"), ("Ctrl P", "打印"), ("Ctrl Z Y", "撤销、重做"), ("Ctrl S", "看存好没有"), ("Ctrl L", "锁定、换人"),
        ("F7", "深色"), ("F11", "全屏"), ("Esc", "关闭最上层"),
    )),
)  # fmt: skip
"""The keys by where they act."""


class KeysOverlay(QDialog):
    """A table of keys over the window; Esc or F1 closes it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("按键")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        groups = []
        for name, keys in KEYS:
            room = max(KeyHint(key, "").key_width() for key, _ in keys)
            groups.append(
                column(Text(name, "strong"), *(KeyHint(key, text, room) for key, text in keys), None, spacing=6)
            )
        close = Button("关闭按键表", "secondary", act=self.hide)
        self.setLayout(
            column(Text("按键", "h2"), row(*groups, spacing=24), row(None, close), spacing=16, margins=(24, 20, 24, 20))
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_overlay(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The window's own keys sleep while this is open."""
        if event.key() == Qt.Key.Key_F1:
            self.hide()
        else:
            super().keyPressEvent(event)

    def toggle(self) -> None:
        if self.isVisible():
            self.hide()
        else:
            self.show()
