"""Plans with what was done of them, and clues that wait: two boards of cards with their sheets."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from ...actions import planning
from ...actions.book import Done
from ...actions.planning import Standing
from ...domain.calendar import parse_zh_date, zh_date
from ...domain.planning import CLUE_SOURCES, Clue, Plan
from ..desk import Desk
from ..widgets.buttons import Button
from ..widgets.fields import Field, Note, Pick
from ..widgets.panels import Bar, Card, Empty, Tag, column, pair, row
from ..widgets.text import Text
from .begin import ask, number_in, plan_inspection


def show_plans(into: QVBoxLayout, parent: QWidget, desk: Desk) -> None:
    """Every plan: whom and how many, approved and made public or by when, and plan against done."""
    standings = planning.standings(desk.book)
    add = [Button("拟定计划", "primary", act=partial(draw_up, parent, desk))] if (plans := desk.may("prepare")) else []
    into.addLayout(row(Text("检查计划", "h1"), None, *add))
    if not standings:
        said = "还没有检查计划。年度计划在 3 月 31 日以前公布。"
        into.addWidget(Empty("calendar", said, "拟定计划" if plans else "", partial(draw_up, parent, desk)))
    for standing in standings:
        into.addWidget(_plan_card(parent, desk, standing))


def _plan_card(parent: QWidget, desk: Desk, standing: Standing) -> Card:
    plan = standing.plan
    state, tone = (
        ("已公布", "ok") if plan.announced else ("已批准，待公布", "brand") if plan.approved else ("待批准", "warn")
    )
    tags = [Tag(plan.kind, "na"), Tag(state, tone)]
    if standing.late:
        tags.append(Tag("公布迟了" if plan.announced else "公布到期", "bad", "warning-circle"))
    bar = Bar()
    bar.show_part(standing.done, plan.count, "ok" if standing.done >= plan.count else "brand")
    acts: list[QWidget] = [Button("改计划", "secondary", act=partial(draw_up, parent, desk, plan), height=36)]
    if not plan.approved:
        acts.append(Button("登记批准", "soft", act=partial(approve, parent, desk, plan), height=36))
    elif not plan.announced:
        acts.append(Button("登记公布", "soft", act=partial(announce, parent, desk, plan), height=36))
    for act in acts:
        act.setAccessibleName(f"{act.accessibleName()}：{plan.title}")
    if not desk.may("prepare"):
        acts = []
    approved = f"{zh_date(plan.approved)}，{plan.approved_by}" if plan.approved else "还没有批准"
    due = f"{zh_date(standing.due)}以前公布" if standing.due else "批准后一个月内公布"
    public = f"{zh_date(plan.announced)}，{plan.announced_where}" if plan.announced else due
    share = f"{plan.count} 家，范围内 {plan.base} 家，比例 {plan.share}"
    facts = [("对象范围", plan.subjects), ("比例", share), ("项目", plan.items), ("方式", plan.method), ("依据", plan.basis),
             ("批准", approved), ("公布", public)]  # fmt: skip
    facts += [("联合检查", plan.joint)] if plan.joint else []
    counted = f"要查 {plan.count} 家，已列入 {standing.entered} 家，已到场 {standing.done} 家"
    return Card(row(Text(plan.title, "h2"), *tags, None, *acts), Text(counted, "small", "ink2"), bar,
                *(pair(name, value) for name, value in facts), padding=16, spacing=6)  # fmt: skip


def draw_up(parent: QWidget, desk: Desk, plan: Plan | None = None) -> None:
    """拟定计划, or changing one, after which it has to be approved and made public again."""
    year = desk.book.clock.now().at.year
    old = plan or Plan("", False, year, f"{year}年度档案行政检查计划", "", "", "", "双随机抽查，实地核查", 0, 0)
    kind = Pick("计划类别", [("", "年度检查计划"), ("special", "专项检查计划")])
    kind.show_value("special" if old.special else "")
    title, of_year = Field("计划名称", old.title), Field("年份", str(old.year))
    basis, method = Field("依据", old.basis, hint="法律条文和工作安排"), Field("检查方式", old.method)
    subjects, joint = (
        Field("检查对象范围", old.subjects, hint="例如：区级机关、区属企业"),
        Field("联合部门", old.joint, hint="单独检查的不填"),
    )
    items = Note("检查项目", "例如：责任制和管理制度；库房、设施、设备", 3)
    items.load(old.items)
    base, count = (Field(label, str(value) if value else "", hint="填数字")
                   for label, value in (("范围内几家", old.base), ("要查几家", old.count)))  # fmt: skip

    def write() -> Done[str]:
        made = Plan(
            old.id, bool(kind.value()), number_in(of_year, "年份"), title.text(), basis.text(), subjects.text(),
            items.toPlainText(), method.text(), number_in(base, "范围内几家"), number_in(count, "要查几家"), joint.text(),
        )  # fmt: skip
        return planning.draw_up(desk.book, made)

    again: list[QWidget] = [Text("改过的计划要重新批准、重新公布。", "small", "warn")] if plan and plan.approved else []
    parts: list[QWidget | QLayout] = [
        *again, row(kind, of_year, spacing=12), title, basis, subjects, row(base, count, spacing=12),
        column(Text("检查项目", "small", "ink3"), items, spacing=4), row(method, joint, spacing=12),
    ]  # fmt: skip
    held: dict[str, Field | Note] = {"title": title, "subjects": subjects, "items": items, "base": base, "count": count}
    ask(parent, desk, f"plan/{old.id}", "改计划" if plan else "拟定计划", parts, "存入计划", write, held)


def approve(parent: QWidget, desk: Desk, plan: Plan) -> None:
    """登记批准 of a plan."""
    by, day = Field("批准人", hint="本机关负责人"), Field("批准日期", zh_date(desk.book.clock.now().at.date()))
    ask(parent, desk, f"plan/{plan.id}/approval", f"登记批准：{plan.title}", [by, day], "登记批准",
        lambda: planning.approve_plan(desk.book, plan.id, by.text(), parse_zh_date(day.text())), {"by": by})  # fmt: skip


def announce(parent: QWidget, desk: Desk, plan: Plan) -> None:
    """登记公布 of a plan (上海市优化营商环境条例62)."""
    where, day = Field("公布渠道", "区政府门户网站"), Field("公布日期", zh_date(desk.book.clock.now().at.date()))
    ask(parent, desk, f"plan/{plan.id}/public", f"登记公布：{plan.title}", [where, day], "登记公布",
        lambda: planning.announce_plan(desk.book, plan.id, where.text(), parse_zh_date(day.text())), {"where": where})  # fmt: skip


# -- clues ---------------------------------------------------------------------------------------------------------


def show_clues(into: QVBoxLayout, parent: QWidget, desk: Desk) -> None:
    """Every clue, the open ones first; each leads to a clue-based inspection or says why to none."""
    clues, units = desk.queries.planning().clues, desk.queries.register().units
    add = (
        [Button("登记线索", "primary", act=partial(receive, parent, desk))] if (settles := desk.may("prepare")) else []
    )
    into.addLayout(row(Text("线索", "h1"), None, *add))
    if not clues:
        said = "还没有线索。举报、移送、转办的登记在这里。"
        into.addWidget(Empty("magnifying-glass", said, "登记线索" if settles else "", partial(receive, parent, desk)))
    for clue in sorted(clues, key=lambda clue: not clue.is_open):
        state, tone = (
            ("待处理", "warn") if clue.is_open else ("已列入检查", "ok") if clue.inspection else ("不检查", "na")
        )
        acts: list[QWidget] = []
        if clue.is_open and settles:
            acts = [Button("不检查", "secondary", act=partial(set_aside, parent, desk, clue), height=36),
                    Button("按线索检查", "soft", act=partial(plan_inspection, parent, desk, clue), height=36)]  # fmt: skip
        elif clue.inspection:
            acts = [Button("打开检查", "soft", act=partial(desk.open, "case", clue.inspection), height=36)]
        name = units[clue.unit].name if clue.unit in units else clue.unit
        for act in acts:
            act.setAccessibleName(f"{act.accessibleName()}：{name}")
        given = f"，{clue.given_by}" if clue.given_by else ""
        lines = [Text(f"{zh_date(clue.day)}{clue.source}{given}", "small", "ink2"), Text(clue.text, wrap=True)]
        lines += (
            [Text(f"不检查的原因：{clue.reason}", "small", "ink2", wrap=True)]
            if clue.reason and not clue.inspection
            else []
        )
        into.addWidget(Card(row(Text(name, "h2"), Tag(state, tone), None, *acts), *lines, padding=16, spacing=6))


def receive(parent: QWidget, desk: Desk) -> None:
    """登记线索 (档案法46)."""
    source = Pick("来源", [(each, each) for each in CLUE_SOURCES])
    unit = Pick("涉及的单位", [(each.id, each.name) for each in desk.queries.units()])
    day, given_by = (
        Field("收到日期", zh_date(desk.book.clock.now().at.date())),
        Field("来电、来文的人或单位", hint="要求保密的不填"),
    )
    text = Note("线索内容", "时间、地点、反映什么", 3)

    def write() -> Done[str]:
        clue = Clue("", source.value(), unit.value(), parse_zh_date(day.text()), text.toPlainText(), given_by.text())
        return planning.receive_clue(desk.book, clue)

    parts: list[QWidget | QLayout] = [
        row(source, day, spacing=12), unit, given_by, column(Text("线索内容", "small", "ink3"), text, spacing=4),
    ]  # fmt: skip
    ask(parent, desk, "sheet/clue", "登记线索", parts, "登记线索", write, {"text": text, "given_by": given_by})


def set_aside(parent: QWidget, desk: Desk, clue: Clue) -> None:
    """No inspection, and why."""
    reason = Field("不检查的原因")
    ask(parent, desk, f"clue/{clue.id}/aside", "不按这条线索检查", [Text(clue.text, wrap=True), reason], "登记原因",
        lambda: planning.set_clue_aside(desk.book, clue.id, reason.text()), {"reason": reason})  # fmt: skip
