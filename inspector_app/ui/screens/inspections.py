"""All inspections of this laptop, with a filter; a figure of the statistics leads here to the inspections behind it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from PySide6.QtWidgets import QLineEdit, QStackedWidget

from ...actions.queries import InspectionRow
from ...domain.calendar import zh_time
from ..desk import Desk
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.panels import Card, Empty, clear, column, row
from ..widgets.rows import Entry, Rows
from ..widgets.text import Text
from .base import Screen
from .begin import plan_inspection


class InspectionsScreen(Screen):
    """One row an inspection, what comes next first, then what was done, the last first."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("按单位、人员、步骤筛选")
        self.filter.setAccessibleName("按单位、人员、步骤筛选")
        self.filter.setFixedWidth(look.px(320))
        self.filter.textChanged.connect(lambda _: self.refresh())
        self.rows = Rows("全部检查", opens=True)
        self.rows.chosen.connect(self._choose)
        self.rows.activated_id.connect(self._open)
        self.all = Button("看全部", "soft", act=self._show_all, height=36)
        self.new = Button("新建检查", "primary", "plus", act=self.primary)
        self._title, self._count = Text("全部检查", "h1"), Text("", "small", "ink3")
        self._empty = column()
        self._pages = QStackedWidget()
        empty = Card(padding=16)
        empty.body.addLayout(self._empty)
        self._pages.addWidget(self.rows)
        self._pages.addWidget(empty)
        self._current = ""
        head = row(self._title, self._count, self.all, None, self.filter, self.new)
        whole = column(head, self._pages, spacing=12, margins=(22, 16, 22, 16))
        whole.setStretch(1, 1)
        self.setLayout(whole)

    def refresh(self) -> None:
        name, only = self.desk.inspection_scope
        text, now = self.filter.text().strip(), self.desk.book.clock.now().at
        every = [each for each in self.desk.inspections() if not name or each.id in only]
        found = [each for each in every if not text or text in _words(each)]
        coming = [each for each in found if each.step == 0 and not each.off and each.planned_from.date() >= now.date()]
        ahead = set(coming)
        others = sorted((each for each in found if each not in ahead), key=lambda each: each.planned_from, reverse=True)
        self._title.setText(name or "全部检查")
        self._count.setText(f"{len(found)} / {len(every)}" if text else f"共 {len(every)} 件")
        self.all.setVisible(bool(name))
        self.new.setVisible(self.desk.may("prepare"))
        self._current = self.rows.fill(list(_entries([*coming, *others], now.date())), self._current)
        self._pages.setCurrentIndex(0 if found else 1)
        self.begin_at(self.rows if found else self.filter)
        if not found:
            self._show_empty(text)

    def _show_empty(self, text: str) -> None:
        clear(self._empty)
        none = Empty("clipboard-text", f"没有找到“{text}”。", "清空筛选", self.filter.clear) if text else Empty(
            "clipboard-text", "还没有列入计划的检查。", "新建检查" if self.desk.may("prepare") else "", self.primary)  # fmt: skip
        self._empty.addWidget(none)

    def _choose(self, id: str) -> None:
        self._current = id

    def _open(self, id: str) -> None:
        if id:
            self.desk.open("case", id)

    def _show_all(self) -> None:
        self.desk.inspection_scope = ("", frozenset())
        self.refresh()

    def primary(self) -> None:
        if self.desk.may("prepare"):
            plan_inspection(self, self.desk)


def _words(each: InspectionRow) -> str:
    return f"{each.unit}{each.kind}{each.word}{''.join(each.officers)}"


def _entries(rows: Iterable[InspectionRow], today: date) -> Iterable[Entry]:
    for each in rows:
        day, at = each.planned_from.date(), zh_time(each.planned_from)
        near = {0: "今天", 1: "明天", -1: "昨天"}.get((day - today).days, f"{day.month}月{day.day}日")
        under = at if day.year == today.year else f"{day.year}年"
        tone = "ok" if each.step >= 7 else "brand" if each.step else "na"
        yield Entry(each.id, each.unit, f"{each.kind} · {'、'.join(each.officers)}", each.word, tone, near, under)
