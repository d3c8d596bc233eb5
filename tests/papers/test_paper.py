"""Every paper of the catalog: complete words, refusals, furniture, golden text and places."""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from inspector_app.domain.casefile import CaseFile
from inspector_app.domain.evidence import STORED
from inspector_app.domain.paper import VOLUME
from inspector_app.domain.people import UnitKind
from inspector_app.domain.problems import Problem
from inspector_app.domain.visit import Recusal, Visit
from inspector_app.papers import grid, wording
from inspector_app.papers.catalog import CATALOG
from inspector_app.papers.compose import is_han
from inspector_app.papers.facts import ranged
from inspector_app.papers.fonts import FANG, HEI, KAI, SONG, bundled
from inspector_app.papers.page import Code, Page, Picture, Rule, Text, moved
from inspector_app.papers.render import Photo, Stamp, compose_pages, missing, outside, render, required, title_of
from inspector_app.places import ROOT, SHIPPED
from tests.papers import sample

GOLDEN = Path(__file__).parent / "golden"
FACES = bundled()
LAWS = wording.laws(SHIPPED)
KINDS = tuple(CATALOG)
ORDERS = ("rectification", "correction_order")
LETTERS = tuple(kind for kind in KINDS if wording.Wording(kind, "shanghai", {}).template == "letter")
PICTURED = ("evidence_list", "opinion", *ORDERS)


def pages_of(
    kind: str, case: CaseFile | None = None, stamp: Stamp | None = None, titles: str = "shanghai"
) -> tuple[Page, ...]:
    photos = sample.photos() if kind in PICTURED else {}
    made = compose_pages(kind, case or sample.case_of(kind), stamp or sample.stamp(kind), photos, titles, FACES)
    return made.pages


def text_of(page: Page) -> str:
    return "".join(mark.text for mark in page.marks if isinstance(mark, Text))


def whole_text(pages: tuple[Page, ...]) -> str:
    return "".join(text_of(page) for page in pages)


def described(pages: tuple[Page, ...]) -> str:
    """Text and places of a paper, in tenths of a millimetre: what a change of layout must show."""
    lines = []
    for n, page in enumerate(pages, 1):
        for mark in page.marks:
            if isinstance(mark, Text):
                lines.append(f"{n} {mark.xs[0]:.1f}-{mark.right:.1f} {mark.top:.1f} {mark.size:.2f} {mark.text}")
            elif isinstance(mark, Rule):
                lines.append(f"{n} rule {mark.x0:.1f} {mark.y0:.1f} {mark.x1:.1f} {mark.y1:.1f} {mark.width:.2f}")
            else:
                area = mark.area
                what = mark.key if isinstance(mark, Picture) else "qr"
                lines.append(f"{n} {what} {area.left:.1f} {area.top:.1f} {area.width:.1f} {area.height:.1f}")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("kind", KINDS)
def test_paper_is_as_it_was_approved(kind: str) -> None:
    """Changed on purpose? Look at the page, then run `python -m tests.papers.golden`."""
    assert described(pages_of(kind)) == (GOLDEN / f"{kind}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", KINDS)
def test_complete_case_misses_nothing_and_an_empty_one_is_refused(kind: str) -> None:
    assert missing(kind, sample.case_of(kind)) == ()
    bare = replace(
        sample.CASE, visit=Visit(), items=(), evidence=(), findings=(), scope=(), methods=(), materials=(), source="",
        place="", officers=(), sheets=(), papers=(), draw="", draw_seed="", plan="", bureau=replace(sample.BUREAU, phone="", court="", name=""),
        unit=replace(sample.UNIT, name="", credit_code=""),
    )  # fmt: skip
    lacking = missing(kind, bare)
    assert lacking and ("被检查单位" in lacking or kind in ("plan", "case_contents", "case_remarks"))
    words = wording.Wording(kind, "shanghai", {})
    own = [label for each in {kind, words.sheet} for label in wording._data(SHIPPED, each).get("facts", {}).values()]
    known = (*required(kind), *own, "检查机关名称")
    assert all(name.endswith(known) for name in lacking), lacking
    with pytest.raises(Problem) as refused:
        render(kind, bare, sample.stamp(kind), {})
    assert refused.value.code == "paper_incomplete"
    assert all(name in str(refused.value) for name in lacking)
    draft = render(kind, bare, sample.stamp(kind, draft="供核对", number=""), {})
    assert draft.pages >= 1 and draft.report.missing == lacking


