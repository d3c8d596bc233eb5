"""The legal review in the window: handed in from the paper, judged point by point, given, and made as a paper."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QPlainTextEdit

from inspector_app.actions import legal_queue
from inspector_app.domain.access import Role
from inspector_app.domain.legal import FAULTY, WRONG
from inspector_app.tour.hand import Hand
from inspector_app.ui.screens.case import CaseScreen
from inspector_app.ui.screens.findings import FindingsStage
from inspector_app.ui.screens.legal_desk import LegalScreen
from inspector_app.ui.widgets.text import Text
from inspector_app.ui.window import Window
from tests.office import CASE, REVIEWER, deliberated, reviewing
from tests.ui.test_screens import faults


def shown(hand: Hand) -> str:
    return " ".join(text.text() for text in hand.all(Text))


def become_reviewer(window: Window) -> None:
    """The reviewer signs in; on a laptop of the own the role comes with the enrolment."""
    with reviewing(window.desk.open_session):
        pass
    window.desk.book.person, window.desk.book.role = REVIEWER, Role.REVIEWER
    window.refresh()


def write(hand: Hand, name: str, text: str) -> None:
    hand.click(hand.find(QPlainTextEdit, name))
    hand.type(text)


def picture(hand: Hand, name: str) -> None:
    if folder := os.environ.get("PICTURES"):
        hand.root.grab().save(f"{folder}/{name}.png")
    assert not faults(hand.root)


def test_a_paper_is_handed_in_judged_and_comes_back(open_window: Callable[..., Window], tmp_path: Path) -> None:
    deliberated(tmp_path).close()
    window = open_window(tmp_path / "laptop")
    hand, desk = Hand(window), window.desk
    desk.open("case", CASE)
    desk.open_stage(5)
    hand.settle()
    case_screen = window.screens["case"]
    assert isinstance(case_screen, CaseScreen) and isinstance(case_screen.stage, FindingsStage)
    case_screen.stage.choose(next(f.id for f in desk.queries.case(CASE).findings if f.code == "A03"))
    hand.settle()
    assert "处理建议" in shown(hand) and "和检查表建议的“行政检查意见”不同" in shown(hand)
    case_screen.stage.papers.open_kind("rectification")
    hand.press("送法制审核")
    hand.press("送法制审核")
    assert "哪一种情形" in shown(hand), "a ground is asked for"
    hand.press(desk.book.rules.policy.major_grounds[0])
    hand.press("送法制审核")
    hand.press("已送审核")
    hand.press("撤回送审")
    write(hand, "撤回的原因", "示例：漏了一项")
    picture(hand, "withdraw")
    hand.press("撤回送审")
    hand.press("送法制审核")
    assert "撤回，原因：示例：漏了一项" in shown(hand)
    picture(hand, "withdrawn")
    hand.press(desk.book.rules.policy.major_grounds[0])
    hand.press("送法制审核")
    round = desk.queries.case(CASE).rounds("rectification")[1]
    assert round.word == "待审核" and "法制审核还没有出意见" in case_screen.stage.papers.make.toolTip()

    screen = window.screens["legal"]
    assert isinstance(screen, LegalScreen)
    desk.book.person, desk.book.role = desk.queries.case(CASE).officers[1], Role.REVIEWER
    desk.open("legal")
    hand.settle()
    assert not screen.give.isVisible() and "参加了本案检查，不能审核" in shown(hand)
    become_reviewer(window)
    desk.open("today")
    hand.settle()
    assert "《责令限期整改通知书》" in shown(hand) and "等我处理" in shown(hand)
    hand.press("审核：示例区水务局《责令限期整改通知书》")
    assert screen.chosen == round.id and screen.view.count and not screen.give.isEnabled()
    hand.press("延长期限")
    write(hand, "延长的原因", "示例：向有关部门核实")
    picture(hand, "longer")
    hand.press("延长期限")
    assert "原因：示例：向有关部门核实" in shown(hand) and not screen.longer.isVisible()
    picture(hand, "extended")
    for nth in range(1, 8):
        hand.press(f"第 {nth} 项 {'有问题' if nth == 3 else '通过'}")
    assert not screen.give.isEnabled() and "第 3 项写明" in shown(hand)
    note = screen.points[2].text
    note.setFocus()
    note.insertPlainText("示例：缺全景照片")
    screen.points[3].choice.buttons["通过"].setFocus()
    hand.settle()
    window.refresh()
    assert screen.give.text() == "给出意见：存在问题", "what is judged stays while other things change"
    desk.open("settings")
    desk.open("legal")
    hand.settle()
    hand.press("给出意见：存在问题")
    hand.press("给出意见：存在问题")
    asked = desk.queries.case(CASE).rounds("rectification")[1]
    assert asked.opinion and asked.opinion.outcome == FAULTY and asked.opinion.points[2].found == WRONG
    assert asked.opinion.points[2].text == asked.opinion.text == "示例：缺全景照片"
    hand.press("正式制作并锁定")
    hand.press("正式制作并锁定")
    hand.settle()
    assert desk.queries.case(CASE).formal("legal_review", asked.sheet)
    assert [w.round.id for w in legal_queue.concluded(desk.book)] == [asked.id]

    desk.book.person, desk.book.role = desk.queries.case(CASE).officers[0], Role.OFFICER
    desk.open("today")
    hand.settle()
    assert "《责令限期整改通知书》" in shown(hand)
    hand.press("改好再送：示例区水务局《责令限期整改通知书》")
    desk.open_stage(5)
    case_screen.stage.papers.open_kind("rectification")
    hand.press("看审核意见")
    assert "示例：缺全景照片" in shown(hand)
    hand.key("Escape")
