"""文书体检 in the window: the score while editing, the way to a place, mends, waivers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from inspector_app.actions import evidence, findings
from inspector_app.tour.hand import Hand
from inspector_app.ui.screens.case import CaseScreen
from inspector_app.ui.screens.check_panel import MOST
from inspector_app.ui.screens.evidence import EvidenceStage
from inspector_app.ui.screens.finding_sheets import EditSheet
from inspector_app.ui.screens.findings import FindingsStage
from inspector_app.ui.window import Window
from tests.office import CASE, at_checklist, laid_out, visited


def screen(window: Window) -> CaseScreen:
    case = window.screens["case"]
    assert isinstance(case, CaseScreen)
    return case


def reviewed(hand: Hand) -> None:
    """The review follows a moment after a change; the timer is asked now."""
    case = screen(hand.window)
    if case._review_timer.isActive():
        case._review_timer.stop()
        case._review()
    hand.settle()


@pytest.fixture
def window(open_window: Callable[..., Window], tmp_path: Path, request: pytest.FixtureRequest) -> Window:
    """After the visit for what stands at the findings."""
    return open_window(laid_out(visited if "stage" in request.fixturenames else at_checklist, tmp_path))


@pytest.fixture
def stage(window: Window) -> Iterator[FindingsStage]:
    session = window.desk.open_session
    case = session.queries.case(CASE)
    evidence.describe(session.book, CASE, case.evidence[0].number, {"proves": "检修有效期至2025-06-30的标签"})
    findings.change(session.book, CASE, case.findings[1].id, "fact", "库房湿度大概在百分之七十，没有除湿设备")
    window.desk.open("case", CASE)
    window.desk.open_stage(5)
    reviewed(Hand(window))
    shown = screen(window).stage
    assert isinstance(shown, FindingsStage)
    yield shown


def test_the_score_follows_what_is_edited(stage: FindingsStage, hand: Hand) -> None:
    marked = [tab.accessibleName() for tab in stage.papers.tabs.values() if "处要改" in tab.accessibleName()]
    assert len(marked) == 1, "the paper that the finding will stand in"
    hand.press("文书体检")
    verdict = hand.window.desk.verdict
    assert verdict is not None and verdict.score < 100
    assert hand.window.top.subtitle.text().startswith(f"评查 {verdict.score}")
    assert stage.check.ring.accessibleName() == f"评查 {verdict.score} 分，{verdict.grade}"
    before = verdict.score
    hand.press("改好")
    reviewed(hand)
    case = hand.window.desk.queries.case(CASE)
    assert case.evidence[0].proves == "检修有效期至2025年6月30日的标签"
    after = hand.window.desk.verdict
    assert after is not None and after.score == before + 1
    hand.window.desk.undo()
    reviewed(hand)
    assert hand.window.desk.verdict is not None and hand.window.desk.verdict.score == before


def test_one_key_leads_to_the_field(stage: FindingsStage, hand: Hand) -> None:
    hand.press("问题")
    seen = set()
    verdict = hand.window.desk.verdict
    assert verdict is not None
    for _ in [r for r in verdict.remarks if r.open]:
        hand.key("F8")
        sheet = QApplication.activeModalWidget()
        where = screen(hand.window).stage
        if isinstance(sheet, EditSheet):
            field = sheet.focusWidget()
            assert field in (sheet.fact, sheet.basis.input), "the words, or a law that the catalogue does not know"
            if field is sheet.fact:
                seen.add("finding")
                assert "大概" in sheet.fact.toPlainText()
            sheet.reject()
            hand.settle()
        elif isinstance(where, EvidenceStage):
            seen.add("evidence")
            assert where.current == hand.window.desk.queries.case(CASE).evidence[0].number
        assert hand.problem()
    assert seen == {"finding", "evidence"}


def test_a_remark_is_waived_with_a_reason_and_taken_back(stage: FindingsStage, hand: Hand) -> None:
    hand.press("文书体检")
    verdict = hand.window.desk.verdict
    assert verdict is not None
    hand.press("不改，说明")
    sheet = QApplication.activeModalWidget()
    assert sheet is not None
    hand.press("记为不改")
    assert QApplication.activeModalWidget() is sheet, "no reason, no waiver"
    sheet.findChildren(QPlainTextEdit)[0].setPlainText("示例：湿度计正在检修，按估计记录")
    hand.press("记为不改")
    reviewed(hand)
    case = hand.window.desk.queries.case(CASE)
    assert [(w.by, w.reason) for w in case.waivers] == [("示例沈岚", "示例：湿度计正在检修，按估计记录")]
    assert hand.window.desk.verdict is not None and hand.window.desk.verdict.score > verdict.score
    hand.press("恢复")
    reviewed(hand)
    assert hand.window.desk.queries.case(CASE).waivers == ()
    assert hand.window.desk.verdict.score == verdict.score


def test_a_file_without_remarks_says_so(case_hand: Hand) -> None:
    reviewed(case_hand)
    assert case_hand.window.desk.verdict is not None and case_hand.window.desk.verdict.score == 100
    case_hand.key("F8")
    assert case_hand.window.toast.isVisible()
    case_hand.window.desk.open_stage(5)
    reviewed(case_hand)
    case_hand.press("文书体检")
    assert "没有要改的" in case_hand.read("(核对了.*)")


def test_the_score_of_one_case_is_not_shown_at_another(stage: FindingsStage, hand: Hand) -> None:
    desk = hand.window.desk
    assert stage.isVisible() and hand.window.top.subtitle.text().startswith("评查 ")
    desk.open("case", next(row.id for row in desk.queries.inspections() if row.id != CASE))
    assert stage.desk.verdict is None and not hand.window.top.subtitle.text().startswith("评查 ")
    hand.key("F8")
    assert "还在核对" in hand.window.toast.accessibleName()
    reviewed(hand)
    assert desk.verdict is not None and hand.window.top.subtitle.text().startswith(f"评查 {desk.verdict.score}")


def test_many_remarks_of_one_check_stand_behind_the_first(stage: FindingsStage, hand: Hand) -> None:
    """A hundred photos with one fault are one thing to mend, and each is reached when somebody asks."""
    hand.press("文书体检")
    verdict = hand.window.desk.verdict
    assert verdict is not None
    one = next(remark for remark in verdict.remarks if remark.points)
    hand.window.desk._reviewed = (CASE, replace(verdict, remarks=(one,) * 40))
    stage.check.refresh()
    hand.settle()
    assert len(stage.check.cards) == 1 and hand.read("^(−.*)$") == f"−{40 * one.points}"
    hand.press("另有 39 处")
    assert len(stage.check.cards) == MOST and "另有" in hand.read("(另有 .* 处，改好.*)")
