"""延期整改申请审批表: what the unit asks for, and what the bureau decides."""

from __future__ import annotations

from collections.abc import Iterator

from ..blocks import Block, Fields, Note
from .maker import Maker, Recipe


def blocks(m: Maker) -> Iterator[Block]:
    yield m.title()
    yield Fields(m.fields("head"))
    yield Fields(m.fields("boxes"))
    granted = m.entries["extension_result"].options[0]
    if m.words.facts["extension_result"] == granted and not m.has("granted_until"):
        m.words.lack("granted_until", m.words.plain("where_granted"))
    yield Fields(m.fields("result"))
    yield Fields(m.fields("decided"))
    yield Note(m.words.plain("note"))


RECIPE = Recipe(blocks)
