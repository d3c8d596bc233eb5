"""Registers as Excel: what was written reads back the same; a bad cell is told and leaves only its own row out."""

from __future__ import annotations

import io
import random
from dataclasses import replace
from datetime import date
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from inspector_app.actions import trial
from inspector_app.domain.people import Credential, Officer, Unit, UnitKind, check_digit
from inspector_app.domain.problems import Problem
from inspector_app.domain.roster import CREDITS, RISKS
from inspector_app.office_file import MOST_UNPACKED
from inspector_app.workbooks import figures
from inspector_app.workbooks.registers import OFFICERS, UNITS, read, write

DATA = trial.sample()
PEOPLE = tuple(trial.officers_of(DATA).values())
SOME = tuple(Unit(**{**row, "kind": UnitKind(row["kind"])}) for row in DATA["unit"])


def changed(sheet: str, cell: str, value: Any) -> bytes:
    """The sample registers with one cell changed by hand."""
    book = load_workbook(io.BytesIO(write(SOME, PEOPLE)))
    book[sheet][cell] = value
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def test_the_sample_registers_come_back() -> None:
    told = read(write(SOME, PEOPLE), SOME, PEOPLE)
    assert (told.units, told.officers, told.faults) == (SOME, PEOPLE, ())


words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co", "Zl", "Zp", "Zs")), min_size=1, max_size=9
)


@settings(max_examples=15)
@given(words, words, st.sampled_from(["", *RISKS]), st.sampled_from(["", *CREDITS]), st.dates(date(1990, 1, 1)), words)
def test_any_text_comes_back_as_text(name: str, other: str, risk: str, credit: str, day: date, number: str) -> None:
    body = "1131011200000001A"
    unit = Unit(
        "u-", f"={name}", UnitKind.TOWN, body + check_digit(body), f"+{other}", other, "0012", "007", risk, credit
    )
    officer = Officer("p-", name, other, Credential(f"0{number}", day, day, "暂停"), True, "021")
    told = read(write([unit], [officer]), [unit], [officer])
    assert (told.units, told.officers, told.faults) == ((unit,), (officer,), ())


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "said"),
    [
        (UNITS, "B3", "113101123BJ1XG612Y", "单位 B3：统一社会信用代码“113101123BJ1XG612Y”的校验位不对"),
        (UNITS, "B3", 113101120000, "单位 B3：统一社会信用代码成了数字"),
        (UNITS, "B3", SOME[0].credit_code, "单位 B3：和第 2 行的统一社会信用代码相同"),
        (UNITS, "A3", "  ", "单位 A3：没有填写单位名称"),
        (UNITS, "C3", "公司", "单位 C3：没有“公司”这一项。填机关、"),
        (UNITS, "H3", "很高", "单位 H3：没有“很高”这一项"),
        (OFFICERS, "E3", "去年", "人员 E3：日期“去年”无效"),
        (OFFICERS, "E3", date(2001, 1, 1), "人员 E3：有效期止早于有效期起"),
        (OFFICERS, "D3", None, "人员 D3：没有填写有效期起"),
        (OFFICERS, "F3", "丢失", "人员 F3：没有“丢失”这一项"),
    ],
)
def test_a_bad_cell_leaves_only_its_row_out(sheet: str, cell: str, value: Any, said: str) -> None:
    told = read(changed(sheet, cell, value), SOME, PEOPLE)
    (fault,) = told.faults
    assert str(fault).startswith(said)
    assert len(told.units) + len(told.officers) == len(SOME) + len(PEOPLE) - 1


def test_a_sign_that_no_workbook_holds_is_left_out() -> None:
    told = read(write([replace(SOME[0], name="示例\x0b馆\x00"), *SOME[1:]], PEOPLE), SOME, PEOPLE)
    assert [unit.name for unit in told.units] == ["示例馆", *(unit.name for unit in SOME[1:])]
    section = load_workbook(io.BytesIO(figures.write("2026\x01", "=示例\x1f", [("示例", ("列",), (("=1\x02",),))])))
    assert [section[figures.REPORT]["A2"].value, section["示例"]["A2"].value] == ["=示例", "=1"]
    assert section["示例"]["A2"].data_type == "s"


def test_days_may_be_typed_as_text_and_phones_as_numbers() -> None:
    told = read(changed(OFFICERS, "D2", "2024年1月1日"), SOME, PEOPLE)
    assert told.officers[0].credential == PEOPLE[0].credential
    assert read(changed(UNITS, "G2", 2164980000), SOME).units[0].phone == "2164980000"


def test_who_is_new_gets_an_id_from_code_or_credential() -> None:
    told = read(write(SOME[:1], PEOPLE[:1]))
    assert (told.units[0].id, told.officers[0].id) == (f"u-{SOME[0].credit_code}", f"p-{PEOPLE[0].credential_number}")


def test_what_is_no_such_workbook_is_told() -> None:
    other = Workbook()
    other.active.title = "别的"
    made = io.BytesIO()
    other.save(made)
    for content in (
        b"",
        b"PK\x03\x04",
        b"name,code\n",
        made.getvalue(),
        changed(UNITS, "B1", "代码"),
        write([], [])[:900],
    ):
        with pytest.raises(Problem, match="不能导入"):
            read(content)


def part_changed(name: str, content: str) -> bytes:
    """The sample registers with one part of the package changed."""
    made = io.BytesIO()
    with ZipFile(io.BytesIO(write(SOME, PEOPLE))) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        for each in old.namelist():
            new.writestr(each, content if each == name else old.read(each))
    return made.getvalue()


@pytest.mark.parametrize(
    "name", ["xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"]
)
@pytest.mark.parametrize(
    "content", ["", "<a", "<a/>", "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"]
)
def test_a_damaged_part_is_told_or_passed_over(name: str, content: str) -> None:
    try:
        read(part_changed(name, content))
    except Problem as problem:
        assert "不能导入" in str(problem)


def test_what_would_unpack_to_more_than_any_register_is_not_unpacked() -> None:
    with pytest.raises(Problem, match="展开后太大"):
        read(part_changed("docProps/app.xml", " " * (MOST_UNPACKED + 1)))


@pytest.mark.parametrize("seed", range(40))
def test_a_workbook_with_wrong_bytes_is_told_or_read(seed: int) -> None:
    hand, content = random.Random(seed), bytearray(write(SOME[:3], PEOPLE[:2]))
    for _ in range(hand.randint(1, 30)):
        content[hand.randrange(len(content))] = hand.randrange(256)
    try:
        read(bytes(content))
    except Problem as problem:
        assert "不能导入" in str(problem)


def test_an_empty_register_is_a_form_to_fill_in() -> None:
    sheet = load_workbook(io.BytesIO(write([], [])))[UNITS]
    assert [cell.value for cell in sheet[1]][:3] == ["单位名称", "统一社会信用代码", "单位类型"]
    assert any("机关" in str(each.formula1) for each in sheet.data_validations.dataValidation)
