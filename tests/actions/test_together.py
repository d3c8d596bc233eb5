"""A joint and merged inspection: from the plan through the draw to approval, notice, record on site and the figures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from inspector_app.actions import draw, figures, filling, papers, planning
from inspector_app.actions.sign_in import Session
from inspector_app.domain.access import Role
from inspector_app.domain.annual import report
from inspector_app.domain.planning import SIGNERS, Plan
from inspector_app.domain.together import BOTH, JOINT, MERGED, offices_in
from tests.actions.test_intentions import PLAN, PUBLIC, WISH
from tests.office import CASE, checked, office, visited

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


def test_the_record_goes_stale_with_those_who_come_along(tmp_path: Path) -> None:
    session = checked(tmp_path)
    before = session.queries.case(CASE).paper("notice")
    assert before is not None and not before.stale
    filling.fill(session.book, CASE, "approval", TOGETHER)
    after = session.queries.case(CASE).paper("notice")
    assert after is not None and after.stale
    session.close()


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
