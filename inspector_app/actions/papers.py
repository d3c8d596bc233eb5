"""Making papers: what may be issued, under which number, in the order that keeps the proof free of circles.

Order at signing (record-and-sync.md 1): event A freezes the text; a checkpoint is signed over heads that contain A;
the PDF carries number, revision, code and note; event B names the PDF's digest. The bytes are archived and never
rendered again.
"""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from ..domain.access import Role
from ..domain.casefile import CaseFile, Issued
from ..domain.event import Draft
from ..domain.inspection import OUTGOING, is_deliberated, notice_refusal, outgoing_papers
from ..domain.numbers import Account, temporary_code
from ..domain.problems import Problem, reason
from ..domain.said import digest_of
from ..papers.render import Photo, Rendered, Stamp, missing, name_of_set, render, status_of, title_of
from .book import Book, Done
from .filecheck import refuse_blocked, report_of
from .queries import Queries
from .register import void_unfinished

STEPS: Mapping[str, str] = {"notice": "准备", "onsite_record": "笔录", "evidence_list": "取证"}
"""Step of the procedure in which a paper is made; all others belong to 处理."""


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


def readiness(book: Book, case: CaseFile, kind: str) -> Readiness:
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
    if not draft:
        number = Queries(book).next_number(kind)
        if not number and rule.temporary:
            number = _temporary(book)
        if not number:
            draft = f"没有可用的“{title}”文号"
    return Readiness(
        kind, title, number, missing(kind, case, *book.rules.words), draft, status_of(kind, *book.rules.words)
    )


def _temporary(book: Book) -> str:
    """The next free code of this device and day, over all its papers."""
    used = Queries(book).used_numbers()
    codes = (temporary_code(book.store.device, _day(book), index) for index in itertools.count(1))
    return next(code for code in codes if code not in used)


def preview(book: Book, stream: str, kind: str) -> Rendered:
    """Render a paper as it would look now, marked as a draft. Writes nothing."""
    case = Queries(book).case(stream)
    ready = readiness(book, case, kind)
    stamp = Stamp(number=ready.number, revision=1, code="", note="", draft=ready.draft or "未签发", date=_day(book))
    return render(kind, case, stamp, photos(book, case, kind), *book.rules.words)


def may_issue(book: Book, case: CaseFile, kind: str) -> bool:
    """Whether policy lets the acting person issue this kind: any officer of the case, or its head only."""
    by = book.rules.policy.paper(kind).by
    head = case.able[0].id if case.able else ""
    return "officer" in by or ("team_lead" in by and (book.person.id == head or book.role is Role.LEAD))


def standing(case: CaseFile, kind: str) -> Issued | None:
    """The formal paper of a kind that is in force. A proof of service is not when papers were made after it: each
    delivery has a proof of its own."""
    paper = case.paper(kind)
    if paper is None or paper.draft:
        return None
    later = any(p.at > paper.at for p in case.papers if not p.draft and p.kind in {*OUTGOING, "notice"})
    return None if kind == "proof_of_service" and later else paper


def issue(book: Book, stream: str, kind: str, form: str = "", ended: datetime | None = None) -> Done[Issued]:
    """Make the formal paper: freeze, checkpoint, render, archive.

    `form` is the number of a pre-stamped blank, `ended` the end of the check that the record on site states.

    Raises:
        Problem: `not_allowed` when policy names somebody else, `move_refused` for a paper that no finding calls for,
            `field_needed` or `not_found` for a pre-stamped form that policy asks for, `date_order`,
            `paper_forbidden_on_site`, `no_number`, `paper_incomplete` with the names of the empty fields,
            `missing_glyph`; nothing is frozen then.
    """
    book.allow("issue", stream)
    case = Queries(book).case(stream)
    _called_for(book, case, kind)
    if ended is not None:
        case = _with_end(case, ended)
    ready = readiness(book, case, kind)
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
    if book.rules.policy.paper(kind).pre_stamped:
        if not form.strip():
            raise Problem("field_needed", what="预盖章空白文书的编号")
        if form.strip() not in dict(Queries(book).blanks()).get(kind, Account((), (), ())).free:
            raise Problem("not_found", what=f"预盖章空白文书“{form.strip()}”")
    try:
        return _make(book, case, kind, ready, form.strip(), ended)
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
class Sheets:
    """A draft that was rendered and of which the record knows nothing yet."""

    stream: str
    title: str
    pdf: bytes
    event: Draft


