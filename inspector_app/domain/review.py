"""The review by the team lead (复核): what was decided over what was handed in, and what was said of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .rows import NameOf, Row, readable, steps, when

RETURNED, PASSED = "returned", "review_passed"
ASKED = (RETURNED, "handed_in", PASSED)
"""What a review may come to, the one that asks for more first: of two that knew nothing of each other it stands."""


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said on an item or a finding in the review; it is only ever added to."""

    about: str  # code of an item, or id of a finding; "" = the whole inspection
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Review:
    """Where the review by the team lead stands. A decision is bound to what it saw: anything newer reopens it."""

    outcome: str = ""  # handed_in returned review_passed; "" = not handed in
    reason: str = ""
    by: str = ""
    at: datetime | None = None
    changed_since: int = 0  # answers, findings, evidence and papers that the decision had not seen
    comments: tuple[Comment, ...] = ()

    @property
    def word(self) -> str:
        """In a few characters, for lists."""
        if self.outcome == "review_passed":
            return "认可后有改动" if self.changed_since else "已认可"
        return {"handed_in": "待复核", "returned": "退回修改"}.get(self.outcome, "未送复核")

    @property
    def waits(self) -> bool:
        """Whether the team lead has to look."""
        return self.outcome == "handed_in" or (self.outcome == "review_passed" and self.changed_since > 0)

    @property
    def to_decide(self) -> bool:
        """Whether the team lead may decide: it was handed in, or changed since the last decision."""
        return self.outcome == "handed_in" or self.changed_since > 0


def read_review(row: Row, name_of: NameOf) -> Review:
    decisions = sorted(steps(row, "decisions"), key=lambda d: ASKED.index(d["outcome"]))

    def comment(c: Row) -> Comment:
        return Comment(c.get("about", ""), c["text"], name_of(c["by"]), datetime.fromisoformat(c["at"]))

    comments = tuple(readable(comment, row.get("comments", [])))
    if not decisions:
        return Review(comments=comments)
    made = decisions[0]
    return Review(made["outcome"], made.get("reason", ""), name_of(made["by"]), when(made["at"]),
                  len(row.get("since", [])), comments)  # fmt: skip
