"""管理 before who keeps it, with a real server: accounts, laptops and rules; and the first sign-in with a given password."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QComboBox

from inspector_app.actions import bureau_devices, bureau_people, rules_shown, sync
from inspector_app.actions.sign_in import Session
from inspector_app.domain.access import Role
from inspector_app.places import FORMS
from inspector_app.tour.hand import Hand
from inspector_app.ui.screens.administration import AdministrationScreen
from inspector_app.ui.widgets.qr_view import QrView
from inspector_app.ui.window import Window
from tests.office import office, refused
from tests.server.conftest import PASSWORD, Served, served
from tests.server.test_laptop import lead_laptop
from tests.ui.test_joining import look_up, shown
from tests.ui.test_publicity_screen import said, turn_into

__all__ = ["served"]


def choose(hand: Hand, name: str, value: str) -> None:
    """Pick by keys."""
    box = hand.find(QComboBox, name)
    box.setFocus()
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())
    hand.settle()


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = office(tmp_path)
    yield made
    made.close()


def at_administration(
    open_window: Callable[..., Window], served: Served, folder: Path, now: sync.Address | None = None
) -> Hand:
    """The admin's window: the sample's first officer is one. `now` is where the bureau is looked for since."""
    served.office.accounts.add("shen", "示例沈岚", Role.ADMIN, PASSWORD)
    mine = office(folder)
    sync.enrol(mine.book, served.address, "shen", PASSWORD)
    if now is not None:
        sync.follow(mine.book, now)
    mine.close()
    hand = Hand(open_window(folder / "laptop"))
    hand.window.desk.open("administration")
    hand.settle()
    return hand


def test_accounts_and_laptops_are_kept_in_the_window(
    open_window: Callable[..., Window], served: Served, tmp_path: Path
) -> None:
    served.office.accounts.add("zhou", "示例周敏", Role.LEAD, PASSWORD)
    lost = lead_laptop(served, tmp_path / "lost")
    name = lost.book.store.device
    lost.close()
    hand = at_administration(open_window, served, tmp_path / "a")
    book = hand.window.desk.book
    assert "在用 7 个，停用 0 个" in said(hand) and "本人；由另一名系统管理员办理" in said(hand)
    hand.press("登记账号")
    choose(hand, "人员", "lu")
    hand.press("要动态码")
    hand.click(hand.all(QAbstractButton)[-1])  # the act of the sheet bears the name of what opened it
    assert "只显示这一次" in shown(hand) and hand.all(QrView)
    password = hand.read(r"^([2-9A-Z]{4}(?:-[2-9A-Z]{4}){3})$")
    hand.press("交给本人了")
    assert "等本人设密码" in said(hand) and password not in said(hand)
    hand.press("办理 示例周敏")
    hand.press("改身份")
    choose(hand, "身份", "legal_reviewer")
    hand.press("改身份")
    assert served.office.accounts.standing("zhou").now == "legal_reviewer"
    hand.press("撤销")
    assert served.office.accounts.standing("zhou").now == "team_lead", "the toast takes it back"
    hand.press("办理 示例周敏")
    hand.press("停用")
    assert "已停用" in said(hand) and served.office.accounts.standing("zhou").now == ""
    hand.press("办理 示例周敏")
    assert "科室负责人改为法制审核人员" in said(hand), "what was done stands there"
    hand.press("启用")
    hand.press("办理 示例周敏")
    hand.press("重设密码")
    hand.press("重设密码")
    assert "只显示这一次" in shown(hand)
    hand.press("交给本人了")
    hand.press("电脑")
    hand.press(f"撤销 {name}")
    hand.press("撤销")
    assert {each.name: each.revoked is None for each in bureau_devices.enrolled(book)} == {
        name: False,
        book.store.device: True,
    }
    refused("refused_by_bureau", lambda: bureau_devices.revoke(book, "QH-FFFF"))
    turn_into(hand, "shen", Role.OFFICER)
    assert hand.window.rail.buttons["administration"].isHidden(), "it is for who keeps them"
    refused("not_allowed", lambda: bureau_people.accounts(book))
    refused("not_allowed", lambda: bureau_people.reset_password(book, "zhou"))


def test_without_the_bureau_it_says_so_and_rules_are_there(
    open_window: Callable[..., Window], served: Served, tmp_path: Path
) -> None:
    hand = at_administration(open_window, served, tmp_path / "a")
    book = hand.window.desk.book
    sync.follow(book, sync.Address("https://127.0.0.1:1", served.address.root))
    hand.press("再问一次")
    assert (
        "连不上局里的服务器" in hand.problem()
        and "现在连不上局里，这是" in said(hand)
        and "示例系统管理员" in said(hand)
    )
    hand.press("规则")
    assert "中华人民共和国档案法" in said(hand) and "程序自带" in said(hand)
    copy = rules_shown.take_out(book, tmp_path / "rules")
    assert {p.relative_to(copy) for p in copy.rglob("*.toml")} == {p.relative_to(FORMS) for p in FORMS.rglob("*.toml")}
    screen = hand.window.screens["administration"]
    assert isinstance(screen, AdministrationScreen)
    screen._rules.look_at(copy)
    hand.settle()
    assert "没有和现行不同的规则" in hand.problem()
    policy = copy / "policy.toml"
    policy.write_text(policy.read_text("utf-8").replace("value = 60\n", "value = 61\n"), "utf-8")
    screen._rules.look_at(copy)
    hand.settle()
    assert "发布 1 份规则" in hand.root.windowTitle() and "policy.toml" in shown(hand)
    hand.press("发布给所有电脑")
    assert "本局发布" in said(hand) or "新的下次登录起用" in said(hand)
    shutil.rmtree(copy)


def test_an_unreachable_bureau_is_asked_again_and_answers(
    open_window: Callable[..., Window], served: Served, tmp_path: Path
) -> None:
    away = sync.Address("https://127.0.0.1:1", served.address.root)
    hand = at_administration(open_window, served, tmp_path / "a", now=away)
    assert "连不上局里，现在看不到账号和电脑" in said(hand) and "在用" not in said(hand)
    hand.press("再问一次")
    assert "连不上局里的服务器" in hand.problem() and "现在看不到账号和电脑" in said(hand)
    sync.follow(hand.window.desk.book, served.address)
    hand.press("再问一次")
    assert "在用" in said(hand) and "示例系统管理员" in said(hand)


def test_rules_taken_out_lie_over_nothing(session: Session, tmp_path: Path) -> None:
    taken = tmp_path / "rules"
    taken.mkdir()
    refused("file_exists", lambda: rules_shown.take_out(session.book, taken))
    assert not [*taken.iterdir()]
    (tmp_path / "file").write_text("示例")
    refused("file_unwritable", lambda: rules_shown.take_out(session.book, tmp_path / "file" / "rules"))


def test_who_got_a_password_sets_an_own_one_at_the_first_sign_in(hand: Hand, served: Served) -> None:
    first, _ = served.office.accounts.invite("shen", "示例沈岚", Role.LEAD)
    look_up(hand, served)
    hand.fill("密码", first)
    hand.press("一样，登记这台电脑")
    assert "只用来登录一次" in shown(hand)
    hand.fill("自己的新密码", "short")
    hand.press("设好并登录")
    assert "至少 12 位" in shown(hand)
    hand.fill("自己的新密码", PASSWORD)
    hand.fill("再输入一次新密码", PASSWORD)
    hand.press("设好并登录")
    link = sync.link_of(hand.window.desk.book.store)
    assert link is not None and link.role == "team_lead"
    served.office.accounts.sign_in("shen", PASSWORD, "", "QH-0001")


def test_an_account_of_another_name_is_told_of(hand: Hand, served: Served) -> None:
    look_up(hand, served)
    hand.fill("账号", "team_lead")
    hand.fill("密码", PASSWORD)
    hand.press("一样，登记这台电脑")
    assert "账号的身份在这里不起作用" in hand.problem()
