"""Today: the next visit with what must be ready, due matters, where the data is, the week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from ...actions import duties, safekeeping, sync, whereabouts
from ...actions.queries import InspectionRow
from ...domain.calendar import zh_date, zh_time, zh_weekday
from ...domain.casefile import CaseFile
from ...domain.duties import Duty
from ...domain.inspection import STEPS, Kind, step_of
from ...domain.people import able_officers
from ...domain.problems import Problem
from ..capture.equipment import last_of, summary, try_out
from ..desk import Desk
from ..leading import open_board, open_duty
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.panels import Body, Card, Empty, Icon, Line, Ring, Tag, clear, column, pair, row
from ..widgets.text import Text
from ..widgets.week import DAYS, Week
from .base import Screen
from .publicity_duties import waiting_publications
from .rules_board import rules_checked
from .waiting import mine

_MOST = 6
"""How many terms, and how many lines of the week, are listed."""


@dataclass(frozen=True, slots=True)
class Ready:
    """One thing to be ready before leaving; `bar` means that the law forbids going without it."""

    name: str
    value: str
    good: bool
    bar: bool = False


def readiness(desk: Desk, case: CaseFile) -> tuple[Ready, ...]:
    """What must be ready before the visit. Legal bars first, then what only warns."""
    day = case.planned_from.date()
    notice = case.paper("notice")
    served = notice.served.at if notice and notice.served else None
    try:
        able_officers(case.able, day)
        officers, able = f"{len(case.able)} 人当日有效", True
    except Problem as problem:
        officers, able = problem.fact.rstrip("。"), False
    form = desk.queries.form(case)
    rules = desk.book.rules
    numbers = sum(bool(desk.queries.next_number(kind)) for kind in ("onsite_record", "opinion", "rectification"))
    room = papers_room(desk)
    return (
        Ready("检查通知书", f"{served.month}月{served.day}日送达" if served else "没有送达", served is not None, True),
        Ready("执法证件", officers, able, True),
        Ready("检查审批", case.approved_by or "没有批准", case.approved_at is not None, True),
        Ready("检查表", f"{len(form.items)} 项", True),
        Ready("文书文号", f"{numbers} 类已领" if numbers else "没有领取", numbers == 3),
        Ready("法规库", f"{len(rules.laws.laws)} 部", True),
        Ready("本年检查", f"第 {(case.checks_this_year or 0) + 1} 次", True),
        Ready("磁盘", room[0], room[1]),
        _backup(desk),
        Ready("设备", *summary(last_of(case, desk.book.clock.now().at.date()))),
    )


def _backup(desk: Desk) -> Ready:
    last = safekeeping.last_backup(desk.book)
    if last is None:
        return Ready("第二份备份", "没有设置", False)
    return Ready("第二份备份", f"{last.month}月{last.day}日存", desk.book.clock.now().at - last < timedelta(days=3))


def papers_room(desk: Desk) -> tuple[str, bool]:
    """How much room the disk has, in words, and whether it is enough for a visit."""
    free, enough = desk.book.room()
    return f"剩 {free}", enough


class TodayScreen(Screen):
    """The board that an officer sees first."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._left = column(spacing=14)
        self._right = column(spacing=14)
        side = QWidget()
        side.setFixedWidth(look.px(344))
        side.setLayout(self._right)
        both = row(self._left, side, spacing=18)
        both.setStretch(0, 1)
        body = Body(both, name="今日", margins=(22, 16, 22, 16))
        self.begin_at(body)
        self.setLayout(column(body, spacing=0))
        self._start: Button | None = None
        self._tight = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        tight = self.width() / look.scale < 1160
        if tight != self._tight:
            self._tight = tight
            if self.desk.session is not None and self.isVisible():
                self.refresh()

    def refresh(self) -> None:
        clear(self._left)
        clear(self._right)
        self._start = None
        now = self.desk.book.clock.now().at
        if not self.desk.may("read"):
            self._keeper(now)
            return
        visits = [each for each in self.desk.inspections() if not each.off]
        today = [v for v in visits if v.planned_from.date() == now.date()]
        due = duties.due(self.desk.book)
        self._left.addLayout(
            row(Text(f"{now.month}月{now.day}日 {zh_weekday(now.date())}", "display"),
                Text("，".join((f"{len(today)} 场检查" if today else "没有检查", f"{len(due)} 件到期事项" if due else "没有到期事项")),
                     "body", "ink2"), None, spacing=14)
        )  # fmt: skip
        if today:
            self._left.addWidget(self._visit(today[0]))
            for other in today[1:]:
                self._left.addWidget(self._line(other))
        else:
            self._left.addWidget(Card(Empty("sun-horizon", "今天没有检查。", "看全部检查",
                                            lambda: self.desk.open("inspections"))))  # fmt: skip
        self._left.addWidget(self._due(due, now))
        self._left.addStretch(1)
        for card in (*waiting_publications(self.desk), self._data(), mine(self.desk), self._week(visits, due, now)):
            self._right.addWidget(card)
        self._right.addStretch(1)

    def _keeper(self, now: datetime) -> None:
        """The admin's board: what waits, what ends of that which is kept, and how much of the rules nobody has checked."""
        due = duties.of_keeper(self.desk.book)
        said = f"{len(due)} 件到期事项" if due else "没有到期事项"
        self._left.addLayout(
            row(
                Text(f"{now.month}月{now.day}日 {zh_weekday(now.date())}", "display"),
                Text(said, "body", "ink2"),
                None,
                spacing=14,
            )
        )
        keep = Button("看规则", "link", act=partial(open_board, self.desk, "规则"), height=32)
        rules = Card(row(Text("规则的核对", "h2"), None, keep), padding=18, spacing=8)
        for name, value in rules_checked(self.desk.book.rules):
            rules.body.addLayout(pair(name, value))
        self._left.addWidget(self._due(due, now))
        self._left.addWidget(rules)
        self._left.addStretch(1)
        for card in (mine(self.desk), self._data()):
            self._right.addWidget(card)
        self._right.addStretch(1)

    def primary(self) -> None:
        if self._start is not None:
            self.press(self._start)
        else:
            reads = self.desk.may("read")
            self.desk.told.emit(
                "今天没有检查。到“检查”里新建或打开一件。" if reads else "账号、电脑和规则在“管理”里。", "brand"
            )

    def _begin(self, case: str, begun: bool) -> None:
        """A visit that has not begun starts at 到场, one that has goes on where it stands."""
        self.desk.open("case", case)
        if not begun:
            self.desk.open_stage(1)

    # -- the next visit ---------------------------------------------------------------------------------------

    def _visit(self, visit: InspectionRow) -> Card:
        case = self.desk.queries.case(visit.id)
        begun = case.visit.arrived is not None
        ready = readiness(self.desk, case)
        word = "继续办理" if case.visit.ended else "继续检查" if begun else "开始检查"
        self._start = Button(word, "primary", "arrow-right", height=48, trailing=True,
                             act=partial(self._begin, visit.id, begun))  # fmt: skip
        bars = [r for r in ready if r.bar and not r.good]
        reason = "；".join(f"{r.name}：{r.value.rstrip('。')}" for r in bars)
        if not begun:
            self._start.set_blocked(f"还不能开始：{reason}" if reason else "")
        notice = case.paper("notice")
        works = self.desk.may("inspect", visit.id)
        self._start.setVisible(works)
        look_at = Button("查看通知书" if notice or not works else "准备通知书", "secondary", "file-text",
                         act=lambda: self._open_notice(visit.id))  # fmt: skip
        team = "、".join(o.name for o in case.officers)
        leader = f"{case.leading_official.name}（带队）、" if case.leading_official else ""
        head = row(
            column(
                row(Text(zh_time(visit.planned_from), "display"), Text(f"至 {zh_time(visit.planned_to)}", "body", "ink3"), None),
                row(Text(case.unit.name, "h1"), Tag(Kind(case.kind).label, "brand"), Tag(case.unit.kind.label, "na"), None),
                *self._where(case.place, leader + team),
                spacing=6,
            ),
            None,
            column(self._start, look_at, None, spacing=8),
        )  # fmt: skip
        now = self._under_way(case) if begun else self._ready(case, ready, reason)
        if not works:
            self._start = None
        return Card(head, Line(), now, padding=18, spacing=12)

    def _under_way(self, case: CaseFile) -> QWidget:
        """A visit that has begun needs no readiness any more: where it stands."""
        answered, total = sum(bool(item.value) for item in case.items), len(case.items)
        ring = Ring()
        ring.show_part(
            answered, total, f"{100 * answered // total if total else 0}%", "ok" if answered == total else "brand"
        )
        ended = case.visit.ended
        words = f"现场检查 {zh_time(ended)} 结束" if ended else "现场检查进行中"
        lead = row(
            Text(f"第 {step_of(case.stage) + 1} 步 {STEPS[step_of(case.stage)]}", "h2"),
            Tag(words, "ok" if ended else "brand"),
            None,
        )
        said = f"已答 {answered} 项，共 {total} 项；问题 {len(case.findings)} 个；证据 {len(case.evidence)} 件"
        made = QWidget()
        made.setLayout(row(ring, column(None, lead, Text(said, "small", "ink2"), None, spacing=4), spacing=14))
        return made

    def _where(self, place: str, team: str) -> list[QHBoxLayout]:
        """Place and people, on two lines where one is too narrow."""
        there = (Icon("map-pin", "ink3", 16), Text(place, "body", "ink2"))
        people = (Icon("users", "ink3", 16), Text(team, "body", "ink2"))
        if self._tight:
            return [row(*there, None, spacing=6), row(*people, None, spacing=6)]
        return [row(*there, *people, None, spacing=6)]

    def _open_notice(self, case: str) -> None:
        self.desk.open("case", case)
        self.desk.open_stage(0)

    def _cures(self, case: CaseFile, missing: Sequence[Ready]) -> list[QWidget]:
        """What puts right the things that are missing, where that is one act."""
        ways: dict[str, tuple[str, str, Callable[[], object]]] = {
            "检查通知书": ("送达通知书", "file-text", partial(self._open_notice, case.id)),
            "第二份备份": ("设第二份备份", "hard-drives", partial(self.desk.open, "settings")),
            "设备": ("检查设备", "video-camera", partial(try_out, self.desk, case)),
        }
        found = [ways[each.name] for each in missing if each.name in ways]
        return [Button(word, "soft", icon, act=act, height=36) for word, icon, act in found[-2:]]

    def _ready(self, case: CaseFile, ready: tuple[Ready, ...], reason: str) -> QWidget:
        good = sum(r.good for r in ready)
        ring = Ring()
        ring.show_part(
            good, len(ready), f"{good}/{len(ready)}", "ok" if good == len(ready) else "bad" if reason else "warn"
        )
        missing = [r for r in ready if not r.good]
        lead = (
            Tag(f"差 {len(missing)} 项", "bad" if reason else "warn")
            if missing
            else Tag("都好了", "ok", "check-circle")
        )
        words = (
            "；".join(f"{r.name}{'：' if r.value[-1:] == '。' else ''}{r.value.rstrip('。')}" for r in missing)
            or "可以出发。"
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(look.px(28))
        columns = 2 if self._tight else 3
        for index, item in enumerate(missing if self._tight else ready):  # where it is narrow only what fails is listed
            sign = Icon("check-circle" if item.good else "warning-circle", "ok" if item.good else "bad" if item.bar else "warn",
                        18, "fill")  # fmt: skip
            cell = row(sign, Text(item.name, "small", "ink"), None, Text(item.value, "small", "ink2"), spacing=6)
            grid.addLayout(cell, index // columns, index % columns)
        for position in range(columns):
            grid.setColumnStretch(position, 1)
        said = column(row(Text("出发前检查", "h2"), lead, None), Text(words, "small", "ink2", wrap=True), spacing=4)
        head = row(ring, said, *self._cures(case, missing), spacing=14)
        head.setStretch(1, 1)
        made = QWidget()
        made.setLayout(
            column(
                head, grid, spacing=12,
            )
        )  # fmt: skip
        return made

    def _line(self, visit: InspectionRow) -> Card:
        return Card(row(Text(zh_time(visit.planned_from), "strong"), Text(visit.unit, "body"), Tag(visit.kind, "brand"), None,
                        Button("打开", "soft", act=lambda: self.desk.open("case", visit.id), height=36)))  # fmt: skip

    # -- due, data, week --------------------------------------------------------------------------------------

    def _due(self, due: Sequence[Duty], now: datetime) -> Card:
        reads = self.desk.may("read")
        month = (
            [Button("日历", "link", "calendar", act=partial(self.desk.open, "calendar"), height=32)] if reads else []
        )
        card = Card(row(Text("到期事项", "h2"), Text("按工作日计算" if due else "", "small", "ink3"), None, *month), padding=18,
                    spacing=10)  # fmt: skip
        if not due:
            listed = "责令整改的期限" if reads else "清单和执法证的有效期"
            card.body.addWidget(Text(f"没有到期事项。{listed}会列在这里。", "body", "ink2", wrap=True))
        for duty in due[:_MOST]:
            open_ = Button("查看", "link", act=partial(open_duty, self.desk, duty), height=36)
            open_.setAccessibleName(f"查看 {duty.words}")
            said = column(Text(duty.words, "strong"), Text(f"应于{zh_date(duty.day)}前", "small", "ink2"), spacing=2)
            line = row(self._countdown(now.date(), duty.day), said, open_, spacing=16)
            line.setStretch(1, 1)
            card.body.addWidget(Line())
            card.body.addLayout(line)
        return card

    def _countdown(self, today: date, due: date) -> QWidget:
        """How many days are left, large, in one column for all; in days of the calendar where the year's arrangement is unknown."""
        try:
            left, kind = self.desk.book.rules.calendar.workdays_between(today, due), ""
        except Problem:
            left, kind = (due - today).days, "自然日"
        tone = "bad" if left < 0 else "warn" if left <= self.desk.book.rules.policy.remind_days else "ink2"
        word = f"{kind}已逾期" if left < 0 else f"{kind}后到期" if left else "到期"
        made = QWidget()
        made.setFixedWidth(look.px(96))
        made.setLayout(
            column(Text(f"{abs(left)} 天" if left else "今天", "h1", tone), Text(word, "small", tone), spacing=0)
        )
        return made

    def _data(self) -> Card:
        """Kept here, without a receipt, received: three figures that are never taken for one another."""
        book = self.desk.book
        places = whereabouts.where(book, list(self.desk.queries.tallies()))
        events, received = sum(p.events for p in places), sum(p.events_received for p in places)
        last = sync.last_exchange(book.store)
        state = (
            Tag(f"{zh_time(datetime.fromisoformat(last))} 交换过", "brand", "cloud-check")
            if last
            else Tag("离线", "warn", "cloud-slash")
        )
        card = Card(row(Text("数据在哪里", "h2"), None, state),
                    Text("已答的都存在本机，断电不丢。", "small", "ink2", wrap=True), spacing=8)  # fmt: skip
        waits, elsewhere = (events - received, sum(p.files_waiting for p in places)), sum(p.elsewhere for p in places)
        files_received = sum(p.files_received for p in places)
        away = [("users", "na", "同事的文件", f"{elsewhere} 个不在本机")] if elsewhere else []
        for icon, tone, name, said in (
            ("laptop", "ok", "本机已存", f"{events:,} 条"),
            ("cloud-arrow-up", "warn" if any(waits) else "na", "等局里回执", f"{waits[0]:,} 条，{waits[1]} 个文件"),
            ("seal-check", "ok" if received else "na", "局里已回执", f"{received:,} 条，{files_received} 个文件"),
            *away,
        ):
            card.body.addLayout(
                row(Icon(icon, tone, 18, "fill"), Text(name, "small"), None, Text(said, "small", "ink2"))
            )
        return card

    def _week(self, visits: list[InspectionRow], due: Sequence[Duty], now: datetime) -> Card:
        """The visits and the terms of the week; what stands large at the left, today's visits, is not told twice."""
        monday = now.date() - timedelta(days=now.weekday())
        days = [monday + timedelta(days=n) for n in range(7)]
        counts = [
            [on[day] for day in days]
            for on in (Counter(v.planned_from.date() for v in visits), Counter(d.day for d in due))
        ]
        card = Card(row(Text("本周", "h2"), None, Text(f"第 {now.isocalendar().week} 周", "small", "ink3")),
                    Week(monday, now.date(), *counts), spacing=6)  # fmt: skip
        lines = [(day, f"检查 {v.unit}", partial(self.desk.open, "case", v.id)) for v in visits
                 if (day := v.planned_from.date()) in days and day != now.date()]  # fmt: skip
        lines += [
            (duty.day, f"到期 {duty.words}", partial(open_duty, self.desk, duty)) for duty in due if duty.day in days
        ]
        for day, words, act in sorted(lines, key=lambda line: line[0])[:_MOST]:
            open_ = Button("打开", "link", act=act, height=32)
            open_.setAccessibleName(f"打开 周{DAYS[day.weekday()]} {words}")
            line = row(
                Text(f"周{DAYS[day.weekday()]}", "small", "ink3"), Text(words, "small", "ink"), open_, spacing=10
            )
            line.setStretch(1, 1)
            card.body.addLayout(line)
        return card
