"""Taking a paper back from the legal review, and the one extension of the review, by their acts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from inspector_app.actions import duties, filling, legal_queue, legal_review, papers
from inspector_app.actions.sign_in import Session
from inspector_app.domain.access import Role
from inspector_app.domain.clock import Moment, TrialClock
from inspector_app.domain.event import Draft
from inspector_app.domain.legal import AGREED, EXTENDED, PASSED, POINTS, WITHDRAWN, Point
from tests.deciding import become
from tests.office import CASE, deliberated, refused, reviewed, reviewing

KIND = "disposition_proposal"
PASS = [Point(PASSED)] * POINTS


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[tuple[Session, str]]:
    """A case that the team has deliberated, whose proposal is handed in; and the id of the round."""
    made = deliberated(tmp_path)
    yield made, legal_review.ask(made.book, CASE, KIND).value
    made.close()


def words(session: Session) -> list[str]:
    return [each.word for each in session.queries.case(CASE).rounds(KIND, KIND)]


def test_who_handed_it_in_takes_it_back_and_hands_in_again(asked: tuple[Session, str]) -> None:
    session, round = asked
    book = session.book
    refused("reason_needed", lambda: legal_review.withdraw(book, CASE, round, " "))
    refused("not_found", lambda: legal_review.withdraw(book, CASE, "示例", "示例"))
    become(session, "lu", Role.OFFICER)
    assert "示例沈岚" in refused("move_refused", lambda: legal_review.withdraw(book, CASE, round, "示例")).fact
    become(session, "shen", Role.OFFICER)
    legal_review.withdraw(book, CASE, round, "示例：漏了一项")
    assert words(session) == ["已撤回"] and not any("法制审核" in d.what for d in duties.due(book))
    assert "撤回" in refused("move_refused", lambda: papers.issue(book, CASE, KIND)).fact, (
        "it is not free of the review"
    )
    with reviewing(session):
        assert legal_queue.waiting(book) == ()
        refused("move_refused", lambda: legal_review.conclude(book, CASE, round, PASS, "示例"))
        refused("move_refused", lambda: legal_review.extend(book, CASE, round, "示例"))
    refused("move_refused", lambda: legal_review.withdraw(book, CASE, round, "示例：再撤"))
    reviewed(session, KIND)  # what was never judged is handed in again without a word on it
    assert words(session) == ["已撤回", AGREED] and papers.issue(book, CASE, KIND).value.number


def test_what_has_its_opinion_is_not_taken_back(asked: tuple[Session, str]) -> None:
    session, round = asked
    with reviewing(session):
        legal_review.conclude(session.book, CASE, round, PASS, "示例：没有异议。")
    refused("move_refused", lambda: legal_review.withdraw(session.book, CASE, round, "示例"))


def test_the_round_before_counts_again_when_the_last_is_taken_back(asked: tuple[Session, str]) -> None:
    session, first = asked
    book = session.book
    with reviewing(session):
        legal_review.conclude(book, CASE, first, PASS, "示例：没有异议。")
    before = session.queries.case(CASE).sheet(KIND)
    assert before is not None
    filling.fill(book, CASE, KIND, {"proposal": "示例：另一种写法"})
    second = legal_review.ask(book, CASE, KIND).value
    legal_review.withdraw(book, CASE, second, "示例：照原来的办")
    assert "内容改过" in refused("move_refused", lambda: papers.issue(book, CASE, KIND)).fact
    filling.fill(book, CASE, KIND, {"proposal": before.fields["proposal"]})
    assert papers.issue(book, CASE, KIND).value.number


def test_an_opinion_of_who_did_not_know_that_it_was_taken_back_stands_and_a_strangers_word_is_none(
    asked: tuple[Session, str],
) -> None:
    session, round = asked
    book = session.book
    become(session, "lu", Role.OFFICER)
    body = {"round": round, "title": "《示例》", "reason": "示例：不是我送的"}
    book.write(Draft(CASE, WITHDRAWN, body, "处理"))
    assert words(session) == ["待审核"]
    become(session, "shen", Role.OFFICER)
    book.write(Draft(CASE, WITHDRAWN, {**body, "reason": "示例：撤回"}, "处理"))
    assert words(session) == ["已撤回"]
    version = session.queries.case(CASE).legal[0].version
    with reviewing(session):
        said = {"round": round, "title": "《示例》", "outcome": AGREED, "points": [[PASSED, ""]] * POINTS, "text": "示例",
                "version": version}  # fmt: skip
        book.write(Draft(CASE, "legal_opinion_given", said, "处理"))
    assert words(session) == [AGREED]


def test_the_review_takes_longer_once_and_the_boards_say_until_when(asked: tuple[Session, str]) -> None:
    session, round = asked
    book = session.book
    first = legal_queue.last_day(book, session.queries.case(CASE).legal[0])
    assert [d.day for d in duties.due(book) if "法制审核" in d.what] == [first]
    refused("not_allowed", lambda: legal_review.extend(book, CASE, round, "示例"))
    with reviewing(session):
        refused("reason_needed", lambda: legal_review.extend(book, CASE, round, ""))
        until = legal_review.extend(book, CASE, round, "示例：核实一项事实").value
        assert until == book.rules.calendar.add_workdays(first, 3)
        assert legal_queue.waiting(book)[0].last_day == until
        refused("move_refused", lambda: legal_review.extend(book, CASE, round, "示例：再延"))
    assert [d.day for d in duties.due(book) if "法制审核" in d.what] == [until]
    longer = session.queries.case(CASE).legal[0].longer
    assert longer is not None and (longer.by, longer.reason) == ("示例法制", "示例：核实一项事实")


def test_a_term_that_is_over_is_not_extended_and_an_officers_word_extends_nothing(asked: tuple[Session, str]) -> None:
    session, round = asked
    book, now = session.book, session.book.clock.now()
    book.store.append(
        (Draft(CASE, EXTENDED, {"round": round, "title": "", "until": "2026-12-31", "reason": "示例"}, "处理"),),
        actor=book.actor, bureau=book.bureau, moment=now, app={},
    )  # fmt: skip
    assert session.queries.case(CASE).legal[0].longer is None
    assert isinstance(book.clock, TrialClock) and isinstance(now, Moment)
    book.clock = TrialClock(now.at + timedelta(days=30))
    with reviewing(session):
        assert "过了" in refused("move_refused", lambda: legal_review.extend(book, CASE, round, "示例")).fact
