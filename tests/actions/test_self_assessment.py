"""The unit's self-assessment: out as a workbook, back filled in, and where the officers look first."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from inspector_app.actions import self_assessment
from inspector_app.actions.book import undo
from inspector_app.actions.sign_in import Session
from inspector_app.domain.problems import Problem
from tests.office import CASE, arrive


def filled(session: Session, folder: Path, answers: Mapping[str, tuple[str, str]], *, unit: str | None = None,
           by: str = "示例吴晓", day: object = date(2026, 3, 1)) -> Path:  # fmt: skip
    """The workbook as the unit sends it back."""
    (folder / "自查表.xlsx").unlink(missing_ok=True)  # of the one before
    path = self_assessment.write_file(session.book, CASE, folder / "自查表.xlsx")
    book = load_workbook(path)
    sheet, about = book["自查表"], book["填写信息"]
    for line in sheet.iter_rows(min_row=2):
        if line[0].value in answers:
            line[3].value, line[4].value = answers[line[0].value]
    about["B2"], about["C2"] = by, day
    if unit is not None:
        about["A2"] = unit
    book.save(path)
    return path


def taken(session: Session, path: Path) -> int:
    received = self_assessment.read_file(session.book, CASE, path)
    return self_assessment.take(session.book, CASE, received).value


def test_it_goes_out_with_every_item_and_comes_back_into_the_record(session: Session, tmp_path: Path) -> None:
    case = session.queries.case(CASE)
    items = session.queries.form(case).items
    path = filled(session, tmp_path, {"A01": ("符合", ""), "E03": ("不符合", "示例：库房改造中")})
    sheet = load_workbook(path)["自查表"]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [item.code for item in items]
    assert taken(session, path) == 2
    held = session.queries.case(CASE).self_check
    assert held is not None and (held.by, held.day, held.file) == ("示例吴晓", date(2026, 3, 1), "自查表.xlsx")
    assert {code: (said.value, said.note) for code, said in held.answers.items()} == {
        "A01": ("符合", ""), "E03": ("不符合", "示例：库房改造中"),
    }  # fmt: skip
    event = session.book.store.events(CASE)[-1]
    assert [ref.sha256 for ref in event.blobs] == [held.sha256], "the workbook itself is kept with the event"


def test_the_officers_look_first_at_what_is_admitted_then_left_open_then_at_hazards(
    session: Session, tmp_path: Path
) -> None:
    items = session.queries.form(session.queries.case(CASE)).items
    hazard = next(item.code for item in items if item.is_hazard)
    plain = next(item.code for item in items if not item.is_hazard)
    answers = {item.code: ("符合", "") for item in items if item.code != "K06"}
    answers |= {"L01": ("不适用", ""), "D08": ("基本符合", ""), "C01": ("不符合", "")}
    taken(session, filled(session, tmp_path, answers))
    looks = self_assessment.looks(session.book, session.queries.case(CASE))
    assert [(look.item, look.why) for look in looks[:4]] == [
        ("C01", "自查不符合"), ("D08", "自查基本符合"), ("L01", "自查不适用"), ("K06", "没有自查"),
    ]  # fmt: skip
    rest = [look.item for look in looks[4:]]
    assert hazard in rest and plain not in rest and all("要核实" in look.why for look in looks[4:])


def test_a_later_one_replaces_it_and_undo_brings_the_former_back(session: Session, tmp_path: Path) -> None:
    taken(session, filled(session, tmp_path, {"A01": ("符合", "")}))
    received = self_assessment.read_file(session.book, CASE, filled(session, tmp_path, {"A01": ("不符合", "")}))
    done = self_assessment.take(session.book, CASE, received)
    held = session.queries.case(CASE).self_check
    assert held is not None and held.answers["A01"].value == "不符合"
    undo(session.book, done)
    held = session.queries.case(CASE).self_check
    assert held is not None and held.answers["A01"].value == "符合"


def test_the_first_one_can_be_taken_back(session: Session, tmp_path: Path) -> None:
    received = self_assessment.read_file(session.book, CASE, filled(session, tmp_path, {"A01": ("符合", "")}))
    undo(session.book, self_assessment.take(session.book, CASE, received))
    assert session.queries.case(CASE).self_check is None
    assert self_assessment.looks(session.book, session.queries.case(CASE)) == []


def test_bad_rows_are_named_and_leave_only_themselves_out(session: Session, tmp_path: Path) -> None:
    path = filled(session, tmp_path, {"A01": ("合格", ""), "A02": ("符合", "")}, day="三月")
    book = load_workbook(path)
    book["自查表"].append(["Z99", "示例", "", "符合", ""])
    book.save(path)
    told = self_assessment.read_file(session.book, CASE, path).told
    assert [answer.item for answer in told.answers] == ["A02"]
    said = " ".join(map(str, told.faults))
    assert "自查表 D2：没有“合格”这一项" in said and "检查表里没有 Z99" in said and "填写信息 C2" in said


def other_book() -> bytes:
    made = io.BytesIO()
    Workbook().save(made)
    return made.getvalue()


@pytest.mark.parametrize(("content", "code"), [(b"no workbook", "register_file"), (other_book(), "selfcheck_file")])
def test_another_file_is_refused(session: Session, tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / "示例.xlsx").write_bytes(content)
    with pytest.raises(Problem) as caught:
        self_assessment.read_file(session.book, CASE, tmp_path / "示例.xlsx")
    assert caught.value.code == code


def test_another_units_an_empty_one_and_a_late_one_are_refused(session: Session, tmp_path: Path) -> None:
    with pytest.raises(Problem) as caught:
        self_assessment.read_file(session.book, CASE, filled(session, tmp_path, {}, unit="示例另一单位"))
    assert caught.value.code == "selfcheck_other"
    with pytest.raises(Problem) as caught:
        taken(session, filled(session, tmp_path, {}))
    assert caught.value.code == "selfcheck_file"
    path = filled(session, tmp_path, {"A01": ("符合", "")})
    arrive(session.book)
    with pytest.raises(Problem) as caught:
        taken(session, path)
    assert caught.value.code == "selfcheck_late"
