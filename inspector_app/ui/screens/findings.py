"""Stage 处理: what was found, what follows from it, and the papers that say so."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ...actions import findings
from ...domain.calendar import zh_date
from ...domain.casefile import CaseFile, Finding
from ...domain.event import FINDING_FIELDS
from ...domain.finding import Consequence, Severity
from ...domain.inspection import Stage as Phase
from ...domain.inspection import check_move, outgoing_papers
from ...domain.problems import Problem
from ..desk import Desk
from ..theme import look
from ..widgets.buttons import Button, paint_focus
from ..widgets.panels import Body, Card, Empty, Side, Tag, clear, column, row
from ..widgets.text import Text
from .base import Stage
from .finding_sheets import EditSheet, deliberate, settle, withdraw
from .paper_desk import PaperDesk

_TONE = {Consequence.RECTIFY: "bad", Consequence.CORRECT: "bad", Consequence.OPINION: "brand"}


class FindingCard(QAbstractButton):
    """A finding in the list: code, fact, basis, evidence, due date, whether it is confirmed."""

    def __init__(self, finding: Finding, *, chosen: bool) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setChecked(chosen)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        state = Tag("已确认", "ok", "check-circle") if finding.confirmed else Tag("待确认", "warn", "clock")
        tags: list[QWidget] = [state]
        if finding.due:
            tags.append(Tag(f"{finding.due.month}月{finding.due.day}日", "warn", "calendar"))
        tags.append(Tag(f"证据 {len(finding.evidence)}", "na" if finding.evidence else "bad", "image"))
        if finding.lost:
            tags.append(Tag(f"撤下 {len(finding.lost)}", "bad", "warning-circle"))
        if finding.conflict:
            tags.append(Tag("两处不同", "warn", "git-diff"))
        code = Text(finding.code, "strong", "brand")
        code.setFixedWidth(look.px(40))
        basis = "；".join(finding.basis) or "没有依据"
        head = row(code, Text(finding.fact, "body"), spacing=6)
        head.setStretch(1, 1)
        self.setLayout(column(head, Text(basis, "small", "ink2" if finding.basis else "bad"), row(*tags, None, spacing=6),
                              spacing=4, margins=(12, 10, 12, 10)))  # fmt: skip
        self.setMinimumHeight(look.px(94))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{finding.code} {finding.fact}，{'已确认' if finding.confirmed else '待确认'}")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        painter.setPen(QPen(look.colour("brand_line" if on else "line"), 1))
        painter.setBrush(look.colour("brand_soft" if on else "surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), look.px(10), look.px(10))
        if self.hasFocus():
            paint_focus(painter, QRectF(self.rect()), look.px(10))
        painter.end()


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
        left = Side("right", 312, 352)
        foot = QWidget()
        foot.setLayout(column(self._bar, self.next, spacing=6, margins=(16, 8, 16, 12)))
        inside = column(Body(self._list, margins=(16, 12, 16, 8)), foot, spacing=0)
        inside.setStretch(0, 1)
        left.setLayout(inside)
        right = Side("left", 226, 316)
        right.setLayout(column(Body(self._detail, margins=(16, 12, 16, 12)), spacing=0))
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

    def _show_list(self, case: CaseFile) -> None:
        had = next((id for id, card in self.cards.items() if card.hasFocus()), "")
        clear(self._list)
        self.cards = {}
        self._list.addLayout(row(Text("问题", "h2"), Text(f"共 {len(case.findings)} 个", "small", "ink3"), None))
        if not case.findings:
            self._list.addWidget(Empty("clipboard-text", "还没有记问题。在检查表里按 F，或点“记为问题”。"))
        for consequence in Consequence:
            mine = [f for f in case.findings if f.consequence == consequence]
            if not mine:
                continue
            self._list.addLayout(row(Tag(consequence.label, _TONE.get(consequence, "na")), Text(f"{len(mine)}", "strong"),
                                     Text(consequence.hook, "small", "ink3"), None))  # fmt: skip
            for finding in mine:
                card = FindingCard(finding, chosen=finding.id == self.current)
                card.clicked.connect(lambda _=False, id=finding.id: self.choose(id))
                self.cards[finding.id] = card
                self._list.addWidget(card)
        self._list.addStretch(1)
        if had in self.cards:
            self.cards[had].setFocus()

    def choose(self, id: str) -> None:
        self.current = id
        if self._case is not None:
            self.desk.finding_by_case[self._case.id] = id
            self.desk.moved.emit()
        for name, card in self.cards.items():
            card.setChecked(name == id)
        if self._case is not None:
            self._show_detail(self._case)

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
        if finding.conflict:
            self._show_conflict(case, finding)
        if finding.lost:
            said = f"{'、'.join(finding.lost)} 已经撤下，不再写入文书。另选证据，或恢复这一份。"
            self._detail.addWidget(Text(said, "small", "bad", wrap=True))
        for label, text in (("事实", finding.fact), ("依据", "\n".join(finding.basis)), ("证据", "、".join(finding.evidence)),
                            ("严重程度", Severity(finding.severity).label), ("后果", Consequence(finding.consequence).label),
                            ("责令依据", finding.order_basis if finding.consequence == Consequence.CORRECT else ""), ("要求", finding.demand),
                            ("期限", zh_date(finding.due) if finding.due else "")):  # fmt: skip
            if not text and not _asked(label, finding):
                continue
            self._detail.addWidget(
                column_of(
                    Text(label, "small", "ink3"), Text(text or "没有填写", "body", "ink" if text else "warn", wrap=True)
                )
            )
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

    def _show_conflict(self, case: CaseFile, finding: Finding) -> None:
        card = Card(Text("两处填写不同，暂按较严的计算", "strong"), tone="warn", padding=12)
        for version in finding.conflict:
            name = FINDING_FIELDS[version.field]
            card.body.addWidget(Text(f"{name}　{version.by} 填“{version.value}”", "body", wrap=True))
            choose = Button(f"选用{version.by}的{name}", "secondary", height=36,
                            act=partial(settle, self, self.desk, case, finding, version))  # fmt: skip
            card.body.addLayout(row(None, choose))
        self._detail.addWidget(card)

    # -- the one next act -------------------------------------------------------------------------------------

    def _show_next(self, case: CaseFile) -> None:
        waiting = [f.id for f in case.findings if not f.confirmed]
        day = self.desk.book.clock.now().at.date()
        if waiting:
            self.next.set_text(f"确认 {len(waiting)} 个问题")
            self._say("逐个看过事实、依据、证据和期限后确认。", "")
        elif case.visit.ended is None:
            self.next.set_text("合议")
            self._say("现场检查结束后合议。先在“笔录”里签字并结束检查。", "现场检查还没有结束")
        elif case.stage == Phase.RECORDED:
            self.next.set_text("合议")
            self._say("两名以上执法人员合议后制作处理文书。", _refusal(case, "deliberated", day))
        elif case.stage == Phase.DELIBERATED:
            self.next.set_text("作出处理决定")
            bar = _refusal(case, "decision_made", day)
            self._say(bar or "处理文书已经齐全。", bar)
        else:
            self.next.set_text("到送达")
            self._say("处理决定已经作出。" if case.stage in (Phase.DECIDED, Phase.SERVED) else "还没有到这一步。", "")

    def _say(self, sentence: str, bar: str) -> None:
        self._bar.setText(sentence)
        self.next.set_blocked(bar)

    def _go_on(self) -> None:
        case = self._case
        assert case is not None
        waiting = [f.id for f in case.findings if not f.confirmed]
        if waiting:
            self.desk.act(findings.confirm, self.desk.book, case.id, waiting)
        elif case.stage == Phase.RECORDED:
            deliberate(self, self.desk, case)
        elif case.stage == Phase.DELIBERATED:
            if self.desk.act(findings.decide, self.desk.book, case.id) is not None:
                self.desk.open_stage(6)
        else:
            self.desk.open_stage(6)

    def primary(self) -> None:
        if self.next.isEnabled() or not self.papers.primary():
            self.press(self.next)


def column_of(*parts: QWidget) -> QWidget:
    """Label over value, close together."""
    made = QWidget()
    made.setLayout(column(*parts, spacing=2))
    return made


def _asked(label: str, finding: Finding) -> bool:
    """Whether this consequence needs the field, so that its absence is told."""
    if label == "责令依据":
        return finding.consequence == Consequence.CORRECT
    return label != "期限" or Consequence(finding.consequence).paper != ""


def _refusal(case: CaseFile, event: str, day: date) -> str:
    """Why a move may not be made now, with the way out; empty when it may."""
    try:
        check_move(case, event, day)
    except Problem as problem:
        return f"{problem.facts.get('reason', problem.fact)}。{problem.way_out}"
    return ""
