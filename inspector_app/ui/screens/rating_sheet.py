"""好差评: the laptop is handed to the unit once the visit has ended, or the unit takes a code along on its phone."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QWidget

from ...actions import rating
from ...domain.casefile import CaseFile
from ...domain.rating import LEVELS
from ..desk import Desk
from ..theme import look
from ..widgets.fields import Choice, Field, Note
from ..widgets.notices import Sheet
from ..widgets.panels import column, row
from ..widgets.qr_view import QrView
from ..widgets.text import Text
from .begin import ask
from .print_sheet import Printout, ask_print


def ask_rating(parent: QWidget, desk: Desk, case: CaseFile) -> None:
    """请单位评价: five equal levels, none chosen beforehand, and the unit's own words if it wants."""
    level = Choice("对这次检查满意吗", LEVELS)
    words, name = Note("意见和建议", "可以不填", 3), Field("评价人", hint="可以不填")
    parts: list[QWidget | QLayout] = [
        Text(f"请{case.unit.name}评价这次检查。评价和处理结果无关，提交以后不能修改。", "read", wrap=True), level,
        column(Text("意见和建议", "small", "ink3"), words, spacing=4), name,
    ]  # fmt: skip
    sheet = ask(
        parent, desk, f"{case.id}/rating", "请单位评价", parts, "提交评价",
        lambda: rating.rate(desk.book, case.id, level.value(), words.toPlainText(), name.text()),
        {"words": words, "name": name}, lambda done: desk.toasted.emit(f"已记录单位评价：{done.value}", None),
    )  # fmt: skip
    sheet.add_way("用手机评价", lambda: show_code(parent, desk, case))
    sheet.setMinimumWidth(look.px(680))
    sheet.back.setFocus()  # on none of the five: a ring around one would be a proposal


def show_code(parent: QWidget, desk: Desk, case: CaseFile) -> None:
    """用手机评价: the QR that leads to the page of the bureau; the code goes there with the next exchange."""
    done = desk.act(rating.invite, desk.book, case.id)
    if done is None:
        return
    if done.events:
        desk.hand_over(quiet=True)
    address = done.value
    code = address.rpartition("=")[2]
    spaced = " ".join(code[n : n + 4] for n in range(0, len(code), 4))
    said = "这台电脑和局里交换以后，单位扫码就能评价，只能评价一次；评价随下一次交换回到这里。"
    sheet = Sheet(
        "用手机评价", Text(said, "body", "ink2", wrap=True),
        row(None, QrView(rating.squares(address), f"评价的二维码，网址 {address}"), None),
        Text(address.partition("?")[0], "small", "ink3", wrap=True), Text(f"评价码 {spaced}", "small", "ink2", wrap=True),
        act="看完了", parent=parent,
    )  # fmt: skip
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    sheet.back.hide()
    sheet.add_way("打印评价单", lambda: _print_slip(parent, desk, case, address))
    sheet.open()


def _print_slip(parent: QWidget, desk: Desk, case: CaseFile, address: str) -> None:
    """The same on paper, to be left with the unit; it is no paper of the file, so the print is not noted."""
    book = desk.book

    def ask_how(content: bytes) -> None:
        ask_print(parent, desk, Printout("评价单", content), lambda order, outcome: None)

    desk.run("排评价单", lambda: rating.slip(book, case.id, address), ask_how)
