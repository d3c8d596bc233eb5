"""Files on their way to the bureau: papers, then small pictures, then originals; each until its receipt is here."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from ..domain.event import BlobRef
from ..domain.problems import Problem
from ..record.keys import PublicKey
from ..record.receipt import covers_file
from ..store.ledger import Store
from ..sync.wire import TOGETHER
from .book import Book
from .file_state import WAITING, unsigned

if TYPE_CHECKING:
    from ..sync.door import Door

_ORDER = {"application/pdf": 0, "image/jpeg": 1}
"""Papers first, then what was made for looking at, then originals; the small before the large."""


def waiting_files(book: Book) -> list[BlobRef]:
    """Files that lie here and have no receipt, in the order in which they are handed in."""
    refs = {ref.sha256: ref for _, ref, state in unsigned(book) if state in WAITING}
    return sorted(
        refs.values(), key=lambda ref: (ref.origin != "made", _ORDER.get(ref.mime, 2), ref.size, ref.sha256),
    )  # fmt: skip


def reopen(book: Book) -> None:
    """The bureau's server was restored from an old copy: what it signed for after that copy it may have lost. Every file that
    lies here waits for its receipt again; of those that only the bureau has the receipt stays, as all that is left to show.
    """
    store = book.store
    signed = store.receipts().keys() & {
        ref.sha256 for refs in store.blobs_by_stream("inspection/").values() for ref in refs
    }
    store.set_metas({_ASK_FIRST: b"1", _FELL_BACK: book.clock.now().at.isoformat().encode()})
    store.drop_receipts(book.vault.standing(signed))


def fell_back_at(store: Store) -> str:
    """When this laptop last saw that the bureau's server had been restored from an old copy (ISO 8601), or ""."""
    return (store.meta(_FELL_BACK) or b"").decode()


_ASK_FIRST, _FELL_BACK = "ask_first", "fell_back"
"""The first is set while the bureau may have most of what waits: of each file it is asked before anything is sent."""


def hand_in_files(
    book: Book, bureau: PublicKey, door: Door, step: Callable[[int, int], bool] = lambda done, total: True
) -> tuple[int, bool]:
    """How many were handed in, and whether somebody stopped it. While one is sealed over there the next is on its way."""
    waiting = waiting_files(book)
    if link_metered(book.store):
        waiting = [ref for ref in waiting if ref.origin == "made"]
    way, handed, stopped = _Way(step, sum(ref.size for ref in waiting)), 0, False
    asked = TOGETHER if book.store.meta(_ASK_FIRST) != b"1" else len(waiting)
    with ThreadPoolExecutor(TOGETHER, "courier") as couriers:
        # Only the first may be those that a cut left half handed in: of the others nothing is asked before.
        going = [couriers.submit(_sent, book, door, ref, n < asked, way.of(ref)) for n, ref in enumerate(waiting)]
        try:
            for ref, sent in zip(waiting, going, strict=True):
                if stopped and sent.cancel():
                    continue
                try:
                    note = sent.result()
                except Problem as problem:
                    if problem.code != "refused_by_bureau":
                        raise
                    continue  # one file that is not wanted does not keep the others; it stays in sight as not received
                if note is None:
                    stopped = True
                elif not covers_file(note, ref.sha256, ref.size, bureau):
                    raise Problem("not_our_server")
                else:
                    book.store.keep_receipts({ref.sha256: note}, book.clock.now().at.isoformat())
                    handed += 1
        finally:
            for sent in going:
                sent.cancel()
    if handed == len(waiting) and not link_metered(book.store):
        book.store.set_meta(_ASK_FIRST, b"")
    return handed, stopped


def _sent(book: Book, door: Door, ref: BlobRef, begun: bool, step: Callable[[int, int], bool]) -> str | None:
    """The receipt of a file that is sent; None when `step` said stop."""
    with book.vault.open(ref.sha256, ref.size) as file:
        note = door.hand_in(ref.sha256, file, ref.size, step, begun)
    return _receipt(book, door, ref) if note == "" else note


class _Way:
    """How far files are that are on their way together."""

    def __init__(self, step: Callable[[int, int], bool], total: int) -> None:
        self._step, self._total, self._lock, self._done = step, total, threading.Lock(), 0

    def of(self, ref: BlobRef) -> Callable[[int, int], bool]:
        """What is told of one file: bytes done of so many; False says stop."""
        before = 0

        def moved(at: int, size: int) -> bool:
            nonlocal before
            with self._lock:
                self._done += at - before
                before = at
                return self._step(self._done, self._total)

        return moved


TURN = 60.0
"""Seconds after which files make way for events."""


class Turns:
    """Events, then files for a while, and again while files are left; and how far it is over all of them."""

    def __init__(self, step: Callable[[int, int], bool], seconds: float = TURN) -> None:
        self._step, self._seconds, self._until, self._over = step, seconds, 0.0, True
        self._total, self._done, self._before = 0, 0, -1
        self.stopped = False

    def begin(self) -> bool:
        """Whether there is a further turn: time was up, and something had moved; what is refused each time is not tried for ever."""
        again = self._over and not self.stopped and self._done > self._before
        self._over, self._until, self._before = False, 0.0, self._done
        return again

    def events(self, sent: int, _received: int) -> bool:
        """After a batch of events. In a later turn, when files are half-way, only the wish to stop is asked for."""
        return self._ask(self._done, self._total) if self._total else self._ask(sent, 0)

    def files(self, done: int, total: int) -> bool:
        """After a piece of a file. What is left tells how far it is: a turn counts anew what it finds."""
        self._total = max(self._total, total)
        self._done = max(self._done, self._total - (total - done))
        # from the first file on, however long the events took
        self._until = self._until or time.monotonic() + self._seconds
        self._over = self._over or time.monotonic() > self._until
        return self._ask(self._done, self._total) and not self._over

    def _ask(self, done: int, total: int) -> bool:
        self.stopped = self.stopped or not self._step(done, total)
        return not self.stopped


def _receipt(book: Book, door: Door, ref: BlobRef) -> str:
    """The receipt of a file that the bureau has whole; without it the file counts as delivered and no more."""
    try:
        return door.receipt(ref.sha256, ref.size)
    except Problem:
        book.store.note_delivered(ref.sha256, book.clock.now().at.isoformat())
        raise


def link_metered(store: Store) -> bool:
    """Whether the person said that the connection costs: originals wait then."""
    return store.meta("metered") == b"1"


def set_metered(book: Book, on: bool) -> None:
    book.store.set_meta("metered", b"1" if on else b"0")
