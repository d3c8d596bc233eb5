"""The lists that the bureau makes public of itself: written by one person, checked by another, ended and never erased."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from ..domain.access import may
from ..domain.listed import (
    LAWS_TOLD,
    POWERS,
    Entries,
    Entry,
    Listing,
    dropped,
    kept,
    ordered,
    plain,
    read_list,
    verified,
    write_list,
)
from ..domain.problems import Problem
from . import rulebook
from .book import Book, Done
from .handing_out import write_new


def entries(book: Book, listing: Listing) -> Entries:
    """All versions of a list as it was published last. Raises `Problem("list_unreadable")`."""
    return ordered(_read(listing, rulebook.newest(book, listing.file)[0]))


def _read(listing: Listing, text: str) -> Entries:
    try:
        return read_list(listing, text)
    except (KeyError, TypeError, ValueError, AttributeError) as error:  # of a later version, or by none of ours
        raise Problem("list_unreadable", title=listing.title) from error


def is_disputed(book: Book, listing: Listing) -> bool:
    """Whether two people changed the list without knowing of one another: one of the two is shown, and whoever changes it
    next settles that."""
    return rulebook.newest(book, listing.file)[1]


def keep(book: Book, listing: Listing, entry: Entry) -> Done[str]:
    """Write a version of an entry, a new one without an id; it waits for somebody else to check it. Until then the public
    reads the versions that were checked.

    Raises `Problem`: `field_needed`, `date_order`, `rules_bad` for what cites repealed law, `not_allowed`.
    """
    said = {each.key: plain(entry.said.get(each.key, "")) for each in listing.headings}
    if empty := [each.name for each in listing.headings if each.needed and not said[each.key]]:
        raise Problem("field_needed", what="、".join(empty))
    if entry.valid_from and entry.valid_to and entry.valid_to < entry.valid_from:
        raise Problem("date_order", later="有效期止", earlier="有效期起")
    made = replace(entry, id=entry.id or uuid.uuid4().hex[:12], said=said)
    return _write(book, listing, lambda held: kept(held, made, book.person), undoable=True)


def verify(book: Book, listing: Listing, entry: Entry) -> Done[str]:
    """Say that a version agrees with the official text; it is public from the day on which it begins.

    Raises `Problem`: `list_moved`, `field_needed` without a first day, `list_second`, `not_allowed`.
    """
    if entry not in entries(book, listing) or entry.is_verified:
        raise Problem("list_moved")
    if entry.valid_from is None or not entry.kept_by:
        raise Problem("field_needed", what="有效期起")
    if entry.is_by(book.person.id, book.person.name):
        raise Problem("list_second", officer=entry.kept_by)
    return _write(book, listing, lambda held: verified(held, entry, book.person, book.clock.now().at.date()))


def drop(book: Book, listing: Listing, entry: Entry) -> Done[str]:
    """Take back a version that nobody has checked. One that was checked ends by a version with its last day.

    Raises `Problem`: `list_moved`, `not_allowed`.
    """
    if entry not in entries(book, listing) or entry.is_verified:
        raise Problem("list_moved")
    return _write(book, listing, lambda held: dropped(held, entry.id), undoable=True)


def _write(book: Book, listing: Listing, change: Callable[[Entries], Entries], *, undoable: bool = False) -> Done[str]:
    """What was checked is public, so checking is not undone: it ends by a version."""
    text, _ = rulebook.newest(book, listing.file)
    made = write_list(listing, text, change(_read(listing, text)))
    return rulebook.publish_text(book, listing.file, made, undoable=undoable)


def is_for(book: Book, entry: Entry) -> bool:
    """Whether a version waits to be checked, and somebody else wrote it than who is signed in."""
    return bool(entry.kept_by) and not entry.is_verified and not entry.is_by(book.person.id, book.person.name)


def waiting(book: Book) -> tuple[tuple[Listing, Entry], ...]:
    """What somebody else has written, with its period, and who is signed in may check."""
    if not may(book.actor, "register"):
        return ()
    found: list[tuple[Listing, Entry]] = []
    for listing in (POWERS, LAWS_TOLD):
        with suppress(Problem):  # a list that cannot be read is told where it stands
            found += [(listing, each) for each in entries(book, listing) if each.valid_from and is_for(book, each)]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Ending:
    """An entry whose period ends, with the last day."""

    listing: Listing
    entry: Entry
    day: date


def endings(book: Book) -> tuple[Ending, ...]:
    """What is public and ends within the time that policy warns before, without a version that follows."""
    today = book.clock.now().at.date()
    until = today + timedelta(days=book.rules.policy.list_ends_days)
    found: list[Ending] = []
    for listing in (POWERS, LAWS_TOLD):
        with suppress(Problem):  # a list that cannot be read is told where it stands
            held = entries(book, listing)
            begins = {(each.id, each.valid_from) for each in held if each.is_verified}
            found += [
                Ending(listing, each, each.valid_to) for each in held
                if each.is_public(today) and each.valid_to is not None and each.valid_to <= until
                and not any(id == each.id and begin and begin > each.valid_to for id, begin in begins)
            ]  # fmt: skip
    return tuple(found)


def export(book: Book, listing: Listing, target: Path) -> Path:
    """Write a list as a workbook, all its versions. Raises `Problem`: `file_exists`, `file_unwritable`."""
    from ..workbooks import lists  # takes a quarter of a second to import, and a window starts without it

    return write_new(target, lists.write(listing, entries(book, listing)))
