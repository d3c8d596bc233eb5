"""法规 by one key from anywhere: what is found, cited, taken in, and what changed."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from inspector_app.tour.hand import Hand
from inspector_app.ui.screens.law_sheet import EXAMPLES, LawSheet
from inspector_app.ui.widgets.notices import Sheet

LAW = "中华人民共和国档案法实施条例"


def sheet_of(hand: Hand) -> LawSheet:
    sheet = hand.root
    assert isinstance(sheet, LawSheet)
    return sheet


def test_a_word_is_found_and_its_citation_copied(hand: Hand) -> None:
    hand.key("F3")
    hand.type("温湿度调控")
    sheet = sheet_of(hand)
    assert [found.citation for found in sheet.model.found] == [f"《{LAW}》第二十二条"]
    assert sheet.citation.text() == f"《{LAW}》第二十二条" and "本机没有" in sheet.text.text()
    hand.key("Return")
    assert not isinstance(hand.root, Sheet)
    assert QGuiApplication.clipboard().text() == f"《{LAW}》第二十二条"


def test_each_example_of_the_empty_field_finds_something(hand: Hand) -> None:
    hand.key("F3")
    sheet = sheet_of(hand)
    assert all(example in sheet.sought.input.placeholderText() for example in EXAMPLES)
    for example in EXAMPLES:
        hand.fill("找词", example)
        assert sheet.model.found, example


def test_an_old_citation_says_what_holds_now(hand: Hand) -> None:
    hand.key("F3")
    hand.type("档案法实施办法第九条")
    sheet = sheet_of(hand)
    assert sheet.citation.text() == "《中华人民共和国档案法实施办法》" and f"现为《{LAW}》" in sheet.source.text()
    assert "不在施行" in sheet.standing.accessibleName()
    hand.key("Return")
    assert hand.root is sheet and "不在施行，不能引用" in sheet.problem.text()


def test_what_is_not_in_force_or_no_article_is_not_cited(hand: Hand, tmp_path: Path) -> None:
    path = tmp_path / "旧文.md"
    path.write_text("# 中华人民共和国档案法实施办法\n第九条 独有的词\n", "utf-8")
    letter = tmp_path / "示例通知.txt"
    letter.write_text("示例通知\n另一个独有词\n", "utf-8")
    hand.key("F3")
    sheet = sheet_of(hand)
    sheet.take([path, letter])
    hand.settle()
    assert "2 部全文" in sheet.count.text()
    for word, said in (("独有的词", "不在施行"), ("另一个独有词", "没有条号")):
        hand.fill("找词", word)
        hand.key("Return")
        assert hand.root is sheet and said in sheet.problem.text()
    hand.fill("找词", "没有这样的词")
    assert sheet.problem.isHidden() and "没有查到" in sheet.count.text()
    hand.key("Return")
    assert hand.root is sheet


def test_a_citation_goes_into_the_field_that_one_was_in(hand: Hand) -> None:
    """From a sheet too, whatever it is about."""
    hand.window.desk.open("units")
    hand.settle()
    hand.press("登记单位")
    hand.fill("地址", "依据")
    hand.key("F3")
    hand.type("档案法19")
    hand.key("Down")
    hand.key("Return")
    field = QApplication.focusWidget()
    assert field is not None and field.property("text") == "依据《中华人民共和国档案法》第十九条"


def test_texts_are_listed_removed_and_their_changes_told(hand: Hand, tmp_path: Path) -> None:
    for year, text in (("2020", "甲"), ("2024", "乙")):
        (tmp_path / f"示例({year}-01-01).md").write_text(f"# {LAW}\n第十八条 {text}\n", "utf-8")
    hand.key("F3")
    sheet = sheet_of(hand)
    sheet.take([tmp_path / "示例(2020-01-01).md"])
    hand.settle()
    sheet.take([tmp_path / "示例(2024-01-01).md"])
    hand.settle()
    assert hand.read("(条文变了：第十八条)") and hand.read("(检查表　机关)")
    hand.press("看完了")
    assert sheet.found is not None
    hand.fill("找词", "实施条例18")
    assert sheet.text.text() == "乙", "the newest version is read"
    hand.press("本机全文")
    hand.press("移除")
    assert hand.read("(已移除|　2020-01-01　)")
    hand.press("看完了")
    assert sheet.text.text() == "甲"
    hand.press("法规变动")
    assert hand.read("(没有发布过)")
    hand.press("看完了")
