"""Working days (工作日) from a table of exceptions, and dates as Chinese papers write them."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from .clock import CHINA
from .problems import Problem

_DATE = re.compile(r"\s*(\d{4})\s*(?:年|-|/|\.)\s*(\d{1,2})\s*(?:月|-|/|\.)\s*(\d{1,2})\s*日?\s*")


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Monday to Friday, less the holidays, plus the weekends that are worked; only for the years it knows."""

    off_weekdays: frozenset[date]
    working_weekends: frozenset[date]
    years: frozenset[int]
    _known: tuple[date, ...] = field(init=False, repr=False, compare=False)
    """Every working day of the years it knows, in order."""

    def __post_init__(self) -> None:
        firsts = (date(year, 1, 1) for year in sorted(self.years))
        days = (
            first + timedelta(days=n)
            for first in firsts
            for n in range(366)
            if (first + timedelta(days=n)).year == first.year
        )
        object.__setattr__(self, "_known", tuple(day for day in days if self.is_workday(day)))

    def is_workday(self, day: date) -> bool:
        """Raises `Problem("unknown_year")` for a year whose arrangement was not entered."""
        self._check(day.year)
        if day.weekday() < 5:
            return day not in self.off_weekdays
        return day in self.working_weekends

    def add_workdays(self, start: date, count: int) -> date:
        """The day that is `count` working days after `start`; the day of the start does not count."""
        if count < 0:
            raise ValueError("a term counts forward")
        day = start
        while count:
            day += timedelta(days=1)
            count -= self.is_workday(day)
        return day

    def next_workday(self, day: date) -> date:
        """The day itself or, when it is a holiday, the first working day after it."""
        while not self.is_workday(day):
            day += timedelta(days=1)
        return day

    def workdays_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`; negative when `end` lies before."""
        if end < start:
            return -self.workdays_between(end, start)
        for year in range((start + timedelta(days=1)).year, end.year + 1):
            self._check(year)
        return bisect_right(self._known, end) - bisect_right(self._known, start)

    def count(self, year: int) -> int:
        """Working days of a year."""
        return self.workdays_between(date(year - 1, 12, 31), date(year, 12, 31))

    def _check(self, year: int) -> None:
        if year not in self.years:
            raise Problem("unknown_year", year=year)


def parse(text: str) -> WorkCalendar:
    """Read forms/calendar.toml. Raises ValueError when an exception is none, or lies in another year."""
    off: set[date] = set()
    working: set[date] = set()
    years = set()
    for row in tomllib.loads(text)["year"]:
        years.add(row["year"])
        off |= _checked(row["off_weekdays"], row["year"], weekend=False)
        working |= _checked(row["working_weekends"], row["year"], weekend=True)
    return WorkCalendar(frozenset(off), frozenset(working), frozenset(years))


def _checked(days: Iterable[date], year: int, *, weekend: bool) -> set[date]:
    found = set(days)
    for day in found:
        if day.year != year or (day.weekday() >= 5) is not weekend:
            raise ValueError(f"{day} is no exception of {year}")
    return found


def zh_date(day: date) -> str:
    """2026年3月16日, without leading zeros (GB/T 9704 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def zh_moment(moment: datetime) -> str:
    """2026年3月16日10时05分, as a record on site states times."""
    return f"{zh_date(moment)}{moment.hour}时{moment.minute:02d}分"


def zh_time(moment: datetime) -> str:
    """10:05 on a 24-hour clock."""
    return f"{moment.hour}:{moment.minute:02d}"


def zh_at(moment: datetime) -> str:
    """2026年3月16日 10:05, as the window states times."""
    return f"{zh_date(moment)} {zh_time(moment)}"


def zh_when(moment: datetime, today: date) -> str:
    """今天 10:05, 昨天 17:42, 3月18日 9:30 within the year, else with the year: how people say when something happened."""
    days = (today - moment.date()).days
    if days in (0, 1):
        return f"{'昨天' if days else '今天'} {zh_time(moment)}"
    return zh_at(moment) if moment.year != today.year else f"{moment.month}月{moment.day}日 {zh_time(moment)}"


def zh_weekday(day: date) -> str:
    return "星期" + "一二三四五六日"[day.weekday()]


_MOMENT = re.compile(r"(?P<day>.+?)\s*(?P<hour>\d{1,2})\s*[:：时]\s*(?P<minute>\d{1,2})"
                     r"(?:\s*[:：分]\s*(?P<second>\d{1,2}))?\s*[分秒]?\s*")  # fmt: skip


def parse_zh_moment(text: str) -> datetime:
    """Day, minute and perhaps second as a person types them: 2026年3月16日 10:05. In China's zone.

    Raises `Problem("bad_date")`.
    """
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise Problem("bad_date", text=text)
    day = parse_zh_date(found["day"])
    try:
        hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
        return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=CHINA)
    except ValueError:
        raise Problem("bad_date", text=text) from None


YEARS = range(2000, 2100)
"""What papers are numbered and plans made by."""


def check_year(year: int) -> None:
    """Raises `Problem("bad_year")` unless it is one of `YEARS`."""
    if year not in YEARS:
        raise Problem("bad_year", year=year)


def parse_zh_date(text: str) -> date:
    """A date as a person types it: 2026年3月16日, 2026-3-16, 2026/03/16. Raises `Problem("bad_date")`."""
    found = _DATE.fullmatch(text)
    if found is None:
        raise Problem("bad_date", text=text)
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        raise Problem("bad_date", text=text) from None
