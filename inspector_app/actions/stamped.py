"""Pre-stamped forms (预盖章空白文书): received, used with a paper, spoiled, handed back; each act names its numbers."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from pathlib import Path

from ..domain.event import FORMS_STREAM, Draft
from ..domain.problems import Problem
from ..domain.stamped import Batch, Form, Saying, Where, chosen, span
from .book import Book, Done
from .handing_out import write_new

ORIGINAL = "原件"
"""What stands for the copy (联) of a paper that has one copy only."""


def receive(book: Book, kind: str, series: str, first: str, last: str, giver: str) -> Done[Batch]:
    """Enter a receipt: the numbers as they are printed, e.g. `0001` to `0050` behind the letters of the series.

    Raises `Problem`: `field_needed`, `number_order`, `form_count`, `form_known`.
    """
    for text, what in ((first, "首号（填数字）"), (last, "末号（填数字）")):
        if not (text.strip().isascii() and text.strip().isdigit() and len(text.strip()) < 12):
            raise Problem("field_needed", what=what)
    if not giver.strip():
        raise Problem("field_needed", what="发放人")
    ends, digits = (int(first), int(last)), len(first.strip())
    id = f"{kind}-{uuid.uuid4().hex[:8]}"
    now = book.clock.now().at
    batch = Batch(id, kind, series.strip(), *ends, digits, giver.strip(), book.person.name, now, book.store.device)
    book.queries.forms().check_receipt(batch)
    body = {"id": id, "kind": kind, "series": batch.series, "first": batch.first, "last": batch.last,
            "digits": digits, "giver": batch.giver}  # fmt: skip
    return book.done(batch, [Draft(FORMS_STREAM, "forms_received", body)])


def copies_of(book: Book, kind: str) -> tuple[str, ...]:
    """For each sheet of a paper that needs a form of its own, what the sheet is for; empty where policy asks for none."""
    rule = book.rules.policy.paper(kind)
    if not rule.pre_stamped:
        return ()
    return tuple(f"第{n}联　{name}" for n, name in enumerate(rule.copies, 1)) if len(rule.copies) > 1 else (ORIGINAL,)


def take(book: Book, kind: str, numbers: Sequence[str]) -> tuple[Form, ...]:
    """The forms that a paper is about to be printed on, one for each copy; none where policy asks for none.

    Raises `Problem`: `not_allowed`, `field_needed`, `form_each`, and what `Forms.form` raises.
    """
    copies, given = copies_of(book, kind), [number.strip() for number in numbers if number.strip()]
    if not copies:
        return ()
    book.allow("keep_forms")
    if not given:
        raise Problem("field_needed", what="预盖章空白文书的编号")
    if len(given) != len(copies) or len(set(given)) != len(given):
        raise Problem("form_each", count=len(copies), given=len(set(given)))
    forms = book.queries.forms()
    return tuple(forms.form(number, Where.USED, kind) for number in given)


def used(book: Book, forms: Sequence[Form], paper: str, title: str, number: str, revision: int) -> list[Draft]:
    """What is written of the forms beside the paper that is printed on them."""
    if not forms:
        return []
    kind = next(form.batch.kind for form in forms if form.batch is not None)
    about = {"paper": paper, "title": title, "document": number, "revision": revision}
    return [_used(form, {**about, "copy": copy}) for form, copy in zip(forms, copies_of(book, kind), strict=True)]


def spoil(book: Book, number: str, reason: str, instead: str = "") -> Done[str]:
    """A form that cannot be used, e.g. after a paper jam. One that a paper stood on may be replaced by another form.

    Raises `Problem`: `reason_needed`, and what `Forms.form` raises.
    """
    forms = book.queries.forms()
    form = forms.form(number, Where.SPOILED)
    if not reason.strip():
        raise Problem("reason_needed", what=f"写坏空白文书 {form.number}")
    assert form.batch is not None
    drafts = [Draft(FORMS_STREAM, "form_spoiled", {**_named(form), "reason": reason.strip()})]
    if instead.strip():
        if form.where is not Where.USED:
            raise Problem("form_gone", number=instead.strip(), where=f"{form.number} 没有用过，不用换")
        other, held = forms.form(instead, Where.USED, form.batch.kind), form.sayings[0]
        drafts.append(_used(other, _paper(held)))
    return book.done(form.number, drafts)


def hand_back(book: Book, batch: Batch, text: str, to: str) -> Done[tuple[str, ...]]:
    """Hand back forms of one receipt, the spoiled ones too: `text` names them, e.g. `0003至0009、0012`.

    Raises `Problem`: `field_needed`, and what `Forms.form` raises for a number.
    """
    if not text.strip() or not to.strip():
        raise Problem("field_needed", what="交回的号和接收人" if not text.strip() else "接收人")
    forms = book.queries.forms()
    back = [forms.form(number, Where.RETURNED) for number in chosen(text, batch.numbers)]
    if other := next((form.number for form in back if form.batch != batch), ""):
        raise Problem("form_gone", number=other, where="以后又领取过，在那一次里交回")
    about = {"batch": batch.id, "to": to.strip()}
    drafts = []
    # What was spoiled stays known as spoiled, and why: one entry for each reason.
    for why in dict.fromkeys(form.sayings[0].reason for form in back):
        numbers = [form.number for form in back if form.sayings[0].reason == why]
        said = {**about, "numbers": numbers, "span": span(numbers), **({"reason": why} if why else {})}
        drafts.append(Draft(FORMS_STREAM, "forms_returned", said))
    return book.done(tuple(form.number for form in back), drafts)


def ways(form: Form) -> tuple[tuple[str, Saying], ...]:
    """What the register may be corrected to: one of the sayings, in hand again, or handed back; each in words."""
    assert form.batch is not None
    batch = form.batch
    open_ = (Saying(Where.HELD, batch.by, batch.at), Saying(Where.RETURNED, batch.by, batch.at, to=batch.giver))
    said = (*form.sayings, *(way for way in open_ if way.where not in {s.where for s in form.sayings}))
    return tuple((f"{way.where.label} {way.words}".strip(), way) for way in (said if form.dispute else said[1:]))


def correct(book: Book, form: Form, way: Saying, reason: str) -> Done[str]:
    """Say with a reason where a form really is: one of `ways`. What was written before stays in the record.

    Raises `Problem`: `reason_needed`, `form_unknown`.
    """
    if form.batch is None:
        raise Problem("form_unknown", number=form.number)
    if not reason.strip():
        raise Problem("reason_needed", what=f"改正空白文书 {form.number} 的登记")
    body = {**_named(form), "where": way.where.value, "reason": reason.strip(), "was": way.reason}
    if way.where is Where.USED:
        body |= _paper(way)
    if way.where is Where.RETURNED:
        body["to"] = way.to
    return book.done(form.number, [Draft(FORMS_STREAM, "form_corrected", body)])


def write_list(book: Book, target: Path, title_of: Callable[[str], str]) -> Path:
    """Write the register as a workbook; `title_of` names a kind of paper. Raises `Problem`: `file_exists`, `file_unwritable`."""
    from ..workbooks import stamped  # takes a quarter of a second to import, and a window starts without it

    return write_new(target, stamped.write(book.queries.forms(), title_of))


def _named(form: Form) -> dict[str, object]:
    assert form.batch is not None
    return {"batch": form.batch.id, "number": form.number}


def _paper(saying: Saying) -> dict[str, object]:
    return {"paper": saying.paper, "title": saying.title, "document": saying.document, "revision": saying.revision,
            "copy": saying.copy}  # fmt: skip


def _used(form: Form, about: dict[str, object]) -> Draft:
    return Draft(FORMS_STREAM, "form_used", {**_named(form), **about})
