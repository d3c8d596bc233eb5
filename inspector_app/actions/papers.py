"""Making papers: what may be issued, under which number, in the order that keeps the proof free of circles.

Order at signing: event A freezes the text; a checkpoint is signed over heads that contain A;
the PDF carries number, revision, code and note; event B names the PDF's digest. The bytes are archived and never
rendered again.
"""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime

from ..domain.access import Role
from ..domain.casefile import CaseFile
from ..domain.event import BlobRef, Draft
from ..domain.finding import Consequence
from ..domain.inspection import OUTGOING, SERVED, is_deliberated, notice_refusal, outgoing_papers, step_of
from ..domain.inspection import STEPS as PROCEDURE
from ..domain.numbers import temporary_code
from ..domain.paper import Copy, Issued, paper_step
from ..domain.problems import Problem
from ..domain.said import digest_of, evidence_on
from ..domain.stamped import Form
from ..papers.render import (
    CATALOG,
    Photo,
    Rendered,
    Stamp,
    missing,
    name_of_set,
    render,
    status_of,
    title_of,
)
from ..papers.render import OTHER_FORMATS as OTHER_FORMATS
from ..papers.render import Blank as Blank
from ..papers.render import in_format as render_in
from . import stamped
from .book import Book, Done
from .filecheck import refuse_blocked, report_of
from .filling import REVIEWED, blank, said_fields, sheet_of
from .gallery import shown_on_paper
from .legality import check_reviewed, unreviewed
from .register import void_unfinished

REVIEW = "legal_review"


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a paper can be formally made now: its number, what is missing, and why only a draft is possible."""

    kind: str
    title: str
    number: str
    missing: tuple[str, ...]
    draft: str  # reason; "" when the formal paper can be made
    status: str  # what is still to be compared of the form's title and captions; "" when that was done


def title(book: Book, kind: str) -> str:
    """The title of a kind of paper in the set that policy chose."""
    return title_of(kind, *book.rules.words)


def titles_in_use(book: Book) -> str:
    """The set of titles that policy chose, and how many of its papers are still to be compared with the original."""
    policy = book.rules.policy
    waiting = sum(1 for kind in policy.papers if status_of(kind, *book.rules.words))
    return name_of_set(*book.rules.words) + (f"，{waiting} 种待核对" if waiting else "")


def readiness(book: Book, case: CaseFile, kind: str, sheet: str = "") -> Readiness:
    """Look before the act: which number it would take, what is missing, what policy says."""
    policy = book.rules.policy
    title = title_of(kind, *book.rules.words)
    number, draft = "", ""
    rule = policy.paper(kind)
    if case.visit.arrived and not case.visit.ended and not rule.on_site:
        draft = rule.reason
    elif kind == "notice" and (refusal := notice_refusal(case)):
        draft = refusal[0]
    elif kind in OUTGOING and not is_deliberated(case):
        draft = "还没有合议"
    elif found := unreviewed(book, case, kind, sheet):
        draft = found[0]
    if not draft:
        number = book.queries.next_number(kind) if rule.series else case.id.rpartition("/")[2]
        if not number and rule.temporary:
            number = _temporary(book)
        if not number:
            draft = f"没有可用的“{title}”文号"
    return Readiness(
        kind, title, number, missing(kind, case, *book.rules.words, sheet), draft, status_of(kind, *book.rules.words)
    )


def fitting(case: CaseFile) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The kinds of paper that can be worked on now, by step of the procedure, and no paper that no finding calls for."""
    reached = step_of(case.stage)
    reached = len(PROCEDURE) if reached >= PROCEDURE.index("送达") else reached  # from then on nothing is too early
    called = {Consequence(f.consequence) for f in case.findings} | {Consequence(h.way) for h in case.followup.handed_on}
    needs = {"disposition_proposal": Consequence.PROPOSE, "transfer_letter": Consequence.TRANSFER}
    groups: dict[str, list[str]] = {step: [] for step in PROCEDURE}
    for kind in CATALOG:
        if kind in OUTGOING and kind not in outgoing_papers(case):
            continue
        if kind == REVIEW and not any(asked.opinion for asked in case.legal):
            continue
        if kind not in needs or needs[kind] in called:
            groups[paper_step(kind)].append(kind)
    return tuple(
        (step, tuple(kinds)) for n, (step, kinds) in enumerate(groups.items()) if kinds and n <= max(reached, 3)
    )


# -- making ---------------------------------------------------------------------------------------------------------


def _temporary(book: Book) -> str:
    """The next free code of this device and day, over all its papers."""
    used = book.queries.used_numbers()
    codes = (temporary_code(book.store.device, _day(book), index) for index in itertools.count(1))
    return next(code for code in codes if code not in used)


