"""What is done with an account of the bureau: a new one, another role, closed and opened, first password, second factor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QWidget

from ...actions import bureau_people
from ...actions.bureau_people import Account, Given
from ...domain.access import Role
from ...domain.calendar import zh_at
from ..desk import Desk
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.fields import Choice, Field, Pick
from ..widgets.notices import Sheet
from ..widgets.panels import Line, column, row
from ..widgets.qr_view import QrView
from ..widgets.text import Text

Then = Callable[[], object]
"""What is to be done when the bureau has done its part: ask it anew."""
_SECOND = ("不要动态码", "要动态码")


def invite(parent: QWidget, desk: Desk, known: Sequence[Account], then: Then) -> None:
    """登记账号: of an officer of the register, or of somebody else by name and number."""
    book, officers = desk.book, {each.id: each for each in bureau_people.strangers(desk.book, known)}
    others = [("", "不在人员登记里"), *((id, each.name) for id, each in officers.items())]
    name, number = Field("姓名"), Field("执法证号", hint="没有执法证的写工号")
    apart = QWidget()
    apart.setLayout(row(name, number, spacing=12))
    who = Pick("人员", others, lambda id: apart.setVisible(not id))
    role = Pick("身份", [(each.value, each.label) for each in Role])
    second = Choice("登录时", _SECOND)
    second.show_value(_SECOND[0])
    said = "账号就是本人在电脑上的编号，在哪台电脑上都一样；编号和账号不同的，身份在那台电脑上不起作用。"
    sheet = _sheet(parent, "登记账号", who, apart, role, second, Text(said, "small", "ink2", wrap=True), act="登记账号")
    sheet.check = lambda: "" if who.value() or (name.text().strip() and number.text().strip()) else "写明姓名和证号。"

    def add() -> None:
        chosen, wanted = officers.get(who.value()), second.value() == _SECOND[1]
        work = partial(bureau_people.invite, book, name.text(), number.text(), Role(role.value()), wanted, chosen)
        desk.run("登记账号", work, partial(_tell_once, parent, then=then), network=True)

    sheet.accepted.connect(add)
    sheet.open()
    who.input.setFocus()


def keep(parent: QWidget, desk: Desk, account: Account, then: Then) -> None:
    """What can be done with one account, and what was."""
    acts: list[tuple[str, str, Callable[[], object]]] = []
    if account.active:
        acts = [("改身份", "secondary", partial(_change_role, parent, desk, account, then)),
                ("重设密码", "secondary", partial(_reset_password, parent, desk, account, then)),
                ("重设动态码" if account.totp else "加动态码", "secondary",
                 partial(_reset_second, parent, desk, account, True, then))]  # fmt: skip
        if account.totp:
            acts.append(("取消动态码", "secondary", partial(_reset_second, parent, desk, account, False, then)))
    acts.append(("停用", "danger", partial(set_active, desk, account, False, then)) if account.active
                else ("启用", "secondary", partial(set_active, desk, account, True, then)))  # fmt: skip

    def take(act: Callable[[], object]) -> None:
        sheet.reject()
        act()

    buttons = [Button(name, kind, act=partial(take, act), height=40) for name, kind, act in acts]
    done: list[QWidget | QLayout] = [Line(), Text("办过的", "small", "ink3")] if account.steps else []
    done += [Text(f"{zh_at(step.at)}　{step.what}，{step.by}", "small", "ink2", wrap=True) for step in account.steps]
    sheet = _sheet(parent, f"{account.name}的账号", Text(f"账号 {account.id}，{account.role.label}", "body", "ink2", wrap=True),
                   row(*buttons, None, spacing=8), *done, act="看完了")  # fmt: skip
    sheet.back.hide()
    sheet.open()


def _change_role(parent: QWidget, desk: Desk, account: Account, then: Then) -> None:
    role = Pick("身份", [(each.value, each.label) for each in Role])
    role.show_value(account.role.value)
    said = "马上起作用，本人要重新登录局里。以前以原来的身份写的照常收。"
    sheet = _sheet(parent, f"改{account.name}的身份", role, Text(said, "small", "ink2", wrap=True), act="改身份")
    sheet.check = lambda: "" if role.value() != account.role.value else f"现在就是{account.role.label}。"
    sheet.accepted.connect(lambda: _give_role(desk, account, Role(role.value()), account.role, then))
    sheet.open()
    role.input.setFocus()


def _give_role(desk: Desk, account: Account, role: Role, before: Role, then: Then) -> None:
    book = desk.book

    def done(_: None) -> None:
        desk.toasted.emit(f"{account.name}现在是{role.label}", partial(_give_role, desk, account, before, role, then))
        then()

    desk.run("改身份", lambda: bureau_people.change_role(book, account.id, role), done, network=True)


def set_active(desk: Desk, account: Account, active: bool, then: Then) -> None:
    """Close an account or open it again; the other one undoes it."""
    book, word = desk.book, "启用" if active else "停用"

    def done(_: None) -> None:
        desk.toasted.emit(f"已{word}{account.name}的账号", partial(set_active, desk, account, not active, then))
        then()

    desk.run(f"{word}账号", lambda: bureau_people.set_active(book, account.id, active), done, network=True)


def _reset_password(parent: QWidget, desk: Desk, account: Account, then: Then) -> None:
    """Asked once more: the old password does not come back."""
    book = desk.book
    said = (
        "原来的密码马上作废，登录着的退出，没有撤回。新的密码只能登录一次，本人登录时另设一个。电脑上的工作不受影响。"
    )
    sheet = _sheet(parent, f"重设{account.name}的密码", Text(said, "body", wrap=True), act="重设密码")
    sheet.accepted.connect(lambda: desk.run("重设密码", lambda: bureau_people.reset_password(book, account.id),
                                            partial(_tell_once, parent, then=then), network=True))  # fmt: skip
    sheet.open()


def _reset_second(parent: QWidget, desk: Desk, account: Account, wanted: bool, then: Then) -> None:
    """Asked once more: the old secret does not come back."""
    book = desk.book
    if wanted:
        title, said, act = (
            f"{account.name}的动态码",
            "原来的动态码作废，没有撤回。请本人带手机来，当场扫下一页的二维码。",
            "给新的动态码",
        )
    else:
        title, said, act = (
            f"取消{account.name}的动态码",
            "以后只凭密码登录局里。原来的动态码作废，没有撤回。",
            "取消动态码",
        )
    sheet = _sheet(parent, title, Text(said, "body", wrap=True), act=act)

    def done(given: Given) -> None:
        if given.secret:
            _tell_once(parent, given, then)
        else:
            desk.toasted.emit(f"{account.name}登录局里不再要动态码", None)
            then()

    sheet.accepted.connect(
        lambda: desk.run(act, lambda: bureau_people.reset_second(book, account.id, wanted), done, network=True)
    )
    sheet.open()


def _tell_once(parent: QWidget, given: Given, then: Then) -> None:
    """What the bureau says this once: a password to be read out, a code to be scanned."""
    parts: list[QWidget | QLayout] = []
    if given.password:
        said = "当面或者打电话告诉本人，7 天内有效。本人在“同步”里用它登录，同时设自己的密码。"
        parts += [
            Text(given.password, "display"),
            Text(f"账号 {given.account}", "strong", wrap=True),
            Text(said, "body", "ink2", wrap=True),
        ]
    if given.secret:
        code = QrView(bureau_people.squares(given), "动态码的二维码", 240)
        spaced = " ".join(given.secret[n : n + 4] for n in range(0, len(given.secret), 4))
        parts += [row(code, column(Text("动态码", "strong"), Text("用手机上的验证器扫；扫不了的，手工输入密钥：", "small", "ink2", wrap=True),
                                   Text(spaced, "small", wrap=True), None, spacing=6), spacing=16)]  # fmt: skip
    parts.append(Text("只显示这一次。没有记下的，再重设一次。", "small", "warn", wrap=True))
    sheet = _sheet(parent, "交给本人", *parts, act="交给本人了")
    sheet.back.hide()
    sheet.finished.connect(lambda _: then())
    sheet.open()
    sheet.act.setFocus()


def _sheet(parent: QWidget, title: str, *parts: QWidget | QLayout, act: str) -> Sheet:
    sheet = Sheet(title, *parts, act=act, parent=parent)
    sheet.setMinimumWidth(look.px(560))
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return sheet
