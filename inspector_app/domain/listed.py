"""Lists that the bureau makes public of itself: what it may inspect (权责清单) and what law it explains (普法责任清单).

A list is one text of the rules. An entry may have been public in several versions, each for its own period; a version is
public once somebody else than who wrote it has checked it, and on the days of its period.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from .people import Officer


@dataclass(frozen=True, slots=True)
class Heading:
    """What is said of every entry of a list: its key and name, in how many lines, and the words there are to choose from."""

    key: str
    name: str
    needed: bool = True
    lines: int = 1
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """A list: the text and the table in it that hold it, its title, and its headings, of which the first names an entry."""

    file: str
    table: str
    title: str
    headings: tuple[Heading, ...]


IN_VISITS, BESIDE = "检查中", "检查以外"
"""Where law is explained: to the inspected unit, which the record of the visit tells, or at an occasion of its own."""

POWERS = Listing("powers.toml", "power", "权责清单", (
    Heading("name", "检查事项"), Heading("organ", "执法主体"), Heading("subjects", "检查对象"), Heading("items", "检查内容", lines=2),
    Heading("basis", "依据", lines=2), Heading("procedure", "程序", lines=2), Heading("method", "检查方式", needed=False),
))  # fmt: skip
LAWS_TOLD = Listing("law_publicity.toml", "duty", "普法责任清单", (
    Heading("law", "法律法规"), Heading("audience", "对象"), Heading("occasion", "场合", words=(IN_VISITS, BESIDE)),
    Heading("way", "方式"), Heading("time", "时间"), Heading("organ", "责任部门"),
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One version of an entry. `kept_by` wrote it, `verified_by` checked it on `verified_on`; both are names, or empty.

    Two people may have one name: `keeper` and `verifier` are their ids, empty in versions of earlier times.
    """

    id: str
    said: Mapping[str, str]
    valid_from: date | None = None
    valid_to: date | None = None
    kept_by: str = ""
    verified_by: str = ""
    verified_on: date | None = None
    keeper: str = ""
    verifier: str = ""

    @property
    def name(self) -> str:
        """What the first heading says."""
        return next(iter(self.said.values()), "")

    def holds(self, day: date) -> bool:
        """Whether a day lies in its period."""
        return (
            self.valid_from is not None and self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
        )

    @property
    def is_verified(self) -> bool:
        """Whether two people have seen it."""
        return bool(self.kept_by and self.verified_by) and not self.is_by(self.verifier, self.verified_by)

    def is_by(self, id: str, name: str) -> bool:
        """Whether this person wrote it."""
        return self.keeper == id if self.keeper and id else self.kept_by == name

    def is_public(self, day: date) -> bool:
        """Whether anybody may read it on a day."""
        return self.is_verified and self.holds(day)

    def is_over(self, day: date) -> bool:
        """Whether its period has ended before a day."""
        return self.valid_to is not None and self.valid_to < day


Entries = tuple[Entry, ...]


def read_list(listing: Listing, text: str) -> Entries:
    """Read a list from its text. Raises KeyError, TypeError or ValueError for what cannot be obeyed."""

    def day(written: str) -> date | None:
        return date.fromisoformat(written) if written else None

    return tuple(
        Entry(
            str(row["id"]), {each.key: str(row[each.key] if each.needed else row.get(each.key, "")) for each in listing.headings},
            day(row["valid_from"]), day(row["valid_to"]), str(row.get("kept_by", "")), str(row["verified_by"]),
            day(row["verified_on"]), str(row.get("keeper", "")), str(row.get("verifier", "")),
        )
        for row in tomllib.loads(text).get(listing.table, ())
    )  # fmt: skip


def write_list(listing: Listing, before: str, entries: Iterable[Entry]) -> str:
    """The text of a list; what stood above the first entry of the text before stays."""
    head = before.partition(f"[[{listing.table}]]")[0].rstrip()
    return "\n\n".join((head, *("\n".join((f"[[{listing.table}]]", *_lines(each))) for each in entries))) + "\n"


def _lines(entry: Entry) -> Iterator[str]:
    def day(each: date | None) -> str:
        return each.isoformat() if each else ""

    held = {
        "id": entry.id, **entry.said, "valid_from": day(entry.valid_from), "valid_to": day(entry.valid_to),
        "kept_by": entry.kept_by, "verified_by": entry.verified_by, "verified_on": day(entry.verified_on),
        "keeper": entry.keeper, "verifier": entry.verifier,
    }  # fmt: skip
    return (f"{key} = {json.dumps(plain(text), ensure_ascii=False)}" for key, text in held.items())


def plain(text: str) -> str:
    """A text without what TOML would not take: its basic strings (TOML 1.0) are those of JSON, but for control characters."""
    kept = (each if each == "\n" or each.isprintable() else " " if each.isspace() else "" for each in text)
    return "".join(kept).strip()


# -- versions --------------------------------------------------------------------------------------------------------


def kept(entries: Entries, entry: Entry, by: Officer) -> Entries:
    """The list with a version that nobody has checked yet; it takes the place of another such version of the same entry."""
    made = replace(entry, kept_by=by.name, keeper=by.id, verified_by="", verifier="", verified_on=None)
    return (*dropped(entries, entry.id), made)


def dropped(entries: Entries, id: str) -> Entries:
    """The list without the version of an entry that nobody has checked. What was checked is not dropped: it ends."""
    return tuple(each for each in entries if each.id != id or each.is_verified)


def verified(entries: Entries, entry: Entry, by: Officer, on: date) -> Entries:
    """The list with a version checked: the versions before it end on the day before it begins, and it takes the place of
    one that would have begun no earlier."""
    begin = entry.valid_from
    assert begin is not None

    def shortened(each: Entry) -> Entry:
        last = begin - timedelta(days=1)
        return replace(each, valid_to=min(each.valid_to or last, last))

    others = dropped(entries, entry.id)
    before = (
        shortened(e) if e.id == entry.id else e for e in others if e.id != entry.id or (e.valid_from or begin) < begin
    )
    return (*before, replace(entry, verified_by=by.name, verifier=by.id, verified_on=on))


def ordered(entries: Entries) -> Entries:
    """As they are read: by name, the versions of one entry by their periods."""
    return tuple(
        sorted(entries, key=lambda each: (each.name, each.id, each.valid_from or date.max, not each.is_verified))
    )
