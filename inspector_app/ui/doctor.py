"""The doctor's page: what Qt knows of this computer, and the sheet that shows all of it."""

from __future__ import annotations

import os

from PySide6.QtCore import Qt, qInstallMessageHandler, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from ..actions.doctor import Sign, State, examine, verdict
from ..actions.recording import FILM, OWN_SCREEN
from ..domain.problems import Problem
from .desk import Desk
from .input_method import IBUS, answering
from .printing import machines
from .surroundings import has_screen
from .theme import look
from .widgets.notices import Sheet
from .widgets.panels import Icon, column, row
from .widgets.text import Text

_SHOWN = {State.GOOD: ("check-circle", "ok"), State.LACKING: ("warning", "warn"), State.WRONG: ("x-circle", "bad")}


def without_window() -> list[Sign]:
    """What Qt knows, for the command line, where no application object stands yet."""
    screen = _screen()
    if screen.state is not State.GOOD:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    known = qInstallMessageHandler(lambda kind, context, message: None)  # what Qt lacks is said by the page
    app = QGuiApplication.instance() or QGuiApplication(["inspector-app"])
    try:
        return [screen, _input_method(), _camera(), _printers()]
    finally:
        del app
        qInstallMessageHandler(known)


def _screen() -> Sign:
    if not has_screen():
        return Sign.of("窗口", Problem("no_screen"))
    return Sign("窗口", State.GOOD, f"Qt {qVersion()}，可以打开。")


def _input_method() -> Sign:
    name, answers = answering(os.environ)
    if answers:
        by = {"": "由系统提供。", IBUS: "经 ibus 接口提供（ibus 或 fcitx5）。"}
        return Sign("输入法", State.GOOD, by.get(name, f"由 {name} 提供。"))
    return Sign.of("输入法", Problem("input_method", name=name) if name else Problem("no_input_method"))


def _camera() -> Sign:
    """Asked on the thread of the application object. Multimedia is loaded here: a window starts without it, and a computer
    that lacks what it needs has no camera for us."""
    try:
        from .capture.sources import offers
    except ImportError:
        return Sign.of("摄像头", Problem("no_camera"))
    found = [offer.name for offer in offers(trial=False) if offer.what == FILM and offer.name != OWN_SCREEN]
    return Sign("摄像头", State.GOOD, f"{'、'.join(found)}。") if found else Sign.of("摄像头", Problem("no_camera"))


def _printers() -> Sign:
    """May take seconds."""
    found = [machine.name for machine in machines()]
    return Sign("打印机", State.GOOD, f"{'、'.join(found)}。") if found else Sign.of("打印机", Problem("no_printer"))


def open_doctor(parent: QWidget, desk: Desk) -> None:
    """Look at everything on the network's line, since the server may keep it waiting, and show the page."""

    here = [_screen(), _input_method(), _camera()]

    def work() -> list[Sign]:
        return [*examine(desk.laptop, desk.book), *here, _printers()]

    desk.run("检查这台电脑", work, lambda signs: _sheet(parent, signs).open(), network=True)


def _sheet(parent: QWidget, signs: list[Sign]) -> Sheet:
    """The page, worst first."""
    lines = [_line(sign) for sign in sorted(signs, key=lambda sign: -sign.state)]
    sheet = Sheet("检查这台电脑", Text(verdict(signs), "body", "ink2", wrap=True), *lines, act="知道了", parent=parent)
    sheet.setMinimumWidth(look.px(640))
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    sheet.back.hide()
    return sheet


def _line(sign: Sign) -> QWidget:
    icon, tone = _SHOWN[sign.state]
    said = column(Text(f"{sign.name}：{sign.fact}", "body", wrap=True), spacing=2)
    if sign.way_out:
        said.addWidget(Text(sign.way_out, "small", "ink2", wrap=True))
    line = row(Icon(icon, tone, 20, "fill"), said, spacing=10)
    line.setStretch(1, 1)
    line.setAlignment(line.itemAt(0).widget(), Qt.AlignmentFlag.AlignTop)
    made = QWidget()
    made.setAccessibleName(f"{sign.state.label}，{sign.name}")
    made.setLayout(line)
    return made
