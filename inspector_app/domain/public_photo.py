"""A photo in a public copy: none is, until somebody by name has cleared a copy of it with a reason.

The copy holds what is covered in its own pixels. It belongs to its piece of evidence: what is found of the piece (泄密处置)
is found of the copy.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .event import Event
from .evidence import Mark, Shape, read_marks
from .folding import Folding
from .rows import Key, Row

CLEARED = "photo_cleared"


@dataclass(frozen=True, slots=True)
class Cleared:
    """A photo that may be shown: the digest of the public copy, what it covers, the reason, and who has ever cleared it."""

    number: str
    sha256: str = ""
    covers: tuple[Mark, ...] = ()
    reason: str = ""
    by: tuple[str, ...] = ()

    def is_of(self, marks: Iterable[Mark]) -> bool:
        """Whether the copy covers what is covered now; whoever covers more takes the older copy out of the public copy."""
        return self.covers == covered(marks)


_PLAIN = frozenset({0xC0, 0xC4, 0xDB, 0xDD, 0xE0})
"""Segments of a baseline JPEG that say how its pixels are decoded: frame, tables, restart interval, JFIF (ITU-T T.81 B.1)."""


def is_bare(jpeg: bytes) -> bool:
    """Whether a JPEG holds pixels and nothing else: no EXIF, comment, profile or thumbnail, nothing behind its end."""
    at = 2 if jpeg.startswith(b"\xff\xd8") else len(jpeg)
    while jpeg[at : at + 1] == b"\xff" and len(jpeg) > at + 4:
        if jpeg[at + 1] == 0xDA:  # the pixels, which hold no marker but the last
            return jpeg.find(b"\xff\xd9", at) == len(jpeg) - 2
        if jpeg[at + 1] not in _PLAIN:
            return False
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    return False


def covered(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Of the marks over a photo those that cover something: arrows and words are for the bureau's own papers."""
    return tuple(mark for mark in marks if mark.shape is Shape.BLUR)


def apply(folded: Folding, event: Event, row: Row) -> Key:
    """Fold one clearing into the row of its publication, and name the copy beside its piece of evidence, whose key is
    returned. Raises ValueError where there is no such piece."""
    number, sha256 = str(event.body["number"]), str(event.body["sha256"])
    if ("evidence", number) not in folded.rows:
        raise ValueError("no such evidence")
    covers = [mark.plain() for mark in read_marks(event.body["covers"])]
    value = {"sha256": sha256, "covers": covers, "reason": str(event.body["reason"])}
    folded.write(row.setdefault("photos", {}).setdefault(number, []), event, value)
    if sha256:
        _add(row.setdefault("cleared", {}).setdefault(sha256, []), event.actor.id)
        _add(folded.anew(("evidence", number)).setdefault("public", []), sha256)
    return "evidence", number


def _add(names: list[str], name: str) -> None:
    names[:] = sorted({*names, name})


def pictures_of(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Digests of the photos among the rows of a copy that was sent."""
    return [str(row["picture"]) for row in rows if row.get("picture")]


def clearers(row: Mapping[str, Any], pictures: Iterable[str]) -> Collection[str]:
    """Who has cleared these photos. Raises ValueError for one that nobody has."""
    cleared = row.get("cleared", {})
    by = [cleared.get(sha256) for sha256 in pictures]
    if not all(by):
        raise ValueError("a photo that nobody has cleared")
    return {id for ids in by for id in ids or ()}


def read_cleared(row: Mapping[str, Any]) -> tuple[Cleared, ...]:
    """What stands, by number; of two clearings that knew nothing of each other none does, until somebody clears anew."""
    found = []
    for number, versions in sorted(row.get("photos", {}).items()):
        value: Row = versions[0]["value"] if len(versions) == 1 else {"sha256": ""}
        if value["sha256"]:
            by = tuple(row["cleared"][value["sha256"]])
            found.append(Cleared(number, value["sha256"], read_marks(value["covers"]), value["reason"], by))
    return tuple(found)
