"""Noting signatures on paper: each party has signed, or has refused with a reason and somebody who saw it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ...actions import papers, sign_in
from ...domain.casefile import CaseFile, Issued
from ...domain.problems import Problem
from ..desk import Desk
from ..widgets.fields import Choice, Field
from ..widgets.notices import Sheet
from ..widgets.panels import row
from ..widgets.text import Text

SIGNED = ("onsite_record", "evidence_list")
"""Papers that are signed on the spot by the unit and both officers (行政诉讼证据规定15)."""

PAGED = (*SIGNED, "proof_of_service")
"""Papers of which a photo of the signed page is kept."""


def lacking_signatures(case: CaseFile, paper: Issued | None) -> tuple[tuple[str, str], ...]:
    """(name, role) of those whose signature or refusal is not noted yet."""
    if paper is None:
        return ()
    have = {s.name for s in paper.signatures}
    unit = case.visit.attendees[0].name if case.visit.attendees else ""
    wanted = [] if any(s.role == "被检查单位" for s in paper.signatures) else [(unit, "被检查单位")]
    roles = ("检查人员", "记录人", *("检查人员",) * len(case.officers))
    wanted += [(o.name, role) for o, role in zip(case.officers, roles, strict=False) if o.name not in have]
    return tuple(wanted)


class SigningSheet(Sheet):
    """The unit's reply first, as two equal buttons; then the officers, the second one with the own PIN."""

    def __init__(self, parent: QWidget, desk: Desk, case: CaseFile, paper: Issued) -> None:
        self._desk, self._case, self._paper = desk, case, paper
        self._wanted = lacking_signatures(case, paper)
        self._unit = next((name for name, role in self._wanted if role == "被检查单位"), None)
        self._others = [
            (o.id, o.name) for o in case.officers
            if o.id != desk.book.person.id and o.name in {name for name, _ in self._wanted}
        ]  # fmt: skip
        self.name = Field("单位签字人", self._unit or "")
        self.reply = Choice("单位是否签字", ("已签字", "拒绝签字"))
        self.reason = Field("拒签的原因")
        self.seen_by = Field("见证人或第二名执法人员（拒签时写明）")
        self.refusal = QWidget()
        self.refusal.setLayout(row(self.reason, self.seen_by, spacing=12))
        self.refusal.hide()
        self.reply.chosen.connect(lambda value: self.refusal.setVisible(value == "拒绝签字"))
        officers = "、".join(f"{name}（{role}）" for name, role in self._wanted if role != "被检查单位")
        self.secret = Field(f"{'、'.join(name for _, name in self._others)} 本人口令", secret=True)
        parts: list[QWidget] = [
            Text(f"文号 {paper.number}，{paper.pages} 页，逐页核对后签字。", "small", "ink2", wrap=True)
        ]
        if self._unit is not None:
            parts += [self.name, self.reply, self.refusal]
        if officers:
            parts.append(Text(f"检查人员已签字：{officers}", "body", wrap=True))
        if self._others:
            parts.append(self.secret)
        super().__init__(f"登记《{paper.title}》的签字", *parts, act="登记签字", parent=parent)
        self.check = self._check
        self.secret.input.returnPressed.connect(self.try_accept)

    @classmethod
    def open_for(cls, parent: QWidget, desk: Desk, case: CaseFile, paper: Issued) -> None:
        made = cls(parent, desk, case, paper)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        made.accepted.connect(made._write)
        made.open()
        (made.reply.buttons["已签字"] if made._unit is not None else made.secret.input).setFocus()

    def _check(self) -> str:
        if self._unit is not None and not self.reply.value():
            return "还没有选单位是否签字。"
        if self.reply.value() == "拒绝签字" and not self.reason.text().strip():
            return "拒签要写明原因。"
        if self.reply.value() == "拒绝签字" and not self.seen_by.text().strip():
            return "拒签要写明见证人；没有见证人的，写第二名执法人员。"
        if self._others:
            try:
                sign_in.confirm(self._desk.open_session, self._others[0][0], self.secret.text())
            except Problem as problem:
                return str(problem)
        return ""

    def _write(self) -> None:
        desk, at = self._desk, self._desk.book.clock.now().at
        refused = self.reply.value() == "拒绝签字"
        for name, role in self._wanted:
            signer = papers.Signer(name, role, at)
            if role == "被检查单位":
                signer = papers.Signer(
                    self.name.text(),
                    role,
                    at,
                    self.reason.text() if refused else "",
                    self.seen_by.text() if refused else "",
                )
            other = next((id for id, other in self._others if other == name), None)
            if desk.act(papers.sign, desk.book, self._case.id, self._paper.id, signer, witness=other) is None:
                return
        desk.toasted.emit(f"《{self._paper.title}》的签字已登记", None)
