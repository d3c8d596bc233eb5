"""A finding in a list, with its first pictures."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ...domain.finding import Finding
from ..theme import look
from ..widgets.buttons import paint_focus
from ..widgets.item_row import Shot
from ..widgets.panels import Tag, column, row
from ..widgets.text import Text


class FindingCard(QAbstractButton):
    """A finding in the list: code, fact, basis, evidence, due date, whether it is confirmed."""

    def __init__(self, finding: Finding, shots: Sequence[bytes], *, chosen: bool) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setChecked(chosen)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        state = Tag("已确认", "ok", "check-circle") if finding.confirmed else Tag("待确认", "warn", "clock")
        tags: list[QWidget] = [state]
        if finding.due:
            tags.append(Tag(f"{finding.due.month}月{finding.due.day}日", "warn", "calendar"))
        tags.append(Tag(f"证据 {len(finding.evidence)}", "na" if finding.evidence else "bad", "image"))
        if finding.lost:
            tags.append(Tag(f"撤下 {len(finding.lost)}", "bad", "warning-circle"))
        if finding.differs:
            tags.append(Tag("两处不同", "warn", "git-diff"))
        code = Text(finding.code, "strong", "brand")
        code.setFixedWidth(look.px(40))
        basis = "；".join(finding.basis) or "没有依据"
        head = row(code, Text(finding.fact, "body", wrap=True), spacing=6)
        head.setStretch(1, 1)
        head.setAlignment(code, Qt.AlignmentFlag.AlignTop)
        pictures = row(*(_shot(content) for content in shots), None, spacing=6)
        lines = [row(*tags[at : at + 3], None, spacing=6) for at in range(0, len(tags), 3)]
        self.setLayout(column(head, Text(basis, "small", "ink2" if finding.basis else "bad", wrap=True), pictures, *lines,
                              spacing=4, margins=(12, 10, 12, 10)))  # fmt: skip
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(f"{finding.code} {finding.fact}，{'已确认' if finding.confirmed else '待确认'}")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        painter.setPen(QPen(look.colour("brand_line" if on else "line"), 1))
        painter.setBrush(look.colour("brand_soft" if on else "surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), look.px(10), look.px(10))
        if self.hasFocus():
            paint_focus(painter, QRectF(self.rect()), look.px(10))
        painter.end()


def _shot(content: bytes) -> Shot:
    made = Shot()
    made.show_picture(content)
    return made
