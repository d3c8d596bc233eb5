"""A gallery of evidence: a model, a delegate that paints a tile, and a list that walks them. Thousands cost what is on view."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QImage, QKeyEvent, QPainter, QPainterPath, QPen, QResizeEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ...actions.recording import length
from ...domain.evidence import BLOCKED, SPOKEN, Evidence
from ...domain.secrecy import DESTROYED
from ..icons import paint_icon
from ..theme import look
from .pressable import paint_focus

TILE = QSize(164, 152)
PICTURE = 112
GAP = 12

Index = QModelIndex | QPersistentModelIndex
PIECE = Qt.ItemDataRole.UserRole


def state_of(piece: Evidence) -> tuple[str, str, str]:
    """How a piece stands in words, with its sign and tone: what keeps it off the papers before what it lacks."""
    if piece.secret:
        return ("已按命令销毁", "prohibit", "na") if piece.secret == DESTROYED else ("涉密封存", "lock", "bad")
    if piece.withdrawn:
        return "已撤下", "prohibit", "na"
    if piece.secrecy == BLOCKED:
        return "有涉密内容，不写入文书", "shield-warning", "bad"
    if piece.missing:
        return f"缺{'、'.join(piece.missing)}", "warning-circle", "warn"
    if not piece.secrecy:
        return "说明齐全，待保密审查", "shield-warning", "warn"
    return "说明齐全", "check-circle", "ok"


class Pieces(QAbstractListModel):
    """The pieces on view, each with the words of its item."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[Evidence] = []
        self.items: Mapping[str, str] = {}
        self._rows: dict[str, int] = {}

    def fill(self, pieces: Sequence[Evidence], items: Mapping[str, str]) -> None:
        """Show these; where they are the same ones, only what changed of them is painted anew."""
        self.items = items
        if [p.number for p in pieces] != [p.number for p in self.pieces]:
            self.beginResetModel()
            self.pieces = list(pieces)
            self._rows = {piece.number: row for row, piece in enumerate(pieces)}
            self.endResetModel()
            return
        changed = [row for row, (old, new) in enumerate(zip(self.pieces, pieces, strict=True)) if old is not new]
        self.pieces = list(pieces)
        for row in changed:
            self.dataChanged.emit(self.index(row), self.index(row))

    def row_of(self, number: str) -> int:
        """Its row; -1 where it is not on view."""
        return self._rows.get(number, -1)

    def picture_came(self, number: str) -> None:
        if (row := self.row_of(number)) >= 0:
            self.dataChanged.emit(self.index(row), self.index(row), [Qt.ItemDataRole.DecorationRole])

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.pieces)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        piece = self.pieces[index.row()]
        if role == PIECE:
            return piece
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{piece.number} {piece.proves}，{state_of(piece)[0]}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(text for text in (piece.proves, self.items.get(piece.item, "")) if text)
        return None


