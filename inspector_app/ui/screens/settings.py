"""Settings: type size, theme, this computer, the data that the rules come from. Takes effect at once."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from ... import __version__
from ...actions import papers, register, safekeeping, sign_in
from ...domain.calendar import parse_zh_date, zh_moment
from ...domain.people import Credential, Officer
from ...domain.problems import Problem
from .. import theme
from ..desk import Desk
from ..widgets.buttons import Button
from ..widgets.fields import Choice, Field
from ..widgets.notices import Sheet
from ..widgets.panels import Body, Card, clear, column, row
from ..widgets.text import Text
from .base import Screen
from .begin import ask, lease_numbers


class SettingsScreen(Screen):
    """Four cards: mine, this computer, data, about."""

    NAME, TITLE, ICON, LOWER = "settings", "设置", "gear-six", True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.theme = Choice("颜色", [theme.LABELS[n] for n in ("system", "light", "dark", "high_contrast")])
        self.theme.chosen.connect(self._theme)
        self.scale = Choice("字号", ("100%", "115%", "130%"))
        self.scale.chosen.connect(self._scale)
        self.theme.show_value(theme.LABELS[theme.look.name])
        self.scale.show_value(f"{round(theme.look.scale * 100)}%")
        mine = Card(Text("我的", "h2"), self.theme, self.scale,
                    Text("字号改后，已打开的页面在下次打开时变大。", "small", "ink3"), spacing=12)  # fmt: skip
        self._computer = column(spacing=6)
        self._data = column(spacing=6)
        self._numbers = column(spacing=6)
        lock = Button("锁定并换人", "secondary", "lock", act=desk.locked.emit, key="Ctrl L")
        join = Button("加入人员", "secondary", "user", act=self._join)
        self.medium = Field("第二份备份的位置", hint="U 盘或另一块硬盘上的文件夹")
        self.copy = Button("存备份", "soft", "hard-drives", act=self._back_up)
        medium = row(self.medium, self.copy, spacing=8)
        medium.setStretch(0, 1)
        medium.setAlignment(self.copy, Qt.AlignmentFlag.AlignBottom)
        self._copied = Text("", "small", "ink2", wrap=True)
        lease = Button("登记文号段", "secondary", act=lambda: lease_numbers(self, self.desk), height=36)
        void = Button("作废一个文号", "secondary", act=self._void, height=36)
        self.setLayout(
            column(
                Body(mine, Card(Text("这台电脑", "h2"), self._computer, row(lock, join, None), spacing=10),
                     Card(Text("第二份备份", "h2"), medium, self._copied, spacing=10),
                     Card(row(Text("文号", "h2"), None, lease, void), self._numbers, spacing=10),
                     Card(Text("数据", "h2"), self._data, spacing=10),
                     Card(Text("关于", "h2"), Text(f"档案行政检查 {__version__}。许可：Apache-2.0；字体和图标各有许可。", "body", "ink2"))),
                spacing=0,
            )
        )  # fmt: skip

    def refresh(self) -> None:
        clear(self._computer)
        clear(self._data)
        store, rules = self.desk.book.store, self.desk.book.rules
        free, _ = self.desk.book.room()
        keys = self.desk.laptop.keys
        for name, value in (
            ("本机编号", store.device), ("本机公钥编号", store.device_key.public.id),
            ("磁盘剩余", free), ("本机人员", "、".join(keys.people().values())),
            ("口令保护", "通行短语" if keys.needs_passphrase else "系统钥匙串和口令"),
        ):  # fmt: skip
            self._computer.addLayout(row(Text(name, "small", "ink3"), None, Text(value, "small")))
        unverified = sum(not law.verified_by for law in rules.laws.laws)
        for name, value in (
            ("法规库", f"{len(rules.laws.laws)} 部，其中 {unverified} 部待本局核对"),
            ("工作日历", "、".join(str(year) for year in sorted(rules.calendar.years)) + " 年"),
            ("文书名称", papers.titles_in_use(self.desk.book)),
        ):  # fmt: skip
            self._data.addLayout(row(Text(name, "small", "ink3"), None, Text(value, "small")))

        clear(self._numbers)
        for title, account in self.desk.queries.numbers():
            said = f"已用 {len(account.used)}，作废 {len(account.voided)}，可用 {len(account.free)}"
            self._numbers.addLayout(row(Text(title, "small", "ink3"), None, Text(said, "small")))
        chosen, last = safekeeping.medium_of(self.desk.book), safekeeping.last_backup(self.desk.book)
        if chosen is not None and not self.medium.input.hasFocus():
            self.medium.input.setText(str(chosen))
        if last is not None:
            self._copied.setText(
                f"上次 {zh_moment(last)}。每天登录后自动存一次；备份是加密的，要用口令或局里的恢复密钥打开。"
            )
        else:
            self._copied.setText("还没有备份。电脑损坏时，没有备份的内容找不回来。")

    def _back_up(self) -> None:
        """Choose the medium that stands in the field, and make the copy now."""
        try:
            safekeeping.choose_medium(self.desk.book, Path(self.medium.text().strip()))
        except Problem as problem:
            self.medium.error(str(problem))
            return
        self.medium.error("")
        self.desk.back_up()

    def _join(self) -> None:
        """A further officer sets the own PIN on this laptop."""
        name, title = Field("姓名"), Field("职务")
        number = Field("行政执法证号")
        begin, end = Field("证件有效期起", hint="2024年1月1日"), Field("证件有效期止", hint="2028年12月31日")
        secret = Field("本人口令", secret=True, hint=f"至少 {self.desk.laptop.keys.least} 位")
        again = Field("再输入一次口令", secret=True)
        sheet = Sheet(
            "加入人员", name, title, number, row(begin, end, spacing=12), secret, again, act="加入这台电脑", parent=self
        )
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def check() -> str:
            if not name.text().strip() or not number.text().strip():
                return "写明姓名和证号。"
            if secret.text() != again.text():
                return "两次输入的口令不一样。重新输入。"
            try:
                held = Credential(number.text().strip(), parse_zh_date(begin.text()), parse_zh_date(end.text()))
                person = Officer(f"p-{number.text().strip()}", name.text().strip(), title.text().strip(), held)
                sign_in.add_person(self.desk.open_session, person, secret.text())
            except Problem as problem:
                return str(problem)
            return ""

        sheet.check = check
        sheet.accepted.connect(self.refresh)
        sheet.open()
        name.input.setFocus()

    def _void(self) -> None:
        number, reason = Field("文号", hint="例如写坏的一张"), Field("作废的原因")
        book, held = self.desk.book, {"number": number, "reason": reason}
        ask(self, self.desk, "sheet/void", "作废一个文号", [number, reason], "作废文号",
            lambda: register.void_number(book, number.text().strip(), reason.text()), held)  # fmt: skip

    def _theme(self, label: str) -> None:
        name = next(key for key, shown in theme.LABELS.items() if shown == label)
        self.desk.themed.emit(name, theme.look.scale)

    def _scale(self, label: str) -> None:
        self.desk.themed.emit(theme.look.name, int(label[:-1]) / 100)
