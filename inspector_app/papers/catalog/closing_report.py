"""结案报告: the whole matter on one form, with the opinions that close it."""

from __future__ import annotations

from collections.abc import Iterator

from ..blocks import Block, Fields
from .maker import Maker, Recipe


def blocks(m: Maker) -> Iterator[Block]:
    yield m.title()
    yield Fields(m.fields("head"))
    yield Fields(m.fields("boxes"))


RECIPE = Recipe(blocks)
