"""案件移送函: what is for another organ to decide, with the material."""

from __future__ import annotations

from collections.abc import Iterator

from ...domain.finding import Consequence
from ..blocks import Block
from .maker import Maker, Recipe
from .order import listed


def blocks(m: Maker) -> Iterator[Block]:
    yield from m.opening()
    yield m.para("lead")
    findings = m.findings(Consequence.TRANSFER)
    if not findings:
        yield m.gap("transferable")
    yield from listed(m, findings, "finding", level=1)
    yield m.para("reason")
    yield m.para("reply")
    yield from m.closing(
        enclosed=[m.t("enclosed", m.row(n), **row) for n, row in enumerate(m.rows("transfer_papers"), 1)]
    )


RECIPE = Recipe(blocks)
