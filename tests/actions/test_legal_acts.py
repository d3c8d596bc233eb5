"""The legal review by its acts: handing in, the opinion, its paper, coming again after mending, and who may not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector_app.actions import filling, legal_queue, legal_review, papers, register
from inspector_app.actions.sign_in import Session
from inspector_app.domain.access import Role
from inspector_app.domain.casefile import CaseFile
from inspector_app.domain.inspection import outgoing_papers
from inspector_app.domain.legal import AGREED, FAULTY, PASSED, POINTS, WRONG, Point, Round
from inspector_app.domain.people import Officer
from inspector_app.domain.roster import RECUSAL, OfficerNote
from inspector_app.domain.roster import REVIEWER as QUALIFIED
from tests.office import CASE, REVIEWER, deliberated, refused, reviewed, reviewing

KIND = "disposition_proposal"
PASS = [Point(PASSED)] * POINTS


@pytest.fixture
def decided(tmp_path: Path) -> Iterator[Session]:
    """A case that the team has deliberated, with a proposal filled in."""
    made = deliberated(tmp_path)
    yield made
    made.close()


def case_of(session: Session) -> CaseFile:
    return session.queries.case(CASE)


def last(session: Session) -> Round:
    return case_of(session).rounds(KIND, KIND)[-1]


def test_a_major_paper_is_made_only_after_an_agreeing_opinion_on_what_it_says(decided: Session) -> None:
    book = decided.book
    problem = refused("move_refused", lambda: papers.issue(book, CASE, KIND))
    assert "法制审核" in problem.fact and "第五十八条" in problem.fact
    assert papers.readiness(book, case_of(decided), KIND).draft
    round = legal_review.ask(book, CASE, KIND).value
    refused("move_refused", lambda: papers.issue(book, CASE, KIND))
    refused("move_refused", lambda: legal_review.ask(book, CASE, KIND))
    with reviewing(decided):
        legal_review.conclude(book, CASE, round, PASS, "示例：没有异议。")
    filling.fill(book, CASE, KIND, {"proposal": "示例：另有建议"})
    refused("move_refused", lambda: papers.issue(book, CASE, KIND))
    reviewed(decided, KIND)
    assert papers.issue(book, CASE, KIND).value.number
    assert [each.word for each in case_of(decided).rounds(KIND, KIND)] == [AGREED, AGREED]
    refused("move_refused", lambda: legal_review.ask(book, CASE, KIND))


def test_what_was_found_wrong_comes_again_after_mending_and_both_rounds_stay(decided: Session) -> None:
    book = decided.book
    first = reviewed(decided, KIND, "示例：证据不足")
    assert last(decided).word == FAULTY and [w.round.id for w in legal_queue.sent_back(book)] == [first]
    refused("move_refused", lambda: papers.issue(book, CASE, KIND))
    refused("reason_needed", lambda: legal_review.ask(book, CASE, KIND))
    filling.fill(book, CASE, KIND, {"proposal": "示例：按意见改"})
    second = reviewed(decided, KIND)
    assert legal_queue.sent_back(book) == () and first != second
    kept = case_of(decided).rounds(KIND, KIND)
    assert [(r.id, r.word) for r in kept] == [(first, FAULTY), (second, AGREED)]
    assert kept[0].opinion and kept[0].opinion.points[0] == Point(WRONG, "示例：证据不足")
    assert all(book.vault.read(r.draft).startswith(b"%PDF") for r in kept) and kept[0].draft != kept[1].draft
    with reviewing(decided):
        made = [papers.issue(book, CASE, "legal_review", sheet=each.sheet).value for each in kept]
    assert len({paper.number for paper in made}) == 2 and papers.issue(book, CASE, KIND).value


def test_a_different_view_is_told_with_a_reason(decided: Session) -> None:
    reviewed(decided, KIND, "示例：证据不足")
    reviewed(decided, KIND, note="示例：证据在第3页，请再看")
    assert last(decided).word == AGREED and last(decided).note == "示例：证据在第3页，请再看"


def test_who_took_part_or_is_not_qualified_gives_no_opinion(decided: Session) -> None:
    book = decided.book
    round = legal_review.ask(book, CASE, KIND).value
    refused("not_allowed", lambda: legal_review.conclude(book, CASE, round, PASS, "示例"))
    with reviewing(decided):
        qualified = book.person
        refused("not_allowed", lambda: legal_review.ask(book, CASE, KIND))
        for officer in (*case_of(decided).officers, case_of(decided).leading_official, Officer("fb", "示例乙")):
            assert officer is not None
            book.person = officer
            assert legal_review.obstacle(book, case_of(decided))
            refused("not_allowed", lambda: legal_review.conclude(book, CASE, round, PASS, "示例"))
        book.person = qualified
        assert legal_review.obstacle(book, case_of(decided)) == ""
        refused("field_needed", lambda: legal_review.conclude(book, CASE, round, PASS[1:], "示例"))
        refused("field_needed", lambda: legal_review.conclude(book, CASE, round, [Point(WRONG), *PASS[1:]], "示例"))
        refused("field_needed", lambda: legal_review.conclude(book, CASE, round, [Point(""), *PASS[1:]], "示例"))
        refused("field_needed", lambda: legal_review.conclude(book, CASE, round, PASS, " "))
        refused("not_found", lambda: legal_review.conclude(book, CASE, "示例", PASS, "示例"))
        legal_review.conclude(book, CASE, round, PASS, "示例")
        refused("move_refused", lambda: legal_review.conclude(book, CASE, round, PASS, "示例"))


def test_who_must_keep_out_of_the_unit_does_not_review_and_no_officer_qualifies_anybody(decided: Session) -> None:
    book, day = decided.book, decided.book.clock.now().at.date()
    round = legal_review.ask(book, CASE, KIND).value
    refused("not_allowed", lambda: register.note_officer(book, OfficerNote("", "shen", QUALIFIED, day, "示例")))
    with reviewing(decided):
        book.role = Role.LEAD
        related = OfficerNote("", REVIEWER.id, RECUSAL, day, "示例：近亲属任职", unit=case_of(decided).unit.id)
        register.note_officer(book, related)
        book.role = Role.REVIEWER
        assert "回避关系" in legal_review.obstacle(book, case_of(decided))
        refused("not_allowed", lambda: legal_review.conclude(book, CASE, round, PASS, "示例"))


def test_any_other_decision_is_handed_in_on_a_ground_of_the_bureaus_list(decided: Session) -> None:
    book = decided.book
    kind = next(each for each in outgoing_papers(case_of(decided)) if each == "rectification")
    refused("field_needed", lambda: legal_review.ask(book, CASE, kind))
    refused("field_needed", lambda: legal_review.ask(book, CASE, kind, ["示例"]))
    refused("move_refused", lambda: legal_review.ask(book, CASE, "onsite_record"))
    refused("move_refused", lambda: legal_review.ask(book, CASE, "result_notice"))
    round = legal_review.ask(book, CASE, kind, book.rules.policy.major_grounds[:1]).value
    assert case_of(decided).rounds(kind)[-1].evidence
    refused("move_refused", lambda: papers.issue(book, CASE, kind))
    with reviewing(decided):
        assert [w.round.id for w in legal_queue.waiting(book)] == [round]
        legal_review.conclude(book, CASE, round, PASS, "示例：没有异议。")
        assert legal_queue.waiting(book) == ()
    assert papers.issue(book, CASE, kind).value.number


def test_new_wording_is_another_version(decided: Session) -> None:
    """The bureau publishes another wording after the review: what would be printed was not reviewed."""
    from inspector_app.actions import legality

    book = decided.book
    reviewed(decided, KIND)
    assert legality.unreviewed(book, case_of(decided), KIND) is None
    text = book.rules.shelf.text(f"papers/{KIND}.toml")
    book.rules.shelf = type(book.rules.shelf)(book.rules.shelf.folder, {f"papers/{KIND}.toml": text + "\n# 示例\n"})
    assert legality.unreviewed(book, case_of(decided), KIND)


def test_what_waits_tells_its_last_day(decided: Session) -> None:
    legal_review.ask(decided.book, CASE, KIND)
    with reviewing(decided):
        waits = legal_queue.waiting(decided.book)[0]
    assert waits.last_day == decided.book.rules.due_date("legal_review", waits.round.at.date())
    assert waits.unit == case_of(decided).unit.name and decided.book.role is Role.OFFICER
