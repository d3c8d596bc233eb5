"""到场全过程: which wanted steps have footage, what each device holds, and where photos were taken; on top of 取证."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from ...actions import footage
from ...actions.book import Done
from ...actions.recorders import recorders
from ...domain.calendar import zh_time
from ...domain.casefile import CaseFile
from ...domain.evidence import STORED
from ...domain.footage import Gap, Want, segments, steps
from ...domain.problems import Problem
from ..desk import Desk
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.fields import Note
from ..widgets.panels import Card, Tag, column, row
from ..widgets.text import Text
from ..widgets.timeline import Bar, Lane, Timeline
from .begin import ask

_SHORT = {
    "arrival": "到场",
    "credentials": "亮证",
    "rights": "告知",
    "area": "检查",
    "signing": "签字",
    "service": "送达",
}


class FootageCard(Card):
    """The timeline of the visit, and the acts that close its gaps."""

    def __init__(self, desk: Desk, take: Callable[[], object]) -> None:
        self._desk = desk
        self._case: CaseFile | None = None
        self._gaps: tuple[Gap, ...] = ()
        self._state = Tag("", "ok", "check-circle")
        self._said = Text("", "small", "ink2")
        self.explain = Button("说明原因", "secondary", "note-pencil", act=self._explain, height=36)
        self.take = Button("导入记录仪", "soft", "usb", act=take, height=36)
        self.timeline = Timeline()
        head = row(Text("到场全过程", "h2"), self._state, self._said, self.explain, self.take, spacing=10)
        head.setStretch(2, 1)
        super().__init__(head, self.timeline, padding=12, spacing=6)

    def show_case(self, case: CaseFile) -> None:
        self._case = case
        self.setVisible(case.visit.arrived is not None)
        if case.visit.arrived is None:
            return
        book = self._desk.book
        every = footage.gaps(book, case)
        self._gaps = tuple(gap for gap in every if not gap.reason)
        if self._gaps:
            self._state.show_state(f"{len(self._gaps)} 处没有影像", "bad", "warning-circle")
        elif every:
            self._state.show_state("都已说明原因", "ok", "check-circle")
        else:
            self._state.show_state("要录的都有影像", "ok", "check-circle")
        told = "；".join(_words(gap) for gap in self._gaps)
        kinds = "、".join(dict.fromkeys(_SHORT[gap.step.key.partition(":")[0]] for gap in self._gaps))
        when = "" if case.visit.ended else "离开前"
        self._said.setText(f"{kinds}。{when}导入影像，或说明原因" if self._gaps else "")
        self.explain.setVisible(bool(self._gaps))
        end = case.visit.ended or book.clock.now().at
        lanes = [Lane("必录步骤", tuple(self._steps(case, every))), *self._devices(case)]
        begin = min(
            [
                case.visit.arrived,
                *(bar.begin for lane in lanes[1:] for bar in lane.bars if bar.end > case.visit.arrived),
            ]
        )
        self.timeline.show_lanes(lanes, begin, end, f"到场全过程，{told or '要录的步骤都有影像或者说明'}")
        self._fold()

    def _steps(self, case: CaseFile, gaps: tuple[Gap, ...]) -> Iterator[Bar]:
        """The steps in the order of time; the areas of the checklist are one bar where nothing tells them apart."""
        bare = {gap.step.key: gap for gap in gaps}
        areas = Bar(case.planned_from, case.planned_from)
        for step in steps(case, self._desk.book.rules.policy.recording):
            gap = bare.get(step.key)
            tone = "na" if step.want is Want.NONE or (gap and gap.reason) else "bad" if gap else "ok"
            label = _SHORT[step.key.partition(":")[0]]
            made = Bar(step.begin, step.end, tone, label)
            if areas.label and step.key.startswith("area:") and tone == areas.tone:
                areas = Bar(areas.begin, max(areas.end, step.end), tone, label)
                continue
            if areas.label:
                yield areas
                areas = Bar(case.planned_from, case.planned_from)
            if step.key.startswith("area:"):
                areas = made
            else:
                yield made
        if areas.label:
            yield areas

    def _devices(self, case: CaseFile) -> Iterator[Lane]:
        known = {each.number: each for each in recorders(self._desk.book)}
        by_device: dict[str, list[Bar]] = {}
        for segment in segments(case):
            by_device.setdefault(segment.device, []).append(Bar(segment.begin, segment.end))
        for device, bars in sorted(by_device.items()):
            name = known[device].title if device in known else device or "没有写明设备"
            yield Lane(name, tuple(bars))
        shots = tuple(
            piece.taken_at for piece in case.evidence
            if piece.kind == "照片" and not piece.withdrawn and piece.taken_at and piece.time_from != STORED
        )  # fmt: skip
        yield Lane(f"照片 {len(shots)} 张", ticks=shots)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        """In a small window the lanes fold, and the import is the one below."""
        window = self.window()
        small = window.width() < look.px(1340) or window.height() < look.px(700)
        self.timeline.fold(small)
        self.take.setVisible(not small)

    def _explain(self) -> None:
        if self._case is not None and self._gaps:
            explain(self, self._desk, self._case, self._gaps)


def explain(parent: QWidget, desk: Desk, case: CaseFile, gaps: tuple[Gap, ...]) -> None:
    """Why some steps were not filmed: all are chosen, one reason for those that stay so."""
    chosen = {gap.step.key: Button(gap.step.name, "tick", checkable=True, height=32) for gap in gaps}
    for button in chosen.values():
        button.setChecked(True)
    reason = Note("没有影像的原因", "例如：书面记录已经完整记载这一步，没有录像", 3)

    def write() -> Done[str]:
        keys = [key for key, button in chosen.items() if button.isChecked()]
        if not keys:
            raise Problem("field_needed", what="是哪一步")
        return footage.explain(desk.book, case.id, keys, reason.toPlainText())

    said = Text("要录到什么程度由本局规定；没有影像不影响检查，写明原因即可。", "small", "ink2", wrap=True)
    ways = column(*(row(*pair, None) for pair in _pairs(list(chosen.values()))), spacing=6)
    ask(
        parent,
        desk,
        f"{case.id}/footage",
        "说明没有影像的原因",
        [said, ways, reason],
        "存入说明",
        write,
        {"reason": reason},
    )


def _pairs(buttons: list[Button]) -> Iterator[list[Button]]:
    for first in range(0, len(buttons), 3):
        yield buttons[first : first + 3]


def _words(gap: Gap) -> str:
    """The gap as one reads it: what, and from when to when."""
    begin, end = gap.missing[0][0], gap.missing[-1][1]
    times = zh_time(begin) if zh_time(begin) == zh_time(end) else f"{zh_time(begin)}–{zh_time(end)}"
    return f"{gap.step.name} {times}"
