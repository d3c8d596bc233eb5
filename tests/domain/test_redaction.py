"""What is masked before it is public: every rule by its name, what no hand lifts, and what needs a reason."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.redaction import Line, parse
from inspector_app.places import FORMS

RULES = parse((FORMS / "publicity.toml").read_text("utf-8"))
KNOWN = {"people": {"示例吴晓", "示例吴晓明", "王建国"}, "codes": {"JC2026-0001"}}


@pytest.mark.parametrize(
    ("row", "text", "shown", "names"),
    [
        ("contact", "王建国 13800001234", "王** 138**1234", {"手机号", "个人信息"}),
        ("contact", "示例吴晓明", "示**", {"个人信息"}),
        ("contact", "021-10000037", "021-**", {"电话"}),
        ("result", "登记人身份证 31011219880512002X。", "登记人身份证 。", {"身份证号"}),
        ("unit_code", "113101122001051234", "113101122001051234", set()),
        ("officers", "沈岚（09120017）、许可（09120021）", "沈岚、许可", {"不公开证号"}),
        ("result", "检查码 JC2026-0001 已核验", "检查码 （略） 已核验", {"检查码"}),
        ("result", "案卷 0042-WS-2019-0013 缺页", "案卷 〔档号略〕 缺页", {"档号"}),
        ("result", "未开放的《示例宗族纠纷卷》缺页，《档案法》第十九条", "未开放的（题名不公开）缺页，《档案法》第十九条",
         {"未开放、涉密案卷"}),
        ("result", "《示例涉密会议记录》没有登记", "（题名不公开）没有登记", {"未开放、涉密案卷"}),
        ("result", "封面标有机密★10年，没有专柜", "封面标有（略），没有专柜", {"密级标志"}),
        ("place", "南泉路81号3号楼B1层涉密档案库旁302室", "南泉路81号3号楼", {"可能涉及涉密场所"}),
        ("place", "机要室", "（不公开）", {"可能涉及涉密场所"}),
        ("place", "南泉路81号3号楼2层档案室", "南泉路81号3号楼2层档案室", set()),
        ("result", "检查104项，发现问题8个，2026年3月16日", "检查104项，发现问题8个，2026年3月16日", set()),
    ],
)  # fmt: skip
def test_each_rule_covers_its_own_and_says_so(row: str, text: str, shown: str, names: set[str]) -> None:
    made = RULES.masked(Line(row, "", text), KNOWN)
    assert (made.text, set(made.rules)) == (shown, names)


@given(
    st.lists(st.sampled_from(["王建国", "13800001234", "310112198805120028", "缺页", "，", "；", "示例吴晓", "机密★", "021-10000037",
                              "《示例秘密卷》", "JC2026-0001", "3号楼", "涉密", " ", "0042-WS-2019-0013"]), max_size=12),
    st.sampled_from(["result", "place", "officers", "contact"]),
)  # fmt: skip
def test_what_is_masked_once_shows_nothing_more(parts: list[str], row: str) -> None:
    """However the pieces lie side by side, a masked row holds nothing that a rule would still cover."""
    made = RULES.masked(Line(row, "", "".join(parts)), KNOWN)
    assert not RULES.shown([made], KNOWN, firm=True)
    assert "示例吴晓" not in made.text and "王建国" not in made.text
    assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", made.text)


def test_a_text_that_says_something_else_is_seen() -> None:
    original = "检查104项，发现问题8个"
    for covered in (original, "检查**项，发现问题8个", "**8个", "检查104项，（不公开）", "**项，**个", "检查**，**8**", "**"):
        assert RULES.only_hides(original, covered), covered
    for other in ("检查104项", "检查104项，没有发现问题", "**8个，检查104项", "**8个**8个", "检查104项，发现问题8个**个", "",
                  "检查104**104项，发现问题8个"):  # fmt: skip
        assert not RULES.only_hides(original, other), other
    assert not RULES.only_hides("没有登记", "登记"), "what is left out leaves a mark"


@given(st.text("甲乙丙", max_size=12), st.lists(st.tuples(st.integers(0, 12), st.integers(0, 4)), max_size=3))
def test_any_covering_is_seen_as_one(original: str, places: list[tuple[int, int]]) -> None:
    text, end = original, len(original) + 1
    for begin, length in sorted(places, reverse=True):
        if begin + length < end and begin + length <= len(original):
            text, end = text[:begin] + "**" + text[begin + length :], begin
    assert RULES.only_hides(original, text)


def test_credit_publicity_takes_no_light_penalty() -> None:
    def names(subject: str, **light: bool) -> list[str]:
        return [channel.name for channel in RULES.channels_for(subject, **light)]

    assert names("result") == ["执法公示"]
    assert names("penalty") == ["执法公示", "信用公示"]
    assert names("penalty", simplified=True) == names("penalty", warning_only=True) == ["执法公示"]


def test_rules_that_cannot_be_obeyed_are_refused() -> None:
    text = (FORMS / "publicity.toml").read_text("utf-8")
    with pytest.raises(ValueError, match="no such way"):
        parse(text.replace('way = "people"', 'way = "guess"'))
    with pytest.raises(re.error):
        parse(text.replace("'（\\d{6,}）'", "'（\\d{6,）('"))
