"""Settings: type size, theme, this computer, the data that the rules come from. Takes effect at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QWidget

from ... import __version__
from ...actions import papers, register, rulebook, safekeeping, sign_in, sync
from ...actions.book import Done
from ...domain.access import Role
from ...domain.calendar import parse_zh_date, zh_when
from ...domain.people import Credential
from ...domain.problems import Problem
from .. import theme
from ..desk import Desk
from ..doctor import open_doctor
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.fields import Choice, Field
from ..widgets.notices import Sheet
from ..widgets.panels import Body, Card, Line, clear, column, pair, row
from ..widgets.text import Text
from .base import Screen
from .begin import ask, lease_numbers
from .form_register import FormRegister
from .recorders import RecorderCard
from .rules_board import rules_checked
from .update_sheet import UpdateCard, rules_source


class SettingsScreen(Screen):
    """One card for each: mine, this computer, its people, second copy, numbers, data, about."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.theme = Choice("颜色", [theme.LABELS[n] for n in ("system", "light", "dark", "high_contrast")])
        self.theme.chosen.connect(self._theme)
        self.scale = Choice("字号", ("100%", "115%", "130%"))
        self.scale.chosen.connect(self._scale)
        mine = Card(Text("我的", "h2"), self.theme, self.scale, spacing=12)
        self._computer = column(spacing=6)
        self._data = column(spacing=6)
        self._numbers = column(spacing=6)
        self._people = column(spacing=6)
        self.recovery = Field("本局恢复公钥", hint="管理员给的 64 位编号；口令都丢了靠它打开")
        keep = Button("设为恢复公钥", "soft", "key", act=self._set_recovery)
        recovery = row(self.recovery, keep, spacing=8)
        recovery.setStretch(0, 1)
        recovery.setAlignment(keep, Qt.AlignmentFlag.AlignBottom)
        self._recovers = Text("", "small", "ink2", wrap=True)
        lock = Button("锁定并换人", "secondary", "lock", act=desk.locked.emit, key="Ctrl L")
        doctor = Button("检查这台电脑", "secondary", act=lambda: open_doctor(self, self.desk))
        join = Button("加入人员", "secondary", "user", act=self._join)
        self.medium = Field("第二份备份的位置", hint="U 盘或另一块硬盘上的文件夹")
        self.copy = Button("存备份", "soft", "hard-drives", act=self._back_up)
        medium = row(self.medium, self.copy, spacing=8)
        medium.setStretch(0, 1)
        medium.setAlignment(self.copy, Qt.AlignmentFlag.AlignBottom)
        self._copied = Text("", "small", "ink2", wrap=True)
        self.rules = Field("发布本局的规则", hint="文件夹，里面和程序的 forms 一样放")
        publish = Button("发布给所有电脑", "soft", act=self._publish)
        self._publishing = QWidget()
        rules = row(self.rules, publish, spacing=8, margins=(0, 6, 0, 0))
        rules.setStretch(0, 1)
        rules.setAlignment(publish, Qt.AlignmentFlag.AlignBottom)
        self._publishing.setLayout(rules)
        self._recorders = RecorderCard(desk)
        self.lease = Button("登记文号段", "secondary", act=lambda: lease_numbers(self, self.desk), height=36)
        self.forms = Button("预盖章空白文书", "secondary", act=self._open_forms, height=36)
        self.void = Button("作废一个文号", "secondary", act=self._void, height=36)
        mine_and_here = column(
            mine, Card(Text("这台电脑", "h2"), self._computer, row(lock, doctor, None), spacing=10),
            Card(row(Text("本机人员", "h2"), None, join), self._people, Line(), recovery, self._recovers, spacing=10),
            Card(Text("第二份备份", "h2"), medium, self._copied, spacing=10), None, spacing=14,
        )  # fmt: skip
        said = f"档案行政检查 {__version__}。许可：Apache-2.0；字体和图标各有许可。"
        work = column(
            Card(row(Text("文号", "h2"), None, self.forms, self.lease, self.void), self._numbers, spacing=10), self._recorders,
            Card(Text("规则", "h2"), self._data, self._publishing, spacing=10), UpdateCard(desk),
            Card(Text("关于", "h2"), Text(said, "body", "ink2", wrap=True)), None, spacing=14,
        )  # fmt: skip
        self._columns = row(mine_and_here, work, spacing=14)
        for nth in range(2):
            self._columns.setStretch(nth, 1)
        self.setLayout(column(Body(self._columns, None), spacing=0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two columns where there is room for both."""
        super().resizeEvent(event)
        beside = self.width() / look.scale >= 1000
        self._columns.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)

    def refresh(self) -> None:
        self.theme.show_value(theme.LABELS[theme.look.chosen])
        self.scale.show_value(f"{round(theme.look.scale * 100)}%")
        self._refresh_people()
        self._recorders.refresh()
        clear(self._computer)
        clear(self._data)
        store, rules = self.desk.book.store, self.desk.book.rules
        free, _ = self.desk.book.room()
        keys = self.desk.laptop.keys
        for name, value in (
            ("本机编号", store.device), ("本机公钥编号", store.device_key.public.id),
            ("磁盘剩余", free), ("口令保护", "通行短语" if keys.needs_passphrase else "系统钥匙串和口令"),
        ):  # fmt: skip
            self._computer.addLayout(pair(name, value))
        if (link := sync.link_of(store)) is not None:  # its notes stand in the record, so who checks one asks for it
            self._computer.addLayout(pair("局里公钥编号", link.bureau.id))
        for name, id in self.desk.queries.cosigners():
            self._computer.addLayout(pair(f"{name}会签公钥", id))
        for name, value in (
            *rules_checked(rules),
            ("工作日历", "、".join(str(year) for year in sorted(rules.calendar.years)) + " 年"),
            ("文书名称", papers.titles_in_use(self.desk.book)),
            ("来自", self._rules_from()),
        ):  # fmt: skip
            self._data.addLayout(pair(name, value))
        for button, act in ((self.lease, "number"), (self.void, "number"), (self.forms, "keep_forms")):
            button.setVisible(self.desk.may(act))
        self._publishing.setVisible(self.desk.book.role in (Role.LEAD, Role.ADMIN))
        clear(self._numbers)
        self._numbers.addLayout(_table(("文书", "已用", "作废", "可用"), [
            (title, *(f"{len(held):,}" for held in (account.used, account.voided, account.free)))
            for title, account in self.desk.queries.numbers()
        ]))  # fmt: skip
        for batch in (forms := self.desk.queries.forms()).batches:
            said = "，".join(f"{where.label} {count}" for where, count in forms.account(batch).items() if count)
            self._numbers.addLayout(pair(f"空白 {papers.title(self.desk.book, batch.kind)}", f"{batch}：{said}"))
        today = self.desk.book.clock.now().at.date()
        chosen, last = safekeeping.medium_of(self.desk.book), safekeeping.last_backup(self.desk.book)
        if chosen is not None and not self.medium.input.hasFocus():
            self.medium.input.setText(str(chosen))
        if last is not None:
            self._copied.setText(
                f"上次 {zh_when(last, today)}。每天自动存一次；备份是加密的，要用口令或局里的恢复密钥打开。"
            )
        else:
            self._copied.setText("还没有备份。电脑损坏时，没有备份的内容找不回来。")

    def _rules_from(self) -> str:
        found = rulebook.last_published(self.desk.book)
        if found is None:
            return rules_source(self.desk)
        later = "；新收到的下次登录起用" if rulebook.waiting(self.desk.book) else ""
        last = zh_when(found[1], self.desk.book.clock.now().at.date())
        return f"局里发布的 {found[0]} 份，最近一次 {last}{later}；其余{rules_source(self.desk)}"

    def _publish(self) -> None:
        """Read the folder and publish what differs; a fault is said at the field."""
        folder = Path(self.rules.text().strip())

        def told(done: Done[tuple[str, ...]]) -> None:
            self.rules.input.clear()
            self.desk.finished(done)
            self.desk.toasted.emit(f"已发布 {'、'.join(done.value)}；各电脑交换后，下次登录起用", None)

        self.rules.error("")
        self.desk.run("发布规则", lambda: rulebook.publish(self.desk.book, folder), told)

    def _refresh_people(self) -> None:
        clear(self._people)
        keys, mine = self.desk.laptop.keys, self.desk.book.person.id
        for id, name in keys.people().items():
            if id == mine:
                self._people.addLayout(row(Text(name, "body"), None, Text("正在使用", "small", "ink3")))
                continue
            reset = Button("重设口令", "secondary", act=partial(self._reset_pin, id, name), height=36)
            reset.setAccessibleName(f"重设{name}的口令")
            self._people.addLayout(row(Text(name, "body"), None, reset))
        if keys.recovery_key:
            said = f"现在的恢复公钥：{keys.recovery_key}。口令都丢了，管理员用对应的私钥重设。"
        elif keys.has_recovery:
            said = "已设恢复公钥。口令都丢了，管理员用对应的私钥重设。"
        else:
            said = "没有设恢复公钥：本机人员的口令都丢了，数据就打不开。"
        self._recovers.setText(said)

    def _set_recovery(self) -> None:
        try:
            safekeeping.set_recovery_key(self.desk.open_session, self.recovery.text())
        except Problem as problem:
            self.recovery.error(str(problem))
            return
        self.recovery.input.clear()
        self.refresh()

    def _reset_pin(self, person: str, name: str) -> None:
        """The other person types a new PIN twice; the record says who was signed in."""
        secret = Field("本人新口令", secret=True, hint=f"至少 {self.desk.laptop.keys.least} 位")
        again = Field("再输入一次口令", secret=True)
        told = Text("由本人输入。过程记录会写明是谁登录时重设的。", "small", "ink2", wrap=True)
        sheet = Sheet(f"重设{name}的口令", told, secret, again, act="重设口令", parent=self)
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def check() -> str:
            try:
                if secret.text() != again.text():
                    raise Problem("phrases_differ")
                sign_in.reset_pin(self.desk.open_session, person, secret.text())
            except Problem as problem:
                return str(problem)
            return ""

        sheet.check = check
        sheet.accepted.connect(lambda: self.desk.toasted.emit(f"{name}的口令已重设", None))
        sheet.open()
        secret.input.setFocus()

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
                sign_in.join(self.desk.open_session, name.text().strip(), title.text().strip(), held, secret.text())
            except Problem as problem:
                return str(problem)
            return ""

        sheet.check = check
        sheet.accepted.connect(self.refresh)
        sheet.open()
        name.input.setFocus()

    def _open_forms(self) -> None:
        FormRegister.open_for(self, self.desk).finished.connect(lambda _: self.refresh())

    def _void(self) -> None:
        number, reason = Field("文号", hint="例如写坏的一张"), Field("作废的原因")
        book, held = self.desk.book, {"number": number, "reason": reason}
        ask(self, self.desk, "sheet/void", "作废一个文号", [number, reason], "作废文号",
            lambda: register.void_number(book, number.text().strip(), reason.text()), held)  # fmt: skip

    def _theme(self, label: str) -> None:
        name = next(key for key, shown in theme.LABELS.items() if shown == label)
        self.desk.themed.emit(name, theme.look.scale)

    def _scale(self, label: str) -> None:
        self.desk.themed.emit(theme.look.chosen, int(label[:-1]) / 100)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> QGridLayout:
    """Names and their figures, each figure below the other."""
    made = QGridLayout()
    made.setHorizontalSpacing(look.px(8))
    made.setVerticalSpacing(look.px(6))
    made.setColumnStretch(0, 1)
    for at, line in enumerate((heads, *rows)):
        for nth, words in enumerate(line):
            cell = Text(words, "small", "ink" if at and nth else "ink3", align_right=bool(nth))
            if nth:
                cell.setFixedWidth(look.px(56))
            made.addWidget(cell, at, nth)
    return made
