"""The team lead item by item: agreed, returned with a reason, told to the officer, open again when the item is another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector_app.actions import check, review
from inspector_app.actions.book import undo
from inspector_app.actions.sign_in import Session
from inspector_app.domain.access import Role
from inspector_app.domain.casefile import CaseFile
from inspector_app.domain.item_review import CHANGED, PASSED, RETURNED, read_verdict
from inspector_app.domain.item_standing import returned, standing
from inspector_app.domain.rows import Row
from tests.deciding import become
from tests.office import CASE, at_checklist, conform, copied, refused


@pytest.fixture
def waiting(tmp_path: Path) -> Iterator[Session]:
    """Handed in for review; the lead is at the desk."""
    made = copied(at_checklist, tmp_path)
    check.answer(made.book, CASE, "D08", "不符合")
    conform(made)
    check.note(made.book, CASE, "D08", "示例：堆放杂物。")
    check.finish(made.book, CASE)
    review.hand_in(made.book, CASE)
    become(made, "zhou", Role.LEAD)
    yield made
    made.close()


def case(session: Session) -> CaseFile:
    return session.queries.case(CASE)


def test_an_item_is_returned_with_a_reason_and_the_whole_waits_for_it(waiting: Session) -> None:
    book = waiting.book
    refused("reason_needed", lambda: review.judge(book, CASE, "D08", RETURNED, " "))
    refused("unknown_item", lambda: review.judge(book, CASE, "Z99", PASSED))
    refused("not_found", lambda: review.judge(book, CASE, "D08", "示例"))
    review.judge(book, CASE, "D08", RETURNED, "示例：写明件数")
    assert "D08 退回了，还没有改" in str(refused("move_refused", lambda: review.approve(book, CASE)))
    review.send_back(book, CASE, "D08 示例：写明件数")
    become(waiting, "shen", Role.OFFICER)
    (told,) = returned(case(waiting))
    assert (told.item, told.reason, told.by) == ("D08", "示例：写明件数", "示例周敏")
    check.note(book, CASE, "D08", "示例：堆放杂物 3 件。")
    assert standing(case(waiting), "D08") == CHANGED and not returned(case(waiting))
    review.hand_in(book, CASE)
    become(waiting, "zhou", Role.LEAD)
    review.judge(book, CASE, "D08", PASSED)
    review.approve(book, CASE)
    assert case(waiting).review.word == "已认可" and standing(case(waiting), "D08") == PASSED
    refused("move_refused", lambda: review.judge(book, CASE, "D08", PASSED))  # it does not wait any more


def test_what_was_agreed_to_is_open_again_when_it_changes_and_a_word_can_be_taken_back(waiting: Session) -> None:
    book = waiting.book
    made = review.judge(book, CASE, "A01", PASSED)
    assert standing(case(waiting), "A01") == PASSED
    undo(book, made)
    assert standing(case(waiting), "A01") == "" and waiting.queries.journal(CASE)[-1].text == "收回对 A01 的复核"
    review.judge(book, CASE, "A01", PASSED)
    become(waiting, "shen", Role.OFFICER)
    check.answer(book, CASE, "A01", "基本符合")
    assert standing(case(waiting), "A01") == ""


def test_only_the_lead_who_took_no_part_says_it(waiting: Session) -> None:
    for id, role in (("shen", Role.OFFICER), ("shen", Role.LEAD), ("shen", Role.REVIEWER), ("zhou", Role.AUDITOR)):
        become(waiting, id, role)
        refused("not_allowed", lambda: review.judge(waiting.book, CASE, "A01", PASSED))


def test_of_two_who_knew_nothing_of_each_other_the_return_stands() -> None:
    def said(outcome: str, event: str) -> Row:
        value = {"outcome": outcome, "reason": "示例", "seen": ""}
        return {"event": event, "by": "zhou", "at": "2026-03-16T10:00:00+08:00", "value": value}

    for events in (("1", "2"), ("2", "1")):
        both = [said(outcome, event) for outcome, event in zip((RETURNED, PASSED), events, strict=True)]
        assert read_verdict({"item": "A01", "said": both}, str).outcome == RETURNED
    with pytest.raises(ValueError, match="taken back"):
        read_verdict({"item": "A01", "said": [said("", "1")]}, str)
