"""抽样取证清单: what was taken as a sample, from what and how, counted together with the unit (行政处罚法56)."""

from __future__ import annotations

from collections.abc import Iterator

from ..blocks import Block
from .maker import Maker, Recipe


def blocks(m: Maker) -> Iterator[Block]:
    yield from m.inventory("samples")


RECIPE = Recipe(blocks, signed=True)
