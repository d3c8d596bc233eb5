"""Recording in the window: told first, beside the checklist, photos from the live picture, playback, secret areas."""

from __future__ import annotations

import os
from collections.abc import Callable

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector_app.actions import recording, trial
from inspector_app.actions.sign_in import sign_in
from inspector_app.domain.casefile import CaseFile
from inspector_app.tour.hand import Hand
from inspector_app.ui.capture.filming import Filming
from inspector_app.ui.capture.player import PlayerView
from inspector_app.ui.capture.view import CaptureView
from inspector_app.ui.screens.arrival import ArrivalStage
from inspector_app.ui.screens.case import CaseScreen
from inspector_app.ui.screens.evidence import EvidenceStage
from inspector_app.ui.screens.photo_tray import PhotoTray
from inspector_app.ui.screens.signing import Unrecorded
from inspector_app.ui.window import Window
from tests.office import CASE, arrive, laptop_at
from tests.patience import WAIT


def filming(hand: Hand) -> Filming:
    return hand.window.desk.filming


def case(hand: Hand) -> CaseFile:
    return hand.window.desk.queries.case(CASE)


def until_stored(hand: Hand, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: filming(hand).running is None, timeout=WAIT)
    hand.settle()


def until_it_sees(hand: Hand, qtbot: QtBot) -> None:
    def sees() -> bool:
        live = filming(hand).live
        return live is not None and bool(live.picture())

    qtbot.waitUntil(sees, timeout=WAIT)


def test_it_does_not_start_before_those_present_were_told(hand: Hand) -> None:
    hand.window.desk.open("case", CASE)
    hand.settle()
    hand.key("F9")
    assert filming(hand).running is None and "还没有到场" in hand.problem()
    assert filming(hand).live is None, "the camera was not touched"


def choose(hand: Hand, number: str) -> None:
    hand.find(EvidenceStage, "").choose(number)
    hand.settle()


def test_a_visit_is_recorded_while_the_checklist_is_filled(case_hand: Hand, qtbot: QtBot) -> None:
    """F9, answers, F10 and Space for a photo of the live picture, F9; then it is played from the vault."""
    hand = case_hand
    window = hand.window
    warning = Unrecorded(window.desk)
    assert not warning.isHidden()
    hand.key("F9")
    assert window.capture.running.isVisible() and warning.isHidden()
    hand.key("1")
    assert case(hand).items[0].value == "符合"
    qtbot.waitUntil(lambda: filming(hand).duration > 1500, timeout=WAIT)
    window.capture._tick()
    told = window.capture.running
    assert "录像中 00:00:0" in told.text.text() and "还能录" in told.aside.text() and "分钟" in told.aside.text()
    hand.key("Ctrl+L")
    assert window.desk.session is not None, "nobody locks the laptop away under a recording"

    hand.key("F10")
    view = QApplication.activeModalWidget()
    assert isinstance(view, CaptureView)
    until_it_sees(hand, qtbot)
    hand.key("Space")
    assert QApplication.activeModalWidget() is None, "it goes back by itself"
    shot = case(hand).evidence[0]
    assert (shot.kind, shot.item) == ("照片", "A02") and filming(hand).running is not None

    hand.key("F10")
    view = QApplication.activeModalWidget()
    assert isinstance(view, CaptureView)
    hand.key("F9")
    until_stored(hand, qtbot)
    until_it_sees(hand, qtbot)
    hand.key("Space")
    assert len(case(hand).evidence) == 3 and filming(hand).live is None, "the camera came back for the photo"
    film = next(piece for piece in case(hand).evidence if piece.kind == recording.FILM)
    assert film.duration > 1000 and film.missing == () and not window.capture.running.isVisible()

    hand.key("Ctrl+4")
    choose(hand, film.number)
    hand.press("播放")
    player = QApplication.activeModalWidget()
    assert isinstance(player, PlayerView)
    qtbot.waitUntil(lambda: not player.picture.is_empty and player.at > 200, timeout=WAIT)
    player.seek(900)
    qtbot.waitUntil(lambda: player.at >= 900, timeout=WAIT)
    assert player.told.text() == ""
    device = player._device
    hand.key("Escape")
    qtbot.waitUntil(lambda: not device.isOpen(), timeout=WAIT)


def test_a_damaged_film_is_told_by_the_player(case_hand: Hand, qtbot: QtBot) -> None:
    hand = case_hand
    book = hand.window.desk.book
    running = recording.start(book, CASE, recording.FILM, "示例", 1e5).value
    with os.fdopen(running.sink, "wb") as sink:
        sink.write(b"\x1a\x45\xdf\xa3" + bytes(300_000))
    number = recording.stop(book, running, 1000).value
    piece = case(hand).evidence[0]
    path = book.vault.path(piece.sha256)
    raw = bytearray(path.read_bytes())
    raw[1000] ^= 1
    path.write_bytes(raw)
    hand.key("Ctrl+4")
    choose(hand, number)
    hand.press("播放")
    player = QApplication.activeModalWidget()
    assert isinstance(player, PlayerView)
    qtbot.waitUntil(lambda: player.told.text() != "", timeout=WAIT)
    assert "文件变了" in player.told.text()
    hand.key("Escape")
    qtbot.waitUntil(lambda: not player._device.isOpen(), timeout=WAIT)


