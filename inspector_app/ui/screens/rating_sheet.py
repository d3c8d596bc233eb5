"""好差评 on the laptop: handed to the unit once the visit has ended."""

from __future__ import annotations

from PySide6.QtWidgets import QLayout, QWidget

from ...actions import rating
from ...domain.casefile import CaseFile
from ...domain.rating import LEVELS
from ..desk import Desk
from ..theme import look
from ..widgets.fields import Choice, Field, Note
from ..widgets.panels import column
from ..widgets.text import Text
from .begin import ask


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
    sheet.setMinimumWidth(look.px(680))
    next(iter(level.buttons.values())).setFocus()
