"""责令限期改正通知书: breaches that the regulation names, ordered to be corrected (档案法实施条例48 to 51)."""

from __future__ import annotations

from collections.abc import Iterator

from ...domain.finding import Consequence
from ...domain.law import joined, numeral
from ..blocks import Block
from .maker import Maker, Recipe
from .order import order


def blocks(m: Maker) -> Iterator[Block]:
    """Each article has its own consequence, so the order names the articles of its findings."""
    findings = m.findings(Consequence.CORRECT)
    for n, finding in enumerate(findings, 1):
        if not finding.order_basis:
            m.words.lack("order_basis", m.t("where_finding", nth=numeral(n)))
    articles = list(dict.fromkeys(f.order_basis for f in findings if f.order_basis))
    known = m.words.data("consequences")
    consequence = "；".join(known[article] for article in articles if article in known)
    yield from order(m, findings, "correctable", joined(articles), consequence)


RECIPE = Recipe(blocks)
