"""Photos of a result that the public may see: a small copy with what is covered in its own pixels, cleared by name with a reason.

No photo is in a public copy by itself. What was taken in an area of state secrets, or is not through the check for secrets,
cannot be cleared at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from ..domain.casefile import CaseFile
from ..domain.evidence import BLOCKED, Evidence
from ..domain.evidence import CLEARED as PASSED
from ..domain.problems import Problem
from ..domain.public_photo import Cleared, covered
from ..domain.publicity import Publication
from ..domain.redaction import Line
from .book import Book

PHOTO = "photo/"
"""What the key of a row begins with that shows a photo; its number follows."""
Span = tuple[datetime, datetime]


def barred(book: Book, case: CaseFile, piece: Evidence) -> str:
    """Why a photo may not be shown to the public as it stands; empty where nothing is against it."""
    return _barred(book, piece, _secret_areas(book, case.id))


def _barred(book: Book, piece: Evidence, areas: Sequence[Span]) -> str:
    if piece.kind != "照片":
        return "不是照片"
    if piece.secret or piece.withdrawn:
        return "已经封存或撤下"
    if piece.secrecy != PASSED:
        return "保密审查不通过" if piece.secrecy == BLOCKED else "还没有通过保密审查"
    if areas and (piece.taken_at is None or any(begin <= piece.taken_at <= end for begin, end in areas)):
        return "可能是在涉密区域里拍的"
    return (
        f"拍摄地点“{piece.place}”不能公开" if book.rules.publicity.shown([Line("place", "", piece.place)], {}) else ""
    )


def _secret_areas(book: Book, stream: str) -> tuple[Span, ...]:
    """From when until when the team was where state secrets are, as it said; what nobody ended goes on."""
    spans: list[list[datetime]] = []
    inside = False
    for event in sorted(book.store.events(stream), key=lambda event: event.at):
        at = datetime.fromisoformat(event.at)
        if event.kind == "secret_area_entered" and not inside:
            spans.append([at, datetime.max.replace(tzinfo=at.tzinfo)])
            inside = True
        elif event.kind == "secret_area_left" and spans:
            spans[-1][1], inside = at, False
    return tuple((begin, end) for begin, end in spans)


def eligible(book: Book, case: CaseFile, publication: Publication) -> tuple[Evidence, ...]:
    """Photos that may be cleared and are not, as far as they are on this laptop."""
    areas, queries = _secret_areas(book, case.id), book.queries
    cleared = {each.number for each in _standing(book, case, publication, areas)}
    return tuple(piece for piece in case.evidence if piece.number not in cleared and not _barred(book, piece, areas)
                 and queries.has_picture(case, piece.number))  # fmt: skip


def standing(book: Book, case: CaseFile, publication: Publication) -> tuple[Cleared, ...]:
    """The photos that are cleared and still may be: what was found or covered since takes the older copy out."""
    return _standing(book, case, publication, _secret_areas(book, case.id)) if publication.photos else ()


def _standing(book: Book, case: CaseFile, publication: Publication, areas: Sequence[Span]) -> tuple[Cleared, ...]:
    pieces = {piece.number: piece for piece in case.evidence}
    return tuple(
        each for each in publication.photos
        if (piece := pieces.get(each.number)) and each.is_of(piece.marks) and not _barred(book, piece, areas)
    )  # fmt: skip


def lines(book: Book, case: CaseFile, publication: Publication) -> Iterator[Line]:
    """A row for each photo: what it proves, and why it is shown."""
    proves = {piece.number: piece.proves for piece in case.evidence}
    for each in standing(book, case, publication):
        yield Line(PHOTO + each.number, "照片", proves[each.number], (), each.reason, each.sha256)


def preview(book: Book, case: CaseFile, piece: Evidence) -> bytes:
    """What the public would see of a photo. Raises `Problem`: `blob_missing`, `blob_changed`."""
    from ..evidence.marks import burn  # Pillow is imported with the first picture
    from ..evidence.photo import bare

    copy = book.queries.picture(case, piece.number)
    if not copy:
        raise Problem("blob_missing", number=f"照片 {piece.number}")
    return bare(burn(copy, covered(piece.marks)))


def seen(book: Book, case: CaseFile, line: Line) -> tuple[bytes, bytes]:
    """The photo and its public copy, for the comparison; both empty where the photo is kept back as a secret.

    Raises `Problem`: `blob_missing`, `blob_changed`.
    """
    queries, number = book.queries, line.key.removeprefix(PHOTO)
    before = queries.picture(case, number)
    return (before, queries.content(line.picture, f"照片 {number} 的公示件")) if before else (b"", b"")


def wanted(book: Book) -> Iterator[str]:
    """Digests of the photos that wait for a second person, and of what they were made from."""
    for stream, _, row in book.store.topic("publication"):
        for made in row.get("rounds", {}).values():
            numbers = {
                r["picture"]: str(r["key"]).removeprefix(PHOTO)
                for r in made["sent"].get("rows", ())
                if r.get("picture")
            }
            for sha256, number in numbers.items() if not made.keys() & {"confirmed", "recalled", "returned"} else ():
                yield sha256
                yield str(book.store.rows(stream).get(("evidence", number), {}).get("copy", ""))
