"""The quality bars of every paper: what the composer claims, and what the rendered PDF shows by other means."""

from __future__ import annotations

import io
import itertools
from collections import defaultdict
from dataclasses import replace
from typing import Any

import numpy as np
import pdfplumber
import pypdfium2
import pytest

from inspector_app.papers import grid
from inspector_app.papers.catalog import CATALOG
from inspector_app.papers.compose import NO_END, NO_START, OPENING
from inspector_app.papers.fonts import bundled
from inspector_app.papers.grid import Area
from inspector_app.papers.page import Code, Rule, Text
from inspector_app.papers.press import SEAL
from inspector_app.papers.qr import ink
from inspector_app.papers.render import Rendered, compose_pages, measured, render
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
        assert all(abs(step - round(step)) * grid.PITCH <= 0.05 for step in steps)
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


def _ink(made: Rendered, page: int, *, grey: bool = False) -> Any:
    """A page at 600 dpi as an array of colours, or of greys."""
    document = pypdfium2.PdfDocument(made.pdf)
    drawn = document[page].render(scale=600 / 72, grayscale=grey).to_numpy()
    image = drawn.reshape(drawn.shape[:2]) if grey else drawn[:, :, :3]
    document.close()
    return image


def _part(image: Any, left: float, top: float, right: float, bottom: float) -> Any:
    """A part of a page, in millimetres."""
    return image[round(top * _DOTS) : round(bottom * _DOTS), round(left * _DOTS) : round(right * _DOTS)]


def _darkest(image: Any, area: Area) -> int:
    return int(_part(image, area.left, area.top, area.right, area.bottom).min())


def _around(image: Any, inner: Area, outer: Area) -> int:
    """The darkest dot between two areas."""
    strips = (
        (outer.left, outer.top, outer.right, inner.top), (outer.left, inner.bottom, outer.right, outer.bottom),
        (outer.left, inner.top, inner.left, inner.bottom), (inner.right, inner.top, outer.right, inner.bottom),
    )  # fmt: skip
    return min(int(_part(image, *strip).min()) for strip in strips)


def _wider(area: Area, by: float) -> Area:
    return Area(area.left - by, area.top - by, area.width + 2 * by, area.height + 2 * by)


def hold_the_ink_of_a_letter(letter: Rendered) -> None:
    """At 600 dpi: mark 30 mm from the edge, rule 4 mm below it, the dash of page 2 7 mm below the type area, all ±0.2 mm."""
    first = _part(_ink(letter, 0), 0.0, 0.0, grid.SHEET_WIDTH, 80.0).astype(int)
    blue, green, red = first[:, :, 0], first[:, :, 1], first[:, :, 2]
    rows = np.where(((red > 120) & (green < 90) & (blue < 90)).any(axis=1))[0] / _DOTS
    assert abs(rows[0] - 30.0) <= 0.2
    gaps = np.where(np.diff(rows) > 1.0)[0]
    assert abs(rows[gaps[0] + 1] - rows[gaps[0]] - 4.0) <= 0.2
    assert letter.pages > 1
    area = _part(_ink(letter, 1, grey=True), grid.LEFT, grid.BOTTOM + 2, grid.LEFT + 20, grid.BOTTOM + 12)
    dark = np.where((area < 128).sum(axis=1) > 40)[0]  # a dash is wide
    assert abs((grid.BOTTOM + 2 + dark[0] / _DOTS) - grid.BOTTOM - 7.0) <= 0.2


def test_the_ink_of_a_letter_stands_where_the_standard_wants_it(made: dict[str, Rendered]) -> None:
    hold_the_ink_of_a_letter(made["opinion"])


@pytest.mark.campaign
@pytest.mark.parametrize("kind", LETTERS)
def test_the_ink_of_every_letter_stands_there(kind: str, made: dict[str, Rendered]) -> None:
    hold_the_ink_of_a_letter(made[kind])


