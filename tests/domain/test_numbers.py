"""Document numbers: form, leases, gaps."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.numbers import (
    Lease,
    Number,
    account,
    is_temporary,
    next_number,
    parse_number,
    temporary_code,
)

SERIALS = st.integers(1, 40)


def lease(first: int, last: int, year: int = 2026) -> Lease:
    return Lease("notice", "闵档检", year, first, last)


def test_the_form_of_the_standard() -> None:
    assert str(Number("闵档检", 2026, 1)) == "闵档检〔2026〕1号"


@given(st.text("闵档检责改字青", min_size=1, max_size=8), st.integers(2000, 2099), st.integers(1, 99_999))
def test_a_number_reads_back(prefix: str, year: int, serial: int) -> None:
    number = Number(prefix, year, serial)
    assert parse_number(str(number)) == number


@pytest.mark.parametrize(
    "text",
    ["闵档检[2026]1号", "闵档检（2026）1号", "闵档检〔2026〕01号", "闵档检〔2026〕第1号", "闵档检〔26〕1号",
     "〔2026〕1号", "闵档检〔2026〕1", "闵档检〔2026〕0号", "闵档检 〔2026〕1号"],
)  # fmt: skip
def test_other_forms_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        parse_number(text)


@given(st.sets(SERIALS), st.sets(SERIALS))
def test_every_leased_number_is_in_exactly_one_place(used: set[int], voided: set[int]) -> None:
    leases = [lease(1, 10), lease(21, 30)]
    every = [*range(1, 11), *range(21, 31)]
    texts = {n: str(Number("闵档检", 2026, n)) for n in range(1, 41)}
    found = account(leases, (texts[n] for n in used), (texts[n] for n in voided))
    assert sorted([*found.used, *found.voided, *found.free]) == sorted(texts[n] for n in every)
    assert set(found.used) == {texts[n] for n in used if n in every}
    taken = {texts[n] for n in used | voided}
    following = next_number(leases, taken)
    assert following == (found.free[0] if found.free else "")


def test_the_next_number_passes_over_used_and_voided_ones_into_the_next_block() -> None:
    leases = [lease(1, 2), lease(7, 8)]
    taken = ["闵档检〔2026〕1号", "闵档检〔2026〕2号", "闵档检〔2026〕7号"]
    assert next_number(leases, taken) == "闵档检〔2026〕8号"
    assert next_number(leases, [*taken, "闵档检〔2026〕8号"]) == ""
    assert next_number([], []) == ""


def test_numbers_of_another_year_do_not_count_as_used() -> None:
    assert next_number([lease(1, 3)], ["闵档检〔2025〕1号"]) == "闵档检〔2026〕1号"


def test_a_temporary_code_is_no_number() -> None:
    code = temporary_code("QH-07A1", date(2026, 3, 6), 2)
    assert code == "临-QH-07A1-0306-2"
    assert is_temporary(code)
    assert not is_temporary("闵档检〔2026〕1号")
    with pytest.raises(ValueError, match="临"):
        parse_number(code)
