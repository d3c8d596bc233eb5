"""Printing against a real print system: what the printer gets, what is counted, and what is said when it fails."""

from __future__ import annotations

import ctypes
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from inspector_app.actions import papers, printing
from inspector_app.domain.event import words
from inspector_app.domain.paper import Issued
from inspector_app.domain.printing import Correction, Habit, Order, Outcome, Plan
from inspector_app.domain.problems import Problem
from inspector_app.tour.hand import Hand
from inspector_app.ui import printing as press
from inspector_app.ui import spooler
from inspector_app.ui.printing import Step
from inspector_app.ui.screens.print_sheet import PrintSheet
from tests.office import CASE
from tests.patience import SECONDS, WAIT
from tests.print_service import PrintSystem, lacking, print_system

pytestmark = pytest.mark.real
DOTS = 300


@pytest.fixture(scope="module")
def system() -> Iterator[PrintSystem]:
    missing = lacking()
    if missing:
        pytest.skip(f"not installed: {missing}")
    with print_system() as started:
        yield started


@pytest.fixture
def printer(system: PrintSystem, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrintSystem]:
    """The printer with nothing printed yet. A thread keeps to the print system that it asked first: the window's own
    threads are new, and the one of the tests is told."""
    cups = ctypes.CDLL("libcups.so.2")
    monkeypatch.setenv("CUPS_SERVER", system.server)
    cups.cupsSetServer(system.server.encode())
    system.switch_on()
    yield system
    system.be_well()
    cups.cupsSetServer(None)


@pytest.fixture
def at_paper(case_hand: Hand, printer: PrintSystem) -> Hand:
    """Before the notice, which is made and archived."""
    case_hand.key("Ctrl+1")
    return case_hand


def notice(hand: Hand) -> Issued:
    paper = hand.window.desk.queries.case(CASE).paper("notice")
    assert paper is not None
    return paper


def sheet() -> PrintSheet:
    found = QApplication.activeModalWidget()
    assert isinstance(found, PrintSheet)
    return found


def prints(hand: Hand) -> list[dict[str, object]]:
    """What the record holds of prints, oldest first."""
    events = hand.window.desk.book.store.events(CASE)
    return [dict(event.body) for event in events if event.kind == "paper_printed"]


def text_of(document: Path) -> list[str]:
    pdf = pypdfium2.PdfDocument(document)
    try:
        return [page.get_textpage().get_text_range() for page in pdf]
    finally:
        pdf.close()


def picture(document: Path | bytes, page: int = 0) -> Image.Image:
    pdf = pypdfium2.PdfDocument(document)
    try:
        shown: Image.Image = pdf[page].render(scale=DOTS / 72).to_pil().convert("RGB")
        return shown
    finally:
        pdf.close()


def sent(printer: PrintSystem, content: bytes, step: Step = lambda waits: True, plan: Plan | None = None) -> Outcome:
    """Print from a thread that has not asked CUPS yet, as the window's own line to the printer."""
    with ThreadPoolExecutor(1) as line:
        return line.submit(press.send, "示例", content, Order(printer.name, plan=plan or Plan()), step).result()


# -- what arrives ---------------------------------------------------------------------------------------------


def test_a_paper_arrives_as_it_is_archived(at_paper: Hand, printer: PrintSystem) -> None:
    """Ctrl+P, copies, Enter: two pages A4 with their text, and a record that says so."""
    at_paper.key("Ctrl+P")
    sheet().duplex.click()
    at_paper.type("3")
    at_paper.key("Return")
    assert not at_paper.problem()
    (job,) = printer.jobs()
    pdf = pypdfium2.PdfDocument(job.document)
    sizes = [pdf[number].get_size() for number in range(len(pdf))]
    pdf.close()
    assert sizes == [pytest.approx((595.28, 841.89), abs=0.1)] * 2
    pages = text_of(job.document)
    assert "示例区水务局" in pages[0] and "核验码" in pages[1]
    assert (job.told["COPIES"], job.told["SIDES"]) == ("3", "two-sided-long-edge")
    assert "21000" in job.told["MEDIA_COL"] and "29700" in job.told["MEDIA_COL"]
    (event,) = prints(at_paper)
    first = notice(at_paper).copies[0]
    assert event["sent"] == event["sha256"] == first.sha256, "the very bytes of the archive were handed over"
    assert str(event["copy"]).endswith(first.name)
    assert (event["copies"], event["asked"], event["printer"]) == (3, 3, printer.name)
    assert (event["pages"], event["profile"], event["options"]) == ("", "plain", ["duplex"])
    assert words("paper_printed", event).endswith(" 3 份"), "the printer's side has confirmed it"
    assert notice(at_paper).printed == 3
    at_paper.key("Ctrl+P")
    assert sheet().duplex.isChecked() and sheet().printer.value() == printer.name, "what was chosen last is remembered"


