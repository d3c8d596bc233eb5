"""Sticks at the bureau: taken in under the same rules as what comes over the network, and answered with receipts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from inspector_app.domain.problems import Problem
from inspector_app.record.keys import PublicKey
from inspector_app.record.sealed import NotForUs
from inspector_app.sync.bundle import Carried, Parcel, read_bundle, write_bundle
from inspector_app.sync.wire import Garbled

from . import schema
from .filing import sign_for
from .office import Office
from .rights import by_anybody


@dataclass(slots=True)
class TakenIn:
    """What a stick brought to the bureau."""

    events: int = 0
    files: int = 0
    refused: list[str] = field(default_factory=list)
    streams: set[str] = field(default_factory=set)


def take_in(office: Office, source: Path) -> TakenIn:
    """Take in a stick that is sealed for the bureau. The admin who does it vouches for nothing: devices signed.

    Raises:
        Problem: `stick_not_ours`; what came before the damage is kept.
    """
    found = TakenIn()

    def parcel(made: Parcel) -> None:
        taken = office.ledger.take(made.lines, made.notes, by_anybody, office.judge())
        found.events += len(taken.new)
        found.refused += [f"{r.stream} {r.id[:8]} {r.code}" for r in taken.refused]
        found.streams |= taken.touched

    def file(sha256: str, size: int, pieces: Iterator[bytes]) -> None:
        named = office.named(sha256)
        if office.ledger.kept_back(sha256):
            found.refused.append(str(Problem("secret_kept_back", number=sha256[:8])))
            return
        if named is None or named[0].size != size:
            found.refused.append(f"文件 {sha256[:8]} 没有记录写明")
            return
        if not office.blobs.fill(sha256, pieces):
            return
        try:
            sign_for(office, named[0])
            found.files += 1
        except Problem as problem:  # one changed file does not hold up what stands behind it
            found.refused.append(str(problem))

    try:
        with source.open("rb") as opened:
            read_bundle(opened, office.key, parcel, file)
    except (NotForUs, Garbled) as error:
        raise Problem("stick_not_ours", name=source.name) from error
    finally:
        office.carry_out()
    return found


def answer(office: Office, reader: PublicKey, streams: Sequence[str], target: Path) -> None:
    """Write the way back: receipts for what the bureau holds of these streams, and the events of others in them."""

    def parcels() -> Iterator[Parcel]:
        with office.ledger.reader.connect() as connection:
            table, receipts = schema.blob, schema.blob_receipt
            for stream in streams:
                query = (select(receipts.c.sha256, receipts.c.note).join(table, table.c.sha256 == receipts.c.sha256)
                         .where(table.c.stream == stream))  # fmt: skip
                signed = {row.sha256: row.note for row in connection.execute(query)}
                signed[stream] = office.ledger.receipt(stream)
                lines = [entry.line for entry in office.ledger.entries(stream)]
                yield Parcel([*office.ledger.notes(stream), signed[stream]], signed, lines)

    nothing: list[Carried] = []
    with target.open("wb") as file:
        write_bundle(file, reader, parcels(), nothing)
