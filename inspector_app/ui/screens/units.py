"""The unit register: who may be inspected, with the last visit."""

from __future__ import annotations

from ..desk import Desk
from ..widgets.buttons import Button
from ..widgets.panels import Body, Card, Empty, Tag, clear, column, row
from ..widgets.text import Text
from .base import Screen
from .begin import register_unit


class UnitsScreen(Screen):
    """One card per unit."""

    NAME, TITLE, ICON = "units", "单位", "buildings"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._list = column(spacing=8)
        body = Body(self._list, name="单位列表")
        self.setFocusProxy(body)
        self.setLayout(column(body, spacing=0))

    def refresh(self) -> None:
        clear(self._list)
        visits = self.desk.queries.inspections()
        units = self.desk.queries.units()
        add = Button("登记单位", "primary", act=self.primary)
        self._list.addLayout(row(Text(f"被检查单位 {len(units)} 家", "h1"), None, add))
        if not units:
            self._list.addWidget(Empty("buildings", "还没有登记单位。", "登记单位", self.primary))
        for unit in units:
            mine = [v for v in visits if v.unit == unit.name]
            count = f"{len(mine)} 件检查" if mine else "没有检查"
            self._list.addWidget(
                Card(row(column(row(Text(unit.name, "strong"), Tag(unit.kind.label, "na"), None),
                                Text(f"{unit.credit_code} · {unit.address} · {unit.head}", "small", "ink2"), spacing=2),
                         None, Text(count, "small", "ink2")), padding=12)
            )  # fmt: skip
        self._list.addStretch(1)

    def primary(self) -> None:
        register_unit(self, self.desk)
