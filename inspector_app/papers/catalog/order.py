"""What both orders share: facts with evidence, what was violated, what must be done by when, and what follows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...domain.calendar import zh_date
from ...domain.casefile import Finding
from ..blocks import Block
from .maker import Maker


def order(m: Maker, findings: Sequence[Finding], basis: str, consequence: str) -> Iterator[Block]:
    """The body of an order on these findings; `basis` is the article that gives the power to order."""
    yield from m.opening()
    yield m.para("lead")
    for n, finding in enumerate(findings, 1):
        yield m.numbered(n, m.finding("finding", n, finding))
    yield m.para("order", order_basis=basis)
    for n, finding in enumerate(findings, 1):
        yield m.numbered(n, m.finding("demand", n, finding), level=2)
    days = [finding.due for finding in findings if finding.due]
    yield m.para("report", due=zh_date(max(days)) if days else "")
    yield m.para("consequence", consequence=consequence)
    # Between organs reconsideration and suit are disputed: who is told of them is a setting of the form.
    outside = m.case.unit.kind.value in m.words.data("remedies")["unit_kinds"]
    yield m.para("remedies" if outside else "objection")
    yield from m.closing(m.pictured(findings))
