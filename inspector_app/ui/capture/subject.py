"""What photos of the live picture are of: the items of the checklist, or one clause at a re-inspection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from ...actions import gallery, shooting
from ...actions.book import Done
from ...domain.calendar import zh_date
from ...domain.casefile import CaseFile
from ...domain.evidence import Evidence
from ...domain.finding import Finding
from ..desk import Desk

Keep = Callable[[bytes, str, datetime], Done[str]]
"""`keep(picture, device, at)` stores a photo and gives its number."""
Before = tuple[str, Evidence]
"""An older photo of the same thing, with words for it."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing that a photo may be of: its key, its line in the list, what the photo proves, the older photos of it, and
    how a photo of it is kept."""

    key: str
    words: str
    proves: str
    before: Callable[[], Sequence[Before]]
    keep: Keep


def topics_of_visit(desk: Desk, case: CaseFile) -> list[Topic]:
    """The items of the checklist, and none of them. Beside an item lie the photos of the last inspection."""
    book = desk.book

    def before(code: str) -> list[Before]:
        return [(f"上次 {zh_date(each.case.planned_from.date())} {each.piece.number}", each.piece)
                for each in gallery.earlier(book, case, code)]  # fmt: skip

    def keep(code: str) -> Keep:
        return lambda picture, device, at: shooting.take_shot(book, case.id, picture, device, at, code)

    none = Topic("", "不关联检查项", "存入后再写，或先选检查项。", lambda: (), keep(""))
    return [none, *(Topic(item.code, f"{item.code} {item.text}", item.note or item.text, partial(before, item.code), keep(item.code))
                    for item in case.items)]  # fmt: skip


def topics_of_clause(desk: Desk, case: CaseFile, finding: Finding) -> list[Topic]:
    """The clause alone. Beside it lie the photos on which the finding rests. Raises `Problem` where none may be taken now."""
    book = desk.book
    shooting.check_clause(book, case.id, finding.id)
    then = [
        (f"当时 {p.number}", p) for p in case.evidence if p.number in finding.evidence and p.copy and not p.withdrawn
    ]
    keep = lambda picture, device, at: shooting.shoot_clause(book, case.id, picture, device, at, finding.id)  # noqa: E731
    words = f"{finding.code} {finding.demand or finding.fact}"
    return [Topic(finding.code, words, "复查所见", lambda: then, keep)]
