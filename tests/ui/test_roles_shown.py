"""What a role may not do stands on none of its screens: the auditor reads, the reviewer reviews, the admin keeps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QAbstractButton

from inspector_app.actions import duties, review
from inspector_app.domain.access import Role
from inspector_app.tour.hand import Hand
from inspector_app.ui.commands import commands
from inspector_app.ui.leading import open_board
from inspector_app.ui.places import PLACES
from inspector_app.ui.widgets.text import Text
from inspector_app.ui.window import Window
from tests.deciding import decided_folder
from tests.office import CASE, laid_out, visited
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
        hand.window.desk.open("sync")
        hand.settle()
        assert ("给同事会签" in {button.accessibleName() for button in hand.all(QAbstractButton)}) is (
            role is Role.OFFICER
        ), role
        hand.window.desk.open("case", CASE)
        hand.settle()
        assert ("只看，" in said(hand)) is (role not in (Role.OFFICER, Role.ADMIN)), role


def test_the_admin_sees_no_inspection(open_window: Callable[..., Window], tmp_path: Path) -> None:
    """On a laptop that holds some: neither by the rail nor by keys, palette, board or a link (domain/access: read)."""
    hand = Hand(open_window(decided_folder(tmp_path)))
    desk, window = hand.window.desk, hand.window
    visited = {row.unit for row in desk.queries.inspections()}
    assert len(visited) > 2
    turn_into(hand, "shen", Role.ADMIN)
    for place in PLACES:
        desk.open(place.name, CASE if place.name == "case" else "")
        hand.settle()
        assert window.current == (place.name if place.is_for(desk.book.actor) else "today"), place.name
        assert window.current in ("today", "units", "administration", "sync", "settings")
        shown = said(hand) + "".join(button.accessibleName() for button in hand.all(QAbstractButton))
        found = {name for name in visited if name in shown} if window.current != "units" else set()
        assert not found, (place.name, found)
    desk.open("units")
    hand.settle()
    assert not {"检查", "历次问题"} & {text.text() for text in hand.all(Text)}
    found_now = commands(desk, window.screens.made.values(), window, lambda words: None)
    words = {(each.group, each.words) for each in found_now}
    assert not {name for group, name in words if group == "检查和单位"} - {unit.name for unit in desk.queries.units()}
    assert not {name for _, name in words if name.startswith("第 ") or name == "本案全部文书"}
    for tab in ("权责清单", "普法责任清单"):
        open_board(desk, tab)
        hand.settle()
        assert window.current == "administration" and tab in said(hand), "the lists are the admin's to keep"
    turn_into(hand, "shen", Role.AUDITOR)
    desk.open("administration")
    hand.settle()
    assert "权责清单" not in {button.text() for button in hand.all(QAbstractButton)}, (
        "who reads has them beside the draws"
    )


def test_what_was_sent_back_waits_for_those_who_can_mend_it(open_window: Callable[..., Window], tmp_path: Path) -> None:
    hand = Hand(open_window(laid_out(visited, tmp_path)))
    desk = hand.window.desk
    review.hand_in(desk.book, CASE)
    turn_into(hand, "zhou", Role.LEAD)
    review.send_back(desk.book, CASE, "示例：补照片")
    name = desk.queries.case(CASE).unit.name
    for role, shown in ((Role.OFFICER, True), (Role.AUDITOR, False), (Role.ADMIN, False)):
        turn_into(hand, "shen", role)
        desk.open("today")
        hand.settle()
        assert (
            f"去改：{name}示例：补照片" in {button.accessibleName() for button in hand.all(QAbstractButton)}
        ) is shown, role


def test_what_the_admin_keeps_and_what_ends_of_it_stands_on_the_board(hand: Hand) -> None:
    desk = hand.window.desk
    turn_into(hand, "shen", Role.ADMIN)
    desk.open("today")
    hand.settle()
    ended = [duty.about for duty in duties.of_keeper(desk.book)]
    assert ended and all(f"{name}：执法证到期" in said(hand) for name in ended)
    assert "待本局核对" in said(hand)
    hand.press("看规则")
    assert hand.window.current == "administration" and "有待核对的" in said(hand)
