"""How the window speaks: a bar for expected problems, a toast with undo, long work, and few dialogs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from PySide6.QtCore import SIGNAL, QEvent, QObject, QPoint, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QLayout, QLineEdit, QWidget

from ..theme import look
from ..words import tr
from .buttons import Button
from .panels import Bar, Body, Icon, Line, column, row
from .pressable import Pressable
from .text import Text


class ProblemBar(QWidget):
    """An expected problem in a sentence with a way out; stays until closed or solved."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = "bad"
        self._icon = Icon("warning-circle", "bad", 20, "fill")
        self._text = Text("", "body", "ink", wrap=True)
        close = Button("知道了", "ghost", act=self.hide, height=36)
        layout = row(self._icon, column(None, self._text, None, spacing=0), close, spacing=10, margins=(20, 4, 14, 4))
        layout.setStretch(1, 1)
        self.setLayout(layout)
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
        self._over: QWidget | None = None
        self.setLayout(
            row(Icon("check-circle", "ok", 20, "fill"), self._text, self._undo, spacing=8, margins=(14, 4, 12, 4))
        )
        self.setFixedHeight(look.px(44))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._expire)
        self.hide()

    def tell(self, sentence: str, undo: Callable[[], object] | None = None, over: QWidget | None = None) -> None:
        """Say it at the lower left of `over`, a place without answers and acts, and no wider than that."""
        self._act = undo
        self._undo.setVisible(undo is not None)
        self._text.setText(sentence)
        self.setAccessibleName(sentence)
        self._over = over if over is not None and over.isVisible() else self.parentWidget()
        self.show()
        self._settle()
        self.raise_()
        self._timer.start(8000)

    def _settle(self) -> None:
        parent, over = self.parentWidget(), self._over
        if parent is None or over is None:
            return
        wide, whole = self.sizeHint().width(), over.width()
        gap = look.px(8)
        if whole - wide < look.px(96):  # of what it lies over no scrap is left to be read
            wide, gap = whole, 0
        self.resize(wide, self.height())
        corner = over.mapTo(parent, QPoint(gap, over.height() - self.height() - gap)) if over is not parent else QPoint(
            look.px(84), parent.height() - self.height() - look.px(8))  # fmt: skip
        self.move(corner)

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
        layout = row(column(self._text, self._bar, spacing=4), self._stop, spacing=10, margins=(16, 6, 10, 6))
        layout.setStretch(0, 1)
        self.setLayout(layout)
        self.hide()

    def begin(self, what: str, total: int, *, can_stop: bool = True) -> None:
        self._stop.setEnabled(True)
        self._stop.setVisible(can_stop)
        self.step(what, 0, total)
        self.show()

    def step(self, what: str, done: int, total: int) -> None:
        told = f"{what} {done}%" if total == 100 else f"{what} {done}/{total}"
        self._text.setText(told if total > 1 else what)  # of one piece there is nothing to count
        self._bar.show_part(done, total)

    def _cancel(self) -> None:
        self._stop.setEnabled(False)
        self.stopped.emit()

    def end(self) -> None:
        self.hide()


@runtime_checkable
class ShowsLaw(Protocol):
    """A window that shows the law over one of its sheets."""

    def show_law(self, over: QWidget | None = None) -> None: ...


class Sheet(QDialog):
    """A dialog for formal acts and faults of the machine: the title is the act, the buttons are verbs.

    Its parts scroll where the window is too low for them; title, problem and buttons stay on view. Enter in a field
    of one line accepts, unless the field does something of its own with it.
    """

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
        self._body = Body(*parts, spacing=12, margins=(22, 4, 22, 4))
        self._body.setAccessibleName(tr(title))
        cut = Line()
        cut.hide()
        self._body.verticalScrollBar().rangeChanged.connect(lambda _, most: cut.setVisible(most > 0))
        self._grown = QTimer(self)
        self._grown.setSingleShot(True)
        self._grown.timeout.connect(self._grow)
        self._body.widget().installEventFilter(self)
        head = column(Text(title, "h2"), margins=(22, 20, 22, 8))
        self._foot = row(None, self.back, self.act, spacing=8)
        foot = column(self.problem, self._foot, margins=(22, 12, 22, 18))
        self._whole = column(head, self._body, cut, foot, spacing=0)
        self.setLayout(self._whole)
        self.back.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What appears in a sheet while it is open finds room, as long as the window has it."""
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self._grown.start(0)
        return super().eventFilter(watched, event)

    def _grow(self) -> None:
        if self._parts_high(self._body.width()) > self._body.height():
            self.settle()

    def _parts_high(self, width: int) -> int:
        """How high the parts are at this width."""
        inner = self._body.widget()
        return inner.heightForWidth(width) if inner.hasHeightForWidth() else inner.sizeHint().height()

    def add_way(self, name: str, act: Callable[[], object]) -> None:
        """Another way to what the sheet is about: it closes the sheet, whose own fields do not matter then."""

        def take() -> None:
            self.reject()
            act()

        self._foot.insertWidget(0, Button(name, "secondary", act=take))

    def showEvent(self, event: QShowEvent) -> None:
        self.settle()
        super().showEvent(event)

    def settle(self) -> None:
        """As large as the parts ask for, and no larger than the window under it."""
        under, inner = self.undermost(), self._body.widget()
        room = (under.size() if under is not self else self.screen().size()) - QSize(look.px(32), look.px(32))
        inner.ensurePolished()
        width = min(max(inner.sizeHint().width(), self.minimumWidth()), room.width())
        self._body.setFixedHeight(0)
        whole = self._whole
        rest = whole.totalHeightForWidth(width) if whole.hasHeightForWidth() else whole.totalSizeHint().height()
        self._body.setMinimumHeight(0)
        high = self._parts_high(width)
        self._body.setMaximumHeight(high)
        # A bar that is there already makes the parts narrower, so higher, and would keep itself needed.
        fits, policy = rest + high <= room.height(), Qt.ScrollBarPolicy
        self._body.setVerticalScrollBarPolicy(policy.ScrollBarAlwaysOff if fits else policy.ScrollBarAsNeeded)
        wanted = QSize(width, min(rest + high, room.height()))
        if wanted != self.size():
            middle = self.geometry().center()
            self.resize(wanted)
            if self.isVisible():
                self.move(self.pos() + middle - self.geometry().center())

    def try_accept(self) -> None:
        """Close with success unless `check` returns a sentence, which is then shown."""
        sentence = self.check()
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))
        if sentence:
            self.settle()
        else:
            self.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.colour("surface"))
        painter.end()

    def look_up(self) -> None:
        """F3: the law over this sheet. The window knows how; a key does not reach it from here."""
        window = self.undermost()
        if isinstance(window, ShowsLaw):
            window.show_law(self)

    def undermost(self) -> QWidget:
        """The window under this sheet and those that it stands on."""
        window: QWidget = self
        while (below := window.parentWidget()) is not None:
            window = below
        return window

    def keyPressEvent(self, event: QKeyEvent) -> None:
        Pressable.pointing = False
        if event.key() == Qt.Key.Key_F3:
            self.look_up()
            return
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
            return
        field = self.focusWidget()
        plain = isinstance(field, QLineEdit) and not field.receivers(SIGNAL("returnPressed()"))
        if self.isVisible() and (plain or event.modifiers() & Qt.KeyboardModifier.ControlModifier):
            self.try_accept()
