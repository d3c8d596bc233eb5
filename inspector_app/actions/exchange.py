"""Export of the record of an inspection, and the exchange of events between two stores."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from ..domain.event import BlobRef, Draft, Entry
from ..domain.merge import order
from ..domain.problems import Problem, reason
from ..record.digests import Digests
from ..record.entry import event_of
from ..record.keys import PublicKey
from ..record.package import write_package
from ..record.proof import proven
from ..store.ledger import Received, Store
from ..sync.heads import lacking
from .book import Book, Done
from .devices import device_keys
from .secrecy import kept_back
from .whereabouts import away


class _Stopped(Exception):
    """The person asked to stop; the unfinished file is taken away."""


def export_record(
    book: Book, stream: str, target: Path, step: Callable[[int, int], bool] = lambda done, total: True
) -> Done[Path] | None:
    """Write the whole record of an inspection with its files as one signed package that anybody can verify. What is kept
    back as a secret is named in it and not contained.

    `step(done, total)` is called before each file; False stops, leaves nothing behind and gives None. The record
    then holds that an export was begun.

    Raises:
        Problem: `file_exists` rather than write over anything, `file_unwritable`, `blob_missing`, `blob_changed`,
            `blobs_away` when originals were given up to the bureau and have to come back first.
    """
    book.allow("export")
    if target.exists():
        raise Problem("file_exists", name=target.name)
    if gone := away(book, book.store.blobs(stream)):
        raise Problem("blobs_away", count=len(gone))
    done = book.done(target, [Draft(stream, "record_exported", {"name": target.name}, "归档")])
    book.store.fix_checkpoint(stream)
    line_of = {entry.id: entry.line for entry in book.store.entries(stream)}
    lines = [line_of[event.id] for event in order(book.store.events(stream))]
    secret = kept_back(book)
    blobs = [ref for ref in book.store.blobs(stream) if ref.sha256 not in secret]
    counted = itertools.count()

    def read(sha256: str) -> Iterator[bytes]:
        if not step(next(counted), len(blobs)):
            raise _Stopped
        return book.vault.stream(sha256)

    try:
        write_package(
            target, lines, stream=stream,
            notes=[note for _, note in book.store.checkpoints(stream)],
            blobs=blobs, read=read,
            keys=device_keys(book.store), key=book.store.device_key,
        )  # fmt: skip
    except _Stopped:
        return None
    except OSError as error:
        raise Problem("file_unwritable", name=target.name, detail=reason(error)) from error
    return done


class Checked(NamedTuple):
    """What a check of a record found: number of entries, what is broken ("" = nothing), how often it forks, and how
    many files were not looked at because only the bureau has them."""

    entries: int
    broken: str
    forks: int
    away: int


def check_record(book: Book, stream: str) -> Checked:
    """Check every line and every byte of every file of an inspection anew.

    A strand that forks (a restored or copied disk went on twice) is whole: each event hangs on one of its own strand.
    """
    entries = sorted(book.store.entries(stream), key=lambda entry: entry.seq)
    seen: dict[str, tuple[str, int]] = {}
    broken = ""
    for entry in entries:
        before = seen.get(entry.prev, (entry.strand, -1) if entry.prev == "" else None)
        if before != (entry.strand, entry.seq - 1) or not _is_whole(entry):
            broken = broken or f"{entry.strand} 第 {entry.seq + 1} 条"
        seen[entry.id] = (entry.strand, entry.seq)
    events = [] if broken else book.store.events(stream)
    files = {ref.sha256: ref for event in events for ref in event.blobs}
    gone = {ref.sha256 for ref in away(book, files.values())}
    secret = kept_back(book)  # an order has destroyed it, or nobody is to look at it
    for sha256, ref in files.items():  # as the checked entries name them, not as a table lists them
        if sha256 in gone or sha256 in secret:
            continue
        try:
            _check_file(ref, book.vault.stream(ref.sha256))
        except Problem as problem:
            broken = str(problem)
            break
    return Checked(len(entries), broken, len(entries) - len({(e.strand, e.prev) for e in entries}), len(gone))


def _is_whole(entry: Entry) -> bool:
    try:
        event = event_of(entry.line)
    except ValueError:
        return False
    return (event.id, event.strand, event.seq, event.prev) == (entry.id, entry.strand, entry.seq, entry.prev)


def _check_file(ref: BlobRef, pieces: Iterable[bytes]) -> None:
    digests = Digests()
    for piece in pieces:
        digests.update(piece)
    if (digests.sha256, digests.sm3, digests.size) != (ref.sha256, ref.sm3, ref.size):
        raise Problem("blob_changed", number=ref.sha256[:8])


def exchange(mine: Store, theirs: Store) -> tuple[Received, Received]:
    """Give each store what the other lacks, decided by their heads; returns what each took in.

    Each signs what it wrote before it hands it over, and takes in only what the writing device has signed.
    """
    for store in (mine, theirs):
        for stream in store.streams():
            store.sign_own(stream)
    return _take(theirs, mine), _take(mine, theirs)


def _take(source: Store, target: Store) -> Received:
    """Everything is read before anything is written: each store has one connection, which the taking in needs."""
    streams = source.streams()
    lines = [e.line for stream in streams for e in lacking(source.entries(stream), target.heads(stream))]
    notes = [text for stream in streams for _, text in source.checkpoints(stream)]
    keys: dict[str, list[PublicKey]] = {}
    for store in (source, target):
        for key in (store.device_key.public, *device_keys(store)):
            keys.setdefault(key.name, []).append(key)
    return target.receive(lines, lambda events, held: proven(events, notes, lambda d: keys.get(d, ()), held), notes)
