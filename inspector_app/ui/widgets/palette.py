"""The palette (Ctrl+K): finds units, cases, stages and acts by words or pinyin initials."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem

from ...domain.inspection import STEPS
from ..theme import look
from .panels import column

if TYPE_CHECKING:
    from ..window import Window


@dataclass(frozen=True, slots=True)
class Command:
    """Something that can be found and done."""

    words: str
    initials: str
    do: Callable[[], object]


class Palette(QDialog):
    """A field and the matching commands; Enter does the first, Esc closes."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.setWindowTitle("查找和命令")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.setFixedWidth(look.px(560))
        self.field = QLineEdit()
        self.field.setAccessibleName("查找单位、文书、法条，或输入命令")
        self.field.setPlaceholderText("输入单位、步骤或命令，也可用拼音首字母")
        self.field.textChanged.connect(self._fill)
        self.field.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName("查找结果")
        self.list.itemActivated.connect(self._do)
        self.list.setFixedHeight(look.px(300))
        self.setLayout(column(self.field, self.list, spacing=8, margins=(14, 14, 14, 14)))
        self._commands: list[Command] = []

    def open(self) -> None:
        self._commands = self._known()
        self.field.clear()
        self._fill("")
        self.show()
        self.field.setFocus()

    def _known(self) -> list[Command]:
        desk = self._window.desk
        found = [Command(f"打开 {s.TITLE}", initials, partial(desk.open, s.NAME))
                 for s, initials in ((type(s), _PLACES.get(n, "")) for n, s in self._window.screens.items())
                 if not s.HIDDEN]  # fmt: skip
        for index, (name, initials) in enumerate(zip(STEPS, _STEPS, strict=True)):
            if desk.case_id:
                found.append(Command(f"本案 第 {index + 1} 步 {name}", initials, partial(self._stage, index)))
        found += [
            Command(f"检查 {row.unit}（{row.kind}）", "jc", partial(desk.open, "case", row.id))
            for row in desk.queries.inspections()
        ]
        found += [
            Command("切换深色", "qhss", self._window.toggle_dark), Command("撤销", "cx", desk.undo),
            Command("锁定并换人", "sdhr", desk.locked.emit),
        ]  # fmt: skip
        return found

    def _stage(self, index: int) -> None:
        self._window.desk.open("case")
        self._window.desk.open_stage(index)

    def _fill(self, text: str) -> None:
        self.list.clear()
        wanted = text.strip().lower()
        for command in self._commands:
            if not wanted or wanted in command.words.lower() or command.initials.startswith(wanted):
                item = QListWidgetItem(command.words)
                item.setData(Qt.ItemDataRole.UserRole, command)
                self.list.addItem(item)
        if not self.list.count():
            self.list.addItem(f"没有找到“{text}”。换一个说法再找。")
        self.list.setCurrentRow(0)

    def _do(self, item: QListWidgetItem | None) -> None:
        command = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        if command is not None:
            self.hide()
            command.do()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step:
                self.list.setCurrentRow((self.list.currentRow() + step) % max(self.list.count(), 1))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._do(self.list.currentItem())
                return True
        return super().eventFilter(watched, event)


_PLACES = {"today": "jr", "inspections": "jc", "units": "dw", "settings": "sz"}
_STEPS = ("zb", "dc", "jc", "qz", "bl", "cl", "sd", "zg", "fc", "gd")
