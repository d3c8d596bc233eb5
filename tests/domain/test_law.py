"""The law catalogue: citations, articles that do not exist, articles not in force."""

import json
import re
import tomllib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.law import joined, names_article, numeral, parse, split
from inspector_app.domain.problems import Problem
from inspector_app.places import FORMS

TEXTS = [path.read_text("utf-8") for path in sorted((FORMS / "laws").glob("*.toml"))]
LAWS = parse(TEXTS)
ITEMS = json.loads((FORMS / "checklists" / "items.json").read_text("utf-8"))
DAY = date(2026, 3, 16)


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (42, "四十二"), (99, "九十九"), (100, "一百"),
     (101, "一百〇一"), (110, "一百一十"), (115, "一百一十五"), (199, "一百九十九"), (234, "二百三十四")],
)  # fmt: skip
def test_numerals_as_statutes_count(number: int, text: str) -> None:
    assert numeral(number) == text


@given(st.integers(1, 999), st.integers(1, 999))
def test_no_two_articles_share_a_numeral(one: int, other: int) -> None:
    assert (numeral(one) == numeral(other)) is (one == other)


@pytest.mark.parametrize(
    ("basis", "citations"),
    [
        ("档案法19②；实施条例22(二)",
         ["《中华人民共和国档案法》第十九条第二款", "《中华人民共和国档案法实施条例》第二十二条第二项"]),
        ("档案法13①(二)", ["《中华人民共和国档案法》第十三条第一款第二项"]),
        ("实施条例14(一)、22(一)",
         ["《中华人民共和国档案法实施条例》第十四条第一项",
          "《中华人民共和国档案法实施条例》第二十二条第一项"]),
        ("13号令23；21号令29", ["《机关档案管理规定》第二十三条", "《企业档案管理规定》第二十九条"]),
        ("实施条例41（档案馆义务，单位参照）", ["《中华人民共和国档案法实施条例》第四十一条"]),
        ("档案库房技术管理暂行规定10(1987，供参照)", ["《档案库房技术管理暂行规定》第十条"]),
        ("档案法14①；地方制度", ["《中华人民共和国档案法》第十四条第一款"]),
        ("13号令(条号待核)", ["《机关档案管理规定》"]),
        ("地方评分表(德清2022)", []),
        ("", []),
    ],
)  # fmt: skip
def test_a_short_basis_becomes_full_citations(basis: str, citations: list[str]) -> None:
    assert [article.citation for article in LAWS.find(basis)] == citations


@pytest.mark.parametrize("item", ITEMS, ids=[item["code"] for item in ITEMS])
def test_each_basis_of_the_data_is_a_known_article_or_marked_unverified(item: dict[str, str]) -> None:
    found = LAWS.find(item["basis"])
    for article in found:
        assert LAWS.read(article.citation).citation == article.citation
        assert LAWS.in_force(article.citation, DAY).law.title == article.law.title
    # nothing falls between: each part is cited with a number or named as unverified
    cited = [article.law for article in found if article.verified]
    rest = LAWS.unverified(item["basis"])
    for part in item["basis"].split("；"):
        assert part in rest or any(part.startswith(name) for law in cited for name in law.short)


def test_no_number_is_invented() -> None:
    for basis in ("13号令(条号待核)", "上海市档案条例", "保密法", "8号令保管期限表(会议记录永久)"):
        (article,) = LAWS.find(basis)
        assert not article.verified
        assert "条" not in article.citation.rpartition("》")[2]
        assert LAWS.unverified(basis) == (basis,)


def test_an_article_beyond_the_end_of_a_law_is_not_cited() -> None:
    assert LAWS.find("档案法54") == ()
    with pytest.raises(Problem) as caught:
        LAWS.read("《中华人民共和国档案法》第五十四条")
    assert caught.value.code == "unknown_article"


@pytest.mark.parametrize(
    "citation",
    ["", "档案法第十九条", "《档案管理违法违纪行为处分规定》第三条", "《中华人民共和国档案法》第十九条等",
     "《中华人民共和国档案法》第19条", "《机关档案管理规定》第六十条"],
)  # fmt: skip
def test_what_is_not_in_the_catalogue_is_refused_with_its_words(citation: str) -> None:
    with pytest.raises(Problem) as caught:
        LAWS.in_force(citation, DAY)
    assert caught.value.code == "unknown_article"
    assert citation in caught.value.fact


