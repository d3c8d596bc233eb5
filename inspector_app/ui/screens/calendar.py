"""日历: a month of visits and of everything that has a last day, and the same as a file for another calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QVBoxLayout

from ...actions import closing, duties
from ...domain.calendar import zh_time, zh_weekday
from ...domain.duties import Duty
from ...domain.problems import Problem
from ..desk import Desk
from ..leading import open_duty
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.month import Mark, Month, month_on
from ..widgets.panels import Body, KeyHint, Line, Side, clear, column, row
from ..widgets.save import ask_target
from ..widgets.text import Text
from .base import Screen

LISTED = 6
"""Duties of a kind that are listed beside the month; how many more there are is said."""


class CalendarScreen(Screen):
    """Left the month, right the chosen day and what comes next."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._agenda: Sequence[Duty] = ()
        self._heading = Text("", "h1")
        before = Button("", "ghost", "caret-left", act=lambda: self._turn(-1), height=36)
        after = Button("", "ghost", "caret-right", act=lambda: self._turn(1), height=36)
        for button, name in ((before, "上个月"), (after, "下个月")):
            button.setAccessibleName(name)
        today = Button("今天", "secondary", act=lambda: self._show(self._today()), height=36)
        self.export = Button("导出日历文件", "secondary", "export", act=self._export, height=36)
        self.month = Month()
        self.month.chosen.connect(self._show)
        self.month.opened.connect(self._open_day)
        hints = row(KeyHint("← ↑ ↓ →", "换一天"), KeyHint("PgUp PgDn", "换月"), KeyHint("Home", "今天"),
                    KeyHint("Enter", "打开这一天的第一件"), None, spacing=14)  # fmt: skip
        left = column(row(self._heading, before, after, today, None, self.export, spacing=8), self.month, hints, spacing=10,
                      margins=(20, 14, 16, 12))  # fmt: skip
        left.setStretch(1, 1)
        self._day = column(spacing=8)
        self.side = Side("left", 260, 344)
        self.side.setLayout(column(Body(self._day, margins=(16, 14, 16, 14)), spacing=0))
        layout = row(left, self.side, spacing=0)
        layout.setStretch(0, 1)
        self.setLayout(layout)
        self.begin_at(self.month)

    def _today(self) -> date:
        return self.desk.book.clock.now().at.date()

    def refresh(self) -> None:
        self._agenda = duties.agenda(self.desk.book)
        self._show(self.month.day if self.month.day != date.min else self._today())

    def _show(self, day: date) -> None:
        today, first = self._today(), day.replace(day=1)
        days = [first + timedelta(days=n) for n in range(-7, 43)]
        marks: dict[date, list[Mark]] = {}
        for duty in self._agenda:
            if days[0] <= duty.day <= days[-1]:
                marks.setdefault(duty.day, []).append(Mark(_short(duty), self._tone(duty, today)))
        self.month.show_month(day, today, marks, frozenset(d for d in days if not self._works(d)))
        self._heading.setText(f"{day.year}年{day.month}月")
        clear(self._day)
        self._fill_day(day, self._day)

    def _works(self, day: date) -> bool:
        """Whether it is a working day; of a year whose arrangement is not known, Monday to Friday."""
        try:
            return self.desk.book.rules.calendar.is_workday(day)
        except Problem:
            return day.weekday() < 5

    def _tone(self, duty: Duty, today: date) -> str:
        if duty.is_visit:
            return "brand"
        if duty.day < today:
            return "bad"
        return "warn" if (duty.day - today).days <= 7 else "na"

    def _fill_day(self, day: date, into: QVBoxLayout) -> None:
        into.addLayout(row(Text(f"{day.month}月{day.day}日 {zh_weekday(day)}", "h2"), None,
                           *([] if self._works(day) else [Text("休息", "small", "ink3")])))  # fmt: skip
        mine = [duty for duty in self._agenda if duty.day == day]
        if not mine:
            into.addWidget(Text("这一天没有检查，也没有到期的事。", "small", "ink2", wrap=True))
        self._list(mine, into, with_day=False)
        today = self._today()
        late = [
            duty
            for duty in self._agenda
            if day != duty.day < today and (duty.stream or duty.board) and not duty.is_visit
        ]
        ahead = [duty for duty in self._agenda if day != duty.day >= max(today, day)]
        for heading, found in (("已经逾期", late[::-1]), ("接下来", ahead)):
            if found:
                into.addSpacing(look.px(8))
                into.addWidget(Text(heading, "small", "ink3"))
            self._list(found, into, with_day=True)
        counted = closing.counted(self.desk.book, day.year)
        if any(received for received, _ in counted.values()):
            said = "，".join(f"{kind} {received} 件（办结 {ended}）" for kind, (received, ended) in counted.items())
            into.addSpacing(look.px(8))
            into.addWidget(Text(f"{day.year}年收到：{said}", "small", "ink2", wrap=True))
        into.addStretch(1)

    def _list(self, duties: Sequence[Duty], into: QVBoxLayout, *, with_day: bool) -> None:
        for duty in duties[:LISTED]:
            self._line(duty, into, with_day=with_day)
        if (more := len(duties) - LISTED) > 0:
            into.addWidget(Text(f"另有 {more} 件", "small", "ink2"))

    def _line(self, duty: Duty, into: QVBoxLayout, *, with_day: bool) -> None:
        when = f"{zh_time(duty.at)} 至 {zh_time(duty.until)}　" if duty.at and duty.until else ""
        year = "" if duty.day.year == self._today().year else f"{duty.day.year}年"
        day = f"{year}{duty.day.month}月{duty.day.day}日　" if with_day else ""
        open_ = Button("打开", "link", act=partial(open_duty, self.desk, duty), height=32)
        open_.setAccessibleName(f"打开 {duty.words}")
        open_.setVisible(bool(duty.stream or duty.board))
        said = f"{day}{when}{duty.source}"
        tone = self._tone(duty, self._today())
        words = column(Text(duty.what, "strong", tone if tone in ("bad", "warn") else "ink", wrap=True),
                       *([Text(duty.about, "small", "ink", wrap=True)] if duty.about else []),
                       *([Text(said, "small", "ink2", wrap=True)] if said else []), spacing=1)  # fmt: skip
        both = row(words, open_, spacing=6)
        both.setStretch(0, 1)
        into.addWidget(Line())
        into.addLayout(both)

    def _open_day(self, day: date) -> None:
        mine = [duty for duty in self._agenda if duty.day == day and (duty.stream or duty.board)]
        if mine:
            open_duty(self.desk, mine[0])

    def _turn(self, by: int) -> None:
        self._show(month_on(self.month.day, by))

    def _export(self) -> None:
        book = self.desk.book

        def write(target: Path) -> None:
            self.desk.run("导出日历文件", lambda: duties.write_calendar(book, target),
                          lambda made: self.desk.toasted.emit(f"已存为 {made.name}", None))  # fmt: skip

        said = "今后的检查、到期事项和提前提醒，用任何日历程序都能打开。里面有单位名称和检查安排，用后收好。"
        ask_target(self, "导出日历文件", said, f"检查日历-{self._today():%Y%m%d}.ics", "导出", write)

    def primary(self) -> None:
        self._export()


def _short(duty: Duty) -> str:
    """A duty in a cell of the month, where there is room for some ten characters."""
    return f"{zh_time(duty.at)} {duty.about}" if duty.is_visit and duty.at else f"到期 {duty.about or duty.what}"
