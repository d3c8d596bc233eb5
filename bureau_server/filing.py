"""What the server does for a person who asks: exchange, files, numbers. The routes only carry it."""

from __future__ import annotations

from sqlalchemy import select, update

from inspector_app.domain.event import REGISTER, BlobRef, Draft
from inspector_app.domain.problems import Problem
from inspector_app.record.receipt import file_receipt
from inspector_app.sync.wire import Pull, Push

from . import schema
from .accounts import Person
from .blobs import Piece
from .database import once
from .exchange import answer
from .office import Office
from .rights import Rights


def exchange(office: Office, person: Person, push: Push) -> Pull:
    """One round. A revoked device may still hand in, and takes nothing more."""
    rights = Rights(office.ledger, person)
    pull = answer(office.ledger, push, rights.may_read, rights.may_write, rights.after_writing, office.judge())
    office.carry_out()
    return pull


# -- files --------------------------------------------------------------------------------------------------------


def wanted(office: Office, person: Person, sha256: str) -> BlobRef:
    """The file as the record names it, if this person may hand it in. Raises `not_found`, `not_allowed`."""
    found = office.named(sha256)
    if found is None:
        raise Problem("not_found", what="记录里写明的这个文件")
    ref, streams = found
    if office.ledger.kept_back(sha256):
        raise Problem("secret_kept_back", number=sha256[:8])
    if not any(map(Rights(office.ledger, person, streams).may_write, streams)):
        raise Problem("not_allowed", who=person.name, act="hand_in_file")
    return ref


def readable(office: Office, person: Person, sha256: str) -> tuple[BlobRef, str]:
    """The file and its receipt, if this person may see an inspection that names it and the bureau has it whole."""
    found = office.named(sha256)
    if found is None or not any(map(Rights(office.ledger, person, found[1]).may_read, found[1])):
        raise Problem("not_found", what="这个文件")
    if office.ledger.kept_back(sha256):
        raise Problem("secret_kept_back", number=sha256[:8])
    return found[0], receipt_of(office, sha256)


def add_piece(office: Office, person: Person, sha256: str, place: int, content: Piece) -> tuple[int, str]:
    """Take in the next piece; returns how many bytes are safe then, and after the last one the receipt.

    Raises:
        Problem: `offset_differs` (ask again where to go on), `blob_changed` when the whole has another digest.
    """
    ref = wanted(office, person, sha256)
    safe = office.blobs.offset(sha256)
    if place != safe or place + len(content) > ref.size or (content and not office.blobs.add(sha256, place, content)):
        raise Problem("offset_differs", place=safe)
    safe += len(content)
    return safe, sign_for(office, ref) if safe == ref.size else ""


def sign_for(office: Office, ref: BlobRef) -> str:
    """The receipt of a file when all of it is here. Raises `Problem("blob_changed")` when it has another digest."""
    if ref.size and not office.blobs.is_whole(ref.sha256):
        raise Problem("blob_changed", number=ref.sha256[:8])
    note = file_receipt(ref.sha256, ref.size, office.key)
    with office.engine.begin() as connection:
        connection.execute(once(connection, schema.blob_receipt).values(
            sha256=ref.sha256, size=ref.size, note=note, at=office.clock.now().at.isoformat()
        ))  # fmt: skip
    return note


def receipt_for(office: Office, person: Person, sha256: str) -> str:
    """As `receipt_of`, for somebody who may hand in or see an inspection that names the file; to others it is not there."""
    found = office.named(sha256)
    rights = Rights(office.ledger, person, found[1] if found else ())
    if found is None or not any(rights.may_write(stream) or rights.may_read(stream) for stream in found[1]):
        raise Problem("not_found", what="完整的文件")
    return receipt_of(office, sha256)


def receipt_of(office: Office, sha256: str) -> str:
    """The receipt of a whole file; made now where the server ended between the last piece and its signature.

    Raises `Problem("not_found")` as long as the file is not whole, `blob_changed` as `sign_for`.
    """
    note = _receipt(office, sha256)
    if note is None:
        found = office.named(sha256)
        if found is None or office.blobs.offset(sha256) != found[0].size:
            raise Problem("not_found", what="完整的文件")
        note = sign_for(office, found[0])
    return note


def _receipt(office: Office, sha256: str) -> str | None:
    table = schema.blob_receipt
    with office.ledger.reader.connect() as connection:
        return connection.scalar(select(table.c.note).where(table.c.sha256 == sha256))


# -- numbers ------------------------------------------------------------------------------------------------------


def lease_numbers(office: Office, person: Person, series: str, prefix: str, year: int, count: int) -> int:
    """Lease the next `count` numbers of a series to a device: returns the first; the lease is an event of the register.

    No number is given twice: the counter moves in the transaction that gives the block out, and never stands behind a
    block that the register names, entered by hand or given out by a life of the ledger that is lost.
    """
    named = [
        int(row["last"]) for (topic, _), row in office.ledger.rows(REGISTER).items()
        if topic == "lease" and (row.get("series"), row.get("year")) == (series, year)
    ]  # fmt: skip
    table = schema.lease
    with office.engine.begin() as connection:
        connection.execute(once(connection, table).values(series=series, year=year, next=1))
        query = select(table.c.next).where(table.c.series == series, table.c.year == year).with_for_update()
        first = max(int(connection.scalar(query) or 1), 1 + max(named, default=0))
        connection.execute(
            update(table).where(table.c.series == series, table.c.year == year).values(next=first + count)
        )
    body = {"id": f"{series}-{year}-{first}", "series": series, "prefix": prefix, "year": year, "first": first,
            "last": first + count - 1, "device": person.device}  # fmt: skip
    office.write(Draft(REGISTER, "numbers_leased", body))
    return first
