"""Taking in photos: original bytes untouched into the vault, digests and fields into the record."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ..domain.casefile import STORED, CaseFile, Evidence
from ..domain.clock import CHINA
from ..domain.event import Draft
from ..domain.evidence import VIEWS
from ..domain.problems import Problem
from .book import Book, Done
from .procedure import check_open
from .queries import Queries

if TYPE_CHECKING:
    from ..evidence.photo import Photo

STEP = "取证"

FIELDS = ("item", "taken_at", "place", "proves", "method", "carrier", "present", "transcript", "maker", "view")
"""What may be added or corrected after the intake; digests, size and name may not."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Result of an intake: numbers given, and for each file that was refused the sentence why."""

    numbers: tuple[str, ...]
    refused: tuple[str, ...]


def glance(file: Path) -> bytes:
    """JPEG bytes of a small picture of a file that is not taken in yet. Raises as the intake does."""
    from ..evidence.photo import glance  # Pillow is imported with the first photo, and a window starts without it

    return glance(file)


def add_photos(
    book: Book, stream: str, files: Sequence[Path], item: str = "", proves: str = "",
    progress: Callable[[int, int], bool] = lambda done, total: True,
) -> Done[Taken]:  # fmt: skip
    """Take in photo files one by one; a bad one is told and passed by, what is stored stays stored.

    `progress(done, total)` returning False stops before the next file. Each photo is one action: files are in the
    vault and synced before the event names them, and the disk is asked for room before each.
    """
    book.allow("inspect", stream)
    case = Queries(book).case(stream)
    check_open(book, case, "evidence_taken")
    series = _series(book)
    numbers = itertools.count(_last_number(case, series) + 1)

    def keep(photo: Photo, pool: Executor) -> Done[str]:
        return _keep(book, case, photo, f"{series}{next(numbers):03d}", item, proves, pool)

    return _take_all(book, files, keep, progress)


def _take_all(
    book: Book, files: Sequence[Path], keep: Callable[[Photo, Executor], Done[str]],
    progress: Callable[[int, int], bool],
) -> Done[Taken]:  # fmt: skip
    """Read the next files while the last one is sealed; each is asked for room and is one action of its own. Two threads
    read, the third is there for `keep`."""
    from ..evidence.photo import take_in

    kept: list[str] = []
    refused: list[str] = []
    done: Done[str] | None = None
    with ThreadPoolExecutor(max_workers=3, thread_name_prefix="photo") as pool:
        coming = deque(pool.submit(take_in, file) for file in files[:2])
        for index in range(len(files)):
            if not progress(index, len(files)):
                break
            reading = coming.popleft()
            if index + 2 < len(files):
                coming.append(pool.submit(take_in, files[index + 2]))
            try:
                photo = reading.result()
                book.rules.room_for(book.store.path, photo.size)
                done = keep(photo, pool)
            except Problem as problem:
                if problem.code in ("disk_low", "disk_full", "disk_failed", "store_busy", "store_damaged"):
                    raise
                refused.append(str(problem))
                continue
            kept.append(done.value)
    progress(len(files), len(files))
    touched = done.touched if done else frozenset()
    return Done(Taken(tuple(kept), tuple(refused)), touched, done.events if done else ())


def _keep(book: Book, case: CaseFile, photo: Photo, number: str, item: str, proves: str, pool: Executor) -> Done[str]:
    small = photo.thumbnail, photo.print_copy
    made = pool.submit(lambda: [book.keep(each, "image/jpeg", "made") for each in small])
    original = book.keep(photo.original, photo.mime, "imported")
    thumbnail, copy = made.result()
    now = book.clock.now().at
    about = case.item(item)
    proven = proves or (about.note or f"{about.code} {about.text}" if about else "")
    body = {
        "number": number, "kind": "照片", "item": item, "original_name": photo.name,
        "taken_at": photo.taken_at.isoformat() if photo.taken_at else now.isoformat(),
        "time_from": "照片信息" if photo.taken_at else STORED,
        "place": case.visit.place, "maker": book.person.name, "maker_credential": book.person.credential_number,
        "proves": proven, "method": "数码相机现场拍摄，原始文件未经修改存入",
        "carrier": f"相机存储卡（{photo.camera}）" if photo.camera else "相机存储卡",
        "present": "、".join(a.name for a in case.visit.attendees),
        "width": photo.width, "height": photo.height, "camera": photo.camera,
        "thumbnail": thumbnail.sha256, "copy": copy.sha256,
    }  # fmt: skip
    return book.done(number, [Draft(case.id, "evidence_taken", body, STEP, blobs=(original, thumbnail, copy))])


