"""A stream while it is folded, and the ways in which one kind of event writes a row.

`fold_register`, `fold_visit`, `fold_papers` and the rooms of single matters say which kind does which; `projection` joins them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from .event import Event
from .merge import Ancestry
from .rows import Key, Row, Versions, copied


@dataclass(slots=True)
class Folding:
    """The rows of one stream and what is needed to fold the next event."""

    rows: dict[Key, Row] = field(default_factory=dict)
    ancestry: Ancestry = field(default_factory=Ancestry)
    heads: set[str] = field(default_factory=set)
    aside: frozenset[str] = frozenset()
    """Events that the bureau has set aside: they keep their place in the record and do nothing here."""

    def row(self, topic: str, key: str) -> Row:
        """The row under this key, made empty when it is new."""
        return self.rows.setdefault((topic, key), {})

    def anew(self, key: Key) -> Row:
        """A row of `rows.REPLACED` to be changed: in its place stands a copy, and who holds the old one keeps it."""
        row: Row = copied(self.rows[key])
        self.rows[key] = row
        return row

    def write(self, versions: Versions, event: Event, value: Any, reason: str = "", **more: Any) -> None:
        """Set a register: what lies in the event's past gives way, what is concurrent stays beside it."""
        versions[:] = [v for v in versions if not self.ancestry.precedes(v["event"], event.id)]
        stamp = {"reason": reason, "by": event.actor.id, "at": event.at}
        versions.append({"event": event.id, "value": value, **stamp, **more})
        versions.sort(key=lambda version: str(version["event"]))


Handler: TypeAlias = Callable[[Folding, Event], set[Key]]
"""Folds one event whose parents are folded; returns the keys of the rows that changed."""


def keep(topic: str, key_field: str) -> Handler:
    """Rows that are simply the newest body, e.g. the registers of units and officers."""

    def handler(folded: Folding, event: Event) -> set[Key]:
        key = (topic, str(event.body.get(key_field, "")))
        folded.rows[key] = {**folded.rows.get(key, {}), **event.body}
        return {key}

    return handler


def fact(topic: str, name: str) -> Handler:
    """A step that was taken, under one name of the topic's single row.

    A later step replaces those that it knew of; two that knew nothing of each other stand side by side.
    """

    def handler(folded: Folding, event: Event) -> set[Key]:
        folded.write(folded.row(topic, "").setdefault(name, []), event, stamped(event))
        return {(topic, "")}

    return handler


def listed(topic: str, name: str) -> Handler:
    """A step that may be taken several times; every one is kept."""

    def handler(folded: Folding, event: Event) -> set[Key]:
        folded.row(topic, "").setdefault(name, []).append(stamped(event))
        return {(topic, "")}

    return handler


def stamped(event: Event) -> Row:
    return {**event.body, "at": event.at, "by": event.actor.id, "witness": event.witness or ""}


def matter(topic: str) -> Handler:
    """One row a plan, clue or draw: its steps in their order, none of which replaces another."""

    def handler(folded: Folding, event: Event) -> set[Key]:
        key = (topic, str(event.body["id"]))
        folded.row(*key).setdefault("steps", []).append({**stamped(event), "step": event.kind})
        return {key}

    return handler
