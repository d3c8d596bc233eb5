"""A draw in the room: sealed, drawn once, signed, replayed, used; and every way to turn it that is refused."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pdfplumber
import pytest

from inspector_app.actions import draw, planning, register
from inspector_app.actions.sign_in import Session
from inspector_app.domain.draw import sha256
from inspector_app.domain.event import PLANNING, Draft
from inspector_app.domain.people import UnitKind
from inspector_app.domain.planning import SIGNERS, Clue, Plan
from inspector_app.domain.pools import Wish
from inspector_app.domain.problems import Problem
from inspector_app.domain.roster import RECUSAL, OfficerNote
from tests.office import office

PLAN = Plan("", False, 2026, "示例计划", "示例依据", "区级机关", "责任制", "实地核查", 25, 8)
WISH = Wish("第1次抽取", 3, frozenset({UnitKind.ORGAN.value}), date(2026, 4, 1), date(2026, 4, 30))
PUBLIC = draw.Public("40718253", "示例何静", "局门户网站", "示例区档案局203室")


@pytest.fixture
def session(tmp_path: Path) -> Session:  # type: ignore[misc]
    made = office(tmp_path)
    yield made
    made.close()


def sealed(session: Session, wish: Wish = WISH) -> str:
    return draw.seal(session.book, wish, PLAN.title).value


def test_from_the_sealing_to_the_inspections(session: Session, tmp_path: Path) -> None:
    book = session.book
    plan = planning.draw_up(book, PLAN).value
    planning.approve_plan(book, plan, "示例周敏", date(2026, 3, 1))
    planning.announce_plan(book, plan, "区政府门户网站", date(2026, 3, 2))
    id = sealed(session)
    held = draw.draw_of(book, id)
    assert (held.step, held.sealed.digest) == (2, held.digest)
    secret = (book.store.meta(f"draw/{id}") or b"").decode()
    assert sha256(secret) == held.sealed.commitment
    assert secret not in json.dumps([dict(event.body) for event in book.store.events(PLANNING)])
    drawn = draw.make(book, id, PUBLIC).value
    assert len(drawn.rows) == 3
    held = draw.true_draw(book, id)
    assert (held.step, held.made[0].witness, held.made[0].word) == (4, "示例何静", "40718253")
    for role in SIGNERS:
        draw.sign(book, id, role, f"示例{role}")
    assert draw.draw_of(book, id).step == 5
    draw.announce(book, id, "区政府门户网站")
    held = draw.draw_of(book, id)
    assert held.step == 6
    file = draw.export_file(book, id, tmp_path / "draw.json")
    assert draw.agrees(held, draw.replay_file(file))
    pdf = draw.certify(book, id).value
    assert draw.certify(book, id).value == pdf
    with pdfplumber.open(io.BytesIO(pdf)) as paper:
        text = "".join(page.extract_text() for page in paper.pages).replace("\n", "").replace(" ", "")
    assert "监督人示例何静再当场报数" in text and held.digest in text
    assert all(row.unit.name in text and row.officers[1].name in text for row in drawn.rows)
    streams = draw.use(book, id, draw.proposed(book, held), draw.leaders(session.queries.officers())[0]).value
    cases = [session.queries.case(stream) for stream in streams]
    assert [(c.unit.name, [o.name for o in c.officers]) for c in cases] == [
        (row.unit.name, [o.name for o in row.officers]) for row in drawn.rows
    ]
    for case in cases:
        assert case.stage == "drawn"
        assert case.draw_seed == "40718253"
        assert case.unit.name in case.draw
        assert (case.plan, case.published_where, case.source) == (PLAN.title, "区政府门户网站", "年度检查计划")
        assert [s.kind for s in case.sheets] == ["draw_record"]
    standing = next(s for s in planning.standings(book) if s.plan.title == PLAN.title)
    assert (standing.entered, standing.done, standing.late, standing.plan.share) == (3, 0, False, "32%")
    with pytest.raises(Problem, match="已经列入检查"):
        draw.use(book, id, draw.proposed(book, held))
    again = draw.draw_of(book, sealed(session))
    bars = {unit.name: unit.bar for unit in again.sealed.units}
    assert all("已列入检查" in bars[case.unit.name] for case in cases)


def test_a_draw_is_made_once_and_only_in_public(session: Session) -> None:
    book, id = session.book, sealed(session)
    for wrong, sentence in (
        (replace(PUBLIC, word="1234567"), "监督人报的数"), (replace(PUBLIC, word="4071825x"), "监督人报的数"),
        (replace(PUBLIC, witness=" "), "监督人"), (replace(PUBLIC, published=""), "校验值公布在哪里"),
        (replace(PUBLIC, witness=book.person.name), "同一个人"),
    ):  # fmt: skip
        with pytest.raises(Problem, match=sentence):
            draw.make(book, id, wrong)
    with pytest.raises(Problem, match="抽取结果"):
        draw.sign(book, id, "监督人", "示例何静")
    draw.make(book, id, replace(PUBLIC, word="４０７１ ８２５３"))
    assert draw.draw_of(book, id).made[0].word == "40718253"
    with pytest.raises(Problem, match="已经抽过"):
        draw.make(book, id, replace(PUBLIC, word="00000001"))
    with pytest.raises(Problem, match="还没有填写"):
        draw.sign(book, id, "监督人", "")
    with pytest.raises(Problem, match="写明原因"):
        draw.drop(book, id, "")
    draw.drop(book, id, "示例：名录库有误")
    with pytest.raises(Problem, match="作废"):
        draw.use(book, id, ())
    assert len(session.queries.planning().draws) == 1


def test_a_draw_that_was_turned_is_seen(session: Session) -> None:
    book, id = session.book, sealed(session)
    secret = (book.store.meta(f"draw/{id}") or b"").decode()
    draw.make(book, id, PUBLIC)
    other = next(event for event in book.store.events(PLANNING) if event.kind == "draw_made")
    book.write(Draft(PLANNING, "draw_made", {**other.body, "word": "00000001"}))
    assert not draw.draw_of(book, id).is_true
    with pytest.raises(Problem, match="不止一次"):
        draw.use(book, id, ())
    other_id = sealed(session)
    lines = ["示例"]
    body = {**other.body, "id": other_id, "secret": secret, "lines": lines}
    book.store.set_meta(f"draw/{other_id}", b"")
    with pytest.raises(Problem, match="种子在封存"):
        draw.make(book, other_id, PUBLIC)
    book.write(Draft(PLANNING, "draw_made", body))
    with pytest.raises(Problem, match="种子和封存时"):
        draw.true_draw(book, other_id)


def test_recusal_and_credentials_keep_people_out(session: Session) -> None:
    book = session.book
    with pytest.raises(Problem, match="应回避的单位和原因"):
        register.note_officer(book, OfficerNote("", "tang", RECUSAL, date(2026, 1, 5)))
    note = OfficerNote("", "tang", RECUSAL, date(2026, 1, 5), "近三年任职", unit="u15")
    id = register.note_officer(book, note).value
    wish = replace(WISH, count=9)
    held = draw.draw_of(book, sealed(session, wish))
    assert {(r.officer, r.unit) for r in held.sealed.recusals} == {("tang", "u15"), ("xu", "u26")}
    assert {o.name: o.bar for o in held.sealed.officers}["示例何静"] == "执法证2026年2月28日到期"
    register.drop_note(book, replace(note, id=id), "示例：登记错了")
    assert len(draw.draw_of(book, sealed(session, wish)).sealed.recusals) == 1
    with pytest.raises(Problem, match="一家也抽不出来"):
        draw.seal(book, replace(WISH, first=date(2029, 1, 1), last=date(2029, 1, 2)))


def test_files_that_are_none_are_told(session: Session, tmp_path: Path) -> None:
    bad = tmp_path / "draw.json"
    bad.write_bytes(b"\xff\xfe")
    for path in (bad, tmp_path / "absent.json", tmp_path):
        with pytest.raises(Problem):
            draw.replay_file(path)
    id = sealed(session)
    draw.make(session.book, id, PUBLIC)
    with pytest.raises(Problem, match="不能写入"):
        draw.export_file(session.book, id, tmp_path / "no" / "folder.json")


def test_a_plan_waits_for_approval_and_publication(session: Session) -> None:
    book = session.book
    with pytest.raises(Problem, match="计划名称"):
        planning.draw_up(book, replace(PLAN, title=""))
    with pytest.raises(Problem, match="范围里有 25 家"):
        planning.draw_up(book, replace(PLAN, count=26))
    with pytest.raises(Problem, match="四位数字"):
        planning.draw_up(book, replace(PLAN, year=20260))
    id = planning.draw_up(book, PLAN).value
    special = planning.draw_up(book, replace(PLAN, special=True, title="示例专项")).value
    with pytest.raises(Problem, match="还没有批准"):
        planning.announce_plan(book, id, "网站", date(2026, 3, 2))
    planning.approve_plan(book, id, "示例周敏", date(2026, 3, 1))
    with pytest.raises(Problem, match="公布日期早于批准日期"):
        planning.announce_plan(book, id, "网站", date(2026, 2, 2))
    with pytest.raises(Problem, match="晚于现在"):
        planning.approve_plan(book, special, "示例周敏", date(2099, 1, 1))
    planning.approve_plan(book, special, "示例周敏", date(2026, 1, 30))
    due = {s.plan.title: (s.due, s.late) for s in planning.standings(book) if s.plan.title.startswith("示例")}
    assert due == {"示例计划": (date(2026, 3, 31), False), "示例专项": (date(2026, 2, 28), True)}
    planning.draw_up(book, replace(PLAN, id=id, count=10))
    assert planning.plan_of(book, id).approved is None, "a changed plan waits again"


def test_a_clue_opens_an_inspection_or_says_why_not(session: Session) -> None:
    from inspector_app.actions.plan import Plan as Entry
    from inspector_app.domain.inspection import Kind

    book = session.book
    clue = Clue("", "举报", "u17", date(2026, 3, 10), "示例：库房漏水", "示例举报人")
    with pytest.raises(Problem, match="线索内容"):
        planning.receive_clue(book, replace(clue, text=" "))
    one, two = planning.receive_clue(book, clue).value, planning.receive_clue(book, clue).value
    with pytest.raises(Problem, match="写明原因"):
        planning.set_clue_aside(book, two, "")
    planning.set_clue_aside(book, two, "示例：和上一条是同一件事")
    now = book.clock.now().at
    register_ = session.queries.register()
    entry = Entry("clue-1", register_.units["u17"], Kind.ROUTINE, [register_.officers["shen"], register_.officers["lu"]], None,
                  now, now.replace(hour=23), "示例地点", "organ")  # fmt: skip
    stream = planning.open_on_clue(book, one, entry).value
    case = session.queries.case(stream)
    assert (case.kind, case.source) == ("clue_based", "2026年3月10日举报")
    settled = {c.id: (c.inspection, c.is_open) for c in session.queries.planning().clues if c.day == clue.day}
    assert settled == {one: (stream, False), two: ("", False)}
    with pytest.raises(Problem, match="处理过"):
        planning.open_on_clue(book, one, entry)
