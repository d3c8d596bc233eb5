"""A list of many things in two lines each, painted as it scrolls: five hundred open as fast as five."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, cast

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ..theme import look
from .text import paint_words

_Index = QModelIndex | QPersistentModelIndex


class Entry(NamedTuple):
    """A row: what it stands for, its two lines, and a mark at the right with its tone."""

    id: str
    title: str
    said: str
    mark: str = ""
    tone: str = "na"


class _Model(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.entries: Sequence[Entry] = ()

    def fill(self, entries: Sequence[Entry]) -> None:
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.entries)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return None
        entry = self.entries[index.row()]
        return "，".join(part for part in (entry.title, entry.mark, entry.said) if part)


class _Painter(QStyledItemDelegate):
    def __init__(self, model: _Model, parent: QListView) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(0, look.px(58))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        whole, entry = QRectF(cast(QRect, option.rect)), self._model.entries[index.row()]  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if cast(QStyle.StateFlag, option.state) & QStyle.StateFlag.State_Selected:  # type: ignore[attr-defined]
            painter.setBrush(look.colour("brand_soft"))
            painter.drawRect(whole)
            painter.setBrush(look.colour("brand"))
            painter.drawRect(QRectF(whole.left(), whole.top(), look.px(4), whole.height()))
        wide = look.advance("small", entry.mark) + look.px(12) if entry.mark else 0
        text = QRectF(whole.left() + look.px(14), whole.top() + look.px(6), whole.width() - look.px(24), look.px(23))
        if entry.mark:
            mark = QRectF(text.right() - wide, text.top(), wide, look.px(22))
            painter.setBrush(look.colour(f"{entry.tone}_soft"))
            painter.drawRoundedRect(mark, look.px(6), look.px(6))
            paint_words(painter, mark, entry.mark, "small", entry.tone, Qt.AlignmentFlag.AlignHCenter)
        paint_words(painter, text.adjusted(0, 0, -wide - look.px(6), 0), entry.title, "strong", "ink")
        paint_words(painter, text.translated(0, look.px(23)), entry.said, "small", "ink2")
        painter.restore()


class Rows(QListView):
    """The list. Tells `chosen(id)` when another row becomes the current one by hand, `activated_id(id)` when one is opened
    by Enter or a double click."""

    chosen = Signal(str)
    activated_id = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _Model()
        self.setModel(self._model)
        self.setItemDelegate(_Painter(self._model, self))
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._filling = False
        self.selectionModel().currentRowChanged.connect(lambda now, _: self._tell(now.row()))
        self.activated.connect(lambda index: self.activated_id.emit(self._model.entries[index.row()].id))

    def fill(self, entries: Sequence[Entry], current: str) -> str:
        """Show these rows with one of them as the current one; returns which it is, the first where that one is gone."""
        ids = [entry.id for entry in entries]
        at = ids.index(current) if current in ids else 0
        self._filling = True
        if entries != self._model.entries:
            place = self.verticalScrollBar().value()
            self._model.fill(entries)
            self.verticalScrollBar().setValue(place)
        if entries:
            self.setCurrentIndex(self._model.index(at))
        self._filling = False
        return ids[at] if ids else ""

    def _tell(self, row: int) -> None:
        if not self._filling and 0 <= row < len(self._model.entries):
            self.chosen.emit(self._model.entries[row].id)
