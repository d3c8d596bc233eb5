"""The PDF itself: geometry against GB/T 9704, ink at 600 dpi, embedded faces, extraction, QR code, photos."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pdfplumber
import pypdfium2
import pytest
import zxingcpp
from fontTools import subset
from fontTools.ttLib import TTFont
from pdfminer.pdftypes import resolve1

from inspector_app.papers import fonts, grid, wording
from inspector_app.papers.catalog import CATALOG
from inspector_app.papers.fonts import FANG, KAI, bundled, installed
from inspector_app.papers.page import Text
from inspector_app.papers.render import Rendered, compose_pages, render, warm_up
from inspector_app.places import SHIPPED, Shelf
from inspector_app.record.checkpoint import on_page
from tests.papers import sample

MM = 25.4 / 72
TOLERANCE = 0.05
INK = 0.2


@lru_cache(maxsize=8)
def made(kind: str) -> Rendered:
    photos = sample.photos() if kind in ("rectification", "evidence_list") else {}
    return render(kind, sample.case_of(kind), sample.stamp(kind), photos)


@lru_cache(maxsize=1)
def full_text() -> Rendered:
    """An opinion whose second page is nothing but ideographs."""
    first, *rest = (f for f in sample.CASE.findings if f.consequence == "opinion")
    case = replace(sample.CASE, findings=(replace(first, fact="档案库房检查情况如实记录" * 120), *rest))
    return render("opinion", case, sample.stamp("opinion"), {})


def chars(pdf: bytes, page: int) -> list[dict[str, Any]]:
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return list(document.pages[page].chars)


def ink(
    pdf: bytes, page: int, left: float, top: float, right: float, bottom: float, dpi: int = 600
) -> np.ndarray[Any, Any]:
    """The region in millimetres as a picture of dark pixels."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        sheet = document[page]
        crop = (left / MM, (grid.SHEET_HEIGHT - bottom) / MM, (grid.SHEET_WIDTH - right) / MM, top / MM)
        image = sheet.render(scale=dpi / 72, crop=crop).to_numpy()
        return np.asarray(image.min(axis=2) < 128)
    finally:
        document.close()


def rows(dark: np.ndarray[Any, Any], top: float, dpi: int = 600) -> tuple[float, float]:
    """First and last inked row, in millimetres of the sheet."""
    found = np.flatnonzero(dark.any(axis=1))
    return top + found[0] * 25.4 / dpi, top + (found[-1] + 1) * 25.4 / dpi


def test_full_page_has_22_lines_of_28_cells_that_fill_the_type_area() -> None:
    page = [c for c in chars(full_text().pdf, 1) if abs(c["size"] * MM - grid.CELL) < 0.01]
    lines: dict[float, list[dict[str, Any]]] = {}
    for char in page:
        lines.setdefault(round(char["matrix"][5], 2), []).append(char)
    baselines = sorted(lines, reverse=True)
    assert len(baselines) == 22
    lift = bundled().face(FANG).lift
    for row, baseline in enumerate(baselines):
        cells = lines[baseline]
        assert len(cells) == 28
        assert cells[0]["matrix"][4] * MM == pytest.approx(grid.LEFT, abs=TOLERANCE)
        assert cells[-1]["matrix"][4] * MM + grid.CELL == pytest.approx(grid.RIGHT, abs=TOLERANCE)
        from_top = grid.SHEET_HEIGHT - baseline * MM
        top = from_top - grid.CELL * (grid.RISE + lift)
        assert top == pytest.approx(grid.TOP + row * grid.PITCH, abs=TOLERANCE)
    assert top + grid.CELL == pytest.approx(grid.BOTTOM, abs=TOLERANCE)


def test_ink_of_the_text_keeps_inside_the_type_area() -> None:
    first, last = rows(ink(full_text().pdf, 1, 20, 30, 190, 264, dpi=300), 30, dpi=300)
    assert grid.TOP - INK <= first <= grid.TOP + 1.0
    assert grid.BOTTOM - 1.0 <= last <= grid.BOTTOM + INK