def test_formal_paper_needs_a_number() -> None:
    with pytest.raises(Problem, match="文书编号"):
        render("notice", sample.CASE, sample.stamp("notice", number=""), {})


def test_missing_facts_of_a_finding_are_named_with_its_number() -> None:
    first, *rest = sample.CASE.findings
    case = replace(sample.CASE, findings=(replace(first, due=None, demand=""), *rest))
    assert missing("rectification", case) == ("问题一的要求", "问题一的期限")


def test_officer_without_credential_is_missing() -> None:
    case = replace(sample.CASE, officers=(sample.HEAD, replace(sample.SECOND, credential=None)))
    assert "执法证号" in missing("notice", case)


def test_enterprise_needs_its_inspection_code() -> None:
    case = replace(sample.CASE, unit=replace(sample.UNIT, kind=UnitKind.ENTERPRISE))
    assert missing("notice", case) == ("检查码",)
    text = whole_text(pages_of("notice", replace(case, code="JC2026031600017")))
    assert "JC2026031600017" in text and "五个严禁" in text


@pytest.mark.parametrize("kind", KINDS)
def test_both_sets_of_titles_make_the_paper(kind: str) -> None:
    for titles in ("ministry", "shanghai"):
        assert title_of(kind, titles) in whole_text(pages_of(kind, titles=titles))
    assert title_of("notice", "ministry") == "行政检查通知书"
    assert title_of("notice", "shanghai") == "档案行政检查告知书"
    assert title_of("onsite_record", "shanghai") == "档案行政检查现场笔录"


def test_faces_that_stand_for_others_are_named_in_chinese() -> None:
    shown = compose_pages("opinion", sample.case_of("opinion"), sample.stamp("opinion"), {}, "shanghai", FACES).shown
    assert {"Fandol 仿宋", "思源宋体粗体", "思源黑体"} <= set(shown.substitutes)
    assert all(any(is_han(char) for char in name) for name in shown.substitutes)


def test_unknown_kind_is_told() -> None:
    for call in (lambda: title_of("summons"), lambda: missing("summons", sample.CASE), lambda: required("summons")):
        with pytest.raises(Problem) as told:
            call()
        assert told.value.code == "not_found"


def test_advice_orders_nothing_and_orders_cite_their_power() -> None:
    assert "责令" not in whole_text(pages_of("opinion")) + whole_text(pages_of("result_notice"))
    text = whole_text(pages_of("rectification"))
    for needed in ("《中华人民共和国档案法》第四十五条", "第四十八条第八项", "2026年4月15日", "ZJ-003", "第二十二条"):
        assert needed in text
    text = whole_text(pages_of("correction_order"))
    assert "《中华人民共和国档案法实施条例》第四十九条" in text and "第四十五条" not in text


@pytest.mark.parametrize("kind", KINDS)
def test_a_law_is_cited_under_its_full_title_and_in_its_own_numerals(kind: str) -> None:
    """In the wording, in what the case says, and in what follows from the articles of the procedure."""
    titles = {law.title for law in LAWS.laws}
    for words in ("ministry", "shanghai"):
        shown = compose_pages(kind, sample.case_of(kind), sample.stamp(kind), {}, words, FACES).shown
        for passage in shown.passages:
            assert LAWS.in_full(passage) == passage
            assert not re.search(r"》第\d+条", passage), passage
            assert set(re.findall(r"《([^》]+)》第[一二三四五六七八九十]", passage)) <= titles, passage


def test_who_is_told_of_review_and_suit_is_data() -> None:
    assert "行政复议" not in whole_text(pages_of("rectification"))
    outside = replace(sample.CASE, unit=replace(sample.UNIT, kind=UnitKind.ENTERPRISE))
    text = whole_text(pages_of("rectification", outside))
    assert "示例区人民政府申请行政复议" in text and "示例区人民法院提起行政诉讼" in text


