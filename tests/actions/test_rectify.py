"""整改到底: reports, extensions, re-inspections, handing on, disputes, the called-up file, the closing; by the acts themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector_app.actions import (
    archiving,
    arrival,
    check,
    closing,
    evidence,
    filecheck,
    filling,
    findings,
    onsite,
    papers,
    rectify,
    review,
    secrecy,
    service,
)
from inspector_app.actions.book import Done, undo
from inspector_app.actions.exchange import export_record
from inspector_app.actions.rectify import Answer
from inspector_app.actions.sign_in import Session
from inspector_app.domain.access import Role
from inspector_app.domain.clauses import due_of, ordered, standing_of
from inspector_app.domain.finding import Consequence
from inspector_app.domain.followup import ACCEPTED, DENIED, DISPUTES, GRANTED, LACKING, RESULTS
from inspector_app.domain.inspection import Stage
from inspector_app.domain.problems import Problem
from inspector_app.record.verify import FAIL, verify
from tests.actions.test_walk import wander
from tests.office import CASE, card, refused, reviewed
from tests.served import (
    bind,
    case_of,
    clause,
    close,
    reinspect,
    report_closing,
    serve,
    served,
    sights,
    sign,
    skip,
    today,
)

DAY = timedelta(days=1)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = served(tmp_path)
    yield made
    made.close()


# -- the unit's report -------------------------------------------------------------------------------------------


def test_a_report_comes_clause_by_clause_with_its_pictures(session: Session) -> None:
    book, one, other = session.book, clause(session, "E01"), clause(session, "E03")
    refused("field_needed", lambda: rectify.report(book, CASE, today(session), [Answer(one.id, " ")]))
    refused("not_found", lambda: rectify.report(book, CASE, today(session), [Answer(one.id, "x", ["ZG-1"])]))
    refused("date_ahead", lambda: rectify.report(book, CASE, today(session) + DAY, [Answer(one.id, "x")]))
    refused("date_order", lambda: rectify.report(book, CASE, today(session) - DAY, [Answer(one.id, "x")]))
    opinion = clause(session, "A03").id
    refused("not_found", lambda: rectify.report(book, CASE, today(session), [Answer(opinion, "x")]))
    assert case_of(session).stage == Stage.SERVED and not case_of(session).followup.replies
    numbers = rectify.film_rectification(book, CASE, card(2), one.id, again=False).value.numbers
    rectify.report(book, CASE, today(session), [Answer(one.id, "示例：已更换。", numbers), Answer(other.id, "")])
    case = case_of(session)
    assert case.stage == Stage.REPORTED and [piece.item for piece in case.pictures] == ["E01", "E01"]
    assert session.queries.content(case.pictures[0].copy, "x").startswith(b"\xff\xd8")
    assert len(case.evidence) == 3, "the evidence of the visit is closed"
    reply = case.followup.reply(one.id)
    assert reply is not None and reply.pictures == numbers and case.followup.reply(other.id) is None
    rectify.report(book, CASE, today(session), [Answer(other.id, "示例：也好了。")])
    assert case_of(session).followup.reply(other.id) and case_of(session).stage == Stage.REPORTED


def test_what_is_lacking_is_said_and_can_be_taken_back(session: Session) -> None:
    book, one = session.book, clause(session, "E01")
    refused("not_found", lambda: rectify.judge(book, CASE, one.id, ACCEPTED))
    rectify.report(book, CASE, today(session), [Answer(one.id, "示例：已更换。")])
    refused("reason_needed", lambda: rectify.judge(book, CASE, one.id, LACKING))
    done = rectify.judge(book, CASE, one.id, LACKING, "示例：补检查记录")
    assert standing_of(case_of(session), one, today(session)).word == "材料要补"
    undo(book, done)
    assert standing_of(case_of(session), one, today(session)).word == "报告待核对"


def test_a_picture_that_may_hold_a_secret_is_frozen_and_destroyed_like_evidence(
    session: Session, tmp_path: Path
) -> None:
    book, one = session.book, clause(session, "E01")
    number, other = rectify.film_rectification(book, CASE, card(2), one.id, again=True).value.numbers
    files = {piece.number: piece.sha256 for piece in case_of(session).pictures}
    secrecy.freeze(book, CASE, number, "示例：拍到密级标志")
    frozen, whole = case_of(session).pictures
    assert frozen.secret and not frozen.copy and not whole.secret and secrecy.kept_back(book)[files[number]]
    assert any(number in what for what, _ in closing.look(book, CASE).open)
    officer = book.person
    book.person, book.role = next(o for o in session.queries.officers() if o.id == "zhou"), Role.LEAD
    secrecy.destroy(book, CASE, number, "示例区国家保密局", "示保令〔2026〕3号")
    book.person, book.role = officer, Role.OFFICER
    assert not book.vault.has(files[number]) and book.vault.has(files[other])
    export_record(book, CASE, tmp_path / "a.zip")
    assert FAIL not in {check.result for check in verify(tmp_path / "a.zip").checks}


# -- the term ----------------------------------------------------------------------------------------------------


def test_an_extension_is_asked_in_time_and_moves_the_term_once_granted(session: Session) -> None:
    book, one, now = session.book, clause(session, "E01"), today(session)
    due = one.due
    assert due is not None
    refused("reason_needed", lambda: rectify.ask_extension(book, CASE, now, due + DAY, " "))
    refused("date_order", lambda: rectify.ask_extension(book, CASE, now, due, "示例：工期"))
    asked = rectify.ask_extension(book, CASE, now, due + 20 * DAY, "示例：工期").value
    refused("extension_open", lambda: rectify.ask_extension(book, CASE, now, due + 30 * DAY, "示例：工期"))
    assert due_of(case_of(session), one) == due, "until it is granted the printed day stands"
    refused("field_needed", lambda: rectify.decide_extension(book, CASE, asked, GRANTED, ""))
    refused("date_order", lambda: rectify.decide_extension(book, CASE, asked, GRANTED, "示例周敏", due))
    rectify.decide_extension(book, CASE, asked, GRANTED, "示例周敏", due + 10 * DAY)
    refused("not_found", lambda: rectify.decide_extension(book, CASE, asked, DENIED, "示例周敏"))
    assert due_of(case_of(session), one) == due + 10 * DAY
    sheet = case_of(session).sheet("extension")
    assert sheet is not None and sheet.fields["granted_until"] == (due + 10 * DAY).isoformat()
    filling.fill(book, CASE, "extension", {"officer_opinion": "示例：属实，拟同意。"})
    papers.issue(book, CASE, "extension")
    assert "同意延期" in papers.preview(book, CASE, "extension").shown.text
    skip(session, 50 * DAY)
    refused(
        "extension_late", lambda: rectify.ask_extension(book, CASE, today(session), today(session) + DAY, "示例：晚了")
    )


def test_the_unit_is_reminded_before_its_term(session: Session) -> None:
    rectify.remind(session.book, CASE, "示例吴晓", "电话")
    assert case_of(session).followup.reminded == (today(session),) and case_of(session).stage == Stage.RECTIFYING


# -- going there again -------------------------------------------------------------------------------------------


def test_a_reinspection_sees_every_clause_and_fills_in_its_record(session: Session) -> None:
    book = session.book
    end = book.clock.now().at
    left = sights(session, {})[:1]
    refused("field_needed", lambda: rectify.reinspect(book, CASE, end - DAY / 24, end, "示例吴晓", left))
    refused("date_order", lambda: rectify.reinspect(book, CASE, end, end, "示例吴晓", sights(session, {})))
    refused("date_ahead", lambda: rectify.reinspect(book, CASE, end, end + DAY, "示例吴晓", sights(session, {})))
    skip(session, 31 * DAY)
    reinspect(session, E03=RESULTS[1])
    first = case_of(session).followup.reinspections[-1]
    assert case_of(session).stage == Stage.REINSPECTED and first.conclusion == "部分完成整改"
    sign(session, "reinspection_record", first.sheet)
    text = papers.preview(book, CASE, "reinspection_record", first.sheet).shown.text
    assert all(word in text for word in ("E01", "E03", "部分改正", "当场看过"))
    number = rectify.film_rectification(book, CASE, card(1), clause(session, "E03").id, again=True).value.numbers
    end = book.clock.now().at
    refused("date_order", lambda: rectify.reinspect(book, CASE, end - DAY / 24, end, "示例吴晓", sights(session, {})))
    skip(session, DAY)
    end += DAY
    rectify.reinspect(book, CASE, end - DAY / 24, end, "示例吴晓", sights(session, {}, {"E03": number}))
    second = case_of(session).followup.reinspections[-1]
    assert (second.conclusion, second.seen[1].pictures) == ("已全部完成整改", number)
    assert second.sheet != first.sheet


# -- handing on --------------------------------------------------------------------------------------------------


def test_an_order_that_is_not_followed_is_handed_on_and_answered_in_writing(session: Session) -> None:
    book, one = session.book, clause(session, "E01")

    def propose(**changes: Any) -> Done[str]:
        said: dict[str, Any] = {
            "to": "示例区纪委监委",
            "reason": "示例：逾期没有整改，建议给予处分。",
            "reply_by": today(session) + 30 * DAY,
        } | changes
        return rectify.hand_on(book, CASE, Consequence.PROPOSE, [one.id], **said)

    refused("hand_on_early", propose)
    skip(session, 31 * DAY)
    refused("field_needed", lambda: propose(reply_by=None))
    refused("date_past", lambda: propose(reply_by=today(session) - DAY))
    id = propose().value
    refused("hand_on_early", propose)
    assert "disposition_proposal" in {kind for _, kinds in papers.fitting(case_of(session)) for kind in kinds}
    refused("not_found", lambda: rectify.receive_answer(book, CASE, id, today(session), "示例：已处分"))
    reviewed(session, "disposition_proposal")
    papers.issue(book, CASE, "disposition_proposal")
    text = papers.preview(book, CASE, "disposition_proposal").shown.text
    assert "示例区纪委监委" in text and "E01 没有落实" in text and "E03 没有落实" not in text
    rectify.receive_answer(book, CASE, id, today(session), "示例：已给予警告处分。")
    assert standing_of(case_of(session), one, today(session)).word == "另行处理，已答复"
    assert rectify.may_hand_on(case_of(session), one, today(session)) == ()


def test_what_is_for_another_organ_is_transferred_with_its_material(session: Session) -> None:
    book, one = session.book, clause(session, "E03")
    skip(session, 31 * DAY)
    reinspect(session, E03=RESULTS[2])
    refused("hand_on_early", lambda: rectify.hand_on(book, CASE, Consequence.TALK, [one.id], "示例机关", "示例"))
    id = rectify.hand_on(book, CASE, Consequence.TRANSFER, [one.id], "示例机关", "示例：不属本机关职权").value
    said = {"transfer_basis": "示例依据", "transfer_papers": [["示例：复查笔录2页"]]}
    filling.fill(book, CASE, "transfer_letter", said)
    reviewed(session, "transfer_letter")
    papers.issue(book, CASE, "transfer_letter")
    assert "E03 没有落实" in papers.preview(book, CASE, "transfer_letter").shown.text
    assert "示例机关还没有答复移送" in [what for what, _ in closing.look(book, CASE).open]
    rectify.receive_answer(book, CASE, id, today(session), "示例：回执1号")
    assert not any("E03" in what or "答复" in what for what, _ in closing.look(book, CASE).open)


# -- closing -----------------------------------------------------------------------------------------------------


def test_a_case_is_closed_when_nothing_is_open_and_then_only_read(session: Session) -> None:
    book = session.book
    skip(session, 31 * DAY)
    refused("move_refused", lambda: closing.close(book, CASE, "x", "示例周敏"))
    reinspect(session)
    sign(session, "reinspection_record", case_of(session).followup.reinspections[-1].sheet)
    assert [what for what, _ in closing.look(book, CASE).open] == ["结案报告还没有制作"]
    report_closing(session)
    assert closing.look(book, CASE).free
    refused("field_needed", lambda: closing.close(book, CASE, "已经整改并复查合格", " "))
    closing.close(book, CASE, "已经整改并复查合格", "示例周敏")
    case, one = case_of(session), clause(session, "E01")
    assert case.stage == Stage.CLOSED and case.followup.closing and case.followup.closing.approved_by == "示例周敏"
    before = book.store.count()
    for act in (
        lambda: rectify.remind(book, CASE, "示例吴晓", "电话"), lambda: reinspect(session),
        lambda: rectify.report(book, CASE, today(session), [Answer(one.id, "x")]),
        lambda: review.comment(book, CASE, "", "x"), lambda: review.hand_in(book, CASE),
        lambda: evidence.withdraw(book, CASE, case.evidence[0].number, "x"),
        lambda: evidence.describe(book, CASE, case.evidence[0].number, {"proves": "x"}),
        lambda: filling.fill(book, CASE, "closing_report", {"closing_note": "x"}),
        lambda: service.serve(book, CASE, service.Delivery([case.papers[-1].id], "邮寄送达", book.clock.now().at, "x", "x",
                                                           servers=("a", "b"))),
        lambda: arrival.confirm_attendees(book, CASE, []), lambda: papers.issue(book, CASE, "evidence_list"),
        lambda: rectify.film_rectification(book, CASE, card(1), one.id, again=False),
    ):  # fmt: skip
        with pytest.raises(Problem):
            act()
    assert book.store.count() == before
    assert "已经结案" in str(refused("case_closed", lambda: rectify.remind(book, CASE, "示例吴晓", "电话")))
    papers.note_print(book, CASE, case.papers[-1].id, 1, "示例打印机")
    filling.fill(book, CASE, "case_cover", {"filed_by": "示例沈岚"})


def test_a_closed_volume_is_archived_with_its_code_and_places(session: Session, tmp_path: Path) -> None:
    book = session.book
    made = archiving.Handover(today(session), " 示档-WS-2026-1 ", "示例何静", "2号库房3架", "局里服务器")
    refused("move_refused", lambda: archiving.archive(book, CASE, made))
    close(session)
    assert "卷宗封面" in refused("move_refused", lambda: archiving.archive(book, CASE, made)).fact
    bind(session)
    made = replace(made, day=today(session))
    for lacking in (
        replace(made, code=" "),
        replace(made, received_by=""),
        replace(made, paper=""),
        replace(made, electronic=""),
    ):
        with pytest.raises(Problem, match="还没有填写"):
            archiving.archive(book, CASE, lacking)
    refused("date_ahead", lambda: archiving.archive(book, CASE, replace(made, day=made.day + DAY)))
    refused("date_order", lambda: archiving.archive(book, CASE, replace(made, day=made.day - DAY)))
    archiving.archive(book, CASE, made)
    case = case_of(session)
    assert case.stage == Stage.ARCHIVED and case.archived is not None
    assert (case.archived.code, case.archived.retention, case.archived.by) == ("示档-WS-2026-1", "30年", "示例沈岚")
    refused("move_refused", lambda: archiving.archive(book, CASE, made))
    refused("case_archived", lambda: filling.fill(book, CASE, "case_cover", {"retention": "10年"}))
    refused("case_archived", lambda: papers.issue(book, CASE, "case_remarks"))
    call = closing.call_up(book, CASE, "示例监督局", "示监〔2026〕1号", today(session)).value
    closing.send_file(book, CASE, call, tmp_path / "案卷.zip")
    assert FAIL not in {check.result for check in verify(tmp_path / "案卷.zip").checks}


def test_a_damaged_file_keeps_the_case_open(session: Session) -> None:
    book = session.book
    skip(session, 31 * DAY)
    reinspect(session)
    sign(session, "reinspection_record", case_of(session).followup.reinspections[-1].sheet)
    report_closing(session)
    file = book.vault.path(case_of(session).evidence[0].sha256)
    held = file.read_bytes()
    file.write_bytes(held[:-1] + bytes([held[-1] ^ 1]))
    assert [remark.check.code for remark in closing.look(book, CASE).blocks] == ["V15"]
    refused("closing_blocked", lambda: closing.close(book, CASE, "x", "示例周敏"))


# -- disputes and supervision ------------------------------------------------------------------------------------


def test_disputes_are_entered_counted_and_keep_the_case_open_until_they_end(session: Session) -> None:
    book = session.book
    refused("field_needed", lambda: closing.enter_dispute(book, CASE, "信访", today(session), "示例单位", "x"))
    refused("field_needed", lambda: closing.enter_dispute(book, CASE, "投诉", today(session), "", "x"))
    ids = [closing.enter_dispute(book, CASE, kind, today(session), "示例单位", "示例：不服").value for kind in DISPUTES]
    assert sum("还没有办结" in what for what, _ in closing.look(book, CASE).open) == 3
    closing.settle_dispute(book, CASE, ids[1], today(session), "示例：维持")
    refused("not_found", lambda: closing.settle_dispute(book, CASE, ids[1], today(session), "示例：撤销"))
    assert closing.counted(book, today(session).year) == {"投诉": (1, 0), "行政复议": (1, 1), "行政诉讼": (1, 0)}
    assert closing.counted(book, today(session).year - 1) == dict.fromkeys(DISPUTES, (0, 0))
    assert [stream for stream, _ in closing.disputes(book)] == [CASE] * 3


def test_a_closed_file_that_is_called_up_leaves_as_one_verified_package(session: Session, tmp_path: Path) -> None:
    book = session.book
    skip(session, 31 * DAY)
    close(session)
    id = closing.call_up(book, CASE, "示例区司法局", "示监〔2026〕3号", today(session)).value
    call = case_of(session).followup.call_ups[0]
    assert call.due == book.rules.calendar.add_workdays(today(session), 10)
    refused("not_found", lambda: closing.file_back(book, CASE, id, today(session)))
    target = tmp_path / "案卷.zip"
    closing.send_file(book, CASE, id, target)
    report = verify(target)
    assert FAIL not in {check.result for check in report.checks} and report.stream == CASE
    call = case_of(session).followup.call_ups[0]
    assert call.sent == today(session) and len(call.package) == 64
    refused("not_found", lambda: closing.send_file(book, CASE, id, tmp_path / "again.zip"))
    refused("date_order", lambda: closing.file_back(book, CASE, id, today(session) - DAY))
    closing.file_back(book, CASE, id, today(session))
    assert case_of(session).followup.call_ups[0].returned == today(session)


# -- walks -------------------------------------------------------------------------------------------------------


STORY = ("later", "reinspect_good", "sign", "closing_report", "close")
"""What closes a case; between its steps anything may be tried."""


class Walk:
    """A case whose papers are served, and the acts that may be tried on it; what is refused is refused."""

    def __init__(self, session: Session, chance: Random) -> None:
        self.session, self.book, self.chance, self.done = session, session.book, chance, list[Done[Any]]()

    def step(self, name: str) -> None:
        before = case_of(self.session)
        try:
            done = getattr(self, f"do_{name}")()
        except Problem:
            assert case_of(self.session).stage == before.stage
            return
        self.done += [done] if done is not None else []
        after = case_of(self.session)
        if before.stage == Stage.CLOSED:
            assert (
                after.findings == before.findings and after.evidence == before.evidence and after.items == before.items
            )
            assert after.followup.reinspections == before.followup.reinspections
        if after.stage == Stage.CLOSED:
            self.is_lawfully_closed()

    def is_lawfully_closed(self) -> None:
        """What must be true of a closed case, said anew."""
        case = case_of(self.session)
        verdict = filecheck.look(
            self.book, CASE, filecheck.Moment.CLOSE, files=dict(filecheck.verify_files(self.book, case))
        )
        assert not verdict.blocks and not verdict.failed
        for finding in ordered(case):
            seen = case.followup.seen(finding.id)
            answered = [h for h in case.followup.handed_on if finding.id in h.findings and h.answered]
            assert (seen and seen.result == "已改正") or answered
        report = case.paper("closing_report")
        assert report and not report.draft and not report.stale and case.followup.closing
        assert all(e.decision for e in case.followup.extensions)

    def finding(self) -> str:
        return self.chance.choice([f.id for f in case_of(self.session).findings])

    def do_later(self) -> None:
        skip(self.session, self.chance.randrange(1, 40) * DAY)

    def do_reinspect_good(self) -> None:
        reinspect(self.session)

    def do_reinspect(self) -> None:
        reinspect(self.session, E01=self.chance.choice(RESULTS), E03=self.chance.choice(RESULTS))

    def do_sign(self) -> None:
        visits = case_of(self.session).followup.reinspections
        for visit in visits:
            if case_of(self.session).paper("reinspection_record", visit.sheet) is None:
                sign(self.session, "reinspection_record", visit.sheet)

    def do_closing_report(self) -> None:
        report_closing(self.session)

    def do_close(self) -> Done[Any]:
        return closing.close(self.book, CASE, "示例", "示例周敏")

    def do_report(self) -> Done[Any]:
        return rectify.report(self.book, CASE, today(self.session), [Answer(self.finding(), "示例：好了")])

    def do_judge(self) -> Done[Any]:
        return rectify.judge(self.book, CASE, self.finding(), self.chance.choice((ACCEPTED, LACKING)), "示例")

    def do_ask(self) -> Done[Any]:
        until = today(self.session) + self.chance.randrange(1, 90) * DAY
        return rectify.ask_extension(self.book, CASE, today(self.session), until, "示例：工期")

    def do_decide_extension(self) -> Done[Any]:
        asked = [e.id for e in case_of(self.session).followup.extensions] or ["Y"]
        decision = self.chance.choice((GRANTED, DENIED))
        return rectify.decide_extension(self.book, CASE, self.chance.choice(asked), decision, "示例周敏")

    def do_hand_on(self) -> Done[Any]:
        way = self.chance.choice((Consequence.FILE, Consequence.PROPOSE, Consequence.TALK))
        return rectify.hand_on(self.book, CASE, way, [self.finding()], "示例机关", "示例", today(self.session) + DAY)

    def do_answer(self) -> Done[Any]:
        handed = [h.id for h in case_of(self.session).followup.handed_on] or ["C"]
        return rectify.receive_answer(self.book, CASE, self.chance.choice(handed), today(self.session), "示例")

    def do_dispute(self) -> Done[Any]:
        return closing.enter_dispute(self.book, CASE, self.chance.choice(DISPUTES), today(self.session), "示例", "示例")

    def do_settle(self) -> Done[Any]:
        held = [d.id for d in case_of(self.session).followup.disputes] or ["S"]
        return closing.settle_dispute(self.book, CASE, self.chance.choice(held), today(self.session), "示例")

    def do_change(self) -> Done[Any]:
        return findings.change(self.book, CASE, self.finding(), "fact", "示例：改过的事实")

    def do_withdraw(self) -> Done[Any]:
        return evidence.withdraw(self.book, CASE, case_of(self.session).evidence[0].number, "示例：撤下")

    def do_reopen(self) -> Done[Any]:
        return onsite.reopen(self.book, CASE, "示例：补正")

    def do_item(self) -> Done[Any]:
        return check.answer(self.book, CASE, "B01", "不符合")

    def do_waive(self) -> Done[Any] | None:
        remarks = filecheck.look(self.book, CASE).remarks
        return filecheck.waive(self.book, CASE, self.chance.choice(remarks), "示例：不改") if remarks else None

    def do_hand_in(self) -> Done[Any]:
        return review.hand_in(self.book, CASE)

    def do_publicity(self) -> Done[Any]:
        filling.fill(
            self.book,
            CASE,
            "publicity",
            {"public_result": "示例吴晓 13800000000", "public_on": today(self.session).isoformat()},
        )
        return papers.issue(self.book, CASE, "publicity")

    def do_serve(self) -> None:
        serve(self.session, *[p.id for p in case_of(self.session).papers if not p.draft and p.served is None])

    def do_lead_waives(self) -> None:
        self.book.role = Role.LEAD
        try:
            self.do_waive()
        finally:
            self.book.role = Role.OFFICER

    def do_undo(self) -> None:
        if self.done:
            undo(self.book, self.chance.choice(self.done))


ACTS = tuple(name.removeprefix("do_") for name in dir(Walk) if name.startswith("do_"))


@settings(max_examples=4)
@given(
    seed=st.integers(0, 2**32),
    strays=st.lists(st.tuples(st.integers(0, len(STORY)), st.sampled_from(ACTS)), max_size=18),
)
def test_no_walk_closes_what_the_file_review_would_block(seed: int, strays: list[tuple[int, str]]) -> None:
    with TemporaryDirectory() as folder:
        session = served(Path(folder))
        walk = Walk(session, Random(seed))
        wander(walk.step, STORY, strays)
        session.close()


def test_the_walk_itself_closes(session: Session) -> None:
    walk = Walk(session, Random(1))
    for name in STORY:
        walk.step(name)
    assert case_of(session).stage == Stage.CLOSED
    for name in ACTS:
        walk.step(name)
    assert case_of(session).stage == Stage.CLOSED
