"""The logical structure of a PDF (ISO 32000-1, 14.7 and 14.8): what is a heading, a paragraph, a picture, and in which order it
is read; and the bookmarks that follow from it. What stands around the text is marked as such, so that a reader passes it by.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from reportlab.pdfbase import pdfdoc

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


class Tree:
    """Follows the drawing page by page; `write` puts the tree into the catalogue."""

    def __init__(self, canvas: Any) -> None:
        self.canvas = canvas
        self.elements: dict[_Path, _Element] = {}
        self.pages: list[list[_Path]] = [[]]  # for each page the part of each marked content
        self.names: list[str] = []

    @contextmanager
    def part(self, tag: Tag | None) -> Iterator[None]:
        """What is drawn inside belongs to this part; None: it stands around the text."""
        code = self.canvas._code
        if tag is None:
            code.append("/Artifact BMC")
        else:
            if tag.part not in self.elements:
                self._begin(tag)
            mine = self.pages[-1]
            code.append(f"/{tag.roles[-1]} <</MCID {len(mine)}>> BDC")
            self.elements[tag.part].places.append((len(self.pages) - 1, len(mine)))
            mine.append(tag.part)
        yield
        code.append("EMC")

    def _begin(self, tag: Tag) -> None:
        """A part, those around it, and all cells of its row, as a table counts what is empty, too."""
        for depth, role in enumerate(tag.roles, 1):
            self.elements.setdefault(tag.part[:depth], _Element(role, tag.words))
        for number, (role, columns) in enumerate(tag.row):
            self.elements.setdefault((*tag.part[:-1], number), _Element(role)).columns = columns
        if tag.roles[0] in _LEVELS:
            key = f"part{tag.part[0]}"
            self.canvas.bookmarkPage(key)
            self.canvas.addOutlineEntry(tag.words, key, _LEVELS[tag.roles[0]] if self.names else 0, closed=False)
            self.names.append(key)

    def end_page(self) -> None:
        self.pages.append([])

    def write(self) -> None:
        """After the last page."""
        document = self.canvas._doc
        pages = document.Pages.pages
        for number, page in enumerate(pages):
            page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
            page.StructParents, page.Tabs = number, pdfdoc.PDFName("S")
        root = pdfdoc.PDFDictionary({"Type": pdfdoc.PDFName("StructTreeRoot")})
        whole = pdfdoc.PDFDictionary({"S": pdfdoc.PDFName("Document")})
        root_at = document.Reference(root)
        whole.dict["P"] = root_at
        found: dict[_Path, Any] = {(): document.Reference(whole)}
        made: dict[_Path, Any] = {}
        inside: dict[_Path, list[Any]] = {(): []}
        for part in sorted(self.elements):  # what stands around comes before what stands in it
            made[part] = pdfdoc.PDFDictionary({"P": found[part[:-1]]})
            found[part] = document.Reference(made[part])
            inside[part[:-1]].append(found[part])
            inside[part] = []
        for part, element in self.elements.items():
            made[part].dict |= self._told(element, inside[part])
        whole.dict["K"] = pdfdoc.PDFArray(inside[()])
        parents: list[Any] = []
        for number in range(len(pages)):
            parents += [number, document.Reference(pdfdoc.PDFArray([found[part] for part in self.pages[number]]))]
        root.dict |= {
            "K": pdfdoc.PDFArray([found[()]]), "ParentTreeNextKey": len(pages),
            "ParentTree": document.Reference(pdfdoc.PDFDictionary({"Nums": pdfdoc.PDFArray(parents)})),
        }  # fmt: skip
        document.Catalog.StructTreeRoot = root_at
        document.Catalog.MarkInfo = pdfdoc.PDFDictionary({"Marked": "true"})

    def _told(self, element: _Element, inside: list[Any]) -> dict[str, Any]:
        """What is said of an element: its role, what it holds, and for cells how many columns they take."""
        document = self.canvas._doc
        first = element.places[0][0] if element.places else 0
        held = [
            number if page == first else pdfdoc.PDFDictionary({
                "Type": pdfdoc.PDFName("MCR"), "MCID": number, "Pg": document.Reference(document.Pages.pages[page]),
            })
            for page, number in element.places
        ]  # fmt: skip
        held += inside
        told: dict[str, Any] = {"S": pdfdoc.PDFName(element.role)}
        if element.places:
            told["Pg"] = document.Reference(document.Pages.pages[first])
        if held:
            told["K"] = held[0] if len(held) == 1 else pdfdoc.PDFArray(held)
        if element.role == "Figure":
            told["Alt"] = pdfdoc.PDFString(element.words)
        if element.columns > 1:
            told["A"] = pdfdoc.PDFDictionary({"O": pdfdoc.PDFName("Table"), "ColSpan": element.columns})
        return told
