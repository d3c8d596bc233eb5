"""整改, 复查, 归档 and the calendar by hand: from the report to the closing, the file that is called up, a month by keys."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPlainTextEdit

from inspector_app.actions import closing, rectify
from inspector_app.domain.calendar import zh_date
from inspector_app.domain.casefile import CaseFile
from inspector_app.domain.inspection import Stage
from inspector_app.tour.hand import Hand
from inspector_app.ui.screens.calendar import LISTED, CalendarScreen
from inspector_app.ui.screens.compare import BESIDE, LargeSheet
from inspector_app.ui.window import Window
from tests.office import CASE, card
from tests.served import bind, clause, report_closing, served, sign, skip
from tests.ui.test_screens import faults

DAY = timedelta(days=1)


@pytest.fixture
def hand(open_window: Callable[..., Window], tmp_path: Path) -> Iterator[Hand]:
    """Before the rectification of the served order."""
    served(tmp_path).close()
    made = Hand(open_window(tmp_path / "laptop"))
    stage(made, 7)
    yield made


def stage(hand: Hand, index: int) -> None:
    hand.window.desk.open("case", CASE)
    hand.window.desk.open_stage(index)
    hand.settle()


def case(hand: Hand) -> CaseFile:
    return hand.window.desk.queries.case(CASE)


def later(hand: Hand, days: int) -> None:
    skip(hand.window.desk.open_session, days * DAY)
    hand.window.desk.changed.emit()
    hand.settle()


def picture(hand: Hand, name: str) -> None:
    if folder := os.environ.get("PICTURES"):
        hand.root.grab().save(f"{folder}/{name}.png")
    assert not faults(hand.root)


def write(hand: Hand, name: str, text: str) -> None:
    hand.click(hand.find(QPlainTextEdit, name))
    hand.type(text)


def test_from_the_report_to_the_closing(hand: Hand, tmp_path: Path) -> None:
    session = hand.window.desk.open_session
    book, one = session.book, clause(session, "E01")
    picture(hand, "rectify")
    hand.press("登记整改报告")
    write(hand, "E01 单位回复", "示例：已更换。")
    picture(hand, "report")
    hand.press("登记整改报告")
    assert [reply.said for reply in case(hand).followup.replies] == ["示例：已更换。"]
    hand.press("E01 材料齐全")
    hand.press("E01 需要补充")
    hand.type("示例：照片")
    hand.press("登记")
    assert case(hand).followup.replies[0].note == "示例：照片"
    hand.press("登记延期申请")
    hand.fill("申请延至", zh_date(one.due + 20 * DAY if one.due else date.min))
    write(hand, "申请理由", "示例：工期")
    hand.press("登记申请")
    hand.press("登记决定")
    hand.press("不同意延期")
    hand.fill("批准人", "示例周敏")
    hand.press("登记决定")
    assert case(hand).followup.extensions[0].decision == "不同意延期"
    rectify.film_rectification(book, CASE, card(5)[3:], one.id, again=True)
    hand.window.desk.changed.emit()
    hand.settle()
    hand.press("E01 疑似涉密")
    hand.fill("为什么疑似涉密", "示例：拍到标志")
    hand.press("立即封存")
    assert [bool(piece.secret) for piece in case(hand).pictures] == [True, False]
    picture(hand, "frozen")
    later(hand, 40)
    stage(hand, 8)
    picture(hand, "recheck")
    hand.press("E01 前后对比")
    sheet = hand.root
    assert isinstance(sheet, LargeSheet) and sheet.mode == BESIDE
    hand.press("返回")
    for code, result in (("E01", "已改正"), ("E03", "未改正")):
        hand.press(f"{code} {result}")
        write(hand, f"{code} 复查所见", "示例：看过")
    assert hand.read(r"(结论：.*)").startswith("结论：部分完成整改")
    hand.press("登记复查")
    assert case(hand).stage == Stage.REINSPECTED and case(hand).followup.reinspections[0].seen[0].pictures
    picture(hand, "rechecked")
    stage(hand, 7)
    hand.press("提请处理")
    hand.fill("送哪个机关", "示例区纪委监委")
    write(hand, "建议和理由", "示例：建议处分")
    picture(hand, "hand_on")
    hand.press("登记并填入文书")
    assert case(hand).followup.handed_on[0].way == "propose"
    stage(hand, 9)
    assert "还没有答复处理建议" in hand.read(r"(.*还没有答复.*)")
    hand.press("结案核对")
    assert "结案报告还没有制作" in hand.read(r"(结案报告.*)")
    picture(hand, "open")
    hand.press("知道了")


def test_the_closing_and_the_file_that_is_called_up(hand: Hand, tmp_path: Path) -> None:
    session = hand.window.desk.open_session
    later(hand, 40)
    stage(hand, 8)
    for code in ("E01", "E03"):
        hand.press(f"{code} 已改正")
        write(hand, f"{code} 复查所见", "示例：看过")
    hand.fill("单位意见", "没有异议")
    hand.press("登记复查")
    sign(session, "reinspection_record", case(hand).followup.reinspections[0].sheet)
    report_closing(session)
    stage(hand, 9)
    hand.press("结案核对")
    picture(hand, "close")
    hand.press("结案")
    assert case(hand).stage == Stage.CLOSED
    hand.press("调卷")
    hand.fill("调卷的机关", "示例区司法局")
    hand.fill("调卷通知的文号", "示监〔2026〕3号")
    hand.press("登记调卷")
    hand.press("送出案卷")
    hand.fill("存到", str(tmp_path / "案卷.zip"))
    hand.press("写出并核验")
    assert (tmp_path / "案卷.zip").exists() and case(hand).followup.call_ups[0].package
    hand.press("登记退回")
    hand.press("登记退回")
    hand.press("投诉、复议、诉讼")
    write(hand, "要求和理由", "示例：不服")
    hand.press("登记")
    hand.press("登记结果")
    hand.fill("结果", "示例：维持")
    hand.press("登记结果")
    assert case(hand).followup.disputes[0].outcome == "示例：维持"
    picture(hand, "closed")
    bind(session)
    later(hand, 1)
    hand.press("登记归档")
    for name, text in (("档号", "示档-WS-2026-1"), ("接收人", "示例何静"), ("纸质案卷存放处", "2号库房3架"),
                       ("电子案卷存放处", "局里服务器")):  # fmt: skip
        hand.fill(name, text)
    picture(hand, "archive")
    hand.press("登记归档")
    assert case(hand).stage == Stage.ARCHIVED and hand.read(r"(档号 .*)").endswith("示例何静接收")
    picture(hand, "archived")


def test_the_calendar_is_worked_by_keys(hand: Hand, tmp_path: Path) -> None:
    session = hand.window.desk.open_session
    dispute = closing.enter_dispute(session.book, CASE, "投诉", session.book.clock.now().at.date(), "示例单位", "示例")
    assert dispute.value
    for n in range(8):
        closing.enter_dispute(
            session.book, CASE, "行政复议", session.book.clock.now().at.date(), "示例单位", f"示例{n}"
        )
    hand.window.desk.open("today")
    hand.settle()
    hand.press("日历")
    screen = hand.window.screens["calendar"]
    assert isinstance(screen, CalendarScreen) and screen.month.hasFocus()
    today, due = session.book.clock.now().at.date(), clause(session, "E01").due
    assert due is not None and screen.month.day == today
    hand.key("PageDown")
    assert screen.month.day == today.replace(month=today.month + 1)
    while screen.month.day != due:
        hand.key("Left" if screen.month.day > due else "Right")
    picture(hand, "calendar")
    assert "E01、E03 整改到期" in hand.read(r"(E01、E03 .*)")
    assert hand.read(r"收到：(.*)") == "投诉 1 件（办结 0），行政复议 8 件（办结 0），行政诉讼 0 件（办结 0）"
    assert (
        hand.read(r"(另有 \d+ 件)")
        and sum("行政复议的答复期限" in said for said in hand.read_all(r"(.*期限)")) <= LISTED
    )
    hand.key("Return")
    assert hand.window.current == "case" and hand.read(r"(.*个问题责令整改.*)")
    hand.window.desk.open("today")
    hand.settle()
    hand.press("日历")
    hand.key("Home")
    assert screen.month.day == today
    hand.key("Up")
    assert screen.month.day == today - 7 * DAY
    hand.press("导出日历文件")
    hand.fill("存到", str(tmp_path / "a.ics"))
    hand.press("导出")
    content = (tmp_path / "a.ics").read_text("utf-8")
    assert "整改到期" in content.replace("\n ", "") and content.startswith("BEGIN:VCALENDAR")
