"""双随机抽取记录: the lists, the rule and the seed, so that the draw can be made again (国办发〔2015〕58号)."""

from __future__ import annotations

from collections.abc import Iterator

from ..blocks import Block, Fields, Note
from .maker import Maker, Recipe


def blocks(m: Maker) -> Iterator[Block]:
    yield m.title()
    yield Fields(m.fields("head"))
    yield Fields(m.fields("hand"))
    yield Note(m.words.plain("note"))


RECIPE = Recipe(blocks)
