"""Lanes over a span of time: labelled bars, moments as ticks, and what is missing hatched. Painted, nothing to press."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ...domain.calendar import zh_time
from ..theme import look
from ..words import tr

_NAMES, _AXIS, _LANE, _BAR = 144, 22, 26, 20
_LEAST = 6
"""Pixels of the shortest bar."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of time. `tone` ok, bad, na or brand; bad ones are hatched down through all lanes."""

    begin: datetime
    end: datetime
    tone: str = "brand"
    label: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """One line: a name, bars, and moments."""

    name: str
    bars: tuple[Bar, ...] = ()
    ticks: tuple[datetime, ...] = ()


class Timeline(QWidget):
    """The lanes of a visit between two times; in `folded` form the first lane only."""

    def __init__(self) -> None:
        super().__init__()
        self._lanes: tuple[Lane, ...] = ()
        self._begin = self._end = datetime.min
        self._folded = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_lanes(self, lanes: Sequence[Lane], begin: datetime, end: datetime, told: str) -> None:
        """`told` is what a reader of the screen hears instead of the picture."""
        self._lanes, self._begin, self._end = tuple(lanes), begin, max(end, begin + timedelta(minutes=1))
        self.setAccessibleName(tr(told))
        self.updateGeometry()
        self.update()

    def fold(self, on: bool) -> None:
        if on != self._folded:
            self._folded = on
            self.updateGeometry()
            self.update()

    def _shown(self) -> tuple[Lane, ...]:
        return self._lanes[:1] if self._folded else self._lanes

    def sizeHint(self) -> QSize:
        return QSize(look.px(480), look.px(_AXIS + _LANE * max(len(self._shown()), 1) + 4))

    minimumSizeHint = sizeHint

    def _x(self, at: datetime) -> float:
        left = look.px(_NAMES)
        part = (at - self._begin) / (self._end - self._begin)
        return left + min(max(part, 0.0), 1.0) * (self.width() - left - look.px(22))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._lanes:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_axis(painter)
        for row, lane in enumerate(self._shown()):
            self._paint_lane(painter, lane, look.px(_AXIS + _LANE * row))
        painter.end()

    def _paint_axis(self, painter: QPainter) -> None:
        font = look.font("cap")
        painter.setFont(font)
        wide = QFontMetrics(font).horizontalAdvance("00:00")
        for mark in self._marks():
            x = round(self._x(mark))
            painter.setPen(QPen(look.colour("line"), 1))
            painter.drawLine(x, look.px(_AXIS - 4), x, self.height())
            painter.setPen(look.colour("ink3"))
            painter.drawText(
                QRectF(x - wide, 0, 2 * wide, look.px(_AXIS - 4)), int(Qt.AlignmentFlag.AlignCenter), zh_time(mark)
            )

    def _marks(self) -> Iterator[datetime]:
        """Whole minutes so far apart that their times do not touch."""
        most = max((self.width() - look.px(_NAMES)) // look.px(92), 1)
        minutes = (self._end - self._begin).total_seconds() / 60
        step = next((n for n in (1, 2, 5, 10, 15, 30, 60, 120, 240) if minutes / n <= most), 480)
        first = self._begin.replace(minute=0, second=0, microsecond=0)
        while first < self._begin:
            first += timedelta(minutes=step)
        while first <= self._end:
            yield first
            first += timedelta(minutes=step)

    def _paint_lane(self, painter: QPainter, lane: Lane, top: int) -> None:
        height, gap = look.px(_BAR), look.px((_LANE - _BAR) / 2)
        font = look.font("small")
        painter.setFont(font)
        painter.setPen(look.colour("ink2"))
        room = look.px(_NAMES - 10)
        name = QFontMetrics(font).elidedText(lane.name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(0, top, room, look.px(_LANE)), int(Qt.AlignmentFlag.AlignVCenter), name)
        free = 0.0
        for bar in lane.bars:
            x = max(self._x(bar.begin), free)
            frame = QRectF(x, top + gap, max(self._x(bar.end) - x, look.px(_LEAST)), height)
            free = frame.right() + 1 if bar.label else 0.0  # steps that follow at once stay apart; films may overlap
            if bar.tone == "bad":
                shade = QRectF(frame.left(), frame.bottom() + 2, frame.width(), self.height() - frame.bottom() - 4)
                painter.fillRect(shade, QBrush(look.colour("bad_line"), Qt.BrushStyle.BDiagPattern))
            self._paint_bar(painter, frame, bar)
        painter.setPen(QPen(look.colour("ink2"), 2))
        for tick in lane.ticks:
            x = self._x(tick)
            painter.drawLine(round(x), top + gap + 2, round(x), top + gap + height - 2)

    def _paint_bar(self, painter: QPainter, frame: QRectF, bar: Bar) -> None:
        solid = bar.tone == "brand"
        painter.setPen(Qt.PenStyle.NoPen if solid else QPen(look.colour(f"{bar.tone}_line"), 1))
        painter.setBrush(look.colour("brand" if solid else f"{bar.tone}_soft"))
        painter.drawRoundedRect(frame, look.px(4), look.px(4))
        if bar.tone == "bad":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QBrush(look.colour("bad_line"), Qt.BrushStyle.BDiagPattern))
            painter.drawRoundedRect(frame, look.px(4), look.px(4))
        font = look.font("cap")
        metrics = QFontMetrics(font)
        if bar.label and metrics.horizontalAdvance(bar.label) + look.px(6) <= frame.width():
            painter.setFont(font)
            painter.setPen(look.colour(bar.tone))
            if bar.tone == "bad":  # the name is read on a plain ground
                wide = metrics.horizontalAdvance(bar.label) + look.px(6)
                plain = QRectF(frame.center().x() - wide / 2, frame.top() + 2, wide, frame.height() - 4)
                painter.fillRect(plain, look.colour("bad_soft"))
            painter.drawText(frame, int(Qt.AlignmentFlag.AlignCenter), bar.label)
