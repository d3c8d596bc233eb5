"""A real laptop begins: unit, numbers, inspection, approval, notice, its service; and every refusal in its sheet."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit

from inspector_app.actions import register, sign_in
from inspector_app.actions.laptop import Laptop
from inspector_app.domain.people import Bureau, Credential, Officer
from inspector_app.tour.hand import Hand
from inspector_app.ui.run import make_app, make_window
from inspector_app.ui.screens.case import CaseScreen
from inspector_app.ui.widgets.notices import Sheet
from tests.office import laptop_at

SECRET = "一个足够长的通行短语示例甲"


def empty_laptop(folder: Path) -> Laptop:
    """Set up with two officers, and nothing else."""
    laptop = laptop_at(folder)
    held = Credential(
        "09120017", laptop.clock.now().at.date().replace(year=2025), laptop.clock.now().at.date().replace(year=2029)
    )
    session = sign_in.set_up(laptop, Bureau("示例区档案局", "示档", "示例路1号", "021-1", "示例区人民政府", "示例区人民法院"),
                             Officer("p1", "示例沈岚", "主任科员", held), SECRET)  # fmt: skip
    register.register_officer(
        session.book, Officer("p2", "示例陆一鸣", "科员", Credential("09120018", held.valid_from, held.valid_to))
    )
    session.close()
    return laptop


@pytest.fixture
def real(qapp: object, tmp_path: Path) -> Hand:
    laptop = empty_laptop(tmp_path / "laptop")
    window = make_window(make_app(laptop.folder), laptop)
    window.show()
    window._entered(sign_in.sign_in(laptop, "p1", SECRET))
    hand = Hand(window)
    hand.settle()
    return hand


def sheet_says(hand: Hand) -> str:
    sheet = QApplication.activeModalWidget()
    assert isinstance(sheet, Sheet)
    return sheet.problem.text()


def test_from_nothing_to_the_door(real: Hand) -> None:
    desk = real.window.desk
    desk.open("inspections")
    real.settle()
    real.press("新建检查")
    assert "登记单位" in real.problem()
    desk.open("units")
    real.settle()
    real.press("登记单位")
    real.fill("单位名称", "示例区水务局")
    real.fill("统一社会信用代码", "11310112MB0000000X")
    real.key("Ctrl+Return")
    assert "校验位不对" in sheet_says(real)
    real.fill("统一社会信用代码", "11310112000000017C")
    real.key("Ctrl+Return")
    if QApplication.activeModalWidget() is not None:
        raise AssertionError(sheet_says(real))
    desk.open("settings")
    real.settle()
    real.press("登记文号段")
    real.fill("首号", "9")
    real.fill("末号", "3")
    real.key("Ctrl+Return")
    assert "末号小于首号" in sheet_says(real)
    for last, said in (("9" * 40, "末号（填数字）"), ("999999999", "超过 10000 个")):
        real.fill("末号", last)
        real.key("Ctrl+Return")
        assert said in sheet_says(real), "a slip of the finger is no block of a thousand million numbers"
    real.fill("年份", "20226")
    real.key("Ctrl+Return")
    assert "四位数字" in sheet_says(real)
    real.fill("年份", "2026")
    real.fill("末号", "20")
    real.key("Ctrl+Return")
    real.press("登记文号段")
    real.fill("首号", "12")
    real.fill("末号", "30")
    real.key("Ctrl+Return")
    assert "登记过" in sheet_says(real)
    real.key("Escape")
    desk.open("inspections")
    real.settle()
    real.key("Ctrl+Return")
    real.fill("日期", "2026年3月16日")
    real.fill("开始", "9" * 40)
    real.key("Ctrl+Return")
    assert "9:00" in sheet_says(real)
    real.fill("开始", "16:00")
    real.fill("结束", "9:00")
    real.fill("地点", "示例区南泉路81号")
    real.key("Ctrl+Return")
    assert "早于" in sheet_says(real)
    real.fill("开始", "9:00")
    real.fill("结束", "16:00")
    real.key("Ctrl+Return")
    assert real.window.current == "case"
    case = desk.queries.case(desk.case_id)
    assert (case.unit.name, [o.name for o in case.officers]) == ("示例区水务局", ["示例沈岚", "示例陆一鸣"])
    real.press("登记审批")
    real.key("Ctrl+Return")
    assert "批准人" in sheet_says(real)
    real.fill("批准人", "示例周敏")
    real.key("Ctrl+Return")
    assert desk.queries.case(desk.case_id).approved_by == "示例周敏"
    real.key("Ctrl+Return")
    real.key("Ctrl+Return")
    assert not real.problem()
    notice = desk.queries.case(desk.case_id).paper("notice")
    assert notice is not None and not notice.draft
    real.press("登记送达")
    real.fill("收件人", "示例吴晓")
    real.fill("送达地点", "示例区南泉路81号")
    real.press("登记送达")
    assert not real.problem()
    desk.open_stage(0)
    real.settle()
    real.press("到现场")
    screen = real.window.screens["case"]
    assert isinstance(screen, CaseScreen) and screen.stage_index == 1
    real.window.close()
    real.window.desk.tasks.close()


def test_a_half_typed_unit_is_there_again(real: Hand) -> None:
    real.window.desk.open("units")
    real.settle()
    real.press("登记单位")
    real.fill("单位名称", "示例区写了一半的单位")
    real.key("Escape")
    real.press("登记单位")
    assert real.find(QLineEdit, "单位名称").text() == "示例区写了一半的单位"
    real.key("Escape")
    real.window.close()
    real.window.desk.tasks.close()
