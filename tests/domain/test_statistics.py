"""The figures of a year: what counts where, what is late, what the report says and leaves out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from inspector_app.domain import annual, calendar, policy, pools, statistics
from inspector_app.domain.clock import CHINA
from inspector_app.domain.people import Bureau, Credential, Officer, Unit, UnitKind
from inspector_app.domain.planning import Plan
from inspector_app.domain.register import Register
from inspector_app.domain.review import Review
from inspector_app.domain.roster import APPROVAL, TRAINING, VISIT, OfficerNote, UnitNote
from inspector_app.domain.statistics import Mark, Measures, Part, Year
from inspector_app.domain.tally import Flaw, Tally
from inspector_app.places import FORMS


def _text(name: str) -> str:
    return (FORMS / name).read_text("utf-8")


MEASURES = Measures(
    statistics.parse(_text("statistics.toml")), pools.parse(_text("draw.toml")), policy.parse(_text("policy.toml")),
    calendar.parse(_text("calendar.toml")),
)  # fmt: skip
TODAY = date(2026, 6, 30)
HELD = Credential("09", date(2024, 1, 1), date(2028, 12, 31))
OFFICERS = {id: Officer(id, f"示例{id}", credential=HELD) for id in "ab"}
UNITS = {id: Unit(id, f"示例单位{id}", kind, "") for id, kind in
         (("g1", UnitKind.ORGAN), ("g2", UnitKind.ORGAN), ("e1", UnitKind.ENTERPRISE), ("t1", UnitKind.TOWN))}  # fmt: skip
PLAN = Plan("p", False, 2026, "示例计划", "", "", "", "", 4, 2, approved=date(2026, 2, 1), announced=date(2026, 3, 30))


def at(month: int, day: int, year: int = 2026) -> datetime:
    return datetime(year, month, day, 10, tzinfo=CHINA)


def flaw(id: str, code: str = "E01", **changes: Any) -> Flaw:
    made = Flaw(id, code, "示例事实", "rectify", date(2026, 5, 20), True, None)
    return replace(made, **changes)


def visit(id: str, unit: str, when: datetime | None, *flaws: Flaw, **changes: Any) -> Tally:
    planned = when or at(9, 1)
    made = Tally(
        id, unit, UNITS[unit].name, UNITS[unit].kind.value, "routine", "served" if when else "planned", planned, planned, "",
        (("a", "示例a"), ("b", "示例b")), "", "", "", None, when, when, "档案法", None, when, flaws, Review(), 0,
    )  # fmt: skip
    return replace(made, **changes)


def counted(*tallies: Tally, year: int = 2026, notes: tuple[UnitNote, ...] = (), hours: tuple[OfficerNote, ...] = (),
            plans: tuple[Plan, ...] = (PLAN,), today: date = TODAY) -> Year:  # fmt: skip
    register = Register(Bureau("示例区档案局", "示档"), UNITS, OFFICERS, notes, hours)
    return statistics.count(year, today, tallies, register, plans, MEASURES)


def test_a_visit_counts_in_the_year_of_its_arrival_and_leads_back() -> None:
    late = visit("i2", "g1", at(1, 5), planned_from=at(12, 30, 2025))
    year = counted(visit("i1", "g2", at(3, 9), leader="示例领导"), late, visit("i3", "e1", None))
    assert (year.inspected, year.done.ids, year.led.ids, year.planned) == (2, ("i2", "i1"), ("i1",), 2)
    assert (year.months[0].planned.ids, year.months[0].done.ids) == ((), ("i2",))
    assert year.months[8].planned.ids == ("i3",) and year.months[8].done == Mark()
    assert counted(late, year=2025).done == Mark()


def test_what_was_cancelled_is_counted_as_such_and_covers_nothing() -> None:
    year = counted(visit("i1", "g1", at(3, 9)), visit("i2", "e1", None, stage="cancelled"))
    assert year.cancelled == Mark(1, ("i2",)) and year.months[8].planned == Mark()
    assert [each.state for each in year.coverage[UnitKind.ENTERPRISE]] == ["due"]
    assert annual.tables(year)[0][2][8] == ("9月", 0, 0, 1)


def test_findings_by_category_with_what_was_put_right_and_the_year_before() -> None:
    mended = date(2026, 5, 1)
    year = counted(
        visit("i1", "g1", at(3, 9), flaw("1"), flaw("2", "D02", mended=mended), flaw("3", "A01", mended=mended), flaw("4", "X1")),
        visit("i2", "g2", at(3, 9, 2025), flaw("5"), flaw("6", mended=date(2025, 9, 1))),
    )  # fmt: skip
    assert year.categories == (
        Part("库房与设施设备", Mark(1, ("i1",)), Mark(2, ("i1",)), 2),
        Part("其他", Mark(0), Mark(1, ("i1",))),
        Part("责任制与组织领导", Mark(1, ("i1",)), Mark(1, ("i1",))),
    )
    assert (year.found.value, year.mended.value, year.mended_share, year.mended_before) == (4, 2, 50, 50)


@pytest.mark.parametrize(
    ("changes", "late", "judged"),
    [
        ({}, True, (0, 1)),
        ({"due": date(2026, 6, 30)}, False, (0, 0)),
        ({"mended": date(2026, 5, 20)}, False, (1, 1)),
        ({"mended": date(2026, 5, 21)}, False, (0, 1)),
        ({"consequence": "opinion"}, False, (0, 0)),
        ({"proposed": False}, False, (0, 0)),
    ],
)
def test_an_order_is_late_after_its_last_day(changes: dict[str, Any], late: bool, judged: tuple[int, int]) -> None:
    year = counted(visit("i1", "g1", at(3, 9), flaw("1", **changes)))
    term = next(term for term in year.terms if term.name == "责令整改按期完成")
    assert (bool(year.late.value), (term.part.value, term.whole.value)) == (late, judged)
    assert year.found.value == year.mended.value + year.under_way.value + year.late.value


def test_what_may_still_be_in_time_counts_for_neither() -> None:
    """A notice five working days before (3 March to 10 March), papers within the bureau's days, the plan by 31 March."""
    good = visit("i1", "g1", at(3, 10), noticed=at(3, 3), served=at(3, 25))
    bad = visit("i2", "g2", at(3, 9), noticed=at(3, 3), served=at(3, 25))
    fresh = visit("i3", "e1", at(6, 29), served=None)
    forgotten = visit("i4", "t1", at(4, 1), served=None)
    terms = {term.name: (term.part.ids, term.whole.ids) for term in counted(good, bad, fresh, forgotten).terms}
    assert terms["通知按时送达"] == (("i1",), ("i2", "i1"))
    assert terms["文书按时送达"] == (("i1",), ("i2", "i1", "i4"))
    public = [(p.announced, counted(plans=(p,)).terms[0]) for p in (PLAN, replace(PLAN, announced=None))]
    assert [(term.part.value, term.whole.value) for _, term in public] == [(1, 1), (0, 1)]
    assert counted(plans=(replace(PLAN, announced=None),), today=date(2026, 3, 1)).terms[0].whole.value == 0


