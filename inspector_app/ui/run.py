"""The application object: fonts, theme, translation, worker, window, and what happens when something breaks."""

from __future__ import annotations

import os
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QByteArray, QLibraryInfo, QLocale, QLoggingCategory, QSettings, Qt, QTimer, QTranslator
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import QApplication

from ..actions.laptop import Laptop
from ..actions.sync import Address
from ..domain.problems import Problem
from . import input_method, theme
from .desk import Desk
from .garbage import Garbage, hold_back
from .guard import Guard
from .icons import icon
from .places import read_ahead
from .surroundings import has_screen, interrupts
from .tasks import Tasks
from .widgets.notices import Sheet
from .widgets.text import Text
from .window import Window

_NAME = "inspector"
_IDLE = 30
"""Milliseconds between two files of code that are read ahead."""

_TURN = 0.0005
"""Seconds after which a thread that computes gives Python's lock to one that waits for it. Python's own five milliseconds are
waited anew at each of the calls of which a picture on view is painted, so that a worker that computes makes the window late."""


def make_app(settings_folder: Path) -> QApplication:
    """The one QApplication with fonts, Chinese texts of Qt itself, and settings kept beside the data."""
    known = QApplication.instance()
    by_itself = known is None and input_method.choose(os.environ)
    app = known if isinstance(known, QApplication) else QApplication(["inspector-app"])
    if by_itself:
        from .fcitx import Fcitx

        Fcitx.open(app)
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(settings_folder))
    # Qt's own dialogs would note every folder that was looked into, and people name folders after units.
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, os.devnull)
    if app.applicationName() != _NAME:
        _dress(app)
    return app


def _dress(app: QApplication) -> None:
    """What holds for every window of the process; takes a second, so it is done once."""
    app.setApplicationName(_NAME)
    app.setApplicationDisplayName("档案行政检查")
    app.setOrganizationName(_NAME)
    app.setStyle("Fusion")
    QLoggingCategory.setFilterRules("qt.multimedia.*=false")  # it tells of every library that it can do without
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    translator = QTranslator(app)
    if translator.load("qtbase_zh_CN", folder):
        app.installTranslator(translator)
    theme.load_fonts()
    app.setWindowIcon(QIcon(icon("clipboard-text", QColor(theme.LIGHT["brand"]), 128, weight="fill")))


Bureau = Callable[[], Address | None]
"""Asks for the server that the trial carries along; may have to wait until it is up."""


def make_window(
    app: QApplication, laptop: Laptop, *, trial: bool = False, bureau: Bureau = lambda: None, colleague: str = ""
) -> Window:
    """The window of a laptop, ready to be shown, at the place where it was left."""
    settings = QSettings(str(laptop.folder / _NAME / f"{_NAME}.ini"), QSettings.Format.IniFormat)
    name = str(settings.value("theme", "system"))
    theme.apply(app, name if name in (*theme.THEMES, "system") else "system", float(str(settings.value("scale", 1.0))))
    desk = Desk(laptop, Tasks(app), trial=trial, bureau=bureau, colleague=colleague)
    window = Window(desk, settings)
    geometry = settings.value("geometry")
    if isinstance(geometry, QByteArray):
        window.restoreGeometry(geometry)
    window.start()
    return window


def present(window: Window) -> None:
    """Show a window that was made with the collection of garbage held back, which would be a tenth of the start. From then on
    neither a collection nor, for longer than `_TURN` at a time, a worker keeps it waiting."""
    window.show()
    sys.setswitchinterval(_TURN)
    hold_back()
    _read_ahead(window)


def _read_ahead(window: Window) -> None:
    """Read the code of what was not opened yet while nobody presses anything, a file at a time."""
    files, timer = read_ahead(), QTimer(window)
    timer.timeout.connect(lambda: timer.stop() if next(files, None) is None else None)
    timer.start(_IDLE)


def run_window(
    laptop: Laptop, *, trial: bool = False, bureau: Bureau = lambda: None, colleagues: Mapping[str, Laptop] = {}
) -> int:
    """Open the window and stay until it is closed; returns the exit status. In the trial `colleagues` have laptops of their
    own, whose windows are opened from the first. Raises `Problem("no_screen")`, `Problem("folder_closed")`.
    """
    if not has_screen():
        raise Problem("no_screen")
    laptop.make_folder()
    app = make_app(laptop.folder)
    window = make_window(app, laptop, trial=trial, bureau=bureau)
    others: dict[str, Window] = {}
    guards = [_guarded(window)]

    def open_other(id: str) -> None:
        if id in colleagues and not (id in others and others[id].isVisible()):
            others[id] = make_window(app, colleagues[id], trial=True, bureau=bureau, colleague=id)
            others[id].show()
            guards.append(_guarded(others[id]))

    window.desk.other_wanted.connect(open_other)
    sys.excepthook = _crash_dialog(window, laptop.folder / "crash.txt")
    threading.excepthook = lambda told: _to_stderr(told.exc_value)
    sys.unraisablehook = lambda told: _to_stderr(told.exc_value)
    present(window)
    garbage = Garbage(lambda: min(guard.still for guard in guards))
    with interrupts(app, app.closeAllWindows):
        status = app.exec()
    garbage.deleteLater()
    for each in (window, *others.values()):
        each.desk.tasks.close()
    return status


def _guarded(window: Window) -> Guard:
    guard = Guard(window.lock_alone, window.minutes_alone)
    QTimer.singleShot(0, guard, guard.listen)  # the bus is asked for when the window stands
    return guard


def _crash_dialog(
    window: Window, report: Path
) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    """A fault of the program: written to a file, told in a dialog; what was saved stays saved."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        text = fault(error)
        sys.stderr.write(text)
        with suppress(OSError):  # the disk itself may be the fault
            report.write_text(text, "utf-8")
        sheet = Sheet("程序出错", Text("这一步没有完成。已经存好的内容都在，可以继续；再出现时把下面的文件交给管理员。", "body", wrap=True),
                      Text(str(report), "small", "ink2", wrap=True), act="继续", parent=window)  # fmt: skip
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet.back.hide()
        sheet.open()

    return hook


def _to_stderr(error: BaseException | None) -> None:
    if error is not None:
        sys.stderr.write(fault(error))


def fault(error: BaseException) -> str:
    """Where in the program a fault arose, and of what kind. Its message stays out: it may repeat what people wrote, and
    neither the report nor what a desktop keeps of stderr is encrypted."""
    parts: list[str] = []
    cause: BaseException | None = error
    while cause is not None:
        parts.insert(0, "".join(traceback.format_tb(cause.__traceback__)) + type(cause).__qualname__ + "\n")
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return "\n".join(parts)