def test_the_power_is_that_of_the_kind_of_check_and_of_the_unit() -> None:
    clue = replace(sample.CASE, kind="clue_based", source="举报", plan="")
    for kind in ("notice", "opinion"):
        text = whole_text(pages_of(kind, clue))
        assert "第四十三条" in text and "第四十二条" not in text
    assert "举报" not in whole_text(pages_of("notice", clue)), "nobody who gave a clue is named"
    assert "《机关档案管理规定》第四条第三款" in whole_text(pages_of("notice"))
    outside = replace(sample.CASE, unit=replace(sample.UNIT, kind=UnitKind.INSTITUTION))
    assert "机关档案管理规定" not in whole_text(pages_of("opinion", outside))


def test_a_law_without_article_keeps_a_paper_from_being_formal() -> None:
    first, second, *rest = (f for f in sample.CASE.findings if f.consequence == "opinion")
    vague = replace(sample.CASE, findings=(first, replace(second, basis=("《机关档案管理规定》",)), *rest))
    assert missing("opinion", vague) == ("问题二的依据条款（条号待核）",)


def test_each_article_of_an_order_has_the_consequence_the_law_names() -> None:
    (finding,) = (f for f in sample.CASE.findings if f.consequence == "correct")
    article = "《中华人民共和国档案法实施条例》第{}条"
    for number, words, absent in (
        ("四十八", "情节严重的", "拒不改正"), ("四十九", "《中华人民共和国档案法》第四十八条第六项", "情节严重"),
        ("五十", "依法追究刑事责任", "拒不改正"), ("五十一", "限期改正", "处分"),
    ):  # fmt: skip
        case = replace(sample.CASE, findings=(replace(finding, order_basis=article.format(number)),))
        text = whole_text(pages_of("correction_order", case))
        assert words in text and absent not in text and article.format(number) in text
    bare = replace(sample.CASE, findings=(replace(finding, order_basis=""),))
    assert "问题一的责令依据" in missing("correction_order", bare)


def test_the_result_is_clean_only_when_every_deviation_was_followed_up() -> None:
    case = sample.case_of("result_notice")
    assert "检查项E04的处理意见" in missing("result_notice", replace(case, findings=()))
    text = whole_text(pages_of("result_notice"))
    assert "除上述已经当场改正的情况外" in text and "另行处理" not in text
    filed = replace(case, findings=(*case.findings, replace(case.findings[0], id="x", code="H04", consequence="file")))
    text = whole_text(pages_of("result_notice", filed))
    assert "我局将依法另行处理" in text and "未发现" not in text


def test_what_was_corrected_on_the_spot_is_always_in_writing() -> None:
    mended = "库房南窗遮光帘只拉合一半"
    assert mended in whole_text(pages_of("opinion")) and mended not in whole_text(pages_of("rectification"))
    orders = replace(sample.CASE, findings=tuple(f for f in sample.CASE.findings if f.consequence != "opinion"))
    assert mended in whole_text(pages_of("rectification", orders))


def test_the_units_words_stay_as_they_were_said() -> None:
    visit = replace(sample.VISIT, remarks="为什么只查我们？\n请说明！", statement="已经整改。\n\n请复核。")
    text = whole_text(pages_of("onsite_record", replace(sample.CASE, visit=visit)))
    assert "被检查单位意见：“为什么只查我们？请说明！”" in text and "陈述、申辩：“已经整改。请复核。”" in text
    lines = [
        m.text
        for p in pages_of("onsite_record", replace(sample.CASE, visit=visit))
        for m in p.marks
        if isinstance(m, Text)
    ]
    assert "请说明！”" in lines and "请复核。”" in lines, "a paragraph for each line"


def test_an_open_request_for_recusal_does_not_stop_the_record() -> None:
    case = replace(sample.CASE, visit=replace(sample.VISIT, recusals=(Recusal("与检查人员是亲属"),)))
    assert missing("onsite_record", case) == ()
    assert "决定作出前不停止检查" in whole_text(pages_of("onsite_record", case))


def test_a_photo_without_a_time_of_its_own_says_so() -> None:
    first, *rest = sample.CASE.evidence
    case = replace(sample.CASE, evidence=(replace(first, time_from=STORED), *rest))
    assert "照片无拍摄时间，此为存入时间" in whole_text(pages_of("evidence_list", case))
    assert "存入时间" not in whole_text(pages_of("evidence_list"))


