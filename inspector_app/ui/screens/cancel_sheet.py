"""取消检查 and 合并检查 in the window: the sheets that ask why, and what is shown of it before and afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtWidgets import QLayout, QWidget

from ...actions import cancelling, merging
from ...actions.queries import InspectionRow
from ...domain.calendar import zh_at, zh_date
from ...domain.casefile import CaseFile
from ...domain.inspection import Stage
from ..desk import Desk
from ..offers import LOOK, needs
from ..widgets.buttons import Button
from ..widgets.fields import Field, Note
from ..widgets.panels import Card, Tag, column, row
from ..widgets.text import Text
from .begin import ask


def cancel(parent: QWidget, desk: Desk, case: CaseFile) -> None:
    """取消检查, before the arrival."""
    numbers = "、".join(notice.number for notice in case.formal("notice") if notice.number)
    said = "取消以后不再办理，列表和统计里标“已取消”。要再查的，重新列入检查。"
    said += f"通知书文号{numbers}同时作废记账。" if numbers else ""
    reason = Note("取消的原因", "例如：单位搬迁，档案已经装箱", 3)
    by = Field("同意取消的负责人", hint="批准检查的负责人")
    told = Field("怎样告知单位", hint="通知书已经送达。例如：电话告知示例吴晓")
    parts: list[QWidget | QLayout] = [
        Text(said, "body", "ink2", wrap=True), column(Text("取消的原因", "small", "ink3"), reason, spacing=4), by,
        *([told] if cancelling.was_told(case) else []),
    ]  # fmt: skip
    ask(parent, desk, f"{case.id}/cancel", f"取消检查：{case.unit.name}", parts, "取消这次检查",
        lambda: cancelling.cancel(desk.book, case.id, reason.toPlainText(), by.text(), told.text()),
        {"reason": reason, "by": by, "told": told})  # fmt: skip


def merge(parent: QWidget, desk: Desk, case: CaseFile, other: InspectionRow) -> None:
    """合并检查: this one ends and goes into the other, which is then on view."""
    day = zh_date(other.planned_from.date())
    said = f"这一次结束，要查的写进{day}那一次的审批表，通知书、笔录和统计照着写，一次到场。合并以后不能撤销；要分开查的，重新列入检查。"
    numbers = "、".join(notice.number for notice in case.formal("notice") if notice.number)
    said += f"这一次的通知书文号{numbers}作废记账。" if numbers else ""
    if desk.queries.case(other.id).formal("notice"):
        said += "那一次的通知书已经制作，合并以后重新制作、送达。"
    by = Field("同意合并的负责人", hint="批准检查的负责人")
    reason = Field("说明", hint="可以不填")
    told = Field("怎样告知单位", hint="这一次的通知书已经送达。例如：电话告知示例吴晓")
    parts: list[QWidget | QLayout] = [
        Text(said, "body", "ink2", wrap=True),
        by,
        reason,
        *([told] if cancelling.was_told(case) else []),
    ]
    ask(parent, desk, f"{case.id}/merge", f"并入{day}的检查：{case.unit.name}", parts, "合并成一次",
        lambda: merging.merge(desk.book, case.id, other.id, by.text(), reason.text(), told.text()),
        {"by": by, "reason": reason, "told": told}, lambda done: desk.open("case", done.value))  # fmt: skip


def merge_cards(parent: QWidget, desk: Desk, case: CaseFile) -> Iterator[Card]:
    """What was merged into this inspection, and other planned ones of the unit that it could go into."""
    for row_ in merging.merged_from(desk.book, case.id):
        open_ = Button("打开", "link", act=partial(desk.open, "case", row_.id), height=32)
        open_.setAccessibleName(f"打开并入的{zh_date(row_.planned_from.date())}的检查")
        said = f"原定{zh_date(row_.planned_from.date())}的{row_.kind}并入了这一次"
        yield Card(row(Text(said, "small", "ink2", wrap=True), needs(LOOK, open_), spacing=8), padding=10)
    for row_ in merging.others(desk.book, case):
        day = zh_date(row_.planned_from.date())
        act = needs(
            "cancel", Button(f"并入{day}的检查", "soft", act=partial(merge, parent, desk, case, row_), height=36)
        )
        said = f"这家单位{day}还有一次{row_.kind}没有做，能合并就合并到一次（{desk.book.rules.draw.merge_hook}）。"
        yield Card(Text(said, "small", "ink2", wrap=True), row(act, None), padding=10, spacing=6)


def cancelled_card(desk: Desk, case: CaseFile) -> Card | None:
    """Why an inspection is not made; or that somebody cancelled it while it was."""
    held = case.cancelled
    if held is None:
        return None
    off = case.stage == Stage.CANCELLED
    tag = Tag("别的电脑登记过取消，检查照实际进行", "warn", "warning-circle")
    if off:
        tag = Tag("已并入另一次" if held.into else "已取消", "na", "prohibit")
    lines = [held.reason, f"{held.approved_by}同意，{held.by} {zh_at(held.at)}登记"]
    lines += [f"告知单位：{held.told}"] if held.told else []
    go: list[QWidget] = []
    if held.into and held.into in desk.queries.tallies():
        go = [needs(LOOK, Button("打开合并到的检查", "link", act=partial(desk.open, "case", held.into), height=32))]
    return Card(row(tag, None, *go), *(Text(line, "small", "ink2", wrap=True) for line in lines), padding=10, spacing=4)
