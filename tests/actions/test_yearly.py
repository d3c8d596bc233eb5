"""The figures of a year (国办发〔2018〕118号): due from 1 January to 31 January, sent by one, confirmed by another, frozen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from inspector_app.actions import duties, planning, public_copy, publicity, publicity_board, publicity_file, register
from inspector_app.actions.publicity_board import Duty, State
from inspector_app.actions.sign_in import Session
from inspector_app.domain.access import Role
from inspector_app.domain.clock import CHINA, TrialClock
from inspector_app.domain.event import PLANNING, Draft
from inspector_app.domain.planning import Plan
from inspector_app.domain.publicity import CONFIRMED, year_of, yearly
from inspector_app.domain.roster import VISIT, UnitNote
from tests.deciding import become, decided
from tests.office import refused

SUBJECT = yearly(2026)
PLAN = Plan("", False, 2027, "示例年度计划", "示例", "示例", "示例", "示例", 10, 5)


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


def test_the_terms_of_the_year_stand_in_the_calendar_and_in_its_file(january: Session, tmp_path: Path) -> None:
    book = january.book

    def terms() -> dict[str, tuple[date, str, str]]:
        return {each.words: (each.day, each.source, each.board) for each in duties.agenda(book)}

    data, plan = "示例区档案局：公示2026年度检查数据", "2027年度：拟定、公布年度检查计划"
    assert terms()[data] == (date(2027, 1, 31), "国办发〔2018〕118号", "公示")
    assert terms()[plan] == (date(2027, 3, 31), "上海市优化营商环境条例第六十二条", "计划")
    planning.draw_up(book, PLAN)
    assert plan not in terms() and terms()["示例年度计划：公布检查计划"][0] == date(2027, 3, 31)
    content = duties.write_calendar(book, tmp_path / "示例.ics").read_text("utf-8").replace("\r\n ", "")
    for words, day in ((data, "20270131"), ("示例年度计划：公布检查计划", "20270331")):
        (event,) = (each for each in content.split("BEGIN:VEVENT") if words in each)
        assert f"DTSTART;VALUE=DATE:{day}" in event and "BEGIN:VALARM" in event
    become(january, "shen", Role.ADMIN)
    assert data not in terms(), "it stands on the board of who may publish"
    become(january, "shen", Role.OFFICER)
    publicity.send(book, PLANNING, SUBJECT)
    become(january, "zhou", Role.LEAD)
    publicity.confirm(book, PLANNING, SUBJECT)
    assert data not in terms()


def test_a_special_plan_is_public_a_month_after_its_approval(tmp_path: Path) -> None:
    session = decided(tmp_path)
    book = session.book

    def days() -> list[date]:
        return [each.day for each in duties.agenda(book) if each.about == "示例专项计划"]

    special = planning.draw_up(book, replace(PLAN, year=2026, title="示例专项计划", special=True)).value
    assert not days(), "its month runs from the approval"
    planning.approve_plan(book, special, "示例周敏", date(2026, 3, 16))
    assert days() == [date(2026, 4, 16)]
    planning.announce_plan(book, special, "示例网站", date(2026, 3, 16))
    assert not days()
    late = planning.draw_up(book, replace(PLAN, title="示例专项计划", special=True)).value
    jump(session, date(2026, 12, 20))
    planning.approve_plan(book, late, "示例周敏", date(2026, 12, 20))
    assert not days(), "nobody knows the working days of that year yet, and no board stands still for it"
    session.close()