def test_letter_head_foot_and_page_number_stand_where_the_standard_wants_their_ink() -> None:
    pdf = full_text().pdf
    mark_top, mark_end = rows(ink(pdf, 0, 60, 25, 150, 43), 25)
    assert mark_top == pytest.approx(30.0, abs=INK)
    rule_top, _ = rows(ink(pdf, 0, 21, mark_end + 0.5, 26, 52), mark_end + 0.5)
    assert rule_top - mark_end == pytest.approx(4.0, abs=INK)
    _, foot_end = rows(ink(pdf, 0, 21, 270, 26, 285), 270)
    assert grid.SHEET_HEIGHT - foot_end == pytest.approx(20.0, abs=INK)
    rule = ink(pdf, 0, 15, 274, 195, 279)
    found = np.flatnonzero(rule.any(axis=0))
    assert (found[-1] - found[0]) * 25.4 / 600 == pytest.approx(170.0, abs=INK)
    dash = ink(pdf, 1, grid.LEFT + grid.CELL - 0.3, 264, grid.LEFT + grid.CELL + 3, 276)
    assert rows(dash, 264)[0] - grid.BOTTOM == pytest.approx(7.0, abs=INK)
    assert np.flatnonzero(dash.any(axis=0))[0] * 25.4 / 600 - 0.3 == pytest.approx(0.0, abs=0.5)


def test_document_mark_stands_35_mm_below_the_type_area_and_rule_4_below_the_number() -> None:
    """The opinion as 公文: one word of the data."""
    text = SHIPPED.text("papers/opinion.toml").replace('template = "letter"', 'template = "document"')
    shelf = Shelf(published={"papers/opinion.toml": text})
    pdf = render("opinion", sample.CASE, sample.stamp("opinion"), {}, shelf=shelf).pdf
    assert rows(ink(pdf, 0, 60, 60, 150, 86), 60)[0] == pytest.approx(grid.TOP + 35.0, abs=INK)
    strip = ink(pdf, 0, 60, 86, 150, 125).any(axis=1)
    edges = np.flatnonzero(np.diff(strip.astype(int)))
    heights = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    number_end, rule_start = heights[-2][1], heights[-1][0]
    assert (rule_start - number_end) * 25.4 / 600 == pytest.approx(4.0, abs=INK)


@pytest.mark.parametrize("kind", ["notice", "onsite_record", "evidence_list", "proof_of_service"])
def test_every_face_is_an_embedded_subset_and_the_text_can_be_extracted(kind: str) -> None:
    result = made(kind)
    photos = sample.photos() if kind == "evidence_list" else {}
    pages = compose_pages(kind, sample.case_of(kind), sample.stamp(kind), photos, "shanghai", bundled()).pages
    with pdfplumber.open(io.BytesIO(result.pdf)) as document:
        assert len(document.pages) == result.pages == len(pages)
        for sheet, page in zip(document.pages, pages, strict=True):
            resources = resolve1(sheet.page_obj.resources["Font"])
            for reference in resources.values():
                font = resolve1(reference)
                drawn = resolve1(font["DescendantFonts"][0])
                descriptor = resolve1(drawn["FontDescriptor"])
                assert "FontFile2" in descriptor and "ToUnicode" in font
                assert "+" in str(font["BaseFont"])
                embedded = TTFont(io.BytesIO(resolve1(descriptor["FontFile2"]).get_data()))
                assert set(embedded.keys()) == {"GlyphOrder", "glyf", "head", "hhea", "hmtx", "loca", "maxp"}
            text = "".join(mark.text for mark in page.marks if isinstance(mark, Text))
            assert "".join(c["text"] for c in sheet.chars) == text
        assert document.metadata["Title"] == wording.title_of(kind)
        catalog = document.doc.catalog
        assert catalog["Lang"] == b"zh-CN"
    assert b"Helvetica" not in result.pdf and b"ASCII85" not in result.pdf


@pytest.mark.parametrize(("kind", "page"), [("notice", 1), ("onsite_record", 0), ("evidence_list", 6)])
def test_qr_code_holds_the_note_in_its_box(kind: str, page: int) -> None:
    document = pypdfium2.PdfDocument(made(kind).pdf)
    try:
        image = document[page].render(scale=300 / 72, grayscale=True).to_numpy().squeeze()
    finally:
        document.close()
    found = zxingcpp.read_barcodes(np.ascontiguousarray(image))
    assert [code.text for code in found] == [on_page(sample.NOTE, page + 1, made(kind).pages)]


