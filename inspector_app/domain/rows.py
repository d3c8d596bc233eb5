"""What the fold makes: rows of plain JSON by topic and key, and how they are read.

In a row stand versions of a value, several where two knew nothing of each other. Whatever was written by others may be of bad
make: what cannot be read is left out and keeps nobody from the rest.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from sys import intern
from typing import Any, TypeVar

Key = tuple[str, str]
Row = dict[str, Any]
Versions = list[Row]
NameOf = Callable[[str], str]
"""The name of a person by their id."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Version:
    """One of several values that stand side by side: who wrote it and when."""

    event: str
    value: str
    reason: str
    by: str
    at: datetime
    field: str = ""  # of a finding: which of its fields


def standing(versions: Versions) -> Versions:
    """The versions that differ in value, equal ones collapsed to the one with the smallest id."""
    if len(versions) < 2:
        return list(versions)
    seen: dict[str, Row] = {}
    for version in versions:
        seen.setdefault(json.dumps(version["value"], ensure_ascii=False, sort_keys=True), version)
    return list(seen.values())


REPLACED = ("evidence", "picture")
"""Topics whose rows are never changed in place (`Folded.anew`), so that whoever reads may hold the fold's own: a case may have
ten thousand."""


def row_of(text: str) -> Row:
    """A row as it was stored; the names of its fields are kept once for all rows."""
    row: Row = json.loads(text, object_pairs_hook=lambda pairs: {intern(name): value for name, value in pairs})
    return row


def copied(plain: Any) -> Any:
    """The same plain JSON once more; it shares the texts, which never change."""
    if isinstance(plain, dict):
        return {name: copied(value) for name, value in plain.items()}
    return [copied(value) for value in plain] if isinstance(plain, list | tuple) else plain


def rows_of(topic: str, rows: Mapping[Key, Row]) -> list[Row]:
    """All rows of a topic in the order of their keys."""
    return [rows[key] for key in sorted(key for key in rows if key[0] == topic)]


def readable(read: Callable[[Row], T], rows: Iterable[Row]) -> Iterator[T]:
    """What can be read of some rows: a bad event of somebody else must not keep anybody from the rest."""
    for row in rows:
        try:
            yield read(row)
        except (KeyError, TypeError, ValueError, AttributeError):
            continue


def when(text: Any) -> datetime | None:
    """A stored time; one that is none counts as not given, so that a bad value never makes a case unreadable."""
    try:
        return datetime.fromisoformat(text) if text else None
    except (ValueError, TypeError):
        return None


def day_of(text: Any) -> date | None:
    """Like `when`, a day."""
    try:
        return date.fromisoformat(text) if text else None
    except (ValueError, TypeError):
        return None


def side_by_side(versions: Sequence[Row], name_of: NameOf) -> tuple[Version, ...]:
    """Versions for a person to compare."""
    return tuple(
        Version(
            v["event"],
            str(v["value"]),
            v["reason"],
            name_of(v["by"]),
            datetime.fromisoformat(v["at"]),
            v.get("field", ""),
        )
        for v in versions
    )


def steps(row: Row, name: str) -> list[Row]:
    """What stands of a step, the earliest first: one value, or those of two officers who knew nothing of each other."""
    return sorted((v["value"] for v in standing(row.get(name, []))), key=lambda value: (value["at"], value["by"]))


def first(row: Row, name: str) -> Row:
    """A step as it was first taken; empty when it was not."""
    return next(iter(steps(row, name)), {})


def joined(row: Row, name: str, field: str) -> str:
    """A text that two officers may have written at once: none of it is lost."""
    return "；".join(dict.fromkeys(text for value in steps(row, name) if (text := str(value.get(field, "")))))
