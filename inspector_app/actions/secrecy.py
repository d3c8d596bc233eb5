"""泄密处置: freezing evidence at once, lifting that, ordering its destruction, and carrying an order out on this laptop."""

from __future__ import annotations

from collections.abc import Mapping

from ..domain import secrecy
from ..domain.casefile import CaseFile
from ..domain.event import Draft
from ..domain.evidence import Evidence
from ..domain.problems import Problem
from .book import Book, Done
from .evidence import evidence_of

STEP = "取证"


def freeze(book: Book, stream: str, number: str, reason: str) -> Done[str]:
    """Whoever sees that a piece may hold a secret freezes it, at any stage: shown, exchanged and exported no more."""
    piece_of(book.queries.case(stream), number)
    if not reason.strip():
        raise Problem("reason_needed", what=f"封存证据 {number}")
    return book.done(number, [Draft(stream, secrecy.FOUND, {"number": number, "reason": reason.strip()}, STEP)])


def clear(book: Book, stream: str, number: str, reason: str) -> Done[str]:
    """It holds no secret, as the secrecy office found. Raises `Problem("not_found")` when it is not frozen."""
    _frozen(book, stream, number)
    if not reason.strip():
        raise Problem("reason_needed", what=f"解除封存 {number}")
    return book.done(number, [Draft(stream, secrecy.CLEARED, {"number": number, "reason": reason.strip()}, STEP)])


def destroy(book: Book, stream: str, number: str, office: str, order: str) -> Done[str]:
    """Note the secrecy office's order and carry it out here; whoever takes the event in carries it out as well.

    Raises:
        Problem: `not_found` when it is not frozen, `same_person` when nobody else froze it, `field_needed`.
    """
    piece = _frozen(book, stream, number)
    if not set(piece.found_by) - {book.person.id}:
        raise Problem("same_person", officer=book.person.name)
    for what, text in (("下命令的机关", office), ("命令文号", order)):
        if not text.strip():
            raise Problem("field_needed", what=what)
    rows = book.store.rows(stream)
    row = next(rows[topic, number] for topic in secrecy.TOPICS if (topic, number) in rows)
    body = {"number": number, "office": office.strip(), "order": order.strip(), "sha256": list(secrecy.files_of(row)),
            "sm3": piece.sm3}  # fmt: skip
    done = book.done(number, [Draft(stream, secrecy.DESTROYED, body, STEP)])
    carry_out(book)
    return done


def piece_of(case: CaseFile, number: str) -> Evidence:
    """The evidence, or the picture of a rectification, of this number. Raises `Problem("not_found")`."""
    return next((piece for piece in case.pictures if piece.number == number), None) or evidence_of(case, number)


def _frozen(book: Book, stream: str, number: str) -> Evidence:
    book.allow("secrecy")
    piece = piece_of(book.queries.case(stream), number)
    if piece.secret != secrecy.FOUND:
        raise Problem("not_found", what=f"封存的证据 {number}")
    return piece


def kept_back(book: Book) -> Mapping[str, str]:
    """digest -> state of every file that is not to leave this laptop, and that is not to come back to it."""
    return secrecy.kept_back(book.store.over_all(secrecy.TOPIC).values())


def carry_out(book: Book) -> int:
    """Destroy the keys of files that an order names and that are still here; how many. The device's record says so."""
    rows = [row for row in book.store.over_all(secrecy.TOPIC).values() if row.get("destroyed")]
    here = {sha256: row for row in rows for sha256 in secrecy.files_of(row) if book.vault.has(sha256)}
    if here:
        orders = "、".join(sorted({str(row["destroyed"].get("order", "")) for row in here.values()}))
        body = {"files": len(here), "orders": orders, "sha256": sorted(here)}
        book.write(Draft(f"device/{book.store.device}", "secret_erased", body), erase=sorted(here))
        book.notices.append("已按保密命令销毁本机文件的密钥。第二份备份里还有的，插上介质再存一次备份才会销毁。")
    return len(here)
