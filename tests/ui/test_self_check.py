"""The unit's self-assessment in the window, and the inspection code from a picture."""

from __future__ import annotations

from pathlib import Path

import segno
from PIL import Image
from PySide6.QtWidgets import QLineEdit

from inspector_app.tour.hand import Hand
from inspector_app.ui.screens import begin, self_check
from inspector_app.ui.widgets.fields import Field
from inspector_app.ui.widgets.text import Text
from tests.actions.test_self_assessment import filled
from tests.office import CASE, arrive


def said(hand: Hand) -> str:
    return " ".join(text.text() for text in hand.all(Text))


def test_what_the_unit_said_is_taken_in_and_stands_beside_the_item(hand: Hand, tmp_path: Path) -> None:
    desk = hand.window.desk
    desk.open("case", CASE)
    desk.open_stage(0)
    hand.settle()
    assert "请单位在检查以前自查" in said(hand)
    path = filled(desk.open_session, tmp_path, {"A01": ("符合", "示例：制度齐全"), "E03": ("不符合", "")})
    self_check.take_in(hand.window, desk, desk.queries.case(CASE), path)
    hand.settle()
    assert "填了 2 项：符合 1，不符合 1" in said(hand)
    hand.press("导入自查结果")
    assert "符合 1，不符合 1（示例吴晓，2026年3月1日填）" in said(hand)
    hand.press(f"先看 {len(desk.queries.form(desk.queries.case(CASE)).items) - 1} 项")
    assert "自查不符合" in said(hand) or "E03" in said(hand)
    hand.press("看完了")
    arrive(desk.book)
    desk.item_by_case[CASE] = "A01"
    desk.open_stage(2)
    hand.settle()
    assert "单位自查：符合。示例：制度齐全" in said(hand)
    hand.key("3")
    assert "单位自查：符合，与检查结果不同" in said(hand)
    hand.key("Ctrl+Z")
    assert "与检查结果不同" not in said(hand)


def test_the_inspection_code_is_read_from_a_picture(hand: Hand, tmp_path: Path) -> None:
    desk = hand.window.desk
    picture = tmp_path / "示例检查码.png"
    segno.make("示例2026-0001").save(str(picture), scale=8, border=4)
    begin.enter_code(hand.window, desk, desk.queries.case(CASE))
    field = hand.find(QLineEdit, "检查码")
    begin.read_code(desk, picture, hand.all(Field)[0])
    hand.settle()
    assert field.text() == "示例2026-0001"


def test_a_picture_without_a_code_is_told(hand: Hand, tmp_path: Path) -> None:
    desk = hand.window.desk
    Image.new("RGB", (400, 400), "white").save(tmp_path / "示例.png")
    begin.enter_code(hand.window, desk, desk.queries.case(CASE))
    begin.read_code(desk, tmp_path / "示例.png", hand.all(Field)[0])
    hand.settle()
    assert "没有认出检查码" in hand.problem()
