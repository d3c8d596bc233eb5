"""卷内备考表: what there is to say of the volume, and the media that are kept beside it."""

from __future__ import annotations

from collections.abc import Iterator

from ..blocks import Block, Fields
from .maker import Maker, Recipe


def blocks(m: Maker) -> Iterator[Block]:
    yield m.title()
    yield Fields(m.fields("head"))
    pieces = [m.evidence_facts(piece) for piece in m.case.evidence if not piece.withdrawn]
    if pieces:
        yield m.table("table", pieces)
    yield Fields(m.fields("foot"))


RECIPE = Recipe(blocks)
