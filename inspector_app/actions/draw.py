"""The double-random draw as it is done in the room: seal, let the witness say a number, draw, sign, make use of it."""

from __future__ import annotations

import secrets
import unicodedata
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

from ..domain import pools, together
from ..domain.calendar import zh_moment
from ..domain.casefile import CaseFile
from ..domain.clock import CHINA
from ..domain.draw import Drawn, Replay, draw, exported, replay, sha256
from ..domain.drawing import Drawing
from ..domain.event import PLANNING, Draft
from ..domain.inspection import Kind, Stage
from ..domain.people import Officer, Unit, UnitKind
from ..domain.planning import SIGNERS, Draw
from ..domain.pools import Wish
from ..domain.problems import Problem, reason
from ..domain.sheet import Sheet
from ..papers.render import Stamp, render, title_of
from .book import Book, Done
from .handing_out import write_new
from .plan import Plan, guard, planned

STEP = "准备"
PAPER = "draw_record"
DIGITS = 8
"""Digits of the number that the witness says."""
LARGEST_FILE = 20_000_000


def draw_of(book: Book, id: str) -> Draw:
    """Raises `Problem("not_found")`."""
    found = next((each for each in book.queries.planning().draws if each.id == id), None)
    if found is None:
        raise Problem("not_found", what="这次抽取")
    return found


def seal(book: Book, wish: Wish, plan: str = "") -> Done[str]:
    """封存: fix pools and rules, and commit to a secret of this laptop; returns the id of the draw.

    The digest of it all is what has to be made public before the witness says a number.

    Raises:
        Problem: `draw_none` when nobody could be drawn, and like `pools.seal`.
    """
    register, queries = book.queries.register(), book.queries
    secret = secrets.token_hex(16)
    sealed = pools.seal(
        wish, sha256(secret), book.rules.draw, book.rules.policy.thresholds["visits_a_year"], register.units.values(),
        register.officers.values(), register.officer_notes, queries.looked(),
    )  # fmt: skip
    if not draw(sealed, secret, "").rows:  # whom it would give does not matter here
        free = sum(not unit.bar for unit in sealed.units), sum(not officer.bar for officer in sealed.officers)
        raise Problem("draw_none", detail=f"可抽的对象 {free[0]} 家，可派的人员 {free[1]} 名")
    id = f"{wish.first:%Y%m}-{uuid.uuid4().hex[:8]}"
    book.store.set_meta(_secret_of(id), secret.encode())
    body = {
        "id": id, "title": sealed.title, "digest": sealed.digest, "sealed": sealed.plain(), "plan": plan.strip(),
        "first": wish.first.isoformat(), "last": wish.last.isoformat(),
    }  # fmt: skip
    return book.done(id, [Draft(PLANNING, "draw_sealed", body, STEP)])


def _secret_of(id: str) -> str:
    return f"draw/{id}"


@dataclass(frozen=True, slots=True)
class Public:
    """What is done in public at the draw: where the digest was told before, and who said which number in which place."""

    word: str
    witness: str
    published: str
    place: str


def make(book: Book, id: str, public: Public) -> Done[Drawn]:
    """抽取, once: a second time would be choosing.

    Raises:
        Problem: `draw_over`, `draw_elsewhere` when another laptop sealed it, `draw_word`, `field_needed`, `same_person`
            when the witness is the one who draws.
    """
    held = draw_of(book, id)
    if held.made or held.dropped:
        raise Problem("draw_over", state="抽过" if held.made else "作废")
    secret = (book.store.meta(_secret_of(id)) or b"").decode()
    if not secret:
        raise Problem("draw_elsewhere")
    said = {"监督人": public.witness, "校验值公布在哪里": public.published, "抽取地点": public.place}
    if empty := [name for name, text in said.items() if not text.strip()]:
        raise Problem("field_needed", what="、".join(empty))
    if public.witness.strip() == book.person.name:
        raise Problem("same_person", officer=book.person.name)
    word = unicodedata.normalize("NFKC", public.word).replace(" ", "")
    if not (word.isascii() and word.isdigit() and len(word) == DIGITS):
        raise Problem("draw_word", word=public.word)
    drawn = draw(held.sealed, secret, word)
    body = {
        "id": id, "title": held.sealed.title, "secret": secret, "word": word, "said_by": public.witness.strip(),
        "published": public.published.strip(), "place": public.place.strip(), "lines": list(drawn.lines),
    }  # fmt: skip
    return book.done(drawn, [Draft(PLANNING, "draw_made", body, STEP)])


