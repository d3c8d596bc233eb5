"""行政检查审批表: what is to be checked and why, with the opinions of officer, section and head (国办发〔2024〕54号)."""

from __future__ import annotations

from collections.abc import Iterator

from ..blocks import Block, Fields, Note
from .maker import Maker, Recipe


def blocks(m: Maker) -> Iterator[Block]:
    yield m.title()
    yield Fields(m.fields("head"))
    yield Fields(m.fields("boxes"))
    yield Note(m.words.plain("note"))


RECIPE = Recipe(blocks)
