"""What both orders share: facts with evidence, what was violated, what must be done by when, and what follows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...domain.calendar import zh_date
from ...domain.finding import Consequence, Finding
from ..blocks import Block, Para
from .maker import Maker


def order(m: Maker, findings: Sequence[Finding], lacking: str, basis: str, consequence: str) -> Iterator[Block]:
    """The body of an order on these findings, or of the draft of one that names by `lacking` what it has none of: `basis` gives
    the power to order, `consequence` may be "" where the law names none."""
    yield from m.opening()
    yield m.para("lead")
    if not findings:
        yield m.gap(lacking)
    yield from listed(m, findings, "finding", level=1)
    yield m.para("order", order_basis=basis)
    yield from listed(m, findings, "demand" if len(findings) > 1 else "demand_one", level=2)
    days = [finding.due for finding in findings if finding.due]
    yield m.para("report", due=zh_date(max(days)) if days else "")
    if consequence:
        yield m.para("consequence", consequence=consequence)
    mended = () if m.findings(Consequence.OPINION) else tuple(m.mended())  # an opinion would tell it
    if mended:
        yield m.para("mended_lead")
        yield from mended
    # Between organs reconsideration and suit are disputed: who is told of them is a setting of the form.
    outside = m.case.unit.kind.value in m.words.data("remedies")["unit_kinds"]
    yield m.para("remedies" if outside else "objection")
    yield from m.closing(m.pictured(findings))


def listed(m: Maker, findings: Sequence[Finding], key: str, level: int) -> Iterator[Block]:
    """One numbered paragraph a finding; a single one bears no number."""
    for n, finding in enumerate(findings, 1):
        text = m.finding(key, n, finding)
        yield m.numbered(n, text, level=level) if len(findings) > 1 else Para(text, names=m.names)
