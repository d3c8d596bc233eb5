"""检查结果告知书: nothing was found that calls for a paper of its own (国办发〔2018〕118号: the result is told)."""

from __future__ import annotations

from collections.abc import Iterator

from ...domain.finding import Answer, Consequence
from ...domain.item import ItemFact
from ..blocks import Block
from .maker import Maker, Recipe


def blocks(m: Maker) -> Iterator[Block]:
    yield from m.opening()
    yield m.para("lead")
    yield m.para("totals")
    for item in m.case.items:
        if item.value in (Answer.MOSTLY, Answer.NONCONFORMING) and not _handled(m, item):
            m.words.lack("handling", m.t("where_item", code=item.code))
    mended = tuple(m.mended())
    if mended:
        yield m.para("mended_lead")
        yield from mended
    other = any(f.consequence != Consequence.ON_THE_SPOT for f in m.case.findings)
    if m.has("checked"):
        yield m.para("result_other" if other else "result_mended" if mended else "result")
    else:
        yield m.gap("outcome")
    yield m.para("duty")
    yield m.para("objection")
    yield from m.closing()


def _handled(m: Maker, item: ItemFact) -> bool:
    """Whether a deviation was followed up, so that the clean result is true."""
    return any(finding.code == item.code for finding in m.case.findings)


RECIPE = Recipe(blocks)