def drop(book: Book, id: str, why: str) -> Done[str]:
    """作废, with its reason; it stays in the list. Raises `Problem`: `reason_needed`, `draw_over` once it was made use of."""
    held = draw_of(book, id)
    if held.inspections or held.dropped:
        raise Problem("draw_over", state="作废" if held.dropped else "列入检查")
    if not why.strip():
        raise Problem("reason_needed", what="作废抽取")
    body = {"id": id, "title": held.sealed.title, "reason": why.strip()}
    return book.done(id, [Draft(PLANNING, "draw_dropped", body, STEP)])


def sign(book: Book, id: str, role: str, name: str, drawing: Drawing | None = None) -> Done[str]:
    """Note that somebody signed the certificate on paper, or keep what was drawn where policy switched that on.

    Raises:
        Problem: `not_found`, `field_needed`, `electronic_off`, and like `true_draw`.
    """
    held = true_draw(book, id)
    if role not in SIGNERS:
        raise Problem("not_found", what=f"签名人“{role}”")
    if not name.strip():
        raise Problem("field_needed", what=f"{role}姓名")
    if drawing is not None and not book.rules.policy.electronic:
        raise Problem("electronic_off")
    body: dict[str, object] = {
        "id": id, "role": role, "name": name.strip(), "means": "纸上签名" if drawing is None else "电子签名",
        "result": sha256("\n".join(held.made[0].lines)), "digest": held.digest,
    }  # fmt: skip
    if drawing is not None:
        body["drawing"] = drawing.plain()
    return book.done(id, [Draft(PLANNING, "draw_signed", body, STEP)])


def announce(book: Book, id: str, where: str) -> Done[str]:
    """Note where the result was made public. Raises `Problem`: `field_needed`, and like `true_draw`."""
    held = true_draw(book, id)
    if not where.strip():
        raise Problem("field_needed", what="公布渠道")
    body = {"id": id, "title": held.sealed.title, "where": where.strip()}
    return book.done(id, [Draft(PLANNING, "draw_announced", body, STEP)])


def true_draw(book: Book, id: str) -> Draw:
    """A draw that was made and stands. Raises `Problem`: `not_found`, `draw_over`, `draw_file` when it is not what it says."""
    held = draw_of(book, id)
    if not held.made:
        raise Problem("not_found", what="抽取结果")
    if held.dropped:
        raise Problem("draw_over", state="作废")
    if not held.is_true:
        raise Problem("draw_file", detail="重算的结果和记录不同，或者抽过不止一次")
    return held


# -- what comes of it ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Visit:
    """When a drawn unit is to be inspected."""

    unit: str
    begin: datetime
    end: datetime


def proposed(book: Book, held: Draw) -> tuple[Visit, ...]:
    """One unit a working day from the first day on, over again when the days run out; for the person to change."""
    days, day = [], held.first
    while day <= held.last:
        try:
            day = book.rules.calendar.next_workday(day)
        except Problem:  # a year whose days off are not known yet
            days.append(day)
            break
        if day <= held.last:
            days.append(day)
        day = day.fromordinal(day.toordinal() + 1)
    days = days or [held.first]
    hours = time(9, 0), time(16, 0)
    return tuple(
        Visit(row.unit.id, *(datetime.combine(days[nth % len(days)], hour, CHINA) for hour in hours))
        for nth, row in enumerate(held.result.rows)
    )


