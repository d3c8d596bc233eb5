"""Bad input and faults of the machine, in the window: each is a sentence with a way out, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit

from inspector_app.actions import safekeeping, trial
from inspector_app.actions.evidence import add_photos
from inspector_app.store import disk
from inspector_app.store.engine import SCHEMA_VERSION
from inspector_app.tour.hand import Hand
from inspector_app.ui.screens.photo_tray import PhotoTray
from inspector_app.ui.widgets.last_folder import PHOTOS, keep_folder
from inspector_app.ui.widgets.text import Text
from inspector_app.ui.window import Window
from tests.office import CASE, arrive, card, laptop_at, office

Open = Callable[..., Window]


def said(hand: Hand) -> str:
    return " ".join(text.text() for text in hand.all(Text))


def enter(hand: Hand) -> None:
    hand.click(hand.find(QLineEdit, "口令"))
    hand.type(trial.SECRET)
    hand.key("Return")


# -- at the sign-in -------------------------------------------------------------------------------------------


def test_a_second_start_is_told(open_window: Open, tmp_path: Path) -> None:
    session = office(tmp_path)
    hand = Hand(open_window(tmp_path / "laptop", enter=False))
    enter(hand)
    assert hand.window.desk.session is None
    assert "已经在另一个窗口打开" in said(hand) and "切换到那个窗口" in said(hand)
    session.close()
    hand.key("Return")
    assert hand.window.desk.session is not None


def test_a_newer_store_is_told(open_window: Open, tmp_path: Path) -> None:
    session = office(tmp_path)
    with session.book.store._engine.begin() as connection:
        connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    session.close()
    hand = Hand(open_window(tmp_path / "laptop", enter=False))
    enter(hand)
    assert hand.window.desk.session is None
    assert "安装新版本；数据没有改动" in said(hand)


def test_a_damaged_store_is_told(open_window: Open, tmp_path: Path) -> None:
    office(tmp_path).close()
    path = tmp_path / "laptop" / "store.db"
    raw = bytearray(path.read_bytes())
    raw[5000:5400] = bytes(400)
    path.write_bytes(raw)
    hand = Hand(open_window(tmp_path / "laptop", enter=False))
    enter(hand)
    assert hand.window.desk.session is None
    assert "用备份恢复" in said(hand)
    assert path.read_bytes() == bytes(raw), "the file stays as it is"


def test_a_missing_store_is_never_made_anew(open_window: Open, tmp_path: Path) -> None:
    office(tmp_path).close()
    for path in (tmp_path / "laptop").glob("store.db*"):
        path.unlink()
    hand = Hand(open_window(tmp_path / "laptop", enter=False))
    enter(hand)
    assert hand.window.desk.session is None
    assert "数据库文件不见了" in said(hand)
    assert not (tmp_path / "laptop" / "store.db").exists()


@pytest.mark.parametrize("content", ["{", "[]", '{"people": {}}', '{"people": {"shen": {}}, "box": "x"}'])
def test_damaged_keys_come_back_from_the_second_copy(open_window: Open, tmp_path: Path, content: str) -> None:
    session = office(tmp_path)
    medium = tmp_path / "stick"
    medium.mkdir()
    safekeeping.choose_medium(session.book, medium)
    safekeeping.back_up(session.book)
    session.close()
    keys = tmp_path / "laptop" / "keys.json"
    keys.write_text(content)
    hand = Hand(open_window(tmp_path / "laptop", enter=False))
    assert "钥匙文件 keys.json 读不出" in said(hand)
    hand.press("取回钥匙文件")
    assert "没有这个文件夹" in said(hand)
    hand.fill("第二份备份", str(medium))
    hand.press("取回钥匙文件")
    enter(hand)
    assert hand.window.desk.session is not None
    assert (tmp_path / "laptop" / "keys.damaged.json").read_text() == content


# -- photos ---------------------------------------------------------------------------------------------------


def test_a_bad_card_tells_each_file_and_keeps_the_good_ones(case_hand: Hand, tmp_path: Path) -> None:
    folder = tmp_path / "card"
    folder.mkdir()
    good = card(1)[0].read_bytes()
    (folder / "好的.jpg").write_bytes(good)
    (folder / "截断.jpg").write_bytes(good[: len(good) // 2])
    (folder / "不是照片.jpg").write_text("示例")
    keep_folder(PHOTOS, str(folder))
    case_hand.key("P")
    tray = QApplication.activeModalWidget()
    assert isinstance(tray, PhotoTray)
    told: dict[str, str] = {}
    for _ in range(200):  # one small picture a turn of the window
        case_hand.settle()
        told = {entry.text(): entry.toolTip() for entry in map(tray.list.item, range(tray.list.count()))}
        if sum(text.startswith("不能导入") for text in told) == 2:
            break
    assert set(told) == {"好的.jpg", "不能导入 截断.jpg", "不能导入 不是照片.jpg"}
    assert "重新拷贝" in told["不能导入 截断.jpg"] and "不是认得的照片" in told["不能导入 不是照片.jpg"]
    case_hand.key("Ctrl+A")
    case_hand.key("Return")
    assert [e.original_name for e in case_hand.window.desk.queries.case(CASE).evidence] == ["好的.jpg"]
    assert not case_hand.problem()


@pytest.mark.parametrize("place", ["长" * 5000, "/示例没有的文件夹", "file"])
def test_a_place_that_is_no_card_is_told(case_hand: Hand, tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("示例")
    case_hand.key("P")
    tray = QApplication.activeModalWidget()
    assert isinstance(tray, PhotoTray)
    tray.folder.setText(str(tmp_path / "file") if place == "file" else place)
    tray.folder.setFocus()
    case_hand.key("Return")
    assert "打不开这个文件夹" in tray.said.text() and tray.list.count() == 0


def test_a_full_disk_refuses_photos_and_keeps_answers(case_hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "inspector_app.actions.rules.room_for", lambda place, size: disk.room_for(place, size, lambda _: 10**8)
    )
    keep_folder(PHOTOS, str(card(1)[0].parent))
    case_hand.key("P")
    case_hand.key("Return")
    assert "不能再存照片" in case_hand.problem() and "答题和备注仍可保存" in case_hand.problem()
    assert not case_hand.window.desk.queries.case(CASE).evidence
    case_hand.key("1")
    item = case_hand.window.desk.queries.case(CASE).item("A01")
    assert item is not None and item.value == "符合"


def test_a_missing_file_is_named(open_window: Open, tmp_path: Path) -> None:
    session = office(tmp_path)
    arrive(session.book)
    number = add_photos(session.book, CASE, card(1)).value.numbers[0]
    rows = session.book.store.rows(CASE)["evidence", number]
    for name in ("copy", "thumbnail"):
        session.book.vault.path(rows[name]).unlink()
    session.close()
    hand = Hand(open_window(tmp_path / "laptop"))
    hand.window.desk.open("case", CASE)
    hand.window.desk.open_stage(3)
    hand.settle()
    assert f"证据 {number} 的文件不在本机" in hand.problem()


# -- writing over something -----------------------------------------------------------------------------------


def test_nothing_is_written_over(case_hand: Hand, tmp_path: Path) -> None:
    target = tmp_path / "已有.zip"
    target.write_text("示例原件")
    case_hand.window.desk.open_stage(9)
    case_hand.settle()
    case_hand.press("导出给法院")
    case_hand.key("Ctrl+A")
    case_hand.type(str(target))
    case_hand.key("Return")
    assert "已有同名文件" in said(case_hand)
    assert target.read_text() == "示例原件"
    case_hand.key("Escape")


def test_a_copy_needs_a_place(hand: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    hand.window.desk.open("settings")
    hand.settle()
    hand.press("存备份")
    assert "没有这个文件夹" in said(hand)
    assert not list(tmp_path.glob("inspector-*"))


def test_stopping_an_export_leaves_no_file(case_hand: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add_photos(case_hand.window.desk.book, CASE, card(2))
    desk = case_hand.window.desk
    original = desk.step

    def step(what: str, done: int, total: int) -> bool:
        if done == 2:
            desk.stop()
        return original(what, done, total)

    monkeypatch.setattr(desk, "step", step)
    desk.open_stage(9)
    case_hand.settle()
    case_hand.press("导出给法院")
    case_hand.key("Ctrl+A")
    case_hand.type(str(tmp_path / "out.zip"))
    case_hand.key("Return")
    assert "停下" in case_hand.window.toast.accessibleName()
    assert not list(tmp_path.glob("out*"))


def test_a_wrong_credential_leaves_no_account(hand: Hand) -> None:
    hand.window.desk.open("settings")
    hand.settle()
    phrase = "一个足够长的通行短语示例甲"
    hand.press("加入人员")
    for name, text in (("姓名", "示例新人"), ("行政执法证号", "09120055"), ("证件有效期起", "2028年1月1日"),
                       ("证件有效期止", "2020年1月1日"), ("本人口令", phrase), ("再输入一次", phrase)):  # fmt: skip
        hand.fill(name, text)
    hand.press("加入这台电脑")
    assert "早于" in said(hand)
    assert "示例新人" not in laptop_at(hand.window.desk.laptop.folder).people().values()
    hand.key("Escape")
