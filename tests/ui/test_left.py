"""Left at the place (留置送达) step by step in few inputs; and who cannot read hears the paper before he sets his mark."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from inspector_app.actions import papers, trial
from inspector_app.domain.paper import Service
from inspector_app.tour.hand import Hand
from inspector_app.ui import theme
from inspector_app.ui.screens.left_sheet import LeftSheet
from inspector_app.ui.window import Window
from tests.office import CASE, laid_out, unsigned
from tests.ui.test_screens import faults

MOST = 25
"""Inputs of the whole path, typed characters among them: under a minute of work."""
PIN = 6
"""Digits of a PIN where there is a keyring; the tests have a passphrase."""


def picture(hand: Hand, name: str) -> None:
    if folder := os.environ.get("PICTURES"):
        hand.root.grab().save(f"{folder}/{name}.png")


@pytest.fixture
def waiting(open_window: Callable[..., Window]) -> Hand:
    """Before the service of a paper: the notice, made anew."""
    window = open_window()
    papers.issue(window.desk.book, CASE, "notice")
    window.desk.open("case", CASE)
    window.desk.open_stage(6)
    hand = Hand(window)
    hand.settle()
    hand.inputs.clear()
    return hand


def served(hand: Hand) -> Service | None:
    paper = hand.window.desk.queries.case(CASE).paper("notice")
    assert paper is not None
    return paper.served


def test_before_a_witness(waiting: Hand) -> None:
    hand = waiting
    hand.press("拒收或者没有人签收")
    hand.press("拒绝接收")
    hand.press("见证人")
    hand.type("示例王芳")
    hand.fill("见证人单位", "示例居委")
    hand.fill("示例陆一鸣 本人口令", trial.SECRET)
    assert isinstance(hand.root, LeftSheet) and not faults(hand.root)
    picture(hand, "left")
    assert hand.root.view.count == 1, "the proof stands beside it"
    hand.press("登记留置送达")
    assert sum(hand.inputs.values()) - len(trial.SECRET) + PIN <= MOST
    made = served(hand)
    assert made is not None
    assert (made.method, made.witness, made.filmed) == ("留置送达", "示例居委 示例王芳", ())
    assert (made.refusal, made.receiver) == ("已向示例吴晓说明来意和文书内容，示例吴晓拒绝接收。", "") and len(
        made.servers
    ) == 2
    event = hand.window.desk.book.store.events(CASE)[-1]
    assert (event.kind, event.witness) == ("paper_served", "lu"), "both officers stand in the record"


def test_with_pictures_of_the_process_and_what_is_lacking_is_said(waiting: Hand) -> None:
    hand = waiting
    hand.press("拒收或者没有人签收")
    hand.press("登记留置送达")
    assert "为什么" in hand.read("(还没有选.*)")
    hand.press("负责人不在场")
    hand.press("登记留置送达")
    hand.fill("示例陆一鸣 本人口令", trial.SECRET)
    hand.press("登记留置送达")
    assert "见证人或者过程的照片" in hand.read("(还没有填写.*)")
    hand.press("拍照、录像")
    hand.press("导入过程照片")
    hand.press("导入选中的文件")
    (picture_,) = hand.window.desk.queries.case(CASE).filmed
    assert hand.read(f"({picture_.number})")
    assert isinstance(hand.root, LeftSheet) and not faults(hand.root)
    if os.environ.get("PICTURES"):
        picture(hand, "left-film")
        theme.apply(QApplication.instance(), "dark")  # type: ignore[arg-type]
        hand.settle()
        picture(hand, "left-dark")
        theme.apply(QApplication.instance(), "light")  # type: ignore[arg-type]
    hand.press("登记留置送达")
    made = served(hand)
    assert made is not None
    assert (made.witness, made.filmed) == ("", (picture_.number,)) and "负责人不在场" in made.refusal
    assert not hand.window.desk.queries.case(CASE).evidence, "it is no evidence of the visit"
    assert papers.preview(hand.window.desk.book, CASE, "proof_of_service").shown.text.count(picture_.number) == 1


def test_the_other_officer_has_to_confirm(waiting: Hand) -> None:
    hand = waiting
    hand.press("拒收或者没有人签收")
    hand.press("拒绝接收")
    hand.press("见证人")
    hand.type("示例王芳")
    hand.press("登记留置送达")
    assert hand.read("(写明见证人的姓名和单位)")
    hand.fill("见证人单位", "示例居委")
    hand.press("登记留置送达")
    assert hand.read("(由另一名在场的执法人员)")
    hand.fill("示例陆一鸣 本人口令", "不对")
    hand.press("登记留置送达")
    assert hand.read("(口令不对)")
    assert served(hand) is None


@pytest.fixture
def recorded(open_window: Callable[..., Window], tmp_path: Path) -> Hand:
    """Before the record on site, formally made and not signed."""
    window = open_window(laid_out(unsigned, tmp_path))
    window.desk.open("case", CASE)
    window.desk.open_stage(4)
    hand = Hand(window)
    hand.settle()
    return hand


def test_who_cannot_read_hears_it_and_sets_a_mark(recorded: Hand) -> None:
    hand = recorded
    hand.press("登记签字")
    hand.press("不识字，念给他听")
    hand.fill("示例陆一鸣 本人口令", trial.SECRET)
    hand.press("登记签字")
    assert hand.read("(写明宣读时谁在场)")
    hand.fill("宣读时谁在场", "示例沈岚")
    hand.press("指印")
    hand.press("登记签字")
    assert hand.read("(宣读人以外的人)")
    hand.fill("宣读时谁在场", "示例郑青")
    assert not faults(hand.root)
    picture(hand, "read-aloud")
    hand.press("登记签字")
    paper = hand.window.desk.queries.case(CASE).paper("onsite_record")
    assert paper is not None
    mark = next(s for s in paper.signatures if s.role == "被检查单位")
    assert (mark.read_by, mark.read_before, mark.means) == ("示例沈岚", "示例郑青", "听读后指印") and not mark.refused
    assert "听读后指印" in hand.read("(.*听读后指印.*)")
