"""Long titles: broken between words, into lines of nearly one length, nothing lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.papers.compose import NO_START
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


@given(st.text(st.sampled_from("档案行政检查整改的和关于对示例区（）《》、0a"), min_size=1, max_size=60))
def test_nothing_is_lost(title: str) -> None:
    assert "".join(by_sense(title, WORDS)) == title


@given(st.text(st.sampled_from("档案行政检查整改的和关于对示例区"), min_size=1, max_size=60))
def test_no_line_is_too_long_and_at_most_one_more_is_taken(title: str) -> None:
    lines = by_sense(title, WORDS)
    assert all(0 < len(line) <= MOST for line in lines)
    plain = by_sense(title.replace("的", "档").replace("和", "案"), ())
    assert len(lines) <= len(plain) + 1


def test_a_mark_does_not_begin_a_line() -> None:
    for cut in range(10, 30):
        title = "示例" * 15
        for line in by_sense(f"{title[:cut]}、{title[cut:]}", WORDS)[1:]:
            assert line[0] not in NO_START


def test_a_long_title_of_the_bureau_stands_on_the_paper_as_it_is_broken() -> None:
    text = SHIPPED.text("papers/opinion.toml")
    title = "关于对示例区水务局档案工作存在安全隐患责令限期整改的通知"
    shelf = Shelf(published={"papers/opinion.toml": text.replace('title = "行政检查意见书"', f'title = "{title}"')})
    made = render("opinion", sample.CASE, sample.stamp("opinion"), {}, shelf=shelf)
    assert made.shown.title_lines == by_sense(title, WORDS) and set(made.shown.title_lines) <= set(made.shown.leaves[0])
