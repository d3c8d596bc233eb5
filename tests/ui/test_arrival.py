"""What stands in the way of an arrival, and who has to withdraw: worked by keys and mouse."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QAbstractButton, QComboBox

from inspector_app.domain.inspection import Stage
from inspector_app.tour.hand import Hand
from inspector_app.ui.widgets.text import Text
from inspector_app.ui.window import Window
from tests.office import CASE


def test_an_officer_who_has_to_withdraw_is_replaced(case_hand: Hand) -> None:
    hand, desk = case_hand, case_hand.window.desk
    desk.open_stage(1)
    hand.settle()
    hand.find(QComboBox, "申请谁回避").setFocus()
    hand.key("Down")
    hand.fill("申请回避的理由", "与单位负责人是亲属")
    hand.press("登记回避申请")
    hand.fill("决定人", "示例周敏")
    hand.press("登记决定")
    assert [officer.id for officer in desk.queries.case(CASE).able] == ["shen"]
    hand.press("更换检查人员")
    hand.key("Ctrl+Return")
    team = desk.queries.case(CASE).able
    assert len(team) == 2 and team[1].id != "lu", "the first whom the sheet offers"
    assert not hand.problem()


def test_an_urgent_visit_begins_with_its_reason(open_window: Callable[..., Window]) -> None:
    hand = Hand(open_window())
    desk = hand.window.desk
    drawn = next(row.id for row in desk.queries.inspections() if row.stage == "drawn")
    desk.open("case", drawn)
    hand.key("Ctrl+2")
    assert "没有经负责人批准" in hand.read("(.*没有经负责人批准.*)")
    hand.key("Ctrl+Return")
    assert desk.queries.case(drawn).visit.arrived is None and "紧急" in hand.problem()
    hand.fill("紧急事由", "示例：库房进水")
    hand.key("Ctrl+Return")
    assert desk.queries.case(drawn).visit.urgent == "示例：库房进水"
    hand.key("Ctrl+1")
    assert "24 小时内补办审批" in hand.read("(.*补办审批.*)")
    hand.press("登记审批")
    hand.fill("批准人", "示例周敏")
    hand.key("Return")
    assert desk.queries.case(drawn).approved_by == "示例周敏"


def test_who_is_not_let_in_comes_again_from_the_door(case_hand: Hand) -> None:
    hand, desk = case_hand, case_hand.window.desk
    desk.open_stage(1)
    hand.settle()
    hand.press("单位拒绝检查")
    hand.fill("谁拒绝", "示例吴晓")
    hand.fill("拒绝的理由", "示例：今天没有空")
    hand.key("Ctrl+Return")
    assert "后来怎样" in "".join(text.text() for text in hand.all(Text))
    hand.press("仍然拒绝，离开")
    hand.key("Ctrl+Return")
    case = desk.queries.case(CASE)
    assert (case.stage, case.visit.arrived) == (Stage.NOTIFIED, None)
    assert "今天没有空" in "".join(text.text() for text in hand.all(Text)) and hand.find(
        QAbstractButton, "已经到场，开始检查"
    )
