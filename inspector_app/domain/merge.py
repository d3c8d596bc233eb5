"""Which of several values stand: decided by ancestry alone, never by clocks or order of arrival.

Pure functions of the set of events. Two events are concurrent when neither
is in the other's ancestry; equal concurrent values collapse, different ones stay side by side.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from .event import Event, Heads


def strand_of(tip: str) -> str:
    """The strand that a tip's name belongs to: a fork bears its strand's name, `~` and where it begins."""
    return tip.partition("~")[0]


def order(events: Iterable[Event]) -> list[Event]:
    """The events with every parent before its child; ties are broken by id, so any arrival gives one order."""
    known = {event.id: event for event in events}
    if _one_line(known.values()):
        return list(known.values())
    children: dict[str, list[str]] = {}
    waiting: dict[str, int] = {}
    for event in known.values():
        before = {parent for parent in (event.prev, *event.parents) if parent in known}
        waiting[event.id] = len(before)
        for parent in before:
            children.setdefault(parent, []).append(event.id)
    ready = [id for id, count in waiting.items() if count == 0]
    heapq.heapify(ready)
    result = []
    while ready:
        id = heapq.heappop(ready)
        result.append(known[id])
        for child in children.get(id, ()):
            waiting[child] -= 1
            if waiting[child] == 0:
                heapq.heappush(ready, child)
    return result


def _one_line(events: Iterable[Event]) -> bool:
    """Whether each event stands right behind the one before it, so that there is only this order."""
    last = None
    for event in events:
        if last is not None and last != event.prev and last not in event.parents:
            return False
        last = event.id
    return True


class Place(NamedTuple):
    """Where an event stands on its branch, and how far it knew the other ones."""

    branch: str
    seq: int
    knew: Mapping[str, int]


@dataclass(slots=True)
class Ancestry:
    """Who came before whom, learned one event at a time in causal order.

    A fork of a strand (restored disk image) is kept: its events get a branch of their own. A visit may have ten thousand
    events, so each takes little: where it stands, and how much of the other branches it knew, which those that follow one
    another on one laptop share.
    """

    places: dict[str, Place] = field(default_factory=dict)
    taken: dict[str, set[int]] = field(default_factory=dict)

    def learn(self, event: Event) -> None:
        """Take in an event whose parents are known already."""
        before = [place for parent in (event.prev, *event.parents) if (place := self.places.get(parent)) is not None]
        knew: dict[str, int] = {}
        for place in before:
            for name, seq in (*place.knew.items(), (place.branch, place.seq)):
                knew[name] = max(seq, knew.get(name, -1))
        name = self.places[event.prev].branch if event.prev in self.places else event.strand
        if event.seq in self.taken.get(name, ()):
            name = f"{event.strand}~{event.id[:16]}"
        self.taken.setdefault(name, set()).add(event.seq)
        knew.pop(name, None)
        shared = next((place.knew for place in before if place.knew == knew), knew)
        self.places[event.id] = Place(name, event.seq, shared)

    def precedes(self, earlier: str, later: str) -> bool:
        """Whether `earlier` lies in the past of `later` (an event precedes itself)."""
        first, second = self.places.get(earlier), self.places.get(later)
        if first is None or second is None:
            return earlier == later
        return first.seq <= (second.seq if first.branch == second.branch else second.knew.get(first.branch, -1))


class Link(NamedTuple):
    """An event's place in its strand, without its content."""

    id: str
    strand: str
    seq: int
    prev: str


def tips(links: Iterable[Link]) -> dict[str, tuple[int, str]]:
    """The tips of everything that hangs together from a strand's first event on.

    An event whose predecessor is missing is not counted: it is asked for again. Where a strand forks (a restored disk
    image), the branch that begins with the smallest id keeps the strand's name; each other one is named after its
    first event, so that both sides give the same names whatever arrived first.
    """
    children: dict[tuple[str, str], list[Link]] = {}
    for link in links:
        if (link.seq == 0) == (link.prev == ""):
            children.setdefault((link.strand, link.prev), []).append(link)
    found: dict[str, tuple[int, str]] = {}
    open_: list[tuple[str, str, str, int]] = [(strand, strand, "", 0) for strand, prev in children if prev == ""]
    while open_:
        name, strand, prev, count = open_.pop()
        while True:
            after = sorted(link for link in children.get((strand, prev), ()) if link.seq == count)
            if not after:
                break
            open_ += [(f"{strand}~{link.id[:16]}", strand, link.id, count + 1) for link in after[1:]]
            for link in after[1:]:
                found[f"{strand}~{link.id[:16]}"] = (count + 1, link.id)
            prev, count = after[0].id, count + 1
            found[name] = (count, prev)
    return found


def advanced(heads: Heads, events: Iterable[Event], links: Callable[[], Iterable[Link]]) -> Heads:
    """The tips with some more events behind them; where one of them forks a strand they are found anew from all links."""
    moved = dict(heads)
    for event in events:
        if moved.get(event.strand, (0, "")) != (event.seq, event.prev):
            return tips(links())
        moved[event.strand] = (event.seq + 1, event.id)
    return moved
