"""The legal reviewer's desk (法制审核): what was handed in, its seven points beside the paper, the opinion and its paper.

What follows from the points is the opinion: nobody agrees to what was found wrong. Half-made judgements are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from ...actions import legal_queue, legal_review, legality, sync
from ...actions.legal_queue import Waiting
from ...domain.calendar import zh_at
from ...domain.casefile import CaseFile
from ...domain.legal import AGREED, PASSED, WRONG, Point, Round, conclusion
from ...domain.problems import Problem
from ..desk import Desk
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.fields import Choice, Note
from ..widgets.notices import Sheet
from ..widgets.pages import Pages
from ..widgets.panels import Body, Card, Empty, Line, Side, Surface, Tag, clear, column, row
from ..widgets.press_card import PressCard
from ..widgets.text import Text
from .base import Screen
from .legal_rounds import due_tag, longer_said, round_card, state_tag
from .legal_sheet import extend
from .paper_desk import PaperDesk

_DRAFT, _OPINION = "送审稿", "意见书"
_SHOWN = 12
"""Of what is done already, how many are listed."""


class PointRow(QWidget):
    """One of the seven points: 通过 or 有问题, and what is wrong."""

    def __init__(self, nth: int, words: str) -> None:
        super().__init__()
        self.choice = Choice("", (PASSED, WRONG))
        for value, button in self.choice.buttons.items():
            button.setAccessibleName(f"第 {nth} 项 {value}")
        self.text = Note(f"第 {nth} 项的说明", "写明是什么问题、怎样改", 2)
        said = _words(nth, words, self.choice)
        self.setLayout(column(said, self.text, spacing=4))
        self.choice.chosen.connect(lambda _: self._settle())
        self._settle()

    def _settle(self) -> None:
        self.text.setVisible(self.choice.value() == WRONG)

    def point(self) -> Point:
        wrong = self.choice.value() == WRONG
        return Point(self.choice.value(), self.text.toPlainText().strip() if wrong else "")

    def show_point(self, found: str, text: str) -> None:
        self.choice.show_value(found)
        self.text.load(text)
        self._settle()


class LegalScreen(Screen):
    """Queue | seven points | paper."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.chosen = ""  # id of the round on view
        self._case: CaseFile | None = None
        self._round: Round | None = None
        self._shown = ""
        self.points: list[PointRow] = []
        self._queue, self._points = column(spacing=8), column(spacing=12)
        left, middle = Side("right", 200, 250), Side("right", 330, 430)
        left.setLayout(column(Body(self._queue, margins=(14, 14, 14, 8)), spacing=0))
        self.give = Button("给出意见", "primary", "check", act=self._give, height=44)
        self._said = Text("", "small", "ink2", wrap=True)
        self.longer = Button("延长期限", "ghost", "calendar", act=self._extend, height=36)
        foot = Surface("surface", "top")
        above = row(self._said, self.longer, spacing=8)
        above.setStretch(0, 1)
        foot.setLayout(column(above, self.give, spacing=6, margins=(16, 8, 16, 12)))
        inside = column(Body(self._points, margins=(16, 12, 16, 12)), foot, spacing=0)
        inside.setStretch(0, 1)
        middle.setLayout(inside)
        self._middle = middle
        self.pills = {name: Button(name, "tab", checkable=True, height=36, act=partial(self._turn, name))
                      for name in (_DRAFT, _OPINION)}  # fmt: skip
        self.proofs = Button("", "link", "images", act=self._show_proofs, height=36)
        self.file = Button("看案卷", "link", "files", act=self._show_file, height=36)
        self.fetch = Button("从局里取送审稿", "secondary", "download-simple", act=self._fetch, height=36)
        self.view = Pages()
        self.paper = PaperDesk(desk, (legal_review.PAPER,))
        self._right = QStackedWidget()
        self._right.addWidget(self.view)
        self._right.addWidget(self.paper)
        top = Surface("surface", "bottom")
        top.setLayout(
            row(*self.pills.values(), None, self.fetch, 8, self.proofs, 8, self.file, spacing=8, margins=(12, 6, 12, 6))
        )
        right = column(top, self._right, spacing=0)
        right.setStretch(1, 1)
        whole = row(left, middle, right, spacing=0)
        whole.setStretch(2, 1)
        self.setLayout(whole)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._middle.setMaximumWidth(look.px(430 if self.width() / look.scale >= 1200 else 360))

    # -- showing ----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        waits = legal_queue.waiting(self.desk.book)
        done = legal_queue.concluded(self.desk.book)[:_SHOWN]
        known = {each.round.id: each for each in (*waits, *done)}
        if self.chosen not in known:
            self.chosen = next(iter(known), "")
        self._show_queue(waits, done)
        at = known.get(self.chosen)
        self._case = self.desk.queries.case(at.stream) if at is not None else None
        self._round = next((r for r in self._case.legal if r.id == self.chosen), None) if self._case else None
        for part in (self.file, *self.pills.values()):
            part.setEnabled(at is not None)
        if self._case is None or self._round is None:
            clear(self._points)
            self.points, self._shown = [], ""
            self._points.addWidget(Empty("scales", "没有等我审核的文书。"))
            self._say("检查组送审后列在左边。", "没有送审的文书")
            self.view.show_nothing()
            self.longer.hide()
            self.proofs.hide()
            self.fetch.hide()
            self._turn(_DRAFT)
            return
        self.desk.case_id = self._case.id
        self._show_points(self._case, self._round)
        self._show_paper(self._case, self._round)

    def _show_queue(self, waits: Sequence[Waiting], done: Sequence[Waiting]) -> None:
        clear(self._queue)
        self._queue.addLayout(row(Text("等我审核", "h2"), Tag(str(len(waits)), "brand"), None))
        for each in waits:
            self._queue.addWidget(self._card(each, due_tag(self.desk, each.last_day)))
        if done:
            self._queue.addWidget(Text("已有意见", "small", "ink3"))
        for each in done:
            self._queue.addWidget(self._card(each, state_tag(each.round.word)))
        self._queue.addStretch(1)

    def _card(self, each: Waiting, state: Tag) -> PressCard:
        return PressCard(f"看 {each.unit}{each.round.title}，{state.accessibleName()}", Text(each.unit, "strong"),
                         Text(each.round.title, "small", "ink2", wrap=True), row(state, None),
                         act=partial(self.choose, each.round.id), chosen=each.round.id == self.chosen)  # fmt: skip

    def _show_points(self, case: CaseFile, asked: Round) -> None:
        """Built anew for another round, or once it has its opinion; what is being judged stays as it is."""
        bar = legal_review.obstacle(self.desk.book, case)
        shown = f"{asked.id}/{asked.word}/{asked.longer}/{bar}"
        if shown != self._shown:
            self._shown = shown
            clear(self._points)
            self.points = []
            self._show_head(case, asked)
            if bar:
                self._points.addWidget(Card(Text(bar, "body", "warn", wrap=True), tone="warn", padding=12))
            for nth, words in enumerate(legal_review.points_of(self.desk.book, case), 1):
                if asked.opinion is not None:
                    self._points.addWidget(_judged(nth, words, asked.opinion.points[nth - 1]))
                else:
                    self._points.addWidget(self._judging(nth, words, enabled=not bar))
            if asked.opinion is not None:
                self._points.addWidget(round_card(asked, points=False))
            self._points.addStretch(1)
        self._show_give(asked, bar)

    def _show_head(self, case: CaseFile, asked: Round) -> None:
        self._points.addLayout(row(Text(case.unit.name, "h2"), state_tag(asked.word), None))
        self._points.addWidget(Text(f"{asked.title}，{asked.by} {zh_at(asked.at)}送审", "small", "ink2", wrap=True))
        if asked.grounds:
            self._points.addWidget(Text(f"送审理由：{'；'.join(asked.grounds)}", "small", "ink2", wrap=True))
        if asked.note:
            self._points.addWidget(Text(f"检查组说明：{asked.note}", "small", "ink2", wrap=True))
        if legality.version_of(self.desk.book, case, asked.kind, asked.paper_sheet) != asked.version:
            said = "送审以后内容或者用语改过，意见只对这份送审稿作数。"
            self._points.addWidget(Text(said, "small", "warn", wrap=True))
        if asked.longer is not None:
            self._points.addWidget(Text(longer_said(asked.longer), "small", "ink2", wrap=True))
        for before in case.rounds(asked.kind, asked.paper_sheet):
            if before.nth < asked.nth and not before.waits:
                self._points.addWidget(round_card(before))
        self._points.addWidget(Line())

    def _judging(self, nth: int, words: str, *, enabled: bool) -> PointRow:
        made = PointRow(nth, words)
        found, _, text = self.desk.kept(self._place(nth)).partition("\n")
        made.show_point(found, text)
        made.setEnabled(enabled)
        made.choice.chosen.connect(lambda _, n=nth: self._judge(n))
        made.text.typed.connect(lambda _, n=nth: self._judge(n))
        made.text.left.connect(lambda _, n=nth: self._judge(n))
        self.points.append(made)
        return made

    def _place(self, nth: int) -> str:
        return f"legal/{self.chosen}/{nth}"

    def _judge(self, nth: int) -> None:
        """Kept at once, so that neither a crash nor a change of person takes it away."""
        if self._round is None or not self.points:
            return
        made = self.points[nth - 1]
        self.desk.keep(
            self._place(nth), f"{made.choice.value()}\n{made.text.toPlainText()}" if made.choice.value() else ""
        )
        self._show_give(self._round, "")

    def _show_give(self, asked: Round, bar: str) -> None:
        self.give.setVisible(not bar and asked.opinion is None)
        self.longer.setVisible(not bar and asked.waits and asked.longer is None)
        if bar or asked.opinion is not None:
            self._said.setText("" if bar else "意见已经给出。在右边的“意见书”里制作、打印。")
            return
        points = [each.point() for each in self.points]
        open_ = sum(not point.found for point in points)
        bare = [n for n, point in enumerate(points, 1) if point.found == WRONG and not point.text]
        outcome = conclusion(tuple(points))
        self.give.set_text("给出意见" if open_ else f"给出意见：{outcome}")
        if open_:
            self._say("", f"还有 {open_} 项没有审核")
        elif bare:
            self._say("", f"第 {bare[0]} 项写明有什么问题")
        else:
            self._say("七项都通过，同意制作这份文书。" if outcome == AGREED else "退回检查组，改好以后再次送审。", "")

    def _say(self, sentence: str, bar: str) -> None:
        self._said.setText(sentence or f"{bar}。")
        self.give.set_blocked(bar)

    def _show_paper(self, case: CaseFile, asked: Round) -> None:
        self.proofs.set_text(f"证据 {len(asked.evidence)} 件")
        self.proofs.setVisible(bool(asked.evidence))
        self.pills[_OPINION].setVisible(asked.opinion is not None)
        try:
            content = self.desk.queries.content(asked.draft, _DRAFT)
        except Problem:
            content = b""
        self.fetch.setVisible(not content)
        self.view.show_pdf(content) if content else self.view.show_nothing()
        if asked.opinion is not None:
            self.paper.show_case(case, (legal_review.PAPER,), asked.sheet)
        elif self._right.currentWidget() is self.paper:
            self._turn(_DRAFT)
        self._turn(_OPINION if self._right.currentWidget() is self.paper else _DRAFT)

    def _turn(self, name: str) -> None:
        """The pages that were handed in, or the opinion as a paper."""
        for each, pill in self.pills.items():
            pill.setChecked(each == name)
        self._right.setCurrentWidget(self.paper if name == _OPINION else self.view)

    # -- acting -----------------------------------------------------------------------------------------------

    def choose(self, round: str) -> None:
        self.chosen = round
        self._right.setCurrentWidget(self.view)
        self.refresh()

    def _show_proofs(self) -> None:
        if self._case is not None and self._round is not None:
            self.desk.open("case", self._case.id)
            self.desk.show_evidence(self._round.title, self._round.evidence)

    def _show_file(self) -> None:
        if self._case is not None:
            self.desk.open("case", self._case.id)

    def _extend(self) -> None:
        if self._case is not None and self._round is not None:
            extend(self, self.desk, self._case, self._round)

    def _fetch(self) -> None:
        if self._round is not None:
            book, draft = self.desk.book, self._round.draft
            self.desk.tasks.run(lambda: sync.fetch_file(book, draft), lambda _: self.refresh(),
                                lambda problem: self.desk.told.emit(str(problem), "warn"), network=True)  # fmt: skip

    def _give(self) -> None:
        """The formal act: what was judged becomes the opinion, with one text in conclusion."""
        case, asked = self._case, self._round
        if case is None or asked is None:
            return
        points = tuple(each.point() for each in self.points)
        outcome = conclusion(points)
        wrong = "\n".join(point.text for point in points if point.found == WRONG)
        text = Note("具体意见和建议", "写进法制审核意见书", 4)
        text.load(wrong or "逐项审核，没有异议。")
        said = (
            f"审核意见为“{outcome}”，写入过程记录，不能撤回。"
            + ("检查组可以正式制作这份文书。" if outcome == AGREED else "检查组改好以后再次送审，这一次的意见保留。")
        )  # fmt: skip
        sheet = Sheet(f"给出审核意见：{outcome}", Text(said, "body", "ink2", wrap=True),
                      Text("具体意见和建议", "small", "ink3"), text, act=f"给出意见：{outcome}", parent=self)  # fmt: skip
        sheet.check = lambda: "" if text.toPlainText().strip() else "写明具体意见和建议。"
        sheet.accepted.connect(lambda: self._conclude(case, asked, points, text.toPlainText()))
        sheet.finished.connect(sheet.deleteLater)
        sheet.open()

    def _conclude(self, case: CaseFile, asked: Round, points: Sequence[Point], text: str) -> None:
        if self.desk.act(legal_review.conclude, self.desk.book, case.id, asked.id, points, text) is None:
            return
        for nth in range(1, len(points) + 1):
            self.desk.keep(f"legal/{asked.id}/{nth}", "")
        self._turn(_OPINION)
        self.desk.hand_over(quiet=True)

    def quiet_place(self) -> QWidget:
        return self.view

    def primary(self) -> None:
        if self.give.isVisible():
            self.press(self.give)


def _words(nth: int, words: str, found: QWidget) -> QHBoxLayout:
    """A point with its number before it and what was found behind it, all on one middle line."""
    line = row(
        Text(f"{nth}", "strong", "brand"),
        column(None, Text(words, "body", wrap=True), None, spacing=0),
        found,
        spacing=8,
    )
    line.setStretch(1, 1)
    return line


def _judged(nth: int, words: str, point: Point) -> QWidget:
    """One point of an opinion that was given."""
    tone, icon = ("ok", "check-circle") if point.found == PASSED else ("bad", "x-circle")
    head = _words(nth, words, Tag(point.found, tone, icon))
    made = QWidget()
    made.setLayout(column(head, *([Text(point.text, "small", "bad", wrap=True)] if point.text else []), spacing=2))
    return made
