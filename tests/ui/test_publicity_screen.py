"""公示 by hand: a row changed with its reason, sent by one, published by another, taken down; and the board that tells of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QAbstractButton, QLabel, QPlainTextEdit

from inspector_app.actions import gallery, publicity_file
from inspector_app.domain.access import Role
from inspector_app.domain.evidence import CLEARED
from inspector_app.tour.hand import Hand
from inspector_app.ui.screens.publicity import CopyRow, PublicityScreen
from inspector_app.ui.widgets.panels import Tag
from inspector_app.ui.widgets.text import Text
from inspector_app.ui.window import Window
from tests.deciding import become, decided_folder
from tests.office import CASE


def said(hand: Hand) -> str:
    return "\n".join(each.accessibleName() for each in (*hand.all(Text), *hand.all(Tag)))


def at_publicity(open_window: Callable[..., Window], folder: Path) -> Hand:
    hand = Hand(open_window(decided_folder(folder)))
    hand.window.desk.open("publicity")
    hand.settle()
    return hand


def turn_into(hand: Hand, person: str, role: Role) -> None:
    assert hand.window.desk.session is not None
    become(hand.window.desk.session, person, role)
    hand.window.desk.changed.emit()
    hand.settle()


def test_one_sends_another_publishes_and_it_is_taken_down(open_window: Callable[..., Window], tmp_path: Path) -> None:
    hand = at_publicity(open_window, tmp_path)
    desk = hand.window.desk
    assert "遮盖 3 处" in said(hand) and "自动检查没有发现身份证号、银行账号、手机号、密码、密级标志" in said(hand)
    assert "不公开证号" in said(hand)
    hand.press("改 检查方式")
    hand.find(QPlainTextEdit, "公示的内容").setPlainText("实地核查，没有问题")
    hand.key("Ctrl+Return")
    assert "要写明原因" in said(hand)
    hand.fill("原因", "示例：说得更明白")
    hand.key("Ctrl+Return")
    assert "手工改过：示例：说得更明白" in said(hand)
    hand.key("Ctrl+Z")
    assert "手工改过" not in said(hand)
    hand.key("Ctrl+Return")  # the main act: send
    assert "示例沈岚" in said(hand) and "送核对" in said(hand)
    assert not [b for b in hand.all(QAbstractButton) if b.accessibleName().startswith("改 ")], "what was sent stands"
    turn_into(hand, "lu", Role.OFFICER)
    hand.press("核对无误，公示")
    assert "公示没有撤销" in said(hand)
    hand.press("核对无误，公示")
    assert len(publicity_file.notices(desk.book)) == 1
    hand.press("公示中 1")
    assert "示例沈岚送，示例陆一鸣核对" in said(hand)
    hand.press("决定变了")
    hand.fill("依据的文书", "示例复议决定〔2026〕1号")
    hand.key("Ctrl+Return")
    hand.press("要办 1")
    screen = hand.window.screens["publicity"]
    assert isinstance(screen, PublicityScreen)
    assert "还有 3 天" in screen.queue.model().index(0, 0).data() and "原决定2026年3月16日被撤销" in said(hand)
    hand.press("撤下")
    hand.fill("撤下的原因", "示例：复议撤销")
    hand.key("Ctrl+Return")
    assert not publicity_file.notices(desk.book)
    hand.press("已撤下 1")
    assert "示例区水务局" in said(hand)


def test_a_photo_is_put_in_seen_beside_the_original_and_taken_out(
    open_window: Callable[..., Window], tmp_path: Path
) -> None:
    hand = at_publicity(open_window, tmp_path)
    desk = hand.window.desk
    hand.press("放照片")
    assert "先在“取证”里做保密审查" in said(hand)
    number = desk.queries.case(CASE).evidence[0].number
    gallery.check_secrecy(desk.book, CASE, number, CLEARED)
    hand.press("放照片")
    hand.key("Ctrl+Return")
    assert "要写明原因" in said(hand)
    hand.fill("公示的原因", "示例：画面里没有人")
    hand.key("Ctrl+Return")
    photos = [label for label in hand.all(QLabel) if label.accessibleName().startswith("照片：")]
    assert len({label.pixmap().size().toTuple() for label in photos}) == 1 and len(photos) == 2, (
        "beside each other, at one scale"
    )
    assert "公示的原因：示例：画面里没有人" in said(hand)
    hand.press("改 照片")
    hand.press("不放这张照片")
    assert "公示的原因" not in said(hand)
    hand.key("Ctrl+Z")
    assert "公示的原因：示例：画面里没有人" in said(hand)


def test_a_row_is_pressed_anywhere_and_holding_is_told(open_window: Callable[..., Window], tmp_path: Path) -> None:
    hand = at_publicity(open_window, tmp_path)
    hand.click(hand.all(CopyRow)[1])
    hand.press("按规则遮盖")
    hand.press("暂缓并说明")
    hand.fill("暂缓的原因", "示例：单位有异议")
    hand.key("Ctrl+Return")
    assert "暂缓公示，期限照算" in said(hand) and "示例：单位有异议" in said(hand)
    hand.press("恢复公示")
    assert "暂缓公示" not in said(hand)


def test_a_penalty_is_entered_and_all_is_exported(open_window: Callable[..., Window], tmp_path: Path) -> None:
    hand = at_publicity(open_window, tmp_path)
    hand.press("登记处罚")
    for name, text in (
        ("决定书文号", "示罚〔2026〕1号"),
        ("违法事实", "示例"),
        ("处罚依据", "示例"),
        ("处罚内容", "罚款5000元"),
    ):
        hand.fill(name, text)
    hand.key("Ctrl+Return")
    screen = hand.window.screens["publicity"]
    assert isinstance(screen, PublicityScreen) and screen.place[1] != "result"
    assert "行政处罚" in said(hand) and "信用公示" in said(hand)
    hand.press("送核对")
    turn_into(hand, "zhou", Role.LEAD)
    hand.press("核对无误，公示")
    hand.press("核对无误，公示")
    hand.press("公示中 1")
    hand.press("全部导出")
    hand.fill("存到", str(tmp_path / "公示.html"))
    hand.key("Return")
    assert {path.suffix for path in tmp_path.glob("公示.*")} == {".html", ".json", ".csv"}


def test_the_board_of_today_leads_to_what_waits(open_window: Callable[..., Window], tmp_path: Path) -> None:
    hand = Hand(open_window(decided_folder(tmp_path)))
    hand.window.desk.open("today")
    hand.settle()
    assert "检查结果待送核对" in said(hand)
    hand.press("公示：示例区水务局")
    assert hand.window.current == "publicity"
    hand.window.desk.open("today")
    hand.settle()
    assert "举报线索，2026年2月26日收到" in said(hand), "a clue that nobody has settled waits for somebody"
    hand.press("处理：")
    assert hand.window.current == "draws" and "库房漏水" in said(hand)
