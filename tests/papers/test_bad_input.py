"""What nobody expects on a paper: endless names, addresses with URLs, invisible characters, signs without a glyph, hundreds of
findings, thousands of photos, nothing at all, a damaged font."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from inspector_app.domain.casefile import CaseFile
from inspector_app.domain.evidence import Evidence
from inspector_app.domain.problems import Problem
from inspector_app.domain.visit import Visit
from inspector_app.papers import grid
from inspector_app.papers.catalog import CATALOG
from inspector_app.papers.fonts import BUNDLED, FANG, Faces, Source, bundled, installed
from inspector_app.papers.page import Rule, Text
from inspector_app.papers.render import Composed, compose_pages, missing, render, undrawable
from inspector_app.places import RESOURCES, SHIPPED, Shelf
from tests.papers import sample

KINDS = tuple(CATALOG)
FACES = bundled()
LONG = "示例" + "超长名称" * 14 + "总局"  # 60 characters
URL = "示例区南泉路81号（详见 https://archives.example.org/" + "a-very-long-path/" * 6 + "?q=示例）"
ODD = "示例\u202e反向\u200b零宽\u0007控制\ufeff名\r\n换行\t制表"


WORDLESS = ("case_contents",)
"""Papers on which nothing stands that was typed in the inspection."""


def text_of(made: Composed) -> str:
    return "".join(text for leaf in made.shown.leaves for text in leaf)


def composed(kind: str, case: CaseFile, draft: str = "") -> Composed:
    return compose_pages(kind, case, sample.stamp(kind, draft=draft), {}, "shanghai", FACES)


def with_words(kind: str, words: str, address: str = "") -> CaseFile:
    """The case with these words wherever somebody types a name, a place or a remark."""
    case = sample.case_of(kind)
    unit = replace(case.unit, name=words, address=address or words, head=words, contact=words)
    people = tuple(replace(a, name=words, title=words) for a in case.visit.attendees)
    visit = replace(case.visit, place=words, attendees=people, remarks=words, law_topics=words)
    findings = tuple(replace(f, fact=words, demand=words) for f in case.findings)
    pieces = tuple(replace(p, proves=words, place=words, carrier=words) for p in case.evidence)
    sheets = tuple(
        replace(
            sheet,
            fields={name: _typed(value, words) for name, value in sheet.fields.items()},
            rows={
                name: tuple((row[0], *(_typed(cell, words) for cell in row[1:])) for row in rows)
                for name, rows in sheet.rows.items()
            },
        )
        for sheet in case.sheets
    )
    return replace(case, unit=unit, visit=visit, findings=findings, evidence=pieces, sheets=sheets)


def _typed(value: str, words: str) -> str:
    """Free text becomes the words; days, moments and choices are what they are."""
    return words if len(value) > 12 and not value[:4].isdecimal() else value


@pytest.mark.parametrize("kind", KINDS)
def test_endless_names_and_addresses_stay_on_the_sheet(kind: str) -> None:
    for case in (with_words(kind, LONG), with_words(kind, LONG, URL)):
        made = composed(kind, replace(case, bureau=replace(case.bureau, name=LONG)))
        assert made.report.collisions == ()
        for page in made.pages:
            areas = [mark.area for mark in page.marks if isinstance(mark, Text) and mark.text.strip()]
            assert not [(a, b) for a, b in itertools.combinations(areas, 2) if a.meets(b, slack=0.3)], "text upon text"
        assert kind in WORDLESS or "超长名" in text_of(made)


@pytest.mark.parametrize("kind", KINDS)
def test_invisible_characters_leave_no_trace(kind: str) -> None:
    made = composed(kind, with_words(kind, ODD))
    assert not set(text_of(made)) & set("\u202e\u200b\u0007\ufeff\r\n\t")
    assert made.report.collisions == ()


@pytest.mark.parametrize("kind", KINDS)
def test_invisible_characters_in_names_of_people_files_and_items_do_not_stop_a_paper(kind: str) -> None:
    """What is not typed for the inspection itself: the register, the checklist, the card."""
    case = sample.case_of(kind)
    case = replace(
        case, officers=tuple(replace(o, name=o.name + ODD) for o in case.officers),
        evidence=tuple(replace(p, maker=ODD, original_name=ODD) for p in case.evidence),
        items=tuple(replace(i, text=i.text + ODD, section=i.section + ODD) for i in case.items),
        visit=replace(case.visit, statement_reply=ODD),
    )  # fmt: skip
    made = composed(kind, case)
    assert not set(text_of(made)) & set("\u202e\u200b\u0007\ufeff\r\n\t") and made.report.collisions == ()


def test_a_file_is_named_with_the_codes_of_signs_that_cannot_be_drawn() -> None:
    """Nobody can call a stored file otherwise, so that a paper is not refused for it."""
    case = replace(sample.CASE, evidence=(replace(sample.CASE.evidence[0], original_name="示例😀\u202e.jpg"),))
    assert "示例<1F600><202E>.jpg" in text_of(composed("hash_list", case)).replace("\u3000", "")


@pytest.mark.parametrize("blank", [" ", "\u3000\u3000", "\u200b\ufeff", "\n\t\u00a0"])
def test_blanks_are_no_answer(blank: str) -> None:
    case = replace(sample.CASE, unit=replace(sample.UNIT, name=blank), scope=(blank, blank))
    assert {"被检查单位", "检查事项"} <= set(missing("notice", case))
    held = next(sheet for sheet in sample.CASE.sheets if sheet.kind == "draw_record")
    sheet = replace(held, fields={**held.fields, "draw_place": blank})
    assert missing("draw_record", replace(sample.case_of("draw_record"), sheets=(sheet,))) == ("抽取地点",)


def test_a_remark_longer_than_a_page_goes_on() -> None:
    case = sample.case_of("rectification_report")
    made = composed("rectification_report", replace(case, bureau=replace(case.bureau, address="示例长路" * 900)))
    assert made.report.collisions == () and text_of(made).count("示例长路") > 850


@pytest.mark.parametrize("code", ["11310112MTE9NCWMBF", "12310112RWTAANBKF0", "11310112AY4CL12THR"])
@pytest.mark.parametrize("kind", ["approval", "onsite_record", "sampling_list", "closing_report"])
def test_a_wide_code_stays_whole_within_its_cell(kind: str, code: str) -> None:
    """It has a row of its own; in half a row, as a bureau may want it, it is set smaller."""
    case = sample.case_of(kind)
    case = replace(case, unit=replace(case.unit, credit_code=code))
    held = SHIPPED.text(f"papers/{kind}.toml")
    half = held.replace('["信用代码", "{unit_code}"]', '["信用代码", "{unit_code}", "单位名称", "{unit}"]')
    assert half != held
    for shelf, room in ((SHIPPED, grid.WIDTH), (Shelf(published={f"papers/{kind}.toml": half}), grid.WIDTH / 2)):
        made = compose_pages(kind, case, sample.stamp(kind), {}, "shanghai", FACES, shelf)
        shown = [mark for page in made.pages for mark in page.marks if isinstance(mark, Text) and mark.text == code]
        assert len(shown) == 1 and made.report.broken == ()
        assert shown[0].right <= grid.LEFT + room - 1.9 and shown[0].size > 0.85 * grid.SMALL_FOUR


@pytest.mark.parametrize("name", [LONG, "示例市示例区档案局（示例市示例区国家保密局、示例区地方志办公室）"])
def test_the_long_name_of_a_bureau_stands_in_lines_above_the_rule(name: str) -> None:
    case = sample.case_of("opinion")
    made = composed("opinion", replace(case, bureau=replace(case.bureau, name=name)))
    head = [mark for mark in made.pages[0].marks if isinstance(mark, Text) and mark.text and mark.text in name]
    head = [mark for mark in head if mark.size > grid.CELL]
    assert len(head) > 1 and "".join(mark.text for mark in head) == name and min(mark.size for mark in head) > 6.4
    rule = min(mark.y0 for mark in made.pages[0].marks if isinstance(mark, Rule))
    assert all(above.top + above.size < below.top + 0.5 for above, below in itertools.pairwise(head))
    assert head[-1].top + head[-1].size < rule and made.report.collisions == ()


@pytest.mark.parametrize("count", [4, 8, 20, 40])
@pytest.mark.parametrize("kind", ["onsite_record", "evidence_list", "interview", "reinspection_record"])
def test_as_many_as_forty_may_sign_each_page(kind: str, count: int) -> None:
    case = sample.case_of(kind)
    team = tuple(replace(sample.HEAD, id=f"o{n}", name=f"示例检{n:02d}") for n in range(count))
    guests = tuple(replace(case.visit.attendees[0], name=f"示例陪{n:02d}") for n in range(count))
    made = composed(kind, replace(case, officers=team, visit=replace(case.visit, attendees=guests)))
    assert made.report.collisions == () and made.report.forced == 0
    for page in made.pages:
        areas = [mark.area for mark in page.marks if isinstance(mark, Text) and mark.text.strip()]
        assert not [(a, b) for a, b in itertools.combinations(areas, 2) if a.meets(b, slack=0.3)], "text upon text"
        assert max(mark.top for mark in page.marks if isinstance(mark, Text) and mark.text.endswith("日")) < grid.BOTTOM


@pytest.mark.parametrize("count", range(1, 30, 2))
def test_room_to_sign_stands_on_a_page_with_what_is_signed(count: int) -> None:
    held = next(sheet for sheet in sample.CASE.sheets if sheet.kind == "discussion_record")
    views = tuple((f"示例委员{n}", "同意。") for n in range(count))
    case = replace(sample.CASE, sheets=(replace(held, rows={**held.rows, "discuss_views": views}),))
    leaf = next(leaf for leaf in composed("discussion_record", case).shown.leaves if "记录人签名" in leaf)
    assert "讨论决定" in leaf and "参加人签名" in leaf


@pytest.mark.parametrize("kind", KINDS)
def test_a_sign_without_a_glyph_is_refused_by_name(kind: str) -> None:
    if kind in WORDLESS:
        assert "😀" not in text_of(composed(kind, with_words(kind, "示例😀局")))
        return
    with pytest.raises(Problem) as refused:
        composed(kind, with_words(kind, "示例😀局"))
    assert refused.value.code == "missing_glyph" and "😀" in str(refused.value)


def test_what_cannot_be_drawn_is_known_before() -> None:
    assert undrawable("示例😀局") == {"😀"} and not undrawable("示例喆堃昇赟甪邨局")


@pytest.mark.parametrize("kind", ["evidence_list", "correction_order", "interview", "plan"])
def test_a_cell_longer_than_a_page_goes_on_or_says_where_the_rest_is(kind: str) -> None:
    """Captions of photos stand beside their photo and cannot go on: the register has all of it."""
    case = with_words(kind, "示例很长的一段话，没有停下来的意思；" * 90)
    made = compose_pages(
        kind, replace(case, evidence=case.evidence[-2:]), sample.stamp(kind), sample.photos(), "shanghai", FACES
    )
    assert made.report.collisions == () and made.report.forced == 0
    assert ("全文见证据登记单" in text_of(made)) is (kind in ("evidence_list", "correction_order"))


@pytest.mark.parametrize("kind", KINDS)
def test_three_hundred_findings_and_two_thousand_photos(kind: str) -> None:
    """Nothing is lost, nothing collides, no page breaks where it may not."""
    made = composed(kind, swollen(kind))
    assert made.report.collisions == () and made.report.forced == 0 and made.report.broken == ()
    text = text_of(made)
    for last in LAST.get(kind, ()):
        assert last in text


def swollen(kind: str) -> CaseFile:
    case = sample.case_of(kind)
    findings = tuple(replace(f, id=f"f{n}") for n, f in enumerate((case.findings * 40)[:300]))
    first: Evidence = case.evidence[0]
    pieces = tuple(
        replace(first, number=f"ZJ-{n:04d}", sha256=f"{n:064x}", proves=f"示例第{n}项") for n in range(1, 2001)
    )
    return replace(case, findings=findings, evidence=pieces)


LAST = {
    "evidence_list": ("ZJ-0001", "ZJ-2000"), "hash_list": ("ZJ-0001", "ZJ-2000"),
    "rectification": ("一百〇一、",),
}  # fmt: skip
"""What stands at the beginning and the end of long papers."""


def test_three_hundred_findings_are_all_on_one_paper() -> None:
    first = next(f for f in sample.CASE.findings if f.consequence == "opinion")
    case = replace(sample.CASE, findings=tuple(replace(first, id=f"f{n}") for n in range(300)))
    made = composed("opinion", case)
    assert len(made.pages) > 40 and made.report.collisions == () and made.report.forced == 0
    assert all(f"（{number}）" in text_of(made) for number in ("一百", "二百九十九", "三百"))


@pytest.mark.campaign
def test_two_thousand_pictures_are_drawn_and_equal_ones_kept_once() -> None:
    case, one = swollen("evidence_list"), sample.photos(1)["ZJ-001"]
    made = render("evidence_list", case, sample.stamp("evidence_list"), {p.number: one for p in case.evidence})
    assert made.pages > 700 and made.pdf.count(one.jpeg) == 1 and made.report.collisions == ()


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_inspection_makes_a_draft_that_shows_the_gaps(kind: str) -> None:
    case = replace(
        sample.CASE, visit=Visit(), items=(), evidence=(), findings=(), papers=(), sheets=(), approved_at=None, approved_by="",
        scope=(), methods=(), materials=(), source="", plan="", leading_official=None, checking_finished=False,
    )  # fmt: skip
    made = composed(kind, case, draft="还没有填写")
    assert made.pages and made.report.collisions == ()
    with pytest.raises(Problem) as refused:
        composed(kind, replace(case, officers=()), draft="")
    assert refused.value.code == "paper_incomplete"


@pytest.mark.parametrize("kind", ["opinion", "case_cover"])
def test_a_long_reason_for_a_draft_is_cut_before_it_leaves_the_sheet(kind: str) -> None:
    made = composed(kind, sample.case_of(kind), draft="还缺：" + "、".join(f"问题{n}的依据条款" for n in range(300)))
    assert made.report.collisions == () and "问题0的依据条款" in text_of(made) and "……" in text_of(made)
    assert min(mark.top for mark in made.pages[0].marks if isinstance(mark, Text)) > 6.0


def test_an_edition_of_the_bureau_that_lacks_later_words_is_filled_up() -> None:
    held = SHIPPED.text("papers/common.toml")
    older = "\n".join(line for line in held.splitlines() if not line.startswith(("draft_more", "contact_name")))
    shelf = Shelf(published={"papers/common.toml": older})
    assert older != held and render("opinion", sample.CASE, sample.stamp("opinion"), {}, shelf=shelf).pages == 2


def test_a_damaged_font_of_the_computer_is_passed_by(tmp_path: Path) -> None:
    whole = (RESOURCES / "fonts" / "FandolFang.ttf").read_bytes()
    (tmp_path / "simfang.ttf").write_bytes(whole[: len(whole) // 3])
    (tmp_path / "simsun.ttc").write_bytes(b"ttcf" + b"\xff" * 64)
    (tmp_path / "empty.ttf").write_bytes(b"")
    assert installed([tmp_path]) == {}


def test_a_damaged_bundled_font_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "FandolFang.ttf"
    broken.write_bytes(b"\x00\x01\x00\x00" + bytes(200))
    sources = {role: Source(RESOURCES / "fonts" / name) for role, name in BUNDLED.items()}
    faces = Faces({**sources, FANG: Source(broken)})
    with pytest.raises(Problem) as told:
        compose_pages("opinion", sample.CASE, sample.stamp("opinion"), {}, "shanghai", faces)
    assert told.value.code == "font_damaged" and "FandolFang.ttf" in str(told.value)
