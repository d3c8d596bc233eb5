"""Scanned PDF files page by page. Qt's own reader (PDFium) draws them; it runs nothing that stands in a file.

What a file claims costs no more than what is asked for here: its bytes, its pages and the size of a drawn page have limits.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, QSize, QSizeF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPdf import QPdfDocument

from ..actions.signed_pages import Leaf
from ..domain.problems import Problem
from .drawn import heaviest
from .widgets.pages import PdfBytes

LARGEST = 64 * 1024 * 1024
MOST = 200
DPI = 300
HEAVIEST = 4_000_000
"""Bytes of operators on a page: some 100,000 lines, which take four seconds; a scan has a few hundred bytes."""
LONGEST = 4000
"""Pixels of the longer side of a drawn page; A4 at 300 dpi has 3508."""

_HEAD = 1024  # bytes in which a reader looks for the mark of a PDF (ISO 32000-1, annex H.3.4.1)


def is_pdf(file: Path) -> bool:
    """Whether the bytes begin as those of a PDF do, whatever the file is called."""
    try:
        with file.open("rb") as stream:
            return b"%PDF-" in stream.read(_HEAD)
    except OSError:
        return False


def leaves(file: Path) -> list[Leaf]:
    """The pages of a scanned PDF, none of them drawn yet.

    Raises:
        Problem: `pdf_too_large` (bytes or pages), `pdf_drawing`, `pdf_locked`, `pdf_damaged`, `pdf_empty`.
    """
    name = file.name
    try:
        size = file.stat().st_size
        if size > LARGEST:
            raise Problem("pdf_too_large", name=name, size=f"{size // 1_000_000} MB", most=f"{LARGEST // 1_000_000} MB")
        content = file.read_bytes()
    except OSError as error:
        raise Problem("pdf_damaged", name=name) from error
    pdf = PdfBytes(content)
    fault, count = pdf.document.error(), pdf.document.pageCount()
    if fault in (QPdfDocument.Error.IncorrectPassword, QPdfDocument.Error.UnsupportedSecurityScheme):
        raise Problem("pdf_locked", name=name)
    if fault is not QPdfDocument.Error.None_:
        raise Problem("pdf_damaged", name=name)
    if not count:
        raise Problem("pdf_empty", name=name)
    if count > MOST:
        raise Problem("pdf_too_large", name=name, size=f"{count} 页", most=f"{MOST} 页")
    if heaviest(content, HEAVIEST) > HEAVIEST:
        raise Problem("pdf_drawing", name=name)
    return [Leaf(file, content, n + 1, partial(_draw, content, n, f"{name} 第 {n + 1} 页")) for n in range(count)]


def _draw(content: bytes, number: int, name: str) -> tuple[tuple[int, int], bytes]:
    """A page on white. The document is opened anew: it belongs to the thread that opened it."""
    pdf = PdfBytes(content)
    size = _pixels(pdf.document.pagePointSize(number))
    drawn = pdf.document.render(number, size)
    if drawn.isNull():
        raise Problem("pdf_damaged", name=name)
    sheet = QImage(size, QImage.Format.Format_RGB888)
    sheet.fill(0xFFFFFFFF)
    painter = QPainter(sheet)
    painter.drawImage(QPoint(0, 0), drawn)
    painter.end()
    return (size.width(), size.height()), bytes(sheet.constBits())


def _pixels(points: QSizeF) -> QSize:
    """The size of a page of so many points; the width is a multiple of four, as lines of pixels are in memory."""
    scale = min(DPI / 72, LONGEST / max(points.width(), points.height(), 1.0))
    return QSize(max(4, round(points.width() * scale / 4) * 4), max(4, round(points.height() * scale)))
