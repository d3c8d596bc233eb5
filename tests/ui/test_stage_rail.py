"""The rail of stages: a number on it is whole or not there, however narrow the window is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from inspector_app.domain.inspection import STEPS
from inspector_app.ui.theme import look
from inspector_app.ui.widgets.rail import StageRail

CHIPS = {1: "1/3", 2: "12/107", 3: "13处没录", 4: "8", 6: "2"}


@pytest.fixture(params=[1.0, 1.15, 1.3])
def rail(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[StageRail]:
    before, look.scale = look.scale, request.param
    host = QWidget()  # a window of its own would not become narrower than it wishes to be
    qtbot.addWidget(host)
    host.show()
    made = StageRail(STEPS, ("文书", "file-text"))
    made.setParent(host)
    for index, button in enumerate(made.buttons):
        button.show_state(index < 2, index == 2, CHIPS.get(index, ""))
    yield made
    look.scale = before


def shown_at(rail: StageRail, width: int) -> list[bool]:
    """Which stages have a dot for their chip."""
    rail.resize(width, rail.height())
    rail.show()
    QApplication.sendPostedEvents()
    return [button.brief for button in rail.buttons]


@pytest.mark.parametrize("width", [520, 835, 1017, 1290, 1844])
def test_no_chip_is_cut(rail: StageRail, width: int) -> None:
    shown_at(rail, width)
    for button in rail.buttons:
        assert button.brief or not button.chip or button.width() >= button.whole_width()
        assert button.chip in button.accessibleName() and button.chip in button.toolTip(), (
            "what the dot stands for is told"
        )


def test_the_current_stage_keeps_its_chip_longest_and_all_come_back(rail: StageRail) -> None:
    seen = set()
    for width in (*range(2400, 400, -20), 2400):
        seen.add(tuple(brief for brief, button in zip(shown_at(rail, width), rail.buttons, strict=True) if button.chip))
    only_current = tuple(not button.current for button in rail.buttons if button.chip)
    assert seen == {(False,) * len(CHIPS), only_current, (True,) * len(CHIPS)}
    least = next(width for width in range(400, 2400, 4) if not any(shown_at(rail, width)))
    rail.buttons[4].show_state(False, False, "1234")
    assert any(shown_at(rail, least)), "what a stage says now is longer"
    rail.buttons[4].show_state(False, False, "")
    assert not any(shown_at(rail, least))
