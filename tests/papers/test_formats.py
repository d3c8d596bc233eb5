"""The other formats: OFD with the same characters at the same places, Word that says it is no original."""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree import ElementTree

import docx
import pytest
from fontTools.ttLib import TTFont

from inspector_app.papers.catalog import CATALOG
from inspector_app.papers.fonts import faces
from inspector_app.papers.page import Picture, Text
from inspector_app.papers.render import compose_pages, in_format
from tests.papers import sample
from tests.papers.test_paper import PICTURED

_OFD = "{http://www.ofdspec.org/2016}"
SOME = ("opinion", "evidence_list", "case_cover")


@pytest.mark.parametrize("kind", SOME)
def test_ofd_holds_every_character_where_the_composer_put_it(kind: str) -> None:
    photos = sample.photos() if kind in PICTURED else {}
    content = in_format(".ofd", kind, sample.case_of(kind), sample.stamp(kind), photos)
    assert content == in_format(".ofd", kind, sample.case_of(kind), sample.stamp(kind), photos), (
        "same pages, same bytes"
    )
    made = compose_pages(kind, sample.case_of(kind), sample.stamp(kind), photos, "shanghai", faces())
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        names = set(file.namelist())
        root = ElementTree.fromstring(file.read("OFD.xml"))
        assert root.find(f".//{_OFD}DocRoot").text == "Doc_0/Document.xml"  # type: ignore[union-attr]
        document = ElementTree.fromstring(file.read("Doc_0/Document.xml"))
        pages = [page.get("BaseLoc") for page in document.iter(f"{_OFD}Page")]
        assert len(pages) == len(made.pages)
        fonts = _fonts(file)
        ids = set()
        for place, page in zip(pages, made.pages, strict=True):
            tree = ElementTree.fromstring(file.read(f"Doc_0/{place}"))
            spots = []
            for each in tree.iter(f"{_OFD}TextObject"):
                code = each.find(f"{_OFD}TextCode")
                assert code is not None and code.text
                x = float(str(code.get("X")))
                steps = [float(step) for step in (code.get("DeltaX") or "").split()]
                assert len(steps) == len(code.text) - 1
                assert set(map(ord, code.text)) <= fonts[str(each.get("Font"))], "a glyph that the embedded face lacks"
                for char, step in zip(code.text, [*steps, 0.0], strict=True):
                    spots.append((char, x))
                    x += step
            wanted = [(c, x) for m in page.marks if isinstance(m, Text) for c, x in zip(m.text, m.xs, strict=True)]
            assert [char for char, _ in spots] == [char for char, _ in wanted]
            assert all(abs(a - b) < 0.05 for (_, a), (_, b) in zip(spots, wanted, strict=True))
            ids |= {each.get("ID") for each in tree.iter() if each.get("ID")}
        assert max(int(str(id)) for id in ids) < int(str(document.find(f".//{_OFD}MaxUnitID").text))  # type: ignore[union-attr]
        pictures = {name for name in names if name.endswith(".jpg")}
        drawn = {photos[m.key].jpeg for page in made.pages for m in page.marks if isinstance(m, Picture)}
        assert len(pictures) == len(drawn)


def _fonts(file: zipfile.ZipFile) -> dict[str, set[int]]:
    """The characters of each embedded face by its identifier."""
    found = {}
    for each in ElementTree.fromstring(file.read("Doc_0/PublicRes.xml")).iter(f"{_OFD}Font"):
        name = each.find(f"{_OFD}FontFile")
        assert name is not None
        with TTFont(io.BytesIO(file.read(f"Doc_0/Res/{name.text}"))) as font:
            found[str(each.get("ID"))] = set(font.getBestCmap())
    return found


@pytest.mark.parametrize("kind", CATALOG)
def test_word_says_what_the_paper_says_and_that_it_is_no_original(kind: str) -> None:
    photos = sample.photos() if kind in PICTURED else {}
    content = in_format(".docx", kind, sample.case_of(kind), sample.stamp(kind), photos)
    document = docx.Document(io.BytesIO(content))
    said = [paragraph.text for paragraph in document.paragraphs]
    said += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    text = "\n".join(said)
    made = compose_pages(kind, sample.case_of(kind), sample.stamp(kind), photos, "shanghai", faces()).shown
    for passage in made.passages:
        for part in re.split(r"[：；|]", passage):
            assert part.strip() in text.replace("\n", ""), part
    assert not re.search(r"附件：1\.(?![^附]*2\.)", text), "a single attachment bears no number"
    assert all(cell in text for cell in made.strip), "who signs"
    assert "不是存档原件" in document.sections[0].header.paragraphs[0].text
    assert document.core_properties.title == made.title and document.core_properties.created.date() == made.day
    assert round(document.sections[0].page_width.mm) == 210  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", ["approval", "extension", "case_contents"])
def test_word_has_the_rooms_to_sign_and_the_strokes_and_is_the_same_each_time(kind: str) -> None:
    case, stamp = sample.case_of(kind), sample.stamp(kind)
    content = in_format(".docx", kind, case, stamp, {})
    assert content == in_format(".docx", kind, case, stamp, {})
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert {info.date_time[:3] for info in file.infolist()} == {(2000, 1, 1)}
    text = "".join(cell.text for table in docx.Document(io.BytesIO(content)).tables for cell in table._cells)
    made = compose_pages(kind, case, stamp, {}, "shanghai", faces())
    printed = "".join(text for leaf in made.shown.leaves for text in leaf)
    assert "签名：" in printed or "／" in printed
    assert text.count("签名：") == printed.count("签名：") and text.count("／") >= printed.count("／")


def test_ofd_without_pictures_lists_none() -> None:
    """GB/T 33190 has no empty list of media."""
    with zipfile.ZipFile(
        io.BytesIO(in_format(".ofd", "plan", sample.case_of("plan"), sample.stamp("plan"), {}))
    ) as file:
        assert list(ElementTree.fromstring(file.read("Doc_0/DocumentRes.xml"))) == []