def test_an_article_holds_from_its_first_to_its_last_day() -> None:
    laws = parse([
        'title = "示例旧办法"\nshort = ["旧办法"]\neffective_from = 2020-01-01\neffective_to = 2024-02-29\nlast = 9\n'
        'verified_by = ""\nverified_on = ""\n'
    ])  # fmt: skip
    citation = "《示例旧办法》第三条"
    for day in (date(2020, 1, 1), date(2024, 2, 29)):
        assert laws.in_force(citation, day).number == 3
    for day in (date(2019, 12, 31), date(2024, 3, 1)):
        with pytest.raises(Problem) as caught:
            laws.in_force(citation, day)
        assert caught.value.code == "article_not_in_force"
        assert citation in caught.value.fact


@given(st.integers(1, 52), st.none() | st.integers(0, 9), st.none() | st.sampled_from("一二三四五"))
def test_what_is_found_reads_back(number: int, clause: int | None, item: str | None) -> None:
    basis = f"实施条例{number}" + ("" if clause is None else "①②③④⑤⑥⑦⑧⑨⑩"[clause]) + (f"({item})" if item else "")
    (article,) = LAWS.find(basis)
    assert article.number == number
    assert LAWS.read(article.citation) == article


@pytest.mark.parametrize(
    "form", ["第二十二条第一款第二项", "第二十二条第一款第（二）项", "第二十二条第二款", "第十四条第一项"]
)
def test_the_statutes_own_form_of_an_item_is_read(form: str) -> None:
    assert LAWS.read(f"《中华人民共和国档案法实施条例》{form}").verified


def test_a_law_is_named_once_for_its_articles() -> None:
    rooms = "《档案库房技术管理暂行规定》"
    text = joined(["《中华人民共和国档案法》第十九条第一款", f"{rooms}第七条", f"{rooms}第九条", f"{rooms}第十条"])
    assert text == f"《中华人民共和国档案法》第十九条第一款、{rooms}第七条、第九条、第十条"
    assert joined([]) == "" and joined(["《上海市档案条例》"]) == "《上海市档案条例》"


CITATIONS = st.sampled_from([a.citation for item in ITEMS for a in LAWS.find(item["basis"]) if a.verified])


@given(st.lists(CITATIONS, max_size=6, unique=True))
def test_what_is_joined_splits_again(citations: list[str]) -> None:
    assert sorted(split(joined(citations))) == sorted(citations)


def test_a_law_as_a_whole_names_no_article() -> None:
    assert names_article("《机关档案管理规定》第十四条")
    assert not names_article("《机关档案管理规定》") and not names_article("机关档案管理规定第十四条")


def test_each_law_names_who_verified_it_and_no_text_is_the_statutes_own() -> None:
    for text in TEXTS:
        law = tomllib.loads(text)
        assert law["verified_by"] == law["verified_on"] == "" or re.fullmatch(r"\d{4}-\d\d-\d\d", law["verified_on"])
        assert all(len(gist) <= 60 for gist in law.get("articles", {}).values())
    names = [name for text in TEXTS for name in tomllib.loads(text)["short"]]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("档案法第四十二条", "《中华人民共和国档案法》第四十二条"),
        ("档案法实施条例第四十八条至第五十一条", "《中华人民共和国档案法实施条例》第四十八条至第五十一条"),
        ("行政处罚法第五十五条；行政诉讼证据规定第十五条",
         "《中华人民共和国行政处罚法》第五十五条；《最高人民法院关于行政诉讼证据若干问题的规定》第十五条"),
        ("《中华人民共和国档案法》第七条", "《中华人民共和国档案法》第七条"),
        ("中华人民共和国档案法第七条", "《中华人民共和国档案法》第七条"),
        ("档案法第五十条，移送海关", "《中华人民共和国档案法》第五十条，移送海关"),
        ("国办发〔2018〕118号；依据待核", "国办发〔2018〕118号；依据待核"),
        ("检查档案法规的执行，见第七条", "检查档案法规的执行，见第七条"),
    ],
)  # fmt: skip
def test_short_names_are_cited_in_full(text: str, full: str) -> None:
    assert LAWS.in_full(text) == full
