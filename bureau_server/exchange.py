"""One exchange with a device: what it hands in is taken, and what it lacks is sent, batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from inspector_app.domain.event import Entry, Heads
from inspector_app.record.checkpoint import Checkpoint
from inspector_app.sync.wire import MOST_BYTES, MOST_LINES, Pull, Push

from .ledger import Judge, Ledger, May


@dataclass(slots=True)
class _Down:
    """A batch on its way to a device."""

    lines: list[bytes] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    more: bool = False
    _size: int = 0
    _ends: dict[str, tuple[int, str]] = field(default_factory=dict)
    _ids: set[str] = field(default_factory=set)

    def add(self, entries: Iterable[Entry]) -> None:
        self._ends, self._ids = {}, set()
        for entry in entries:
            if len(self.lines) >= MOST_LINES or self._size > MOST_BYTES:
                self.more = True
                return
            self.lines.append(entry.line)
            self._size += len(entry.line)
            self._ends[entry.strand] = (entry.seq + 1, entry.id)
            self._ids.add(entry.id)

    def ends(self) -> Heads:
        """Where the strands of the stream added last are cut."""
        return self._ends

    def proves(self, note: str) -> bool:
        """Whether a note signs for an event of the stream added last."""
        made = Checkpoint.read(note)
        return made is not None and any(digest in self._ids for _, digest in made.heads.values())


def answer(
    ledger: Ledger, push: Push, may_read: May, may_write: May, after_taking: Callable[[], None] = lambda: None,
    judge: Judge = lambda event: "",
) -> Pull:  # fmt: skip
    """Take in what is handed in, then tell and send what differs."""
    taken = ledger.take(push.lines, push.notes, may_write, judge)
    after_taking()
    sums = ledger.summaries()
    readable = {name for name in sums if may_read(name)}
    # Where somebody may hand in, the tips are told, so that nothing is sent twice; events only to who may read.
    told = readable | {name for name in push.sums if name not in readable and may_write(name)}
    # Of a stream that is not here nothing is asked: a message may name any number of them.
    differ = {n: ledger.heads(n) if n in sums else {} for n in sorted(told) if sums.get(n) != push.sums.get(n)}
    down = _Down()
    for name in differ:
        if name in readable and (name in push.full or name not in push.sums):
            down.add(ledger.lacking(name, push.full.get(name, {}), MOST_LINES - len(down.lines) + 1))
            down.notes += _notes_for(ledger, name, down)
    receipts = {name: ledger.receipt(name) for name in sorted(set(differ) | taken.touched) if name in sums}
    return Pull(ledger.epoch, differ, down.notes, receipts, taken.refused, down.more, down.lines)


def _notes_for(ledger: Ledger, stream: str, down: _Down) -> list[str]:
    """What proves the lines of a batch: the notes of their devices, and the bureau's own for where it was cut."""
    if not down.ends():
        return []
    return [*filter(down.proves, ledger.notes(stream)), Checkpoint.sign(stream, down.ends(), ledger.key).note]
