"""Printing at true size, and watching a print until the printer's side has confirmed it.

Where the print system is CUPS, it is given the PDF itself (`spooler`); elsewhere every page is drawn on the paper's own
corner, scale 1, whatever the printer's margins are. Printers are asked for on the worker: a network printer that does
not answer must not freeze the window.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSize, QSizeF
from PySide6.QtGui import QGuiApplication, QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QWidget

from ..actions import printing
from ..domain.printing import Order, Outcome, Plan
from ..domain.problems import Problem
from . import spooler
from .desk import Desk
from .spooler import JobState
from .surroundings import has_screen
from .widgets.pages import PdfBytes

_SHARPEST = 600
"""Dots per inch of a printed page; finer than this nobody sees and memory suffers."""
_LOOK = 0.2
"""Seconds between two looks at a job."""
PATIENCE = 20.0
"""Seconds in which a printer may not answer before its job is taken back: sleeping ones need some to wake."""
START, SHEET = 180.0, 20.0
"""Seconds that a job may be printing, or waiting for a person, at most: to warm up, and for each sheet."""


Step = Callable[[str], bool]
"""Called between the parts of a print with what the printer waits for, "" for nothing; False asks to stop it."""


@dataclass(frozen=True, slots=True)
class Machine:
    """A printer of this computer."""

    name: str
    duplex: bool
    colour: bool


def printers() -> list[str]:
    """Names of the printers of this computer. May take seconds: call it on the worker."""
    return [str(name) for name in QPrinterInfo.availablePrinterNames()]


def machines() -> list[Machine]:
    """The printers and what they can, the system's own choice first. May take seconds: call it on the worker."""
    names, chosen = printers(), QPrinterInfo.defaultPrinterName()
    found = [QPrinterInfo.printerInfo(name) for name in sorted(names, key=lambda name: name != chosen)]
    return [
        Machine(info.printerName(), QPrinter.DuplexMode.DuplexLongSide in info.supportedDuplexModes(),
                QPrinter.ColorMode.Color in info.supportedColorModes())
        for info in found
    ]  # fmt: skip


def laid_out(content: bytes, plan: Plan) -> bytes:
    """What is sent for a plan, and what the preview shows: the same bytes. Raises `Problem("paper_unfit")`."""
    return printing.fit(content, plan, _grey)


