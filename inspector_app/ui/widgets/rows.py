"""A list of many things in two lines each, painted as it scrolls: five hundred open as fast as five."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, cast

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    QSizeF,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ..icons import paint_icon
from ..theme import look
from .focus import BY_KEYS, show_ring
from .text import paint_words

_Index = QModelIndex | QPersistentModelIndex


_LEAD = 92
"""Width of the column before the two lines, where rows have one."""


class Entry(NamedTuple):
    """A row: what it stands for, its two lines, a mark at the right with its tone, and two short words before all."""

    id: str
    title: str
    said: str
    mark: str = ""
    tone: str = "na"
    lead: str = ""
    under: str = ""


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
        return "，".join(part for part in (entry.title, entry.mark, entry.lead, entry.under, entry.said) if part)


class _Painter(QStyledItemDelegate):
    def __init__(self, model: _Model, parent: QListView, *, opens: bool) -> None:
        super().__init__(parent)
        self._model, self._opens = model, opens

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(0, look.px(60))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        whole, entry = QRectF(cast(QRect, option.rect)), self._model.entries[index.row()]  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        state = cast(QStyle.StateFlag, option.state)  # type: ignore[attr-defined]
        painter.fillRect(whole.adjusted(look.px(14), whole.height() - 1, -look.px(10), 0), look.colour("line"))
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(whole, look.colour("brand_soft"))
            painter.fillRect(QRectF(whole.left(), whole.top(), look.px(4), whole.height()), look.colour("brand"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(whole.adjusted(0, 0, 0, -1), look.colour("hover"))
        text = QRectF(whole.left() + look.px(14), whole.top() + look.px(7), whole.width() - look.px(24), look.px(23))
        if entry.lead:
            lead = QRectF(text.topLeft(), QSizeF(look.px(_LEAD - 8), look.px(23)))
            paint_words(painter, lead, entry.lead, "body", "ink")
            paint_words(painter, lead.translated(0, look.px(23)), entry.under, "small", "ink3")
            text.setLeft(text.left() + look.px(_LEAD))
        if self._opens:
            paint_icon(painter, "caret-right", "ink3", text.right() - look.px(16), whole.center().y() - look.px(8), 16)
            text.setRight(text.right() - look.px(28))
        wide = look.advance("small", entry.mark) + look.px(16) if entry.mark else 0
        if entry.mark:
            mark = QRectF(text.right() - wide, text.top(), wide, look.px(24))
            if self._opens:
                mark.moveTop(whole.center().y() - look.px(12))
            painter.setPen(look.colour(f"{entry.tone}_line") if look.name == "high_contrast" else Qt.PenStyle.NoPen)
            painter.setBrush(look.colour(f"{entry.tone}_soft"))
            painter.drawRoundedRect(mark, look.px(6), look.px(6))
            paint_words(painter, mark, entry.mark, "small", entry.tone, Qt.AlignmentFlag.AlignHCenter)
        paint_words(painter, text.adjusted(0, 0, -wide - look.px(6), 0), entry.title, "strong", "ink")
        paint_words(painter, text.translated(0, look.px(23)), entry.said, "small", "ink2")
        painter.restore()


class Rows(QListView):
    """The list. Tells `chosen(id)` when another row becomes the current one by hand, `activated_id(id)` when one is opened
    by Enter or a double click; with `opens`, where nothing is shown beside the list, by a single one."""

    chosen = Signal(str)
    activated_id = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None, *, opens: bool = False) -> None:
        super().__init__(parent)
        self._model = _Model()
        self.setModel(self._model)
        self.setItemDelegate(_Painter(self._model, self, opens=opens))
        self.setMouseTracking(True)
        self.setProperty("ring", False)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._filling = False
        self.selectionModel().currentRowChanged.connect(lambda now, _: self._tell(now.row()))
        self.activated.connect(self._opened)
        if opens:
            self.clicked.connect(self._opened)

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

    def focusInEvent(self, event: QFocusEvent) -> None:
        show_ring(self, event.reason() in BY_KEYS)
        super().focusInEvent(event)

    def _opened(self, index: QModelIndex) -> None:
        self.activated_id.emit(self._model.entries[index.row()].id)

    def _tell(self, row: int) -> None:
        if not self._filling and 0 <= row < len(self._model.entries):
            self.chosen.emit(self._model.entries[row].id)
