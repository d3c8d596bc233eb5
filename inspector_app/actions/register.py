"""The registers: the bureau, its units and officers, and the document numbers leased to this laptop."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

from ..domain.calendar import check_year
from ..domain.event import REGISTER, Draft
from ..domain.numbers import MOST, Lease
from ..domain.people import Bureau, Officer, Unit, checked_credit_code
from ..domain.problems import Problem
from ..domain.roster import (
    CREDITS,
    OFFICER_TOPICS,
    RECUSAL,
    REVIEWER,
    RISKS,
    STARS,
    TRAINING,
    UNIT_TOPICS,
    OfficerNote,
    UnitNote,
    plain_officer_note,
    plain_unit_note,
)
from .book import Book, Done


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
    """Enter or change a unit. Raises `Problem` like `checked_unit`."""
    unit = checked_unit(unit)
    return book.done(unit, [Draft(REGISTER, "unit_registered", plain_unit(unit))])


def checked_unit(unit: Unit) -> Unit:
    """The unit with its code as the certificate writes it.

    Raises `Problem`: `field_needed` without a name, `credit_code`, `not_found` for a risk or credit that there is not.
    """
    if not unit.name.strip():
        raise Problem("field_needed", what="单位名称")
    code = checked_credit_code(unit.credit_code)
    for value, known in ((unit.risk, RISKS), (unit.credit, CREDITS)):
        if value and value not in known:
            raise Problem("not_found", what=f"“{value}”这一档，只有{'、'.join(known)}")
    return replace(unit, credit_code=code)


def register_officer(book: Book, officer: Officer) -> Done[Officer]:
    """Enter or change an officer and the credential (档案法实施条例47). Raises `Problem` like `check_officer`."""
    check_officer(officer)
    return book.done(officer, [Draft(REGISTER, "officer_registered", plain_officer(officer))])


def check_officer(officer: Officer) -> None:
    """Raises `Problem`: `field_needed` without a name, `date_order`."""
    if not officer.name.strip():
        raise Problem("field_needed", what="人员姓名")
    if officer.credential and officer.credential.valid_to < officer.credential.valid_from:
        raise Problem("date_order", later="证件有效期止", earlier="有效期起")


def enter_all(book: Book, units: Iterable[Unit], officers: Iterable[Officer]) -> Done[int]:
    """Enter what a workbook told, all in one batch; returns how many. Raises like entering them one by one."""
    drafts = []
    for unit in units:
        drafts.append(Draft(REGISTER, "unit_registered", plain_unit(checked_unit(unit))))
    for officer in officers:
        check_officer(officer)
        drafts.append(Draft(REGISTER, "officer_registered", plain_officer(officer)))
    if not drafts:
        raise Problem("field_needed", what="可以登记的行")
    return book.done(len(drafts), drafts)


# -- what is noted of units and officers ----------------------------------------------------------------------------


def note_unit(book: Book, note: UnitNote) -> Done[str]:
    """Note a report, an approval, a rating or an earlier inspection of a unit; returns its id.

    Raises `Problem`: `not_found` for an unknown unit or topic, `date_ahead`, `field_needed` for a rating without stars,
    `mended_more` where more was put right than found.
    """
    unit = book.queries.register().units.get(note.unit)
    if unit is None or note.topic not in UNIT_TOPICS:
        raise Problem("not_found", what="这个单位或事项")
    if note.day > book.clock.now().at.date():
        raise Problem("date_ahead", what="日期")
    if note.topic == STARS and not 1 <= note.stars <= 5:
        raise Problem("field_needed", what="星级（1 至 5）")
    if not 0 <= note.mended <= note.found:
        raise Problem("mended_more", found=note.found, mended=note.mended)
    note = replace(note, id=note.id or uuid.uuid4().hex[:12])
    body = plain_unit_note(note) | {"unit_name": unit.name}
    return book.done(note.id, [Draft(REGISTER, "unit_noted", body)])


def note_officer(book: Book, note: OfficerNote) -> Done[str]:
    """Note training, an exam, a recusal or that somebody may review legality; returns its id.

    Raises `Problem`: `not_allowed`, `not_found` for somebody or some unit unknown, `date_ahead`, `field_needed`.
    """
    register = book.queries.register()
    officer = register.officers.get(note.officer)
    if officer is None or note.topic not in OFFICER_TOPICS:
        raise Problem("not_found", what="这名人员或事项")
    if note.day > book.clock.now().at.date():
        raise Problem("date_ahead", what="日期")
    if note.topic == RECUSAL and (note.unit not in register.units or not note.text.strip()):
        raise Problem("field_needed", what="应回避的单位和原因")
    if note.topic == TRAINING and note.hours < 1:
        raise Problem("field_needed", what="学时")
    if note.topic == REVIEWER:
        book.allow("qualify")
        if not note.text.strip():
            raise Problem("field_needed", what="法制审核资格的名称和编号")
    note = replace(note, id=note.id or uuid.uuid4().hex[:12])
    body = plain_officer_note(note) | {"name": officer.name}
    return book.done(note.id, [Draft(REGISTER, "officer_noted", body)])


def drop_note(book: Book, note: UnitNote | OfficerNote, reason: str) -> Done[str]:
    """Take out what was noted by mistake; the record keeps it. Raises `Problem("reason_needed")`."""
    if not reason.strip():
        raise Problem("reason_needed", what="撤下登记的事项")
    register = "unit_note" if isinstance(note, UnitNote) else "officer_note"
    body = {"register": register, "id": note.id, "reason": reason.strip()}
    return book.done(note.id, [Draft(REGISTER, "note_dropped", body)])


def lease_numbers(book: Book, series: str, prefix: str, year: int, first: int, last: int) -> Done[str]:
    """Enter a block of document numbers that the bureau gave to this laptop.

    Raises `Problem`: `bad_year`, `number_order`, `number_many`, or `number_leased` where a number lies in a block that was
    entered before.
    """
    check_year(year)
    if not 1 <= first <= last:
        raise Problem("number_order")
    if last - first >= MOST:
        raise Problem("number_many", most=MOST)
    lease = Lease(series, prefix, year, first, last)
    known = {number for held in book.queries.all_leases() for number in held.numbers()}
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
    left = book.queries.unfinished_numbers()
    if left:
        reason = "文书制作中断，没有制成"
        book.write(*(Draft(REGISTER, "number_voided", {"number": number, "reason": reason}) for number in left))


def void_number(book: Book, number: str, reason: str) -> Done[str]:
    """Account for a number that will not be used, e.g. on a spoiled sheet.

    Raises `Problem`: `reason_needed`, `number_foreign` outside the blocks of this laptop, `number_gone` when it is used.
    """
    queries = book.queries
    if number not in {each for lease in queries.all_leases() for each in lease.numbers()}:
        raise Problem("number_foreign", number=number)
    if number in queries.used_numbers():
        raise Problem("number_gone", number=number)
    if not reason.strip():
        raise Problem("reason_needed", what=f"作废文号 {number}")
    return book.done(number, [Draft(REGISTER, "number_voided", {"number": number, "reason": reason.strip()})])
