"""Pictures of evidence, opened and scaled off the window's thread; what was wished for last comes first.

Nothing is ever in the clear but in memory: the newest are kept up to `ROOM` bytes and forgotten when the session ends.
"""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader

from ..domain.evidence import Evidence
from ..domain.problems import Problem
from .desk import Desk

ROOM = 48 * 1024 * 1024
"""Bytes of decoded pictures that are kept: some 600 tiles at 100 %."""

WAITING = 120
"""Wishes that may wait: more than a screen of tiles; what was scrolled past long ago is dropped."""

SHARPEST = 4096
"""Longest side in pixels of an original on view; 48 MB in memory, and enough to read a label from across a room."""

_SHOWN = frozenset({"image/jpeg", "image/png"})
"""Types of originals that Qt decodes; of others the copy made at intake is shown."""

Key = tuple[str, int]


class Pictures(QObject):
    """Asked by `of`, which answers at once: with a picture, or with None while it is on its way (`came` follows).

    A null image stands for a file that is away or damaged; that is told once.
    """

    came = Signal(str)  # number of the piece
    sharpened = Signal(str, QImage)  # digest of the original, and what of it is shown

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._held: OrderedDict[Key, QImage] = OrderedDict()
        self._bytes = 0
        self._wished: OrderedDict[Key, Evidence] = OrderedDict()
        self._asked: Key | None = None
        self._round = 0
        desk.leaving.connect(self.forget)

    def forget(self) -> None:
        """The session ends, or another case is opened: what is on its way is not kept any more."""
        self._held.clear()
        self._wished.clear()
        self._bytes, self._round = 0, self._round + 1

    def of(self, piece: Evidence, longest: int) -> QImage | None:
        """The picture of a piece, `longest` pixels on its longer side at the most where it is a tile; None while it comes."""
        digest = piece.thumbnail if longest <= 320 else piece.copy
        if not digest:
            return QImage()
        key = (digest, longest)
        if key in self._held:
            self._held.move_to_end(key)
            return self._held[key]
        self._wished[key] = piece
        self._wished.move_to_end(key)
        while len(self._wished) > WAITING:
            self._wished.popitem(last=False)
        self._next()
        return None

    def _next(self) -> None:
        if self._asked is not None or not self._wished:
            return
        key, piece = self._wished.popitem()
        self._asked = key
        digest, longest = key
        queries, asked_in = self._desk.queries, self._round

        def arrived(image: QImage) -> None:
            self._asked = None
            if asked_in == self._round:
                self._keep(key, image)
                self.came.emit(piece.number)
            if self._desk.session is not None:
                self._next()

        def failed(problem: Problem) -> None:
            self._desk.told.emit(str(problem), "bad")
            arrived(QImage())

        work = lambda: decoded(queries.content(digest, f"证据 {piece.number}"), longest)  # noqa: E731
        self._desk.tasks.run(work, arrived, failed, picture=True)

    def _keep(self, key: Key, image: QImage) -> None:
        self._held[key] = image
        self._bytes += image.sizeInBytes()
        while self._bytes > ROOM and len(self._held) > 1:
            self._bytes -= self._held.popitem(last=False)[1].sizeInBytes()

    def sharpen(self, piece: Evidence) -> None:
        """Ask for the original, for a large view; where it cannot be had or shown nothing comes, and the copy stays."""
        queries, asked_in = self._desk.queries, self._round

        def arrived(image: QImage) -> None:
            if asked_in == self._round and not image.isNull():
                self.sharpened.emit(piece.sha256, image)

        if piece.mime in _SHOWN and not piece.secret:
            work = lambda: decoded(queries.original(piece), SHARPEST)  # noqa: E731
            self._desk.tasks.run(work, arrived, lambda problem: None, picture=True)


def decoded(content: bytes, longest: int) -> QImage:
    """A picture decoded at once in the size that is wanted, upright; a null image where it is none."""
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    if max(size.width(), size.height()) > longest:
        reader.setScaledSize(size.scaled(QSize(longest, longest), Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read().convertToFormat(QImage.Format.Format_RGB32)
