"""Expressions: values by the rules of XPath 1.0, and everything unknown refused when a form is loaded."""

import math
from collections.abc import Mapping, Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.checklists.functions import FUNCTIONS, to_number, to_text
from inspector_app.checklists.xpath import Scope, XPathError, compile_expression

DAY = date(2026, 3, 16)
VALUES = {
    "/data": "", "/data/s": "", "/data/s/a": "3", "/data/s/b": "4", "/data/s/c": "甲 乙", "/data/s/e": "",
    "/data/day": "2026-03-10",
}  # fmt: skip
HIDDEN = "/data/s/hidden"


class Tree:
    """A few nodes, one of which is not relevant."""

    def children(self, path: str) -> Sequence[str]:
        return [node for node in [*VALUES, HIDDEN] if node.rpartition("/")[0] == path and node]

    def knows(self, path: str) -> bool:
        return path in VALUES or path == HIDDEN


def value(text: str, values: Mapping[str, str] = VALUES) -> bool | float | str:
    found = compile_expression(text, "/data/s/a", Tree()).run(Scope(values, DAY))
    return to_text(found) if isinstance(found, tuple) else found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("7 mod 4 - 1", 2), ("-7 mod 4", -3), ("8 div 4 div 2", 1),
        ("2 - 1 - 1", 0), ("--3", 3), ("- /data/s/a + 1", -2), ("1 div 0", math.inf), ("-1 div 0", -math.inf),
        ("1 < 2 = true()", True), ("1 = 2 or 2 = 2 and 3 = 4", False), ("not(1 = 2)", True),
        (". = 3", True), ("../b > .", True), ("/data/s/b - /data/s/a", 1), ("../../s/b", "4"), ("../*[", None),
        ("'3' = 3", True), ("'3.0' = '3'", False), ("'' = ../e", True), ("../e != ''", False),
        ("'a' < 'b'", False), ("'10' > '9'", True), ("true() = 'x'", True), ("2 > true()", True),
        ("'' >= false()", False), ("../* > false()", True),
        ("coalesce(1 div '', 0)", "0"), ("true() + true()", 2),
        ("selected(../c, '乙')", True), ("selected(../c, '甲 乙')", False), ("count-selected(../c)", 2),
        ("count-selected(../e)", 0), ("count(../*)", 4), ("count-non-empty(../*)", 3), ("sum(../a | ../b)", 7),
        ("count(../a | ../hidden)", 1), ("coalesce(../e, ../a)", "3"), ("coalesce('', '')", ""),
        ("if(. > 2, '多', '少')", "多"), ("string-length('八防')", 2), ("regex('021-64', '[0-9]{3}-[0-9]+')", True),
        ("regex('a021', '[0-9]+')", False), ("number('x') = number('x')", False), ("int(-3.7)", -3),
        ("round(2.5)", 3), ("round(-2.5)", -2), ("round(3.14159, 2)", 3.14), ("floor(-1.5)", -2), ("ceiling(-1.5)", -1),
        ("min(../a, ../b)", 3), ("max(../*)", math.nan), ("max(../a | ../e)", 3), ("abs(-4)", 4),
        ("concat('第', 1, '条')", "第1条"), ("string(0.5)", "0.5"), ("string(1 div 3 < 1)", "true"),
        ("round(2.5, 'x')", math.nan), ("round(2.5, 1 div 0)", math.nan), ("round(2.5, 500)", 2.5), ("round(155, -1)", 160),
        ("contains('温湿度', '湿')", True), ("starts-with('温湿度', '湿')", False), ("substring('12345', 2, 3)", "234"),
        ("substring('12345', 0)", "12345"), ("normalize-space('  a   b ')", "a b"), ("today()", "2026-03-16"),
        ("/data/day <= today()", True), ("/data/day + 6 = today()", True), ("date(/data/day + 7)", "2026-03-17"),
        ("date('x')", ""), ("boolean(../e)", True), ("boolean(../hidden)", False), ("boolean('')", False),
        ("../hidden = ''", True), ("../hidden != '否'", True), ('"it\'s" = concat("it", "\'", "s")', True),
    ],
)  # fmt: skip
def test_values(text: str, expected: object) -> None:
    if expected is None:
        with pytest.raises(XPathError):
            value(text)
        return
    found = value(text)
    if isinstance(expected, float) and math.isnan(expected):
        assert isinstance(found, float)
        assert math.isnan(found)
    else:
        assert found == expected
        assert isinstance(found, bool) is isinstance(expected, bool)


