"""Where this laptop may capture nothing: its own word for all it does, a colleague's for the visit that both are on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.inspection import Stage
from inspector_app.domain.problems import Problem
from inspector_app.domain.secret_area import around, captures, check_outside
from inspector_app.domain.tally import Tally
from tests.domain.test_duties import in_short
from tests.domain.test_inspection import NOW, case

HERE, THERE = "QH-0001", "QH-0002"


def visit(
    id: str, *areas: tuple[str, str], unit: str = "u1", team: tuple[str, ...] = ("shen", "lu"), arrived: int | None = 0, over: bool = False,
    stage: Stage = Stage.CHECKING,
) -> Tally:  # fmt: skip
    """A visit under way that began `arrived` minutes from now; None: it has not begun."""
    came = None if arrived is None else NOW + timedelta(minutes=arrived)
    return replace(
        in_short(case(stage)), id=id, unit=unit, unit_name=f"示例{unit}", officers=tuple((person, person) for person in team),
        arrived=came, ended=NOW if over else None, areas=areas,
    )  # fmt: skip


def barred(*visits: Tally, inspection: str = "b", person: str = "shen") -> list[str]:
    return [area.inspection for area in around(visits, HERE, person, inspection)]


OWN, COLLEAGUE = (HERE, "示例沈岚"), (THERE, "示例陆一鸣")
WORK = visit("b", unit="u2", team=("shen",), arrived=60)


def test_a_word_given_on_this_laptop_counts_whatever_is_worked_on() -> None:
    for said in (
        visit("a", OWN),
        visit("a", OWN, arrived=None),
        visit("a", OWN, over=True),
        visit("a", OWN, team=("he",)),
    ):
        assert barred(said, WORK) == barred(said, WORK, inspection="") == ["a"]


@pytest.mark.parametrize("stage", [Stage.CANCELLED, Stage.CLOSED, Stage.ARCHIVED, Stage.PUBLICISED])
def test_of_what_is_closed_nobody_could_take_it_back(stage: Stage) -> None:
    assert barred(visit("a", OWN, stage=stage), WORK) == []


def test_a_colleagues_word_counts_where_both_are_on_one_visit() -> None:
    assert barred(visit("a", COLLEAGUE), visit("b")) == ["a"], "the same unit, two inspections"
    assert barred(visit("a", COLLEAGUE), inspection="") == ["a"], "nothing else is under way"
    assert barred(visit("a", COLLEAGUE, arrived=90), WORK) == ["a"], "this officer went there last"


def test_a_colleagues_word_of_an_inspection_elsewhere_blocks_nothing_here() -> None:
    assert barred(visit("a", COLLEAGUE), WORK) == [], "this officer has gone on to another unit"
    for elsewhere in (
        visit("a", COLLEAGUE, team=("lu", "he")),
        visit("a", COLLEAGUE, over=True),
        visit("a", COLLEAGUE, arrived=None),
    ):
        assert barred(elsewhere, WORK) == barred(elsewhere, inspection="") == []


def test_in_the_inspection_itself_everybodys_word_counts_and_is_told_first() -> None:
    mine = visit("b", COLLEAGUE, team=("he",), over=True)
    assert barred(visit("a", OWN), mine) == ["b", "a"]


def test_who_works_on_another_inspection_is_told_of_which_unit_it_is() -> None:
    areas = around([visit("a", OWN, COLLEAGUE), WORK], HERE, "shen", "b")
    with pytest.raises(Problem, match="示例沈岚；示例陆一鸣在示例u1的检查里登记了正在涉密区域"):
        check_outside(areas, "b")
    with pytest.raises(Problem, match="示例沈岚；示例陆一鸣登记了正在涉密区域"):
        check_outside(areas, "a")
    check_outside(())


def test_what_was_recorded_before_is_kept_and_words_may_be_written() -> None:
    assert captures("evidence_taken") and captures("self_assessed", imports=True)
    assert not captures("evidence_taken", recorded=True) and not captures("item_answered")


visits = st.builds(
    lambda id, words, unit, team, arrived, over, stage: visit(id, *words, unit=unit, team=tuple(team), arrived=arrived, over=over, stage=stage),
    st.sampled_from("abcd"), st.lists(st.sampled_from((OWN, COLLEAGUE)), max_size=2), st.sampled_from(("u1", "u2")),
    st.sets(st.sampled_from(("shen", "lu", "he"))), st.none() | st.integers(0, 3), st.booleans(),
    st.sampled_from((Stage.CHECKING, Stage.RECORDED, Stage.CLOSED)),
)  # fmt: skip


@given(st.lists(visits, max_size=4, unique_by=lambda each: each.id), st.sampled_from(("shen", "lu", "he")))
def test_no_order_of_visits_and_no_word_less_changes_it(held: list[Tally], person: str) -> None:
    """It follows from the set of visits; a word that is taken back never opens an area elsewhere."""
    found = around(held, HERE, person, "b")
    assert around(held[::-1], HERE, person, "b") == found
    for each in held:
        without = [replace(other, areas=()) if other is each else other for other in held]
        assert set(around(without, HERE, person, "b")) == {area for area in found if area.inspection != each.id}
