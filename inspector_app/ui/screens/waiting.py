"""等我处理: what waits for the person who is signed in, by the role of the moment, with how long it may wait."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QWidget

from ...actions import legal_queue, listing
from ...domain.access import Role, may
from ...domain.calendar import zh_date, zh_time
from ...domain.review import RETURNED
from ...domain.tally import Tally
from ..desk import Desk
from ..leading import open_board
from ..widgets.buttons import Button
from ..widgets.panels import Card, Tag, column, row
from ..widgets.text import Text
from .legal_rounds import due_tag

MOST = 5
"""How many are listed; the rest is counted."""


@dataclass(frozen=True)
class _Matter:
    """One thing to do: where, what is said of it, the act and the way to it, and its state."""

    unit: str
    said: str
    act: str
    go: Callable[[], object]
    state: Callable[[], Tag] | None = None


def mine(desk: Desk) -> Card:
    """The card of 今日."""
    matters = list(_matters(desk))
    card = Card(row(Text("等我处理", "h2"), *([Tag(str(len(matters)), "brand")] if matters else []), None), spacing=8)
    for matter in matters[:MOST]:
        card.body.addWidget(_line(matter))
    if not matters:
        card.body.addWidget(Text("没有等我处理的。", "small", "ink2"))
    if len(matters) > MOST:
        card.body.addWidget(Text(f"另有 {len(matters) - MOST} 件。", "small", "ink3"))
    return card


def _matters(desk: Desk) -> Iterator[_Matter]:
    """What came back first, then what is under way."""
    queries, role = desk.queries, desk.book.role
    if role is Role.REVIEWER:
        for asked in legal_queue.waiting(desk.book):
            yield _Matter(
                asked.unit,
                asked.round.title,
                "审核",
                partial(desk.open, "legal"),
                partial(due_tag, desk, asked.last_day),
            )
        return
    handed_in = queries.handed_in()
    for each in (each for each in handed_in if role is Role.LEAD and each.review.waits):
        since = f"{zh_time(each.review.at)}送来" if each.review.at else ""
        yield _Matter(
            each.unit_name, since, "复核", partial(desk.open, "review"), partial(Tag, each.review.word, "warn", "clock")
        )
    for which, entry in listing.waiting(desk.book):
        yield _Matter(entry.name, f"{which.title}，{entry.kept_by}登记", "核定", partial(open_board, desk, which.title))
    yield from _intended(desk)
    if not desk.may("inspect"):
        return
    for back in legal_queue.sent_back(desk.book):
        state = partial(Tag, "法制审核有问题", "bad", "warning-circle")
        yield _Matter(back.unit, back.round.title, "改好再送", partial(desk.open, "case", back.stream), state)
    for each in (each for each in handed_in if each.review.outcome == RETURNED):
        state = partial(Tag, "退回修改", "bad", "warning-circle")
        yield _Matter(each.unit_name, each.review.reason, "去改", partial(desk.open, "case", each.id), state)
    told = {each.stream for each in legal_queue.sent_back(desk.book)} | {
        each.id for each in handed_in if _told(each, role)
    }
    tallies, me = queries.tallies(), desk.book.person.id
    for row_ in (row_ for row_ in desk.inspections() if 1 <= row_.step <= 6 and row_.id not in told):
        if role is not Role.LEAD and me not in dict(tallies[row_.id].officers):
            continue
        yield _Matter(row_.unit, "", "继续", partial(desk.open, "case", row_.id))


def _intended(desk: Desk) -> Iterator[_Matter]:
    """Clues that nobody has settled, and plans that wait for the head's approval."""
    if not may(desk.book.actor, "prepare"):
        return
    held, units = desk.queries.planning(), desk.queries.register().units
    for clue in (clue for clue in held.clues if clue.is_open):
        name = units[clue.unit].name if clue.unit in units else clue.unit
        yield _Matter(name, f"{clue.source}线索，{zh_date(clue.day)}收到", "处理", partial(open_board, desk, "线索"))
    for plan in (plan for plan in held.plans if plan.approved is None):
        yield _Matter(plan.title, f"{plan.kind}，待批准", "登记批准", partial(open_board, desk, "计划"))


def _told(each: Tally, role: Role) -> bool:
    """Whether a review has put the inspection on the list already."""
    return each.review.outcome == RETURNED or (role is Role.LEAD and each.review.waits)


def _line(matter: _Matter) -> QWidget:
    go = Button(matter.act, "link", act=matter.go, height=36)
    go.setAccessibleName(f"{matter.act}：{matter.unit}{matter.said}")
    below: list[QWidget] = [matter.state()] if matter.state is not None else []
    below += [Text(matter.said, "small", "ink2")] if matter.said else []
    words = column(Text(matter.unit, "small", "ink"), *([row(*below, None, spacing=6)] if below else []), spacing=2)
    line = QWidget()
    whole = row(words, go, spacing=8)
    whole.setStretch(0, 1)
    line.setLayout(whole)
    return line
