"""The photo of one piece of evidence beside what it must state."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from ...domain.evidence import Evidence
from ..pictures import Pictures
from ..theme import look
from ..widgets.canvas import paint_marks
from ..widgets.pressable import Pressable, paint_focus


class EvidencePicture(Pressable):
    """A photo in its own proportion, as wide as the panel, with its marks; pressed it is shown large."""

    def __init__(self, pictures: Pictures, large: Callable[[], object]) -> None:
        super().__init__()
        self._pictures = pictures
        self._piece: Evidence | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(look.px(226))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda _: large())

    def sizeHint(self) -> QSize:
        return QSize(look.px(268), look.px(226))

    def show_piece(self, piece: Evidence | None) -> None:
        self._piece = piece
        self.setVisible(piece is not None)
        if piece is not None:
            self.setAccessibleName(f"看大图 {piece.number}，{piece.proves}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        piece = self._piece
        if piece is None:
            return
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        path = QPainterPath()
        path.addRoundedRect(QRectF(self.rect()), look.px(8), look.px(8))
        painter.setClipPath(path)
        painter.fillRect(self.rect(), look.colour("track"))
        large = self._pictures.of(piece, 1280)
        image = self._pictures.of(piece, 320) if large is None else large
        if image is not None and not image.isNull():
            size = image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            target = QRectF(0, 0, size.width(), size.height())
            target.moveCenter(QRectF(self.rect()).center())
            painter.drawImage(target, image)
            if piece.marks_shown:
                paint_marks(painter, target, piece.marks, image)
        painter.setClipping(False)
        if self.ringed:
            paint_focus(painter, QRectF(self.rect()), look.px(8))
        painter.end()
