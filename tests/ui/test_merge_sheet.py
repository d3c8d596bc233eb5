"""合并检查 in the window: offered where a second visit to the unit is planned, and what both inspections show afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QAbstractButton

from inspector_app.actions import planning
from inspector_app.actions.sign_in import Session
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


def test_one_goes_into_the_other_and_each_leads_to_the_other(open_window: Callable[..., Window], tmp_path: Path) -> None:
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
