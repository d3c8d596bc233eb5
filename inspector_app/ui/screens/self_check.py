"""The unit's self-assessment beside the preparation: send it out, take it in, see where to look first."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLayout, QWidget

from ...actions import self_assessment, trial_files
from ...domain.calendar import zh_date
from ...domain.casefile import CaseFile
from ...domain.selfcheck import ANSWERS, Look
from ..desk import Desk
from ..offers import PREPARE, needs
from ..widgets.buttons import Button
from ..widgets.notices import Sheet
from ..widgets.panels import Card, Tag, row
from ..widgets.save import ask_target
from ..widgets.text import Text

SHOWN_FAULTS = 8
_TONES = {"自查不符合": "bad", "自查基本符合": "warn", "自查不适用": "na", "没有自查": "na"}


def card(parent: QWidget, desk: Desk, case: CaseFile) -> Card:
    """What the unit said of itself, or how to ask it."""
    held = case.self_check
    out = needs(PREPARE, Button("导出自查表", "soft", "export", act=partial(_send, parent, desk, case), height=36))
    take = needs(
        PREPARE, Button("导入自查表", "soft", "download-simple", act=partial(choose, parent, desk, case), height=36)
    )
    take.setEnabled(case.visit.arrived is None)
    if held is None:
        said = (
            "请单位在检查以前自查：导出这件检查的自查表，填好后导入。"
            if take.isEnabled()
            else "检查以前没有收到自查表。"
        )
        parts: list[QWidget | QLayout] = [Text(said, "body", wrap=True)]
        if take.isEnabled():
            parts.append(row(out, take, None, spacing=6))
        return Card(Text("单位自查", "small", "ink3"), *parts, padding=12, spacing=6)
    counts = "，".join(f"{answer} {held.count(answer)}" for answer in ANSWERS if held.count(answer))
    by = f"{held.by or '没有写填表人'}{f'，{zh_date(held.day)}填' if held.day else ''}"
    looks = self_assessment.looks(desk.book, case)
    show = Button(
        f"先看 {len(looks)} 项", "link", "list-checks", act=partial(show_looks, parent, case, looks, desk), height=32
    )
    acts: list[QWidget | None] = [show, None, take] if take.isEnabled() else [show, None]
    parts = [Text(f"{counts}（{by}）", "body", wrap=True), row(*acts)]
    return Card(Text("单位自查", "small", "ink3"), *parts, padding=12, spacing=6)


def _send(parent: QWidget, desk: Desk, case: CaseFile) -> None:
    book = desk.book

    def then(target: Path) -> None:
        desk.run("导出自查表", lambda: self_assessment.write_file(book, case.id, target),
                 lambda made: desk.toasted.emit(f"已存为 {made.name}", None))  # fmt: skip

    said = "每项选一个自查结果，可以写说明；第二张表写填表人和日期。检查开始以前导入。"
    ask_target(parent, "导出自查表", said, f"自查表-{case.unit.name}.xlsx", "导出自查表", then)


def choose(parent: QWidget, desk: Desk, case: CaseFile) -> None:
    """导入自查表: choose the workbook, look at what it says, take it in."""
    begin = str(trial_files.self_check_of(desk.laptop).parent) if desk.trial else ""
    dialog = QFileDialog(parent, "选自查表", begin, "Excel 工作簿 (*.xlsx)")
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda path: take_in(parent, desk, case, Path(path)))
    dialog.open()


def take_in(parent: QWidget, desk: Desk, case: CaseFile, path: Path) -> None:
    """Read it on the worker and show what it says before anything is entered."""
    book = desk.book
    desk.run("读自查表", lambda: self_assessment.read_file(book, case.id, path), partial(_show, parent, desk, case))


def _show(parent: QWidget, desk: Desk, case: CaseFile, received: self_assessment.Received) -> None:
    told = received.told
    by_value = [(answer, sum(1 for each in told.answers if each.value == answer)) for answer in ANSWERS]
    whole = len(desk.queries.form(case).items)
    counts = "，".join(f"{answer} {count}" for answer, count in by_value if count) or "没有填写自查结果"
    parts: list[QWidget | QLayout] = [Text(f"共 {whole} 项，填了 {len(told.answers)} 项：{counts}。", wrap=True)]
    if told.faults:
        parts.append(Text(f"有 {len(told.faults)} 行不能导入，其他行照常：", "strong", "bad", wrap=True))
        parts += [Text(str(fault), "small", "bad", wrap=True) for fault in told.faults[:SHOWN_FAULTS]]
        if len(told.faults) > SHOWN_FAULTS:
            parts.append(Text(f"另有 {len(told.faults) - SHOWN_FAULTS} 行。请单位改好再导入一次。", "small", "bad"))
    good = bool(told.answers)
    sheet = Sheet(f"导入“{received.name}”", *parts, act="导入自查结果" if good else "知道了", parent=parent)
    sheet.setMinimumWidth(560)
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    if good:
        sheet.accepted.connect(lambda: _take(desk, case, received))
    sheet.open()


def _take(desk: Desk, case: CaseFile, received: self_assessment.Received) -> None:
    if done := desk.act(self_assessment.take, desk.book, case.id, received):
        desk.toasted.emit(f"导入了 {done.value} 项自查结果", desk.undo)


def show_looks(parent: QWidget, case: CaseFile, looks: list[Look], desk: Desk) -> None:
    """The desk pre-check: the items to look at first."""
    texts = {item.code: item.text for item in desk.queries.form(case).items}
    lines: list[QWidget | QLayout] = []
    for look in looks:
        tone = _TONES.get(look.why, "warn")
        words = texts[look.item] + (f"　单位说明：{look.note}" if look.note else "")
        head = row(Text(look.item, "strong", "brand"), Tag(look.why, tone), None)
        lines.append(Card(head, Text(words, "small", wrap=True), padding=10, spacing=4))
    said = Text("单位承认的、说不适用的、没有填的在前；安全隐患项单位说符合的，也要核实。", "small", "ink2", wrap=True)
    sheet = Sheet(f"先看 {len(looks)} 项", said, *lines, act="看完了", parent=parent)
    sheet.setMinimumWidth(640)
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    sheet.back.hide()
    sheet.open()
