"""What a piece of evidence is asked for: its place in a photo set, marks laid over it, and what is found of it by words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .casefile import CaseFile, Evidence, Finding

VIEWS = ("方位", "全貌", "重点部位")
"""The three that lead the photos of a finding: where it is, the whole of it, the very spot."""

SPOKEN = ("录音", "录像")
"""Kinds of evidence whose words have to be there as text (行政诉讼证据规定12)."""

CLEARED, BLOCKED = "通过", "不通过"
"""Outcomes of the check for secrets (保密审查); of two that knew nothing of each other the stricter counts."""

FILTERS = ("全部", "缺说明", "未关联", "录像", "待保密审查", "已撤下")
"""The ways to look at the evidence of a case; what was withdrawn stands in the last alone."""

LONGEST_TEXT, MOST_MARKS = 60, 60
"""What one layer of marks may hold, so that an entry of the record stays small."""


_PARTS = 10_000


class Shape(StrEnum):
    """What is drawn over a photo."""

    ARROW = "arrow"
    BOX = "box"
    TEXT = "text"
    BLUR = "blur"

    @property
    def label(self) -> str:
        return {"arrow": "箭头", "box": "方框", "text": "文字", "blur": "遮盖"}[self]


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark over a photo, in parts of its width and height from the upper left corner (0 to 1).

    An arrow points from the first to the second corner; a text begins at the first.
    """

    shape: Shape
    x0: float
    y0: float
    x1: float
    y1: float
    text: str = ""

    def plain(self) -> dict[str, Any]:
        """As JSON of the record, which has no fractions: in ten-thousandths, of 12 million pixels less than half of one."""
        return {**asdict(self), **{name: round(getattr(self, name) * _PARTS) for name in ("x0", "y0", "x1", "y1")}}


def read_marks(rows: Iterable[Mapping[str, Any]]) -> tuple[Mark, ...]:
    """What `Mark.plain` wrote, kept within the photo. Raises KeyError, TypeError or ValueError."""

    def within(value: Any) -> float:
        return min(_PARTS, max(0, int(value))) / _PARTS

    return tuple(
        Mark(Shape(row["shape"]), within(row["x0"]), within(row["y0"]), within(row["x1"]), within(row["y1"]),
             str(row.get("text", ""))[:LONGEST_TEXT])
        for row in rows
    )  # fmt: skip


def belongs(piece: Evidence, name: str) -> bool:
    """Whether a piece is shown under this filter."""
    if piece.withdrawn or name == "已撤下":
        return bool(piece.withdrawn) and name == "已撤下"
    return _KEPT[name](piece)


_KEPT: Mapping[str, Callable[[Evidence], bool]] = {
    "全部": lambda piece: True,
    "缺说明": lambda piece: bool(piece.missing),
    "未关联": lambda piece: not piece.item and not piece.of_process,
    "录像": lambda piece: piece.kind in SPOKEN,
    "待保密审查": lambda piece: not piece.secrecy,
}


def search(pieces: Sequence[Evidence], words: str, items: Mapping[str, str]) -> list[Evidence]:
    """The pieces in whose texts all the words stand, also a single character; `items` are the texts of the items by code.

    Every text is looked at: for thousands of pieces that takes some milliseconds, and an index of the database would
    leave out words of one or two characters.
    """
    wanted = words.casefold().split()
    return [p for p in pieces if all(word in _said(p, items) for word in wanted)] if wanted else list(pieces)


def _said(piece: Evidence, items: Mapping[str, str]) -> str:
    texts = (
        piece.number, piece.proves, piece.transcript, piece.item, items.get(piece.item, ""), piece.original_name, piece.place,
        piece.method, piece.carrier, piece.present, piece.maker, piece.view, *(mark.text for mark in piece.marks),
    )  # fmt: skip
    return "\n".join(texts).casefold()


def lacking_views(case: CaseFile, finding: Finding) -> tuple[str, ...]:
    """Which of the three leading photos a finding has not."""
    there = {piece.view for piece in case.evidence if piece.number in finding.evidence}
    return tuple(view for view in VIEWS if view not in there)


def led(pieces: Iterable[Evidence]) -> list[Evidence]:
    """Photos as their set is led: 方位, 全貌, 重点部位, then the others as they came; the sets stay where they begin."""
    held = list(pieces)
    begins: dict[str, int] = {}
    for place, piece in enumerate(held):
        begins.setdefault(piece.item or piece.number, place)
    rank = {view: place for place, view in enumerate(VIEWS)}
    return sorted(held, key=lambda p: (begins[p.item or p.number], rank.get(p.view, len(VIEWS))))
