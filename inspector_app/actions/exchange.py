"""Export of the record of an inspection, and the exchange of events between two stores."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ..domain.event import Draft
from ..domain.merge import order
from ..domain.problems import Problem
from ..record.package import write_package
from ..store.ledger import Received, Store
from ..sync.heads import lacking
from .book import Book, Done


def export_record(book: Book, stream: str, target: Path) -> Done[Path]:
    """Write the whole record of an inspection with its files as one signed package that anybody can verify."""
    book.allow("export")
    done = book.done(target, [Draft(stream, "record_exported", {"name": target.name}, "归档")])
    book.store.fix_checkpoint(stream)
    line_of = {entry.id: entry.line for entry in book.store.entries(stream)}
    lines = [line_of[event.id] for event in order(book.store.events(stream))]
    try:
        write_package(
            target, lines, stream=stream,
            notes=[note for _, note in book.store.checkpoints(stream)],
            blobs={ref.sha256: book.vault.stream for ref in book.store.blobs(stream)},
            key=book.store.device_key,
        )  # fmt: skip
    except OSError as error:
        raise Problem("file_unwritable", name=target.name, detail=error.strerror or str(error)) from error
    return done


def exchange(mine: Store, theirs: Store) -> tuple[Received, Received]:
    """Give each store what the other lacks, decided by their heads; returns what each took in."""
    return mine.receive(_lacking_at(theirs, mine)), theirs.receive(_lacking_at(mine, theirs))


def _lacking_at(source: Store, target: Store) -> Iterable[bytes]:
    for stream in source.streams():
        yield from lacking(source.entries(stream), target.heads(stream))
