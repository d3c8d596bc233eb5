"""What the palette finds: screens, the stages and papers of the open case, inspections, articles, acts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from PySide6.QtWidgets import QWidget

from ..domain.inspection import STEPS
from ..domain.law import Article
from .desk import Desk
from .screens.base import Screen
from .screens.begin import lease_numbers, plan_inspection, register_unit
from .widgets.articles import show_articles
from .widgets.palette import Command

_PLACES = {"today": "jr", "inspections": "jc", "units": "dw", "settings": "sz"}
_STEPS = ("zb", "dc", "jc", "qz", "bl", "cl", "sd", "zg", "fc", "gd")
_STAGE_OF = {"notice": 0, "onsite_record": 4, "evidence_list": 4, "proof_of_service": 6}


def commands(desk: Desk, screens: Iterable[Screen], window: QWidget) -> Iterator[Command]:
    """Everything that can be found and done now, the nearest first."""
    if desk.case_id:
        for index, (name, initials) in enumerate(zip(STEPS, _STEPS, strict=True)):
            yield Command(f"本案第 {index + 1} 步 {name}", initials, partial(_stage, desk, index))
        for paper in desk.queries.case(desk.case_id).papers:
            words = f"文书 {paper.title} {paper.number or '草稿'}"
            yield Command(words, "ws", partial(_stage, desk, _STAGE_OF.get(paper.kind, 5)))
    for screen in screens:
        if not screen.HIDDEN:
            yield Command(f"打开{screen.TITLE}", _PLACES.get(screen.NAME, ""), partial(desk.open, screen.NAME))
    for row in desk.queries.inspections():
        yield Command(f"检查 {row.unit}（{row.kind}）", "jc", partial(desk.open, "case", row.id))
    for words, initials, sheet in (("新建检查", "xjjc", plan_inspection), ("登记单位", "djdw", register_unit),
                                   ("登记文号段", "djwhd", lease_numbers)):  # fmt: skip
        yield Command(words, initials, partial(sheet, window, desk))
    yield Command("撤销", "cx", desk.undo)
    yield Command("重做", "cz", desk.redo)
    yield Command("锁定并换人", "sdhr", desk.locked.emit)
    for law in desk.book.rules.laws.laws:
        for number, gist in sorted(law.gists.items()):
            article = Article(law, number, f"《{law.title}》第 {number} 条", gist)
            words = f"条文 {law.short[0] if law.short else law.title}{number}：{gist}"
            yield Command(words, "tw", partial(show_articles, window, "条文要旨", [article]))


def _stage(desk: Desk, index: int) -> None:
    desk.open("case", desk.case_id)
    desk.open_stage(index)
