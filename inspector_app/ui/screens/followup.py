"""Stages 整改 and 复查: what the unit must do until when. Reports and re-inspections are entered by the bureau."""

from __future__ import annotations

from datetime import date

from ...domain.calendar import zh_date
from ...domain.casefile import CaseFile
from ...domain.finding import Consequence
from ...domain.problems import Problem
from ..desk import Desk
from ..theme import look
from ..widgets.panels import Body, Card, Empty, Tag, clear, column, row
from ..widgets.text import Text
from .base import Stage


class FollowupStage(Stage):
    """One card a finding with a term, the earliest first."""

    TITLE = "整改"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._list = column(spacing=10)
        body = Body(self._list, name="整改期限")
        self.setFocusProxy(body)
        self.setLayout(column(body, spacing=0))

    def show_case(self, case: CaseFile) -> None:
        clear(self._list)
        mine = sorted((f for f in case.findings if f.due), key=lambda f: (f.due, f.code))
        served = any(p.served for p in case.papers if p.kind != "notice")
        self._list.addLayout(row(Text("整改期限", "h1"), Text(f"{len(mine)} 个问题有期限", "small", "ink3"), None))
        if not mine:
            self._list.addWidget(Empty("calendar", "这次检查没有责令整改的问题。"))
        elif not served:
            self._list.addWidget(
                Card(
                    Text("文书还没有送达，期限从送达后起作数。先在“送达”里登记。", "body", "warn", wrap=True),
                    tone="warn",
                )
            )
        for finding in mine:
            assert finding.due is not None
            code = Text(finding.code, "strong", "brand")
            code.setFixedWidth(look.px(44))
            left, tone = self._left(finding.due)
            head = row(code, Text(finding.fact, "item"), Tag(left, tone, "calendar"), spacing=8)
            head.setStretch(1, 1)
            label = Consequence(finding.consequence).label
            self._list.addWidget(
                Card(head, Text(f"{label}，{zh_date(finding.due)}前：{finding.demand}", "small", "ink2", wrap=True))
            )
        if mine:
            self._list.addWidget(
                Text("单位的整改报告和复查由局里登记，这台电脑现在只显示期限。", "small", "ink3", wrap=True)
            )
        self._list.addStretch(1)

    def primary(self) -> None:
        self.desk.told.emit("整改报告和复查由局里登记，这一步没有要办的。", "brand")

    def _left(self, due: date) -> tuple[str, str]:
        today = self.desk.book.clock.now().at.date()
        if due < today:
            return "已经到期", "bad"
        try:
            days = self.desk.book.rules.calendar.workdays_between(today, due)
        except Problem:
            return zh_date(due), "na"
        return f"还有 {days} 个工作日", "warn" if days <= 5 else "na"
