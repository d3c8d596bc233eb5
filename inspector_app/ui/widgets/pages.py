"""Pages of a PDF one under the other, drawn when they come into view."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, QSize, Qt
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtPdf import QPdfDocument
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from ..theme import look

WIDEST = 720
"""Pixels of a page at most: a text line of a paper is read well at this width and a wider one is no better."""


class PdfBytes:
    """A PDF document opened from memory; the buffer lives as long as the document."""

    def __init__(self, content: bytes) -> None:
        self._buffer = QBuffer()
        self._buffer.setData(QByteArray(content))
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self.document = QPdfDocument()
        self.document.load(self._buffer)


class Pages(QAbstractScrollArea):
    """A desk with sheets on it. Page up and down, arrows, Home and End move; `page` is the one on view."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("文书预览")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().valueChanged.connect(lambda _: self.viewport().update())
        self._pdf: PdfBytes | None = None
        self._images: dict[tuple[int, int, int], QImage] = {}

    @property
    def count(self) -> int:
        return self._pdf.document.pageCount() if self._pdf is not None else 0

    @property
    def page(self) -> int:
        """Number of the page in the middle of the view, from 1."""
        middle = self.verticalScrollBar().value() + self.viewport().height() // 2
        return sum(place.top() <= middle for place in self._places())

    def go_to(self, page: int) -> None:
        """Bring a page into view, counted from 1."""
        if 1 <= page <= self.count:
            self.verticalScrollBar().setValue(self._places()[page - 1].top() - look.px(14))

    def show_nothing(self) -> None:
        """An empty desk while another paper is being set."""
        self._pdf = None
        self._images.clear()
        self._settle()
        self.setAccessibleDescription("正在排版")
        self.viewport().update()

    def show_pdf(self, content: bytes) -> None:
        """Show other bytes, keeping the place."""
        self._pdf = PdfBytes(content)
        self._images.clear()
        self._settle()
        self.setAccessibleDescription(f"共 {self.count} 页")
        self.viewport().update()

    def _places(self) -> list[QRect]:
        """Where each sheet lies on the desk, in pixels from its top."""
        gap, places = look.px(14), []
        wide = min(self.viewport().width() - 2 * gap, look.px(WIDEST))
        left, top = (self.viewport().width() - wide) // 2, gap
        for number in range(self.count):
            assert self._pdf is not None
            size = self._pdf.document.pagePointSize(number)
            high = round(wide * size.height() / size.width())
            places.append(QRect(left, top, wide, high))
            top += high + gap
        return places

    def _settle(self) -> None:
        places = self._places()
        whole = places[-1].bottom() + look.px(14) if places else 0
        bar = self.verticalScrollBar()
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(look.px(48))
        bar.setRange(0, max(0, whole - self.viewport().height()))

    def _image(self, number: int, size: QSize, ratio: float) -> QImage:
        key = (number, size.width(), round(ratio * 100))
        if key not in self._images:
            assert self._pdf is not None
            image = self._pdf.document.render(number, size * ratio)
            image.setDevicePixelRatio(ratio)
            if len(self._images) > 12:
                self._images.clear()
            self._images[key] = image
        return self._images[key]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), look.colour("desk"))
        shift = self.verticalScrollBar().value()
        device = painter.device()
        ratio = device.devicePixelRatioF() if device is not None else self.devicePixelRatioF()
        for number, place in enumerate(self._places()):
            sheet = place.translated(0, -shift)
            if not sheet.intersects(self.viewport().rect()):
                continue
            painter.fillRect(sheet, look.colour("sheet"))
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
            painter.drawImage(sheet.topLeft(), self._image(number, sheet.size(), ratio))
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            painter.setPen(QPen(look.colour("line"), 1))
            painter.drawRect(sheet)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._images.clear()
        self._settle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        if event.key() == Qt.Key.Key_Home:
            bar.setValue(0)
        elif event.key() == Qt.Key.Key_End:
            bar.setValue(bar.maximum())
        else:
            super().keyPressEvent(event)
