"""Exchange with the bureau: what the laptop hands in and takes in, receipts, and what was put aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..domain.event import Entry, Heads
from ..record.checkpoint import Checkpoint
from ..record.keys import PublicKey
from ..record.proof import proven
from ..sync.client import Outcome, Post, exchange
from ..sync.heads import lacking, summary
from ..sync.wire import Pull
from .book import Book

PRIVATE = "device/"
"""Streams of single devices; each device hands in its own and takes in nobody else's."""


@dataclass(slots=True)
class StoreReplica:
    """The laptop's store as the exchange sees it. `bureau` is the server's public key, pinned at enrolment."""

    book: Book
    bureau: PublicKey
    keys: Mapping[str, Sequence[PublicKey]]
    fell_back: set[str] = field(default_factory=set)
    """Streams of which the server holds less than it once signed for: it was restored from an old copy."""

    @property
    def device(self) -> str:
        return self.book.store.device

    def sums(self) -> Mapping[str, str]:
        store = self.book.store
        own = f"{PRIVATE}{store.device}"
        return {s: summary(store.heads(s)) for s in store.streams() if not s.startswith(PRIVATE) or s == own}

    def heads(self, stream: str) -> Heads:
        return self.book.store.heads(stream)

    def outgoing(self, stream: str, theirs: Heads) -> Sequence[Entry]:
        return lacking(self.book.store.entries(stream), theirs, self.book.store.aside())

    def signed_ends(self, stream: str) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for _, text in self.book.store.checkpoints(stream):
            note = Checkpoint.parse(text)
            for name, (_, digest) in note.heads.items():
                device = name.partition("~")[0].rpartition(".")[0]
                if note.signed_by(self.keys.get(device, ())) is not None:
                    found[digest] = text
        return found

    def sign(self, stream: str, ends: Heads) -> str:
        return Checkpoint.sign(stream, ends, self.book.store.device_key).note

    def take(self, pull: Pull) -> int:
        store, at = self.book.store, self.book.clock.now().at.isoformat()
        notes = [text for text in pull.notes if _is_note(text)]
        received = store.receive(
            pull.lines, lambda events, held: proven(events, notes, lambda d: self.keys.get(d, ()), held, self.bureau),
            notes,
        )  # fmt: skip
        self._look_back(pull)
        good = {s: text for s, text in pull.receipts.items() if self._signed_by_bureau(s, text)}
        store.keep_receipts(good, at)
        store.keep_aside(((r.id, r.stream, r.code) for r in pull.refused if r.code not in TRANSIENT), at)
        return received.new

    def _signed_by_bureau(self, stream: str, text: str) -> bool:
        if not _is_note(text):
            return False
        note = Checkpoint.parse(text)
        return note.stream == stream and note.signed_by([self.bureau]) is not None

    def _look_back(self, pull: Pull) -> None:
        """Whether the server still holds what it signed for."""
        known = self.book.store.receipts()
        for stream, heads in pull.differ.items():
            if stream in known:
                before = Checkpoint.parse(known[stream][0]).heads
                if any(heads.get(name, (0, ""))[0] < count for name, (count, _) in before.items()):
                    self.fell_back.add(stream)


TRANSIENT = frozenset({"gap", "unsigned"})
"""Reasons that a later exchange cures; everything else stays put aside until a person looks at it."""


def _is_note(text: str) -> bool:
    try:
        Checkpoint.parse(text)
    except ValueError:
        return False
    return True


def hand_over(replica: StoreReplica, post: Post) -> Outcome:
    """Exchange events with the bureau until both sides have the same."""
    return exchange(replica, post)
