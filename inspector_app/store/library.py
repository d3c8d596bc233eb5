"""Full texts of laws on this laptop: kept encrypted, found by any word, never an event and never exported.

The texts are kept (`schema.kept`); the index over them is derived and made anew with the projections. It holds no text of
its own, only which word stands where.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, text

from ..domain.statute import Passage, Statute, phrases, spaced
from .database import Database
from .schema import LAW_INDEX, law_passage, law_text

_FIND = text(f"SELECT rowid FROM {LAW_INDEX} WHERE {LAW_INDEX} MATCH :words ORDER BY rowid LIMIT :most")
_ADD = f"INSERT INTO {LAW_INDEX} (rowid, text) VALUES (?, ?)"


@dataclass(frozen=True, slots=True)
class Kept:
    """A text that was taken in: which version, by whom and when, and how many passages it has."""

    id: int
    title: str
    version: str
    person: str
    at: str
    count: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with the law and version it belongs to."""

    title: str
    version: str
    passage: Passage


class Library:
    """The texts of one laptop. An index row has the number of its passage."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, statute: Statute, person: str, at: str) -> None:
        """Keep a text, in place of an earlier one of the same version."""
        with self._database.transaction() as connection:
            same = (law_text.c.title == statute.title) & (law_text.c.version == statute.version)
            for id in connection.scalars(select(law_text.c.id).where(same)).all():
                self._remove(connection, id)
            row = {"title": statute.title, "version": statute.version, "person": person, "at": at}
            id = connection.execute(insert(law_text).values(row).returning(law_text.c.id)).scalar_one()
            first = (connection.scalar(select(func.max(law_passage.c.id))) or 0) + 1
            rows = [
                {"id": first + n, "law": id, "place": p.place, "heading": p.heading, "text": p.text}
                for n, p in enumerate(statute.passages)
            ]
            connection.execute(insert(law_passage), rows)
            connection.exec_driver_sql(_ADD, [(row["id"], spaced(str(row["text"]))) for row in rows])

    def remove(self, id: int) -> None:
        with self._database.transaction() as connection:
            self._remove(connection, id)

    def _remove(self, connection: Connection, id: int) -> None:
        mine = select(law_passage.c.id).where(law_passage.c.law == id)
        rows = [(number,) for number in connection.scalars(mine)]
        connection.exec_driver_sql(f"DELETE FROM {LAW_INDEX} WHERE rowid = ?", rows)
        connection.execute(delete(law_passage).where(law_passage.c.law == id))
        connection.execute(delete(law_text).where(law_text.c.id == id))

    def texts(self) -> tuple[Kept, ...]:
        """Every text by title, the newest version first."""
        count = func.count(law_passage.c.id)
        columns = (law_text.c.id, law_text.c.title, law_text.c.version, law_text.c.person, law_text.c.at, count)
        query = select(*columns).join(law_passage, law_passage.c.law == law_text.c.id).group_by(law_text.c.id)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(law_text.c.title, law_text.c.version.desc())).all()
        return tuple(Kept(*row) for row in rows)

    def articles(self, id: int) -> Mapping[str, str]:
        """Text of what a law counts, by place."""
        query = select(law_passage.c.place, law_passage.c.text).where(
            law_passage.c.law == id, law_passage.c.place != ""
        )
        with self._database.reading() as connection:
            return {place: said for place, said in connection.execute(query)}  # noqa: C416 - rows are no pairs to the type checker

    def find(self, words: str, most: int) -> tuple[Hit, ...]:
        """Passages that have all the words, in the order in which they were taken in."""
        asked = phrases(words)
        if not asked:
            return ()
        with self._database.reading() as connection:
            found = connection.scalars(_FIND, {"words": asked, "most": most}).all()
            return _hits(connection, law_passage.c.id.in_(found))

    def at(self, title: str, place: str) -> tuple[Hit, ...]:
        """One place of a law in every version that is here, the newest first."""
        with self._database.reading() as connection:
            return _hits(connection, (law_text.c.title == title) & (law_passage.c.place == place))


def index_laws(connection: Connection) -> None:
    """Make the index anew from the texts."""
    connection.exec_driver_sql(f"INSERT INTO {LAW_INDEX} ({LAW_INDEX}) VALUES ('delete-all')")
    rows = connection.execute(select(law_passage.c.id, law_passage.c.text)).all()
    if rows:
        connection.exec_driver_sql(_ADD, [(id, spaced(said)) for id, said in rows])


def _hits(connection: Connection, which: ColumnElement[bool]) -> tuple[Hit, ...]:
    columns = (law_text.c.title, law_text.c.version, law_passage.c.place, law_passage.c.heading, law_passage.c.text)
    query = select(*columns).join(law_text, law_text.c.id == law_passage.c.law).where(which)
    rows = connection.execute(query.order_by(law_text.c.version.desc(), law_passage.c.id)).all()
    return tuple(Hit(title, version, Passage(*passage)) for title, version, *passage in rows)
