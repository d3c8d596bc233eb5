"""卷宗封面: the volume of an inspection; not counted among its pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..blocks import Blank, Block, Fields, Title
from ..titles import by_sense
from .maker import Maker, Recipe

_ROW = 13.0  # a cover has room


def blocks(m: Maker) -> Iterator[Block]:
    yield Blank(2)
    yield Title((*by_sense(m.t("sign"), m.words.items("title_words")), *m.title().lines))
    yield Blank(1)
    yield Fields(tuple(tuple(replace(field, height=_ROW) for field in row) for row in m.fields("cover")))


RECIPE = Recipe(blocks)
