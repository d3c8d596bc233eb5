"""泄密处置 in the window: an officer freezes, the lead decides."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from inspector_app.actions import evidence
from inspector_app.domain.access import Role
from inspector_app.domain.secrecy import DESTROYED, FOUND
from inspector_app.tour.hand import Hand
from inspector_app.ui.widgets.buttons import Button
from inspector_app.ui.widgets.fields import Field
from tests.office import CASE, card


def test_a_photo_is_frozen_at_once_and_destroyed_on_order(case_hand: Hand) -> None:
    desk = case_hand.window.desk
    (number,) = evidence.add_photos(desk.book, CASE, card(1)).value.numbers
    desk.open_stage(3)
    desk.changed.emit()
    case_hand.settle()
    case_hand.click(case_hand.find(Button, "疑似涉密"))
    case_hand.type("画面里有密级标志")
    case_hand.click(case_hand.find(Button, "立即封存"))
    assert secret(case_hand) == FOUND and desk.thumbnail(desk.queries.case(CASE), number) == b""
    case_hand.click(case_hand.find(Button, "已撤下"))
    names = {button.accessibleName() or button.text() for button in case_hand.all(Button)}
    assert not names & {"撤下", "改说明", "按命令销毁", "解除封存"}, "an officer can do no more"

    desk.book.role = Role.LEAD
    desk.book.person = next(o for o in desk.queries.officers() if o.id == "zhou")
    desk.changed.emit()
    case_hand.settle()
    case_hand.click(case_hand.find(Button, "按命令销毁"))
    office, order = case_hand.all(Field)
    office.input.setText("示例区国家保密局")
    case_hand.click(case_hand.find(Button, "销毁密钥"))
    sheet = QApplication.activeModalWidget()
    assert sheet is not None and secret(case_hand) == FOUND, "not without the number of the order"
    order.input.setText("示保令〔2026〕3号")
    case_hand.click(case_hand.find(Button, "销毁密钥"))
    assert secret(case_hand) == DESTROYED
    (piece,) = desk.queries.case(CASE).evidence
    assert not desk.book.vault.has(piece.sha256)


def secret(hand: Hand) -> str:
    hand.settle()
    (piece,) = hand.window.desk.queries.case(CASE).evidence
    return piece.secret