def render_draft(book: Book, stream: str, kind: str) -> Sheets:
    """Render a draft, marked as such with its reason; it takes no number. `keep_draft` follows once it left the laptop."""
    book.allow("inspect", stream)
    case = Queries(book).case(stream)
    ready = readiness(book, case, kind)
    draft = ready.draft or "供核对"
    point = book.store.fix_checkpoint(stream, {"paper": "", "revision": ""})
    stamp = Stamp(number="", revision=1, code=point.code, note=point.note, draft=draft, date=_day(book),
                  key=book.store.device_key.public.id)  # fmt: skip
    titles = book.rules.policy.titles
    made = render(kind, case, stamp, photos(book, case, kind), *book.rules.words)
    body = {
        "paper": f"P-{kind}-{uuid.uuid4().hex[:8]}", "kind": kind, "title": ready.title, "number": "", "revision": 1,
        "draft": draft, "sha256": made.sha256, "pages": made.pages, "code": point.code, "note": point.note,
        "titles": titles, "date": _day(book).isoformat(), "form": "", "findings": [], "layout": list(faults(made)),
    }  # fmt: skip
    return Sheets(stream, ready.title, made.pdf, Draft(stream, "paper_issued", body, STEPS.get(kind, "处理")))


def keep_draft(book: Book, sheets: Sheets) -> Done[Issued]:
    """Archive a draft that was printed or saved: the record says that it left the laptop."""
    blob = book.keep(sheets.pdf, "application/pdf", "made")
    paper = str(sheets.event.body["paper"])
    done = book.done(paper, [replace(sheets.event, blobs=(blob,))])
    return Done(paper_of(Queries(book).case(sheets.stream), paper), done.touched, done.events)


def _make(book: Book, case: CaseFile, kind: str, ready: Readiness, form: str, ended: datetime | None) -> Done[Issued]:
    pictures, number = photos(book, case, kind), ready.number
    earlier = sum(1 for p in case.papers if p.kind == kind and not p.draft)
    revision = 1 if kind == "proof_of_service" else 1 + earlier  # each proof tells of another delivery
    day = _day(book)
    trial = Stamp(number=number, revision=revision, code="0" * 32, note="", draft="", date=day)
    tried = render(kind, case, trial, pictures, *book.rules.words)  # refuse before anything is frozen
    refuse_blocked(book, case, tried.shown)
    paper = f"P-{kind}-{uuid.uuid4().hex[:8]}"
    step = STEPS.get(kind, "处理")
    about: dict[str, object] = {
        "paper": paper, "kind": kind, "title": ready.title, "number": number, "revision": revision, "draft": "",
    }  # fmt: skip
    book.write(Draft(case.id, "text_frozen", about, step))
    point = book.store.fix_checkpoint(case.id, {"paper": number, "revision": str(revision)})
    stamp = replace(trial, code=point.code, note=point.note, key=book.store.device_key.public.id)
    made = render(kind, case, stamp, pictures, *book.rules.words)
    blob = book.keep(made.pdf, "application/pdf", "made")
    report = book.keep(report_of(made.shown), "application/json", "made")
    body = {
        **about, "report": report.sha256, "sha256": made.sha256, "pages": made.pages, "code": point.code, "note": point.note,
        "titles": book.rules.policy.titles, "date": day.isoformat(), "form": form,
        "findings": [f.id for f in case.findings] if kind in outgoing_papers(case) else [],
        "layout": list(faults(made)), "said": digest_of(case, kind),
    }  # fmt: skip
    if ended is not None:
        body["ended"] = ended.isoformat()
    done = book.done(paper, [Draft(case.id, "paper_issued", body, step, blobs=(blob, report))])
    issued = paper_of(Queries(book).case(case.id), paper)
    return Done(issued, done.touched, done.events)


def faults(made: Rendered) -> tuple[str, ...]:
    """What the setting of a paper could not do well, in words; it is kept with the paper."""
    report = made.report
    found = [f"“{text[:12]}…”太长，在中间断开" for text in report.broken]
    found += [f"第{place.replace(': ', '页“', 1)}”超出版面或者与图重叠" for place in report.collisions]
    if report.forced:
        found.append(f"{report.forced} 处分页不合要求")
    return tuple(found)


