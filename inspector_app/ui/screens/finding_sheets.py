"""The sheets of a finding: changing it, settling what two officers wrote, withdrawing it, and the deliberation."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ...actions import findings
from ...domain.calendar import parse_zh_date, zh_date
from ...domain.casefile import CaseFile
from ...domain.event import FINDING_FIELDS
from ...domain.finding import Consequence, Finding, Severity
from ...domain.inspection import Stage as Phase
from ...domain.law import joined, split
from ...domain.problems import Problem
from ...domain.rows import Version
from ..desk import Desk
from ..keeping import Keeper
from ..widgets.buttons import Button
from ..widgets.fields import Field, Note, Pick
from ..widgets.notices import Sheet
from ..widgets.panels import row
from ..widgets.text import Text
from .begin import ask
from .law_sheet import LawSheet


class EditSheet(Sheet):
    """All fields of a finding; the field `at` gets the focus. What is refused is said here, and the sheet stays open with
    what was typed."""

    def __init__(self, parent: QWidget, desk: Desk, case: CaseFile, finding: Finding, at: str = "fact") -> None:
        self._desk, self._case, self._finding = desk, case, finding
        self._off_day = ""
        self.fact, self.demand = Note("事实", "时间、地点、数量、看到了什么", 3), Note("要求", "要做到什么", 3)
        self.fact.load(finding.fact)
        self.demand.load(finding.demand)
        self.basis = Field("依据", joined(finding.basis), hint="《法规名》加条号；一部法的几条用顿号分开")
        law = Button("查法规", "secondary", "book-open-text", act=self.look_up, key="F3", height=40)
        basis = row(self.basis, law, spacing=8)
        basis.setStretch(0, 1)
        basis.setAlignment(law, Qt.AlignmentFlag.AlignBottom)
        articles = desk.book.rules.policy.order_articles(case.unit.kind.value)
        self.article = Pick("责令依据", [("", "选定条款"), *((each, each) for each in articles)])
        self.article.show_value(finding.order_basis)
        hook = desk.book.rules.procedure.basis
        kinds = [(c.value, f"{c.label}（{hook(c, finding.code)}）") for c in Consequence]
        self.consequence = Pick("后果", kinds, self._consequence_chosen)
        self.consequence.show_value(finding.consequence)
        self.consequence.setEnabled(case.stage != Phase.DECIDED)
        self.severity = Pick("严重程度", [(str(s.value), s.label) for s in Severity])
        self.severity.show_value(str(finding.severity))
        hint = "2026年4月27日；放假安排没有登记的年份由本人填写"
        self.due = Field("期限", zh_date(finding.due) if finding.due else "", hint=hint)
        self.evidence = Field("证据", "、".join(finding.evidence), hint="编号，用顿号分开")
        self.reason = Field("修改的原因")
        self._asked = finding.confirmed or bool(finding.conflict)
        self.reason.setVisible(self._asked)
        super().__init__(f"改问题 {finding.code}", Text("事实", "small", "ink3"), self.fact, Text("要求", "small", "ink3"), self.demand,
                         basis, self.consequence, self.article,
                         row(self.severity, self.due, spacing=12), self.evidence, self.reason, act="存入修改", parent=parent)  # fmt: skip
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._consequence_chosen(finding.consequence)
        self._keeper = Keeper(desk, f"{case.id}/{finding.id}", self)
        for name, field in (("fact", self.fact), ("demand", self.demand), ("basis", self.basis.input), ("due", self.due.input),
                            ("evidence", self.evidence.input), ("reason", self.reason.input)):  # fmt: skip
            self._keeper.hold(name, field)
        self.check = self._write
        self.accepted.connect(self._keeper.forget)
        self.open()
        inputs: dict[str, QWidget] = {
            "demand": self.demand, "basis": self.basis.input, "due": self.due.input, "evidence": self.evidence.input,
            "consequence": self.consequence.input, "order_basis": self.article.input,
        }  # fmt: skip
        inputs.get(at, self.fact).setFocus()

    def _consequence_chosen(self, value: str) -> None:
        """The article is asked where one is needed, and shown where one was left."""
        self.article.setVisible(value == Consequence.CORRECT or bool(self.article.value()))

    # -- the law ----------------------------------------------------------------------------------------------

    def look_up(self) -> None:
        """F3: what is picked joins the basis, wherever the focus is."""
        LawSheet.open_for(self, self._desk, self._case.planned_from.date(), self._cite)

    def _cite(self, citation: str) -> None:
        self.basis.input.setText(joined(dict.fromkeys((*split(self.basis.text()), citation))))
        self.basis.input.setFocus()

    # -- writing ----------------------------------------------------------------------------------------------

    def _write(self) -> str:
        """All fields are stored, or none; the sentence of what is refused."""
        book, case, finding = self._desk.book, self._case, self._finding
        try:
            wanted = self._wanted()
        except Problem as problem:
            return str(problem)
        if self.consequence.value() == Consequence.CORRECT and not self.article.value():
            return "责令限期改正要选定依据的条款。"
        if self._asked and not self.reason.text().strip():
            return "这个问题已经确认过，写明修改的原因。"
        if said := self._off(wanted.get("due")):
            return said
        try:
            self._desk.finished(findings.revise(book, case.id, finding.id, wanted, self.reason.text()))
        except Problem as problem:
            return str(problem)
        return ""

    def _wanted(self) -> dict[str, object]:
        """What differs from the finding, and what two officers wrote differently even where it is kept as it stands."""
        known = {piece.number for piece in self._case.evidence if not piece.withdrawn}
        numbers = tuple(n for n in self.evidence.text().replace("，", "、").replace(" ", "、").split("、") if n)
        if strange := [n for n in numbers if n not in known]:
            raise Problem("not_found", what=f"编号为 {strange[0]} 的证据（撤下的不算）")
        due = self.due.text().strip()
        new: dict[str, object] = {
            "fact": self.fact.toPlainText().strip(), "demand": self.demand.toPlainText().strip(),
            "due": parse_zh_date(due) if due else "", "basis": split(self.basis.text()),
            "consequence": self.consequence.value(), "order_basis": self.article.value(),
            "severity": int(self.severity.value()), "evidence": numbers,
        }  # fmt: skip
        differing = {version.field for version in self._finding.conflict}
        held = {name: getattr(self._finding, name) or "" for name in new}
        return {name: value for name, value in new.items() if value != held[name] or name in differing}

    def _off(self, due: object) -> str:
        """A term may end on a day off, but not without a word: said once, stored when pressed again."""
        if not isinstance(due, date) or self._off_day == due.isoformat():
            return ""
        if due < self._desk.book.clock.now().at.date():
            return str(Problem("date_past", what="整改期限"))
        calendar = self._desk.book.rules.calendar
        try:
            following = calendar.next_workday(due)
        except Problem as problem:
            self._off_day = due.isoformat()
            return f"{problem}再按一次“存入修改”就是确认 {zh_date(due)}。"
        if following == due:
            return ""
        self._off_day = due.isoformat()
        return f"{zh_date(due)}不是工作日，下一个工作日是{zh_date(following)}。改好，或再按一次仍用这一天。"


def settle(parent: QWidget, desk: Desk, case: CaseFile, finding: Finding, version: Version) -> None:
    """One of two versions stands; the reason is asked."""
    reason = Field("选用的原因")
    said = Text(f"{FINDING_FIELDS[version.field]}：{version.value}", "body", wrap=True)
    ask(parent, desk, f"{case.id}/{finding.id}/settle", f"选用{version.by}的{FINDING_FIELDS[version.field]}", [said, reason],
        "选用这一处", lambda: findings.settle(desk.book, case.id, finding.id, version, reason.text()), {"reason": reason})  # fmt: skip


def keep(parent: QWidget, desk: Desk, case: CaseFile, finding: Finding) -> None:
    """One officer withdrew what another changed: it stays, and the reason is asked."""
    reason = Field("保留的原因")
    said = Text("问题留下，记录里两步都在。", "small", "ink2")
    ask(parent, desk, f"{case.id}/{finding.id}/keep", f"保留问题 {finding.code}", [said, reason], "保留问题",
        lambda: findings.keep(desk.book, case.id, finding.id, reason.text()), {"reason": reason})  # fmt: skip


def confirm_without(parent: QWidget, desk: Desk, case: CaseFile, finding: Finding) -> None:
    """确认没有证据的问题: the reason is asked, and stands in the record and on the paper."""
    reason = Field("没有证据的原因", hint="例如：登记簿当场核对，由现场检查笔录证明")
    said = Text(
        "能补的先补：返回以后按 P 拍照，或在“改这个问题”里关联证据。原因写进记录和文书。", "small", "ink2", wrap=True
    )
    ask(parent, desk, f"{case.id}/{finding.id}/unproven", f"问题 {finding.code} 没有证据", [said, reason], "没有证据，仍然确认",
        lambda: findings.confirm(desk.book, case.id, [finding.id], reason.text()), {"reason": reason})  # fmt: skip


def withdraw(parent: QWidget, desk: Desk, case: CaseFile, finding: Finding) -> None:
    """撤销问题, with its reason."""
    reason = Field("撤销的原因")
    said = Text("撤销后不再写入文书，记录里保留。", "small", "ink2")
    ask(parent, desk, f"{case.id}/{finding.id}/withdraw", f"撤销问题 {finding.code}", [said, reason], "撤销问题",
        lambda: findings.withdraw(desk.book, case.id, finding.id, reason.text()), {"reason": reason})  # fmt: skip


def deliberate(parent: QWidget, desk: Desk, case: CaseFile) -> None:
    """合议: what the team concluded."""
    opinion = Note("合议意见", "写明讨论的结论和不同意见", 4)
    names = "、".join(o.name for o in case.able)
    said = Text(
        f"参加人：{names}。对 {len(case.findings)} 个问题的事实、依据和后果逐个讨论。", "body", "ink2", wrap=True
    )
    basis = desk.book.rules.procedure.basis
    lines = [Text(f"{f.code}　{Severity(f.severity).label}　{Consequence(f.consequence).label}（{basis(f.consequence, f.code)}）",
                  "small", "ink2", wrap=True) for f in case.findings]  # fmt: skip
    more = Text("情节复杂、重大的，由负责人集体讨论：在“文书”里填集体讨论记录。", "small", "ink3", wrap=True)
    ask(parent, desk, f"{case.id}/deliberation", "合议", [said, *lines, opinion, more], "记入合议意见",
        lambda: findings.deliberate(desk.book, case.id, opinion.toPlainText()), {"opinion": opinion})  # fmt: skip
