"""Signing in: who works here now; on a new computer, setting it up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from ...actions import safekeeping, sign_in, trial
from ...actions.sign_in import Session
from ...domain.calendar import parse_zh_date
from ...domain.people import Bureau, Credential, Officer
from ...domain.problems import Problem
from ..desk import Desk
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.fields import Field, Pick
from ..widgets.panels import Body, Card, Line, clear, column, row
from ..widgets.rail import Mark
from ..widgets.text import Text


class SignInScreen(QWidget):
    """Name and PIN; for the first person of a computer also bureau and credential."""

    entered = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._column = column(spacing=0)
        self.setLayout(self._column)
        self.secret = Field("口令", secret=True)
        self.person = Pick("人员", ())
        self.enter = Button("进入", "primary")
        self._begin: QWidget = self.enter

    def refresh(self) -> None:
        clear(self._column)
        laptop = self.desk.laptop
        if laptop.is_set_up:
            try:
                card = self._known(laptop.people())
            except Problem as problem:
                card = self._broken(problem)
        elif self.desk.trial:
            card = self._trial()
        else:
            card = self._first()
        card.setFixedWidth(look.px(440))
        self._column.addWidget(Body(None, row(None, card, None), None))
        if self.isVisible():
            self._begin.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """The first key goes where it is wanted; a widget that is not in a window yet cannot take the focus."""
        super().showEvent(event)
        self._begin.setFocus()

    def _heading(self, sentence: str) -> QWidget:
        made = QWidget()
        made.setLayout(column(row(Mark(), Text("档案行政检查", "h1"), None, spacing=12),
                              Text(sentence, "body", "ink2", wrap=True), spacing=14))  # fmt: skip
        return made

    def _known(self, people: dict[str, str]) -> Card:
        self.person = Pick("人员", list(people.items()), lambda _: self.secret.input.setFocus())
        self.secret = Field("口令", secret=True)
        self.enter = Button("进入", "primary", act=self._sign_in, height=48)
        self.secret.input.returnPressed.connect(self._sign_in)
        sentence = "选择人员，输入本人的口令。每一步都会记下是谁做的。"
        if self.desk.trial:
            sentence += f"\n示例人员的口令都是 {trial.SECRET}"
        self._begin = self.secret.input
        return Card(self._heading(sentence), self.person, self.secret, self.enter, padding=26, spacing=16)

    def _broken(self, problem: Problem) -> Card:
        """The keys cannot be read: nobody can sign in, and the way out is the second copy."""
        self.source = Field("第二份备份", hint="第二份备份所在的文件夹")
        self.enter = Button("取回钥匙文件", "primary", act=self._restore_keys, height=48)
        said = Text(str(problem), "body", "bad", wrap=True)
        return Card(self._heading("这台电脑的数据现在打不开。"), said, self.source, self.enter, padding=26, spacing=16)

    def _restore_keys(self) -> None:
        medium = Path(self.source.text().strip())
        if not self.source.text().strip() or not medium.is_dir():
            self.source.error("没有这个文件夹。插入存有备份的 U 盘后再选。")
            return
        try:
            safekeeping.restore_keys(self.desk.laptop, medium)
        except Problem as problem:
            self.source.error(str(problem))
            return
        self.refresh()

    def _sign_in(self) -> None:
        self._try(lambda: sign_in.sign_in(self.desk.laptop, self.person.value(), self.secret.text()), self.secret)

    def _trial(self) -> Card:
        text = "第一次试用，会在本机建立一个示例档案局：单位、人员、检查计划、检查表和文号都是虚构的。"
        secret = f"示例人员的口令都是 {trial.SECRET}"
        self.enter = Button("建立示例数据并进入", "primary", act=self._seed, height=48)
        self._begin = self.enter
        self._hint = Text("", "small", "bad", wrap=True)
        self._hint.hide()
        return Card(self._heading(text), Text(secret, "strong"), self._hint, self.enter, padding=26, spacing=16)

    def _seed(self) -> None:
        self.enter.set_text("正在建立示例数据")
        self.enter.setEnabled(False)
        tasks = self.desk.tasks

        def step(done: int, total: int) -> None:
            tasks.report(lambda: self.enter.set_text(f"正在建立示例数据 {done}/{total}"))

        tasks.run(lambda: self._make_trial(step), self.entered.emit, self._seed_failed)

    def _make_trial(self, step: Callable[[int, int], None]) -> Session:
        bureau = self.desk.bureau()
        if self.desk.colleague and bureau is not None:
            return trial.seed_colleague(self.desk.laptop, bureau, self.desk.colleague)
        return trial.seed(self.desk.laptop, step, bureau)

    def _seed_failed(self, problem: Problem) -> None:
        self._hint.setText(str(problem))
        self._hint.show()
        self.enter.set_text("建立示例数据并进入")
        self.enter.setEnabled(True)

    def _first(self) -> Card:
        least = self.desk.laptop.keys.least
        hint = "没有系统钥匙串，请设 12 位以上的通行短语" if least > 8 else f"至少 {least} 位"
        self._fields = {
            "bureau": Field("机关名称", hint="与公章一致"), "code": Field("机关代字", hint="如 示档"),
            "name": Field("本人姓名"), "credential": Field("行政执法证号"),
            "from": Field("证件有效期起", hint="2024年1月1日"), "to": Field("证件有效期止", hint="2028年12月31日"),
        }  # fmt: skip
        self._begin = self._fields["bureau"].input
        self.recovery = Field("局恢复公钥（没有可以不填）", hint="管理员给的 64 位编号；口令都丢了靠它打开")
        self.secret = Field("口令", secret=True, hint=hint)
        self.again = Field("再输入一次口令", secret=True)
        self.enter = Button("设好这台电脑并进入", "primary", act=self._set_up, height=48)
        self.source = Field("从备份恢复", hint="第二份备份所在的文件夹")
        self.back = Button("从备份恢复", "secondary", act=self._restore)
        return Card(self._heading("设置这台电脑。数据只存在本机，用口令加密。"), *self._fields.values(), self.recovery, self.secret,
                    self.again, self.enter, Line(), self.source, self.back, padding=26, spacing=10)  # fmt: skip

    def _restore(self) -> None:
        laptop, medium = self.desk.laptop, Path(self.source.text().strip())
        self.source.error("")
        if not self.source.text().strip() or not medium.is_dir():
            self.source.error("没有这个文件夹。插入存有备份的 U 盘后再选。")
            return
        self.back.setEnabled(False)
        self.desk.tasks.run(lambda: safekeeping.restore(laptop, medium), lambda _: self.refresh(), self._restore_failed)

    def _restore_failed(self, problem: Problem) -> None:
        self.source.error(str(problem))
        self.back.setEnabled(True)

    def _set_up(self) -> None:
        f = {name: field.text().strip() for name, field in self._fields.items()}
        faults = {field: "这一项要填写。" for name, field in self._fields.items() if not f[name]}
        dates = {}
        for name in ("from", "to"):
            if f[name]:
                try:
                    dates[name] = parse_zh_date(f[name])
                except Problem as problem:
                    faults[self._fields[name]] = str(problem)
        if not self.secret.text():
            faults[self.secret] = "这一项要填写。"
        if self.secret.text() != self.again.text():
            faults[self.again] = "两次输入的口令不一样。重新输入。"
        recovery = None
        if typed := self.recovery.text().strip():
            try:
                recovery = safekeeping.read_public_key(typed)
            except Problem as problem:
                faults[self.recovery] = f"{problem}没有可以留空。"
        for field in (*self._fields.values(), self.recovery, self.secret, self.again):
            field.error(faults.get(field, ""))
        if faults:
            next(iter(faults)).input.setFocus()
            return
        held = Credential(f["credential"], dates["from"], dates["to"])
        person = Officer(sign_in.person_id(held.number), f["name"], credential=held)
        bureau = Bureau(f["bureau"], f["code"])
        self._try(lambda: sign_in.set_up(self.desk.laptop, bureau, person, self.secret.text(), recovery), self.secret)

    def _try(self, work: Callable[[], sign_in.Session], field: Field) -> None:
        field.error("")
        try:
            session = work()
        except Problem as problem:
            field.error(str(problem))
            field.input.selectAll()
            field.input.setFocus()
            return
        self.entered.emit(session)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        elif self.isVisible() and self.enter.isEnabled():  # the field that took the key may have signed in already
            self.enter.click()
