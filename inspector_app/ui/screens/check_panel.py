"""文书体检: the score of the case file, what must and what should be changed, each with a way to its place."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ...actions import filecheck
from ...actions.filecheck import Remark, Severity, Verdict
from ...domain.problems import Problem
from ..desk import Desk
from ..offers import WAIVE, needs
from ..widgets.buttons import Button
from ..widgets.fields import Note
from ..widgets.panels import Body, Card, Empty, Ring, Tag, clear, column, row
from ..widgets.text import Text
from .begin import ask

MOST = 24
"""Remarks that are shown at once; the others come up when these are mended."""

_FEW = 2
"""Remarks of one check that are shown each by itself."""

_LOOK = {
    Severity.BLOCK: ("bad", "warning-circle"),
    Severity.DEDUCT: ("warn", "warning-circle"),
    Severity.NOTE: ("na", "info"),
}


class CheckPanel(QWidget):
    """The review of the open case. `led(place)` is emitted when a person wants to go to the place of a remark."""

    led = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.ring = Ring(62)
        self._grade = Text("", "h2")
        self._counts = Text("", "small", "ink2", wrap=True)
        self._list = column(spacing=8)
        self.cards: list[Card] = []
        self._unfolded: set[str] = set()
        head = row(self.ring, column(self._grade, self._counts, spacing=2), spacing=12, margins=(16, 12, 16, 4))
        head.setStretch(1, 1)
        layout = column(head, Body(self._list, name="体检结果", margins=(16, 8, 16, 12)), spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        desk.reviewed.connect(self._follow)

    def _follow(self) -> None:
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Show the newest review of the open case."""
        verdict = self.desk.verdict
        clear(self._list)
        self.cards = []
        if verdict is None:
            self.ring.show_part(0, 100, "…", "na")
            self._grade.setText("正在核对")
            self._counts.setText("")
            self._list.addStretch(1)
            return
        self._show_head(verdict)
        groups = [group for code, alike in _alike(verdict.remarks) for group in self._parted(code, alike)]
        for group in groups[:MOST]:
            card = self._card(group[0], group[1:])
            self.cards.append(card)
            self._list.addWidget(card)
        if rest := sum(map(len, groups[MOST:])):
            self._list.addWidget(Text(f"另有 {rest} 处，改好上面的再看。", "small", "ink3", wrap=True))
        if not verdict.remarks:
            self._list.addWidget(Empty("seal-check", f"核对了 {verdict.looked} 项，没有要改的。"))
        self._list.addStretch(1)

    def _show_head(self, verdict: Verdict) -> None:
        tone = "bad" if verdict.blocks else "ok" if verdict.score >= 90 else "warn"
        self.ring.show_part(verdict.score, 100, str(verdict.score), tone)
        self.ring.setAccessibleName(f"评查 {verdict.score} 分，{verdict.grade}")
        self._grade.setText(verdict.grade)
        said = f"必须改 {len(verdict.blocks)}，建议改 {len(verdict.of(Severity.DEDUCT))}，通过 {verdict.passed}"
        if verdict.failed:
            said += f"；{len(verdict.failed)} 项没有核对成"
        self._counts.setText(said)

    def _parted(self, code: str, alike: Sequence[Remark]) -> list[Sequence[Remark]]:
        """A few of one check stand each alone; many, until somebody asks for them, behind the first."""
        return [alike] if len(alike) > _FEW and code not in self._unfolded else [[remark] for remark in alike]

    def _unfold(self, code: str) -> None:
        self._unfolded.add(code)
        self.refresh()

    def _card(self, remark: Remark, more: Sequence[Remark] = ()) -> Card:
        tone, icon = _LOOK[remark.check.severity]
        if remark.waiver is not None:
            tag = Tag("已说明", "na", "check-circle")
        else:
            tag = Tag(remark.check.severity.label, tone, icon)
        lost = sum(each.points for each in (remark, *more))
        points = Text(f"−{lost}" if lost else "", "strong", tone)
        card = Card(row(tag, Text(remark.check.name, "strong"), None, points, spacing=8), padding=12, spacing=6)
        card.body.addWidget(Text(remark.message, "body", wrap=True))
        if remark.waiver is not None:
            said = f"不改，{remark.waiver.by}：{remark.waiver.reason}"
            card.body.addWidget(Text(said, "small", "ink2", wrap=True))
        else:
            card.body.addWidget(Text(f"{remark.check.way}（{remark.check.clause}）", "small", "ink2", wrap=True))
        rest = (
            [Button(f"另有 {len(more)} 处", "link", height=36, act=partial(self._unfold, remark.check.code))]
            if more
            else []
        )
        card.body.addLayout(row(*self._acts(remark), None, *rest, spacing=14))
        card.setAccessibleName(f"{remark.check.severity.label} {remark.message}")
        return card

    def _acts(self, remark: Remark) -> list[QWidget]:
        go = Button("看位置", "link", height=36, act=lambda: self.led.emit(remark.hit.place))
        if remark.waiver is not None:
            return [go, needs(WAIVE, Button("恢复", "link", height=36, act=partial(self._restore, remark)))]
        acts: list[QWidget] = [go]
        if remark.hit.mend is not None:
            made = Button("改好", "soft", height=36, act=partial(self._mend, remark))
            made.setToolTip(f"改为：{remark.hit.mend.new}")
            acts.append(made)
        acts.append(needs(WAIVE, Button("不改，说明", "link", height=36, act=partial(self._waive, remark))))
        return acts

    def _mend(self, remark: Remark) -> None:
        assert remark.hit.mend is not None
        if self.desk.act(filecheck.mend, self.desk.book, self.desk.case_id, remark.hit.mend) is not None:
            self.desk.toasted.emit(f"已改：{remark.check.name}。", self.desk.undo)

    def _restore(self, remark: Remark) -> None:
        self.desk.act(filecheck.restore, self.desk.book, self.desk.case_id, remark)

    def _waive(self, remark: Remark) -> None:
        book, case = self.desk.book, self.desk.case_id
        try:
            filecheck.allow_waiving(book, remark)
        except Problem as problem:
            self.desk.told.emit(str(problem), "warn")
            return
        reason = Note("不改的原因", "写给以后看案卷的人", 3)
        said = f"{remark.message}写明原因以后不再扣分；原因和你的姓名写进过程记录。"
        ask(self, self.desk, f"{case}/waive/{remark.check.code}", f"不改：{remark.check.name}",
            [Text(said, "body", "ink2", wrap=True), reason], "记为不改",
            lambda: filecheck.waive(book, case, remark, reason.toPlainText()), {"reason": reason})  # fmt: skip


def _alike(remarks: Sequence[Remark]) -> list[tuple[str, list[Remark]]]:
    """Open remarks of one check together, at the place of the first; waived ones each alone."""
    found: dict[str, list[Remark]] = {}
    for nth, remark in enumerate(remarks):
        found.setdefault(remark.check.code if remark.waiver is None else f"{remark.check.code}/{nth}", []).append(
            remark
        )
    return [*found.items()]
