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

SIGNED = (
    "onsite_record", "evidence_list", "interview", "sampling_list", "preservation_list", "reinspection_record",
)  # fmt: skip
"""Papers that are signed on the spot by the unit and both officers (行政诉讼证据规定15)."""

PAGED = (*SIGNED, "proof_of_service")
"""Papers of which a photo of the signed page is kept."""


def lacking_signatures(case: CaseFile, paper: Issued | None) -> tuple[tuple[str, str], ...]:
    """(name, role) of those whose signature or refusal is not noted yet."""
    if paper is None:
        return ()
    have = {s.name for s in paper.signatures}
    unit = case.visit.attendees[0].name if case.visit.attendees else ""
    if filled := case.sheet(paper.sheet):
        unit = filled.fields.get("person", unit)  # of an interview: who was questioned
    wanted = [] if any(s.role == "被检查单位" for s in paper.signatures) else [(unit, "被检查单位")]
    roles = ("检查人员", "记录人", *("检查人员",) * len(case.able))
    wanted += [(o.name, role) for o, role in zip(case.able, roles, strict=False) if o.name not in have]
    return tuple(wanted)


class SigningSheet(Sheet):
    """The unit's reply first, as two equal buttons; then the officers, the second one with the own PIN."""

    def __init__(self, parent: QWidget, desk: Desk, case: CaseFile, paper: Issued) -> None:
        self._desk, self._case, self._paper = desk, case, paper
        self._wanted = lacking_signatures(case, paper)
        self._unit = next((name for name, role in self._wanted if role == "被检查单位"), None)
        self._others = [
            (o.id, o.name) for o in case.able
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
        self.secrets = {id: Field(f"{name} 本人口令", secret=True) for id, name in self._others}
        self._confirmed: set[str] = set()
        parts: list[QWidget] = [
            Text(f"文号 {paper.number}，{paper.pages} 页，逐页核对后签字。", "small", "ink2", wrap=True)
        ]
        if self._unit is not None:
            parts += [self.name, self.reply, self.refusal]
        if officers:
            parts.append(Text(f"检查人员签字：{officers}", "body", wrap=True))
        parts += self.secrets.values()
        if len(self._others) > 1:
            parts.append(Text("每人输入本人的口令；没有签字的留空，以后再登记。", "small", "ink3", wrap=True))
        super().__init__(f"登记《{paper.title}》的签字", *parts, act="登记签字", parent=parent)
        self.check = self._check
        for secret in self.secrets.values():
            secret.input.returnPressed.connect(self.try_accept)

    @classmethod
    def open_for(cls, parent: QWidget, desk: Desk, case: CaseFile, paper: Issued) -> None:
        made = cls(parent, desk, case, paper)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        made.accepted.connect(made._write)
        made.open()
        first = next(iter(made.secrets.values()), None)
        if made._unit is not None:
            made.reply.buttons["已签字"].setFocus()
        elif first is not None:
            first.input.setFocus()

    def _check(self) -> str:
        if self._unit is not None and not self.reply.value():
            return "还没有选单位是否签字。"
        if self.reply.value() == "拒绝签字" and not self.reason.text().strip():
            return "拒签要写明原因。"
        if self.reply.value() == "拒绝签字" and not self.seen_by.text().strip():
            return "拒签要写明见证人；没有见证人的，写第二名执法人员。"
        self._confirmed = set()
        for id, secret in self.secrets.items():
            if not secret.text():
                continue
            try:
                self._confirmed.add(sign_in.confirm(self._desk.open_session, id, secret.text()))
                secret.error("")
            except Problem as problem:
                secret.error(str(problem))
                return f"{dict(self._others)[id]}：{problem}"
        if self._others and not self._confirmed:
            return "由签字的检查人员输入本人口令。"
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
            if other is not None and other not in self._confirmed:
                continue  # who did not confirm has not signed
            if desk.act(papers.sign, desk.book, self._case.id, self._paper.id, signer, witness=other) is None:
                return
        desk.toasted.emit(f"《{self._paper.title}》的签字已登记", None)
