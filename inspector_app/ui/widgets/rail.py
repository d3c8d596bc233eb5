"""The two rails: places of the application at the left, the ten stages of a case at the top."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ..icons import paint_icon
from ..theme import look
from ..words import tr
from .pressable import Pressable, paint_focus

_TALL, _LOW, _SMALL = 54, 38, 46
"""Height of a place on the rail, how low it may become in a low window, and below what its parts are smaller."""


_MOST = 99
"""The largest number that a badge spells out."""
_DOT = 8
"""Across, of what stands for a chip that has no room."""


class RailButton(Pressable):
    """A place on the left rail: icon over its name, filled when current. It gives way where the window is low."""

    def __init__(self, name: str, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._badge = icon, ""
        self.setText(tr(name))
        self.setAccessibleName(tr(name))
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedWidth(look.px(60))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.setMaximumHeight(look.px(_TALL))

    def show_badge(self, count: int, said: str) -> None:
        """How many things wait here, in words for those who hear it; 0 takes the mark away."""
        self._badge = "" if not count else str(count) if count <= _MOST else f"{_MOST}+"
        self.setAccessibleDescription(said if count else "")
        self.setToolTip(said if count else "")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(look.px(60), look.px(_TALL))

    def minimumSizeHint(self) -> QSize:
        return QSize(look.px(60), look.px(_LOW))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        if on or self.lit:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("rail_sel" if on else "rail_hover"))
            inset = 4 if self.ringed else 0  # the ring would be lost on the ground of the current place
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), look.px(8), look.px(8))
        ink = "rail_on" if on else "rail_ink"
        small = self.height() < look.px(_SMALL)
        size, words, high = (18, "cap", look.px(16)) if small else (22, "small", look.px(20))
        over = (self.height() - look.px(size + 2) - high) / 2
        x = self.width() / 2 - look.px(size) / 2
        paint_icon(painter, self._icon, ink, x, over, size, "fill" if on else "regular")
        painter.setFont(look.font(words))
        painter.setPen(look.colour(ink))
        rect = QRectF(0, over + look.px(size + 2), self.width(), high)
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), self.text())
        if self._badge:
            self._paint_badge(painter, x + look.px(size), over)
        if self.ringed:
            paint_focus(painter, QRectF(self.rect()), look.px(8))
        painter.end()

    def _paint_badge(self, painter: QPainter, x: float, y: float) -> None:
        """At the upper right of the icon."""
        high = look.px(18)
        wide = max(look.advance("cap", self._badge) + look.px(8), high)
        left = min(x - look.px(6), self.width() - wide)
        place = QRectF(left, max(y - look.px(5), 0), wide, high)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("badge"))
        painter.drawRoundedRect(place, high / 2, high / 2)
        painter.setFont(look.font("cap"))
        painter.setPen(look.colour("on_badge"))
        painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), self._badge)


def paint_mark(painter: QPainter, place: QRectF) -> None:
    """The program's mark: 档 on the red of official papers, and in high contrast on the colour of the current place."""
    plain = look.name == "high_contrast"
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour("rail_sel" if plain else "mark"))
    painter.drawRoundedRect(place, look.px(6), look.px(6))
    painter.setFont(look.font("h2"))
    painter.setPen(look.colour("rail_on" if plain else "mark_edge"))
    painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), "档")


class Mark(QWidget):
    """The program's mark."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(look.px(34), look.px(34))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_mark(painter, QRectF(self.rect()))
        painter.end()


class NavRail(QWidget):
    """Mark, places, and at the bottom those that belong to the computer. Emits the place's name."""

    chosen = Signal(str)

    def __init__(self, upper: Sequence[tuple[str, str, str]], lower: Sequence[tuple[str, str, str]]) -> None:
        """Each place is (name, title, icon)."""
        super().__init__()
        self.setFixedWidth(look.px(76))
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(8), look.px(62), look.px(8), look.px(10))
        column.setSpacing(look.px(4))
        self.buttons: dict[str, RailButton] = {}
        for group in (upper, lower):
            for name, title, icon in group:
                button = RailButton(title, icon, self)
                button.clicked.connect(lambda _=False, n=name: self.chosen.emit(n))
                self.buttons[name] = button
                column.addWidget(button)
            if group is upper:
                column.addStretch(1)

    def show_current(self, name: str) -> None:
        for key, button in self.buttons.items():
            button.setChecked(key == name)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), look.colour("rail"))
        paint_mark(painter, QRectF(self.width() / 2 - look.px(17), look.px(14), look.px(34), look.px(34)))
        painter.end()


