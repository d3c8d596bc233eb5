"""What the palette finds: acts, the stages and papers of the open case, screens, inspections, units, articles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from ..domain.inspection import OUTGOING, STEPS
from .capture.bar import open_view
from .desk import Desk
from .screens.base import Screen
from .screens.case import CaseScreen
from .screens.checklist import ChecklistStage
from .screens.evidence import EvidenceStage
from .screens.form_register import FormRegister
from .widgets.palette import Command

if TYPE_CHECKING:
    from .window import Window

_STAGE_OF = {"notice": 0, "onsite_record": 4, "evidence_list": 4, "hash_list": 4, "proof_of_service": 6}
_STAGE_ICONS = ("clipboard-text", "map-pin", "list-checks", "camera", "note-pencil", "scales", "paper-plane-tilt",
                "calendar", "calendar", "link")  # fmt: skip
_ACTS, _CASE, _PLACES, _UNITS, _LAW = "可以做的事", "这件检查", "打开", "检查和单位", "条文"


def commands(desk: Desk, screens: Iterable[Screen], window: Window) -> Iterator[Command]:
    """Everything that can be found and done now, the nearest first."""
    screens = list(screens)
    yield from _acts(desk, screens, window)
    if desk.case_id:
        yield from _case(desk)
    for screen in screens:
        if not screen.HIDDEN:
            yield Command(
                _PLACES, screen.ICON, f"打开{screen.TITLE}", partial(desk.open, screen.NAME), also=screen.TITLE
            )
    for row in desk.queries.inspections():
        said = f"{row.kind}，{STEPS[row.step]}，{'、'.join(row.officers)}"
        yield Command(_UNITS, "clipboard-text", row.unit, partial(desk.open, "case", row.id), said)
    visited = {row.unit for row in desk.queries.inspections()}
    for unit in desk.queries.units():
        if unit.name not in visited:
            yield Command(_UNITS, "buildings", unit.name, partial(desk.open, "units"), "还没有检查", quiet=True)
    for law in desk.book.rules.laws.laws:
        for number, gist in sorted(law.gists.items()):
            words = f"{law.short[0] if law.short else law.title}{number}"
            show = partial(window.show_law, words=words)
            yield Command(_LAW, "book-open-text", words, show, gist, also="条文", quiet=True)


def _acts(desk: Desk, screens: list[Screen], window: Window) -> Iterator[Command]:
    case = next((screen for screen in screens if isinstance(screen, CaseScreen)), None)
    if case is not None and case.isVisible():
        stage = case.stage
        item = f"用于 {stage.item}" if isinstance(stage, ChecklistStage) else "在“取证”里导入"
        yield Command(_ACTS, "camera", "导入照片", partial(_take_photos, desk, case), item, "P", "拍照")
        word = "停止录制" if desk.filming.running else "开始录像"
        yield Command(_ACTS, "record", word, desk.filming.toggle, key="F9", also="录像录音")
        yield Command(_ACTS, "video-camera", "打开摄像头拍照", partial(open_view, window, desk), key="F10", also="拍照")
        if not desk.queries.case(desk.case_id).visit.secret_area:
            enter = desk.filming.enter_secret_area
            yield Command(_ACTS, "shield-warning", "进入涉密区域", enter, "停止一切采集", also="涉密")
        if isinstance(stage, ChecklistStage):
            yield Command(_ACTS, "scales", f"把 {stage.item} 记为问题", stage.record_finding, key="F", also="记为问题")
        for button, key in (("print", "Ctrl P"), ("draft", "Ctrl P"), ("make", ""), ("sign", "")):
            found = getattr(getattr(stage, "papers", None), button, None)
            if found is not None and found.isVisible() and found.isEnabled():
                yield Command(
                    _ACTS,
                    "printer" if key else "file-text",
                    found.text(),
                    found.click,
                    key=key,
                    also="打印" if key else "",
                )
    yield Command(_ACTS, "arrow-u-up-left", "撤销", desk.undo, "撤销也会留下记录", "Ctrl Z")
    yield Command(_ACTS, "files", "预盖章空白文书", partial(FormRegister.open_for, window, desk))
    yield Command(_ACTS, "book-open-text", "查法规", window.show_law, key="F3", also="法规 引用")
    yield Command(_ACTS, "hard-drives", "存备份", desk.back_up)
    yield Command(_ACTS, "lock", "锁定并换人", desk.locked.emit, key="Ctrl L")


def _case(desk: Desk) -> Iterator[Command]:
    for index, name in enumerate(STEPS):
        key = f"Ctrl {(index + 1) % 10}"
        yield Command(
            _CASE, _STAGE_ICONS[index], f"第 {index + 1} 步 {name}", partial(_stage, desk, index), key=key, also=name
        )
    yield Command(_CASE, "file-text", "本案全部文书", partial(_stage, desk, len(STEPS)), also="文书")
    for paper in desk.queries.case(desk.case_id).papers:
        open_ = partial(_stage, desk, _STAGE_OF.get(paper.kind, 5 if paper.kind in OUTGOING else len(STEPS)))
        yield Command(_CASE, "file-text", paper.title, open_, paper.number or "草稿", also="文书", quiet=True)


def _take_photos(desk: Desk, case: CaseScreen) -> None:
    if not isinstance(case.stage, ChecklistStage | EvidenceStage):
        desk.open_stage(3)
    stage = case.stage
    if isinstance(stage, ChecklistStage | EvidenceStage):
        stage.take_photos()


def _stage(desk: Desk, index: int) -> None:
    desk.open("case", desk.case_id)
    desk.open_stage(index)
