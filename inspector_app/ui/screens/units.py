"""The registers: units with what is known of each, and officers with credential, training and recusals."""

from __future__ import annotations

from collections import Counter
from functools import partial

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from ...actions.queries import InspectionRow
from ...domain import roster
from ...domain.calendar import zh_date
from ...domain.people import Officer, Unit
from ...domain.roster import OfficerNote, UnitNote
from ..desk import Desk
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.panels import Bar, Body, Card, Empty, Side, Tag, clear, column, pair, row
from ..widgets.rows import Entry, Rows
from ..widgets.text import Text
from . import register_sheets as sheets
from .base import Screen
from .begin import register_unit

_RISK = {"高": "bad", "中": "warn", "低": "ok"}
_NUMERALS = "零一二三四五"
SHOWN_NOTES = 12
ROOMY = 980
"""Width from which the file of a unit has two columns."""


class UnitsScreen(Screen):
    """Left the list, right the file of the one that is chosen."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.of_units = Button("单位", "tab", "buildings", act=partial(self._turn, True), height=36, checkable=True)
        self.of_officers = Button("人员", "tab", "users", act=partial(self._turn, False), height=36, checkable=True)
        self.of_units.setChecked(True)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("按名称、类型、代码查找")
        self.filter.setAccessibleName("按名称、类型、代码查找")
        self.filter.textChanged.connect(lambda _: self.refresh())
        self.rows = Rows("登记的单位")
        self.rows.chosen.connect(self._choose)
        self._count = Text("", "small", "ink3")
        self._file = column(spacing=12)
        self._current = {True: "", False: ""}
        self._tight = self._enters = False
        self._visits_known: tuple[
            InspectionRow, ...
        ] = ()  # as of the last refresh: thousands are not read for each row
        self.add = Button("登记单位", "primary", act=self.primary, height=36)
        out = Button("导出", "secondary", "export", act=lambda: sheets.export(self, desk), height=36)
        into = Button("导入", "secondary", "download-simple", act=lambda: sheets.choose(self, desk), height=36)
        out.setAccessibleName("导出登记表")
        into.setAccessibleName("导入登记表")
        side = Side("right", 280, 360)
        top = column(row(self.of_units, self.of_officers, None), self.filter, row(self._count, None), spacing=8,
                     margins=(14, 14, 14, 4))  # fmt: skip
        self.take_in = into
        foot = row(into, out, None, self.add, spacing=8, margins=(14, 8, 14, 12))
        inside = column(top, column(self.rows, margins=(8, 0, 8, 0)), foot, spacing=0)
        inside.setStretch(1, 1)
        side.setLayout(inside)
        self.begin_at(self.rows)
        whole = row(side, Body(self._file, name="登记的内容", margins=(22, 16, 22, 16)), spacing=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        tight = self.width() / look.scale < ROOMY
        if tight != self._tight:
            self._tight = tight
            if self.desk.session is not None and self.isVisible():
                self._show_file()

    @property
    def shows_units(self) -> bool:
        return self.of_units.isChecked()

    def _turn(self, units: bool) -> None:
        self.of_units.setChecked(units)
        self.of_officers.setChecked(not units)
        self.refresh()

    def _choose(self, id: str) -> None:
        self._current[self.shows_units] = id
        self._show_file()

    def primary(self) -> None:
        if self._enters:
            register_unit(self, self.desk)

    # -- the list ---------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        self._visits_known = self.desk.inspections()
        entries, every = (self._unit_entries if self.shows_units else self._officer_entries)()
        text = self.filter.text().strip()
        found = [entry for entry, words in entries if text in words]
        self._count.setText(f"{len(found)} / {every}" if text else f"共 {every} {'家' if self.shows_units else '名'}")
        self._current[self.shows_units] = self.rows.fill(found, self._current[self.shows_units])
        self.rows.setVisible(bool(found))
        self._enters = self.desk.may("enter")
        self.add.setVisible(self.shows_units and self._enters)
        self.take_in.setVisible(self._enters)
        self._show_file()

    def _unit_entries(self) -> tuple[list[tuple[Entry, str]], int]:
        """Each unit with its last visit and whether this round of coverage has reached it."""
        register, rules = self.desk.queries.register(), self.desk.book.rules.draw
        first, _ = rules.round_of(self.desk.book.clock.now().at.year)
        newest: dict[str, tuple[int, str, bool]] = {}
        for each in sorted(self.desk.queries.looked(), key=lambda each: each.day):
            newest[each.unit] = (each.day.year, zh_date(each.day), each.done)
        found, reads = [], self.desk.may("read")
        for unit in self.desk.queries.units():
            if not reads:
                found.append(
                    (
                        Entry(unit.id, unit.name, unit.kind.label, "", "na"),
                        f"{unit.name}{unit.kind.label}{unit.credit_code}",
                    )
                )
                continue
            year, day, done = newest.get(unit.id, (0, "", False))
            mark, tone = ("本轮没查", "warn") if year < first else ("本轮已查", "ok") if done else ("已列入", "brand")
            when = f"{day}{'检查' if done else '计划检查'}" if day else "没有检查过"
            said = f"{unit.kind.label}，{when}"
            words = f"{unit.name}{unit.kind.label}{unit.credit_code}{mark}风险{unit.risk}"
            found.append((Entry(unit.id, unit.name, said, mark, tone), words))
        return found, len(register.units)

    def _officer_entries(self) -> tuple[list[tuple[Entry, str]], int]:
        register, today = self.desk.queries.register(), self.desk.book.clock.now().at.date()
        wanted, found = self.desk.book.rules.draw.hours, []
        for officer in sorted(register.officers.values(), key=lambda officer: officer.name):
            held = officer.credential
            good = held is not None and held.holds_on(today)
            mark = (
                "证件有效"
                if good
                else held.status
                if held and held.status != "有效"
                else "证件到期"
                if held
                else "没有证件"
            )
            hours = roster.hours_of(register.officer_notes, officer.id, today.year)
            said = f"{officer.title or '没有职务'}，本年培训 {hours}/{wanted} 学时"
            entry = Entry(officer.id, officer.name, said, mark, "ok" if good else "bad")
            found.append((entry, f"{officer.name}{officer.title}{officer.credential_number}{mark}"))
        return found, len(register.officers)

    # -- the file ---------------------------------------------------------------------------------------------

    def _show_file(self) -> None:
        clear(self._file)
        register, id = self.desk.queries.register(), self._current[self.shows_units]
        if self.shows_units and id in register.units:
            self._show_unit(register.units[id])
        elif not self.shows_units and id in register.officers:
            self._show_officer(register.officers[id])
        elif self.filter.text().strip():
            self._file.addWidget(Empty("magnifying-glass", "没有找到。", "看全部", self.filter.clear))
        elif self.shows_units:
            self._file.addWidget(
                Empty("buildings", "还没有登记单位。", "登记单位" if self._enters else "", self.primary)
            )
        else:
            self._file.addWidget(Empty("users", "还没有登记人员。在“设置”里加入，或导入登记表。"))
        self._file.addStretch(1)

    def _show_unit(self, unit: Unit) -> None:
        register = self.desk.queries.register()
        notes = sorted((n for n in register.unit_notes if n.unit == unit.id), key=lambda n: n.day, reverse=True)
        stars = roster.stars_of(notes, unit.id)
        tags = [Tag(unit.kind.label, "na")]
        tags += [Tag(f"风险{unit.risk}", _RISK[unit.risk])] if unit.risk in _RISK else []
        tags += [Tag(f"信用{unit.credit}", "ok" if unit.credit == "好" else "warn")] if unit.credit else []
        tags += [Tag(f"{_NUMERALS[stars[0][1]]}星（{stars[0][0]}年）", "brand")] if stars else []
        change = Button(
            "改登记", "secondary", "pencil-simple", act=partial(register_unit, self, self.desk, unit), height=36
        )
        note = Button("登记事项", "soft", "plus", act=partial(sheets.note_unit, self, self.desk, unit), height=36)
        for act in (change, note):
            act.setVisible(self._enters)
        self._file.addLayout(row(Text(unit.name, "h1"), None, change, note))
        self._file.addLayout(row(*tags, None))
        left, right = column(spacing=12), column(spacing=12)
        cards = [self._reports(unit, notes), self._contact(unit, stars)]
        if self.desk.may("read"):
            cards = [self._visits(unit, notes), self._findings(unit), *cards]
        for into, half in ((left, cards[: len(cards) // 2]), (right, cards[len(cards) // 2 :])):
            for card in half:
                into.addWidget(card)
            into.addStretch(1)
        both = (column if self._tight else row)(left, right, spacing=12)
        both.setStretch(0, 1)
        both.setStretch(1, 1)
        self._file.addLayout(both)

    def _visits(self, unit: Unit, notes: list[UnitNote]) -> Card:
        first, last = self.desk.book.rules.draw.round_of(self.desk.book.clock.now().at.year)
        card = Card(row(Text("检查", "h2"), None, Text(f"本轮 {first}–{last}年", "small", "ink3")), padding=14)
        mine = [v for v in self._visits_known if v.unit_id == unit.id]
        for visit in sorted(mine, key=lambda v: v.planned_from, reverse=True):
            open_ = Button("打开", "link", act=partial(self.desk.open, "case", visit.id), height=36)
            open_.setAccessibleName(f"打开 {zh_date(visit.planned_from.date())}的检查")
            card.body.addLayout(row(Text(zh_date(visit.planned_from.date()), "small"), Text(visit.kind, "small", "ink2"),
                                    Tag(visit.word, "brand" if visit.step else "na"), None, open_))  # fmt: skip
        earlier = [note for note in notes if note.topic == roster.VISIT]
        for note in earlier:
            card.body.addWidget(Text(f"{zh_date(note.day)}　{note.text or '以往检查'}", "small", "ink2", wrap=True))
        if not mine and not earlier:
            card.body.addWidget(Text("没有检查过。", "small", "ink3"))
        return card

    def _findings(self, unit: Unit) -> Card:
        """Findings by item over the years, the most frequent first."""
        years: dict[str, Counter[int]] = {}
        words: dict[str, str] = {}
        for visit in (v for v in self._visits_known if v.unit_id == unit.id and v.step):
            for finding in self.desk.queries.case(visit.id).findings:
                years.setdefault(finding.code, Counter())[visit.planned_from.year] += 1
                words[finding.code] = finding.fact
        card = Card(Text("历次问题", "h2"), padding=14)
        for code, counted in sorted(years.items(), key=lambda found: (-found[1].total(), found[0])):
            when = "、".join(f"{year}年" for year in sorted(counted, reverse=True))
            again = [Tag(f"第 {len(counted)} 次", "bad")] if len(counted) > 1 else []
            card.body.addLayout(
                row(Text(code, "small", "brand"), Text(f"{when}　{words[code]}", "small"), *again, None)
            )
        if not years:
            card.body.addWidget(Text("没有记过问题。", "small", "ink3"))
        return card

    def _reports(self, unit: Unit, notes: list[UnitNote]) -> Card:
        last_year = self.desk.book.clock.now().at.year - 1
        owed = roster.owes_report(notes, unit, last_year)
        state = (
            Tag(f"欠{last_year}年度报告", "warn", "warning-circle")
            if owed
            else Tag(f"{last_year}年度报告已收", "ok", "check-circle")
        )
        card = Card(row(Text("报告、审核和星级", "h2"), None, state), padding=14)
        told = [note for note in notes if note.topic != roster.VISIT]
        for note in told[:SHOWN_NOTES]:
            self._note_line(card, note, f"{_NUMERALS[note.stars]}星" if note.stars else note.text)
        if not told:
            card.body.addWidget(Text("还没有报告、审核和评定。", "small", "ink3"))
        return card

    def _note_line(self, card: Card, note: UnitNote | OfficerNote, text: str) -> None:
        drop = Button("撤下", "link", act=partial(sheets.drop_note, self, self.desk, note), height=36)
        drop.setAccessibleName(f"撤下 {zh_date(note.day)}{note.topic}")
        drop.setVisible(self._enters)
        line = row(
            Text(zh_date(note.day), "small", "ink3"), Text(note.topic, "small", "ink2"), Text(text, "small"), drop
        )
        line.setStretch(2, 1)
        card.body.addLayout(line)

    def _contact(self, unit: Unit, stars: tuple[tuple[int, int], ...]) -> Card:
        rules = self.desk.book.rules.draw
        history = "、".join(f"{year}年{_NUMERALS[count]}星" for year, count in stars)
        card = Card(Text("登记", "h2"), padding=14, spacing=6)
        for name, value in (
            ("统一社会信用代码", unit.credit_code), ("地址", unit.address), ("负责人", unit.head), ("联系人", unit.contact),
            ("电话", unit.phone), ("星级历史", history), ("抽取权重", f"{rules.weight(unit)}"),
        ):  # fmt: skip
            card.body.addLayout(pair(name, value or "没有填写"))
        return card

    def _show_officer(self, officer: Officer) -> None:
        register, today = self.desk.queries.register(), self.desk.book.clock.now().at.date()
        notes = sorted(
            (n for n in register.officer_notes if n.officer == officer.id), key=lambda n: n.day, reverse=True
        )
        wanted = self.desk.book.rules.draw.hours
        hours = roster.hours_of(notes, officer.id, today.year)
        note = Button("登记事项", "soft", "plus", act=partial(sheets.note_officer, self, self.desk, officer), height=36)
        note.setVisible(self._enters)
        tags = [Tag("局领导", "brand")] if officer.leader else []
        self._file.addLayout(row(Text(officer.name, "h1"), *tags, None, note))
        held = officer.credential
        card = Card(Text("执法证", "h2"), padding=14, spacing=6)
        for name, value in (
            ("证号", officer.credential_number),
            ("有效期", f"{zh_date(held.valid_from)}至{zh_date(held.valid_to)}" if held else ""),
            ("状态", held.status if held else ""), ("职务", officer.title),
        ):  # fmt: skip
            card.body.addLayout(pair(name, value or "没有填写"))
        bar = Bar()
        bar.show_part(min(hours, wanted), wanted, "ok" if hours >= wanted else "warn")
        bar.setMaximumWidth(look.px(320))
        card.body.addLayout(pair(f"{today.year}年培训", f"{hours} 学时，应有 {wanted} 学时"))
        card.body.addWidget(bar)
        self._file.addWidget(card)
        self._file.addWidget(self._noted("培训和考试", notes, (roster.TRAINING, roster.EXAM)))
        self._file.addWidget(self._noted("回避关系", notes, (roster.RECUSAL,)))

    def _noted(self, title: str, notes: list[OfficerNote], topics: tuple[str, ...]) -> Card:
        units = self.desk.queries.register().units
        card = Card(Text(title, "h2"), padding=14, spacing=4)
        mine = [note for note in notes if note.topic in topics]
        for note in mine:
            unit = units[note.unit].name if note.unit in units else ""
            end = f"，到{zh_date(note.until)}" if note.until else ""
            said = (
                f"{unit}，{note.text}{end}" if unit else f"{note.text}　{note.hours} 学时" if note.hours else note.text
            )
            self._note_line(card, note, said)
        if not mine:
            card.body.addWidget(Text("没有登记。", "small", "ink3"))
        return card

    def quiet_place(self) -> QWidget:
        return self.rows