def test_what_is_laid_over_a_paper_is_seen_sent_and_noted(at_paper: Hand, printer: PrintSystem) -> None:
    """One page, pre-printed, thermal, with the guide: the preview shows the bytes that are sent."""
    at_paper.key("Ctrl+P")
    assert not sheet()._warned.isVisible()
    for button in (sheet().thermal, sheet().preprinted, sheet().seam):
        at_paper.click(button)
    assert sheet()._warned.isVisible() and "不能归档" in sheet()._warned.text()
    at_paper.fill("页", "1")
    at_paper.key("Tab")
    assert sheet().view.count == 1
    at_paper.key("Ctrl+Return")
    (job,) = printer.jobs()
    pages = text_of(job.document)
    assert len(pages) == 1 and "示例区水务局" in pages[0] and "示例区档案局\r\n示档检" not in pages[0]
    (event,) = prints(at_paper)
    assert (event["pages"], event["profile"], event["options"]) == ("1-1", "thermal", ["preprinted", "seam"])
    archived = papers.pdf_of(at_paper.window.desk.book, CASE, notice(at_paper).id, copy=1)
    laid = press.laid_out(archived, Plan(1, 1, thermal=True, preprinted=True, seam=True))
    assert event["sent"] == hashlib.sha256(laid).hexdigest() != event["sha256"]
    assert laid.startswith(archived), "the archived bytes stand unchanged at the front"
    habit = printing.habit_of(at_paper.window.desk.book, printer.name)
    assert habit == Habit(thermal=True), "the profile is the printer's; pre-printed and guide are asked for each time"


def test_bad_pages_and_copies_are_sentences(at_paper: Hand) -> None:
    at_paper.key("Ctrl+P")
    for name, text, said in (("页", "2-5", "共 2 页"), ("份数", "0", "1 至 99")):
        at_paper.fill(name, text)
        at_paper.key("Return")
        assert said in sheet().problem.text()
        at_paper.fill(name, "1")
    assert not prints(at_paper)


def test_the_command_line_prints(printer: PrintSystem, tmp_path: Path) -> None:
    file = tmp_path / "示例.pdf"
    file.write_bytes(printing.calibration_page())
    done = subprocess.run(
        [sys.executable, "-m", "inspector_app.app", "print", str(file), "--printer", printer.name, "--copies", "2"],
        capture_output=True, text=True, timeout=SECONDS, check=False,
        env={**os.environ, "CUPS_SERVER": printer.server, "LC_ALL": "C"},  # as a service starts it
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "") and "1 页，2 份" in done.stdout
    (job,) = printer.jobs()
    assert "打印机校准页" in text_of(job.document)[0] and job.told["COPIES"] == "2"


# -- true size ------------------------------------------------------------------------------------------------


def frame(document: Path | bytes) -> tuple[float, float, float, float]:
    """Width, height, left and top of the frame in millimetres, between the middles of its lines."""
    grey = picture(document).convert("L")
    wide, high = grey.size

    def edges(size: int, length: int, ink: bytes) -> tuple[float, float]:
        """The outermost rows that are dark over more than half of their length."""
        rows = [n for n in range(size) if ink[n * length : (n + 1) * length].count(0) > length / 2]
        ends = []
        for start, step in ((rows[0], 1), (rows[-1], -1)):
            last = start
            while last + step in rows:
                last += step
            ends.append((start + last + 1) / 2 / DOTS * 25.4)
        return ends[0], ends[1]

    black = grey.point(lambda value: 0 if value < 128 else 255)
    top, bottom = edges(high, wide, black.tobytes())
    left, right = edges(wide, high, black.transpose(Image.Transpose.TRANSPOSE).tobytes())
    return right - left, bottom - top, left, top