def preview(book: Book, stream: str, kind: str, sheet: str = "") -> Rendered:
    """Render a paper as it would look now, marked as a draft. Writes nothing."""
    return draft_of(book, book.queries.case(stream), kind, sheet)


def draft_of(book: Book, case: CaseFile, kind: str, sheet: str = "", why: str = "") -> Rendered:
    """Like `preview`, of a case file that may be ahead of what is written; `why` is what the mark says of it."""
    ready = readiness(book, case, kind, sheet)
    stamp = Stamp(number=ready.number, revision=1, code="", note="", draft=why or ready.draft or "未签发", date=_day(book),
                  sheet=sheet)  # fmt: skip
    return render(kind, case, stamp, photos(book, case, kind), *book.rules.words)


def in_format(book: Book, stream: str, kind: str, form: str, sheet: str = "") -> bytes:
    """The paper as it says now in another of `OTHER_FORMATS`: with the number of the formal one where that still holds,
    else as a draft. Writes nothing."""
    case = book.queries.case(stream)
    made = standing(case, kind, sheet or None)
    if made is not None and not made.stale:
        stamp = Stamp(made.number, made.revision, "", "", "", made.at.date(), sheet=sheet)
    else:
        ready = readiness(book, case, kind, sheet)
        stamp = Stamp(ready.number, 1, "", "", ready.draft or "未签发", _day(book), sheet=sheet)
    return render_in(form, kind, case, stamp, photos(book, case, kind), *book.rules.words)


def may_issue(book: Book, case: CaseFile, kind: str) -> bool:
    """Whether policy lets the acting person issue this kind: any officer of the case, or its head only."""
    by = book.rules.policy.paper(kind).by
    if book.role is Role.REVIEWER:  # who checked does not review
        return REVIEWED in by and book.person.id in book.reviewers(case) - case.involved
    head = case.able[0].id if case.able else ""
    return "officer" in by or ("team_lead" in by and (book.person.id == head or book.role is Role.LEAD))


def standing(case: CaseFile, kind: str, sheet: str | None = None) -> Issued | None:
    """The formal paper of a kind (and sheet) that is in force. A proof of service is not when papers were made after it: each
    delivery has a proof of its own."""
    paper = case.paper(kind, sheet)
    if paper is None or paper.draft:
        return None
    later = any(p.at > paper.at for p in case.papers if not p.draft and p.kind in SERVED)
    return None if kind == "proof_of_service" and later else paper


def issue(
    book: Book, stream: str, kind: str, forms: Sequence[str] = (), ended: datetime | None = None, sheet: str = ""
) -> Done[Issued]:
    """Make the formal paper: freeze, checkpoint, render, archive.

    `forms` are the numbers of the pre-stamped forms that its copies (联) are printed on, `ended` the end of the check that
    the record on site states, `sheet` what was filled in for it, where a case may have several.

    Raises:
        Problem: `not_allowed` when policy names somebody else, `move_refused` for a paper that no finding calls for,
            `field_needed`, `form_each` and what `Forms.form` raises for the forms that policy asks for, `date_order`,
            `paper_forbidden_on_site`, `no_number`, `paper_incomplete` with the names of the empty fields,
            `sheet_differs`, `missing_glyph`; nothing is frozen then.
    """
    book.allow("issue", stream)
    case = book.queries.case(stream)
    _called_for(book, case, kind)
    filled, sheet = blank(book, case, kind), sheet_of(book, case, kind, sheet)
    check_reviewed(book, case, kind, sheet, title(book, kind))
    if (held := case.sheet(sheet)) and held.conflict:
        raise Problem("sheet_differs", paper=title(book, kind), fields=said_fields(filled, held))
    if ended is not None:
        case = _with_end(case, ended)
    ready = readiness(book, case, kind, sheet)
    if ready.draft and ready.number:
        raise Problem("paper_forbidden_on_site", paper=ready.title, reason=ready.draft)
    if ready.draft:
        reason = ready.draft
        rule = book.rules.policy.paper(kind)
        if not rule.on_site and case.visit.arrived and not case.visit.ended:
            raise Problem("paper_forbidden_on_site", paper=ready.title, reason=reason)
        raise Problem("no_number", series=ready.title)
    if ready.missing:
        raise Problem("paper_incomplete", paper=ready.title, fields="、".join(ready.missing))
    if not may_issue(book, case, kind):
        raise Problem("not_allowed", who=book.person.name, act=f"签发{ready.title}")
    taken = stamped.take(book, kind, forms)
    try:
        return _make(book, case, kind, ready, taken, ended, sheet)
    except Exception:
        with suppress(Problem):  # what cannot be written now is written at the next start
            void_unfinished(book)
        raise


