"""The laptop's half of the exchange: rounds of telling, handing in and taking in, until both sides have the same.

There is no outbox and no cursor: what is to be sent is a question to the store, asked anew in each round. So a lost
request, a lost answer or a server that was restored from an old copy costs a round and never an event.

While the other side takes in a batch the next one is gathered, as the answer is expected to ask for it; another answer, and
it is gathered anew.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

from ..domain.event import Entry, Heads
from ..domain.problems import Problem
from .wire import MOST_BYTES, MOST_LINES, Garbled, Pull, Push, Refused

Post = Callable[[bytes], bytes]
"""Carries a message to the other side and brings back its answer; raises OSError when it did not get through."""


class Replica(Protocol):
    """What the exchange asks of a store."""

    @property
    def device(self) -> str: ...

    def sums(self) -> Mapping[str, str]:
        """For each stream that is exchanged the summary of its tips."""

    def heads(self, stream: str) -> Heads: ...

    def outgoing(self, stream: str, theirs: Heads, ahead: Collection[str]) -> Sequence[Entry]:
        """What the other side cannot be shown to have, in causal order, without the strands in which it is `ahead`; of
        own strands a batch at a time is enough."""

    def signed_ends(self, stream: str) -> Mapping[str, str]:
        """The notes that devices signed: id of the event that is the tip -> note."""

    def sign(self, stream: str, ends: Heads) -> str:
        """A note of this device over where its own strand is cut."""

    def take(self, pull: Pull) -> int:
        """Take in lines, notes and receipts in one transaction; returns how many events were new."""


@dataclass(slots=True)
class Outcome:
    """What an exchange did."""

    sent: int = 0
    received: int = 0
    rounds: int = 0
    refused: dict[str, Refused] = field(default_factory=dict)
    open: tuple[str, ...] = ()
    """Streams that still differ; empty when both sides have the same."""


@dataclass(slots=True)
class _Up:
    """A batch that is handed in, with the notes that prove it, and where it ends in each strand."""

    lines: list[bytes] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    ends: dict[str, dict[str, tuple[int, str]]] = field(default_factory=dict)
    size: int = 0

    @property
    def full(self) -> bool:
        return len(self.lines) >= MOST_LINES or self.size >= MOST_BYTES


def exchange(replica: Replica, post: Post, step: Callable[[int, int], bool] = lambda sent, received: True) -> Outcome:
    """Exchange events until nothing differs, `step(sent, received)` says stop, or a round brings nothing new.

    Raises:
        Problem: `garbled`, `another_protocol`; and what `post` raises. Everything taken in so far is kept.
    """
    outcome, up = Outcome(), _Up()
    theirs, full = dict[str, Heads](), dict[str, Heads]()
    with ThreadPoolExecutor(1, "post") as courier:
        while True:
            push = Push(replica.device, replica.sums(), full, up.notes, up.lines)
            answer = courier.submit(post, push.pack())
            expected = _moved(replica, theirs, up)
            ready = _gather(replica, expected, (), outcome.refused)
            pull = _understood(answer.result())
            outcome.rounds += 1
            outcome.sent += len(up.lines)
            outcome.refused |= {refused.id: refused for refused in pull.refused}
            fresh = replica.take(pull)
            outcome.received += fresh
            outcome.open = tuple(sorted(pull.differ))
            if not step(outcome.sent, outcome.received):
                return outcome
            if ready.lines and pull.differ == expected and not (pull.lines or pull.refused):
                up = ready
            else:
                told = {stream for stream in push.full if not pull.more}
                up = _gather(replica, pull.differ, told, outcome.refused)
                if not up.lines and not fresh and pull.differ.keys() <= push.full.keys():
                    return outcome  # the same question would bring the same answer
            # As long as more is to be handed in the other side cannot know our tips, and would send all of it back.
            full = {} if up.full else {stream: replica.heads(stream) for stream in pull.differ}
            theirs = dict(pull.differ)


def _moved(replica: Replica, theirs: Mapping[str, Heads], up: _Up) -> dict[str, Heads]:
    """The tips that the other side will tell when it has taken in a full batch and nothing else has come to it."""
    if not up.full:
        return {}
    moved = {stream: {**heads, **up.ends.get(stream, {})} for stream, heads in theirs.items()}
    return {stream: heads for stream, heads in moved.items() if heads != replica.heads(stream)}


def _understood(message: bytes) -> Pull:
    try:
        return Pull.unpack(message)
    except Garbled as error:
        raise Problem("another_protocol" if "protocol" in str(error) else "garbled") from error


def _gather(replica: Replica, differ: Mapping[str, Heads], told: Collection[str], aside: Iterable[str]) -> _Up:
    """The next batch, stream after stream. `told` are the streams of which the other side has sent all that is new."""
    up, aside = _Up(), set(aside)
    for stream, theirs in differ.items():
        mine = replica.heads(stream)
        if stream not in told:
            # They may be ahead in a strand or on another branch of it: what they send first shows what they have.
            ahead = {strand for strand, (count, _) in theirs.items() if count > mine.get(strand, (0, ""))[0]}
        else:
            ahead = set()
        entries = [e for e in replica.outgoing(stream, theirs, ahead) if e.id not in aside]
        if entries:
            _add(replica, stream, entries, up)
        if up.full:
            break
    return up


def _add(replica: Replica, stream: str, entries: Sequence[Entry], up: _Up) -> None:
    """Add entries up to where a batch ends. A strand of this device may be cut anywhere and is signed there; what
    another device wrote goes up to a tip that it has signed, also when the batch gets larger by that."""
    signed = replica.signed_ends(stream)
    last_signed = {entry.strand: n for n, entry in enumerate(entries) if entry.id in signed}
    mine = f"{replica.device}."
    ends = up.ends[stream] = {}
    owed: set[str] = set()  # strands of others whose signed tip is still to come
    for n, entry in enumerate(entries):
        own = entry.strand.startswith(mine)
        if not own and n > last_signed.get(entry.strand, -1):
            continue
        if up.full and not owed:
            break
        if up.full and entry.strand not in owed:
            continue
        up.lines.append(entry.line)
        up.size += len(entry.line)
        ends[entry.strand] = (entry.seq + 1, entry.id)
        if own:
            continue
        if entry.id in signed:
            up.notes.append(signed[entry.id])
            owed.discard(entry.strand)
        else:
            owed.add(entry.strand)
    if own_ends := {strand: end for strand, end in ends.items() if strand.startswith(mine)}:
        up.notes.append(replica.sign(stream, own_ends))
