"""Stage 整改: every clause of the order with what the unit says of it, its pictures, and what the officers make of that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ...actions import rectify
from ...domain.calendar import zh_date
from ...domain.casefile import CaseFile
from ...domain.clauses import PASSED_ON, due_of, is_settled, ordered, standing_of
from ...domain.evidence import Evidence
from ...domain.finding import Consequence, Finding
from ...domain.followup import ACCEPTED, GRANTED, LACKING, HandedOn
from ...domain.inspection import Stage as Phase
from ...domain.problems import Problem
from ..desk import Desk
from ..offers import SECRET, WORK, needs
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.item_row import Shot
from ..widgets.panels import Body, Card, Empty, Line, Side, Tag, clear, column, row
from ..widgets.text import Text
from . import followup_sheets as sheets
from . import secrecy
from .base import Stage
from .photo_tray import PhotoTray

_LABEL = 64
"""Width of the names of a clause's lines."""
_NARROW = 1100
"""Width below which the states of a clause stand below its fact, and fewer pictures are shown."""
_SHOTS = 4
"""Pictures of a clause that are shown small; the others are counted."""


class FollowupStage(Stage):
    """Left a card a clause, the earliest term first; right what is done about the whole."""

    TITLE = "整改"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._case: CaseFile | None = None
        self._tight = False
        self._report: Button | None = None  # where there is a clause of which a report may still come
        self._list = column(spacing=10)
        body = Body(self._list, name="整改期限")
        self.begin_at(body)
        self._whole = column(spacing=10)
        self.side = Side("left", 260, 320)
        self.side.setLayout(column(Body(self._whole, margins=(14, 14, 14, 14)), spacing=0))
        layout = row(body, self.side, spacing=0)
        layout.setStretch(0, 1)
        self.setLayout(layout)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        tight = self.width() / look.scale < _NARROW
        if tight != self._tight:
            self._tight = tight
            if self._case is not None and self.isVisible():
                self.show_case(self._case)

    def show_case(self, case: CaseFile) -> None:
        self._case, self._report = case, None
        clear(self._list)
        clear(self._whole)
        orders = sorted(ordered(case), key=lambda f: (due_of(case, f) or date.max, f.code))
        others = [f for f in case.findings if Consequence(f.consequence) in PASSED_ON]
        open_ = sum(not is_settled(case, f) for f in (*orders, *others))
        said = f"{len(orders)} 个问题责令整改，{open_} 个没有办结" if orders else ""
        self._list.addLayout(row(Text("整改", "h1"), Text(said, "small", "ink3"), None))
        begun = list(Phase).index(Phase(case.stage)) >= list(Phase).index(Phase.SERVED)
        if not orders and not others:
            self._list.addWidget(Empty("calendar", "这次检查没有责令整改的问题。"))
        elif not begun:
            words = "文书还没有送达，期限从送达后起作数。先在“送达”里登记。"
            self._list.addWidget(Card(Text(words, "body", "warn", wrap=True), tone="warn"))
        earlier = rectify.earlier(self.desk.book, case)
        for finding in (*orders, *others):
            self._list.addWidget(self._clause(case, finding, earlier.get(finding.code, ()), begun))
        self._list.addStretch(1)
        self.side.setVisible(begun and bool(orders or others))
        if self.side.isVisibleTo(self):
            self._fill_whole(case, orders, self._whole)

    # -- a clause ---------------------------------------------------------------------------------------------

    def _clause(self, case: CaseFile, finding: Finding, before: Sequence[rectify.Earlier], begun: bool) -> Card:
        today = self.desk.book.clock.now().at.date()
        standing, due = standing_of(case, finding, today), due_of(case, finding)
        code = Text(finding.code, "strong", "brand")
        code.setFixedWidth(look.px(40))
        tags: list[QWidget] = []
        if before:
            again = Button(f"第 {len(before) + 1} 次", "link", "arrows-clockwise", height=32,
                           act=partial(sheets.show_earlier, self, self.desk, finding, before))  # fmt: skip
            again.setAccessibleName(f"{finding.code} 第 {len(before) + 1} 次，看以往")
            tags.append(again)
        if due and not is_settled(case, finding):
            tags.append(Tag(*self._left(today, due), "calendar"))
        if begun:
            tags.append(Tag(standing.word, standing.tone))
        head = row(code, Text(finding.fact, "item", wrap=True), *([] if self._tight else tags), spacing=8)
        head.setStretch(1, 1)
        card = Card(head, padding=14, spacing=8)
        if self._tight and tags:
            card.body.addLayout(row(*tags, None, spacing=8))
        term = f"（{zh_date(due)}前{'，已延期' if due != finding.due else ''}）" if due else ""
        label = Consequence(finding.consequence).label
        card.body.addLayout(_line(label[-4:], Text(f"{finding.demand}{term}", "small", "ink2", wrap=True)))
        if begun and Consequence(finding.consequence) not in PASSED_ON:
            self._answers(card, case, finding)
        return card

    def _answers(self, card: Card, case: CaseFile, finding: Finding) -> None:
        """What the unit says, its pictures, and whether they suffice."""
        reply, seen = case.followup.reply(finding.id), case.followup.seen(finding.id)
        said = f"{zh_date(reply.received)}：{reply.said}" if reply else "还没有收到报告"
        card.body.addLayout(_line("单位回复", Text(said, "small", "ink" if reply else "ink3", wrap=True)))
        mine = [p for p in case.pictures if p.item == finding.code]
        held = [p for p in mine if not p.secret]
        pictures = [p for p in held if p.view == rectify.VIEW_PROOF]
        open_ = not is_settled(case, finding) and case.followup.closing is None
        take = needs(WORK, Button("导入佐证", "link", "image", height=32, act=partial(self._take, case, finding)))
        take.setAccessibleName(f"{finding.code} 导入佐证")
        most = _SHOTS // 2 if self._tight else _SHOTS
        more = [Text(f"共 {len(pictures)} 张", "small", "ink3")] if len(pictures) > most else []
        shots = [shot(self.desk, piece) for piece in pictures[:most]]
        acts = [take] if open_ else []
        if held:
            secret = needs(
                SECRET,
                Button("疑似涉密", "ghost", "lock", act=partial(sheets.freeze, self, self.desk, case, held), height=32),
            )
            secret.setAccessibleName(f"{finding.code} 疑似涉密")
            acts.append(secret)
        if self._tight and shots:
            card.body.addLayout(_line("佐证", *shots, *more))
            card.body.addLayout(_line("", *acts))
        elif shots or acts:
            card.body.addLayout(_line("佐证", *shots, *more, *acts))
        if reply is not None and open_:
            chosen = []
            for word in (ACCEPTED, LACKING):
                button = Button(word, "secondary", checkable=True, height=32)
                button.setAccessibleName(f"{finding.code} {word}")
                button.setChecked(reply.judged == word)
                button.clicked.connect(partial(self._judge, case, finding, word))
                chosen.append(button)
            card.body.addLayout(_line("判断", *chosen, Text(reply.note, "small", "warn")))
        for piece in mine:
            if piece.secret:
                card.body.addWidget(secrecy.kept_back(self, self.desk, case, piece))
        if seen is not None:
            card.body.addLayout(_line("复查", Text(f"{seen.result}：{seen.said}", "small", "ink", wrap=True)))

    def _take(self, case: CaseFile, finding: Finding) -> None:
        PhotoTray.open_for_clause(self, self.desk, case, finding, again=False)

    def _judge(self, case: CaseFile, finding: Finding, word: str, _checked: bool = False) -> None:
        if word == LACKING:
            sheets.ask_lacking(self, self.desk, case, finding)
        else:
            self.desk.act(rectify.judge, self.desk.book, case.id, finding.id, word)
        self.show_case(self.desk.queries.case(case.id))

    # -- the whole --------------------------------------------------------------------------------------------

    def _fill_whole(self, case: CaseFile, orders: Sequence[Finding], into: QVBoxLayout) -> None:
        desk, held = self.desk, case.followup
        today, closed = desk.book.clock.now().at.date(), held.closing is not None
        if not closed and any(not is_settled(case, finding) for finding in orders):
            self._report = Button("登记整改报告", "primary", "file-text", act=partial(sheets.report, self, desk, case))
            into.addWidget(self._report)
            into.addWidget(
                Button("提醒单位", "secondary", "megaphone", act=partial(sheets.remind, self, desk, case), height=36)
            )
            longer = Button(
                "登记延期申请", "secondary", "calendar", act=partial(sheets.ask_extension, self, desk, case), height=36
            )
            over = all((due := due_of(case, finding)) is not None and due < today for finding in orders)
            longer.set_blocked("期限已经届满，届满前书面申请的才能延期" if over else "")
            into.addWidget(longer)
        if not closed and any(rectify.may_hand_on(case, f, today) for f in case.findings):
            into.addWidget(
                Button("提请处理", "danger", "export", act=partial(sheets.hand_on, self, desk, case), height=36)
            )
        if held.reminded:
            days = "、".join(zh_date(day) for day in held.reminded)
            into.addWidget(Text(f"已提醒单位：{days}", "small", "ink2", wrap=True))
        for asked in held.extensions:
            state = Tag(
                asked.decision or "待决定", "ok" if asked.decision == GRANTED else "na" if asked.decision else "warn"
            )
            until = asked.granted_until or asked.until
            card = Card(row(Text("延期申请", "strong"), None, state),
                        Text(f"{zh_date(asked.asked_on)}申请延至{zh_date(until)}：{asked.reason}", "small", "ink2", wrap=True),
                        padding=12, spacing=6)  # fmt: skip
            decide = partial(sheets.decide_extension, self, desk, case, asked)
            paper = Button("审批表", "link", "file-text", act=partial(self._paper, "extension"), height=32)
            acts: list[QWidget] = [] if asked.decision else [Button("登记决定", "soft", act=decide, height=32)]
            card.body.addLayout(row(paper, None, *acts))
            into.addWidget(card)
        for handed in held.handed_on:
            into.addWidget(self._handed(case, handed))
        into.addStretch(1)

    def _handed(self, case: CaseFile, handed: HandedOn) -> Card:
        way = Consequence(handed.way)
        codes = "、".join(f.code for f in case.findings if f.id in handed.findings)
        term = f"，{zh_date(handed.reply_by)}前书面告知" if handed.reply_by else ""
        card = Card(
            row(Text(way.label, "strong"), None, Tag(*(("已答复", "ok") if handed.answered else ("等答复", "warn")))),
            Text(f"{codes}　{handed.to}{term}", "small", "ink2", wrap=True), Line(),
            Text(f"{zh_date(handed.answered)}：{handed.answer}" if handed.answered else handed.reason, "small", "ink2", wrap=True),
            padding=12, spacing=6,
        )  # fmt: skip
        acts: list[QWidget | None] = []
        if way in rectify.PAPER_OF:
            acts.append(Button("文书", "link", "file-text", act=partial(self._paper, rectify.PAPER_OF[way]), height=32))
        if not handed.answered:
            acts += [
                None,
                Button("登记答复", "soft", act=partial(sheets.answer, self, self.desk, case, handed), height=32),
            ]
        if acts:
            card.body.addLayout(row(*acts))
        return card

    def _paper(self, kind: str) -> None:
        """Open a paper of the case among all of them."""
        self.desk.paper_by_case[self.desk.case_id] = kind
        self.desk.open_stage(_ALL_PAPERS)

    def primary(self) -> None:
        if self._report is not None:
            self.press(self._report)
        else:
            self.desk.told.emit("这一步没有要办的。", "brand")

    def _left(self, today: date, due: date) -> tuple[str, str]:
        if due < today:
            return f"逾期 {(today - due).days} 天", "bad"
        try:
            days = self.desk.book.rules.calendar.workdays_between(today, due)
        except Problem:
            return f"{zh_date(due)}到期", "na"
        return f"还有 {days} 个工作日", "warn" if days <= self.desk.book.rules.policy.remind_days else "na"


_ALL_PAPERS = 10


def shot(desk: Desk, piece: Evidence) -> Shot:
    """A small picture of the rectification; empty where its file is not on this laptop."""
    made = Shot()
    try:
        made.show_picture(desk.queries.content(piece.thumbnail, piece.number))
    except Problem:
        made.show_picture(b"")
    made.setToolTip(f"{piece.number} {piece.original_name}")
    return made


def _line(name: str, *parts: QWidget) -> QVBoxLayout:
    label = Text(name, "small", "ink3")
    label.setFixedWidth(look.px(_LABEL))
    stretched = len(parts) == 1 and isinstance(parts[0], Text)
    made = row(label, *parts, *([] if stretched else [None]), spacing=8)
    if stretched:
        made.setStretch(1, 1)
    return column(made, spacing=0)
