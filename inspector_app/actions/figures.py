"""The figures of a year for the screen, and as a workbook."""

from __future__ import annotations

from pathlib import Path

from ..domain.annual import report, tables
from ..domain.statistics import Year, count, years_of
from .book import Book
from .handing_out import write_new


def years(book: Book) -> tuple[int, ...]:
    """The years that have figures, this one always among them."""
    queries = book.queries
    return tuple(sorted({*years_of(queries.tallies().values(), queries.register()), book.clock.now().at.year}))


def year(book: Book, which: int) -> Year:
    """All figures of a year as of today."""
    queries, today = book.queries, book.clock.now().at.date()
    return count(
        which, today, queries.tallies().values(), queries.register(), queries.planning().plans, book.rules.measures
    )


def write_file(counted: Year, target: Path) -> Path:
    """Write every chart as a sheet of a workbook, the section of the report first. Raises `Problem`: `file_exists`, `file_unwritable`."""
    from ..workbooks import figures  # takes a quarter of a second to import, and a window starts without it

    return write_new(target, figures.write(f"{counted.year}年", report(counted), tables(counted)))
