"""An open inspection offers to each role what it may do there, at every stage, and leaves the rest to be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QPlainTextEdit, QWidget

from inspector_app.actions.sign_in import Session
from inspector_app.domain.access import Role
from inspector_app.domain.inspection import STEPS
from inspector_app.tour.hand import Hand
from inspector_app.ui.offers import LOOK, act_of
from inspector_app.ui.screens.case import CaseScreen
from inspector_app.ui.widgets.buttons import AnswerButton, Button
from inspector_app.ui.widgets.text import Text
from inspector_app.ui.window import Window
from tests.deciding import become
from tests.office import CASE, at_checklist, deliberated, laid_out, seeded
from tests.served import close, served
from tests.ui.test_publicity_screen import at_publicity

DAYS: tuple[Callable[[Path], Session], ...] = (seeded, at_checklist, deliberated)
"""How far the inspection has come."""
OUTSIDER = "he"
ROLES = (Role.OFFICER, Role.REVIEWER, Role.AUDITOR)
"""Roles of somebody who took no part in the inspection of today, and may look at it; the admin may not."""
TEAM: dict[Callable[[Path], Session], set[str]] = {
    seeded: {"已经到场，开始检查", "取消检查"}, at_checklist: {"录像", "单位拒绝检查", "A01 符合"},
    deliberated: {"打印", "请单位评价", "存签字页"},
}  # fmt: skip
"""Some of what its officers are offered on that day."""


def turn_into(hand: Hand, person: str, role: Role) -> None:
    become(hand.window.desk.open_session, person, role)
    hand.window.desk.changed.emit()
    hand.settle()


def stages(hand: Hand) -> Iterator[QWidget]:
    """Every stage of the case, and behind them its papers, one after the other on view."""
    hand.window.desk.open("case", CASE)
    screen = hand.window.screens["case"]
    assert isinstance(screen, CaseScreen)
    for index in range(len(STEPS) + 1):
        hand.window.desk.open_stage(index)
        hand.settle()
        yield screen.stage


def acts(part: QWidget) -> dict[str, QWidget]:
    """What can be pressed here and is more than a way about, by name."""
    found = [w for w in part.findChildren(QAbstractButton) if isinstance(w, Button | AnswerButton) and w.isVisible()]
    return {each.accessibleName(): each for each in found if each.isEnabled() and act_of(each) != LOOK}


def refusals(role: Role, told: list[str]) -> list[str]:
    return [said for said in told if f"（{role.label}）不能办理" in said]


def offered(hand: Hand) -> set[str]:
    return {name for stage in stages(hand) for name in acts(stage)}


@pytest.mark.parametrize("day", DAYS, ids=[day.__name__ for day in DAYS])
def test_what_is_offered_is_not_refused(
    day: Callable[[Path], Session], open_window: Callable[..., Window], tmp_path: Path
) -> None:
    """Each visible act is pressed and is not refused for the role; who comes back finds everything where it was."""
    hand = Hand(open_window(laid_out(day, tmp_path)))
    told: list[str] = []
    hand.window.desk.told.connect(lambda said, tone: told.append(said))
    mine = offered(hand)
    assert mine >= TEAM[day]
    for role in ROLES:
        turn_into(hand, OUTSIDER, role)
        for stage in stages(hand):
            assert not set(acts(stage)) & TEAM[day] or role is Role.OFFICER, (role, type(stage).__name__)
            assert "正式制作并锁定" not in acts(stage), "the reviewer makes the opinion alone"
            for name in acts(stage):
                if isinstance(pressed := acts(stage).get(name), QAbstractButton):
                    told.clear()
                    pressed.click()
                    hand.settle()
                    close_sheets(hand)
                    assert not refusals(role, told), (role, type(stage).__name__, name)
    turn_into(hand, "shen", Role.OFFICER)
    assert offered(hand) == mine


def close_sheets(hand: Hand) -> None:
    while (sheet := QApplication.activeModalWidget()) is not None:
        sheet.close()
        hand.settle()


def test_who_may_only_look_reads_what_stands_and_is_told_by_the_keys(
    open_window: Callable[..., Window], tmp_path: Path
) -> None:
    hand = Hand(open_window(laid_out(deliberated, tmp_path)))
    stages_read = [{text.text() for text in stage.findChildren(Text) if text.isVisible()} for stage in stages(hand)]
    turn_into(hand, OUTSIDER, Role.AUDITOR)
    for before, stage in zip(stages_read[:-1], stages(hand), strict=False):  # behind the stages, forms to fill in
        now = {text.text() for text in stage.findChildren(Text) if text.isVisible()}
        assert len(now) >= 0.7 * len(before), type(stage).__name__
    hand.window.desk.open_stage(4)
    hand.settle()
    assert hand.find(QPlainTextEdit, "单位意见").toPlainText() == "情况属实。"
    assert hand.find(Button, "不陈述申辩").isChecked()
    events = hand.window.desk.book.store.count()
    for stage_index, keys in ((2, "134FP"), (3, "P1MHA")):
        hand.window.desk.open_stage(stage_index)
        hand.settle()
        for key in keys:
            hand.key(key)
            assert QApplication.activeModalWidget() is None, f"{key} opens a sheet that ends in a refusal"
            close_sheets(hand)
    assert hand.window.desk.book.store.count() == events
    assert "不能办理“现场检查”" in hand.problem()
    assert not {"导入照片", "开始录像", "打开摄像头拍照"} & {
        each.words for each in hand.window.screens["case"].commands()
    }


def test_publication_is_offered_to_those_who_may_publish_it(open_window: Callable[..., Window], tmp_path: Path) -> None:
    hand = at_publicity(open_window, tmp_path)
    mine = {"送核对", "暂缓并说明", "登记处罚"}

    def names() -> set[str]:
        return {button.accessibleName() for button in hand.all(Button)}

    assert mine < names() and any(name.startswith("改 ") for name in names())
    turn_into(hand, OUTSIDER, Role.OFFICER)
    assert not mine & names() and not any(name.startswith("改 ") for name in names())
    turn_into(hand, "shen", Role.OFFICER)
    assert mine < names() and any(name.startswith("改 ") for name in names())


def test_what_has_ended_is_not_offered_to_the_team_either(open_window: Callable[..., Window], tmp_path: Path) -> None:
    """After the visit the answers stand and say why; after the closing only what comes after it, and a secret is a secret."""
    hand = Hand(open_window(laid_out(_closed, tmp_path)))
    hand.window.desk.open("case", CASE)
    hand.window.desk.open_stage(2)
    hand.settle()
    answers = hand.all(AnswerButton)
    assert answers and not any(answer.isEnabled() for answer in answers)
    assert any("已经结案，只能看" in text.text() for text in hand.all(Text))
    found = offered(hand)
    assert found >= {"投诉、复议、诉讼", "调卷", "登记归档", "请单位评价", "疑似涉密", "打印", "导出给法院"}
    assert not found & {"录像", "导入文件", "改说明", "撤下", "送科室复核", "登记整改报告", "登记送达"}
    assert "导入照片" not in {each.words for each in hand.window.screens["case"].commands()}


def _closed(folder: Path) -> Session:
    session = served(folder)
    close(session)
    return session
