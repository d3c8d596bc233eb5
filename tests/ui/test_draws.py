"""Registers, plans, clues and a whole draw, worked by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QComboBox, QPlainTextEdit

from inspector_app.actions import draw, register_file
from inspector_app.tour.hand import Hand
from inspector_app.ui.screens import draw_sheets, register_sheets
from inspector_app.ui.screens.draws import DrawScreen
from inspector_app.ui.screens.units import UnitsScreen
from inspector_app.ui.widgets.notices import Sheet
from inspector_app.ui.widgets.text import Text
from inspector_app.workbooks import registers


def go(hand: Hand, place: str) -> None:
    hand.window.desk.open(place)
    hand.settle()


def said(hand: Hand) -> str:
    """Everything that is on view in words."""
    return "\n".join(text.accessibleName() for text in hand.all(Text))


def chosen(hand: Hand, name: str, value: str) -> None:
    """Choose a value of a list as a hand does."""
    box = hand.find(QComboBox, name)
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


def units(hand: Hand) -> UnitsScreen:
    screen = hand.window.screens["units"]
    assert isinstance(screen, UnitsScreen)
    return screen


def draws(hand: Hand) -> DrawScreen:
    screen = hand.window.screens["draws"]
    assert isinstance(screen, DrawScreen)
    return screen


def proceed(hand: Hand) -> None:
    """The one next act of the draw."""
    draws(hand).go_on()
    hand.settle()


def test_a_unit_with_what_is_known_of_it(hand: Hand) -> None:
    go(hand, "units")
    screen = units(hand)
    hand.fill("按名称、类型、代码查找", "发展和改革")
    assert "1 / 37" in said(hand)
    assert "库房迁到南泉路106号3楼" in said(hand)
    hand.press("登记事项")
    chosen(hand, "事项", "星级评定")
    chosen(hand, "星级", "5")
    hand.fill("内容", "示例：复评")
    hand.key("Ctrl+Return")
    assert "2026年五星、2022年三星" in said(hand)
    hand.press("撤下 2026年3月16日星级评定")
    hand.fill("撤下的原因", "示例：登记错了")
    hand.key("Ctrl+Return")
    assert "五星" not in said(hand)
    hand.press("改登记")
    chosen(hand, "风险", "低")
    hand.key("Ctrl+Return")
    unit = next(unit for unit in screen.desk.queries.units() if unit.id == "u26")
    assert (unit.risk, unit.name) == ("低", "示例区发展和改革委员会")
    hand.fill("按名称、类型、代码查找", "没有这一家")
    hand.press("看全部")
    assert "共 37 家" in said(hand)


def test_an_officer_with_hours_and_recusals(hand: Hand) -> None:
    go(hand, "units")
    hand.press("人员")
    hand.fill("按名称、类型、代码查找", "许可")
    assert "24 学时，应有 60 学时" in said(hand)
    hand.press("登记事项")
    hand.fill("学时", "36")
    hand.fill("内容", "示例：专业法")
    hand.key("Ctrl+Return")
    assert "60 学时，应有 60 学时" in said(hand)
    hand.press("登记事项")
    chosen(hand, "事项", "回避关系")
    chosen(hand, "应回避的单位", "u30")
    hand.fill("内容", "近亲属任职")
    hand.fill("到哪一天为止", "2028年1月1日")
    hand.key("Ctrl+Return")
    assert "示例区科学技术委员会，近亲属任职，到2028年1月1日" in said(hand)


def test_a_workbook_is_looked_at_before_it_is_entered(hand: Hand, tmp_path: Path) -> None:
    go(hand, "units")
    desk = hand.window.desk
    target = register_file.write_file(desk.book, tmp_path / "登记表.xlsx")
    known = desk.queries.units()
    changed = [replace(known[0], phone="021-1"), replace(known[1], credit_code=known[1].credit_code[:-1] + "?")]
    target.write_bytes(registers.write([*changed, *known[2:]], desk.queries.officers()))
    register_sheets.take_in(hand.window, desk, target)
    hand.settle()
    assert "单位 1 家，人员 0 名" in said(hand)
    assert "单位 B3：统一社会信用代码" in said(hand)
    hand.press("登记 1 行")
    assert desk.queries.register().units[known[0].id].phone == "021-1"
    register_sheets.take_in(hand.window, desk, tmp_path / "没有.xlsx")
    hand.settle()
    assert "不能用" in hand.problem()


def test_a_draw_from_sealing_to_inspections(hand: Hand, tmp_path: Path) -> None:
    go(hand, "draws")
    desk = hand.window.desk
    hand.press("封存名录库")
    hand.fill("抽几家", "很多")
    hand.key("Ctrl+Return")
    assert isinstance(sheet := QApplication.activeModalWidget(), Sheet) and "填数字" in sheet.problem.text()
    hand.fill("抽几家", "3")
    hand.key("Ctrl+Return")
    held = desk.queries.planning().draws[0]
    assert draw_sheets.spaced(held.digest) in said(hand)
    proceed(hand)
    hand.fill("监督人", "示例何静")
    hand.fill("监督人当场报的 8 位数", "40718253")
    hand.key("Ctrl+Return")
    assert "重算相同" in {tag.accessibleName() for tag in hand.all(type(hand.window.top.trial))}
    held = desk.queries.planning().draws[0]
    file = draw.export_file(desk.book, held.id, tmp_path / "draw.json")
    draw_sheets.replay(hand.window, desk, held, file)
    hand.settle()
    assert f"相同：{len(held.made[0].lines)} 行逐字一致" in said(hand)
    hand.press("看完了")
    file.write_text(file.read_text("utf-8").replace("抽中第1家", "抽中第9家"), "utf-8")
    draw_sheets.replay(hand.window, desk, held, file)
    hand.settle()
    assert "行不同" in said(hand)
    hand.press("看完了")
    for name in ("示例沈岚", "示例陆一鸣", "示例何静"):
        proceed(hand)
        hand.fill("姓名", name)
        hand.key("Ctrl+Return")
    proceed(hand)
    hand.key("Ctrl+Return")
    assert "已公布：区政府门户网站" in said(hand)
    proceed(hand)
    hand.press("列入 3 件检查")
    held = desk.queries.planning().draws[0]
    assert held.inspections is not None and len(held.inspections) == 3
    assert {v.plan for v in desk.queries.inspections() if v.id in held.inspections.values()} == {held.plan}


def test_a_draw_that_is_dropped_stays_in_sight(hand: Hand) -> None:
    go(hand, "draws")
    hand.press("封存名录库")
    hand.key("Ctrl+Return")
    hand.press("作废这次抽取")
    hand.fill("作废的原因", "示例：名录库有误")
    hand.key("Ctrl+Return")
    assert "作废：示例：名录库有误" in said(hand)
    assert not draws(hand).next.isVisible()


def test_a_plan_is_drawn_up_approved_and_made_public(hand: Hand) -> None:
    go(hand, "draws")
    hand.press("计划")
    assert "要查 30 家，已列入 25 家，已到场 0 家" in said(hand)
    hand.press("拟定计划")
    chosen(hand, "计划类别", "special")
    for field, text in (("计划名称", "示例专项计划"), ("依据", "示例依据"), ("检查对象范围", "档案服务企业"), ("范围内几家", "2"),
                        ("要查几家", "3")):  # fmt: skip
        hand.fill(field, text)
    hand.find(QPlainTextEdit, "检查项目").setPlainText("保密管理")
    hand.key("Ctrl+Return")
    assert isinstance(sheet := QApplication.activeModalWidget(), Sheet) and "范围里有 2 家" in sheet.problem.text()
    hand.fill("要查几家", "1")
    hand.key("Ctrl+Return")
    hand.press("登记批准：示例专项计划")
    hand.fill("批准人", "示例周敏")
    hand.key("Ctrl+Return")
    assert "2026年4月16日以前公布" in said(hand)
    hand.press("登记公布：示例专项计划")
    hand.key("Ctrl+Return")
    assert "2026年3月16日，区政府门户网站" in said(hand)


@pytest.mark.parametrize("open_it", [True, False])
def test_a_clue_leads_to_an_inspection_or_says_why_not(hand: Hand, open_it: bool) -> None:
    go(hand, "draws")
    hand.press("线索")
    assert "库房漏水" in said(hand)
    if open_it:
        hand.press("按线索检查：")
        for name in ("示例沈岚", "示例陆一鸣"):
            hand.press(name)
        hand.key("Ctrl+Return")
        case = hand.window.desk.queries.case(hand.window.desk.case_id)
        assert (case.kind, case.source, case.unit.id) == ("clue_based", "2026年2月26日举报", "u28")
    else:
        hand.press("不检查：")
        hand.fill("不检查的原因", "示例：已由别的部门处理")
        hand.key("Ctrl+Return")
        assert "不检查的原因：示例：已由别的部门处理" in said(hand)
    assert not [clue for clue in hand.window.desk.queries.planning().clues if clue.is_open]
