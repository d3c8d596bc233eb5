"""Working days against the vectors of the brief and against an independent package; dates in Chinese."""

from datetime import date, datetime, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.calendar import parse, parse_zh_date, zh_date, zh_moment, zh_time, zh_weekday
from inspector_app.domain.clock import CHINA, Moment, TrialClock
from inspector_app.domain.problems import Problem
from inspector_app.places import FORMS

CALENDAR = parse((FORMS / "calendar.toml").read_text("utf-8"))
KNOWN = st.dates(date(2025, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("start", "end"), [(date(2026, 2, 10), date(2026, 3, 16)), (date(2026, 9, 21), date(2026, 10, 26))]
)
def test_twenty_working_days_over_the_long_holidays(start: date, end: date) -> None:
    assert CALENDAR.add_workdays(start, 20) == end


@pytest.mark.parametrize("year", [2025, 2026])
def test_a_year_has_248_working_days(year: int) -> None:
    assert CALENDAR.count(year) == 248


@pytest.mark.parametrize("year", [2025, 2026])
def test_every_day_agrees_with_an_independent_package(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    assert [d for d in days if CALENDAR.is_workday(d) != chinese_calendar.is_workday(d)] == []


@given(KNOWN, st.integers(0, 60))
def test_the_last_day_is_a_working_day_and_counts_back(start: date, count: int) -> None:
    try:
        end = CALENDAR.add_workdays(start, count)
    except Problem as problem:
        assert problem.code == "unknown_year"
        assert start > date(2026, 9, 1)
        return
    assert CALENDAR.workdays_between(start, end) == count
    assert CALENDAR.workdays_between(end, start) == -count
    assert count == 0 or CALENDAR.is_workday(end)


@given(KNOWN)
def test_a_last_day_on_a_holiday_goes_over_to_the_next_working_day(day: date) -> None:
    try:
        last = CALENDAR.next_workday(day)
    except Problem:
        assert day >= date(2026, 12, 31)
        return
    assert CALENDAR.is_workday(last)
    assert not any(CALENDAR.is_workday(day + timedelta(days=n)) for n in range((last - day).days))


def test_a_year_without_an_arrangement_is_never_guessed() -> None:
    with pytest.raises(Problem) as caught:
        CALENDAR.add_workdays(date(2026, 12, 30), 5)
    assert caught.value.code == "unknown_year"
    assert caught.value.facts["year"] == 2027


def test_a_term_does_not_count_backward() -> None:
    with pytest.raises(ValueError, match="forward"):
        CALENDAR.add_workdays(date(2026, 3, 2), -1)


@pytest.mark.parametrize(
    ("off", "working"),
    [("2026-03-07", ""), ("2025-03-03", ""), ("", "2026-03-03"), ("", "2025-03-08")],
    ids=["a weekend cannot be taken off", "another year", "a weekday cannot be added", "another year's weekend"],
)
def test_a_wrong_table_is_refused(off: str, working: str) -> None:
    with pytest.raises(ValueError, match="no exception"):
        parse(f"[[year]]\nyear = 2026\noff_weekdays = [{off}]\nworking_weekends = [{working}]\n")


def test_dates_as_papers_write_them() -> None:
    moment = datetime(2026, 3, 6, 9, 5)
    assert zh_date(moment) == "2026年3月6日"
    assert zh_moment(moment) == "2026年3月6日9时05分"
    assert zh_time(moment) == "9:05"
    assert zh_weekday(moment) == "星期五"


@given(st.dates(date(1000, 1, 1)))
def test_a_written_date_reads_back(day: date) -> None:
    assert parse_zh_date(zh_date(day)) == day
    assert parse_zh_date(day.isoformat()) == day
    assert parse_zh_date(f" {day.year}/{day.month}/{day.day} ") == day


@pytest.mark.parametrize(
    "text", ["", "2026年2月30日", "2026年13月1日", "26年3月1日", "明天", "2026年3月", "2026-3-1 10:00"]
)
def test_a_wrong_date_is_told(text: str) -> None:
    with pytest.raises(Problem) as caught:
        parse_zh_date(text)
    assert caught.value.code == "bad_date"
    assert text in str(caught.value)


def test_a_trial_clock_goes_at_its_own_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    real = [100.0]
    monkeypatch.setattr("inspector_app.domain.clock.time.monotonic", lambda: real[0])
    start = datetime(2026, 3, 16, 10, 32, tzinfo=CHINA)
    clock = TrialClock(start, pace=60)
    real[0] += 7.5
    assert (clock.now().at, clock.now().mono) == (start + timedelta(minutes=7, seconds=30), 450_000)
    clock.restart()
    assert (clock.now().at, clock.now().mono) == (start, 0)
    clock.skip(timedelta(days=1))
    assert clock.now().at == start + timedelta(days=1)
    clock.go_on_after(start + timedelta(days=2))
    clock.go_on_after(start)
    assert clock.now().at == start + timedelta(days=2)
    assert clock.now().moved_since(Moment(start, 0, clock.now().boot)) == 0


def test_the_drift_of_a_time_server_is_no_move() -> None:
    before = Moment(datetime(2026, 3, 16, 10, tzinfo=CHINA), 0, "a")
    for seconds, mono, boot, moved in (
        (13, 10_000, "a", 0),
        (16, 10_000, "a", 6),
        (86400, 0, "b", 0),
        (-2, 0, "b", -2),
    ):
        assert Moment(before.at + timedelta(seconds=seconds), mono, boot).moved_since(before) == moved
