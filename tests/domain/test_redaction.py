"""What is masked before it is public: every rule by its name, what no hand lifts, and what needs a reason."""

from __future__ import annotations

import re
import unicodedata

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
        ("contact", "021-10000037", "（略）", {"电话"}),
        ("result", "登记人身份证 31011219880512002X。", "登记人身份证 （略）。", {"身份证号"}),
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


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("手机１３８　００００ １２３４。", "手机１３８**１２３４。"),
        ("手机138\u200b0000\u200b1234", "手机138**1234"),
        ("手机+8613800001234", "手机+86138**1234"),
        ("手机138.0000·1234", "手机138**1234"),
        ("手机一三八〇〇〇〇一二三四", "手机一三八**一二三四"),
        ("电话（021）1000－0037转12", "电话（略）"),
        ("座机：1000 0037", "座机：（略）"),
        ("身份证310112 19880512 0028", "身份证（略）"),
        ("身份证31011219880512００２ｘ", "身份证（略）"),
        ("旧身份证310112880512002", "旧身份证（略）"),
        ("护照号E00000012", "护照号（略）"),
        ("持EA0000012入境", "持（略）入境"),
        ("军官证号：南字第00000012号", "军官证号：（略）"),
        ("卡号6200 0000 0000 0000 012", "卡号（略）"),
        ("账号：1001 0002 0003", "账号：（略）"),
        ("邮箱shili.a@example.com，", "邮箱（略），"),
        ("邮箱shili＠example.com", "邮箱（略）"),
        ("微信号：shili_01", "微信号：（略）"),
        ("家住示例路1弄2号303室，电话未留", "家住（略），电话未留"),
        ("租住示例路1弄2号303室，电话未留", "租住（略），电话未留"),
        ("示例保管员住在示例新村12号", "示例保管员住在（略）"),
        ("1988年5月12日出生", "（略）出生"),
        ("出生日期：1988-05-12", "出生日期：（略）"),
        ("车牌沪A·D00012", "车牌（略）"),
        ("沪（2026）不动产权第000012号", "沪（2026）不动产权第（略）"),
        ("密集架密码是：ab12，没有更换", "密集架密码是：（略），没有更换"),
        ("服务器http://10.0.0.12:8080/x", "服务器http://（略）/x"),
        ("王 建　国在场", "王**在场"),
        ("封面标有机 密 ★ 10年", "封面标有（略）"),
    ],
)  # fmt: skip
def test_what_is_written_otherwise_is_covered_too(text: str, shown: str) -> None:
    assert RULES.masked(Line("result", "", text), KNOWN).text == shown


@pytest.mark.parametrize(
    "text",
    ["罚款12345678元", "档案12345678件，2026年3月16日移交", "示例档检〔2026〕第1234567号", "DA/T 31-2017、GB/T 9704-2012",
     "安全生产2026年产品生效", "电话没有登记", "统一社会信用代码91310000MA1FL0000X", "案卷310112卷，19880512件", "账户没有分开",
     "温度10.5至20.5，湿度45", "版本10.0.0", "密码没有定期更换", "密码是否定期更换", "口令为本人保管", "京A区、沪B区库房",
     "住建局示例路12号库房", "住宅小区2号楼的案卷", "记住示例路的库房没有门牌", "住院病历村镇卷2件"],
)  # fmt: skip
def test_what_an_inspection_says_stays(text: str) -> None:
    assert RULES.masked(Line("result", "", text), KNOWN) == Line("result", "", text)


@given(
    st.lists(st.sampled_from(["王建国", "13800001234", "１３８０００", "0", "\u200b", "+86", "62", "密码：", "账号", "电话", "1000 0037",
                              "E00000012", "家住", "1988年5月12日", "生", "a@b.cn",
                              "310112198805120028", "缺页", "，", "；", "示例吴晓", "机密★", "021-10000037",
                              "《示例秘密卷》", "JC2026-0001", "3号楼", "涉密", " ", "0042-WS-2019-0013"]), max_size=12),
    st.sampled_from(["result", "place", "officers", "contact"]),
)  # fmt: skip
def test_what_is_masked_once_shows_nothing_more(parts: list[str], row: str) -> None:
    """However the pieces lie side by side, a masked row holds nothing that a rule would still cover."""
    made = RULES.masked(Line(row, "", "".join(parts)), KNOWN)
    assert not RULES.shown([made], KNOWN, firm=True)
    assert "示例吴晓" not in made.text and "王建国" not in made.text
    assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", unicodedata.normalize("NFKC", made.text).replace("\u200b", ""))


def test_a_text_that_says_something_else_is_seen() -> None:
    original = "检查104项，发现问题8个"
    for covered in (
        original,
        "检查**项，发现问题8个",
        "**8个",
        "检查104项，（不公开）",
        "**项，**个",
        "检查**，**8**",
        "**",
    ):
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
