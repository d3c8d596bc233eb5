"""Stage 处理: what was found, what follows from it, and the papers that say so."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ...actions import findings
from ...actions.procedure import obstacle
from ...domain.calendar import parse_zh_date, zh_date
from ...domain.casefile import CaseFile, Finding
from ...domain.finding import Consequence
from ...domain.inspection import Stage as Phase
from ...domain.inspection import outgoing_papers
from ...domain.problems import Problem
from ..desk import Desk
from ..theme import look
from ..widgets.buttons import Button, paint_focus
from ..widgets.fields import Field, Note, Pick
from ..widgets.notices import Sheet
from ..widgets.panels import Body, Card, Empty, Side, Tag, clear, column, row
from ..widgets.text import Text
from .base import Stage
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
        basis = self.desk.book.rules.procedure.basis
        for consequence in Consequence:
            mine = [f for f in case.findings if f.consequence == consequence]
            if not mine:
                continue
            self._list.addLayout(row(Tag(consequence.label, _TONE.get(consequence, "na")), Text(f"{len(mine)}", "strong"),
                                     Text(basis(consequence), "small", "ink3"), None))  # fmt: skip
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
        frozen = Phase(case.stage) in (Phase.DECIDED, Phase.SERVED)
        self._detail.addLayout(row(Text(f"问题 {finding.code}", "h2"), None))
        if finding.conflict:
            self._show_conflict(case, finding)
        for label, text in (("事实", finding.fact), ("依据", "\n".join(finding.basis)), ("证据", "、".join(finding.evidence)),
                            ("后果", self._consequence(finding)), ("要求", finding.demand),
                            ("期限", zh_date(finding.due) if finding.due else "")):  # fmt: skip
            if not text and label == "期限" and not _ordered(finding):
                continue
            self._detail.addWidget(
                column_of(
                    Text(label, "small", "ink3"), Text(text or "没有填写", "body", "ink" if text else "warn", wrap=True)
                )
            )
        self._detail.addStretch(1)
        if not frozen:
            edit = Button("改这个问题", "secondary", "pencil-simple", act=lambda: self._edit(case, finding), height=36)
            drop = Button("撤销问题", "danger", act=lambda: self._withdraw(case, finding), height=36)
            self._detail.addLayout(row(drop, None, edit, spacing=8))

    def _consequence(self, finding: Finding) -> str:
        """The consequence with what it rests on and what else has to be weighed."""
        procedure, kind = self.desk.book.rules.procedure, Consequence(finding.consequence)
        note = procedure.consequences[kind].note
        return f"{kind.label}（{procedure.basis(kind, finding.code)}）" + (f"。{note}。" if note else "")

    def _show_conflict(self, case: CaseFile, finding: Finding) -> None:
        card = Card(Text("两处填写不同，暂按较严的计算", "strong"), tone="warn", padding=12)
        for version in finding.conflict:
            card.body.addWidget(Text(f"{version.by} 填“{version.value}”", "body", wrap=True))
        card.body.addWidget(Text("点“改这个问题”，选定一个并写明原因。", "small", "ink2", wrap=True))
        self._detail.addWidget(card)

    def _edit(self, case: CaseFile, finding: Finding) -> None:
        fact = Note("事实", "时间、地点、数量、看到了什么", 4)
        fact.load(finding.fact)
        demand = Note("要求", "要做到什么", 3)
        demand.load(finding.demand)
        basis = self.desk.book.rules.procedure.basis
        kinds = [(c.value, f"{c.label}（{basis(c, finding.code)}）") for c in Consequence]
        consequence = Pick("后果", kinds)
        consequence.show_value(finding.consequence)
        due = Field(
            "期限", zh_date(finding.due) if finding.due else "", hint="2026年4月27日；放假安排没有登记的年份由本人填写"
        )
        evidence = Field("证据", "、".join(finding.evidence), hint="编号，用顿号分开")
        reason = Field("修改的原因")
        reason.setVisible(finding.confirmed or bool(finding.conflict))
        sheet = Sheet(f"改问题 {finding.code}", Text("事实", "small", "ink3"), fact, Text("要求", "small", "ink3"), demand,
                      consequence, due, evidence, reason, act="存入修改", parent=self)  # fmt: skip
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        wanted: dict[str, object] = {}

        def check() -> str:
            try:
                day = parse_zh_date(due.text().strip()) if due.text().strip() else ""
            except Problem as problem:
                return str(problem)
            known = {piece.number for piece in case.evidence}
            numbers = tuple(n for n in evidence.text().replace("，", "、").replace(" ", "、").split("、") if n)
            if strange := [n for n in numbers if n not in known]:
                return f"没有编号为 {strange[0]} 的证据。对照“取证”里的编号。"
            if reason.isVisible() and not reason.text().strip():
                return "这个问题已经确认过，写明修改的原因。"
            new = {"fact": fact.toPlainText().strip(), "demand": demand.toPlainText().strip(), "due": day,
                   "consequence": consequence.value(), "evidence": numbers}  # fmt: skip
            wanted.clear()
            wanted.update({name: value for name, value in new.items() if value != (getattr(finding, name) or "")})
            return ""

        def write() -> None:
            for name, value in wanted.items():
                if (
                    self.desk.act(findings.change, self.desk.book, case.id, finding.id, name, value, reason.text())
                    is None
                ):
                    return

        sheet.check = check
        sheet.accepted.connect(write)
        sheet.open()
        fact.setFocus()

    def _withdraw(self, case: CaseFile, finding: Finding) -> None:
        reason = Field("撤销的原因")
        sheet = Sheet(f"撤销问题 {finding.code}", Text("撤销后不再写入文书，记录里保留。", "small", "ink2"), reason,
                      act="撤销问题", parent=self)  # fmt: skip
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet.check = lambda: "" if reason.text().strip() else "写明原因后再撤销。"
        sheet.accepted.connect(
            lambda: self.desk.act(findings.withdraw, self.desk.book, case.id, finding.id, reason.text())
        )
        sheet.open()
        reason.input.setFocus()

    # -- the one next act -------------------------------------------------------------------------------------

    def _show_next(self, case: CaseFile) -> None:
        waiting = [f.id for f in case.findings if not f.confirmed]
        if waiting:
            self.next.set_text(f"确认 {len(waiting)} 个问题")
            self._say("逐个看过事实、依据、证据和期限后确认。", "")
        elif case.stage in (Phase.CHECKING, Phase.CHECKED, Phase.ON_SITE):
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
            self._deliberate(case)
        elif case.stage == Phase.DELIBERATED:
            if self.desk.act(findings.decide, self.desk.book, case.id) is not None:
                self.desk.open_stage(6)
        else:
            self.desk.open_stage(6)

    def _deliberate(self, case: CaseFile) -> None:
        opinion = Note("合议意见", "写明讨论的结论和不同意见", 4)
        names = "、".join(o.name for o in case.officers)
        sheet = Sheet("合议", Text(f"参加人：{names}。对 {len(case.findings)} 个问题的事实、依据和后果逐个讨论。", "body", "ink2", wrap=True),
                      opinion, act="记入合议意见", parent=self)  # fmt: skip
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet.check = lambda: "" if opinion.toPlainText().strip() else "写明合议的结论。"
        sheet.accepted.connect(
            lambda: self.desk.act(findings.deliberate, self.desk.book, case.id, opinion.toPlainText())
        )
        sheet.open()
        opinion.setFocus()

    def primary(self) -> None:
        if self.next.isEnabled():
            self.next.click()
        else:
            self.papers.primary()


def column_of(*parts: QWidget) -> QWidget:
    """Label over value, close together."""
    made = QWidget()
    made.setLayout(column(*parts, spacing=2))
    return made


def _ordered(finding: Finding) -> bool:
    return Consequence(finding.consequence) in (Consequence.RECTIFY, Consequence.CORRECT)
