"""A joint and merged inspection: from the plan through the draw to approval, notice, record on site and the figures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from inspector_app.actions import arrival, draw, figures, filling, onsite, papers, planning, signing
from inspector_app.actions.sign_in import Session
from inspector_app.actions.signing import Signer
from inspector_app.domain.access import Role
from inspector_app.domain.annual import report
from inspector_app.domain.paper import GUEST
from inspector_app.domain.planning import SIGNERS, Plan
from inspector_app.domain.together import BOTH, JOINT, MERGED, Guest, offices_in, seen, unsigned
from tests.actions.test_intentions import PLAN, PUBLIC, WISH
from tests.office import CASE, arrive, checked, conform, office, refused, sign_record, visited

TOGETHER = {
    "joint": JOINT,
    "partners": [["示例区教育局", "示例赵敏", "12010001"], ["示例区教育局", "示例钱宁", "12010002"]],
    "merged": [["示例专项计划", "示例：档案数字化外包"]],
}


def shown(session: Session, kind: str, stream: str = CASE) -> str:
    return "\n".join(papers.preview(session.book, stream, kind).shown.passages)


def missing(session: Session, kind: str, stream: str = CASE) -> str:
    return "、".join(papers.readiness(session.book, session.queries.case(stream), kind).missing)


def drawn(session: Session, plan: Plan) -> tuple[str, ...]:
    book = session.book
    planning.draw_up(book, plan)
    id = draw.seal(book, WISH, plan.title).value
    draw.make(book, id, PUBLIC)
    for role in SIGNERS:
        draw.sign(book, id, role, f"示例{role}")
    draw.announce(book, id, "区政府门户网站")
    return draw.use(book, id, draw.proposed(book, draw.draw_of(book, id))).value


def test_what_a_plan_says_comes_with_the_draw(tmp_path: Path) -> None:
    session = office(tmp_path)
    first, *_ = drawn(session, replace(PLAN, joint="示例区教育局、示例区民政局"))
    held = session.queries.case(first).together
    assert (held.form, held.offices, held.leads) == (JOINT, ("示例区教育局", "示例区民政局"), "")
    assert "联合部门参加人员" in missing(session, "notice", first), "who comes is told beforehand (国办发〔2024〕54号)"
    assert "示例区民政局" in shown(session, "approval", first)
    named = [["示例区教育局", "示例赵敏", "12010001"], ["示例区民政局", "示例孙洁", "12010003"]]
    session.book.role = Role.LEAD  # who drew is not in the team
    filling.fill(session.book, first, "approval", {"partners": named})
    assert "联合部门" not in missing(session, "notice", first)
    assert "示例区民政局示例孙洁（执法证号12010003）" in shown(session, "notice", first)
    second, *_ = drawn(session, replace(PLAN, title="示例单独计划"))
    assert not session.queries.case(second).together.form
    session.close()


def test_papers_name_who_comes_along_and_what_is_merged(tmp_path: Path) -> None:
    session = checked(tmp_path)
    alone = shown(session, "onsite_record")
    assert "联合" not in alone and "合并" not in alone
    for form, lacks in ((MERGED, "合并的检查计划和任务"), (JOINT, "联合部门和参加人员")):
        filling.fill(session.book, CASE, "approval", {"joint": form})
        assert not session.queries.case(CASE).together.form, "nothing is named yet"
        assert lacks in missing(session, "approval").split("、")
    filling.fill(session.book, CASE, "approval", TOGETHER)
    assert session.queries.case(CASE).together.form == BOTH
    for kind in ("notice", "onsite_record"):
        text = shown(session, kind)
        assert "示例区档案局牵头，联合进行" in text and "示例钱宁（执法证号12010002）" in text, kind
        assert "《示例专项计划》的示例：档案数字化外包" in text, kind
    filling.fill(session.book, CASE, "approval", {"joint_leader": "示例区教育局"})
    assert "示例区教育局牵头" in shown(session, "notice")
    filling.fill(session.book, CASE, "approval", {"joint": "单独检查"})
    assert shown(session, "onsite_record") == alone, "only the form that was chosen counts"
    session.close()


def test_notice_and_record_go_stale_with_those_who_come_along(tmp_path: Path) -> None:
    session = office(tmp_path)
    book = session.book

    def stale(kind: str) -> bool:
        made = session.queries.case(CASE).paper(kind)
        assert made is not None
        return made.stale

    assert not stale("notice")
    filling.fill(book, CASE, "approval", TOGETHER)
    assert stale("notice"), "before the team has arrived the unit is told anew"
    arrive(book)
    assert not stale("notice"), "what changes on site stands on the record"
    arrival.note_guests(book, CASE, [replace(guest, absent="") for guest in GUESTS])
    conform(session)
    onsite.record_statement(book, CASE, "不陈述申辩")
    papers.issue(book, CASE, "onsite_record")
    assert not stale("onsite_record")
    filling.fill(book, CASE, "approval", {"partners": [*TOGETHER["partners"], ["示例区民政局", "", ""]]})
    assert stale("onsite_record")
    session.close()


GUESTS = [Guest("示例区教育局", "示例赵敏", "12010001"), Guest("示例区教育局", "示例钱宁", "12010002", "另有任务")]


def test_who_comes_from_another_authority_is_noted_at_the_door(tmp_path: Path) -> None:
    session = checked(tmp_path)
    book = session.book
    refused("not_found", lambda: arrival.note_guests(book, CASE, GUESTS))
    filling.fill(book, CASE, "approval", TOGETHER)
    assert "联合检查人员到场情况" in missing(session, "onsite_record")
    refused("field_needed", lambda: arrival.note_guests(book, CASE, [replace(GUESTS[0], credential=" ")]))
    refused("not_found", lambda: arrival.note_guests(book, CASE, [replace(GUESTS[0], office="示例区民政局")]))
    arrival.note_guests(book, CASE, GUESTS)
    assert "联合检查人员到场情况" not in missing(session, "onsite_record")
    text = shown(session, "onsite_record")
    assert (
        "参加的还有：示例区教育局示例赵敏（执法证号12010001）。示例区教育局示例钱宁没有到场，原因：另有任务。"
        in text.replace("\n", "")
    )
    assert "联合检查人员也向被检查单位出示了行政执法证件" in text
    assert "示例钱宁（执法证号12010002）" in shown(session, "notice"), "the notice says who was to come"
    both = [*TOGETHER["partners"], ["示例区民政局", "", ""]]
    filling.fill(book, CASE, "approval", {"partners": both})
    assert [guest.office for guest in session.queries.case(CASE).guests] == [
        "示例区教育局",
        "示例区教育局",
        "示例区民政局",
    ]
    assert "联合检查人员到场情况" in missing(session, "onsite_record")
    arrival.note_guests(
        book, CASE, [*(replace(guest, absent="另有任务") for guest in GUESTS), Guest("示例区民政局", absent="没有派人")]
    )
    text = shown(session, "onsite_record").replace("\n", "")
    assert "联合进行。示例区教育局示例赵敏没有到场" in text and "示例区民政局没有到场，原因：没有派人" in text
    assert "参加的还有" not in text and "联合检查人员也" not in text
    session.close()


def test_the_visit_ends_when_those_of_other_authorities_have_signed_too(tmp_path: Path) -> None:
    session = checked(tmp_path)
    book, now = session.book, session.book.clock.now
    filling.fill(book, CASE, "approval", TOGETHER)
    arrival.note_guests(book, CASE, [replace(guest, absent="") for guest in GUESTS])
    onsite.record_remarks(book, CASE, "情况属实。")
    onsite.record_statement(book, CASE, "不陈述申辩")
    record = sign_record(session)
    refused("record_made", lambda: arrival.note_guests(book, CASE, GUESTS))
    assert "示例赵敏" in refused("move_refused", lambda: onsite.end_visit(book, CASE)).fact
    refused("not_found", lambda: signing.sign(book, CASE, record, Signer("示例孙洁", GUEST, now().at)))
    signing.sign(book, CASE, record, Signer("示例赵敏", GUEST, now().at))
    refused("field_needed", lambda: signing.sign(book, CASE, record, Signer("示例钱宁", GUEST, now().at, "已经离开")))
    assert "示例钱宁" in refused("move_refused", lambda: onsite.end_visit(book, CASE)).fact
    signing.sign(book, CASE, record, Signer("示例钱宁", GUEST, now().at, "已经离开", "示例陆一鸣"))
    onsite.end_visit(book, CASE)
    assert session.queries.case(CASE).visit.ended is not None
    session.close()


ROW = st.builds(
    Guest, st.sampled_from("ab"), st.sampled_from(["", "p", "q"]), st.just("1"), st.sampled_from(["", "有事"])
)


@given(st.lists(ROW, max_size=6))
def test_who_was_seen_was_there(noted: list[Guest]) -> None:
    """Whatever two officers noted apart from each other: nobody seen is lost, and nobody stands twice."""
    held = seen(noted)
    assert {g for g in held if not g.absent} == {g for g in noted if not g.absent}
    assert len({(g.office, g.name, g.absent) for g in held}) == len(held)
    assert not {(g.office, g.name) for g in held if g.absent} & {(g.office, g.name) for g in held if not g.absent}
    assert {g.office for g in held} == {g.office for g in noted}


def test_two_of_one_name_give_two_signatures() -> None:
    twins = [
        Guest("示例区教育局", "示例赵敏", "1"),
        Guest("示例区民政局", "示例赵敏", "2"),
        Guest("示例区民政局", "示例钱宁", "3", "有事"),
    ]
    assert unsigned(twins, ["示例赵敏"]) == (twins[1],)
    assert unsigned(twins, ["示例赵敏"] * 2) == ()


def test_plan_and_figures_count_it(tmp_path: Path) -> None:
    session = visited(tmp_path)
    planning.draw_up(session.book, replace(PLAN, special=True, title="示例专项计划"))
    done = {s.plan.title: s.done for s in planning.standings(session.book)}
    year = figures.year(session.book, 2026)
    assert (done["示例专项计划"], year.joint.value, year.merged.value) == (0, 0, 0)
    assert "联合检查" not in report(year)
    filling.fill(session.book, CASE, "approval", TOGETHER)
    done = {s.plan.title: s.done for s in planning.standings(session.book)}
    year = figures.year(session.book, 2026)
    assert (done["示例专项计划"], year.joint.ids, year.merged.ids) == (1, (CASE,), (CASE,))
    assert "和其他部门联合检查1次。合并几项检查任务、一次到场的1次。" in report(year)
    session.close()


def test_authorities_in_one_line() -> None:
    assert offices_in(" 示例区教育局、示例区民政局；示例区教育局，") == ("示例区教育局", "示例区民政局")
    assert offices_in("") == ()
