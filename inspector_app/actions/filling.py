"""Filling in what a paper asks and no other act of the record states: sheets, their conflicts, taking one away."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from ..domain.access import Role
from ..domain.casefile import CaseFile
from ..domain.event import Draft
from ..domain.paper import paper_step
from ..domain.problems import Problem
from ..domain.rows import Version
from ..domain.sheet import Sheet, Value, check
from ..papers.render import Blank as Blank
from ..papers.render import form_of, kinds_of_sheet, title_of
from .book import Book, Done

REVIEWED = "legal_reviewer"
"""Who may issue and fill in a paper, in the policy: the legal reviewer, who has checked nothing of the case."""


def blank(book: Book, case: CaseFile, kind: str) -> Blank:
    """What there is to fill in for a kind of paper."""
    return form_of(kind, case, *book.rules.words)


def new_sheet(form: Blank) -> str:
    """The id of a sheet that is begun; the one of its kind where a case has one."""
    return f"{form.sheet}-{uuid.uuid4().hex[:8]}" if form.several else form.sheet


def sheet_of(book: Book, case: CaseFile, kind: str, sheet: str = "") -> str:
    """The id of the sheet that a paper is made from: the one that is named, or the only one; "" for none."""
    form = blank(book, case, kind)
    return sheet or ("" if form.several or not form.entries else form.sheet)


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
    case = book.queries.case(stream)
    form = blank(book, case, kind)
    _by_hand(form, title_of(kind, *book.rules.words))
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
    about: dict[str, object] = {"sheet": id, "kind": form.sheet, "title": title_of(kind, *book.rules.words)}
    why = {"reason": reason.strip()} if reason.strip() else {}
    step = paper_step(form.sheet)
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
    case = book.queries.case(stream)
    held = case.sheet(sheet)
    if held is None or version not in held.conflict:
        raise Problem("not_found", what="这处填写")
    _may_fill(book, case, held.kind)
    if not reason.strip():
        raise Problem("reason_needed", what="选定一处填写")
    row = book.store.rows(stream)["sheet", sheet]
    versions = row["dropped"] if version.field == "dropped" else row["fields"][version.field]
    value = next(v["value"] for v in versions if v["event"] == version.event)
    about: dict[str, object] = {"sheet": sheet, "kind": held.kind, "title": title_of(held.kind, *book.rules.words)}
    step = paper_step(held.kind)
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
    case = book.queries.case(stream)
    held = case.sheet(sheet)
    if held is None:
        raise Problem("not_found", what="这份填写内容")
    name = title_of(held.kind, *book.rules.words)
    _by_hand(blank(book, case, held.kind), name)
    _may_fill(book, case, held.kind)
    if any(not p.draft and p.sheet == sheet for p in case.papers):
        raise Problem("frozen", what=f"《{name}》已经正式制作，填写的内容")
    if not reason.strip():
        raise Problem("reason_needed", what=f"撤下填写的《{name}》")
    body = {"sheet": sheet, "kind": held.kind, "title": name, "reason": reason.strip()}
    step = paper_step(held.kind)
    return book.done(
        sheet, [Draft(stream, "sheet_dropped", body, step)],
        reverse=[Draft(stream, "sheet_dropped", {**body, "reason": ""}, step)],
    )  # fmt: skip


def _by_hand(form: Blank, name: str) -> None:
    if not form.by_hand:
        raise Problem("written_by_act", paper=name)


def _may_fill(book: Book, case: CaseFile, kind: str) -> None:
    """What only the legal reviewer may issue only the reviewer fills in, who took no part in it (国办发〔2018〕118号)."""
    rules = [book.rules.policy.paper(each) for each in kinds_of_sheet(blank(book, case, kind).sheet, book.rules.shelf)]
    reviewed = all(set(rule.by) == {REVIEWED} for rule in rules)
    if reviewed:
        book.allow("review_legality", case.id)
    elif book.role is Role.REVIEWER:
        raise Problem("not_allowed", who=book.person.name, act=f"填写{title_of(kind, *book.rules.words)}")


def may_fill(book: Book, case: CaseFile, kind: str) -> bool:
    """Whether who is signed in fills in this kind of paper at all."""
    try:
        book.allow("fill", case.id)
        _may_fill(book, case, kind)
    except Problem:
        return False
    return True


def said_fields(form: Blank, sheet: Sheet) -> str:
    """The names of the fields that two officers filled in differently."""
    labels = {entry.name: entry.label for entry in form.entries} | {"dropped": "撤下"}
    return "、".join(dict.fromkeys(labels.get(version.field, version.field) for version in sheet.conflict))
