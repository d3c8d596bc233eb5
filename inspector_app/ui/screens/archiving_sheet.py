"""归档 in the window: handing the volume of a closed inspection over to the archive."""

from __future__ import annotations

from PySide6.QtWidgets import QLayout, QWidget

from ...actions import archiving
from ...actions.book import Done
from ...domain.archiving import Archived
from ...domain.calendar import parse_zh_date, zh_date
from ...domain.casefile import CaseFile
from ..desk import Desk
from ..widgets.fields import Field
from ..widgets.panels import row
from ..widgets.text import Text
from .begin import ask


def archive(parent: QWidget, desk: Desk, case: CaseFile) -> None:
    """登记归档: who took the volume, under which code, and where both halves of it lie."""
    day = Field("归档日期", zh_date(desk.book.clock.now().at.date()))
    code, taker = Field("档号", hint="照本单位的档号编制规则"), Field("接收人", hint="档案工作人员")
    paper = Field("纸质案卷存放处", hint="例如：2号库房3架；没有纸质的写“无”")
    electronic = Field("电子案卷存放处", hint="例如：局里服务器；数字档案室系统")
    kept = archiving.retention_of(case)
    said = f"保管期限{kept or '没有填写'}（照卷宗封面）。归档以后不再制作文书；公示、投诉、复议、诉讼和调卷仍可以登记。"
    parts: list[QWidget | QLayout] = [
        Text(said, "body", "ink2", wrap=True), row(code, day, spacing=12), taker, paper, electronic,
    ]  # fmt: skip

    def write() -> Done[str]:
        made = archiving.Handover(parse_zh_date(day.text()), code.text(), taker.text(), paper.text(), electronic.text())
        return archiving.archive(desk.book, case.id, made)

    held = {"code": code, "taker": taker, "paper": paper, "electronic": electronic}
    ask(parent, desk, f"{case.id}/archive", "登记归档", parts, "登记归档", write, held)


def lies(held: Archived) -> tuple[Text, ...]:
    """Where an archived volume lies, in two lines."""
    kept = f"档号 {held.code}　保管期限 {held.retention}　{held.by}移交，{held.received_by}接收"
    return (Text(kept, "small", "ink", wrap=True),
            Text(f"纸质：{held.paper}　电子：{held.electronic}", "small", "ink2", wrap=True))  # fmt: skip