class StageButton(Pressable):
    """One stage: a tick when done, a filled number when current, a chip with what is missing."""

    def __init__(self, index: int, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = index + 1
        self.done, self.current, self.chip, self.chip_tone = False, False, "", "brand"
        self.brief = False
        self.setText(tr(name))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_state(self, done: bool, current: bool, chip: str, chip_tone: str = "brand") -> None:
        self.done, self.current, self.chip, self.chip_tone = done, current, chip, chip_tone
        state = "已完成" if done else "当前" if current else "未开始"
        self.setAccessibleName(f"第 {self._number} 步 {self.text()}，{state} {chip}".strip())
        self.setToolTip(f"{self.text()} {chip}" if chip else "")
        self.updateGeometry()
        self.update()

    def set_brief(self, brief: bool) -> None:
        """Whether the chip is a dot, where there is no room: a number that is cut would say something else."""
        if brief != self.brief:
            self.brief = brief
            self.updateGeometry()
            self.update()

    def whole_width(self) -> int:
        """Pixels that the stage takes with its chip written out."""
        return self._width(self._chip_width())

    def brief_width(self) -> int:
        """Pixels that it takes with a dot for the chip."""
        return self._width(look.px(_DOT))

    def _width(self, chip: int) -> int:
        return look.px(38) + look.advance("strong", self.text()) + (chip + look.px(8) if self.chip else 0)

    def _chip_width(self) -> int:
        return look.advance("cap", self.chip) + look.px(8)

    def sizeHint(self) -> QSize:
        return QSize(self.brief_width() if self.brief else self.whole_width(), look.px(38))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.current or self.lit:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("brand_soft" if self.current else "hover"))
            painter.drawRoundedRect(rect, look.px(8), look.px(8))
        middle = self.height() / 2
        x = float(look.px(8))
        dot = QRectF(x, middle - look.px(9), look.px(18), look.px(18))
        if self.done and not self.current:
            paint_icon(painter, "check-circle", "ok", dot.x(), dot.y(), 18, "fill")
        else:
            painter.setPen(QPen(look.colour("brand" if self.current else "control"), 1))
            painter.setBrush(look.colour("brand") if self.current else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(dot)
            painter.setFont(look.font("cap"))
            painter.setPen(look.colour("on_brand" if self.current else "ink3"))
            painter.drawText(dot, int(Qt.AlignmentFlag.AlignCenter), str(self._number))
        x += look.px(24)
        font = look.font("strong" if self.current else "body")
        painter.setFont(font)
        painter.setPen(look.colour("brand" if self.current else "ink" if self.done else "ink3"))
        text = QFontMetrics(font).horizontalAdvance(self.text())
        painter.drawText(QRectF(x, 0, text + 2, self.height()), int(Qt.AlignmentFlag.AlignVCenter), self.text())
        if self.chip:
            self._paint_chip(painter, x + text + look.px(6), middle)
        if self.ringed:
            paint_focus(painter, QRectF(self.rect()), look.px(8))
        painter.end()

    def _paint_chip(self, painter: QPainter, x: float, middle: float) -> None:
        if self.brief:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour(self.chip_tone))
            painter.drawEllipse(QRectF(x, middle - look.px(_DOT / 2), look.px(_DOT), look.px(_DOT)))
            return
        rect = QRectF(x, middle - look.px(9), self._chip_width(), look.px(18))
        if self.chip_tone != "brand":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour(f"{self.chip_tone}_soft"))
            painter.drawRoundedRect(rect, look.px(5), look.px(5))
        painter.setFont(look.font("cap"))
        painter.setPen(look.colour(self.chip_tone))
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), self.chip)


class Arrow(QWidget):
    """A small sign between two stages; gone where the window is narrow."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(look.px(14), look.px(14))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_icon(painter, "caret-right", "na_line", 0, 0, 14)
        painter.end()


class AsideButton(Pressable):
    """A place of the case that is no stage: icon and name, behind a hairline."""

    def __init__(self, name: str, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self.setText(tr(name))
        self.setAccessibleName(tr(name))
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        return QSize(look.px(52) + QFontMetrics(look.font("strong")).horizontalAdvance(self.text()), look.px(38))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.colour("line"), 1))
        painter.drawLine(0, look.px(6), 0, self.height() - look.px(6))
        on = self.isChecked()
        rect = QRectF(self.rect()).adjusted(look.px(8), 1, -1, -1)
        if on or self.lit:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("brand_soft" if on else "hover"))
            painter.drawRoundedRect(rect, look.px(8), look.px(8))
        tone = "brand" if on else "ink2"
        paint_icon(
            painter, self._icon, tone, look.px(16), self.height() / 2 - look.px(9), 18, "fill" if on else "regular"
        )
        painter.setFont(look.font("strong" if on else "body"))
        painter.setPen(look.colour(tone))
        text = QRectF(look.px(40), 0, self.width() - look.px(40), self.height())
        painter.drawText(text, int(Qt.AlignmentFlag.AlignVCenter), self.text())
        if self.ringed:
            paint_focus(painter, rect, look.px(8))
        painter.end()


class StageRail(QWidget):
    """The ten stages of a case and, behind them, its papers; emits the index of the chosen one."""

    chosen = Signal(int)

    def __init__(self, names: Sequence[str], aside: tuple[str, str]) -> None:
        super().__init__()
        self.setFixedHeight(look.px(46))
        row = QHBoxLayout(self)
        row.setContentsMargins(look.px(14), look.px(4), look.px(14), look.px(4))
        row.setSpacing(0)
        self.buttons = []
        self._arrows: list[Arrow] = []
        for index, name in enumerate(names):
            button = StageButton(index, name, self)
            button.clicked.connect(lambda _=False, i=index: self.chosen.emit(i))
            self.buttons.append(button)
            row.addWidget(button)
            if index < len(names) - 1:
                row.addStretch(1)
                arrow = Arrow()
                self._arrows.append(arrow)
                row.addWidget(arrow)
                row.addStretch(1)
        self.aside = AsideButton(*aside, self)
        self.aside.clicked.connect(lambda: self.chosen.emit(len(names)))
        row.addSpacing(look.px(8))
        row.addWidget(self.aside)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for arrow in self._arrows:
            arrow.setVisible(self.width() >= look.px(1280))
        self._fit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # a stage says something else
            self._fit()
        return super().event(event)

    def _fit(self) -> None:
        """Where the stages do not fit with their chips written out, only the current one keeps its own, or none does."""
        arrows = sum(arrow.width() for arrow in self._arrows if not arrow.isHidden())
        room = self.width() - arrows - self.aside.sizeHint().width() - look.px(36)
        whole = sum(button.whole_width() for button in self.buttons)
        most = sum(button.whole_width() if button.current else button.brief_width() for button in self.buttons)
        for button in self.buttons:
            button.set_brief(whole > room and not (button.current and most <= room))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.colour("surface"))
        painter.setPen(QPen(look.colour("line"), 1))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        painter.end()
