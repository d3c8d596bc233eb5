"""The unit signs on the screen: the pad with the paper, page by page; other ways lead to the refusal; back by PIN."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from inspector_app.actions import trial
from inspector_app.domain.paper import Issued
from inspector_app.tour.hand import Hand
from inspector_app.ui import theme
from inspector_app.ui.screens.signing import PartyTurn, SigningSheet
from inspector_app.ui.widgets.pad import Pad, SmallDrawing, SmallFingerprint
from inspector_app.ui.widgets.text import Text
from inspector_app.ui.window import Window
from tests.office import CASE, card, laid_out, unsigned
from tests.ui.test_screens import SMALLEST, faults


@pytest.fixture
def on_site(open_window: Callable[..., Window], tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Hand]:
    """Before the record on site, formally made, with signing on the screen switched on."""
    hand = Hand(open_window(laid_out(unsigned, tmp_path), scale=getattr(request, "param", 1.0)))
    rules = hand.window.desk.book.rules
    rules.__dict__["policy"] = replace(rules.policy, electronic=True)
    hand.window.desk.open("case", CASE)
    hand.window.desk.open_stage(4)
    hand.settle()
    yield hand
    for shown in hand.window.findChildren(PartyTurn):  # closing is refused without the PIN
        shown.done(0)


def record_of(hand: Hand) -> Issued:
    paper = hand.window.desk.queries.case(CASE).paper("onsite_record")
    assert paper is not None
    return paper


def turn(hand: Hand) -> PartyTurn:
    hand.press("登记签字")
    hand.press("在屏幕上签名")
    shown = hand.root
    assert isinstance(shown, PartyTurn)
    return shown


def draw(hand: Hand) -> None:
    (pad,) = hand.all(Pad)
    left, top = pad.width() // 4, pad.height() // 3
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(left, top))
    for step in range(1, 20):
        QTest.mouseMove(pad, QPoint(left + step * 12, top + step * 7 % 90))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(left + 240, top))
    hand.settle()


def sign_pages(hand: Hand) -> None:
    for number in range(1, record_of(hand).pages + 1):
        hand.press(f"看过了，签第 {number} 页")


def hand_back(hand: Hand, secret: str = trial.SECRET) -> None:
    hand.fill("示例沈岚 本人口令", secret)
    hand.press("转回")


def test_without_the_switch_there_is_paper_alone(on_site: Hand) -> None:
    rules = on_site.window.desk.book.rules
    rules.__dict__["policy"] = replace(rules.policy, electronic=False)
    on_site.press("登记签字")
    names = {button.text() for button in on_site.all(QAbstractButton)}
    assert "已签字" in names and not names & {"在屏幕上签名", "盖指印"}


def test_the_unit_signs_each_page_and_the_officers_follow(on_site: Hand) -> None:
    hand, before = on_site, record_of(on_site)
    shown = turn(hand)
    assert shown.size() == hand.window.size() and not shown.next.isEnabled()
    hand.press("签好了")
    assert "还没有填写：屏幕上的签名" in shown.problem.text()
    draw(hand)
    hand.press("签好了")
    assert "还有没签的页" in shown.problem.text() and not record_of(hand).signatures
    hand.press("看过了，签第 1 页")
    hand.press("重签")
    assert shown.pad.is_empty and not shown.next.isEnabled(), "with the signature its pages are gone"
    draw(hand)
    hand.press("看过了，签第 2 页")
    draw(hand)  # another stroke makes another signature
    hand.press("第 1 页，未签")
    assert not shown._signed
    sign_pages(hand)
    names = [button.accessibleName() for button in hand.all(QAbstractButton)]
    assert [name for name in names if name.endswith("，已签")] == [
        f"第 {n} 页，已签" for n in range(1, before.pages + 1)
    ]
    hand.press("签好了")
    (mark,) = record_of(hand).signatures
    assert mark.name == "示例吴晓" and mark.pages == tuple(range(1, before.pages + 1)) and mark.pdf == before.sha256
    assert not shown.pad.isEnabled() and not shown.ready.isEnabled()
    hand.key("Escape")
    hand_back(hand, "not this one")
    assert "口令不对" in hand.read("(.*口令不对.*)")
    hand_back(hand)
    assert isinstance(hand.root, SigningSheet), "the officers sign next"
    hand.fill("示例陆一鸣 本人口令", trial.SECRET)
    hand.press("登记签字")
    assert [s.name for s in record_of(hand).signatures] == ["示例吴晓", "示例沈岚", "示例陆一鸣"]
    (small,) = hand.all(SmallDrawing)
    if folder := os.environ.get("PICTURES"):
        hand.window.grab().save(f"{folder}/list.png")
    assert small.accessibleName() == "示例吴晓的签名" and "示例吴晓电子签名" in hand.read("(.*电子签名.*已签.*)")


@pytest.mark.parametrize("way", ["不愿意签", "人已离开"])
def test_who_does_not_sign_is_led_to_the_refusal(on_site: Hand, way: str) -> None:
    hand = on_site
    turn(hand)
    hand.press(way)
    hand_back(hand)
    hand.type("示例见证")  # the field that is still open has the focus
    hand.fill("示例陆一鸣 本人口令", trial.SECRET)
    hand.press("登记签字")
    mark = record_of(hand).signatures[0]
    assert (mark.name, mark.refused, mark.witness, mark.strokes) == ("示例吴晓", way, "示例见证", "")


def test_a_fingerprint_takes_the_place_of_the_name(on_site: Hand) -> None:
    hand = on_site
    turn(hand)
    hand.press("改盖指印")
    hand_back(hand)
    if folder := os.environ.get("PICTURES"):
        hand.root.grab().save(f"{folder}/sheet.png")
    hand.fill("示例陆一鸣 本人口令", trial.SECRET)
    hand.press("登记签字")
    assert "没有这个指印图片" in hand.read("(.*指印图片.*)")
    hand.fill("指印的图片文件", str(card(1)[0]))
    hand.press("登记签字")
    assert record_of(hand).signatures[0].fingerprint
    (small,) = hand.all(SmallFingerprint)
    if folder := os.environ.get("PICTURES"):
        hand.window.grab().save(f"{folder}/finger.png")
    image = small.grab().toImage()
    colours = [image.pixelColor(x, y) for x in range(36) for y in range(36)]
    assert all(colour.red() >= max(colour.green(), colour.blue()) for colour in colours)


def test_tab_walks_as_one_reads(on_site: Hand) -> None:
    hand = on_site
    shown = turn(hand)
    draw(hand)
    hand.press("第 2 页")
    shown.pad.setFocus()
    walked = []
    for _ in range(12 + record_of(hand).pages - 1):
        hand.key("Tab")
        focused = QApplication.focusWidget()
        assert focused is not None
        walked.append(focused.accessibleName())
    marks = [f"第 {number} 页，未签" for number in range(1, record_of(hand).pages + 1)]
    assert walked == [
        "撤销一笔", "重签", "签好了", "不愿意签", "不识字，念给他听", "人已离开", "改盖指印", *marks, "文书预览",
        "看过了，签第 2 页", "转回执法人员", "示例吴晓的签名",
    ]  # fmt: skip


def test_strokes_that_do_not_fit_are_told_in_the_list(on_site: Hand) -> None:
    hand, book = on_site, on_site.window.desk.book
    turn(hand)
    draw(hand)
    sign_pages(hand)
    hand.press("签好了")
    event = next(e for e in book.store.events(CASE) if e.kind == "paper_signed")
    from inspector_app.domain.event import Draft

    book.write(Draft(CASE, "paper_signed", {**event.body, "name": "示例他人"}, blobs=event.blobs))
    hand.press("转回执法人员")
    hand_back(hand)
    hand.press("返回")
    hand.window.desk.changed.emit()
    hand.settle()
    assert "示例他人的电子签名对不上" in " ".join(text.text() for text in hand.all(Text))


@pytest.mark.parametrize("on_site", [1.0, 1.3], indirect=True, ids=["100", "130"])
@pytest.mark.parametrize("size", [(1366, 768), (1280, 640), SMALLEST])
def test_the_turn_fills_the_window_and_nothing_is_cut(on_site: Hand, size: tuple[int, int]) -> None:
    hand = on_site
    hand.window.resize(*size)
    hand.settle()
    shown = turn(hand)
    draw(hand)
    hand.press("看过了，签第 1 页")
    assert (shown.width(), shown.height()) == size and not faults(shown)
    pad = shown.pad.size()
    if size[1] >= 768 and theme.look.scale == 1.0:
        assert pad.width() >= 760 and pad.height() >= 440, pad
    if folder := os.environ.get("PICTURES"):
        shown.grab().save(f"{folder}/turn-{size[0]}x{size[1]}-{theme.look.scale}.png")
