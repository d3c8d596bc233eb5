"""The frame: rail, top bar, problem bar, screens, toast, long work, and the keys that work everywhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from ..actions import safekeeping
from ..actions.sign_in import Session
from ..domain.calendar import zh_time
from . import theme
from .commands import commands
from .desk import Desk
from .screens.base import Screen
from .screens.case import CaseScreen
from .screens.inspections import InspectionsScreen
from .screens.review_desk import ReviewScreen
from .screens.settings import SettingsScreen
from .screens.sign_in import SignInScreen
from .screens.sync_centre import SyncScreen
from .screens.today import TodayScreen
from .screens.units import UnitsScreen
from .theme import look
from .widgets.buttons import Button
from .widgets.keys import KeysOverlay
from .widgets.notices import ProblemBar, Toast, Work
from .widgets.palette import Palette
from .widgets.panels import Surface, Tag, column, row
from .widgets.rail import NavRail
from .widgets.text import Text

SCREENS: tuple[type[Screen], ...] = (
    TodayScreen, InspectionsScreen, CaseScreen, ReviewScreen, UnitsScreen, SyncScreen, SettingsScreen,
)  # fmt: skip


class Window(QMainWindow):
    """The application's one window. Before anybody is signed in it shows the sign-in screen only."""

    def __init__(self, desk: Desk, settings: QSettings) -> None:
        super().__init__()
        self.desk, self._settings = desk, settings
        self.setWindowTitle("档案行政检查")
        self.setMinimumSize(1100, 600)
        self.resize(1366, 768)
        self.sign_in = SignInScreen(desk)
        self.sign_in.entered.connect(self._entered)
        self._whole = QStackedWidget()
        self._whole.addWidget(self.sign_in)
        self.setCentralWidget(self._whole)
        self._frame: QWidget | None = None
        self.screens: dict[str, Screen] = {}
        self.current = ""
        self._place: dict[str, object] = {}
        self._place_timer = QTimer(self)
        self._place_timer.setSingleShot(True)
        self._place_timer.setInterval(200)
        self._place_timer.timeout.connect(self._remember_place)
        self._build_frame_parts()
        self._connect()

    # -- the frame --------------------------------------------------------------------------------------------

    def _build_frame_parts(self) -> None:
        places = [(s.NAME, s.TITLE, s.ICON) for s in SCREENS if not s.LOWER and not s.HIDDEN]
        below = [(s.NAME, s.TITLE, s.ICON) for s in SCREENS if s.LOWER and not s.HIDDEN]
        self.rail = NavRail(places, below)
        self.problems = ProblemBar()
        self.back = Button("", "ghost", "caret-left", act=lambda: self.desk.open("inspections"), height=36)
        self.back.setAccessibleName("返回检查列表")
        self.title = Text("", "h2")
        self.subtitle = Text("", "small", "ink3")
        self.kind = Tag("", "na")
        self.search = Button("查找单位、文书、法条，或输入命令", "field", "magnifying-glass", key="Ctrl K", height=36)
        self.state = Tag("", "warn", "cloud-slash")
        self.person = Button("", "soft", "user", act=self._lock, height=36)
        self.stack = QStackedWidget()
        self.work = Work()

    def _build_frame(self) -> None:
        self.kind.hide()
        top = Surface("surface", "bottom")
        top.setFixedHeight(look.px(52))
        top.setLayout(
            row(self.back, self.title, self.kind, self.subtitle, None, self.search, self.state, self.person,
                spacing=8, margins=(14, 4, 14, 4))
        )  # fmt: skip
        for screen in SCREENS:
            made = screen(self.desk)
            self.screens[screen.NAME] = made
            self.stack.addWidget(made)
        right = column(top, self.problems, self.stack, self.work, spacing=0)
        right.setStretch(2, 1)
        frame = QWidget()
        layout = row(self.rail, right, spacing=0)
        layout.setStretch(1, 1)
        frame.setLayout(layout)
        self._frame = frame
        self._whole.addWidget(frame)
        self.toast = Toast(frame)
        self.palette_ = Palette(self, lambda: commands(self.desk, self.screens.values(), self))
        self.search.clicked.connect(self.palette_.open)
        self.keys = KeysOverlay(self)

    def _connect(self) -> None:
        desk = self.desk
        self.rail.chosen.connect(desk.open)
        desk.opened.connect(self._open)
        desk.changed.connect(self.refresh)
        desk.told.connect(self._tell)
        desk.toasted.connect(self._toast)
        desk.stage_opened.connect(lambda _: self.toast.hide() if self._frame is not None else None)
        desk.headed.connect(self.show_heading)
        desk.themed.connect(self.set_theme)
        desk.working.connect(self._work)
        self.work.stopped.connect(desk.stop)
        desk.locked.connect(self._lock)
        desk.moved.connect(self._place_timer.start)
        for keys, act in (
            ("Ctrl+K", self._find), ("Ctrl+Z", desk.undo), ("F1", self._show_keys),
            ("F6", self._next_region), ("F7", self.toggle_dark), ("F11", self._toggle_full), ("Ctrl+S", self._say_saved),
            ("Ctrl+Return", self._primary), ("Ctrl+L", self._lock),
        ):  # fmt: skip
            QShortcut(QKeySequence(keys), self).activated.connect(partial(self._if_open, act))
        for index in range(10):
            stage = QKeySequence(f"Ctrl+{(index + 1) % 10}")
            QShortcut(stage, self).activated.connect(partial(self._stage_key, index))
        for index, name in enumerate(self.rail.buttons):
            QShortcut(QKeySequence(f"Alt+{index + 1}"), self).activated.connect(
                partial(self._if_open, partial(desk.open, name))
            )

    def _if_open(self, act: Callable[[], object]) -> None:
        """Keys act only while somebody is signed in and the frame is on view."""
        if self._frame is not None and self._whole.currentWidget() is self._frame:
            act()

    def _stage_key(self, index: int) -> None:
        if self.current == "case":
            self._if_open(partial(self.desk.open_stage, index))

    def _find(self) -> None:
        self.palette_.open()

    def _show_keys(self) -> None:
        self.keys.toggle()

    def _toast(self, sentence: str, undo: Callable[[], object] | None) -> None:
        self.toast.tell(sentence, undo)

    # -- signing in and out -----------------------------------------------------------------------------------

    def start(self) -> None:
        """Show the sign-in screen with the people of this laptop."""
        self.sign_in.refresh()
        self._whole.setCurrentWidget(self.sign_in)

    def _entered(self, session: Session) -> None:
        self.desk.session = session
        if self._frame is None:
            self._build_frame()
        assert self._frame is not None
        self._whole.setCurrentWidget(self._frame)
        place = str(self._settings.value("place", "today"))
        self.desk.case_id = str(self._settings.value("case", ""))
        known = {inspection.id for inspection in self.desk.queries.inspections()}
        if place == "case" and self.desk.case_id in known:
            stage = int(str(self._settings.value("stage", -1)))
            if item := str(self._settings.value("item", "")):
                self.desk.item_by_case[self.desk.case_id] = item
            self.desk.open("case", self.desk.case_id)
            if stage >= 0:
                self.desk.open_stage(stage)
        else:
            self.desk.open("today")
        if safekeeping.is_due(self.desk.book):
            self.desk.back_up()

    def _lock(self) -> None:
        """Close the database and forget its key; half-typed text is kept already."""
        if self.desk.session is None:
            return
        if self.desk.busy:
            self.problems.tell("还有工作没有做完，做完或停下后再锁定。", "warn")
            return
        self.remember()
        self.desk.tasks.settle()
        self.desk.session.close()
        self.desk.session = None
        self.start()

    # -- places -----------------------------------------------------------------------------------------------

    def _open(self, name: str, case: str) -> None:
        if name == "case" and not self.desk.case_id:
            name = "inspections"
        self.current = name
        self.toast.hide()
        self.rail.show_current("inspections" if name == "case" else name)
        self.stack.setCurrentWidget(self.screens[name])
        self.problems.hide()
        self.refresh()

    def refresh(self) -> None:
        """Fill the top bar and the screen on view again."""
        if self.desk.session is None or not self.current:
            return
        in_case = self.current == "case"
        screen = self.screens[self.current]
        self.back.setVisible(in_case)
        self.kind.hide()
        if not in_case:
            self.title.setText(self.desk.queries.register().bureau.name if self.current == "today" else screen.TITLE)
            self.subtitle.setText("行政检查" if self.current == "today" else "")
        now = zh_time(self.desk.book.clock.now().at)
        self.state.show_state(f"离线，已存本机 {self.desk.saved or now}", "warn", "cloud-slash")
        self.person.set_text(self.desk.book.person.name)
        self.person.setToolTip("锁定并换人（Ctrl+L）")
        screen.refresh()
        self.desk.moved.emit()

    def show_heading(self, title: str, kind: str, subtitle: str) -> None:
        """The case's name in the top bar; told by the case screen."""
        self.title.setText(title)
        self.kind.show_state(kind, "brand")
        self.kind.show()
        self.subtitle.setText(subtitle)

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
            self.work.begin(what, total)
        else:
            self.work.step(what, done, total)

    def _primary(self) -> None:
        self.screens[self.current].primary()

    def _say_saved(self) -> None:
        at = self.desk.saved or zh_time(self.desk.book.clock.now().at)
        self.toast.tell(f"已经存好，{at}")

    def _next_region(self) -> None:
        """F6: rail, screen, foot in turn."""
        focused = QApplication.focusWidget()
        if focused is not None and self.rail.isAncestorOf(focused):
            self.screens[self.current].setFocus()
            self.screens[self.current].focusNextChild()
        else:
            self.rail.buttons[next(iter(self.rail.buttons))].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def toggle_dark(self) -> None:
        """F7: light and dark in turn, as the store-room asks."""
        self.set_theme("light" if look.name == "dark" else "dark")

    def set_theme(self, name: str, scale: float | None = None) -> None:
        """Put a theme in force and remember it."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app, name, scale)
        self._settings.setValue("theme", name)
        self._settings.setValue("scale", look.scale)
        for widget in app.allWidgets():
            QWidget.update(widget)  # item views hide it behind an update of their own

    def _toggle_full(self) -> None:
        self.showNormal() if self.isFullScreen() else self.showFullScreen()

    # -- memory -----------------------------------------------------------------------------------------------

    def remember(self) -> None:
        """Keep geometry and place, so that the next start is where this one ended."""
        self._settings.setValue("geometry", self.saveGeometry())
        self._remember_place()
        self._settings.sync()

    def _remember_place(self) -> None:
        """Written a moment after it changes: after a kill the window opens here too."""
        case = self.screens.get("case")
        stage = case.stage_index if isinstance(case, CaseScreen) else -1
        item = self.desk.item_by_case.get(self.desk.case_id, "")
        place = {"place": self.current, "case": self.desk.case_id, "stage": stage, "item": item}
        if place != self._place:
            self._place = place
            for name, value in place.items():
                self._settings.setValue(name, value)
            self._settings.sync()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.width() / look.scale
        self.state.setVisible(room >= 1000)
        self.search.set_text("查找单位、文书、法条，或输入命令" if room >= 1200 else "查找")

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.desk.busy:
            self.problems.tell("还有工作没有做完，做完或停下后再关闭。", "warn")
            event.ignore()
            return
        if self._frame is not None:
            self.remember()
        if self.desk.session is not None:
            self.desk.tasks.settle()
            self.desk.session.close()
            self.desk.session = None
        super().closeEvent(event)
