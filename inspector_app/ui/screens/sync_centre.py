"""Where the data is: what is here, what is on its way, what the bureau has signed for; and what was filled in differently."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ...actions import check, sending, sync, whereabouts
from ...actions.book import Done
from ...actions.devices import is_revoked
from ...actions.whereabouts import Where
from ...domain.access import SET_ASIDE
from ...domain.calendar import zh_when
from ...domain.casefile import CaseFile
from ...domain.item import ItemFact
from ...domain.problems import Problem
from ...domain.rows import Version
from ..desk import Desk
from ..offers import WORK
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.fields import Field
from ..widgets.medallion import Medallion
from ..widgets.notices import Sheet
from ..widgets.panels import Bar, Body, Card, Empty, Icon, Tag, clear, column, row
from ..widgets.text import Text
from ..words import time_left
from .base import Screen
from .own_password import signing_in
from .sync_row import SyncRow
from .without_bureau import WithoutBureau

_TONES = {
    "不符合": ("bad", "x-circle"),
    "基本符合": ("warn", "minus"),
    "符合": ("ok", "check-circle"),
    "不适用": ("na", "prohibit"),
}
SHOWN = 20
"""Inspections that are listed, those first of which something is not received yet."""
_FOLLOWS = 3.0
"""Seconds between two looks at what the bureau has signed for while an exchange is under way."""
_NEWS = timedelta(days=7)
"""How long it is told that the bureau's server was brought back from an old copy."""
_REASONS = ("复测确认", "以固定仪表为准", "测量位置不同", "填写错误")