def test_a_round_of_coverage_by_kind() -> None:
    noted = UnitNote("n", "t1", VISIT, date(2024, 5, 6), found=3, mended=2)
    year = counted(visit("i1", "g2", at(3, 9, 2025)), visit("i2", "e1", None), notes=(noted,))
    states = {kind: [(each.unit.id, each.state, each.ids) for each in units] for kind, units in year.coverage.items()}
    assert states == {
        UnitKind.ORGAN: [("g2", "done", ("i1",)), ("g1", "due", ())],
        UnitKind.ENTERPRISE: [("e1", "planned", ("i2",))],
        UnitKind.TOWN: [("t1", "done", ())],
    }
    assert (year.round, year.covered.share) == ((2024, 2026), 50)
    before = counted(year=2024, notes=(noted,))
    assert (before.done, before.found.value, before.mended.value) == (Mark(1, (), ("t1",)), 3, 2)
    assert before.coverage[UnitKind.ORGAN][0].state == "later"


def test_officers_and_ratings() -> None:
    hours = (
        OfficerNote("1", "a", TRAINING, date(2026, 2, 2), hours=60),
        OfficerNote("2", "b", TRAINING, date(2025, 2, 2), hours=9),
    )
    year = counted(
        visit("i1", "g1", at(3, 9), rated=5),
        visit("i2", "g2", at(3, 10), rated=2, officers=(("a", "示例a"),)),
        hours=hours,
    )
    assert [(load.officer.id, load.visits.value, load.hours) for load in year.loads] == [("a", 2, 60), ("b", 1, 0)]
    assert [mark.ids for mark in year.ratings] == [("i1",), (), (), ("i2",), ()]
    assert (year.satisfied.share, year.satisfied.part.ids) == (50, ("i1",))


def test_the_report_says_what_there_is_and_nothing_else() -> None:
    approval = UnitNote("n", "g1", APPROVAL, date(2026, 2, 2))
    year = counted(visit("i1", "g1", at(3, 9), flaw("1", mended=date(2026, 5, 1)), rated=4), notes=(approval,))
    said = annual.report(year)
    assert "对1家单位开展档案行政检查1次，机关1次。" in said and "主要集中在库房与设施设备（1个）" in said
    assert "整改完成率100%" in said and "满意率100%" in said and "审核同意归档范围、保管期限表和分类方案1家" in said
    nothing = annual.report(counted(plans=(), year=2020))
    assert "开展" not in nothing and "发现" not in nothing and "满意" not in nothing
    assert "{" not in said + nothing


def test_every_chart_is_a_table_of_whole_lines() -> None:
    found = annual.tables(counted(visit("i1", "g1", at(3, 9), flaw("1"))))
    assert len({title for title, _, _ in found}) == len(found) == 8
    assert all(len(line) == len(heads) for _, heads, lines in found for line in lines)


def test_shares_in_words() -> None:
    assert [annual.per_cent(share) for share in (None, 0.0, 100.0, 66.6666)] == ["—", "0%", "100%", "66.7%"]


def test_a_part_of_the_checklists_lies_in_one_category() -> None:
    with pytest.raises(ValueError, match="one category"):
        statistics.parse(_text("statistics.toml").replace('"DE"', '"DEA"'))
