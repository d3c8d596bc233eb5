"""The bureau's recorders and cameras: registered, booked for a day, handed over, returned, their clocks compared."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

from ..domain.casefile import CaseFile
from ..domain.clock import CHINA
from ..domain.event import RECORDERS, Draft
from ..domain.evidence import STORED
from ..domain.people import Officer
from ..domain.problems import Problem
from ..domain.recorder import KINDS, Recorder, read_recorders
from .book import Book, Done

STEP = "取证"

_FARTHEST = timedelta(days=366 * 5)
"""A clock that is off by more was never set; its files are placed by hand."""


def recorders(book: Book) -> tuple[Recorder, ...]:
    """Every device of the register, by number."""
    return read_recorders(book.store.rows(RECORDERS))


def recorder(book: Book, number: str) -> Recorder:
    """The device of this number. Raises `Problem("not_found")`."""
    found = next((each for each in recorders(book) if each.number == number), None)
    if found is None:
        raise Problem("not_found", what=f"设备 {number}")
    return found


def register(book: Book, number: str, kind: str, model: str = "") -> Done[str]:
    """Enter a device under the number that stands on it, or change what is said of it."""
    if not number.strip():
        raise Problem("field_needed", what="设备编号")
    if kind not in KINDS:
        raise Problem("field_needed", what="设备种类")
    body = {"number": number.strip(), "kind": kind, "model": model.strip()}
    return _write(book, "recorder_registered", body)


def reserve(book: Book, number: str, day: date, officer: Officer, about: str = "") -> Done[str]:
    """Book a device for a day. Raises `Problem("recorder_booked")` when somebody else has it that day."""
    held = recorder(book, number).booked(day)
    if held is not None and held.officer != officer.id:
        raise Problem("recorder_booked", device=number, day=f"{day.month}月{day.day}日", name=held.name)
    body = {"number": number, "day": day.isoformat(), "officer": officer.id, "name": officer.name, "about": about}
    return _write(book, "recorder_booked", body)


def cancel(book: Book, number: str, day: date) -> Done[str]:
    """Give a booked day free again."""
    if recorder(book, number).booked(day) is None:
        raise Problem("not_found", what=f"设备 {number} 这一天的预约")
    body = {"number": number, "day": day.isoformat(), "officer": "", "name": "", "about": ""}
    return _write(book, "recorder_booked", body)


def hand_over(book: Book, number: str, officer: Officer) -> Done[str]:
    """Somebody takes a device along. Raises `Problem`: `recorder_out`, or `recorder_booked` for somebody else today."""
    device, today = recorder(book, number), book.clock.now().at.date()
    if device.holder:
        raise Problem("recorder_out", device=number, name=device.holder_name)
    booked = device.booked(today)
    if booked is not None and booked.officer != officer.id:
        raise Problem("recorder_booked", device=number, day="今天", name=booked.name)
    return _write(book, "recorder_handed_over", {"number": number, "officer": officer.id, "name": officer.name})


def give_back(book: Book, number: str) -> Done[str]:
    """The device is back with who keeps it. Raises `Problem("not_found")` when nobody has it."""
    device = recorder(book, number)
    if not device.holder:
        raise Problem("not_found", what=f"设备 {number} 的领用")
    return _write(book, "recorder_returned", {"number": number, "name": device.holder_name})


def time_shown_by(photo: Path) -> datetime:
    """What a device's own clock said when it photographed this computer's. Raises `Problem`: as an intake, `no_own_time`."""
    from ..evidence.photo import own_time  # Pillow is imported with the first photo

    taken = own_time(photo)
    if taken is None:
        raise Problem("no_own_time", name=photo.name)
    return taken


def compare_clock(book: Book, number: str, own: datetime, true: datetime, stream: str = "") -> Done[int]:
    """Note how far a device's clock is off: `own` is what it said when it was `true`, as its photo of this computer's clock
    shows. What it made in the inspection of `stream` is placed anew. Returns the seconds that are added to its own time.

    Raises `Problem`: `not_found`, `clock_absurd` beyond five years, `date_ahead` for a true time that has not come.
    """
    recorder(book, number)
    if true > book.clock.now().at + timedelta(minutes=1):
        raise Problem("date_ahead", what="电脑显示的时间")
    if abs(true - own) > _FARTHEST:
        raise Problem("clock_absurd", device=number)
    offset = round((true - own).total_seconds())
    body = {"number": number, "own": own.isoformat(), "true": true.isoformat(), "offset": offset}
    moved = _moved(book, book.queries.case(stream), number, offset) if stream else []
    return book.done(offset, [Draft(RECORDERS, "recorder_clock_compared", body, STEP), *moved])


def _moved(book: Book, case: CaseFile, number: str, offset: int) -> list[Draft]:
    """What places the pieces of a device anew whose time nobody has said by hand, where this person works on the case."""
    rows, drafts = book.store.rows(case.id), list[Draft]()
    if book.person.id not in {officer.id for officer in case.able}:
        return drafts
    for piece in case.evidence:
        own = rows.get(("evidence", piece.number), {}).get("own_time", "")
        if piece.device != number or not own or piece.time_from == BY_HAND:
            continue
        source = "" if piece.time_from == STORED else piece.time_from.partition("，")[0]
        changes = placed(datetime.fromisoformat(own), offset, source or FILE)
        if piece.taken_at is None or changes["taken_at"] != piece.taken_at.isoformat():
            drafts.append(Draft(case.id, "evidence_described", {"number": piece.number, "changes": changes}, STEP))
    return drafts


FILE = "文件信息"
"""`Evidence.time_from` of what the header of a film or sound says."""
BY_HAND = "检查人员说明"
"""`Evidence.time_from` of a time that an officer has said."""


def placed(own: datetime, offset: int | None, source: str) -> dict[str, str]:
    """Where the device's own time lies on the visit's timeline: the fields of the evidence."""
    at = (own + timedelta(seconds=offset or 0)).astimezone(CHINA)
    return {"taken_at": at.isoformat(), "time_from": f"{source}，按设备时钟差校正" if offset else source}


def _write(book: Book, kind: str, body: dict[str, str]) -> Done[str]:
    return book.done(body["number"], [Draft(RECORDERS, kind, body, STEP)])
