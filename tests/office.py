"""What many tests need: a sample bureau on a laptop with quick keys, and the card of a camera."""

from __future__ import annotations

import atexit
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from inspector_app.actions import (
    arrival,
    check,
    evidence,
    filling,
    findings,
    legal_review,
    onsite,
    papers,
    register,
    signing,
    trial,
)
from inspector_app.actions.book import Book
from inspector_app.actions.laptop import Laptop
from inspector_app.actions.rules import Rules
from inspector_app.actions.sample_case import sample_sheets
from inspector_app.actions.sign_in import Session, sign_in
from inspector_app.actions.signing import Signer
from inspector_app.domain.access import Role
from inspector_app.domain.event import Draft
from inspector_app.domain.legal import PASSED, POINTS, WRONG, Point
from inspector_app.domain.people import Officer
from inspector_app.domain.problems import Problem
from inspector_app.domain.roster import REVIEWER as QUALIFIED
from inspector_app.domain.roster import OfficerNote
from inspector_app.domain.visit import Attendee
from tests import laptops
from tests.laptops import QUICK as QUICK
from tests.laptops import RESERVE as RESERVE

CASE = "inspection/2026-01"
REVIEWER = Officer("fa", "示例法制", "四级主任科员")
DEVIATIONS = ("A03", "D08", "E01", "E03", "E04", "E08", "K06", "L01")


@cache
def _shipped() -> Rules:
    """The rules that came with the application, with those read that every laptop reads."""
    rules = Rules()
    _ = rules.policy, rules.procedure, rules.calendar, rules.laws, rules.laws_version
    return rules


def laptop_at(folder: Path) -> Laptop:
    """A laptop whose rules were read before; what a test puts in their place is that laptop's alone."""
    return laptops.laptop_at(folder, copy(_shipped()))


