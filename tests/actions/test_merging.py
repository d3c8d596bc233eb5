"""合并检查 by hand: one of two planned inspections of a unit goes into the other; both say so, and the visit counts once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from inspector_app.actions import cancelling, duties, figures, merging, papers, plan, planning
from inspector_app.actions.sign_in import Session
from inspector_app.domain.access import Role
from inspector_app.domain.annual import report
from inspector_app.domain.inspection import Kind, Stage
from inspector_app.domain.together import JOINT, MERGED
from tests.actions.test_intentions import PLAN
from tests.deciding import become
from tests.office import CASE, arrive, check_all, finish_visit, office, refused

SPECIAL = "示例库房专项检查计划"


@pytest.fixture
def two(tmp_path: Path) -> Session:
    """The unit of today has a second inspection before it, by a plan of its own."""
    session = office(tmp_path)
    planning.draw_up(session.book, replace(PLAN, special=True, title=SPECIAL))
    return session


def planned(
    session: Session, id: str = "2026-second", kind: Kind = Kind.SPECIAL, team: tuple[str, ...] = ("shen", "lu")
) -> str:
    """Another inspection of the same unit, three weeks later; returns its stream."""
    case, officers = session.queries.case(CASE), session.queries.register().officers
    later = case.planned_from + timedelta(days=21)
    return plan.plan_inspection(
        session.book,
        plan.Plan(id, case.unit, kind, [officers[each] for each in team], None, later, later + timedelta(hours=3), case.unit.address,
                  case.checklist, ("库房温湿度", "消防设施。"), ("现场察看",), (), "年度检查计划", SPECIAL),
    ).value  # fmt: skip


def test_two_visits_become_one(two: Session) -> None:
    session, book, queries = two, two.book, two.queries
    second = planned(session)
    assert [row.id for row in merging.others(book, queries.case(second))] == [CASE]
    refused("field_needed", lambda: merging.merge(book, second, CASE, " "))
    before = book.store.count()
    assert merging.merge(book, second, CASE, "示例周敏", "示例：同一间库房").value == CASE
    assert book.store.count() == before + 2, "one batch: what ends the one, and what the other carries out"
    ended, stays = queries.case(second), queries.case(CASE)
    assert ended.stage == Stage.CANCELLED and ended.cancelled is not None and ended.cancelled.into == CASE
    assert (
        ended.cancelled.reason == "并入2026年3月16日的检查，示例：同一间库房"
        and ended.cancelled.approved_by == "示例周敏"
    )
    assert [row.id for row in merging.merged_from(book, CASE)] == [second] and not merging.others(book, stays)
    assert (stays.together.form, stays.together.plans) == (MERGED, (SPECIAL,))
    assert stays.together.tasks[0].what == "库房温湿度；消防设施（原定2026年4月6日的检查）"
    assert {row.id: row.word for row in queries.inspections()}[second] == "已并入"
    assert second not in {duty.stream for duty in duties.agenda(book)}
    text = "".join(papers.preview(book, CASE, "notice").shown.passages)
    assert f"《{SPECIAL}》的库房温湿度；消防设施（原定2026年4月6日的检查）" in text.replace("\n", "")
    notice = stays.paper("notice")
    assert notice is not None and notice.stale, "the unit is told anew"
    refused("move_refused", lambda: merging.merge(book, second, CASE, "示例周敏"))
    session.close()


def test_the_visit_counts_once_and_for_both_plans(two: Session) -> None:
    session, book = two, two.book
    second = planned(session)
    merging.merge(book, second, CASE, "示例周敏")
    arrive(book)
    check_all(session)
    finish_visit(session)
    year = figures.year(book, 2026)
    assert second not in year.done.ids and second not in year.cancelled.ids and year.merged.ids == (CASE,)
    assert not any(second in (*month.planned.ids, *month.cancelled.ids) for month in year.months)
    assert "合并几项检查任务、一次到场的1次" in report(year)
    done = {standing.plan.title: (standing.entered, standing.done) for standing in planning.standings(book)}
    assert done[SPECIAL] == (1, 1), "the visit is the special plan's too"
    unit = session.queries.case(CASE).unit.id
    assert sum(each.unit == unit and each.day.year == 2026 for each in session.queries.looked()) == 1
    session.close()


def test_what_cannot_be_merged(two: Session) -> None:
    session, book, queries = two, two.book, two.queries
    second, clue = planned(session), planned(session, "2026-clue", Kind.CLUE_BASED)
    assert not merging.others(book, queries.case(clue))
    assert "来源" in refused("move_refused", lambda: merging.merge(book, clue, CASE, "示例周敏")).fact
    elsewhere = next(row for row in queries.inspections() if row.unit_id != queries.case(CASE).unit.id)
    become(session, "zhou", Role.LEAD)
    refused("move_refused", lambda: merging.merge(book, second, elsewhere.id, "示例周敏"))
    refused("move_refused", lambda: merging.merge(book, second, second, "示例周敏"))
    become(session, "xu", Role.OFFICER)
    refused("not_allowed", lambda: merging.merge(book, second, CASE, "示例周敏"))
    become(session, "shen", Role.OFFICER)
    foreign = planned(session, "2026-foreign", team=("xu", "gu"))
    assert foreign not in {row.id for row in merging.others(book, queries.case(second))}
    refused("not_allowed", lambda: merging.merge(book, second, foreign, "示例周敏"))
    arrive(book)
    assert CASE not in {row.id for row in merging.others(book, queries.case(second))}
    refused("move_refused", lambda: merging.merge(book, second, CASE, "示例周敏"))
    refused("move_refused", lambda: merging.merge(book, CASE, second, "示例周敏", told="电话"))
    session.close()


def test_a_served_notice_is_taken_back_by_word_and_its_number_accounted_for(two: Session) -> None:
    """The other way round: today's inspection goes into the later one, and what is joint stays joint."""
    from inspector_app.actions import filling

    session, book, queries = two, two.book, two.queries
    second = planned(session)
    number = queries.case(CASE).formal("notice")[0].number
    filling.fill(book, second, "approval", {"joint": JOINT, "partners": [["示例区教育局", "示例赵敏", "12010001"]]})
    refused("field_needed", lambda: merging.merge(book, CASE, second, "示例周敏"))
    merging.merge(book, CASE, second, "示例周敏", told="电话告知示例吴晓")
    assert number in {each for _, account in queries.numbers() for each in account.voided}
    held = queries.case(second).together
    assert held.offices == ("示例区教育局",) and len(held.plans) == 1
    third = planned(session, "2026-third")
    merging.merge(book, second, third, "示例周敏")
    assert queries.case(third).together.plans == (SPECIAL, *held.plans), "what had come to it goes along"
    cancelling.cancel(book, third, "示例：单位搬迁", "示例周敏")
    assert figures.year(book, 2026).cancelled.ids == (third,)
    session.close()
