"""How sure the times of a record are: each device tells them by its own clock, and what a moved clock told is in doubt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import pairwise

from ..domain.clock import Moment, slacks
from ..domain.event import Event
from .cosigning import NOT_CHECKED, PASS

_NAMED = 3
"""Devices and entries that a sentence names."""


def slack_of(events: Iterable[Event]) -> Mapping[str, tuple[int, int]]:
    """By the id of each event how many seconds earlier and later than it says it may have been written.

    Raises ValueError for a time that is none.
    """
    found: dict[str, tuple[int, int]] = {}
    for told in _by_strand(events).values():
        moments = [Moment(datetime.fromisoformat(event.at), event.mono, event.boot) for event in told]
        found |= zip((event.id for event in told), slacks(moments), strict=True)
    return found


def told_times(events: Iterable[Event]) -> tuple[str, str]:
    """PASS where no clock is seen to have moved, else NOT CHECKED with how far the times may be off; and the sentence. That one was
    set forward between two starts of the program nothing here tells."""
    strands = _by_strand(events)
    try:
        slack = slack_of(event for told in strands.values() for event in told)
    except (ValueError, TypeError):
        return NOT_CHECKED, "有的时间读不出。"
    if not slack:
        return NOT_CHECKED, "没有可核验的记录。"
    said = []
    for told in strands.values():
        ends = [slack[event.id] for event in told]
        if max(ends) > (0, 0):
            moved = [f"第 {b.seq + 1} 条" for a, b in pairwise(told) if slack[a.id] != slack[b.id]]
            where = "、".join(moved[:_NAMED]) + (f"等 {len(moved)} 处" if len(moved) > _NAMED else "")
            early, late = (max(end[side] for end in ends) for side in (0, 1))
            said.append(f"{told[0].device} 的时钟在{where}以前变动过，实际时间比它写的最多早 {early} 秒、晚 {late} 秒")
    if said:
        return NOT_CHECKED, f"{'；'.join(said[:_NAMED])}。"
    return PASS, "程序每次运行之内各台设备的时钟前后一致，没有往回拨；和标准时间差多少，要看局里的回执。"


def _by_strand(events: Iterable[Event]) -> dict[str, list[Event]]:
    found: dict[str, list[Event]] = {}
    for event in events:
        found.setdefault(event.strand, []).append(event)
    return {name: sorted(told, key=lambda event: event.seq) for name, told in sorted(found.items())}
