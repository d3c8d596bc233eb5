"""公示: the copy for the public beside the original, sent by one person, confirmed by another, taken down with a reason."""

from __future__ import annotations

import uuid
from calendar import monthrange
from dataclasses import replace
from datetime import date

from ..domain.casefile import CaseFile
from ..domain.event import PLANNING, BlobRef, Draft
from ..domain.inspection import OUTGOING, Stage
from ..domain.problems import Problem
from ..domain.public_photo import CLEARED, Cleared, covered
from ..domain.publicity import (
    CHANGED,
    CONFIRMED,
    HELD,
    OVERTURNED,
    PENALTY,
    RECALLED,
    RESULT,
    RETURNED,
    SENT,
    WAYS,
    WITHDRAWN,
    Penalty,
    Round,
    year_of,
)
from ..domain.sheet import check
from ..papers.render import title_of
from . import filling, public_copy, public_photo
from .book import Book, Done
from .evidence import evidence_of
from .public_copy import Matter
from .publicity_board import State, due_of, is_decided

STEP = "归档"


def enter_penalty(book: Book, stream: str, penalty: Penalty) -> Done[str]:
    """Enter a penalty that was decided, so that it is published within its term; returns its id.

    Raises:
        Problem: `not_allowed`, `field_needed`, `date_ahead`.
    """
    book.allow("publish", stream)
    needed = {
        "决定书文号": penalty.number,
        "违法事实": penalty.facts,
        "处罚依据": penalty.basis,
        "处罚内容": penalty.outcome,
    }
    if empty := [name for name, text in needed.items() if not text.strip()]:
        raise Problem("field_needed", what="、".join(empty))
    if penalty.day > book.clock.now().at.date():
        raise Problem("date_ahead", what="决定日期")
    id = penalty.id or uuid.uuid4().hex[:12]
    body = {"penalty": id, "number": penalty.number.strip(), "day": penalty.day.isoformat(), "facts": penalty.facts.strip(),
            "basis": penalty.basis.strip(), "outcome": penalty.outcome.strip(), "simplified": penalty.simplified,
            "warning_only": penalty.warning_only, "standing": True}  # fmt: skip
    back = Draft(stream, PENALTY, {**body, "standing": False}, STEP)
    return book.done(id, [Draft(stream, PENALTY, body, STEP)], reverse=[back])


def change_row(book: Book, stream: str, subject: str, key: str, text: str, reason: str = "") -> Done[str]:
    """Say a row of the public copy otherwise; an empty text goes back to what the rules leave.

    To hide more needs no reason. To show what a rule covers, or to say what the original does not say, does.

    Raises:
        Problem: `not_found`, `publication_exposed` for what no hand may lift, `reason_needed`.
    """
    matter = _matter(book, stream, subject)
    found = next((line for line in matter.copies.original if line.key == key), None)
    if found is None:
        raise Problem("not_found", what="这一行")
    rules, known, text = book.rules.publicity, matter.known, text.strip()
    said = replace(found, text=text)
    if firm := rules.shown([said], known, firm=True):
        raise Problem("publication_exposed", what="、".join(firm))
    bases = (found.text, rules.masked(found, known).text)
    if (
        text
        and (rules.shown([said], known) or not any(rules.only_hides(base, text) for base in bases))
        and not reason.strip()
    ):
        raise Problem("reason_needed", what=f"“{found.label}”公开遮盖的内容，或改写")
    before = matter.publication.changes.get(key, ("", ""))

    def draft(value: tuple[str, str]) -> Draft:
        body = {"subject": subject, "row": key, "label": found.label, "text": value[0], "reason": value[1]}
        return Draft(stream, CHANGED, body, STEP)

    now = (text, reason.strip() if text else "")
    return (
        Done(key, frozenset())
        if now == before
        else book.done(key, [draft(now)], reverse=[draft(before)] if matter.case else ())
    )


def clear_photo(book: Book, stream: str, subject: str, number: str, reason: str) -> Done[str]:
    """Say by name that everybody may see a photo of a result, as it is covered now, and why.

    Raises `Problem`: `not_found` for a photo of another inspection, `photo_barred`, `reason_needed`, `blob_missing`.
    """
    matter, case = _with_photos(book, stream, subject)
    piece = evidence_of(case, number)
    if why := public_photo.barred(book, case, piece):
        raise Problem("photo_barred", number=number, why=why)
    if not reason.strip():
        raise Problem("reason_needed", what=f"公示照片 {number}")
    blob = book.keep(public_photo.preview(book, case, piece), "image/jpeg", "made")
    draft = _photo(matter, Cleared(number, blob.sha256, covered(piece.marks), reason.strip()), blob)
    return book.done(number, [draft], [_photo(matter, _cleared(matter, number))], [draft])


