"""Buttons: real ones for tab, touch and screen readers, painted from tokens."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ..icons import paint_icon
from ..theme import look
from ..words import tr
from .pressable import Pressable, paint_focus

_FLUSH = 2
"""Room at each side of what has no ground: its words begin where the words above them do."""


class Button(Pressable):
    """A button named by its act. Kinds: primary (one a screen), secondary, soft, ghost, danger, link, tab, filter; tick, a
    box that is ticked.

    A disabled button says why: `set_blocked(reason)` puts the reason into the tooltip and the accessible description.
    """

    def __init__(
        self, text: str, kind: str = "secondary", icon: str = "", act: Callable[[], object] | None = None, *,
        key: str = "", height: int = 40, trailing: bool = False, checkable: bool = False, tone: str = "",
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        text = tr(text)
        self._tone = tone  # of the icon alone
        self.kind, self._icon, self._key, self._high, self._trailing = kind, icon, key, height, trailing
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(checkable)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        if act is not None:
            self.clicked.connect(lambda _checked=False: act())

    def set_text(self, text: str) -> None:
        text = tr(text)
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def set_blocked(self, reason: str) -> None:
        """Disable with a reason, or enable with an empty one."""
        self.setEnabled(not reason)
        self.setToolTip(reason)
        self.setAccessibleDescription(reason)

    def _font_role(self) -> str:
        return "strong" if self.kind == "primary" else "button"

    def sizeHint(self) -> QSize:
        width = look.advance(self._font_role(), self.text())
        width += look.px(2 * _FLUSH if self._flush else 28 if self.text() else 12)
        if self._icon or self.kind == "tick":
            width += look.px(18 + (8 if self.text() else 6))
        if self._key:
            width += look.advance("cap", self._key) + look.px(18)
        return QSize(width, look.px(self._high))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @property
    def _flush(self) -> bool:
        return self.kind in ("link", "tick")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() and not event.isAutoRepeat():
            self.click()
            return
        super().keyPressEvent(event)

    def _colours(self) -> tuple[str, str, str]:
        """Ground, border, ink as tokens; an empty text is none."""
        if not self.isEnabled():
            if self.kind == "tick":
                return "", "", "na" if self.isChecked() else "disabled"
            if self.isChecked():  # what was chosen stays to be read
                return "na_soft", "na_line", "na"
            plain = self.kind in ("ghost", "link")
            return ("sunken" if self.kind in ("primary", "soft") else "", "" if plain else "line", "disabled")
        active, on = self.lit, self.isChecked()
        return {
            "primary": ("brand_hover" if active else "brand", "", "on_brand"),
            "secondary": ("brand_soft" if on else "hover" if active else "surface", "brand" if on else "control", "ink"),
            "soft": ("brand_soft", "brand_line" if active or on else "brand_soft", "brand"),
            "field": ("hover" if active else "sunken", "line", "ink3"),
            "ghost": ("hover" if active else "", "", "ink2"),
            "danger": ("bad_soft" if active else "surface", "bad_line", "bad"),
            "link": ("", "", "brand_hover" if active else "brand"),
            "tick": ("", "", "ink"),
            "filter": ("brand_soft" if on else "hover" if active else "", "brand_line" if on else "", "ink"),
            "tab": ("brand_soft" if on else "hover" if active else "surface", "brand_line" if on else "line",
                    "brand" if on else "ink"),
        }[self.kind]  # fmt: skip

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, border, ink = self._colours()
        inset = 4.0 if self.kind == "primary" and self.ringed else 0.5  # the ring is seen outside only
        inset += self.isDown()
        rect = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.setPen(QPen(look.colour(border), 1) if border else Qt.PenStyle.NoPen)
        painter.setBrush(look.colour(ground) if ground else Qt.BrushStyle.NoBrush)
        radius = look.px(8)
        painter.drawRoundedRect(rect, radius, radius)
        self._content(painter, ink)
        if self.ringed:
            paint_focus(painter, QRectF(self.rect()), look.px(4) if self._flush else radius)
        painter.end()

    def _content(self, painter: QPainter, ink: str) -> None:
        role = self._font_role()
        text_width = look.advance(role, self.text())
        key_width = look.advance("cap", self._key) + look.px(10) if self._key else 0
        icon_width = look.px(18) if self._icon or self.kind == "tick" else 0
        gap = look.px(8) if icon_width and self.text() else 0
        sign = self._tone or ink if self.isEnabled() else ink
        total = icon_width + gap + text_width + (key_width + look.px(8) if self._key else 0)
        x = look.px(_FLUSH) if self._flush else max((self.width() - total) / 2, look.px(6))
        middle = self.height() / 2
        if self.kind == "tick":
            self._paint_box(painter, QRectF(x, middle - look.px(9), look.px(18), look.px(18)))
            x += icon_width + gap
        elif self._icon and not self._trailing:
            weight = "fill" if self.isChecked() or self._tone else "regular"
            paint_icon(painter, self._icon, sign, x, middle - look.px(9), 18, weight)
            x += icon_width + gap
        font = QFont(look.font(role))
        font.setUnderline(self.kind == "link" and self.lit)
        painter.setFont(font)
        painter.setPen(look.colour(ink))
        painter.drawText(QRectF(x, 0, text_width + 2, self.height()), int(Qt.AlignmentFlag.AlignVCenter), self.text())
        x += text_width
        if self._icon and self._trailing:
            paint_icon(painter, self._icon, sign, x + gap, middle - look.px(9))
            x += gap + icon_width
        if self._key:
            paint_key(painter, QRectF(x + look.px(8), middle - look.px(10), key_width, look.px(20)), self._key, ink)

    def _paint_box(self, painter: QPainter, box: QRectF) -> None:
        """The box of a tick, filled once it is ticked."""
        on, tone = self.isChecked(), "brand" if self.isEnabled() else "disabled"
        edge = tone if on or self.lit else "control" if self.isEnabled() else "disabled"
        painter.setPen(QPen(look.colour(edge), 1))
        painter.setBrush(look.colour(tone if on else "surface"))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), look.px(4), look.px(4))
        if on:
            paint_icon(painter, "check", "on_brand", box.x() + look.px(2), box.y() + look.px(2), 14, "bold")


def paint_key(painter: QPainter, rect: QRectF, key: str, ink: str = "ink2") -> None:
    """A key cap."""
    painter.setPen(QPen(look.colour(ink if ink == "on_brand" else "control"), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect, look.px(4), look.px(4))
    painter.setFont(look.font("cap"))
    painter.setPen(look.colour(ink))
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), key)


_ANSWER_LOOK = {
    "符合": ("check", "ok", 70),
    "基本符合": ("minus", "warn", 98),
    "不符合": ("x", "bad", 80),
    "不适用": ("prohibit", "na", 80),
}


class AnswerButton(Pressable):
    """One of the four answers. Once an item is answered the other three lose their border: the list gets calm."""

    def __init__(self, value: str, digit: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.value = value
        self._icon, self._tone, self._wide = _ANSWER_LOOK[value]
        self._digit = digit
        self.quiet = False
        self.numbered = False
        self.setText(value)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        return QSize(look.px(self._wide + 4), look.px(44))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def nextCheckState(self) -> None:
        """The state follows the record, not the click: the bar is told what stands."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        on = self.isChecked()
        if on:
            painter.setPen(QPen(look.colour(self._tone), 1.5))
            painter.setBrush(look.colour(f"{self._tone}_soft"))
            painter.drawRoundedRect(rect, look.px(8), look.px(8))
        elif self.isEnabled() and (self.lit or not self.quiet):
            painter.setPen(QPen(look.colour("control"), 1))
            painter.setBrush(look.colour("hover" if self.lit else "surface"))
            painter.drawRoundedRect(rect, look.px(8), look.px(8))
        font = look.font("strong" if on else "body")
        painter.setFont(font)
        lead = look.px(20) if on else (look.px(14) if self.numbered and self.isEnabled() else 0)
        text = QFontMetrics(font).horizontalAdvance(self.value)
        x = (self.width() - text - lead) / 2
        if on:
            paint_icon(painter, self._icon, self._tone, x - 1, self.height() / 2 - look.px(8), 16, "bold")
        elif self.numbered and self.isEnabled():
            painter.setPen(look.colour("ink3"))
            painter.drawText(QRectF(x, 0, lead, self.height()), int(Qt.AlignmentFlag.AlignVCenter), str(self._digit))
        painter.setPen(look.colour(self._tone if on else "ink2" if self.isEnabled() else "disabled"))
        painter.drawText(QRectF(x + lead, 0, text + 2, self.height()), int(Qt.AlignmentFlag.AlignVCenter), self.value)
        if self.ringed:
            paint_focus(painter, QRectF(self.rect()), look.px(9))
        painter.end()


class AnswerBar(QWidget):
    """The four answers of an item; emits `chosen(value)` and shows what the record holds."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(2))
        self.buttons: dict[str, AnswerButton] = {}
        for digit, value in enumerate(_ANSWER_LOOK, 1):
            button = AnswerButton(value, digit, self)
            button.clicked.connect(lambda _=False, v=value: self.chosen.emit(v))
            self.buttons[value] = button
            row.addWidget(button)

    def name_after(self, item: str) -> None:
        """Say to screen readers which item the answers are for."""
        for name, button in self.buttons.items():
            button.setAccessibleName(f"{item} {name}")

    def show_value(self, value: str, *, current: bool) -> None:
        """Mark what stands; on the current row all four keep their border and show their digits."""
        for name, button in self.buttons.items():
            button.setChecked(name == value)
            button.quiet = bool(value) and not current and look.name != "high_contrast"
            button.numbered = current
            button.update()
