"""The ways in which one kind of event writes a row of the fold; `fold_register`, `fold_visit` and `fold_papers` say which does which."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from .event import Event
from .rows import Key, Row

if TYPE_CHECKING:
    from .projection import Folded


Handler: TypeAlias = "Callable[[Folded, Event], set[Key]]"


def keep(topic: str, key_field: str) -> Handler:
    """Rows that are simply the newest body, e.g. the registers of units and officers."""

    def handler(folded: Folded, event: Event) -> set[Key]:
        key = (topic, str(event.body.get(key_field, "")))
        folded.rows[key] = {**folded.rows.get(key, {}), **event.body}
        return {key}

    return handler


def fact(topic: str, name: str) -> Handler:
    """A step that was taken, under one name of the topic's single row.

    A later step replaces those that it knew of; two that knew nothing of each other stand side by side.
    """

    def handler(folded: Folded, event: Event) -> set[Key]:
        folded.write(folded.row(topic, "").setdefault(name, []), event, stamped(event))
        return {(topic, "")}

    return handler


def listed(topic: str, name: str) -> Handler:
    """A step that may be taken several times; every one is kept."""

    def handler(folded: Folded, event: Event) -> set[Key]:
        folded.row(topic, "").setdefault(name, []).append(stamped(event))
        return {(topic, "")}

    return handler


def stamped(event: Event) -> Row:
    return {**event.body, "at": event.at, "by": event.actor.id, "witness": event.witness or ""}


def matter(topic: str) -> Handler:
    """One row a plan, clue or draw: its steps in their order, none of which replaces another."""

    def handler(folded: Folded, event: Event) -> set[Key]:
        key = (topic, str(event.body["id"]))
        folded.row(*key).setdefault("steps", []).append({**stamped(event), "step": event.kind})
        return {key}

    return handler