class SyncScreen(Screen):
    """Figures on top, inspections at the left, one difference at a time at the right."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._rows: dict[str, SyncRow] = {}
        self._figures = row(spacing=20)
        self._list = column(spacing=10)
        self._right = column(spacing=12)
        self.go = Button("现在交换", "primary", "arrows-clockwise", act=self._exchange, height=44)
        self.stop = Button("停下", "secondary", act=self._stop, height=44)
        self.join = Button("登记到局里", "primary", "buildings", act=self._join, height=44)
        self.again = Button("重新登录", "primary", "user", act=self._sign_in_again, height=44)
        self.metered = Button("按流量计费，先不发原件", "tick", checkable=True, act=self._meter, height=44)
        self._progress = Bar()
        self._said = Text("", "small", "ink2", wrap=True)
        self._under_way, self._since, self._followed = "", (0, 0.0), 0.0
        desk.exchanged.connect(self._show_progress)
        acts = row(self._said, self.metered, self.stop, self.go, self.join, self.again, spacing=8)
        acts.setStretch(0, 1)
        acts.setAlignment(self._said, Qt.AlignmentFlag.AlignVCenter)
        top = Card(self._figures, self._progress, acts, spacing=12)
        left = self._list_body = Body(self._list, margins=(0, 0, 8, 8))
        left.setMinimumWidth(look.px(320))
        left.setMaximumWidth(look.px(400))
        self._differences = Body(self._right, margins=(8, 0, 0, 8))
        below = row(left, self._differences, spacing=8)
        below.setStretch(1, 1)
        whole = column(top, below, spacing=12, margins=(20, 14, 20, 0))
        whole.setStretch(1, 1)
        self.setLayout(whole)

    # -- showing ----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        book = self.desk.book
        link = sync.link_of(book.store)
        begun = self._places()
        if not self.desk.exchanging:
            self._under_way = ""
        self._show_figures(begun)
        acts = (self.stop, self.go)
        held = any(button.hasFocus() for button in acts)
        for button, shown in ((self.join, link is None), (self.go, link is not None and not self.desk.exchanging and not self.desk.signed_out),
                              (self.again, link is not None and self.desk.signed_out),
                              (self.stop, self.desk.exchanging), (self.metered, link is not None)):  # fmt: skip
            button.setVisible(shown)
        if held:  # the one takes the place of the other, and the focus with it
            next((button for button in acts if not button.isHidden()), self._list_body).setFocus(
                Qt.FocusReason.OtherFocusReason
            )
        self.metered.setChecked(sending.link_metered(book.store))
        self._progress.setVisible(self.desk.exchanging)
        waiting = any(place.word != "已回执" for place in begun)
        self._said.setText(self._sentence(link, waiting=waiting))
        self._show_list(begun)
        self._show_differences()

    def _places(self) -> list[Where]:
        places = whereabouts.where(self.desk.book, list(self.desk.queries.tallies()))
        return [place for place in places if place.events]

    def _sentence(self, link: sync.Link | None, *, waiting: bool) -> str:
        if link is None:
            return "这台电脑还没有登记到局里。没有登记也可以检查，内容只在本机和备份里。"
        if self.desk.exchanging and self.desk.stop_exchange:
            return "正在停下，手上这一块发完就停。"
        if self.desk.exchanging:
            return f"{self._under_way or '正在交换'}。可以继续检查，停下后从这里接着发送。"
        last = sync.last_exchange(self.desk.book.store)
        when = f"{self._when(last)} 交换过" if last else "还没有交换过"
        return f"{when}，账号 {link.account}{self._fell_back(waiting=waiting)}"

    def _fell_back(self, *, waiting: bool) -> str:
        """What follows from an old copy that the bureau had to bring back, for as long as it is news."""
        fell = sending.fell_back_at(self.desk.book.store)
        if not fell or self.desk.book.clock.now().at - datetime.fromisoformat(fell) > _NEWS:
            return ""
        rest = "缺的等本机补交" if waiting else "本机已把缺的补交"
        return f"；{self._when(fell)} 见服务器已回退到旧的备份，{rest}"

    def _when(self, moment: str) -> str:
        return zh_when(datetime.fromisoformat(moment), self._today())

    def _show_figures(self, places: list[Where]) -> None:
        clear(self._figures)
        events = sum(p.events for p in places)
        received = sum(p.events_received for p in places)
        files = sum(p.files_waiting for p in places)
        size = sum(p.bytes_waiting for p in places)
        waiting = "warn" if events > received or files else "na"
        for icon, tone, name, figure, sub in (
            ("laptop", "ok", "本机已存", f"{events:,} 条", "断电不丢"),
            ("cloud-arrow-up", waiting, "等局里回执", f"{events - received:,} 条，{files} 个文件",
             f"{size / 1e6:.1f} MB" if waiting == "warn" else "都有回执"),
            ("seal-check", "ok" if received else "na", "局里已回执", f"{received:,} 条",
             f"{sum(p.files_received for p in places)} 个文件，逐个核对过摘要"),
        ):  # fmt: skip
            if self._figures.count():
                self._figures.addWidget(Icon("caret-right", "control", 18))  # from here to the bureau
            words = column(Text(name, "small", "ink3"), Text(figure, "h1"), Text(sub, "small", "ink2"), spacing=0)
            part = row(Medallion(icon, tone), words, spacing=14)
            part.setStretch(1, 1)
            self._figures.addLayout(part, 1)

    def _show_list(self, places: list[Where]) -> None:
        clear(self._list)
        names = {v.id: v.unit for v in self.desk.inspections()}
        places = [place for place in places if place.stream in names]
        if self.desk.may("read"):
            self._list.addLayout(row(Text("按检查看", "h2"), None, Text(f"{len(places)} 场", "small", "ink3")))
        for said in self._to_look_at(names):
            self._list.addWidget(Card(Text(said, "small", "ink2", wrap=True), tone="warn", padding=12))
        if self.desk.may("read") and not places:
            self._list.addWidget(Empty("cloud-check", "还没有检查。"))
        places = sorted(places, key=lambda place: place.word == "已回执")
        self._rows = {place.stream: SyncRow(self, self.desk, names[place.stream], place) for place in places[:SHOWN]}
        for each in self._rows.values():
            self._list.addWidget(each)
        if len(places) > SHOWN:
            received = sum(place.word == "已回执" for place in places[SHOWN:])
            self._list.addWidget(
                Text(
                    f"另有 {len(places) - SHOWN} 场，其中 {received} 场已回执。在“检查”里打开。",
                    "small",
                    "ink3",
                    wrap=True,
                )
            )
        self._list_body.setVisible(bool(self._list.count()))
        self._list.addStretch(1)

    def _to_look_at(self, names: Mapping[str, str]) -> Iterator[str]:
        """What does not come right by itself; it stands above what does."""
        store = self.desk.book.store
        if is_revoked(store, store.device_key.public):
            yield "局里已撤销这台电脑。做过的还能交回，局里会注明；不再领取新的。以后用哪台，问系统管理员。"
        for id, (stream, code) in list(store.aside().items())[:SHOWN]:
            yield f"局里放在一边：{names.get(stream, stream)}，{_ASIDE.get(code, code)}（编号 {id[:8]}）。本机的记录不变。"
        here = whereabouts.only_here(self.desk.book)
        if here and sync.last_exchange(store) and not self.desk.exchanging:
            yield f"单位、人员、文号或规则的登记有 {here} 条只在本机。局里只收科室负责人和系统管理员的登记，由他们登记同样的内容。"
        if unreadable := self.desk.queries.unreadable():
            yield f"有 {unreadable} 件检查的安排这个版本读不出。记录都在；更新程序，或交系统管理员。"

    # -- what was filled in differently -----------------------------------------------------------------------

    def _show_differences(self) -> None:
        clear(self._right)
        found = [(case, item) for case in self._cases() for item in case.items if item.conflict]
        if not found:
            self._right.addWidget(
                Card(Empty("git-diff", "没有填写不同的检查项。两台电脑填得不一样时，两份都列在这里。"), padding=32)
            )
            self._right.addWidget(WithoutBureau(self.desk, self))
            self._right.addStretch(1)
            return
        case, item = found[0]
        self._right.addLayout(row(Text(f"{len(found)} 处填写不同", "h2"), Tag("第 1 处", "brand"),
                                  Text(f"{case.unit.name}　{item.code} {item.text}", "small", "ink2"), spacing=10))  # fmt: skip
        self._right.addWidget(Text("决定前按较严的计算，两份都留在过程记录里。", "small", "ink3", wrap=True))
        cards = row(spacing=12)
        for index, version in enumerate(item.conflict):
            cards.addWidget(self._version(case, item, version, strict=index == 0))
        self._right.addLayout(cards)
        self._right.addWidget(WithoutBureau(self.desk, self))
        self._right.addStretch(1)

    def _today(self) -> date:
        return self.desk.book.clock.now().at.date()

    def _cases(self) -> list[CaseFile]:
        return [self.desk.queries.case(v.id) for v in self.desk.inspections() if 1 <= v.step <= 4]

    def _version(self, case: CaseFile, item: ItemFact, version: Version, *, strict: bool) -> Card:
        tone, icon = _TONES.get(version.value, ("na", ""))
        head = row(
            column(Text(version.by, "strong"), Text(zh_when(version.at, self._today()), "small", "ink2"), spacing=2),
            None,
        )
        if strict:
            head.addWidget(Tag("暂按此项计算", "bad"))
        choose = Button(
            f"选用{version.by}的填写", "secondary", act=partial(self._choose, case, item, version), height=44
        )
        card = Card(head, row(Text("填写", "small", "ink3"), Tag(version.value, tone, icon), None), spacing=10)
        if version.reason:
            card.body.addWidget(Text(f"原因：{version.reason}", "small", "ink2", wrap=True))
        if self.desk.may(WORK, case.id):
            card.body.addWidget(choose)
        return card

    def _choose(self, case: CaseFile, item: ItemFact, version: Version) -> None:
        reason = Field(f"为什么选用{version.by}的填写", hint="写进过程记录")
        chips = row(*(Button(words, "soft", act=partial(reason.input.setText, words), height=36) for words in _REASONS), None,
                    spacing=6)  # fmt: skip
        sheet = Sheet(f"{item.code} 选用“{version.value}”", chips, reason, act="选用并记录", parent=self)
        sheet.check = lambda: "" if reason.text().strip() else "写明原因后再选用。"
        sheet.accepted.connect(
            lambda: self.desk.act(check.answer, self.desk.book, case.id, item.code, version.value, reason.text())
        )
        _open(sheet, reason)

    # -- acting -----------------------------------------------------------------------------------------------

    def quiet_place(self) -> QWidget:
        return self._differences

    def primary(self) -> None:
        next(button for button in (self.join, self.again, self.go) if button is self.go or button.isVisible()).click()

    def _sign_in_again(self) -> None:
        book = self.desk.book
        self.desk.run("查看登录方式", lambda: sync.takes_unit_accounts(book), self._ask_again, network=True)

    def _ask_again(self, unit_accounts: bool) -> None:
        password, code = Field("密码", secret=True), Field("动态码（没有可以不填）")
        sheet = Sheet("重新登录局里", Text("局里的登录已过期。本机数据都在。", "small", "ink2"), password, code,
                      act="登录并交换", parent=self)  # fmt: skip
        book = self.desk.book
        failed = partial(self._ask_again, unit_accounts)
        if unit_accounts:
            sheet.add_way(_UNIT, lambda: self.desk.by_browser(
                sync.own_address(book), partial(sync.sign_in_again_by_browser, book), signed_in, failed))  # fmt: skip

        def signed_in(_: sync.Link) -> None:
            self.desk.signed_out = False
            self.desk.hand_over()

        def enter() -> None:
            work = partial(sync.sign_in_again, book, password.text())
            signing_in(self, self.desk, "登录局里", work, code.text().strip(), signed_in, failed)

        sheet.accepted.connect(enter)
        _open(sheet, password)

    def _exchange(self) -> None:
        self.desk.hand_over()

    def _stop(self) -> None:
        self.desk.stop_exchange = True
        self._said.setText(self._sentence(sync.link_of(self.desk.book.store), waiting=True))

    def _meter(self) -> None:
        sending.set_metered(self.desk.book, self.metered.isChecked())

    def _show_progress(self, done: int, total: int) -> None:
        """How far the exchange is, and how long the files still take; the figures follow every few seconds."""
        if self.desk.session is None:
            return
        now = time.monotonic()
        if not total or not self._under_way:
            self._since = (done, now)
        before, since = self._since
        left = time_left(now - since, done - before, total - before) if total else ""
        files = f"正在发送文件 {done / 1e6:.1f}/{total / 1e6:.1f} MB"
        events = f"正在交换，交出 {done:,} 条" if done else "正在交换"
        self._under_way = "，".join(filter(None, (files, left))) if total else events
        self._progress.show_part(done, total)
        if self.isVisible() and now - self._followed > _FOLLOWS:
            self._followed = now
            self._follow(self._places())
        self._said.setText(self._sentence(sync.link_of(self.desk.book.store), waiting=True))

    def _follow(self, places: list[Where]) -> None:
        """What the bureau has signed for meanwhile; nothing moves by it."""
        self._show_figures(places)
        for place in places:
            if place.stream in self._rows:
                self._rows[place.stream].follow(place)

    def _join(self, typed: str = "") -> None:
        """Where the bureau is, then the comparison of its fingerprint with paper, then who signs in."""
        address = Field("局里的地址", typed, hint="https://…，管理员给的")
        sheet = Sheet("登记到局里", address, act="查找", parent=self)
        sheet.check = lambda: "" if address.text().strip() else "填写局里的地址。"

        def look_up() -> None:
            url = address.text().strip()
            self.desk.run("查找局里的服务器", lambda: sync.look_up(url), lambda found: self._compare(*found),
                          network=True, failed=lambda: self._join(url))  # fmt: skip

        sheet.accepted.connect(look_up)
        _open(sheet, address)

    def _compare(self, where: sync.Address, fingerprint: str, unit_accounts: bool, typed: str = "") -> None:
        book = self.desk.book
        link = sync.link_of(book.store)
        account = Field("账号", typed or (link.account if link else book.person.id))
        password, code = Field("密码", secret=True), Field("动态码（没有可以不填）")
        sheet = Sheet("核对局里的指纹", Text("和管理员给的纸上一样才登记，不一样就停下，告诉管理员。", "body", "ink2", wrap=True),
                      Text(fingerprint, "h2"), account, password, code, act="一样，登记这台电脑", parent=self)  # fmt: skip

        def enrol() -> None:
            name = account.text().strip()
            work = partial(sync.enrol, book, where, name, password.text())
            failed = partial(self._compare, where, fingerprint, unit_accounts, name)
            signing_in(self, self.desk, "登记这台电脑", work, code.text().strip(), joined, failed)

        def joined(done: Done[sync.Link]) -> None:
            self.desk.finished(done)
            self.desk.hand_over()
            if done.value.account != book.person.id:
                self.desk.told.emit(
                    str(Problem("account_of_another", account=done.value.account, mine=book.person.id)), "warn"
                )

        if unit_accounts:
            sheet.add_way(_UNIT, lambda: self.desk.by_browser(
                where, partial(sync.enrol_by_browser, book, where), joined,
                partial(self._compare, where, fingerprint, unit_accounts)))  # fmt: skip
        sheet.accepted.connect(enrol)
        _open(sheet, password)


_UNIT = "用单位账号登录"
_ASIDE = {
    **SET_ASIDE,
    "forged_author": "写的设备和签名的设备不同",
    "unknown_device": "设备没有登记",
    "garbled": "内容不合约定",
}


def _open(sheet: Sheet, field: Field) -> None:
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    sheet.open()
    field.input.setFocus()
