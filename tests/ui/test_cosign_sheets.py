"""会签 in the window: what is asked is on view as a code and in words, and what comes in is read by camera or from a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtMultimedia import QVideoFrame
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from inspector_app.actions import cosign, recording, sign_in, trial
from inspector_app.actions.devices import keep_told
from inspector_app.actions.handing_out import write_new
from inspector_app.actions.sign_in import Session
from inspector_app.domain.people import Bureau, Credential, Officer
from inspector_app.tour.hand import Hand
from inspector_app.ui.capture.cosigning import AnswerSheet, AskSheet
from inspector_app.ui.widgets.code import CodeView
from inspector_app.ui.widgets.text import Text
from inspector_app.ui.window import Window
from tests.office import CASE, laptop_at
from tests.patience import WAIT


@pytest.fixture
def other(window: Window, tmp_path: Path) -> Iterator[Session]:
    """The second officer's own laptop; both know each other's keys."""
    day = window.desk.book.clock.now().at.date()
    lu = Officer("lu", "示例陆一鸣", "科员", Credential("09120023", day, day))
    session = sign_in.set_up(laptop_at(tmp_path / "two"), Bureau("示例区档案局", "示档"), lu, trial.SECRET)
    keys = [store.device_key.public.text() for store in (window.desk.book.store, session.book.store)]
    for store in (window.desk.book.store, session.book.store):
        keep_told(store, keys)
    yield session
    session.close()


def said(sheet: QWidget) -> str:
    return "\n".join(text.text() for text in sheet.findChildren(Text) if text.isVisible())


def on_view(sheet: QWidget) -> QImage:
    """What another camera sees of the code."""
    view = next(view for view in sheet.findChildren(CodeView) if view.isVisible())
    shot = QPixmap(view.size())
    view.render(shot)
    return shot.toImage()


def hold_before_camera(hand: Hand, qtbot: QtBot, image: QImage, until: Callable[[], bool]) -> None:
    """Show a picture to the camera that is on, until it was read."""
    live = hand.window.desk.filming.live
    assert live is not None
    live.source.off()
    live.sink.setVideoFrame(QVideoFrame(image.convertToFormat(QImage.Format.Format_RGB32)))
    qtbot.waitUntil(until, timeout=WAIT)
    hand.settle()


def asking(hand: Hand) -> AskSheet:
    """The sheet that asks another laptop to cosign."""
    hand.window.desk.open_stage(9)
    hand.settle()
    hand.press("请另一台电脑会签")
    sheet = hand.root
    assert isinstance(sheet, AskSheet)
    return sheet


def test_asked_by_code_and_answered_before_the_camera(
    case_hand: Hand, other: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    hand, desk = case_hand, case_hand.window.desk
    sheet = asking(hand)
    case = desk.queries.case(CASE)
    for words in (
        case.unit.name,
        CASE.partition("/")[2],
        f"{desk.book.store.device} 到第 {len(desk.book.store.events(CASE))} 条",
    ):
        assert words in said(sheet), words
    picture = tmp_path / "seen.png"
    on_view(sheet).save(str(picture))
    answer = cosign.give(other, cosign.read(picture), "lu", trial.SECRET).value
    hand.press("扫回执")
    assert desk.filming.live is not None and desk.filming.live.source.what == recording.FILM
    shown = CodeView(cosign.modules(answer), "示例")
    shown.resize(400, 400)
    hold_before_camera(hand, qtbot, shown.grab().toImage(), lambda: bool(cosign.taken(desk.book, CASE)))
    assert cosign.taken(desk.book, CASE)[0][0] == "示例陆一鸣"
    assert desk.filming.live is None, "the camera is let go of"


def test_a_wrong_answer_is_told_in_the_sheet_and_the_code_stays(
    case_hand: Hand, other: Session, tmp_path: Path
) -> None:
    hand, desk = case_hand, case_hand.window.desk
    sheet = asking(hand)
    stale = cosign.give(
        other, cosign.read(write_new(tmp_path / "a.txt", sheet.file()[1].encode())), "lu", trial.SECRET
    ).value
    sheet.take_file(write_new(tmp_path / "b.txt", stale.replace("+08:00", "+09:00", 1).encode()))
    hand.settle()
    assert "签名不对" in said(sheet) and not on_view(sheet).isNull()
    sheet.take_file(write_new(tmp_path / "c.txt", stale.encode()))
    hand.settle()
    assert hand.root is hand.window and len(cosign.taken(desk.book, CASE)) == 1


def test_no_camera_in_an_area_of_secrets(case_hand: Hand) -> None:
    hand = case_hand
    desk = hand.window.desk
    recording.enter_secret_area(desk.book, CASE)
    desk.open_stage(9)
    hand.settle()
    hand.press("请另一台电脑会签")
    hand.press("扫回执")
    assert "涉密区域" in said(hand.root) and desk.filming.live is None


def test_the_second_officer_sees_what_is_signed_and_signs_with_the_own_pin(
    hand: Hand, other: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    """Here the second laptop is the window; by the keyboard alone."""
    desk = hand.window.desk
    asked = cosign.Checkpoint.sign(
        "inspection/2026-77", {other.book.store.strand: (12, "ab" * 32)}, other.book.store.device_key,
        {"unit": "示例联系人单位", "at": other.book.clock.now().at.isoformat()},
    )  # fmt: skip
    desk.open("sync")
    hand.settle()
    hand.press("给同事会签")
    sheet = hand.root
    assert isinstance(sheet, AnswerSheet)
    hand.key("Return")
    shown = CodeView(cosign.modules(asked.note), "示例")
    shown.resize(400, 400)
    hold_before_camera(hand, qtbot, shown.grab().toImage(), lambda: "示例联系人单位" in said(sheet))
    for words in ("2026-77", "到第 12 条", other.book.store.device, asked.code[:4], "没有对过"):
        assert words in said(sheet), words
    hand.type("wrong-phrase")
    hand.key("Return")
    assert "口令不对" in said(sheet)
    hand.key("Ctrl+A")
    hand.type(trial.SECRET)
    hand.key("Return")
    assert "会签好了" in said(sheet)
    picture = tmp_path / "answer.png"
    on_view(sheet).save(str(picture))
    text = cosign.read(picture)
    assert cosign.Cosignature.parse(text).person == desk.book.person.id
    assert text == sheet.file()[1]
    hand.key("Return")
    assert hand.root is hand.window
