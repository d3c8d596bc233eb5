"""What waits to be published, compared or taken down, on the board of today."""

from __future__ import annotations

from datetime import date
from functools import partial

from ...actions import publicity_board
from ...actions.publicity_board import Duty, State
from ...domain.access import may
from ...domain.calendar import zh_date
from ..desk import Desk
from ..widgets.buttons import Button
from ..widgets.panels import Card, column, row
from ..widgets.text import Text

MOST = 4
"""Lines on the board; the screen has all of them."""


def waiting_publications(desk: Desk) -> tuple[Card, ...]:
    """One card where something waits for this person, none where nothing does."""
    if not may(desk.book.actor, "publish"):
        return ()
    today, done = desk.book.clock.now().at.date(), (State.PUBLIC, State.WITHDRAWN)
    mine = [
        d for d in publicity_board.board(desk.book)
        if d.state not in done and d.by != desk.book.person.id and not (d.state is State.HELD and d.due and d.due >= today)
    ]  # fmt: skip
    if not mine:
        return ()
    card = Card(row(Text("等我公示", "h2"), None, Text(f"{len(mine)} 件", "small", "ink3")), spacing=8)
    for duty in mine[:MOST]:
        late = duty.due is not None and duty.due < today
        due = f"，{_short(duty.due, today)}前" if duty.due else ""
        open_ = Button("查看", "link", act=partial(_open, desk, duty), height=36)
        open_.setAccessibleName(f"公示：{duty.unit}")
        words = column(Text(duty.unit, "small"), Text(f"{duty.name}{duty.state.value}{due}", "small", "bad" if late else "ink2"),
                       spacing=0)  # fmt: skip
        card.body.addLayout(row(words, None, open_))
    return (card,)


def _short(day: date, today: date) -> str:
    """A day of this year without its year."""
    return f"{day.month}月{day.day}日" if day.year == today.year else zh_date(day)


def _open(desk: Desk, duty: Duty) -> None:
    desk.open("publicity")
    desk.publicised.emit(duty.stream, duty.subject)
