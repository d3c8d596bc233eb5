"""What the palette finds: acts, the stages and papers of the open case, screens, inspections, units, articles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from PySide6.QtWidgets import QWidget

from ..domain.inspection import OUTGOING, STEPS
from .desk import Desk
from .offers import WORK
from .places import PLACES
from .screens import cosign_ways
from .screens.base import Screen
from .widgets.palette import ACTS, Command

_STAGE_OF = {"notice": 0, "onsite_record": 4, "evidence_list": 4, "hash_list": 4, "proof_of_service": 6}
_STAGE_ICONS = ("clipboard-text", "map-pin", "list-checks", "camera", "note-pencil", "scales", "paper-plane-tilt",
                "calendar", "calendar", "link")  # fmt: skip
_CASE, _PLACES, _UNITS, _LAW = "这件检查", "打开", "检查和单位", "条文"


def commands(
    desk: Desk, screens: Iterable[Screen], window: QWidget, show_law: Callable[[str], object]
) -> Iterator[Command]:
    """Everything that can be found and done now, the nearest first. `show_law` opens the law, at words where there are some."""
    for screen in screens:
        if screen.isVisible():
            yield from screen.commands()
    yield from _acts(desk, window, show_law)
    if desk.case_id and desk.may("read"):
        yield from _case(desk)
    for place in PLACES:
        if place.name != "case" and place.is_for(desk.book.actor):
            yield Command(_PLACES, place.icon, f"打开{place.title}", partial(desk.open, place.name), also=place.title)
    for row in (visits := desk.inspections()):
        said = f"{row.kind}，{row.word}，{'、'.join(row.officers)}"
        yield Command(_UNITS, "clipboard-text", row.unit, partial(desk.open, "case", row.id), said)
    visited = {row.unit for row in visits}
    for unit in desk.queries.units():
        if unit.name not in visited:
            yield Command(
                _UNITS,
                "buildings",
                unit.name,
                partial(desk.open, "units"),
                "还没有检查" if desk.may("read") else "",
                quiet=True,
            )
    for law in desk.book.rules.laws.laws:
        for number, gist in sorted(law.gists.items()):
            words = f"{law.short[0] if law.short else law.title}{number}"
            yield Command(_LAW, "book-open-text", words, partial(show_law, words), gist, also="条文", quiet=True)


def _acts(desk: Desk, window: QWidget, show_law: Callable[[str], object]) -> Iterator[Command]:
    yield Command(ACTS, "arrow-u-up-left", "撤销", desk.undo, "撤销也会留下记录", "Ctrl Z")
    yield Command(ACTS, "files", "预盖章空白文书", partial(_show_forms, window, desk))
    if desk.may(WORK):
        yield Command(ACTS, "laptop", "给同事会签", partial(cosign_ways.answer, window, desk), also="会签")
    yield Command(ACTS, "book-open-text", "查法规", partial(show_law, ""), key="F3", also="法规 引用")
    yield Command(ACTS, "hard-drives", "存备份", desk.back_up)
    yield Command(ACTS, "lock", "锁定并换人", desk.locked.emit, key="Ctrl L")


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


def _show_forms(window: QWidget, desk: Desk) -> None:
    from .screens.form_register import FormRegister

    FormRegister.open_for(window, desk)


def _stage(desk: Desk, index: int) -> None:
    desk.open("case", desk.case_id)
    desk.open_stage(index)