def test_entering_a_secret_area_ends_what_runs_and_lets_nothing_start(case_hand: Hand, qtbot: QtBot) -> None:
    hand = case_hand
    hand.key("F9")
    qtbot.waitUntil(lambda: filming(hand).duration > 500, timeout=WAIT)
    hand.press("进入涉密区域")
    until_stored(hand, qtbot)
    assert filming(hand).live is None and hand.window.capture.secret.isVisible()
    assert case(hand).recordings[0].reason == "进入涉密区域" and case(hand).evidence
    for key in ("F9", "F10"):
        hand.key(key)
        assert "涉密区域" in hand.problem() and QApplication.activeModalWidget() is None
    hand.press("已离开涉密区域")
    hand.press("确认离开")
    assert not hand.window.capture.secret.isVisible()
    hand.key("F9")
    assert filming(hand).running is not None
    recording.enter_secret_area(hand.window.desk.book, CASE)  # as it comes from a colleague's laptop
    until_stored(hand, qtbot)
    assert case(hand).recordings[1].reason == "进入涉密区域"


def test_an_area_of_another_inspection_shows_everywhere_and_is_left_by_name(case_hand: Hand, qtbot: QtBot) -> None:
    hand, other = case_hand, "inspection/2026-20"
    hand.key("F9")
    qtbot.waitUntil(lambda: filming(hand).duration > 500, timeout=WAIT)
    recording.enter_secret_area(hand.window.desk.book, other)
    until_stored(hand, qtbot)
    assert case(hand).recordings[0].reason == "进入涉密区域"
    unit = hand.window.desk.queries.case(other).unit.name
    for key in ("F9", "F10"):
        hand.key(key)
        assert f"在{unit}的检查里" in hand.problem() and QApplication.activeModalWidget() is None
    hand.window.desk.open("today")
    hand.settle()
    strip = hand.window.capture.secret
    assert strip.isVisible() and unit in strip.aside.text()
    hand.press("已离开涉密区域")
    hand.press("确认离开")
    assert not strip.isVisible() and not hand.window.desk.book.areas()
    hand.window.desk.open("case", CASE)
    hand.window.desk.open_stage(3)
    hand.settle()
    hand.press("进入涉密区域")
    hand.press("已离开涉密区域")
    hand.press("确认离开")
    hand.key("P")
    assert isinstance(QApplication.activeModalWidget(), PhotoTray), "the keys of the stage go on"


def test_closing_the_window_keeps_what_runs(open_window: Callable[..., Window], qtbot: QtBot) -> None:
    window = open_window()
    hand = Hand(window)
    arrive(window.desk.book)
    window.desk.open("case", CASE)
    hand.settle()
    hand.key("F9")
    qtbot.waitUntil(lambda: filming(hand).duration > 500, timeout=WAIT)
    laptop = window.desk.laptop
    window.close()
    session = sign_in(laptop_at(laptop.folder), "shen", trial.SECRET)
    found = session.queries.case(CASE)
    session.close()
    assert [(r.interrupted, bool(r.evidence)) for r in found.recordings] == [(False, True)]


def test_an_interruption_asks_for_its_reason(open_window: Callable[..., Window]) -> None:
    """What a crash left is taken up at sign-in, without a word by the person."""
    window = open_window(enter=False)
    laptop = window.desk.laptop
    session = sign_in(laptop_at(laptop.folder), "shen", trial.SECRET)
    arrive(session.book)
    running = recording.start(session.book, CASE, recording.FILM, "示例", 1e5).value
    with os.fdopen(running.sink, "wb") as sink:
        sink.write(bytes(1 << 20))
    running.sealer.join()
    running.film.abandon()
    session.close()
    window._entered(sign_in(laptop_at(laptop.folder), "shen", trial.SECRET))
    hand = Hand(window)
    hand.settle()
    window.desk.open("case", CASE)
    hand.settle()
    assert window.capture.interrupted.isVisible()
    hand.press("说明原因")
    hand.type("电脑断电")
    hand.press("存入原因")
    assert not window.capture.interrupted.isVisible()
    assert case(hand).recordings[0].reason == "电脑断电" and case(hand).recordings[0].evidence


def test_the_equipment_is_tried_and_told(case_hand: Hand, qtbot: QtBot) -> None:
    hand = case_hand
    hand.key("Ctrl+2")
    hand.press("检查设备")
    qtbot.waitUntil(lambda: bool(case(hand).visit.readiness), timeout=WAIT)
    hand.settle()
    found = {check.name: check for check in case(hand).visit.readiness[0].checks}
    assert list(found) == ["磁盘", "电量", "时钟", "摄像头", "麦克风", "打印机"]
    assert (found["摄像头"].state, found["摄像头"].words) == ("ok", "示例摄像头有画面")
    assert filming(hand).live is None
    stage = hand.window.findChild(CaseScreen).stage  # type: ignore[union-attr]
    assert isinstance(stage, ArrivalStage) and hand.read("(示例摄像头有画面)")
    hand.window.desk.open("today")
    hand.settle()
