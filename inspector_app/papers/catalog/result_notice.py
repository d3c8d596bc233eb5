"""检查结果告知书: nothing was found that calls for a paper of its own (国办发〔2018〕118号: the result is told)."""

from __future__ import annotations

from collections.abc import Iterator

from ...domain.finding import Consequence
from ..blocks import Block
from .maker import Maker, Recipe


def blocks(m: Maker) -> Iterator[Block]:
    yield from m.opening()
    yield m.para("lead")
    yield m.para("totals")
    mended = m.findings(Consequence.ON_THE_SPOT)
    if mended:
        yield m.para("mended_lead")
        for n, finding in enumerate(mended, 1):
            yield m.numbered(n, m.finding("mended", n, finding), level=2)
    yield m.para("result_mended" if mended else "result")
    yield m.para("duty")
    yield m.para("objection")
    yield from m.closing()


RECIPE = Recipe(blocks)
