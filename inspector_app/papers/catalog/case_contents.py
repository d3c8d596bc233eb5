"""卷内文件目录: the papers of the volume in the order in which they were made, with the pages that each takes."""

from __future__ import annotations

from collections.abc import Iterator

from ...domain.calendar import zh_date
from ..blocks import Block
from .maker import Maker, Recipe


def blocks(m: Maker) -> Iterator[Block]:
    yield m.title()
    if not m.case.filed:
        m.words.lack("filed_count")
    yield m.table("table", list(_rows(m)))


def _rows(m: Maker) -> Iterator[dict[str, str]]:
    """One paper begins on the page after the last one."""
    last = 0
    for paper in m.case.filed:
        first, last = last + 1, last + paper.pages
        pages = m.t("one_page" if first == last else "pages", first=str(first), last=str(last))
        yield {
            "number": paper.number, "author": m.words.facts["bureau"], "title": paper.title,
            "made_on": zh_date(paper.at.date()), "range": pages, "note": "",
        }  # fmt: skip


RECIPE = Recipe(blocks)
