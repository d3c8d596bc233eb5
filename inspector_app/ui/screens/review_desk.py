"""The team lead's desk: what was handed in, the answer beside its evidence, comments, return or approval.

Only what matters is queued: what deviates, what has a finding, what was commented on.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel

from ...actions import review, sync
from ...domain.calendar import zh_date, zh_when
from ...domain.casefile import CaseFile
from ...domain.evidence import Evidence
from ...domain.finding import Consequence
from ...domain.item import ItemFact
from ...domain.item_review import PASSED, RETURNED
from ...domain.item_standing import returned, standing
from ...domain.problems import Problem
from ...domain.review import Review
from ...domain.tally import Tally
from ..desk import Desk
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.fields import Field
from ..widgets.notices import Sheet
from ..widgets.panels import Body, Card, Empty, Line, Side, Surface, Tag, clear, column, row
from ..widgets.press_card import PressCard
from ..widgets.text import Text
from .base import Screen
from .begin import ask
from .files_sheet import show_files
from .item_words import verdict_tags
from .paper_beside import PaperBeside

_TONES = {
    "不符合": ("bad", "x-circle"),
    "基本符合": ("warn", "minus"),
    "符合": ("ok", "check-circle"),
    "不适用": ("na", "prohibit"),
}
_PASSED = 12
"""How many of those that were passed stay in the queue, the newest."""
_STATE = {"待复核": "warn", "退回修改": "bad", "已认可": "ok", "认可后有改动": "warn"}


class ReviewScreen(Screen):
    """Queue, item, comments."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.case_id, self.item = "", ""
        self._queue, self._centre, self._side = column(spacing=8), column(spacing=12), column(spacing=8)
        self.paper = PaperBeside(desk)
        left, right = Side("right", 180, 230), Side("left", 190, 250)
        left.setLayout(column(Body(self._queue, margins=(14, 14, 14, 8)), spacing=0))
        self.words = Field("写意见", hint="对这一项写明看法，检查人员下次交换时收到")
        self.words.input.returnPressed.connect(self._comment)
        say = Button("写意见", "soft", act=self._comment, height=36)
        right.setLayout(column(Body(self._side, margins=(14, 14, 14, 8)),
                               column(self.words, row(None, say), spacing=6, margins=(14, 6, 14, 12)), spacing=0))  # fmt: skip
        self.back = Button("退回修改", "danger", "arrow-u-up-left", act=self._send_back, height=44)
        self.previous = Button("上一项", "secondary", act=partial(self._step, -1), key="K", height=36)
        self.following = Button("下一项", "secondary", act=partial(self._step, 1), key="J", height=36)
        self.files = Button("文件", "ghost", act=self._files, height=36)
        self.pass_ = Button("复核认可", "primary", "check", act=self._approve, height=44)
        foot = Surface("surface", "top")
        self._hint = Text("退回要写清改什么", "small", "ink3")
        foot.setLayout(row(self.back, self._hint, None, self.pass_, spacing=8, margins=(16, 8, 16, 8)))
        self.file = Button("看案卷", "ghost", act=self._open_file, height=36)
        self._head = column(spacing=4)
        head = Surface("surface", "bottom")
        steps = row(self._head, self.files, self.file, self.previous, self.following, spacing=8, margins=(16, 8, 14, 8))
        steps.setStretch(0, 1)
        head.setLayout(steps)
        both = row(Body(self._centre, margins=(14, 12, 14, 12)), self.paper, spacing=0)
        both.setStretch(0, 4)
        both.setStretch(1, 5)
        middle = column(head, both, foot, spacing=0)
        middle.setStretch(1, 1)
        whole = row(left, middle, right, spacing=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hint.setVisible(self.width() / look.scale >= 1000)

    # -- showing ----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        queue = sorted(
            self.desk.queries.handed_in(_PASSED), key=lambda each: (each.review.word != "待复核", each.planned_from)
        )
        if self.case_id not in {each.id for each in queue}:
            self.case_id = queue[0].id if queue else ""
        self.desk.beside = self.case_id
        self._show_queue(queue)
        case = self.desk.queries.case(self.case_id) if self.case_id else None
        self.paper.setVisible(case is not None)
        for button in (self.files, self.file, self.previous, self.following):
            button.setEnabled(case is not None)
        decided = _decided(case) if case is not None else ""
        for button in (self.back, self.pass_):
            button.set_blocked("没有等我复核的检查" if case is None else decided)
        self._hint.setText(decided or "退回要写清改什么")
        for part in (self._head, self._centre, self._side):
            clear(part)
        if case is None:
            self._centre.addWidget(Empty("seal-check", "没有等我复核的检查。检查人员送来后列在这里。"))
            return
        items = self._items(case)
        if self.item not in {i.code for i in items}:
            self.item = items[0].code if items else ""
        self._show_item(case, items)
        self._show_comments(case)

    def _show_queue(self, queue: list[Tally]) -> None:
        clear(self._queue)
        waiting = [each for each in queue if each.review.word == "待复核"]
        self._queue.addLayout(row(Text("等我复核", "h2"), Tag(str(len(waiting)), "brand"), None))
        for each in queue:
            if len(waiting) < len(queue) and each is queue[len(waiting)]:  # those that wait stand first
                self._queue.addWidget(Text("已有结果", "small", "ink3"))
            word = each.review.word
            self._queue.addWidget(PressCard(
                f"看 {each.unit_name}，{word}", Text(each.unit_name, "strong"),
                row(Tag(word, _STATE.get(word, "na")), *self._waited(each.review), None),
                Text("、".join(name for _, name in each.officers), "small", "ink2"), act=partial(self._choose, each.id),
                chosen=each.id == self.case_id))  # fmt: skip
        self._queue.addStretch(1)

    def _waited(self, held: Review) -> tuple[Text, ...]:
        """How long it has waited; red once that is more than two working days."""
        today, since = self.desk.book.clock.now().at.date(), held.at
        if not held.waits or since is None:
            return ()
        try:
            days = self.desk.book.rules.calendar.workdays_between(since.date(), today)
        except Problem:
            return ()
        return (Text(f"等了 {days} 个工作日" if days else "今天送来", "small", "bad" if days > 2 else "ink2"),)

    def _open_file(self) -> None:
        if self.case_id:
            self.desk.open("case", self.case_id)

    def _items(self, case: CaseFile) -> list[ItemFact]:
        """What has to be looked at, and behind it what is looked at by chance."""
        said, by_chance = {comment.about for comment in case.review.comments}, review.sampled(self.desk.book, case)
        must = [i for i in case.items if i.value in ("不符合", "基本符合") or i.finding or i.conflict or i.code in said]
        return must + [i for i in case.items if i.code in by_chance and i not in must]

    def _show_item(self, case: CaseFile, items: list[ItemFact]) -> None:
        if not items:
            self._centre.addWidget(Text("没有不符合、基本符合的检查项。", "body", "ink2"))
            self._centre.addStretch(1)
            self.paper.show_paper(case, "onsite_record")
            return
        place = next(n for n, item in enumerate(items) if item.code == self.item)
        fact = items[place]
        tone, icon = _TONES.get(fact.value, ("na", ""))
        by_chance = [item for item in items if item.code in review.sampled(self.desk.book, case)]
        drawn = [Tag("随机抽看", "brand", "shuffle")] if fact in by_chance else []
        title = row(Text(fact.code, "h2", "brand"), Text(fact.text, "h2", wrap=True), Tag(fact.value or "未答", tone, icon), *drawn,
                    *verdict_tags(case, fact.code))  # fmt: skip
        title.setStretch(1, 1)
        self._head.addLayout(title)
        rest = len(case.items) - len(items)
        also = f"，随机抽看的 {len(by_chance)} 项排在后面" if by_chance else ""
        said = f"第 {place + 1} 项，共 {len(items)} 项要看{also}；其余 {rest} 项在案卷里"
        if seen := [state for item in items if (state := standing(case, item.code))]:
            said += f"。看过 {len(seen)} 项，退回 {len(seen) - seen.count(PASSED)} 项"
        self._head.addWidget(Text(said, "small", "ink3", wrap=True))
        self._show_judging(case, fact)
        finding = next((f for f in case.findings if f.id == fact.finding), None)
        left = Card(Text("填写", "small", "ink3"), Text(fact.note or "没有备注", "item", wrap=True),
                    Text(f"{fact.by} {self._when(fact.at) if fact.at else ''}", "small", "ink2"), spacing=6)  # fmt: skip
        pieces = [e for e in case.evidence if e.number in fact.evidence]
        shown = Card(Text("证据", "small", "ink3"), spacing=8)
        for piece in pieces:
            shown.body.addWidget(self._picture(case, piece))
        if not pieces:
            shown.body.addWidget(Text("没有证据", "body", "warn"))
        more = Card(spacing=6)
        if finding is not None:
            for label, text in (("依据", "；".join(finding.basis)), ("后果", Consequence(finding.consequence).label),
                                ("要求", finding.demand), ("期限", zh_date(finding.due) if finding.due else "")):  # fmt: skip
                if text:
                    more.body.addWidget(Text(label, "small", "ink3"))
                    more.body.addWidget(Text(text, "body", wrap=True))
        self._show_history(more, case, fact)
        for card in (left, shown, more):
            self._centre.addWidget(card)
        self._centre.addStretch(1)
        kind = Consequence(finding.consequence).paper if finding is not None else ""
        self.paper.show_paper(case, kind or "onsite_record")

    def _show_judging(self, case: CaseFile, fact: ItemFact) -> None:
        """Agree with this item or return it, while the inspection waits; whoever has said it can say it again."""
        if not case.review.waits:
            return
        now = standing(case, fact.code)
        agree = Button("认可这一项", "soft", "check", act=partial(self._judge, PASSED), key="A", height=36)
        back = Button("退回这一项", "secondary", "arrow-u-up-left", act=self._return, key="R", height=36)
        agree.set_blocked("已经认可" if now == PASSED else "")
        self._centre.addLayout(row(agree, back, None, spacing=8))

    def _show_history(self, card: Card, case: CaseFile, fact: ItemFact) -> None:
        """What was written of the item, step by step with its reasons."""
        card.body.addWidget(Text("办理经过", "small", "ink3"))
        for step in review.history(self.desk.book, case, fact.code):
            said = f"{step.text}" + (f"（{step.told}）" if step.told else "")
            card.body.addLayout(
                row(Text(step.person, "small", "ink3"), Text(self._when(step.at), "small", "ink3"), None)
            )
            card.body.addWidget(Text(said, "small", "ink", wrap=True))

    def _picture(self, case: CaseFile, piece: Evidence) -> Card:
        desk, number = self.desk, piece.number
        large = desk.queries.has_picture(case, number)
        pixmap = QPixmap()
        pixmap.loadFromData(desk.picture(case, number) if large else desk.thumbnail(case, number))
        shown = QLabel()
        shown.setAccessibleName(f"{piece.number} {piece.proves}")
        shown.setPixmap(pixmap.scaled(look.px(280), look.px(220), Qt.AspectRatioMode.KeepAspectRatio,
                                      Qt.TransformationMode.SmoothTransformation))  # fmt: skip
        card = Card(shown, Text(f"{piece.number}　{piece.proves}", "small", "ink2", wrap=True), padding=8, spacing=4)
        if not large:
            fetch = Button("从局里取大图", "link", act=partial(self._fetch, case, piece.number), height=36)
            card.body.addWidget(fetch)
        return card

    def _show_comments(self, case: CaseFile) -> None:
        self._side.addLayout(row(Text("意见", "h2"), None))
        made = case.review
        if made.at is not None:
            self._say(made.by, made.at, made.reason, Tag(made.word, _STATE.get(made.word, "na")))
        if made.changed_since and made.outcome != "handed_in":
            self._side.addWidget(Tag(f"之后有 {made.changed_since} 处改动", "warn", "warning-circle"))
        for comment in made.comments:
            self._say(comment.by, comment.at, comment.text, *([Tag(comment.about, "na")] if comment.about else []))
        self._side.addStretch(1)

    def _say(self, by: str, at: datetime, words: str, *tags: Tag) -> None:
        """What somebody said: who and when on one line, below it what it is about and the words."""
        told = [Text(words, "body", wrap=True)] if words else []
        parts = [row(*tags, None), *told] if tags else told
        self._side.addWidget(Line())
        self._side.addLayout(
            column(row(Text(by, "strong"), Text(self._when(at), "small", "ink3"), None), *parts, spacing=4)
        )

    def _when(self, moment: datetime) -> str:
        return zh_when(moment, self.desk.book.clock.now().at.date())

    # -- acting -----------------------------------------------------------------------------------------------

    def _choose(self, stream: str) -> None:
        self.case_id, self.item = stream, ""
        self.refresh()

    def _step(self, way: int) -> None:
        codes = [i.code for i in self._items(self.desk.queries.case(self.case_id))] if self.case_id else []
        if self.item in codes:
            self.item = codes[min(max(codes.index(self.item) + way, 0), len(codes) - 1)]
            self.refresh()
        self.setFocus()

    def _comment(self) -> None:
        if self.case_id and self.desk.act(review.comment, self.desk.book, self.case_id, self.item, self.words.text()):
            self.words.input.clear()

    def _judge(self, outcome: str, reason: str = "") -> None:
        """Say it of the item on view, and go on to the next one."""
        if self.desk.act(review.judge, self.desk.book, self.case_id, self.item, outcome, reason) is not None:
            self._step(1)

    def _return(self) -> None:
        reason, item = Field("要改什么", hint="检查人员在这一项里看到"), self.item
        ask(self, self.desk, f"{self.case_id}/{item}/return", f"退回 {item}", [reason], "退回这一项",
            lambda: review.judge(self.desk.book, self.case_id, item, RETURNED, reason.text()), {"reason": reason},
            lambda done: self._step(1))  # fmt: skip

    def _files(self) -> None:
        show_files(self, self.desk, self.case_id, self.desk.queries.case(self.case_id).unit.name)

    def _fetch(self, case: CaseFile, number: str) -> None:
        book, sha256 = self.desk.book, self.desk.queries.copy_of(case, number)
        self.desk.tasks.run(lambda: sync.fetch_file(book, sha256), lambda _: self.refresh(),
                            lambda problem: self.desk.told.emit(str(problem), "warn"), network=True)  # fmt: skip

    def _send_back(self) -> None:
        back = returned(self.desk.queries.case(self.case_id))
        reason = Field("要改什么", "；".join(f"{each.item} {each.reason}" for each in back), hint="检查人员会看到")
        sheet = Sheet("退回修改", reason, act="退回修改", parent=self)
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet.check = lambda: "" if reason.text().strip() else "写清要改什么再退回。"
        sheet.accepted.connect(lambda: self._decided(review.send_back, reason.text()))
        sheet.open()
        reason.input.setFocus()

    def _approve(self) -> None:
        self._decided(review.approve)

    def _decided(self, act: object, *more: str) -> None:
        assert callable(act)
        if self.desk.act(act, self.desk.book, self.case_id, *more) is not None:
            self.setFocus()  # what was pressed can be pressed no more
            self.desk.hand_over(quiet=True)

    def primary(self) -> None:
        if self.pass_.isEnabled():
            self.pass_.click()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_J, Qt.Key.Key_Down):
            self._step(1)
        elif event.key() in (Qt.Key.Key_K, Qt.Key.Key_Up):
            self._step(-1)
        elif (
            event.key() in (Qt.Key.Key_A, Qt.Key.Key_R)
            and self.item
            and self.desk.queries.case(self.case_id).review.waits
        ):
            self._judge(PASSED) if event.key() == Qt.Key.Key_A else self._return()
        else:
            super().keyPressEvent(event)


def _decided(case: CaseFile) -> str:
    """Why nothing is to be decided any more: it was, and the officers have not handed it in again."""
    return "" if case.review.to_decide else f"{case.review.word}，检查人员再送来后接着复核"
