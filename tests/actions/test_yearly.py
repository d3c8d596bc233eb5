"""The figures of a year (国办发〔2018〕118号): due from 1 January to 31 January, sent by one, confirmed by another, frozen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from inspector_app.actions import public_copy, publicity, publicity_board, publicity_file, register
from inspector_app.actions.publicity_board import Duty, State
from inspector_app.actions.sign_in import Session
from inspector_app.domain.access import Role
from inspector_app.domain.clock import CHINA, TrialClock
from inspector_app.domain.event import PLANNING, Draft
from inspector_app.domain.publicity import CONFIRMED, year_of, yearly
from inspector_app.domain.roster import VISIT, UnitNote
from tests.deciding import become, decided
from tests.office import refused

SUBJECT = yearly(2026)


def jump(session: Session, day: date) -> None:
    clock = session.book.clock
    assert isinstance(clock, TrialClock)
    clock.skip(datetime(day.year, day.month, day.day, 9, tzinfo=CHINA) - clock.now().at)


@pytest.fixture
def january(tmp_path: Path) -> Iterator[Session]:
    """The first days of the year after the sample inspection."""
    made = decided(tmp_path)
    jump(made, date(2027, 1, 4))
    yield made
    made.close()


def duty(session: Session) -> Duty | None:
    return next((each for each in publicity_board.board(session.book) if each.subject == SUBJECT), None)


def state(session: Session) -> State:
    found = duty(session)
    assert found is not None
    return found.state


def texts(session: Session) -> dict[str, str]:
    return {line.key: line.text for line in public_copy.matter(session.book, PLANNING, SUBJECT).copies.public}


def test_they_are_due_from_the_first_of_january_and_never_before(tmp_path: Path) -> None:
    session = decided(tmp_path)
    assert not [each for each in publicity_board.board(session.book) if year_of(each.subject)]
    refused("not_found", lambda: publicity.send(session.book, PLANNING, SUBJECT))
    jump(session, date(2026, 12, 31))
    assert duty(session) is None
    jump(session, date(2027, 1, 1))
    waits = duty(session)
    assert waits is not None and (waits.due, waits.state) == (date(2027, 1, 31), State.DRAFT)
    assert waits.name == "2026年度检查数据" and waits.unit == session.queries.register().bureau.name
    session.close()


def test_one_sends_another_confirms_and_it_stands_as_it_was_sent(january: Session) -> None:
    book = january.book
    assert texts(january)["visits"] == "1次" and texts(january)["penalties"] == "0件"
    become(january, "shen", Role.OFFICER)
    publicity.send(book, PLANNING, SUBJECT)
    refused("publication_second", lambda: publicity.confirm(book, PLANNING, SUBJECT))
    row = book.store.rows(PLANNING)["publication", SUBJECT]
    (sent,) = row["rounds"]
    book.write(Draft(PLANNING, CONFIRMED, {"subject": SUBJECT, "sent": sent, "day": "2027-01-04"}))  # past the act
    assert state(january) is State.WAITING and not publicity_file.notices(book)
    become(january, "zhou", Role.LEAD)
    publicity.confirm(book, PLANNING, SUBJECT)
    ((stream, _, notice),) = publicity_file.notices(book)
    assert (stream, notice.is_yearly, dict(notice.rows)["发现问题"]) == (PLANNING, True, "1个")
    note = UnitNote("", january.queries.units()[0].id, VISIT, date(2026, 5, 1), "示例", found=3, mended=3)
    register.note_unit(book, note)
    assert texts(january)["visits"] == "2次" and publicity_file.notices(book)[0][2] == notice
    publicity.withdraw(book, PLANNING, SUBJECT, "示例：漏了一次")
    assert state(january) is State.WITHDRAWN and not publicity_file.notices(book)


def test_what_came_in_after_it_was_sent_is_not_confirmed(january: Session) -> None:
    book = january.book
    publicity.send(book, PLANNING, SUBJECT)
    become(january, "zhou", Role.LEAD)
    register.note_unit(book, UnitNote("", january.queries.units()[0].id, VISIT, date(2026, 5, 1), "示例"))
    refused("publication_moved", lambda: publicity.confirm(book, PLANNING, SUBJECT))
    publicity.send_back(book, PLANNING, SUBJECT, "示例：重送")
    assert state(january) is State.RETURNED


def test_a_row_is_changed_with_a_reason_and_waiting_is_told(january: Session) -> None:
    book = january.book
    refused("reason_needed", lambda: publicity.change_row(book, PLANNING, SUBJECT, "penalties", "2件"))
    publicity.change_row(book, PLANNING, SUBJECT, "penalties", "2件", "示例：两件在别处登记")
    assert texts(january)["penalties"] == "2件"
    publicity.hold(book, PLANNING, SUBJECT, "示例：等财务数据")
    refused("publication_held", lambda: publicity.send(book, PLANNING, SUBJECT))


def test_who_prepares_no_inspection_publishes_no_figures(january: Session) -> None:
    for role in (Role.REVIEWER, Role.ADMIN, Role.AUDITOR):
        january.book.role = role
        refused("not_allowed", lambda: publicity.send(january.book, PLANNING, SUBJECT))
        assert duty(january) is None


def test_an_older_year_stays_on_the_board_once_it_was_sent(january: Session) -> None:
    publicity.send(january.book, PLANNING, SUBJECT)
    jump(january, january.book.clock.now().at.date() + timedelta(days=400))
    late = duty(january)
    assert late is not None and late.due == date(2027, 1, 31)