def drop_photo(book: Book, stream: str, subject: str, number: str) -> Done[str]:
    """A photo is not shown after all, which needs no reason. Raises `Problem("not_found")`."""
    matter, _ = _with_photos(book, stream, subject)
    before = _cleared(matter, number)
    if not before.sha256:
        raise Problem("not_found", what=f"公示的照片 {number}")
    return book.done(number, [_photo(matter, Cleared(number))], [_photo(matter, before)])


def hold(book: Book, stream: str, subject: str, reason: str) -> Done[str]:
    """Wait with the publication and say why; an empty reason goes on with it. The term runs on."""
    matter = _matter(book, stream, subject)
    before = matter.publication.held
    if not reason.strip() and not before:
        raise Problem("reason_needed", what="暂缓公示")

    def draft(why: str) -> Draft:
        body = {"subject": subject, "title": matter.title, "reason": why}
        return Draft(stream, HELD, body, STEP)

    return book.done(subject, [draft(reason.strip())], reverse=[draft(before)] if matter.case else ())


def send(book: Book, stream: str, subject: str) -> Done[str]:
    """Send the public copy as it stands to a second person.

    Raises:
        Problem: `publication_early`, `publication_held`, `publication_exposed`, `publication_same` for what is public like
            this already.
    """
    matter = _matter(book, stream, subject)
    day, publication, made = _decided(matter), matter.publication, matter.copies
    if day > book.clock.now().at.date():
        raise Problem("not_found", what=f"过完了的{matter.name}")
    if publication.held:
        raise Problem("publication_held", reason=publication.held)
    if made.exposed:
        raise Problem("publication_exposed", what="、".join(made.exposed))
    public = publication.public
    if public is not None and public.digest == made.digest and public.overturned is None:
        raise Problem("publication_same")
    due = due_of(book, subject, day, replace(publication, rounds=()), State.DRAFT) or day
    rows = [{"key": line.key, "label": line.label, "text": line.text, "rules": list(line.rules), "reason": line.reason,
             **({"picture": line.picture} if line.picture else {})} for line in made.public]  # fmt: skip
    body = {
        "subject": subject, "title": matter.title, "unit": matter.about, "bureau": book.queries.register().bureau.name,
        "name": matter.name, "rows": rows, "channels": [channel.key for channel in made.channels],
        "due": due.isoformat(), "digest": made.digest,
    }  # fmt: skip
    return book.done(subject, [Draft(stream, SENT, body, STEP)])


def recall(book: Book, stream: str, subject: str) -> Done[str]:
    """Take back what was sent, before anybody answered. Only who sent it may."""
    waiting = _waiting(_matter(book, stream, subject))
    if waiting.sent.by != book.person.id:
        raise Problem("not_allowed", who=book.person.name, act="收回别人送核对的公示件")
    body = {"subject": subject, "sent": waiting.id, "title": waiting.title}
    return book.done(subject, [Draft(stream, RECALLED, body, STEP)])


def send_back(book: Book, stream: str, subject: str, reason: str) -> Done[str]:
    """The second person does not agree, and says why."""
    waiting = _waiting(_matter(book, stream, subject))
    _second(book, waiting)
    if not reason.strip():
        raise Problem("reason_needed", what="退回公示件")
    body = {"subject": subject, "sent": waiting.id, "title": waiting.title, "reason": reason.strip()}
    return book.done(subject, [Draft(stream, RETURNED, body, STEP)])


def confirm(book: Book, stream: str, subject: str) -> Done[str]:
    """The second person has compared every row and publishes exactly what was sent. There is no undo: it is taken down.

    Raises:
        Problem: `publication_second`, `publication_not_waiting`, `publication_moved` where the copy would be another today,
            `blob_missing` where a photo is not here to be compared, `photo_second`.
    """
    matter = _matter(book, stream, subject)
    waiting, made, case = _waiting(matter), matter.copies, matter.case
    _second(book, waiting)
    if made.digest != waiting.digest or made.exposed:
        raise Problem("publication_moved")
    _photos_compared(book, matter, waiting)
    today = book.clock.now().at.date()
    where = "、".join(channel.name for channel in made.channels)
    months = max((channel.months for channel in made.channels), default=0)
    until = _months_on(today, months).isoformat() if months else ""
    body = {"subject": subject, "sent": waiting.id, "title": waiting.title, "where": where, "day": today.isoformat(),
            "until": until, "digest": waiting.digest}  # fmt: skip
    drafts = [Draft(stream, CONFIRMED, body, STEP)]
    if case is not None and subject == RESULT and Stage(case.stage) not in (Stage.CLOSED, Stage.ARCHIVED):
        drafts.append(_sheet(book, case, waiting, where, today, until))
    return book.done(subject, drafts)


