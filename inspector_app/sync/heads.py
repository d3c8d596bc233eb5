"""What one side lacks, told from the heads of the strands; there is no cursor and no outbox."""

from __future__ import annotations

from collections.abc import Iterable

from ..domain.event import Entry, Heads


def lacking(entries: Iterable[Entry], theirs: Heads) -> list[bytes]:
    """The lines of a stream that the other side cannot be shown to have.

    A strand is held back up to the other's head only if that very event is known here: counts alone would lose
    data after one side was restored from an old copy. A duplicate costs the receiver one comparison.
    """
    mine = list(entries)
    ids = {entry.id for entry in mine}
    held = {strand: count for strand, (count, digest) in theirs.items() if digest in ids}
    return [entry.line for entry in mine if entry.seq >= held.get(entry.strand, 0)]