def test_photos_of_one_thing_stand_in_one_row_and_each_on_the_sheet() -> None:
    same = tuple(
        replace(p, item="E01", proves="灭火器过期", maker="示例沈岚", maker_credential="1")
        for p in sample.CASE.evidence
    )
    pages = pages_of("evidence_list", replace(sample.CASE, evidence=same))
    assert "ZJ-001至016" in whole_text(pages) and "见照片页" in whole_text(pages)
    shown = [m.key for page in pages for m in page.marks if isinstance(m, Picture)]
    assert shown == [piece.number for piece in same] and len(pages) == 1 + 4


def test_numbers_of_evidence_are_cited_as_ranges() -> None:
    run = "{first}至{last}"
    assert ranged(["ZJ-8E94-001", "ZJ-8E94-002", "ZJ-8E94-003"], run) == "ZJ-8E94-001至003"
    assert ranged(["ZJ-A-001", "ZJ-A-002", "ZJ-B-003"], run) == "ZJ-A-001、ZJ-A-002、ZJ-B-003"
    assert ranged(["ZJ-A-009", "ZJ-A-010", "ZJ-A-011", "ZJ-A-013"], run) == "ZJ-A-009至011、ZJ-A-013"
    assert ranged([], run) == ""


@pytest.mark.parametrize("kind", ["onsite_record", "evidence_list"])
def test_no_room_is_left_to_add_to_a_signed_page(kind: str) -> None:
    """Below the last line or photo of each page there is less than a line, or the rest is struck."""
    for page in pages_of(kind):
        strip = min(m.top for m in page.marks if isinstance(m, Text) and "（签名" in m.text) - 9
        inside = [m for m in page.marks if isinstance(m, Text | Picture) and grid.TOP - 1 < m.area.top < strip]
        free = strip - max(m.area.bottom for m in inside)
        struck = any(isinstance(m, Rule) and m.x0 != m.x1 and m.y0 != m.y1 for m in page.marks)
        assert struck or (free < 30 and any(isinstance(m, Picture) for m in page.marks)) or free < 8.0


@pytest.mark.parametrize("kind", KINDS)
def test_a_label_keeps_clear_of_the_borders_of_its_cell(kind: str) -> None:
    """Long labels are broken by sense in the data, so that none fills its cell from border to border."""
    for page in pages_of(kind):
        upright = [m for m in page.marks if isinstance(m, Rule) and m.x0 == m.x1]
        for mark in page.marks:
            if isinstance(mark, Text) and set(mark.faces) == {HEI} and mark.size == grid.SMALL_FOUR:
                beside = [rule.x0 for rule in upright if rule.y0 <= mark.top <= rule.y1]
                left, right = (
                    max(x for x in beside if x <= mark.right - 5),
                    min(x for x in beside if x >= mark.xs[0] + 5),
                )
                assert min(mark.xs[0] - left, right - mark.right) >= 1.9, mark.text


def test_a_form_closes_up_where_its_signatures_would_stand_alone() -> None:
    case, sheets = sample.case_of("closing_report"), sample.CASE.sheets
    (sheet,) = (s for s in sheets if s.kind == "closing_report")
    made = {}
    for more in (0, 10, 60):
        rectified = "整改完成，" * more + "没有遗留问题。"
        said = replace(sheet, fields={**sheet.fields, "closing_rectified": rectified})
        others = tuple(s for s in sheets if s is not sheet)
        made[more] = pages_of("closing_report", replace(case, sheets=(*others, said)))
    assert [len(pages) for pages in made.values()] == [1, 1, 2]
    rules = {
        more: sorted({m.y0 for m in pages[0].marks if isinstance(m, Rule) and m.y0 == m.y1})
        for more, pages in made.items()
    }
    low, tight = (min(b - a for a, b in itertools.pairwise(rules[more])) for more in (0, 10))
    assert tight < low


@pytest.mark.parametrize("kind", ["onsite_record", "interview", "reinspection_record"])
def test_no_second_line_runs_along_the_signature_strip(kind: str) -> None:
    for page in pages_of(kind):
        level = sorted({round(m.y0, 2) for m in page.marks if isinstance(m, Rule) and m.y0 == m.y1})
        assert min(b - a for a, b in itertools.pairwise(level)) > 4.0