def overturn(book: Book, stream: str, subject: str, how: str, day: date, document: str) -> Done[str]:
    """The decision that was published has fallen (行政处罚法48): within the term it is taken down, with the reason in public.

    Raises:
        Problem: `publication_none`, `not_found`, `field_needed`, `date_ahead`.
    """
    public = _public(_matter(book, stream, subject))
    if how not in WAYS:
        raise Problem("not_found", what=f"决定被“{how}”的处理")
    if not document.strip():
        raise Problem("field_needed", what="依据的文书")
    if day > book.clock.now().at.date():
        raise Problem("date_ahead", what="作出日期")
    body = {"subject": subject, "title": public.title, "how": how, "day": day.isoformat(), "document": document.strip()}
    return book.done(subject, [Draft(stream, OVERTURNED, body, STEP)])


def withdraw(book: Book, stream: str, subject: str, reason: str) -> Done[str]:
    """Take down what is public, with a reason that stands in the record. Raises `Problem`: `publication_none`, `reason_needed`."""
    matter = _matter(book, stream, subject)
    _public(matter)
    if not reason.strip():
        raise Problem("reason_needed", what="撤下公示")
    rounds = [each for each in matter.publication.rounds if each.is_public]
    return book.done(subject, [
        Draft(stream, WITHDRAWN, {"subject": subject, "sent": each.id, "title": each.title, "reason": reason.strip()}, STEP)
        for each in rounds
    ])  # fmt: skip


def _matter(book: Book, stream: str, subject: str) -> Matter:
    """Raises `Problem("not_allowed")`. What the bureau says of itself lies where only those write who prepare inspections."""
    book.allow("publish", stream)
    if stream == PLANNING:
        book.allow("prepare")
    return public_copy.matter(book, stream, subject)


def _with_photos(book: Book, stream: str, subject: str) -> tuple[Matter, CaseFile]:
    """Raises `Problem("not_found")`: a penalty and the figures of a year show no photo."""
    matter = _matter(book, stream, subject)
    if matter.case is None or subject != RESULT:
        raise Problem("not_found", what="可以放照片的公示件")
    return matter, matter.case


def _cleared(matter: Matter, number: str) -> Cleared:
    return next((each for each in matter.publication.photos if each.number == number), Cleared(number))


def _photo(matter: Matter, cleared: Cleared, *blobs: BlobRef) -> Draft:
    body = {"subject": matter.subject, "title": matter.title, "number": cleared.number, "sha256": cleared.sha256,
            "covers": [mark.plain() for mark in cleared.covers], "reason": cleared.reason}  # fmt: skip
    return Draft(matter.stream, CLEARED, body, STEP, blobs)


def _decided(matter: Matter) -> date:
    """The day that the term runs from. Raises `Problem("publication_early")`."""
    if matter.penalty:
        return matter.penalty.day
    if (year := year_of(matter.subject)) is not None:
        return date(year + 1, 1, 1)
    case = matter.case
    assert case is not None
    days = [p.at.date() for p in case.papers if p.kind in OUTGOING and not p.draft and not p.reopened]
    if not days or not is_decided(case.stage):
        raise Problem("publication_early", unit=case.unit.name)
    return max(days)


def _waiting(matter: Matter) -> Round:
    if matter.publication.waiting is None:
        raise Problem("publication_not_waiting")
    return matter.publication.waiting


def _public(matter: Matter) -> Round:
    if matter.publication.public is None:
        raise Problem("publication_none")
    return matter.publication.public


def _second(book: Book, waiting: Round) -> None:
    if waiting.sent.by == book.person.id:
        raise Problem("publication_second", officer=book.person.name)


def _photos_compared(book: Book, matter: Matter, waiting: Round) -> None:
    """Whether each photo is here beside what it was made from, and was cleared by somebody else."""
    for line in waiting.lines:
        if line.picture and matter.case is not None:
            public_photo.seen(book, matter.case, line)
    shown = {line.picture for line in waiting.lines}
    if any(book.person.id in each.by for each in matter.publication.photos if each.sha256 in shown):
        raise Problem("photo_second", officer=book.person.name)


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _sheet(book: Book, case: CaseFile, waiting: Round, where: str, today: date, until: str) -> Draft:
    """What the paper of the publication (公示表) says follows from what was published."""
    form = filling.blank(book, case, "publicity")
    lines = {line.key: line.text for line in waiting.lines}
    said = {"public_result": lines.get("result", ""), "public_handling": lines.get("handled", ""), "public_channel": where,
            "public_on": today.isoformat(), "public_until": until}  # fmt: skip
    changes = {entry.name: check(entry, said[entry.name]) for entry in form.entries if entry.name in said}
    title = title_of("publicity", *book.rules.words)
    return Draft(
        case.id, "sheet_filled", {"sheet": form.sheet, "kind": form.sheet, "title": title, "changes": changes}, STEP
    )
