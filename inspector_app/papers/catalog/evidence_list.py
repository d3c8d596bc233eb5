"""证据登记单 with its photo sheet: every piece with the fields that make it usable (行政诉讼证据规定 12, 64)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...domain.evidence import STORED, Evidence, led
from ..blocks import Block, Fields, Para, Photos, Prose, Table
from ..facts import period
from .maker import Maker, Recipe


def blocks(m: Maker) -> Iterator[Block]:
    yield m.title()
    pieces = [piece for piece in m.case.evidence if not piece.withdrawn]
    yield Fields(m.fields("head", count=str(len(pieces)) if pieces else ""))
    columns = m.words.rows("table")
    rows = tuple(_row(m, group, [template for _, _, template in columns]) for group in _groups(m, pieces))
    yield Table(tuple(head for head, _, _ in columns), tuple(float(width) for _, width, _ in columns), rows)
    yield Prose((Para(m.words.plain("note")),), m.words.plain("ending"))
    shown = [piece.number for piece in led(pieces) if piece.number in m.photos]
    if shown:
        yield Photos(m.words.plain("photo_heading"), m.shots(shown))


def _groups(m: Maker, pieces: Sequence[Evidence]) -> list[list[Evidence]]:
    """Photos of one thing, which differ in their moment only, stand in one row; each is shown on the photo sheet."""
    groups: list[list[Evidence]] = []
    for piece in pieces:
        if groups and piece.number in m.photos and _same(m, groups[-1][-1], piece):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return groups


def _same(m: Maker, one: Evidence, other: Evidence) -> bool:
    def about(piece: Evidence) -> tuple[object, ...]:
        return (piece.number in m.photos, piece.kind, piece.item, piece.proves, piece.place, piece.maker, piece.method,
                piece.carrier, piece.time_from)  # fmt: skip

    return about(one) == about(other)


def _row(m: Maker, group: Sequence[Evidence], templates: Sequence[str]) -> tuple[str, ...]:
    first, last = group[0], group[-1]
    facts = m.evidence_facts(first)
    if first.number in m.photos:
        facts["digest"] = m.words.plain("digest_below")
    if first.taken_at and last.taken_at and first.taken_at != last.taken_at and first.time_from != STORED:
        facts["taken"] = period(
            min(p.taken_at for p in group if p.taken_at), max(p.taken_at for p in group if p.taken_at)
        )
    facts["piece"] = m.numbers([piece.number for piece in group])
    return tuple(m.words.fill(template, first.number, facts) for template in templates)


RECIPE = Recipe(blocks, signed=True)
