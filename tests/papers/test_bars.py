"""The quality bars of every paper: what the composer claims, and what the rendered PDF shows by other means."""

from __future__ import annotations

import io
import itertools
from collections import defaultdict
from typing import Any

import numpy as np
import pdfplumber
import pypdfium2
import pytest

from inspector_app.papers import grid
from inspector_app.papers.catalog import CATALOG
from inspector_app.papers.compose import NO_END, NO_START
from inspector_app.papers.render import Rendered, measured, render
from tests.papers import sample
from tests.papers.test_paper import PICTURED

KINDS = tuple(CATALOG)
LETTERS = tuple(
    kind for kind in KINDS if render(kind, sample.case_of(kind), sample.stamp(kind), {}).shown.template == "letter"
)
_MM = 25.4 / 72
_DOTS = 600 / 25.4  # to a millimetre


@pytest.fixture(scope="module")
def made() -> dict[str, Rendered]:
    return {
        kind: render(kind, sample.case_of(kind), sample.stamp(kind), sample.photos() if kind in PICTURED else {})
        for kind in KINDS
    }


@pytest.mark.parametrize("kind", KINDS)
def test_the_composed_pages_meet_the_bars(kind: str) -> None:
    bars = measured(kind, sample.case_of(kind), sample.stamp(kind), {})
    assert bars["lines_most"] <= 22 and bars["characters_most"] <= 28
    for name in ("left_off", "pitch_off"):
        assert bars[name] <= 0.05, name
    assert bars["right_over"] <= 0.02 and bars["right_ragged"] <= 0.02
    for name in ("mark_off", "rule_off", "dash_off"):
        assert bars.get(name, 0.0) <= 0.2, name
    assert bars["forbidden_starts"] == bars["forbidden_ends"] == 0


def test_bars_of_a_letter_are_really_taken() -> None:
    bars = measured("opinion", sample.case_of("opinion"), sample.stamp("opinion"), {})
    assert {"mark_off", "rule_off", "dash_off"} <= set(bars) and bars["lines_most"] > 10


def _rows(made: Rendered) -> list[dict[float, list[dict[str, Any]]]]:
    """The characters of 3号 of each page of a PDF by their baseline, from left to right."""
    found = []
    with pdfplumber.open(io.BytesIO(made.pdf)) as pdf:
        for page in pdf.pages:
            chars = [c for c in page.chars if abs(c["size"] * _MM - grid.CELL) < 0.01 and c["text"].strip()]
            lines = {c["matrix"][5] for c in chars if "FandolFang" in c["fontname"]}  # other faces stand a little off
            rows: dict[float, list[dict[str, Any]]] = defaultdict(list)
            for char in chars if lines else ():
                near = min(lines, key=lambda y: abs(y - char["matrix"][5]))
                if abs(near - char["matrix"][5]) < 2:
                    rows[near].append(char)
            found.append({y: sorted(row, key=lambda c: c["x0"]) for y, row in rows.items()})
    return found


@pytest.mark.parametrize("kind", LETTERS)
def test_the_rendered_text_stands_on_the_grid(kind: str, made: dict[str, Rendered]) -> None:
    """By pdfplumber: pitch and left edge within 0.05 mm, 22 lines of 28 characters at most, marks where they may stand."""
    flush = 0
    for number, rows in enumerate(_rows(made[kind])):
        ys = sorted(rows, reverse=True)[1:] if number == 0 else sorted(rows, reverse=True)  # the number stands higher
        assert len(ys) <= 22
        steps = [(a - b) * _MM / grid.PITCH for a, b in itertools.pairwise(ys)]
        assert all(abs(step - round(step)) * grid.PITCH <= 0.06 for step in steps)
        for y in ys:
            row = rows[y]
            left = row[0]["x0"] * _MM
            assert row[-1]["x0"] * _MM <= grid.RIGHT + 0.02
            if left < grid.LEFT + 0.3:
                flush += 1
                assert abs(left - grid.LEFT) <= 0.05 or row[0]["text"] in "“‘（《〈「『【〔"
                assert row[0]["text"] not in NO_START
            assert row[-1]["text"] not in NO_END
    assert flush > 3


@pytest.mark.parametrize("kind", KINDS)
def test_what_can_be_copied_out_is_what_was_written(kind: str, made: dict[str, Rendered]) -> None:
    """Extracted text equals the source, character by character, whatever the order of cells."""
    with pdfplumber.open(io.BytesIO(made[kind].pdf)) as pdf:
        got = "".join(char["text"] for page in pdf.pages for char in page.chars)
    wanted = "".join(text for leaf in made[kind].shown.leaves for text in leaf)
    assert sorted(got.replace(" ", "").replace("\u3000", "")) == sorted(wanted.replace(" ", "").replace("\u3000", ""))
    bare = set(wanted)
    for passage in made[kind].shown.passages:
        assert set(passage) - set("\n|") <= bare | set("：；／"), "a character of the source is on no page"


@pytest.mark.parametrize("kind", KINDS)
def test_every_face_is_embedded_and_pages_are_light(kind: str, made: dict[str, Rendered]) -> None:
    assert made[kind].shown.bare_faces == () and made[kind].report.collisions == ()
    if kind not in PICTURED:  # a page of some 200 different characters weighs as much in outlines alone
        assert len(made[kind].pdf) <= 58_000 + 60_000 * made[kind].pages
    again = render(kind, sample.case_of(kind), sample.stamp(kind), sample.photos() if kind in PICTURED else {})
    assert again.sha256 == made[kind].sha256


def _ink(made: Rendered, page: int) -> Any:
    """A page at 600 dpi as an array of colours."""
    document = pypdfium2.PdfDocument(made.pdf)
    image = document[page].render(scale=600 / 72).to_numpy()[:, :, :3]
    document.close()
    return image


def test_the_ink_of_a_letter_stands_where_the_standard_wants_it(made: dict[str, Rendered]) -> None:
    """At 600 dpi: mark 30 mm from the edge, rule 4 mm below it, the dash of page 2 7 mm below the type area, all ±0.2 mm."""
    first = _ink(made["opinion"], 0).astype(int)
    blue, green, red = first[:, :, 0], first[:, :, 1], first[:, :, 2]
    rows = np.where(((red > 120) & (green < 90) & (blue < 90)).any(axis=1))[0] / _DOTS
    assert abs(rows[0] - 30.0) <= 0.2
    gaps = np.where(np.diff(rows) > 1.0)[0]
    assert abs(rows[gaps[0] + 1] - rows[gaps[0]] - 4.0) <= 0.2
    second = _ink(made["opinion"], 1)
    area = second[
        int((grid.BOTTOM + 2) * _DOTS) : int((grid.BOTTOM + 12) * _DOTS),
        int(grid.LEFT * _DOTS) : int((grid.LEFT + 20) * _DOTS),
    ]
    dark = np.where((area.min(axis=2) < 128).sum(axis=1) > 40)[0]  # a dash is wide
    assert abs((grid.BOTTOM + 2 + dark[0] / _DOTS) - grid.BOTTOM - 7.0) <= 0.2


@pytest.mark.campaign
@pytest.mark.parametrize("kind", KINDS)
def test_no_ink_in_the_outer_margin(kind: str, made: dict[str, Rendered]) -> None:
    for number in range(made[kind].pages):
        page = _ink(made[kind], number)
        edge = int(5 * _DOTS)
        for strip in (page[:edge], page[-edge:], page[:, :edge], page[:, -edge:]):
            assert strip.min() > 200
