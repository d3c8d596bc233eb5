"""The palette (Ctrl+K): finds acts, stages, papers, cases, units and articles by words or pinyin initials."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ..icons import paint_icon
from ..theme import look
from .buttons import paint_key
from .initials import initials
from .panels import Icon, Line, column, paint_overlay, row
from .text import Text, paint_line

ACTS = "可以做的事"
"""The group of what can be done now; the first in the list."""


@dataclass(frozen=True, slots=True)
class Command:
    """Something that can be found and done. `also` are other words for it; a `quiet` one shows only when searched."""

    group: str
    icon: str
    words: str
    do: Callable[[], object]
    hint: str = ""
    key: str = ""
    also: str = ""
    quiet: bool = False

    def rank(self, wanted: str) -> int:
        """How well it fits, the smaller the better; -1 if it does not."""
        if not wanted:
            return -1 if self.quiet else 0
        letters = [initials(words) for words in (self.words, *self.also.split())]
        fits = (wanted in (*letters, *self.also.split()), any(one.startswith(wanted) for one in letters),
                wanted in f"{self.words}{self.also}{self.hint}".lower(), any(wanted in one for one in letters))  # fmt: skip
        return next((place for place, fit in enumerate(fits) if fit), -1)


class Palette(QDialog):
    """A field and what fits, in groups; Enter does the chosen one, Esc closes."""

    def __init__(self, parent: QWidget, known: Callable[[], Iterable[Command]]) -> None:
        """`known()` gives what can be found; it is asked anew each time the palette opens."""
        super().__init__(parent)
        self._known, self._window = known, parent
        self.setWindowTitle("查找和命令")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.setFixedWidth(look.px(620))
        self.field = QLineEdit()
        self.field.setObjectName("flat")
        self.field.setAccessibleName("查找单位、文书、法条，或输入命令")
        self.field.setPlaceholderText("输入单位、步骤或命令，也可用拼音首字母")
        self.field.textChanged.connect(self._fill)
        self.field.installEventFilter(self)
        self.list = QListWidget()
        self.list.setObjectName("flat")
        self.list.setAccessibleName("查找结果")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.list.setItemDelegate(_RowPainter(self.list))
        self.list.itemClicked.connect(self._do)
        self.list.setMinimumHeight(look.px(120))
        head = row(Icon("magnifying-glass", "brand", 20), self.field, spacing=10, margins=(16, 14, 16, 10))
        foot = row(Text("上下键选择，回车执行，Esc 关闭", "small", "ink3"), None, Text("拼音首字母也可以，如 pz", "small", "ink3"),
                   margins=(16, 8, 16, 10))  # fmt: skip
        self.setLayout(column(head, Line(), column(self.list, margins=(8, 8, 8, 8)), Line(), foot, spacing=0))
        self._commands: list[Command] = []

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_overlay(self)

    def open(self) -> None:
        self.resize(self.width(), min(look.px(520), self._window.height() - look.px(60)))
        self._commands = list(self._known())
        self.field.clear()
        self._fill("")
        self.show()
        self.field.setFocus()

    def _fill(self, text: str) -> None:
        self.list.clear()
        wanted = text.strip().lower()
        ranked = [(command.rank(wanted), command) for command in self._commands]
        fitting = [command for rank, command in sorted(ranked, key=lambda pair: pair[0]) if rank >= 0]
        for group in dict.fromkeys(command.group for command in fitting):
            self._add(group, None)
            for command in fitting:
                if command.group == group:
                    self._add(command.words, command)
        if not fitting:
            self._add(f"没有找到“{text}”。换一个说法再找。", None)
        self._step(1)

    def _add(self, words: str, command: Command | None) -> None:
        item = QListWidgetItem(words)
        item.setData(Qt.ItemDataRole.UserRole, command)
        if command is None:
            item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.list.addItem(item)

    def _step(self, by: int) -> None:
        """Go to the next command; names of groups are passed over."""
        count, here = self.list.count(), self.list.currentRow()
        for ahead in range(1, count + 1):
            number = (here + by * ahead) % count if here >= 0 else ahead - 1
            if self.list.item(number).data(Qt.ItemDataRole.UserRole) is not None:
                self.list.setCurrentRow(number)
                if number == 1:
                    self.list.scrollToTop()
                return

    def _do(self, item: QListWidgetItem | None) -> None:
        command = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        if command is not None:
            self.hide()
            command.do()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step:
                self._step(step)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._do(self.list.currentItem())
                return True
        return super().eventFilter(watched, event)


class _RowPainter(QStyledItemDelegate):
    """The name of a group, or a command: icon, words over a hint, key cap."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        command = index.data(Qt.ItemDataRole.UserRole)
        return QSize(0, look.px(30 if command is None else 50 if command.hint else 40))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        rect = QRectF(cast(QRect, option.rect))  # type: ignore[attr-defined]
        command: Command | None = index.data(Qt.ItemDataRole.UserRole)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if command is None:
            paint_line(painter, rect.adjusted(look.px(12), 0, 0, 0), str(index.data()), "small", "ink3")
            painter.restore()
            return
        if cast(QStyle.StateFlag, option.state) & QStyle.StateFlag.State_Selected:  # type: ignore[attr-defined]
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("brand_soft"))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), look.px(8), look.px(8))
        paint_icon(painter, command.icon, "ink2", rect.left() + look.px(12), rect.center().y() - look.px(9))
        words = rect.adjusted(look.px(44), 0, -look.px(14), 0)
        if command.key:
            wide = look.advance("cap", command.key) + look.px(10)
            paint_key(
                painter, QRectF(words.right() - wide, rect.center().y() - look.px(10), wide, look.px(20)), command.key
            )
            words.setRight(words.right() - wide - look.px(12))
        if command.hint:
            half = rect.height() / 2
            paint_line(painter, words.adjusted(0, look.px(3), 0, -half + look.px(2)), command.words, "body", "ink")
            paint_line(painter, words.adjusted(0, half - look.px(1), 0, -look.px(4)), command.hint, "small", "ink2")
        else:
            paint_line(painter, words, command.words, "body", "ink")
        painter.restore()
