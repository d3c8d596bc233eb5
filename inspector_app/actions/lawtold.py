"""普法: what the list of duties asks against what was explained in visits and at occasions of their own."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ..domain.event import PLANNING, Draft
from ..domain.lawtold import TOPIC, Against, Names, Occasion, against, is_of, read_occasions, unexplained
from ..domain.listed import LAWS_TOLD, Entry
from ..domain.problems import Problem
from ..domain.projection import rows_of
from ..domain.statistics import Mark
from . import listing
from .book import Book, Done
from .handing_out import write_new
from .planning import STEP


@dataclass(frozen=True, slots=True)
class Told:
    """The duties that hold at some time of a year against what was done, visits over without a word on law, and what was held
    beside inspections."""

    year: int
    duties: tuple[Against, ...]
    silent: Mark
    occasions: tuple[Occasion, ...]


def told(book: Book, year: int) -> Told:
    """The list against what was done in a year, as this laptop knows it. Duties that nobody has checked yet are weighed too."""
    tallies, held = tuple(book.queries.tallies().values()), occasions(book)
    duties = [entry for entry in listing.entries(book, LAWS_TOLD) if _falls_in(entry, year)]
    counted = against(duties, year, tallies, held, _names(book, duties))
    return Told(year, counted, unexplained(year, tallies), tuple(each for each in held if each.day.year == year))


def _falls_in(entry: Entry, year: int) -> bool:
    begin, end = entry.valid_from, entry.valid_to
    return (begin is None or begin.year <= year) and (end is None or end.year >= year)


def _names(book: Book, duties: list[Entry]) -> Names:
    """The names of the laws of the catalogue, and of those that only the list has."""
    known = {name: law.title for law in book.rules.laws.laws for name in (law.title, *law.short)}
    catalogue = Names(known)
    own = [entry.said["law"].strip("《》") for entry in duties if not catalogue.within(entry.said["law"])]
    return Names(known | {name: name for name in own}) if own else catalogue


def occasions(book: Book) -> tuple[Occasion, ...]:
    """What was held beside inspections, the newest first."""
    return read_occasions(rows_of(TOPIC, book.store.rows(PLANNING)))


def enter(book: Book, occasion: Occasion) -> Done[str]:
    """Enter what was held beside inspections, or mend what was entered; returns its id.

    Raises `Problem`: `field_needed`, `date_ahead`, `not_allowed`.
    """
    needed = {"讲了哪部法": occasion.laws, "地点": occasion.where, "对象": occasion.audience}
    if empty := [name for name, text in needed.items() if not text.strip()]:
        raise Problem("field_needed", what="、".join(empty))
    if occasion.day > book.clock.now().at.date():
        raise Problem("date_ahead", what="日期")
    id = occasion.id or uuid.uuid4().hex[:12]
    body = {"id": id, "day": occasion.day.isoformat(), "laws": occasion.laws.strip(), "where": occasion.where.strip(),
            "audience": occasion.audience.strip(), "people": max(occasion.people, 0)}  # fmt: skip
    return book.done(id, [Draft(PLANNING, "law_publicised", body, STEP)])


def export(book: Book, year: int, target: Path) -> Path:
    """Write the list as a workbook, with what was done of it in a year and where. Raises `Problem`: `file_exists`, `file_unwritable`."""
    from ..workbooks import lists  # takes a quarter of a second to import, and a window starts without it

    counted = told(book, year)
    asked = ((each.duty.said, each.count) for each in counted.duties)
    done: list[tuple[str, ...]] = [
        (said["law"], said["audience"], said["occasion"], str(count)) for said, count in asked
    ]
    sheets: dict[str, tuple[tuple[str, ...], lists.Lines]] = {
        f"{year}年完成情况": (("法律法规", "对象", "场合", "次数"), done),
        f"{year}年宣讲记录": (("日期", "单位或地点", "讲了什么", "人数"), sorted(_record(book, counted))),
    }
    return write_new(target, lists.write(LAWS_TOLD, listing.entries(book, LAWS_TOLD), **sheets))


def _record(book: Book, counted: Told) -> Iterator[tuple[date, str, str, str]]:
    """What was explained where, in visits and beside them."""
    for tally in book.queries.tallies().values():
        if tally.explained and tally.arrived is not None and is_of(tally, counted.year):
            yield tally.arrived.date(), tally.unit_name, tally.explained, ""
    for each in counted.occasions:
        yield each.day, f"{each.where}（{each.audience}）", each.laws, str(each.people or "")
