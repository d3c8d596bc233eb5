"""A photo as large as the window, beside another one or under it: same zoom, same place."""

from __future__ import annotations

from functools import partial
from typing import Protocol

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QLayout, QSlider, QWidget

from ...actions import gallery
from ...domain.calendar import zh_date
from ...domain.casefile import CaseFile
from ...domain.evidence import Evidence
from ..desk import Desk
from ..pictures import Pictures
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.canvas import Canvas, View
from ..widgets.fields import Pick
from ..widgets.gallery import state_of
from ..widgets.panels import KeyHint, Tag, row
from ..widgets.text import Text
from ..widgets.wide import Wide

ONE, BESIDE, OVER = "单张", "并排", "叠加"


class Walk(Protocol):
    """The gallery under a large photo: each gives the piece that is current afterwards."""

    def walk(self, steps: int) -> Evidence | None:
        """The photo so many places further; None where there is none."""

    def clear_secrecy(self) -> Evidence | None:
        """Note that the current one holds no secret; None where that may not be noted so."""


SETTLED_MS = 200
"""How long a photo is looked at before its original is opened: who leafs through hundreds waits for none that was passed."""


class LargeSheet(Wide):
    """Looks, and clears of secrets what is looked at. What stands beside a photo is, unless another one was chosen, that of
    the last inspection of the same item, and else the next of this item."""

    def __init__(
        self, parent: QWidget, desk: Desk, case: CaseFile, piece: Evidence, pictures: Pictures, other: str = "",
        gallery: Walk | None = None,
    ) -> None:  # fmt: skip
        self._desk, self._case, self._pictures, self._gallery = desk, case, pictures, gallery
        self._others: dict[str, tuple[str, Evidence]] = {}
        self._beside: Evidence | None = None
        self._sharp: dict[str, QImage] = {}  # by digest: another inspection may have given the same number
        self._asked: set[str] = set()
        self._piece, self.mode, self._view = piece, ONE, View()
        self.left = Canvas(lambda: self._image(self._piece), self._view, "")
        self.right = Canvas(self._image_beside, self._view, "对比的照片")
        self.modes = {name: Button(name, "tab", checkable=True, height=36, key=str(n), act=partial(self.turn, name))
                      for n, name in enumerate((ONE, BESIDE, OVER), 1)}  # fmt: skip
        self.other = Pick("", [], self._choose)
        self.other.input.setAccessibleName("对比哪一张")
        self.other.input.setMinimumContentsLength(16)
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setAccessibleName("旧照片的透明度")
        self.opacity.setRange(0, 100)
        self.opacity.setValue(50)
        self.opacity.setMinimumWidth(look.px(100))
        self.opacity.valueChanged.connect(lambda _: self._lay_over())
        self._said = Text("透明度", "small", "ink2")
        photos = QWidget()
        photos.setLayout(row(self.left, self.right, spacing=8))
        super().__init__("看大图", self._head(), photos, self._foot(), parent)
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(SETTLED_MS)
        self._settled.timeout.connect(self._ask_sharp)
        pictures.came.connect(self._came)
        pictures.sharpened.connect(self._sharpened)
        self.show_piece(piece, other)
        self.open()
        self.left.setFocus()

    def _head(self) -> QLayout:
        self._number, self._proves, self._state = Text("", "h2"), Text("", "body", "ink2"), Tag("")
        beside = (*self.modes.values(), self.other, self._said, self.opacity)
        line = row(self._number, self._state, self._proves, None, *beside, spacing=8)
        line.setStretch(2, 1)
        return line

    def _foot(self) -> QLayout:
        hints = [KeyHint("＋", "放大"), KeyHint("－", "缩小"), KeyHint("0", "整张"), KeyHint("↑ ↓ ← →", "移动")]
        if self._gallery is not None:
            hints += [KeyHint("PgUp PgDn", "前后一张"), KeyHint("M", "没有涉密")]
        self._caption = Text("", "small", "ink2")
        line = row(*hints, 16, self._caption, Button("返回", "secondary", act=self.reject, height=36), spacing=12)
        line.setStretch(len(hints) + 1, 1)
        return line

    def show_piece(self, piece: Evidence, other: str = "") -> None:
        """Look at this one; `other` is the number of what is to stand beside it."""
        self._say(piece)
        self._sharp.clear()
        self._asked.clear()
        self._others, self._beside = _others(self._desk, self._case, piece, other), None
        self.setWindowTitle(f"看大图 {piece.number}")
        self.left.setAccessibleName(f"{piece.number} 大图")
        self._view.whole()
        self.left.show_marks(piece.marks if piece.marks_shown else ())
        self.other.input.clear()
        for key, (said, _) in self._others.items():
            self.other.input.addItem(said, key)
        if self._others:
            self._choose(next(iter(self._others)))
        self.turn(BESIDE if other or any(key.startswith("last") for key in self._others) else ONE)
        self._settled.start()

    def _say(self, piece: Evidence) -> None:
        """What it is, and how it stands."""
        self._piece, (words, sign, tone) = piece, state_of(piece)
        self._number.setText(piece.number)
        self._proves.setText(piece.proves)
        self._state.show_state(words, tone, sign)

    def turn(self, mode: str) -> None:
        """One photo, two beside each other, or the older one laid over the newer."""
        mode = mode if self._beside is not None else ONE
        self.mode = mode
        for name, button in self.modes.items():
            button.setChecked(name == mode)
            button.set_blocked("" if name == ONE or self._beside is not None else "这一项没有别的照片可以对比")
        self.right.setVisible(mode == BESIDE)
        self.other.setVisible(mode != ONE)
        for part in (self._said, self.opacity):
            part.setVisible(mode == OVER)
        beside = self._beside
        self._caption.setText(f"{beside.number} {beside.proves}" if beside is not None and mode != ONE else "")
        self._lay_over()

    def _choose(self, key: str) -> None:
        self._beside = self._others[key][1]
        self.right.setAccessibleName(f"对比 {self._beside.number} {self._beside.proves}")
        self.right.show_marks(self._beside.marks if self._beside.marks_shown else ())
        self._settled.start()
        self.turn(self.mode)

    def _lay_over(self) -> None:
        over = self._image_beside() if self.mode == OVER else QImage()
        self.left.lay_over(over, 1 - self.opacity.value() / 100)
        self.left.show_marks(self._piece.marks if self._piece.marks_shown and self.mode != OVER else ())

    # -- pictures ---------------------------------------------------------------------------------------------

    def _image(self, piece: Evidence) -> QImage:
        """The sharpest that is there by now."""
        if piece.sha256 in self._sharp:
            return self._sharp[piece.sha256]
        return self._pictures.of(piece, 1280) or self._pictures.of(piece, 320) or QImage()

    def _image_beside(self) -> QImage:
        return self._image(self._beside) if self._beside is not None else QImage()

    def _ask_sharp(self) -> None:
        for piece in (self._piece, self._beside):
            if piece is not None and piece.sha256 not in self._asked:
                self._asked.add(piece.sha256)
                self._pictures.sharpen(piece)

    def _sharpened(self, digest: str, image: QImage) -> None:
        if digest in self._asked:
            self._sharp[digest] = image
            self._came()

    def _came(self, _number: str = "") -> None:
        self._lay_over()
        self.left.update()
        self.right.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digits = {Qt.Key.Key_1: ONE, Qt.Key.Key_2: BESIDE, Qt.Key.Key_3: OVER}
        if Qt.Key(event.key()) in digits:
            self.turn(digits[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Space:
            self.reject()
        elif self._gallery is not None and event.key() in _STEPS:
            self._go_to(self._gallery.walk(_STEPS[Qt.Key(event.key())]))
        elif self._gallery is not None and event.key() == Qt.Key.Key_M:
            self._go_to(self._gallery.clear_secrecy())
        elif event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)

    def _go_to(self, piece: Evidence | None) -> None:
        if piece is not None and piece.number == self._piece.number:
            self._say(piece)
        elif piece is not None:
            self.show_piece(piece)


_STEPS = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}


def _others(desk: Desk, case: CaseFile, piece: Evidence, other: str) -> dict[str, tuple[str, Evidence]]:
    """What a photo may be compared with, the likeliest first: key -> words and piece."""
    found: dict[str, tuple[str, Evidence]] = {}
    known = {p.number: p for p in case.evidence}
    if other in known:
        found[other] = (f"{other} {known[other].proves}", known[other])
    for each in gallery.earlier(desk.book, case, piece.item):
        day = zh_date(each.case.planned_from.date())
        found[f"last:{each.piece.number}"] = (f"上次 {day} {each.piece.number} {each.piece.proves}", each.piece)
    for p in case.evidence:
        if p.number != piece.number and p.item == piece.item and p.item and p.copy and not p.withdrawn:
            found.setdefault(p.number, (f"{p.number} {p.proves}", p))
    return found