def describe(book: Book, stream: str, number: str, changes: Mapping[str, str]) -> Done[Evidence]:
    """Fill in or correct fields of a piece of evidence; the bytes are never touched."""
    case = Queries(book).case(stream)
    piece = evidence_of(case, number)
    unknown = set(changes) - set(FIELDS)
    if unknown:
        raise Problem("frozen", what=f"证据 {number} 的原始数据")
    _check_values(book, case, changes)
    changes = {**changes, "time_from": "检查人员说明"} if "taken_at" in changes else dict(changes)
    before = {name: str(getattr(piece, name) or "") for name in changes}
    return book.done(
        piece, [Draft(stream, "evidence_described", {"number": number, "changes": changes}, STEP)],
        reverse=[Draft(stream, "evidence_described", {"number": number, "changes": before}, STEP)],
    )  # fmt: skip


def _check_values(book: Book, case: CaseFile, changes: Mapping[str, str]) -> None:
    if changes.get("view", "") not in ("", *VIEWS):
        raise Problem("not_found", what=f"照片组里的“{changes['view']}”")
    if changes.get("item") and case.item(changes["item"]) is None:
        raise Problem("unknown_item", item=changes["item"])
    if text := changes.get("taken_at"):
        try:
            taken = datetime.fromisoformat(text)
        except ValueError:
            raise Problem("bad_date", text=text) from None
        if taken.replace(tzinfo=taken.tzinfo or CHINA) > book.clock.now().at:
            raise Problem("date_ahead", what="拍摄时间")


def withdraw(book: Book, stream: str, number: str, reason: str) -> Done[str]:
    """Hide a piece from papers with a reason; its bytes and its history stay."""
    evidence_of(Queries(book).case(stream), number)
    if not reason.strip():
        raise Problem("reason_needed", what=f"撤下证据 {number}")
    body = {"number": number, "reason": reason.strip()}
    return book.done(
        number, [Draft(stream, "evidence_withdrawn", body, STEP)],
        reverse=[Draft(stream, "evidence_withdrawn", {**body, "reason": ""}, STEP)],
    )  # fmt: skip


def film_service(
    book: Book, stream: str, files: Sequence[Path],
    progress: Callable[[int, int], bool] = lambda done, total: True,
) -> Done[Taken]:  # fmt: skip
    """Keep pictures of how a paper was served. They have numbers of their own: the evidence of the visit is closed by then.

    Raises what `add_photos` raises.
    """
    book.allow("inspect", stream)
    series = f"SD-{book.store.device.removeprefix('QH-')}-"
    case = Queries(book).case(stream)
    check_open(book, case, "service_filmed")
    taken = sum(filmed.number.startswith(series) for filmed in case.filmed)
    numbers = itertools.count(taken + 1)

    def keep(photo: Photo, _: Executor) -> Done[str]:
        original, number = book.keep(photo.original, photo.mime, "imported"), f"{series}{next(numbers):03d}"
        body = {"number": number, "original_name": photo.name,
                "taken_at": photo.taken_at.isoformat() if photo.taken_at else ""}  # fmt: skip
        return book.done(number, [Draft(stream, "service_filmed", body, "送达", blobs=(original,))])

    return _take_all(book, files, keep, progress)


def evidence_of(case: CaseFile, number: str) -> Evidence:
    """The piece of this number. Raises `Problem("not_found")`."""
    for piece in case.evidence:
        if piece.number == number:
            return piece
    raise Problem("not_found", what=f"证据 {number}")


def next_number(book: Book, case: CaseFile) -> str:
    """The number of the next piece that this laptop takes in."""
    series = _series(book)
    return f"{series}{_last_number(case, series) + 1:03d}"


def _series(book: Book) -> str:
    """What this laptop's numbers begin with: two laptops without a network must never give one number twice."""
    return f"ZJ-{book.store.device.removeprefix('QH-')}-"


def _last_number(case: CaseFile, series: str) -> int:
    return max((int(e.number.removeprefix(series)) for e in case.evidence if e.number.startswith(series)), default=0)
