"""取消检查: before the arrival, with who agreed; it leaves every board, stays in lists and statistics, its number is voided."""

from __future__ import annotations

from datetime import timedelta

from inspector_app.actions import arrival, cancelling, duties, figures, papers, plan, planning
from inspector_app.actions.sign_in import Session
from inspector_app.domain.access import Role
from inspector_app.domain.event import Draft
from inspector_app.domain.inspection import Stage
from tests.deciding import become
from tests.office import CASE, arrive, refused


def test_a_planned_inspection_is_cancelled_and_its_number_is_accounted_for(session: Session) -> None:
    book, queries = session.book, session.queries
    number = queries.case(CASE).formal("notice")[0].number
    standing = next(s for s in planning.standings(book) if s.entered)
    refused("field_needed", lambda: cancelling.cancel(book, CASE, " ", "示例周敏", "电话"))
    refused("field_needed", lambda: cancelling.cancel(book, CASE, "示例：搬迁", "", "电话"))
    refused("field_needed", lambda: cancelling.cancel(book, CASE, "示例：搬迁", "示例周敏"))
    become(session, "xu", Role.OFFICER)
    refused("not_allowed", lambda: cancelling.cancel(book, CASE, "示例：搬迁", "示例周敏", "电话"))
    become(session, "shen", Role.OFFICER)
    cancelling.cancel(book, CASE, "示例：单位搬迁", "示例周敏", "电话告知示例吴晓")
    case = queries.case(CASE)
    assert case.stage == Stage.CANCELLED and case.cancelled is not None
    assert (case.cancelled.reason, case.cancelled.by) == ("示例：单位搬迁", "示例沈岚")
    assert number in {each for _, account in queries.numbers() for each in account.voided}
    assert CASE not in {duty.stream for duty in duties.agenda(book)}
    assert CASE in {row.id for row in queries.inspections() if row.off and row.word == "已取消"}
    assert CASE in figures.year(book, case.planned_from.year).cancelled.ids
    assert not any(each.unit == case.unit.id and each.day == case.planned_from.date() for each in queries.looked())
    assert next(s for s in planning.standings(book) if s.plan == standing.plan).entered == standing.entered - 1


def test_a_cancelled_inspection_is_only_read(session: Session) -> None:
    book = session.book
    cancelling.cancel(book, CASE, "示例：单位搬迁", "示例周敏", "电话告知示例吴晓")
    before = book.store.count()
    refused("move_refused", lambda: cancelling.cancel(book, CASE, "示例", "示例周敏", "电话"))
    assert "已经取消" in refused("move_refused", lambda: arrival.begin_visit(book, CASE, "示例地点")).fact
    refused("move_refused", lambda: plan.approve(book, CASE, "", "示例周敏", book.clock.now().at))
    refused("case_cancelled", lambda: papers.issue(book, CASE, "notice"))
    refused("case_cancelled", lambda: book.write(Draft(CASE, "inspection_planned", {})))
    assert book.store.count() == before and not cancelling.may_cancel(book, session.queries.case(CASE))


def test_nothing_is_cancelled_once_the_team_has_arrived(session: Session) -> None:
    arrive(session.book)
    refused("move_refused", lambda: cancelling.cancel(session.book, CASE, "示例", "示例周敏", "电话"))


def test_what_was_not_announced_needs_no_word_to_the_unit(session: Session) -> None:
    other = next(row for row in session.queries.inspections() if row.id != CASE)
    assert not cancelling.was_told(session.queries.case(other.id))
    cancelling.cancel(session.book, other.id, "示例：并入专项检查", "示例周敏")
    assert session.queries.case(other.id).stage == Stage.CANCELLED


def test_who_went_there_without_knowing_was_there(session: Session) -> None:
    """One laptop cancels, another begins the visit: in whichever order they come in, the visit stands."""
    from inspector_app.domain.projection import fold

    book = session.book
    heads = tuple(id for _, id in book.store.heads(CASE).values())
    cancelling.cancel(book, CASE, "示例：单位搬迁", "示例周敏", "电话")
    events = list(book.store.events(CASE))
    off = next(event for event in events if event.kind == "inspection_cancelled")
    begun = off._replace(
        id="0" * 64, kind="visit_begun", strand="QH-9999.a", seq=1, prev="", parents=heads, device="QH-9999",
        at=(book.clock.now().at - timedelta(hours=1)).isoformat(), body={"place": "示例地点"},
    )  # fmt: skip
    for late in (begun, begun._replace(id="f" * 64, at=(book.clock.now().at + timedelta(hours=1)).isoformat())):
        assert fold([*events, late]).rows["inspection", ""]["stage"] == Stage.ON_SITE
