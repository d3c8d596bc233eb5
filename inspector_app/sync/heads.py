"""What one side has and the other lacks, told from the tips of the strands; there is no cursor and no outbox."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from ..domain.event import Entry, Heads


class Link(NamedTuple):
    """An event's place in its strand, without its content."""

    id: str
    strand: str
    seq: int
    prev: str


def tips(links: Iterable[Link]) -> dict[str, tuple[int, str]]:
    """The tips of everything that hangs together from a strand's first event on.

    An event whose predecessor is missing is not counted: it is asked for again. Where a strand forks (a restored disk
    image), the branch that begins with the smallest id keeps the strand's name; each other one is named after its
    first event, so that both sides give the same names whatever arrived first.
    """
    children: dict[tuple[str, str], list[Link]] = {}
    for link in links:
        if (link.seq == 0) == (link.prev == ""):
            children.setdefault((link.strand, link.prev), []).append(link)
    found: dict[str, tuple[int, str]] = {}
    open_: list[tuple[str, str, str, int]] = [(strand, strand, "", 0) for strand, prev in children if prev == ""]
    while open_:
        name, strand, prev, count = open_.pop()
        while True:
            after = sorted(link for link in children.get((strand, prev), ()) if link.seq == count)
            if not after:
                break
            open_ += [(f"{strand}~{link.id[:16]}", strand, link.id, count + 1) for link in after[1:]]
            for link in after[1:]:
                found[f"{strand}~{link.id[:16]}"] = (count + 1, link.id)
            prev, count = after[0].id, count + 1
            found[name] = (count, prev)
    return found


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
