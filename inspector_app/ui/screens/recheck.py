"""Stage 复查: every clause of the order seen again, with the picture of then beside the one of now, and its record."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QWidget

from ...actions import rectify
from ...actions.rectify import Sight
from ...domain.calendar import zh_at
from ...domain.casefile import CaseFile
from ...domain.clauses import due_of, ordered
from ...domain.evidence import Evidence
from ...domain.finding import Finding
from ...domain.followup import DONE, RESULTS, Reinspection, conclusion_of
from ...domain.inspection import Stage as Phase
from ..capture.bar import open_view
from ..desk import Desk
from ..keeping import Keeper
from ..offers import WORK, needs
from ..pictures import Pictures
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.fields import Choice, Field, Note, When
from ..widgets.item_row import Shot
from ..widgets.panels import Body, Card, Empty, Side, Surface, Tag, clear, column, row
from ..widgets.text import Text
from .base import Stage
from .compare import LargeSheet
from .followup import shot
from .paper_desk import PaperDesk
from .photo_tray import PhotoTray

_TONES = dict(zip(RESULTS, ("ok", "warn", "bad"), strict=True))
_ROOMY = 1000
"""Width from which the two parts of the form stand side by side."""


class RecheckStage(Stage):
    """Left the clauses and what is entered of them, right the record and the opinion that follow from it."""

    TITLE = "复查"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._case: CaseFile | None = None
        self._shown: tuple[str, int] = ("", 0)
        self._open = False  # whether another re-inspection is being entered after the first
        self._keeper: Keeper | None = None
        self._pictures = Pictures(desk)
        self.results: dict[str, Choice] = {}
        self.notes: dict[str, Note] = {}
        self._shots = dict[str, tuple[QHBoxLayout, QHBoxLayout]]()
        self._clauses, self._past = column(spacing=10), column(spacing=8)
        self.begun, self.ended = When("开始时间"), When("结束时间")
        self.present = Field("单位在场人员")
        self.view, self.next = (
            Field("单位意见", hint="例如：没有异议"),
            Field("后续处理", hint="例如：继续保持；在某日前完成"),
        )
        self._conclusion = Text("", "small", "ink2", wrap=True)
        self.enter = Button("登记复查", "primary", "check", act=self._enter, height=48)
        self.again = Button("再次复查", "secondary", "arrows-clockwise", act=self._once_more, height=40)
        visit = column(row(self.begun, self.ended, spacing=12), self.present, self.view, self.next, None, spacing=10)
        self._both = row(self._clauses, visit, spacing=24)
        self._form = QWidget()
        self._form.setLayout(self._both)
        self._foot = Surface("surface", "top")
        foot = row(self._conclusion, self.enter, margins=(20, 8, 20, 8), spacing=12)
        foot.setStretch(0, 1)
        self._foot.setLayout(foot)
        left = self._left = Side("right", 343, 520)
        self._head = Text("复查", "h1")
        body = Body(self._head, self._past, self.again, self._form, None, spacing=10)
        inside = column(body, self._foot, spacing=0)
        inside.setStretch(0, 1)
        left.setLayout(inside)
        self.begin_at(body)
        self.papers = PaperDesk(desk, ("reinspection_record", "reinspection_opinion"))
        layout = row(left, self.papers, spacing=0)
        layout.setStretch(0, 1)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def show_case(self, case: CaseFile) -> None:
        self._case = case
        visits = case.followup.reinspections
        if (case.id, len(visits)) != self._shown:
            self._shown, self._open = (case.id, len(visits)), False
            self._begin(case)
        orders = ordered(case)
        ready = list(Phase).index(Phase(case.stage)) >= list(Phase).index(Phase.SERVED) and bool(orders)
        going = ready and case.followup.closing is None and not (visits and visits[-1].conclusion == _ALL_DONE)
        for each in (self._form, self._foot):
            each.setVisible(going and (self._open or not visits))
        self.again.setVisible(going and bool(visits) and not self._open)
        clear(self._past)
        if not ready:
            words = "文书送达、期限届满以后复查。" if orders else "没有责令整改的问题，不用复查。"
            self._past.addWidget(Empty("clipboard-text", words))
        for visit in visits:
            self._past.addWidget(self._card(case, visit))
        for finding in orders:
            self._show_shots(case, finding)
        self._conclude()
        self.papers.setVisible(bool(visits))
        self._left.spread(not visits)
        self._arrange()
        if visits:
            self.papers.show_case(case, ("reinspection_record", "reinspection_opinion"), visits[-1].sheet)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """The clauses and, beside them where there is room, what holds for the whole visit."""
        roomy = self.papers.isHidden() and self.width() / look.scale >= _ROOMY
        self._both.setDirection(QBoxLayout.Direction.LeftToRight if roomy else QBoxLayout.Direction.TopToBottom)
        self._both.setSpacing(look.px(24 if roomy else 10))
        self._both.setStretch(0, 3 if roomy else 0)
        self._both.setStretch(1, 2 if roomy else 0)

    def _once_more(self) -> None:
        assert self._case is not None
        self._open = True
        self.show_case(self._case)

    # -- what is entered --------------------------------------------------------------------------------------

    def _begin(self, case: CaseFile) -> None:
        """An empty form for every clause; what was half-typed comes back."""
        if self._keeper is not None:
            self._keeper.save()
            self._keeper.deleteLater()
        clear(self._clauses)
        self.results, self.notes, self._shots = {}, {}, {}
        keeper = self._keeper = Keeper(self.desk, f"{case.id}/recheck/{self._shown[1]}", self)
        now = self.desk.book.clock.now().at
        self.begun.show_value(now - timedelta(hours=1))
        self.ended.show_value(now)
        first = case.visit.attendees[0] if case.visit.attendees else None
        self.present.input.setText(
            "，".join(part for part in (first.name, first.title) if part) if first else case.unit.contact
        )
        for field in (self.view, self.next):
            field.input.clear()
        for finding in ordered(case):
            self._clauses.addWidget(self._clause(case, finding))
            keeper.hold(finding.id, self.notes[finding.id])
        for name, field in (("present", self.present), ("view", self.view), ("next", self.next)):
            keeper.hold(name, field.input)

    def _clause(self, case: CaseFile, finding: Finding) -> Card:
        result = self.results[finding.id] = Choice("", RESULTS)
        result.setAccessibleName(f"{finding.code} 复查结果")
        for word, button in result.buttons.items():
            button.setAccessibleName(f"{finding.code} {word}")
        result.chosen.connect(lambda _: self._conclude())
        note = self.notes[finding.id] = Note(
            f"{finding.code} 复查所见", "看到了什么，例如：灭火器已更换，压力在绿区", 2
        )
        place, acts = self._shots[finding.id] = row(spacing=8), row(spacing=16)
        code = Text(finding.code, "strong", "brand")
        code.setFixedWidth(look.px(40))
        head = row(code, Text(finding.demand or finding.fact, "body", wrap=True), spacing=6)
        head.setStretch(1, 1)
        return Card(head, place, acts, result, note, padding=12, spacing=8)

    def _show_shots(self, case: CaseFile, finding: Finding) -> None:
        """The picture of then, the newest of now, and the two large beside each other."""
        layout, below = self._shots[finding.id]
        clear(layout)
        clear(below)
        before = next((p for p in case.evidence if p.number in finding.evidence and p.thumbnail), None)
        after = self._after(case, finding)
        for word, piece in (("当时", before), ("现在", after[-1] if after else None)):
            picture = shot(self.desk, piece) if piece else Shot()
            layout.addWidget(_titled(word, picture))
        shoot = needs(WORK, Button("拍照", "link", "camera", act=partial(self._shoot, finding), height=32))
        shoot.setAccessibleName(f"{finding.code} 拍复查照片")
        take = needs(WORK, Button("导入照片", "link", "images", act=partial(self._take, case, finding), height=32))
        take.setAccessibleName(f"{finding.code} 导入复查照片")
        compare = Button("前后对比", "link", "images", act=partial(self._compare, case, before, after), height=32)
        compare.setAccessibleName(f"{finding.code} 前后对比")
        compare.set_blocked("" if before and after else "要有当时和现在的照片")
        layout.addWidget(Text(f"{len(after)} 张" if after else "", "small", "ink3"))
        for act in (shoot, take, compare):
            below.addWidget(act)
        for each in (layout, below):
            each.addStretch(1)

    def _after(self, case: CaseFile, finding: Finding) -> list[Evidence]:
        """The pictures that were taken since the last re-inspection of this clause."""
        told = {number for visit in case.followup.reinspections for seen in visit.seen for number in seen.pictures}
        mine = [p for p in case.pictures if p.item == finding.code and p.view == rectify.VIEW_AGAIN and not p.secret]
        return [p for p in mine if p.number not in told] or mine

    def _take(self, case: CaseFile, finding: Finding) -> None:
        PhotoTray.open_for_clause(self, self.desk, case, finding, again=True)

    def _shoot(self, finding: Finding) -> None:
        open_view(self.window(), self.desk, finding)

    def _compare(self, case: CaseFile, before: Evidence | None, after: list[Evidence]) -> None:
        if before and after:
            LargeSheet(self, self.desk, case, after[-1], self._pictures, before.number)

    def _conclude(self) -> None:
        """What the results come to, before it is written."""
        if self._case is None:
            return
        values = [result.value() for result in self.results.values()]
        left = sum(not value for value in values)
        words = f"还有 {left} 个问题没有选结果" if left else f"结论：{conclusion_of(values)}" if values else ""
        due = max((due for f in ordered(self._case) if (due := due_of(self._case, f))), default=None)
        early = due is not None and self.desk.book.clock.now().at.date() < due and not self._case.followup.replies
        self._conclusion.setText(f"{words}{'。期限还没有到，单位也没有报告' if early else ''}")
        self._conclusion.set_tone("warn" if early or left else "ink2")
        self.enter.set_blocked("" if not left else f"还有 {left} 个问题没有选结果")

    def _enter(self) -> None:
        case = self._case
        assert case is not None
        told = {number for visit in case.followup.reinspections for seen in visit.seen for number in seen.pictures}
        sights = [
            Sight(f.id, self.results[f.id].value(), self.notes[f.id].toPlainText(),
                  [p.number for p in self._after(case, f) if p.number not in told])
            for f in ordered(case)
        ]  # fmt: skip
        keeper = self._keeper
        done = self.desk.act(rectify.reinspect, self.desk.book, case.id, self.begun.value(), self.ended.value(),
                             self.present.text(), sights, self.view.text(), self.next.text())  # fmt: skip
        if done is not None:
            if keeper is not None:
                keeper.forget()
            self.desk.toasted.emit("复查已登记。制作复查笔录，逐页签字", None)

    # -- what was entered -------------------------------------------------------------------------------------

    def _card(self, case: CaseFile, visit: Reinspection) -> Card:
        tone = "ok" if visit.conclusion == _ALL_DONE else "warn"
        card = Card(row(Text(zh_at(visit.begun), "strong"), None, Tag(visit.conclusion, tone)), padding=12, spacing=6)
        known = {finding.id: finding for finding in case.findings}
        for seen in visit.seen:
            code = Text(known[seen.finding].code if seen.finding in known else "", "small", "brand")
            code.setFixedWidth(look.px(40))
            line = row(
                code,
                Text(seen.said, "small", "ink2", wrap=True),
                Tag(seen.result, _TONES.get(seen.result, "na")),
                spacing=6,
            )
            line.setStretch(1, 1)
            card.body.addLayout(line)
            now = [p for p in case.pictures if p.number in seen.pictures and not p.secret]
            then = next(
                (p for p in case.evidence if seen.finding in known and p.number in known[seen.finding].evidence), None
            )
            if now and then is not None:
                look_at = Button(f"前后对比，{len(now)} 张", "link", "images", height=32,
                                 act=partial(self._compare, case, then, now))  # fmt: skip
                card.body.addLayout(row(46, look_at, None, spacing=0))
        return card

    def quiet_place(self) -> QWidget:
        """Over the page, or beside the act: never over what is being written."""
        return self.papers.view if self.papers.isVisible() else self._foot

    def primary(self) -> None:
        if self._foot.isVisible():
            self.press(self.enter)
        elif not (self.papers.isVisible() and self.papers.primary()):
            self.desk.told.emit("这一步没有要办的。", "brand")


_ALL_DONE = conclusion_of([DONE])


def _titled(word: str, picture: QWidget) -> QWidget:
    made = QWidget()
    made.setLayout(column(picture, Text(word, "cap", "ink3"), spacing=2))
    return made
