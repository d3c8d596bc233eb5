"""The place 文书: papers are filled in, kept while typed, undone, settled, looked at and made by keys and mouse."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPlainTextEdit

from inspector_app.actions import filling, papers, sign_in, trial
from inspector_app.actions.exchange import exchange
from inspector_app.domain.casefile import CaseFile
from inspector_app.domain.inspection import STEPS
from inspector_app.domain.sheet import Sheet
from inspector_app.tour.hand import Hand
from inspector_app.ui.screens.case import CaseScreen
from inspector_app.ui.screens.papers import PapersStage
from inspector_app.ui.widgets.paper_tab import PaperTab
from inspector_app.ui.widgets.text import Text
from inspector_app.ui.window import Window
from tests.office import CASE, arrive, laptop_at


@pytest.fixture
def desk_hand(hand: Hand) -> Hand:
    """Arrived, standing in 文书."""
    arrive(hand.window.desk.book)
    hand.window.desk.open("case", CASE)
    hand.settle()
    hand.press("文书")
    return hand


def stage(hand: Hand) -> PapersStage:
    screen = hand.window.screens["case"]
    assert isinstance(screen, CaseScreen) and isinstance(screen.stage, PapersStage)
    return screen.stage


def case(hand: Hand) -> CaseFile:
    return hand.window.desk.queries.case(CASE)


def only(hand: Hand, kind: str) -> Sheet:
    (found,) = filling.sheets(hand.window.desk.book, case(hand), kind)
    return found


def write(hand: Hand, name: str, text: str) -> None:
    """Type into a field of several lines and leave it."""
    hand.click(hand.find(QPlainTextEdit, name))
    hand.type(text)
    hand.key("Tab")


def test_an_interview_is_filled_in_and_made(desk_hand: Hand) -> None:
    hand = desk_hand
    hand.click(hand.find(PaperTab, "询问笔录"))
    hand.fill("询问开始时间", "2026年3月16日 10:33")
    hand.fill("询问结束时间", "2026年3月16日 10:50")
    hand.fill("被询问人", "示例郑青")
    hand.key("Tab")
    assert only(hand, "interview").fields["person"] == "示例郑青"
    assert hand.find(PaperTab, "询问笔录 示例郑青")
    hand.press("女")
    for name, text in (
        ("身份证件号码", "示例号码"), ("联系电话", "021-10000038"), ("单位和职务", "示例区水务局档案员"),
        ("与检查事项的关系", "档案员"), ("对出示证件的回答", "看清楚了。"),
        ("对回避权利的回答", "不申请回避。"), ("对权利义务的回答", "清楚了。"),
    ):  # fmt: skip
        hand.fill(name, text)
        hand.key("Tab")
    assert "还缺：问答" in [text.text() for text in hand.all(Text)]
    write(hand, "第1行 问", "灭火器由谁检查？")
    write(hand, "第1行 答", "由我检查。")
    hand.press("问答加一行")
    write(hand, "第2行 问", "还有什么要说的？")
    write(hand, "第2行 答", "没有。")
    assert only(hand, "interview").rows["talk"] == (("灭火器由谁检查？", "由我检查。"), ("还有什么要说的？", "没有。"))
    hand.press("去掉问答第2行")
    assert only(hand, "interview").rows["talk"] == (("灭火器由谁检查？", "由我检查。"),)
    hand.press("正式制作并锁定")
    hand.key("Ctrl+Return")
    made = case(hand).formal("interview")
    assert len(made) == 1 and made[0].sheet == only(hand, "interview").id
    hand.press("再填一份询问笔录")
    assert stage(hand).sheet not in ("", made[0].sheet)
    hand.fill("被询问人", "示例吴晓")
    hand.key("Tab")
    assert {s.fields["person"] for s in filling.sheets(hand.window.desk.book, case(hand), "interview")} == {
        "示例郑青", "示例吴晓",
    }  # fmt: skip


def test_a_day_that_is_none_is_told_below_its_field(desk_hand: Hand) -> None:
    hand = desk_hand
    hand.click(hand.find(PaperTab, "先行登记保存清单"))
    hand.fill("保存届满日期", "下周三")
    hand.key("Tab")
    assert any("下周三" in text.text() for text in hand.all(Text))
    assert not filling.sheets(hand.window.desk.book, case(hand), "preservation_list")
    hand.fill("保存届满日期", "2026年3月25日")
    hand.key("Tab")
    assert only(hand, "preservation_list").fields["kept_until"] == "2026-03-25"


def test_undo_takes_back_a_field_and_the_form_shows_it(desk_hand: Hand) -> None:
    hand = desk_hand
    hand.click(hand.find(PaperTab, "档案行政检查审批表"))
    hand.press("联合检查")
    assert only(hand, "approval").fields["joint"] == "联合检查"
    hand.key("Ctrl+Z")
    assert not filling.sheets(hand.window.desk.book, case(hand), "approval")
    assert not hand.find(QAbstractButton, "联合检查").isChecked()


def test_half_typed_text_is_there_again(desk_hand: Hand, tmp_path: Path) -> None:
    """Typed and not left yet: neither another person nor a kill takes it away."""
    hand = desk_hand
    hand.click(hand.find(PaperTab, "抽样取证清单"))
    field = hand.find(QPlainTextEdit, "抽样范围")
    hand.click(field)
    hand.type("2号库房东南")
    hand.window.desk.leaving.emit()
    assert any("2号库房东南" in text for text in hand.window.desk.book.drafts().values())
    hand.click(hand.find(PaperTab, "先行登记保存清单"))
    assert only(hand, "sampling_list").fields["sampled_from"] == "2号库房东南", "leaving the paper saves the field"
    assert not any("2号库房东南" in text for text in hand.window.desk.book.drafts().values())


def test_a_row_taken_away_leaves_the_half_typed_text_of_the_others_in_their_own_rows(
    window: Window, hand: Hand, tmp_path: Path
) -> None:
    """While nothing can be written (two officers differ) the rows are only kept."""
    two_differ(window, tmp_path, "preservation_list", "kept_place")
    in_papers(hand)
    hand.click(hand.find(PaperTab, "先行登记保存清单"))
    hand.fill("第1行 名称", "示例甲")
    hand.press("登记保存的物品加一行")
    hand.fill("第2行 名称", "示例乙")
    hand.press("登记保存的物品加一行")
    hand.press("去掉登记保存的物品第1行")
    assert [hand.find(QLineEdit, f"第{n}行 名称").text() for n in (1, 2)] == ["示例乙", ""]
    assert [text for text in window.desk.book.drafts().values() if text] == ["示例乙"]
    hand.press("选用示例陆一鸣的保存地点")
    hand.fill("选用的原因", "示例：以现场为准")
    hand.key("Ctrl+Return")
    hand.click(hand.find(PaperTab, "抽样取证清单"))
    assert [row[0] for row in only(hand, "preservation_list").rows["kept"]] == ["示例乙"]
    assert not any(window.desk.book.drafts().values())


def two_differ(window: Window, folder: Path, kind: str, field: str) -> None:
    """Two laptops without a network fill in the same field, and meet."""
    session = window.desk.open_session
    shutil.copytree(folder / "laptop", folder / "second", ignore=shutil.ignore_patterns("lock"))
    other = sign_in.sign_in(laptop_at(folder / "second"), "lu", trial.SECRET)
    other.book.store.new_device()
    filling.fill(session.book, CASE, kind, {field: "每年1次"})
    filling.fill(other.book, CASE, kind, {field: "每年2次"})
    exchange(session.book.store, other.book.store)
    other.close()


def in_papers(hand: Hand) -> None:
    hand.window.desk.open("case", CASE)
    hand.window.desk.open_stage(len(STEPS))
    hand.settle()


def test_two_officers_are_shown_and_settled(window: Window, hand: Hand, tmp_path: Path) -> None:
    two_differ(window, tmp_path, "approval", "cap")
    in_papers(hand)
    hand.click(hand.find(PaperTab, "档案行政检查审批表"))
    hand.press("选用示例陆一鸣的频次上限")
    hand.fill("选用的原因", "示例：以计划为准")
    hand.key("Ctrl+Return")
    assert only(hand, "approval").fields["cap"] == "每年2次" and not only(hand, "approval").conflict


def test_a_copy_is_chosen_for_printing(desk_hand: Hand) -> None:
    hand = desk_hand
    desk = hand.window.desk
    notice = case(hand).formal("notice")[0]
    assert [c.name for c in notice.copies] == ["被检查单位", "存卷"]
    hand.click(hand.find(PaperTab, "档案行政检查告知书"))
    pick = stage(hand).papers.copy
    assert pick.isVisible() and [pick.input.itemText(n) for n in range(pick.input.count())] == [
        "第1联　被检查单位", "第2联　存卷", "归档原件",
    ]  # fmt: skip
    assert papers.pdf_of(desk.book, CASE, notice.id, 1) != papers.pdf_of(desk.book, CASE, notice.id)
