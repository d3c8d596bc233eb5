"""Line composition: no forbidden start or end, no overfull line, no lost text, squeeze before stretch."""

from __future__ import annotations

import random
import re
import tomllib
from itertools import chain, pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inspector_app.papers.compose import NO_END, NO_START, Composed, compose, is_han
from inspector_app.papers.fonts import FANG, bundled
from inspector_app.places import FORMS, ROOT

HAN = "档案行政检查意见书库房温湿度记录责令限期整改消除隐患示例区"
MARKS = "，。、；：！？“”‘’（）《》〈〉【】〔〕…—·％℃―⋯‧￥$′"
LATIN = "abcXYZ0123456789.-/"
TEXT = st.text(st.sampled_from(HAN * 3 + MARKS + LATIN + " "), min_size=1, max_size=400)
WIDTHS = (8.0, 13.5, 28.0)


def measured(role: str, text: str) -> tuple[str, list[float]]:
    """Han and full-width marks fill a cell, everything else half of one."""
    wide = (is_han(char) or (char in NO_START | NO_END and ord(char) > 0x2000) for char in text)
    return role * len(text), [1.0 if each else 0.5 for each in wide]


def lines(text: str, width: float = 28.0, first: float = 2.0) -> Composed:
    return compose([(text, "r")], measured, width, first=first)


def forbidden(made: Composed) -> list[str]:
    """Lines that begin or end against the rule, apart from where an unbreakable piece had to be broken."""
    found = []
    texts = [line.text for line in made.lines]
    for before, after in pairwise(texts):
        bare, start = before.rstrip(" "), after[0]
        last = bare[-1:]
        emergency = any(before[max(len(bare) - 1, 0) :] + start in piece for piece in made.broken)
        split = last == start and start in "—…"
        if (start in NO_START or last in NO_END or split) and not emergency:
            found.append(f"{before}|{after}")
    return found


def hold(text: str, width: float) -> None:
    """The rules of every paragraph: nothing lost, no forbidden start or end, no overfull line, nothing runs back."""
    made = lines(text, width)
    assert "".join(line.text for line in made.lines) == text
    assert forbidden(made) == []
    for n, line in enumerate(made.lines):
        assert line.end <= width + 1e-6
        assert len(line.xs) == len(line.wide) == len(line.text) == len(line.faces)
        indent = 2.0 if n == 0 else 0.0
        assert line.xs[0] >= indent - 0.5 - 1e-9  # an opening mark may give up its blank half
        assert all(b >= a - 1e-9 for a, b in pairwise(line.xs))


@given(TEXT, st.sampled_from(WIDTHS))
@example("。" * 60, 28.0)
@example("https://example.org/" + "a" * 80, 28.0)
@example("“" * 40 + "》" * 40, 8.0)
@example("     ", 8.0)
@example("0000——书〈 0", 8.0)
def test_rules_hold_for_any_text(text: str, width: float) -> None:
    hold(text, width)


@pytest.mark.campaign
@given(TEXT, st.sampled_from(WIDTHS))
def test_rules_hold_for_thousands_of_texts(text: str, width: float) -> None:
    """As many as the profile says: `make campaign` selects the one of 5000."""
    hold(text, width)


@pytest.mark.campaign
def test_rules_hold_for_a_million_random_characters() -> None:
    """Paragraphs of every length, from one character to a hundred thousand; each mix is richer in other signs."""
    chance = random.Random(20260316)
    left = 1_000_000
    for size in chain([100_000, 50_000], iter(lambda: chance.choice((1, 9, 80, 700, 6000)), 0)):
        size = min(size, left)
        signs = HAN * chance.randint(0, 5) + MARKS * chance.randint(0, 2) + LATIN * chance.randint(0, 2) + " 档"
        hold("".join(chance.choices(signs, k=size)), chance.choice(WIDTHS))
        left -= size
        if not left:
            break


def _prose() -> list[str]:
    """What people wrote in this project in Chinese: handbooks, wording, laws, checklists."""
    books = [(ROOT / "docs" / name).read_text("utf-8") for name in ("manual.md", "installation.md")]
    written = [line for book in books for line in book.splitlines()]
    written += [line for path in sorted(FORMS.rglob("*.toml")) for line in path.read_text("utf-8").splitlines()]
    written += (FORMS / "checklists" / "items.json").read_text("utf-8").splitlines()
    return [line for line in map(str.strip, written) if sum(map(is_han, line)) > 20]


