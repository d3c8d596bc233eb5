"""检查结果公示表: the copy for the public, without names of persons and phone numbers (国办发〔2018〕118号 6)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..blocks import Block, Fields, Note
from .maker import Maker, Recipe

_PHONE = re.compile(r"(?<!\d)(?:1\d{10}|0\d{2,3}-\d{7,8})(?!\d)")


def blocks(m: Maker) -> Iterator[Block]:
    yield m.title()
    public = {name: masked(m, text) for name, text in m.words.facts.items()}
    m.words.facts = public | {name: m.words.facts[name] for name in ("unit", "bureau")}  # who was checked is told
    yield Fields(m.fields("head"))
    yield Note(m.words.plain("note"))


def masked(m: Maker, text: str) -> str:
    """A text without the persons that the case knows, and without phone numbers."""
    case, unit = m.case, m.case.unit
    people = {officer.name for officer in case.officers} | {a.name for a in case.visit.attendees}
    people |= {unit.head, unit.contact, case.approved_by, case.visit.leading_official} - {""}
    for name in sorted(people, key=lambda name: (-len(name), name)):
        text = text.replace(name, m.words.plain("masked"))
    return _PHONE.sub(m.words.plain("phone_masked"), text)


RECIPE = Recipe(blocks)
