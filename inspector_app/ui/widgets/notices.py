"""How the window speaks: a bar for expected problems, a toast with undo, long work, and few dialogs."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QLayout, QWidget

from ..theme import look
from ..words import tr
from .buttons import Button
from .panels import Bar, Icon, column, row
from .text import Text


class ProblemBar(QWidget):
    """An expected problem in a sentence with a way out; stays until closed or solved."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = "bad"
        self._icon = Icon("warning-circle", "bad", 20, "fill")
        self._text = Text("", "body", "ink", wrap=True)
        close = Button("知道了", "ghost", act=self.hide, height=36)
        self.setLayout(row(self._icon, self._text, close, spacing=10, margins=(20, 4, 14, 4)))
        self.setMinimumHeight(look.px(44))
        self.hide()

    def tell(self, sentence: str, tone: str = "bad") -> None:
        self._tone = tone
        self._icon.show_icon("info" if tone == "brand" else "warning-circle", tone, "fill")
        self._text.setText(sentence)
        self.setAccessibleName(sentence)
        self.show()
        self.update()

    def sentence(self) -> str:
        return self._text.text() if self.isVisible() else ""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.colour(f"{self._tone}_soft"))
        painter.end()


class Toast(QWidget):
    """One sentence at the lower left for eight seconds, with undo; stays while it has the pointer or the focus."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = Text("", "body", "ink")
        self._undo = Button("撤销", "link", key="Ctrl Z", height=36)
        self._undo.clicked.connect(self._undone)
        self._act: Callable[[], object] | None = None
        self.setLayout(
            row(Icon("check-circle", "ok", 20, "fill"), self._text, self._undo, spacing=8, margins=(14, 4, 12, 4))
        )
        self.setFixedHeight(look.px(44))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._expire)
        self.hide()

    def tell(self, sentence: str, undo: Callable[[], object] | None = None) -> None:
        self._act = undo
        self._undo.setVisible(undo is not None)
        self._text.setText(sentence)
        self.setAccessibleName(sentence)
        self.adjustSize()
        parent = self.parentWidget()
        if parent is not None:
            self.move(look.px(96), parent.height() - self.height() - look.px(84))
        self.show()
        self.raise_()
        self._timer.start(8000)

    def _undone(self) -> None:
        self.hide()
        if self._act is not None:
            self._act()

    def _expire(self) -> None:
        if self.underMouse() or self._undo.hasFocus():
            self._timer.start(2000)
        else:
            self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(look.colour("control"))
        painter.setBrush(look.colour("surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), look.px(8), look.px(8))
        painter.end()


class Work(QWidget):
    """Long work: n of m, what is being done, and a way to stop it. Never blocks answering."""

    stopped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = Text("", "small", "ink2")
        self._bar = Bar()
        self._stop = Button("停下", "ghost", height=36)
        self._stop.clicked.connect(self._cancel)
        self.setLayout(row(column(self._text, self._bar, spacing=4), self._stop, spacing=10, margins=(16, 6, 10, 6)))
        self.hide()

    def begin(self, what: str, total: int, *, can_stop: bool = True) -> None:
        self._stop.setEnabled(True)
        self._stop.setVisible(can_stop)
        self.step(what, 0, total)
        self.show()

    def step(self, what: str, done: int, total: int) -> None:
        self._text.setText(f"{what} {done}/{total}")
        self._bar.show_part(done, total)

    def _cancel(self) -> None:
        self._stop.setEnabled(False)
        self.stopped.emit()

    def end(self) -> None:
        self.hide()


class Sheet(QDialog):
    """A dialog for formal acts and faults of the machine: the title is the act, the buttons are verbs."""

    def __init__(self, title: str, *parts: QWidget | QLayout | int | None, act: str, back: str = "返回",
                 parent: QWidget | None = None) -> None:  # fmt: skip
        super().__init__(parent)
        self.setWindowTitle(tr(title))
        self.setMinimumWidth(look.px(480))
        self.problem = Text("", "small", "bad", wrap=True)
        self.problem.hide()
        self.back = Button(back, "secondary", act=self.reject)
        self.act = Button(act, "primary", act=self.try_accept)
        self.check: Callable[[], str] = lambda: ""
        self.setLayout(
            column(
                Text(title, "h2"), *parts, self.problem, row(None, self.back, self.act, spacing=8),
                spacing=12, margins=(22, 20, 22, 18),
            )
        )  # fmt: skip
        self.back.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """As large as its parts ask for: Qt by itself gives a dialog two thirds of the screen at most."""
        self.resize(self.sizeHint().expandedTo(self.minimumSize()))
        super().showEvent(event)

    def try_accept(self) -> None:
        """Close with success unless `check` returns a sentence, which is then shown."""
        sentence = self.check()
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))
        if not sentence:
            self.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.colour("surface"))
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and (
            event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.try_accept()
        elif event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
