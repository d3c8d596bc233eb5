"""The calendar file, read by a library that knows RFC 5545, and its bytes by themselves."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from inspector_app.domain.clock import CHINA
from inspector_app.domain.duties import VISIT, Duty
from inspector_app.domain.ics import calendar

NOW = datetime(2026, 3, 16, 10, 30, tzinfo=CHINA)
DUE = Duty(date(2026, 4, 15), "E01、E03 整改到期", "示例区水务局", "inspection/2026-01", 7, "责令文书写明的期限")
SEEN = Duty(
    date(2026, 3, 18), VISIT, "示例区审计局", "inspection/2026-02", 0, "示例沈岚", NOW, NOW + timedelta(hours=3)
)
TEXT = st.text(st.characters(codec="utf-8"), max_size=200)


def test_a_library_reads_what_was_written() -> None:
    alarm = datetime(2026, 4, 8, 9, tzinfo=CHINA)
    read: Any = Calendar.from_ical(calendar("示例区档案局检查日历", [(DUE, alarm), (SEEN, None)], NOW))
    assert (read["VERSION"], read["CALSCALE"], read["X-WR-CALNAME"]) == ("2.0", "GREGORIAN", "示例区档案局检查日历")
    due, visit = read.events
    assert str(due["SUMMARY"]) == "示例区水务局：E01、E03 整改到期" and str(due["DESCRIPTION"]) == DUE.source
    assert (due["DTSTART"].dt, due["DTEND"].dt) == (date(2026, 4, 15), date(2026, 4, 16))
    assert due["DTSTAMP"].dt == NOW.astimezone(UTC) and due["TRANSP"] == "TRANSPARENT"
    (reminder,) = due.walk("VALARM")
    assert reminder["TRIGGER"].dt == alarm and reminder["ACTION"] == "DISPLAY"
    assert (visit["DTSTART"].dt, visit["DTEND"].dt) == (NOW, NOW + timedelta(hours=3)) and not visit.walk("VALARM")
    assert not [error for part in read.walk() for error in part.errors]


def test_the_same_duty_has_the_same_uid_and_another_another() -> None:
    def uids(*duties: Duty) -> list[str]:
        read: Any = Calendar.from_ical(calendar("x", [(d, None) for d in duties], NOW))
        return [str(event["UID"]) for event in read.events]

    assert uids(DUE) == uids(Duty(date(2026, 5, 1), DUE.what, DUE.about, DUE.stream)) and len({*uids(DUE, SEEN)}) == 2


@given(what=TEXT, about=TEXT, source=TEXT)
def test_any_text_comes_through_whole_in_lines_of_75_octets(what: str, about: str, source: str) -> None:
    duty = Duty(date(2026, 4, 15), what, about, "s", 1, source)
    content = calendar("x", [(duty, None)], NOW)
    lines = content.split(b"\r\n")
    assert lines[-1] == b"" and all(len(line) <= 75 for line in lines) and b"\n" not in b"".join(lines)
    for line in lines:
        line.decode()
    held = {name.partition(";")[0]: value for name, _, value in (
        each.partition(":") for each in content.replace(b"\r\n ", b"").decode().split("\r\n"))}  # fmt: skip
    undone = re.sub(r"\\(.)", lambda found: {"n": "\n"}.get(found[1], found[1]), held["SUMMARY"])
    words = duty.words.replace("\r\n", "\n")
    assert undone == "".join(char for char in words if char == "\n" or (char >= " " and char != "\x7f"))
    read: Any = Calendar.from_ical(content)
    assert len(read.events) == 1