def _grey(jpeg: bytes) -> bytes:
    """A JPEG without its colours."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImage.fromData(jpeg).convertToFormat(QImage.Format.Format_Grayscale8).save(buffer, "JPEG", 90)  # type: ignore[call-overload]
    return bytes(buffer.data().data())


# -- sending --------------------------------------------------------------------------------------------------


def send(title: str, content: bytes, order: Order, step: Step = lambda waits: True) -> Outcome:
    """Print, and stay until it is known what became of it. Call it off the window's thread.

    Raises:
        Problem: `print_refused`, `no_printer`, `printer_missing`, `bad_pdf`, `paper_unfit`; nothing went to the printer then.
    """
    content = laid_out(content, order.plan)
    sent = hashlib.sha256(content).hexdigest()
    queue = spooler.queue_of(order.printer)
    if queue is not None:
        return replace(_spool(queue, title, content, order, step), sent=sent)
    _check_known(order.printer)  # for one that was renamed or removed meanwhile Qt takes another
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPrinterName(order.printer)
    printer.setCopyCount(order.copies)
    printer.setDocName(title)
    duplex = QPrinter.DuplexMode.DuplexLongSide if order.duplex else QPrinter.DuplexMode.DuplexNone
    printer.setDuplex(duplex)
    _, whole = paint(content, printer, lambda n, m: step(""))
    if whole:
        return Outcome(order.copies, None, sent, confirmed=False)
    return Outcome(0, Problem("print_stopped", title=title), sent)


def _check_known(name: str) -> list[str]:
    """The printers of this computer. Raises Problem: `no_printer`, and `printer_missing` where a name is given that none has."""
    known = printers()
    if not known:
        raise Problem("no_printer")
    if name and name not in known:
        raise Problem("printer_missing", name=name, known="、".join(known))
    return known


def _spool(queue: spooler.Queue, title: str, content: bytes, order: Order, step: Step) -> Outcome:
    """One job of the print system, from handing over to its last word. What was stopped or lost is taken back, so
    that it does not come out later and uncounted."""
    document = PdfBytes(content).document
    count = document.pageCount()
    if count < 1:
        raise Problem("bad_pdf")
    size = document.pagePointSize(0)
    millimetres = [round(points * 25.4 / 72) for points in (size.width(), size.height())]
    a4 = sorted(millimetres) == [210, 297]
    media = "iso_a4_210x297mm" if a4 else "custom_{}x{}mm_{}x{}mm".format(*millimetres, *millimetres)
    options = {
        "copies": str(order.copies), "media": media, "print-scaling": "none", "multiple-document-handling":
        "separate-documents-collated-copies", "sides": "two-sided-long-edge" if order.duplex else "one-sided",
    }  # fmt: skip
    if order.plan.thermal:
        options["print-color-mode"] = "monochrome"
    about = {"printer": order.printer, "title": title}
    job = queue.submit(title, content, options)
    patience = _Patience(queue, START + SHEET * count * order.copies)
    while True:
        state = queue.state(job)
        if state is JobState.COMPLETED:
            return Outcome(order.copies)
        if state in (JobState.CANCELLED, JobState.ABORTED, JobState.STOPPED):
            return _taken_back(queue, job, order, Problem("print_broken", **about))
        if not step(patience.waits):
            return _taken_back(queue, job, order, Problem("print_stopped", **about))
        if patience.lost(state):
            lost = (
                Problem("printer_waits", **about, why=patience.waits)
                if patience.waits
                else Problem("printer_lost", **about)
            )
            return _taken_back(queue, job, order, lost)
        time.sleep(_LOOK)


def _taken_back(queue: spooler.Queue, job: int, order: Order, problem: Problem) -> Outcome:
    """Cancel a job; one that was done just then is done after all."""
    if queue.state(job) not in (JobState.CANCELLED, JobState.ABORTED, JobState.COMPLETED):
        queue.cancel(job)
    ended = queue.state(job)
    if ended is JobState.COMPLETED:
        return Outcome(order.copies)
    if ended not in (JobState.CANCELLED, JobState.ABORTED):
        problem = Problem("print_stuck", **problem.facts)
    return Outcome(0, problem)


class _Patience:
    """Tells when a printer is to be given up: it does not answer any more, or prints or waits far too long."""

    def __init__(self, queue: spooler.Queue, longest: float) -> None:
        self._queue, self._longest = queue, longest
        self._begun = 0.0
        self._heard = self.waits = ""  # what for; told when it is heard twice, since the first may be of the job before
        self._seen = self._asked = time.monotonic()

    def lost(self, state: JobState) -> bool:
        now = time.monotonic()
        if (state is JobState.PROCESSING or self.waits) and not self._begun:
            self._begun = now
        if now - self._asked > min(1.0, PATIENCE / 3):
            self._asked = now
            if state is not JobState.UNKNOWN and self._queue.reachable():
                self._seen = time.monotonic()
            before, self._heard = self._heard, self._queue.waits_for(state)
            self.waits = self._heard if self._heard == before else ""
        return now - self._seen > PATIENCE or bool(self._begun and now - self._begun > self._longest)


def paint(content: bytes, printer: QPrinter, step: Callable[[int, int], bool] = lambda n, m: True) -> tuple[int, bool]:
    """Draw every page of a PDF at true size; returns how many, and whether all. `step` returning False stops.

    Raises:
        Problem: `bad_pdf` when the bytes are no PDF, `no_printer` when the printer refuses.
    """
    pdf = PdfBytes(content)
    pages = pdf.document.pageCount()
    if pages < 1:
        raise Problem("bad_pdf")
    _set_paper(printer, pdf.document.pagePointSize(0))
    painter = QPainter()
    if not painter.begin(printer):
        raise Problem("no_printer")
    try:
        for number in range(pages):
            if not step(number, pages):
                printer.abort()
                return number, False
            size = pdf.document.pagePointSize(number)
            if number:
                _set_paper(printer, size)
                printer.newPage()
            dots = min(printer.resolution(), _SHARPEST) / 72
            image = pdf.document.render(number, QSize(round(size.width() * dots), round(size.height() * dots)))
            unit = printer.resolution() / 72
            painter.drawImage(QRectF(0, 0, size.width() * unit, size.height() * unit), image)
    finally:
        painter.end()
    return pages, printer.printerState() is not QPrinter.PrinterState.Error


def _set_paper(printer: QPrinter, points: QSizeF) -> None:
    """The paper of a page; the page begins at the paper's own corner, not at what the printer can reach."""
    wide = points.width() > points.height()
    upright = QSizeF(min(points.width(), points.height()), max(points.width(), points.height()))
    size = QPageSize(upright, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.FuzzyMatch)
    way = QPageLayout.Orientation.Landscape if wide else QPageLayout.Orientation.Portrait
    layout = QPageLayout(size, way, QMarginsF(0, 0, 0, 0))
    layout.setMode(QPageLayout.Mode.FullPageMode)  # a layout brings its own mode: QPrinter.setFullPage is undone by it
    printer.setPageLayout(layout)


