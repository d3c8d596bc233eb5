"""The engine's face: relevance, requirement, constraints, calculated values, counts and score; and what it refuses."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.checklists.form import Form
from inspector_app.domain.problems import Problem
from tests.checklists.xforms import CHOICES, asked, form, item, xform


def calculated(name: str, expression: str) -> tuple[str, str, str]:
    return f"<{name}/>", f'<bind nodeset="/data/s1/{name}" type="string" calculate="{expression}"/>', ""


def test_a_question_that_does_not_apply_reads_as_empty_and_so_does_what_hangs_on_it() -> None:
    chain = form(
        asked("a"),
        asked("b", relevant="../a = 'x'", required="true()"),
        asked("c", relevant="../b = 'y'"),
        calculated("n", "concat(../a, ../b, ../c)"),
    )
    answers = {"a": "x", "b": "y", "c": "z"}
    sheet = chain.sheet(answers)
    assert sheet.calculated == {"n": "xyz"}
    off = sheet.with_answer("a", "w")
    assert off.relevant.isdisjoint({"b", "c"})
    assert off.value("b") == off.value("c") == ""
    assert off.calculated == {"n": "w"}
    assert not off.required("b")
    assert off.with_answer("a", "x").calculated == sheet.calculated
    assert off.answers["b"] == "y"  # what was typed is not thrown away


def test_a_rule_may_look_ahead_in_the_form() -> None:
    ahead = form(asked("a", relevant="../z &gt; 2"), calculated("n", "../z * 2"), asked("z", kind="int"))
    assert "a" in ahead.sheet({"z": "3"}).relevant
    assert "a" not in ahead.sheet({"z": "2"}).relevant
    assert ahead.sheet({"z": "3"}).value("n") == "6"


def test_a_message_may_stand_among_the_texts() -> None:
    texts = ("<itext><translation lang='zh'><text id='/data/s1/q:jr:constraintMsg'><value>要大于零。</value></text>"
             "</translation></itext>")  # fmt: skip
    node, bind, control = (a + b for a, b in zip(item("X01"), asked("q", "int", constraint=". &gt; 0"), strict=True))
    named = bind.replace("constraint=", "jr:constraintMsg=\"jr:itext('/data/s1/q:jr:constraintMsg')\" constraint=")
    body = f"<group ref='/data/s1'><label>01</label>{control}</group>"
    assert Form.load(xform(f"<s1>{node}</s1>", named, body, texts)).sheet({"q": "-1"}).problem("q") == "要大于零。"


def test_a_calculation_of_what_is_not_answered_yet_shows_nothing() -> None:
    half = form(asked("a", kind="int"), calculated("n", "../a * 2"), calculated("m", "../n + 1"))
    assert half.sheet({}).calculated == {"n": "", "m": ""}
    assert half.sheet({"a": "4"}).calculated == {"n": "8", "m": "9"}


def test_a_group_takes_its_questions_with_it() -> None:
    outer = ("<sw/>", '<bind nodeset="/data/sw" type="string"/><bind nodeset="/data/s1" relevant="/data/sw = \'1\'"/>',
             '<input ref="/data/sw"><label>开关</label></input>')  # fmt: skip
    grouped = form(item("X02"), outer=outer)
    assert grouped.sheet({}).not_applicable == ("X01", "X02")
    assert grouped.sheet({}).open_items == ()
    assert grouped.sheet({"sw": "1", "X01": "符合"}).open_items == ("X02",)


@given(st.sampled_from(["符合", "不符合", "不适用", ""]), st.text(max_size=5))
def test_the_reason_is_asked_for_exactly_when_the_item_is_not_applicable(answer: str, reason: str) -> None:
    with_reason = form(asked("X01_reason", relevant="../X01 = '不适用'", required="true()", requiredMsg="要写明原因。"))
    sheet = with_reason.sheet({"X01": answer, "X01_reason": reason})
    wanted = answer == "不适用"
    assert ("X01_reason" in sheet.relevant) is wanted
    assert sheet.required("X01_reason") is wanted
    missing = wanted and not reason.strip()
    assert sheet.missing == (("X01_reason",) if missing else ())
    assert sheet.problems() == ({"X01_reason": "要写明原因。"} if missing else {})


@given(st.integers(-1000, 1000), st.integers(-1000, 1000))
def test_a_constraint_sees_the_proposed_value_and_the_other_answers(sampled: int, defects: int) -> None:
    sampling = form(
        asked("n", kind="int", constraint=". &gt;= 1", constraintMsg="至少一件。"),
        asked("bad", kind="int", constraint=". &gt;= 0 and . &lt;= ../n", constraintMsg="不能多于抽样件数。"),
    )
    sheet = sampling.sheet({"n": str(sampled)})
    assert (sheet.problem("n") == "") is (sampled >= 1)
    assert (sheet.problem("bad", str(defects)) == "") is (0 <= defects <= sampled)
    filled = sheet.with_answer("bad", str(defects))
    assert bool(filled.problems()) is not (sampled >= 1 and 0 <= defects <= sampled)


@pytest.mark.parametrize(
    ("kind", "control", "good", "bad"),
    [
        ("int", "input", ["0", "-3", "+7"], ["1.5", "1e3", "十", " 1", "1_0", "9" * 16, "٣"]),
        ("decimal", "input", ["21.5", "-3", ".5", "7."], ["1e3", "nan", "inf", "1,5", "二十", """ """]),
        ("date", "input", ["2026-03-16"], ["2026-3-16", "2026-02-30", "20260316", "2026-03-16T10:00"]),
        ("string", "input", ["任意", " "], []),
        ("string", "select1", ["符合"], ["基本符合", "符合 不符合"]),
        ("string", "select", ["符合", "不符合 符合"], ["基本符合", "符合  不符合"]),
        ("binary", "upload", ["ZJ-001"], []),
    ],
)
def test_values_must_be_of_the_kind(kind: str, control: str, good: list[str], bad: list[str]) -> None:
    asking = form(asked("q", kind=kind, control=control, label="示例问题"))
    for text in [*good, ""]:
        asking.check("q", text)
    for text in bad:
        with pytest.raises(Problem) as caught:
            asking.check("q", text)
        assert caught.value.code == "constraint"
        assert "示例问题" in str(caught.value)


def test_notes_and_calculated_values_take_no_answer() -> None:
    fixed = form(asked("info", readonly="true()"), calculated("n", "1 + 1"))
    assert fixed.questions["info"].kind == "note"
    for name in ("info", "n"):
        with pytest.raises(Problem) as caught:
            fixed.check(name, "x")
        assert caught.value.code == "constraint"
    assert fixed.sheet({"n": "7"}).value("n") == "2"


def test_the_day_comes_in_from_outside() -> None:
    dated = form(asked("d", kind="date", constraint=". &lt;= today()"))
    assert dated.sheet({}, date(2026, 3, 16)).problem("d", "2026-03-16") == ""
    assert dated.sheet({}, date(2026, 3, 15)).problem("d", "2026-03-16") == "不在允许的范围内。"


@given(st.lists(st.sampled_from(["符合", "不符合", "不适用", ""]), min_size=5, max_size=5))
def test_the_score_is_the_share_of_met_items_without_the_inapplicable(answers: list[str]) -> None:
    codes = ["X01", "X02", "X03", "X04", "X05"]
    counting = form(*(item(code) for code in codes[1:]))
    sheet = counting.sheet(dict(zip(codes, answers, strict=True)))
    met, failed = answers.count("符合"), answers.count("不符合")
    assert sheet.score == (round(100 * met / (met + failed), 1) if met + failed else None)
    assert sheet.open_items == tuple(c for c, a in zip(codes, answers, strict=True) if not a)
    assert {answer: count for answer, count in sheet.counts.items() if count} == {
        answer: answers.count(answer) for answer in answers
    }


def test_answers_of_another_version_are_passed_by_but_not_asked_for() -> None:
    small = form()
    assert small.sheet({"Z99": "符合", "X01": "符合"}).answers == {"X01": "符合"}
    for ask in (small.sheet({}).value, lambda name: small.check(name, "符合"), small.item):
        with pytest.raises(Problem) as caught:
            ask("Z99")
        assert caught.value.code == "unknown_item"


def test_labels_by_itext_are_looked_up_in_the_default_language() -> None:
    texts = ("<itext><translation lang='en'><text id='/data/s1/X01:label'><value>item</value></text></translation>"
             "<translation lang='zh' default='true()'><text id='/data/s1/X01:label'><value form='image'>jr://x</value>"
             "<value>示例检查项</value></text></translation></itext>")  # fmt: skip
    node, bind, _ = item("X01")
    label = "<label ref=\"jr:itext('/data/s1/X01:label')\"/>"
    body = f"<group ref='/data/s1'><label>01</label><select1 ref='/data/s1/X01'>{label}{CHOICES}</select1></group>"
    assert Form.load(xform(f"<s1>{node}</s1>", bind, body, texts)).item("X01").text == "示例检查项"
    with pytest.raises(Problem) as caught:
        Form.load(xform(f"<s1>{node}</s1>", bind, body))
    assert caught.value.code == "bad_checklist"


NODE, BIND, CONTROL = item("X01")
GROUP = f"<group ref='/data/s1'><label>01</label>{CONTROL}</group>"


@pytest.mark.parametrize(
    "xml",
    [
        b"", b"<html/>", b"not xml",
        b'<!DOCTYPE x [<!ENTITY a "b">]>' + xform(f"<s1>{NODE}</s1>", BIND, GROUP),
        xform(f"<s1>{NODE}</s1>", BIND, GROUP)[:-20],
        xform("<s1><q/></s1>", "", "<group ref='/data/s1'><label>1</label><input ref='/data/s1/q'/></group>"),
        xform(f"<s1>{NODE}{NODE}</s1>", BIND, GROUP),
        xform(f"<s1>{NODE}</s1><s2>{NODE}</s2>", BIND, GROUP),
        xform(f"<s1>{NODE}</s1>", BIND.replace('severity="2"', 'severity="9"'), GROUP),
        xform(f"<s1>{NODE}</s1>", BIND + '<bind nodeset="/data/s1/gone" type="string"/>', GROUP),
        xform(f"<s1>{NODE}</s1>", BIND, GROUP.replace("instance('answer')", "instance('none')")),
        xform(f"<s1>{NODE}</s1>", BIND, GROUP.replace("select1", "repeat")),
        xform(f"<s1>{NODE}</s1>", BIND, GROUP.replace("select1", "input")),
        xform(f"<s1>{NODE}<q/></s1>", BIND + '<bind nodeset="/data/s1/q" type="geopoint"/>',
              GROUP + "<input ref='/data/s1/q'/>"),
        xform(f"<s1>{NODE}<q/></s1>", BIND + '<bind nodeset="/data/s1/q" calculate="pulldata(1)"/>', GROUP),
        xform(f"<s1>{NODE}<q/></s1>", BIND + '<bind nodeset="/data/s1/q" calculate="../q + 1"/>', GROUP),
        xform(f"<s1>{NODE}<q/><r/></s1>", BIND + '<bind nodeset="/data/s1/q" calculate="../r"/>'
              '<bind nodeset="/data/s1/r" calculate="../q"/>', GROUP),
        xform(f"<s1>{NODE}</s1>", BIND + '<bind nodeset="/data/s1" relevant="./X01 = 1"/>', GROUP),
        xform(f"<s1>{NODE.replace('/>', '>符合</X01>')}</s1>", BIND, GROUP),  # an answer that nobody gave
        xform(f"<s1>{NODE}<q>5</q></s1>", BIND + '<bind nodeset="/data/s1/q" type="string"/>', GROUP),
        xform(f"<s1>{NODE}</s1>", BIND + '<setvalue event="odk-instance-first-load" ref="/data/s1/X01" value="1"/>', GROUP),
        xform(f"<s1>{NODE}</s1>", BIND, GROUP.replace("</select1>", "<setvalue ref='/data/s1/X01'/></select1>")),
        xform(f"<s1>{NODE}</s1>", BIND.replace("type=", "readonly='../X01 = 1' type="), GROUP),
        xform(f"<s1>{NODE}<q/></s1>", BIND + '<bind nodeset="/data/s1/q" jr:preload="date"/>', GROUP),
        xform(f"<s1>{NODE}</s1>", BIND, GROUP.replace("检查项X01", "共 <output value='/data/s1/X01'/> 件")),
        xform(f"<s1>{NODE}</s1>", BIND, GROUP.replace("<label>检查项X01</label>", "<label ref='/data/s1/X01'/>")),
        xform(f"<s1>{NODE}<q/></s1>", BIND + '<bind nodeset="/data/s1/q" type="binary"/>',
              GROUP + "<upload ref='/data/s1/q' mediatype='audio/*'/>"),
    ],
)  # fmt: skip
def test_a_form_that_the_engine_does_not_know_is_refused_at_load(xml: bytes) -> None:
    with pytest.raises(Problem) as caught:
        Form.load(xml)
    assert caught.value.code == "bad_checklist"
    assert caught.value.facts["detail"]
