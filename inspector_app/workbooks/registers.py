"""Units and officers as one workbook with two sheets. What cannot be taken is told by sheet, row and column."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation

from ..domain.calendar import parse_zh_date
from ..domain.people import Credential, Officer, Unit, UnitKind, checked_credit_code
from ..domain.problems import Problem
from ..domain.roster import CREDITS, RISKS

UNITS, OFFICERS = "单位", "人员"
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
class Told:
    """What a workbook holds: the rows that can be taken, and what is wrong with the others."""

    units: tuple[Unit, ...]
    officers: tuple[Officer, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, width in characters, whether it must be filled, and the values it may hold."""

    name: str
    width: int
    needed: bool = False
    values: tuple[str, ...] = ()
    day: bool = False


_KINDS = {kind.label: kind for kind in UnitKind}
_STATES = ("有效", "暂停", "收回")
_COLUMNS: Mapping[str, tuple[Column, ...]] = {
    UNITS: (
        Column("单位名称", 30, True), Column("统一社会信用代码", 24, True), Column("单位类型", 14, True, tuple(_KINDS)),
        Column("地址", 30), Column("负责人", 14), Column("联系人", 14), Column("电话", 18), Column("风险", 8, False, RISKS),
        Column("信用", 8, False, CREDITS),
    ),
    OFFICERS: (
        Column("姓名", 14, True), Column("职务", 18), Column("执法证号", 18, True), Column("有效期起", 16, True, day=True),
        Column("有效期止", 16, True, day=True), Column("证件状态", 10, False, _STATES), Column("局领导", 8, False, ("是", "否")),
        Column("电话", 18),
    ),
}  # fmt: skip


# -- writing ---------------------------------------------------------------------------------------------------------


def write(units: Iterable[Unit], officers: Iterable[Officer]) -> bytes:
    """The workbook. Everything but days is text: a code keeps its zeros, and a name that begins with = is no formula."""
    book = Workbook()
    book.remove(book.active)
    _fill(book, UNITS, ((u.name, u.credit_code, u.kind.label, u.address, u.head, u.contact, u.phone, u.risk, u.credit)
                        for u in units))  # fmt: skip
    held = ((o, o.credential) for o in officers)
    _fill(book, OFFICERS, (
        (o.name, o.title, c.number if c else "", c.valid_from if c else "", c.valid_to if c else "", c.status if c else "",
         "是" if o.leader else "否", o.phone)
        for o, c in held
    ))  # fmt: skip
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _fill(book: Workbook, name: str, rows: Iterable[Sequence[str | date]]) -> None:
    sheet, columns = book.create_sheet(name), _COLUMNS[name]
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
    for at, values in enumerate(rows, 2):
        for nth, value in enumerate(values, 1):
            cell = sheet.cell(at, nth)
            if isinstance(value, date):
                cell.value, cell.number_format = value, "yyyy-mm-dd"
            elif value:
                cell.value, cell.data_type, cell.number_format = value, "s", "@"


# -- reading ---------------------------------------------------------------------------------------------------------


def read(content: bytes, units: Iterable[Unit] = (), officers: Iterable[Officer] = ()) -> Told:
    """What a workbook holds. Who is known by code or credential keeps the id; all others get theirs from it.

    Raises:
        Problem: `register_file` for what is no such workbook.
    """
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        grids = {name: _rows(book[name], columns) for name, columns in _COLUMNS.items() if name in book.sheetnames}
    except (
        BadZipFile,
        InvalidFileException,
        KeyError,
        ValueError,
        EOFError,
        OSError,
        TypeError,
        AttributeError,
    ) as error:
        raise Problem("register_file", detail="打不开，或不是 .xlsx 工作簿") from error
    if not grids:
        raise Problem("register_file", detail=f"没有“{UNITS}”或“{OFFICERS}”工作表")
    faults: list[Fault] = []
    known_units = {unit.credit_code: unit for unit in units}
    known_officers = {officer.credential_number: officer for officer in officers if officer.credential}
    found_units = _taken(UNITS, grids, faults, lambda line: _unit(line, known_units))
    found_officers = _taken(OFFICERS, grids, faults, lambda line: _officer(line, known_officers))
    return Told(tuple(found_units), tuple(found_officers), tuple(faults))


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


class _Bad(Exception):
    """A cell that cannot be taken."""

    def __init__(self, column: str, said: str) -> None:
        super().__init__(said)
        self.column, self.said = column, said


@dataclass(frozen=True, slots=True)
class _Line:
    """The cells of a row by heading, each read as what its column holds."""

    columns: Mapping[str, Column]
    cells: Mapping[str, Any]

    def text(self, name: str) -> str:
        column, cell = self.columns[name], self.cells.get(name)
        if isinstance(cell, float | int) and not isinstance(cell, bool):
            if column.needed:
                raise _Bad(name, f"{name}成了数字，前面的 0 或末几位可能已经丢了。把这一列设为文本后重新填写。")
            cell = f"{cell:g}" if isinstance(cell, float) else str(cell)
        value = "" if cell is None else str(cell).strip()
        if column.needed and not value:
            raise _Bad(name, f"没有填写{name}。填上后再导入。")
        if value and column.values and value not in column.values:
            raise _Bad(name, f"没有“{value}”这一项。填{'、'.join(column.values)}。")
        return value

    def day(self, name: str) -> date:
        cell = self.cells.get(name)
        if isinstance(cell, datetime):
            return cell.date()
        if isinstance(cell, date):
            return cell
        if cell in (None, ""):
            raise _Bad(name, f"没有填写{name}。填上后再导入。")
        try:
            return parse_zh_date(str(cell))
        except Problem as problem:
            raise _Bad(name, str(problem)) from None


def _taken(
    name: str, grids: Mapping[str, Grid], faults: list[Fault], read_line: Callable[[_Line], tuple[str, str, Any]]
) -> Iterator[Any]:
    """The rows that can be taken; a second row of the same code or credential cannot. Fills `faults`."""
    if name not in grids:
        return
    letters, lines = grids[name]
    columns = {column.name: column for column in _COLUMNS[name]}
    seen: dict[str, int] = {}
    for number, cells in lines:
        try:
            column, key, made = read_line(_Line(columns, cells))
            if key in seen:
                raise _Bad(column, f"和第 {seen[key]} 行的{column}相同。只留一行。")
            seen[key] = number
            yield made
        except _Bad as bad:
            faults.append(Fault(name, number, letters.get(bad.column, "?"), bad.said))


def _unit(line: _Line, known: Mapping[str, Unit]) -> tuple[str, str, Unit]:
    name, kind = line.text("单位名称"), _KINDS[line.text("单位类型")]
    try:
        code = checked_credit_code(line.text("统一社会信用代码"))
    except Problem as problem:
        raise _Bad("统一社会信用代码", str(problem)) from None
    id = known[code].id if code in known else f"u-{code}"
    rest = (line.text(head) for head in ("地址", "负责人", "联系人", "电话", "风险", "信用"))
    return "统一社会信用代码", code, Unit(id, name, kind, code, *rest)


def _officer(line: _Line, known: Mapping[str, Officer]) -> tuple[str, str, Officer]:
    name, number = line.text("姓名"), line.text("执法证号")
    start, end = line.day("有效期起"), line.day("有效期止")
    if end < start:
        raise _Bad("有效期止", "有效期止早于有效期起。对照证件重新填写。")
    held = Credential(number, start, end, line.text("证件状态") or "有效")
    id = known[number].id if number in known else f"p-{number}"
    officer = Officer(id, name, line.text("职务"), held, line.text("局领导") == "是", line.text("电话"))
    return "执法证号", number, officer
