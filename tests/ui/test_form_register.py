"""The register of pre-stamped forms by keys: received, used by a paper, spoiled, handed back, corrected."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from inspector_app.domain.stamped import Where
from inspector_app.tour.hand import Hand
from inspector_app.ui import theme
from inspector_app.ui.screens.form_register import FormRegister
from inspector_app.ui.widgets.buttons import Button
from inspector_app.ui.widgets.text import Text
from inspector_app.ui.window import Window
from tests.office import CASE
from tests.ui.test_screens import faults


def picture(hand: Hand, name: str) -> None:
    if folder := os.environ.get("PICTURES"):
        hand.root.grab().save(f"{folder}/{name}.png")


@pytest.fixture
def asked(open_window: Callable[..., Window], request: pytest.FixtureRequest) -> Hand:
    """In the settings; policy wants the proof of service on pre-stamped forms."""
    hand = Hand(open_window(scale=getattr(request, "param", 1.0)))
    rules = hand.window.desk.book.rules
    asking = {
        **rules.policy.papers,
        "proof_of_service": replace(rules.policy.papers["proof_of_service"], pre_stamped=True),
    }
    rules.__dict__["policy"] = replace(rules.policy, papers=asking)
    hand.window.desk.open("settings")
    hand.settle()
    return hand


def receive(hand: Hand) -> None:
    hand.press("预盖章空白文书")
    hand.key("N")
    for name, text in (("字头", "示空"), ("首号", "0001"), ("末号", "0012"), ("发放人", "示例内勤")):
        hand.fill(name, text)
    hand.press("登记领取")


def counts(hand: Hand) -> dict[Where, int]:
    return {where: n for where, n in hand.window.desk.queries.forms().account().items() if n}


@pytest.mark.parametrize("asked", [1.0, 1.3], indirect=True)
def test_the_whole_register_by_keys(asked: Hand, tmp_path: Path) -> None:
    hand = asked
    receive(hand)
    assert isinstance(hand.root, FormRegister) and counts(hand) == {Where.HELD: 12}
    assert hand.find(Button, "在手").text() == "在手 12"
    hand.root.reject()
    hand.window.desk.open("case", CASE)
    hand.window.desk.open_stage(6)
    hand.settle()
    hand.press("正式制作并锁定")
    picture(hand, "forms-make")
    hand.press("正式制作并锁定")
    assert counts(hand) == {Where.USED: 1, Where.HELD: 11}, "proposed as they come"
    hand.window.desk.open("settings")
    hand.settle()
    hand.press("预盖章空白文书")
    hand.key("J")
    hand.key("X")
    hand.fill("写坏的原因", "墨污")
    hand.press("登记写坏")
    hand.key("K")
    hand.key("X")
    hand.fill("写坏的原因", "卡纸")
    hand.fill("换成哪一张", "示空0003")
    hand.press("登记写坏")
    assert counts(hand) == {Where.USED: 1, Where.SPOILED: 2, Where.HELD: 9}
    assert not faults(hand.root)
    picture(hand, "forms")
    for name, size in (("dark", (1366, 768)), ("light", (1280, 640))) if os.environ.get("PICTURES") else ():
        hand.root.reject()
        hand.window.resize(*size)
        theme.apply(QApplication.instance(), name)  # type: ignore[arg-type]
        hand.settle()
        hand.press("预盖章空白文书")
        picture(hand, f"forms-{name}-{size[0]}")
    hand.key("B")
    hand.fill("存到", str(tmp_path / "登记表.xlsx"))
    hand.press("存为表格")
    assert (tmp_path / "登记表.xlsx").stat().st_size and isinstance(hand.root, FormRegister)
    hand.key("T")
    picture(hand, "forms-back")


def test_handing_back_shows_what_is_missing_and_a_wrong_entry_is_corrected(asked: Hand) -> None:
    hand = asked
    receive(hand)
    hand.key("T")
    assert "没有缺的" in hand.read("(没有缺的)")
    hand.fill("交回的号", "示空0002至示空0011")
    assert hand.read("(还缺 2 张：示空0001、示空0012)")
    picture(hand, "forms-missing")
    hand.press("登记交回")
    assert counts(hand) == {Where.HELD: 2, Where.RETURNED: 10}
    hand.press("已交回 10")
    assert isinstance(hand.root, FormRegister)
    spoil = hand.root.spoil
    assert not spoil.isEnabled() and "已交回" in spoil.toolTip()
    hand.key("G")
    hand.fill("改正的原因", "数错一张")
    hand.press("改正登记")
    assert counts(hand) == {Where.HELD: 3, Where.RETURNED: 9}
    assert "领取 12 = 在手 3 + 已用 0 + 写坏 0 + 已交回 9" in {t.text() for t in hand.all(Text)}
