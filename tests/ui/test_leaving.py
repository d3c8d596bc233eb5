"""Leaving a session: nothing half-typed is lost, and nothing of one person is finished by the next."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from inspector_app.actions import check, sign_in, trial
from inspector_app.domain.item import ItemFact
from inspector_app.tour.hand import Hand
from inspector_app.ui.screens.case import CaseScreen
from inspector_app.ui.screens.checklist import ChecklistStage
from inspector_app.ui.screens.record import RecordStage
from inspector_app.ui.surroundings import take_back_copied
from inspector_app.ui.window import Window
from tests.office import CASE, checked, laptop_at, sign_record
from tests.stages import begins


def fact(hand: Hand, code: str) -> ItemFact:
    found = hand.window.desk.queries.case(CASE).item(code)
    assert found is not None
    return found


def stage(hand: Hand) -> object:
    screen = hand.window.screens["case"]
    assert isinstance(screen, CaseScreen)
    return screen.stage


def enter(hand: Hand, person: str) -> None:
    window = hand.window
    window.show()
    window._entered(sign_in.sign_in(laptop_at(window.desk.laptop.folder), person, trial.SECRET))
    hand.settle()


@pytest.fixture(params=["lock", "close"])
def leave(request: pytest.FixtureRequest) -> Callable[[Hand], None]:
    """Lock, or close the window; either ends the session."""

    def done(hand: Hand) -> None:
        if request.param == "lock":
            hand.key("Ctrl+L")
        else:
            hand.window.close()
        hand.settle()
        assert hand.window.desk.session is None

    return done


# -- every kind of text field ---------------------------------------------------------------------------------


def test_a_remark_in_the_making_is_written(case_hand: Hand, leave: Callable[[Hand], None]) -> None:
    case_hand.key("R")
    case_hand.type("锁定前没写完")
    leave(case_hand)
    enter(case_hand, "shen")
    assert fact(case_hand, "A01").note == "锁定前没写完"


def test_a_reading_in_the_making_is_written(case_hand: Hand, leave: Callable[[Hand], None]) -> None:
    checklist = stage(case_hand)
    assert isinstance(checklist, ChecklistStage)
    checklist.go_to("E08")
    case_hand.settle()
    case_hand.click(case_hand.find(QLineEdit, "温度"))
    case_hand.type("27.3")
    leave(case_hand)
    enter(case_hand, "shen")
    assert dict(case_hand.window.desk.queries.case(CASE).readings)["E08_temperature"] == "27.3"


def test_a_refused_reading_is_there_again(case_hand: Hand, leave: Callable[[Hand], None]) -> None:
    checklist = stage(case_hand)
    assert isinstance(checklist, ChecklistStage)
    checklist.go_to("E08")
    case_hand.settle()
    case_hand.click(case_hand.find(QLineEdit, "温度"))
    case_hand.type("二十七度")
    leave(case_hand)
    enter(case_hand, "shen")
    assert case_hand.find(QLineEdit, "温度").text() == "二十七度"
    assert "E08_temperature" not in dict(case_hand.window.desk.queries.case(CASE).readings)


def test_a_reason_in_the_making_is_kept(case_hand: Hand, leave: Callable[[Hand], None]) -> None:
    case_hand.key("4")
    case_hand.type("本单位没有")
    leave(case_hand)
    enter(case_hand, "shen")
    case_hand.key("4")
    assert case_hand.find(QLineEdit, "A01 填“不适用”的原因").text() == "本单位没有"


@pytest.mark.parametrize(("field", "read"), [("单位意见", "remarks"), ("陈述申辩的内容", "statement")])
def test_the_words_of_the_unit_are_written(
    case_hand: Hand, leave: Callable[[Hand], None], field: str, read: str
) -> None:
    case_hand.window.desk.open_stage(4)
    case_hand.settle()
    if read == "statement":
        case_hand.press("陈述申辩")
    case_hand.click(case_hand.find(QPlainTextEdit, field))
    case_hand.type("我单位认为第三项")
    leave(case_hand)
    enter(case_hand, "shen")
    assert getattr(case_hand.window.desk.queries.case(CASE).visit, read) == "我单位认为第三项"


def test_a_recusal_request_in_the_making_is_kept(case_hand: Hand, leave: Callable[[Hand], None]) -> None:
    case_hand.window.desk.open_stage(1)
    case_hand.settle()
    case_hand.fill("申请回避的理由", "是我单位负责人的亲属")
    leave(case_hand)
    enter(case_hand, "shen")
    assert case_hand.find(QLineEdit, "申请回避的理由").text() == "是我单位负责人的亲属"


# -- the next person ------------------------------------------------------------------------------------------


def test_what_one_person_typed_is_never_written_by_the_next(case_hand: Hand) -> None:
    """Refused at the lock, so that it is still half-typed: the next person neither sees nor writes it."""
    desk = case_hand.window.desk
    case_hand.key("R")
    case_hand.type("沈岚写了一半")
    desk.keep(f"{CASE}/A02/note", "沈岚的另一半")
    case_hand.key("Ctrl+L")
    enter(case_hand, "lu")
    checklist = stage(case_hand)
    assert isinstance(checklist, ChecklistStage)
    checklist.go_to("A02")
    case_hand.settle()
    assert case_hand.find(QPlainTextEdit, "备注").toPlainText() == ""
    checklist.setFocus()
    case_hand.key("J")
    noted = [e for e in desk.book.store.events(CASE) if e.kind == "item_noted"]
    assert [(e.actor.id, e.body["item"]) for e in noted] == [("shen", "A01")]


def test_undo_and_redo_stay_with_the_person(case_hand: Hand) -> None:
    case_hand.key("1")
    case_hand.key("Ctrl+Z")
    assert fact(case_hand, "A01").value == ""
    assert "A01 填“符合”" in case_hand.window.toast.accessibleName()
    case_hand.key("Ctrl+Y")
    assert fact(case_hand, "A01").value == "符合"
    case_hand.key("Ctrl+Z")
    case_hand.key("Ctrl+Y")
    case_hand.key("Ctrl+L")
    enter(case_hand, "lu")
    case_hand.key("Ctrl+Z")
    assert fact(case_hand, "A01").value == "符合"
    assert "没有可以撤销" in case_hand.problem()
    case_hand.key("Ctrl+Y")
    assert "没有可以重做" in case_hand.problem()


def test_undo_stays_in_the_open_case(case_hand: Hand) -> None:
    desk = case_hand.window.desk
    case_hand.key("1")
    other = next(row.id for row in desk.queries.inspections() if row.id != CASE)
    desk.open("case", other)
    case_hand.settle()
    case_hand.key("Ctrl+Z")
    assert fact(case_hand, "A01").value == "符合"
    assert "没有可以撤销" in case_hand.problem()


def test_saved_is_said_only_of_what_is_saved(case_hand: Hand) -> None:
    case_hand.key("R")
    case_hand.type("半句话")
    case_hand.key("Ctrl+S")
    assert fact(case_hand, "A01").note == "半句话"
    assert "已经存好" in case_hand.window.toast.accessibleName()


# -- after the 笔录 was made ----------------------------------------------------------------------------------


@begins(checked, "window")
def test_a_made_record_is_changed_only_by_making_it_anew(case_hand: Hand, window: Window) -> None:
    session = window.desk.open_session
    from inspector_app.actions import onsite

    onsite.record_statement(session.book, CASE, "不陈述申辩")
    sign_record(session)
    window.desk.open_stage(2)
    case_hand.settle()
    case_hand.key("3")
    assert "重新制作笔录" in case_hand.problem()
    assert fact(case_hand, "A01").value == "符合"
    case_hand.key("P")
    assert "重新制作笔录" in case_hand.problem()
    window.desk.open_stage(4)
    case_hand.settle()
    record = stage(case_hand)
    assert isinstance(record, RecordStage) and record.remarks.isReadOnly()
    case_hand.press("重新制作笔录")
    case_hand.fill("重新制作的原因", "单位补充意见")
    case_hand.root.findChildren(QLineEdit)
    case_hand.key("Ctrl+Return")
    case_hand.settle()
    assert not record.remarks.isReadOnly()
    check.note(session.book, CASE, "A01", "补记")
    sign_record(session)
    versions = window.desk.queries.case(CASE).formal("onsite_record")
    assert [(v.revision, bool(v.reopened)) for v in versions] == [(1, True), (2, False)]
    onsite.end_visit(session.book, CASE)


# -- what was copied ------------------------------------------------------------------------------------------


class Held:
    """A clipboard of a window system that tells whose its content is; the screenless platform of the tests cannot."""

    def __init__(self, *own: QClipboard.Mode) -> None:
        self.own = set(own)

    def ownsClipboard(self) -> bool:
        return QClipboard.Mode.Clipboard in self.own

    def ownsSelection(self) -> bool:
        return QClipboard.Mode.Selection in self.own

    def clear(self, mode: QClipboard.Mode) -> None:
        """Raises KeyError for what another program has put there."""
        self.own.remove(mode)


def test_what_was_copied_is_taken_back(case_hand: Hand, leave: Callable[[Hand], None]) -> None:
    desk, held = case_hand.window.desk, Held(QClipboard.Mode.Clipboard, QClipboard.Mode.Selection)
    desk.take_back_copied = partial(take_back_copied, held)
    case_hand.key("J")
    assert held.own, "while the work goes on it stays"
    leave(case_hand)
    assert not held.own


@pytest.mark.parametrize("own", [(), (QClipboard.Mode.Clipboard,), (QClipboard.Mode.Selection,)])
def test_what_another_program_put_there_stays(own: tuple[QClipboard.Mode, ...]) -> None:
    held = Held(*own)
    take_back_copied(held)
    assert not held.own
