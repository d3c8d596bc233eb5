"""泄密处置 at a piece of evidence: freezing it at once, and what the lead does when the secrecy office has decided."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from ...actions import secrecy
from ...domain.access import Role
from ...domain.casefile import CaseFile
from ...domain.evidence import Evidence
from ...domain.secrecy import DESTROYED
from ..desk import Desk
from ..offers import SECRECY, SECRET, needs
from ..widgets.buttons import Button
from ..widgets.fields import Field
from ..widgets.panels import Card, Tag, row
from ..widgets.text import Text
from .begin import ask


def freeze_button(parent: QWidget, desk: Desk, case: CaseFile, piece: Evidence) -> Button:
    return needs(SECRET, Button("疑似涉密", "danger", act=partial(_freeze, parent, desk, case, piece), height=36))


def tag(piece: Evidence) -> Tag:
    return Tag("已按命令销毁", "na", "prohibit") if piece.secret == DESTROYED else Tag("涉密封存", "bad", "lock")


def kept_back(parent: QWidget, desk: Desk, case: CaseFile, piece: Evidence) -> QWidget:
    """Why a piece is kept back, and what can be done by whom."""
    words, acts = "不显示、不交换、不导出。由科室负责人按保密工作机构的认定解除，或按命令销毁。", row(None)
    if piece.secret == DESTROYED:
        words = "文件的密钥已销毁，打不开了。记录里留有摘要、机关和文号。"
    elif desk.book.role is Role.LEAD:
        words = "不显示、不交换、不导出。保密工作机构认定以后办理。"
        destroy = Button("按命令销毁", "danger", act=partial(_destroy, parent, desk, case, piece), height=36)
        clear = Button("解除封存", "secondary", act=partial(_clear, parent, desk, case, piece), height=36)
        acts = row(needs(SECRECY, destroy), None, needs(SECRECY, clear), spacing=8)
    return Card(Text(f"{piece.withdrawn}。", "body", "bad", wrap=True), Text(words, "small", "ink2", wrap=True), acts,
                tone="bad" if piece.secret != DESTROYED else "", padding=14, spacing=10)  # fmt: skip


def _freeze(parent: QWidget, desk: Desk, case: CaseFile, piece: Evidence) -> None:
    reason = Field("为什么疑似涉密", hint="只写情况，不写涉密内容")
    said = Text(
        "立即封存：不再显示、交换和导出，由科室负责人解除。已经印有它的文书另行收回。", "small", "ink2", wrap=True
    )
    ask(parent, desk, f"{case.id}/{piece.number}/secret", f"封存 {piece.number}", [said, reason], "立即封存",
        lambda: secrecy.freeze(desk.book, case.id, piece.number, reason.text()), {"reason": reason})  # fmt: skip


def _clear(parent: QWidget, desk: Desk, case: CaseFile, piece: Evidence) -> None:
    reason = Field("由谁、怎样认定不涉密")
    ask(parent, desk, f"{case.id}/{piece.number}/clear", f"解除封存 {piece.number}", [reason], "解除封存",
        lambda: secrecy.clear(desk.book, case.id, piece.number, reason.text()), {"reason": reason})  # fmt: skip


def _destroy(parent: QWidget, desk: Desk, case: CaseFile, piece: Evidence) -> None:
    office, order = Field("下命令的机关"), Field("命令文号")
    said = Text(
        "密钥销毁后不能恢复。局里和各台电脑收到这一条以后同样销毁；记录里留下摘要、机关和文号。",
        "small",
        "bad",
        wrap=True,
    )
    ask(parent, desk, f"{case.id}/{piece.number}/destroy", f"按命令销毁 {piece.number}", [said, office, order], "销毁密钥",
        lambda: secrecy.destroy(desk.book, case.id, piece.number, office.text(), order.text()),
        {"office": office, "order": order})  # fmt: skip