def test_the_ending_is_never_alone_on_a_page_to_be_signed() -> None:
    for length in range(0, 700, 25):
        visit = replace(sample.VISIT, remarks="现场情况" * (length // 4) + "属实")
        last = pages_of("onsite_record", replace(sample.CASE, visit=visit))[-1]
        assert "（以下空白）" in text_of(last) and "□我已阅看" in text_of(last)
        assert "被检查单位答复" in text_of(last)


def test_every_officer_has_a_box_to_sign() -> None:
    third = replace(sample.SECOND, id="x", name="示例第三人")
    team = replace(sample.CASE, officers=(sample.HEAD, sample.SECOND, third))
    for kind in ("onsite_record", "evidence_list"):
        assert text_of(pages_of(kind, team)[0]).count("检查人员（签名）") == 3


def test_a_temporary_number_is_called_one() -> None:
    text = text_of(pages_of("onsite_record", stamp=sample.stamp("onsite_record", number="临-QH-8E94-0316-2"))[0])
    assert "临时编号：临-QH-8E94-0316-2" in text
    assert "临时编号" not in whole_text(pages_of("onsite_record"))


def test_a_draft_is_black_and_names_the_state_of_its_form() -> None:
    draft = pages_of("opinion", stamp=sample.stamp("opinion", draft="供核对", number=""))
    assert {m.colour for page in draft for m in page.marks if isinstance(m, Text | Rule)} == {(0.0, 0.0, 0.0)}
    assert "待核对原件" in text_of(draft[0]) and "待核对原件" not in whole_text(pages_of("opinion"))


def test_a_long_bureau_signs_inside_the_type_area() -> None:
    name = "示例省示例市示例自治州示例区人民政府国家保密局档案行政管理和地方志编纂委员会办公室"
    case = replace(sample.CASE, bureau=replace(sample.BUREAU, name=name))
    made = compose_pages("opinion", case, sample.stamp("opinion"), {}, "shanghai", FACES)
    pages, report = made.pages, made.report
    assert report.collisions == ()
    signed = [m for m in pages[-1].marks if isinstance(m, Text) and m.size == grid.CELL and m.text in name]
    assert len(signed) == 2 and "".join(m.text for m in signed) == name
    assert all(m.right <= grid.RIGHT - 2 * grid.CELL + 0.1 for m in signed)


def test_text_outside_the_page_is_reported() -> None:
    mark = next(m for m in pages_of("opinion")[0].marks if isinstance(m, Text))
    gone = moved(mark, 100.0, 0.0)
    assert outside((Page((mark,)),)) == () and len(outside((Page((gone,)),))) == 1


def test_a_hundred_findings_are_numbered() -> None:
    first = sample.CASE.findings[0]
    many = tuple(replace(first, id=f"x{n}", fact=f"第{n}处灭火器过期") for n in range(1, 111))
    text = whole_text(pages_of("rectification", replace(sample.CASE, findings=many), sample.stamp("rectification")))
    assert "一百〇一、" in text and "对第一百一十项问题" in text


def test_an_attachment_begins_as_the_standard_wants() -> None:
    page = next(p for p in pages_of("rectification") if any(isinstance(m, Picture) for m in p.marks))
    label, title = (
        next(m for m in page.marks if isinstance(m, Text) and m.text == words) for words in ("附件", "证据照片")
    )
    assert (label.top, label.xs[0], set(label.faces)) == (grid.TOP, grid.LEFT, {HEI})
    assert title.top == pytest.approx(grid.line_top(2) - (grid.TITLE - grid.CELL) / 2, abs=0.01)
    assert (title.xs[0] + title.right) / 2 == pytest.approx((grid.LEFT + grid.RIGHT) / 2, abs=0.1)
    for mark in page.marks:
        if isinstance(mark, Picture):
            assert mark.area.top > grid.TOP and mark.area.bottom < grid.BOTTOM and mark.area.width == 75.0


def test_the_code_stands_opposite_the_page_number_and_names_its_key() -> None:
    for kind, length in (("opinion", 10), ("opinion", 700)):
        pages = compose_pages(kind, long_case(length), sample.stamp(kind), {}, "shanghai", FACES).pages
        number = len(pages)
        (code,) = (m for m in pages[-1].marks if isinstance(m, Code))
        assert code.area.width == 25.0 and code.area.bottom < grid.SHEET_HEIGHT - 5
        assert (code.area.left == grid.LEFT) is (number % 2 == 1)
        assert f"签名密钥　{sample.KEY}" in text_of(pages[-1])


def test_record_tells_no_judgement_and_has_no_hedges() -> None:
    text = whole_text(pages_of("onsite_record"))
    assert not re.search("违法|违反|严重|大概|可能|左右", text)
    assert (
        "（以下空白）" in text and "□属实" in text and "□不属实" in text and "09120017" in text and "不申请回避" in text
    )


def test_recusal_and_statement_stand_in_the_record() -> None:
    visit = replace(
        sample.VISIT, recusals=(Recusal("示例沈岚与本单位有诉讼", "不予回避", "示例周敏"),),
        statement="渗水系上周暴雨所致", statement_reply="陈述申辩", ended=None,
    )  # fmt: skip
    text = whole_text(pages_of("onsite_record", replace(sample.CASE, visit=visit)))
    assert "示例沈岚与本单位有诉讼" in text and "不予回避" in text and "渗水系上周暴雨所致" in text
    assert "至　　时　　分" in text  # the end is written by hand at signing


@pytest.mark.parametrize("kind", KINDS)
def test_furniture_of_every_page(kind: str) -> None:
    pages = pages_of(kind)
    form = kind not in LETTERS
    for n, page in enumerate(pages, 1):
        text = text_of(page)
        if form:
            assert (f"第{n}页　共{len(pages)}页" in text) is (kind not in VOLUME)
            assert any(isinstance(mark, Code) for mark in page.marks)
        elif n > 1:
            assert f"— {n} —" in text
    assert sum(isinstance(mark, Code) for page in pages for mark in page.marks) >= 1
    assert sample.CODE in whole_text(pages).replace(" ", "")
    assert "第1版" in whole_text(pages)


@pytest.mark.parametrize("kind", KINDS)
def test_draft_is_marked_on_every_page_with_its_reason(kind: str) -> None:
    stamp = sample.stamp(kind, draft="没有可用文号", number="", code="", note="")
    pages = pages_of(kind, stamp=stamp)
    for page in pages:
        text = text_of(page)
        assert "草　稿" in text and "没有可用文号" in text
        assert not any(isinstance(mark, Code) for mark in page.marks)
    assert not any("草　稿" in text_of(page) for page in pages_of(kind))


@pytest.mark.parametrize("kind", ["onsite_record", "evidence_list"])
def test_signature_strip_is_on_every_page(kind: str) -> None:
    for page in pages_of(kind):
        assert "（签名" in text_of(page) and "检查人员（签名）" in text_of(page)


def long_case(length: int) -> CaseFile:
    fact = "档案库房检查情况如实记录" * 80
    first, *rest = (f for f in sample.CASE.findings if f.consequence == "opinion")
    return replace(sample.CASE, findings=(replace(first, fact=fact[:length]), *rest), evidence=())


def test_signature_never_stands_alone_at_any_length() -> None:
    """Two lines of body at least share the page with bureau, date and foot."""
    for length in range(10, 620, 28):
        made = compose_pages("opinion", long_case(length), sample.stamp("opinion"), {}, "shanghai", FACES)
        pages, report = made.pages, made.report
        signed = next(page for page in pages if "示例区档案局" in text_of(page).replace("示例区档案局2", "示例区档案局")
                      and "2026年3月18日" in text_of(page))  # fmt: skip
        body = [m for m in signed.marks if isinstance(m, Text) and m.size == grid.CELL and len(m.text) > 1]
        assert len(body) >= 5, length  # two of the body, bureau, date, contact
        assert sum(isinstance(m, Code) for m in signed.marks) == 1
        assert report.forced == 0


def test_no_line_of_a_paragraph_is_alone_on_a_page() -> None:
    for length in range(10, 620, 28):
        pages = compose_pages("opinion", long_case(length), sample.stamp("opinion"), {}, "shanghai", FACES).pages
        for page in pages[1:]:
            rows = [m for m in page.marks if isinstance(m, Text) and m.size == grid.CELL]
            indented = [m.xs[0] > grid.LEFT + grid.CELL for m in rows]
            assert indented[0] or not indented[1], "one last line of a paragraph at the top"


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_leaves_the_page_or_collides(kind: str) -> None:
    photos = sample.photos() if kind in PICTURED else {}
    stamp = sample.stamp(kind, draft="没有可用文号，因为" + "很长的原因" * 12)
    made = compose_pages(kind, sample.case_of(kind), stamp, photos, "shanghai", FACES)
    pages, report = made.pages, made.report
    assert report.collisions == () and report.broken == ()
    for page in pages:
        texts = [m for m in page.marks if isinstance(m, Text)]
        for mark in texts:
            assert mark.right <= grid.RIGHT + 0.02 and mark.xs[0] >= grid.LEFT - grid.CELL / 2 - 0.02
            assert 5 < mark.top < grid.SHEET_HEIGHT - 10  # what printers leave free
        for i, mark in enumerate(texts):
            assert not any(mark.area.meets(other.area, 0.3) for other in texts[i + 1 :]), mark.text


def test_long_remarks_flow_over_pages_without_loss() -> None:
    remarks = "".join(f"第{n}点意见需要进一步核对，" for n in range(400))
    pages = pages_of("onsite_record", replace(sample.CASE, visit=replace(sample.VISIT, remarks=remarks)))
    body = "".join(m.text for page in pages for m in page.marks if isinstance(m, Text) and 4.89 < m.size < 4.91)
    assert remarks.rstrip("，") in body and len(pages) > 6


def test_long_cells_flow_over_pages_without_loss() -> None:
    first, *rest = sample.CASE.evidence
    proves = "".join(f"第{n}处水渍，" for n in range(300))
    pages = pages_of("evidence_list", replace(sample.CASE, evidence=(replace(first, proves=proves), *rest)))
    cells = [m for page in pages for m in page.marks if isinstance(m, Text) and m.size == grid.FIVE]
    assert proves.rstrip("，") in "".join(m.text for m in cells if 66 < m.xs[0] < 75)


def test_missing_glyph_is_refused_with_the_character() -> None:
    for char in ("\ue863", "🀄"):
        case = replace(sample.CASE, unit=replace(sample.UNIT, name=f"示例{char}单位"))
        with pytest.raises(Problem) as refused:
            render("notice", case, sample.stamp("notice"), {})
        assert refused.value.code == "missing_glyph" and char in str(refused.value)


def test_rare_names_are_drawn_by_the_fallback_face() -> None:
    name = "示例喆堃昇珺䶮𬭎"
    case = replace(sample.CASE, officers=(replace(sample.HEAD, name=name), sample.SECOND))
    marks = [m for p in pages_of("notice", case) for m in p.marks if isinstance(m, Text) and m.size == grid.CELL]
    faces = {char: face for m in marks for char, face in zip(m.text, m.faces, strict=True)}
    assert (faces["䶮"], faces["示"], faces["2"]) == (KAI, FANG, SONG)
    assert render("notice", case, sample.stamp("notice"), {}).pages == 2


def test_invisible_characters_are_dropped_and_composed() -> None:
    case = replace(sample.CASE, unit=replace(sample.UNIT, name="示例\u200b区\ufeff水务\t局"))
    assert "示例区水务 局：" in whole_text(pages_of("notice", case))


def test_service_waits_for_hand_or_tells_what_was_done() -> None:
    text = whole_text(pages_of("proof_of_service"))
    assert "直接送达" in text and "2026年3月18日15时20分" in text and "□" not in text
    assert "《责令限期整改通知书》" in text and "告知书" not in text
    waiting = replace(sample.CASE, papers=tuple(replace(p, served=None) for p in sample.PAPERS))
    text = whole_text(pages_of("proof_of_service", waiting))
    assert "□直接送达" in text and "《档案行政检查告知书》" in text


def test_photo_that_is_not_at_hand_leaves_its_box() -> None:
    photos = sample.photos(3)
    pages = compose_pages("evidence_list", sample.CASE, sample.stamp("evidence_list"), photos, "shanghai", FACES).pages
    shown = [m.key for page in pages for m in page.marks if isinstance(m, Picture)]
    assert shown == ["ZJ-001", "ZJ-002", "ZJ-003"]


def test_withdrawn_evidence_is_not_listed() -> None:
    first, *rest = sample.CASE.evidence
    case = replace(sample.CASE, evidence=(replace(first, withdrawn="拍错"), *rest))
    assert "ZJ-001" not in whole_text(pages_of("evidence_list", case))


@pytest.mark.parametrize("data", [b"", b"\x89PNG....", b"\xff\xd8\xff", b"\xff\xd8" + b"\x00" * 40])
def test_photo_that_is_no_jpeg_is_told(data: bytes) -> None:
    with pytest.raises(Problem) as told:
        Photo.of(data)
    assert told.value.code == "photo_damaged"


def test_every_word_of_the_forms_has_what_it_needs() -> None:
    """All placeholders have a Chinese name; every set says whether it was verified."""
    for kind in KINDS:
        assert len(required(kind, "ministry")) >= 1
        data = wording._data(SHIPPED, kind)
        assert set(data["sets"]) == {"ministry", "shanghai"}
        assert all("verified_by" in rows and "待核对" in rows["status"] for rows in data["sets"].values())


def test_dates_have_no_padding_and_marks_are_full_width() -> None:
    for kind in KINDS:
        text = whole_text(pages_of(kind))
        assert not re.search(r"年0|月0|[一-鿿][,;:?!()]|[,;:?!()][一-鿿]", text)
        assert re.search(r"\d{4}年\d{1,2}月\d{1,2}日", text)


def test_same_input_gives_the_same_bytes_in_another_process() -> None:
    code = (
        "from tests.papers import sample; from inspector_app.papers.render import render;"
        "print(render('rectification', sample.CASE, sample.stamp('rectification'), sample.photos(2)).sha256)"
    )
    here = render("rectification", sample.CASE, sample.stamp("rectification"), sample.photos(2)).sha256
    again = render("rectification", sample.CASE, sample.stamp("rectification"), sample.photos(2)).sha256
    environment = {**os.environ, "PYTHONHASHSEED": str(datetime.now().microsecond), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, env=environment
    )
    assert here == again == done.stdout.strip()


@pytest.mark.parametrize(
    ("kind", "lacks"),
    [("opinion", "应当提出意见的问题"), ("rectification", "应当责令整改的问题"), ("correction_order", "应当责令改正的问题"),
     ("disposition_proposal", "应当提出处理建议的问题"), ("transfer_letter", "应当移送的问题")],
)  # fmt: skip
def test_a_paper_without_its_findings_says_which_it_lacks(kind: str, lacks: str) -> None:
    clean = replace(sample.case_of(kind), findings=())
    assert lacks in missing(kind, clean)
    with pytest.raises(Problem, match=lacks):
        render(kind, clean, sample.stamp(kind), {})


@pytest.mark.parametrize(
    ("kind", "claim"), [("result_notice", "未发现"), ("onsite_record", "没有基本符合、不符合的检查项")]
)
def test_what_was_never_checked_is_no_clean_result(kind: str, claim: str) -> None:
    """A draft of before the visit leaves the result open."""
    nothing = replace(sample.CASE, findings=(), items=tuple(replace(item, value="") for item in sample.CASE.items))
    all_well = replace(nothing, items=tuple(replace(item, value="符合") for item in nothing.items))
    draft = replace(sample.stamp(kind), draft="草稿")
    assert claim in whole_text(pages_of(kind, all_well, draft)).replace("\n", "")
    assert claim not in whole_text(pages_of(kind, nothing, draft)).replace("\n", "")


@pytest.mark.parametrize("kind", ["evidence_list", "hash_list"])
def test_what_closes_a_list_stands_below_a_row_of_it(kind: str) -> None:
    """Whatever the number of rows: a page with the remark alone would be signed for nothing."""
    piece = sample.CASE.evidence[0]
    for count in range(1, 25):
        pieces = tuple(replace(piece, number=f"ZJ-{n:03d}", proves=f"第{n}件") for n in range(1, count + 1))
        pages = pages_of(kind, replace(sample.CASE, evidence=pieces, findings=()))
        (closing,) = [text for page in pages if "以下空白" in (text := text_of(page))]
        assert "ZJ-" in closing, count
