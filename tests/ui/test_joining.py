"""A laptop joins the bureau in the window, with a real server; nothing of it keeps the window waiting."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit

from inspector_app.actions import arrival, sync, whereabouts
from inspector_app.domain.access import Role
from inspector_app.sync.enrolment import fingerprint
from inspector_app.tour.hand import Hand
from inspector_app.ui.widgets.panels import Tag
from inspector_app.ui.widgets.text import Text
from tests.office import CASE, visited
from tests.server.browsing import Browser
from tests.server.conftest import PASSWORD, Served, browser, issuer, served, unit
from tests.stages import begins

__all__ = ["browser", "issuer", "served", "unit"]
UNIT = "用单位账号登录"


def shown(hand: Hand) -> str:
    return " ".join(text.text() for text in hand.all(Text))


def test_a_laptop_joins_after_a_wrong_address_and_a_wrong_password(hand: Hand, served: Served) -> None:
    served.office.accounts.add("shen", "示例沈岚", Role.LEAD, PASSWORD)
    hand.window.desk.open("sync")
    hand.settle()
    hand.press("登记到局里")
    hand.press("查找")
    assert "填写局里的地址" in shown(hand)
    hand.fill("局里的地址", "https://127.0.0.1:1")
    hand.press("查找")
    assert "连不上局里的服务器" in hand.problem()
    hand.fill("局里的地址", served.address.url)
    hand.press("查找")
    assert fingerprint(served.address.root) in shown(hand), "what the person compares"
    hand.fill("密码", "不对的密码")
    hand.press("一样，登记这台电脑")
    assert "账号、密码或动态码不对" in hand.problem()
    assert sync.link_of(hand.window.desk.book.store) is None and hand.find(QLineEdit, "账号").text() == "shen"
    hand.fill("密码", PASSWORD)
    hand.press("一样，登记这台电脑")
    assert QApplication.activeModalWidget() is None
    link = sync.link_of(hand.window.desk.book.store)
    assert link is not None and link.account == "shen" and sync.last_exchange(hand.window.desk.book.store)
    assert not hand.window.rail.buttons["review"].isHidden(), "the bureau made this person a lead"
    unit = hand.window.desk.queries.case(CASE).unit.name
    hand.press(f"{unit}的文件在哪里")
    assert {tag.accessibleName() for tag in hand.all(Tag)} == {"已回执"} and "《" in shown(hand)
    hand.press("看完了")


def test_the_network_is_asked_off_the_windows_thread(
    hand: Hand, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    real = sync.look_up

    def noted(url: str) -> tuple[sync.Address, str, bool]:
        asked.append(threading.current_thread().name)
        return real(url)

    hand.window.desk.open("sync")
    hand.settle()
    monkeypatch.setattr(sync, "look_up", noted)
    hand.press("登记到局里")
    hand.fill("局里的地址", served.address.url)
    hand.press("查找")
    assert asked and asked[0].startswith("network")
    hand.key("Escape")


@begins(visited, "window")
def test_originals_are_given_up_and_brought_back(hand: Hand, served: Served) -> None:
    served.office.accounts.add("shen", "示例沈岚", Role.LEAD, PASSWORD)
    session = hand.window.desk.open_session
    sync.enrol(session.book, served.address, "shen", PASSWORD)
    sync.hand_over(session.book)
    session.book.clock.skip(timedelta(days=session.book.rules.policy.originals_days))  # type: ignore[attr-defined]
    unit = session.queries.case(CASE).unit.name
    hand.window.desk.open("sync")
    hand.settle()
    hand.press(f"{unit}的文件在哪里")
    assert "原件随时可以取回" in shown(hand)
    hand.press("让出")
    assert len(whereabouts.away(session.book, session.book.store.blobs(CASE))) == 8
    hand.window.desk.open("case", CASE)
    hand.window.desk.open_stage(9)
    hand.settle()
    assert "8 个原件在局里，没有在这里核对" in shown(hand)
    hand.window.desk.open("sync")
    hand.settle()
    hand.press(f"{unit}的文件在哪里")
    hand.press("取回 8 个")
    assert whereabouts.away(session.book, session.book.store.blobs(CASE)) == []


def look_up(hand: Hand, where: Served) -> None:
    hand.window.desk.open("sync")
    hand.settle()
    hand.press("登记到局里")
    hand.fill("局里的地址", where.address.url)
    hand.press("查找")


def test_a_laptop_joins_and_signs_in_again_with_the_units_account(hand: Hand, unit: Served, browser: Browser) -> None:
    desk, asked = hand.window.desk, list[threading.Thread]()

    def page(url: str) -> bool:
        """The system's browser: a program of its own, in which the person signs in."""
        assert threading.current_thread() is threading.main_thread()
        asked.append(threading.Thread(target=lambda: browser.arrive(browser.go(url, "shen"))))
        asked[-1].start()
        return True

    desk.open_page = page
    look_up(hand, unit)
    hand.press(UNIT)
    assert QApplication.activeModalWidget() is None
    link = sync.link_of(desk.book.store)
    assert link is not None and link.account == "shen" and sync.last_exchange(desk.book.store)
    unit.office.accounts.sign_out(link.token)
    hand.press("现在交换")
    assert "登录已过期" in hand.problem()
    hand.press("重新登录")  # shown only where the session has ended
    hand.press(UNIT)
    assert hand.problem() == "", "it is over"
    fresh = sync.link_of(desk.book.store)
    assert fresh is not None and fresh.token != link.token
    for thread in asked:
        thread.join()


