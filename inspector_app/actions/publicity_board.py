"""What is to be published, compared and taken down, with its term; read without setting any paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ..domain.access import may
from ..domain.event import PLANNING
from ..domain.inspection import Stage
from ..domain.problems import Problem
from ..domain.projection import Row
from ..domain.publicity import RESULT, Publication, read_publication, year_of, yearly
from .book import Book


class State(StrEnum):
    """Where a subject stands; the value is the word on the board."""

    DRAFT = "待送核对"
    WAITING = "待核对"
    RETURNED = "核对退回"
    HELD = "暂缓"
    PUBLIC = "公示中"
    FALLEN = "要撤下"
    WITHDRAWN = "已撤下"


@dataclass(frozen=True, slots=True)
class Duty:
    """One line of the board: what of which inspection, since when, and the last day for the next act."""

    stream: str
    subject: str
    unit: str
    name: str
    decided: date
    due: date | None
    state: State
    by: str = ""
    """Id of who sent what waits."""


def board(book: Book) -> tuple[Duty, ...]:
    """Everything that is or was to be published, what is due first at the head; read again when anything was written or a day
    has gone by."""
    version = (book.store.version_beside(""), book.clock.now().at.date())
    held = book.queries.held("publicity", version, lambda: tuple(
        sorted(_duties(book), key=lambda d: (d.due or date.max, d.unit, d.subject))))  # fmt: skip
    whole = may(book.actor, "prepare")  # the figures of a year are for those who prepare inspections
    return held if whole else tuple(duty for duty in held if duty.stream != PLANNING)


def _duties(book: Book) -> Iterator[Duty]:
    store, queries = book.store, book.queries
    name_of, penalties = queries.register().name_of, _by_stream(store.topic("penalty"))
    known = {(stream, key): row for stream, key, row in store.topic("publication")}
    yield from _years(book, {key: row for (stream, key), row in known.items() if stream == PLANNING})
    for inspection in queries.tallies().values():
        result = inspection.decided if is_decided(inspection.stage) else None
        days = {RESULT: result} | {row["penalty"]: date.fromisoformat(row["day"]) for row in penalties.get(inspection.id, ())
                                   if row["standing"]}  # fmt: skip
        for subject, day in days.items():
            if day is not None:
                publication = read_publication(known.get((inspection.id, subject), {"subject": subject}), name_of)
                state, waiting = state_of(publication), publication.waiting
                yield Duty(inspection.id, subject, inspection.unit_name, name_of_subject(book, subject), day,
                           due_of(book, subject, day, publication, state), state, waiting.sent.by if waiting else "")  # fmt: skip


def _years(book: Book, known: Mapping[str, Row]) -> Iterator[Duty]:
    """The figures of the year before, where it had inspections, and of every year that somebody has sent."""
    if kind_of(yearly(0)) not in book.rules.publicity.subjects:  # rules that were published before know none
        return
    queries, last = book.queries, book.clock.now().at.year - 1
    years = {year for subject in known if (year := year_of(subject)) is not None}
    if any(tally.arrived is not None and tally.arrived.year == last for tally in queries.tallies().values()):
        years.add(last)
    for year in years:
        subject, day = yearly(year), date(year + 1, 1, 1)
        publication = read_publication(known.get(subject, {"subject": subject}), queries.register().name_of)
        state, waiting = state_of(publication), publication.waiting
        yield Duty(PLANNING, subject, queries.register().bureau.name, name_of_subject(book, subject), day,
                   due_of(book, subject, day, publication, state), state, waiting.sent.by if waiting else "")  # fmt: skip


def _by_stream(rows: Iterable[tuple[str, str, Row]]) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for stream, _, row in rows:
        found.setdefault(stream, []).append(row)
    return found


def state_of(publication: Publication) -> State:
    """The state that the next act depends on: what has fallen while it is public comes before all else."""
    public = publication.public
    if public is not None and public.overturned is not None:
        return State.FALLEN
    if publication.held:
        return State.HELD
    if publication.waiting is not None:
        return State.WAITING
    last = publication.rounds[-1] if publication.rounds else None
    if last is not None and last.returned is not None:
        return State.RETURNED
    if public is not None:
        return State.PUBLIC
    return State.WITHDRAWN if last is not None and last.withdrawn is not None else State.DRAFT


def due_of(book: Book, subject: str, day: date, publication: Publication, state: State) -> date | None:
    """The last day of what is to be done; None where nothing is, or where the year's calendar is not known."""
    public = publication.public
    if public is not None and public.overturned is not None:
        key, start = "withdraw_publication", public.overturned.day or day
    elif state in (State.PUBLIC, State.WITHDRAWN):
        return None
    else:
        key, start = book.rules.publicity.subjects[kind_of(subject)][1], day
        if key in book.rules.policy.yearly:
            return date(day.year, *book.rules.policy.yearly[key])
    try:
        return book.rules.due_date(key, start)
    except Problem:
        return None


def is_decided(stage: str) -> bool:
    order = list(Stage)
    return order.index(Stage(stage)) >= order.index(Stage.DECIDED)


def name_of_subject(book: Book, subject: str) -> str:
    name, year = book.rules.publicity.subjects[kind_of(subject)][0], year_of(subject)
    return name if year is None else f"{year}年度{name}"


def kind_of(subject: str) -> str:
    return RESULT if subject == RESULT else "penalty" if year_of(subject) is None else "yearly"
