"""What is done with evidence that is there: marks over a photo, the check for secrets, whether the original is whole, and
what else belongs to it.

Marks are a layer of their own: data in the record, never in the bytes. A paper that shows them is given a copy in which
they are burnt in, made when it is wanted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..domain.casefile import CaseFile
from ..domain.event import Draft
from ..domain.evidence import BLOCKED, CLEARED, LONGEST_TEXT, MOST_MARKS, Evidence, Mark, Shape
from ..domain.finding import Finding
from ..domain.paper import Issued
from ..domain.problems import Problem
from .book import Book, Done
from .evidence import STEP, evidence_of


def mark(book: Book, stream: str, number: str, marks: Sequence[Mark], *, shown: bool = True) -> Done[str]:
    """Lay these marks over a photo, in place of those that lay there; `shown` says whether papers show them.

    Raises:
        Problem: `no_marks` where there is no picture, `marks_bad` for too many marks, or a text that is empty or too long.
    """
    piece = evidence_of(book.queries.case(stream), number)
    if not book.queries.copy_of(book.queries.case(stream), number):
        raise Problem("no_marks", number=number, detail=f"{piece.kind}没有画面")
    if len(marks) > MOST_MARKS:
        raise Problem("marks_bad", number=number, detail=f"超过 {MOST_MARKS} 处")
    texts = [each.text.strip() for each in marks if each.shape is Shape.TEXT]
    if not all(texts) or any(len(text) > LONGEST_TEXT for text in texts):
        raise Problem("marks_bad", number=number, detail=f"文字空着，或超过 {LONGEST_TEXT} 字")

    def draft(layer: Sequence[Mark], on: bool) -> Draft:
        body = {"number": number, "count": len(layer), "marks": [each.plain() for each in layer], "shown": on}
        return Draft(stream, "evidence_marked", body, STEP)

    if (tuple(marks), shown) == (piece.marks, piece.marks_shown):
        return Done(number, frozenset())
    return book.done(number, [draft(marks, shown)], reverse=[draft(piece.marks, piece.marks_shown)])


def check_secrecy(book: Book, stream: str, number: str, outcome: str, reason: str = "") -> Done[str]:
    """Note by name that a picture or recording holds no secret, or that it does: then no paper shows it.

    Raises:
        Problem: `reason_needed` where it is blocked, or cleared after having been blocked, without saying why.
    """
    piece = evidence_of(book.queries.case(stream), number)
    if outcome not in (CLEARED, BLOCKED, ""):
        raise Problem("not_found", what=f"保密审查的结论“{outcome}”")
    if not reason.strip() and BLOCKED in (outcome, piece.secrecy):
        raise Problem("reason_needed", what=f"证据 {number} 的保密审查")
    before = {"outcome": piece.secrecy, "reason": piece.secrecy_reason}
    return book.done(
        number, [Draft(stream, "secrecy_checked", {"number": number, "outcome": outcome, "reason": reason.strip()}, STEP)],
        reverse=[Draft(stream, "secrecy_checked", {"number": number, **before}, STEP)],
    )  # fmt: skip


def shown_on_paper(piece: Evidence, copy: bytes) -> bytes:
    """What papers show of a photo, of whose intake `copy` are the JPEG bytes: that, or with its marks burnt in where they
    are shown; nothing of what the check for secrets has blocked."""
    if piece.secrecy == BLOCKED or not copy:
        return b""
    if not (piece.marks and piece.marks_shown):
        return copy
    from ..evidence.marks import burn  # Pillow is imported with the first picture

    return burn(copy, piece.marks)


def is_whole(book: Book, piece: Evidence) -> bool:
    """Whether the original on this laptop still has the digest of its intake; the whole of it is read.

    Raises:
        Problem: `blob_missing` where it is not on this laptop.
    """
    try:
        book.vault.check(piece.sha256)
    except Problem as problem:
        if problem.code == "blob_missing":
            raise Problem("blob_missing", number=f"证据 {piece.number}") from None
        return False
    return True


@dataclass(frozen=True, slots=True)
class Links:
    """Where a piece of evidence is used."""

    item: str
    findings: tuple[Finding, ...]
    papers: tuple[Issued, ...]


def links(case: CaseFile, piece: Evidence) -> Links:
    """From a piece to its item, the findings that rest on it, and the papers that stand and speak of it."""
    found = tuple(finding for finding in case.findings if piece.number in finding.evidence)
    papers = tuple(
        paper for paper in case.papers
        if piece.number in paper.evidence and not paper.draft and paper is case.paper(paper.kind, paper.sheet)
    )  # fmt: skip
    return Links(piece.item if case.item(piece.item) else "", found, papers)


def grade(book: Book, case: CaseFile, piece: Evidence) -> tuple[str, str]:
    """Where a piece comes from and what it is worth as evidence, in the words of policy (行政诉讼证据规定10, 12, 64)."""
    rules = book.rules.policy.origins
    listed = case.paper("hash_list")
    agreed = (
        listed is not None and not listed.draft and piece.number in listed.evidence
        and any(s.role == "被检查单位" and not s.refused for s in listed.signatures)
    )  # fmt: skip
    origin, worth = rules.get(piece.origin, ("", ""))
    return origin, rules.get("agreed", ("", worth))[1] if agreed else worth


@dataclass(frozen=True, slots=True)
class Earlier:
    """A photo of the same item at an earlier inspection of the same unit."""

    case: CaseFile
    piece: Evidence


def earlier(book: Book, case: CaseFile, item: str) -> tuple[Earlier, ...]:
    """Photos of an item at the last inspection of this unit that has one on this laptop; none for no item."""
    queries = book.queries
    before = [row for row in queries.inspections() if row.id != case.id and row.planned_from < case.planned_from]
    for row in reversed(before) if item else ():
        other = queries.case(row.id) if row.unit == case.unit.name else None
        if other is None or other.unit.id != case.unit.id:
            continue
        found = [p for p in other.evidence if p.item == item and not p.withdrawn and p.secrecy != BLOCKED]
        if shown := tuple(Earlier(other, p) for p in found if queries.has_picture(other, p.number)):
            return shown
    return ()
