"""Surfaces and small signs: cards, hairlines, tags, rings, bars, key caps, empty states, scrolling bodies."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QScrollBar,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ..icons import paint_icon
from ..theme import look
from ..words import tr
from .buttons import Button, paint_key
from .focus import BY_KEYS, keep_focus, show_ring
from .text import Text


def column(*parts: QWidget | QLayout | int | None, spacing: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)
           ) -> QVBoxLayout:  # fmt: skip
    """A vertical layout; a number is a gap, None is a stretch."""
    made = QVBoxLayout()
    _fill(made, parts, spacing, margins)
    return made


def row(*parts: QWidget | QLayout | int | None, spacing: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)
        ) -> QHBoxLayout:  # fmt: skip
    """A horizontal layout; a number is a gap, None is a stretch."""
    made = QHBoxLayout()
    _fill(made, parts, spacing, margins)
    return made


def _fill(
    layout: QBoxLayout,
    parts: tuple[QWidget | QLayout | int | None, ...],
    spacing: int,
    margins: tuple[int, int, int, int],
) -> None:
    layout.setSpacing(look.px(spacing))
    layout.setContentsMargins(*(look.px(m) for m in margins))
    for part in parts:
        if part is None:
            layout.addStretch(1)
        elif isinstance(part, int):
            layout.addSpacing(look.px(part))
        elif isinstance(part, QLayout):
            layout.addLayout(part)
        else:
            layout.addWidget(part)


def clear(layout: QLayout) -> None:
    """Take everything out of a layout; the widgets are deleted.

    The focus is not lost with them: when the layout has been filled again, it goes to the widget of the same name.
    """
    keep_focus(layout)
    while layout.count():
        item = layout.takeAt(0)
        inner = item.layout()
        widget = item.widget()
        if inner:
            clear(inner)
        elif widget:
            widget.hide()
            widget.deleteLater()


def paint_overlay(over: QWidget) -> None:
    """The ground of what lies over the window without a frame of the system, with a hairline around it."""
    painter = QPainter(over)
    painter.setPen(look.colour("line"))
    painter.setBrush(look.colour("surface"))
    painter.drawRect(over.rect().adjusted(0, 0, -1, -1))
    painter.end()


class Surface(QWidget):
    """A rectangle of one token, with an optional hairline at one edge (left, right, top, bottom)."""

    def __init__(self, token: str = "surface", edge: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._token, self._edge = token, edge

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.colour(self._token))
        painter.setPen(QPen(look.colour("line"), 1))
        r = self.rect().adjusted(0, 0, -1, -1)
        lines = {"left": (r.topLeft(), r.bottomLeft()), "right": (r.topRight(), r.bottomRight()),
                 "top": (r.topLeft(), r.topRight()), "bottom": (r.bottomLeft(), r.bottomRight())}  # fmt: skip
        if self._edge:
            painter.drawLine(*lines[self._edge])
        painter.end()


class Side(Surface):
    """A panel at one side of the work area: `wide` where there is room, down to `narrow` where there is not."""

    def __init__(self, edge: str, narrow: int, wide: int) -> None:
        super().__init__("surface", edge)
        self._wide = look.px(wide)
        self.setMinimumWidth(look.px(narrow))
        self.setMaximumWidth(self._wide)

    def sizeHint(self) -> QSize:
        return QSize(self._wide, super().sizeHint().height())

    def spread(self, on: bool) -> None:
        """Whether it may take more than its width, where it stands alone."""
        self.setMaximumWidth(self._wide * 4 if on else self._wide)


class Card(QFrame):
    """A rounded surface. `tone` colours it softly (ok, warn, bad, na, brand); `chosen` gives the selected border and ground,
    `current` the border alone."""

    def __init__(self, *parts: QWidget | QLayout | int | None, tone: str = "", padding: int = 16, spacing: int = 8,
                 parent: QWidget | None = None) -> None:  # fmt: skip
        super().__init__(parent)
        self._tone = tone
        self.chosen = self.current = False
        self.body = column(*parts, spacing=spacing, margins=(padding, padding, padding, padding))
        self.setLayout(self.body)

    def set_tone(self, tone: str) -> None:
        self._tone = tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        framed = self.chosen or self.current or self.hasFocus()
        border = "brand" if framed else f"{self._tone}_line" if self._tone else "line"
        ground = "brand_soft" if self.chosen else f"{self._tone}_soft" if self._tone else "surface"
        edge = 1.0 if framed else 0.5  # half the pen: the line lies on whole pixels and is not blurred
        painter.setPen(QPen(look.colour(border), 2 * edge))
        painter.setBrush(look.colour(ground))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(edge, edge, -edge, -edge), look.px(10), look.px(10))
        painter.end()


class Line(QWidget):
    """A hairline, one device pixel high."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.colour("line"))
        painter.end()


