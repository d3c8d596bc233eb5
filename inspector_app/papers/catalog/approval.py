"""行政检查审批表: what is to be checked and why, with the opinions of officer, section and head (国办发〔2024〕54号)."""

from __future__ import annotations

from collections.abc import Iterator

from ...domain.together import JOINT, MERGED
from ..blocks import Block, Fields, Note
from .maker import Maker, Recipe


def blocks(m: Maker) -> Iterator[Block]:
    yield m.title()
    yield Fields(m.fields("head"))
    yield from _together(m)
    yield Fields(m.fields("boxes"))
    yield Note(m.words.plain("note"))


def _together(m: Maker) -> Iterator[Block]:
    """With whom a joint inspection is held, and what a merged one carries out as well: named where the form says so."""
    form, partners, merged = m.words.facts["joint"], m.rows("partners"), m.rows("merged")
    if form not in (JOINT, MERGED):
        return
    if form == JOINT and not partners:
        m.words.lack("partners")
    if form == MERGED and not merged:
        m.words.lack("merged")
    if partners:
        yield Fields(m.fields("led"))
        yield m.table("partners", partners)
    if merged:
        yield m.table("merged", merged)


RECIPE = Recipe(blocks)
