"""What waits in the legal review, for whom and how long; read for 今日 too, and so without the papers themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ..domain.legal import FAULTY, Round, standing
from ..domain.problems import Problem
from ..domain.rows import rows_of
from .book import Book

PAPER = "legal_review"
"""The opinion as a paper."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A round that waits for the reviewer, or one that came back to the team; `last_day` is None where the calendar of the
    year is not known, and for what came back."""

    stream: str
    unit: str
    round: Round
    last_day: date | None = None


def last_day(book: Book, asked: Round) -> date:
    """Until when an opinion on a round is due. Raises `Problem("unknown_year")`."""
    return asked.longer.until if asked.longer else book.rules.due_date("legal_review", asked.at.date())


def waiting(book: Book) -> tuple[Waiting, ...]:
    """What the acting reviewer has to look at, the one with the earliest last day first."""
    found = []
    for stream, unit, round, _ in _newest(book):
        if round.opinion is None:
            try:
                last = last_day(book, round)
            except Problem:
                last = None
            found.append(Waiting(stream, unit, round, last))
    return tuple(sorted(found, key=lambda each: (each.last_day or date.max, each.round.at)))


def sent_back(book: Book) -> tuple[Waiting, ...]:
    """What the review found wrong and the team has not handed in again."""
    return tuple(Waiting(stream, unit, round) for stream, unit, round, made in _newest(book)
                 if round.word == FAULTY and not made)  # fmt: skip


def concluded(book: Book) -> tuple[Waiting, ...]:
    """What has its opinion, the newest first."""
    found = [
        (round.opinion.at, Waiting(stream, unit, round)) for stream, unit, round, _ in _newest(book) if round.opinion
    ]
    return tuple(each for _, each in sorted(found, key=lambda one: one[0], reverse=True))


def opinions(book: Book) -> tuple[str, ...]:
    """The digests of opinions that were made as papers, with their copies and reports: a record is exported with all of them."""
    streams = dict.fromkeys(stream for stream, _, _ in book.store.topic("legal"))
    rows = (row for stream in streams for row in rows_of("paper", book.store.rows(stream)))
    made = [row for row in rows if row.get("kind") == PAPER]
    copies = [copy for row in made for copy in row.get("copies", ())]
    return tuple(str(each.get(name, "")) for each in (*made, *copies) for name in ("sha256", "report"))


def _newest(book: Book) -> list[tuple[str, str, Round, bool]]:
    """Stream, unit and the round that counts of every paper that is or was handed in, and whether the paper was made since."""
    queries, found = book.queries, []
    streams = dict.fromkeys(stream for stream, _, _ in book.store.topic("legal"))
    known = {row.id: row.unit for row in queries.inspections()}
    for stream in (each for each in streams if each in known):
        case = queries.case(stream)
        for kind, sheet in dict.fromkeys((each.kind, each.paper_sheet) for each in case.legal):
            if (last := standing(case.rounds(kind, sheet))) is not None:
                made = any(p.at > last.at for p in case.formal(kind, sheet))
                found.append((stream, known[stream], last, made))
    return found
