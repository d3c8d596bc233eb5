"""The laptops that are enrolled at the bureau, for who keeps them: which are in use, and revoking one that is lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..domain.access import may
from ..domain.problems import Problem
from .book import Book
from .sync import linked


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A laptop as the bureau knows it. `revoked` is empty while it is in use."""

    name: str
    account: str
    since: datetime
    revoked: datetime | None


def enrolled(book: Book) -> tuple[Enrolled, ...]:
    """All laptops, those in use first. Asks the bureau. Raises `Problem`: `not_allowed`, `not_enrolled`, and as `sync.hand_over`."""
    if not may(book.actor, "see_operation"):
        raise Problem("not_allowed", who=book.person.name, act="看局里的电脑")
    with linked(book).door() as door:
        found = [Enrolled(row["name"], row["account"], datetime.fromisoformat(row["enrolled_at"]),
                          datetime.fromisoformat(row["revoked_at"]) if row["revoked_at"] else None) for row in door.devices()]  # fmt: skip
    return tuple(sorted(found, key=lambda each: (each.revoked is not None, each.name)))


def revoke(book: Book, name: str) -> None:
    """Revoke a laptop that is lost or retired: it takes nothing more, and what it still hands in is flagged. There is no way
    back; the laptop enrols anew. Raises as `enrolled`, and `not_found`."""
    if not may(book.actor, "manage_devices"):
        raise Problem("not_allowed", who=book.person.name, act="撤销电脑")
    with linked(book).door() as door:
        door.revoke(name)