def hold_the_ink_apart(kind: str, paper: Rendered) -> None:
    """At 600 dpi nothing is printed into the quiet zone of a code, beside a page number, where the seam seal goes, or where
    printers cannot print."""
    pictures = sample.photos() if kind in PICTURED else {}
    composed = compose_pages(kind, sample.case_of(kind), sample.stamp(kind), pictures, "shanghai", bundled()).pages
    for number, page in enumerate(composed):
        image = _ink(paper, number, grey=True)
        for code in (mark for mark in page.marks if isinstance(mark, Code)):
            assert _darkest(image, code.area) < 100
            assert _around(image, _wider(ink(code.payload, code.area), 0.1), code.area) > 200
        told = (f"第{number + 1}页　共{len(composed)}页", f"— {number + 1} —")
        for text in (mark for mark in page.marks if isinstance(mark, Text) and mark.text in told):
            assert _darkest(image, text.area) < 100
            assert _around(image, _wider(text.area, 0.3), _wider(text.area, 1.5)) > 200
        seam = Area(grid.SHEET_WIDTH - SEAL / 2, (grid.SHEET_HEIGHT - SEAL) / 2, SEAL / 2, SEAL)
        assert _darkest(image, seam) > 200
        sheet = Area(0.0, 0.0, grid.SHEET_WIDTH, grid.SHEET_HEIGHT)
        assert _around(image, _wider(sheet, -5.0), sheet) > 200


@pytest.mark.parametrize("kind", ["reinspection_record", "opinion"])
def test_no_ink_meets_other_ink(kind: str, made: dict[str, Rendered]) -> None:
    hold_the_ink_apart(kind, made[kind])


@pytest.mark.campaign
@pytest.mark.parametrize("kind", KINDS)
def test_no_ink_meets_other_ink_on_any_page(kind: str, made: dict[str, Rendered]) -> None:
    hold_the_ink_apart(kind, made[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_no_rule_runs_through_a_text(kind: str) -> None:
    """The stroke over what is left of a page included."""
    for page in compose_pages(kind, sample.case_of(kind), sample.stamp(kind), {}, "shanghai", bundled()).pages:
        rules = [mark for mark in page.marks if isinstance(mark, Rule)]
        for text in (mark for mark in page.marks if isinstance(mark, Text) and mark.text.strip()):
            area = text.area
            blank = text.size / 2 if text.text[0] in OPENING else 0.0
            body = _wider(Area(area.left + blank, area.top, area.width - blank, area.height), -0.2)
            assert not [rule for rule in rules if _crosses(rule, body)], text.text


def _crosses(rule: Rule, area: Area) -> bool:
    """Whether a straight line meets an area: one of a hundred of its points lies in it."""
    if max(rule.x0, rule.x1) < area.left or min(rule.x0, rule.x1) > area.right:
        return False
    if max(rule.y0, rule.y1) < area.top or min(rule.y0, rule.y1) > area.bottom:
        return False
    steps = (n / 100 for n in range(101))
    spots = ((rule.x0 + (rule.x1 - rule.x0) * n, rule.y0 + (rule.y1 - rule.y0) * n) for n in steps)
    return any(area.left <= x <= area.right and area.top <= y <= area.bottom for x, y in spots)


def test_a_full_page_has_22_lines_of_28_characters() -> None:
    first, *rest = (f for f in sample.CASE.findings if f.consequence == "opinion")
    case = replace(sample.CASE, findings=(replace(first, fact="档案库房检查情况如实记录" * 80), *rest))
    lines = _rows(render("opinion", case, sample.stamp("opinion"), {}))[1]
    assert [len(line) for line in lines.values()] == [28] * 22
    tops = sorted(lines, reverse=True)
    assert (tops[0] - tops[-1]) * _MM + grid.CELL == pytest.approx(grid.HEIGHT, abs=0.05)
    for line in lines.values():
        assert line[0]["x0"] * _MM == pytest.approx(grid.LEFT, abs=0.05)
        assert line[-1]["x1"] * _MM == pytest.approx(grid.RIGHT, abs=0.05)
