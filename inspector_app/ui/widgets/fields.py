"""Fields with a label above and an error below, choices as equal buttons, and text that is kept while typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QDateTime, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QDateTimeEdit, QLineEdit, QPlainTextEdit, QScrollArea, QWidget

from ...domain.clock import CHINA
from ..icons import paint_icon
from ..theme import look
from ..words import tr
from .buttons import Button
from .panels import column, row
from .text import Text


class Field(QWidget):
    """A labelled input of one line. `error(sentence)` shows what is wrong and how to go on."""

    def __init__(self, label: str, value: str = "", *, secret: bool = False, hint: str = "",
                 parent: QWidget | None = None) -> None:  # fmt: skip
        super().__init__(parent)
        self.input = QLineEdit(value)
        self.input.setAccessibleName(tr(label))
        self.input.setPlaceholderText(tr(hint))
        if secret:
            self.input.setEchoMode(QLineEdit.EchoMode.Password)
        self._error = Text("", "small", "bad", wrap=True)
        self._error.hide()
        self.input.textEdited.connect(lambda _: self.error(""))
        self.setLayout(column(Text(label, "small", "ink3"), self.input, self._error, spacing=4))

    def text(self) -> str:
        return self.input.text()

    def error(self, sentence: str) -> None:
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))


class When(QWidget):
    """A labelled day and minute."""

    def __init__(self, label: str, at: datetime | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.input = QDateTimeEdit()
        self.input.setDisplayFormat("yyyy年M月d日 HH:mm")
        for widget in (self.input, self.input.lineEdit()):
            widget.setAccessibleName(tr(label))
        self.input.setButtonSymbols(QDateTimeEdit.ButtonSymbols.NoButtons)
        if at is not None:
            self.show_value(at)
        self.setLayout(column(Text(label, "small", "ink3"), self.input, spacing=4))

    def value(self) -> datetime:
        """The moment in the zone of China."""
        day, clock = self.input.date(), self.input.time()
        return datetime(day.year(), day.month(), day.day(), clock.hour(), clock.minute(), tzinfo=CHINA)

    def show_value(self, at: datetime) -> None:
        self.input.setDateTime(QDateTime(at.year, at.month, at.day, at.hour, at.minute, 0))


class Note(QPlainTextEdit):
    """A text of several lines, kept while typed: `typed` half a second after the last key, `left` on leaving.

    Escape leaves the field; Tab moves on, so that the keyboard never gets stuck here.
    """

    typed = Signal(str)
    left = Signal(str)

    def __init__(self, label: str, hint: str = "", lines: int = 3, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr(label))
        self.setPlaceholderText(tr(hint))
        self.setTabChangesFocus(True)
        self.setFixedHeight(look.line_height("body") * lines + look.px(20))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(400)
        self._timer.timeout.connect(lambda: self.typed.emit(self.toPlainText()))
        self._loading = False
        self.textChanged.connect(self._changed)
        self.installEventFilter(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes to the body around the field, where keys scroll."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
            return
        around = self.parentWidget()
        while around is not None and not (isinstance(around, QScrollArea) or around.isWindow()):
            around = around.parentWidget()
        if around is not None:
            around.setFocus(Qt.FocusReason.OtherFocusReason)

    def setReadOnly(self, ro: bool) -> None:
        """What is only read does not look like what is written into."""
        if ro != self.isReadOnly():
            super().setReadOnly(ro)
            self.style().unpolish(self)
            self.style().polish(self)

    def load(self, text: str) -> None:
        """Show a text without telling of it."""
        if text != self.toPlainText():
            self._loading = True
            self.setPlainText(text)
            self._loading = False
        self._timer.stop()

    def _changed(self) -> None:
        if not self._loading:
            self._timer.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self._timer.stop()
            self.left.emit(self.toPlainText())
        return super().eventFilter(watched, event)


class Choice(QWidget):
    """A question with equal buttons and no default, as the law asks neutrality."""

    chosen = Signal(str)

    def __init__(self, label: str, values: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons = {value: Button(value, "secondary", checkable=True) for value in values}
        for value, button in self.buttons.items():
            button.clicked.connect(lambda _=False, v=value: self._choose(v))
        parts: list[QWidget] = [Text(label, "small", "ink3")] if label else []
        self.setLayout(column(*parts, row(*self.buttons.values(), None, spacing=8), spacing=4))
        self._value = ""

    def value(self) -> str:
        return self._value

    def show_value(self, value: str) -> None:
        self._value = value
        for name, button in self.buttons.items():
            button.setChecked(name == value)

    def _choose(self, value: str) -> None:
        self.show_value(value)
        self.chosen.emit(value)


class Combo(QComboBox):
    """A list whose arrow follows the theme."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        paint_icon(painter, "caret-down", "ink2", self.width() - look.px(26), self.height() / 2 - look.px(8), 16)
        painter.end()


class Pick(QWidget):
    """One of several known values, in a list."""

    def __init__(self, label: str, values: Sequence[tuple[str, str]], changed: Callable[[str], object] | None = None,
                 parent: QWidget | None = None) -> None:  # fmt: skip
        super().__init__(parent)
        self.input = Combo()
        self.input.setAccessibleName(tr(label))
        self.input.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.input.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.input.setMinimumContentsLength(6)  # a long value is elided, it does not widen the panel
        for value, shown in values:
            self.input.addItem(shown, value)
        if changed is not None:
            self.input.activated.connect(lambda _: changed(self.value()))
        parts: list[QWidget] = [Text(label, "small", "ink3")] if label else []
        self.setLayout(column(*parts, self.input, spacing=4))

    def show_whole(self) -> None:
        """As wide as its longest value, where that is short and matters."""
        widest = max((look.advance("body", self.input.itemText(n)) for n in range(self.input.count())), default=0)
        self.input.setMinimumContentsLength(-(-widest // look.advance("body", "X")))

    def value(self) -> str:
        return str(self.input.currentData() or "")

    def show_value(self, value: str) -> None:
        self.input.setCurrentIndex(self.input.findData(value))
