"""A table in an Excel workbook: written with its choices, read back with every bad cell named by sheet, row and column."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from ..domain.calendar import parse_zh_date
from ..domain.problems import Problem
from ..office_file import Swollen, bounded

MOST_ROWS = 20_000
_EMPTY = 200
"""Rows without anything after which a sheet is at its end."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that cannot be taken; its whole row is left out. `said` is a fact and a way out."""

    sheet: str
    row: int
    column: str
    said: str

    def __str__(self) -> str:
        return f"{self.sheet} {self.column}{self.row}：{self.said}"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, width in characters, whether it must be filled, and the values it may hold."""

    name: str
    width: int
    needed: bool = False
    values: tuple[str, ...] = ()
    day: bool = False

    wrap: bool = False
    """Whether long text is shown on several lines."""


Columns = Mapping[str, tuple[Column, ...]]
"""The sheets of a workbook by name, and the columns of each."""


# -- writing ---------------------------------------------------------------------------------------------------------


def written(columns: Columns, rows: Mapping[str, Iterable[Sequence[str | date]]]) -> bytes:
    """The workbook. Everything but days is text: a code keeps its zeros, and a name that begins with = is no formula."""
    book = Workbook()
    book.remove(book.active)
    for name, lines in rows.items():
        _fill(book, name, columns[name], lines)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def put_text(cell: Cell, text: str) -> None:
    """Write a text as one, whatever it begins with; signs that XML cannot hold (XML 1.0, 2.2) are left out."""
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.data_type, cell.number_format = "s", "@"


def _fill(book: Workbook, name: str, columns: Sequence[Column], rows: Iterable[Sequence[str | date]]) -> None:
    sheet = book.create_sheet(name)
    for nth, column in enumerate(columns, 1):
        head = sheet.cell(1, nth, column.name)
        head.font, head.alignment = Font(bold=True), Alignment(vertical="center")
        letter = get_column_letter(nth)
        sheet.column_dimensions[letter].width = column.width
        if column.values:
            allowed = DataValidation("list", formula1=f'"{",".join(column.values)}"', allow_blank=not column.needed)
            allowed.add(f"{letter}2:{letter}{MOST_ROWS}")
            sheet.add_data_validation(allowed)
    sheet.freeze_panes = "B2"
    _lay_out(sheet)
    for at, values in enumerate(rows, 2):
        for nth, value in enumerate(values, 1):
            cell = sheet.cell(at, nth)
            if isinstance(value, date):
                cell.value, cell.number_format = value, "yyyy-mm-dd"
            elif value:
                put_text(cell, value)
            if columns[nth - 1].wrap:
                cell.alignment = Alignment(wrap_text=True, vertical="top")


def _lay_out(sheet: Any) -> None:
    """As it comes out of a printer: A4 lying, all columns on one page, the headings and the page number on each."""
    sheet.page_setup.paperSize, sheet.page_setup.orientation = sheet.PAPERSIZE_A4, sheet.ORIENTATION_LANDSCAPE
    sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight = True, 0
    sheet.print_title_rows, sheet.oddFooter.center.text = "1:1", "第 &P 页　共 &N 页"


# -- reading ---------------------------------------------------------------------------------------------------------


Grid = tuple[Mapping[str, str], list[tuple[int, Mapping[str, Any]]]]
"""The letter of each heading, and the rows with their number."""


def _rows(sheet: Any, columns: Sequence[Column]) -> Grid:
    lines = islice(sheet.iter_rows(values_only=True), MOST_ROWS)
    heads = [str(cell).strip() if cell is not None else "" for cell in next(lines, ())]
    missing = [column.name for column in columns if column.needed and column.name not in heads]
    if missing:
        raise Problem("register_file", detail=f"“{sheet.title}”的第 1 行没有“{missing[0]}”")
    names = {column.name for column in columns}
    letters = {head: get_column_letter(nth) for nth, head in enumerate(heads, 1) if head in names}
    found: list[tuple[int, Mapping[str, Any]]] = []
    empty = 0
    for number, line in enumerate(lines, 2):
        cells = {head: cell for head, cell in zip(heads, line, strict=False) if head in names}
        empty = 0 if any(cell not in (None, "") for cell in cells.values()) else empty + 1
        if empty >= _EMPTY:
            break
        if not empty:
            found.append((number, cells))
    return letters, found


def grids(content: bytes, columns: Columns) -> dict[str, Grid]:
    """The sheets of a workbook that are known by name.

    Raises:
        Problem: `register_file` for what is no workbook, or lacks a column that must be filled.
    """
    try:
        book = load_workbook(bounded(content), read_only=True, data_only=True)
        return {name: _rows(book[name], known) for name, known in columns.items() if name in book.sheetnames}
    except Problem:
        raise
    except Swollen as error:
        raise Problem("register_file", detail="展开后太大") from error
    except Exception as error:  # zip, XML and package each fail in their own way
        raise Problem("register_file", detail="打不开，或不是 .xlsx 工作簿") from error


class Bad(Exception):
    """A cell that cannot be taken."""

    def __init__(self, column: str, said: str) -> None:
        super().__init__(said)
        self.column, self.said = column, said


@dataclass(frozen=True, slots=True)
class Line:
    """The cells of a row by heading, each read as what its column holds."""

    columns: Mapping[str, Column]
    cells: Mapping[str, Any]

    def text(self, name: str) -> str:
        column, cell = self.columns[name], self.cells.get(name)
        if isinstance(cell, float | int) and not isinstance(cell, bool):
            if column.needed:
                raise Bad(name, f"{name}成了数字，前面的 0 或末几位可能已经丢了。把这一列设为文本后重新填写。")
            cell = f"{cell:g}" if isinstance(cell, float) else str(cell)
        value = "" if cell is None else str(cell).strip()
        if column.needed and not value:
            raise Bad(name, f"没有填写{name}。填上后再导入。")
        if value and column.values and value not in column.values:
            raise Bad(name, f"没有“{value}”这一项。填{'、'.join(column.values)}。")
        return value

    def day(self, name: str) -> date:
        cell = self.cells.get(name)
        if isinstance(cell, datetime):
            return cell.date()
        if isinstance(cell, date):
            return cell
        if cell in (None, ""):
            raise Bad(name, f"没有填写{name}。填上后再导入。")
        try:
            return parse_zh_date(str(cell))
        except Problem as problem:
            raise Bad(name, str(problem)) from None


def taken(
    name: str,
    columns: Columns,
    held: Mapping[str, Grid],
    faults: list[Fault],
    read_line: Callable[[Line], tuple[str, str, Any]],
) -> Iterator[Any]:
    """The rows that can be taken; a second row of the same code or credential cannot. Fills `faults`."""
    if name not in held:
        return
    letters, lines = held[name]
    known = {column.name: column for column in columns[name]}
    seen: dict[str, int] = {}
    for number, cells in lines:
        try:
            column, key, made = read_line(Line(known, cells))
            if key in seen:
                raise Bad(column, f"和第 {seen[key]} 行的{column}相同。只留一行。")
            seen[key] = number
            yield made
        except Bad as bad:
            faults.append(Fault(name, number, letters.get(bad.column, "?"), bad.said))
