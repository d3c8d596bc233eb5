"""Time comes in as a value: the wall clock with zone, a clock that cannot be set, and the boot they belong to."""

from __future__ import annotations

import sys
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import accumulate, pairwise
from typing import Protocol

CHINA = timezone(timedelta(hours=8), "UTC+8")
"""China has one zone and no summer time."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment as an event keeps it. `mono` counts milliseconds of this boot and never goes back."""

    at: datetime
    mono: int
    boot: str

    def moved_since(self, before: Moment) -> int:
        """Seconds by which the wall clock was moved since `before`; 0 when it was not, as far as can be told.

        Within one boot the clock that cannot be set tells it, beyond `DRIFT`; across boots only a step back does.
        """
        passed = (self.at - before.at).total_seconds()
        if self.boot == before.boot:
            passed -= (self.mono - before.mono) / 1000
            return round(passed) if abs(passed) > DRIFT else 0
        return min(round(passed), 0)


def slacks(moments: Sequence[Moment]) -> list[tuple[int, int]]:
    """For each moment that one device told, in the order of writing, by how many seconds it may have been earlier and later.

    Nobody knows whether a clock was right before it was moved or afterwards, so every one of its settings counts.
    """
    moves = (after.moved_since(before) for before, after in pairwise(moments))
    settings = [*accumulate(moves, initial=0)][: len(moments)]
    return [(own - min(settings), max(settings) - own) for own in settings]


DRIFT = 5
"""Seconds that wall clock and steady clock may differ: slow corrections by a time server stay below."""


class Clock(Protocol):
    """Anything that can tell the present moment."""

    def now(self) -> Moment: ...


class SystemClock:
    """The computer's own clocks."""

    def __init__(self) -> None:
        self._boot = uuid.uuid4().hex[:12]

    def now(self) -> Moment:
        return Moment(datetime.now(CHINA).replace(microsecond=0), _steady_ns() // 1_000_000, self._boot)


def _steady_ns() -> int:
    """A clock that nobody can set and that goes on while the computer sleeps."""
    if sys.platform == "linux":
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    elif sys.platform == "darwin":
        return time.clock_gettime_ns(time.CLOCK_MONOTONIC)
    else:
        return time.monotonic_ns()


class TrialClock:
    """Starts at a fixed moment, so that trial data has one calendar, and goes on at a pace of its own.

    A visit takes longer than its demonstration: at pace 60 a second of the computer is a minute of the sample day, by
    the wall clock and by the steady one.
    """

    def __init__(self, start: datetime, boot: str = "trial", pace: float = 1.0) -> None:
        self.pace = pace
        self._start = start
        self._zero = time.monotonic()
        self._boot = boot
        self._skipped = timedelta()

    def restart(self) -> None:
        """Stand at the start again."""
        self._zero, self._skipped = time.monotonic(), timedelta()

    def skip(self, span: timedelta) -> None:
        """Move on by `span`."""
        self._skipped += span

    def go_on_after(self, moment: datetime) -> None:
        """Stand no earlier than the record ends: a trial that is opened again goes on where it was left."""
        self._skipped += max(moment - self.now().at, timedelta())

    def now(self) -> Moment:
        spent = timedelta(seconds=(time.monotonic() - self._zero) * self.pace) + self._skipped
        shown = timedelta(seconds=int(spent.total_seconds()))
        return Moment(self._start + shown, int(spent.total_seconds() * 1000), self._boot)
