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

_LEVELS = {"H1": 0, "H2": 1}


@dataclass
class _Element:
    """A part of the paper with its places: page and number of the marked content there."""

    tag: Tag
    places: list[tuple[int, int]] = field(default_factory=list)


class Tree:
    """Follows the drawing page by page; `write` puts the tree into the catalogue."""

    def __init__(self, canvas: Any) -> None:
        self.canvas = canvas
        self.elements: dict[int, _Element] = {}
        self.pages: list[list[int]] = [[]]  # for each page the part of each marked content
        self.names: list[str] = []

    @contextmanager
    def part(self, tag: Tag | None) -> Iterator[None]:
        """What is drawn inside belongs to this part; None: it stands around the text."""
        code = self.canvas._code
        if tag is None:
            code.append("/Artifact BMC")
        else:
            element = self.elements.get(tag.part)
            if element is None:
                element = self.elements[tag.part] = _Element(tag)
                self._bookmark(tag)
            mine = self.pages[-1]
            code.append(f"/{tag.role} <</MCID {len(mine)}>> BDC")
            element.places.append((len(self.pages) - 1, len(mine)))
            mine.append(tag.part)
        yield
        code.append("EMC")

    def _bookmark(self, tag: Tag) -> None:
        if tag.role in _LEVELS:
            key = f"part{tag.part}"
            self.canvas.bookmarkPage(key)
            self.canvas.addOutlineEntry(tag.words, key, _LEVELS[tag.role] if self.names else 0, closed=False)
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
        whole = pdfdoc.PDFDictionary({"Type": pdfdoc.PDFName("StructElem"), "S": pdfdoc.PDFName("Document")})
        root_at, whole_at = document.Reference(root), document.Reference(whole)
        whole.dict["P"] = root_at
        found = {part: document.Reference(self._element(element, whole_at)) for part, element in self.elements.items()}
        whole.dict["K"] = pdfdoc.PDFArray([found[part] for part in sorted(found)])
        parents: list[Any] = []
        for number in range(len(pages)):
            parents += [number, document.Reference(pdfdoc.PDFArray([found[part] for part in self.pages[number]]))]
        tree_at = document.Reference(pdfdoc.PDFDictionary({"Nums": pdfdoc.PDFArray(parents)}))
        root.dict |= {"K": pdfdoc.PDFArray([whole_at]), "ParentTreeNextKey": len(pages), "ParentTree": tree_at}
        document.Catalog.StructTreeRoot = root_at
        document.Catalog.MarkInfo = pdfdoc.PDFDictionary({"Marked": "true"})

    def _element(self, element: _Element, parent: Any) -> Any:
        document = self.canvas._doc
        first = element.places[0][0]
        places = [
            number if page == first else pdfdoc.PDFDictionary({
                "Type": pdfdoc.PDFName("MCR"), "MCID": number, "Pg": document.Reference(document.Pages.pages[page]),
            })
            for page, number in element.places
        ]  # fmt: skip
        made = {
            "S": pdfdoc.PDFName(element.tag.role), "P": parent,
            "Pg": document.Reference(document.Pages.pages[first]), "K": places[0] if len(places) == 1 else pdfdoc.PDFArray(places),
        }  # fmt: skip
        if element.tag.role == "Figure":
            made["Alt"] = pdfdoc.PDFString(element.tag.words)
        return pdfdoc.PDFDictionary(made)
