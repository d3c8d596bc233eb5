"""取消检查 in the window: asked for in 准备, gone from today, kept in the list."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QPlainTextEdit

from inspector_app.domain.inspection import Stage
from inspector_app.tour.hand import Hand
from inspector_app.ui.screens.case import CaseScreen
from inspector_app.ui.screens.prepare import PrepareStage
from inspector_app.ui.widgets.text import Text
from inspector_app.ui.window import Window
from tests.office import CASE, office
from tests.ui.test_screens import faults


def picture(hand: Hand, name: str) -> None:
    if folder := os.environ.get("PICTURES"):
        hand.root.grab().save(f"{folder}/{name}.png")
    assert not faults(hand.root)


def test_an_inspection_is_cancelled_by_hand(open_window: Callable[..., Window], tmp_path: Path) -> None:
    office(tmp_path).close()
    hand = Hand(open_window(tmp_path / "laptop"))
    desk = hand.window.desk
    desk.open("case", CASE)
    desk.open_stage(0)
    hand.settle()
    picture(hand, "prepare")
    hand.press("取消检查")
    hand.click(hand.find(QPlainTextEdit, "取消的原因"))
    hand.type("示例：单位搬迁")
    hand.fill("同意取消的负责人", "示例周敏")
    hand.press("取消这次检查")
    assert "还没有填写：怎样告知单位" in hand.read(r"(还没有填写：.*)"), "the unit has its notice"
    hand.fill("怎样告知单位", "电话告知示例吴晓")
    picture(hand, "cancel")
    hand.press("取消这次检查")
    assert desk.queries.case(CASE).stage == Stage.CANCELLED
    screen = hand.window.screens["case"]
    assert (
        isinstance(screen, CaseScreen) and isinstance(screen.stage, PrepareStage) and not screen.stage.off.isVisible()
    )
    picture(hand, "cancelled")
    desk.open("today")
    hand.settle()
    assert "今天没有检查。" in {text.text() for text in hand.all(Text)}
    desk.open("inspections")
    hand.settle()
    picture(hand, "list")
