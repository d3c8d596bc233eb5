"""Evidence in the record: what is said of it, its withdrawal, and pictures of how a paper was served."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from ..domain.casefile import CaseFile
from ..domain.clock import CHINA
from ..domain.event import Draft
from ..domain.evidence import VIEWS, Evidence
from ..domain.numbers import short_name
from ..domain.paper import Filmed
from ..domain.problems import Problem
from .book import Book, Done
from .card import Film, look_at, reading, safe_name
from .intake import ENDING, Progress, Taken, take_in
from .procedure import check_open
from .recorders import BY_HAND

STEP = "取证"

FIELDS = ("item", "taken_at", "place", "proves", "method", "carrier", "present", "transcript", "maker", "view")
"""What may be added or corrected after the intake; digests, size and name may not."""


def add_photos(
    book: Book, stream: str, files: Sequence[Path], item: str = "", proves: str = "",
    progress: Progress = lambda done, total: True,
) -> Done[Taken]:  # fmt: skip
    """Take in files whose device is told by their names, or by nobody; see `intake.take_in`."""
    return take_in(book, stream, files, item, proves, progress=progress)


def describe(book: Book, stream: str, number: str, changes: Mapping[str, str]) -> Done[Evidence]:
    """Fill in or correct fields of a piece of evidence; the bytes are never touched."""
    case = book.queries.case(stream)
    piece = evidence_of(case, number)
    unknown = set(changes) - set(FIELDS)
    if unknown:
        raise Problem("frozen", what=f"证据 {number} 的原始数据")
    _check_values(book, case, changes)
    draft, reverse = _described(stream, piece, changes)
    return book.done(piece, [draft], reverse=[reverse])


ALIKE = ("item", "proves")
"""What may be said of many pieces at once: of what they are, and what they prove."""


def describe_alike(book: Book, stream: str, numbers: Collection[str], changes: Mapping[str, str]) -> Done[int]:
    """Say the same of many pieces, each with its own event, undone together; returns of how many it was not said already.

    Raises:
        Problem: as `describe`; `not_found` where one of them is not there, `frozen` for a field that is each one's own.
    """
    case = book.queries.case(stream)
    pieces = _pieces(case, numbers)
    if set(changes) - set(ALIKE):
        raise Problem("frozen", what="每份证据自己的数据")
    _check_values(book, case, changes)
    news = ((p, {name: value for name, value in changes.items() if getattr(p, name) != value}) for p in pieces)
    turns = [_described(stream, piece, new) for piece, new in news if new]
    if not turns:
        return Done(0, frozenset())
    drafts, reverse = zip(*turns, strict=True)
    return book.done(len(turns), drafts, reverse=reverse)


def _pieces(case: CaseFile, numbers: Collection[str]) -> list[Evidence]:
    """The pieces of these numbers in their order. Raises `Problem("not_found")`."""
    found = [piece for piece in case.evidence if piece.number in numbers]
    if len(found) < len(numbers):
        evidence_of(case, next(each for each in numbers if each not in {piece.number for piece in found}))
    return found


def _described(stream: str, piece: Evidence, changes: Mapping[str, str]) -> tuple[Draft, Draft]:
    """What is to be written, and what takes it back."""
    new = {**changes, "time_from": BY_HAND} if "taken_at" in changes else dict(changes)
    before = {name: str(getattr(piece, name) or "") for name in new}
    drafts = (
        Draft(stream, "evidence_described", {"number": piece.number, "changes": said}, STEP) for said in (new, before)
    )
    return next(drafts), next(drafts)


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
    done = withdraw_all(book, stream, [number], reason)
    return Done(number, done.touched, done.events, done.reverse)


def withdraw_all(book: Book, stream: str, numbers: Collection[str], reason: str) -> Done[int]:
    """Hide several pieces for one reason, each with its own event, undone together. Raises `Problem`: `not_found`,
    `reason_needed`."""
    pieces = _pieces(book.queries.case(stream), numbers)
    if not reason.strip():
        raise Problem("reason_needed", what="撤下证据")
    bodies = [{"number": piece.number, "reason": reason.strip()} for piece in pieces]
    return book.done(
        len(bodies), [Draft(stream, "evidence_withdrawn", body, STEP) for body in bodies],
        reverse=[Draft(stream, "evidence_withdrawn", {**body, "reason": ""}, STEP) for body in bodies],
    )  # fmt: skip


def film_service(
    book: Book, stream: str, files: Sequence[Path], progress: Progress = lambda done, total: True
) -> Done[Taken]:
    """Keep pictures of how a paper was served. They have numbers of their own: the evidence of the visit is closed by then.
    Raises as `film`."""
    held = book.queries.case(stream).filmed
    return film(book, stream, files, "service_filmed", "SD", held, "送达", {}, progress)


def film(
    book: Book, stream: str, files: Sequence[Path], kind: str, letters: str, held: Sequence[Filmed | Evidence], step: str,
    more: Mapping[str, object], progress: Progress,
) -> Done[Taken]:  # fmt: skip
    """Keep pictures that are no evidence of the visit, each an event of this kind with what `more` says, numbered by `letters`
    and laptop. A bad one is told and passed by. Raises what `intake.take_in` raises."""
    book.allow("inspect", stream)
    check_open(book, book.queries.case(stream), kind)
    series, taken = _series(book, letters, held)
    kept: list[str] = []
    refused: list[str] = []
    done: Done[str] | None = None
    with reading(files, look_at) as looks:
        for index, (file, look, _) in enumerate(looks):
            if not progress(index, len(files)):
                break
            try:
                photo = look.result()
                if isinstance(photo, Film):
                    raise Problem("photo_kind", name=safe_name(file))
                book.rules.room_for(book.store.path, photo.size)
                blobs = [book.keep(photo.original, photo.mime, "imported")]
                number = f"{series}{taken + len(kept) + 1:03d}"
                body = {"number": number, "original_name": safe_name(file),
                        "taken_at": photo.taken_at.isoformat() if photo.taken_at else "", **more}  # fmt: skip
                if more:
                    blobs += [book.keep(each, "image/jpeg", "made") for each in (photo.thumbnail, photo.print_copy)]
                    body |= {
                        "thumbnail": blobs[1].sha256,
                        "copy": blobs[2].sha256,
                        "width": photo.width,
                        "height": photo.height,
                    }
                done = book.done(number, [Draft(stream, kind, body, step, blobs=tuple(blobs))])
            except Problem as problem:
                if problem.code in ENDING:
                    raise
                refused.append(str(problem))
                continue
            kept.append(done.value)
    progress(len(files), len(files))
    return Done(Taken(tuple(kept), tuple(refused)), done.touched if done else frozenset(), done.events if done else ())


def number_after(book: Book, letters: str, held: Sequence[Filmed | Evidence]) -> str:
    """The number that this laptop gives to the next such picture."""
    series, taken = _series(book, letters, held)
    return f"{series}{taken + 1:03d}"


def _series(book: Book, letters: str, held: Sequence[Filmed | Evidence]) -> tuple[str, int]:
    """What numbers of this laptop begin with, and how many it has given."""
    series = f"{letters}-{short_name(book.store.device)}-"
    return series, sum(piece.number.startswith(series) for piece in held)


def evidence_of(case: CaseFile, number: str) -> Evidence:
    """The piece of this number. Raises `Problem("not_found")`."""
    for piece in case.evidence:
        if piece.number == number:
            return piece
    raise Problem("not_found", what=f"证据 {number}")
