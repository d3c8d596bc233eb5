"""A photo as large as there is room: zoom and pan that several canvases share, marks over it, an old photo laid over it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from ...domain.evidence import Mark, Shape
from ..theme import FAMILY, look
from .pressable import paint_focus

MOST = 12.0
"""How many times larger than the whole photo at the most."""


class View(QObject):
    """Which part of a photo is on view: how many times larger than the whole, and its middle in parts of the photo."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.zoom, self.x, self.y = 1.0, 0.5, 0.5

    def look_at(self, zoom: float, x: float, y: float) -> None:
        """Never past the edges."""
        zoom = min(MOST, max(1.0, zoom))
        edge = 0.5 / zoom
        self.zoom, self.x, self.y = zoom, min(1 - edge, max(edge, x)), min(1 - edge, max(edge, y))
        self.changed.emit()

    def whole(self) -> None:
        self.look_at(1.0, 0.5, 0.5)

    def move(self, dx: float, dy: float) -> None:
        """By parts of what is on view."""
        self.look_at(self.zoom, self.x + dx / self.zoom, self.y + dy / self.zoom)

    def zoom_at(self, factor: float, x: float, y: float) -> None:
        """Larger or smaller around a place of the photo, which stays where it is on the screen."""
        zoom = min(MOST, max(1.0, self.zoom * factor))
        part = self.zoom / zoom
        self.look_at(zoom, x + (self.x - x) * part, y + (self.y - y) * part)


class Canvas(QWidget):
    """Shows what `picture` gives whenever it is painted: a stored photo, or what a camera sees at that moment.

    `lay_over` puts an older photo over it, as opaque as is wished: so a place is found again from where it was taken.
    """

    def __init__(self, picture: Callable[[], QImage], view: View, name: str) -> None:
        super().__init__()
        self._picture, self.view = picture, view
        self._over, self._opacity = QImage(), 0.5
        self.marks: tuple[Mark, ...] = ()
        self._drag: QPointF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(look.px(240), look.px(160))
        self.setAccessibleName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        view.changed.connect(self.update)

    def lay_over(self, over: QImage, opacity: float) -> None:
        """Lay a photo over this one; a null image takes it away."""
        self._over, self._opacity = over, opacity
        self.update()

    def show_marks(self, marks: Sequence[Mark]) -> None:
        self.marks = tuple(marks)
        self.update()

    # -- places -----------------------------------------------------------------------------------------------

    def frame(self) -> QRectF:
        """Where the whole photo lies now, also what of it is out of view."""
        size = self._picture().size()
        if size.isEmpty():
            size = self._over.size()
        if size.isEmpty():
            return QRectF(self.rect())
        fit = QSizeF(size).scaled(QSizeF(self.size()), Qt.AspectRatioMode.KeepAspectRatio) * self.view.zoom
        middle = QRectF(self.rect()).center()
        return QRectF(
            middle.x() - fit.width() * self.view.x, middle.y() - fit.height() * self.view.y, fit.width(), fit.height()
        )

    def place(self, point: QPointF) -> tuple[float, float]:
        """A point of the widget in parts of the photo, kept within it."""
        frame = self.frame()
        x, y = (point.x() - frame.x()) / frame.width(), (point.y() - frame.y()) / frame.height()
        return min(1.0, max(0.0, x)), min(1.0, max(0.0, y))

    # -- painting ---------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), look.colour("desk"))
        frame, image = self.frame(), self._picture()
        if not image.isNull():
            painter.drawImage(frame, image)
        if not self._over.isNull():
            painter.setOpacity(self._opacity)
            painter.drawImage(frame, self._over)
            painter.setOpacity(1.0)
        paint_marks(painter, frame, self.marks, image)
        self.paint_more(painter, frame)
        if self.hasFocus():
            paint_focus(painter, QRectF(self.rect()), 0)
        painter.end()

    def paint_more(self, painter: QPainter, frame: QRectF) -> None:
        """What a kind of canvas draws over the photo and its marks."""

    # -- moving -----------------------------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.view.zoom_at(1.0015 ** event.angleDelta().y(), *self.place(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._drag = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None:
            frame, moved = self.frame(), self._drag - event.position()
            self._drag = event.position()
            self.view.look_at(
                self.view.zoom, self.view.x + moved.x() / frame.width(), self.view.y + moved.y() / frame.height()
            )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._drag = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: (-0.1, 0.0), Qt.Key.Key_Right: (0.1, 0.0), Qt.Key.Key_Up: (0.0, -0.1),
                 Qt.Key.Key_Down: (0.0, 0.1)}  # fmt: skip
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.view.zoom_at(1.25, self.view.x, self.view.y)
        elif key == Qt.Key.Key_Minus:
            self.view.zoom_at(0.8, self.view.x, self.view.y)
        elif key == Qt.Key.Key_0:
            self.view.whole()
        elif key in steps:
            self.view.move(*steps[key])
        else:
            super().keyPressEvent(event)


