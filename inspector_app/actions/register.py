"""The registers: the bureau, its units and officers, and the document numbers leased to this laptop."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ..domain.event import REGISTER, Draft
from ..domain.numbers import Lease
from ..domain.people import Bureau, Officer, Unit, checked_credit_code
from ..domain.problems import Problem
from .book import Book, Done
from .queries import Queries


def name_bureau(book: Book, bureau: Bureau) -> Done[Bureau]:
    """Enter the bureau that this laptop belongs to; the name stands on every paper."""
    if not bureau.name or not bureau.code:
        raise Problem("field_needed", what="机关名称和机关代字")
    book.store.set_meta("bureau", bureau.id.encode())
    return book.done(bureau, [Draft(REGISTER, "bureau_named", asdict(bureau))])


def plain_unit(unit: Unit) -> dict[str, Any]:
    """A unit as an event keeps it."""
    return {**asdict(unit), "kind": unit.kind.value}


def plain_officer(officer: Officer) -> dict[str, Any]:
    """An officer as an event keeps it, with the credential of that day."""
    held = officer.credential
    credential = (
        {
            "number": held.number, "status": held.status,
            "valid_from": held.valid_from.isoformat(), "valid_to": held.valid_to.isoformat(),
        }
        if held
        else None
    )  # fmt: skip
    return {**asdict(officer), "credential": credential}


def register_unit(book: Book, unit: Unit) -> Done[Unit]:
    """Enter or change a unit. Raises `Problem("credit_code")` when the check digit is wrong."""
    checked_credit_code(unit.credit_code)
    return book.done(unit, [Draft(REGISTER, "unit_registered", plain_unit(unit))])


def register_officer(book: Book, officer: Officer) -> Done[Officer]:
    """Enter or change an officer and the credential (档案法实施条例47)."""
    if officer.credential and officer.credential.valid_to < officer.credential.valid_from:
        raise Problem("date_order", later="证件有效期止", earlier="有效期起")
    return book.done(officer, [Draft(REGISTER, "officer_registered", plain_officer(officer))])


def lease_numbers(book: Book, series: str, prefix: str, year: int, first: int, last: int) -> Done[str]:
    """Enter a block of document numbers that the bureau gave to this laptop.

    Raises `Problem`: `number_order`, or `number_leased` where a number lies in a block that was entered before.
    """
    if not 1 <= first <= last:
        raise Problem("number_order")
    lease = Lease(series, prefix, year, first, last)
    known = {number for held in Queries(book).all_leases() for number in held.numbers()}
    if twice := next((number for number in lease.numbers() if number in known), ""):
        raise Problem("number_leased", number=twice)
    id = f"{series}-{year}-{first}"
    body = {
        "id": id, "series": series, "prefix": prefix, "year": year, "first": first,
        "last": last, "device": book.store.device,
    }  # fmt: skip
    return book.done(id, [Draft(REGISTER, "numbers_leased", body)])


def void_unfinished(book: Book) -> None:
    """Account for numbers that were fixed for a paper which was never made, because the making was cut off."""
    left = Queries(book).unfinished_numbers()
    if left:
        reason = "文书制作中断，没有制成"
        book.write(*(Draft(REGISTER, "number_voided", {"number": number, "reason": reason}) for number in left))


def void_number(book: Book, number: str, reason: str) -> Done[str]:
    """Account for a number that will not be used, e.g. on a spoiled sheet.

    Raises `Problem`: `reason_needed`, `number_foreign` outside the blocks of this laptop, `number_gone` when it is used.
    """
    queries = Queries(book)
    if number not in {each for lease in queries.all_leases() for each in lease.numbers()}:
        raise Problem("number_foreign", number=number)
    if number in queries.used_numbers():
        raise Problem("number_gone", number=number)
    if not reason.strip():
        raise Problem("reason_needed", what=f"作废文号 {number}")
    return book.done(number, [Draft(REGISTER, "number_voided", {"number": number, "reason": reason.strip()})])
