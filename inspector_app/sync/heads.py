"""What one side lacks, told from the tips of the strands; there is no cursor and no outbox."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Iterable, Mapping

from ..domain.event import Entry, Heads


def summary(heads: Heads) -> str:
    """Eleven characters that tell whether two sides have the same of a stream (64 bits of a SHA-256)."""
    text = "".join(f"{name} {count} {digest}\n" for name, (count, digest) in sorted(heads.items()))
    return base64.b64encode(hashlib.sha256(text.encode()).digest()[:8]).decode().rstrip("=")


def lacking(entries: Iterable[Entry], theirs: Heads, passed: Collection[str] = ()) -> list[Entry]:
    """The entries of a stream that the other side cannot be shown to have, in their order.

    They have what lies behind a tip of theirs that is known here. Counts alone would lose data after one side was
    restored from an old copy. `passed` are ids that they do not want again. A duplicate costs one comparison.
    """
    mine = list(entries)
    before: Mapping[str, str] = {entry.id: entry.prev for entry in mine}
    held = set(passed)
    for _, digest in theirs.values():
        while digest in before and digest not in held:
            held.add(digest)
            digest = before[digest]
    return [entry for entry in mine if entry.id not in held]