class Tag(QWidget):
    """Icon and word on a soft ground: a state that never depends on colour alone."""

    def __init__(self, text: str, tone: str = "na", icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text, self._tone, self._icon = tr(text), tone, icon
        self.setAccessibleName(self._text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_state(self, text: str, tone: str, icon: str = "") -> None:
        self._text, self._tone, self._icon = tr(text), tone, icon
        self.setAccessibleName(self._text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        width = look.advance("small", self._text) + look.px(16)
        return QSize(width + (look.px(20) if self._icon else 0), look.px(24))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(
            QPen(look.colour(f"{self._tone}_line"), 1) if look.name == "high_contrast" else Qt.PenStyle.NoPen
        )
        painter.setBrush(look.colour(f"{self._tone}_soft"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), look.px(6), look.px(6))
        x = look.px(8)
        if self._icon:
            paint_icon(painter, self._icon, self._tone, x, self.height() / 2 - look.px(8), 16, "fill")
            x += look.px(20)
        painter.setFont(look.font("small"))
        painter.setPen(look.colour(self._tone))
        painter.drawText(QRectF(x, 0, self.width() - x, self.height()), int(Qt.AlignmentFlag.AlignVCenter), self._text)
        painter.end()


def pair(name: str, value: str, wide: int = 150) -> QHBoxLayout:
    """A name and beside it, close enough to be read as one line, its value; `wide` is the room for the names."""
    label = Text(name, "small", "ink3")
    label.setFixedWidth(look.px(wide))
    made = row(label, Text(value, "small", wrap=True), spacing=12)
    made.setStretch(1, 1)
    made.setAlignment(label, Qt.AlignmentFlag.AlignTop)
    return made


class Icon(QWidget):
    """A drawn sign without words of its own; it is always beside a word."""

    def __init__(self, name: str, tone: str = "ink2", size: int = 18, weight: str = "regular",
                 parent: QWidget | None = None) -> None:  # fmt: skip
        super().__init__(parent)
        self._name, self._tone, self._size, self._weight = name, tone, size, weight
        self.setFixedSize(look.px(size), look.px(size))

    def show_icon(self, name: str, tone: str, weight: str = "regular") -> None:
        self._name, self._tone, self._weight = name, tone, weight
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_icon(painter, self._name, self._tone, 0, 0, self._size, self._weight)
        painter.end()


class Ring(QWidget):
    """How much of a whole is done, as a ring with words in its middle."""

    def __init__(self, size: int = 62, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._part, self._text, self._tone = 0.0, "", "brand"
        self.setFixedSize(look.px(size), look.px(size))

    def show_part(self, done: int, total: int, text: str, tone: str = "brand") -> None:
        self._part = done / total if total else 0.0
        self._text, self._tone = text, tone
        self.setAccessibleName(f"{done} / {total}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wide = look.px(6 if self.width() > look.px(50) else 4)
        rect = QRectF(self.rect()).adjusted(wide, wide, -wide, -wide)
        for token, span in (("track", 1.0), (self._tone, self._part)):
            pen = QPen(look.colour(token), wide)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            painter.drawArc(rect, 90 * 16, -round(span * 360 * 16))
        painter.setFont(look.font("strong" if self.width() > look.px(50) else "cap"))
        painter.setPen(look.colour("ink"))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self._text)
        painter.end()


class Bar(QWidget):
    """A thin bar of progress."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._part, self._tone = 0.0, "brand"
        self.setFixedHeight(look.px(4))

    def show_part(self, done: int, total: int, tone: str = "brand") -> None:
        self._part, self._tone = (done / total if total else 0.0), tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for token, span in (("track", 1.0), (self._tone, self._part)):
            painter.setBrush(look.colour(token))
            painter.drawRoundedRect(QRectF(0, 0, self.width() * span, self.height()), 2, 2)
        painter.end()


class KeyHint(QWidget):
    """A key cap with what the key does; in a list of many the words stand below each other behind `room` for the caps."""

    def __init__(self, key: str, text: str, room: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key, self._text, self._room = key, text, room
        self.setAccessibleName(f"{key} {text}")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def key_width(self) -> int:
        return max(look.advance("cap", self._key) + look.px(10), look.px(20))

    def sizeHint(self) -> QSize:
        width = look.advance("small", self._text)
        return QSize(max(self.key_width(), self._room) + look.px(8) + width + 2, look.px(24))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wide = self.key_width()
        paint_key(painter, QRectF(0.5, self.height() / 2 - look.px(10), wide - 1, look.px(20)), self._key)
        painter.setFont(look.font("small"))
        painter.setPen(look.colour("ink2"))
        rect = QRectF(max(wide, self._room) + look.px(8), 0, self.width(), self.height())
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignVCenter), self._text)
        painter.end()


class Body(QScrollArea):
    """A body that scrolls; bars above and below stay where they are.

    With a `name` it takes the focus itself and scrolls by keys: for what is read and holds nothing to press.
    """

    def __init__(self, *parts: QWidget | QLayout | int | None, spacing: int = 14, name: str = "",
                 margins: tuple[int, int, int, int] = (20, 16, 20, 16), parent: QWidget | None = None) -> None:  # fmt: skip
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if name else Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(tr(name))
        self.setProperty("ring", False)
        inner = QWidget()
        inner.setObjectName("body")
        self.column = column(*parts, spacing=spacing, margins=margins)
        inner.setLayout(self.column)
        self.setWidget(inner)
        self.viewport().setAutoFillBackground(False)

    def focusInEvent(self, event: QFocusEvent) -> None:
        show_ring(self, event.reason() in BY_KEYS)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        show_ring(self, False)
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        if event.key() == Qt.Key.Key_Home:
            bar.setValue(0)
        elif event.key() == Qt.Key.Key_End:
            bar.setValue(bar.maximum())
        elif event.key() == Qt.Key.Key_Space:
            bar.triggerAction(QScrollBar.SliderAction.SliderPageStepAdd)
        else:
            super().keyPressEvent(event)


class Empty(QWidget):
    """An empty state: a sign, one sentence on what belongs here, and the button that starts it."""

    def __init__(self, icon: str, sentence: str, act: str = "", do: Callable[[], object] | None = None,
                 parent: QWidget | None = None) -> None:  # fmt: skip
        super().__init__(parent)
        text = Text(sentence, "body", "ink2")
        parts: list[QWidget | QLayout | int | None] = [None, row(None, Icon(icon, "ink3", 40), None),
                                                        row(None, text, None)]  # fmt: skip
        if act:
            parts.append(row(None, Button(act, "secondary", act=do), None))
        self.setLayout(column(*parts, None, spacing=12))
