"""What is filled in for a paper: declared once, used, needed as the wording says, and the same in form and schema."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from inspector_app.domain.problems import Problem
from inspector_app.domain.said import digest_of
from inspector_app.domain.sheet import Entry, Sheet, check
from inspector_app.papers import wording
from inspector_app.papers.catalog import CATALOG, Maker
from inspector_app.papers.render import form_of, missing, schema
from inspector_app.papers.wording import Wording
from inspector_app.places import ROOT, SHIPPED, Shelf
from tests.papers import sample
from tests.papers.test_paper import pages_of, whole_text

SETS = ("ministry", "shanghai")
FILLED = tuple(kind for kind in CATALOG if Wording(kind, "shanghai", {}).entries)


def words(kind: str, titles: str = "shanghai") -> Wording:
    return Wording(kind, titles, {})


def declared(kind: str) -> dict[str, Any]:
    found: dict[str, Any] = wording._data(SHIPPED, kind).get("entries", {})
    return found


def columns(kind: str) -> set[str]:
    return {name for row in declared(kind).values() if isinstance(row, dict) for name in row.get("columns", {})}


def values(sheet: Sheet) -> dict[str, Any]:
    return {**sheet.fields, **{name: [list(row) for row in rows] for name, rows in sheet.rows.items()}}


@pytest.mark.parametrize("titles", SETS)
@pytest.mark.parametrize("kind", CATALOG)
def test_every_name_is_declared_and_used_exactly_once(kind: str, titles: str) -> None:
    """What the wording names is filled in, stated by the case, or worded by the generator under a label of its own."""
    facts = set(Maker(sample.CASE, date(2026, 3, 18), kind, titles, frozenset()).words.facts)
    entries = declared(words(kind).sheet)
    known = {*entries, *columns(words(kind).sheet)}
    assert not set(entries) & (set(sample_facts()) - {f"{name}_day" for name in entries})
    labelled = {
        *wording._data(SHIPPED, words(kind).sheet).get("facts", {}),
        *wording._data(SHIPPED, kind).get("facts", {}),
        *wording._data(SHIPPED, wording.COMMON)["facts"],
    }
    for name in words(kind, titles).uses():
        assert name in known | facts | labelled, name
    used = {
        name for other in CATALOG if words(other).sheet == kind for each in SETS for name in words(other, each).uses()
    }
    for name, row in declared(kind).items():
        mine = set(row.get("columns", {})) if isinstance(row, dict) else set()
        assert name in used or mine & used, f"{name} is declared and never used"


def sample_facts() -> dict[str, str]:
    return dict(Maker(sample.CASE, date(2026, 3, 18), "notice", "shanghai", frozenset()).words.facts)


@pytest.mark.parametrize("kind", CATALOG)
def test_every_label_of_a_paper_is_needed(kind: str) -> None:
    """A label that no wording, entry or generator asks for would be a second, forgotten declaration."""
    source = Path(CATALOG[kind].blocks.__code__.co_filename).read_text("utf-8")
    own = wording._data(SHIPPED, kind).get("facts", {})
    names = {
        name for other in CATALOG if words(other).sheet == kind or other == kind
        for name in (*words(other).uses(), *(f"{n}_day" for n in declared(kind)))
    }  # fmt: skip
    for name in own:
        assert name in names | set(declared(kind)) | columns(kind) or f'"{name}"' in source, name


@pytest.mark.parametrize("kind", FILLED)
def test_what_is_needed_is_what_the_paper_lacks(kind: str) -> None:
    """The completeness check, the form and the schema say the same of a sheet with nothing on it."""
    case = sample.case_of(kind)
    bare = replace(case, sheets=())
    lacking = missing(kind, bare)
    form = form_of(kind, bare)
    for entry in form.entries:
        if not entry.mandatory or form.defaults.get(entry.name):
            continue
        columns = [column.label for column in entry.columns if column.mandatory and column.kind != "key"]
        day = wording._data(SHIPPED, words(kind).sheet)["facts"].get(f"{entry.name}_day", entry.label)
        for name in columns if entry.given else [entry.label]:
            assert any(each.endswith((name, day)) for each in lacking), (entry.name, lacking)
    required = schema(kind)["required"]
    assert set(required) == {e.name for e in form.entries if e.mandatory and not e.default}
    assert missing(kind, case) == ()


@pytest.mark.parametrize("kind", FILLED)
def test_the_schema_takes_the_sample_and_nothing_else(kind: str) -> None:
    made = schema(kind)
    jsonschema_rs.meta.validate(made)
    validator = jsonschema_rs.Draft202012Validator(made, validate_formats=True)
    sheet = next(s for s in sample.CASE.sheets if s.kind == words(kind).sheet)
    mine = {name: value for name, value in values(sheet).items() if name in made["properties"]}
    validator.validate(mine)
    assert not validator.is_valid({**mine, "strange": "x"})
    for name in made["required"]:
        assert not validator.is_valid({key: value for key, value in mine.items() if key != name})
    for name, about in made["properties"].items():
        if about.get("format") or about.get("enum"):
            assert not validator.is_valid({**mine, name: "示例"})


@pytest.mark.parametrize("kind", FILLED)
def test_every_value_of_the_sample_is_one_of_its_entry(kind: str) -> None:
    sheet = next(s for s in sample.CASE.sheets if s.kind == words(kind).sheet)
    for entry in words(kind).entries:
        value = values(sheet).get(entry.name, "")
        assert check(entry, value or ([] if entry.kind == "rows" else "")) == (
            value or ([] if entry.kind == "rows" else "")
        )


def test_what_is_no_value_of_an_entry_is_told() -> None:
    choice = Entry("x", "choice", "性别", options=("男", "女"))
    table = Entry("t", "rows", "问答", columns=(Entry("q", "prose", "问"), Entry("a", "day", "答")))
    for entry, value, code in (
        (choice, "示例", "field_needed"), (Entry("d", "day", "日期"), "2026-02-30", "bad_date"),
        (Entry("m", "moment", "时间"), "早上", "bad_date"), (Entry("p", "text", "姓名"), ["x"], "field_needed"),
        (table, "x", "field_needed"), (table, [["只有一格"]], "field_needed"), (table, [["问", "昨天"]], "bad_date"),
    ):  # fmt: skip
        with pytest.raises(Problem) as told:
            check(entry, value)
        assert told.value.code == code
    assert check(table, [["问", "2026-03-16"], ["", ""]]) == [["问", "2026-03-16"]]
    assert check(choice, "") == ""


def test_wording_of_an_unknown_kind_of_entry_is_refused() -> None:
    text = SHIPPED.text("papers/approval.toml").replace('cap = "text"', 'cap = "number"')
    with pytest.raises(ValueError, match="cap"):
        _ = Wording("approval", "shanghai", {}, Shelf(published={"papers/approval.toml": text})).entries


def test_a_field_that_the_bureau_strikes_from_its_wording_is_asked_no_more() -> None:
    text = SHIPPED.text("papers/interview.toml").replace('  ["住址", "{home?}"],\n', "")
    shelf = Shelf(published={"papers/interview.toml": text})
    assert "home" in {e.name for e in words("interview").entries}
    assert "home" not in {e.name for e in Wording("interview", "shanghai", {}, shelf).entries}
    needed = Shelf(
        published={"papers/interview.toml": SHIPPED.text("papers/interview.toml").replace("{home?}", "{home}")}
    )
    case = replace(
        sample.CASE, sheets=(replace(filled("interview"), fields={**filled("interview").fields, "home": ""}),)
    )
    assert missing("interview", case) == () and missing("interview", case, shelf=needed) == ("住址",)


def filled(kind: str) -> Sheet:
    return next(sheet for sheet in sample.CASE.sheets if sheet.kind == kind)


def test_a_paper_says_what_its_own_sheet_says() -> None:
    """One person, one record: two interviews of one case are two papers."""
    other = replace(filled("interview"), id="interview-2", fields={**filled("interview").fields, "person": "示例吴晓"})
    case = replace(sample.CASE, sheets=(*sample.CASE.sheets, other))
    text = whole_text(pages_of("interview", case, sample.stamp("interview", sheet="interview-2")))
    assert "示例吴晓" in text and "示例郑青" not in text
    said = [digest_of(case, "interview", id, ("person", "talk")) for id in ("interview-2", "interview")]
    assert said[0] != said[1] and all(said)
    assert digest_of(case, "interview", "interview-2", ("talk",)) == digest_of(
        case, "interview", "interview", ("talk",)
    )


def test_answers_stay_as_they_were_given() -> None:
    rows = (("为什么？", "不知道！"), ("还有吗？", "没有。"))
    case = replace(sample.CASE, sheets=(replace(filled("interview"), rows={"talk": rows}),))
    text = whole_text(pages_of("interview", case))
    assert "答：不知道！" in text and "答：没有。" in text and "。。" not in text
    assert missing("interview", replace(sample.CASE, sheets=(replace(filled("interview"), rows={}),))) == ("问答",)
    lame = replace(filled("interview"), rows={"talk": (("为什么？", ""),)})
    assert missing("interview", replace(sample.CASE, sheets=(lame,))) == ("第1行的答",)


def test_a_bad_value_of_another_version_counts_as_not_filled_in() -> None:
    fields = {**filled("interview").fields, "asked_from": "昨天"}
    case = replace(sample.CASE, sheets=(replace(filled("interview"), fields=fields, rows={"talk": (("只有一格",),)}),))
    assert missing("interview", case) == ("询问开始时间", "问答")


def test_reinspection_goes_item_by_item_through_the_order() -> None:
    ordered = [f for f in sample.CASE.findings if f.consequence in ("rectify", "correct")]
    form = form_of("reinspection_record", sample.case_of("reinspection_record"))
    assert [key for key, _ in form.given["re_items"]] == [f.code for f in ordered]
    case = sample.case_of("reinspection_record")
    one = replace(filled("reinspection_record"), rows={"re_items": filled("reinspection_record").rows["re_items"][:1]})
    case = replace(case, sheets=(one,))
    for kind in ("reinspection_record", "reinspection_opinion"):
        assert "检查项E03的复查结果" in missing(kind, case) and "检查项E01的复查结果" not in missing(kind, case)


def test_an_opinion_of_reinspection_is_made_from_the_record() -> None:
    text = whole_text(pages_of("reinspection_opinion"))
    assert "两具灭火器已更换" in text and "部分完成整改" in text and "2026年5月29日，" in text
    assert "责令" not in re.sub("《责令限期(整改|改正)通知书》", "", text)


def test_a_granted_extension_needs_its_day() -> None:
    fields = {**filled("extension").fields, "granted_until": ""}
    case = replace(sample.case_of("extension"), sheets=(replace(filled("extension"), fields=fields),))
    assert missing("extension", case) == ("同意延期的批准延至",)
    refused = replace(case, sheets=(replace(case.sheets[0], fields={**fields, "extension_result": "不同意延期"}),))
    assert missing("extension", refused) == ()


def test_what_is_published_names_no_person_and_no_phone() -> None:
    sheet = filled("publicity")
    fields = {**sheet.fields, "public_result": "示例吴晓（电话021-10000037）、13800000000称由示例陆一鸣检查。"}
    case = replace(sample.case_of("publicity"), sheets=(replace(sheet, fields=fields),))
    text = whole_text(pages_of("publicity", case))
    people = [*(o.name for o in case.officers), *(a.name for a in case.visit.attendees), "示例李建国", "示例周敏"]
    assert not [name for name in people if name in text]
    assert "10000037" not in text and "13800000000" not in text and "示例区水务局" in text


def test_contents_count_the_pages_of_what_stands_in_the_file() -> None:
    case = sample.case_of("case_contents")
    text = whole_text(pages_of("case_contents"))
    ends, last = [], 0
    for paper in case.filed:
        last += paper.pages
        ends.append(str(last))
    assert f"{last}页" in whole_text(pages_of("case_cover")) and all(end in text for end in ends)
    notice = case.formal("notice")[0]
    newer = replace(notice, id="n2", revision=2, pages=3, at=sample.at(10, 0, 9))
    changed = replace(case, papers=tuple(sorted((*case.papers, newer), key=lambda p: p.at)))
    assert newer in changed.filed and notice not in changed.filed, "a version that gave way is not in the file"
    assert digest_of(changed, "case_contents") != digest_of(case, "case_contents")


def test_the_example_of_the_manual_is_what_stands_in_the_tree() -> None:
    """docs/adding-a-paper.md shows a real paper: every block of it is found as it is in one of the three files."""
    files = ("forms/papers/draw_record.toml", "forms/policy.toml", "inspector_app/papers/catalog/draw_record.py")
    texts = [(ROOT / name).read_text("utf-8") for name in files]
    shown = re.findall(r"```(?:toml|python)\n(.*?)```", (ROOT / "docs/adding-a-paper.md").read_text("utf-8"), re.S)
    assert len(shown) == 5
    for block in shown:
        assert any(block in text for text in texts), block


def test_a_copy_says_whose_it_is() -> None:
    text = whole_text(pages_of("rectification", stamp=sample.stamp("rectification", copy="第1联　被检查单位")))
    assert text.count("第1联　被检查单位") == len(pages_of("rectification"))
    assert "第1联" not in whole_text(pages_of("rectification"))


def test_the_day_of_a_moment_is_missed_by_the_name_that_stands_on_the_form() -> None:
    held = next(sheet for sheet in sample.CASE.sheets if sheet.kind == "reinspection_record")
    case = replace(sample.CASE, papers=sample.PAPERS, sheets=(replace(held, fields={**held.fields, "re_from": ""}),))
    label = next(entry.label for entry in form_of("reinspection_opinion", case).entries if entry.name == "re_from")
    assert label in missing("reinspection_opinion", case)


@pytest.mark.parametrize("kind", FILLED)
def test_the_schema_refuses_blanks_where_the_completeness_check_does(kind: str) -> None:
    made = schema(kind)
    for entry in form_of(kind, sample.case_of(kind)).entries:
        if entry.kind in ("text", "prose"):
            blank = jsonschema_rs.Draft202012Validator(made["properties"][entry.name]).is_valid(" ")
            assert blank is (not entry.mandatory or bool(entry.default)), entry.name
