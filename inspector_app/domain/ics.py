"""A calendar file (iCalendar, RFC 5545) of visits and duties, for any calendar program."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from .duties import Duty

_MOST = 75
"""Octets of a line, without its end (RFC 5545 3.1)."""


def calendar(name: str, duties: Iterable[tuple[Duty, datetime | None]], made: datetime) -> bytes:
    """The file: each duty with the moment at which it is to be reminded of, or None. A duty is a whole day, a visit has its
    hours. Made again later, the same duty has the same UID."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//inspector//calendar//ZH",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_text(name)}",
    ]
    for duty, alarm in duties:
        lines += _event(duty, alarm, made)
    lines.append("END:VCALENDAR")
    return b"".join(part + b"\r\n" for line in lines for part in _folded(line))


def _event(duty: Duty, alarm: datetime | None, made: datetime) -> Iterator[str]:
    uid = hashlib.sha256(f"{duty.stream}|{duty.what}|{duty.about}".encode()).hexdigest()[:32]
    yield "BEGIN:VEVENT"
    yield f"UID:{uid}@inspector"
    yield f"DTSTAMP:{_moment(made)}"
    if duty.at is not None and duty.until is not None:
        yield f"DTSTART:{_moment(duty.at)}"
        yield f"DTEND:{_moment(duty.until)}"
    else:
        yield f"DTSTART;VALUE=DATE:{_day(duty.day)}"
        yield f"DTEND;VALUE=DATE:{_day(duty.day + timedelta(days=1))}"
        yield "TRANSP:TRANSPARENT"
    yield f"SUMMARY:{_text(duty.words)}"
    if duty.source:
        yield f"DESCRIPTION:{_text(duty.source)}"
    yield f"CATEGORIES:{_text('检查' if duty.is_visit else '期限')}"
    if alarm is not None:
        yield "BEGIN:VALARM"
        yield "ACTION:DISPLAY"
        yield f"TRIGGER;VALUE=DATE-TIME:{_moment(alarm)}"
        yield f"DESCRIPTION:{_text(duty.words)}"
        yield "END:VALARM"
    yield "END:VEVENT"


def _text(value: str) -> str:
    """A value of the type TEXT (RFC 5545 3.3.11); what is no text is left out."""
    plain = "".join(char for char in value.replace("\r\n", "\n") if char == "\n" or (char >= " " and char != "\x7f"))
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _folded(line: str) -> Iterator[bytes]:
    """A line in parts of at most 75 octets, the later ones behind a space, no character torn (RFC 5545 3.1)."""
    part = b""
    for char in line:
        held = char.encode()
        if len(part) + len(held) > _MOST:
            yield part
            part = b" "
        part += held
    yield part
