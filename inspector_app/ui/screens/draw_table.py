"""What a draw gave, as a table for the room: unit, kind, main and second officer, and who was passed over and why."""

from __future__ import annotations

from typing import Any, NamedTuple, cast

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ...domain.draw import Row
from ..icons import paint_icon
from ..theme import look
from ..widgets.panels import column
from ..widgets.text import paint_words

_Index = QModelIndex | QPersistentModelIndex

PACE = 600
"""Milliseconds a row when the draw is played again."""


class _Column(NamedTuple):
    name: str
    wide: int  # in logical pixels; 0: a part of what is left
    part: float = 0.0
    person: bool = False


_COLUMNS = (_Column("检查对象", 0, 0.44), _Column("类型", 96), _Column("主办", 116, person=True), _Column("协办", 116, person=True),
            _Column("跳过的人和原因", 0, 0.56))  # fmt: skip
_NUMBER, _FACE = 46, 34
ROOMY = 760
"""Width from which there is room for a face beside each name."""


def _cells(width: float) -> list[tuple[_Column, float, float]]:
    """Each column with its left edge and its width."""
    bare = 0 if width / look.scale >= ROOMY else _FACE
    fixed = [look.px(each.wide - (bare if each.person else 0)) for each in _COLUMNS]
    left, room, found = float(look.px(_NUMBER)), width - look.px(_NUMBER) - sum(fixed), []
    for each, wide in zip(_COLUMNS, fixed, strict=True):
        mine = wide or room * each.part
        found.append((each, left, mine - look.px(10)))
        left += mine
    return found


class _Model(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[Row, ...] = ()
        self.shown = 0

    def fill(self, rows: tuple[Row, ...], shown: int) -> None:
        self.beginResetModel()
        self.rows, self.shown = rows, shown
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self.shown

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return None
        row = self.rows[index.row()]
        head, second = row.officers
        passed = passed_of(row)
        return f"第{index.row() + 1}家 {row.unit.name}，{row.unit.kind}，主办{head.name}，协办{second.name}，跳过：{passed}"


def passed_of(row: Row) -> str:
    """Who was passed over for a unit, and why."""
    return "；".join(f"{each.name}：{each.reason}" for each in row.passed) or "无"


class _Painter(QStyledItemDelegate):
    def __init__(self, model: _Model, parent: QListView) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(0, look.px(52))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        whole, row = QRectF(cast(QRect, option.rect)), self._model.rows[index.row()]  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.colour("line"), 1))
        painter.drawLine(whole.bottomLeft(), whole.bottomRight())
        number = QRectF(whole.left() + look.px(10), whole.center().y() - look.px(13), look.px(26), look.px(26))
        _ground(painter, number, look.px(6))
        paint_words(painter, number, str(index.row() + 1), "strong", "brand", Qt.AlignmentFlag.AlignHCenter)
        head, second = row.officers
        texts = (row.unit.name, row.unit.kind, head.name, second.name, passed_of(row))
        for (column_, left, wide), text in zip(_cells(whole.width()), texts, strict=True):
            rect = QRectF(whole.left() + left, whole.top(), wide, whole.height())
            if column_.person and whole.width() / look.scale >= ROOMY:
                half = look.px(13)
                face = QRectF(rect.left(), rect.center().y() - half, 2 * half, 2 * half)
                _ground(painter, face, half)
                paint_words(
                    painter, face, text.removeprefix("示例")[:1], "small", "brand", Qt.AlignmentFlag.AlignHCenter
                )
                rect.setLeft(rect.left() + look.px(_FACE))
            if column_ is _COLUMNS[-1] and row.passed:
                paint_icon(painter, "user-switch", "warn", rect.left(), rect.center().y() - look.px(8), 16)
                rect.setLeft(rect.left() + look.px(22))
            first = column_ is _COLUMNS[0]
            tone = "ink" if first or column_.person else "ink2" if row.passed or column_ is not _COLUMNS[-1] else "ink3"
            paint_words(painter, rect, text, "strong" if first else "body" if column_.person else "small", tone)
        painter.restore()


def _ground(painter: QPainter, rect: QRectF, radius: float) -> None:
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour("brand_soft"))
    painter.drawRoundedRect(rect, radius, radius)
    painter.restore()


class _Heads(QWidget):
    """The headings over the columns."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(look.px(30))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for column_, left, wide in _cells(self.width()):
            paint_words(painter, QRectF(left, 0, wide, self.height()), column_.name, "small", "ink3")
        painter.setPen(QPen(look.colour("line"), 1))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        painter.end()


class DrawTable(QWidget):
    """The table; `play` shows it again row by row."""

    def __init__(self) -> None:
        super().__init__()
        self._model = _Model()
        self.view = QListView()
        self.view.setModel(self._model)
        self.view.setItemDelegate(_Painter(self._model, self.view))
        self.view.setAccessibleName("抽取结果")
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setStyleSheet("QListView { border: none; padding: 0; }")
        self.view.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._timer = QTimer(self)
        self._timer.setInterval(PACE)
        self._timer.timeout.connect(self._next)
        self.setFocusProxy(self.view)
        layout = column(_Heads(), self.view, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.setMinimumHeight(look.px(190))

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """Show all rows; a replay that runs over the same goes on."""
        if rows != self._model.rows:
            self._timer.stop()
            self._model.fill(rows, len(rows))

    def hideEvent(self, event: QHideEvent) -> None:
        """Whoever comes back sees all of it."""
        super().hideEvent(event)
        if self._timer.isActive():
            self._timer.stop()
            self._model.fill(self._model.rows, len(self._model.rows))

    def play(self) -> None:
        """Empty, then one row after the other."""
        self._model.fill(self._model.rows, 0)
        self._timer.start()

    def _next(self) -> None:
        shown = self._model.shown + 1
        self._model.fill(self._model.rows, shown)
        self.view.scrollToBottom()
        if shown >= len(self._model.rows):
            self._timer.stop()
