"""What a role may not do stands on none of its screens: the auditor reads, the reviewer reviews, the admin keeps."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractButton

from inspector_app.domain.access import Role
from inspector_app.tour.hand import Hand
from tests.office import CASE
from tests.ui.test_publicity_screen import said, turn_into

PREPARES = {"新建检查", "拟定计划", "登记线索", "封存名录库", "另抽一次", "开始检查"}
ENTERS = {"登记单位", "导入登记表"}
NUMBERS = {"登记文号段", "作废一个文号"}


def offered(hand: Hand) -> set[str]:
    """The names of all acts on the boards, lists and settings."""
    desk, found = hand.window.desk, set[str]()

    def look() -> None:
        hand.settle()
        found.update(button.accessibleName() for button in hand.all(QAbstractButton))

    for place in ("today", "inspections", "units", "settings"):
        desk.open(place)
        look()
    desk.open("draws")
    for name in ("抽取", "计划", "线索"):
        desk.board_opened.emit(name)
        look()
    return {name.partition("：")[0] for name in found}


def test_acts_stand_where_the_role_may_do_them(hand: Hand) -> None:
    for role, shown in (
        (Role.OFFICER, PREPARES - {"另抽一次"} | ENTERS | NUMBERS),
        (Role.REVIEWER, NUMBERS), (Role.ADMIN, ENTERS | NUMBERS), (Role.AUDITOR, set()),
    ):  # fmt: skip
        turn_into(hand, "shen", role)
        assert offered(hand) & (PREPARES | ENTERS | NUMBERS) == shown, role
        hand.window.desk.open("case", CASE)
        hand.settle()
        assert ("只看，" in said(hand)) is (role is not Role.OFFICER), role
