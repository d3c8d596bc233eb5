"""公示: what is to go out, original and public copy row by row, the check, and the second person's word."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from ...actions import public_copy, publicity, publicity_board
from ...actions.book import Done
from ...actions.public_copy import Copies, Matter
from ...actions.publicity_board import Duty, State
from ...domain.calendar import zh_at, zh_date
from ...domain.problems import Problem
from ...domain.publicity import RESULT, Round, year_of
from ...domain.redaction import Line as CopyLine
from ..desk import Desk
from ..offers import PUBLISH, Offers, needs
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.panels import Body, Card, Empty, Icon, Side, Surface, Tag, clear, column, row
from ..widgets.rows import Entry, Rows
from ..widgets.text import Text
from . import publicity_sheets as sheets
from .base import Screen
from .public_photos import PHOTO_WIDTH, clear_photo, photo, pictures

_TABS = ("要办", "公示中", "已撤下")
_TAB_OF = {State.PUBLIC: 1, State.WITHDRAWN: 2}
_TONES = {State.WAITING: "brand", State.RETURNED: "bad", State.HELD: "na", State.FALLEN: "bad", State.PUBLIC: "ok"}


class CopyRow(QWidget):
    """One row of the original or of the public copy, with its photo; tinted where something is covered, pressed where it may
    be changed."""

    def __init__(
        self,
        line: CopyLine,
        why: str = "",
        picture: bytes = b"",
        *,
        tinted: bool,
        act: Callable[[], object] | None = None,
    ) -> None:
        super().__init__()
        self._tinted, self._act = tinted, act
        label = Text(line.label, "small", "ink3", wrap=True)
        label.setFixedWidth(look.px(110))
        said = Text(line.text, "strong" if tinted else "body", "ink", wrap=True)
        shown = [photo(picture, PHOTO_WIDTH, f"{line.label}：{line.text}")] if picture else []
        words = column(*shown, said, *([Text(why, "small", "warn", wrap=True)] if why else []), spacing=2)
        parts = row(label, words, spacing=10, margins=(10, 8, 6, 8))
        parts.setStretch(1, 1)
        parts.setAlignment(label, Qt.AlignmentFlag.AlignTop)
        if act is not None:
            change = needs(PUBLISH, Button("改", "link", act=act, height=28))
            change.setAccessibleName(f"改 {line.label}")
            parts.addWidget(change, 0, Qt.AlignmentFlag.AlignTop)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setLayout(parts)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if (
            self._act is not None
            and event.button() == Qt.MouseButton.LeftButton
            and self.rect().contains(event.position().toPoint())
        ):
            self._act()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._tinted:
            painter.setPen(look.colour("warn_line"))
            painter.setBrush(look.colour("warn_soft"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), look.px(6), look.px(6))
        else:
            painter.fillRect(0, self.height() - 1, self.width(), 1, look.colour("line"))
        painter.end()


class PublicityScreen(Screen):
    """Queue, both copies, and what is to be done now."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.place: tuple[str, str] = ("", "")
        self._offers = Offers(self, PUBLISH)
        self._main: Button | None = None
        self.tabs = [Button(name, "tab", act=partial(self._turn, nth), height=36, checkable=True)
                     for nth, name in enumerate(_TABS)]  # fmt: skip
        self.tabs[0].setChecked(True)
        self.queue = Rows("公示事项")
        self.queue.setObjectName("panel")
        self.queue.chosen.connect(self._choose)
        self.penalty = Button("登记处罚", "secondary", act=self._enter_penalty, height=40)
        self.export = Button("全部导出", "secondary", "export", act=self._export_all, height=40)
        left = Side("right", 250, 300)
        inside = column(row(*self.tabs, None, spacing=6, margins=(12, 12, 12, 8)), self.queue,
                        row(self.penalty, self.export, None, spacing=8, margins=(12, 8, 12, 12)), spacing=0)  # fmt: skip
        inside.setStretch(1, 1)
        left.setLayout(inside)
        self._head, self._copies, self._foot = column(spacing=4), column(spacing=0), column(spacing=0)
        foot = self._foot_bar = Surface("surface", "top")
        foot.setLayout(column(self._foot, margins=(18, 8, 18, 8)))
        self._body = Body(self._copies, name="原件和公示件", margins=(18, 8, 18, 12))
        middle = column(column(self._head, margins=(18, 12, 18, 4)), self._body, foot, spacing=0)
        middle.setStretch(1, 1)
        whole = row(left, middle, spacing=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        desk.publicised.connect(self.show_matter)

    @property
    def tab(self) -> int:
        return next(nth for nth, button in enumerate(self.tabs) if button.isChecked())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.export.setVisible(self.tab == 1)

    # -- showing ----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        self._offers.lay_open()
        board = publicity_board.board(self.desk.book)
        for nth, (name, button) in enumerate(zip(_TABS, self.tabs, strict=True)):
            count = sum(_TAB_OF.get(duty.state, 0) == nth for duty in board)
            button.set_text(f"{name} {count}" if count else name)
        shown = [duty for duty in board if _TAB_OF.get(duty.state, 0) == self.tab]
        now = self.queue.fill([self._entry(duty) for duty in shown], "|".join(self.place))
        self.export.setVisible(self.tab == 1)
        self.export.setEnabled(bool(shown))
        self._show(next((duty for duty in shown if _id(duty) == now), None))
        self._offers.keep(lambda act: self.desk.may(act, self.place[0]))

    def _entry(self, duty: Duty) -> Entry:
        mark, tone = self._left(duty)
        of_year = year_of(duty.subject) is not None
        said = (
            f"{duty.name} · {duty.state.value}"
            if of_year or duty.state is not State.DRAFT
            else f"{duty.name} · {_day(duty)}作出"
        )
        return Entry(_id(duty), duty.unit, said, mark, tone)

    def _left(self, duty: Duty) -> tuple[str, str]:
        """How many working days are left, in a few characters."""
        if duty.due is None:
            return ("已公示", "ok") if duty.state is State.PUBLIC else ("", "na")
        today = self.desk.book.clock.now().at.date()
        try:
            left = self.desk.book.rules.calendar.workdays_between(today, duty.due)
        except Problem:  # the year's arrangement is not known
            return ("已逾期", "bad") if duty.due < today else (f"{duty.due.month}月{duty.due.day}日前", "warn")
        if left < 0:
            return f"逾期 {-left} 天", "bad"
        tone = "bad" if duty.state is State.FALLEN or left <= 1 else "warn" if left <= 5 else "na"
        return "今天到期" if left == 0 else f"还有 {left} 天", tone

    def _show(self, duty: Duty | None) -> None:
        for part in (self._head, self._copies, self._foot):
            clear(part)
        self._main = None
        self.place = (duty.stream, duty.subject) if duty else ("", "")
        self._foot_bar.setVisible(duty is not None)
        if duty is None:
            self._copies.addWidget(Empty("megaphone", (
                "没有要办的公示。作出处理以后，结果列在这里。", "现在没有公示中的结果。", "没有撤下过公示。")[self.tab]))  # fmt: skip
            return
        matter = public_copy.matter(self.desk.book, duty.stream, duty.subject)
        if matter.case is not None:
            self.desk.case_id = duty.stream  # undo is of the case on view
        publication, made = matter.publication, matter.copies
        frozen = publication.waiting or (publication.public if duty.state in (State.PUBLIC, State.FALLEN) else None)
        self._show_head(matter, duty)
        self._show_copies(duty, matter, frozen)
        self._show_foot(duty, made, frozen, publication.held)

    def _show_head(self, matter: Matter, duty: Duty) -> None:
        kind = [Tag(matter.case.unit.kind.label, "na")] if matter.case else []
        since = f"{zh_date(duty.decided)}{'作出' if matter.case else '起'}"
        due = f"，{zh_date(duty.due)}前{'撤下' if duty.state is State.FALLEN else '公示'}" if duty.due else ""
        self._head.addLayout(row(Text(matter.about, "h1"), *kind, Tag(duty.name, "brand"), None,
                                 Text(since + due, "small", "ink2")))  # fmt: skip

    def _show_copies(self, duty: Duty, matter: Matter, frozen: Round | None) -> None:
        """Both copies in one grid, so that a row and its counterpart stand at one height."""
        made = matter.copies
        lines = {line.key: line for line in (frozen.lines if frozen else made.public)}
        gone = [CopyLine(line.key, line.label, "（现在不能公示）", picture=line.picture)
                for line in lines.values() if line.key not in {each.key for each in made.original}]  # fmt: skip
        covered = sum(bool(line.rules) for line in lines.values())
        open_ = duty.state in (State.DRAFT, State.RETURNED, State.PUBLIC, State.WITHDRAWN)
        may = open_ and frozen is None and self.desk.may(PUBLISH, duty.stream)
        grid = QGridLayout()
        grid.setHorizontalSpacing(look.px(18))
        grid.setVerticalSpacing(0)
        grid.addLayout(row(Text("原件", "h2"), Text("只在局内", "small", "ink3"), None, Icon("lock", "ink3", 18),
                           margins=(10, 0, 6, 6)), 0, 0)  # fmt: skip
        add = [
            needs(
                PUBLISH,
                Button("放照片", "link", "image", act=partial(clear_photo, self, self.desk, *self.place), height=28),
            )
        ]
        grid.addLayout(row(Text("公示件", "h2"), *([Tag(f"遮盖 {covered} 处", "warn")] if covered else []), None,
                           *(add if open_ and duty.subject == RESULT else ()),
                           Text("点任意一行可改" if may else "", "small", "ink3"), margins=(10, 0, 6, 6)), 0, 1)  # fmt: skip
        for nth, line in enumerate((*made.original, *gone), 1):
            shown = lines.get(line.key, CopyLine(line.key, line.label, "（没有这一行）"))
            tinted = shown.text != line.text
            before, after = pictures(self.desk, matter, shown)
            grid.addWidget(CopyRow(line, picture=before, tinted=tinted), nth, 0)
            act = partial(sheets.change_row, self, self.desk, duty, line, shown)
            by_hand = shown.reason and f"{'公示的原因' if shown.picture else '手工改过'}：{shown.reason}"
            why = "；".join(part for part in ("、".join(shown.rules), by_hand) if part)
            grid.addWidget(CopyRow(shown, why, after, tinted=tinted, act=act if may else None), nth, 1)
        for nth in (0, 1):
            grid.setColumnStretch(nth, 1)
        self._copies.addWidget(Card(grid, padding=14))
        self._copies.addStretch(1)

    def _show_foot(self, duty: Duty, made: Copies, frozen: Round | None, held: str) -> None:
        safe = not made.exposed
        lead, more = self._words(duty, made, frozen, held)
        words = column(Text(lead, "strong"), Text(more, "small", "ink2"), spacing=2)
        acts = self._acts(duty, made, frozen)
        line = row(Icon("shield-check" if safe else "shield-warning", "ok" if safe else "bad", 26, "fill"), words, *acts,
                   spacing=10)  # fmt: skip
        line.setStretch(1, 1)
        self._foot.addLayout(line)

    def _words(self, duty: Duty, made: Copies, frozen: Round | None, held: str) -> tuple[str, str]:
        """What the automatic check found, and how far the matter is."""
        where = "、".join(channel.name for channel in made.channels)
        if frozen is not None and frozen.overturned is not None and frozen.overturned.day:
            return (
                f"原决定{zh_date(frozen.overturned.day)}被{frozen.overturned.text}",
                "到期以前撤下；改好再公示的，撤下以后另送核对",
            )
        if frozen is not None and frozen.confirmed is not None:
            return f"{zh_at(frozen.confirmed.at)}公示，{where}", f"{frozen.sent.name}送，{frozen.confirmed.name}核对"
        if duty.state is State.HELD:
            return "暂缓公示，期限照算", held
        if frozen is not None:
            moved = "；送后内容变了，先退回" if made.digest != frozen.digest else ""
            return f"{frozen.sent.name}{zh_at(frozen.sent.at)}送核对{moved}", f"由另一个人逐行核对；渠道：{where}"
        if made.exposed:
            return f"公示件里还有{'、'.join(made.exposed)}，不能公示", "点那一行，遮盖以后再送核对"
        firm = "、".join(rule.name for rule in self.desk.book.rules.publicity.rules if rule.firm)
        lifted = f"手工公开了{'、'.join(made.lifted)}，请核对的人留意" if made.lifted else f"自动检查没有发现{firm}"
        return lifted, f"渠道：{where}；送出以后还要另一个人核对"

    def _acts(self, duty: Duty, made: Copies, frozen: Round | None) -> list[QWidget]:
        """What may be done now; the last is the main one."""
        desk, book = self.desk, self.desk.book
        mine = frozen is not None and frozen.sent.by == book.person.id
        hold = Button("暂缓并说明", "secondary", act=partial(sheets.hold, self, desk, duty), height=44)
        send = Button("送核对", "primary", "paper-plane-tilt", act=partial(self._do, publicity.send), height=44)
        down = Button("撤下", "danger", act=partial(sheets.withdraw, self, desk, duty), height=44)
        back = Button("退回", "danger", "arrow-u-up-left", act=partial(sheets.send_back, self, desk, duty), height=44)
        out = Button(
            "核对无误，公示", "primary", "megaphone", act=partial(sheets.confirm, self, desk, duty, made), height=44
        )
        save = Button("导出", "secondary", "export", act=partial(sheets.export, self, desk, self.place), height=44)
        fell = Button("决定变了", "secondary", act=partial(sheets.overturn, self, desk, duty), height=44)
        acts: dict[State, list[Button]] = {
            State.DRAFT: [hold, send], State.RETURNED: [hold, send], State.WITHDRAWN: [send],
            State.HELD: [Button("恢复公示", "primary", act=partial(self._do, publicity.hold, ""), height=44)],
            State.WAITING: [Button("收回", "secondary", act=partial(self._do, publicity.recall), height=44)] if mine else [back, out],
            State.PUBLIC: [save, *([fell] if year_of(duty.subject) is None else []), down], State.FALLEN: [down],
        }  # fmt: skip
        shown = acts[duty.state]
        if duty.state is State.PUBLIC and frozen is not None and made.digest != frozen.digest:
            shown = [*shown, send]
        if send in shown and made.exposed:
            send.set_blocked(f"公示件里还有{'、'.join(made.exposed)}")
        self._main = next((button for button in shown if button in (send, out)), shown[-1])
        return list(shown)

    # -- acting -----------------------------------------------------------------------------------------------

    def _turn(self, nth: int) -> None:
        for each, button in enumerate(self.tabs):
            button.setChecked(each == nth)
        self.refresh()

    def _choose(self, id: str) -> None:
        stream, _, subject = id.partition("|")
        self.place = (stream, subject)
        self.refresh()

    def show_matter(self, stream: str, subject: str) -> None:
        """Lead to one matter, wherever it stands."""
        duty = next(
            (d for d in publicity_board.board(self.desk.book) if (d.stream, d.subject) == (stream, subject)), None
        )
        if duty is not None:
            self.place = (stream, subject)
            self._turn(_TAB_OF.get(duty.state, 0))

    def _do(self, act: Callable[..., Done[Any]], *more: str) -> None:
        if self.desk.act(act, self.desk.book, *self.place, *more) is not None:
            self.desk.hand_over(quiet=True)

    def _enter_penalty(self) -> None:
        inspection = self.place[0] if year_of(self.place[1]) is None else ""
        sheets.enter_penalty(self, self.desk, inspection, lambda subject: self.show_matter(self.place[0], subject))

    def _export_all(self) -> None:
        sheets.export(self, self.desk)

    def primary(self) -> None:
        if self._main is not None:
            self.press(self._main)

    def quiet_place(self) -> QWidget:
        return self.queue


def _id(duty: Duty) -> str:
    return f"{duty.stream}|{duty.subject}"


def _day(duty: Duty) -> str:
    return f"{duty.decided.month}月{duty.decided.day}日"
