"""Every paper is fit for archives: PDF/A-2b by a validator that is not ours, the paper's own day, the same bytes again."""

from __future__ import annotations

import io
from datetime import date
from functools import lru_cache
from typing import Any

import pikepdf
import pikepdf.pdfa
import pytest

from inspector_app.papers.catalog import CATALOG
from inspector_app.papers.render import Rendered, render
from tests.papers import sample
from tests.papers.test_paper import PICTURED

KINDS = tuple(CATALOG)


@lru_cache(maxsize=64)
def made(kind: str, **stamp: object) -> Rendered:
    photos = sample.photos() if kind in PICTURED else {}
    return render(kind, sample.case_of(kind), sample.stamp(kind, **stamp), photos)


@pytest.mark.parametrize("kind", KINDS)
def test_a_paper_is_pdf_a(kind: str) -> None:
    report = pikepdf.pdfa.validate_written(io.BytesIO(made(kind).pdf), "2b")
    assert report.findings == []


def test_the_validator_sees_what_is_missing() -> None:
    with pikepdf.open(io.BytesIO(made("opinion").pdf)) as pdf:
        del pdf.Root.Metadata
        out = io.BytesIO()
        pdf.save(out)
    found = pikepdf.pdfa.validate_written(out, "2b").findings
    assert any("Metadata" in finding.message for finding in found)


def test_a_file_says_who_made_it_and_on_the_papers_day() -> None:
    first = made("opinion", date=date(2026, 5, 9))
    with pikepdf.open(io.BytesIO(first.pdf)) as pdf:
        info = pdf.docinfo
        assert str(info.Title) == "行政检查意见书" and str(info.Author) == sample.BUREAU.name
        assert str(info.CreationDate) == str(info.ModDate) == "D:20260509000000+00'00'"
        with pdf.open_metadata() as xmp:
            assert xmp["pdfaid:part"] == "2" and xmp["xmp:CreateDate"] == "2026-05-09T00:00:00+00:00"
            assert xmp["dc:title"] == "行政检查意见书" and xmp["dc:creator"] == [sample.BUREAU.name]
        assert str(pdf.Root.Lang) == "zh-CN"
    assert made("opinion", date=date(2026, 5, 9)).sha256 == first.sha256
    assert made("opinion", date=date(2026, 5, 10)).sha256 != first.sha256


def test_a_paper_tells_what_is_heading_text_and_picture() -> None:
    made_ = made("rectification")
    with pikepdf.open(io.BytesIO(made_.pdf)) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        whole = pdf.Root.StructTreeRoot.K[0]
        roles = [str(part.S) for part in whole.K]
        assert roles[0] == "/H1" and roles.count("/H1") == 1 and "/P" in roles and roles[-1] == "/Figure"
        assert str(whole.K[-1].Alt) == "证据照片"
        with pdf.open_outline() as outline:
            assert [entry.title for entry in outline.root] == ["责令限期整改通知书"]
    with pikepdf.open(io.BytesIO(made("opinion").pdf)) as pdf, pdf.open_outline() as outline:
        heads = [child.title for child in outline.root[0].children]
        assert heads == ["一、检查概况", "二、存在的问题和改进建议", "三、当场改正的情况", "四、反馈要求"]


def children(element: Any) -> list[Any]:
    """The elements in an element, without its own text."""
    kids = element.get("/K", [])
    found = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    return [kid for kid in found if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]


@pytest.mark.parametrize("kind", KINDS)
def test_forms_are_tables_whose_rows_are_equally_wide(kind: str) -> None:
    """Empty cells count too, and a row that goes on over pages stays one row."""
    with pikepdf.open(io.BytesIO(made(kind).pdf)) as pdf:
        tables = [part for part in children(pdf.Root.StructTreeRoot.K[0]) if part.S == "/Table"]
        for table in tables:
            rows = children(table)
            assert {str(row.S) for row in rows} == {"/TR"}
            cells = [children(row) for row in rows]
            assert {str(cell.S) for row in cells for cell in row} <= {"/TH", "/TD"}
            assert all(row == cell.P for row, own in zip(rows, cells, strict=True) for cell in own)
            wide = {sum(int(cell.A.ColSpan) if "/A" in cell else 1 for cell in row) for row in cells}
            assert len(wide) == 1, wide
        assert bool(tables) is (made(kind).shown.template in ("form", "cover"))


@pytest.mark.parametrize("kind", KINDS)
def test_all_that_is_drawn_is_tagged_or_around_the_text(kind: str) -> None:
    """Each marked content has its part in the parent tree, and nothing is drawn outside of one."""
    with pikepdf.open(io.BytesIO(made(kind).pdf)) as pdf:
        parents = pdf.Root.StructTreeRoot.ParentTree.Nums
        for number, page in enumerate(pdf.pages):
            assert int(page.StructParents) == number == int(parents[2 * number])
            depth, marked = 0, 0
            for step in pikepdf.parse_content_stream(page):
                operands, name = step.operands, str(step.operator)
                if name in ("BDC", "BMC"):
                    depth += 1
                    if name == "BDC":
                        assert int(operands[1].MCID) == marked
                        marked += 1
                elif name == "EMC":
                    depth -= 1
                elif name in ("Tj", "re", "S", "f", "Do", "l"):
                    assert depth == 1, name
            assert depth == 0 and len(parents[2 * number + 1]) == marked
