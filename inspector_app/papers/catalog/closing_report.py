"""结案报告: the whole matter on one form, with what the file review let stand and the opinions that close it."""

from __future__ import annotations

from collections.abc import Iterator

from ..blocks import Block, Fields
from .maker import Maker, Recipe


def blocks(m: Maker) -> Iterator[Block]:
    yield m.title()
    yield Fields(m.fields("head"))
    if m.case.waivers:
        yield Fields(m.fields("waived"))
    yield Fields(m.fields("boxes"))


RECIPE = Recipe(blocks)
