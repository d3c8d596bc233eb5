"""Full texts of laws: what is read of a file, and how words are asked for. The laws are invented."""

import pytest

from inspector_app.domain.law import parse
from inspector_app.domain.lawchange import Change, between, of_texts
from inspector_app.domain.problems import Problem
from inspector_app.domain.statute import around, phrases, read, spaced

SAMPLE = """# 示例区档案库房办法

2020年4月10日 示例区通过
2024年9月27日 示例区修正

<!-- INFO END -->

## 第一章 总　则

第一条 为了示例，制定本办法。

第二条　库房应当：

（一）防火；

第一条规定的目的。

## 第十章 附则

第一百零三条之一 本办法自公布之日起施行。
"""


def test_a_text_is_read_by_its_articles() -> None:
    found = read("示例办法", SAMPLE.splitlines())
    assert (found.title, found.version) == ("示例区档案库房办法", "2024-09-27")
    assert [(p.place, p.heading, p.text) for p in found.passages] == [
        ("第一条", "第一章 总则", "为了示例，制定本办法。"),
        ("第二条", "第一章 总则", "库房应当：\n（一）防火；\n第一条规定的目的。"),
        ("第一百〇三条之一", "第十章 附则", "本办法自公布之日起施行。"),
    ]
    assert read("示例办法(2025-01-02)", SAMPLE.splitlines()).version == "2025-01-02", (
        "the name of the file says it first"
    )


def test_a_standard_is_read_by_its_clauses_and_a_letter_by_paragraphs() -> None:
    standard = read("示例标准", ["示例标准", "5.1 一般要求", "5.1.2 温度为 14℃", "再一行"])
    assert standard.articles == {"5.1": "一般要求", "5.1.2": "温度为 14℃\n再一行"}
    letter = read("示例通知", ["《示例通知》", "各单位：", "请检查。"])
    assert letter.title == "示例通知" and [p.text for p in letter.passages] == ["各单位：", "请检查。"]
    assert not letter.articles


@pytest.mark.parametrize("lines", [[], ["", "  "], ["# 只有标题"], ["<!-- 注 -->"]])
def test_a_file_without_a_law_is_refused(lines: list[str]) -> None:
    with pytest.raises(Problem) as caught:
        read("示例", lines)
    assert caught.value.code == "law_text_bad" and "示例" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("库房14℃", "库 房 14 \ue000"), ("DA/T 22—2015", "da \ue000 t 22 \ue000 2015"),
        ("\U00020000\U00030001龦", "u20000 u30001 龦"), ("（二）项", "\ue000 二 \ue000 项"), ("  ", ""),
    ],
)  # fmt: skip
def test_numbers_and_latin_words_stay_whole(text: str, tokens: str) -> None:
    assert spaced(text) == tokens


def test_words_parted_by_spaces_are_all_asked_for() -> None:
    assert phrases("库房　14℃ da") == '"库 房" AND "14 \ue000" AND "da"'
    assert phrases(" ") == ""


def test_an_excerpt_begins_before_the_word() -> None:
    assert around("一二三四五六七八九十甲乙丙丁库房", "库房", 3) == "…乙丙丁库房"
    assert around("库房", "没有") == "库房"


def catalogue(period: str, gist: str, more: str = "") -> str:
    return f'title = "示例法"\nshort = []\n{period}last = 9\n{more}[articles]\n3 = "{gist}"\n'


def law(period: str = "", gist: str = "甲", who: str = "") -> str:
    return catalogue(period, gist, f'verified_by = "{who}"\nverified_on = ""\n')


def test_a_new_catalogue_tells_what_it_changes() -> None:
    before = parse([law()])
    assert between(before, parse([law(who="示例沈岚")])) == (), "who verified it changes no law"
    (gist,) = between(before, parse([law(gist="乙")]))
    assert gist.touches("《示例法》第三条第二款") and not gist.touches("《示例法》第四条")
    (period,) = between(before, parse([law("effective_to = 2026-12-31\n")]))
    assert period.whole and period.touches("《示例法》第四条") and not period.touches("《示例办法》第四条")
    assert [change.what for change in (*between(parse([]), before), *between(before, parse([])))] == [
        "新登记",
        "不再登记",
    ]


def test_texts_that_differ_in_spacing_are_one() -> None:
    assert of_texts("示例法", {"第一条": "甲 乙"}, {"第一条": "甲乙"}) is None
    assert of_texts("示例法", {"第一条": "甲"}, {"第一条": "乙", "第二条": "丙"}) == Change(
        "示例法", "条文变了", frozenset({"《示例法》第一条", "《示例法》第二条"})
    )
