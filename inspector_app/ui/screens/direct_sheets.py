"""The sheets by which two laptops in one network exchange an inspection: where and by which code, and how far it is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QWidget

from ...actions import direct, stick
from ...domain.problems import Problem
from ..desk import Desk
from ..widgets.fields import Field, Pick
from ..widgets.notices import Sheet
from ..widgets.panels import Bar, column, row
from ..widgets.text import Text
from ..words import tr


def give(parent: QWidget, desk: Desk) -> None:
    """给同事: choose whom and which inspection, then wait for that laptop."""
    readers = stick.colleagues(desk.book)
    begun = [each for each in desk.inspections() if each.step]
    if not readers or not begun:
        desk.told.emit("还没有开始的检查。" if readers else "还不知道能交给谁。两台电脑先各自和局里交换一次。", "warn")
        return
    whom = Pick("给谁", [(key.id, f"电脑 {key.name}") for key in readers])
    which = Pick("哪一件检查", [(each.id, each.unit) for each in begun])
    said = "两台电脑连在同一个网络里，只有选定的那台能来取。它已有的同一件检查，也合并到这台。"
    sheet = Sheet("和同事的电脑合并", Text(said, "body", "ink2", wrap=True), whom, which, act="开始等候", parent=parent)
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def begin() -> None:
        reader = next(key for key in readers if key.id == whom.value())
        try:
            door = direct.open_door(desk.book, desk.direct_host)
        except Problem as problem:
            desk.told.emit(str(problem), "bad")
            return
        under_way, book, stream = _waiting(parent, desk, door, reader.name), desk.book, which.value()
        under_way.run(lambda: direct.give(book, door, reader, stream, under_way.step), lambda: None)

    sheet.accepted.connect(begin)
    sheet.open()
    whom.input.setFocus()


def _waiting(parent: QWidget, desk: Desk, door: direct.Doorway, name: str) -> _Swapping:
    """What the other person has to type, for as long as the door stands open."""
    also = [Text(f"或 {'，'.join(door.addresses[1:3])}", "small", "ink3")] if door.addresses[1:] else []
    sheet = _Swapping(
        "等同事的电脑来取", desk, parent, Text(f"在 {name} 上打开“同步”，点“从同事收”，照着填：", "body", "ink2", wrap=True),
        row(column(Text("地址", "small", "ink3"), Text(door.addresses[0], "h1"), *also, spacing=2),
            column(Text("代码", "small", "ink3"), Text(f"{door.code[:4]} {door.code[4:]}", "h1"), spacing=2), None, spacing=40),
    )  # fmt: skip
    sheet.say(f"等 {name}，十分钟没有来就停止")
    return sheet


def take(parent: QWidget, desk: Desk, address: str = "", code: str = "") -> None:
    """从同事收: where the colleague's laptop waits, and its code."""
    where, which = (
        Field("地址", address, hint="对方屏幕上的，如 192.168.1.23:40517"),
        Field("代码", code, hint="对方屏幕上的八位"),
    )
    said = "收下同事的这件检查；这台电脑已有的同一件检查，也合并过去。"
    sheet = Sheet("从同事的电脑收", Text(said, "body", "ink2", wrap=True), where, which, act="连接", parent=parent)
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    sheet.check = lambda: "" if where.text().strip() and which.text().strip() else "照对方屏幕填写地址和代码。"
    book = desk.book

    def begin() -> None:
        typed = where.text(), which.text()
        under_way = _Swapping("从同事的电脑收", desk, parent)
        under_way.say("正在连接")
        under_way.run(lambda: direct.take(book, *typed, under_way.step), partial(take, parent, desk, *typed))

    sheet.accepted.connect(begin)
    sheet.open()
    (which if address else where).input.setFocus()


class _Swapping(Sheet):
    """What is under way with a colleague's laptop. It stops when the sheet is closed, and when the session ends."""

    def __init__(self, title: str, desk: Desk, parent: QWidget, *parts: QWidget | QLayout) -> None:
        self._desk, self._going = desk, True
        self._said, self._bar = Text("", "small", "ink2", wrap=True), Bar()
        super().__init__(title, *parts, self._said, self._bar, act="停止", parent=parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.back.hide()
        self._moving = 0  # 1 once something goes over the line: then a window left alone is at work
        self.finished.connect(self._stop)
        self.open()

    def say(self, words: str) -> None:
        """What is being done."""
        self._said.setText(tr(words))

    def step(self, what: str, done: int, total: int) -> bool:
        """Called on the line to the colleague; False stops it."""
        if what:
            self._desk.tasks.report(lambda: self._show(what, done, total))
        return self._going and not self._desk.ending

    def run(self, work: Callable[[], direct.Swapped | None], again: Callable[[], object]) -> None:
        """Do it on the line to the colleague, tell what came of it, or `again` after a problem."""
        desk, session = self._desk, self._desk.session

        def done(made: direct.Swapped | None) -> None:
            self._close()
            desk.busy -= self._moving
            if desk.session is session:
                desk.changed.emit()
                if made is not None:
                    desk.toasted.emit(_told_of(made), None)

        def failed(problem: Problem) -> None:
            self._close()
            desk.busy -= self._moving
            if desk.session is session:
                desk.changed.emit()  # what came before is kept
                desk.told.emit(str(problem), "warn")
                again()

        desk.tasks.run(work, done, failed, colleague=True)

    def _stop(self) -> None:
        self._going = False

    def _close(self) -> None:
        if self._going:
            self.accept()

    def _show(self, what: str, done: int, total: int) -> None:
        if self._going:
            self._desk.busy += 1 - self._moving
            self._moving = 1
            self.say(f"{what} {done / 1e6:.1f}/{total / 1e6:.1f} MB")
            self._bar.show_part(done, total)


def _told_of(made: direct.Swapped) -> str:
    """What came of it on both sides."""
    refused = f"，{len(made.taken.refused)} 处没有收" if made.taken.refused else ""
    return f"收到 {made.taken.events} 条、{made.taken.files} 个文件{refused}；对方收到 {made.events_there} 条、{made.files_there} 个文件"
