"""处理建议书: to the organ that may sanction, which tells the bureau what it did (档案法实施条例46)."""

from __future__ import annotations

from collections.abc import Iterator

from ...domain.finding import Consequence
from ..blocks import Block
from .maker import Maker, Recipe
from .order import listed


def blocks(m: Maker) -> Iterator[Block]:
    yield from m.opening()
    yield m.para("lead")
    findings = m.findings(Consequence.PROPOSE)
    if not findings:
        yield m.gap("proposable")
    yield from listed(m, findings, "finding", level=1)
    yield m.para("basis_lead")
    yield from m.prose("proposal")
    yield m.para("reply")
    yield from m.closing(enclosed=[m.t("enclosed", **row) for row in m.rows("proposal_papers")])


RECIPE = Recipe(blocks)