def use(book: Book, id: str, visits: Iterable[Visit], leader: Officer | None = None) -> Done[tuple[str, ...]]:
    """列入检查: an inspection for each drawn unit with its drawn officers, all in one batch; returns their streams.

    The record of the draw is filled in for each, and with which authorities the plan has it done together. Raises
    `Problem`: `draw_over` when that was done, like `true_draw`, and like `plan.plan_inspection`.
    """
    held = true_draw(book, id)
    if held.inspections:
        raise Problem("draw_over", state="列入检查")
    queries = book.queries
    register, whens = queries.register(), {visit.unit: visit for visit in visits}
    plan = next((plan for plan in queries.planning().plans if plan.title == held.plan), None)
    drafts, streams = list[Draft](), dict[str, str]()
    notice = book.rules.plan["notice"]
    for row in held.result.rows:
        unit, when = register.units[row.unit.id], whens[row.unit.id]
        entry = Plan(
            id=f"{when.begin:%Y%m%d}-{uuid.uuid4().hex[:8]}", unit=unit,
            kind=Kind.SPECIAL if plan is not None and plan.special else Kind.ROUTINE,
            officers=[register.officers[officer.id] for officer in row.officers], leading_official=leader,
            planned_from=when.begin, planned_to=when.end, place=unit.address or unit.name,
            checklist=book.rules.plan["checklist"][unit.kind.value], scope=notice["scope"], methods=notice["methods"],
            materials=notice["materials"], source=plan.kind if plan is not None else "双随机抽查", plan=held.plan,
        )  # fmt: skip
        if warning := guard(book, entry):
            book.notices.append(warning)
        where, offices = (plan.announced_where, together.offices_in(plan.joint)) if plan is not None else ("", ())
        drafts += _inspection(book, held, entry, where, offices)
        streams[unit.id] = drafts[-1].stream
    body = {"id": id, "title": held.sealed.title, "inspections": streams}
    return book.done(tuple(streams.values()), [*drafts, Draft(PLANNING, "draw_used", body, STEP)])


def _inspection(book: Book, held: Draw, entry: Plan, where: str, offices: Sequence[str]) -> list[Draft]:
    first = planned(book, entry)
    said = "；".join(line for line in held.made[0].lines if f"（{entry.unit.id}）" in line)
    text = f"{held.sealed.title}：{said}" if said else held.sealed.title
    body = {"text": text, "seed": held.made[0].word, "draw": held.id, "digest": held.digest}
    sheet = {"sheet": PAPER, "kind": PAPER, "title": title_of(PAPER, *book.rules.words), "changes": _fields(held)}
    return [
        first,
        *([Draft(first.stream, "plan_published", {"where": where}, STEP)] if where else ()),
        Draft(first.stream, "draw_recorded", body, STEP),
        Draft(first.stream, "sheet_filled", sheet, STEP),
        *([Draft(first.stream, "sheet_filled", _joint(book, offices), STEP)] if offices else ()),
    ]


def _joint(book: Book, offices: Sequence[str]) -> dict[str, object]:
    """What the approval of a joint inspection begins with: who comes along is named by those authorities later."""
    title = title_of(together.SHEET, *book.rules.words)
    return {"sheet": together.SHEET, "kind": together.SHEET, "title": title, "changes": together.joint_with(offices)}


def _fields(held: Draw) -> dict[str, str]:
    """What the record of the draw says; the seed and the plan come from the case. Who was passed over, one by one, is told
    in the exported file."""
    sealed, made, drawn = held.sealed, held.made[0], held.result
    out = [officer for officer in sealed.officers if officer.bar]
    barred = sum(1 for unit in sealed.units if unit.bar)
    teams = [f"{row.unit.name}，主办{row.officers[0].name}，协办{row.officers[1].name}" for row in drawn.rows]
    passed = len(drawn.passed), sum(len(row.passed) for row in drawn.rows)
    units = {row.unit.id: row.unit.name for row in drawn.rows}
    names = {officer.id: officer.name for officer in sealed.officers}
    kept = [
        f"{names[tie.officer]}回避{units[tie.unit]}（{tie.reason}）" for tie in sealed.recusals if tie.unit in units
    ]
    kept += [f"{officer.name}不派（{officer.bar}）" for officer in out]
    return {
        "draw_time": made.at.isoformat(), "draw_place": made.place,
        "draw_units": f"{len(sealed.units)}家，其中{barred}家不抽；{zh_moment(held.sealed_at)}封存，校验值{held.digest}",
        "draw_people": f"{len(sealed.officers)}名，其中{len(out)}名不派；与对象名录库一并封存",
        "draw_rule": "；".join(sealed.rules),
        "draw_chosen": f"校验值先公布（{made.published}），监督人{made.witness}再当场报数。抽中{len(teams)}家："
        + "；".join(f"{nth}. {team}" for nth, team in enumerate(teams, 1))
        + f"。抽到而跳过的对象{passed[0]}家、人员{passed[1]}人次，原因逐条写在抽取文件里",
        "draw_recusal": "；".join(kept) or "抽中人员逐一核对，没有需要回避的情形",
    }  # fmt: skip


