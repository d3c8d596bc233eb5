"""取消检查 in the window: the sheet that asks why, and what is shown of it afterwards."""

from __future__ import annotations

from PySide6.QtWidgets import QLayout, QWidget

from ...actions import cancelling
from ...domain.calendar import zh_at
from ...domain.casefile import CaseFile
from ...domain.inspection import Stage
from ..desk import Desk
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


def cancelled_card(case: CaseFile) -> Card | None:
    """Why an inspection is not made; or that somebody cancelled it while it was."""
    held = case.cancelled
    if held is None:
        return None
    off = case.stage == Stage.CANCELLED
    tag = Tag("已取消", "na", "prohibit") if off else Tag("别的电脑登记过取消，检查照实际进行", "warn", "warning-circle")
    lines = [held.reason, f"{held.approved_by}同意，{held.by} {zh_at(held.at)}登记"]
    lines += [f"告知单位：{held.told}"] if held.told else []
    return Card(row(tag, None), *(Text(line, "small", "ink2", wrap=True) for line in lines), padding=10, spacing=4)
