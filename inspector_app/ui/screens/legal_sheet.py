"""Handing a paper in for its legal review, and what was said of it each time."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ...actions import legal_review, papers
from ...domain.casefile import CaseFile
from ...domain.problems import Problem
from ..desk import Desk
from ..widgets.buttons import Button
from ..widgets.fields import Note
from ..widgets.notices import Sheet
from ..widgets.panels import column
from ..widgets.text import Text
from .legal_rounds import round_card


class LegalSheet(Sheet):
    """The rounds so far, and below them the grounds on which the paper is handed in, where it can be now."""

    def __init__(self, parent: QWidget, desk: Desk, case: CaseFile, kind: str, sheet: str) -> None:
        self._desk, self._about = desk, (case.id, kind, sheet)
        name, rounds = papers.title(desk.book, kind), case.rounds(kind, sheet)
        asks = legal_review.may_ask(desk.book, case, kind, sheet)
        parts: list[QWidget] = [round_card(each) for each in rounds]
        policy = desk.book.rules.policy
        self.grounds = [Button(ground, "filter", checkable=True, height=36) for ground in policy.major_grounds]
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
