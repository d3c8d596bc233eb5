"""The self-assessment of a unit (自查表) as a workbook: the checklist to be filled in, and what came back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ..domain.item import ItemInfo
from ..domain.problems import Problem
from ..domain.selfcheck import ANSWERS, SelfAnswer
from .table import Bad, Column, Columns, Fault, Line, grids, taken, written

ITEMS, ABOUT = "自查表", "填写信息"
_COLUMNS: Columns = {
    ITEMS: (
        Column("编号", 8, True), Column("检查项目", 64, wrap=True), Column("依据", 36, wrap=True),
        Column("自查结果", 12, False, ANSWERS), Column("说明", 40, wrap=True),
    ),
    ABOUT: (Column("单位名称", 36), Column("填表人", 14), Column("填表日期", 16, day=True)),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """What a unit said of itself, and the cells that cannot be taken. `day` is None where it is not told."""

    answers: tuple[SelfAnswer, ...]
    unit: str
    by: str
    day: date | None
    faults: tuple[Fault, ...]


def write(
    items: Sequence[ItemInfo],
    unit: str,
    said: Mapping[str, tuple[str, str]] = {},
    by: str = "",
    day: date | None = None,
) -> bytes:
    """The workbook that the unit fills in; for a sample, already with result and note of the items that `said` has."""
    return written(_COLUMNS, {
        ITEMS: ((item.code, item.text, item.basis, *said.get(item.code, ("", ""))) for item in items),
        ABOUT: [(unit, by, day or "")],
    })  # fmt: skip


def read(content: bytes, items: Sequence[ItemInfo]) -> Told:
    """What came back; rows without an answer are left out, those of another checklist are told.

    Raises:
        Problem: `register_file` for what is no such workbook.
    """
    held = grids(content, _COLUMNS)
    if ITEMS not in held:
        raise Problem("selfcheck_file", detail=f"没有“{ITEMS}”工作表")
    faults: list[Fault] = []
    codes = {item.code for item in items}
    answers = tuple(
        found for found in taken(ITEMS, _COLUMNS, held, faults, lambda line: _answer(line, codes)) if found.value
    )
    about = tuple(taken(ABOUT, _COLUMNS, held, faults, _about))
    unit, by, day = about[0] if about else ("", "", None)
    return Told(answers, unit, by, day, tuple(faults))


def _answer(line: Line, codes: set[str]) -> tuple[str, str, SelfAnswer]:
    code = line.text("编号")
    if code not in codes:
        raise Bad("编号", f"检查表里没有 {code}。用本次检查导出的自查表填写。")
    return "编号", code, SelfAnswer(code, line.text("自查结果"), line.text("说明"))


def _about(line: Line) -> tuple[str, str, tuple[str, str, date | None]]:
    day = line.day("填表日期") if line.cells.get("填表日期") not in (None, "") else None
    return "单位名称", line.text("单位名称"), (line.text("单位名称"), line.text("填表人"), day)
