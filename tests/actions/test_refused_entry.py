"""A unit that does not let the team in: only after the credentials; what was said is kept; whoever left comes again from the door."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest

from inspector_app.actions import arrival, cancelling, onsite, papers
from inspector_app.actions.sign_in import Session
from inspector_app.domain.inspection import Stage
from inspector_app.domain.tally import read_tallies
from tests.office import CASE, arrive, check_all, office, refused, sign_record

SAID = ("示例吴晓，办公室主任", "示例：今天没有空", "示例：出示证件，说明依据")


@pytest.fixture
def at_door(tmp_path: Path) -> Iterator[Session]:
    made = office(tmp_path)
    arrival.begin_visit(made.book, CASE, "示例档案室")
    yield made
    made.close()


def test_until_the_credentials_are_shown_the_unit_may_refuse(at_door: Session) -> None:
    book = at_door.book
    problem = refused("move_refused", lambda: arrival.refuse_entry(book, CASE, *SAID, left=True))
    assert "还没有出示执法证件" in str(problem) and book.rules.procedure.hooks[Stage.CHECKING] in str(problem)
    arrival.show_credentials(book, CASE, ["shen", "lu"], "lu")
    for empty in range(3):
        words = [text if nth != empty else " " for nth, text in enumerate(SAID)]
        refused("field_needed", lambda: arrival.refuse_entry(book, CASE, *words, left=True))  # noqa: B023 - called at once
    other = next(row.id for row in at_door.queries.inspections() if row.id != CASE)
    refused("move_refused", lambda: arrival.refuse_entry(book, other, *SAID, left=False))


def test_a_team_that_left_comes_again_from_the_door_or_cancels(at_door: Session) -> None:
    book, queries = at_door.book, at_door.queries
    arrival.show_credentials(book, CASE, ["shen", "lu"], "lu")
    came = queries.case(CASE).visit.arrived
    arrival.refuse_entry(book, CASE, *SAID, left=True, seen_by="示例见证")
    case = queries.case(CASE)
    (told,) = case.visit.refused
    assert (told.who, told.reason, told.left, told.arrived, told.seen_by) == (*SAID[:2], True, came, "示例见证")
    assert case.stage == Stage.NOTIFIED and case.visit.arrived is None and case.visit.credentials_shown is None
    (tally,) = read_tallies([(CASE, book.store.rows(CASE)["tally", ""])])
    assert tally.arrived is None, "a visit that was not let in is counted nowhere as one that was made"
    assert cancelling.may_cancel(book, case)
    arrive(book)
    assert queries.case(CASE).visit.refused == (told,)
    check_all(at_door)
    refused("move_refused", lambda: arrival.refuse_entry(book, CASE, *SAID, left=True))  # something was checked
    arrival.refuse_entry(book, CASE, *SAID, left=False)
    assert queries.case(CASE).stage == Stage.CHECKED and len(queries.case(CASE).visit.refused) == 2
    onsite.record_statement(book, CASE, "不陈述申辩")
    sign_record(at_door)
    refused("record_made", lambda: arrival.refuse_entry(book, CASE, *SAID, left=False))


def test_the_record_on_site_says_what_was_said(at_door: Session) -> None:
    book = at_door.book
    arrival.show_credentials(book, CASE, ["shen", "lu"], "lu")
    arrival.refuse_entry(book, CASE, *SAID, left=False)
    document = pypdfium2.PdfDocument(papers.draft_of(book, at_door.queries.case(CASE), "onsite_record").pdf)
    said = "".join(page.get_textpage().get_text_range() for page in document).replace("\r\n", "")
    document.close()
    assert (
        "示例吴晓，办公室主任拒绝检查，理由：示例：今天没有空。检查人员说明：示例：出示证件，说明依据。被检查单位随后配合检查。"
        in said
    )
