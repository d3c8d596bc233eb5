"""普法: the list of what law is to be explained to whom, against what was explained; every figure leads to its inspections."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from .listed import BESIDE, Entry
from .people import UnitKind
from .rows import Row
from .statistics import Mark
from .tally import Tally

TOPIC = "law_told"


class Names:
    """Finds laws in a text by every name that one goes by, long or short -> its title."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        self._titles = titles
        longest = sorted(titles, key=lambda name: (-len(name), name))
        self._any = re.compile("|".join(map(re.escape, longest)) or r"(?!)")

    def within(self, text: str) -> frozenset[str]:
        """Titles of the laws that a text names; a name within a longer one is not meant by itself (档案法 in 档案法实施条例)."""
        return frozenset(self._titles[found] for found in self._any.findall(text))


@dataclass(frozen=True, slots=True)
class Occasion:
    """Law that was explained beside any inspection, e.g. in a week of publicity; `people` is how many heard it."""

    id: str
    day: date
    laws: str
    where: str
    audience: str
    people: int = 0


@dataclass(frozen=True, slots=True)
class Against:
    """A duty of the list against what was done of it in a year."""

    duty: Entry
    visits: Mark
    occasions: tuple[Occasion, ...]

    @property
    def count(self) -> int:
        return self.visits.value + len(self.occasions)


def against(
    duties: Iterable[Entry], year: int, tallies: Iterable[Tally], occasions: Iterable[Occasion], names: Names
) -> tuple[Against, ...]:
    """What was done of each duty in a year, within its period: inspections of its kinds of unit in which one of its laws was
    explained, or what was held beside inspections on one of its laws."""
    told = [(tally, tally.arrived.date(), names.within(tally.explained)) for tally in tallies
            if tally.explained and tally.arrived is not None and tally.arrived.year == year]  # fmt: skip
    held = [(each, names.within(each.laws)) for each in occasions if each.day.year == year]

    def one(duty: Entry) -> Against:
        laws, kinds = names.within(duty.said["law"]), kinds_in(duty.said["audience"])

        def falls(day: date) -> bool:
            return duty.valid_from is None or duty.holds(day)

        if duty.said["occasion"] == BESIDE:
            return Against(duty, Mark(), tuple(each for each, said in held if said & laws and falls(each.day)))
        mine = tuple(tally.id for tally, day, said in told if said & laws and tally.unit_kind in kinds and falls(day))
        return Against(duty, Mark(len(mine), mine), ())

    return tuple(map(one, duties))


def is_of(tally: Tally, year: int) -> bool:
    """Whether the visit was made in a year."""
    return tally.arrived is not None and tally.arrived.year == year


def kinds_in(audience: str) -> frozenset[str]:
    """Kinds of unit that an audience names by their words; all where it names none."""
    parts = re.split(r"[、，；;, ]+", audience.strip())
    return frozenset(kind.value for kind in UnitKind if kind.label in parts) or frozenset(
        kind.value for kind in UnitKind
    )


def unexplained(year: int, tallies: Iterable[Tally]) -> Mark:
    """Visits of a year that are over and in which no law was explained."""
    mine = tuple(
        tally.id for tally in tallies if tally.ended is not None and is_of(tally, year) and not tally.explained
    )
    return Mark(len(mine), mine)


def read_occasions(rows: Iterable[Row]) -> tuple[Occasion, ...]:
    """What was held beside inspections, the newest first; what cannot be read is none."""
    return tuple(sorted(_readable(rows), key=lambda each: (each.day, each.id), reverse=True))


def _readable(rows: Iterable[Row]) -> Iterator[Occasion]:
    for row in rows:
        try:
            said = row["steps"][-1]
            yield Occasion(said["id"], date.fromisoformat(said["day"]), said["laws"], said["where"], said["audience"],
                           int(said["people"]))  # fmt: skip
        except (KeyError, TypeError, ValueError, AttributeError, IndexError):
            continue
