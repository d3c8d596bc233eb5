"""Printing at true size: every page is set on the paper's own corner, scale 1, whatever the printer's margins are.

Lists of printers are fetched on the worker: a network printer that does not answer must not freeze the window.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, QSize, QSizeF
from PySide6.QtGui import QGuiApplication, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QWidget

from ..domain.problems import Problem
from .desk import Desk
from .widgets.pages import PdfBytes

_SHARPEST = 600
"""Dots per inch of a printed page; finer than this nobody sees and memory suffers."""


def printers() -> list[str]:
    """Names of the printers of this computer. May take seconds: call it on the worker."""
    return [str(name) for name in QPrinterInfo.availablePrinterNames()]


def paint(content: bytes, printer: QPrinter, step: Callable[[int, int], bool] = lambda n, m: True) -> int:
    """Draw every page of a PDF at true size; returns the number of pages. `step` returning False stops.

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
                return number
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
    return pages


def _set_paper(printer: QPrinter, points: QSizeF) -> None:
    """The paper of a page; the page begins at the paper's own corner, not at what the printer can reach."""
    wide = points.width() > points.height()
    upright = QSizeF(min(points.width(), points.height()), max(points.width(), points.height()))
    size = QPageSize(upright, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.FuzzyMatch)
    way = QPageLayout.Orientation.Landscape if wide else QPageLayout.Orientation.Portrait
    layout = QPageLayout(size, way, QMarginsF(0, 0, 0, 0))
    layout.setMode(QPageLayout.Mode.FullPageMode)  # a layout brings its own mode: QPrinter.setFullPage is undone by it
    printer.setPageLayout(layout)


def print_paper(parent: QWidget, desk: Desk, title: str, content: bytes, then: Callable[[str, int], object]) -> None:
    """Ask for printer and copies in the system's dialog and print; `then(printer, copies)` is called when it went out."""

    def look() -> QPrinter | None:
        """A printer object asks the system for its default printer, so that it is made on the worker, too."""
        return QPrinter(QPrinter.PrinterMode.HighResolution) if printers() else None

    def ask(printer: QPrinter | None) -> None:
        if printer is None:
            desk.told.emit(str(Problem("no_printer")), "bad")
            return
        printer.setDocName(title)
        dialog = QPrintDialog(printer, parent)
        dialog.setWindowTitle(f"打印《{title}》")
        dialog.accepted.connect(lambda: send(printer))
        QDialog.open(dialog)

    def send(printer: QPrinter) -> None:
        name, copies = printer.printerName() or "打印到文件", printer.copyCount()
        desk.run(f"打印《{title}》", lambda: paint(content, printer, lambda n, m: desk.step("打印", n, m)),
                 lambda _: then(name, copies))  # fmt: skip

    desk.run("查找打印机", look, ask)


def print_file(file: Path, name: str = "", copies: int = 1) -> int:
    """`inspector-app print FILE`: send a PDF to a printer at true size; returns the exit status."""
    app = QGuiApplication.instance() or QGuiApplication(["inspector-app"])
    try:
        known = printers()
        if not known:
            raise Problem("no_printer")
        if name and name not in known:
            raise Problem("printer_missing", name=name, known="、".join(known))
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setPrinterName(name or QPrinterInfo.defaultPrinterName() or known[0])
        printer.setCopyCount(copies)
        printer.setDocName(file.name)
        pages = paint(_content(file), printer)
    except Problem as problem:
        print(problem)
        return 1
    finally:
        del app
    print(f"已送到 {printer.printerName()}：{pages} 页，{copies} 份")
    return 0


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Problem("not_found", what=f"文件“{file.name}”（{error.strerror}）") from error
