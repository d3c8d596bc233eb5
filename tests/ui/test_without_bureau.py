"""The sheets of the sync centre for when the bureau is out of reach: a stick, and two laptops in one network."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit

from inspector_app.actions import direct, review, stick
from inspector_app.actions.devices import keep_told
from inspector_app.actions.sign_in import Session, set_up
from inspector_app.domain.people import Bureau, Credential, Officer
from inspector_app.tour.hand import Hand
from inspector_app.ui.widgets.text import Text
from tests.office import CASE, at_checklist, laptop_at
from tests.stages import begins
from tests.sync.world import START

pytestmark = begins(at_checklist, "window")


def shown(hand: Hand) -> str:
    return " ".join(text.text() for text in hand.all(Text))


def keep(hand: Hand, name: str) -> None:
    if folder := os.environ.get("PICTURES"):
        hand.root.grab().save(f"{folder}/direct-{name}.png")


@pytest.fixture
def colleague(hand: Hand, tmp_path: Path) -> Iterator[Session]:
    """The other one of the team, whose laptop stands beside; both were told of each other by the bureau."""
    officer = Officer("lu", "示例陆一鸣", "主任科员", Credential("09120023", START.date(), START.date()))
    made = set_up(laptop_at(tmp_path / "b"), Bureau("示例区档案局", "示档"), officer, "shili-tongxing-2026")
    stores = (hand.window.desk.book.store, made.book.store)
    for store in stores:
        keep_told(store, [each.device_key.public.text() for each in stores])
    hand.window.desk.direct_host = "127.0.0.1"
    hand.window.desk.open("sync")
    hand.settle()
    yield made
    made.close()


def go_on(what: str, done: int, total: int) -> bool:
    return True


def soon(act: Callable[[], object]) -> None:
    """Do it while the hand waits for the window."""
    QTimer.singleShot(200, act)


def test_the_colleague_comes_with_what_the_window_shows(hand: Hand, colleague: Session) -> None:
    came: list[Future[direct.Swapped | None]] = []
    with ThreadPoolExecutor(1) as pool:

        def come() -> None:
            address, code = hand.read(r"^([\d.]+:\d+)$"), hand.read(r"^([0-9A-Z]{4} [0-9A-Z]{4})$")
            keep(hand, "waits")
            came.append(pool.submit(direct.take, colleague.book, address, code, go_on))

        hand.press("和同事的电脑合并")
        keep(hand, "whom")
        soon(come)
        hand.press("开始等候")
        assert QApplication.activeModalWidget() is None, hand.problem()
        made = came[0].result()
    assert made is not None and made.taken.events > 0
    assert colleague.book.store.digest(CASE) == hand.window.desk.book.store.digest(CASE)
    keep(hand, "done")
    assert any(f"对方收到 {made.taken.events} 条" in toast for toast in toasts(hand))


def toasts(hand: Hand) -> list[str]:
    return [text.text() for text in hand.window.findChildren(Text)]


def test_waiting_is_stopped_and_nobody_listens(hand: Hand, colleague: Session) -> None:
    hand.press("和同事的电脑合并")
    where: list[str] = []

    def stop() -> None:
        where.append(hand.read(r"^([\d.]+:\d+)$"))
        hand.find(QAbstractButton, "停止").click()

    soon(stop)
    hand.press("开始等候")
    assert QApplication.activeModalWidget() is None and hand.problem() == ""
    with pytest.raises(Exception, match="没有回应"):
        direct.take(colleague.book, where[0], "0" * 8, go_on)


def test_the_window_comes_to_a_colleague_after_a_wrong_code(hand: Hand, colleague: Session) -> None:
    mine = hand.window.desk.book
    door = direct.open_door(colleague.book, "127.0.0.1")
    with ThreadPoolExecutor(1) as pool:
        gives = pool.submit(direct.give, colleague.book, door, mine.store.device_key.public, CASE, go_on)
        hand.press("从同事收")
        hand.press("连接")
        assert "照对方屏幕填写" in shown(hand)
        hand.fill("地址", door.addresses[0])
        hand.fill("代码", "0000 0000")
        hand.press("连接")
        assert "代码不对，什么也没有发送" in hand.problem()
        assert hand.find(QLineEdit, "地址").text() == door.addresses[0], "only the code is to be typed again"
        keep(hand, "again")
        hand.fill("代码", f"{door.code[:4].lower()} {door.code[4:]}")
        hand.press("连接")
        given = gives.result()
    assert given is not None and given.events_there == 0 < given.taken.events, (
        "it had what this one has not, and the other way round"
    )
    assert colleague.book.store.digest(CASE) == mine.store.digest(CASE)


def test_a_stick_of_a_colleague_is_taken_in(hand: Hand, colleague: Session, tmp_path: Path) -> None:
    mine = hand.window.desk.book
    door = direct.open_door(mine, "127.0.0.1")
    with ThreadPoolExecutor(1) as pool:
        gives = pool.submit(direct.give, mine, door, colleague.book.store.device_key.public, CASE, go_on)
        direct.take(colleague.book, door.addresses[0], door.code, go_on)
        assert gives.result() is not None
    review.comment(colleague.book, CASE, "", "示例：补一张全景")
    carried = stick.pack_stick(colleague.book, mine.store.device_key.public, [CASE], tmp_path / "s.inspector")
    hand.press("从 U 盘导入")
    hand.press("导入")
    assert "插好 U 盘再选" in shown(hand)
    hand.fill("U 盘上的文件", str(carried))
    hand.press("导入")
    assert hand.problem() == "" and any(toast.startswith("收到 1 条、0 个文件") for toast in toasts(hand))


def test_what_the_bureau_put_aside_stands_above_what_comes_right_by_itself(hand: Hand) -> None:
    store = hand.window.desk.book.store
    event = store.entries(CASE)[-1].id
    store.keep_aside([(event, CASE, "forged_author")], "2026-03-16T10:32:00+08:00")
    hand.window.desk.open("sync")
    hand.settle()
    texts = [text.text() for text in hand.all(Text)]
    (told,) = [n for n, text in enumerate(texts) if text.startswith("局里放在一边")]
    unit = hand.window.desk.queries.case(CASE).unit.name
    assert unit in texts[told] and "写的设备和签名的设备不同" in texts[told] and event[:8] in texts[told]
    assert told < texts.index(unit), "not below twenty inspections"
    keep(hand, "aside")


def test_whoever_locks_the_window_closes_the_door(hand: Hand, colleague: Session) -> None:
    hand.press("和同事的电脑合并")
    where: list[str] = []

    def lock() -> None:
        where.append(hand.read(r"^([\d.]+:\d+)$"))
        hand.window.lock_alone()

    soon(lock)
    hand.press("开始等候")
    assert hand.window.desk.session is None and QApplication.activeModalWidget() is None
    with pytest.raises(Exception, match="没有回应"):
        direct.take(colleague.book, where[0], "0" * 8, go_on)
