"""What closes an inspection and what keeps it open; every unlawful move is refused with what it rests on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from inspector_app.domain.access import act_of
from inspector_app.domain.archiving import Archived
from inspector_app.domain.casefile import CaseFile
from inspector_app.domain.clauses import due_of, is_late, standing_of
from inspector_app.domain.closing import open_matters
from inspector_app.domain.event import EVENTS
from inspector_app.domain.evidence import Evidence
from inspector_app.domain.finding import Consequence, Finding
from inspector_app.domain.followup import CallUp, Dispute, Extension, Followup, HandedOn, Reinspection, Reply, Seen
from inspector_app.domain.inspection import AFTER_CLOSING, MOVES, Stage, check_move, check_unclosed
from inspector_app.domain.paper import VOLUME, Issued
from inspector_app.domain.problems import Problem
from inspector_app.domain.recorded import Recording
from inspector_app.domain.review import Review
from tests.domain.test_inspection import DAY, FINDING, HOOKS, NOW, SERVED, SIGNED, case, paper

RECORD = replace(paper("reinspection_record", None, SIGNED), sheet="s1")
ORDER, REPORT = paper("rectification", SERVED), paper("closing_report")
SEEN = Reinspection("F-1", "s1", NOW, NOW, "已全部完成整改", (Seen("F1", "已改正", "已修好"),))
GOOD = case(
    Stage.REINSPECTED, findings=(FINDING,), papers=(ORDER, RECORD, REPORT), followup=Followup(reinspections=(SEEN,))
)


def held(**changes: object) -> CaseFile:
    return replace(GOOD, followup=replace(GOOD.followup, **changes))  # type: ignore[arg-type]


def handed(way: str = "propose", **changes: object) -> HandedOn:
    return replace(HandedOn("C-1", way, ("F1",), "示例上级", "逾期"), **changes)  # type: ignore[arg-type]


def test_with_nothing_open_it_is_closed() -> None:
    assert not [*open_matters(GOOD)]
    assert check_move(GOOD, "closed", DAY, HOOKS).target is Stage.CLOSED


UNSEEN = Reinspection("F-1", "s1", NOW, NOW, "没有完成整改", (Seen("F1", "未改正", "照旧"),))
ONE_HAND = replace(RECORD, signatures=(*SIGNED[:2], replace(SIGNED[1], role="记录人")))
PIECE = Evidence("ZJ-9", "照片", "E03", NOW, NOW, "x", "x", "1", "x", "x", "x", "x", "0" * 64, "0" * 64, "a", "image/jpeg", 1,
                 secret="secret_found")  # fmt: skip


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (held(reinspections=()), "还没有复查"),
        (held(reinspections=(UNSEEN,)), "复查结果是未改正"),
        (held(reinspections=(UNSEEN,), handed_on=(handed(),)), "示例上级还没有答复处理建议"),
        (replace(GOOD, findings=(replace(FINDING, consequence="propose"),)), "处理建议还没有办"),
        (replace(GOOD, findings=(replace(FINDING, consequence="talk"),)), "约谈还没有办"),
        (held(extensions=(Extension("Y", DAY, DAY, "工期"),)), "延期申请还没有决定"),
        (replace(GOOD, papers=(ORDER, REPORT)), "复查笔录还没有制作"),
        (replace(GOOD, papers=(ORDER, ONE_HAND, REPORT)), "复查笔录签字不全"),
        (replace(GOOD, papers=(ORDER, replace(RECORD, signatures=SIGNED[1:]), REPORT)), "复查笔录签字不全"),
        (held(disputes=(Dispute("S", "行政复议", DAY, "示例单位", "撤销"),)), "示例单位的行政复议还没有办结"),
        (held(call_ups=(CallUp("D", "示例监督局", "1号", DAY, None),)), "示例监督局调用"),
        (replace(GOOD, review=Review("returned", "补")), "复核退回"),
        (replace(GOOD, review=Review("handed_in")), "还没有复核"),
        (replace(GOOD, evidence=(PIECE,)), "疑似涉密"),
        (replace(GOOD, pictures=(PIECE,)), "疑似涉密"),
        (replace(GOOD, recordings=(Recording("r", "录像", "x", "x", "x", NOW),)), "没有停"),
        (replace(GOOD, papers=(replace(ORDER, stale=True), RECORD, REPORT)), "内容改过"),
        (replace(GOOD, papers=(ORDER, RECORD, REPORT, paper("reinspection_opinion"))), "还没有送达"),
        (replace(GOOD, papers=(ORDER, RECORD)), "结案报告还没有制作"),
        (replace(GOOD, unknown_events=2), "2 条记录"),
    ],
)
def test_what_is_open_keeps_it_open(made: CaseFile, words: str) -> None:
    found = [*open_matters(made)]
    assert [what for what, way in found if words in what and way], found
    with pytest.raises(Problem) as refused:
        check_move(made, "closed", DAY, HOOKS)
    assert HOOKS[Stage.CLOSED] in str(refused.value)


@pytest.mark.parametrize("way", ["propose", "transfer", "file"])
def test_an_order_not_followed_is_settled_by_the_answer(way: str) -> None:
    answered = handed(way, answered=DAY, answer="已给予处分")
    assert not [*open_matters(held(reinspections=(UNSEEN,), handed_on=(answered,)))]


def test_another_way_does_not_settle_what_was_to_be_proposed() -> None:
    made = replace(GOOD, findings=(replace(FINDING, consequence="propose"),))
    filed = replace(made, followup=replace(made.followup, handed_on=(handed("file", answered=DAY),)))
    assert [*open_matters(filed)]
    proposed = replace(made, followup=replace(made.followup, handed_on=(handed("propose", answered=DAY),)))
    assert not [*open_matters(proposed)]


# -- the moves ---------------------------------------------------------------------------------------------------


ILLEGAL = [
    (stage, move.event)
    for event in dict.fromkeys(m.event for m in MOVES)
    for move in [next(m for m in MOVES if m.event == event)]
    for stage in Stage
    if not any(stage in m.sources for m in MOVES if m.event == event)
]


def test_the_table_of_illegal_moves_is_the_whole_table() -> None:
    events = {move.event for move in MOVES}
    legal = {(source, move.event) for move in MOVES for source in move.sources}
    assert len(ILLEGAL) + len(legal) == len(events) * len(Stage) and len(ILLEGAL) > 300


@pytest.mark.parametrize(("stage", "event"), ILLEGAL)
def test_an_illegal_move_is_refused_with_its_article(stage: Stage, event: str) -> None:
    with pytest.raises(Problem) as refused:
        check_move(replace(GOOD, stage=stage.value), event, DAY, HOOKS)
    assert refused.value.code == "move_refused" and refused.value.way_out
    hooks = {HOOKS[move.target] for move in MOVES if move.event == event}
    assert any(f"（{hook}）" in str(refused.value) for hook in hooks)


# -- closed ------------------------------------------------------------------------------------------------------


CLOSED = replace(GOOD, stage=Stage.CLOSED.value)
OF_PAPERS = ("sheet_filled", "sheet_dropped", "text_frozen", "paper_issued", "paper_signed", "signature_refused",
             "signed_page_kept", "signed_page_withdrawn")  # fmt: skip
"""What makes the papers of the volume."""


@pytest.mark.parametrize("kind", sorted(EVENTS))
def test_a_closed_inspection_takes_nothing_but_what_is_named(kind: str) -> None:
    gone = Archived(DAY, "1", "30年", "x", "x", "x")
    for stage in (Stage.CLOSED, Stage.ARCHIVED, Stage.PUBLICISED, Stage.RATED):
        closed = replace(GOOD, stage=stage.value, archived=gone if stage is Stage.ARCHIVED else None)
        if kind in AFTER_CLOSING:
            check_unclosed(closed, kind, {}, HOOKS)
        else:
            with pytest.raises(Problem, match=r"已经(结案|归档)"):
                check_unclosed(closed, kind, {"kind": "rectification", "paper": ORDER.id}, HOOKS)
        if kind not in (*AFTER_CLOSING, *OF_PAPERS):
            with pytest.raises(Problem, match=r"已经(结案|归档)"):
                check_unclosed(closed, kind, {"kind": "case_cover"}, HOOKS)
    check_unclosed(GOOD, kind, {}, HOOKS)
    assert act_of(kind)


BOUND = replace(CLOSED, papers=(*CLOSED.papers, *(paper(kind) for kind in VOLUME)))
"""With the papers of its volume."""


@pytest.mark.parametrize("kind", VOLUME)
def test_a_volume_is_archived_whole_and_once(kind: str) -> None:
    assert check_move(BOUND, "archived", DAY, HOOKS).target is Stage.ARCHIVED
    others = tuple(p for p in BOUND.papers if p.kind != kind)
    for lacking in (others, (*others, replace(paper(kind), draft="x")), (*others, replace(paper(kind), stale=True))):
        with pytest.raises(Problem) as refused:
            check_move(replace(BOUND, papers=lacking), "archived", DAY, HOOKS)
        assert refused.value.code == "move_refused" and HOOKS[Stage.ARCHIVED] in str(refused.value)
    archived = replace(BOUND, stage=Stage.ARCHIVED.value, archived=Archived(DAY, "1", "30年", "x", "x", "x"))
    for event in OF_PAPERS:
        check_unclosed(BOUND, event, {"kind": kind, "paper": f"P-{kind}"}, HOOKS)
        with pytest.raises(Problem, match="已经归档"):
            check_unclosed(archived, event, {"kind": kind, "paper": f"P-{kind}"}, HOOKS)


def test_the_papers_of_the_volume_are_made_of_a_closed_file() -> None:
    cover = Issued("V", "case_cover", "卷宗封面", "1", 1, NOW, "0" * 64, 1, "")
    made = replace(CLOSED, papers=(*CLOSED.papers, cover))
    for kind, body in (
        ("sheet_filled", {"kind": "case_cover"}), ("text_frozen", {"kind": "publicity", "paper": "new"}),
        ("paper_issued", {"kind": "case_remarks", "paper": "new"}), ("paper_signed", {"paper": "V"}),
    ):  # fmt: skip
        check_unclosed(made, kind, body, HOOKS)
    with pytest.raises(Problem):
        check_unclosed(made, "paper_signed", {"paper": ORDER.id}, HOOKS)


# -- clauses -----------------------------------------------------------------------------------------------------


def test_a_term_runs_until_the_day_that_was_granted() -> None:
    later = DAY + timedelta(days=20)
    asked = Extension("Y", DAY, later, "工期")
    assert due_of(held(extensions=(asked,)), FINDING) == DAY
    assert due_of(held(extensions=(replace(asked, decision="不同意延期"),)), FINDING) == DAY
    granted = held(extensions=(replace(asked, decision="同意延期", granted_until=later),), reinspections=())
    assert due_of(granted, FINDING) == later
    assert not is_late(granted, FINDING, later) and is_late(granted, FINDING, later + timedelta(days=1))


REPLY = Reply("B", "F1", DAY, "已修好")
OPEN = held(reinspections=())


@pytest.mark.parametrize(
    ("made", "today", "word"),
    [
        (OPEN, DAY, "整改中"),
        (OPEN, DAY + timedelta(days=1), "逾期没有复查"),
        (held(reinspections=(), replies=(REPLY,)), DAY, "报告待核对"),
        (held(reinspections=(), replies=(replace(REPLY, judged="材料齐全"),)), DAY, "待复查"),
        (held(reinspections=(), replies=(replace(REPLY, judged="需要补充"),)), DAY, "材料要补"),
        (held(reinspections=(UNSEEN,)), DAY, "未改正"),
        (held(reinspections=(UNSEEN,), handed_on=(handed(),)), DAY, "已提请处理，待答复"),
        (held(reinspections=(UNSEEN,), handed_on=(handed(answered=DAY),)), DAY, "另行处理，已答复"),
        (held(reinspections=(UNSEEN, replace(SEEN, id="F-2"))), DAY + timedelta(days=9), "已改正"),
    ],
)
def test_a_clause_says_where_it_stands(made: CaseFile, today: date, word: str) -> None:
    assert standing_of(made, FINDING, today).word == word


def test_an_opinion_asks_for_no_rectification() -> None:
    opinion: Finding = replace(FINDING, consequence=Consequence.OPINION.value)
    made = case(Stage.SERVED, findings=(opinion,), papers=(paper("opinion", SERVED), REPORT))
    assert not [*open_matters(made)]
    with pytest.raises(Problem, match="没有责令整改的问题"):
        check_move(made, "rectification_begun", DAY, HOOKS)
