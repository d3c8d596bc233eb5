"""Units and officers as one workbook with two sheets. What cannot be taken is told by sheet, row and column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..domain.people import Credential, Officer, Unit, UnitKind, checked_credit_code
from ..domain.problems import Problem
from ..domain.roster import CREDITS, RISKS
from .table import Bad, Column, Columns, Fault, Line, grids, taken, written

UNITS, OFFICERS = "单位", "人员"


@dataclass(frozen=True, slots=True)
class Told:
    """What a workbook holds: the rows that can be taken, and what is wrong with the others."""

    units: tuple[Unit, ...]
    officers: tuple[Officer, ...]
    faults: tuple[Fault, ...]


_KINDS = {kind.label: kind for kind in UnitKind}
_STATES = ("有效", "暂停", "收回")
_COLUMNS: Columns = {
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


def write(units: Iterable[Unit], officers: Iterable[Officer]) -> bytes:
    """The workbook of both registers."""
    held = ((o, o.credential) for o in officers)
    return written(_COLUMNS, {
        UNITS: ((u.name, u.credit_code, u.kind.label, u.address, u.head, u.contact, u.phone, u.risk, u.credit)
                for u in units),
        OFFICERS: (
            (o.name, o.title, c.number if c else "", c.valid_from if c else "", c.valid_to if c else "",
             c.status if c else "", "是" if o.leader else "否", o.phone)
            for o, c in held
        ),
    })  # fmt: skip


def read(content: bytes, units: Iterable[Unit] = (), officers: Iterable[Officer] = ()) -> Told:
    """What a workbook holds. Who is known by code or credential keeps the id; all others get theirs from it.

    Raises:
        Problem: `register_file` for what is no such workbook.
    """
    held = grids(content, _COLUMNS)
    if not held:
        raise Problem("register_file", detail=f"没有“{UNITS}”或“{OFFICERS}”工作表")
    faults: list[Fault] = []
    known_units = {unit.credit_code: unit for unit in units}
    known_officers = {officer.credential_number: officer for officer in officers if officer.credential}
    found_units = taken(UNITS, _COLUMNS, held, faults, lambda line: _unit(line, known_units))
    found_officers = taken(OFFICERS, _COLUMNS, held, faults, lambda line: _officer(line, known_officers))
    return Told(tuple(found_units), tuple(found_officers), tuple(faults))


def _unit(line: Line, known: Mapping[str, Unit]) -> tuple[str, str, Unit]:
    name, kind = line.text("单位名称"), _KINDS[line.text("单位类型")]
    try:
        code = checked_credit_code(line.text("统一社会信用代码"))
    except Problem as problem:
        raise Bad("统一社会信用代码", str(problem)) from None
    id = known[code].id if code in known else f"u-{code}"
    rest = (line.text(head) for head in ("地址", "负责人", "联系人", "电话", "风险", "信用"))
    return "统一社会信用代码", code, Unit(id, name, kind, code, *rest)


def _officer(line: Line, known: Mapping[str, Officer]) -> tuple[str, str, Officer]:
    name, number = line.text("姓名"), line.text("执法证号")
    start, end = line.day("有效期起"), line.day("有效期止")
    if end < start:
        raise Bad("有效期止", "有效期止早于有效期起。对照证件重新填写。")
    held = Credential(number, start, end, line.text("证件状态") or "有效")
    id = known[number].id if number in known else f"p-{number}"
    officer = Officer(id, name, line.text("职务"), held, line.text("局领导") == "是", line.text("电话"))
    return "执法证号", number, officer
