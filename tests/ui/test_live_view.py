"""The live picture: an older photo half-transparent over it, at a re-inspection as well; the own screen; a full disk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector_app.actions import evidence, plan, recording
from inspector_app.domain.event import Draft
from inspector_app.domain.inspection import Kind
from inspector_app.store import disk
from inspector_app.tour.hand import Hand
from inspector_app.ui.capture import sources, view
from inspector_app.ui.capture.sources import Drawn, Offer
from inspector_app.ui.capture.subject import Keep
from inspector_app.ui.capture.view import CaptureView
from inspector_app.ui.window import Window
from tests.office import CASE, card
from tests.patience import WAIT
from tests.served import clause, served
from tests.ui.test_capture import case, filming, until_it_sees


def opened() -> CaptureView:
    shown = QApplication.activeModalWidget()
    assert isinstance(shown, CaptureView)
    return shown


def middle(shown: CaptureView) -> QColor:
    image = shown.picture.grab().toImage()
    return image.pixelColor(image.width() // 2, image.height() // 2)


def choose(pick: object, value: str) -> None:
    pick.show_value(value)  # type: ignore[attr-defined]
    pick.input.activated.emit(pick.input.currentIndex())  # type: ignore[attr-defined]


def last_year(hand: Hand, item: str) -> None:
    """An inspection of this unit before today's, with one photo of this item."""
    book, now = hand.window.desk.book, case(hand)
    before = plan.Plan("2025-01", now.unit, Kind.ROUTINE, now.officers, None, now.planned_from - timedelta(days=400),
                       now.planned_to - timedelta(days=400), now.place, now.checklist)  # fmt: skip
    stream = plan.plan_inspection(book, before).value
    evidence.add_photos(book, CASE, card(1))
    taken = next(event for event in book.store.events(CASE) if event.kind == "evidence_taken")
    book.write(Draft(stream, "evidence_taken", {**taken.body, "item": item, "number": "ZJ-OLD-001"}, blobs=taken.blobs))


def test_the_last_photo_lies_over_the_live_picture_and_is_in_no_photo(
    case_hand: Hand, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand = case_hand
    last_year(hand, "A02")
    hand.key("1")
    hand.key("F10")
    shown = opened()
    assert shown.item.value() == "A02" and shown.before.isVisible() and not shown.opacity.isVisible()
    until_it_sees(hand, qtbot)
    old = next(iter(shown._before))
    choose(shown.before, old)
    qtbot.waitUntil(lambda: not shown.picture._over.isNull(), timeout=WAIT)  # type: ignore[attr-defined]
    black = QImage(160, 90, QImage.Format.Format_RGB32)
    black.fill(QColor("#000000"))
    shown.picture._over = black  # type: ignore[attr-defined]
    shown.opacity.setValue(90)
    assert shown.opacity.isVisible()
    shown.picture.lay_over(QImage(), 0.9)  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: middle(shown).lightness() > 60, timeout=WAIT)  # a frame has come into the window, too
    plain = middle(shown)
    shown.picture.lay_over(black, 0.9)  # type: ignore[attr-defined]
    assert middle(shown).lightness() < plain.lightness() / 4
    hand.key("Space")
    taken = case(hand).evidence[-1]
    picture = QImage.fromData(hand.window.desk.book.vault.read(taken.sha256))
    assert picture.pixelColor(picture.width() // 2, picture.height() // 2).lightness() > 60, "the camera's own picture"

    monkeypatch.setattr(disk.room_for, "__defaults__", (lambda place: disk.MARGIN,))
    hand.key("F10")
    shown, before = opened(), len(case(hand).evidence)
    until_it_sees(hand, qtbot)
    hand.key("Space")
    assert not shown.shutter.isEnabled() and "磁盘" in shown._told.text(), "told before anybody presses it"
    assert len(case(hand).evidence) == before and opened() is shown


@pytest.fixture
def again(open_window: Callable[..., Window], tmp_path: Path) -> Hand:
    """Before the re-inspection of the served order."""
    served(tmp_path).close()
    hand = Hand(open_window(tmp_path / "laptop"))
    hand.window.desk.open("case", CASE)
    hand.window.desk.open_stage(8)
    hand.settle()
    return hand


def test_a_clause_is_photographed_over_the_picture_of_then(again: Hand, qtbot: QtBot) -> None:
    hand = again
    one = clause(hand.window.desk.open_session, "E01")
    hand.press("E01 拍复查照片")
    shown = opened()
    assert shown.item.value() == "E01" and [p.number for p in shown._before.values()] == list(one.evidence)
    until_it_sees(hand, qtbot)
    hand.key("Space")
    (piece,) = case(hand).pictures
    person = hand.window.desk.book.person
    assert (piece.item, piece.view, piece.origin) == ("E01", "复查所见", "captured")
    assert (piece.maker, piece.maker_credential) == (person.name, person.credential_number)
    assert piece.number.startswith("ZG-") and piece.thumbnail and piece.copy and piece.place
    recording.enter_secret_area(hand.window.desk.book, CASE)
    hand.press("E01 拍复查照片")
    assert "涉密区域" in hand.problem() and QApplication.activeModalWidget() is None


def test_the_windows_get_out_of_the_way_of_the_screen(
    case_hand: Hand, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Offer(recording.OWN_SCREEN, recording.FILM, partial(Drawn, recording.OWN_SCREEN, recording.FILM))
    monkeypatch.setattr(sources, "offers", lambda *, trial: [screen])
    monkeypatch.setattr(view, "ASIDE", 300)
    hand = case_hand
    hand.key("1")
    hand.key("F10")
    shown = opened()
    until_it_sees(hand, qtbot)
    seen: list[tuple[bool, bool]] = []
    keep = filming(hand).shoot

    def shoot(how: Keep) -> bool:
        seen.append((shown.isVisible(), hand.window.isVisible()))
        return keep(how)

    monkeypatch.setattr(filming(hand), "shoot", shoot)
    shown.more.setChecked(True)
    hand.key("Space")
    qtbot.waitUntil(lambda: bool(seen) and shown.isVisible(), timeout=WAIT)
    hand.settle()
    assert seen == [(False, False)] and hand.window.isVisible() and opened() is shown
    shown.more.setChecked(False)
    hand.key("Space")
    qtbot.waitUntil(lambda: len(seen) == 2 and hand.window.isVisible(), timeout=WAIT)
    hand.settle()
    assert QApplication.activeModalWidget() is None and len(case(hand).evidence) == 2
    piece = case(hand).evidence[0]
    assert "截取本机屏幕的画面" in piece.method and piece.original_name.startswith("截屏-") and piece.missing == ()
