"""Nobody gets around a step: what each act refuses, whatever the window shows."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest

from inspector_app.actions import (
    arrival,
    check,
    duties,
    evidence,
    findings,
    onsite,
    papers,
    plan,
    register,
    review,
    service,
    sign_in,
    signing,
    trial,
)
from inspector_app.actions.book import undo
from inspector_app.actions.exchange import exchange
from inspector_app.actions.sign_in import Session
from inspector_app.actions.signing import Signer
from inspector_app.domain.access import Role
from inspector_app.domain.casefile import CaseFile
from inspector_app.domain.clock import TrialClock
from inspector_app.domain.event import Draft
from inspector_app.domain.inspection import Stage, check_move, outgoing_papers
from inspector_app.domain.paper import Issued
from inspector_app.domain.people import Credential, Officer
from inspector_app.domain.problems import Problem
from tests.office import CASE, arrive, card, conform, finish_visit, laptop_at, refused


def case(session: Session) -> CaseFile:
    return session.queries.case(CASE)


def person(session: Session, id: str) -> Officer:
    return next(officer for officer in session.queries.officers() if officer.id == id)


def answer_all(session: Session, *bad: str) -> None:
    """Answer what is open, in few acts."""
    for code in bad:
        check.answer(session.book, CASE, code, "不符合")
    conform(session)


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
    assert "示例周" in str(refused("not_allowed", lambda: arrival.show_credentials(book, CASE, ["shen", "lu"], "zhou")))
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
    assert "没有登记申请" in str(refused("move_refused", lambda: check.finish(book, CASE)))
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
        refused("not_found", partial(arrival.replace_officer, book, CASE, "lu", other))
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
    refused("date_ahead", lambda: signing.sign(book, CASE, paper, ahead))
    arrival.decide_recusal(book, CASE, ask_recusal(session), "同意回避", "示例周敏")
    assert papers.paper_of(case(session), paper).stale, "it names somebody who had to withdraw"
    signer = Signer("示例陆一鸣", "记录人", now)
    refused("not_found", lambda: signing.sign(book, CASE, paper, signer, witness="lu"))


# -- values -----------------------------------------------------------------------------------------------------


def with_finding(session: Session, code: str = "E01") -> str:
    """A visit under way with one finding that has its evidence; returns the finding's id."""
    arrive(session.book)
    check.answer(session.book, CASE, code, "不符合")
    check.note(session.book, CASE, code, "没有落实。")
    evidence.add_photos(session.book, CASE, card(1), item=code)
    return findings.record(session.book, CASE, code).value


def test_values_that_cannot_be_are_refused(session: Session) -> None:
    book, id = session.book, with_finding(session)
    number = case(session).evidence[0].number
    later = (book.clock.now().at + timedelta(days=1)).isoformat()
    before = book.store.count()
    refused("bad_date", lambda: findings.change(book, CASE, id, "due", "2026年5月1日"))
    refused("date_past", lambda: findings.change(book, CASE, id, "due", date(2020, 1, 1)))
    refused("field_needed", lambda: findings.change(book, CASE, id, "consequence", "fine"))
    refused("field_needed", lambda: findings.change(book, CASE, id, "severity", 9))
    refused("not_found", lambda: findings.change(book, CASE, id, "evidence", ["ZJ-none"]))
    refused("bad_date", lambda: evidence.describe(book, CASE, number, {"taken_at": "2026年3月16日"}))
    refused("date_ahead", lambda: evidence.describe(book, CASE, number, {"taken_at": later}))
    refused("date_ahead", lambda: evidence.describe(book, CASE, number, {"taken_at": later[:19]}))
    refused("unknown_item", lambda: evidence.describe(book, CASE, number, {"item": "Z99"}))
    assert book.store.count() == before
    check.answer(book, CASE, "E03", "不符合")
    refused("bad_date", lambda: findings.record(book, CASE, "E03", due="明天"))
    refused("field_needed", lambda: findings.record(book, CASE, "E03", colour="red"))


def test_a_bad_value_in_the_record_never_hides_the_case(session: Session) -> None:
    """As another version or a colleague's faulty laptop may hand it in."""
    book, id = session.book, with_finding(session)
    number, notice = case(session).evidence[0].number, case(session).paper("notice")
    assert notice is not None
    for field, value in (("due", "2026年5月1日"), ("consequence", "fine"), ("severity", "x")):
        book.write(Draft(CASE, "finding_changed", {"id": id, "code": "E01", "field": field, "value": value}))
    book.write(
        Draft(CASE, "evidence_described", {"number": number, "changes": {"taken_at": "昨天"}}),
        Draft(CASE, "paper_signed", {"paper": notice.id, "name": "示例吴晓"}),
        Draft(CASE, "attendees_confirmed", {"attendees": [{"nickname": "示例"}]}),
        Draft(CASE, "recusal_requested", {"officer": "lu"}), Draft(CASE, "recusal_decided", {"decision": "同意回避"}),
    )  # fmt: skip
    made = case(session)
    assert (made.findings[0].due, made.findings[0].consequence, made.findings[0].severity) == (None, "opinion", 1)
    assert made.evidence[0].taken_at is None and "制作时间" in made.evidence[0].missing
    assert made.paper("notice") == notice and made.visit.recusals == ()


