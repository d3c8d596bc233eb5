"""Export of the record of an inspection, and the exchange of events between two stores."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

from ..domain.event import Draft
from ..domain.merge import order
from ..domain.problems import Problem, reason
from ..record.entry import event_of
from ..record.keys import PublicKey
from ..record.package import write_package
from ..store.ledger import Received, Store
from ..sync.heads import lacking
from .book import Book, Done


class _Stopped(Exception):
    """The person asked to stop; the unfinished file is taken away."""


def export_record(
    book: Book, stream: str, target: Path, step: Callable[[int, int], bool] = lambda done, total: True
) -> Done[Path] | None:
    """Write the whole record of an inspection with its files as one signed package that anybody can verify.

    `step(done, total)` is called before each file; False stops, leaves nothing behind and gives None. The record
    then holds that an export was begun.

    Raises:
        Problem: `file_exists` rather than write over anything, `file_unwritable`, `blob_missing`, `blob_changed`.
    """
    book.allow("export")
    if target.exists():
        raise Problem("file_exists", name=target.name)
    done = book.done(target, [Draft(stream, "record_exported", {"name": target.name}, "归档")])
    book.store.fix_checkpoint(stream)
    line_of = {entry.id: entry.line for entry in book.store.entries(stream)}
    lines = [line_of[event.id] for event in order(book.store.events(stream))]
    blobs = book.store.blobs(stream)
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


def check_record(book: Book, stream: str) -> tuple[int, str]:
    """Check every line and every file of an inspection anew: number of entries, and what is broken ("" = nothing)."""
    chains: dict[str, list[str]] = {}
    entries = sorted(book.store.entries(stream), key=lambda entry: (entry.strand, entry.seq))
    for entry in entries:
        chain = chains.setdefault(entry.strand, [])
        place = f"{entry.strand} 第 {entry.seq + 1} 条"
        try:
            event = event_of(entry.line)
        except ValueError:
            return len(entries), place
        if event.id != entry.id or event.seq != len(chain) or event.prev != (chain[-1] if chain else ""):
            return len(entries), place
        chain.append(event.id)
    for ref in book.store.blobs(stream):
        if not book.vault.has(ref.sha256):
            return len(entries), f"文件 {ref.sha256[:8]} 不在本机"
    return len(entries), ""


def device_keys(store: Store) -> list[PublicKey]:
    """The public keys of all devices whose enrolment is known here."""
    rows = [row for _, _, row in store.topic("device")]
    return [PublicKey.parse(row["key"]) for row in rows if row.get("key")]


def exchange(mine: Store, theirs: Store) -> tuple[Received, Received]:
    """Give each store what the other lacks, decided by their heads; returns what each took in."""
    return mine.receive(_lacking_at(theirs, mine)), theirs.receive(_lacking_at(mine, theirs))


def _lacking_at(source: Store, target: Store) -> list[bytes]:
    """Read whole before anything is written: each store has one connection, which the taking in needs."""
    return [e.line for stream in source.streams() for e in lacking(source.entries(stream), target.heads(stream))]
