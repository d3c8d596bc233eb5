"""Printed pages on photos and scans: the code is read, and the straight copy has everything where the paper has it."""

from __future__ import annotations

import io
import math
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inspector_app.evidence.scan import A4, DOTS, Straight, codes_in, read_scan
from inspector_app.papers.render import Rendered, code_on, render
from inspector_app.record.checkpoint import on_page
from tests.camera import photographed, printed, saved, scanned
from tests.papers import sample


@cache
def made_of(kind: str) -> Rendered:
    return render(kind, sample.CASE, sample.stamp(kind), {})


@cache
def page_of(kind: str, page: int) -> Image.Image:
    return printed(made_of(kind).pdf, page)


def straightened(file: Path, kind: str, page: int) -> Straight:
    (code,) = (scan := read_scan(file)).codes
    assert code.text.startswith(sample.NOTE) and code.text == on_page(sample.NOTE, page, made_of(kind).pages)
    return scan.straight(code, code_on(kind, code.text, page).corners)


def millimetres_off(made: Straight, kind: str, page: int) -> float:
    """How far the corners of the code in a straight copy lie from where they are on the paper itself."""
    (seen,) = codes_in(Image.open(io.BytesIO(made.jpeg)))
    (true,) = codes_in(printed(made_of(kind).pdf, page, 25.4 * DOTS))
    return max(math.dist(a, b) for a, b in zip(seen.corners, true.corners, strict=True)) / DOTS


def likeness(made: Straight, kind: str, page: int) -> float:
    """How well the whole copy lies over the page as it was printed: 1 is the same picture, at 1 mm."""
    size = (round(A4[0]), round(A4[1]))
    pictures = (Image.open(io.BytesIO(made.jpeg)), printed(made_of(kind).pdf, page, 25.4 * DOTS))
    one, other = (np.asarray(p.convert("L").resize(size, Image.Resampling.BOX), float)[4:-4, 4:-4] for p in pictures)
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


PAGES = [("onsite_record", 1, 0.0), ("onsite_record", 3, 9.0), ("notice", 2, -14.0), ("proof_of_service", 1, 183.0)]
"""With how far the hand turned each."""


@pytest.mark.parametrize("seed", range(4))
def test_a_photo_becomes_upright_and_straight(tmp_path: Path, seed: int) -> None:
    kind, page, turn = PAGES[seed]
    picture = photographed([page_of(kind, page)], seed, turn=turn, light=(0.9, 0.45, 0.7, 0.6)[seed])
    made = straightened(saved(picture, tmp_path / "页.jpg"), kind, page)
    assert made.by_edges
    assert millimetres_off(made, kind, page) <= 1.0
    assert likeness(made, kind, page) > 0.85
    with Image.open(io.BytesIO(made.jpeg)) as whole, Image.open(io.BytesIO(made.thumbnail)) as small:
        assert whole.size == (1680, 2376) and max(small.size) == 360


@pytest.mark.parametrize(("name", "turn"), [("扫描.png", 1.3), ("扫描.jpg", 178.0)])
def test_a_scan_without_edges_goes_by_its_code(tmp_path: Path, name: str, turn: float) -> None:
    file = saved(scanned(page_of("onsite_record", 2), turn), tmp_path / name)
    made = straightened(file, "onsite_record", 2)
    assert not made.by_edges
    assert millimetres_off(made, "onsite_record", 2) <= 1.0
    assert likeness(made, "onsite_record", 2) > 0.8


def test_a_page_on_a_white_desk_or_cut_off_goes_by_its_code(tmp_path: Path) -> None:
    """What looks like an edge and disagrees with the code is no edge."""
    white = photographed([page_of("onsite_record", 1)], 3, desk=(250, 250, 250), tilt=0.01, light=1.0)
    cut = photographed([page_of("onsite_record", 1)], 4, tilt=0.01)
    cut = cut.crop((400, 0, *cut.size))
    for name, picture in (("白桌.jpg", white), ("缺边.jpg", cut)):
        made = straightened(saved(picture, tmp_path / name), "onsite_record", 1)
        assert not made.by_edges
        assert millimetres_off(made, "onsite_record", 1) <= 1.0


def test_exif_turns_first(tmp_path: Path) -> None:
    picture = photographed([page_of("onsite_record", 1)], 5).transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6
    picture.save(tmp_path / "竖.jpg", quality=88, exif=exif)
    made = straightened(tmp_path / "竖.jpg", "onsite_record", 1)
    assert made.by_edges and millimetres_off(made, "onsite_record", 1) <= 1.0


def test_codes_of_others_and_none(tmp_path: Path) -> None:
    both = photographed([page_of("onsite_record", 1), page_of("onsite_record", 2)], 6, size=(3200, 2400))
    assert len(read_scan(saved(both, tmp_path / "两页.jpg")).codes) == 2
    dim = photographed([page_of("onsite_record", 1)], 7, blur=12)
    assert read_scan(saved(dim, tmp_path / "模糊.jpg")).codes == ()


def test_reading_needs_no_numpy() -> None:
    """numpy is a tool of the tests; the product is installed without it."""
    code = (
        "import sys; sys.modules['numpy'] = None\nfrom PIL import Image\n"
        "from inspector_app.evidence.scan import codes_in\nprint(codes_in(Image.new('RGB', (400, 400))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "()", done.stderr
