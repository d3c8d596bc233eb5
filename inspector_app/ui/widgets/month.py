"""A month as a table of days, worked by keys: arrows go from day to day and over its ends, PgUp and PgDn from month to month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple, cast

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QFrame, QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from ...domain.calendar import zh_date, zh_weekday
from ..theme import look
from .text import paint_words

_Index = QModelIndex | QPersistentModelIndex
_DAYS = "一二三四五六日"
_LINE = 20


class Mark(NamedTuple):
    """One thing of a day: its words and its tone."""

    words: str
    tone: str


class _Model(QAbstractTableModel):
    """Six weeks from the Monday on or before the first of the month."""

    def __init__(self) -> None:
        super().__init__()
        self.first = date(2026, 1, 1)
        self.today = date.min
        self.marks: Mapping[date, Sequence[Mark]] = {}
        self.free: frozenset[date] = frozenset()

    def show(self, first: date, today: date, marks: Mapping[date, Sequence[Mark]], free: frozenset[date]) -> None:
        self.beginResetModel()
        self.first, self.today, self.marks, self.free = first, today, marks, free
        self.endResetModel()

    @property
    def start(self) -> date:
        return self.first - timedelta(days=self.first.weekday())

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else 6

    def columnCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else 7

    def day(self, index: _Index) -> date:
        return self.start + timedelta(days=index.row() * 7 + index.column())

    def place(self, day: date) -> QModelIndex:
        row, column = divmod((day - self.start).days, 7)
        return self.index(row, column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return _DAYS[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return None
        day = self.day(index)
        words = [mark.words for mark in self.marks.get(day, ())]
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(words) or None
        return "，".join((f"{zh_date(day)} {zh_weekday(day)}", *words, *(("休息",) if day in self.free else ())))


class _Painter(QStyledItemDelegate):
    def __init__(self, model: _Model, parent: QTableView) -> None:
        super().__init__(parent)
        self._model, self._view = model, parent

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        cell, day, model = QRectF(cast(QRect, option.rect)), self._model.day(index), self._model  # type: ignore[attr-defined]
        inside, chosen = day.month == model.first.month, index == self._view.currentIndex()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(cell, look.colour("sunken" if day in model.free else "surface"))
        painter.setPen(QPen(look.colour("line"), 1))
        painter.drawLine(cell.bottomLeft(), cell.bottomRight())
        painter.drawLine(cell.topRight(), cell.bottomRight())
        if chosen:
            painter.setPen(QPen(look.colour("focus" if self._view.hasFocus() else "brand"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(cell.adjusted(1.5, 1.5, -2.5, -2.5), look.px(6), look.px(6))
        high, edge = look.px(_LINE), look.px(8)
        head = QRectF(cell.left() + edge, cell.top() + look.px(5), cell.width() - 2 * edge, high)
        if day == model.today:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("brand"))
            painter.drawRoundedRect(QRectF(head.left() - look.px(3), head.top(), look.px(26), high), high / 2, high / 2)
        tone = (
            "on_brand" if day == model.today else "disabled" if not inside else "ink3" if day in model.free else "ink"
        )
        centred = QRectF(head.left() - look.px(3), head.top(), look.px(26), high)
        paint_words(
            painter,
            centred,
            str(day.day),
            "strong" if day == model.today else "small",
            tone,
            Qt.AlignmentFlag.AlignHCenter,
        )
        self._marks(painter, cell, head.bottom() + look.px(2), model.marks.get(day, ()), "ink" if inside else "ink3")
        painter.restore()

    def _marks(self, painter: QPainter, cell: QRectF, top: float, marks: Sequence[Mark], ink: str) -> None:
        """As many as there is room for; the last line counts the others."""
        high, edge = look.px(_LINE), look.px(8)
        room = max(1, int((cell.bottom() - look.px(2) - top) // high))
        shown = marks if len(marks) <= room else marks[: room - 1]
        for n, mark in enumerate(shown):
            line = QRectF(cell.left() + edge, top + n * high, cell.width() - 2 * edge, high)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour(mark.tone))
            painter.drawRoundedRect(
                QRectF(line.left(), line.top() + look.px(4), look.px(3), high - look.px(8)), 1.5, 1.5
            )
            paint_words(painter, line.adjusted(look.px(8), 0, 0, 0), mark.words, "cap", ink)
        if len(shown) < len(marks):
            rest = QRectF(cell.left() + edge, top + len(shown) * high, cell.width() - 2 * edge, high)
            paint_words(
                painter, rest.adjusted(look.px(8), 0, 0, 0), f"还有 {len(marks) - len(shown)} 件", "cap", "ink3"
            )


class Month(QTableView):
    """The month of `day`; tells `chosen(day)` when another day is, by key or hand, and `opened(day)` on Enter."""

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _Model()
        self.day = date.min
        self.setModel(self._model)
        self.setItemDelegate(_Painter(self._model, self))
        self.setAccessibleName("月历")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionsClickable(False)
        self.horizontalHeader().setHighlightSections(False)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
            header.setMinimumSectionSize(look.px(40))
        for bar in (self.setHorizontalScrollBarPolicy, self.setVerticalScrollBarPolicy):
            bar(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_month(self, day: date, today: date, marks: Mapping[date, Sequence[Mark]], free: frozenset[date]) -> None:
        """Show the month of a day with the day chosen; `free` are its days off."""
        self.day = day
        self._model.show(day.replace(day=1), today, marks, free)
        self.setCurrentIndex(self._model.place(day))

    def go(self, day: date) -> None:
        self.chosen.emit(day)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid():
            self.go(self._model.day(index))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}
        months = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
        key = Qt.Key(event.key())
        if key in steps:
            self.go(self.day + timedelta(days=steps[key]))
        elif key in months:
            self.go(month_on(self.day, months[key]))
        elif key == Qt.Key.Key_Home:
            self.go(self._model.today)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(self.day)
        else:
            super().keyPressEvent(event)


def month_on(day: date, by: int) -> date:
    """The same day so many months on, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + by, 12)
    first = date(year, month + 1, 1)
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))
