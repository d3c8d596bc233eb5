"""等我处理: what waits for the person who is signed in, by the role of the moment, with how long it may wait."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtWidgets import QWidget

from ...actions import legal_queue
from ...domain.access import Role
from ...domain.calendar import zh_time
from ..desk import Desk
from ..widgets.buttons import Button
from ..widgets.panels import Card, Tag, column, row
from ..widgets.text import Text
from .legal_rounds import due_tag

MOST = 5
"""How many are listed; the rest is counted."""


def mine(desk: Desk) -> Card:
    """The card of 今日."""
    lines = list(_lines(desk))
    card = Card(row(Text("等我处理", "h2"), *([Tag(str(len(lines)), "brand")] if lines else []), None), spacing=8)
    for line in lines[:MOST]:
        card.body.addWidget(line)
    if not lines:
        card.body.addWidget(Text("没有等我处理的。", "small", "ink2"))
    if len(lines) > MOST:
        card.body.addWidget(Text(f"另有 {len(lines) - MOST} 件。", "small", "ink3"))
    return card


def _lines(desk: Desk) -> Iterator[QWidget]:
    queries, role = desk.queries, desk.book.role
    if role is Role.REVIEWER:
        for each in legal_queue.waiting(desk.book):
            yield _line(each.unit, each.round.title, "审核", partial(desk.open, "legal"), due_tag(desk, each.last_day))
        return
    if role is Role.LEAD:
        for case in (queries.case(row.id) for row in queries.inspections()):
            if case.review.waits:
                since = f"{zh_time(case.review.at)}送来" if case.review.at else ""
                yield _line(
                    case.unit.name, since, "复核", partial(desk.open, "review"), Tag(case.review.word, "warn", "clock")
                )
    back = {each.stream: each for each in legal_queue.sent_back(desk.book)}
    for row_ in queries.inspections():
        go_on = partial(desk.open, "case", row_.id)
        if row_.id in back:
            state = Tag("法制审核有问题", "bad", "warning-circle")
            yield _line(row_.unit, back[row_.id].round.title, "改好再送", go_on, state)
        elif queries.case(row_.id).review.word == "退回修改":
            yield _line(
                row_.unit, queries.case(row_.id).review.reason, "去改", go_on, Tag("退回修改", "bad", "warning-circle")
            )
        elif 1 <= row_.step <= 6:
            yield _line(row_.unit, "", "继续", go_on)


def _line(name: str, said: str, act: str, do: Callable[[], object], state: Tag | None = None) -> QWidget:
    go = Button(act, "link", act=do, height=36)
    go.setAccessibleName(f"{act}：{name}{said}")
    below = row(
        *([state] if state is not None else []), *([Text(said, "small", "ink2")] if said else []), None, spacing=6
    )
    words = column(Text(name, "small", "ink"), *([below] if said or state is not None else []), spacing=2)
    line = QWidget()
    whole = row(words, go, spacing=8)
    whole.setStretch(0, 1)
    line.setLayout(whole)
    return line
