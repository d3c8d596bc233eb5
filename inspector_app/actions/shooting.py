"""Photos of a live picture: of the visit, as evidence, and of a clause at a re-inspection. The bytes stay as they came; a copy
carries number, time, unit, place and maker.
"""

from __future__ import annotations

from datetime import datetime

from ..domain.casefile import CaseFile
from ..domain.clock import CHINA
from ..domain.event import BlobRef, Draft
from .book import Book, Done
from .evidence import STEP, number_after
from .intake import next_number
from .procedure import check_open
from .recording import OWN_SCREEN
from .rectify import AGAIN, VIEW_AGAIN, clause_of

CLAUSE, LETTERS = "rectification_filmed", "ZG"

_LARGEST = 16 * 1024 * 1024
"""Bytes that a picture of the live source takes at the most."""


def check_room(book: Book) -> None:
    """Raises `Problem("disk_low")` before anybody presses the shutter in vain."""
    book.rules.room_for(book.store.path, _LARGEST)


def take_shot(book: Book, stream: str, picture: bytes, device: str, at: datetime, item: str = "") -> Done[str]:
    """Keep a picture of the live source as evidence.

    Raises:
        Problem: as `procedure.check_open`, `disk_low`, `photo_damaged`.
    """
    book.allow("inspect", stream)
    case = book.queries.case(stream)
    check_open(book, case, "evidence_taken")
    fact = case.item(item)
    proves = (fact.note or f"{fact.code} {fact.text}") if fact else ""
    number = next_number(book, case)
    said, blobs = _shot(book, case, picture, device, at, number)
    body = {**said, "kind": "照片", "item": item, "proves": proves}
    return book.done(number, [Draft(stream, "evidence_taken", body, STEP, blobs=blobs)])


def check_clause(book: Book, stream: str, finding: str) -> None:
    """Raises `Problem` unless pictures of this clause may be taken now."""
    book.allow("inspect", stream)
    case, _ = clause_of(book, stream, finding)
    check_open(book, case, CLAUSE)


def shoot_clause(book: Book, stream: str, picture: bytes, device: str, at: datetime, finding: str) -> Done[str]:
    """Keep a picture of the live source as what was seen of a clause at a re-inspection.

    Raises:
        Problem: as `check_clause`, `disk_low`, `photo_damaged`.
    """
    check_clause(book, stream, finding)
    case, clause = clause_of(book, stream, finding)
    number = number_after(book, LETTERS, case.pictures)
    said, blobs = _shot(book, case, picture, device, at, number)
    body = {**said, "item": clause.code, "view": VIEW_AGAIN, "proves": f"{clause.code} {VIEW_AGAIN}"}
    return book.done(number, [Draft(stream, CLAUSE, body, AGAIN, blobs=blobs)])


def _shot(
    book: Book, case: CaseFile, picture: bytes, device: str, at: datetime, number: str
) -> tuple[dict[str, object], tuple[BlobRef, ...]]:  # fmt: skip
    """What the event says of the picture, and its files, which lie in the vault before it."""
    from ..evidence.photo import shot  # Pillow is imported with the first picture

    book.rules.room_for(book.store.path, len(picture))
    maker, local = book.person, at.astimezone(CHINA)
    lines = (f"{number}　{local:%Y-%m-%d %H:%M:%S}", f"{case.unit.name}　{case.visit.place}",
             f"{maker.name}　执法证号 {maker.credential_number}")  # fmt: skip
    way, name = (f"截取{device}的画面", "截屏") if device == OWN_SCREEN else (f"{device}现场拍摄", "拍照")
    taken = shot(f"{name}-{local:%Y%m%d-%H%M%S}.jpg", picture, lines)
    original = book.keep(taken.original, taken.mime, "captured")
    small, copy = (book.keep(each, "image/jpeg", "made") for each in (taken.thumbnail, taken.print_copy))
    said: dict[str, object] = {
        "number": number, "original_name": taken.name, "taken_at": at.isoformat(), "time_from": "本机时钟",
        "place": case.visit.place, "maker": maker.name, "maker_credential": maker.credential_number,
        "method": f"{way}，原始画面未经修改存入；时间、地点、单位、拍摄人印在另存的副本上",
        "carrier": f"本机硬盘（{book.store.device}）", "present": "、".join(a.name for a in case.visit.attendees),
        "width": taken.width, "height": taken.height, "camera": device, "device": book.store.device,
        "thumbnail": small.sha256, "copy": copy.sha256,
    }  # fmt: skip
    return said, (original, small, copy)
