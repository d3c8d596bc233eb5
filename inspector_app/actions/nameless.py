"""Files in the vault that no event names: what a crash left between sealing and writing.

Nobody can ask for them, and nobody would ever miss them; they take room, and they are of an inspection. So they are taken
away at the sign-in after the crash, and the device's record says so. Nothing is looked for after a session that ended well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from ..domain.event import Draft
from ..domain.problems import Problem
from ..store.ledger import Store
from .book import Book

KIND = "vault_swept"
_OPEN, _LEFT = "session_open", "nameless_left"
_YES = b"1"


def begun(store: Store) -> None:
    """A session begins; the one before may never have ended."""
    if store.meta(_OPEN) == _YES:
        store.set_meta(_LEFT, _YES)
    else:
        store.set_meta(_OPEN, _YES)


def ended(store: Store) -> None:
    """The session ends well. Where the disk refuses even that, the next one looks for nothing and finds nothing."""
    with suppress(Problem):
        store.set_meta(_OPEN, b"")


@contextmanager
def expected(store: Store) -> Iterator[None]:
    """What is written within names files that are in the vault already: where it is refused, they are left there."""
    try:
        yield
    except Problem:
        store.set_meta(_LEFT, _YES)
        raise


def sweep(book: Book) -> int:
    """Take away what a crash left; how many files. Only at the sign-in, while nobody seals anything.

    A file whose digest stands anywhere in the record is kept, whatever names it.
    """
    store, vault = book.store, book.vault
    if store.meta(_LEFT) != _YES:
        return 0
    named = {ref.sha256 for refs in store.blobs_by_stream().values() for ref in refs}
    loose = {sha256 for sha256 in vault.files() if sha256 not in named}
    if loose:
        loose -= _told_of(store)
    half, size = vault.clear_half_written()
    size += sum(vault.path(sha256).stat().st_size for sha256 in loose)
    if loose or half:
        body = {"files": len(loose) + half, "bytes": size, "sha256": sorted(loose)}
        book.write(Draft(f"device/{store.device}", KIND, body), erase=sorted(loose))
    store.set_meta(_LEFT, b"")
    return len(loose) + half


def _told_of(store: Store) -> set[str]:
    """Whatever looks like a digest in any line of the record."""
    lines = (entry.line for stream in store.streams() for entry in store.entries(stream))
    return {found.decode() for line in lines for found in re.findall(rb"[0-9a-f]{64}", line)}