class Tile(QStyledItemDelegate):
    """A picture with its number, its state, what it proves and its item."""

    def __init__(
        self, picture: Callable[[Evidence, int], QImage | None], items: Callable[[], Mapping[str, str]]
    ) -> None:
        super().__init__()
        self._picture, self._items = picture, items

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(look.px(TILE.width() + GAP), look.px(TILE.height() + GAP))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        piece = index.data(PIECE)
        state = option.state  # type: ignore[attr-defined]
        place = option.rect  # type: ignore[attr-defined]
        wide, high = look.px(TILE.width()), look.px(PICTURE)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        frame = QRectF(place.x() + 2, place.y() + 2, wide - 4, high - 4)
        self._paint_picture(painter, frame, piece)
        self._paint_signs(painter, frame, piece)
        if state & QStyle.StateFlag.State_Selected:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(look.colour("brand"), 3))
            painter.drawRoundedRect(frame, look.px(8), look.px(8))
        self._paint_words(painter, QRectF(place.x() + 2, place.y() + high, wide - 4, look.px(20)), piece)
        if state & QStyle.StateFlag.State_HasFocus:
            ring = QRectF(place.x(), place.y(), wide, look.px(TILE.height()))
            paint_focus(painter, ring.adjusted(-2, -2, 2, 0), look.px(9))
        painter.restore()

    def _paint_picture(self, painter: QPainter, frame: QRectF, piece: Evidence) -> None:
        path = QPainterPath()
        path.addRoundedRect(frame, look.px(8), look.px(8))
        painter.save()
        painter.setClipPath(path)
        painter.fillRect(frame, look.colour("track"))
        painter.setOpacity(0.35 if piece.withdrawn or piece.secrecy == BLOCKED else 1.0)
        image = self._picture(piece, 320)
        if image is not None and not image.isNull():
            size = image.size().scaled(frame.size().toSize(), Qt.AspectRatioMode.KeepAspectRatioByExpanding)
            target = QRectF(0, 0, size.width(), size.height())
            target.moveCenter(frame.center())
            painter.drawImage(target, image)
        elif image is not None:
            sign = (
                "lock"
                if piece.secret
                else "microphone"
                if piece.kind == "录音"
                else "video-camera"
                if piece.kind in SPOKEN
                else "image"
            )
            paint_icon(painter, sign, "ink3", frame.center().x() - look.px(14), frame.center().y() - look.px(14), 28)
        painter.restore()

    def _paint_signs(self, painter: QPainter, frame: QRectF, piece: Evidence) -> None:
        _, sign, tone = state_of(piece)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("surface"))
        corner = frame.topRight()
        painter.drawEllipse(QRectF(corner.x() - look.px(28), corner.y() + look.px(6), look.px(22), look.px(22)))
        paint_icon(painter, sign, tone, corner.x() - look.px(26), corner.y() + look.px(8), 18, "fill")
        at = frame.left() + look.px(6)
        lasts = length(piece.duration) if piece.duration else ""
        for words in (piece.number, lasts, piece.view, "标注" if piece.marks and piece.marks_shown else ""):
            if words:
                at += self._paint_tag(painter, at, frame.bottom() - look.px(26), words) + look.px(4)

    def _paint_tag(self, painter: QPainter, left: float, top: float, words: str) -> float:
        wide = look.advance("cap", words) + look.px(10)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("rail"))
        tag = QRectF(left, top, wide, look.px(20))
        painter.drawRoundedRect(tag, look.px(4), look.px(4))
        painter.setPen(look.colour("rail_ink"))
        painter.setFont(look.font("cap"))
        painter.drawText(tag, int(Qt.AlignmentFlag.AlignCenter), words)
        return wide

    def _paint_words(self, painter: QPainter, line: QRectF, piece: Evidence) -> None:
        font = look.font("small")
        painter.setFont(font)
        item = (
            f"{piece.item} {self._items().get(piece.item, '')}"
            if piece.item
            else "全过程记录"
            if piece.of_process
            else "未关联检查项"
        )
        for words, tone in ((piece.proves or "没有写证明对象", "ink" if piece.proves else "warn"),
                            (item, "brand" if piece.item or piece.of_process else "warn")):  # fmt: skip
            said = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, int(line.width()))
            painter.setPen(look.colour(tone))
            painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter), said)
            line.translate(0, look.px(19))


class Gallery(QListView):
    """Tiles in as many columns as fit; arrows move. `walked` tells the current one, `opened` that it is to be seen large,
    `picked` how many are selected.

    Single letters are not taken for a search: they belong to the screen.
    """

    walked = Signal(str)
    opened = Signal()
    picked = Signal(int)

    def __init__(self, picture: Callable[[Evidence, int], QImage | None], name: str) -> None:
        super().__init__()
        self.model_ = Pieces()
        self._tile = Tile(picture, lambda: self.model_.items)
        self.setModel(self.model_)
        self.setItemDelegate(self._tile)
        self.setObjectName("gallery")
        self.setAccessibleName(name)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.doubleClicked.connect(lambda _: self.opened.emit())
        self._told = ""

    def fill(self, pieces: Sequence[Evidence], items: Mapping[str, str], current: str) -> None:
        """Show these pieces; the view stays where it is when they are the same ones."""
        self.setGridSize(QSize(look.px(TILE.width() + GAP), look.px(TILE.height() + GAP)))
        self.verticalScrollBar().setSingleStep(look.px(TILE.height() + GAP) // 3)
        self.model_.fill(pieces, items)
        row = self.model_.row_of(current)
        if row >= 0 and self.currentIndex().row() != row:
            self._choose(self.model_.index(row))
        self._told = current

    def reveal(self, number: str) -> None:
        """Bring a piece into view and make it the current one."""
        if (row := self.model_.row_of(number)) >= 0:
            self._choose(self.model_.index(row))
            self.scrollTo(self.model_.index(row))

    def _choose(self, index: QModelIndex) -> None:
        """The current one and the only chosen one, whatever key is held down meanwhile, e.g. that of Ctrl+Z."""
        self.setCurrentIndex(index)
        self.selectionModel().select(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def chosen(self) -> list[str]:
        """The numbers of the selected pieces in their order."""
        return [self.model_.pieces[row].number for row in sorted({index.row() for index in self.selectedIndexes()})]

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if current.isValid() and (number := self.model_.pieces[current.row()].number) != self._told:
            self._told = number
            self.walked.emit(number)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self.picked.emit(len(self.selectedIndexes()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.currentIndex().isValid() and self.hasFocus():
            self.scrollTo(self.currentIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        if event.key() == Qt.Key.Key_Space and plain:
            self.opened.emit()
        elif plain and event.text().isprintable() and event.text().strip():
            event.ignore()
        else:
            super().keyPressEvent(event)
