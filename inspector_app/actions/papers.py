"""Making papers: what may be issued, under which number, in the order that keeps the proof free of circles.

Order at signing (record-and-sync.md 1): event A freezes the text; a checkpoint is signed over heads that contain A;
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
from pathlib import Path

from ..domain.access import Role
from ..domain.casefile import CaseFile, Copy, Issued, Sheet, Signature, Version
from ..domain.drawing import Drawing
from ..domain.event import BlobRef, Draft
from ..domain.finding import Consequence
from ..domain.inspection import OUTGOING, SERVED, is_deliberated, notice_refusal, outgoing_papers, step_of
from ..domain.inspection import STEPS as PROCEDURE
from ..domain.numbers import Account, temporary_code
from ..domain.problems import Problem, reason
from ..domain.said import digest_of
from ..domain.sheet import Value, check
from ..papers.render import (
    CATALOG,
    Photo,
    Rendered,
    Stamp,
    editable,
    form_of,
    kinds_of_sheet,
    missing,
    name_of_set,
    ofd,
    render,
    status_of,
    title_of,
)
from ..papers.render import Blank as Blank
from ..record.strokes import MIME, bind, check_strokes
from .book import Book, Done
from .filecheck import refuse_blocked, report_of
from .queries import Queries
from .register import void_unfinished

REVIEWED = "legal_reviewer"
"""Who may issue and fill in a paper, in the policy: the legal reviewer, who has checked nothing of the case."""

STEPS: Mapping[str, str] = {
    "plan": "准备", "draw_record": "准备", "approval": "准备", "notice": "准备", "onsite_record": "笔录",
    "evidence_list": "取证", "interview": "取证", "sampling_list": "取证", "preservation_list": "取证",
    "rectification_report": "整改", "extension": "整改", "reinspection_record": "复查", "reinspection_opinion": "复查",
    "closing_report": "归档", "case_cover": "归档", "case_contents": "归档", "case_remarks": "归档", "publicity": "归档",
}  # fmt: skip
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
    if not draft:
        number = Queries(book).next_number(kind) if rule.series else case.id.rpartition("/")[2]
        if not number and rule.temporary:
            number = _temporary(book)
        if not number:
            draft = f"没有可用的“{title}”文号"
    return Readiness(
        kind, title, number, missing(kind, case, *book.rules.words, sheet), draft, status_of(kind, *book.rules.words)
    )


# -- what is filled in ----------------------------------------------------------------------------------------------


def blank(book: Book, case: CaseFile, kind: str) -> Blank:
    """What there is to fill in for a kind of paper."""
    return form_of(kind, case, *book.rules.words)


def new_sheet(form: Blank) -> str:
    """The id of a sheet that is begun; the one of its kind where a case has one."""
    return f"{form.sheet}-{uuid.uuid4().hex[:8]}" if form.several else form.sheet


def fitting(case: CaseFile) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The kinds of paper that can be worked on now, by step of the procedure, and no paper that no finding calls for."""
    reached = step_of(case.stage)
    reached = len(PROCEDURE) if reached >= PROCEDURE.index("送达") else reached  # from then on nothing is too early
    called = {Consequence(f.consequence) for f in case.findings}
    needs = {"disposition_proposal": Consequence.PROPOSE, "transfer_letter": Consequence.TRANSFER}
    groups: dict[str, list[str]] = {step: [] for step in PROCEDURE}
    for kind in CATALOG:
        if kind in OUTGOING and kind not in outgoing_papers(case):
            continue
        if kind not in needs or needs[kind] in called:
            groups[STEPS.get(kind, "处理")].append(kind)
    return tuple(
        (step, tuple(kinds)) for n, (step, kinds) in enumerate(groups.items()) if kinds and n <= max(reached, 3)
    )


def sheets(book: Book, case: CaseFile, kind: str) -> tuple[Sheet, ...]:
    """What was filled in for a kind of paper, one sheet for each person or occasion."""
    wanted = blank(book, case, kind).sheet
    return tuple(sheet for sheet in case.sheets if sheet.kind == wanted)


