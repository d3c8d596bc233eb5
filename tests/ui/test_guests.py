"""Those of other authorities at a joint inspection: noted at the door, on the record, signed; worked by keys and mouse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QLineEdit

from inspector_app.actions import arrival, filling, onsite, papers, trial
from inspector_app.actions.sign_in import Session
from inspector_app.domain.paper import GUEST
from inspector_app.domain.together import JOINT, Guest
from inspector_app.tour.hand import Hand
from inspector_app.ui.widgets.fields import Choice
from inspector_app.ui.widgets.text import Text
from inspector_app.ui.window import Window
from tests.office import CASE, arrive, check_all, copied, laid_out, seeded
from tests.ui.test_screens import faults

MING, JIE = Guest("示例区教育局", "示例赵敏", "12010001"), Guest("示例区民政局")


def joint(folder: Path) -> Session:
    """The team has arrived for a joint inspection."""
    session = copied(seeded, folder)
    named = [[guest.office, guest.name, guest.credential] for guest in (MING, JIE)]
    filling.fill(session.book, CASE, "approval", {"joint": JOINT, "partners": named})
    arrive(session.book)
    return session


def recorded(folder: Path) -> Session:
    """The record of a joint inspection is made, and nobody has signed it."""
    session = copied(joint, folder)
    book = session.book
    arrival.note_guests(book, CASE, [MING, Guest(JIE.office, "示例孙洁", "12010003")])
    check_all(session)
    onsite.record_statement(book, CASE, "不陈述申辩")
    papers.issue(book, CASE, "onsite_record")
    return session


def choose(hand: Hand, value: str, nth: int) -> None:
    """Press one button of the nth question that has it."""
    hand.click([each.buttons[value] for each in hand.all(Choice) if value in each.buttons][nth])


def shown(hand: Hand) -> str:
    return "\n".join(text.text() for text in hand.all(Text))


def test_who_came_is_noted_at_the_door_and_put_right(open_window: Callable[..., Window], tmp_path: Path) -> None:
    hand = Hand(open_window(laid_out(joint, tmp_path)))
    desk = hand.window.desk
    desk.open("case", CASE)
    hand.key("Ctrl+2")
    hand.press("登记联合检查人员")
    assert "示例区教育局示例赵敏到没到场" in hand.problem()
    choose(hand, "出示证件，参加检查", 0)
    choose(hand, "没有到场", 1)
    hand.press("登记联合检查人员")
    assert "示例区民政局没有到场" in hand.problem() and not desk.queries.case(CASE).visit.guests
    hand.fill("没有到场的原因", "示例：没有派人")
    assert not faults(hand.root)
    hand.press("登记联合检查人员")
    assert not hand.problem() and "示例区教育局示例赵敏；示例区民政局没有到场" in shown(hand)
    hand.press("改正")
    choose(hand, "出示证件，参加检查", 1)
    hand.fill("示例区民政局参加人员", "示例孙洁")
    hand.click([field for field in hand.all(QLineEdit) if field.accessibleName() == "执法证号"][1])
    hand.type("12010003")
    hand.key("Ctrl+Return")
    assert desk.queries.case(CASE).guests == (MING, Guest(JIE.office, "示例孙洁", "12010003"))
    assert not any(guest.absent for guest in desk.queries.case(CASE).guests) and not hand.problem()


def test_they_sign_the_record_or_it_is_noted_why_not(open_window: Callable[..., Window], tmp_path: Path) -> None:
    hand = Hand(open_window(laid_out(recorded, tmp_path)))
    desk = hand.window.desk
    desk.open("case", CASE)
    hand.key("Ctrl+5")
    assert shown(hand).count(GUEST) == 2
    hand.press("登记签字")
    hand.press("已签字")
    choose(hand, "已签字", 1)
    choose(hand, "没有签", 1)
    hand.fill("示例陆一鸣 本人口令", trial.SECRET)
    hand.key("Ctrl+Return")
    assert "示例孙洁没有签的，写明原因" in shown(hand)
    hand.fill("没有签的原因", "示例：已经离开")
    assert not faults(hand.root)
    hand.key("Ctrl+Return")
    record = desk.queries.case(CASE).paper("onsite_record")
    assert record is not None
    assert [(s.name, s.refused, s.witness) for s in record.signatures if s.role == GUEST] == [
        ("示例赵敏", "", ""), ("示例孙洁", "示例：已经离开", "示例陆一鸣"),
    ]  # fmt: skip
    hand.press("结束现场检查")
    assert desk.queries.case(CASE).visit.ended is not None and not hand.problem()
