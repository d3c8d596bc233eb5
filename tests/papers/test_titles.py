"""Long titles: broken between words, into lines of nearly one length, nothing lost."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.papers.compose import NO_END, NO_START
from inspector_app.papers.render import render
from inspector_app.papers.titles import MOST, by_sense
from inspector_app.papers.wording import Wording
from inspector_app.places import SHIPPED, Shelf
from tests.papers import sample

WORDS = Wording("opinion", "shanghai", {}).items("title_words")


@pytest.mark.parametrize(
    "lines",
    [
        ("责令限期整改通知书",),
        ("关于对示例区水务局档案工作", "存在安全隐患责令限期整改的通知"),
        ("关于将示例区水务局涉嫌违反档案管理规定", "案件移送示例区纪律检查委员会处理的函"),
        ("关于开展二〇二六年度档案行政检查", "“双随机、一公开”抽查工作的通知"),
        ("关于对《示例区机关档案管理办法》", "贯彻实施情况开展专项检查的告知书"),
        ("示例市示例区人民政府直属机关", "事务管理局行政检查意见书"),
        ("关于责令示例区档案局（示例区档案馆）", "限期改正档案违法行为的通知书"),
        ("示例市示例区人民政府直属机关", "事务管理与公共资源交易服务保障中心", "档案行政检查整改情况复查结果告知书"),
    ],
)
def test_a_title_is_broken_between_words(lines: tuple[str, ...]) -> None:
    assert by_sense("".join(lines), WORDS) == lines


def test_what_the_wording_breaks_itself_stays_broken() -> None:
    assert by_sense("责令限期\n整改通知书", WORDS) == ("责令限期", "整改通知书")


@given(st.text(st.sampled_from("档案行政检查整改的和（）《》、关于示例区0a"), min_size=1, max_size=60))
def test_nothing_is_lost_and_no_line_is_too_long(title: str) -> None:
    lines = by_sense(title, WORDS)
    assert "".join(lines) == title
    if all(char.isalpha() and not char.isascii() for char in title):
        assert all(0 < len(line) <= MOST for line in lines)
    for before, after in pairwise(lines):
        if len(title) <= 2 * MOST and not set(title) & (NO_START | NO_END):
            assert not (before[-1].isascii() and after[0].isascii()) or title.isascii()


def test_a_long_title_of_the_bureau_stands_on_the_paper_as_it_is_broken() -> None:
    text = SHIPPED.text("papers/opinion.toml")
    title = "关于对示例区水务局档案工作存在安全隐患责令限期整改的通知"
    shelf = Shelf(published={"papers/opinion.toml": text.replace('title = "行政检查意见书"', f'title = "{title}"')})
    made = render("opinion", sample.CASE, sample.stamp("opinion"), {}, shelf=shelf)
    assert made.shown.title_lines == by_sense(title, WORDS) and set(made.shown.title_lines) <= set(made.shown.leaves[0])