def fill(
    book: Book, stream: str, kind: str, changes: Mapping[str, Value], sheet: str = "", reason: str = ""
) -> Done[str]:
    """Fill in fields of the sheet of a paper; returns its id. Without `sheet` it is the one of its kind, or a new one
    where a case may have several. What is unchanged writes nothing.

    Raises:
        Problem: `not_allowed`, `not_found` for a field that the paper does not have, `field_needed` or `bad_date` for what
            is no value of the field, `reason_needed` to settle what two officers filled in differently.
    """
    book.allow("fill", stream)
    case = Queries(book).case(stream)
    form = blank(book, case, kind)
    _may_fill(book, case, kind)
    entries = {entry.name: entry for entry in form.entries}
    if unknown := [name for name in changes if name not in entries]:
        raise Problem("not_found", what=f"栏目“{unknown[0]}”")
    id = sheet or new_sheet(form)
    held = case.sheet(id) or Sheet(id, form.sheet)
    if held.kind != form.sheet:
        raise Problem("not_found", what="这份填写内容")
    differing = {version.field for version in held.conflict}
    new = {name: check(entries[name], value) for name, value in changes.items()}
    before = {name: _held(held, name, value) for name, value in new.items()}
    new = {name: value for name, value in new.items() if value != before[name] or name in differing}
    if not new:
        return Done(id, frozenset())
    if differing & {*new, "dropped"} and not reason.strip():
        raise Problem("reason_needed", what="两处填写不同，选定一个")
    about: dict[str, object] = {"sheet": id, "kind": form.sheet, "title": title(book, kind)}
    why = {"reason": reason.strip()} if reason.strip() else {}
    step = STEPS.get(form.sheet, "处理")
    return book.done(
        id, [Draft(stream, "sheet_filled", {**about, "changes": new, **why}, step)],
        reverse=[Draft(stream, "sheet_filled", {**about, "changes": {name: before[name] for name in new}}, step)],
    )  # fmt: skip


def _held(sheet: Sheet, name: str, value: Value) -> Value:
    """What stands of a field, in the form in which it is stored."""
    return sheet.fields.get(name, "") if isinstance(value, str) else [list(row) for row in sheet.rows.get(name, ())]


def settle(book: Book, stream: str, sheet: str, version: Version, reason: str) -> Done[str]:
    """Of two values that two officers filled in, or of a drop beside a change, one stands; the record keeps both.

    Raises:
        Problem: `not_allowed`, `not_found`, `reason_needed`.
    """
    book.allow("fill", stream)
    case = Queries(book).case(stream)
    held = case.sheet(sheet)
    if held is None or version not in held.conflict:
        raise Problem("not_found", what="这处填写")
    _may_fill(book, case, held.kind)
    if not reason.strip():
        raise Problem("reason_needed", what="选定一处填写")
    row = book.store.rows(stream)["sheet", sheet]
    versions = row["dropped"] if version.field == "dropped" else row["fields"][version.field]
    value = next(v["value"] for v in versions if v["event"] == version.event)
    about: dict[str, object] = {"sheet": sheet, "kind": held.kind, "title": title(book, held.kind)}
    step = STEPS.get(held.kind, "处理")
    if version.field == "dropped":
        return book.done(sheet, [Draft(stream, "sheet_dropped", {**about, "reason": value and reason.strip()}, step)])
    body = {**about, "changes": {version.field: value}, "reason": reason.strip()}
    return book.done(sheet, [Draft(stream, "sheet_filled", body, step)])


def drop_sheet(book: Book, stream: str, sheet: str, reason: str) -> Done[str]:
    """Take away what was filled in, with a reason; the record keeps it.

    Raises:
        Problem: `not_allowed`, `not_found`, `reason_needed`, `frozen` when a formal paper was made from it.
    """
    book.allow("fill", stream)
    case = Queries(book).case(stream)
    held = case.sheet(sheet)
    if held is None:
        raise Problem("not_found", what="这份填写内容")
    name = title(book, held.kind)
    _may_fill(book, case, held.kind)
    if any(not p.draft and p.sheet == sheet for p in case.papers):
        raise Problem("frozen", what=f"《{name}》已经正式制作，填写的内容")
    if not reason.strip():
        raise Problem("reason_needed", what=f"撤下填写的《{name}》")
    body = {"sheet": sheet, "kind": held.kind, "title": name, "reason": reason.strip()}
    step = STEPS.get(held.kind, "处理")
    return book.done(
        sheet, [Draft(stream, "sheet_dropped", body, step)],
        reverse=[Draft(stream, "sheet_dropped", {**body, "reason": ""}, step)],
    )  # fmt: skip


