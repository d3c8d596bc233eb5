"""Units, credentials and teams."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.people import (
    Credential,
    Officer,
    UnitKind,
    able_officers,
    check_digit,
    checked_credit_code,
)
from inspector_app.domain.problems import PROBLEMS, Problem
from inspector_app.places import ROOT

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
VALID = Credential("09120017", date(2024, 1, 1), date(2028, 12, 31))


@given(st.text(ALPHABET, min_size=17, max_size=17))
def test_the_check_digit_completes_a_code(body: str) -> None:
    code = body + check_digit(body)
    assert checked_credit_code(code.lower()) == code


@given(st.text(ALPHABET, min_size=17, max_size=17), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_found(body: str, place: int, wrong: str) -> None:
    code = body + check_digit(body)
    broken = code[:place] + wrong + code[place + 1 :]
    if broken != code:
        with pytest.raises(Problem) as caught:
            checked_credit_code(broken)
        assert caught.value.code == "credit_code"


def test_a_published_code_holds() -> None:
    """The worked example that circulates with GB 32100-2015."""
    assert checked_credit_code("91350100M000100Y43") == "91350100M000100Y43"


@pytest.mark.parametrize("code", ["", "9135", "91350100M000100Y4", "91350100M000100Y4I", "91350100m000100y44"])
def test_a_bad_code_is_refused_with_a_sentence(code: str) -> None:
    with pytest.raises(Problem) as caught:
        checked_credit_code(code)
    assert "GB 32100" in str(caught.value) and caught.value.way_out


@pytest.mark.parametrize(
    "code", ["9135O100M000100Y43", "91350100M000100Y4", "91350100M000100Y４3", "9135 0100M000100Y43"]
)
def test_a_code_of_another_form_is_told_as_such_and_shown_whole(code: str) -> None:
    with pytest.raises(Problem) as caught:
        checked_credit_code(code)
    assert code in caught.value.fact and "18 位" in caught.value.fact and "校验位" not in caught.value.fact


def test_two_valid_officers_may_act() -> None:
    team = (Officer("a", "示例甲", credential=VALID), Officer("b", "示例乙", credential=VALID))
    assert able_officers(team, date(2026, 3, 16)) == team


@pytest.mark.parametrize(
    ("team", "code"),
    [
        ((Officer("a", "示例甲", credential=VALID),), "too_few_officers"),
        ((Officer("a", "示例甲", credential=VALID), Officer("a", "示例甲", credential=VALID)), "too_few_officers"),
        ((Officer("a", "示例甲", credential=VALID), Officer("b", "示例乙")), "credential_missing"),
        (
            (
                Officer("a", "示例甲", credential=VALID),
                Officer("b", "示例乙", credential=Credential("1", date(2020, 1, 1), date(2026, 3, 15))),
            ),
            "credential_expired",
        ),
        (
            (
                Officer("a", "示例甲", credential=VALID),
                Officer("b", "示例乙", credential=Credential("1", date(2020, 1, 1), date(2030, 1, 1), "暂停")),
            ),
            "credential_expired",
        ),
    ],
)
def test_a_team_that_may_not_act_is_refused(team: tuple[Officer, ...], code: str) -> None:
    with pytest.raises(Problem) as caught:
        able_officers(team, date(2026, 3, 16))
    assert caught.value.code == code


def test_a_credential_holds_on_its_first_and_last_day_only_inside() -> None:
    assert VALID.holds_on(date(2024, 1, 1)) and VALID.holds_on(date(2028, 12, 31))
    assert not VALID.holds_on(date(2023, 12, 31)) and not VALID.holds_on(date(2029, 1, 1))


def test_only_enterprises_are_bound_by_the_rules_on_enterprises() -> None:
    bound = {kind for kind in UnitKind if kind.is_enterprise}
    assert bound == {UnitKind.ENTERPRISE, UnitKind.SERVICE_ENTERPRISE}


def test_every_problem_has_a_fact_and_a_way_out() -> None:
    for code, sentence in PROBLEMS.items():
        assert sentence.fact.endswith(("。", "）", "}")), code
        assert sentence.way_out.endswith("。") or "{way}" in sentence.way_out, code
        assert "请您" not in sentence.fact + sentence.way_out


def test_every_problem_is_told_somewhere() -> None:
    """A sentence that nobody says is a promise that nobody keeps."""
    rooms = [path for room in ("inspector_app", "bureau_server") for path in (ROOT / room).rglob("*.py")]
    said = "".join(path.read_text("utf-8") for path in rooms if path.name != "problems.py")
    assert [code for code in PROBLEMS if f'"{code}"' not in said] == []


@given(
    st.sampled_from(["没有回应", "没有回应。", "", "真的？"]),
    st.sampled_from(sorted(code for code, sentence in PROBLEMS.items() if sentence.fact.endswith("{detail}"))),
)
def test_a_fact_from_elsewhere_closes_with_one_mark(detail: str, code: str) -> None:
    told = Problem(code, detail=detail, name="示例", version="1")
    assert told.fact.endswith(detail if detail.endswith("？") else f"{detail.rstrip('。')}。")
    assert str(told) == told.fact + told.way_out
