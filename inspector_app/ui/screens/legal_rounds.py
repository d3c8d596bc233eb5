"""How a round of the legal review looks wherever it is shown: its state, its opinion, how long is left."""

from __future__ import annotations

from datetime import date

from ...domain.calendar import zh_at, zh_date
from ...domain.legal import AGREED, FAULTY, Longer, Round
from ...domain.problems import Problem
from ..desk import Desk
from ..widgets.panels import Card, Tag, row
from ..widgets.text import Text

_TONES = {AGREED: ("ok", "check-circle"), FAULTY: ("bad", "x-circle"), "已撤回": ("na", "arrow-u-up-left")}


def state_tag(word: str) -> Tag:
    """Where a round stands, or what was found on a point."""
    return Tag(word, *_TONES.get(word, ("warn", "clock")))


def round_card(asked: Round, *, points: bool = True) -> Card:
    """When it was handed in and what was said of it; with `points` also what is wrong with each."""
    opinion = asked.opinion
    card = Card(row(Text(f"第 {asked.nth} 次送审", "strong"), state_tag(asked.word), None),
                Text(f"{asked.by} {zh_at(asked.at)}送审", "small", "ink3"), padding=12, spacing=4)  # fmt: skip
    if asked.note:
        card.body.addWidget(Text(f"检查组说明：{asked.note}", "small", "ink2", wrap=True))
    if asked.longer is not None:
        card.body.addWidget(Text(longer_said(asked.longer), "small", "ink2", wrap=True))
    if asked.withdrawn:
        card.body.addWidget(Text(f"{asked.by}撤回，原因：{asked.withdrawn}", "small", "ink2", wrap=True))
    if opinion is not None:
        for nth, point in enumerate(opinion.points, 1):
            if point.text and points:
                card.body.addWidget(Text(f"第 {nth} 项：{point.text}", "small", "bad", wrap=True))
        card.body.addWidget(Text(opinion.text, "body", wrap=True))
        card.body.addWidget(Text(f"{opinion.by} {zh_at(opinion.at)}", "small", "ink3"))
    if asked.void:
        card.body.addWidget(Text(f"{asked.void}给过意见，因参加检查或没有身份，不作数。", "small", "warn", wrap=True))
    return card


def longer_said(longer: Longer) -> str:
    """The extension of a review in words."""
    return f"{longer.by}延长审核到{zh_date(longer.until)}，原因：{longer.reason}"


def due_tag(desk: Desk, last: date | None) -> Tag:
    """How long is left until the last day of a term."""
    if last is None:
        return Tag("待审核", "warn", "clock")
    today = desk.book.clock.now().at.date()
    if last < today:
        return Tag(f"{zh_date(last)}已到期", "bad", "warning-circle")
    try:
        days = desk.book.rules.calendar.workdays_between(today, last)
    except Problem:
        return Tag(f"{zh_date(last)}到期", "warn", "calendar")
    return Tag(
        f"还有 {days} 个工作日" if days else "今天到期", "na" if days > 2 else "warn" if days else "bad", "calendar"
    )
