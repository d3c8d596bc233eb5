"""行政检查计划: the tasks of a year or of a special check, each with its units, scope and frequency (沪营商条例62)."""

from __future__ import annotations

from collections.abc import Iterator

from ..blocks import Block, Fields
from .maker import Maker, Recipe


def blocks(m: Maker) -> Iterator[Block]:
    yield m.title()
    yield Fields(m.fields("head"))
    yield m.table("table", m.rows("tasks"))
    yield Fields(m.fields("foot"))


RECIPE = Recipe(blocks)
