"""取证 by keys and mouse: the gallery, its filters and search, marks, large and compared pictures, and the ways out of it."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot

from inspector_app.actions import check, evidence, findings, papers, plan
from inspector_app.domain.calendar import zh_date
from inspector_app.domain.event import Draft
from inspector_app.domain.evidence import BLOCKED, CLEARED, Evidence, Mark, Shape
from inspector_app.domain.inspection import Kind
from inspector_app.tour.hand import Hand
from inspector_app.ui.screens.annotate import AnnotateSheet
from inspector_app.ui.screens.case import CaseScreen
from inspector_app.ui.screens.compare import BESIDE, OVER, LargeSheet
from inspector_app.ui.screens.evidence import EvidenceStage
from inspector_app.ui.widgets.canvas import Canvas, View
from inspector_app.ui.widgets.fields import Combo
from inspector_app.ui.widgets.text import Text
from tests.evidence.containers import wave
from tests.office import CASE, card
from tests.patience import WAIT
from tests.ui.test_codecs import players
from tests.ui.test_screens import faults


@pytest.fixture
def stage(case_hand: Hand) -> EvidenceStage:
    """Five photos: three of E03, which is a finding, and two of nothing; the gallery has the focus."""
    book = case_hand.window.desk.book
    check.answer(book, CASE, "E03", "不符合")
    check.note(book, CASE, "E03", "东南角吊顶渗水")
    evidence.add_photos(book, CASE, card(3), item="E03")
    evidence.add_photos(book, CASE, card(5)[3:])
    findings.record(book, CASE, "E03")
    return at_gallery(case_hand)


def at_gallery(hand: Hand) -> EvidenceStage:
    hand.window.desk.open_stage(3)
    hand.settle()
    stage = where(hand)
    assert isinstance(stage, EvidenceStage)
    stage.gallery.setFocus()
    return stage


def where(hand: Hand) -> object:
    screen = hand.window.screens["case"]
    assert isinstance(screen, CaseScreen)
    return screen.stage


def piece(hand: Hand, n: int = 0) -> Evidence:
    return hand.window.desk.queries.case(CASE).evidence[n]


def on_view(stage: EvidenceStage) -> list[str]:
    return [each.number for each in stage.gallery.model_.pieces]


def sheet() -> object:
    return QApplication.activeModalWidget()


def seen_at(canvas: Canvas) -> tuple[int, int, int]:
    """The colour in the middle of a canvas of 400 x 300."""
    colour = canvas.grab().toImage().pixelColor(200, 150)
    return colour.red(), colour.green(), colour.blue()


def reads(hand: Hand, words: str) -> bool:
    return any(words in text.text() for text in hand.all(Text))


# -- the gallery ----------------------------------------------------------------------------------------------


def test_filters_count_and_show_what_they_say(stage: EvidenceStage, hand: Hand) -> None:
    every = on_view(stage)
    assert (
        len(every) == 5 and stage.pills["待保密审查"].text() == "待保密审查 5" and not stage.pills["录像"].isVisible()
    )
    hand.press("未关联 2")
    assert on_view(stage) == every[3:] and stage.current == every[3]
    hand.press("全部")
    evidence.withdraw(hand.window.desk.book, CASE, every[0], "拍摄模糊")
    hand.window.desk.changed.emit()
    hand.settle()
    assert on_view(stage) == every[1:]
    hand.press("已撤下 1")
    assert on_view(stage) == every[:1] and reads(hand, "已撤下：拍摄模糊。原件和记录都在。")


def test_two_characters_are_found_and_escape_shows_all(stage: EvidenceStage, hand: Hand) -> None:
    every = on_view(stage)
    hand.key("Ctrl+F")
    hand.type("渗水")
    assert on_view(stage) == every[:3]
    hand.type(" 没有的")
    assert on_view(stage) == [] and reads(hand, "没有符合条件的证据")
    stage.setFocus()
    hand.key("Escape")
    assert on_view(stage) == every


def test_pictures_come_by_themselves_and_are_forgotten_with_the_session(stage: EvidenceStage, hand: Hand) -> None:
    shown = stage.pictures.of(piece(hand), 320)
    assert shown is not None and not shown.isNull() and max(shown.width(), shown.height()) <= 320
    hand.window.desk.leaving.emit()
    assert stage.pictures.of(piece(hand), 320) is None


def test_arrows_walk_and_the_panel_follows(stage: EvidenceStage, hand: Hand) -> None:
    every = on_view(stage)
    stage.gallery.reveal(every[0])
    hand.key("Right")
    assert stage.current == every[1] and reads(hand, every[1])
    assert "原图未改动" in [text.text() for text in hand.all(Text)]


# -- the chosen piece -----------------------------------------------------------------------------------------


def test_views_and_the_check_for_secrets_take_one_key_each(stage: EvidenceStage, hand: Hand) -> None:
    stage.gallery.reveal(piece(hand).number)
    hand.key("3")
    assert piece(hand).view == "重点部位"
    hand.key("1")
    hand.key("M")
    assert (piece(hand).view, piece(hand).secrecy, piece(hand).secrecy_by) == ("方位", CLEARED, "示例沈岚")
    hand.key("1")
    assert piece(hand).view == ""
    hand.press("有涉密")
    hand.type("拍到档案题名")
    hand.key("Return")
    assert (piece(hand).secrecy, piece(hand).secrecy_reason) == (BLOCKED, "拍到档案题名")
    assert reads(hand, "有涉密内容，不写入文书")


def test_what_leaves_a_filter_gives_way_to_the_next(stage: EvidenceStage, hand: Hand) -> None:
    every = on_view(stage)
    hand.press("待保密审查 5")
    stage.gallery.reveal(every[1])
    stage.gallery.setFocus()
    hand.key("M")
    assert on_view(stage) == [every[0], *every[2:]] and stage.current == every[2]
    hand.key("M")
    assert (
        stage.current == every[3]
        and [p.secrecy for p in hand.window.desk.queries.case(CASE).evidence].count(CLEARED) == 2
    )


def test_marks_are_drawn_by_keys_alone(stage: EvidenceStage, hand: Hand) -> None:
    stage.gallery.reveal(piece(hand).number)
    hand.key("A")
    opened = sheet()
    assert isinstance(opened, AnnotateSheet)
    hand.key("2")
    hand.key("Return")  # a box in the middle
    hand.key("Left")
    hand.key("Shift+Down")
    hand.key("3")
    hand.key("Return")
    hand.type("渗水处")
    hand.key("Return")
    hand.key("4")
    hand.key("Return")
    hand.key("Delete")
    hand.key("Ctrl+Z")
    hand.key("Ctrl+Z")
    assert [mark.shape for mark in opened.marks] == [Shape.BOX, Shape.TEXT]
    hand.key("Ctrl+Return")
    assert piece(hand).marks == (Mark(Shape.BOX, 0.39, 0.4, 0.59, 0.61), Mark(Shape.TEXT, 0.4, 0.4, 0.4, 0.4, "渗水处"))
    stage.gallery.setFocus()
    hand.key("H")
    assert not piece(hand).marks_shown
    hand.key("Ctrl+Z")
    hand.key("Ctrl+Z")
    assert piece(hand).marks == ()
    hand.key("Ctrl+Y")
    assert len(piece(hand).marks) == 2


def test_a_mark_is_drawn_where_the_mouse_is_dragged(stage: EvidenceStage, hand: Hand) -> None:
    stage.gallery.reveal(piece(hand).number)
    hand.key("A")
    opened = sheet()
    assert isinstance(opened, AnnotateSheet)
    opened.take(Shape.BLUR)
    frame = opened.canvas.frame()
    begin = QPoint(round(frame.x() + frame.width() / 4), round(frame.y() + frame.height() / 4))
    end = QPoint(round(frame.x() + frame.width() / 2), round(frame.y() + frame.height() / 2))
    QTest.mousePress(opened.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, begin)
    QTest.mouseMove(opened.canvas, end)
    QTest.mouseRelease(opened.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)
    QTest.mouseClick(opened.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, begin)  # a slip
    hand.press("存入标注")
    (mark,) = piece(hand).marks
    assert mark.shape is Shape.BLUR
    assert (mark.x0, mark.y0, mark.x1, mark.y1) == pytest.approx((0.25, 0.25, 0.5, 0.5), abs=0.01)


# -- large and compared ---------------------------------------------------------------------------------------


def test_two_chosen_photos_move_and_grow_together(stage: EvidenceStage, hand: Hand) -> None:
    every = on_view(stage)
    stage.gallery.reveal(every[1])
    hand.key("Left")
    hand.key("Shift+Right")
    hand.key("Space")
    opened = sheet()
    assert isinstance(opened, LargeSheet) and opened.mode == BESIDE and opened.right.isVisible()
    hand.key("Plus")
    hand.key("Right")
    assert opened.left.view is opened.right.view and opened.left.view.zoom > 1 and opened.left.view.x > 0.5
    hand.key("0")
    assert opened.left.view.zoom == 1.0
    hand.key("3")
    assert opened.mode == OVER and not opened.right.isVisible() and opened.opacity.isVisible()
    hand.key("Escape")
    assert sheet() is None


def test_photos_are_looked_at_large_one_after_the_other_and_cleared(stage: EvidenceStage, hand: Hand) -> None:
    """Whoever has hundreds to check for secrets leaves the large view for none of them."""
    every = on_view(stage)
    hand.press("待保密审查 5")
    stage.gallery.reveal(every[0])
    stage.gallery.setFocus()
    hand.key("Space")
    opened = sheet()
    assert isinstance(opened, LargeSheet)
    hand.key("PageDown")
    assert opened.left.accessibleName() == f"{every[1]} 大图" and stage.current == every[1]
    if folder := os.environ.get("PICTURES"):
        opened.grab().save(f"{folder}/walk.png")
    hand.key("M")
    assert [p.secrecy for p in hand.window.desk.queries.case(CASE).evidence] == ["", CLEARED, "", "", ""]
    assert opened.left.accessibleName() == f"{every[2]} 大图", "it left the filter, and the next one took its place"
    hand.key("PageUp")
    hand.key("PageUp")
    assert stage.current == every[0], "nothing lies before the first"
    assert sheet() is opened and not opened._image(piece(hand)).isNull()
    hand.key("Escape")
    hand.press("全部 5")
    stage.gallery.reveal(every[0])
    stage.gallery.setFocus()
    hand.key("Space")
    opened = sheet()
    assert isinstance(opened, LargeSheet)
    hand.key("M")
    assert opened.left.accessibleName() == f"{every[0]} 大图" and opened._state.accessibleName() == "说明齐全"
    hand.key("M")
    assert len([e for e in hand.window.desk.book.store.events(CASE) if e.kind == "secrecy_checked"]) == 2


def test_a_sound_is_played_where_a_photo_is_shown_large(
    stage: EvidenceStage, hand: Hand, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "REC.WAV"
    file.write_bytes(wave())
    desk = hand.window.desk
    (number,) = evidence.add_photos(desk.book, CASE, [file]).value.numbers
    desk.changed.emit()
    hand.settle()
    stage.gallery.reveal(number)
    hand.key("Space")
    next(players()).reject()
    qtbot.waitUntil(lambda: next(players(), None) is None, timeout=WAIT)
    hand.press("全部 6")
    stage.gallery.reveal(on_view(stage)[-2])
    stage.gallery.setFocus()
    hand.key("Space")
    opened = sheet()
    assert isinstance(opened, LargeSheet)
    hand.key("PageDown")
    assert opened.left.accessibleName() == f"{on_view(stage)[-2]} 大图", "there is nothing to look at of a sound"


def test_the_last_inspection_stands_beside_though_it_has_the_same_number(stage: EvidenceStage, hand: Hand) -> None:
    book, case = hand.window.desk.book, hand.window.desk.queries.case(CASE)
    before = plan.Plan("2025-01", case.unit, Kind.ROUTINE, case.officers, None, case.planned_from - timedelta(days=400),
                       case.planned_to - timedelta(days=400), case.place, case.checklist)  # fmt: skip
    stream = plan.plan_inspection(book, before).value
    taken = [event for event in book.store.events(CASE) if event.kind == "evidence_taken"]
    body = {**taken[4].body, "number": piece(hand).number, "item": "E03"}
    book.write(Draft(stream, "evidence_taken", body, blobs=taken[4].blobs))
    stage.gallery.reveal(piece(hand).number)
    hand.key("Space")
    opened = sheet()
    assert isinstance(opened, LargeSheet) and opened.mode == BESIDE
    assert opened.other.input.currentText().startswith(f"上次 {zh_date(before.planned_from.date())}")
    assert opened._image(piece(hand)) != opened._image_beside() and not opened._image_beside().isNull()


def test_an_old_photo_lies_half_transparent_over_what_a_camera_sees(qapp: QApplication) -> None:
    frames = iter([QColor("#000000"), QColor("#0000FF")])
    live = QImage(40, 30, QImage.Format.Format_RGB32)
    canvas = Canvas(lambda: live, View(), "示例相机")
    canvas.resize(400, 300)
    old = QImage(40, 30, QImage.Format.Format_RGB32)
    old.fill(QColor("#FF0000"))
    canvas.lay_over(old, 0.5)
    seen = []
    for colour in frames:  # the widget asks for the picture of the moment whenever it paints
        live.fill(colour)
        seen.append(seen_at(canvas))
    assert seen[0] == pytest.approx((127, 0, 0), abs=2) and seen[1] == pytest.approx((127, 0, 127), abs=2)
    canvas.lay_over(QImage(), 0.5)
    assert seen_at(canvas) == (0, 0, 255)


# -- the ways out and back ------------------------------------------------------------------------------------


def test_one_key_leads_to_the_item_the_finding_and_the_paper_and_back(stage: EvidenceStage, hand: Hand) -> None:
    desk = hand.window.desk
    for number in on_view(stage)[3:]:
        evidence.describe(desk.book, CASE, number, {"proves": "库房门牌"})
    papers.issue(desk.book, CASE, "evidence_list")
    desk.changed.emit()
    mine = on_view(stage)[:3]
    for key, at in (("I", 2), ("F", 5), ("W", 4)):
        at_gallery(hand)
        stage.gallery.reveal(mine[1])
        hand.key(key)
        assert hand.window.case_stage == at
        if key != "W":
            hand.key("E")
            assert isinstance(where(hand), EvidenceStage) and on_view(stage) == mine
            assert stage.scope.isVisible() and "E03" in stage.scope.text()
            hand.press(stage.scope.text())
            assert len(on_view(stage)) == 5
    hand.press("证据登记单")
    hand.press("证据 5 件")
    assert stage.scope.text() == "《证据登记单》" and len(on_view(stage)) == 5
    stage.gallery.reveal(on_view(stage)[4])
    hand.key("F")
    assert "没有关联问题" in hand.problem()


def test_a_finding_without_evidence_asks_for_the_reason(case_hand: Hand) -> None:
    hand, book = case_hand, case_hand.window.desk.book
    check.answer(book, CASE, "A03", "不符合")
    check.note(book, CASE, "A03", "责任制文件没有写明责任人")
    findings.record(book, CASE, "A03")
    hand.window.desk.open_stage(5)
    hand.settle()
    hand.press("确认 A03")
    assert sheet() is not None and not hand.window.desk.queries.case(CASE).findings[0].confirmed
    hand.key("Return")
    assert sheet() is not None, "no reason, no confirmation"
    hand.type("登记簿当场核对")
    hand.key("Return")
    finding = hand.window.desk.queries.case(CASE).findings[0]
    assert finding.confirmed and finding.unproven == "登记簿当场核对" and reads(hand, "没有证据：登记簿当场核对")


def test_a_bad_original_is_told_in_the_panel(stage: EvidenceStage, hand: Hand) -> None:
    path = hand.window.desk.book.vault.path(piece(hand, 4).sha256)
    sealed = bytearray(path.read_bytes())
    sealed[-1] ^= 1
    path.write_bytes(bytes(sealed))
    stage.gallery.reveal(piece(hand, 4).number)
    hand.settle()
    assert reads(hand, "原件变了，和存入时不一样")


def test_a_sound_asks_for_its_words_and_has_no_picture_to_mark(stage: EvidenceStage, hand: Hand) -> None:
    told: list[str] = []
    hand.window.desk.told.connect(lambda words, tone: told.append(words))
    book = hand.window.desk.book
    taken = next(event for event in book.store.events(CASE) if event.kind == "evidence_taken")
    body = {**taken.body, "number": "LY-001", "kind": "录音", "thumbnail": "", "copy": ""}
    book.write(Draft(CASE, "evidence_taken", body, "取证", blobs=taken.blobs))
    hand.window.desk.changed.emit()
    hand.settle()
    stage.gallery.reveal("LY-001")
    hand.press("改说明")
    hand.click(hand.find(QPlainTextEdit, "文字说明"))
    hand.type("管理员说每周看一次")
    hand.press("存入说明")
    assert piece(hand).transcript == "管理员说每周看一次" and piece(hand).missing == ()
    stage.gallery.setFocus()
    hand.key("A")
    assert sheet() is None and "没有画面" in told[-1]


# -- several at once ------------------------------------------------------------------------------------------


def test_of_several_the_same_is_said_in_one_go_and_taken_back_in_one(stage: EvidenceStage, hand: Hand) -> None:
    """Two photos of no item and one that has one already get the same item; their words come as at an intake for it."""
    every, desk = on_view(stage), hand.window.desk
    stage.gallery.reveal(every[1])
    hand.key("Right")
    assert stage.panel.describe.text() == "改说明"
    hand.key("Shift+Right")
    hand.key("Shift+Right")
    if folder := os.environ.get("PICTURES"):
        hand.root.grab().save(f"{folder}/picked.png")
    assert not faults(hand.root)
    hand.press("改 3 份")
    hand.press("存入说明")
    assert reads(hand, "还没有填写：证明对象，或关联的检查项")
    asked = hand.find(Combo, "关联检查项")
    QTest.keyClicks(asked, "E03")
    if folder := os.environ.get("PICTURES"):
        hand.root.grab().save(f"{folder}/alike.png")
    before = len(desk.book.store.events(CASE))
    hand.press("存入说明")
    case = desk.queries.case(CASE)
    assert [p.item for p in case.evidence] == ["E03"] * 5
    assert {p.proves for p in case.evidence[2:]} == {"东南角吊顶渗水"}
    assert len(desk.book.store.events(CASE)) == before + 2, "an event each, and none for the one that said so already"
    hand.key("Ctrl+Z")
    assert [(p.item, p.proves) for p in desk.queries.case(CASE).evidence[3:]] == [("", ""), ("", "")]


def test_several_are_withdrawn_for_one_reason(stage: EvidenceStage, hand: Hand) -> None:
    every, desk = on_view(stage), hand.window.desk
    stage.gallery.reveal(every[2])
    hand.key("Right")
    hand.key("Shift+Right")
    hand.press("撤下 2 份")
    hand.type("拍摄模糊")
    hand.press("撤下证据")
    assert [p.withdrawn for p in desk.queries.case(CASE).evidence] == ["", "", "", "拍摄模糊", "拍摄模糊"]
    assert on_view(stage) == every[:3] and stage.panel.describe.text() == "改说明"
    hand.key("Ctrl+Z")
    assert on_view(stage) == every
