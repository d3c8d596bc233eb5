"""A finding in a list, with its first pictures."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QWidget

from ...domain.calendar import zh_date
from ...domain.finding import Finding
from ..theme import look
from ..widgets.item_row import Shot
from ..widgets.panels import Tag, column, row
from ..widgets.press_card import PressCard
from ..widgets.text import Text

SHOTS = 2
"""How many pictures a card shows; the panel beside it has all."""


class FindingCard(PressCard):
    """A finding in the list: code, fact, basis, evidence, due date, whether it is confirmed. As high as the next one, so that
    many are seen at a glance."""

    def __init__(self, finding: Finding, shots: Sequence[bytes], *, chosen: bool) -> None:
        code = Text(finding.code, "strong", "brand")
        code.setFixedWidth(look.px(34))
        head = row(code, Text(finding.fact, "body", wrap=True), spacing=6)
        head.setStretch(1, 1)
        head.setAlignment(code, Qt.AlignmentFlag.AlignTop)
        basis = Text("；".join(finding.basis) or "没有依据", "small", "ink3" if finding.basis else "bad")
        state = "已确认" if finding.confirmed else "待确认"
        tags = [Tag(state, "ok", "check-circle") if finding.confirmed else Tag(state, "warn", "clock")]
        if finding.due:
            tags.insert(0, Tag(f"{finding.due.month}月{finding.due.day}日", "na"))
            tags[0].setToolTip(f"{zh_date(finding.due)}前")
        proofs: list[QWidget] = [_shot(content) for content in shots[:SHOTS]]
        proofs = proofs or [Tag("没有证据", "bad", "image")]
        lines: list[QWidget | QLayout] = [row(*proofs, None, *tags, spacing=6)]
        odd = [Tag(f"撤下 {len(finding.lost)}", "bad", "warning-circle")] if finding.lost else []
        odd += [Tag("两处不同", "warn", "git-diff")] if finding.differs else []
        if odd:
            lines.append(row(*odd, None, spacing=6))
        said = column(basis, *lines, spacing=6)
        super().__init__(f"{finding.code} {finding.fact}，{state}", head, said, chosen=chosen, spacing=2)


def _shot(content: bytes) -> Shot:
    made = Shot(40, 30)
    made.show_picture(content)
    return made
