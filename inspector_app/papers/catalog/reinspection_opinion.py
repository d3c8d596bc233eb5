"""复查意见书: tells the unit what was found of each item of the order; made from what the record of it says."""

from __future__ import annotations

from collections.abc import Iterator

from ..blocks import Block
from .maker import Maker, Recipe


def blocks(m: Maker) -> Iterator[Block]:
    yield from m.opening()
    yield m.para("lead")
    yield m.heading(1, "head_items")
    for n, row in enumerate(m.rows("re_items"), 1):
        yield m.numbered(n, m.t("item", m.where(row["re_item"]), **row), level=2)
    yield m.heading(2, "head_conclusion")
    yield m.para("conclusion")
    yield m.heading(3, "head_next")
    yield m.para("next")
    yield from m.closing()


RECIPE = Recipe(blocks)
