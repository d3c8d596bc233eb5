"""A piece of evidence: its mandatory fields, its place in a photo set, marks laid over it, and what is found of it by words."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from . import secrecy
from .rows import NameOf, Row, standing, when

VIEWS = ("方位", "全貌", "重点部位")
"""The three that lead the photos of a finding: where it is, the whole of it, the very spot."""

SPOKEN = ("录音", "录像")
"""Kinds of evidence whose words have to be there as text (行政诉讼证据规定12)."""

PROCESS = "现场检查的过程（全过程记录）"
"""What a film or sound proves that no item rests on."""

CLEARED, BLOCKED = "通过", "不通过"
"""Outcomes of the check for secrets (保密审查); of two that knew nothing of each other the stricter counts."""

FILTERS = ("全部", "缺说明", "未关联", "录像", "待保密审查", "已撤下")
"""The ways to look at the evidence of a case; what was withdrawn stands in the last alone."""

LONGEST_TEXT, MOST_MARKS = 60, 60
"""What one layer of marks may hold, so that an entry of the record stays small."""

STORED = "存入时间"
"""`Evidence.time_from` of a photo that holds no time of its own: what stands for it is when it was stored."""

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


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence with its mandatory fields (行政诉讼证据规定12, 64)."""

    number: str
    kind: str  # 照片 录音 录像 复印件
    item: str
    taken_at: datetime | None
    added_at: datetime
    place: str
    maker: str
    maker_credential: str
    proves: str
    method: str
    carrier: str
    present: str
    sha256: str
    sm3: str
    original_name: str
    mime: str
    size: int
    width: int = 0
    height: int = 0
    transcript: str = ""
    withdrawn: str = ""
    time_from: str = ""
    thumbnail: str = ""  # SHA-256 of the small picture made at intake; "" for sound
    copy: str = ""  # SHA-256 of the larger one, for the window and for papers
    origin: str = ""  # captured imported; "" in records of earlier versions
    view: str = ""  # of `domain.evidence.VIEWS`
    marks: tuple[Mark, ...] = ()
    marks_shown: bool = True  # whether papers show the copy with the marks
    secrecy: str = ""  # CLEARED or BLOCKED of `domain.evidence`; "" = not checked yet
    secrecy_by: str = ""
    secrecy_at: datetime | None = None
    secrecy_reason: str = ""
    duration: int = 0  # milliseconds, of sound and film
    device: str = ""  # register number of the recorder, or the name of the laptop that recorded
    secret: str = ""  # a state of `secrecy.state_of`; then it is withdrawn as well
    found_by: tuple[str, ...] = ()  # ids of those who found a secret in it

    @property
    def of_process(self) -> bool:
        """Whether it records the process as a whole (执法全过程记录), and no item of the checklist rests on it."""
        return self.duration > 0 and not self.item

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the mandatory fields that are still empty."""
        fields = {
            "制作时间": self.taken_at if self.time_from != STORED else None,
            "制作地点": self.place,
            "制作人": self.maker,
            "证明对象": self.proves,
            "制作方法": self.method,
            "原始载体": self.carrier,
        }
        if self.kind in SPOKEN and not self.of_process:
            fields["文字说明"] = self.transcript.strip()
        return tuple(name for name, value in fields.items() if not value)


def read_evidence(row: Row, name_of: NameOf) -> Evidence:
    taken = dict(row)
    changes = {name: standing(versions) for name, versions in row.get("changes", {}).items()}
    layers, checks = changes.pop("marks", []), changes.pop("secrecy", [])
    for name, versions in changes.items():
        values = [str(v["value"]) for v in versions]
        taken[name] = "；".join(v for v in values if v) if name in _PROSE else values[0]
    if secret := secrecy.state_of(row):
        taken["withdrawn"] = _secret(row)
    return Evidence(
        number=taken["number"], kind=taken.get("kind", "照片"), item=taken.get("item", ""),
        taken_at=when(taken.get("taken_at")), added_at=datetime.fromisoformat(taken["added_at"]),
        place=taken.get("place", ""), maker=taken.get("maker", "") or name_of(taken["by"]),
        maker_credential=taken.get("maker_credential", ""), proves=taken.get("proves", ""),
        method=taken.get("method", ""), carrier=taken.get("carrier", ""), present=taken.get("present", ""),
        sha256=taken["sha256"], sm3=taken["sm3"], original_name=taken.get("original_name", ""), mime=taken["mime"],
        size=taken["size"], width=taken.get("width", 0), height=taken.get("height", 0),
        transcript=taken.get("transcript", ""), withdrawn=taken.get("withdrawn", ""),
        time_from=taken.get("time_from", ""), thumbnail="" if secret else str(taken.get("thumbnail", "")),
        copy="" if secret else str(taken.get("copy", "")), origin=str(taken.get("origin", "")), view=taken.get("view", ""),
        marks=tuple(mark for layer in layers for mark in read_marks(layer["value"]["marks"])),
        marks_shown=all(layer["value"]["shown"] for layer in layers), **_secrecy(checks, name_of),
        duration=int(taken.get("duration", 0)), device=str(taken.get("device", "")),
        secret=secret, found_by=tuple(f["by"] for f in row.get("found", ())),
    )  # fmt: skip


_PROSE = ("proves", "method", "carrier", "present", "transcript", "withdrawn")
"""Fields in which what two officers wrote at once is kept side by side."""


def _secrecy(checks: Sequence[Row], name_of: NameOf) -> dict[str, Any]:
    """Of two who knew nothing of each other the one who blocks is heard, and who took a check back before who cleared."""
    order = {BLOCKED: 0, "": 1}
    checked = sorted(checks, key=lambda v: order.get(v["value"]["outcome"], 2))
    if not checked or not checked[0]["value"]["outcome"]:
        return {}
    first = checked[0]
    return {"secrecy": first["value"]["outcome"], "secrecy_reason": first["value"]["reason"],
            "secrecy_by": name_of(first["by"]), "secrecy_at": datetime.fromisoformat(first["at"])}  # fmt: skip


def _secret(row: Row) -> str:
    """Why a piece is kept back or gone, in words."""
    if gone := row.get("destroyed"):
        return f"已按{gone.get('office', '')}{gone.get('order', '')}销毁"
    return "疑似涉密，已封存：" + "；".join(v["reason"] for v in row["secret"] if v["value"] == secrecy.FOUND)


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


def lacking_views(pieces: Iterable[Evidence], numbers: Container[str]) -> tuple[str, ...]:
    """Which of the three leading photos are not among these numbers."""
    there = {piece.view for piece in pieces if piece.number in numbers}
    return tuple(view for view in VIEWS if view not in there)


def led(pieces: Iterable[Evidence]) -> list[Evidence]:
    """Photos as their set is led: 方位, 全貌, 重点部位, then the others as they came; the sets stay where they begin."""
    held = list(pieces)
    begins: dict[str, int] = {}
    for place, piece in enumerate(held):
        begins.setdefault(piece.item or piece.number, place)
    rank = {view: place for place, view in enumerate(VIEWS)}
    return sorted(held, key=lambda p: (begins[p.item or p.number], rank.get(p.view, len(VIEWS))))
