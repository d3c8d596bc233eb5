"""Nobody gets around a step: what each act refuses, whatever the window shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from inspector_app.actions import arrival, check, onsite, papers, plan, register, review
from inspector_app.actions.papers import Signer
from inspector_app.actions.sign_in import Session
from inspector_app.domain.access import Role
from inspector_app.domain.casefile import CaseFile
from inspector_app.domain.people import Credential, Officer
from inspector_app.domain.problems import Problem
from tests.office import CASE, arrive, office


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = office(tmp_path)
    yield made
    made.close()


def refused(code: str, act: Callable[[], object]) -> str:
    with pytest.raises(Problem) as caught:
        act()
    assert caught.value.code == code, caught.value
    return str(caught.value)


def case(session: Session) -> CaseFile:
    return session.queries.case(CASE)


def person(session: Session, id: str) -> Officer:
    return next(officer for officer in session.queries.officers() if officer.id == id)


def answer_all(session: Session, *bad: str) -> None:
    for item in case(session).items:
        check.answer(session.book, CASE, item.code, "不符合" if item.code in bad else "符合")


# -- who may write ----------------------------------------------------------------------------------------------


def test_work_on_an_inspection_is_for_its_team(session: Session) -> None:
    book = session.book
    arrive(book)
    before = book.store.count()
    book.person = person(session, "zhou")
    for act in (
        lambda: check.answer(book, CASE, "A01", "符合"), lambda: onsite.record_remarks(book, CASE, "x"),
        lambda: papers.issue(book, CASE, "onsite_record"), lambda: review.comment(book, CASE, "", "x"),
    ):  # fmt: skip
        refused("not_allowed", act)
    assert book.store.count() == before


def test_who_confirms_is_another_officer_of_the_team(session: Session) -> None:
    book = session.book
    arrival.begin_visit(book, CASE, "示例区南泉路81号")
    assert "示例周" in refused("not_allowed", lambda: arrival.show_credentials(book, CASE, ["shen", "lu"], "zhou"))
    refused("same_person", lambda: arrival.show_credentials(book, CASE, ["shen", "lu"], "shen"))


def test_the_auditor_writes_nothing_but_exports(session: Session) -> None:
    book = session.book
    notice, unit = case(session).paper("notice"), session.queries.units()[0]
    drawn = next(row.id for row in session.queries.inspections() if row.stage == "drawn")
    assert notice is not None
    book.role = Role.AUDITOR
    before = book.store.count()
    now = book.clock.now().at
    for act in (
        lambda: plan.approve(book, drawn, "zhou", "示例周敏", now), lambda: register.register_unit(book, unit),
        lambda: papers.note_print(book, CASE, notice.id, 1, "示例打印机"), lambda: review.comment(book, CASE, "", "x"),
        lambda: register.void_number(book, session.queries.next_number("notice"), "写坏"),
    ):  # fmt: skip
        refused("not_allowed", act)
    assert book.store.count() == before


# -- recusal ----------------------------------------------------------------------------------------------------


def ask_recusal(session: Session, officer: str = "lu") -> str:
    arrival.request_recusal(session.book, CASE, officer, "与单位负责人是亲属")
    return case(session).visit.recusals[-1].id


def test_the_reply_that_asks_for_recusal_needs_a_request(session: Session) -> None:
    book = session.book
    arrive(book)
    arrival.tell_rights(book, CASE, "v1", "申请回避")
    answer_all(session)
    assert "没有登记申请" in refused("move_refused", lambda: check.finish(book, CASE))
    ask_recusal(session)
    check.finish(book, CASE)


def test_a_granted_request_takes_the_officer_out(session: Session) -> None:
    book = session.book
    arrive(book)
    id = ask_recusal(session)
    check.answer(book, CASE, "A01", "符合")  # 行政处罚法43: it goes on until the decision
    refused("not_found", lambda: arrival.decide_recusal(book, CASE, "R-none", "同意回避", "示例周敏"))
    refused("field_needed", lambda: arrival.decide_recusal(book, CASE, id, "同意", "示例周敏"))
    refused("reason_needed", lambda: arrival.decide_recusal(book, CASE, id, "驳回申请", "示例周敏"))
    arrival.decide_recusal(book, CASE, id, "同意回避", "示例周敏")
    assert [o.id for o in case(session).able] == ["shen"]
    refused("too_few_officers", lambda: arrival.show_credentials(book, CASE, ["shen", "lu"], "lu"))
    book.person = person(session, "lu")
    refused("not_allowed", lambda: check.answer(book, CASE, "A02", "符合"))
    book.role = Role.LEAD
    refused("not_allowed", lambda: check.answer(book, CASE, "A02", "符合"))


def test_a_refused_request_changes_nobody(session: Session) -> None:
    arrive(session.book)
    arrival.decide_recusal(session.book, CASE, ask_recusal(session), "驳回申请", "示例周敏", "不是亲属")
    assert [o.id for o in case(session).able] == ["shen", "lu"]
    assert case(session).visit.recusals[0].decision == "驳回申请：不是亲属"


def test_somebody_else_takes_the_place(session: Session) -> None:
    book = session.book
    arrive(book)
    day = book.clock.now().at.date()
    held = Credential("09120066", day - timedelta(400), day + timedelta(400))
    register.register_officer(book, Officer("new", "示例新人", "科员", held))
    register.register_officer(book, Officer("old", "示例旧人", "科员", replace(held, valid_to=day - timedelta(1))))
    refused("not_found", lambda: arrival.replace_officer(book, CASE, "lu", "new"))
    arrival.decide_recusal(book, CASE, ask_recusal(session), "同意回避", "示例周敏")
    for other in ("lu", "shen", "old", "nobody"):
        refused("not_found", lambda who=other: arrival.replace_officer(book, CASE, "lu", who))  # type: ignore[misc]
    arrival.replace_officer(book, CASE, "lu", "new")
    assert [o.id for o in case(session).officers] == ["shen", "new"]
    assert next(row.officers for row in session.queries.inspections() if row.id == CASE) == ("示例沈岚", "示例新人")
    arrival.show_credentials(book, CASE, ["shen", "new"], "new")
    book.person = person(session, "lu")
    refused("not_allowed", lambda: check.answer(book, CASE, "A02", "符合"))


def test_a_signature_is_by_one_who_may_act_and_not_ahead(session: Session) -> None:
    book = session.book
    arrive(book)
    answer_all(session)
    onsite.record_statement(book, CASE, "不陈述申辩")
    paper, now = papers.issue(book, CASE, "onsite_record").value.id, book.clock.now().at
    ahead = Signer("示例吴晓", "被检查单位", now + timedelta(days=1))
    refused("date_ahead", lambda: papers.sign(book, CASE, paper, ahead))
    arrival.decide_recusal(book, CASE, ask_recusal(session), "同意回避", "示例周敏")
    assert papers.paper_of(case(session), paper).stale, "it names somebody who had to withdraw"
    signer = Signer("示例陆一鸣", "记录人", now)
    refused("not_found", lambda: papers.sign(book, CASE, paper, signer, witness="lu"))