def paint_marks(painter: QPainter, frame: QRectF, marks: Sequence[Mark], image: QImage) -> None:
    """Marks over a photo that lies in `frame`; what they cover is hidden from the photo itself."""
    unit = max(frame.width(), frame.height()) / 400
    red, paper = look.colour("mark"), look.colour("mark_edge")
    for mark in sorted(marks, key=lambda mark: mark.shape is not Shape.BLUR):
        begin = QPointF(frame.x() + mark.x0 * frame.width(), frame.y() + mark.y0 * frame.height())
        end = QPointF(frame.x() + mark.x1 * frame.width(), frame.y() + mark.y1 * frame.height())
        area = QRectF(begin, end).normalized()
        if mark.shape is Shape.BLUR:
            _paint_covered(painter, area, frame, image)
            continue
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((paper, 3 * unit), (red, 2 * unit)):
            painter.setPen(QPen(colour, max(1.0, width)))
            if mark.shape is Shape.BOX:
                painter.drawRect(area)
            elif mark.shape is Shape.ARROW:
                painter.drawLine(begin, end - _back(begin, end, 6 * unit))
        if mark.shape is Shape.ARROW:
            turn, long = math.atan2(end.y() - begin.y(), end.x() - begin.x()), 9 * unit
            ends = [
                QPointF(end.x() - long * math.cos(turn + a), end.y() - long * math.sin(turn + a)) for a in (-0.45, 0.45)
            ]
            painter.setPen(QPen(paper, max(1.0, unit / 2)))
            painter.setBrush(red)
            painter.drawPolygon(QPolygonF([end, *ends]))
        elif mark.shape is Shape.TEXT:
            _paint_text(painter, begin, mark.text, unit)


def _back(begin: QPointF, end: QPointF, length: float) -> QPointF:
    """A way of this length along the arrow: its line ends within the head."""
    way = end - begin
    return way * (length / max(math.hypot(way.x(), way.y()), length))


def _paint_covered(painter: QPainter, area: QRectF, frame: QRectF, image: QImage) -> None:
    """As the burnt copy has it: some tiles of mean colour."""
    if image.isNull():
        painter.fillRect(area, look.colour("track"))
        return
    fit = image.width() / frame.width()
    part = QRectF((area.x() - frame.x()) * fit, (area.y() - frame.y()) * fit, area.width() * fit, area.height() * fit)
    whole = image.copy(part.toRect())
    if whole.isNull():
        return
    small = whole.scaled(12, 12, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(area, small)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)


def _paint_text(painter: QPainter, at: QPointF, text: str, unit: float) -> None:
    font = QFont(FAMILY)
    font.setPixelSize(max(8, round(10 * unit)))
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    room = QFontMetricsF(font).boundingRect(QRectF(at.x(), at.y(), 1e5, 1e5), 0, text)
    painter.fillRect(room.adjusted(-2 * unit, -unit, 2 * unit, unit), look.colour("mark_edge"))
    painter.setPen(look.colour("mark"))
    painter.drawText(room.adjusted(0, 0, 4, 0), 0, text)
