"""证据登记单 with its photo sheet: every piece with the fields that make it usable (行政诉讼证据规定 12, 64)."""

from __future__ import annotations

from collections.abc import Iterator

from ..blocks import Block, Fields, Note, Photos, Table, Title
from .maker import Maker, Recipe


def blocks(m: Maker) -> Iterator[Block]:
    yield Title(tuple(m.words.title.split("\n")))
    pieces = [piece for piece in m.case.evidence if not piece.withdrawn]
    yield Fields(m.fields("head", count=str(len(pieces)) if pieces else ""))
    columns = m.words.rows("table")
    rows = []
    for piece in pieces:
        facts = m.evidence_facts(piece)
        rows.append(tuple(m.words.fill(template, piece.number, facts) for _, _, template in columns))
    yield Table(tuple(head for head, _, _ in columns), tuple(float(width) for _, width, _ in columns), tuple(rows))
    yield Note(m.words.plain("note"))
    shown = [piece.number for piece in pieces if piece.number in m.photos]
    if shown:
        yield Photos(m.words.plain("photo_heading"), m.shots(shown))


RECIPE = Recipe(blocks, signed=True)