def test_undo_is_refused_when_the_register_has_moved_on(session: Session) -> None:
    book = session.book
    arrive(book)
    first = check.answer(book, CASE, "A01", "不符合")
    second = check.answer(book, CASE, "A01", "符合")
    refused("moved_on", lambda: undo(book, first))
    back = undo(book, second)
    refused("moved_on", lambda: undo(book, second))
    undo(book, first)  # two steps back, one after the other
    assert case(session).items[0].value == ""
    refused("moved_on", lambda: undo(book, back))
    check.answer(book, CASE, "A01", "不符合")
    evidence.add_photos(book, CASE, card(1), item="A01")
    recorded = findings.record(book, CASE, "A01")
    changed = findings.change(book, CASE, recorded.value, "fact", "改过的事实")
    refused("moved_on", lambda: undo(book, recorded))
    undo(book, changed)
    again = undo(book, recorded)
    assert case(session).findings == ()
    undo(book, again)
    assert [f.id for f in case(session).findings] == [recorded.value]


# -- two officers, one finding ----------------------------------------------------------------------------------


def both(
    session: Session, folder: Path, mine: Callable[[Session], object], theirs: Callable[[Session], object]
) -> None:
    """Two officers act without knowing of each other, then exchange."""
    shutil.copytree(folder / "laptop", folder / "second")
    other = sign_in.sign_in(laptop_at(folder / "second"), "lu", trial.SECRET)
    other.book.store.new_device()
    mine(session)
    theirs(other)
    exchange(session.book.store, other.book.store)
    assert session.queries.case(CASE).findings == other.queries.case(CASE).findings
    other.close()


def test_a_withdrawal_that_did_not_know_of_a_confirmation_is_settled_by_a_person(
    session: Session, tmp_path: Path
) -> None:
    book, id = session.book, with_finding(session)
    both(
        session, tmp_path,
        lambda s: findings.confirm(s.book, CASE, [id]), lambda s: findings.withdraw(s.book, CASE, id, "误记"),
    )  # fmt: skip
    found = case(session).findings[0]
    assert {v.value for v in found.against} == {"撤销", "确认"}
    refused("reason_needed", lambda: findings.keep(book, CASE, id, " "))
    findings.keep(book, CASE, id, "核对后保留")
    found = case(session).findings[0]
    assert found.confirmed and not found.differs
    refused("not_found", lambda: findings.keep(book, CASE, id, "再保留一次"))
    findings.withdraw(book, CASE, id, "还是误记")
    assert case(session).findings == ()


def test_a_confirmation_holds_for_what_it_saw(session: Session, tmp_path: Path) -> None:
    id = with_finding(session)
    both(session, tmp_path, lambda s: findings.confirm(s.book, CASE, [id]),
         lambda s: findings.change(s.book, CASE, id, "fact", "另一名写的事实"))  # fmt: skip
    found = case(session).findings[0]
    assert found.fact == "另一名写的事实" and not found.confirmed
    findings.confirm(session.book, CASE, [id])
    assert case(session).findings[0].confirmed
    findings.change(session.book, CASE, id, "demand", "另一个要求", "写错")
    assert not case(session).findings[0].confirmed


def test_one_item_recorded_twice_shows_on_both(session: Session, tmp_path: Path) -> None:
    arrive(session.book)
    check.answer(session.book, CASE, "E01", "不符合")
    both(
        session, tmp_path,
        lambda s: findings.record(s.book, CASE, "E01"), lambda s: findings.record(s.book, CASE, "E01"),
    )  # fmt: skip
    one, two = case(session).findings
    assert (one.twins, two.twins) == ((two.id,), (one.id,)) and one.differs
    findings.withdraw(session.book, CASE, two.id, "重复")
    assert [f.differs for f in case(session).findings] == [""]


# -- urgent visits, and what is served --------------------------------------------------------------------------


@pytest.mark.parametrize(("hours", "late"), [(23, False), (25, True)])
def test_an_urgent_visit_begins_with_its_reason_and_is_approved_afterwards(
    session: Session, hours: int, late: bool
) -> None:
    book = session.book
    drawn = next(row.id for row in session.queries.inspections() if row.stage == "drawn")
    assert "紧急" in str(refused("move_refused", lambda: arrival.begin_visit(book, drawn, "示例地点")))
    arrival.begin_visit(book, drawn, "示例地点", "示例：库房进水")
    made = session.queries.case(drawn)
    assert (made.visit.urgent, made.approved_at, made.stage) == ("示例：库房进水", None, Stage.ON_SITE)
    waits = [duty for duty in duties.due(session.book) if duty.what == "补办检查审批"]
    assert made.visit.arrived and [duty.day for duty in waits] == [(made.visit.arrived + timedelta(hours=24)).date()]
    decided = replace(made, stage=Stage.RECORDED)
    hooks = book.rules.procedure.hooks
    assert "补办" in str(refused("move_refused", lambda: check_move(decided, "deliberated", date(2026, 3, 16), hooks)))
    assert isinstance(book.clock, TrialClock)
    book.clock.skip(timedelta(hours=hours))
    plan.approve(book, drawn, "zhou", "示例周敏", book.clock.now().at)
    made = session.queries.case(drawn)
    assert (made.approved_by, made.approved_late, made.stage) == ("示例周敏", late, Stage.ON_SITE)
    refused("move_refused", lambda: plan.approve(book, drawn, "zhou", "示例周敏", book.clock.now().at))


