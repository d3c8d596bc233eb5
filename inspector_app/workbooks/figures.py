"""The figures of a year as a workbook: the section of the report, then a sheet a table."""

from __future__ import annotations

import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ..domain.annual import Table
from .table import put_text

REPORT = "年度报告"
_WIDE, _TEXT = 18, 100
"""Widths of columns in characters."""


def write(year: str, report: str, tables: Sequence[Table]) -> bytes:
    """The workbook. Counts are numbers, so that they can be added up; all else is text, and no name is a formula."""
    book = Workbook()
    first = book.active
    first.title = REPORT
    first.column_dimensions["A"].width = _TEXT
    for at, text in enumerate((f"{year}档案行政检查情况", report), 1):
        _put(first, at, 1, text)
        first.cell(at, 1).alignment = Alignment(wrap_text=True, vertical="top")
    first["A1"].font = Font(bold=True)
    for title, heads, rows in tables:
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for nth, head in enumerate(heads, 1):
            _put(sheet, 1, nth, head)
            sheet.cell(1, nth).font = Font(bold=True)
            sheet.column_dimensions[get_column_letter(nth)].width = _WIDE
        for at, values in enumerate(rows, 2):
            for nth, value in enumerate(values, 1):
                _put(sheet, at, nth, value)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _put(sheet: Worksheet, row: int, column: int, value: str | int) -> None:
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        put_text(cell, value)
    else:
        cell.value = value
