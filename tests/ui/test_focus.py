"""Where the keyboard is: it is never lost, walks as one reads, and rows stay in view."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from inspector_app.actions import findings, trial
from inspector_app.actions.card import files_of
from inspector_app.domain.problems import Problem
from inspector_app.evidence.photo import glance
from inspector_app.tour.hand import Hand
from inspector_app.ui import theme
from inspector_app.ui.screens.case import CaseScreen
from inspector_app.ui.screens.checklist import ChecklistStage
from inspector_app.ui.screens.findings import FindingsStage
from inspector_app.ui.widgets.buttons import Button
from inspector_app.ui.widgets.initials import initials
from inspector_app.ui.widgets.item_row import ItemRow, Strip
from inspector_app.ui.window import Window
from inspector_app.ui.words import brief
from tests.office import CASE, card, laid_out, visited


def name() -> str:
    focused = QApplication.focusWidget()
    assert focused is not None
    return focused.accessibleName()


def stage(hand: Hand) -> QWidget:
    screen = hand.window.screens["case"]
    assert isinstance(screen, CaseScreen)
    return screen.stage


def checklist(hand: Hand) -> ChecklistStage:
    found = stage(hand)
    assert isinstance(found, ChecklistStage)
    return found


def in_view(hand: Hand) -> bool:
    """Whether the whole current row can be seen."""
    row = checklist(hand).rows[checklist(hand).item]
    return row.visibleRegion().boundingRect() == row.rect()


@pytest.fixture
def decided(open_window: Callable[..., Window], tmp_path: Path) -> Hand:
    """A window at 处理 with findings to be confirmed."""
    window = open_window(laid_out(visited, tmp_path))
    window.desk.open("case", CASE)
    window.desk.open_stage(5)
    hand = Hand(window)
    hand.settle()
    return hand


def test_the_current_row_is_in_view(case_hand: Hand) -> None:
    """When a section opens, after U, after a restart at an item in the middle, also in a low window."""
    case_hand.window.resize(1280, 640)
    case_hand.settle()
    for code in ("E11", "A08", "L05"):
        checklist(case_hand).go_to(code)
        case_hand.settle()
        assert in_view(case_hand), code
    case_hand.key("U")
    assert in_view(case_hand)
    case_hand.key("Ctrl+2")
    case_hand.key("Ctrl+3")
    assert in_view(case_hand)


def test_the_digits_beside_the_reasons_answer_and_go_on(case_hand: Hand) -> None:
    case_hand.key("4")
    case_hand.key("2")
    fact = case_hand.window.desk.queries.case(CASE).item("A01")
    assert fact is not None and (fact.value, fact.reason) == ("不适用", "本单位没有这项业务")
    assert checklist(case_hand).item == "A02"
    case_hand.key("4")
    case_hand.type("见2号库房记录")
    case_hand.key("Return")
    fact = case_hand.window.desk.queries.case(CASE).item("A02")
    assert fact is not None and fact.reason == "见2号库房记录", "in a begun text a digit is text"


def test_the_card_that_asks_is_on_view(case_hand: Hand) -> None:
    case_hand.window.resize(1100, 600)
    case_hand.key("4")
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit) and not field.visibleRegion().isEmpty()
    case_hand.key("Escape")
    case_hand.key("1")
    assert checklist(case_hand).item == "A02"


def test_filters_show_items_of_all_sections(case_hand: Hand) -> None:
    checklist(case_hand).go_to("B02")
    case_hand.settle()
    case_hand.key("3")
    case_hand.press("不符合 1")
    assert list(checklist(case_hand).rows) == ["B02"]
    case_hand.press("不符合 1")
    assert "B03" in checklist(case_hand).rows
    case_hand.key("Ctrl+Return")
    assert len(checklist(case_hand).rows) == len(checklist(case_hand).codes) - 1, "what is open, all of it"
    assert "B02" not in checklist(case_hand).rows
    assert in_view(case_hand)


def test_rows_that_are_filled_anew_stand_for_their_items_alone(case_hand: Hand) -> None:
    """A row is used again for another item: nothing of the one before stays, and what is left over is not on view."""
    found = checklist(case_hand)
    found.show_only("未答")  # more rows than any section has
    case_hand.settle()
    found.go_to("A02")
    case_hand.settle()
    case_hand.key("3")
    for section in (*found.sections, next(iter(found.sections))):
        found.show_only("")
        found.open_section(section)
        case_hand.settle()
        seen = sorted((row for row in found.findChildren(ItemRow) if row.isVisible()), key=lambda row: row.y())
        assert seen == list(found.rows.values()), section
        assert [row.y() for row in seen[1:]] == [row.y() + row.height() for row in seen[:-1]]
        for code, row in found.rows.items():
            assert row.code == code and {b.accessibleName().split()[0] for b in row.bar.buttons.values()} == {code}
        strips = [row.code for row in seen if any(strip.isVisible() for strip in row.findChildren(Strip))]
        assert strips == (["A02"] if found.item == "A02" else []), section


def test_focus_stays_with_the_work(case_hand: Hand) -> None:
    case_hand.key("F")
    case_hand.key("3")
    assert QApplication.focusWidget() is checklist(case_hand)
    for place in ("Ctrl+1", "Ctrl+2", "Ctrl+4", "Ctrl+5", "Ctrl+6", "Ctrl+7", "Ctrl+8", "Ctrl+0"):
        case_hand.key(place)
        focused = QApplication.focusWidget()
        assert focused is not None and (focused is stage(case_hand) or stage(case_hand).isAncestorOf(focused)), place
    for place, screen in (("Alt+1", "today"), ("Alt+2", "inspections"), ("Alt+3", "publicity"), ("Alt+4", "draws"),
                          ("Alt+5", "units"), ("Alt+6", "statistics"), ("Alt+7", "sync"), ("Alt+8", "settings")):  # fmt: skip
        case_hand.key(place)
        focused = QApplication.focusWidget()
        here = case_hand.window.screens[screen]
        assert focused is not None and (focused is here or here.isAncestorOf(focused)), place


def test_focus_outlives_a_rebuild(decided: Hand) -> None:
    """The same button again after its panel was built anew: the next Space does not leave the case."""
    edit = next(b for b in decided.all(QWidget) if b.accessibleName() == "改这个问题")
    edit.setFocus()
    decided.key("Space")
    decided.key("Ctrl+A")
    decided.type("换一种说法。")
    decided.key("Ctrl+Return")
    assert name() == "改这个问题"
    found = stage(decided)
    assert isinstance(found, FindingsStage)
    card = next(iter(found.cards.values()))
    card.setFocus()
    code = card.accessibleName()[:3]
    book = decided.window.desk.book
    decided.window.desk.act(findings.confirm, book, CASE, [found.current])
    decided.settle()
    assert name().startswith(code) and name().endswith("已确认")


def test_findings_are_confirmed_one_by_one(decided: Hand) -> None:
    found = stage(decided)
    assert isinstance(found, FindingsStage)
    first = found.current
    decided.key("Ctrl+Return")
    case = decided.window.desk.queries.case(CASE)
    assert [f.id for f in case.findings if f.confirmed] == [first]
    assert found.current != first, "the next one is shown before it can be confirmed"


def test_f6_walks_the_regions_and_f1_closes_its_table(case_hand: Hand) -> None:
    seen = []
    for _ in range(7):
        case_hand.key("F6")
        focused = QApplication.focusWidget()
        assert focused is not None
        seen.append(focused)
    assert len(set(seen)) == 7, "rail, top bar, stage rail, sections, list, detail, foot"
    assert checklist(case_hand) in seen
    case_hand.key("F1")
    assert case_hand.window.keys.isVisible()
    case_hand.key("F1")
    assert not case_hand.window.keys.isVisible()
    assert case_hand.root is case_hand.window


def test_lists_without_buttons_scroll_by_keys(hand: Hand) -> None:
    window = hand.window
    window.resize(1100, 600)
    window.desk.open("case", CASE)
    window.desk.open_stage(0)
    hand.settle()
    body = QApplication.focusWidget()
    assert body is not None and body.accessibleName() == "检查安排"
    bar = body.verticalScrollBar()  # type: ignore[attr-defined]
    assert bar.maximum() > 0
    for key in ("Down", "PageDown"):
        before = bar.value()
        hand.key(key)
        assert bar.value() > before, key
    hand.key("Home")
    assert bar.value() == 0
    hand.key("End")
    assert bar.value() == bar.maximum()


def test_tab_reaches_what_stands_before_the_place_where_a_screen_begins(hand: Hand) -> None:
    """The filter and the main act over a list, the stages over a stage; and it walks on as one reads."""

    def walk() -> list[str]:
        seen: list[str] = []
        while not seen or name() != seen[0]:
            seen.append(name())
            hand.key("Tab")
        return seen

    hand.key("Alt+2")
    assert {"按单位、人员、步骤筛选", "新建检查"} <= set(walk())
    hand.window.desk.open("case", CASE)
    hand.key("Ctrl+1")
    seen = walk()
    assert seen.index("检查安排") < seen.index("导出自查表") < seen.index("到现场") < seen.index("文书预览")
    assert any(each.startswith("第 1 步") for each in seen)


def test_the_ring_is_for_who_works_by_keys(hand: Hand) -> None:
    hand.key("Alt+8")
    hand.press("浅色")
    clicked = QApplication.focusWidget()
    assert isinstance(clicked, Button) and not clicked.ringed
    hand.key("Tab")
    walked = QApplication.focusWidget()
    assert isinstance(walked, Button) and walked.ringed and not clicked.ringed
    hand.click(walked)
    walked.hide()
    further = QApplication.focusWidget()
    assert isinstance(further, Button) and further is not walked and not further.ringed


def test_escape_leaves_the_words_of_the_unit(case_hand: Hand) -> None:
    case_hand.key("Ctrl+5")
    note = case_hand.find(QPlainTextEdit, "单位意见")
    note.setFocus()
    case_hand.type("情况属实。")
    case_hand.key("Escape")
    assert QApplication.focusWidget() is not note
    assert case_hand.window.desk.queries.case(CASE).visit.remarks == "情况属实。"


def test_enter_accepts_a_sheet(case_hand: Hand) -> None:
    case_hand.key("Alt+8")
    case_hand.press("作废一个文号")
    case_hand.key("Return")
    assert "号段" in case_hand.read("(文号“.*)")
    case_hand.key("Escape")
    assert case_hand.root is case_hand.window


def test_type_size_takes_effect_at_once(hand: Hand) -> None:
    hand.key("Alt+8")
    old = hand.window.rail.width()
    hand.press("130%")
    assert theme.look.scale == 1.3 and hand.window.rail.width() == theme.look.px(76) > old
    assert hand.window.current == "settings" and name() == "130%"
    hand.key("Alt+1")
    assert hand.window.current == "today"


def test_f7_goes_back_to_what_was_chosen(hand: Hand) -> None:
    hand.window.set_theme("high_contrast")
    hand.key("F7")
    assert theme.look.name == "dark"
    hand.key("F7")
    assert theme.look.name == "high_contrast"
    hand.window.set_theme("light")


def test_a_key_without_focus_is_a_fault_of_the_window(hand: Hand) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    focused.clearFocus()
    with pytest.raises(LookupError, match="nothing has the focus"):
        hand.key("1")


def test_initials_are_those_of_the_pinyin() -> None:
    assert initials("拍照") == "pz"
    assert initials("示例区水务局") == "slqswj"
    assert initials("第 3 步 Ctrl") == "d3bctrl"


def test_long_lists_of_numbers_are_said_briefly() -> None:
    assert brief(("ZJ-001", "ZJ-002")) == "ZJ-001、ZJ-002"
    assert brief([f"ZJ-{n:03}" for n in range(1, 7)]) == "ZJ-001 等 6 件"


def test_the_tray_finds_photos_below_and_names_what_is_damaged(tmp_path: Path) -> None:
    good = card(1)[0].read_bytes()
    (tmp_path / "DCIM" / "100TEST").mkdir(parents=True)
    (tmp_path / "DCIM" / "100TEST" / "IMG_1.JPG").write_bytes(good)
    (tmp_path / "cut.jpg").write_bytes(good[:2000])
    (tmp_path / "notes.txt").write_text("no photo")
    assert [p.name for p, _ in files_of([tmp_path])] == ["IMG_1.JPG", "cut.jpg"]
    assert glance(tmp_path / "DCIM" / "100TEST" / "IMG_1.JPG")[:2] == b"\xff\xd8"
    with pytest.raises(Problem) as caught:
        glance(tmp_path / "cut.jpg")
    assert caught.value.code == "photo_damaged"


def test_after_the_pin_the_next_step_has_the_focus(hand: Hand) -> None:
    window = hand.window
    window.desk.open("case", CASE)
    window.desk.open_stage(1)
    hand.settle()
    hand.key("Ctrl+Return")
    hand.key("Ctrl+Return")
    hand.type(trial.SECRET)
    hand.key("Return")
    focused = QApplication.focusWidget()
    assert focused is not None and stage(hand).isAncestorOf(focused), focused
    assert window.desk.queries.case(CASE).visit.credentials_shown is not None