@pytest.mark.campaign
@pytest.mark.parametrize("width", WIDTHS)
def test_rules_hold_for_long_real_texts(width: float) -> None:
    """Each paragraph, and all of them as one."""
    prose = _prose()
    assert sum(map(len, prose)) > 40_000
    for text in (*prose, "".join(prose)):
        hold(text, width)


@given(TEXT)
def test_text_of_one_cluster_a_character_fills_every_line(text: str) -> None:
    """Where gaps may stretch at all, every line but the last ends exactly at the margin."""
    han = "".join(c for c in text if is_han(c)) + HAN * 2
    made = lines(han)
    for line in made.lines[:-1]:
        assert line.end == pytest.approx(28.0, abs=1e-6)
        assert 0 <= line.stretch <= 0.25


@given(st.lists(st.sampled_from(HAN), min_size=27, max_size=300))
def test_no_character_stands_alone_on_the_last_line(chars: list[str]) -> None:
    made = lines("".join(chars) + "。")
    last = made.lines[-1].text
    assert len(made.lines) == 1 or len([c for c in last if is_han(c) and c != "。"]) > 1


def test_full_line_of_han_is_set_without_any_stretch() -> None:
    made = lines("档" * 28 * 3, first=0.0)
    assert [len(line.text) for line in made.lines] == [28, 28, 28]
    assert made.lines[0].xs == tuple(float(i) for i in range(28))


def test_mark_is_squeezed_in_before_it_is_pushed_out() -> None:
    """The 29th character is a mark: the comma inside gives room, the line keeps 28 cells."""
    text = "档" * 10 + "，" + "案" * 17 + "，" + "行" * 30
    made = lines(text, first=0.0)
    assert made.lines[0].text == text[:29]
    assert made.lines[0].end == pytest.approx(28.0)
    assert made.lines[0].xs[11] == pytest.approx(10.5)


def test_line_end_mark_is_half_width_and_line_start_bracket_loses_its_left_half() -> None:
    made = lines("档" * 26 + "案，（" + "行" * 40, first=0.0)
    assert made.lines[0].text.endswith("，")
    assert made.lines[0].end == pytest.approx(28.0)
    assert made.lines[1].text.startswith("（")
    assert made.lines[1].xs[0] == pytest.approx(-0.5)


def test_adjacent_marks_take_one_and_a_half_cells() -> None:
    made = lines("档》，案", first=0.0)
    assert made.lines[0].xs == pytest.approx((0.0, 1.0, 1.5, 2.5))


def test_a_dash_from_a_text_in_gb_2312_is_a_dash() -> None:
    """Half of a dash is ― there (A1AA): neither may it begin a line, nor do the halves part."""
    dash = b"\xa1\xaa\xa1\xaa".decode("gb2312")
    for n in range(20, 34):
        texts = [line.text for line in lines("档" * n + dash + "案" * 30, first=0.0).lines]
        assert any(dash in text for text in texts) and not any(text.startswith("―") for text in texts)


@pytest.mark.parametrize("piece", ["——", "……", "⋯⋯", "⸺", "2026", "ISO9706", "ZJ-001"])
def test_piece_is_never_split(piece: str) -> None:
    for n in range(20, 34):
        made = lines("档" * n + piece + "案" * 30, first=0.0)
        assert any(piece in line.text for line in made.lines)


@pytest.mark.parametrize("piece", ["第四十二条", "〔2026〕12号", "30日", "示例陆一鸣"])
def test_piece_stays_together_while_the_line_allows(piece: str) -> None:
    for n in (26, 27):  # two cells at most are left open
        made = compose([("档" * n + piece + "案" * 40, "r")], measured, 28.0, keep=("示例陆一鸣",))
        assert any(piece in line.text for line in made.lines)


def test_emergency_is_reported_and_nothing_is_lost() -> None:
    address = "https://archives.example/" + "0123456789" * 9
    made = lines(f"见{address}。")
    assert made.broken and address[:20] in made.broken[0]
    assert "".join(line.text for line in made.lines) == f"见{address}。"
    assert max(line.end for line in made.lines) <= 28.0 + 1e-6