def test_the_calibration_page_is_true_and_the_correction_is_applied(at_paper: Hand, printer: PrintSystem) -> None:
    """The page is printed, four measures are typed, and every further print is stretched and moved by them."""
    at_paper.key("Ctrl+P")
    at_paper.press("校准打印机")
    at_paper.press("打印校准页")
    (job,) = printer.jobs()
    assert frame(job.document) == pytest.approx((156, 225, 28, 37), abs=0.3)
    for name, text in (("框宽", "16"), ("框高", "224.1"), ("左边距", "27"), ("上边距", "38.5")):
        at_paper.fill(name, text)
    at_paper.press("存下校准值")
    assert "框宽量得 16 毫米" in sheet_text(at_paper) and "适合页面" in sheet_text(at_paper)
    at_paper.fill("框宽", "157.2")
    at_paper.press("存下校准值")
    assert printing.habit_of(at_paper.window.desk.book, printer.name).correction != Correction()
    at_paper.key("Ctrl+P")
    assert "已按校准值调整" in sheet()._said.text()
    at_paper.press("校准打印机")
    at_paper.press("打印核对页")
    proof = printer.jobs()[-1]
    assert "量的数不要填成校准值" in text_of(proof.document)[0], "else who measures it would undo the correction"
    across, down = 157.2 / 156, 224.1 / 225
    width, height, left, top = frame(proof.document)
    came_out = (width * across, height * down, left * across + 27 - 28 * across, top * down + 38.5 - 37 * down)
    assert came_out == pytest.approx((156, 225, 28, 37), abs=0.3), "what this printer would make of it is true"
    at_paper.press("去掉校准值")
    assert printing.habit_of(at_paper.window.desk.book, printer.name).correction == Correction()
    assert not prints(at_paper), "a calibration page is no paper of the case"


def sheet_text(hand: Hand) -> str:
    from inspector_app.ui.widgets.text import Text

    return " ".join(text.text() for text in hand.all(Text))


def test_where_there_is_no_cups_the_pages_are_drawn_true(
    printer: PrintSystem, qapp: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Qt draws on the same printer, as it would on another system."""
    monkeypatch.setattr(spooler, "queue_of", lambda name: None)
    correction = Correction(1.0, 1.0, 2.0, -1.0)
    outcome = sent(printer, printing.calibration_page(), plan=Plan(correction=correction))
    assert outcome.copies == 1 and outcome.problem is None
    until = time.monotonic() + SECONDS
    while not printer.begun() and time.monotonic() < until:
        QApplication.processEvents()
    (job,) = printer.jobs()
    assert frame(job.document) == pytest.approx((156, 225, 30, 36), abs=0.3)


def test_the_systems_own_dialog_prints_too(at_paper: Hand, printer: PrintSystem, qtbot: QtBot) -> None:
    at_paper.key("Ctrl+P")
    at_paper.press("系统打印设置")
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QPrintDialog)
    dialog.accept()
    at_paper.settle()
    assert not at_paper.problem()
    qtbot.waitUntil(lambda: bool(printer.jobs()), timeout=WAIT)
    (event,) = prints(at_paper)
    assert (event["copies"], event["printer"]) == (1, printer.name)
    assert "没有确认印完" in words("paper_printed", event), (
        "pages that Qt draws are handed over, and nobody tells of them"
    )


def test_a_file_is_no_copy_on_paper(at_paper: Hand, printer: PrintSystem, tmp_path: Path) -> None:
    """The system's dialog offers one as well."""
    at_paper.key("Ctrl+P")
    at_paper.press("系统打印设置")
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QPrintDialog)
    names, file = dialog.findChild(QComboBox, "printers"), dialog.findChild(QLineEdit, "filename")
    assert isinstance(names, QComboBox) and isinstance(file, QLineEdit)
    names.setCurrentIndex(names.count() - 1)  # into a file
    file.setText(str(tmp_path / "存的.pdf"))
    dialog.accept()
    at_paper.settle()
    assert "存成了文件“存的.pdf”，没有印到纸上" in at_paper.problem() and (tmp_path / "存的.pdf").stat().st_size
    assert [event["copies"] for event in prints(at_paper)] == [0] and notice(at_paper).printed == 0


# -- what fails -----------------------------------------------------------------------------------------------


