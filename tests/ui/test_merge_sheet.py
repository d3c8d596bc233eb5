"""合并检查 in the window: offered where a second visit to the unit is planned, and what both inspections show afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from PySide6.QtWidgets import QAbstractButton, QComboBox

from inspector_app.actions import planning
from inspector_app.actions.sign_in import Session
from inspector_app.domain.calendar import zh_date
from inspector_app.tour.hand import Hand
from inspector_app.ui.widgets.panels import Tag
from inspector_app.ui.widgets.text import Text
from inspector_app.ui.window import Window
from tests.actions.test_intentions import PLAN
from tests.actions.test_merging import SPECIAL, planned
from tests.office import CASE, copied, laid_out, seeded
from tests.ui.test_screens import faults

SECOND = "inspection/2026-second"


def twice(folder: Path) -> Session:
    """The unit of today has a second inspection before it."""
    session = copied(seeded, folder)
    planning.draw_up(session.book, replace(PLAN, special=True, title=SPECIAL))
    assert planned(session) == SECOND
    return session


def said(hand: Hand) -> str:
    return "\n".join(each.accessibleName() for each in (*hand.all(Text), *hand.all(Tag), *hand.all(QAbstractButton)))


def test_who_plans_a_second_visit_is_warned_and_led_to_the_merging(hand: Hand) -> None:
    """The frequency guard's words stand over the new inspection, and the way out beside them."""
    desk = hand.window.desk
    firm = next(
        row for row in desk.queries.inspections() if row.step == 0 and desk.queries.case(row.id).unit.kind.is_enterprise
    )
    desk.open("inspections")
    hand.settle()
    hand.press("新建检查")
    box = hand.find(QComboBox, "单位")
    box.setCurrentIndex(box.findText(firm.unit))
    hand.fill("日期", zh_date(firm.planned_from.date() + timedelta(days=5)))
    for name in ("示例沈岚", "示例陆一鸣"):
        for tick in (
            each
            for each in hand.all(QAbstractButton)
            if each.text() == name and each.isCheckable() and not each.isChecked()
        ):
            hand.click(tick)
    hand.key("Ctrl+Return")
    assert hand.window.current == "case" and desk.case_id != firm.id
    assert "频次上限" in hand.problem() and "能合并就合并到一次" in hand.problem()
    hand.press(f"并入{zh_date(firm.planned_from.date())}的检查")
    hand.fill("同意合并的负责人", "示例周敏")
    hand.key("Ctrl+Return")
    assert desk.case_id == firm.id and firm.unit in said(hand) and not hand.problem()


def test_one_goes_into_the_other_and_each_leads_to_the_other(
    open_window: Callable[..., Window], tmp_path: Path
) -> None:
    hand = Hand(open_window(laid_out(twice, tmp_path)))
    desk = hand.window.desk
    desk.open("case", SECOND)
    hand.key("Ctrl+1")
    assert "能合并就合并到一次" in said(hand) and not faults(hand.root)
    hand.press("并入2026年3月16日的检查")
    hand.key("Ctrl+Return")
    assert "还没有填写：同意合并的负责人" in said(hand)
    hand.fill("同意合并的负责人", "示例周敏")
    assert not faults(hand.root)
    hand.key("Ctrl+Return")
    assert desk.case_id == CASE and not hand.problem()
    text = said(hand)
    assert "原定2026年4月6日的专项检查并入了这一次" in text and f"合并检查，《{SPECIAL}》" in text
    assert "重新制作第 2 版" in text and "内容已改，要重新制作" in text, "the unit has to be told anew"
    hand.press("重新制作第 2 版")
    hand.press("正式制作并锁定")
    assert "打印通知书，送达以后登记。" in said(hand) and not hand.problem()
    hand.press("打开并入的2026年4月6日的检查")
    assert desk.case_id == SECOND and "已并入另一次" in said(hand) and "取消检查" not in said(hand)
    hand.press("打开合并到的检查")
    assert desk.case_id == CASE
    desk.open("inspections")
    hand.settle()
    assert [row.word for row in desk.queries.inspections() if row.id == SECOND] == ["已并入"]
