"""法制审核意见书: the seven heads of 国办发〔2018〕118号 (13); the outcome is 同意 or 存在问题, then it is handed in again."""

from __future__ import annotations

from collections.abc import Iterator

from ..blocks import Block, Fields, Note
from .maker import Maker, Recipe


def blocks(m: Maker) -> Iterator[Block]:
    yield m.title()
    yield Fields(m.fields("head"))
    yield m.table("table", m.rows("review_heads"))
    yield Fields(m.fields("result"))
    yield Fields(m.fields("boxes"))
    yield Note(m.words.plain("note"))


RECIPE = Recipe(blocks)