def _called_for(book: Book, case: CaseFile, kind: str) -> None:
    if kind == "notice" and (refusal := notice_refusal(case)):
        raise Problem(
            "move_refused", act="制作检查通知书", reason=refusal[0], hook=book.rules.procedure.hooks["notified"],
            way=refusal[1],
        )  # fmt: skip
    if kind in OUTGOING and kind not in outgoing_papers(case):
        name = title(book, kind)
        raise Problem(
            "move_refused", act=f"制作《{name}》", reason=f"本案的问题没有一个应当用《{name}》处理",
            hook=book.rules.procedure.hooks["paper_called_for"], way="按问题的后果制作文书；后果选错的，先改问题。",
        )  # fmt: skip
    if kind in OUTGOING and case.visit.ended and not is_deliberated(case):
        raise Problem(
            "move_refused", act="制作处理文书", reason="还没有合议", hook=book.rules.procedure.hooks["deliberated"],
            way="先在“处理”里确认问题并合议；现在可以打印草稿。",
        )  # fmt: skip


def _with_end(case: CaseFile, ended: datetime) -> CaseFile:
    """The case as the record on site states it, whose check ended at that minute."""
    if case.visit.arrived is not None and ended < case.visit.arrived.replace(second=0, microsecond=0):
        raise Problem("date_order", later="检查结束时间", earlier="检查开始时间")
    return replace(case, visit=replace(case.visit, ended=ended))


@dataclass(frozen=True, slots=True)
class Sketch:
    """A draft that was rendered and of which the record knows nothing yet."""

    stream: str
    title: str
    pdf: bytes
    event: Draft


def render_draft(book: Book, stream: str, kind: str, sheet: str = "") -> Sketch:
    """Render a draft, marked as such with its reason; it takes no number. `keep_draft` follows once it left the laptop."""
    book.allow("issue", stream)
    case = book.queries.case(stream)
    ready = readiness(book, case, kind, sheet)
    draft = ready.draft or "供核对"
    point = book.store.fix_checkpoint(stream, {"paper": "", "revision": ""})
    stamp = Stamp(number="", revision=1, code=point.code, note=point.note, draft=draft, date=_day(book),
                  key=book.store.device_key.public.id, sheet=sheet)  # fmt: skip
    titles = book.rules.policy.titles
    made = render(kind, case, stamp, photos(book, case, kind), *book.rules.words)
    body = {
        "paper": f"P-{kind}-{uuid.uuid4().hex[:8]}", "kind": kind, "title": ready.title, "number": "", "revision": 1,
        "draft": draft, "sha256": made.sha256, "pages": made.pages, "code": point.code, "note": point.note,
        "titles": titles, "date": _day(book).isoformat(), "form": "", "findings": [], "layout": list(faults(made)),
        "sheet": sheet,
    }  # fmt: skip
    return Sketch(stream, ready.title, made.pdf, Draft(stream, "paper_issued", body, paper_step(kind)))


def keep_draft(book: Book, sketch: Sketch) -> Done[Issued]:
    """Archive a draft that was printed or saved: the record says that it left the laptop."""
    blob = book.keep(sketch.pdf, "application/pdf", "made")
    paper = str(sketch.event.body["paper"])
    done = book.done(paper, [replace(sketch.event, blobs=(blob,))])
    return Done(paper_of(book.queries.case(sketch.stream), paper), done.touched, done.events)


def _make(
    book: Book, case: CaseFile, kind: str, ready: Readiness, forms: Sequence[Form], ended: datetime | None, sheet: str
) -> Done[Issued]:
    pictures, number = photos(book, case, kind), ready.number
    earlier = sum(1 for p in case.papers if (p.kind, p.sheet) == (kind, sheet) and not p.draft)
    revision = 1 if kind == "proof_of_service" else 1 + earlier  # each proof tells of another delivery
    day = _day(book)
    trial = Stamp(number=number, revision=revision, code="0" * 32, note="", draft="", date=day, sheet=sheet)
    tried = render(kind, case, trial, pictures, *book.rules.words)  # refuse before anything is frozen
    refuse_blocked(book, case, tried.shown)
    paper = f"P-{kind}-{uuid.uuid4().hex[:8]}"
    step = paper_step(kind)
    about: dict[str, object] = {
        "paper": paper, "kind": kind, "title": ready.title, "number": number, "revision": revision, "draft": "",
    }  # fmt: skip
    book.write(Draft(case.id, "text_frozen", about, step))
    point = book.store.fix_checkpoint(case.id, {"paper": number, "revision": str(revision)})
    stamp = replace(trial, code=point.code, note=point.note, key=book.store.device_key.public.id)
    made = render(kind, case, stamp, pictures, *book.rules.words)
    blob = book.keep(made.pdf, "application/pdf", "made")
    report = book.keep(report_of(made.shown), "application/json", "made")
    copies, copied = _copies(book, case, kind, stamp, pictures)
    entries = [entry.name for entry in blank(book, case, kind).entries]
    body = {
        **about, "report": report.sha256, "sha256": made.sha256, "pages": made.pages, "code": point.code, "note": point.note,
        "titles": book.rules.policy.titles, "date": day.isoformat(), "form": "、".join(f.number for f in forms),
        "findings": [f.id for f in case.findings] if kind in outgoing_papers(case) else [],
        "evidence": list(evidence_on(case, kind)),
        "layout": list(faults(made)), "said": digest_of(case, kind, sheet, entries), "sheet": sheet,
        "entries": entries,
        "copies": [{"name": c.name, "serial": c.serial, "sha256": c.sha256, "code": c.code} for c in copies],
    }  # fmt: skip
    if ended is not None:
        body["ended"] = ended.isoformat()
    used = stamped.used(book, forms, paper, ready.title, number, revision)
    done = book.done(paper, [Draft(case.id, "paper_issued", body, step, blobs=(blob, report, *copied)), *used])
    issued = paper_of(book.queries.case(case.id), paper)
    return Done(issued, done.touched, done.events)