def photos(book: Book, case: CaseFile, kind: str) -> dict[str, Photo]:
    """The print copies that a paper shows: all on the evidence list, those of the findings where policy wants them."""
    if not book.rules.policy.paper(kind).photos:
        return {}
    if kind == "evidence_list":
        wanted = {piece.number for piece in case.evidence if not piece.withdrawn}
    elif kind in outgoing_papers(case):
        wanted = {number for finding in case.findings for number in finding.evidence}
    else:
        return {}
    rows = {key: row for (topic, key), row in book.store.rows(case.id).items() if topic == "evidence"}
    result = {}
    for piece in case.evidence:
        if piece.number in wanted and rows[piece.number].get("copy"):
            result[piece.number] = Photo.of(Queries(book).picture(case, piece.number))
    return result


def paper_of(case: CaseFile, paper: str) -> Issued:
    """The paper of this id. Raises `Problem("not_found")`."""
    for issued in case.papers:
        if issued.id == paper:
            return issued
    raise Problem("not_found", what="这份文书")


def pdf_of(book: Book, stream: str, paper: str) -> bytes:
    """The archived bytes of a paper, checked against their digest."""
    issued = paper_of(Queries(book).case(stream), paper)
    return Queries(book).content(issued.sha256, f"《{issued.title}》{issued.number}")


def save_copy(content: bytes, target: Path) -> None:
    """Write a copy of archived bytes to a file. Raises `Problem("file_unwritable")`."""
    try:
        target.write_bytes(content)
    except OSError as error:
        raise Problem("file_unwritable", name=target.name, detail=reason(error)) from error


def note_print(book: Book, stream: str, paper: str, copies: int, printer: str) -> Done[str]:
    """Note that a paper went to a printer; every print is an event."""
    issued = paper_of(Queries(book).case(stream), paper)
    body = {"paper": paper, "title": issued.title, "copies": copies, "printer": printer, "sha256": issued.sha256}
    done = book.done(paper, [Draft(stream, "paper_printed", body, STEPS.get(issued.kind, "处理"))])
    book.store.fix_checkpoint(stream)
    return done


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs on paper, in which role; with a reason it is a refusal, noted by those present."""

    name: str
    role: str  # 被检查单位 检查人员 记录人 见证人
    signed_at: datetime
    reason: str = ""
    seen_by: str = ""


def sign(book: Book, stream: str, paper: str, signer: Signer, witness: str | None = None) -> Done[str]:
    """Note a signature on paper, or the refusal with its reason and a second person (行政诉讼证据规定15).

    An officer other than the one signed in confirms with the own PIN: pass the result as `witness`.
    """
    case = Queries(book).case(stream)
    issued = paper_of(case, paper)
    if not signer.name.strip():
        raise Problem("field_needed", what="签字人姓名")
    if signer.signed_at < issued.at.replace(second=0, microsecond=0):
        raise Problem("date_order", later="签字时间", earlier="文书制作时间")
    if signer.signed_at > book.clock.now().at:
        raise Problem("date_ahead", what="签字时间")
    officers = {o.name: o for o in case.able}
    if signer.role in ("检查人员", "记录人"):
        officer = officers.get(signer.name)
        if officer is None:
            raise Problem("not_found", what=f"本案检查人员“{signer.name}”")
        if officer.id not in (book.person.id, witness):
            raise Problem("not_allowed", who=book.person.name, act=f"代{signer.name}签字")
    refused = bool(signer.reason.strip())
    if refused and not signer.seen_by.strip():
        raise Problem("field_needed", what="拒签的见证人或第二名执法人员")
    body = {
        "paper": paper, "title": issued.title, "name": signer.name.strip(), "role": signer.role,
        "signed_at": signer.signed_at.isoformat(), "pdf": issued.sha256, "code": issued.code,
    }  # fmt: skip
    if refused:
        body |= {"reason": signer.reason.strip(), "seen_by": signer.seen_by.strip()}
    kind = "signature_refused" if refused else "paper_signed"
    done = book.done(paper, [Draft(stream, kind, body, STEPS.get(issued.kind, "处理"), witness=witness)])
    book.store.fix_checkpoint(stream)
    return done


def _day(book: Book) -> date:
    return book.clock.now().at.date()
