"""The published checklists: reproducible, complete, with a basis for every item."""

import importlib.util
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from inspector_app.checklists.form import Form
from inspector_app.checklists.publish import publish
from inspector_app.domain.finding import Answer
from inspector_app.domain.item import ItemFact
from inspector_app.domain.law import parse as parse_laws
from inspector_app.domain.policy import parse as parse_policy
from inspector_app.domain.problems import Problem
from inspector_app.places import FORMS, ROOT

FOLDER = FORMS / "checklists"
KEYS = ("archives", "enterprise", "four_key", "institution", "organ", "service", "town")
SIZES = {"organ": 107, "institution": 106, "enterprise": 98, "town": 54, "service": 7, "archives": 3, "four_key": 1}
LAWS = parse_laws(path.read_text("utf-8") for path in sorted((FORMS / "laws").glob("*.toml")))
POLICY = parse_policy((FORMS / "policy.toml").read_text("utf-8"))
DATA = {row["code"]: row for row in json.loads((FOLDER / "items.json").read_text("utf-8"))}
FORM = {key: Form.load((FOLDER / f"{key}.xml").read_bytes()) for key in KEYS}


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("checklist_maker", ROOT / "packaging" / "checklists.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def cells(data: bytes) -> dict[str, list[list[object]]]:
    book = load_workbook(io.BytesIO(data))
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets}


def test_every_workbook_is_published_and_nothing_else() -> None:
    assert {path.stem for path in FOLDER.glob("*.xlsx")} == {path.stem for path in FOLDER.glob("*.xml")} == set(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_publishing_a_workbook_again_gives_the_same_bytes(key: str) -> None:
    assert publish(FOLDER / f"{key}.xlsx").encode() == (FOLDER / f"{key}.xml").read_bytes()


def test_the_workbooks_say_what_the_data_say(maker: ModuleType) -> None:
    made = maker.workbooks()
    assert set(made) == set(KEYS)
    for key, data in made.items():
        assert cells(data) == cells((FOLDER / f"{key}.xlsx").read_bytes()), key


def test_writing_a_workbook_twice_gives_the_same_bytes(maker: ModuleType) -> None:
    rows = maker.four_key(list(DATA.values()))
    assert maker.workbook("k", "示例", rows) == maker.workbook("k", "示例", rows)


@pytest.mark.parametrize("key", KEYS)
def test_a_form_has_its_items_in_its_sections(key: str) -> None:
    form = FORM[key]
    assert form.key == key
    assert form.verified_by == ""  # nobody of the bureau has checked it yet
    assert len(form.items) == SIZES[key]
    assert [code for section in form.sections for code in section.items] == [item.code for item in form.items]
    assert all(3 <= len(section.short) <= 4 for section in form.sections)
    assert [info.code for info in form.infos] == [item.code for item in form.items]
    for item in form.items:
        row = DATA[item.code]
        advice = row["consequence"].startswith("约谈") and key != "service"  # 实施条例51 binds service enterprises
        assert item.consequence == ("意见书" if advice else row["consequence"])
        assert (item.text, item.severity, item.remedy) == (row["item"], row["severity"], row["remedy"])
        assert (item.evidence, item.confidence) == (row["evidence"], row["confidence"])
        assert item.methods == "、".join(row["methods"])
        assert item.hint == row["look"] != ""
        assert form.questions[item.code].choices == tuple(Answer)
        assert form.questions[item.reason].of == form.questions[item.note].of == item.code


def test_a_remedy_asks_in_its_own_words_and_goes_into_a_sentence() -> None:
    remedies = [row["remedy"] for row in DATA.values()]
    assert len(set(remedies)) == len(remedies) == 112
    for row in DATA.values():
        assert 8 <= len(row["remedy"]) <= 48 and row["remedy"][-1] not in "。；，、"
        assert row["item"] not in row["remedy"], "an item as a whole is never demanded"
        assert "整改" not in row["remedy"] and "改正" not in row["remedy"]


def test_the_organ_form_has_fourteen_sections() -> None:
    assert [section.title[:2] for section in FORM["organ"].sections] == [f"{n:02d}" for n in range(1, 15)]
    assert "05 设施设备与“八防”" in {section.title for section in FORM["organ"].sections}


@pytest.mark.parametrize("key", KEYS)
def test_every_basis_is_a_known_article_or_marked_unverified(key: str) -> None:
    for item in FORM[key].items:
        assert item.basis
        verified = [article for article in LAWS.find(item.basis) if article.verified]
        assert verified or LAWS.unverified(item.basis), item.code
        for article in verified:
            assert LAWS.in_force(article.citation, date(2026, 3, 16)) == article
        assert POLICY.consequence(item.consequence, "G")


def test_rules_for_enterprises_do_not_bind_organs_nor_the_other_way_round() -> None:
    def titles(key: str) -> set[str]:
        return {article.law.title for item in FORM[key].items for article in LAWS.find(item.basis)}

    for key in ("organ", "institution", "town"):
        assert "企业档案管理规定" not in titles(key)
    assert titles("enterprise").isdisjoint({"机关档案管理规定", "机关文件材料归档范围和文书档案保管期限规定"})
    assert "企业档案管理规定" in titles("enterprise")


CODES = st.sampled_from([item.code for item in FORM["organ"].items])
FACTS = st.dictionaries(CODES, st.sampled_from(list(Answer)), max_size=20)


@given(FACTS, st.sets(CODES))
def test_the_counts_of_the_form_agree_with_a_count_by_hand(answers: dict[str, Answer], reasoned: set[str]) -> None:
    form = FORM["organ"]
    facts = [
        ItemFact(code, "", "", "", value=value, reason="本单位没有这项业务" if code in reasoned else "")
        for code, value in answers.items()
    ]
    sheet = form.sheet(form.answers(facts))
    by_hand = {answer: sum(value == answer for value in answers.values()) for answer in Answer}
    for name, answer in zip(("met", "mostly", "failed", "inapplicable"), Answer, strict=True):
        assert sheet.value(f"count_{name}") == str(by_hand[answer])
        assert sum(int(sheet.value(f"{section.name}_{name}")) for section in form.sections) == by_hand[answer]
    hazards = [code for code, value in answers.items() if value == Answer.NONCONFORMING and form.item(code).is_hazard]
    assert sheet.value("count_hazards") == str(len(hazards))
    counted = len(answers) - by_hand[Answer.NOT_APPLICABLE]
    points = by_hand[Answer.CONFORMING] + by_hand[Answer.MOSTLY] / 2
    assert sheet.score == (round(100 * points / counted, 1) if counted else None)
    assert len(sheet.open_items) == 107 - len(answers)
    unexplained = {c for c, v in answers.items() if v == Answer.NOT_APPLICABLE and c not in reasoned}
    assert set(sheet.missing) == {form.item(code).reason for code in unexplained}


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [("E08_temperature", ["14", "23.5", "-20", "60"], ["-20.1", "61", "很热"]),
     ("E08_humidity", ["0", "58", "100"], ["100.5", "-1"]),
     ("E08", ["符合", "不适用"], ["合格"]),
     ("G03_sampled", ["1", "30"], ["0", "1.5"])],
)  # fmt: skip
def test_readings_have_their_limits(name: str, good: list[str], bad: list[str]) -> None:
    for value in good:
        FORM["organ"].check(name, value)
    for value in bad:
        with pytest.raises(Problem) as caught:
            FORM["organ"].check(name, value)
        assert caught.value.code == "constraint"


