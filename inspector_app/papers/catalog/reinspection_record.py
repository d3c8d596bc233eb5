"""复查笔录: every item of the order with what was found of it, signed on every page."""

from __future__ import annotations

from collections.abc import Iterator

from ..blocks import Block, Fields, Para, Prose
from .maker import Maker, Recipe


def blocks(m: Maker) -> Iterator[Block]:
    yield m.title()
    yield Fields(m.fields("head"))
    paragraphs = [m.heading(1, "head_checked"), m.para("lead"), *_items(m), m.heading(2, "head_said")]
    yield Prose((*paragraphs, m.kept(m.para("view"))))
    yield Fields(m.fields("confirm"), keep=True)
    yield Prose((), m.words.plain("ending"))


def _items(m: Maker) -> Iterator[Para]:
    for n, row in enumerate(m.rows("re_items"), 1):
        key = "item_evidence" if row["re_evidence"] else "item"
        yield m.numbered(n, m.t(key, m.where(row["re_item"]), **row), level=2)


RECIPE = Recipe(blocks, signed=True)
