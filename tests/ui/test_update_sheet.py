"""Updates in the settings: what a file brings is shown before anything is taken, and a bad file is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from inspector_app.actions import sign_in, trial
from inspector_app.tour.hand import Hand
from inspector_app.ui.screens.update_sheet import UpdateCard, look_into
from inspector_app.ui.widgets.notices import Sheet
from inspector_app.ui.widgets.text import Text
from inspector_app.ui.window import Window
from tests.updates.maker import CHECKED, altered, archive, maker


def said(hand: Hand) -> str:
    return "\n".join(text.text() for text in hand.root.findChildren(Text))


def test_what_a_file_brings_is_shown_first_and_then_taken(open_window: Callable[..., Window], tmp_path: Path) -> None:
    one = maker(tmp_path / "maker")
    one.rules("示例更正", archives_law=CHECKED)
    one.program("9.9.9", archive(tmp_path / "p.tar.gz", "9.9.9"))
    file = one.pack()
    window = open_window()
    desk = window.desk
    desk.laptop = replace(desk.laptop, anchor=one.anchor(tmp_path / "root.json"), programs=tmp_path / "program")
    hand = Hand(window)
    desk.open("settings")
    hand.settle()
    card = window.findChild(UpdateCard)
    assert card is not None
    forged = altered(file, tmp_path / "forged.zip", **{"metadata/timestamp.json": b"{}"})
    look_into(card, desk, forged)
    hand.settle()
    assert "没有采用" in said(hand) and not window.findChildren(Sheet)
    look_into(card, desk, file)
    hand.settle()
    assert isinstance(hand.root, Sheet)
    for words in (
        "规则，给程序 0.1.0",
        "示例更正",
        "示例法规科（",
        "程序 9.9.9",
        "示例制作方（",
        "下次打开程序时换过去",
    ):
        assert words in said(hand), words
    assert not (tmp_path / "program").exists(), "nothing is taken by looking"
    hand.press("采用")
    hand.settle()
    assert (tmp_path / "program" / "current").read_text("ascii") == "9.9.9\n"
    desk.locked.emit()
    hand.settle()
    window._entered(sign_in.sign_in(desk.laptop, "shen", trial.SECRET))
    desk.open("settings")
    hand.settle()
    assert "更新“示例更正”，签名：示例法规科（" in said(hand)
