"""The logical structure of a PDF (ISO 32000-1, 14.7 and 14.8): what is a heading, a paragraph, a picture, and in which order it
is read; and the bookmarks that follow from it. What stands around the text is marked as such, so that a reader passes it by.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .objects import File, ref, refs, text
from .page import Tag

_Path = tuple[int, ...]
_LEVELS = {"H1": 0, "H2": 1}


@dataclass
class _Element:
    """A part of the paper with its places: page and number of the marked content there. `columns` of a cell of a table."""

    role: str
    words: str = ""
    columns: int = 1
    places: list[tuple[int, int]] = field(default_factory=list)
    number: int = 0  # of its object


@dataclass
class _Bookmark:
    words: str
    page: int
    inside: list[_Bookmark] = field(default_factory=list)


class Tree:
    """Follows the drawing page by page; `write` and `bookmarks` tell the catalogue."""

    def __init__(self) -> None:
        self.elements: dict[_Path, _Element] = {}
        self.pages: list[list[_Path]] = [[]]  # for each page the part of each marked content
        self.heads: list[_Bookmark] = []

    def begin(self, tag: Tag | None) -> str:
        """The operator before what is drawn of this part; None: it stands around the text."""
        if tag is None:
            return "/Artifact BMC"
        if tag.part not in self.elements:
            self._begin(tag)
        mine = self.pages[-1]
        mine.append(tag.part)
        self.elements[tag.part].places.append((len(self.pages) - 1, len(mine) - 1))
        return f"/{tag.roles[-1]} <</MCID {len(mine) - 1}>> BDC"

    def _begin(self, tag: Tag) -> None:
        """A part, those around it, and all cells of its row, as a table counts what is empty, too."""
        for depth, role in enumerate(tag.roles, 1):
            self.elements.setdefault(tag.part[:depth], _Element(role, tag.words))
        for number, (role, columns) in enumerate(tag.row):
            self.elements.setdefault((*tag.part[:-1], number), _Element(role)).columns = columns
        if tag.roles[0] in _LEVELS:
            into = self.heads[-1].inside if self.heads and _LEVELS[tag.roles[0]] else self.heads
            into.append(_Bookmark(tag.words, len(self.pages) - 1))

    def end_page(self) -> None:
        self.pages.append([])

    def write(self, file: File, sheets: Sequence[int]) -> str:
        """The tree below the catalogue; `sheets` are the objects of the pages."""
        root, whole = file.reserve(), file.reserve()
        inside: dict[_Path, list[int]] = {(): []}
        for part in sorted(self.elements):
            element = self.elements[part]
            element.number = file.reserve()
            inside[part] = []
            inside[part[:-1]].append(element.number)
        for part, element in self.elements.items():
            above = self.elements[part[:-1]].number if part[:-1] else whole
            file.put(element.number, f"<</S/{element.role}/P {ref(above)}{_told(element, inside[part], sheets)}>>")
        file.put(whole, f"<</S/Document/P {ref(root)}/K{refs(inside[()])}>>")
        marked = self.pages[: len(sheets)]
        parents = "".join(
            f"{number}{refs(self.elements[part].number for part in parts)}" for number, parts in enumerate(marked)
        )
        told = f"/ParentTree<</Nums[{parents}]>>/ParentTreeNextKey {len(sheets)}"
        file.put(root, f"<</Type/StructTreeRoot/K[{ref(whole)}]{told}>>")
        return f"/StructTreeRoot {ref(root)}/MarkInfo<</Marked true>>"

    def bookmarks(self, file: File, sheets: Sequence[int]) -> str:
        """The outline below the catalogue (12.3.3), all of it open; nothing without a heading."""
        if not self.heads:
            return ""
        top = file.reserve()
        first, last, count = _outline(file, self.heads, top, sheets)
        file.put(top, f"<</Type/Outlines/First {ref(first)}/Last {ref(last)}/Count {count}>>")
        return f"/Outlines {ref(top)}"


def _told(element: _Element, inside: Sequence[int], sheets: Sequence[int]) -> str:
    """What is said of an element: its page, what it holds, and for cells how many columns they take."""
    told = ""
    first = element.places[0][0] if element.places else 0
    held = [
        str(number) if page == first else f"<</Type/MCR/MCID {number}/Pg {ref(sheets[page])}>>"
        for page, number in element.places
    ]
    held += map(ref, inside)
    if element.places:
        told += f"/Pg {ref(sheets[first])}"
    if held:
        told += f"/K {held[0]}" if len(held) == 1 else f"/K[{' '.join(held)}]"
    if element.role == "Figure":
        told += f"/Alt{text(element.words)}"
    if element.columns > 1:
        told += f"/A<</O/Table/ColSpan {element.columns}>>"
    return told


def _outline(
    file: File, marks: Sequence[_Bookmark], parent: int, sheets: Sequence[int]
) -> tuple[int, int, int]:  # fmt: skip
    """The bookmarks of one level: first and last of their objects, and how many there are with those inside."""
    numbers = [file.reserve() for _ in marks]
    total = len(marks)
    for at, (number, mark) in enumerate(zip(numbers, marks, strict=True)):
        told = f"<</Title{text(mark.words)}/Parent {ref(parent)}/Dest[{ref(sheets[mark.page])}/Fit]"
        if at:
            told += f"/Prev {ref(numbers[at - 1])}"
        if at + 1 < len(numbers):
            told += f"/Next {ref(numbers[at + 1])}"
        if mark.inside:
            first, last, count = _outline(file, mark.inside, number, sheets)
            told += f"/First {ref(first)}/Last {ref(last)}/Count {count}"
            total += count
        file.put(number, told + ">>")
    return numbers[0], numbers[-1], total
