"""The sheets of 整改: the unit's report, a reminder, an extension and its decision, handing on and its answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QWidget

from ...actions import rectify, secrecy
from ...actions.book import Done
from ...actions.rectify import Answer, Earlier
from ...domain.calendar import parse_zh_date, zh_date
from ...domain.casefile import CaseFile
from ...domain.clauses import due_of, is_settled, ordered
from ...domain.evidence import Evidence
from ...domain.finding import Consequence, Finding
from ...domain.followup import DENIED, GRANTED, LACKING, Extension, HandedOn
from ..desk import Desk
from ..widgets.buttons import Button
from ..widgets.fields import Choice, Field, Note, Pick
from ..widgets.notices import Sheet
from ..widgets.panels import Line, Tag, column, row
from ..widgets.text import Text
from .begin import ask

Parts = list[QWidget | QLayout]


def report(parent: QWidget, desk: Desk, case: CaseFile) -> None:
    """登记整改报告, clause by clause; pictures that were taken in for a clause and stand in no report yet go with it."""
    day = Field("收到日期", zh_date(desk.book.clock.now().at.date()))
    told = {number for reply in case.followup.replies for number in reply.pictures}
    notes: dict[str, Note] = {}
    parts: Parts = [Text("照单位的报告逐条登记；没有说到的空着。", "small", "ink2", wrap=True), day]
    new: dict[str, list[str]] = {}
    for finding in ordered(case):
        if is_settled(case, finding):
            continue
        note = notes[finding.id] = Note(f"{finding.code} 单位回复", "做了什么，什么时候完成", 2)
        new[finding.id] = [p.number for p in case.pictures
                           if p.item == finding.code and p.view == rectify.VIEW_PROOF and p.number not in told]  # fmt: skip
        proofs = f"佐证 {len(new[finding.id])} 张" if new[finding.id] else "没有佐证"
        head = row(
            Text(finding.code, "strong", "brand"), Text(finding.demand, "small", "ink2"), Text(proofs, "small", "ink3")
        )
        head.setStretch(1, 1)
        parts.append(column(head, note, spacing=4))

    def write() -> Done[str]:
        answers = [Answer(id, note.toPlainText(), new[id]) for id, note in notes.items() if note.toPlainText().strip()]
        return rectify.report(desk.book, case.id, parse_zh_date(day.text()), answers)

    ask(
        parent, desk, f"{case.id}/report", "登记整改报告", parts, "登记整改报告", write, {**notes, "day": day}
    ).setMinimumWidth(620)


def ask_lacking(parent: QWidget, desk: Desk, case: CaseFile, finding: Finding) -> None:
    """需要补充, with what is lacking."""
    note = Field("还缺什么", hint="例如：更换后的照片、检查记录")
    ask(parent, desk, f"{case.id}/{finding.id}/lacking", f"{finding.code} 需要补充", [note], "登记",
        lambda: rectify.judge(desk.book, case.id, finding.id, LACKING, note.text()), {"note": note})  # fmt: skip


def remind(parent: QWidget, desk: Desk, case: CaseFile) -> None:
    """提醒单位 before its term is over."""
    to, means = Field("提醒了谁", case.unit.contact), Field("怎样提醒", "电话")
    ask(parent, desk, f"{case.id}/remind", "提醒单位", [to, means], "登记提醒",
        lambda: rectify.remind(desk.book, case.id, to.text(), means.text()), {"to": to, "means": means})  # fmt: skip


def ask_extension(parent: QWidget, desk: Desk, case: CaseFile) -> None:
    """登记延期申请: what the unit asks for in writing, before the term is over."""
    due = max(due for finding in ordered(case) if (due := due_of(case, finding)))
    asked_on, until = (
        Field("申请日期", zh_date(desk.book.clock.now().at.date())),
        Field("申请延至", hint=f"{zh_date(due)}以后"),
    )
    reason = Note("申请理由", "例如：修缮工期", 3)
    said = Text(f"现在的期限是{zh_date(due)}，批准以前不变。", "small", "ink2", wrap=True)
    ask(parent, desk, f"{case.id}/extension", "登记延期申请",
        [said, row(asked_on, until, spacing=12), column(Text("申请理由", "small", "ink3"), reason, spacing=4)], "登记申请",
        lambda: rectify.ask_extension(desk.book, case.id, parse_zh_date(asked_on.text()), parse_zh_date(until.text()),
                                      reason.toPlainText()),
        {"until": until, "reason": reason})  # fmt: skip


def decide_extension(parent: QWidget, desk: Desk, case: CaseFile, asked: Extension) -> None:
    """登记决定 on an application."""
    decision, until, by = (
        Choice("审批结果", (GRANTED, DENIED)),
        Field("批准延至", zh_date(asked.until)),
        Field("批准人", hint="本机关负责人"),
    )
    decision.chosen.connect(lambda value: until.setVisible(value == GRANTED))

    def write() -> Done[str]:
        day = parse_zh_date(until.text()) if decision.value() == GRANTED else None
        return rectify.decide_extension(desk.book, case.id, asked.id, decision.value(), by.text(), day)

    said = Text(f"{zh_date(asked.asked_on)}申请，理由：{asked.reason}", "small", "ink2", wrap=True)
    ask(
        parent,
        desk,
        f"{case.id}/extension/decided",
        "登记延期决定",
        [said, decision, until, by],
        "登记决定",
        write,
        {"by": by},
    )


def hand_on(parent: QWidget, desk: Desk, case: CaseFile) -> None:
    """提请处理: a proposal, a transfer, a case of penalty, a talk; for what was to be handed on, or was not followed."""
    today = desk.book.clock.now().at.date()
    ways = {f.id: rectify.may_hand_on(case, f, today) for f in case.findings}
    every = [way for way in Consequence if any(way in mine for mine in ways.values())]
    chosen: dict[str, Button] = {}
    parts: Parts = []
    for finding in case.findings:
        if ways[finding.id]:
            button = chosen[finding.id] = Button(
                f"{finding.code}　{finding.fact[:28]}", "tick", checkable=True, height=32
            )
            button.setChecked(True)
            parts.append(button)
    hook = Text("", "small", "ink3", wrap=True)
    to, reply_by = (
        Field("送哪个机关、单位", hint="例如：任免机关、纪检监察机关"),
        Field("书面告知的期限", zh_date(today + timedelta(days=30))),
    )
    reason = Note("建议和理由", "责令的文书、期限、没有改正的情况，建议怎样处理", 4)

    def show(value: str) -> None:
        hook.setText(desk.book.rules.procedure.basis(value))
        reply_by.setVisible(value == Consequence.PROPOSE)
        for id, button in chosen.items():
            button.setVisible(Consequence(value) in ways[id])

    way = Pick("怎样处理", [(each.value, each.label) for each in every], show)
    show(way.value())

    def write() -> Done[str]:
        value = Consequence(way.value())
        ids = [id for id, button in chosen.items() if button.isChecked() and value in ways[id]]
        day = parse_zh_date(reply_by.text()) if value is Consequence.PROPOSE else None
        return rectify.hand_on(desk.book, case.id, value, ids, to.text(), reason.toPlainText(), day)

    ask(parent, desk, f"{case.id}/hand_on", "提请处理",
        [way, hook, *parts, row(to, reply_by, spacing=12), column(Text("建议和理由", "small", "ink3"), reason, spacing=4)],
        "登记并填入文书", write, {"to": to, "reason": reason})  # fmt: skip


def answer(parent: QWidget, desk: Desk, case: CaseFile, handed: HandedOn) -> None:
    """登记答复: the written answer, receipt or result."""
    day, text = Field("收到日期", zh_date(desk.book.clock.now().at.date())), Note("答复内容", "结果、文号", 3)
    ask(parent, desk, f"{case.id}/{handed.id}/answer", f"登记{handed.to}的答复",
        [day, column(Text("答复内容", "small", "ink3"), text, spacing=4)], "登记答复",
        lambda: rectify.receive_answer(desk.book, case.id, handed.id, parse_zh_date(day.text()), text.toPlainText()),
        {"text": text})  # fmt: skip


def show_earlier(parent: QWidget, desk: Desk, finding: Finding, before: Sequence[Earlier]) -> None:
    """The same clause at earlier inspections of this unit, and how each ended."""
    parts: list[QWidget | QLayout | int | None] = []
    sheet: list[Sheet] = []

    def go(stream: str) -> None:
        sheet[0].reject()
        desk.open("case", stream)

    for each in before:
        fact = Text(each.finding.fact, "small", "ink2", wrap=True)
        open_ = Button("打开", "link", act=partial(go, each.stream), height=32)
        open_.setAccessibleName(f"打开 {zh_date(each.day)}的检查")
        label = Consequence(each.finding.consequence).label
        parts += [row(Text(zh_date(each.day), "strong"), Text(label, "small", "ink3"), Tag(each.standing.word, each.standing.tone),
                      None, open_), fact, Line()]  # fmt: skip
    sheet.append(Sheet(f"{finding.code} 以往 {len(before)} 次", *parts[:-1], act="知道了", parent=parent))
    sheet[0].back.hide()
    sheet[0].setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    sheet[0].open()


def freeze(parent: QWidget, desk: Desk, case: CaseFile, pieces: Sequence[Evidence]) -> None:
    """疑似涉密: one of the pictures of a clause is frozen at once, as evidence is."""
    which = Pick("哪一张", [(p.number, f"{p.number}　{p.view}　{p.original_name}") for p in pieces])
    reason = Field("为什么疑似涉密", hint="只写情况，不写涉密内容")
    said = Text("立即封存：不再显示、交换和导出，由科室负责人解除。", "small", "ink2", wrap=True)
    ask(parent, desk, f"{case.id}/picture/secret", "封存整改照片", [said, which, reason], "立即封存",
        lambda: secrecy.freeze(desk.book, case.id, which.value(), reason.text()), {"reason": reason})  # fmt: skip
