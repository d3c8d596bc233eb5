"""责令限期改正通知书: breaches that the regulation names, ordered to be corrected (档案法实施条例48 to 51)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from ...domain.finding import Consequence
from ...domain.policy import Policy, parse
from ...places import FORMS
from ..blocks import Block
from .maker import Maker, Recipe
from .order import order


@lru_cache(maxsize=1)
def _policy() -> Policy:
    return parse((FORMS / "policy.toml").read_text(encoding="utf-8"))


def blocks(m: Maker) -> Iterator[Block]:
    """Each article has its own consequence, so the order names the articles of its findings."""
    findings = m.findings(Consequence.CORRECT)
    articles = list(dict.fromkeys(_policy().order_basis(Consequence.CORRECT.value, f.code) for f in findings))
    known = m.words.data("consequences")
    consequence = "；".join(known[article] for article in articles if article in known)
    yield from order(m, findings, "、".join(articles), consequence)


RECIPE = Recipe(blocks)
