"""集体讨论记录: who said what of which finding, with the consequence that was proposed, and what was decided."""

from __future__ import annotations

from collections.abc import Iterator

from ...domain.finding import Consequence, Severity
from ..blocks import Block, Fields, Note
from ..facts import bare
from .maker import Maker, Recipe


def blocks(m: Maker) -> Iterator[Block]:
    yield m.title()
    yield Fields(m.fields("head"))
    proposed = [
        {"fact": bare(f.fact), "severity": Severity(f.severity).label,
         "consequence": f"{Consequence(f.consequence).label}（{m.basis(f)}）"}
        for f in m.case.findings
    ]  # fmt: skip
    if proposed:
        yield m.table("proposed", proposed)
    yield m.table("views", m.rows("discuss_views"))
    yield Fields(m.fields("result"))
    yield Fields(m.fields("hand"))
    yield Note(m.words.plain("note"))


RECIPE = Recipe(blocks)