def test_a_printer_that_vanishes_is_told_and_the_count_stays_true(
    at_paper: Hand, printer: PrintSystem, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    """It dies with the job in hand; nothing is counted, the job is taken back and asked for again as it was."""
    monkeypatch.setattr(press, "PATIENCE", 0.6)
    printer.vanish()
    at_paper.key("Ctrl+P")
    at_paper.type("2")
    at_paper.key("Return")
    qtbot.waitUntil(lambda: at_paper.problem() != "", timeout=WAIT)
    assert "没有了回应" in at_paper.problem() and "没有计入份数" in at_paper.problem()
    (event,) = prints(at_paper)
    assert (event["copies"], event["asked"]) == (0, 2) and "没有了回应" in str(event["reason"])
    assert words("paper_printed", event).startswith("打印没有完成")
    assert notice(at_paper).printed == 0
    printer.vanish(False)
    printer.switch_on()
    at_paper.key("Ctrl+P")
    assert sheet().copies.text() == "2"
    at_paper.key("Return")
    (job,) = printer.jobs()
    assert job.told["COPIES"] == "2", "the job that was taken back did not come out later"
    assert notice(at_paper).printed == 2
    assert [event["copies"] for event in prints(at_paper)] == [0, 2]


def test_a_print_can_be_stopped(at_paper: Hand, printer: PrintSystem, qtbot: QtBot) -> None:
    printer.hold()
    at_paper.key("Ctrl+P")
    sheet().act.click()
    qtbot.waitUntil(printer.begun, timeout=WAIT)
    at_paper.window.desk.locked.emit()
    assert "做完或停下后再锁定" in at_paper.problem()
    work = at_paper.window.work
    qtbot.waitUntil(work._stop.isVisible, timeout=WAIT)
    work._stop.click()
    at_paper.settle()
    printer.release()
    assert "停下了" in at_paper.problem()
    assert [event["copies"] for event in prints(at_paper)] == [0] and notice(at_paper).printed == 0


def test_what_a_printer_waits_for_is_told_and_counts_when_it_is_done(
    at_paper: Hand, printer: PrintSystem, qtbot: QtBot
) -> None:
    """Without paper, and with its queue paused: the strip says why, and the job goes on by itself."""
    strip = at_paper.window.work._text
    printer.run_dry()
    at_paper.key("Ctrl+P")
    sheet().act.click()
    qtbot.waitUntil(lambda: "缺纸，处理好会接着打" in strip.text(), timeout=WAIT)
    printer.refill()
    at_paper.settle()
    assert not at_paper.problem() and notice(at_paper).printed == 1
    printer.order("cupsdisable", printer.name)
    try:
        at_paper.key("Ctrl+P")
        sheet().act.click()
        qtbot.waitUntil(lambda: "打印队列暂停了" in strip.text(), timeout=WAIT)
    finally:
        printer.order("cupsenable", printer.name)
    at_paper.settle()
    assert notice(at_paper).printed == 2 and [event["copies"] for event in prints(at_paper)] == [1, 1]


def test_a_printer_that_is_not_seen_to_is_given_up_with_the_reason(
    printer: PrintSystem, qapp: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(press, "START", 4.0)
    monkeypatch.setattr(press, "SHEET", 1.0)
    printer.run_dry()
    outcome = sent(printer, printing.calibration_page())
    printer.refill()
    assert outcome.copies == 0 and outcome.problem is not None and outcome.problem.code == "printer_waits"
    assert "缺纸" in outcome.problem.fact and "没有计入份数" in str(outcome.problem)


def test_what_is_refused_is_no_print(printer: PrintSystem, qapp: object) -> None:
    with pytest.raises(Problem) as caught:
        sent(printer, b"no pdf")
    assert caught.value.code == "bad_pdf"
    printer.order("cupsreject", printer.name)
    try:
        with pytest.raises(Problem) as caught:
            sent(printer, printing.calibration_page())
    finally:
        printer.order("cupsaccept", printer.name)
    assert caught.value.code == "print_refused" and "没有接收" in str(caught.value)
    with ThreadPoolExecutor(1) as line, pytest.raises(Problem) as caught:
        line.submit(press.send, "示例", printing.calibration_page(), Order("改了名的打印机")).result()
    assert caught.value.code == "printer_missing" and printer.name in str(caught.value), (
        "no other printer takes its place"
    )
    assert not printer.jobs()


def test_a_job_that_is_cancelled_elsewhere_is_told(printer: PrintSystem, qapp: object) -> None:
    printer.hold()
    cancelled: list[bool] = []

    def step(waits: str) -> bool:
        if printer.begun() and not cancelled:
            printer.order("cancel", "-a", printer.name)
            cancelled.append(True)
        return True

    outcome = sent(printer, printing.calibration_page(), step)
    printer.release()
    assert outcome.copies == 0 and outcome.problem is not None and outcome.problem.code == "print_broken"
