"""The bureau's recorders and cameras (执法记录仪、照相机): who has one, who has booked it, how far its clock is off.

The bureau owns one or two of a kind, so they go from hand to hand (国办发〔2018〕118号(八): 设备配备、使用、存储).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from .clock import CHINA
from .rows import Key, Row, rows_of, standing

KINDS = ("执法记录仪", "照相机", "摄像机", "录音笔", "手机")


@dataclass(frozen=True, slots=True)
class Booking:
    """A day on which somebody wants the device; `about` names the inspection, "" for none."""

    day: date
    officer: str
    name: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Recorder:
    """One device of the register. `offset` is what is added to its own time, in seconds; None until its clock was
    compared."""

    number: str
    kind: str
    model: str = ""
    holder: str = ""
    holder_name: str = ""
    since: datetime | None = None
    bookings: tuple[Booking, ...] = ()
    offset: int | None = None
    compared_at: datetime | None = None

    @property
    def title(self) -> str:
        return f"{self.kind} {self.number}"

    @property
    def clock(self) -> str:
        """How far its clock is off, in words."""
        if self.offset is None:
            return "时钟没有核对"
        if self.offset == 0:
            return "时钟准"
        return f"时钟{'慢' if self.offset > 0 else '快'} {span(abs(self.offset))}"

    def booked(self, day: date) -> Booking | None:
        return next((booking for booking in self.bookings if booking.day == day), None)


def span(seconds: int) -> str:
    """A length of time as people say it: 1 小时 2 分 5 秒."""
    hours, rest = divmod(seconds, 3600)
    parts = ((hours, "小时"), (rest // 60, "分"), (rest % 60, "秒"))
    return " ".join(f"{n} {unit}" for n, unit in parts if n) or "0 秒"


def read_recorders(rows: Mapping[Key, Row]) -> tuple[Recorder, ...]:
    """The register as it stands; a row of bad make is left out."""
    return tuple(found for row in rows_of("recorder", rows) if (found := _recorder(row)) is not None)


def _recorder(row: Row) -> Recorder | None:
    try:
        held = (row.get("custody") or [{}])[-1]
        out = held.get("kind") == "recorder_handed_over"
        clock = standing(row.get("clock", []))
        compared = clock[-1] if clock else None
        bookings = tuple(_bookings(row.get("bookings", {})))
        return Recorder(
            str(row["number"]), str(row["kind"]), str(row.get("model", "")),
            str(held["officer"]) if out else "", str(held["name"]) if out else "",
            datetime.fromisoformat(held["at"]) if out else None, bookings,
            int(compared["value"]) if compared else None,
            datetime.fromisoformat(compared["at"]) if compared else None,
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _bookings(days: Mapping[str, list[Row]]) -> Iterable[Booking]:
    for day, versions in sorted(days.items()):
        for version in standing(versions):
            made = version["value"]
            if made.get("officer"):
                yield Booking(date.fromisoformat(day), made["officer"], made.get("name", ""), made.get("about", ""))


@dataclass(frozen=True, slots=True)
class Sign:
    """What the name of a file says: the number of the device that made it, and when it began; None for what it does not."""

    device: str = ""
    began_at: datetime | None = None


def sign_of(parts: Sequence[str], patterns: Iterable[str], known: Iterable[str]) -> Sign:
    """Read the last four parts of a path by the patterns of policy (groups `device` and `time`, 14 digits in China's zone);
    else a registered number that stands in it between other signs."""
    text = "/".join(parts[-4:])[-400:]
    numbers = {number.upper(): number for number in known}
    device, began = "", None
    for pattern in patterns:
        found = re.search(pattern, text)
        if found is None:
            continue
        groups = found.groupdict()
        device = device or numbers.get((groups.get("device") or "").upper(), "")
        began = began or _moment(re.sub(r"\D", "", groups.get("time") or ""))
    if not device:
        device = next((number for key, number in sorted(numbers.items()) if _stands_in(key, text.upper())), "")
    return Sign(device, began)


def _stands_in(number: str, text: str) -> bool:
    """Whether a number stands in a text by itself; one of two signs could mean anything."""
    return len(number) > 2 and re.search(rf"(?<![0-9A-Z]){re.escape(number)}(?![0-9A-Z])", text) is not None


def _moment(digits: str) -> datetime | None:
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=CHINA) if len(digits) == 14 else None
    except ValueError:
        return None
