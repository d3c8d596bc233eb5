"""管理: the bureau's accounts, laptops, rules and public lists, for who keeps them; the auditor sees them and changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from PySide6.QtWidgets import QWidget

from ...actions import bureau_devices, bureau_people, sync
from ...actions.book import Book
from ...actions.bureau_devices import Enrolled
from ...actions.bureau_people import Account
from ...domain.access import may
from ...domain.calendar import zh_time, zh_when
from ...domain.event import RULES_STREAM
from ...domain.listed import LAWS_TOLD, POWERS
from ..desk import Desk
from ..widgets.buttons import Button
from ..widgets.panels import Body, Card, Empty, Line, Surface, Tag, clear, column, row
from ..widgets.text import Text
from . import account_sheets
from .base import Screen
from .devices_board import line_of, show_devices
from .listing_board import ListBoard
from .rules_board import RulesBoard

_TABS = (
    ("账号", "users"),
    ("电脑", "laptop"),
    ("规则", "scales"),
    (POWERS.title, "list-checks"),
    (LAWS_TOLD.title, "presentation"),
)
_LISTS = {3: POWERS, 4: LAWS_TOLD}


@dataclass(frozen=True, slots=True)
class _Told:
    """What the bureau said, and when."""

    accounts: tuple[Account, ...]
    laptops: tuple[Enrolled, ...]
    at: datetime


def _ask(book: Book) -> _Told:
    return _Told(bureau_people.accounts(book), bureau_devices.enrolled(book), book.clock.now().at)


class AdministrationScreen(Screen):
    """A tab each. Accounts and laptops are the bureau's to tell: what it said last stays on view when it is away."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._told: _Told | None = None
        self._asking = self._away = False
        self.tabs = [Button(name, "tab", icon, act=partial(self._turn, nth), height=36, checkable=True)
                     for nth, (name, icon) in enumerate(_TABS)]  # fmt: skip
        self.tabs[0].setChecked(True)
        self.again = Button("再问一次", "secondary", "arrows-clockwise", act=self._look, height=36)
        self._since = Text("", "small", "ink3")
        self._parts = column(spacing=12)
        self._rules = RulesBoard(self._parts, self, desk)
        self._lists = ListBoard(self._parts, self, desk)
        self._body = Body(self._parts, name="账号、电脑、规则和清单", margins=(22, 16, 22, 16))
        self.setFocusProxy(self._body)
        bar = Surface("surface", "bottom")
        bar.setLayout(row(*self.tabs, None, self._since, self.again, margins=(18, 8, 18, 8)))
        whole = column(bar, self._body, spacing=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        desk.board_opened.connect(self.show_board)

    def show_board(self, name: str) -> None:
        """Turn to the board of this name, where it stands here."""
        nth = next((each for each, (tab, _) in enumerate(_TABS) if tab == name), None)
        if nth is not None and not self.tabs[nth].isHidden():
            self._turn(nth)

    def _turn(self, nth: int) -> None:
        for each, button in enumerate(self.tabs):
            button.setChecked(each == nth)
        self.refresh()

    @property
    def tab(self) -> int:
        return next(nth for nth, button in enumerate(self.tabs) if button.isChecked())

    # -- asking the bureau --------------------------------------------------------------------------------------

    def _look(self) -> None:
        self._asking, self._away = True, False
        book = self.desk.book

        def then(told: _Told) -> None:
            self._told, self._asking = told, False
            self.refresh()

        def failed() -> None:
            self._asking, self._away = False, True
            self.refresh()

        self.desk.run("查看局里的账号和电脑", lambda: _ask(book), then, network=True, failed=failed)

    # -- showing ------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        enrolled = sync.link_of(self.desk.book.store) is not None
        if enrolled and self._told is None and not (self._asking or self._away):
            self._look()
        for nth in _LISTS:  # who reads inspections has them beside the draws
            self.tabs[nth].setVisible(not self.desk.may("read"))
        self.desk.beside = RULES_STREAM if self.tab in _LISTS else ""
        clear(self._parts)
        remote = self.tab < 2
        self.again.setVisible(remote and enrolled and not self._asking)
        self._since.setText(self._when() if remote else "")
        if self.tab in _LISTS:
            self._lists.show(_LISTS[self.tab])
        elif not remote:
            self._rules.show()
        elif self._told is not None:
            (self._show_accounts if self.tab == 0 else self._show_laptops)(self._told)
        elif not enrolled:
            self._parts.addWidget(Empty("cloud-slash", "这台电脑还没有登记到局里，看不到局里的账号和电脑。", "去登记",
                                        partial(self.desk.open, "sync")))  # fmt: skip
        elif self._away:
            self._parts.addWidget(
                Empty("cloud-slash", "连不上局里，现在看不到账号和电脑。规则在本机，仍可以看。", "再问一次", self._look)
            )
        else:
            self._parts.addWidget(Empty("arrows-clockwise", "正在问局里。"))
        self._parts.addStretch(1)

    def _when(self) -> str:
        if self._told is None:
            return ""
        at = zh_time(self._told.at)
        return f"现在连不上局里，这是 {at} 看到的" if self._away else f"{at} 局里的情况"

    def _show_accounts(self, told: _Told) -> None:
        keeps = may(self.desk.book.actor, "manage_people")
        used = sum(each.active for each in told.accounts)
        head = row(
            Text("账号", "h1"), Text(f"在用 {used} 个，停用 {len(told.accounts) - used} 个", "small", "ink2"), None
        )
        if keeps:
            act = partial(account_sheets.invite, self, self.desk, told.accounts, self._look)
            head.addWidget(Button("登记账号", "primary", "plus", act=act, height=40))
        self._parts.addLayout(head)
        card = Card(padding=16, spacing=10)
        for nth, each in enumerate(told.accounts):
            if nth:
                card.body.addWidget(Line())
            card.body.addWidget(self._account(each, keeps))
        self._parts.addWidget(card)

    def _account(self, each: Account, keeps: bool) -> QWidget:
        own = each.id == self.desk.book.person.id
        tags = [Tag(each.role.label, "brand" if each.active else "na")]
        if not each.active:
            tags.append(Tag("已停用", "na", "prohibit"))
        elif each.first:
            tags.append(Tag("等本人设密码", "warn", "clock"))
        if each.active and each.totp:
            tags.append(Tag("动态码", "ok", "shield-check"))
        today = self.desk.book.clock.now().at.date()
        last = f"，{zh_when(each.steps[0].at, today)} {each.steps[0].what}（{each.steps[0].by}）" if each.steps else ""
        acts: list[QWidget] = []
        if own:
            acts.append(Text("本人；由另一名系统管理员办理" if keeps else "本人", "small", "ink3"))
        elif keeps:
            acts.append(
                Button(
                    "办理", "secondary", act=partial(account_sheets.keep, self, self.desk, each, self._look), height=36
                )
            )
            acts[0].setAccessibleName(f"办理 {each.name}")
        return line_of(each.name, f"账号 {each.id}{last}", tags, acts)

    def _show_laptops(self, told: _Told) -> None:
        names = {each.id: each.name for each in told.accounts}
        show_devices(self._parts, self, self.desk, told.laptops, names, self._look)

    # -- acting -------------------------------------------------------------------------------------------------

    def quiet_place(self) -> QWidget:
        return self._body

    def primary(self) -> None:
        if self.tab < 2 and self.again.isVisible():
            self.again.click()