@cache
def made_once(make: Callable[[Path], Session]) -> Path:
    """The laptop's folder after `make`, which is told where it begins; made once in a process, to be copied."""
    folder = Path(mkdtemp(prefix="inspector-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    make(folder).close()
    return folder / "laptop"


def laid_out(make: Callable[[Path], Session], folder: Path) -> Path:
    """A copy of what was made once, which nobody has signed in to yet; returns the laptop's folder."""
    return Path(shutil.copytree(made_once(make), folder / "laptop"))


def copied(make: Callable[[Path], Session], folder: Path) -> Session:
    """A copy of what was made once, signed in as the first officer."""
    return sign_in(laptop_at(laid_out(make, folder)), "shen", trial.SECRET)


# -- how far the inspection of today has come on a laptop, each stage made of the one before ----------------------------


def seeded(folder: Path) -> Session:
    """The sample bureau, written by its acts."""
    return trial.seed(laptop_at(folder / "laptop"))


def at_checklist(folder: Path) -> Session:
    """The team has arrived."""
    session = copied(seeded, folder)
    arrive(session.book)
    return session


def checked(folder: Path) -> Session:
    """Every item is answered, every deviation a finding with a photo."""
    session = copied(at_checklist, folder)
    check_all(session)
    return session


def unsigned(folder: Path) -> Session:
    """The record on site is formally made, and nobody has signed it."""
    session = copied(checked, folder)
    onsite.record_statement(session.book, CASE, "不陈述申辩")
    papers.issue(session.book, CASE, "onsite_record")
    return session


def visited(folder: Path) -> Session:
    """The visit is over."""
    session = copied(checked, folder)
    finish_visit(session)
    return session


def office(folder: Path) -> Session:
    """The sample bureau, signed in as the first officer."""
    return copied(seeded, folder)


def _deliberate(folder: Path) -> Session:
    session = copied(visited, folder)
    mine = {finding.code: finding.id for finding in session.queries.case(CASE).findings}
    findings.change(session.book, CASE, mine["A03"], "consequence", "propose")
    findings.confirm(session.book, CASE, [*mine.values()])
    findings.deliberate(session.book, CASE, "示例：一致同意")
    held = next(sheet for sheet in sample_sheets() if sheet.kind == "disposition_proposal")
    rows = {name: [list(cells) for cells in lines] for name, lines in held.rows.items()}
    filling.fill(session.book, CASE, held.kind, {**held.fields, **rows})
    return session


def deliberated(folder: Path) -> Session:
    """The sample bureau after the visit: every finding is confirmed and deliberated, one of them leads to a proposal that
    is filled in."""
    return copied(_deliberate, folder)


def card(count: int = 30) -> list[Path]:
    """Photo files of the sample card."""
    return sorted(trial.card_of(laptop_at(made_once(seeded))).iterdir())[:count]


def arrive(book: Book) -> None:
    """Up to where the checklist may be answered."""
    arrival.begin_visit(book, CASE, "示例区南泉路81号3号楼2层档案室")
    arrival.show_credentials(book, CASE, ["shen", "lu"], "lu")
    arrival.tell_recording(book, CASE, "v1")
    arrival.tell_rights(book, CASE, "v1", "不申请回避")
    arrival.confirm_attendees(book, CASE, [Attendee("示例吴晓", "办公室主任", "021-10000037")])
    arrival.explain_law(book, CASE, "档案法第十九条", "示例吴晓")


def conform(session: Session, stream: str = CASE, value: str = "符合") -> None:
    """Answer what is open, the first by itself, as it may make the move, the others in one batch: a hundred acts, each
    synced to the disk, would be more than a second."""
    first, *left = [item.code for item in session.queries.case(stream).items if not item.value]
    check.answer(session.book, stream, first, value)
    session.book.write(*(Draft(stream, "item_answered", {"item": code, "value": value}, check.STEP) for code in left))


def check_all(session: Session, photos: int = 1) -> None:
    """Answer every item; the deviations get a remark, photos and a finding each."""
    book, files = session.book, card()
    for item in session.queries.case(CASE).items:
        if item.code not in DEVIATIONS:
            continue
        check.answer(book, CASE, item.code, "不符合")
        check.note(book, CASE, item.code, f"{item.text[:8]}没有落实。")
        at = DEVIATIONS.index(item.code) * 3
        assert not evidence.add_photos(book, CASE, files[at : at + photos], item=item.code).value.refused
        findings.record(book, CASE, item.code)
    conform(session)
    check.finish(book, CASE)


def sign_record(session: Session, kind: str = "onsite_record") -> str:
    """Make a paper of the spot and note all three signatures; returns its id."""
    book = session.book
    paper = papers.issue(book, CASE, kind).value
    now = book.clock.now().at
    signing.sign(book, CASE, paper.id, Signer("示例吴晓", "被检查单位", now))
    signing.sign(book, CASE, paper.id, Signer("示例沈岚", "检查人员", now))
    signing.sign(book, CASE, paper.id, Signer("示例陆一鸣", "记录人", now), witness="lu")
    return paper.id


def finish_visit(session: Session) -> None:
    """From the last answer to the end of the visit."""
    onsite.record_remarks(session.book, CASE, "情况属实。")
    onsite.record_statement(session.book, CASE, "不陈述申辩")
    sign_record(session)
    onsite.end_visit(session.book, CASE)


@contextmanager
def reviewing(session: Session) -> Iterator[None]:
    """What is done within is done by the legal reviewer, who took no part in the inspection and is qualified."""
    book, before = session.book, (session.book.person, session.book.role)
    if REVIEWER.id not in book.reviewers():
        book.role = Role.ADMIN
        register.register_officer(book, REVIEWER)
        day = book.clock.now().at.date()
        register.note_officer(book, OfficerNote("", REVIEWER.id, QUALIFIED, day, "示例：法律职业资格 A0001"))
    book.person, book.role = REVIEWER, Role.REVIEWER
    try:
        yield
    finally:
        book.person, book.role = before


def reviewed(session: Session, kind: str, wrong: str = "", *, note: str = "") -> str:
    """Hand a paper in and give the opinion on it: 同意, or 存在问题 with what is wrong in its first point; returns the id of
    the round."""
    round = legal_review.ask(session.book, CASE, kind, session.book.rules.policy.major_grounds[-1:], note).value
    points = [Point(WRONG if wrong else PASSED, wrong), *[Point(PASSED)] * (POINTS - 1)]
    with reviewing(session):
        legal_review.conclude(session.book, CASE, round, points, wrong or "示例：没有异议。")
    return round


def refused(code: str, act: Callable[[], object]) -> Problem:
    """The act is refused with this problem, which is a fact and a way out in Chinese."""
    from pytest import raises  # the bench of the window's start loads this file too, and no pytest

    with raises(Problem) as caught:
        act()
    problem = caught.value
    assert problem.code == code, problem
    assert problem.fact and problem.way_out and "{" not in str(problem)
    return problem
