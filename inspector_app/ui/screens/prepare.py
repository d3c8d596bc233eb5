"""Stage 准备: what is planned, and the notice: preview, make, print, serve."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ...domain.calendar import zh_date, zh_moment, zh_time
from ...domain.casefile import CaseFile
from ...domain.inspection import Kind
from ..desk import Desk
from ..widgets.panels import Body, Card, Side, clear, column, row
from ..widgets.text import Text
from .base import Stage
from .paper_desk import PaperDesk


class PrepareStage(Stage):
    """Left the plan entry, right the notice."""

    TITLE = "准备"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._facts = column(spacing=10)
        left = Side("right", 300, 400)
        body = Body(self._facts, name="检查安排", margins=(18, 14, 18, 14))
        self.setFocusProxy(body)
        left.setLayout(column(body, spacing=0))
        self.papers = PaperDesk(desk, ("notice",))
        layout = row(left, self.papers, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def show_case(self, case: CaseFile) -> None:
        clear(self._facts)
        self._facts.addWidget(Text("检查安排", "h2"))
        power = self.desk.book.rules.procedure.power(case.kind, case.unit.kind)
        approval = f"{case.approved_by}，{zh_moment(case.approved_at)}" if case.approved_at else "还没有批准"
        times = f"{zh_date(case.planned_from.date())} {zh_time(case.planned_from)}–{zh_time(case.planned_to)}"
        for name, value in (
            ("单位", f"{case.unit.name}（{case.unit.kind.label}）"), ("统一社会信用代码", case.unit.credit_code),
            ("检查类型", f"{Kind(case.kind).label}，依据{power}"), ("任务来源", case.source),
            ("计划", case.plan), ("双随机抽取", case.draw or "没有抽取记录"), ("批准", approval),
            ("检查码", case.code or "没有领取（机关检查可不领）"), ("时间", times), ("地点", case.place),
            ("检查人员", "、".join(f"{o.name}（{o.credential_number or '无证号'}）" for o in case.officers)),
            ("带队领导", case.leading_official.name if case.leading_official else "未定"),
            ("检查事项", "；".join(case.scope)), ("检查方式", "、".join(case.methods)),
            ("应备材料", "；".join(case.materials)),
        ):  # fmt: skip
            self._facts.addWidget(Card(Text(name, "small", "ink3"), Text(value or "没有填写", "body", wrap=True), padding=10,
                                       spacing=2))  # fmt: skip
        self._facts.addStretch(1)
        self.papers.show_case(case)

    def quiet_place(self) -> QWidget:
        return self.papers.view

    def primary(self) -> None:
        self.papers.primary()
