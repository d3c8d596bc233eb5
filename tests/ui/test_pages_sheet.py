"""Keeping signed pages in the window: files are dropped, each is told in words, one press keeps what was recognised."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit

from inspector_app.actions import papers
from inspector_app.domain.paper import Issued
from inspector_app.tour.hand import Hand
from inspector_app.ui.screens.signed_pages import SignedPages
from inspector_app.ui.widgets.panels import Tag
from inspector_app.ui.widgets.text import Text
from tests.camera import photographed, printed, saved, scanned
from tests.office import CASE, card


def record_of(hand: Hand) -> Issued:
    paper = hand.window.desk.queries.case(CASE).paper("onsite_record")
    assert paper is not None
    return paper


def drop(hand: Hand, *files: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    how = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(QPoint(40, 40), *how)
    QApplication.sendEvent(hand.root, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(hand.root, QDropEvent(QPointF(40, 40), *how))
    hand.settle()


def on_view(hand: Hand) -> str:
    return "\n".join(text.text() for text in hand.all(Text))


def test_pages_are_dropped_read_and_kept(made_record: Hand, tmp_path: Path) -> None:
    hand, paper = made_record, record_of(made_record)
    pdf = papers.pdf_of(hand.window.desk.book, CASE, paper.id)
    photo = saved(photographed([printed(pdf, 1)], 2, turn=4.0), tmp_path / "第一页.jpg")
    scan = saved(scanned(printed(pdf, 2, 150.0)), tmp_path / "第二页.png")
    hand.press("存签字页")
    assert isinstance(hand.root, SignedPages)
    hand.press("存入")
    assert "还没有认出的签字页" in on_view(hand)
    drop(hand, photo, scan, card(1)[0], scan)
    assert [tag.accessibleName() for tag in hand.all(Tag)] == ["可以存", "可以存", "要指定", "不能存"]
    said = on_view(hand)
    assert "第 1 页。二维码核验通过，按纸边摆正" in said and "第 2 页。二维码核验通过，按二维码摆正" in said
    assert "没有读出文书的二维码" in said and "已经选过" in said
    hand.press("看大图")
    assert hand.root.windowTitle() == "第一页.jpg"
    hand.press("看过了")
    hand.press("指定")
    assert "要写明原因" in on_view(hand)
    hand.fill("原因", "码没有拍进来")
    hand.press("指定")
    assert "由人指定：码没有拍进来" in on_view(hand)
    assert hand.find(QAbstractButton, "存入 3 页")
    hand.press("存入 3 页")
    kept = record_of(hand)
    assert [(page.page, page.reason) for page in kept.kept] == [(1, ""), (2, ""), (1, "码没有拍进来")]
    assert f"签字页已存 2/{paper.pages}" in on_view(hand)
    hand.press("存签字页")
    hand.press("看第 2 页")
    assert hand.root.windowTitle().endswith("第 2 页")


def test_a_sheet_that_is_left_keeps_nothing(made_record: Hand, tmp_path: Path) -> None:
    hand, paper = made_record, record_of(made_record)
    pdf = papers.pdf_of(hand.window.desk.book, CASE, paper.id)
    hand.press("存签字页")
    sheet = hand.root
    assert isinstance(sheet, SignedPages)
    sheet.take([saved(scanned(printed(pdf, 1, 150.0)), tmp_path / "页.png")] * 2)
    sheet.reject()  # while the first is read
    hand.settle()
    assert not record_of(hand).kept and len(sheet.seen) == 0
    assert not hand.all(QLineEdit) or not isinstance(hand.root, SignedPages)
