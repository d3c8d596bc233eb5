"""What the team lead and colleagues said of one item: returned or agreed, and the comments on it."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QWidget

from ...domain.calendar import zh_at
from ...domain.casefile import CaseFile
from ...domain.item_review import CHANGED, PASSED, RETURNED
from ...domain.item_standing import standing
from ..widgets.panels import Card, Icon, Tag, row
from ..widgets.text import Text

_LOOK = {PASSED: ("已认可", "ok", "check-circle"), RETURNED: ("已退回", "bad", "arrow-u-up-left"),
         CHANGED: (CHANGED, "warn", "warning-circle")}  # fmt: skip


def verdict_tags(case: CaseFile, item: str) -> list[Tag]:
    """How an item stands with the team lead, in a tag; none where nothing was said."""
    found = standing(case, item)
    return [Tag(*_LOOK[found])] if found else []


def words_on(case: CaseFile, item: str) -> Iterator[QWidget]:
    """A card where it was returned, and one for each comment, the newest first."""
    made = next((each for each in case.verdicts if each.item == item), None)
    if made is not None and standing(case, item) in (RETURNED, CHANGED):
        tone = "bad" if standing(case, item) == RETURNED else "warn"
        head = row(
            Icon("arrow-u-up-left", tone, 18),
            Text("退回修改" if tone == "bad" else "退回以后改过，等复核", "strong", tone),
            None,
        )
        yield Card(head, Text(made.reason, wrap=True), Text(f"{made.by} {zh_at(made.at)}", "small", "ink3"),
                   tone=tone, padding=12, spacing=4)  # fmt: skip
    for comment in sorted((c for c in case.review.comments if c.about == item), key=lambda c: c.at, reverse=True):
        yield Card(
            Text(f"{comment.by} {zh_at(comment.at)}", "small", "ink3"),
            Text(comment.text, wrap=True),
            padding=10,
            spacing=2,
        )
