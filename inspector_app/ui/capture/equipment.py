"""Before departure and on arrival: the equipment is really tried, and what was found goes into the record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from ...actions import readiness, recording
from ...domain.calendar import zh_time
from ...domain.casefile import CaseFile
from ...domain.problems import Problem
from ...domain.visit import Readiness, Ready
from ..desk import Desk
from ..surroundings import battery
from ..widgets.buttons import Button
from ..widgets.panels import Icon, column, row
from ..widgets.text import Text

PATIENCE = 3_000
"""Milliseconds that a camera may take to show something."""


def try_out(desk: Desk, case: CaseFile) -> None:
    """Look through the camera, ask for microphone and printers, and keep what was found as one event."""
    from ..printing import printers

    def seen(camera: Ready) -> None:
        sounds = [offer.name for offer in desk.filming.offers() if offer.what == recording.SOUND]
        sound = Ready("麦克风", "ok" if sounds else "warn", sounds[0] if sounds else "没有找到")
        desk.run("检查设备", printers, partial(keep, camera, sound), printer=True)

    def keep(camera: Ready, sound: Ready, names: Sequence[str]) -> None:
        printer = Ready("打印机", "ok" if names else "warn", names[0] if names else "没有找到")
        found = (*readiness.of_laptop(desk.book, battery()), camera, sound, printer)
        done = desk.act(readiness.note, desk.book, case.id, found)
        if done is not None:
            desk.toasted.emit(f"设备查过了：{done.value}", None)

    _look_through(desk, case, seen)


def _look_through(desk: Desk, case: CaseFile, then: Callable[[Ready], object]) -> None:
    """`then(what was found)` once the camera has shown a picture, or has had its time."""
    filming = desk.filming
    if desk.book.areas(case.id):
        then(Ready("摄像头", "warn", "在涉密区域，没有打开"))
        return
    films = [offer for offer in filming.offers() if offer.what == recording.FILM and offer.name != recording.OWN_SCREEN]
    try:
        if not films:
            raise Problem("no_source", what="摄像头")
        live = filming.open(films[0])
    except Problem:
        then(Ready("摄像头", "warn", "没有找到"))
        return
    timer = QTimer(live)
    timer.setInterval(100)
    waited = [0]

    def look() -> None:
        waited[0] += timer.interval()
        shows = bool(live.picture())
        if shows or waited[0] >= PATIENCE:
            timer.stop()
            name, lacks = live.source.name, live.lacks
            filming.close()
            said = (
                f"{name}没有画面"
                if not shows
                else f"{name}有画面，不能录像：缺编码器 {lacks}"
                if lacks
                else f"{name}有画面"
            )
            then(Ready("摄像头", "ok" if shows and not lacks else "bad", said))

    timer.timeout.connect(look)
    timer.start()


def last_of(case: CaseFile, day: date) -> Readiness | None:
    """The newest check of a day."""
    return next((each for each in reversed(case.visit.readiness) if each.at.date() == day), None)


def summary(checked: Readiness | None) -> tuple[str, bool]:
    """A check in a few words, and whether all was well."""
    if checked is None:
        return "没有检查", False
    bad = [check.name for check in checked.checks if check.state != "ok"]
    return (f"{'、'.join(bad)}要看", False) if bad else (f"{zh_time(checked.at)} 查过", True)


def panel(desk: Desk, case: CaseFile) -> QWidget:
    """What was found last, line by line, and the button that looks again."""
    checked = last_of(case, desk.book.clock.now().at.date())
    lines = [
        row(Icon("check-circle" if check.state == "ok" else "warning-circle", check.state, 16, "fill"),
            Text(check.name, "small"), None, Text(check.words, "small", "ink2"), spacing=6)
        for check in (checked.checks if checked else ())
    ]  # fmt: skip
    said = f"{zh_time(checked.at)} {checked.by}查过" if checked else "出发前、到场时各查一次，结果写进过程记录。"
    look = Button("检查设备", "secondary", act=partial(try_out, desk, case), height=36)
    made = QWidget()
    words = Text(said, "small", "ink2", wrap=True)
    made.setLayout(column(Text("设备", "h2"), words, *lines, row(look, None), spacing=6))
    return made
