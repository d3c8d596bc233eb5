"""Text that knows its role and tone: wrapped with a true line height, or elided with the whole as a tooltip."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from ..theme import look
from ..words import tr


def paint_words(painter: QPainter, rect: QRectF, text: str, role: str, tone: str,
                side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft) -> None:  # fmt: skip
    """Words on one line within a rectangle, elided where they do not fit."""
    font = look.font(role)
    painter.setFont(font)
    painter.setPen(look.colour(tone))
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, int(rect.width()))
    painter.drawText(rect, int(side | Qt.AlignmentFlag.AlignVCenter), shown)


class Text(QWidget):
    """Words in one role of the type scale and one token of the theme.

    With `wrap` the height follows the width (a plain label would cut its last line inside nested layouts); without,
    the text is elided and the whole text becomes the tooltip.
    """

    def __init__(
        self, text: str = "", role: str = "body", tone: str = "ink", *, wrap: bool = False, align_right: bool = False,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._role, self._tone, self._wrap, self._right = role, tone, wrap, align_right
        self._text = ""
        self._layout = QTextLayout()
        self._arranged = (0, 0.0)
        """For which width and scale the layout stands."""
        self._heights: dict[tuple[int, float], int] = {}
        """The heights of this text by width and scale: layouts ask for the same few widths again and again."""
        policy = QSizePolicy(
            QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred if wrap else QSizePolicy.Policy.Fixed
        )
        policy.setHeightForWidth(wrap)
        self.setSizePolicy(policy)
        self.setText(text)

    def text(self) -> str:
        return self._text

    def setText(self, text: str) -> None:
        text = tr(text)
        if text == self._text:
            return
        self._text = text
        self._heights.clear()
        self.setAccessibleName(text)
        self._settle()

    def set_tone(self, tone: str) -> None:
        self._tone = tone
        self.update()

    def _settle(self) -> None:
        self.updateGeometry()
        self._tell_whole()
        self.update()

    def _tell_whole(self) -> None:
        """What is elided is told whole where the mouse rests."""
        if (told := self._text if self.is_elided else "") != self.toolTip():
            self.setToolTip(told)

    def _line(self) -> int:
        return look.line_height(self._role)

    def _arrange(self, width: int) -> int:
        """Break the text into lines of this width, unless they are; returns the height."""
        known = self._heights.get((width, look.scale))
        if known is not None and self._arranged == (width, look.scale):
            return known
        self._layout.setText(self._text.replace("\n", "\u2028"))  # what QTextLayout takes for the end of a line
        self._layout.setFont(look.font(self._role))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._layout.setTextOption(option)
        self._layout.beginLayout()
        top, high = 0, self._line()
        while (line := self._layout.createLine()).isValid():
            line.setLineWidth(max(width, 20))
            line.setPosition(QPointF(0, top + (high - line.height()) / 2))
            top += high
        self._layout.endLayout()
        self._arranged = (width, look.scale)
        self._heights[self._arranged] = max(top, high)
        return max(top, high)

    def hasHeightForWidth(self) -> bool:
        return self._wrap

    def heightForWidth(self, width: int) -> int:
        if not self._wrap:
            return self._line()
        known = self._heights.get((width, look.scale))
        return self._arrange(width) if known is None else known

    def sizeHint(self) -> QSize:
        width = max(look.advance(self._role, line) for line in self._text.split("\n")) + 2
        if self._wrap:
            width = min(width, look.px(420))
            return QSize(width, self.heightForWidth(width))
        return QSize(width, self._line())

    def minimumSizeHint(self) -> QSize:
        if self._wrap:  # a height kept from another width would stay as a gap: the layouts ask for it by width
            return QSize(look.px(60), self._line())
        return QSize(min(self.sizeHint().width(), look.px(28)), self._line())

    @property
    def is_elided(self) -> bool:
        """Whether a part of the text cannot be seen."""
        return not self._wrap and self.sizeHint().width() > self.width() + 2

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_whole()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.hasFocus():  # somebody was led here
            painter.fillRect(self.rect(), look.colour("brand_soft"))
            painter.fillRect(0, self.height() - 2, self.width(), 2, look.colour("focus"))
        painter.setPen(look.colour(self._tone if self.isEnabled() else "disabled"))
        if self._wrap:
            self._arrange(self.width())
            self._layout.draw(painter, QPointF(0, 0))
        else:
            painter.setFont(look.font(self._role))
            shown = self._text
            if look.advance(self._role, shown) > self.width():
                shown = painter.fontMetrics().elidedText(shown, Qt.TextElideMode.ElideRight, self.width())
            side = Qt.AlignmentFlag.AlignRight if self._right else Qt.AlignmentFlag.AlignLeft
            painter.drawText(self.rect(), int(side | Qt.AlignmentFlag.AlignVCenter), shown)
        painter.end()


def paint_line(painter: QPainter, rect: QRectF, text: str, role: str, tone: str) -> None:
    """One line of text in a row of a list, elided where it is longer."""
    font = look.font(role)
    painter.setFont(font)
    painter.setPen(look.colour(tone))
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, int(rect.width()))
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)
