"""What is due when, over all inspections, plans and credentials that this laptop knows; and the same as a calendar file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path

from ..domain.access import may
from ..domain.clock import CHINA
from ..domain.duties import (
    PRESERVATION,
    PUBLICITY,
    VISIT,
    Duty,
    of_approval,
    of_clauses,
    of_preservation,
    of_remedies,
    of_review,
    of_service,
)
from ..domain.event import PLANNING
from ..domain.followup import read_followup
from ..domain.ics import calendar
from ..domain.inspection import Stage
from ..domain.problems import Problem
from ..domain.rows import Key, Row
from ..store.ledger import Store
from . import listing, publicity_board
from .book import Book
from .handing_out import write_new
from .planning import standings
from .publicity_board import State, kind_of

_OVER = frozenset({Stage.CLOSED, Stage.ARCHIVED, Stage.PUBLICISED, Stage.RATED})
_FOLLOWED = ("extension", "handed_on", "dispute", "call_up", "closing")
"""Topics of the fold that hold terms, or end them."""
_NOTHING = read_followup({}, str)
_MORNING = time(9, tzinfo=CHINA)
"""When a calendar reminds of a duty."""


def due(book: Book) -> tuple[Duty, ...]:
    """Every open duty with a term, the earliest first; read again when anything was written or a day has gone by."""
    version = (book.store.version_beside(""), book.clock.now().at.date())
    return book.queries.held("due", version, lambda: tuple(sorted(_due(book))))


def _due(book: Book) -> Iterator[Duty]:
    """A case file takes a hundred times as long to read as its small row, so only those are read whose papers wait for their
    service or that hold what was preserved."""
    queries, rules, store = book.queries, book.rules, book.store
    followed = _rows_by_stream(store, _FOLLOWED)
    preserved = store.streams_saying("sheet", "kind", PRESERVATION)
    reviewed = {stream for stream, _, row in store.topic("legal") if not row.get("opinions")}
    for id, tally in queries.tallies().items():
        held = read_followup(followed[id], str) if id in followed else _NOTHING
        yield from of_remedies(tally, held, rules.policy)
        if held.closing is not None or tally.stage in _OVER:
            continue
        yield from of_approval(tally, rules.policy)
        yield from of_clauses(tally, held, rules.procedure)
        if id in reviewed:
            yield from of_review(queries.case(id), rules.policy, rules.calendar)
        if id in preserved:
            yield from of_preservation(queries.case(id), rules.policy, rules.calendar)
        if tally.stage == Stage.DECIDED:
            yield from of_service(queries.case(id), rules.policy, rules.calendar)
    yield from _of_plans(book)
    yield from _of_lists(book)


def _rows_by_stream(store: Store, topics: Iterable[str]) -> Mapping[str, dict[Key, Row]]:
    found: dict[str, dict[Key, Row]] = {}
    for topic in topics:
        for stream, key, row in store.topic(topic):
            found.setdefault(stream, {})[topic, key] = row
    return found


def _of_plans(book: Book) -> Iterator[Duty]:
    """Plans that are not public yet; without a plan for this year, that one is lacking (上海市优化营商环境条例62)."""
    held, policy, year = standings(book), book.rules.policy, book.clock.now().at.year
    of_year, of_special = policy.yearly_sources.get("plan_publish", ""), policy.deadline("special_plan_publish").source
    for standing in held:
        if standing.due is not None and not standing.plan.announced:
            source = of_special if standing.plan.special else of_year
            yield Duty(standing.due, "公布检查计划", standing.plan.title, source=source, board="计划")
    if not any(standing.plan.year == year and not standing.plan.special for standing in held):
        yield Duty(
            date(year, *policy.yearly["plan_publish"]),
            "拟定、公布年度检查计划",
            f"{year}年度",
            source=of_year,
            board="计划",
        )


def publications(book: Book) -> tuple[Duty, ...]:
    """What is to be published, compared or taken down, as far as it is for who is signed in; the board of today tells it
    beside its other duties."""
    policy, publicity = book.rules.policy, book.rules.publicity
    found = []
    for each in publicity_board.board(book) if may(book.actor, "publish") else ():
        if each.due is not None and each.state not in (State.PUBLIC, State.WITHDRAWN):
            key = "withdraw_publication" if each.state is State.FALLEN else publicity.subjects[kind_of(each.subject)][1]
            source = policy.yearly_sources[key] if key in policy.yearly else policy.deadline(key).source
            what = f"{'撤下' if each.state is State.FALLEN else '公示'}{each.name}"
            stream = "" if each.stream == PLANNING else each.stream
            found.append(Duty(each.due, what, each.unit, stream, source=source, board=PUBLICITY, subject=each.subject))
    return tuple(found)


def _of_lists(book: Book) -> Iterator[Duty]:
    for ending in listing.endings(book):
        yield Duty(ending.day, "有效期届满", f"{ending.listing.title}“{ending.entry.name}”", board=ending.listing.title)


def visits(book: Book) -> tuple[Duty, ...]:
    """Every visit that is planned or was made, on its day."""
    return tuple(
        Duty(
            row.planned_from.date(),
            VISIT,
            row.unit,
            row.id,
            0,
            "、".join(row.officers),
            row.planned_from,
            row.planned_to,
        )
        for row in book.queries.inspections()
        if not row.off
    )


def credentials(book: Book) -> tuple[Duty, ...]:
    """When the credential of an officer ends."""
    held = ((officer.name, officer.credential) for officer in book.queries.officers())
    return tuple(Duty(card.valid_to, "执法证到期", name) for name, card in held if card is not None)


def of_keeper(book: Book) -> tuple[Duty, ...]:
    """What ends of that which the admin keeps: entries of the public lists, and credentials that end as soon."""
    until = book.clock.now().at.date() + timedelta(days=book.rules.policy.list_ends_days)
    return tuple(sorted([*_of_lists(book), *(duty for duty in credentials(book) if duty.day <= until)]))


def agenda(book: Book) -> tuple[Duty, ...]:
    """All of it, by day."""
    found = (*visits(book), *due(book), *publications(book), *credentials(book))
    return tuple(sorted(found, key=lambda duty: (duty.day, not duty.is_visit, duty.words)))


def write_calendar(book: Book, target: Path) -> Path:
    """Write what lies ahead, and what is overdue, as a calendar file with reminders. Raises `Problem`: `file_exists`,
    `file_unwritable`."""
    now = book.clock.now().at
    ahead = [
        duty for duty in agenda(book) if duty.day >= now.date() or not (duty.is_visit or duty.what == "执法证到期")
    ]
    content = calendar(
        f"{book.queries.register().bureau.name}检查日历", [(duty, _alarm(book, duty)) for duty in ahead], now
    )
    return write_new(target, content)


def _alarm(book: Book, duty: Duty) -> datetime:
    """In the morning of the working day before a visit, and as many as policy says before a term."""
    wanted, day = 1 if duty.is_visit else book.rules.policy.remind_days, duty.day
    try:
        left = wanted
        while left:
            day -= timedelta(days=1)
            left -= book.rules.calendar.is_workday(day)
    except Problem:  # the year's arrangement is not known: days of the calendar
        day = duty.day - timedelta(days=wanted)
    return datetime.combine(day, _MORNING)