def _copies(
    book: Book, case: CaseFile, kind: str, stamp: Stamp, pictures: Mapping[str, Photo]
) -> tuple[list[Copy], list[BlobRef]]:
    """The copies (联) that policy names, each with its serial and a checkpoint of its own in the QR; all are archived with
    the original, so that nothing is ever rendered again. A paper of one copy is the original alone."""
    names = book.rules.policy.paper(kind).copies
    copies, blobs = list[Copy](), list[BlobRef]()
    for serial, name in enumerate(names if len(names) > 1 else (), 1):
        about = {"paper": stamp.number, "revision": str(stamp.revision), "copy": f"{serial}/{len(names)} {name}"}
        point = book.store.fix_checkpoint(case.id, about)
        mine = replace(stamp, code=point.code, note=point.note, copy=f"第{serial}联　{name}")
        made = render(kind, case, mine, pictures, *book.rules.words)
        blobs.append(book.keep(made.pdf, "application/pdf", "made"))
        copies.append(Copy(name, serial, made.sha256, point.code))
    return copies, blobs


def faults(made: Rendered) -> tuple[str, ...]:
    """What the setting of a paper could not do well, in words; it is kept with the paper."""
    report = made.report
    found = [f"“{text[:12]}…”太长，在中间断开" for text in report.broken]
    found += [f"第{place.replace(': ', '页“', 1)}”超出版面或者与图重叠" for place in report.collisions]
    if report.forced:
        found.append(f"{report.forced} 处分页不合要求")
    return tuple(found)


def photos(book: Book, case: CaseFile, kind: str) -> dict[str, Photo]:
    """The print copies that a paper shows: all on the evidence list, those of the findings where policy wants them; with
    their marks, and none that the check for secrets has blocked."""
    if not book.rules.policy.paper(kind).photos:
        return {}
    if kind == "evidence_list":
        wanted = {piece.number for piece in case.evidence if not piece.withdrawn}
    elif kind in outgoing_papers(case):
        wanted = {number for finding in case.findings for number in finding.evidence}
    else:
        return {}
    result = {}
    for piece in case.evidence:
        if piece.number in wanted and (jpeg := shown_on_paper(piece, book.queries.picture(case, piece.number))):
            result[piece.number] = Photo.of(jpeg)
    return result


def paper_of(case: CaseFile, paper: str) -> Issued:
    """The paper of this id. Raises `Problem("not_found")`."""
    for issued in case.papers:
        if issued.id == paper:
            return issued
    raise Problem("not_found", what="这份文书")


def pdf_of(book: Book, stream: str, paper: str, copy: int = 0) -> bytes:
    """The archived bytes of a paper, or of the copy of this serial, checked against their digest."""
    issued = paper_of(book.queries.case(stream), paper)
    found = next((c.sha256 for c in issued.copies if c.serial == copy), issued.sha256)
    return book.queries.content(found, f"《{issued.title}》{issued.number}")


def note_print(
    book: Book, stream: str, paper: str, copies: int, printer: str, copy: int = 0, about: Mapping[str, object] | None = None
) -> Done[str]:  # fmt: skip
    """Note that a paper, or one of its copies (联), went to a printer; every print is an event. `about` says how it was
    printed and what became of it."""
    issued = paper_of(book.queries.case(stream), paper)
    body: dict[str, object] = {
        "paper": paper, "title": issued.title, "copies": copies, "printer": printer, "sha256": issued.sha256, **(about or {}),
    }  # fmt: skip
    if chosen := next((c for c in issued.copies if c.serial == copy), None):
        body |= {"sha256": chosen.sha256, "copy": f"第{chosen.serial}联　{chosen.name}"}
    done = book.done(paper, [Draft(stream, "paper_printed", body, paper_step(issued.kind))])
    book.store.fix_checkpoint(stream)
    return done


def _day(book: Book) -> date:
    return book.clock.now().at.date()
