"""责令限期整改通知书: hazards to the safety of archives, ordered to be mended by a day (档案法45, 48(8))."""

from __future__ import annotations

from collections.abc import Iterator

from ...domain.finding import Consequence
from ..blocks import Block
from .maker import Maker, Recipe
from .order import order


def blocks(m: Maker) -> Iterator[Block]:
    basis = m.words.plain("order_basis")
    yield from order(m, m.findings(Consequence.RECTIFY), "mendable", basis, m.words.plain("order_consequence"))


RECIPE = Recipe(blocks)
