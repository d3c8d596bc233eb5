"""Stage 处理: what was found, what follows from it, and the papers that say so."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from ...actions import findings, review
from ...actions.filecheck import Place
from ...actions.procedure import obstacle
from ...domain.calendar import zh_date
from ...domain.casefile import CaseFile
from ...domain.event import FINDING_FIELDS
from ...domain.evidence import VIEWS, lacking_views
from ...domain.finding import Consequence, Finding, Severity
from ...domain.inspection import Stage as Phase
from ...domain.inspection import outgoing_papers
from ...domain.stamped import span
from ..desk import Desk
from ..leading import lead
from ..offers import DECIDE, LOOK, WORK, needs
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.panels import Body, Card, Empty, Side, Tag, clear, column, row
from ..widgets.text import Text
from .base import Stage
from .check_panel import CheckPanel
from .finding_card import SHOTS, FindingCard
from .finding_sheets import EditSheet, confirm_without, deliberate, keep, settle, withdraw
from .paper_desk import PaperDesk

_FINDING, _CHECK = "问题", "文书体检"
_TONE = {Consequence.RECTIFY: "bad", Consequence.CORRECT: "bad", Consequence.OPINION: "brand"}


class FindingsStage(Stage):
    """Findings by consequence, the outgoing papers, and the chosen finding's fields."""

    TITLE = "处理"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._case: CaseFile | None = None
        self.current = ""
        self.cards: dict[str, FindingCard] = {}
        self._list = column(spacing=8)
        self._detail = column(spacing=10)
        self._bar = Text("", "small", "ink2", wrap=True)
        self.next = Button("", "primary", height=44)
        self.next.clicked.connect(self._go_on)
        left = Side("right", 310, 352)
        foot = QWidget()
        self.hand_in = Button("送科室复核", "secondary", act=self._hand_in, height=44)
        self._reviewed = Tag("", "na")
        acts = row(self.hand_in, self.next, spacing=8)
        acts.setStretch(1, 1)
        foot.setLayout(column(row(self._reviewed, None), self._bar, acts, spacing=6, margins=(16, 8, 16, 12)))
        self._list_body = Body(self._list, margins=(16, 12, 16, 8))
        inside = column(self._list_body, foot, spacing=0)
        inside.setStretch(0, 1)
        left.setLayout(inside)
        right = self._right = Side("left", 226, 316)
        self._reading = False
        self._to_papers = needs(LOOK, Button("看文书", "soft", "file-text", act=self._read_papers, height=36))
        self._to_papers.hide()
        self.check = CheckPanel(desk)
        self.check.led.connect(lambda place: lead(desk, place))
        desk.reviewed.connect(self._show_score)
        self.pills = {name: Button(name, "tab", checkable=True, height=36, act=partial(self._turn, name))
                      for name in (_FINDING, _CHECK)}  # fmt: skip
        self._side = QStackedWidget()
        self._side.addWidget(Body(self._detail, name="问题的内容", margins=(16, 12, 16, 12)))
        self._side.addWidget(self.check)
        switch = row(*self.pills.values(), None, self._to_papers, margins=(16, 8, 16, 0))
        detail = column(switch, self._side, spacing=0)
        detail.setStretch(1, 1)
        right.setLayout(detail)
        self._turn(_FINDING)
        self._show_score()
        self.papers = PaperDesk(desk)
        layout = row(left, self.papers, right, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def show_case(self, case: CaseFile) -> None:
        self._case = case
        self.current = self.desk.finding_by_case.get(case.id, self.current)
        if self.current not in {f.id for f in case.findings}:
            self.current = case.findings[0].id if case.findings else ""
        self._show_list(case)
        self._show_detail(case)
        self._show_next(case)
        self.papers.show_case(case, outgoing_papers(case))

    def _turn(self, name: str) -> None:
        """The chosen finding, or the review of the whole file."""
        for each, pill in self.pills.items():
            pill.setChecked(each == name)
        self._side.setCurrentIndex(0 if name == _FINDING else 1)
        if name == _CHECK:
            self.check.refresh()

    def _show_score(self) -> None:
        verdict = self.desk.verdict
        self.pills[_CHECK].set_text(f"{_CHECK} {verdict.score}" if verdict is not None else _CHECK)

    def seek(self, place: Place) -> QWidget | None:
        """A finding: its sheet is opened at the field, while it may be changed. Else the paper that the findings lead to."""
        case = self._case
        finding = next((f for f in case.findings if f.id == place.key), None) if case is not None else None
        if place.kind == "paper":
            return self.papers.seek(place.field)
        if finding is None or case is None:
            return None
        self.choose(finding.id)
        self.cards[finding.id].setFocus()
        if self.desk.may(WORK, case.id) and not any(case.served(kind) for kind in outgoing_papers(case)):
            EditSheet(self, self.desk, case, finding, place.field)
        return None

    def _show_list(self, case: CaseFile) -> None:
        had = next((id for id, card in self.cards.items() if card.hasFocus()), "")
        clear(self._list)
        self.cards = {}
        self._list.addLayout(row(Text("问题", "h2"), Text(f"共 {len(case.findings)} 个", "small", "ink3"), None))
        if not case.findings:
            self._list.addWidget(Empty("clipboard-text", "还没有记问题。在检查表里按 F，或点“记为问题”。"))
        basis = self.desk.book.rules.procedure.basis
        for consequence in Consequence:
            mine = [f for f in case.findings if f.consequence == consequence]
            if not mine:
                continue
            self._list.addLayout(row(Tag(consequence.label, _TONE.get(consequence, "na")), Text(f"{len(mine)}", "strong"),
                                     Text(basis(consequence), "small", "ink3"), None))  # fmt: skip
            for finding in mine:
                shots = [self.desk.thumbnail(case, number) for number in finding.evidence[:SHOTS]]
                card = FindingCard(finding, shots, chosen=finding.id == self.current)
                card.clicked.connect(lambda _=False, id=finding.id: self.choose(id))
                self.cards[finding.id] = card
                self._list.addWidget(card)
        self._list.addStretch(1)
        if had in self.cards:
            self.cards[had].setFocus()

    def choose(self, id: str) -> None:
        self.current = id
        self._turn(_FINDING)
        if self._case is not None:
            self.desk.finding_by_case[self._case.id] = id
            self.desk.moved.emit()
        for name, card in self.cards.items():
            card.setChecked(name == id)
        self._reading = True
        self._share_room()
        if id in self.cards:
            self._list_body.ensureWidgetVisible(self.cards[id], 0, look.px(12))
        if self._case is not None:
            self._show_detail(self._case)
            self._show_next(self._case)

    def _waiting(self, case: CaseFile) -> list[str]:
        """Findings nobody has confirmed, the one on view first: only what was looked at is confirmed."""
        order = [id for id in self.cards if id == self.current] + [id for id in self.cards if id != self.current]
        open_ = {f.id for f in case.findings if not f.confirmed}
        return [id for id in order if id in open_]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        """Where it is narrow a finding and the papers share one place: what was chosen last is on view."""
        narrow = self.width() / look.scale < 960
        self._right.spread(narrow)
        self._right.setVisible(not narrow or self._reading)
        self.papers.setVisible(not narrow or not self._reading)
        self._to_papers.setVisible(narrow)

    def _read_papers(self) -> None:
        self._reading = False
        self._share_room()
        self.papers.view.setFocus()

    # -- the chosen finding -----------------------------------------------------------------------------------

    def _show_detail(self, case: CaseFile) -> None:
        clear(self._detail)
        finding = next((f for f in case.findings if f.id == self.current), None)
        if finding is None:
            self._detail.addWidget(Text("没有问题时，制作检查结果告知书。", "small", "ink2", wrap=True))
            self._detail.addStretch(1)
            return
        sent = any(case.served(kind) for kind in outgoing_papers(case))
        decided = case.stage == Phase.DECIDED or sent
        self._detail.addLayout(row(Text(f"问题 {finding.code}", "h2"), None))
        if finding.differs:
            self._show_conflict(case, finding)
        if finding.lost:
            said = f"{'、'.join(finding.lost)} 已经撤下，不再写入文书。另选证据，或恢复这一份。"
            self._detail.addWidget(Text(said, "small", "bad", wrap=True))
        for label, text in (("事实", finding.fact), ("依据", "\n".join(finding.basis)), ("证据", proofs_of(finding)),
                            ("严重程度", Severity(finding.severity).label), ("后果", self._consequence(finding)),
                            ("责令依据", finding.order_basis if finding.consequence == Consequence.CORRECT else ""), ("要求", finding.demand),
                            ("期限", zh_date(finding.due) if finding.due else "")):  # fmt: skip
            if not text and not _asked(label, finding):
                continue
            self._detail.addWidget(
                column_of(
                    Text(label, "small", "ink3"), Text(text or "没有填写", "body", "ink" if text else "warn", wrap=True)
                )
            )
            if label == "证据":
                self._show_proofs(case, finding)
            if label == "后果":
                for said, tone in zip(findings.routing(self.desk.book, case, finding), ("ink3", "warn"), strict=True):
                    if said:
                        self._detail.addWidget(Text(f"{said}。", "small", tone, wrap=True))
        self._detail.addStretch(1)
        if sent:
            said = "处理文书已经送达。要更正的，由局里另行制发补正文书；这台电脑不办理。"
            self._detail.addWidget(Text(said, "small", "ink3", wrap=True))
        else:
            edit = Button(
                "改这个问题",
                "secondary",
                "pencil-simple",
                act=lambda: EditSheet(self, self.desk, case, finding),
                height=36,
            )
            drop = Button("撤销问题", "danger", act=lambda: withdraw(self, self.desk, case, finding), height=36)
            drop.setVisible(not decided)
            self._detail.addLayout(row(drop, None, edit, spacing=8))

    def _show_proofs(self, case: CaseFile, finding: Finding) -> None:
        """The way to the evidence of a finding, and which of the photos that lead its set are there."""
        if not finding.evidence:
            return
        lacking = lacking_views(case.evidence, finding.evidence)
        there = "、".join(view for view in VIEWS if view not in lacking)
        parts = (f"有{there}" if there else "", f"缺{'、'.join(lacking)}" if lacking else "")
        said = "照片组" + "，".join(part for part in parts if part)
        self._detail.addWidget(Text(said, "small", "warn" if lacking else "ok", wrap=True))
        self._detail.addLayout(
            row(Button("看证据", "link", "images", act=self.show_evidence, key="E", height=32), None)
        )

    def show_evidence(self) -> None:
        """E: the evidence of the chosen finding."""
        finding = (
            next((f for f in self._case.findings if f.id == self.current), None) if self._case is not None else None
        )
        if finding is not None and finding.evidence:
            self.desk.show_evidence(f"问题 {finding.code}", finding.evidence)
        else:
            self.desk.told.emit("这个问题没有证据。在“改这个问题”里关联。", "brand")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_E and not event.modifiers():
            self.show_evidence()
        else:
            super().keyPressEvent(event)

    def _consequence(self, finding: Finding) -> str:
        """The consequence with what it rests on and what else has to be weighed."""
        procedure, kind = self.desk.book.rules.procedure, Consequence(finding.consequence)
        note = procedure.consequences[kind].note
        return f"{kind.label}（{procedure.basis(kind, finding.code)}）" + (f"。{note}。" if note else "")

    def _show_conflict(self, case: CaseFile, finding: Finding) -> None:
        card = Card(Text(finding.differs, "strong"), tone="warn", padding=12)
        if finding.twins:
            card.body.addWidget(Text("留下一个，撤销另一个并写明原因。", "body", wrap=True))
        for version in finding.against:
            card.body.addWidget(Text(f"{version.by}　{version.value}　{version.reason}".strip(), "body", wrap=True))
        if finding.against:
            act = partial(keep, self, self.desk, case, finding)
            card.body.addLayout(row(None, Button("保留这个问题", "secondary", height=36, act=act)))
        for version in finding.conflict:
            name = FINDING_FIELDS[version.field]
            card.body.addWidget(Text(f"{name}　{version.by} 填“{version.value}”", "body", wrap=True))
            choose = Button(f"选用{version.by}的{name}", "secondary", height=36,
                            act=partial(settle, self, self.desk, case, finding, version))  # fmt: skip
            card.body.addLayout(row(None, choose))
        self._detail.addWidget(card)

    # -- the one next act -------------------------------------------------------------------------------------

    def _hand_in(self) -> None:
        """To the team lead; it goes with the next exchange, which is asked for at once."""
        assert self._case is not None
        if self.desk.act(review.hand_in, self.desk.book, self._case.id) is not None:
            self.desk.hand_over(quiet=True)

    def _show_review(self, case: CaseFile) -> None:
        waiting = case.review.outcome in ("handed_in", "review_passed") and not case.review.changed_since
        self.hand_in.setVisible(case.checking_finished and not waiting)
        self._reviewed.setVisible(bool(case.review.outcome))
        tone = {"returned": "bad", "review_passed": "ok"}.get(case.review.outcome, "warn")
        self._reviewed.show_state(case.review.word, tone, "seal-check")
        self._reviewed.setToolTip(case.review.reason)

    def _show_next(self, case: CaseFile) -> None:
        self._show_review(case)
        needs(DECIDE if case.stage == Phase.DELIBERATED else WORK, self.next)
        waiting = self._waiting(case)
        if waiting:
            code = next(f.code for f in case.findings if f.id == waiting[0])
            self.next.set_text(f"确认 {code}，看下一个" if len(waiting) > 1 else f"确认 {code}")
            self._say(f"还有 {len(waiting)} 个没有确认。看过事实、依据、证据和期限后逐个确认。", "")
        elif case.visit.ended is None:
            self.next.set_text("合议")
            self._say("现场检查结束后合议。先在“笔录”里签字并结束检查。", "现场检查还没有结束")
        elif case.stage == Phase.RECORDED:
            self.next.set_text("合议")
            self._say("两名以上执法人员合议后制作处理文书。", obstacle(self.desk.book, case, "deliberated"))
        elif case.stage == Phase.DELIBERATED:
            self.next.set_text("作出处理决定")
            bar = obstacle(self.desk.book, case, "decision_made")
            self._say(bar or "处理文书已经齐全。", bar)
        else:
            self.next.set_text("到送达")
            needs(LOOK, self.next)
            decided = list(Phase).index(Phase(case.stage)) >= list(Phase).index(Phase.DECIDED)
            self._say("处理决定已经作出。" if decided else "还没有到这一步。", "")

    def _say(self, sentence: str, bar: str) -> None:
        self._bar.setText(sentence)
        self.next.set_blocked(bar)

    def _go_on(self) -> None:
        case = self._case
        assert case is not None
        waiting = self._waiting(case)
        if waiting and waiting[0] != self.current:
            self.choose(waiting[0])
        elif waiting and not next(f for f in case.findings if f.id == waiting[0]).evidence:
            confirm_without(self, self.desk, case, next(f for f in case.findings if f.id == waiting[0]))
        elif waiting and self.desk.act(findings.confirm, self.desk.book, case.id, waiting[:1]) is not None:
            if len(waiting) > 1:
                self.choose(waiting[1])
        elif waiting:
            return
        elif case.stage == Phase.RECORDED:
            deliberate(self, self.desk, case)
        elif case.stage == Phase.DELIBERATED:
            if self.desk.act(findings.decide, self.desk.book, case.id) is not None:
                self.desk.open_stage(6)
        else:
            self.desk.open_stage(6)

    def quiet_place(self) -> QWidget:
        return self.papers.view

    def primary(self) -> None:
        if self.next.isEnabled() or not self.papers.primary():
            self.press(self.next)


def column_of(*parts: QWidget) -> QWidget:
    """Label over value, close together."""
    made = QWidget()
    made.setLayout(column(*parts, spacing=2))
    return made


def proofs_of(finding: Finding) -> str:
    """The numbers of its evidence, or why it was confirmed without."""
    return span(finding.evidence) or (f"没有证据：{finding.unproven}" if finding.unproven else "")


def _asked(label: str, finding: Finding) -> bool:
    """Whether this consequence needs the field, so that its absence is told."""
    if label == "责令依据":
        return finding.consequence == Consequence.CORRECT
    return label != "期限" or Consequence(finding.consequence).paper != ""
