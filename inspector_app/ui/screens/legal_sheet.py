"""Handing a paper in for its legal review, and what was said of it each time."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ...actions import legal_review, papers
from ...domain.casefile import CaseFile
from ...domain.legal import Round, standing
from ...domain.problems import Problem
from ..desk import Desk
from ..widgets.buttons import Button
from ..widgets.fields import Note
from ..widgets.notices import Sheet
from ..widgets.panels import column
from ..widgets.text import Text
from .begin import ask
from .legal_rounds import round_card


class LegalSheet(Sheet):
    """The rounds so far, and below them the grounds on which the paper is handed in, where it can be now."""

    def __init__(self, parent: QWidget, desk: Desk, case: CaseFile, kind: str, sheet: str) -> None:
        self._desk, self._about = desk, (case.id, kind, sheet)
        name, rounds = papers.title(desk.book, kind), case.rounds(kind, sheet)
        asks = legal_review.may_ask(desk.book, case, kind, sheet)
        parts: list[QWidget] = [round_card(each) for each in rounds]
        policy = desk.book.rules.policy
        self.grounds = [Button(ground, "tick", checkable=True, height=32) for ground in policy.major_grounds]
        self.note = Note("检查组说明", "例如：怎样按上次的意见改的；不同意见写在这里", 3)
        if asks:
            listed = kind in policy.major
            said = (
                "本局目录列明：这种文书审核同意以前不能制作。"
                if listed
                else "属于哪一种情形，至少选一项。送审以后，审核同意才能制作。"
            )
            held = QWidget()
            held.setLayout(column(*self.grounds, spacing=6))
            parts += [Text(said, "body", "ink2", wrap=True), held, Text("检查组说明", "small", "ink3"), self.note]
        super().__init__(f"法制审核：《{name}》", *parts, act="送法制审核" if asks else "看完了", parent=parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if asks:
            self.check = self._ask
        self.back.setVisible(asks)
        last = standing(rounds)
        if last is not None and last.waits and last.asker == desk.book.person.id:
            self.add_way("撤回送审", partial(withdraw, parent, desk, case, last))
        self.open()

    def _ask(self) -> str:
        stream, kind, sheet = self._about
        chosen = [button.text() for button in self.grounds if button.isChecked()]
        try:
            done = legal_review.ask(self._desk.book, stream, kind, chosen, self.note.toPlainText(), sheet)
        except Problem as problem:
            return str(problem)
        self._desk.finished(done)
        self._desk.hand_over(quiet=True)
        return ""


def withdraw(parent: QWidget, desk: Desk, case: CaseFile, asked: Round) -> None:
    """撤回送审: by whoever handed it in, until there is an opinion."""
    said = "撤回留在过程记录里。这份文书仍要审核同意才能制作；改好以后重新送审。"
    reason = Note("撤回的原因", "例如：送审稿漏了一项，改好再送", 3)
    ask(parent, desk, f"{case.id}/withdraw/{asked.id}", f"撤回送审：{asked.title}",
        [Text(said, "body", "ink2", wrap=True), column(Text("撤回的原因", "small", "ink3"), reason, spacing=4)], "撤回送审",
        lambda: legal_review.withdraw(desk.book, case.id, asked.id, reason.toPlainText()), {"reason": reason},
        lambda done: desk.hand_over(quiet=True))  # fmt: skip


def extend(parent: QWidget, desk: Desk, case: CaseFile, asked: Round) -> None:
    """延长审核期限, once."""
    term = desk.book.rules.policy.deadline("legal_review_extension")
    said = f"只能延长一次，加 {term.value} 个工作日（{term.source}）。"
    reason = Note("延长的原因", "例如：要向有关部门核实一项事实", 3)
    ask(parent, desk, f"{case.id}/longer/{asked.id}", f"延长审核期限：{asked.title}",
        [Text(said, "body", "ink2", wrap=True), column(Text("延长的原因", "small", "ink3"), reason, spacing=4)], "延长期限",
        lambda: legal_review.extend(desk.book, case.id, asked.id, reason.toPlainText()), {"reason": reason},
        lambda done: desk.hand_over(quiet=True))  # fmt: skip
