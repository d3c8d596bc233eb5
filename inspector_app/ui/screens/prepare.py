"""Stage 准备: what is planned, and the notice: preview, make, print, serve."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from ...actions import cancelling
from ...actions.filecheck import Place
from ...domain.calendar import zh_at, zh_date, zh_time
from ...domain.casefile import CaseFile
from ...domain.inspection import Kind
from ...domain.inspection import Stage as Phase
from ..desk import Desk
from ..offers import LOOK, PREPARE, needs
from ..widgets.buttons import Button
from ..widgets.panels import Body, Side, clear, column, pair, row
from ..widgets.text import Text
from . import self_check
from .base import Stage
from .begin import approve, enter_code
from .cancel_sheet import cancel, cancelled_card, merge_cards
from .paper_desk import PaperDesk

_LINES = {
    "officers": ("检查人员", ""), "approval": ("批准", "登记审批"), "approved_by": ("批准", "登记审批"), "code": ("检查码", "登记检查码"),
    "unit": ("单位", ""), "unit_code": ("信用代码", ""), "source": ("任务来源", ""), "scope": ("检查事项", ""), "plan": ("计划", ""),
    "checks_this_year": ("任务来源", ""),
}  # fmt: skip
"""The line of each field that a remark of the review may speak of, and the act that fills it in."""
_LEADING = ("登记送达", "到现场")
"""Next acts that only lead to another stage."""


class PrepareStage(Stage):
    """Left the plan entry, right the notice."""

    TITLE = "准备"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._facts = column(spacing=10)
        self._said = Text("", "small", "ink2", wrap=True)
        self.next = Button("", "primary", height=44)
        self.next.clicked.connect(self._go_on)
        self._do: Callable[[], object] = lambda: None
        self._values: dict[str, QWidget] = {}
        self.off = Button("取消检查", "ghost", height=44)
        self.off.clicked.connect(self._cancel)
        left = Side("right", 300, 400)
        body = Body(self._facts, name="检查安排", margins=(18, 14, 18, 14))
        self.begin_at(body)
        foot = QWidget()
        acts = row(self.off, self.next, spacing=8)
        acts.setStretch(1, 1)
        foot.setLayout(column(self._said, acts, spacing=6, margins=(18, 8, 18, 12)))
        inside = column(body, foot, spacing=0)
        inside.setStretch(0, 1)
        left.setLayout(inside)
        self.papers = PaperDesk(desk, ("notice",))
        layout = row(left, self.papers, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def show_case(self, case: CaseFile) -> None:
        clear(self._facts)
        self._values = {}
        self._facts.addWidget(Text("检查安排", "h2"))
        if (told := cancelled_card(self.desk, case)) is not None:
            self._facts.addWidget(told)
        for card in merge_cards(self, self.desk, case):
            self._facts.addWidget(card)
        self._facts.addWidget(self_check.card(self, self.desk, case))
        power = self.desk.book.rules.procedure.power(case.kind, case.unit.kind)
        approval = f"{case.approved_by}，{zh_at(case.approved_at)}" if case.approved_at else "还没有批准"
        approval += "（补办超过期限）" if case.approved_late else ""
        times = f"{zh_date(case.planned_from.date())} {zh_time(case.planned_from)}–{zh_time(case.planned_to)}"
        for name, value in (
            ("单位", f"{case.unit.name}（{case.unit.kind.label}）"), ("信用代码", case.unit.credit_code),
            ("检查类型", f"{Kind(case.kind).label}，依据{power}"), ("任务来源", case.source),
            ("计划", case.plan), ("双随机抽取", case.draw or "没有抽取记录"), ("批准", approval),
            ("组织形式", _together(case)),
            ("检查码", case.code or "没有领取（机关检查可不领）"), ("时间", times), ("地点", case.place),
            ("检查人员", "、".join(f"{o.name}（{o.credential_number or '无证号'}）" for o in case.officers)),
            ("带队领导", case.leading_official.name if case.leading_official else "未定"),
            ("检查事项", "；".join(case.scope)), ("检查方式", "、".join(case.methods)),
            ("应备材料", "；".join(case.materials)),
        ):  # fmt: skip
            line = pair(name, value or "没有填写", 92)
            self._facts.addLayout(line)
            self._values[name] = line.itemAt(1).widget()
        self._facts.addStretch(1)
        self.papers.show_case(case)
        self._show_next(case)

    def _show_next(self, case: CaseFile) -> None:
        """The one next act of the preparation; making the notice is the paper's own button."""
        notice = case.paper("notice")
        formal = notice is not None and not notice.draft
        word, said, self._do = "", "核对右边的通知书，正式制作后送达单位。", lambda: None
        if case.approved_at is None:
            rules = self.desk.book.rules
            word, said = "登记审批", f"检查要经本机关负责人批准（{rules.procedure.hooks['approved']}）。"
            if case.visit.urgent:
                term = rules.policy.deadline("approval_late").value
                said = f"紧急检查（{case.visit.urgent}）：到场后 {term} 小时内补办审批。"
            self._do = lambda: approve(self, self.desk, case)
        elif case.unit.kind.is_enterprise and not case.code:
            word, said = "登记检查码", "涉企检查先领检查码。"
            self._do = lambda: enter_code(self, self.desk, case)
        elif formal and notice is not None and notice.served is None:
            word, said = "登记送达", "打印通知书，送达以后登记。"
            self._do = lambda: self.desk.open_stage(6)
        elif formal and notice is not None and notice.stale:
            said = "通知书制作以后内容改过。在右边重新制作，送达以后再去。"
        elif formal:
            word, said = "到现场", "通知书已经送达。"
            self._do = lambda: self.desk.open_stage(1)
        if case.stage == Phase.CANCELLED:
            word, said = "", "这件检查已经取消，只能看。"
        self.off.setVisible(cancelling.may_cancel(self.desk.book, case))
        self._said.setText(said)
        self.next.set_text(word)
        self.next.setVisible(bool(word))
        needs(LOOK if word in _LEADING else PREPARE, self.next)

    def _cancel(self) -> None:
        cancel(self, self.desk, self.desk.queries.case(self.desk.case_id))

    def _go_on(self) -> None:
        self._do()

    def seek(self, place: Place) -> QWidget | None:
        """The line that says it, or the act that enters what is still to come."""
        if place.kind == "paper":
            return self.papers.seek(place.field)
        name, act = _LINES.get(place.field, ("单位", ""))
        if act and act == self.next.text() and self.next.isVisible():
            return self.next
        return self._values.get(name)

    def quiet_place(self) -> QWidget:
        return self.papers.view

    def primary(self) -> None:
        if self.next.isVisible():
            self.next.click()
        else:
            self.papers.primary()


def _together(case: CaseFile) -> str:
    """With whom, and what is merged into it, as the approval says it."""
    held = case.together
    if not held.form:
        return (
            next((sheet.fields.get("joint", "") for sheet in case.sheets if sheet.kind == "approval"), "")
            or "没有填写，在审批表里填"
        )
    guests = [f"{guest.office}{guest.name or '（没有写明人员）'}" for guest in held.guests]
    lead = f"{held.leads}牵头" if held.leads else ""
    return "，".join(
        (
            held.form,
            *([lead] if lead else []),
            "、".join((*guests, *(f"《{plan.strip('《》')}》" for plan in held.plans))),
        )
    )
