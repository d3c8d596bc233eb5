"""Who may be drawn: weights, rounds of coverage, the cap of enterprises, credentials, recusals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from inspector_app.domain.calendar import zh_date
from inspector_app.domain.draw import Sealed
from inspector_app.domain.people import Credential, Officer, Unit, UnitKind
from inspector_app.domain.pools import Looked, Wish, guard_frequency, merge_hint, parse, seal
from inspector_app.domain.problems import Problem
from inspector_app.domain.roster import RECUSAL, OfficerNote
from inspector_app.places import FORMS

RULES = parse((FORMS / "draw.toml").read_text("utf-8"))
FIRST, LAST = date(2026, 5, 1), date(2026, 5, 31)
WISH = Wish("示例抽取", 2, frozenset(kind.value for kind in UnitKind), FIRST, LAST)
ORGAN = Unit("u1", "示例机关", UnitKind.ORGAN, "", risk="高", credit="差")
FIRM = Unit("u2", "示例企业", UnitKind.ENTERPRISE, "", risk="低", credit="好")
HELD = Credential("09", date(2024, 1, 1), date(2028, 12, 31))
ONE, TWO = Officer("a", "示例甲", credential=HELD), Officer("b", "示例乙", credential=HELD)


def pool(
    *units: Unit, officers: tuple[Officer, ...] = (ONE, TWO), notes: tuple[OfficerNote, ...] = (),
    looked: tuple[Looked, ...] = (), cap: int = 0, wish: Wish = WISH,
) -> Sealed:  # fmt: skip
    return seal(wish, "ab" * 32, RULES, cap, units, officers, notes, looked)


def test_risk_and_credit_weigh() -> None:
    unknown = replace(ORGAN, id="u0", risk="", credit="")
    weights = {unit.id: unit.weight for unit in pool(FIRM, ORGAN, unknown).units}
    assert weights == {"u0": 4, "u1": 16, "u2": 1}


@pytest.mark.parametrize(
    ("day", "done", "bar"),
    [
        (date(2023, 12, 31), True, ""),
        (date(2024, 1, 1), True, "本轮（2024–2026年）2024年1月1日已查"),
        (date(2026, 12, 31), False, "本轮（2024–2026年）2026年12月31日已列入检查"),
        (date(2027, 1, 1), False, ""),
    ],
)
def test_a_unit_comes_once_a_round(day: date, done: bool, bar: str) -> None:
    assert pool(ORGAN, looked=(Looked("u1", day, "routine", done=done),)).units[0].bar == bar


def test_the_round_goes_on_by_itself() -> None:
    assert [RULES.round_of(year)[0] for year in (2021, 2023, 2024, 2026, 2027, 2030)] == [
        2021,
        2021,
        2024,
        2024,
        2027,
        2030,
    ]


def test_only_an_enterprise_has_a_cap_and_only_what_counts_fills_it() -> None:
    day = date(2026, 2, 1)
    for unit in (ORGAN, FIRM):
        looked = [Looked(unit.id, day, "routine"), Looked(unit.id, day, "special", "上级部署的专项")]
        if unit is ORGAN:
            assert guard_frequency(RULES, 1, unit, looked, FIRST, "routine", "") == ""
            continue
        assert "到频次上限 2 次" in guard_frequency(RULES, 2, unit, looked, FIRST, "routine", "年度检查计划")
        with pytest.raises(Problem, match="到了年度频次上限 1 次（国办发〔2024〕54号）"):
            guard_frequency(RULES, 1, unit, looked, FIRST, "clue_based", "举报")
        assert guard_frequency(RULES, 1, unit, looked, FIRST, "special", "上级部署的专项") == ""
        assert guard_frequency(RULES, 1, unit, looked, date(2027, 1, 4), "routine", "").startswith("这一次以后")
        assert "还没有设" in guard_frequency(RULES, 0, unit, looked, FIRST, "routine", "")


@pytest.mark.parametrize(
    ("days", "done", "said"), [(30, False, True), (-30, False, True), (31, False, False), (3, True, False)]
)
def test_two_near_visits_of_an_enterprise_are_to_be_one(days: int, done: bool, said: bool) -> None:
    other = FIRST + timedelta(days=days)
    hint = merge_hint(RULES, FIRM, [Looked(FIRM.id, other, "routine", done=done)], FIRST)
    assert bool(hint) is said and (
        not said or (zh_date(other) in hint and "能合并就合并到一次（国办发〔2024〕54号）" in hint)
    )
    assert merge_hint(RULES, ORGAN, [Looked(ORGAN.id, FIRST, "routine", done=False)], FIRST) == ""


def test_credentials_hold_all_days_and_leaders_are_not_drawn() -> None:
    people = (
        ONE, replace(TWO, credential=None), Officer("c", "示例丙", credential=replace(HELD, valid_to=date(2026, 5, 30))),
        Officer("d", "示例丁", credential=replace(HELD, status="暂停")),
        Officer("f", "示例己", credential=replace(HELD, valid_from=date(2026, 5, 2))), Officer("e", "示例戊", credential=HELD, leader=True),
    )  # fmt: skip
    bars = {officer.id: officer.bar for officer in pool(ORGAN, officers=people).officers}
    assert bars == {
        "a": "",
        "b": "没有行政执法证",
        "c": "执法证2026年5月30日到期",
        "d": "执法证暂停",
        "f": "执法证2026年5月2日起有效",
    }


def test_recusals_hold_until_their_day() -> None:
    def tie(officer: str, until: date | None) -> OfficerNote:
        return OfficerNote(f"n-{officer}-{until}", officer, RECUSAL, date(2024, 1, 1), "近亲属", unit="u1", until=until)

    notes = (tie("a", None), tie("b", date(2026, 4, 30)), tie("b", FIRST), tie("x", None))
    assert [(r.officer, r.reason) for r in pool(ORGAN, notes=notes).recusals] == [("a", "近亲属"), ("b", "近亲属")]
    assert not pool(FIRM, notes=notes).recusals


def test_a_wish_that_cannot_be_is_refused() -> None:
    for wish in (replace(WISH, title=" "), replace(WISH, count=0), replace(WISH, last=date(2026, 4, 1))):
        with pytest.raises(Problem):
            pool(ORGAN, wish=wish)
    assert [unit.id for unit in pool(ORGAN, FIRM, wish=replace(WISH, kinds=frozenset("E"))).units] == ["u2"]


def test_the_sealed_text_reads_back_and_its_order_does_not_matter() -> None:
    made = pool(ORGAN, FIRM, officers=(TWO, ONE))
    assert made == pool(FIRM, ORGAN) == Sealed.read(made.plain())
    assert made.digest == Sealed.read(made.plain()).digest
    assert any("风险" in rule for rule in made.rules)
