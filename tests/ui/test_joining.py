"""A laptop joins the bureau in the window, with a real server; nothing of it keeps the window waiting."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit

from inspector_app.actions import sync, whereabouts
from inspector_app.domain.access import Role
from inspector_app.sync.enrolment import fingerprint
from inspector_app.tour.hand import Hand
from inspector_app.ui.widgets.panels import Tag
from inspector_app.ui.widgets.text import Text
from tests.office import CASE, arrive, check_all, finish_visit
from tests.server.conftest import PASSWORD, Served, served

__all__ = ["served"]


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
    hand.press("好")


def test_the_network_is_asked_off_the_windows_thread(
    hand: Hand, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    real = sync.look_up

    def noted(url: str) -> tuple[sync.Address, str]:
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


def test_originals_are_given_up_and_brought_back(hand: Hand, served: Served) -> None:
    served.office.accounts.add("shen", "示例沈岚", Role.LEAD, PASSWORD)
    session = hand.window.desk.open_session
    sync.enrol(session.book, served.address, "shen", PASSWORD)
    arrive(session.book)
    check_all(session)
    finish_visit(session)
    sync.hand_over(session.book)
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
