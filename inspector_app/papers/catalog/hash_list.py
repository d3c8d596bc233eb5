"""电子数据校验清单: the whole digests of every stored file, for the unit to confirm (行政诉讼证据规定64)."""

from __future__ import annotations

from collections.abc import Iterator

from ..blocks import Block, Fields, Para, Prose
from .maker import Maker, Recipe


def blocks(m: Maker) -> Iterator[Block]:
    yield m.title()
    pieces = [piece for piece in m.case.evidence if not piece.withdrawn]
    yield Fields(m.fields("head", count=str(len(pieces)) if pieces else ""))
    yield m.table("table", [m.evidence_facts(piece) for piece in pieces])
    yield Prose((Para(m.words.plain("note")),), m.words.plain("ending"))


RECIPE = Recipe(blocks, signed=True)