def certify(book: Book, id: str) -> Done[bytes]:
    """The certificate of the whole draw, made once and archived: bound to the record of the draws by its checkpoint.

    Raises `Problem`: like `true_draw` and `papers.render`.
    """
    held = true_draw(book, id)
    if held.certificate:
        name = title_of(PAPER, *book.rules.words)
        return Done(book.queries.content(held.certificate, f"《{name}》"), frozenset())
    number = f"抽〔{held.made[0].at.year}〕{held.id}"
    point = book.store.fix_checkpoint(PLANNING, {"paper": number, "revision": "1"})
    stamp = Stamp(number, 1, point.code, point.note, "", book.clock.now().at.date(), book.store.device_key.public.id)
    made = render(PAPER, _as_case(book, held), stamp, {}, *book.rules.words)
    blob = book.keep(made.pdf, "application/pdf", "made")
    body = {"id": id, "title": held.sealed.title, "number": number, "sha256": made.sha256, "code": point.code,
            "note": point.note}  # fmt: skip
    done = book.done(id, [Draft(PLANNING, "draw_certified", body, STEP, (blob,))])
    return Done(made.pdf, done.touched, done.events)


def _as_case(book: Book, held: Draw) -> CaseFile:
    """All units and officers of the draw in the place of the one of an inspection."""
    register, rows = book.queries.register(), held.result.rows
    officers = {officer.id: register.officers[officer.id] for row in rows for officer in row.officers}
    names = "、".join(row.unit.name for row in rows)
    at = held.made[0].at
    return CaseFile(
        id=f"draw/{held.id}", bureau=register.bureau, unit=Unit("", f"{len(rows)}家：{names}", UnitKind.ORGAN, ""),
        kind=Kind.ROUTINE.value, stage=Stage.DRAWN.value, checklist="", officers=tuple(officers.values()),
        leading_official=None, planned_from=at, planned_to=at, place="", plan=held.plan or held.sealed.title,
        draw_seed=held.made[0].word, drawn_at=at, sheets=(Sheet(PAPER, PAPER, _fields(held)),),
    )  # fmt: skip


def export_file(book: Book, id: str, target: Path) -> Path:
    """Write the whole draw as one file that anybody can draw again from. Raises `Problem`: like `true_draw`,
    `file_exists`, `file_unwritable`."""
    held = true_draw(book, id)
    made = held.made[0]
    return write_new(target, exported(held.sealed, made.secret, made.word, made.lines).encode())


def replay_file(path: Path) -> Replay:
    """Draw again from a file. Raises `Problem`: `file_refused`, `draw_file`, `draw_commitment`."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise Problem("draw_file", detail="文件太大")
        text = path.read_text("utf-8")
    except OSError as error:
        raise Problem("file_refused", name=path.name, detail=reason(error)) from error
    except UnicodeDecodeError as error:
        raise Problem("draw_file", detail="读不出来，或不是抽取文件") from error
    return replay(text)


def agrees(held: Draw, again: Replay) -> bool:
    """Whether a file that was drawn again is that of this draw and says the same."""
    return again.digest == held.digest and not again.differs and again.drawn.lines == held.made[0].lines


def leaders(officers: Sequence[Officer]) -> tuple[Officer, ...]:
    """Who may lead an inspection: members of the leadership."""
    return tuple(officer for officer in officers if officer.leader)