def _may_fill(book: Book, case: CaseFile, kind: str) -> None:
    """What only the legal reviewer may issue only the reviewer fills in, who is not of the team (国办发〔2018〕118号)."""
    rules = [book.rules.policy.paper(each) for each in kinds_of_sheet(blank(book, case, kind).sheet, book.rules.shelf)]
    reviewed = all(set(rule.by) == {REVIEWED} for rule in rules)
    if reviewed != (book.role is Role.REVIEWER) or (reviewed and book.person.id in {o.id for o in case.officers}):
        raise Problem("not_allowed", who=book.person.name, act=f"填写{title(book, kind)}")


# -- making ---------------------------------------------------------------------------------------------------------


def _temporary(book: Book) -> str:
    """The next free code of this device and day, over all its papers."""
    used = Queries(book).used_numbers()
    codes = (temporary_code(book.store.device, _day(book), index) for index in itertools.count(1))
    return next(code for code in codes if code not in used)


def preview(book: Book, stream: str, kind: str, sheet: str = "") -> Rendered:
    """Render a paper as it would look now, marked as a draft. Writes nothing."""
    case = Queries(book).case(stream)
    ready = readiness(book, case, kind, sheet)
    stamp = Stamp(number=ready.number, revision=1, code="", note="", draft=ready.draft or "未签发", date=_day(book),
                  sheet=sheet)  # fmt: skip
    return render(kind, case, stamp, photos(book, case, kind), *book.rules.words)


OTHER_FORMATS = (".docx", ".ofd")
"""In which a paper can be saved besides the PDF; neither is an original."""


def in_format(book: Book, stream: str, kind: str, form: str, sheet: str = "") -> bytes:
    """The paper as it says now in another of `OTHER_FORMATS`: with the number of the formal one where that still holds,
    else as a draft. Writes nothing."""
    case = Queries(book).case(stream)
    made = standing(case, kind, sheet or None)
    if made is not None and not made.stale:
        stamp = Stamp(made.number, made.revision, "", "", "", made.at.date(), sheet=sheet)
    else:
        ready = readiness(book, case, kind, sheet)
        stamp = Stamp(ready.number, 1, "", "", ready.draft or "未签发", _day(book), sheet=sheet)
    make = editable if form == ".docx" else ofd
    return make(kind, case, stamp, photos(book, case, kind), *book.rules.words)


def may_issue(book: Book, case: CaseFile, kind: str) -> bool:
    """Whether policy lets the acting person issue this kind: any officer of the case, or its head only."""
    by = book.rules.policy.paper(kind).by
    if book.role is Role.REVIEWER:  # who checked does not review
        return REVIEWED in by and book.person.id not in {officer.id for officer in case.officers}
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
    book: Book, stream: str, kind: str, form: str = "", ended: datetime | None = None, sheet: str = ""
) -> Done[Issued]:
    """Make the formal paper: freeze, checkpoint, render, archive.

    `form` is the number of a pre-stamped blank, `ended` the end of the check that the record on site states, `sheet` what
    was filled in for it, where a case may have several.

    Raises:
        Problem: `not_allowed` when policy names somebody else, `move_refused` for a paper that no finding calls for,
            `field_needed` or `not_found` for a pre-stamped form that policy asks for, `date_order`,
            `paper_forbidden_on_site`, `no_number`, `paper_incomplete` with the names of the empty fields,
            `sheet_differs`, `missing_glyph`; nothing is frozen then.
    """
    book.allow("issue", stream)
    case = Queries(book).case(stream)
    _called_for(book, case, kind)
    filled = blank(book, case, kind)
    sheet = sheet or ("" if filled.several or not filled.entries else filled.sheet)
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
    if book.rules.policy.paper(kind).pre_stamped:
        if not form.strip():
            raise Problem("field_needed", what="预盖章空白文书的编号")
        if form.strip() not in dict(Queries(book).blanks()).get(kind, Account((), (), ())).free:
            raise Problem("not_found", what=f"预盖章空白文书“{form.strip()}”")
    try:
        return _make(book, case, kind, ready, form.strip(), ended, sheet)
    except Exception:
        with suppress(Problem):  # what cannot be written now is written at the next start
            void_unfinished(book)
        raise


