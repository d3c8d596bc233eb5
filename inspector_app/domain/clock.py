"""Time comes in as a value: the wall clock with zone, a clock that cannot be set, and the boot they belong to."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Protocol

CHINA = timezone(timedelta(hours=8), "UTC+8")
"""China has one zone and no summer time."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment as an event keeps it. `mono` counts milliseconds of this boot and never goes back."""

    at: datetime
    mono: int
    boot: str


class Clock(Protocol):
    """Anything that can tell the present moment."""

    def now(self) -> Moment: ...


class SystemClock:
    """The computer's own clocks."""

    def __init__(self) -> None:
        self._boot = uuid.uuid4().hex[:12]

    def now(self) -> Moment:
        return Moment(datetime.now(CHINA).replace(microsecond=0), time.monotonic_ns() // 1_000_000, self._boot)


class TrialClock:
    """Starts at a fixed moment, so that trial data has one calendar, and goes on at a pace of its own.

    A visit takes longer than its demonstration: at pace 60 a second of the computer is a minute of the sample day.
    What was really spent stays in `mono`.
    """

    def __init__(self, start: datetime, boot: str = "trial", pace: float = 1.0) -> None:
        self._start = start
        self._pace = pace
        self._zero = time.monotonic()
        self._boot = boot
        self._skipped = timedelta()

    def restart(self) -> None:
        """Stand at the start again."""
        self._zero, self._skipped = time.monotonic(), timedelta()

    def skip(self, span: timedelta) -> None:
        """Move on by `span`."""
        self._skipped += span

    def now(self) -> Moment:
        spent = time.monotonic() - self._zero
        shown = timedelta(seconds=int(spent * self._pace)) + self._skipped
        return Moment(
            self._start + shown, int((timedelta(seconds=spent) + self._skipped).total_seconds() * 1000), self._boot
        )
