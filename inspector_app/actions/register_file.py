"""The registers as an Excel workbook: written out, and read back for somebody to look at before it is entered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..domain.problems import Problem, reason
from .book import Book, Done
from .handing_out import write_new
from .register import enter_all

if TYPE_CHECKING:
    from ..workbooks.registers import Told as Told

LARGEST = 20_000_000


def write_file(book: Book, target: Path) -> Path:
    """Write all units and officers. Raises `Problem`: `file_exists`, `file_unwritable`."""
    from ..workbooks import registers  # takes a quarter of a second to import, and a window starts without it

    queries = book.queries
    return write_new(target, registers.write(queries.units(), queries.officers()))


def read_file(book: Book, path: Path) -> Told:
    """What a workbook would change: rows that say what is known already are left out; nothing is entered yet.

    Raises `Problem`: `file_refused`, `register_file`.
    """
    from ..workbooks import registers

    try:
        if path.stat().st_size > LARGEST:
            raise Problem("register_file", detail="文件太大")
        content = path.read_bytes()
    except OSError as error:
        raise Problem("file_refused", name=path.name, detail=reason(error)) from error
    queries = book.queries
    units, officers = queries.units(), queries.officers()
    told = registers.read(content, units, officers)
    return replace(
        told,
        units=tuple(unit for unit in told.units if unit not in units),
        officers=tuple(officer for officer in told.officers if officer not in officers),
    )


def enter(book: Book, told: Told) -> Done[int]:
    """Enter the rows that can be taken, in one batch; returns how many. Raises `Problem("field_needed")` for none."""
    return enter_all(book, told.units, told.officers)
