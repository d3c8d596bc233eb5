"""整改情况报告表: goes to the unit with the order; the items are those of the order, the rest is for the unit to write."""

from __future__ import annotations

from collections.abc import Iterator

from ...domain.calendar import zh_date
from ...domain.finding import Consequence
from ..blocks import Block, Fields, Note
from ..facts import bare
from .maker import Maker, Recipe

_ROOM = 22.0  # millimetres to write in, each item


def blocks(m: Maker) -> Iterator[Block]:
    yield m.title()
    yield Fields(m.fields("head"))
    ordered = m.findings(Consequence.RECTIFY, Consequence.CORRECT)
    rows = [{"fact": bare(f.fact), "demand": bare(f.demand), "due": zh_date(f.due) if f.due else ""} for f in ordered]
    yield m.table("table", rows, _ROOM)
    yield Fields(m.fields("hand"))
    yield Note(m.t("note"))


RECIPE = Recipe(blocks)
