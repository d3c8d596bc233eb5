"""All inspections of this laptop, with a filter."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QLineEdit

from ...domain.calendar import zh_date, zh_time
from ...domain.inspection import STEPS
from ..desk import Desk
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.panels import Body, Card, Empty, Tag, clear, column, row
from ..widgets.text import Text
from .base import Screen
from .begin import plan_inspection


class InspectionsScreen(Screen):
    """One card per inspection, by planned day."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("按单位、人员、步骤筛选")
        self.filter.setAccessibleName("按单位、人员、步骤筛选")
        self.filter.setFixedWidth(look.px(320))
        self.filter.textChanged.connect(lambda _: self.refresh())
        self._list = column(spacing=8)
        head = row(Text("全部检查", "h1"), None, self.filter, Button("新建检查", "primary", act=self.primary))
        self.setLayout(column(column(head, margins=(22, 16, 22, 0)), Body(self._list), spacing=8))

    def refresh(self) -> None:
        clear(self._list)
        text = self.filter.text().strip()
        shown = 0
        for inspection in self.desk.queries.inspections():
            words = f"{inspection.unit}{inspection.kind}{STEPS[inspection.step]}{''.join(inspection.officers)}"
            if text and text not in words:
                continue
            shown += 1
            when = f"{zh_date(inspection.planned_from.date())} {zh_time(inspection.planned_from)}"
            open_ = Button("打开", "soft", act=partial(self.desk.open, "case", inspection.id), height=36)
            open_.setAccessibleName(f"打开 {inspection.unit}")
            tone = "ok" if inspection.step >= 7 else "brand" if inspection.step else "na"
            self._list.addWidget(
                Card(row(column(row(Text(inspection.unit, "strong"), Tag(inspection.kind, "brand"), None),
                                Text(f"{when} · {'、'.join(inspection.officers)}", "small", "ink2"), spacing=2),
                         None, Tag(STEPS[inspection.step], tone), open_), padding=12)
            )  # fmt: skip
        if not shown:
            none = Empty("clipboard-text", f"没有找到“{text}”。", "看全部", self.filter.clear) if text else Empty(
                "clipboard-text", "还没有列入计划的检查。", "新建检查", self.primary)  # fmt: skip
            self._list.addWidget(none)
        self._list.addStretch(1)

    def primary(self) -> None:
        plan_inspection(self, self.desk)
