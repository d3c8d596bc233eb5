"""Which events their own device has signed for: what keeps a forged author out of laptop and server alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache

from ..domain.event import Event
from ..domain.merge import strand_of
from .checkpoint import Checkpoint
from .keys import PublicKey


def device_of(strand: str) -> str:
    """The device that writes a strand; its incarnation stands behind the last full stop."""
    return strand.rpartition(".")[0]


def proven(
    events: Sequence[Event], notes: Iterable[str], keys: Callable[[str], Sequence[PublicKey]],
    held: Callable[[str], bool], voucher: PublicKey | None = None,
) -> tuple[list[Event], list[tuple[Event, str]]]:  # fmt: skip
    """Of a stream's new events those that may be taken in, in causal order, and the others with the reason.

    An event is proven when it or one behind it in its strand is a tip that the strand's own device has signed, and
    everything before it is `held` here or comes with it. `events` are in causal order, `keys` gives the public keys
    of a device. Reasons: `unknown_device`, `forged_author` (written in another device's name), `gap` (something
    before it is missing), `unsigned`. A `voucher` is a server that checked the same before: what it signed for is
    taken in on its word, and the device's own signature comes with the rest.
    """
    keys = cache(keys)  # a batch is of few devices; whoever is asked may have to look into a database
    writer = cache(device_of)
    linked: dict[str, Event] = {}
    refused: list[tuple[Event, str]] = []
    for event in events:
        device = writer(event.strand)
        if event.device != device:
            refused.append((event, "forged_author"))
        elif not keys(device):
            refused.append((event, "unknown_device"))
        elif (event.seq == 0) == (event.prev == "") and (event.seq == 0 or event.prev in linked or held(event.prev)):
            linked[event.id] = event
        else:
            refused.append((event, "gap"))
    sure: set[str] = set()
    for strand, here in _signed(notes, keys, [voucher] if voucher else []):
        if here in linked and linked[here].strand == strand:
            while here in linked and here not in sure:
                sure.add(here)
                here = linked[here].prev
    refused += [(event, "unsigned") for id, event in linked.items() if id not in sure]
    return [event for event in events if event.id in sure], refused


def _signed(
    notes: Iterable[str], keys: Callable[[str], Sequence[PublicKey]], vouchers: Sequence[PublicKey]
) -> set[tuple[str, str]]:
    """(strand, id) of every tip that its own device has signed."""
    found = set()
    for text in notes:
        note = Checkpoint.read(text)
        if note is None:
            continue
        for name, (_, digest) in note.heads.items():
            strand = strand_of(name)
            if note.signed_by((*keys(device_of(strand)), *vouchers)) is not None:
                found.add((strand, digest))
    return found
