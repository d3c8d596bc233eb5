"""The public lists by hand: one writes, another checks, what ends is told; law explained leads to its inspections."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from PySide6.QtWidgets import QAbstractButton, QApplication, QPlainTextEdit

from inspector_app.actions import lawtold, listing
from inspector_app.domain.access import Role
from inspector_app.domain.calendar import zh_date
from inspector_app.domain.clock import TrialClock
from inspector_app.domain.listed import POWERS
from inspector_app.domain.publicity import yearly
from inspector_app.tour.hand import Hand
from inspector_app.ui.widgets.panels import Tag
from inspector_app.ui.widgets.text import Text
from inspector_app.ui.window import Window
from tests.deciding import decided_folder
from tests.ui.test_publicity_screen import turn_into
from tests.ui.test_screens import SMALLEST, faults

TEXTS = (("检查事项", "示例检查"), ("检查对象", "示例单位"))
NOTES = (("检查内容", "示例内容"), ("依据", "《中华人民共和国档案法》第四十二条"), ("程序", "示例程序"))


def said(hand: Hand) -> str:
    return "\n".join(each.accessibleName() for each in (*hand.all(Text), *hand.all(Tag)))


def buttons(hand: Hand) -> list[str]:
    return [each.accessibleName() for each in hand.all(QAbstractButton)]


def at_lists(open_window: Callable[..., Window], folder: Path, tab: str) -> Hand:
    hand = Hand(open_window(decided_folder(folder)))
    turn_into(hand, "zhou", Role.LEAD)
    hand.window.desk.open("draws")
    hand.settle()
    hand.press(tab)
    return hand


def write(hand: Hand, begin: str, end: str = "") -> None:
    hand.press("增加一条")
    for name, text in TEXTS:
        hand.fill(name, text)
    for name, text in NOTES:
        hand.find(QPlainTextEdit, name).setPlainText(text)
    hand.fill("有效期起", begin)
    hand.fill("有效期止", end)
    hand.key("Ctrl+Return")


def test_an_entry_is_written_by_one_and_checked_by_another(open_window: Callable[..., Window], tmp_path: Path) -> None:
    hand = at_lists(open_window, tmp_path, "权责清单")
    today = hand.window.desk.book.clock.now().at.date()
    assert "公示网页列出 0 条" in said(hand) and "程序自带的例子" in said(hand)
    write(hand, zh_date(today), zh_date(today + timedelta(days=20)))
    assert "待另一个人核定" in said(hand) and "核定：示例检查" not in buttons(hand)
    turn_into(hand, "shen", Role.OFFICER)
    assert "增加一条" not in buttons(hand) and "改：示例检查" not in buttons(hand)
    turn_into(hand, "shen", Role.ADMIN)
    hand.window.desk.open("today")
    hand.settle()
    hand.press("核定：示例检查权责清单，示例周敏登记")
    hand.press("核定：示例检查")
    assert "对照官方文本" in said(hand)
    hand.press("核定")
    assert (
        "公示网页列出 1 条" in said(hand) and "还有 20 天到期" in said(hand) and "示例周敏登记，示例沈岚" in said(hand)
    )
    hand.press("改：示例检查")
    hand.fill("检查对象", "示例单位和个人")
    hand.key("Ctrl+Return")
    hand.press("撤回：示例检查")
    hand.press("撤回")
    assert [each.said["subjects"] for each in listing.entries(hand.window.desk.book, POWERS) if each.is_verified] == [
        "示例单位"
    ]
    hand.window.desk.open("today")
    hand.settle()
    assert "权责清单“示例检查”：有效期届满" in said(hand)
    hand.press("查看 权责清单“示例检查”：有效期届满")
    assert "公示网页列出 1 条" in said(hand)


def test_law_explained_leads_to_its_inspections(open_window: Callable[..., Window], tmp_path: Path) -> None:
    hand = at_lists(open_window, tmp_path, "普法责任清单")
    assert "宣讲 1 次" in buttons(hand)
    hand.press("登记普法活动")
    for name, text in (("讲了哪部法", "档案法"), ("地点", "示例广场"), ("对象", "社会公众"), ("多少人", "40")):
        hand.fill(name, text)
    hand.key("Ctrl+Return")
    assert "普法活动 1 次" in said(hand) and lawtold.occasions(hand.window.desk.book)[0].people == 40
    hand.press("2025年")
    assert "普法活动 1 次" not in said(hand) and "这一年还没有" in said(hand)
    hand.press("2026年")
    hand.press("导出普法责任清单")
    hand.fill("存到", str(tmp_path / "普法.xlsx"))
    hand.key("Return")
    assert (tmp_path / "普法.xlsx").exists()
    hand.press("宣讲 1 次")
    assert hand.window.current == "inspections"
    assert "普法：中华人民共和国档案法" in said(hand)


def test_the_figures_of_the_year_before_wait_from_january(open_window: Callable[..., Window], tmp_path: Path) -> None:
    hand = Hand(open_window(decided_folder(tmp_path)))
    desk = hand.window.desk
    assert isinstance(desk.book.clock, TrialClock)
    desk.book.clock.skip(timedelta(days=295))
    desk.open("today")
    hand.settle()
    assert "2026年度检查数据待送核对，1月31日前" in said(hand)
    desk.open("publicity")
    desk.publicised.emit("planning", yearly(2026))
    hand.settle()
    assert "发现问题" in said(hand) and "2027年1月1日起，2027年1月31日前公示" in said(hand)
    hand.press("登记处罚")
    assert "先在左边选一件检查" in said(hand)
    hand.press("送核对")
    turn_into(hand, "zhou", Role.LEAD)
    hand.press("核对无误，公示")
    hand.press("核对无误，公示")
    hand.press("公示中 1")
    assert "示例沈岚送，示例周敏核对" in said(hand) and "决定变了" not in buttons(hand)


def test_nothing_is_cut_in_the_smallest_window(open_window: Callable[..., Window], tmp_path: Path) -> None:
    window = open_window(decided_folder(tmp_path), scale=1.3)
    hand = Hand(window)
    turn_into(hand, "zhou", Role.LEAD)
    window.resize(*SMALLEST)
    window.desk.open("draws")
    hand.settle()
    for tab, act in (("权责清单", "增加一条"), ("普法责任清单", "增加一条"), ("普法责任清单", "登记普法活动")):
        hand.press(tab)
        assert not faults(window), tab
        hand.press(act)
        sheet = QApplication.activeModalWidget()
        assert sheet is not None and not faults(sheet) and sheet.height() <= SMALLEST[1], act
        hand.press("返回")