def said_fields(form: Blank, sheet: Sheet) -> str:
    """The names of the fields that two officers filled in differently."""
    labels = {entry.name: entry.label for entry in form.entries} | {"dropped": "撤下"}
    return "、".join(dict.fromkeys(labels.get(version.field, version.field) for version in sheet.conflict))


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
    case = Queries(book).case(stream)
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
    return Sketch(stream, ready.title, made.pdf, Draft(stream, "paper_issued", body, STEPS.get(kind, "处理")))


def keep_draft(book: Book, sketch: Sketch) -> Done[Issued]:
    """Archive a draft that was printed or saved: the record says that it left the laptop."""
    blob = book.keep(sketch.pdf, "application/pdf", "made")
    paper = str(sketch.event.body["paper"])
    done = book.done(paper, [replace(sketch.event, blobs=(blob,))])
    return Done(paper_of(Queries(book).case(sketch.stream), paper), done.touched, done.events)


def _make(
    book: Book, case: CaseFile, kind: str, ready: Readiness, form: str, ended: datetime | None, sheet: str
) -> Done[Issued]:
    pictures, number = photos(book, case, kind), ready.number
    earlier = sum(1 for p in case.papers if (p.kind, p.sheet) == (kind, sheet) and not p.draft)
    revision = 1 if kind == "proof_of_service" else 1 + earlier  # each proof tells of another delivery
    day = _day(book)
    trial = Stamp(number=number, revision=revision, code="0" * 32, note="", draft="", date=day, sheet=sheet)
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
    copies, copied = _copies(book, case, kind, stamp, pictures)
    entries = [entry.name for entry in blank(book, case, kind).entries]
    body = {
        **about, "report": report.sha256, "sha256": made.sha256, "pages": made.pages, "code": point.code, "note": point.note,
        "titles": book.rules.policy.titles, "date": day.isoformat(), "form": form,
        "findings": [f.id for f in case.findings] if kind in outgoing_papers(case) else [],
        "layout": list(faults(made)), "said": digest_of(case, kind, sheet, entries), "sheet": sheet,
        "entries": entries,
        "copies": [{"name": c.name, "serial": c.serial, "sha256": c.sha256, "code": c.code} for c in copies],
    }  # fmt: skip
    if ended is not None:
        body["ended"] = ended.isoformat()
    done = book.done(paper, [Draft(case.id, "paper_issued", body, step, blobs=(blob, report, *copied))])
    issued = paper_of(Queries(book).case(case.id), paper)
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


def pdf_of(book: Book, stream: str, paper: str, copy: int = 0) -> bytes:
    """The archived bytes of a paper, or of the copy of this serial, checked against their digest."""
    issued = paper_of(Queries(book).case(stream), paper)
    found = next((c.sha256 for c in issued.copies if c.serial == copy), issued.sha256)
    return Queries(book).content(found, f"《{issued.title}》{issued.number}")


def save_copy(content: bytes, target: Path) -> None:
    """Write a copy of archived bytes to a file. Raises `Problem("file_unwritable")`."""
    try:
        target.write_bytes(content)
    except OSError as error:
        raise Problem("file_unwritable", name=target.name, detail=reason(error)) from error


