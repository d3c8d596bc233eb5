"""先行登记保存清单: evidence that might be lost, kept by approval of the head for seven working days (行政处罚法56, 85)."""

from __future__ import annotations

from collections.abc import Iterator

from ..blocks import Block
from .maker import Maker, Recipe


def blocks(m: Maker) -> Iterator[Block]:
    yield from m.inventory("kept")


RECIPE = Recipe(blocks, signed=True)