@pytest.mark.parametrize(
    "text",
    ["", "1 +", "(1", "1)", "1 2", "foo(1)", "pulldata('x')", "not()", "not(1, 2)", "if(1, 2)", "/data/nowhere",
     "../..", "../../..", "nowhere", "//a", "/data/s[1]", "@a", "child::a", "'open", "a ! b", "/", "regex('a', '[')",
     "regex('a', ../c)", "regex('[', ../c)", "selected(, 1)", "1 = = 2", "and", "$a", "position()"],
)  # fmt: skip
def test_what_is_not_known_is_refused_at_load(text: str) -> None:
    expression = text
    with pytest.raises(XPathError):
        compile_expression(expression, "/data", Tree())


@given(st.recursive(st.integers(-50, 50).map(str), lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(
    lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"), max_leaves=12))  # fmt: skip
def test_arithmetic_agrees_with_python(text: str) -> None:
    assert value(text) == eval(text)


@given(st.lists(st.booleans(), min_size=2, max_size=6), st.data())
def test_and_binds_closer_than_or(truths: list[bool], data: st.DataObject) -> None:
    words = [data.draw(st.sampled_from(["and", "or"])) for _ in truths[1:]]
    xpath = " ".join(f"{w} {str(t).lower()}()" for w, t in zip(["", *words], truths, strict=True))
    python = " ".join(f"{w} {t}" for w, t in zip(["", *words], truths, strict=True))
    assert value(xpath) is eval(python.strip())


def test_a_sum_of_a_thousand_terms_does_not_recurse() -> None:
    assert value(" + ".join(["(. = 3)"] * 1000)) == 1000


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1" + " = 1" * 3000, True), ("2" + " * 1" * 3000, 2), ("-" * 3001 + "1", -1), ("1" + " < 2" * 3000, True)],
)  # fmt: skip
def test_no_chain_of_signs_recurses(text: str, expected: object) -> None:
    assert value(text) == expected


@pytest.mark.parametrize("opening", ["(", "not(", "if(1, "])
def test_brackets_within_brackets_are_refused_before_they_overflow(opening: str) -> None:
    closing = ", 0)" if opening.startswith("if") else ")"
    assert value(opening * 30 + "1" + closing * 30)
    with pytest.raises(XPathError, match="套得太深"):
        value(opening * 2000 + "1" + closing * 2000)


OPERANDS = st.sampled_from([
    "1", "-1", "0", "1 div 0", "-1 div 0", "0 div 0", "'a'", "''", "'2026-03-16'", "'9999-12-31'", "1" + "0" * 40, "1" + "0" * 308,
    "0.0000000001", "../a", "../e", "../*", "../hidden", "true()", "'1 2'", "'-'", "today()", "400", "-400", "2.5",
])  # fmt: skip


@given(st.sampled_from(sorted(set(FUNCTIONS) - {"regex"})), st.data())
def test_no_value_of_an_answer_makes_a_function_fail(name: str, data: st.DataObject) -> None:
    """What is typed in a form is anything; whatever compiled must give a value, and nothing where the number is none."""
    least, most, _ = FUNCTIONS[name]
    arguments = data.draw(st.lists(OPERANDS, min_size=least, max_size=min(most, 3)))
    expression = compile_expression(f"{name}({', '.join(arguments)})", "/data/s/a", Tree())
    assert expression.words(Scope(VALUES, DAY)) != "NaN" or name in (
        "string",
        "concat",
        "normalize-space",
        "substring",
        "if",
    )
    assert isinstance(expression.truth(Scope(VALUES, DAY)), bool)


def test_a_zero_with_a_sign_divides_with_it() -> None:
    assert value("1 div -0") == -math.inf and value("-1 div -0") == math.inf


@given(st.text(max_size=30))
def test_any_text_compiles_or_is_refused_in_one_way(text: str) -> None:
    try:
        compile_expression(text, "/data/s/a", Tree()).run(Scope(VALUES, DAY))
    except XPathError as error:
        assert text.strip() == "" or str(error)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_written_out_reads_back(number: float) -> None:
    assert to_number(to_text(number)) == number
    assert "e" not in to_text(number)


def test_an_expression_names_what_it_reads() -> None:
    expression = compile_expression("if(../b > 1, ../c, '')", "/data/s/a", Tree())
    assert expression.reads == {"/data/s/b", "/data/s/c"}
