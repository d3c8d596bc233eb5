"""Photos in a public copy: the photo beside what everybody would see of it, and one that is cleared by name."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from ...actions import public_copy, public_photo, publicity
from ...actions.public_copy import Matter
from ...domain.casefile import CaseFile
from ...domain.evidence import Evidence
from ...domain.problems import Problem
from ...domain.redaction import Line
from ..desk import Desk
from ..theme import look
from ..widgets.fields import Field, Pick
from ..widgets.panels import column, row
from ..widgets.text import Text
from .begin import ask

PHOTO_WIDTH = 300
"""Of a photo beside its public copy; both at one scale, so that a difference is seen."""


def photo(content: bytes, width: int, name: str) -> QLabel:
    """A photo so wide; `name` is what a screen reader says."""
    pixmap, shown = QPixmap(), QLabel()
    pixmap.loadFromData(content)
    shown.setPixmap(pixmap.scaledToWidth(look.px(width), Qt.TransformationMode.SmoothTransformation))
    shown.setAccessibleName(name)
    return shown


def pictures(desk: Desk, matter: Matter, line: Line) -> tuple[bytes, bytes]:
    """The photo of a row and its public copy; empty for a row without one. What is not on this laptop is told."""
    if not line.picture or matter.case is None:
        return b"", b""
    try:
        return public_photo.seen(desk.book, matter.case, line)
    except Problem as problem:
        desk.told.emit(str(problem), "warn")
        return b"", b""


def clear_photo(parent: QWidget, desk: Desk, stream: str, subject: str) -> None:
    """放照片: one of those that are through the check for secrets, seen as everybody would see it, with the reason."""
    matter = public_copy.matter(desk.book, stream, subject)
    case = matter.case
    if case is None:
        return
    pieces = {piece.number: piece for piece in public_photo.eligible(desk.book, case, matter.publication)}
    if not pieces:
        desk.told.emit(
            "没有可以公示的照片。先在“取证”里做保密审查，要遮盖的地方先标注遮盖；涉密区域里拍的不能公示。", "warn"
        )
        return
    both = Both(desk, case)
    pick = Pick("照片", [(number, f"{number} {piece.proves}") for number, piece in pieces.items()],
                lambda number: both.show_piece(pieces[number]))  # fmt: skip
    reason = Field("公示的原因", hint="例如：说明整改前后，画面里没有人和档案内容")
    said = "任何人都能看到右边的样子：遮盖的地方已经写进像素，不带拍摄信息。核对公示件的人会把两张放在一起看。"
    both.show_piece(next(iter(pieces.values())))
    sheet = ask(
        parent, desk, f"publicity/{stream}/photo", "放照片", [pick, both, Text(said, "small", "ink2", wrap=True), reason],
        "公示这张照片",
        lambda: publicity.clear_photo(desk.book, stream, subject, pick.value(), reason.text()), {"reason": reason},
    )  # fmt: skip
    sheet.setMinimumWidth(look.px(720))


class Both(QWidget):
    """A photo and what everybody would see of it."""

    def __init__(self, desk: Desk, case: CaseFile) -> None:
        super().__init__()
        self._desk, self._case = desk, case
        self._shown = [QLabel(), QLabel()]
        names = ("照片，只在局里", "公示的样子")
        sides = [
            column(Text(name, "small", "ink3"), label, spacing=4)
            for name, label in zip(names, self._shown, strict=True)
        ]
        self.setLayout(row(*sides, None, spacing=16))

    def show_piece(self, piece: Evidence) -> None:
        desk = self._desk
        try:
            contents = (
                desk.queries.picture(self._case, piece.number),
                public_photo.preview(desk.book, self._case, piece),
            )
        except Problem as problem:
            desk.told.emit(str(problem), "bad")
            return
        for label, content, name in zip(self._shown, contents, ("照片", "公示的样子"), strict=True):
            made = photo(content, PHOTO_WIDTH, "")
            label.setPixmap(made.pixmap())
            label.setAccessibleName(f"{name} {piece.number}")
