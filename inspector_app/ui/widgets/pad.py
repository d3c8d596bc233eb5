"""Signing on the screen: a pad for pen, finger and mouse, and small pictures of what was signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import cast

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QTabletEvent,
    QTouchEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ...domain.drawing import GRAIN, HARDEST, Drawing, Point, Stroke
from ..theme import look
from ..words import tr
from .pressable import paint_focus


class Pad(QWidget):
    """Strokes of one pen, finger or mouse at a time, the pressure where the device measures it.

    Tab leads in and out; Backspace takes the last stroke back, Delete all. A signature cannot be drawn by keys.
    """

    changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strokes: list[Stroke] = []
        self._points: list[Point] = []  # of the stroke that is being drawn
        self._by = ""  # what draws it
        self._finger = -1  # of several that touch, the one that came first
        self._began = 0  # when the first point was drawn, by the clock of the events
        self._drawn_at = QSize()  # how large the pad was then
        self._inked = QPixmap()  # what is painted so far
        self._painted = (0, 0)  # strokes of it that are whole, and points of the next one
        self.setAccessibleName(tr(name))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._tell()

    def sizeHint(self) -> QSize:
        return QSize(look.px(760), look.px(440))

    def minimumSizeHint(self) -> QSize:
        """What is left in the lowest window."""
        return QSize(look.px(420), look.px(180))

    @property
    def is_empty(self) -> bool:
        return not self._strokes

    @property
    def drawing(self) -> Drawing:
        """What was drawn so far."""
        size = self._drawn_at if self._strokes else self.size()
        return Drawing(size.width(), size.height(), tuple(self._strokes))

    def take_back(self) -> None:
        """Without the last stroke."""
        if self._strokes:
            self._strokes.pop()
            self._inked = QPixmap()
            self._tell()

    def clear(self) -> None:
        self._strokes.clear()
        self._inked = QPixmap()
        self._tell()

    def _tell(self) -> None:
        count = len(self._strokes)
        self.setAccessibleDescription(f"已写 {count} 笔" if count else "还没有签名；用笔、手指或者鼠标写")
        self.changed.emit()
        self.update()

    # -- drawing ----------------------------------------------------------------------------------------------

    def _begin(self, by: str, at: QPointF, pressure: float, time: int) -> None:
        if by == self._by:
            self._end(by)  # its release got lost
        if self._by:
            return  # a palm beside the pen
        if not self._strokes:
            self._began, self._drawn_at = time, self.size()
        self._by = by
        self._add(by, at, pressure, time)

    def _add(self, by: str, at: QPointF, pressure: float, time: int) -> None:
        if by != self._by:
            return
        last = self._points or (self._strokes[-1].points if self._strokes else ())
        ms = max(time - self._began, last[-1].ms if last else 0)  # clocks of devices differ: never backwards
        area = self._area()
        x, y = _part(at.x() - area.left(), area.width()), _part(at.y() - area.top(), area.height())
        point = Point(x, y, round(min(max(pressure, 0.0), 1.0) * HARDEST), ms)
        if not self._points or point[:2] != self._points[-1][:2]:
            self._points.append(point)
            self.update()

    def _area(self) -> QRectF:
        """Where the strokes lie: a pad that was resized meanwhile shows them in their shape, as large as it fits."""
        whole = QRectF(self.rect())
        if not self._strokes and not self._points:
            return whole
        fitted = QRectF(QPointF(), self._drawn_at.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio).toSizeF())
        fitted.moveCenter(whole.center())
        return fitted

    def _end(self, by: str, *, keep: bool = True) -> None:
        if by != self._by:
            return
        if keep:
            self._strokes.append(Stroke(by, tuple(self._points)))
        else:
            self._inked = QPixmap()
        self._points, self._by = [], ""
        self._tell()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """A pen; Qt would make mouse events of what is not accepted."""
        event.accept()
        kind, at, time = event.type(), event.position(), event.timestamp()
        if kind == QEvent.Type.TabletPress:
            self._begin("pen", at, event.pressure(), time)
        elif kind == QEvent.Type.TabletMove:
            self._add("pen", at, event.pressure(), time)
        elif kind == QEvent.Type.TabletRelease:
            self._end("pen")

    def event(self, event: QEvent) -> bool:
        kind = event.type()
        if kind in (QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate, QEvent.Type.TouchEnd, QEvent.Type.TouchCancel):
            self._touched(cast(QTouchEvent, event))
            event.accept()
            return True
        if kind in (QEvent.Type.WindowBlocked, QEvent.Type.Hide) and self._by:
            self._end(self._by)  # its release goes to what has come before the pad
        return super().event(event)

    def _touched(self, event: QTouchEvent) -> None:
        points = event.points()
        if event.type() == QEvent.Type.TouchBegin and points:
            self._finger = points[0].id()
            self._begin("touch", points[0].position(), 0.5, event.timestamp())
        for point in points:
            if point.id() == self._finger and event.type() == QEvent.Type.TouchUpdate:
                self._add("touch", point.position(), 0.5, event.timestamp())
        if event.type() in (QEvent.Type.TouchEnd, QEvent.Type.TouchCancel):
            self._end("touch", keep=event.type() == QEvent.Type.TouchEnd)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._begin("mouse", event.position(), 0.5, event.timestamp())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._add("mouse", event.position(), 0.5, event.timestamp())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._end("mouse")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Backspace:
            self.take_back()
        elif event.key() == Qt.Key.Key_Delete:
            self.clear()
        else:
            super().keyPressEvent(event)

    # -- showing ----------------------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(look.colour("control"), 1))
        painter.setBrush(look.colour("sheet"))
        painter.drawRoundedRect(rect, look.px(8), look.px(8))
        line = rect.bottom() - rect.height() / 5
        painter.setPen(QPen(look.colour("na_line"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(rect.left() + look.px(24), line), QPointF(rect.right() - look.px(24), line))
        painter.drawPixmap(0, 0, self._ink())
        if self.hasFocus():
            paint_focus(painter, QRectF(self.rect()), look.px(8))
        painter.end()

    def _ink(self) -> QPixmap:
        """All that is drawn. Only what is new since the last time is painted: a long signature must not slow the pen."""
        size = self.size() * self.devicePixelRatio()
        if self._inked.size() != size:
            self._inked, self._painted = QPixmap(size), (0, 0)
            self._inked.setDevicePixelRatio(self.devicePixelRatio())
            self._inked.fill(Qt.GlobalColor.transparent)
        whole, points = self._painted
        fresh = [*self._strokes, *([Stroke(self._by, tuple(self._points))] if self._points else [])][whole:]
        if fresh and points:
            fresh[0] = replace(fresh[0], points=fresh[0].points[points - 1 :])
        painter = QPainter(self._inked)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_strokes(painter, fresh, self._area(), look.px(6))
        painter.end()
        self._painted = (len(self._strokes), len(self._points))
        return self._inked


def _part(value: float, whole: float) -> int:
    return round(min(max(value / max(whole, 1), 0.0), 1.0) * GRAIN)


def paint_strokes(painter: QPainter, strokes: Sequence[Stroke], pad: QRectF, widest: float) -> None:
    """Strokes where they lie on a pad; the harder the pen was pressed the wider, up to `widest` pixels."""

    def place(point: Point) -> QPointF:
        return QPointF(pad.left() + pad.width() * point.x / GRAIN, pad.top() + pad.height() * point.y / GRAIN)

    pen = QPen(_ink(), widest)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    for stroke in strokes:
        first = stroke.points[0]
        for one, other in pairwise((first, *stroke.points)):
            pen.setWidthF(widest * (0.2 + 0.4 * (one.pressure + other.pressure) / HARDEST))
            painter.setPen(pen)
            if one is other:  # where it begins; of a dot it is all
                painter.drawPoint(place(one))
            else:
                painter.drawLine(place(one), place(other))


def _ink() -> QColor:
    """The pad is a sheet of paper in every theme."""
    return QColor(Qt.GlobalColor.black)


class SmallDrawing(QWidget):
    """What was drawn, cut to its edges."""

    def __init__(self, drawing: Drawing, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawing = drawing
        self.setAccessibleName(tr(name))
        self.setFixedSize(look.px(96), look.px(36))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), look.colour("sheet"))
        points = [point for stroke in self._drawing.strokes for point in stroke.points]
        if points:
            paint_strokes(painter, self._drawing.strokes, self._pad(points), look.px(3))
        painter.end()

    def _pad(self, points: Sequence[Point]) -> QRectF:
        """Where the whole pad has to lie for the strokes to fill this picture."""
        wide, high = self._drawing.width / GRAIN, self._drawing.height / GRAIN
        left, top = min(p.x for p in points) * wide, min(p.y for p in points) * high
        drawn = QRectF(left, top, max(p.x for p in points) * wide - left, max(p.y for p in points) * high - top)
        inner = QRectF(self.rect()).adjusted(4, 4, -4, -4)
        scale = min(inner.width() / max(drawn.width(), 1), inner.height() / max(drawn.height(), 1))
        corner = inner.center() - drawn.center() * scale
        return QRectF(corner.x(), corner.y(), self._drawing.width * scale, self._drawing.height * scale)


class SmallFingerprint(QWidget):
    """The picture of a fingerprint in red, whatever its ink was."""

    def __init__(self, picture: bytes, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr(name))
        self.setFixedSize(look.px(36), look.px(36))
        grey = QImage.fromData(picture).convertToFormat(QImage.Format.Format_Grayscale8)
        self._image = grey.scaled(
            self.size(), Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.colour("sheet"))
        place = QRectF(self._image.rect())
        place.moveCenter(QRectF(self.rect()).center())
        painter.drawImage(place, self._image)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Screen)  # dark turns red, white stays
        painter.fillRect(place, QColor(Qt.GlobalColor.red))
        painter.end()
