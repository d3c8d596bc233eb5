"""The procedure: every move names its hook and refuses with a sentence that cites it."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.casefile import CaseFile
from inspector_app.domain.clock import CHINA
from inspector_app.domain.event import EVENTS
from inspector_app.domain.finding import CONSEQUENCES, Answer, Consequence, Finding
from inspector_app.domain.inspection import (
    MOVES,
    STEPS,
    Stage,
    all_served,
    check_move,
    next_stage,
    outgoing_papers,
    step_of,
)
from inspector_app.domain.item import ItemFact
from inspector_app.domain.paper import Issued, Service, Signature
from inspector_app.domain.people import Bureau, Credential, Officer, Unit, UnitKind
from inspector_app.domain.problems import Problem
from inspector_app.domain.procedure import parse
from inspector_app.domain.refused import KIND as REFUSED
from inspector_app.domain.rows import Version
from inspector_app.domain.visit import Attendee, Recusal, Told, Visit
from inspector_app.places import FORMS

DAY = date(2026, 3, 16)
HOOKS = parse((FORMS / "procedure.toml").read_text("utf-8")).hooks
NOW = datetime(2026, 3, 16, 10, 30, tzinfo=CHINA)
CARD = Credential("1", date(2024, 1, 1), date(2028, 1, 1))
TOLD = Told(NOW, "示例甲")
SERVED = Service(("P1",), "直接送达", NOW, "示例地点", "示例收件人")


def paper(kind: str, served: Service | None = None, signatures: tuple[Signature, ...] = ()) -> Issued:
    return Issued(f"P-{kind}", kind, kind, "示档检〔2026〕1号", 1, NOW, "0" * 64, 1, "", served=served,
                  signatures=signatures)  # fmt: skip


def case(stage: Stage, **changes: object) -> CaseFile:
    made = CaseFile(
        id="inspection/1", bureau=Bureau("示例区档案局", "示档"),
        unit=Unit("u", "示例区水务局", UnitKind.ORGAN, ""), kind="routine", stage=stage.value, checklist="organ",
        officers=(Officer("a", "示例甲", credential=CARD), Officer("b", "示例乙", credential=CARD)),
        leading_official=None, planned_from=NOW, planned_to=NOW, place="示例地点", approved_at=NOW,
        papers=(paper("notice", SERVED),),
        visit=Visit(arrived=NOW, credentials_shown=TOLD, recording_told=TOLD, rights_told=TOLD,
                    attendees=(Attendee("示例陪同"),), statement_reply="不陈述申辩"),
        items=(ItemFact("A01", "x", "s", "b", value="符合"),),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def refusal(made: CaseFile, event: str) -> str:
    with pytest.raises(Problem) as caught:
        check_move(made, event, DAY, HOOKS)
    return str(caught.value)


SIGNED = (
    Signature("示例陪同", "被检查单位", NOW),
    Signature("示例甲", "检查人员", NOW),
    Signature("示例乙", "记录人", NOW),
)
FINDING = Finding("F1", "E03", "渗水", ("《档案法》第十九条",), ("ZJ-001",), 3, "rectify", "整改", DAY, confirmed=True)


@pytest.mark.parametrize(
    ("stage", "event", "changes", "words"),
    [
        (Stage.PLANNED, "visit_begun", {}, ("准备", "行政处罚法第四十二条")),
        (Stage.NOTIFIED, "visit_begun", {"papers": ()}, ("通知书还没有送达", "国办发〔2024〕54号")),
        (Stage.APPROVED, "paper_served", {"approved_at": None}, ("批准", "国办发〔2024〕54号")),
        (
            Stage.APPROVED,
            "paper_served",
            {"unit": Unit("u", "示例企业", UnitKind.ENTERPRISE, "")},
            ("检查码", "国办发〔2024〕54号"),
        ),
        (Stage.ON_SITE, "item_answered", {"visit": Visit(arrived=NOW)}, ("出示执法证件", "第五十五条")),
        (
            Stage.ON_SITE,
            "item_answered",
            {"visit": Visit(arrived=NOW, credentials_shown=TOLD)},
            ("告知", "国办发〔2018〕118号"),
        ),
        (
            Stage.CHECKING,
            "checking_finished",
            {"items": (ItemFact("A01", "x", "s", "b"),)},
            ("1 项没有检查", "档案法第四十二条"),
        ),
        (
            Stage.CHECKING,
            "checking_finished",
            {"items": (ItemFact("A01", "x", "s", "b", "符合", conflict=(Version("e", "符合", "", "甲", NOW),)),)},
            ("填写不同",),
        ),
        (Stage.CHECKED, "visit_ended", {}, ("笔录还没有制作", "第五十五条")),
        (Stage.CHECKED, "visit_ended", {"papers": (paper("onsite_record"),)}, ("签字不全", "第十五条")),
        (
            Stage.CHECKED,
            "visit_ended",
            {"visit": Visit(arrived=NOW, attendees=(Attendee("x"),))},
            ("陈述申辩",),
        ),
        (Stage.CHECKED, "visit_ended", {"visit": Visit(arrived=NOW)}, ("在场人员",)),
        (
            Stage.CHECKED,
            "visit_ended",
            {"papers": (paper("onsite_record", None, (*SIGNED[:2], replace(SIGNED[1], role="记录人"))),)},
            ("两名检查人员",),
        ),
        (
            Stage.CHECKED,
            "visit_ended",
            {"papers": (paper("onsite_record", None, (*SIGNED[:2], replace(SIGNED[2], refused="不签"))),)},
            ("两名检查人员",),
        ),
        (Stage.CHECKED, "visit_ended", {"papers": (paper("onsite_record", None, SIGNED[1:]),)}, ("单位没有签字",)),
        (Stage.CHECKED, "visit_ended", {"items": (ItemFact("A01", "x", "s", "b"),)}, ("1 项没有检查",)),
        (Stage.SERVED, "closed", {"findings": (FINDING,)}, ("还没有复查", "第四十八条")),
        (Stage.DELIBERATED, "decision_made", {"findings": (replace(FINDING, confirmed=False),)}, ("确认",)),
        (Stage.RECORDED, "deliberated", {"findings": (replace(FINDING, confirmed=False),)}, ("确认", "第四十条")),
        (Stage.RECORDED, "deliberated", {"findings": (replace(FINDING, evidence=()),)}, ("证据",)),
        (Stage.RECORDED, "deliberated", {"findings": (replace(FINDING, basis=()),)}, ("依据",)),
        (Stage.DELIBERATED, "decision_made", {"findings": (FINDING,)}, ("正式制作", "第四十五条")),
        (
            Stage.DELIBERATED,
            "decision_made",
            {"visit": Visit(arrived=NOW, recusals=(Recusal("x"),))},
            ("回避", "第四十三条"),
        ),
    ],
)
def test_a_move_is_refused_with_reason_and_hook(
    stage: Stage, event: str, changes: dict[str, object], words: tuple[str, ...]
) -> None:
    said = refusal(case(stage, **changes), event)
    assert all(word in said for word in words), said


@pytest.mark.parametrize(
    ("stage", "event", "changes", "target"),
    [
        (Stage.APPROVED, "paper_served", {}, Stage.NOTIFIED),
        (Stage.NOTIFIED, "visit_begun", {}, Stage.ON_SITE),
        (Stage.ON_SITE, "item_answered", {}, Stage.CHECKING),
        (Stage.CHECKING, "checking_finished", {}, Stage.CHECKED),
        (Stage.CHECKED, "visit_ended", {"papers": (paper("onsite_record", None, SIGNED),)}, Stage.RECORDED),
        (Stage.RECORDED, "deliberated", {"findings": (FINDING,)}, Stage.DELIBERATED),
        (
            Stage.DELIBERATED,
            "decision_made",
            {"findings": (FINDING,), "papers": (paper("rectification"),)},
            Stage.DECIDED,
        ),
        (Stage.SERVED, "rectification_begun", {"findings": (FINDING,)}, Stage.RECTIFYING),
    ],
)
def test_a_lawful_move_is_made(stage: Stage, event: str, changes: dict[str, object], target: Stage) -> None:
    assert check_move(case(stage, **changes), event, DAY, HOOKS).target is target
    assert next_stage(stage.value, event, {"completes": True}) == target


def test_two_officers_of_one_name_are_two() -> None:
    namesakes = tuple(replace(officer, name="示例同名") for officer in case(Stage.CHECKED).officers)
    unit, first, second = SIGNED
    signatures = (unit, replace(first, name="示例同名", officer="a"), replace(second, name="示例同名", officer="b"))
    made = case(Stage.CHECKED, officers=namesakes, papers=(paper("onsite_record", None, signatures),))
    assert check_move(made, "visit_ended", DAY, HOOKS)
    twice = (*signatures[:2], replace(signatures[2], officer="a"))
    assert "两名检查人员" in refusal(replace(made, papers=(paper("onsite_record", None, twice),)), "visit_ended")


def test_an_expired_credential_stops_the_arrival() -> None:
    old = Officer("c", "示例丙", credential=Credential("9", date(2020, 1, 1), date(2026, 2, 28)))
    with pytest.raises(Problem) as caught:
        check_move(case(Stage.NOTIFIED, officers=(case(Stage.NOTIFIED).officers[0], old)), "visit_begun", DAY, HOOKS)
    assert caught.value.code == "credential_expired" and "示例丙" in str(caught.value)
    assert caught.value.fact.endswith(f"（{HOOKS['credential_expired']}）。")


def test_a_recusal_does_not_stop_the_inspection_before_it_is_decided() -> None:
    """行政处罚法43: until the decision the investigation goes on."""
    visit = replace(case(Stage.ON_SITE).visit, recusals=(Recusal("申请"),))
    assert check_move(case(Stage.ON_SITE, visit=visit), "item_answered", DAY, HOOKS)


def test_every_move_has_its_hook_and_leads_forward() -> None:
    order = list(Stage)
    for move in MOVES:
        assert HOOKS[move.target] and move.act
        back = move.event == REFUSED  # who was not let in comes again
        assert all((order.index(source) < order.index(move.target)) is not back for source in move.sources)
    reached = {move.target for move in MOVES} | {Stage.PLANNED}
    assert reached == set(Stage)


def test_every_stage_has_its_step_on_the_rail() -> None:
    assert {step_of(stage) for stage in Stage} <= set(range(len(STEPS)))
    assert step_of(Stage.NOTIFIED) == 0 and step_of(Stage.CHECKING) == 2 and step_of(Stage.SERVED) == 7


def test_service_completes_only_when_every_outgoing_paper_is_served() -> None:
    two = (replace(FINDING, id="F2", consequence="opinion"), FINDING)
    half = case(Stage.DECIDED, findings=two, papers=(paper("rectification", SERVED), paper("opinion")))
    assert set(outgoing_papers(half)) == {"opinion", "rectification"}
    assert not all_served(half)
    assert all_served(replace(half, papers=(paper("rectification", SERVED), paper("opinion", SERVED))))
    assert next_stage("decided", "paper_served", {"completes": False}) == "decided"


def test_without_findings_the_result_is_told() -> None:
    assert outgoing_papers(case(Stage.RECORDED)) == ("result_notice",)


def test_each_consequence_has_its_own_words() -> None:
    assert set(CONSEQUENCES) == set(Consequence)
    assert Consequence.OPINION.paper == "opinion" and Consequence.RECTIFY.paper == "rectification"
    assert len({c.label for c in Consequence}) == len(Consequence)
    assert Answer.MOSTLY.is_deviation and not Answer.NOT_APPLICABLE.is_deviation


def test_every_event_has_words() -> None:
    assert all(words for words in EVENTS.values())


PEOPLE = (Officer("a", "示例甲"), Officer("b", "示例乙"), Officer("c", "示例甲"))
"""Two of them have one name."""
MARKS = st.builds(
    lambda who, said: Signature(who.name, "检查人员", NOW, officer=who.id if said else ""),
    st.sampled_from(PEOPLE),
    st.booleans(),
)


@given(st.lists(MARKS, max_size=6))
def test_each_hand_is_one_officer_however_it_is_named(marks: list[Signature]) -> None:
    """Never more hands than there can have been officers: an id is one, and a name alone may be whoever signed with it."""
    hands = paper("onsite_record", None, tuple(marks)).hands(PEOPLE)
    ids = {mark.officer for mark in marks if mark.officer}
    assert ids <= hands <= {"a", "b", "c"}
    assert len(hands) == len(ids) + len(
        {m.name for m in marks if not m.officer} - {o.name for o in PEOPLE if o.id in ids}
    )


@pytest.mark.parametrize("other", ["", "b"])
def test_one_officer_under_id_and_name_is_not_two(other: str) -> None:
    """The hands asked for at the end of the visit (行政处罚法42): the first officer twice is one, whoever else is there."""
    twice = (SIGNED[0], replace(SIGNED[1], officer="a"), replace(SIGNED[1], role="记录人"))
    made = case(Stage.CHECKED, papers=(paper("onsite_record", None, twice),))
    if other:
        made = replace(made, papers=(paper("onsite_record", None, (*twice, replace(SIGNED[2], officer=other))),))
        check_move(made, "visit_ended", DAY, HOOKS)
    else:
        assert "两名检查人员" in refusal(made, "visit_ended")