# -- from the window ------------------------------------------------------------------------------------------

Then = Callable[[Order, Outcome], object]


def print_out(desk: Desk, title: str, content: bytes, order: Order, then: Then) -> None:
    """Print on the printer's own line, with a way to stop it; `then` is called once it is known what became of it. The
    window neither locks nor closes before."""
    _watch(desk, title, order, then, lambda step: send(title, content, order, step))


def _watch(desk: Desk, title: str, order: Order, then: Then, work: Callable[[Step], Outcome]) -> None:
    what = f"打印《{title}》"

    def end(outcome: Outcome) -> None:
        then(order, outcome)
        if outcome.problem is not None:
            desk.told.emit(str(outcome.problem), "bad")

    def step(waits: str) -> bool:
        return desk.step(f"{what}：{waits}，处理好会接着打" if waits else what, 0, 1)

    desk.run(what, lambda: work(step), end, can_stop=True, printer=True)


def by_system(parent: QWidget, desk: Desk, title: str, content: bytes, order: Order, then: Then) -> None:
    """The system's own dialog, for what only the printer's maker knows; the pages are drawn then."""

    def ask(printer: QPrinter) -> None:
        printer.setDocName(title)
        dialog = QPrintDialog(printer, parent)
        dialog.setWindowTitle(f"打印《{title}》")
        dialog.accepted.connect(lambda: go(printer))
        QDialog.open(dialog)

    def go(printer: QPrinter) -> None:
        asked = replace(order, printer=printer.printerName() or "打印到文件", copies=printer.copyCount(),
                        duplex=printer.duplex() is not QPrinter.DuplexMode.DuplexNone)  # fmt: skip

        def work(step: Step) -> Outcome:
            laid = laid_out(content, order.plan)
            _, whole = paint(laid, printer, lambda n, m: step(""))
            problem = None if whole else Problem("print_stopped", title=title)
            if whole and printer.outputFileName():
                problem = Problem("printed_to_file", title=title, file=Path(printer.outputFileName()).name)
            return Outcome(0 if problem else asked.copies, problem, hashlib.sha256(laid).hexdigest(), confirmed=False)

        _watch(desk, title, asked, then, work)

    # A printer object asks the system for its default printer, so that it is made on the worker, too.
    desk.run("查找打印机", lambda: QPrinter(QPrinter.PrinterMode.HighResolution), ask)


# -- from the command line ------------------------------------------------------------------------------------


def _telling() -> Step:
    """Says on stderr what the printer waits for, once for each thing."""
    said = [""]

    def step(waits: str) -> bool:
        if waits and waits != said[0]:
            print(f"{waits}，处理好会接着打", file=sys.stderr, flush=True)
        said[0] = waits
        return True

    return step


def print_file(file: Path, name: str = "", copies: int = 1) -> int:
    """`inspector-app print FILE`: send a PDF to a printer at true size; returns the exit status.

    It needs no screen, and knows nothing of corrections: those lie in the encrypted database. The file is looked at
    before the printers are.

    Raises:
        OSError: the file cannot be read.
        Problem: `bad_pdf`, `no_printer`, `printer_missing`, and what became of a job that was not done.
    """
    content = file.read_bytes()
    if not has_screen():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = QGuiApplication.instance() or QGuiApplication(["inspector-app"])
    try:
        pages = PdfBytes(content).document.pageCount()
        if pages < 1:
            raise Problem("bad_pdf")
        known = _check_known(name)
        order = Order(name or QPrinterInfo.defaultPrinterName() or known[0], copies)
        outcome = send(file.name, content, order, _telling())
    finally:
        del app
    if outcome.problem is not None:
        raise outcome.problem
    left = "" if outcome.confirmed else "；是否印完，看打印机"
    print(f"已送到 {order.printer}：{pages} 页，{outcome.copies} 份{left}")
    return 0
