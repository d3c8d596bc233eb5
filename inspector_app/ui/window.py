"""The frame: rail, top bar, problem bar, screens, toast, long work, and the keys that work everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QMainWindow, QPlainTextEdit, QStackedWidget, QWidget

from ..actions import safekeeping, sync
from ..actions.sign_in import Session
from ..domain.event import Actor
from . import theme
from .badges import Badges
from .capture.bar import CaptureBar, open_view
from .commands import commands
from .desk import Desk
from .leading import lead_to_remark
from .memory import Memory
from .places import BY_NAME, PLACES, Screens
from .screens.sign_in import SignInScreen
from .theme import look
from .top_bar import TopBar
from .widgets.focus import focus_kept, focus_next, focusable, order_tabs, release_focus
from .widgets.keys import KeysOverlay
from .widgets.notices import ProblemBar, Toast, Work
from .widgets.palette import Command, Palette
from .widgets.panels import column, row
from .widgets.pressable import Pressable
from .widgets.rail import NavRail


class Window(QMainWindow):
    """The application's one window. Before anybody is signed in it shows the sign-in screen only."""

    def __init__(self, desk: Desk, settings: QSettings) -> None:
        super().__init__()
        self.desk, self._settings = desk, settings
        self._by_day = "light"
        self.setWindowTitle("试用 — 档案行政检查" if desk.trial else "档案行政检查")
        self.setMinimumSize(1100, 600)
        self.resize(1366, 768)
        self._whole = QStackedWidget()
        self._build_sign_in()
        self.setCentralWidget(self._whole)
        self._frame: QWidget | None = None
        self.current = ""
        self._memory = Memory(self, desk, settings, lambda: (self.current, self.case_stage))
        self._build_frame_parts()
        self._connect()

    # -- the frame --------------------------------------------------------------------------------------------

    def _build_sign_in(self) -> None:
        self.sign_in = SignInScreen(self.desk)
        self.sign_in.entered.connect(self._entered)
        self._whole.addWidget(self.sign_in)

    def _build_frame_parts(self) -> None:
        places = [(p.name, p.title, p.icon) for p in PLACES if not p.lower and not p.of]
        below = [(p.name, p.title, p.icon) for p in PLACES if p.lower and not p.of]
        self.rail = NavRail(places, below)
        self.top = TopBar(self.desk, self._lock)
        self.problems = ProblemBar()
        self.stack = QStackedWidget()
        self.screens = Screens(self.desk, self.stack)
        self.work = Work()
        waiting = QWidget(self)  # until the frame takes them in: without a parent each would be a window of its own
        waiting.hide()
        for part in (self.rail, self.top, self.problems, self.stack, self.work):
            part.setParent(waiting)

    def _build_frame(self) -> None:
        self.capture = CaptureBar(self.desk)
        right = column(self.top, self.capture, self.problems, self.stack, self.work, spacing=0)
        right.setStretch(3, 1)
        frame = QWidget()
        layout = row(self.rail, right, spacing=0)
        layout.setStretch(1, 1)
        frame.setLayout(layout)
        self._frame = frame
        self._whole.addWidget(frame)
        self.toast = Toast(frame)
        Badges(self.desk, self.rail)
        self.palette_ = Palette(self, self._commands)
        self.top.search.clicked.connect(self.palette_.open)
        self.keys = KeysOverlay(self)
        self._fit_top()

    def _connect(self) -> None:
        desk = self.desk
        self._connect_frame()
        desk.opened.connect(self._open)
        desk.changed.connect(self.refresh)
        desk.told.connect(self._tell)
        desk.toasted.connect(self._toast)
        desk.stage_opened.connect(lambda _: self.toast.hide() if self._frame is not None else None)
        desk.themed.connect(self.set_theme)
        desk.working.connect(self._work)
        desk.locked.connect(self._lock)
        desk.moved.connect(self._memory.note)
        for keys, act in (
            ("Ctrl+K", self._find), ("Ctrl+Z", desk.undo), ("Ctrl+Y", desk.redo), ("F1", self._show_keys), ("F3", self.show_law),
            ("F6", self._next_region), ("F7", self.toggle_dark),
            ("F8", self._next_remark), ("F9", desk.filming.toggle), ("F10", self._show_camera),
            ("F11", self._toggle_full), ("Ctrl+S", self._say_saved),
            ("Ctrl+Return", self._primary), ("Ctrl+L", self._lock),
        ):  # fmt: skip
            QShortcut(QKeySequence(keys), self).activated.connect(partial(self._if_open, act))
        for index in range(10):
            stage = QKeySequence(f"Ctrl+{(index + 1) % 10}")
            QShortcut(stage, self).activated.connect(partial(self._stage_key, index))
        for index in range(9):
            place = partial(self._place_key, index)
            QShortcut(QKeySequence(f"Alt+{index + 1}"), self).activated.connect(partial(self._if_open, place))
        self._quiet_timer = QTimer(self)
        self._quiet_timer.setInterval(5 * 60_000)
        self._quiet_timer.timeout.connect(self._exchange_quietly)
        self._quiet_timer.timeout.connect(self._copy_when_due)
        self._quiet_timer.start()

    def _connect_frame(self) -> None:
        self.rail.chosen.connect(self.desk.open)
        self.desk.headed.connect(self.top.show_heading)
        self.work.stopped.connect(self.desk.stop)

    def _if_open(self, act: Callable[[], object]) -> None:
        """Keys act only while somebody is signed in and the frame is on view."""
        Pressable.pointing = False
        if self._frame is not None and self._whole.currentWidget() is self._frame:
            act()

    def _place_key(self, index: int) -> None:
        """Alt and a digit: the places in the order in which they stand on the rail."""
        places = [name for name, button in self.rail.buttons.items() if not button.isHidden()]
        if index < len(places):
            self.desk.open(places[index])

    def _exchange_quietly(self) -> None:
        """What was done goes to the bureau by itself; nobody waits for it, and being offline is nothing to tell."""
        if self.desk.session is not None and sync.link_of(self.desk.book.store) is not None:
            self.desk.hand_over(quiet=True)

    def _copy_when_due(self) -> None:
        """The daily second copy, also where the window stays open over night."""
        if self.desk.session is not None and not self.desk.busy and safekeeping.is_due(self.desk.book):
            self.desk.back_up()

    def _show_places_of(self, actor: Actor) -> None:
        for name, button in self.rail.buttons.items():
            button.setVisible(BY_NAME[name].is_for(actor))

    def _follow_bureau(self) -> None:
        """In the trial: go on with the server that this start brought up."""
        book = self.desk.book

        def work() -> None:
            address = self.desk.bureau()
            if address is not None:
                sync.follow(book, address)

        self.desk.tasks.run(work, lambda _: self._exchange_quietly(), network=True)

    def _stage_key(self, index: int) -> None:
        if self.current == "case":
            self._if_open(partial(self.desk.open_stage, index))

    def _next_remark(self) -> None:
        if self.current == "case":
            lead_to_remark(self.desk)

    def show_law(self, over: QWidget | None = None, words: str = "") -> None:
        """The law over the window or one of its sheets; what is picked goes into the field that has the focus there."""
        field = (over or self).focusWidget()
        pick = None
        if isinstance(field, QLineEdit) and not field.isReadOnly() and field.echoMode() is QLineEdit.EchoMode.Normal:
            pick = field.insert
        elif isinstance(field, QPlainTextEdit) and not field.isReadOnly():
            pick = field.insertPlainText
        from .screens.law_sheet import LawSheet

        LawSheet.open_for(over or self, self.desk, self._law_day(), pick, words)

    def _law_day(self) -> date:
        """The day on which a citation has to be in force: of the inspection on view, else today."""
        if self.current == "case" and self.desk.case_id:
            return self.desk.queries.case(self.desk.case_id).planned_from.date()
        return self.desk.book.clock.now().at.date()

    def _find(self) -> None:
        self.palette_.open()

    def _commands(self) -> Iterator[Command]:
        return commands(self.desk, self.screens.made.values(), self, lambda words: self.show_law(words=words))

    def _show_camera(self) -> None:
        open_view(self, self.desk)

    def _show_keys(self) -> None:
        self.keys.toggle()

    def _toast(self, sentence: str, undo: Callable[[], object] | None) -> None:
        self.toast.tell(sentence, undo, self.screens[self.current].quiet_place())

    # -- signing in and out -----------------------------------------------------------------------------------

    def start(self) -> None:
        """Show the sign-in screen with the people of this laptop."""
        self.sign_in.refresh()
        self._whole.setCurrentWidget(self.sign_in)

    def _entered(self, session: Session) -> None:
        self.desk.enter(session)
        if self._frame is None:
            self._build_frame()
        self.screens.clear()
        assert self._frame is not None
        self._whole.setCurrentWidget(self._frame)
        sync.take_role(session.book)
        self._follow_bureau()
        self._memory.go_back()
        self._copy_when_due()
        self.desk.tell_notices()
        self.desk.filming.recover()

    def _lock(self) -> None:
        """Write what is half-typed, close the database and forget its key and what was copied."""
        if self.desk.session is None:
            return
        if self.desk.busy:
            self.problems.tell("还有工作没有做完，做完或停下后再锁定。", "warn")
            return
        self.remember()
        self._leave()
        self.current = ""
        self.problems.hide()
        self.toast.hide()
        self.start()

    def lock_alone(self) -> bool:
        """Lock without anybody asking for it. Half-typed text is kept first; False while work is under way."""
        if self.desk.session is None:
            return True
        self.desk.leaving.emit()
        if self.desk.busy:
            return False
        for sheet in reversed(self.findChildren(QDialog)):
            if sheet.isVisible():
                sheet.done(QDialog.DialogCode.Rejected)
        self._lock()
        return True

    def minutes_alone(self) -> int:
        """How many minutes nobody may touch the window; 0 for ever, as before anybody is signed in."""
        return 0 if self.desk.session is None else self.desk.book.rules.policy.lock_minutes

    def _leave(self) -> None:
        """End the session in the order that loses nothing: the focused field, the screen, the forms, the database."""
        focused = self.focusWidget()
        if focused is not None:
            focused.clearFocus()
        if self.current:
            self.screens[self.current].leave()
        self.desk.leave()

    # -- places -----------------------------------------------------------------------------------------------

    def _open(self, name: str, case: str) -> None:
        if name == "case" and not self.desk.case_id:
            name = "inspections"
        if not BY_NAME[name].is_for(self.desk.book.actor):
            name = "today"
        focused = self.focusWidget()
        from_rail = focused is not None and self.rail.isAncestorOf(focused)
        if focused is not None and not from_rail and not self.top.isAncestorOf(focused):
            release_focus(self)
        self.current = name
        self.toast.hide()
        place = BY_NAME[name].of or name
        self.rail.show_current(place)
        if from_rail:
            self.rail.buttons[place].setFocus()  # a click does not take the focus, so the ring would stay behind
        self.stack.setCurrentWidget(self.screens[name])
        self.problems.hide()
        self.refresh()
        left = self.focusWidget()
        if left is None or not left.isVisible():
            self.screens[name].setFocus()

    def refresh(self) -> None:
        """Fill the top bar and the screen on view again."""
        if self.desk.session is None or not self.current:
            return
        screen = self.screens[self.current]
        self.top.show_place(self.current)
        self._show_places_of(self.desk.book.actor)
        focused = self.focusWidget()
        self.capture.refresh()
        with focus_kept(screen):
            screen.refresh()
        if focused is not None and self.capture.isAncestorOf(focused) and not focused.isVisible():
            screen.setFocus()  # a strip went with its button: not to the next place, which is the rail or the stages
        order_tabs(screen)
        self.desk.moved.emit()

    # -- keys and notices -------------------------------------------------------------------------------------

    def _tell(self, sentence: str, tone: str) -> None:
        if sentence:
            self.problems.tell(sentence, tone)
        else:
            self.problems.hide()

    def _work(self, what: str, done: int, total: int) -> None:
        if total == 0:
            self.work.end()
        elif not self.work.isVisible():
            self.work.begin(what, total, can_stop=self.desk.can_stop)
        else:
            self.work.step(what, done, total)

    def _primary(self) -> None:
        self.screens[self.current].primary()

    def _say_saved(self) -> None:
        """Ctrl+S: what is being typed is written first; where that was refused, the bar says why."""
        if self.screens[self.current].leave():
            self._toast(f"已经存好，{self.desk.saved}", None)

    def _next_region(self) -> None:
        """F6: rail, top bar, then the regions of the screen in turn."""
        focus_next([self.rail, self.top, *self.screens[self.current].regions()], self.focusWidget())

    def toggle_dark(self) -> None:
        """F7: dark, as the store-room asks, and back to what was chosen before."""
        if look.name == "dark":
            self.set_theme(self._by_day if self._by_day != "dark" else "light")
        else:
            self._by_day = look.name
            self.set_theme("dark")

    def set_theme(self, name: str, scale: float | None = None) -> None:
        """Put a theme in force and remember it."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        before = look.scale
        if scale not in (None, before) and self.desk.busy:
            self._tell("还有工作没有做完，做完或停下后再改字号。", "warn")
            return
        theme.apply(app, name, scale)
        self._settings.setValue("theme", name)
        self._settings.setValue("scale", look.scale)
        if look.scale != before and self._frame is not None:
            self._rebuild(self._frame)
        for widget in app.allWidgets():
            QWidget.update(widget)  # item views hide it behind an update of their own

    def _rebuild(self, old: QWidget) -> None:
        """Another type size is in force at once: heights and widths are taken from it when a widget is made."""
        focused = self.focusWidget()
        name = focused.accessibleName() if focused is not None else ""
        place, stage, shown = self.current, self.case_stage, self._whole.currentWidget() is old
        self.desk.tasks.settle()  # what is being rendered still finds its page
        for gone in (old, self.sign_in):
            self._whole.removeWidget(gone)
            gone.deleteLater()
        self._build_sign_in()
        self._build_frame_parts()
        self._connect_frame()
        self._build_frame()
        if not shown or self._frame is None:
            return
        self._whole.setCurrentWidget(self._frame)
        self._open(place, "")
        if place == "case":
            self.desk.open_stage(stage)
        for widget in focusable(self._frame):
            if widget.accessibleName() == name:
                widget.setFocus(Qt.FocusReason.OtherFocusReason)
                break

    @property
    def case_stage(self) -> int:
        case = self.screens.made.get("case")
        return case.stage_index if case is not None else -1

    def _toggle_full(self) -> None:
        self.showNormal() if self.isFullScreen() else self.showFullScreen()

    # -- memory -----------------------------------------------------------------------------------------------

    def remember(self) -> None:
        """Keep geometry and place, so that the next start is where this one ended."""
        self._settings.setValue("geometry", self.saveGeometry())
        self._memory.keep()
        self._settings.sync()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_top()

    def _fit_top(self) -> None:
        if self._frame is not None:
            self.top.fit(self.width() / look.scale)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.desk.filming.finish()
        if self.desk.busy:
            self.problems.tell("还有工作没有做完，做完或停下后再关闭。", "warn")
            event.ignore()
            return
        if self._frame is not None:
            self.remember()
        if self.desk.session is not None:
            self._leave()
        super().closeEvent(event)
