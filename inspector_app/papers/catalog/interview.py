"""询问笔录: one person, one record; the opening questions are fixed, every page is signed (行政处罚法55)."""

from __future__ import annotations

from collections.abc import Iterator

from ..blocks import Block, Fields, Para, Prose
from ..fonts import HEI
from .maker import Maker, Recipe


def blocks(m: Maker) -> Iterator[Block]:
    yield m.title()
    yield Fields(m.fields("head"))
    *paragraphs, last = (*_opening(m), *_talk(m))
    yield Prose((*paragraphs, m.kept(last)))  # what the person confirms does not stand alone on a page
    yield Fields(m.fields("confirm"), keep=True)
    yield Prose((), m.words.plain("ending"))


def _opening(m: Maker) -> Iterator[Para]:
    """Identity, recusal, rights and duties: asked of everybody in the same words."""
    for question, answer in m.words.rows("opening"):
        yield from _line(m, "question", m.words.fill(question))
        yield from _line(m, "answer", m.words.fill(answer))


def _talk(m: Maker) -> Iterator[Para]:
    for n, row in enumerate(m.rows("talk"), 1):
        yield from _line(m, "question", m.t("said", m.row(n), **row))
        yield from _line(m, "answer", m.t("replied", m.row(n), **row))


def _line(m: Maker, who: str, text: str) -> Iterator[Para]:
    """问 and 答 stand out, what was said hangs behind them by two cells."""
    yield Para(text, lead=m.words.plain(who), lead_role=HEI, indent=0.0, hang=2.0, names=m.names)


RECIPE = Recipe(blocks, signed=True)
