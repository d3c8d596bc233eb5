"""File review (案卷评查) of one inspection: look, let a remark stand with a reason, mend what needs no judgement.

The checks themselves are in the room `review`; here they get the file, and their remarks become acts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ..domain.casefile import CaseFile
from ..domain.event import Draft
from ..domain.inspection import Stage
from ..domain.paper import Issued
from ..domain.problems import Problem
from ..review.check import Mend, Severity
from ..review.dossier import DAMAGED, WHOLE, Dossier, Elsewhere, Moment, Place, Print, read_print
from ..review.neighbours import neighbours
from ..review.verdict import Remark, Verdict
from ..review.verdict import look as run
from . import check, evidence, findings
from .book import Book, Done

__all__ = [
    "Mend", "Moment", "Place", "Remark", "Severity", "Verdict", "allow_waiving", "judge", "look", "mend", "moment_of",
    "refuse_blocked", "report_of", "restore", "verify_files", "waive",
]  # fmt: skip

_REASON = "按案卷评查改正用语"


def moment_of(case: CaseFile) -> Moment:
    """What may be asked of a case now: all of it once everything is served, the whole visit once that has ended."""
    order = list(Stage)
    at = order.index(Stage(case.stage))
    if at >= order.index(Stage.SERVED):
        return Moment.CLOSE
    return Moment.PRINT if at >= order.index(Stage.RECORDED) else Moment.EDIT


def look(
    book: Book,
    stream: str,
    moment: Moment | None = None,
    preview: Print | None = None,
    files: dict[str, str] | None = None,
) -> Verdict:
    """Review the file as it stands, by default for what may be asked of it now; `preview` is a paper that is about to
    be printed, `files` the state of its files."""
    case = book.queries.case(stream)
    return judge(book, case, moment or moment_of(case), preview, files)


def judge(
    book: Book, case: CaseFile, moment: Moment, preview: Print | None = None, files: dict[str, str] | None = None
) -> Verdict:
    """Review a case file that may be ahead of what is written (a record about to be made)."""
    from ..papers.render import undrawable

    rules = book.rules
    prints = [*_prints(book, case), *([preview] if preview else [])]
    dossier = Dossier(
        case=case, laws=rules.laws, policy=rules.policy, calendar=rules.calendar, today=book.clock.now().at.date(),
        moment=moment, about=preview.kind if preview else "",
        about_sheet=preview.sheet if preview else "", prints=tuple(prints), files=files or {},
        elsewhere=_neighbours(book, case.id),
    )  # fmt: skip
    return run(dossier.with_glyphs(undrawable(dossier.words)), rules.filecheck)


def _neighbours(book: Book, stream: str) -> tuple[Elsewhere, ...]:
    """The other inspections; they are read again only when one of them has changed, for a review follows each keystroke."""
    topic = book.store.topic
    return book.queries.held("neighbours", (stream, book.store.version_beside(stream)), lambda: tuple(
        neighbours(stream, topic("inspection"), topic("visit"), topic("paper"))))  # fmt: skip


def _prints(book: Book, case: CaseFile) -> Iterator[Print]:
    """What stands on the formal papers, from the reports that were kept with them; one that is not on this laptop, or of
    an earlier version, is left out."""
    known: dict[str, Print] = book.queries.held("prints", None, dict)
    for paper in case.papers:
        if not paper.draft and paper.report:
            held = known.get(paper.report) or _read(book, paper)
            if held is not None:
                known[paper.report] = held
                yield held


def _read(book: Book, paper: Issued) -> Print | None:
    try:
        return read_print({**json.loads(book.queries.content(paper.report, paper.title)), "paper": paper.id})
    except (Problem, KeyError, TypeError, ValueError):
        return None


def report_of(shown: Print) -> bytes:
    """The bytes under which the report of a paper is kept beside its PDF."""
    return json.dumps(shown.plain(), ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def verify_files(book: Book, case: CaseFile) -> Iterator[tuple[str, str]]:
    """Read every file of the case and compare its digest: pairs of digest and state, one after the other, so that it
    can be stopped. A file that is not on this laptop is left out."""
    wanted = [piece.sha256 for piece in (*case.evidence, *case.pictures) if not piece.withdrawn]
    wanted += [filmed.sha256 for filmed in case.filmed]
    wanted += [digest for paper in case.papers if not paper.draft for digest in paper.files]
    for sha256 in dict.fromkeys(wanted):
        if book.vault.has(sha256):
            try:
                book.vault.check(sha256)
                yield sha256, WHOLE
            except Problem:
                yield sha256, DAMAGED


def refuse_blocked(book: Book, case: CaseFile, shown: Print) -> None:
    """Before a formal print. Raises `Problem("file_blocked")` with the first remark that the law forbids to print with."""
    blocks = judge(book, case, Moment.PRINT, shown).blocks
    if blocks:
        first = blocks[0]
        raise Problem(
            "file_blocked", paper=shown.title, count=len(blocks), remark=first.message.rstrip("。"), way=first.check.way
        )


def allow_waiving(book: Book, remark: Remark) -> None:
    """Raises `Problem("not_allowed")` for a block where the acting role may not lift one."""
    if remark.check.severity is Severity.BLOCK and book.role.value not in book.rules.filecheck.lifts:
        act = f"解除“{remark.check.name}”"
        raise Problem("not_allowed", who=f"{book.person.name}（{book.role.label}）", act=act)


def waive(book: Book, stream: str, remark: Remark, reason: str) -> Done[str]:
    """Let a remark stand: with a reason and a name, as an entry of the record. A block is lifted only in a role that
    forms/review.toml names.

    Raises:
        Problem: `reason_needed`, `not_allowed`.
    """
    each = remark.check
    allow_waiving(book, remark)
    if not reason.strip():
        raise Problem("reason_needed", what=f"不改“{each.name}”")
    body = _waiving(remark, reason.strip())
    back = Draft(stream, "check_waived", {**body, "reason": ""})
    return book.done(each.code, [Draft(stream, "check_waived", body)], reverse=[back])


def restore(book: Book, stream: str, remark: Remark) -> Done[str]:
    """Take a waiver back: the remark counts again."""
    waiver = remark.waiver
    body = _waiving(remark, "")
    if waiver is not None and not waiver.said:
        del body["said"]  # it was let stand by an earlier version, which did not say what
    again = {**body, "reason": waiver.reason if waiver else ""}
    return book.done(
        remark.check.code, [Draft(stream, "check_waived", body)], reverse=[Draft(stream, "check_waived", again)]
    )


def _waiving(remark: Remark, reason: str) -> dict[str, object]:
    each = remark.check
    return {
        "check": each.code,
        "name": each.name,
        "place": str(remark.hit.place),
        "said": remark.message,
        "reason": reason,
    }


def mend(book: Book, stream: str, cure: Mend) -> Done[Any]:
    """Make the cure that a remark offers, as the act that an officer would do by hand.

    Raises:
        Problem: `changed_meanwhile` when the text is no longer the one that was found fault with; what the act itself raises.
    """
    case, place = book.queries.case(stream), cure.place
    if _current(case, place.kind, place.key, place.field) != cure.old:
        raise Problem("changed_meanwhile", what="这一处")
    if place.kind == "finding":
        return findings.revise(book, stream, place.key, {place.field: cure.new}, _REASON)
    if place.kind == "evidence":
        return evidence.describe(book, stream, place.key, {place.field: cure.new})
    return check.note(book, stream, place.key, cure.new)


def _current(case: CaseFile, kind: str, key: str, field: str) -> str:
    if kind == "finding":
        value = getattr(findings.finding_of(case, key), field)
        return value.isoformat() if hasattr(value, "isoformat") else str(value)
    if kind == "evidence":
        return str(getattr(evidence.evidence_of(case, key), field))
    item = case.item(key)
    return item.note if item else ""
