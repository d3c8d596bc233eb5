"""Every paper is fit for archives: PDF/A-2b by a validator that is not ours, the paper's own day, the same bytes again."""

from __future__ import annotations

import io
from datetime import date

import pikepdf
import pikepdf.pdfa
import pytest

from inspector_app.papers.catalog import CATALOG
from inspector_app.papers.render import Rendered, render
from tests.papers import sample
from tests.papers.test_paper import PICTURED

KINDS = tuple(CATALOG)


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
