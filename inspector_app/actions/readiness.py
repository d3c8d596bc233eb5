"""Before departure and on arrival: is there room, power, the right time, a camera, a microphone, a printer; kept as one event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from ..domain.event import Draft
from ..domain.recorder import span
from ..domain.visit import Ready
from . import sync
from .book import Book, Done

ENOUGH_POWER = 40
"""Percent of the battery that a morning's visit takes."""

CLOCK_HOLDS = timedelta(days=7)
"""For how long an exchange with the bureau vouches for the clock."""

CLOCKS_DIFFER = 60
"""Seconds by which the clock may differ from that of the bureau's server; an answer on its way takes some."""


def of_laptop(book: Book, battery: int | None) -> tuple[Ready, ...]:
    """What the laptop itself can tell; `battery` in percent, None where it has none or does not say."""
    free, enough = book.room()
    return (Ready("磁盘", "ok" if enough else "bad", f"剩 {free}"), _power(battery), _clock(book))


def _power(battery: int | None) -> Ready:
    if battery is None:
        return Ready("电量", "ok", "接电源或没有电池")
    return Ready("电量", "ok" if battery >= ENOUGH_POWER else "warn", f"{battery}%")


def _clock(book: Book) -> Ready:
    """Whether the bureau's server and this clock met lately and agreed, and nobody moved it since."""
    text, now = sync.last_exchange(book.store), book.clock.now().at
    if not text:
        return Ready("时钟", "warn", "没有和局里核对过")
    last = datetime.fromisoformat(text)
    moved = [row for row in book.store.rows(f"device/{book.store.device}").get(("device", ""), {}).get("clock", ())
             if datetime.fromisoformat(row["at"]) > last]  # fmt: skip
    if moved:
        return Ready("时钟", "warn", "交换以后变动过")
    if abs(ahead := sync.clock_ahead(book.store)) > CLOCKS_DIFFER:
        return Ready("时钟", "warn", f"比局里{'快' if ahead > 0 else '慢'} {span(abs(ahead))}")
    good = now - last <= CLOCK_HOLDS
    return Ready("时钟", "ok" if good else "warn", f"{last.month}月{last.day}日和局里交换过")


def note(book: Book, stream: str, checks: Sequence[Ready]) -> Done[str]:
    """Keep what was found in the record of the inspection; returns it in words."""
    bad = [check for check in checks if check.state != "ok"]
    said = "；".join(f"{check.name}：{check.words}" for check in bad) or f"{len(checks)} 项都好"
    body = {"checks": [[check.name, check.state, check.words] for check in checks], "said": said}
    return book.done(said, [Draft(stream, "readiness_checked", body, "准备")])
