"""The legal review as pure rules: what is made only after it, and which opinions count."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.access import Resource, Role, may
from inspector_app.domain.event import Actor
from inspector_app.domain.inspection import DECIDING, Stage, legal_refusal
from inspector_app.domain.legal import AGREED, FAULTY, PASSED, POINTS, WRONG, Point, Round, conclusion, read_round
from inspector_app.domain.roster import REVIEWER, OfficerNote, reviewers_on
from tests.domain.test_inspection import DAY, NOW, case

KIND = "rectification"
TEAM = frozenset({"a", "b"})


def row(version: str = "v1", *opinions: dict[str, object]) -> dict[str, object]:
    asked = {
        "round": "r1",
        "paper": KIND,
        "sheet": "",
        "title": "《示例》",
        "version": version,
        "by": "a",
        "at": NOW.isoformat(),
    }
    return {"asked": asked, "opinions": list(opinions)}


def opinion(by: str = "fa", outcome: str = AGREED, version: str = "v1", role: str = "legal_reviewer", wrong: int = 0,
            points: int = POINTS) -> dict[str, object]:  # fmt: skip
    said = [[WRONG, "示例"] if n < wrong else [PASSED, ""] for n in range(points)]
    value = {"outcome": outcome, "points": said, "text": "示例", "version": version}
    return {"by": by, "at": NOW.isoformat(), "role": role, "value": value}


def read(*opinions: dict[str, object]) -> Round:
    return read_round(row("v1", *opinions), lambda person: person, TEAM)


def test_an_opinion_counts_only_from_a_reviewer_who_took_no_part_and_on_what_was_handed_in() -> None:
    assert read(opinion()).word == AGREED
    strange = (opinion("a"), opinion(role="officer"), opinion(version="v2"), opinion(points=6), opinion(outcome="示例"))
    for each in strange:
        made = read(each)
        assert made.opinion is None and made.word == "待审核" and made.void == each["by"]
    assert read(opinion(wrong=1)).opinion is None, "it agrees to what it found wrong"
    assert read(*strange, opinion()).word == AGREED
    assert read(opinion(), opinion("fb", FAULTY, wrong=1)).word == FAULTY, "of two the one that asks for more"


def test_one_point_that_is_wrong_makes_the_opinion() -> None:
    assert conclusion((Point(PASSED),) * POINTS) == AGREED
    assert conclusion((*(Point(PASSED),) * (POINTS - 1), Point(WRONG, "示例"))) == FAULTY


STEPS = st.lists(st.one_of(
    st.just("change"), st.just("ask"),
    st.tuples(st.sampled_from(("fa", "fb", "a", "b")), st.sampled_from((AGREED, FAULTY)),
              st.sampled_from(("legal_reviewer", "officer", "team_lead"))),
), max_size=12)  # fmt: skip
"""The paper is changed, handed in, or somebody gives an opinion on what was handed in last."""


@given(steps=STEPS, listed=st.booleans())
def test_a_paper_is_made_only_when_its_last_round_agreed_to_just_this_version(
    steps: list[str | tuple[str, str, str]], listed: bool
) -> None:
    version, rounds, model = 0, list[tuple[str, list[dict[str, object]]]](), list[tuple[int, set[str]]]()
    for step in steps:
        if step == "change":
            version += 1
        elif step == "ask":
            rounds.append((f"v{version}", []))
            model.append((version, set()))
        elif rounds and not isinstance(step, str):
            by, outcome, role = step
            rounds[-1][1].append(opinion(by, outcome, rounds[-1][0], role, wrong=int(outcome == FAULTY)))
            if role == "legal_reviewer" and by not in TEAM:
                model[-1][1].add(outcome)
    read_ = tuple(
        replace(read_round(row(handed, *given), lambda person: person, TEAM), id=f"r{n}", nth=n + 1)
        for n, (handed, given) in enumerate(rounds)
    )
    made = case(Stage.DELIBERATED, legal=read_)
    refusal = legal_refusal(made, KIND, "", f"v{version}", {KIND} if listed else frozenset())
    agreed = bool(model) and model[-1] == (version, {AGREED})
    assert (refusal is None) == (agreed or not (model or listed))
    if refusal:
        assert refusal[0] and refusal[1].endswith("。")


def test_a_round_of_one_paper_lets_no_other_be_made() -> None:
    agreed = read(opinion())
    made = case(Stage.DELIBERATED, legal=(agreed,))
    assert legal_refusal(made, KIND, "", "v1", DECIDING) is None
    for kind in DECIDING - {KIND}:
        assert legal_refusal(made, kind, "", "v1", DECIDING)
    assert legal_refusal(made, KIND, "another sheet", "v1", DECIDING)


def test_who_reviews_legality_is_qualified_and_took_no_part_and_unknown_is_no() -> None:
    fa = Actor("fa", "", "legal_reviewer")
    able = Resource("inspection", TEAM, TEAM, frozenset({"fa", "a"}))
    assert may(fa, "review_legality", able)
    assert not may(fa, "review_legality", replace(able, qualified=frozenset()))
    assert not may(fa, "review_legality", replace(able, involved=None)), "nobody knows who took part"
    assert not may(fa, "review_legality", Resource("inspection"))
    assert not may(Actor("a", "", "legal_reviewer"), "review_legality", able), "took part"
    for role in set(Role) - {Role.REVIEWER}:
        assert not may(Actor("fa", "", role.value), "review_legality", able)
    assert not may(fa, "inspect", able) and not may(fa, "decide", able)


def test_a_qualification_holds_from_its_day_until_its_end() -> None:
    note = OfficerNote("1", "fa", REVIEWER, DAY, "示例")
    assert reviewers_on([note], DAY) == {"fa"}
    assert not reviewers_on([note], DAY - timedelta(days=1))
    ended = replace(note, until=DAY)
    assert reviewers_on([ended], DAY) and not reviewers_on([ended], DAY + timedelta(days=1))
    assert not reviewers_on([replace(note, topic="考试")], DAY)
