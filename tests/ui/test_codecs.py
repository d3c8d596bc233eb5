"""A coding that this computer lacks: told in a sentence with a way out, before a recording begins and while a film is played."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from PySide6.QtMultimedia import QMediaFormat
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector_app.actions import intake, recording
from inspector_app.domain.evidence import Evidence
from inspector_app.tour.hand import Hand
from inspector_app.ui.capture import recorder
from inspector_app.ui.capture.player import PlayerView
from inspector_app.ui.capture.recorder import Recorder
from inspector_app.ui.capture.sources import Drawn
from tests.office import CASE
from tests.patience import WAIT

SIGHT, SOUND = b"V_MPEG4/ISO/ASP", b"A_AAC"


def film(qtbot: QtBot) -> bytes:
    """A short Matroska film with sound, as this program records it."""
    out, into = os.pipe()
    pieces: list[bytes] = []

    def read() -> None:
        with os.fdopen(out, "rb") as file:
            pieces.append(file.read())

    thread = Thread(target=read)
    thread.start()
    live = Recorder(Drawn("示例", recording.FILM))
    live.record(into)
    qtbot.waitUntil(lambda: live.duration > 300, timeout=WAIT)
    with qtbot.waitSignal(live.ended, timeout=WAIT):
        live.stop()
    live.close()
    thread.join()
    return pieces[0]


def players() -> Iterator[PlayerView]:
    return (w for w in QApplication.topLevelWidgets() if isinstance(w, PlayerView) and w.isVisible())


def test_a_film_with_an_unknown_coding_says_which_and_its_bytes_stay(
    case_hand: Hand, qtbot: QtBot, tmp_path: Path
) -> None:
    hand = case_hand
    desk, good = hand.window.desk, film(qtbot)
    assert good.count(SIGHT) == good.count(SOUND) == 1
    for name, content, what in (
        ("sight", good.replace(SIGHT, b"V_EXAMPLE/A/BCD"), "画面"), ("sound", good.replace(SOUND, b"A_XYZ"), "声音"),
        ("both", good.replace(SIGHT, b"V_EXAMPLE/A/BCD").replace(SOUND, b"A_XYZ"), "画面和声音"),
    ):  # fmt: skip
        file = tmp_path / f"{name}.mkv"
        file.write_bytes(content)
        done = intake.take_in(desk.book, CASE, [file])
        assert done.value is not None and not done.value.refused
        case = desk.queries.case(CASE)
        piece: Evidence = case.evidence[-1]
        PlayerView.open_for(hand.window, desk, case, piece)
        view = next(players())
        qtbot.waitUntil(lambda: bool(view.told.text()), timeout=WAIT)  # noqa: B023
        codecs = "、".join(word for word in ("A_XYZ" if "声音" in what else "A_AAC",
                                            "V_EXAMPLE/A/BCD" if "画面" in what else "V_MPEG4/ISO/ASP"))  # fmt: skip
        assert view.told.text().startswith(f"{piece.number} 的{what}放不出来：这台电脑没有它的编码（{codecs}）。原件")
        if what == "声音":
            qtbot.waitUntil(lambda: not view.picture.is_empty, timeout=WAIT)  # noqa: B023 - the picture still plays
        else:
            assert view.picture.is_empty
        view.reject()
        qtbot.waitUntil(lambda: next(players(), None) is None, timeout=WAIT)
        with desk.book.vault.open(piece.sha256, piece.size) as kept:
            assert kept.read() == content and hashlib.sha256(content).hexdigest() == piece.sha256


def test_without_the_encoder_nothing_is_begun(case_hand: Hand, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """H.264 is what Qt's build for Linux cannot write; the recorder is made to need it."""
    hand = case_hand
    desk = hand.window.desk
    wanted = QMediaFormat(QMediaFormat.FileFormat.Matroska)
    wanted.setVideoCodec(QMediaFormat.VideoCodec.H264)
    if wanted.isSupported(QMediaFormat.ConversionMode.Encode):
        wanted.setVideoCodec(QMediaFormat.VideoCodec.WMV)
    assert not wanted.isSupported(QMediaFormat.ConversionMode.Encode)
    monkeypatch.setattr(recorder, "_format", lambda what, *, sound: wanted)
    before = len(desk.book.store.events(CASE))
    hand.key("F9")
    name = QMediaFormat.videoCodecName(wanted.videoCodec())
    assert f"缺录像用的编码器（{name}），没有开始" in hand.problem() and "执法记录仪" in hand.problem()
    assert desk.filming.running is None and desk.filming.live is None, "the camera is let go of"
    assert len(desk.book.store.events(CASE)) == before, "no event names a film that never was"
    desk.open_stage(1)
    hand.settle()
    hand.press("检查设备")
    qtbot.waitUntil(lambda: bool(desk.queries.case(CASE).visit.readiness), timeout=WAIT)
    hand.settle()
    found = {check.name: check for check in desk.queries.case(CASE).visit.readiness[0].checks}
    assert (found["摄像头"].state, found["摄像头"].words) == ("bad", f"示例摄像头有画面，不能录像：缺编码器 {name}")


def test_what_this_program_records_it_can_encode() -> None:
    for what in (recording.FILM, recording.SOUND):
        assert Recorder(Drawn("示例", what)).lacks == ""
