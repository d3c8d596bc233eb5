"""Pages on photos that the common reader of codes gives up: in shadow, dim, blurred, packed hard, creased."""

from __future__ import annotations

import io
import math
from functools import cache
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from inspector_app.evidence.faint import read_faint
from inspector_app.evidence.scan import DOTS, codes_in, read_scan
from inspector_app.papers.qr import modules
from inspector_app.papers.render import code_on
from inspector_app.record.checkpoint import on_page
from tests.camera import creased, photographed, printed, saved, spoiled
from tests.evidence.test_scan import PAGES, made_of, page_of
from tests.office import card
from tests.papers import sample

TURNS = (4.0, -11.0, 176.0, 190.0)


@pytest.mark.parametrize("seed", range(4))
def test_a_poor_photo_is_read_and_made_straight(tmp_path: Path, seed: int) -> None:
    kind, page, _ = PAGES[seed]
    photo = spoiled(photographed([page_of(kind, page)], seed, turn=TURNS[seed], blur=1.0, light=0.6), seed)
    assert codes_in(photo) == (), "the common reader sees nothing, else this photo shows nothing"
    (code,) = (scan := read_scan(saved(photo, tmp_path / "暗.png"))).codes
    assert code.text == on_page(sample.NOTE, page, made_of(kind).pages)
    made = scan.straight(code, code_on(kind, code.text, page).corners)
    seen = read_faint(Image.open(io.BytesIO(made.jpeg)).convert("L"))
    (true,) = codes_in(printed(made_of(kind).pdf, page, 25.4 * DOTS))
    assert seen is not None and made.by_edges
    assert max(math.dist(a, b) for a, b in zip(seen[1], true.corners, strict=True)) <= DOTS, (
        "off by at most a millimetre"
    )


@pytest.mark.parametrize("seed", [0, 3])
def test_a_creased_sheet_is_read(seed: int) -> None:
    kind, page, _ = PAGES[seed]
    sheet = creased(page_of(kind, page), 1.5)
    photo = spoiled(photographed([sheet], seed, turn=TURNS[seed], light=0.6), seed, quality=60)
    found = read_faint(photo.convert("L"))
    assert found is not None and found[0] == on_page(sample.NOTE, page, made_of(kind).pages)


@cache
def sheet_with(length: int) -> tuple[str, Image.Image]:
    """A white sheet of 220 dpi with a code of so many characters, as large as the one of a paper, and a frame beside it."""
    text = "".join(chr(33 + (n * 7 + n // 9) % 90) for n in range(length))
    rows = modules(text)
    code = Image.frombytes("L", (len(rows),) * 2, bytes(0 if cell else 255 for row in rows for cell in row))
    page = Image.new("RGB", (1820, 2574), (255, 255, 255))
    side = round(22.1 * 1820 / 210)
    page.paste(code.resize((side, side), Image.Resampling.BOX), (1180, 2100 - side // 2))
    ImageDraw.Draw(page).rectangle((200, 300, 1000, 1500), outline=0, width=3)
    return text, page


@pytest.mark.parametrize("length", [200, 400, 600])
def test_codes_of_every_size_of_note(length: int) -> None:
    """With one, two or three rows of alignment patterns between the finders."""
    text, page = sheet_with(length)
    photo = spoiled(photographed([page], length, turn=-8.0, size=(2400, 3200)), length, quality=70)
    found = read_faint(photo.convert("L"))
    assert found is not None and found[0] == text


def test_where_no_code_is_none_is_read() -> None:
    with Image.open(card(1)[0]) as photo:
        assert read_faint(photo.convert("L")) is None
    for side in (1, 40, 900):
        assert read_faint(Image.new("L", (side, side), 200)) is None
    assert read_faint(photographed([Image.new("RGB", (600, 848), (255, 255, 255))], 1).convert("L")) is None