def test_stopping_in_the_window_and_a_missing_browser_lead_back_to_the_sheet(hand: Hand, unit: Served) -> None:
    desk = hand.window.desk
    desk.open_page = lambda url: False
    look_up(hand, unit)
    hand.press(UNIT)
    assert "没有能打开的浏览器" in hand.problem() and fingerprint(unit.address.root) in shown(hand)

    def stop() -> None:
        (button,) = (b for b in hand.window.work.findChildren(QAbstractButton) if b.isVisible())
        button.click()

    def page(url: str) -> bool:
        QTimer.singleShot(50, stop)
        return True

    desk.open_page = page
    hand.press(UNIT)
    assert fingerprint(unit.address.root) in shown(hand) and sync.link_of(desk.book.store) is None
    hand.key("Escape")


def test_without_a_provider_the_window_offers_none(hand: Hand, served: Served) -> None:
    look_up(hand, served)
    with pytest.raises(LookupError):
        hand.press(UNIT)
    hand.key("Escape")


def test_a_revoked_laptop_hands_in_and_is_told(hand: Hand, served: Served) -> None:
    served.office.accounts.add("shen", "示例沈岚", Role.OFFICER, PASSWORD)
    book = hand.window.desk.book
    sync.enrol(book, served.address, "shen", PASSWORD)
    hand.window.desk.open("sync")
    hand.settle()
    hand.press("现在交换")
    assert "撤销" not in shown(hand)
    served.office.accounts.revoke(book.store.device)
    arrival.begin_visit(book, CASE, "示例区南泉路81号")
    hand.press("现在交换")
    assert hand.problem() == "" and "局里已撤销这台电脑" in shown(hand)
    assert whereabouts.where(book, [CASE])[0].word == "已回执", "what was done is handed in all the same"


def test_how_far_an_exchange_is_stands_in_words_also_of_more_than_two_gigabytes(hand: Hand, served: Served) -> None:
    served.office.accounts.add("shen", "示例沈岚", Role.OFFICER, PASSWORD)
    desk = hand.window.desk
    sync.enrol(desk.book, served.address, "shen", PASSWORD)
    desk.open("sync")
    hand.settle()
    desk.exchanging = True
    desk.exchanged.emit(12, 0)
    assert "正在交换，交出 12 条" in shown(hand)
    desk.exchanged.emit(3_200_000_000, 4_000_000_000)
    assert "正在发送文件 3200.0/4000.0 MB" in shown(hand)
    desk.exchanging = False
