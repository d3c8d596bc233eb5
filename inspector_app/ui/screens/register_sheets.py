"""The sheets of the registers: what a unit reported, what an officer learned or must keep out of, and Excel."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLayout, QWidget

from ...actions import register, register_file
from ...actions.book import Done
from ...domain.calendar import parse_zh_date, zh_date
from ...domain.people import Officer, Unit
from ...domain.roster import OFFICER_TOPICS, RECUSAL, STARS, TRAINING, UNIT_TOPICS, VISIT, OfficerNote, UnitNote
from ..desk import Desk
from ..widgets.fields import Field, Pick
from ..widgets.notices import Sheet
from ..widgets.panels import row
from ..widgets.save import ask_target
from ..widgets.text import Text
from .begin import ask, number_in

SHOWN_FAULTS = 12
"""Bad cells that are listed before the rest is counted."""


def note_unit(parent: QWidget, desk: Desk, unit: Unit) -> None:
    """登记事项 of a unit."""
    day, text = (
        Field("日期", zh_date(desk.book.clock.now().at.date())),
        Field("内容", hint="例如：2025年度档案工作情况"),
    )
    stars = Pick("星级", [(str(n), f"{n} 星") for n in range(5, 0, -1)])
    found, mended = Field("发现问题（个）", "0"), Field("已整改（个）", "0")

    def show(value: str) -> None:
        stars.setVisible(value == STARS)
        for field in (found, mended):
            field.setVisible(value == VISIT)

    topic = Pick("事项", [(t, t) for t in UNIT_TOPICS], show)
    show(UNIT_TOPICS[0])

    def write() -> Done[str]:
        chosen = topic.value()
        held = int(stars.value()) if chosen == STARS else 0
        counts = [number_in(field, "问题的个数") if chosen == VISIT else 0 for field in (found, mended)]
        note = UnitNote("", unit.id, chosen, parse_zh_date(day.text()), text.text().strip(), held, *counts)
        return register.note_unit(desk.book, note)

    parts: list[QWidget | QLayout] = [row(topic, day, spacing=12), stars, row(found, mended, spacing=12), text]
    ask(parent, desk, f"unit/{unit.id}/note", f"登记事项：{unit.name}", parts, "登记事项", write, {"text": text})


def note_officer(parent: QWidget, desk: Desk, officer: Officer) -> None:
    """登记事项 of an officer: training with its hours, an exam, or a recusal with its unit and end."""
    day, text = (
        Field("日期", zh_date(desk.book.clock.now().at.date())),
        Field("内容", hint="例如：行政执法程序；近三年任职"),
    )
    hours, until = Field("学时", "8"), Field("到哪一天为止", hint="一直要回避的不填")
    unit = Pick("应回避的单位", [(u.id, u.name) for u in desk.queries.units()])

    def show(value: str) -> None:
        hours.setVisible(value == TRAINING)
        unit.setVisible(value == RECUSAL)
        until.setVisible(value == RECUSAL)

    topic = Pick("事项", [(t, t) for t in OFFICER_TOPICS], show)
    show(TRAINING)

    def write() -> Done[str]:
        chosen, end = topic.value(), until.text().strip()
        note = OfficerNote(
            "", officer.id, chosen, parse_zh_date(day.text()), text.text().strip(),
            number_in(hours, "学时") if chosen == TRAINING else 0, unit.value() if chosen == RECUSAL else "",
            parse_zh_date(end) if end and chosen == RECUSAL else None,
        )  # fmt: skip
        return register.note_officer(desk.book, note)

    parts: list[QWidget | QLayout] = [row(topic, day, spacing=12), hours, unit, until, text]
    ask(
        parent,
        desk,
        f"officer/{officer.id}/note",
        f"登记事项：{officer.name}",
        parts,
        "登记事项",
        write,
        {"text": text},
    )


def drop_note(parent: QWidget, desk: Desk, note: UnitNote | OfficerNote) -> None:
    """撤下, with its reason."""
    reason = Field("撤下的原因")
    said = Text(f"{zh_date(note.day)}{note.topic}。记录里保留。", "small", "ink2")
    ask(parent, desk, f"note/{note.id}", "撤下这一条", [said, reason], "撤下这一条",
        lambda: register.drop_note(desk.book, note, reason.text()), {"reason": reason})  # fmt: skip


# -- Excel ---------------------------------------------------------------------------------------------------------


def export(parent: QWidget, desk: Desk) -> None:
    """导出登记表."""
    book = desk.book

    def then(target: Path) -> None:
        desk.run("导出登记表", lambda: register_file.write_file(book, target),
                 lambda made: desk.toasted.emit(f"已存为 {made.name}", None))  # fmt: skip

    said = "单位和人员各一张表，可以照它填写后再导入。里面有人名和电话，用后收好。"
    ask_target(parent, "导出登记表", said, f"登记表-{desk.book.clock.now().at:%Y%m%d}.xlsx", "导出登记表", then)


def choose(parent: QWidget, desk: Desk) -> None:
    """导入登记表: choose a workbook, look at what it would change, enter it."""
    dialog = QFileDialog(parent, "选登记表", "", "Excel 工作簿 (*.xlsx)")
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda path: take_in(parent, desk, Path(path)))
    dialog.open()


def take_in(parent: QWidget, desk: Desk, path: Path) -> None:
    """Read a workbook on the worker and show what it would change before anything is entered."""
    book = desk.book
    desk.run("读登记表", lambda: register_file.read_file(book, path), partial(_show, parent, desk, path.name))


def _show(parent: QWidget, desk: Desk, name: str, told: register_file.Told) -> None:
    good = len(told.units) + len(told.officers)
    parts: list[QWidget | QLayout] = [
        Text(f"新的和改过的：单位 {len(told.units)} 家，人员 {len(told.officers)} 名。和现在一样的不动。", wrap=True)
    ]
    if told.faults:
        parts.append(Text(f"有 {len(told.faults)} 行不能导入，其他行照常：", "strong", "bad", wrap=True))
        parts += [Text(str(fault), "small", "bad", wrap=True) for fault in told.faults[:SHOWN_FAULTS]]
        if len(told.faults) > SHOWN_FAULTS:
            parts.append(Text(f"另有 {len(told.faults) - SHOWN_FAULTS} 行。改好这些再导入一次。", "small", "bad"))
    sheet = Sheet(f"导入“{name}”", *parts, act=f"登记 {good} 行" if good else "知道了", parent=parent)
    sheet.setMinimumWidth(640)
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    if good:
        sheet.accepted.connect(lambda: _enter(desk, told))
    sheet.open()


def _enter(desk: Desk, told: register_file.Told) -> None:
    if done := desk.act(register_file.enter, desk.book, told):
        desk.toasted.emit(f"登记了 {done.value} 行", None)
