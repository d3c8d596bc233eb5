"""What a paper consists of: frozen blocks that the catalog yields and the frames set. No sizes, no places."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .fonts import FANG

STRUCK = "／"
"""What stands in a cell that has nothing to say, so that nothing can be added to it."""


@dataclass(frozen=True, slots=True)
class Title:
    """The title; `lines` are broken by sense in the data."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Addressee:
    """主送机关: flush left, full-width colon."""

    text: str


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph. `lead` is set before the text in its own face: 一、 in 黑体, （一） in 楷体 (7.3.3)."""

    text: str
    role: str = FANG
    lead: str = ""
    lead_role: str = FANG
    indent: float = 2.0
    hang: float = 0.0
    keep: bool = False  # with the next block
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Blank:
    """Empty lines; dropped at the top of a page."""

    lines: int = 1


@dataclass(frozen=True, slots=True)
class Attachment:
    """附件说明: 附件：1.… without a mark at the end (7.3.4)."""

    label: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sign:
    """Name of the bureau and date, with room for the seal; never alone on a page (7.3.5)."""

    name: str
    day: str


@dataclass(frozen=True, slots=True)
class Note:
    """附注 below the date, in brackets."""

    text: str


@dataclass(frozen=True, slots=True)
class Field:
    """A label, which may be broken by sense, and its value. `hand` leaves room for writing; an empty value is struck else."""

    label: str
    value: str
    hand: bool = False
    height: float = 0.0
    foot: str = ""  # at the lower right: who signs, and the day

    @property
    def name(self) -> str:
        """The label on one line."""
        return self.label.replace("\n", "")


@dataclass(frozen=True, slots=True)
class Fields:
    """Rows of a bordered form; each row holds one, two or three fields."""

    rows: tuple[tuple[Field, ...], ...]
    keep: bool = False  # with the next block


@dataclass(frozen=True, slots=True)
class Prose:
    """Ruled running text of a record; `ending` closes it (以下空白)."""

    paragraphs: tuple[Para, ...]
    ending: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A bordered table with a head that is repeated; widths are parts of the type area. A cell of one blank is left
    for writing, an empty one is struck; `height` is the least of a row in millimetres."""

    heads: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class Shot:
    """A photo with its caption rows: label and value."""

    key: str
    rows: tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True, slots=True)
class Photos:
    """Photo sheets, four a page."""

    heading: str
    shots: tuple[Shot, ...]


Block = Title | Addressee | Para | Blank | Attachment | Sign | Note | Fields | Prose | Table | Photos


@dataclass(frozen=True, slots=True)
class Strip:
    """The signature strip on each page of a record: what stands in each box, above and, behind a stroke, below, and the sentence
    over them."""

    cells: tuple[str, ...] = ()
    sentence: str = ""

    @property
    def labels(self) -> tuple[str, ...]:
        """Who signs in each box, on one line."""
        return tuple(cell.partition("|")[0].replace("\n", "") for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Furniture:
    """The words around the text that the frames need: page numbers, code, draft mark."""

    page: str
    code: str
    draft: str
    draft_reason: str
    draft_more: str
    number: str
    again: str
    revision: str
    photo_gone: str
    photo_label: str
    photo_more: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole paper before it is set."""

    kind: str
    title: str
    template: str  # letter | document | form | cover
    issuer: str
    number: str
    day: date
    code: str
    note: str
    revision: int
    draft: str
    key: str
    furniture: Furniture
    blocks: tuple[Block, ...]
    strip: Strip = Strip()
    copy: str = ""
