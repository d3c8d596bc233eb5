"""Charts that are looked at: columns, bars, squares. Painted; the number stands on the mark, and every mark can be opened.

Three hues at most, and never a hue alone: what a mark means stands beside it, and in high contrast the second part is hatched.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QFocusEvent,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ...domain.statistics import Mark
from ..theme import look
from ..words import tr
from .pressable import paint_focus
from .text import paint_words

_RIGHT, _MIDDLE = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignHCenter
SHARP = 2.0
"""Pixels of a copied picture for one on the screen."""


class Spot(NamedTuple):
    """A place on a chart that can be opened; `stop`: keys stop here, not only the mouse."""

    frame: QRectF
    words: str
    mark: Mark
    stop: bool = True


def fill(painter: QPainter, frame: QRectF, tone: str) -> None:
    """A mark of one tone; `rest` is the lighter part of a whole, hatched where the two blues are one."""
    token = {"rest": "brand_line", "whole": "na_line"}.get(tone, tone)
    radius = min(look.px(3), frame.width() / 4)
    hatched = look.name == "high_contrast" and tone in ("rest", "whole")
    painter.setPen(QPen(look.colour(token), 1) if hatched else Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(look.colour(token), Qt.BrushStyle.BDiagPattern) if hatched else look.colour(token))
    painter.drawRoundedRect(frame, radius, radius)


class Chart(QWidget):
    """A painted chart. `chosen` tells the words and the mark that was opened, by a click or by arrows and Enter."""

    chosen = Signal(str, object)

    def __init__(self, least: int, empty: str = "") -> None:
        """`least` is its height in pixels of the design; `empty` is said where there is nothing to draw."""
        super().__init__()
        self._least, self._empty, self._spots, self._at = least, tr(empty), list[Spot](), -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def paint(self, painter: QPainter, size: QSize) -> Iterator[Spot]:
        """Paint within `size`; yields what can be opened."""
        raise NotImplementedError

    def is_bare(self) -> bool:
        """Whether there is nothing to draw, not even a bar of length nought."""
        return not self._spots

    def told(self, words: str) -> None:
        """What a reader of the screen hears instead of the picture; the chart is painted anew."""
        self.setAccessibleName(tr(words) or self._empty)
        self._at = -1
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(look.px(320), look.px(self._least))

    minimumSizeHint = sizeHint

    def picture(self, title: str) -> QImage:
        """The chart with its title as a picture for a document, on a plain ground."""
        head = look.px(36)
        size = QSize(self.width() + look.px(32), self.height() + head + look.px(16))
        image = QImage(size * SHARP, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(SHARP)
        image.fill(look.colour("surface"))
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_words(painter, QRectF(look.px(16), 0, self.width(), head), title, "h2", "ink")
        painter.translate(look.px(16), head)
        for _ in self.paint(painter, self.size()):
            pass
        painter.end()
        return image

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._spots = list(self.paint(painter, self.size()))
        if self.is_bare():
            paint_words(painter, QRectF(self.rect()), self._empty, "small", "ink3", _MIDDLE)
        if self.hasFocus() and 0 <= self._at < len(self._spots):
            paint_focus(painter, self._spots[self._at].frame.adjusted(-4, -4, 4, 4), look.px(4))
        painter.end()

    def _spot_at(self, where: QPointF) -> int:
        return next((n for n, spot in reversed([*enumerate(self._spots)]) if spot.frame.contains(where)), -1)

    def _open(self, at: int) -> None:
        if 0 <= at < len(self._spots) and self._spots[at].mark.value:
            self.chosen.emit(self._spots[at].words, self._spots[at].mark)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self._spot_at(event.position())
        hand = at >= 0 and self._spots[at].mark.value
        self.setCursor(Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._open(self._spot_at(event.position()))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            at = self._spot_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self._spots[at].words if at >= 0 else "", self)
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        if self._at < 0 and event.reason() is not Qt.FocusReason.MouseFocusReason:
            self._walk(1)
        super().focusInEvent(event)
        self.update()

    def _walk(self, step: int) -> None:
        """To the next place where keys stop."""
        stops = [n for n, spot in enumerate(self._spots) if spot.stop]
        further = [n for n in stops if n > self._at] if step > 0 else [n for n in reversed(stops) if n < self._at]
        if further:
            self._at = further[0]
            self.setAccessibleDescription(self._spots[self._at].words)
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}.get(
            Qt.Key(event.key())
        )
        if step is not None:
            self._walk(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._open(self._at)
        else:
            super().keyPressEvent(event)


@dataclass(frozen=True, slots=True)
class Column:
    """A column over its name: how high, and the dash that it was to reach."""

    name: str
    done: Mark
    planned: Mark
    now: bool = False


class Columns(Chart):
    """One column a month, a dash where the plan was."""

    def __init__(self, least: int = 200, empty: str = "") -> None:
        super().__init__(least, empty)
        self._columns: Sequence[Column] = ()

    def show_columns(self, columns: Sequence[Column]) -> None:
        self._columns = columns
        self.told(
            "；".join(
                f"{c.name}计划 {c.planned.value}，完成 {c.done.value}"
                for c in columns
                if c.done.value or c.planned.value
            )
        )

    def paint(self, painter: QPainter, size: QSize) -> Iterator[Spot]:
        top, foot = look.px(20), size.height() - look.px(24)
        most = max((max(c.done.value, c.planned.value) for c in self._columns), default=0)
        step = next((n for n in (1, 2, 5, 10, 20, 50, 100, 200, 500) if most <= 4 * n), 1000)
        high = max(step * -(-most // step), step)
        left = look.advance("cap", str(high)) + look.px(10)
        for line in range(0, high + 1, step):
            y = round(foot - (foot - top) * line / high)
            painter.setPen(QPen(look.colour("line"), 1))
            painter.drawLine(left, y, size.width(), y)
            paint_words(
                painter, QRectF(0, y - look.px(9), left - look.px(8), look.px(18)), str(line), "cap", "ink3", _RIGHT
            )
        slot = (size.width() - left) / max(len(self._columns), 1)
        wide = min(slot * 0.5, look.px(28))
        for n, each in enumerate(self._columns):
            middle = left + slot * (n + 0.5)
            name = QRectF(middle - slot / 2, foot + look.px(4), slot, look.px(20))
            paint_words(painter, name, each.name, "cap", "brand" if each.now else "ink3", _MIDDLE)
            tall = (foot - top) * each.done.value / high
            if each.done.value:
                fill(painter, QRectF(middle - wide / 2, foot - tall, wide, tall), "brand")
                reach = max(each.done.value, each.planned.value) / high
                label = QRectF(middle - slot / 2, foot - (foot - top) * reach - look.px(20), slot, look.px(18))
                said = look.advance("cap", f"{each.done.value}") / 2 + 3
                plain = QRectF(label.center().x() - said, label.top() + 2, 2 * said, label.height() - 2)
                painter.fillRect(plain, look.colour("surface"))  # no line of the grid goes through the number
                paint_words(painter, label, str(each.done.value), "cap", "ink", _MIDDLE)
            if each.planned.value:
                dash = foot - (foot - top) * each.planned.value / high
                painter.setPen(QPen(look.colour("ink"), 2))
                painter.drawLine(QPointF(middle - wide * 0.75, dash), QPointF(middle + wide * 0.75, dash))
            words = f"{each.name}：计划 {each.planned.value}，完成 {each.done.value}"
            yield Spot(
                QRectF(middle - slot / 2, top, slot, foot - top), words, each.done if each.done.value else each.planned
            )


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar: its length, its tone, what it opens."""

    mark: Mark
    tone: str
    words: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar after its name; `begin` is where it starts, `label` stands behind it and `said` behind that. A bar with a
    `whole` is measured by that and not by the longest."""

    name: str
    segments: tuple[Segment, ...]
    label: str
    said: str = ""
    begin: int = 0
    whole: int = 0

    @property
    def length(self) -> int:
        return self.begin + sum(segment.mark.value for segment in self.segments)


class Bars(Chart):
    """Bars under each other, the number behind each."""

    ROW = 32

    def __init__(self, least: int = 200, empty: str = "") -> None:
        super().__init__(least, empty)
        self._bars: Sequence[Bar] = ()

    def show_bars(self, bars: Sequence[Bar]) -> None:
        self._bars = bars
        self.updateGeometry()
        self.told("；".join(f"{bar.name} {bar.label} {bar.said}".strip() for bar in bars))

    def is_bare(self) -> bool:
        return not any(bar.length or bar.whole for bar in self._bars)

    def sizeHint(self) -> QSize:
        return QSize(look.px(320), max(look.px(self._least), look.px(self.ROW) * len(self._bars)))

    minimumSizeHint = sizeHint

    def paint(self, painter: QPainter, size: QSize) -> Iterator[Spot]:
        if self.is_bare():
            return
        names = max((look.advance("small", bar.name) for bar in self._bars), default=0) + 2
        left = min(names, int(size.width() * 0.4)) + look.px(10)
        behind = max(
            (look.advance("strong", b.label) + look.advance("small", b.said) for b in self._bars), default=0
        ) + look.px(22)
        room, most = max(size.width() - left - behind, look.px(20)), max((bar.length for bar in self._bars), default=0)
        high = min(size.height() / max(len(self._bars), 1), look.px(44))
        thick = min(high * 0.48, look.px(18))
        for n, bar in enumerate(self._bars):
            middle = high * (n + 0.5)
            paint_words(
                painter,
                QRectF(0, middle - look.px(12), left - look.px(10), look.px(24)),
                bar.name,
                "small",
                "ink",
                _RIGHT,
            )
            scale = room / (bar.whole or most or 1)
            x = left + bar.begin * scale
            if bar.whole:
                fill(painter, QRectF(left, middle - thick / 2, room, thick), "track")
            for segment in bar.segments:
                wide = segment.mark.value * scale
                frame = QRectF(x, middle - thick / 2, min(max(wide, look.px(2)), left + room - x), thick)
                if segment.mark.value:
                    fill(painter, frame, segment.tone)
                    yield Spot(frame, segment.words, segment.mark)
                x += wide
            x = left + room if bar.whole else x
            words = QRectF(x + look.px(8), middle - look.px(12), look.advance("strong", bar.label) + 4, look.px(24))
            paint_words(painter, words, bar.label, "strong", "ink")
            rest = QRectF(
                words.right() + look.px(6), words.top(), size.width() - words.right() - look.px(6), words.height()
            )
            paint_words(painter, rest, bar.said, "small", "ink3")


@dataclass(frozen=True, slots=True)
class Square:
    """One of many: `state` done, planned, due or later."""

    words: str
    state: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Group:
    """The squares of one name, and what stands behind them."""

    name: str
    squares: tuple[Square, ...]
    label: str
    mark: Mark


class Squares(Chart):
    """A square for each, as large as there is room for all: done full, planned light, due a diamond, later an outline."""

    MOST, LEAST = 15, 4

    def __init__(self, least: int = 200, empty: str = "") -> None:
        super().__init__(least, empty)
        self._groups: Sequence[Group] = ()

    def show_groups(self, groups: Sequence[Group]) -> None:
        self._groups = groups
        self.told("；".join(f"{group.name} {group.label}" for group in groups))

    def _lines(self, cell: int, room: float) -> int:
        across = max(int(room // cell), 1)
        return sum(-(-len(group.squares) // across) for group in self._groups)

    def paint(self, painter: QPainter, size: QSize) -> Iterator[Spot]:
        left = max((look.advance("small", group.name) for group in self._groups), default=0) + look.px(12)
        behind = max((look.advance("strong", group.label) for group in self._groups), default=0) + look.px(12)
        room = max(size.width() - left - behind, look.px(40))
        tall = size.height() - look.px(8) * len(self._groups)
        sizes = range(look.px(self.MOST), look.px(self.LEAST), -1)
        cell = next(
            (n for n in sizes if self._lines(n, room) * n + look.px(8) * len(self._groups) <= tall), look.px(self.LEAST)
        )
        across, top = max(int(room // cell), 1), 0.0
        for group in self._groups:
            lines = -(-len(group.squares) // across)
            high = max(lines * cell, look.px(20))
            line = QRectF(0, top, left, min(high, look.px(20)))
            paint_words(painter, line, group.name, "small", "ink2")
            told = QRectF(size.width() - behind, top, behind, min(high, look.px(20)))
            paint_words(painter, told, group.label, "strong", "ink2", _RIGHT)
            yield Spot(told, f"{group.name}：已查 {group.label}", group.mark)
            for n, square in enumerate(group.squares):
                frame = QRectF(left + n % across * cell, top + n // across * cell, cell, cell)
                paint_square(painter, frame, square.state)
                yield Spot(frame, square.words, square.mark, stop=False)
            top += high + look.px(8)


def paint_square(painter: QPainter, frame: QRectF, state: str) -> None:
    """The sign of a state within a cell."""
    gap = max(frame.width() * 0.12, 0.75)
    inner = frame.adjusted(gap, gap, -gap, -gap)
    if state == "due":
        middle, reach = inner.center(), inner.width() / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("warn"))
        painter.drawPolygon(
            QPolygonF([middle + QPointF(x * reach, y * reach) for x, y in ((0, -1), (1, 0), (0, 1), (-1, 0))])
        )
    elif state == "later":
        painter.setPen(QPen(look.colour("control"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(inner.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)
    else:
        fill(painter, inner, "brand" if state == "done" else "rest")


class Legend(QWidget):
    """What the marks mean: a sign as on the chart, and a word."""

    def __init__(self, *signs: tuple[str, str]) -> None:
        super().__init__()
        self._signs = signs
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("、".join(word for _, word in signs))

    def sizeHint(self) -> QSize:
        return QSize(sum(look.advance("small", tr(word)) + look.px(32) for _, word in self._signs), look.px(22))

    minimumSizeHint = sizeHint

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x, middle = 0, self.height() / 2
        for sign, word in self._signs:
            frame = QRectF(x, middle - look.px(6), look.px(12), look.px(12))
            if sign == "dash":
                painter.setPen(QPen(look.colour("ink"), 2))
                painter.drawLine(QPointF(frame.left(), middle), QPointF(frame.right(), middle))
            elif sign in ("due", "later"):
                paint_square(painter, frame, sign)
            else:
                fill(painter, frame, sign)
            wide = look.advance("small", tr(word))
            paint_words(painter, QRectF(x + look.px(18), 0, wide + 2, self.height()), tr(word), "small", "ink2")
            x += wide + look.px(32)
        painter.end()