def deliver(session: Session, *made: Issued) -> None:
    now = session.book.clock.now().at
    who = ("示例沈岚", "示例陆一鸣")
    service.serve(
        session.book,
        CASE,
        service.Delivery([p.id for p in made], "直接送达", now, "示例地点", "示例吴晓", servers=who),
    )


def test_only_the_last_outgoing_paper_completes_the_service(session: Session) -> None:
    book = session.book
    arrive(book)
    answer_all(session, "E01", "A03")
    for code, photo in zip(("E01", "A03"), card(2), strict=True):
        check.note(book, CASE, code, "没有落实。")
        evidence.add_photos(book, CASE, [photo], item=code)
        findings.record(book, CASE, code)
    check.finish(book, CASE)
    finish_visit(session)
    findings.confirm(book, CASE, [f.id for f in case(session).findings])
    findings.deliberate(book, CASE, "一致同意")
    made = [papers.issue(book, CASE, kind).value for kind in outgoing_papers(case(session))]
    findings.decide(book, CASE)
    notice = case(session).paper("notice")
    assert notice is not None and len(made) == 2
    for each in (notice, made[0]):
        deliver(session, each)
        assert case(session).stage == Stage.DECIDED
    deliver(session, made[1])
    assert case(session).stage == Stage.SERVED


# -- papers and their numbers -----------------------------------------------------------------------------------


def test_outgoing_papers_wait_for_the_deliberation(session: Session) -> None:
    book = session.book
    with_finding(session)
    answer_all(session)
    check.finish(book, CASE)
    finish_visit(session)
    kind = outgoing_papers(case(session))[0]
    assert papers.readiness(book, case(session), kind).draft == "还没有合议"
    assert "合议" in str(refused("move_refused", lambda: papers.issue(book, CASE, kind)))


def test_a_number_fixed_for_a_paper_that_was_not_made_is_voided(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = session.book
    with_finding(session)

    def full(vault: object, content: bytes) -> None:
        raise Problem("disk_full")

    with monkeypatch.context() as patch:
        patch.setattr(type(book.vault), "put", full)
        refused("disk_full", lambda: papers.issue(book, CASE, "evidence_list"))
    first = next(e.body["number"] for e in reversed(book.store.events(CASE)) if e.kind == "text_frozen")
    assert any(first in account.voided for _, account in session.queries.numbers())
    number = session.queries.next_number("evidence_list")
    body = {"paper": "P-cut", "kind": "evidence_list", "title": "x", "number": number, "revision": 1, "draft": ""}
    book.write(Draft(CASE, "text_frozen", body))  # killed here
    session.close()
    again = sign_in.sign_in(laptop_at(tmp_path / "laptop"), "shen", trial.SECRET)
    assert any(number in account.voided for _, account in again.queries.numbers())
    assert papers.issue(again.book, CASE, "evidence_list").value.number not in (first, number)
    count = again.book.store.count()
    again.close()
    once = sign_in.sign_in(laptop_at(tmp_path / "laptop"), "shen", trial.SECRET)
    assert once.book.store.count() == count + 1, "only who signed in: nothing is voided twice"
    once.close()


def test_temporary_codes_are_one_series_of_the_device(session: Session) -> None:
    book = session.book
    for lease in session.queries.leases(book.rules.policy.paper("evidence_list").series):
        for number in lease.numbers():
            register.void_number(book, number, "示例：写坏")
    with_finding(session)
    made = [papers.issue(book, CASE, kind).value.number for kind in ("evidence_list", "evidence_list")]
    frozen = made[-1][:-1] + "3"
    book.write(Draft("inspection/other", "text_frozen", {"paper": "P-other", "number": frozen}))  # in another case
    made.append(papers.issue(book, CASE, "evidence_list").value.number)
    assert len({*made, frozen}) == 4 and all(number.startswith("临-") for number in made)


def test_leases_of_the_device_before_a_restore_stay_accounted_for(session: Session) -> None:
    before, device = session.queries.numbers(), session.book.store.device
    sign_in.renew(session.book)
    assert session.queries.next_number("notice") == ""
    after = session.queries.numbers()
    assert [account for _, account in after] == [account for _, account in before]
    assert all(device in title for title, _ in after)


def test_a_print_is_under_a_signature(session: Session) -> None:
    notice = case(session).paper("notice")
    assert notice is not None
    before = len(session.book.store.checkpoints(CASE))
    papers.note_print(session.book, CASE, notice.id, 2, "示例打印机")
    assert len(session.book.store.checkpoints(CASE)) == before + 1
