"""Importing in the window: what is dropped, what a card holds, what is told; the visit's timeline and the devices."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

from inspector_app.actions import recorders, sign_in, trial
from inspector_app.tour.hand import Hand
from inspector_app.ui.screens.footage import FootageCard
from inspector_app.ui.screens.photo_tray import Meter, PhotoTray
from inspector_app.ui.widgets.last_folder import PHOTOS, keep_folder
from inspector_app.ui.widgets.notices import Sheet
from inspector_app.ui.widgets.text import Text
from inspector_app.ui.widgets.timeline import Timeline
from tests.evidence.containers import mp4, wave
from tests.office import CASE


@pytest.fixture
def stage(case_hand: Hand) -> Hand:
    """At 取证, just after the arrival."""
    case_hand.window.desk.open_stage(3)
    case_hand.settle()
    return case_hand


def put(folder: Path, name: str, content: bytes) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def drop(target: QWidget, *paths: Path) -> None:
    held = QMimeData()
    held.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    how = Qt.DropAction.CopyAction, held, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for event in (QDragEnterEvent(QPoint(9, 9), *how), QDropEvent(QPointF(9, 9), *how)):
        QApplication.sendEvent(target, event)
        assert event.isAccepted()


def tray(hand: Hand) -> PhotoTray:
    hand.settle()
    found = QApplication.activeModalWidget()
    assert isinstance(found, PhotoTray)
    return found


def names(tray: PhotoTray) -> list[str]:
    return [tray.list.item(n).text() for n in range(tray.list.count())]


def said(hand: Hand) -> str:
    sheet = QApplication.activeModalWidget()
    assert isinstance(sheet, Sheet)
    return "".join(text.text() for text in sheet.findChildren(Text))


def test_what_is_dropped_is_listed_and_taken_in(stage: Hand, tmp_path: Path) -> None:
    put(tmp_path, "sd/DCIM/A.MP4", mp4(725))
    put(tmp_path, "sd/DCIM/notes.txt", b"x")
    lone = put(tmp_path, "REC.WAV", wave())
    window = stage.window
    drop(window.screens["case"].stage, tmp_path / "sd", lone)  # type: ignore[attr-defined]
    assert names(tray(stage)) == ["A.MP4", "REC.WAV"]
    stage.key("Ctrl+A")
    stage.key("Return")
    assert {p.kind for p in window.desk.queries.case(CASE).evidence} == {"录像", "录音"}
    assert "已存入证据" in window.toast.accessibleName()

    drop(window.screens["case"].stage, tmp_path / "sd")  # type: ignore[attr-defined]
    assert names(tray(stage)) == ["可能已有 A.MP4"]
    stage.key("Return")
    assert "1 个本来就有" in window.toast.accessibleName()
    assert len(window.desk.queries.case(CASE).evidence) == 2


def test_a_folder_that_is_typed_counts_instead_of_what_was_dropped(stage: Hand, tmp_path: Path) -> None:
    lone = put(tmp_path, "REC\u202e.WAV", wave())
    put(tmp_path, "sd/A.MP4", mp4(725))
    drop(stage.window.screens["case"].stage, lone)  # type: ignore[attr-defined]
    listed = tray(stage)
    assert names(listed) == ["REC<202E>.WAV"], "signs that steer are written out here as well"
    assert not listed.folder.text() and listed.folder.placeholderText() == "拖进来的 1 项"
    listed.folder.setFocus()
    stage.key("Return")
    assert names(tray(stage)) == ["REC<202E>.WAV"]
    listed.folder.setFocus()
    stage.type(str(tmp_path / "sd"))
    stage.key("Return")
    assert names(tray(stage)) == ["A.MP4"]


def test_many_sentences_stand_in_a_sheet(stage: Hand, tmp_path: Path) -> None:
    for n in range(5):
        put(tmp_path, f"sd/{n}.MP4", mp4(60 + n)[:-30])
    keep_folder(PHOTOS, str(tmp_path / "sd"))
    stage.key("P")
    tray(stage)
    stage.key("Ctrl+A")
    stage.key("Return")
    assert said(stage).count("没有录完整") == 5 and "已存入证据" in said(stage)


def test_a_chosen_device_is_what_made_the_files(stage: Hand, tmp_path: Path) -> None:
    book = stage.window.desk.book
    recorders.register(book, "SL-0012", "执法记录仪")
    keep_folder(PHOTOS, str(put(tmp_path, "sd/A.MP4", mp4()).parent))
    stage.key("P")
    tray(stage).device.show_value("SL-0012")
    stage.key("Return")
    (piece,) = stage.window.desk.queries.case(CASE).evidence
    assert piece.device == "SL-0012"
    timeline = stage.find(Timeline, "到场全过程")
    assert [lane.name for lane in timeline._lanes] == ["必录步骤", "执法记录仪 SL-0012", "照片 0 张"]


def test_gaps_are_named_explained_and_taken_back(stage: Hand) -> None:
    (shown,) = stage.all(FootageCard)
    timeline = stage.find(Timeline, "到场全过程")
    assert "到达现场" in timeline.accessibleName() and "告知权利" in timeline.accessibleName()
    stage.press("说明原因")
    stage.key("Return")  # the reason is missing: a line in the note, no act
    stage.type("记录仪没电")
    stage.press("存入说明")
    assert not shown.explain.isVisible()
    assert [lane.bars[0].tone for lane in timeline._lanes[:1]] == ["na"]
    case = stage.window.desk.queries.case(CASE)
    assert {said.reason.strip() for said in case.unfilmed} == {"记录仪没电"}
    stage.window.desk.undo()
    stage.settle()
    assert shown.explain.isVisible()


def test_the_timeline_folds_where_there_is_little_room(stage: Hand) -> None:
    timeline = stage.find(Timeline, "到场全过程")
    high = timeline.height()
    stage.window.resize(1280, 640)
    stage.settle()
    assert timeline.height() < high


def test_devices_are_registered_lent_and_compared(hand: Hand) -> None:
    desk = hand.window.desk
    desk.open("settings")
    hand.settle()
    hand.press("登记设备")
    hand.type("SL-0012")
    hand.key("Return")
    hand.press("领用 SL-0012")
    hand.press("登记领用")
    hand.press("核对时钟 SL-0012")
    hand.fill("设备自己的时间", "2026年3月16日 10:00:00")
    hand.fill("照片里电脑显示的时间", "2026年3月16日 10:00:37")
    assert "设备慢 37 秒" in said(hand)
    hand.key("Return")
    (device,) = recorders.recorders(desk.book)
    assert (device.number, device.holder, device.offset) == ("SL-0012", desk.book.person.id, 37)
    hand.press("交还 SL-0012")
    assert recorders.recorder(desk.book, "SL-0012").holder == ""
    hand.press("预约 SL-0012")
    hand.key("Return")
    assert recorders.recorder(desk.book, "SL-0012").booked(desk.book.clock.now().at.date()) is not None
    hand.press("取消预约 SL-0012")
    assert recorders.recorder(desk.book, "SL-0012").bookings == ()


def test_a_card_of_ten_thousand_names_comes_in_portions(stage: Hand, tmp_path: Path) -> None:
    for n in range(350):
        put(tmp_path, f"sd/{n:03d}.WAV", b"")
    keep_folder(PHOTOS, str(tmp_path / "sd"))
    stage.key("P")
    shown = tray(stage)
    for _ in range(50):
        if shown.list.count() == 350:
            break
        stage.settle()
    assert shown.list.count() == 350
    stage.settle()
    bad = [n for n, name in enumerate(names(shown)) if name.startswith("不能导入")]
    assert bad == [*shown.list.on_view()], "only what is on view was looked at: they are empty"
    shown.list.scrollToBottom()
    stage.settle()
    assert names(shown)[-1] == "不能导入 349.WAV" and names(shown)[175] == "175.WAV"


def test_leaving_ends_an_intake_that_goes_on_later(
    stage: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, original, settle = stage.window.desk, stage.window.desk.step, stage.window.desk.tasks.settle
    leaving = Event()

    def settling() -> None:
        leaving.set()
        settle()

    for n in range(40):
        put(tmp_path, f"sd/{n:02d}.WAV", wave(1 + n / 50))
    keep_folder(PHOTOS, str(tmp_path / "sd"))

    def step(what: str, done: int, total: int) -> bool:
        if what.startswith("导入 5/40"):
            desk.tasks.report(desk.leave)  # as closing the window does
            assert leaving.wait(60)
        return original(what, done, total)

    monkeypatch.setattr(desk, "step", step)
    monkeypatch.setattr(desk.tasks, "settle", settling)
    stage.key("P")
    tray(stage)
    stage.key("Ctrl+A")
    stage.key("Return")
    assert desk.session is None and not desk.busy
    stage.window.show()
    monkeypatch.undo()
    stage.window._entered(sign_in.sign_in(desk.laptop, "shen", trial.SECRET))
    assert len(desk.queries.case(CASE).evidence) == 4
    assert desk.book.vault.read(desk.queries.case(CASE).evidence[3].sha256)


def test_the_meter_goes_by_bytes() -> None:
    meter = Meter([3 * 1024 * 1024, 1024 * 1024])
    assert [meter.words(index)[1] for index in (0, 0, 0, 0, 1, 2)] == [0, 25, 50, 75, 75, 100]
    assert meter.words(2)[0].startswith("导入 2/2 个文件")
