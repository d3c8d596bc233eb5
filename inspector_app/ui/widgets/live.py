"""A picture that moves: frames of a live source or of a film, as large as they fit."""

from __future__ import annotations

from time import monotonic

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtMultimedia import QVideoFrame, QVideoSink
from PySide6.QtWidgets import QWidget

from ..theme import look

_LEAST = 0.066
"""Seconds between two pictures: turning a frame into one takes 10 ms, and answers come first."""


class LivePicture(QWidget):
    """Shows what comes into a sink; until then, and for sound alone, a sentence."""

    def __init__(self, sink: QVideoSink, name: str, waiting: str) -> None:
        super().__init__()
        self._image, self._drawn, self._waiting = QImage(), 0.0, waiting
        self._over, self._opacity = QImage(), 0.5
        self.setAccessibleName(name)
        self.setMinimumSize(look.px(320), look.px(180))
        sink.videoFrameChanged.connect(self.show_frame)

    def show_frame(self, frame: QVideoFrame) -> None:
        """Take a frame, unless the last was shown just now."""
        now = monotonic()
        if now - self._drawn >= _LEAST and self.isVisible() and frame.isValid():
            self._image, self._drawn = frame.toImage(), now
            self.update()

    def say(self, sentence: str) -> None:
        """What stands there instead of a picture."""
        self._waiting = sentence
        self.update()

    def lay_over(self, over: QImage, opacity: float) -> None:
        """Lay an older picture half-transparent over this one, as large as it fits there; a null image takes it away. It is
        for the eye alone: no photo has it."""
        self._over, self._opacity = over, opacity
        self.update()

    @property
    def is_empty(self) -> bool:
        return self._image.isNull()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), look.colour("rail"))
        if self._image.isNull():
            painter.setPen(look.colour("rail_ink"))
            painter.setFont(look.font("body"))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self._waiting)
        else:
            target = _fitted(self._image, QRectF(self.rect()))
            painter.drawImage(target, self._image)
            if not self._over.isNull():
                painter.setOpacity(self._opacity)
                painter.drawImage(_fitted(self._over, target), self._over)
        painter.end()


def _fitted(image: QImage, room: QRectF) -> QRectF:
    """Where an image stands that is as large as it fits, in the middle."""
    size = QSizeF(image.size()).scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    target = QRectF(0, 0, size.width(), size.height())
    target.moveCenter(room.center())
    return target
