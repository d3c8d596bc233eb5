"""Signed pages that an office scanner made into one PDF: read page by page, kept with the file as it is, or told why not."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from inspector_app.actions import onsite, papers, signed_pages
from inspector_app.domain.paper import Issued
from inspector_app.domain.problems import Problem
from inspector_app.tour.hand import Hand
from inspector_app.ui import scans
from inspector_app.ui.widgets.panels import Tag
from tests.camera import printed, scanned
from tests.office import CASE
from tests.scanner import claiming, locked, pageless, scanned_pdf, turned
from tests.ui.test_pages_sheet import drop, on_view, record_of

BLANK = Image.new("RGB", (1240, 1754), "white")


def sheets_of(hand: Hand, paper: Issued, *pages: int) -> list[Image.Image]:
    """Pages of a paper as they lay on the glass, each a little askew."""
    pdf = papers.pdf_of(hand.window.desk.book, CASE, paper.id)
    return [scanned(printed(pdf, page, 150.0), turn=0.6 * page) for page in pages]


def test_a_pdf_is_read_page_by_page_and_kept_as_it_is(made_record: Hand, tmp_path: Path) -> None:
    hand, paper, book = made_record, record_of(made_record), made_record.window.desk.book
    first, second = sheets_of(hand, paper, 1, 2)
    file = scanned_pdf([second.rotate(180), BLANK, first, first], tmp_path / "扫描.pdf")
    hand.press("存签字页")
    drop(hand, file)
    assert [tag.accessibleName() for tag in hand.all(Tag)] == ["可以存", "不能存", "可以存", "要指定"]
    said = on_view(hand)
    assert (
        "扫描.pdf 第 1 页" in said
        and "“扫描.pdf 第 2 页”是空白的" in said
        and "第 1 页，这一页已经选过或者存过" in said
    )
    hand.press("存入 2 页")
    content = file.read_bytes()
    kept = record_of(hand).kept
    assert [(page.page, page.leaf, page.original) for page in kept] == [
        (2, 1, hashlib.sha256(content).hexdigest()), (1, 3, hashlib.sha256(content).hexdigest()),
    ]  # fmt: skip
    assert book.vault.read(kept[0].original) == content
    with Image.open(io.BytesIO(signed_pages.picture_of(book, kept[0]))) as shown:
        assert shown.size == (1680, 2376)
    hand.press("存签字页")
    drop(hand, file)
    assert "存入 " not in on_view(hand) and not [tag for tag in hand.all(Tag) if tag.accessibleName() == "可以存"]
    hand.press("返回")
    hand.press("存签字页")
    hand.press("看第 2 页")
    hand.press("撤下这一页")
    hand.press("撤下签字页")
    assert "要写明原因" in on_view(hand)
    hand.fill("撤下的原因", "签的人不对")
    hand.press("撤下签字页")
    assert [page.page for page in record_of(hand).kept] == [1]
    assert "第 2 页撤下过一张：签的人不对（示例沈岚）" in on_view(hand), "the sheet under it knows"


def test_a_page_without_a_code_an_older_revision_and_the_archived_file(made_record: Hand, tmp_path: Path) -> None:
    """What no code tells is kept with a picture of it; the rest is refused as photos are."""
    hand, paper, book = made_record, record_of(made_record), made_record.window.desk.book
    (page,) = sheets_of(hand, paper, 1)
    old = scanned_pdf([page], tmp_path / "旧.pdf")
    page.paste((120, 120, 120), (0, page.height * 4 // 5, page.width, page.height))
    (leaf,) = scans.leaves(scanned_pdf([page], tmp_path / "盖住.pdf"))
    seen = signed_pages.look(book, CASE, leaf)
    assert seen.by_hand
    signed_pages.keep(book, CASE, [signed_pages.assign(book, CASE, seen, paper.id, 1, "码被印泥盖住")])
    (kept,) = record_of(hand).kept
    assert kept.leaf == 1 and signed_pages.picture_of(book, kept).startswith(b"\xff\xd8")
    archived = tmp_path / "另存.pdf"
    archived.write_bytes(papers.pdf_of(book, CASE, paper.id))
    unsigned = signed_pages.look(book, CASE, scans.leaves(archived)[0])
    assert unsigned.problem is not None and unsigned.problem.code == "page_unsigned" and not unsigned.by_hand
    onsite.reopen(book, CASE, "补正地点")
    hand.settle()
    seen = signed_pages.look(book, CASE, scans.leaves(old)[0])
    assert seen.problem is not None and seen.problem.code == "page_withdrawn" and "旧.pdf 第 1 页" in str(seen.problem)


def told(file: Path) -> str:
    with pytest.raises(Problem) as refused:
        scans.leaves(file)
    assert file.name in str(refused.value) and refused.value.way_out
    return refused.value.code


def test_what_cannot_be_read_is_told(qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = scanned_pdf([BLANK, BLANK], tmp_path / "好.pdf")
    assert [leaf.number for leaf in scans.leaves(whole)] == [1, 2]
    assert told(locked(whole, tmp_path / "密码.pdf")) == "pdf_locked"
    assert told(pageless(tmp_path / "空.pdf")) == "pdf_empty"
    broken = tmp_path / "断.pdf"
    broken.write_bytes(b"%PDF-1.7\n" + bytes(500))
    assert told(broken) == "pdf_damaged" and scans.is_pdf(broken)
    assert told(tmp_path / "不在.pdf") == "pdf_damaged" and not scans.is_pdf(tmp_path / "不在.pdf")
    monkeypatch.setattr(scans, "MOST", 1)
    assert told(whole) == "pdf_too_large"
    monkeypatch.setattr(scans, "LARGEST", 100)
    assert told(whole) == "pdf_too_large"


def test_a_page_lies_as_its_file_says(qapp: object, tmp_path: Path) -> None:
    tall = Image.new("RGB", (400, 600), "white")
    tall.paste((0, 0, 0), (0, 0, 400, 60))
    (leaf,) = scans.leaves(turned(scanned_pdf([tall], tmp_path / "a.pdf"), tmp_path / "b.pdf", 90))
    size, pixels = leaf.draw()
    ten = Image.frombytes("RGB", size, pixels).convert("L").resize((10, 10)).tobytes()
    assert size[0] > size[1] and ten[59] < 80 < ten[50], "a sheet on its side"


@pytest.mark.parametrize("claims", [{"side": 14_400}, {"picture": 8_000}])
def test_what_a_file_claims_costs_little(qapp: object, tmp_path: Path, claims: dict[str, int]) -> None:
    """A page of five metres, a picture of 64 megapixels in 63 kB."""
    (leaf,) = scans.leaves(claiming(tmp_path / "claims.pdf", **claims))
    (width, height), pixels = leaf.draw()
    assert max(width, height) <= scans.LONGEST and len(pixels) == 3 * width * height


def drawing(target: Path, strokes: int, times: int = 0) -> Path:
    """A page of so many lines, or one that draws a form with them, which draws the next one, and so on, so many times each."""
    lines = b"70 90 m 310 420 l S " * strokes
    with pikepdf.new() as made:
        page = made.add_blank_page()
        content = made.make_stream(lines)
        for _ in range(18 if times else 0):
            content.Type, content.Subtype, content.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, [0, 0, 612, 792]
            inner = content
            content = made.make_stream(b"/X Do " * times)
            content.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=inner))
        page.Contents = content
        if times:
            page.Resources = content.Resources
        made.save(target, compress_streams=True)
    return target


def test_a_drawing_is_no_scan(qapp: object, tmp_path: Path) -> None:
    """Two million lines took 73 s, and so would a few that are drawn a million times; what a scanner writes is let through."""
    assert told(drawing(tmp_path / "图纸.pdf", 210_000)) == "pdf_drawing"
    assert told(drawing(tmp_path / "嵌套.pdf", 5, times=2)) == "pdf_drawing"
    assert scans.leaves(drawing(tmp_path / "表格.pdf", 3_000)) and scans.leaves(
        drawing(tmp_path / "一层.pdf", 10, times=1)
    )