def test_defects_are_asked_for_once_there_is_a_sample_and_never_exceed_it() -> None:
    sheet = FORM["organ"].sheet({})
    assert "G03_defects" not in sheet.relevant
    sampled = sheet.with_answer("G03_sampled", "20")
    assert "G03_defects" in sampled.relevant
    assert sampled.problem("G03_defects", "20") == ""
    assert sampled.problem("G03_defects", "21") == "不合格件数不能多于抽样件数。"


def _spoil(change: Callable[[Workbook], None], path: Path) -> Path:
    book = load_workbook(FOLDER / "four_key.xlsx")
    change(book)
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [(3, "type", "select_one nowhere"), (3, "type", "telepathy"), (4, "relevant", "${gone} = '1'"),
     (4, "relevant", "pulldata('x', 'y')"), (3, "bind::archives:severity", "9"), (3, "name", None)],
)  # fmt: skip
def test_a_workbook_that_cannot_work_in_the_field_is_not_published(
    row: int, column: str, value: str | None, tmp_path: Path
) -> None:
    def change(book: Workbook) -> None:
        sheet = book["survey"]
        names = [cell.value for cell in sheet[1]]
        sheet.cell(row, names.index(column) + 1).value = value

    with pytest.raises(Problem) as caught:
        publish(_spoil(change, tmp_path / "示例.xlsx"))
    assert caught.value.code == "bad_workbook"
    assert "示例.xlsx" in str(caught.value)


def test_a_file_that_is_no_workbook_is_not_published(tmp_path: Path) -> None:
    path = tmp_path / "示例.xlsx"
    path.write_bytes(b"no workbook")
    with pytest.raises(Problem) as caught:
        publish(path)
    assert caught.value.code == "bad_workbook"


def test_typographic_quotes_survive_in_texts_and_are_mended_in_rules(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        sheet = book["survey"]
        names = [cell.value for cell in sheet[1]]
        sheet.cell(3, names.index("label") + 1).value = "“四重”档案"
        sheet.cell(4, names.index("relevant") + 1).value = "${F09} = ‘不适用’"

    form = Form.load(publish(_spoil(change, tmp_path / "q.xlsx")).encode())
    assert form.item("F09").text == "“四重”档案"
    assert form.sheet({"F09": "不适用"}).missing == ("F09_reason",)