def test_photos_pass_through_unchanged() -> None:
    photos = sample.photos(16, 640, 480)
    with_photos = render("evidence_list", sample.CASE, sample.stamp("evidence_list"), photos).pdf
    total = sum(len(photo.jpeg) for photo in photos.values())
    assert all(photo.jpeg in with_photos for photo in photos.values())
    without = render("evidence_list", sample.CASE, sample.stamp("evidence_list"), {}).pdf
    sheets = len(with_photos) - len(without) - total
    assert sheets < 8 * 60_000  # eight pages of captions; the photos themselves add nothing


def test_equal_photos_are_stored_once() -> None:
    one = sample.photos(1)["ZJ-001"]
    same = {f"ZJ-{n:03d}": one for n in range(1, 17)}
    pdf = render("evidence_list", sample.CASE, sample.stamp("evidence_list"), same).pdf
    assert pdf.count(one.jpeg) == 1


@pytest.mark.parametrize("titles", ["ministry", "shanghai"])
def test_no_page_of_text_weighs_more_than_60_kilobytes(titles: str) -> None:
    """Every paper of the catalogue, one page forms above all: each carries the faces that it is set in."""
    weight = {}
    for kind in CATALOG:
        paper = render(kind, sample.case_of(kind), sample.stamp(kind), {}, titles)
        weight[kind] = len(paper.pdf) / paper.pages
    assert max(weight.values()) <= 60 * 1024, sorted(weight.items(), key=lambda each: -each[1])[:5]


def test_report_names_the_faces_and_the_widest_gap() -> None:
    report = made("rectification").report
    assert report.faces is not None and report.faces["仿宋"].startswith("FandolFang")
    assert report.stretch <= 0.12 and report.forced == 0
    warm_up()


def _font(path: Path, family: str, source: str = "FandolFang.ttf") -> None:
    """A small face that bears this family name."""
    with TTFont(bundled().sources[FANG].path.with_name(source)) as font:
        options = subset.Options(notdef_outline=True, name_IDs=["*"])
        worker = subset.Subsetter(options)
        worker.populate(text="国田日一")
        worker.subset(font)
        for record in font["name"].names:
            if record.nameID in (1, 16):
                record.string = family
        font.save(path)


def test_installed_faces_are_found_by_family_name_best_first(tmp_path: Path) -> None:
    _font(tmp_path / "a.ttf", "FangSong")
    _font(tmp_path / "b.TTF", "仿宋_GB2312")
    _font(tmp_path / "c.ttf", "Some Other Face")
    (tmp_path / "d.ttf").write_bytes(b"not a font")
    found = installed([tmp_path])
    assert set(found) == {FANG}
    assert found[FANG].path.name == "b.TTF"
    assert installed([]) == {}
    mixed = fonts.Faces({**bundled().sources, **found})
    assert mixed.face(FANG).source.path.name == "b.TTF"
    assert mixed.measured(FANG, "国")[0] == FANG
    assert mixed.measured(FANG, "档")[0] == KAI  # what the installed face lacks comes from the next in the chain


def test_windows_folders_are_looked_for_where_windows_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setenv("WINDIR", str(tmp_path))
    assert fonts.system_folders() == ()
    (tmp_path / "Fonts").mkdir()
    assert fonts.system_folders() == (tmp_path / "Fonts",)


def test_a_record_is_read_paragraph_by_paragraph_and_its_headings_are_bookmarks() -> None:
    with pdfplumber.open(io.BytesIO(made("onsite_record").pdf)) as document:
        titles = [title for _, title, *_ in document.doc.get_outlines()]
        tree = resolve1(resolve1(document.doc.catalog["StructTreeRoot"])["K"][0])
        roles = [str(resolve1(each)["S"].name) for each in resolve1(tree["K"])]
    assert titles[0] == "档案行政检查现场笔录" and [title[:2] for title in titles[1:]] == [
        "一、",
        "二、",
        "三、",
        "四、",
    ]
    assert roles.count("H2") == 4 and roles.count("P") > 20
