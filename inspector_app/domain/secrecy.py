"""泄密处置 (保密法31): evidence that may hold a state secret is frozen at once; on an order its bytes are destroyed.

The record keeps what it is about, the digests, who asked and the order's number. Who found it cannot order it, so that
nobody destroys evidence alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .rows import Key, Row

FOUND, CLEARED, DESTROYED = "secret_found", "secret_cleared", "secret_destroyed"
KINDS = frozenset({FOUND, CLEARED, DESTROYED})
TOPICS = ("evidence", "picture")
"""Topics of the fold whose rows may hold a secret: the evidence of the visit, and the pictures of a rectification."""

TOPIC = "secret"
"""Topic of a small row beside each piece of which somebody said that it may hold a secret: what is kept back is asked for on
every exchange and with every count, and nobody reads ten thousand pieces for that."""
_SHORT = ("secret", "destroyed", "sha256", "thumbnail", "copy", "public")


def keep(rows: dict[Key, Row], changed: Iterable[Key]) -> set[Key]:
    """Make the small rows of the pieces among these keys; returns theirs."""
    made = set()
    for topic, number in [key for key in changed if key[0] in TOPICS and "secret" in rows.get(key, ())]:
        made.add(key := (TOPIC, f"{topic}/{number}"))
        rows[key] = {name: rows[topic, number][name] for name in _SHORT if name in rows[topic, number]}
    return made


def state_of(row: Mapping[str, Any]) -> str:
    """Of a row of evidence: `DESTROYED` for good, `FOUND` while anybody's word for it stands, else ""."""
    if row.get("destroyed"):
        return DESTROYED
    return FOUND if any(version["value"] == FOUND for version in row.get("secret", ())) else ""


def files_of(row: Mapping[str, Any]) -> Iterator[str]:
    """Digests of the original of a piece of evidence and of what was made of it, its public copies included."""
    yield from (str(row[name]) for name in ("sha256", "thumbnail", "copy") if row.get(name))
    yield from map(str, row.get("public", ()))


def kept_back(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """digest -> state of every file that is neither shown, exchanged nor exported, of rows of evidence or their small ones."""
    held = [(state_of(row), row) for row in rows]
    found = {sha256: FOUND for state, row in held if state for sha256 in files_of(row)}
    return found | {sha256: DESTROYED for state, row in held if state == DESTROYED for sha256 in files_of(row)}
