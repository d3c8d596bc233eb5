"""行政检查意见书: findings that call for advice. It orders nothing (档案法42); an order is a paper of its own."""

from __future__ import annotations

from collections.abc import Iterator

from ...domain.calendar import zh_date
from ...domain.finding import Consequence
from ..blocks import Block
from .maker import Maker, Recipe


def blocks(m: Maker) -> Iterator[Block]:
    yield from m.opening()
    yield m.para("lead")
    yield m.heading(1, "head_summary")
    yield m.para("summary")
    findings = m.findings(Consequence.OPINION)
    yield m.heading(2, "head_findings")
    if not findings:
        yield m.gap("advised")
    for n, finding in enumerate(findings, 1):
        yield m.numbered(n, m.finding("finding", n, finding), level=2)
    mended = tuple(m.mended())
    if mended:
        yield m.heading(3, "head_mended")
        yield m.para("mended_lead")
        yield from mended
    yield m.heading(4 if mended else 3, "head_reply")
    days = [finding.due for finding in findings if finding.due]
    yield m.para("reply", due=zh_date(max(days)) if days else "")
    yield from m.closing(m.pictured(findings))


RECIPE = Recipe(blocks)
