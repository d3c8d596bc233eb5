"""Whether a paper may be made as far as its legality has to be reviewed, and which version of it that is asked of."""

from __future__ import annotations

import hashlib

from ..domain.casefile import CaseFile
from ..domain.inspection import DECIDING, legal_refusal
from ..domain.problems import Problem
from ..domain.said import digest_of
from .book import Book
from .filling import blank, sheet_of


def version_of(book: Book, case: CaseFile, kind: str, sheet: str) -> str:
    """Digest of what a paper says now: the facts that it is made from, what was filled in for it, and its wording. Number
    and date, which it gets when it is made, are no part of it."""
    entries = [entry.name for entry in blank(book, case, kind).entries]
    titles, shelf = book.rules.words
    said = (
        digest_of(case, kind, sheet, entries),
        titles,
        shelf.text(f"papers/{kind}.toml"),
        shelf.text("papers/common.toml"),
    )
    return hashlib.sha256("\x00".join(said).encode()).hexdigest()


def unreviewed(book: Book, case: CaseFile, kind: str, sheet: str = "") -> tuple[str, str] | None:
    """Why this paper may not be made for want of its legal review, and the way out."""
    major, sheet = book.rules.policy.major, sheet_of(book, case, kind, sheet) if kind in DECIDING else sheet
    if kind not in DECIDING or (kind not in major and not case.rounds(kind, sheet)):
        return None
    return legal_refusal(case, kind, sheet, version_of(book, case, kind, sheet), major)


def check_reviewed(book: Book, case: CaseFile, kind: str, sheet: str, name: str) -> None:
    """Raises `Problem("move_refused")` unless a valid opinion agrees to this version, where one is needed."""
    if found := unreviewed(book, case, kind, sheet):
        raise Problem(
            "move_refused",
            act=f"制作《{name}》",
            reason=found[0],
            hook=book.rules.procedure.hooks["legal_review"],
            way=found[1],
        )