def test_gap_between_han_and_latin_is_a_small_part_of_a_cell() -> None:
    made = lines("于2026年", first=0.0)
    assert 0 < made.lines[0].xs[1] - 1.0 <= 0.25


def test_heading_keeps_its_distance_from_the_text() -> None:
    """一、 in its own face is not squeezed against 二层."""
    for n in range(20, 60):
        made = compose([("一、", "h"), ("二层，" + "档，" * n, "r")], measured, 28.0, first=2.0)
        assert made.lines[0].xs[2] >= 3.75


def test_an_accent_stays_with_its_letter() -> None:
    """Also where no letter of its own exists and the text keeps two characters."""
    for n in range(20, 34):
        made = lines("档" * n + "案\u0304" + "行" * 30, first=0.0)
        assert not any(line.text.startswith("\u0304") for line in made.lines)


def test_wide_space_ends_a_line_and_never_begins_one() -> None:
    made = lines("□直接送达　" * 12, first=0.0)
    assert len(made.lines) > 2 and not any(line.text.startswith("　") for line in made.lines)


def test_empty_text_has_no_lines() -> None:
    assert compose([("", "r")], measured, 28.0).lines == ()


def _sentences() -> list[str]:
    found: list[str] = []
    for path in sorted((FORMS / "papers").glob("*.toml")):
        stack: list[object] = [tomllib.loads(path.read_text(encoding="utf-8"))]
        while stack:
            value = stack.pop()
            if isinstance(value, dict):
                stack += value.values()
            elif isinstance(value, list):
                stack += value
            elif isinstance(value, str):
                found.append(value)
    return found


def test_our_own_sentences_break_well_at_every_measure() -> None:
    """All wording of the forms, run together, with the bundled faces: no violation, no wide gap, and hardly any at all."""
    faces = bundled()
    corpus = [re.sub(r"\{\w+\??\}", "示例", text) for text in _sentences() if len(text) > 30]
    assert len(corpus) > 30
    paragraphs = [*corpus, *("".join(corpus[n : n + 8]) for n in range(0, len(corpus), 8))]
    for width in (28.0, 31.0):
        widened: list[float] = []
        for text in paragraphs:
            made = compose([(text, FANG)], faces.measured, width, first=2.0)
            assert forbidden(made) == []
            assert made.broken == ()
            assert all(line.end <= width + 1e-6 and line.stretch <= 0.12 for line in made.lines)
            widened += [line.stretch for line in made.lines]
        assert sum(widened) / len(widened) <= 0.01


def test_a_ragged_paragraph_has_no_gaps_and_keeps_a_month_whole() -> None:
    """It may lack up to two ems at a line's end, so that a number stays with what it counts."""
    text = "机关档案工作责任制和管理制度落实情况，双随机抽查，实地核查，9月至10月"
    for width in (4.9, 6.7, 9.3):
        justified, ragged = (compose([(text, "r")], measured, width, ragged=each) for each in (False, True))
        assert "".join(line.text for line in ragged.lines) == text and ragged.broken == ()
        assert all(line.stretch == 0 for line in ragged.lines) and any(line.stretch for line in justified.lines)
        assert all(width - line.end <= 2.0 + 1e-6 for line in ragged.lines[:-1])
        assert not any(line.text.endswith(("9", "1", "10")) for line in ragged.lines)


@given(
    st.text(st.sampled_from("abcXYZ019/?&=_-"), min_size=1, max_size=120),
    st.text(st.sampled_from("，。；）"), min_size=1, max_size=2),
    st.sampled_from((5.0, *WIDTHS)),
)
def test_a_word_that_has_to_be_broken_leaves_no_mark_at_the_start_of_a_line(word: str, mark: str, width: float) -> None:
    made = lines(f"见{word}{mark}以下是说明。", width, 0.0)
    assert "".join(line.text for line in made.lines) == f"见{word}{mark}以下是说明。"
    assert not [line.text for line in made.lines if line.text[0] in "，。；）"]
    assert all(line.end <= width + 1e-6 for line in made.lines)


def test_an_address_goes_on_behind_its_joints() -> None:
    made = lines("网址https://www.example.org/archives/inspection/index.html?id=0123456789，见附件。", 14.0, 0.0)
    texts = [line.text for line in made.lines]
    assert texts[:2] == ["网址https://www.example.org/", "archives/inspection/"] and texts[2].startswith("index.html?")
