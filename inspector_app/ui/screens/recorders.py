"""记录设备: the register of recorders and cameras, who has which, and how far their clocks are off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFileDialog, QWidget

from ...actions import recorders
from ...actions.book import Done
from ...domain.calendar import parse_zh_date, parse_zh_moment, zh_date, zh_when
from ...domain.problems import Problem
from ...domain.recorder import KINDS, Recorder, span
from ..desk import Desk
from ..widgets.buttons import Button
from ..widgets.fields import Field, Pick
from ..widgets.panels import Card, clear, column, row
from ..widgets.text import Text
from .begin import ask


class RecorderCard(Card):
    """One line a device with its acts."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lines = column(spacing=10)
        self._enter = Button("登记设备", "secondary", act=self._register, height=36)
        super().__init__(row(Text("记录设备", "h2"), None, self._enter), self._lines, spacing=10)

    def refresh(self) -> None:
        clear(self._lines)
        self._enter.setVisible(self._desk.may("lend"))
        held = recorders.recorders(self._desk.book)
        for device in held:
            self._lines.addLayout(self._line(device))
        if not held:
            self._lines.addWidget(
                Text(
                    "还没有登记执法记录仪和相机。登记后，导入的影像按设备编号归到人和时间。", "small", "ink2", wrap=True
                )
            )

    def _line(self, device: Recorder) -> Any:
        today = self._desk.book.clock.now().at.date()
        later = [booking for booking in device.bookings if booking.day >= today]
        if device.holder:
            where = f"{device.holder_name} {zh_when(device.since, today)}领用" if device.since else device.holder_name
        else:
            where = f"在库，{later[0].day.month}月{later[0].day.day}日 {later[0].name} 预约" if later else "在库"
        compared = f"（{device.compared_at.month}月{device.compared_at.day}日核对）" if device.compared_at else ""
        said = column(Text(f"{device.title} {device.model}".strip(), "body"),
                      Text(f"{where}；{device.clock}{compared}", "small", "ink2"), spacing=0)  # fmt: skip
        acts: list[tuple[str, Callable[[], object]]] = [("核对时钟", partial(compare_clock, self, self._desk, device))]
        if not self._desk.may("lend"):
            acts = []
        elif device.holder:
            acts.append(("交还", partial(self._act, recorders.give_back, device.number)))
        else:
            if later:
                acts.append(("取消预约", partial(self._act, recorders.cancel, device.number, later[0].day)))
            acts += [("预约", partial(self._reserve, device)), ("领用", partial(self._hand_over, device))]
        buttons = [Button(name, "secondary", act=act, height=36) for name, act in acts]
        for button in buttons:
            button.setAccessibleName(f"{button.text()} {device.number}")
        return column(said, row(*buttons, None, spacing=8), spacing=6)

    def _act(self, act: Callable[..., Done[Any]], *about: object) -> None:
        self._desk.act(act, self._desk.book, *about)

    def _register(self) -> None:
        number, model = Field("设备编号", hint="设备上贴的编号，例如 SL-0012"), Field("型号")
        kind = Pick("种类", [(each, each) for each in KINDS])
        said = Text("编号和文件名、文件夹里的一样时，导入后自动归到这台设备。", "small", "ink2", wrap=True)
        ask(self, self._desk, "sheet/recorder", "登记设备", [said, row(number, kind, spacing=12), model], "登记设备",
            lambda: recorders.register(self._desk.book, number.text(), kind.value(), model.text()),
            {"number": number, "model": model})  # fmt: skip

    def _officer(self) -> tuple[Pick, Callable[[], Any]]:
        officers = {each.id: each for each in self._desk.queries.officers()}
        who = Pick("人员", [(each.id, each.name) for each in officers.values()])
        who.show_value(self._desk.book.person.id)
        return who, lambda: officers[who.value()]

    def _reserve(self, device: Recorder) -> None:
        who, officer = self._officer()
        day = Field("哪一天", zh_date(self._desk.book.clock.now().at.date()))
        ask(self, self._desk, f"sheet/reserve/{device.number}", f"预约 {device.title}", [row(day, who, spacing=12)], "预约设备",
            lambda: recorders.reserve(self._desk.book, device.number, parse_zh_date(day.text()), officer(), self._desk.case_id),
            {"day": day})  # fmt: skip

    def _hand_over(self, device: Recorder) -> None:
        who, officer = self._officer()
        said = Text("领用以后，这台设备的影像由领用人署名为制作人。", "small", "ink2", wrap=True)
        ask(self, self._desk, f"sheet/lend/{device.number}", f"领用 {device.title}", [said, who], "登记领用",
            lambda: recorders.hand_over(self._desk.book, device.number, officer()), {})  # fmt: skip


def compare_clock(parent: QWidget, desk: Desk, device: Recorder) -> None:
    """核对时钟: the device photographs this computer's clock; what both say is put side by side."""
    face = Text("", "display")
    own = Field("设备自己的时间", hint="选那张照片，或照设备屏幕填写，写到秒")
    true = Field("照片里电脑显示的时间", hint="2026年3月16日 10:33:05")
    told = Text("", "small", "ink2", wrap=True)
    choose = Button("选照片", "secondary", "image", height=40)

    def tick() -> None:
        face.setText(_to_the_second(desk.book.clock.now().at))

    def times() -> tuple[datetime, datetime]:
        return parse_zh_moment(own.text().strip()), parse_zh_moment(true.text().strip())

    def show() -> None:
        try:
            mine, here = times()
        except Problem:
            told.setText("")
            return
        off = round((here - mine).total_seconds())
        told.setText(
            f"设备{'慢' if off > 0 else '快'} {span(abs(off))}，影像的时间照此校正。" if off else "设备的时间是准的。"
        )

    def chosen(name: str) -> None:
        try:
            own.input.setText(_to_the_second(recorders.time_shown_by(Path(name))))
        except Problem as problem:
            own.error(str(problem))
        show()

    def pick() -> None:
        dialog = QFileDialog(parent, "选拍到电脑时钟的照片")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(chosen)
        dialog.open()

    choose.clicked.connect(pick)
    for field in (own, true):
        field.input.textChanged.connect(lambda _: show())
    line = row(own, choose, spacing=8)
    line.setStretch(0, 1)
    line.setAlignment(choose, Qt.AlignmentFlag.AlignBottom)
    said = Text(
        "用这台设备拍下上面的时钟，再填两个时间。每台设备核对一次；本案已导入的影像一并校正。",
        "small",
        "ink2",
        wrap=True,
    )
    sheet = ask(parent, desk, f"sheet/clock/{device.number}", f"核对 {device.title} 的时钟", [face, said, line, true, told], "存入时钟差",
                lambda: recorders.compare_clock(desk.book, device.number, *times(), desk.case_id), {"own": own, "true": true})  # fmt: skip
    timer = QTimer(sheet)
    timer.timeout.connect(tick)
    timer.start(250)
    tick()


def _to_the_second(at: datetime) -> str:
    return f"{zh_date(at.date())} {at.hour}:{at:%M:%S}"