def note_print(
    book: Book, stream: str, paper: str, copies: int, printer: str, copy: int = 0, about: Mapping[str, object] | None = None
) -> Done[str]:  # fmt: skip
    """Note that a paper, or one of its copies (联), went to a printer; every print is an event. `about` says how it was
    printed and what became of it."""
    issued = paper_of(Queries(book).case(stream), paper)
    body: dict[str, object] = {
        "paper": paper, "title": issued.title, "copies": copies, "printer": printer, "sha256": issued.sha256, **(about or {}),
    }  # fmt: skip
    if chosen := next((c for c in issued.copies if c.serial == copy), None):
        body |= {"sha256": chosen.sha256, "copy": f"第{chosen.serial}联　{chosen.name}"}
    done = book.done(paper, [Draft(stream, "paper_printed", body, STEPS.get(issued.kind, "处理"))])
    book.store.fix_checkpoint(stream)
    return done


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs, in which role; with a reason it is a refusal, noted by those present."""

    name: str
    role: str  # 被检查单位 检查人员 记录人 见证人
    signed_at: datetime
    reason: str = ""
    seen_by: str = ""


def sign(
    book: Book, stream: str, paper: str, signer: Signer, witness: str | None = None, *, strokes: Drawing | None = None,
    pages: Sequence[int] = (), fingerprint: Path | None = None,
) -> Done[str]:  # fmt: skip
    """Note a signature on paper, or the refusal with its reason and a second person (行政诉讼证据规定15).

    An officer other than the one signed in confirms with the own PIN: pass the result as `witness`. Where policy switched
    it on, `strokes` drawn on the screen or the picture of a `fingerprint` are kept, and `pages` says which were signed.

    Raises:
        Problem: `electronic_off`, `pages_unsigned`, `signed_and_refused`, what `take_in` raises for a bad picture,
            `field_needed`, `date_order`, `date_ahead`, `not_found`, `not_allowed`.
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
    body: dict[str, object] = {
        "paper": paper, "title": issued.title, "name": signer.name.strip(), "role": signer.role,
        "signed_at": signer.signed_at.isoformat(), "pdf": issued.sha256, "code": issued.code,
    }  # fmt: skip
    blobs: tuple[BlobRef, ...] = ()
    if strokes is not None or fingerprint is not None:
        if refused:
            raise Problem("signed_and_refused", who=signer.name.strip())
        held, blobs = _on_screen(book, stream, issued, signer, strokes, pages, fingerprint)
        body |= held
    if refused:
        body |= {"reason": signer.reason.strip(), "seen_by": signer.seen_by.strip()}
    kind = "signature_refused" if refused else "paper_signed"
    done = book.done(paper, [Draft(stream, kind, body, STEPS.get(issued.kind, "处理"), blobs, witness)])
    book.store.fix_checkpoint(stream)
    return done


def _on_screen(
    book: Book, stream: str, issued: Issued, signer: Signer, strokes: Drawing | None, pages: Sequence[int],
    fingerprint: Path | None,
) -> tuple[dict[str, object], tuple[BlobRef, ...]]:  # fmt: skip
    """What the event says of strokes and fingerprint, and their files, which lie in the vault before it."""
    if not book.rules.policy.electronic:
        raise Problem("electronic_off")
    pdf_of(book, stream, issued.id)  # nobody signs bytes that are away or damaged
    body: dict[str, object] = {}
    blobs: list[BlobRef] = []
    if fingerprint is not None:
        from ..evidence.photo import take_in  # Pillow is imported with the first picture

        picture = take_in(fingerprint)
        book.rules.room_for(book.store.path, picture.size)
        blobs.append(book.keep(picture.original, picture.mime, "imported"))
        body |= {"fingerprint": blobs[-1].sha256, "means": "指印"}
    if strokes is not None:
        signed = sorted(set(pages) & set(range(1, issued.pages + 1)))
        if CATALOG[issued.kind].signed and len(signed) < issued.pages:  # on paper each of its pages bears the strip
            open_pages = [str(page) for page in range(1, issued.pages + 1) if page not in signed]
            raise Problem("pages_unsigned", paper=issued.title, pages="、".join(open_pages))
        if not strokes.strokes:
            raise Problem("field_needed", what="屏幕上的签名")
        point = book.store.fix_checkpoint(stream, {"paper": issued.number, "revision": str(issued.revision)})
        name, role, at = signer.name.strip(), signer.role, signer.signed_at
        content = bind(strokes, issued.sha256, point, name, role, at, signed)
        blobs.append(book.keep(content, MIME, "captured"))
        means = "电子签名、指印" if fingerprint is not None else "电子签名"
        body |= {"strokes": blobs[-1].sha256, "pages": signed, "means": means}
    return body, tuple(blobs)


def drawing_of(book: Book, signature: Signature) -> Drawing:
    """What was drawn for a signature on the screen. Raises `Problem("strokes_foreign")`, and for a missing file."""
    content = Queries(book).content(signature.strokes, f"{signature.name}的电子签名")
    try:
        return check_strokes(content, signature).drawing
    except ValueError as error:
        raise Problem("strokes_foreign", who=signature.name, detail=error) from error


def fingerprint_of(book: Book, signature: Signature) -> bytes:
    """The picture of a fingerprint as it was taken in. Raises Problem for a missing or damaged file."""
    return Queries(book).content(signature.fingerprint, f"{signature.name}的指印")


def _day(book: Book) -> date:
    return book.clock.now().at.date()
