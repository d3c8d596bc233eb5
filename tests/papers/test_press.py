"""What is laid over an archived paper for print: measured on the pixels of what is sent, and on its bytes."""

from __future__ import annotations

import io
from datetime import date

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageFilter

from inspector_app.actions import papers
from inspector_app.domain.printing import Correction, Plan, pages_of
from inspector_app.domain.problems import Problem
from inspector_app.papers import grid, press
from inspector_app.papers.calibration import TRUE, calibration_page, correction_of
from inspector_app.papers.flow import Setter
from inspector_app.papers.fonts import SONG, faces
from inspector_app.papers.page import RED, Mark, Page, Photo, Picture, Rule
from inspector_app.papers.pdf import write
from inspector_app.papers.written import Written
from tests.office import CASE, office
from tests.papers.test_archival import KINDS, made

DOTS = 300
MM = DOTS / 25.4


@pytest.fixture(scope="module")
def letter(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A formal letter of two pages with a red head."""
    session = office(tmp_path_factory.mktemp("office"))
    paper = session.queries.case(CASE).paper("notice")
    assert paper is not None
    content = papers.pdf_of(session.book, CASE, paper.id)
    session.close()
    return content


def grey(jpeg: bytes) -> bytes:
    out = io.BytesIO()
    Image.open(io.BytesIO(jpeg)).convert("L").save(out, "JPEG")
    return out.getvalue()


def pages(content: bytes) -> list[Image.Image]:
    pdf = pypdfium2.PdfDocument(content)
    shown = [page.render(scale=DOTS / 72).to_pil().convert("RGB") for page in pdf]
    pdf.close()
    return shown


def text(content: bytes) -> str:
    pdf = pypdfium2.PdfDocument(content)
    said = "".join(page.get_textpage().get_text_range() for page in pdf)
    pdf.close()
    return said


def drawn(photos: dict[str, Photo], *marks: Mark) -> bytes:
    """A page with these marks and a word in the middle."""
    word = Setter(faces()).lines("示例", SONG, 100, 20, grid.FIVE, grid.FIVE, top=100)
    return write([Page((*marks, *word))], photos, "示例", "", date(2026, 3, 16), faces())


def ink(image: Image.Image, darker: int = 200) -> Image.Image:
    return image.convert("L").point(lambda value: 255 if value < darker else 0)


def coloured(image: Image.Image) -> Image.Image:
    """Where a pixel has a colour."""
    red, green, blue = image.split()
    apart = ImageChops.lighter(ImageChops.difference(red, green), ImageChops.difference(green, blue))
    return apart.point(lambda value: 255 if value > 20 else 0)


def test_a_plain_plan_sends_the_archived_bytes(letter: bytes) -> None:
    assert press.fit(letter, Plan(), grey) is letter


@pytest.mark.parametrize(
    "plan", [Plan(2, 2), Plan(thermal=True), Plan(preprinted=True), Plan(seam=True), Plan(correction=Correction(1.01))]
)
def test_the_archived_bytes_stand_unchanged_before_what_is_laid_over(letter: bytes, plan: Plan) -> None:
    laid = press.fit(letter, plan, grey)
    assert laid.startswith(letter) and len(laid) < len(letter) * 1.1
    assert laid == press.fit(letter, plan, grey), "same plan, same bytes"


def test_a_thermal_page_has_no_colour_and_loses_no_ink(letter: bytes) -> None:
    plain, thermal = pages(letter), pages(press.fit(letter, Plan(thermal=True), grey))
    assert coloured(plain[0]).getbbox() is not None
    for before, after in zip(plain, thermal, strict=True):
        assert coloured(after).getbbox() is None
        assert ImageChops.subtract(ink(before), ink(after, 210)).getbbox() is None, "everything is still there"
    where = coloured(plain[0]).getbbox()
    assert thermal[0].crop(where).convert("L").getextrema()[0] == 0, "the red head is black"
    assert text(press.fit(letter, Plan(thermal=True), grey)) == text(letter)


def test_a_thermal_page_has_no_line_thinner_than_a_quarter_millimetre() -> None:
    """Calibration page: its ticks are 0.1 mm."""
    width = {}
    for name, content in (
        ("plain", calibration_page()),
        ("thermal", press.fit(calibration_page(), Plan(thermal=True), grey)),
    ):
        pdf = pypdfium2.PdfDocument(content)
        x, y = (grid.LEFT + 3.0) * grid.PT, (297 - grid.TOP - 150.0) * grid.PT  # a tick of the ruler at the left
        crop = (x, y - 2, 595.28 - x - 2, 841.89 - y - 2)
        column = pdf[0].render(scale=2400 / 72, crop=crop, grayscale=True).to_pil()
        pdf.close()
        column = column.crop((1, 0, 2, column.height))
        width[name] = sum(255 - value for value in column.tobytes()) / 255 / 2400 * 25.4
    assert width["plain"] == pytest.approx(0.1, abs=0.03)
    assert width["thermal"] == pytest.approx(press.THINNEST, abs=0.02)


def test_photos_of_a_thermal_page_are_grey(card_photo: bytes) -> None:
    photo = Photo.of(card_photo)
    content = drawn({"a": photo}, Picture("a", grid.Area(30, 40, 100, 75)))
    (plain,), (thermal,) = pages(content), pages(press.fit(content, Plan(thermal=True), grey))
    assert coloured(plain).getbbox() is not None and coloured(thermal).getbbox() is None
    difference = ImageChops.difference(plain.convert("L"), thermal.convert("L"))
    assert max(difference.histogram()[40:]) == 0, "the same picture"


@pytest.fixture
def card_photo() -> bytes:
    picture = Image.merge("RGB", [Image.linear_gradient("L").resize((320, 240)), Image.radial_gradient("L").resize((320, 240)),
                                  Image.new("L", (320, 240), 90)])  # fmt: skip
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=95)
    return out.getvalue()


def test_a_preprinted_sheet_gets_no_red_and_all_the_rest(letter: bytes) -> None:
    laid = press.fit(letter, Plan(preprinted=True), grey)
    for before, after in zip(pages(letter), pages(laid), strict=True):
        assert coloured(after).getbbox() is None
        left_out = ImageChops.subtract(ink(before), ink(after))
        red = coloured(before).filter(ImageFilter.MaxFilter(5))
        assert ImageChops.subtract(left_out, red).getbbox() is None, "only what is red is left out"
        assert ImageChops.subtract(ink(after), ink(before)).getbbox() is None
    assert "示档检〔2026〕1号" in text(laid), "the number is printed on the blank"
    assert press.has_red(letter) and not press.has_red(calibration_page())


def test_the_seam_guide_is_at_the_right_edge_of_every_page_and_clear_of_the_text(letter: bytes) -> None:
    laid = press.fit(letter, Plan(seam=True), grey)
    for before, after in zip(pages(letter), pages(laid), strict=True):
        left, top, right, bottom = ImageChops.subtract(ink(after), ink(before)).getbbox() or (0, 0, 0, 0)
        assert right == after.width and left / MM == pytest.approx(210 - press.SEAL / 2, abs=0.3)
        assert (bottom - top) / MM == pytest.approx(press.SEAL, abs=0.5)
        assert (top + bottom) / 2 / MM == pytest.approx(297 / 2, abs=0.3)
        assert left / MM > grid.RIGHT
    (alone,) = pages(press.fit(letter, Plan(1, 1, seam=True), grey))
    assert ImageChops.difference(alone, pages(letter)[0]).getbbox() is None, "one page has no seam"


def test_only_the_wanted_pages_are_sent(letter: bytes) -> None:
    assert text(press.fit(letter, Plan(2, 2), grey)) != text(letter)
    (only,) = pages(press.fit(letter, Plan(2, 2), grey))
    assert ImageChops.difference(only, pages(letter)[1]).getbbox() is None


@pytest.mark.parametrize("kind", KINDS)
def test_every_paper_of_the_catalogue_can_be_laid_over(kind: str) -> None:
    """All options at once, read by a strict reader: nothing is lost but what is red."""
    content = made(kind).pdf
    laid = press.fit(content, Plan(thermal=True, seam=True, correction=Correction(1.01, 1.0, 0.5, 0.5)), grey)
    with pikepdf.open(io.BytesIO(laid)) as pdf:
        assert pdf.check_pdf_syntax() == []
    assert laid.startswith(content) and text(laid) == text(content) and not press.has_red(laid)
    blank = press.fit(content, Plan(preprinted=True), grey)
    assert (text(blank) != text(content)) == press.has_red(content)


def test_a_paper_of_before_can_be_laid_over(letter: bytes) -> None:
    """Archived papers stay as they are: with all objects by themselves and their table in the clear."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(letter)) as pdf:
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    before = out.getvalue()
    assert Written(before).clear and not Written(letter).clear and b"/Type/ObjStm" in letter
    for plan in (Plan(1, 1, thermal=True), Plan(seam=True, preprinted=True)):
        laid = [pages(press.fit(content, plan, grey)) for content in (before, letter)]
        assert len(laid[0]) == len(laid[1]) and press.fit(before, plan, grey).startswith(before)
        assert all(ImageChops.difference(*each).getbbox() is None for each in zip(*laid, strict=True))


def test_what_this_application_did_not_write_is_refused() -> None:
    for content in (b"", b"%PDF-1.7\nno tables here", b"startxref\n5\n%%EOF\n"):
        with pytest.raises(Problem) as caught:
            press.fit(content, Plan(thermal=True), grey)
        assert caught.value.code == "paper_unfit"
        assert not press.has_red(content)


# -- operators ------------------------------------------------------------------------------------------------

_CASES: list[tuple[str, bytes, Plan, bytes]] = [
    ("a red line", b"0.78 0.06 0.08 RG 1 w 0 0 m 9 0 l S", Plan(preprinted=True), b"0.78 0.06 0.08 RG 1 w 0 0 m 9 0 l n"),
    ("a black line", b"0 0 0 RG 0 0 m 9 0 l S", Plan(preprinted=True), b"0 0 0 RG 0 0 m 9 0 l S"),
    ("red text, then black", b"BT 1 0 0 rg (a) Tj 0 0 0 rg (b) Tj ET", Plan(preprinted=True),
     b"BT 1 0 0 rg  0 0 0 rg (b) Tj ET"),
    ("the colour comes back", b"q 1 0 0 rg Q 0 0 9 9 re f", Plan(preprinted=True), b"q 1 0 0 rg Q 0 0 9 9 re f"),
    ("operators in a string", b"BT (1 0 0 rg \\) S) Tj ET", Plan(preprinted=True), b"BT (1 0 0 rg \\) S) Tj ET"),
    ("marked content", b"/P <</MCID 0>> BDC 0.1 w S EMC", Plan(thermal=True), b"/P <</MCID 0>> BDC 0.7087 w S EMC"),
    ("grey stays", b"0.9 0.9 0.9 rg 1 w", Plan(thermal=True), b"0.9 0.9 0.9 rg 1 w"),
    ("red becomes black", b"1 0 0 rg 0.5 0.1 0.1 RG", Plan(thermal=True), b"0 0 0 rg 0 0 0 RG"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "plan", "after"), [case[1:] for case in _CASES], ids=[case[0] for case in _CASES])
def test_operators(before: bytes, plan: Plan, after: bytes) -> None:
    assert press._redrawn(before, plan) == after


# -- calibration ----------------------------------------------------------------------------------------------


def test_a_true_printer_needs_no_correction() -> None:
    assert TRUE == (156.0, 225.0, 28.0, 37.0)
    assert correction_of(*TRUE) == Correction()


def test_a_correction_undoes_what_the_printer_does() -> None:
    """Any point of the page, through correction and printer, comes out where it belongs."""
    across, down, right, lower = 1.006, 0.995, -1.4, 2.2  # what this printer does to a page
    correction = correction_of(156 * across, 225 * down, 28 * across + right, 37 * down + lower)
    for x, y in ((0.0, 0.0), (28.0, 37.0), (184.0, 262.0)):
        laid = (x * correction.across + correction.right, y * correction.down + correction.lower)
        assert (laid[0] * across + right, laid[1] * down + lower) == pytest.approx((x, y), abs=1e-9)


def test_the_correction_moves_the_page_as_it_says() -> None:
    page = drawn({}, Rule(50, 60, 150, 60, 0.5), Rule(50, 60, 50, 200, 0.5, RED))
    (after,) = pages(press.fit(page, Plan(correction=Correction(1.01, 0.99, 1.5, -2.0)), grey))
    left, top, right, bottom = ink(after, 128).getbbox() or (0, 0, 0, 0)
    assert left / MM == pytest.approx(50 * 1.01 + 1.5 - 0.25, abs=0.12)
    assert top / MM == pytest.approx(60 * 0.99 - 2.0 - 0.25, abs=0.12)
    assert right / MM == pytest.approx(150 * 1.01 + 1.5, abs=0.2)
    assert bottom / MM == pytest.approx(200 * 0.99 - 2.0, abs=0.2)


@pytest.mark.parametrize("measured", [(16, 225, 28, 37), (156, 215, 28, 37), (156, 225, 60, 37), (156, 225, 28, -5)])
def test_absurd_measures_are_refused(measured: tuple[float, float, float, float]) -> None:
    with pytest.raises(Problem) as caught:
        correction_of(*measured)
    assert caught.value.code == "measure_absurd"


def test_a_measure_that_is_no_number_is_refused() -> None:
    with pytest.raises(Problem):
        correction_of(float("nan"), 225, 28, 37)


# -- pages ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "pages"), [("", (0, 0)), (" ", (0, 0)), ("2", (2, 2)), ("1-2", (1, 2)), ("1－2", (1, 2)), ("2至3", (2, 3)), ("1-3", (0, 0))]
)  # fmt: skip
def test_pages_are_read(asked: str, pages: tuple[int, int]) -> None:
    assert pages_of(asked, 3) == pages


@pytest.mark.parametrize("asked", ["0", "4", "3-2", "1-2-3", "一", "1,2", "-", "1-"])
def test_pages_that_are_not_there_are_refused(asked: str) -> None:
    with pytest.raises(Problem) as caught:
        pages_of(asked, 3)
    assert caught.value.code == "bad_pages"
