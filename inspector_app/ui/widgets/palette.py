"""The palette (Ctrl+K): finds units, cases, stages and acts by words or pinyin initials."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QWidget

from ..theme import look
from .panels import column


@dataclass(frozen=True, slots=True)
class Command:
    """Something that can be found and done."""

    words: str
    initials: str
    do: Callable[[], object]


class Palette(QDialog):
    """A field and the matching commands; Enter does the first, Esc closes."""

    def __init__(self, parent: QWidget, known: Callable[[], Iterable[Command]]) -> None:
        """`known()` gives what can be found; it is asked anew each time the palette opens."""
        super().__init__(parent)
        self._known = known
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
        self._commands = list(self._known())
        self.field.clear()
        self._fill("")
        self.show()
        self.field.setFocus()

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
