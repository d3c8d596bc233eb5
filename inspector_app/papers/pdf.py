"""Draws composed pages as PDF: every face embedded as a subset, photos passed through unchanged.

Same pages, same bytes: no time stamp, no random identifier, no state that outlives a file.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from . import archival, grid
from .embed import embedded
from .fonts import NAMES, Faces
from .grid import PT, Area
from .objects import File, ref, refs
from .objects import number as _n
from .page import BLACK, Code, Colour, Mark, Page, Photo, Picture, Rule, Text, rise
from .qr import dark_areas
from .structure import Tree

_SHEET = f"{_n(grid.SHEET_WIDTH * PT)} {_n(grid.SHEET_HEIGHT * PT)}"
_BLACK = "0 0 0"
_SAME = 2e-5
"""Ems: gaps that differ by less are one."""
_LEAST = 2.5e-4
"""Points: less is not told anew."""
_often = lru_cache(maxsize=1024)(_n)
"""Sizes and heights: a few on all pages."""


def write(
    pages: Sequence[Page], photos: Mapping[str, Photo], title: str, author: str, day: date, faces: Faces
) -> bytes:
    """The PDF of these pages, which says that it was made by `author` on `day`.

    Raises:
        Problem: `font_damaged` when an outline cannot be read.
    """
    file, tree = File(), Tree()
    catalogue, info, parent, resources = (file.reserve() for _ in range(4))
    painter = _Painter(photos, faces, _characters(pages), file)
    sheets = [file.reserve() for _ in pages]
    for at, page in enumerate(pages):
        content = file.stream(painter.page(page, tree).encode("ascii"))
        told = f"/MediaBox[0 0 {_SHEET}]/Contents {ref(content)}/Resources {ref(resources)}/StructParents {at}"
        file.put(sheets[at], f"<</Type/Page/Parent {ref(parent)}{told}>>")
    file.put(parent, f"<</Type/Pages/Count {len(sheets)}/Kids {refs(sheets)}>>")
    file.put(resources, painter.resources())
    used = "、".join(sorted(faces.face(role).name for role in painter.embedded))
    about = archival.About(title, author, used, day)
    file.put(info, archival.info(about))
    told = archival.catalogue(file, about) + tree.write(file, sheets) + tree.bookmarks(file, sheets)
    file.put(catalogue, f"<</Type/Catalog/Pages {ref(parent)}{told}>>")
    return file.written(catalogue, info)


def _characters(pages: Sequence[Page]) -> dict[str, str]:
    """The characters that each face draws, sorted."""
    drawn: defaultdict[str, list[str]] = defaultdict(list)
    for page in pages:
        for mark in page.marks:
            if isinstance(mark, Text):
                line, runs, *_ = mark
                for role, start, end in runs:
                    drawn[role].append(line.text[start:end])
    return {role: "".join(sorted(set("".join(drawn[role])))) for role in sorted(drawn, key=NAMES.__getitem__)}


class _Painter:
    """Turns marks into operators; y is turned over here and only here. Colour, width, face and spacing are told where they
    change."""

    def __init__(self, photos: Mapping[str, Photo], faces: Faces, characters: Mapping[str, str], file: File) -> None:
        self.photos, self.file = photos, file
        self.embedded = {role: embedded(faces.face(role), each) for role, each in characters.items()}
        self.names = {role: f"/F{at}" for at, role in enumerate(self.embedded, 1)}
        self.means = {r: (self.names[r], rise(faces, r), face.codes) for r, face in self.embedded.items()}
        self.images: dict[str, int] = {}
        self.state: dict[str, str] = {}
        self.space, self.face = 0.0, ""  # between characters, in points; as last told
        self.code: list[str] = []

    def page(self, page: Page, tree: Tree) -> str:
        """The operators of one page, each part marked with what it is."""
        self.state.clear()
        self.space, self.face = 0.0, ""
        self.code = []
        for tag, marks in groupby(page.tagged(), key=itemgetter(0)):
            self.code.append(tree.begin(tag))
            for _, mark in marks:
                self._draw(mark)
            self.code.append("EMC")
        tree.end_page()
        return "\n".join(self.code)

    def resources(self) -> str:
        """The faces and pictures that all pages name."""
        faces = "".join(f"{self.names[role]} {ref(face.write(self.file))}" for role, face in self.embedded.items())
        images = "".join(f"/I{image} {ref(image)}" for image in self.images.values())
        return f"<</Font<<{faces}>>/XObject<<{images}>>>>" if images else f"<</Font<<{faces}>>>>"

    def _draw(self, mark: Mark) -> None:
        match mark:
            case Text():
                self._text(mark)
            case Rule():
                self._rule(mark)
            case Picture(key, area):
                self._picture(self.photos[key], area)
            case Code(payload, area):
                self._code(payload, area)

    def _set(self, operator: str, operands: str) -> None:
        """A setting, where it is not so already."""
        if self.state.get(operator) != operands:
            self.state[operator] = operands
            self.code.append(f"{operands} {operator}")

    def _colour(self, operator: str, colour: Colour) -> None:
        self._set(operator, _BLACK if colour == BLACK else " ".join(map(_n, colour)))

    def _text(self, mark: Text) -> None:
        """Runs of one face; where the gap between two characters is another than that of the run, it is told between them."""
        (text, _, first, wide, gaps, _, stretch), runs, left, top, size, colour = mark
        self._colour("rg", colour)
        write = self.code.append
        write("BT")
        em, lower, points = size * PT, (grid.SHEET_HEIGHT - top) * PT, _often(size * PT)
        x, y = 0.0, 0.0
        right = left * PT + first * em
        for role, start, end in runs:
            name, rises, codes = self.means[role]
            up = lower - em * rises
            face = f"{name} {points} Tf"
            if face != self.face:
                self.face = face
                write(face)
            shown = self._shown(text[start:end], codes, gaps[start : end - 1], stretch, em)
            write(f"{_n(right - x)} {_often(up - y)} Td{shown}")
            x, y = right, up
            if end < len(text):
                right += (sum(wide[start:end]) + sum(gaps[start:end])) * em
        write("ET")

    def _shown(self, text: str, codes: Mapping[int, str], gaps: Sequence[float], usual: float, em: float) -> str:
        """A run of one face with the gaps between its characters, in ems; most gaps of a line are its `usual` ones."""
        if not gaps:
            return f"<{text.translate(codes)}>Tj"
        space = usual if usual in gaps else gaps[0]
        if not -_LEAST < space * em - self.space < _LEAST:
            self.space = space * em
            self.code.append(f"{_n(self.space)} Tc")
        if gaps.count(space) == len(gaps):
            return f"<{text.translate(codes)}>Tj"
        shown, at, least, most = "", 0, space - _SAME, space + _SAME
        for behind, gap in enumerate(gaps, 1):
            if not least < gap < most:
                shown += f"{text[at:behind].translate(codes)}>{_n((space - gap) * 1000, 2)}<"
                at = behind
        return f"[<{shown}{text[at:].translate(codes)}>]TJ"

    def _rule(self, rule: Rule) -> None:
        self._colour("RG", rule.colour)
        self._set("w", _n(rule.width * PT))
        top, bottom = (_n((grid.SHEET_HEIGHT - y) * PT) for y in (rule.y0, rule.y1))
        self.code.append(f"{_n(rule.x0 * PT)} {top} m {_n(rule.x1 * PT)} {bottom} l S")

    def _picture(self, photo: Photo, area: Area) -> None:
        """Fit into the area, centred. The bytes go in as they are; equal photos are stored once."""
        key, place = hashlib.sha256(photo.jpeg).hexdigest(), photo.within(area)
        if key not in self.images:
            self.images[key] = self.file.raw(photo.jpeg, (
                f"/Type/XObject/Subtype/Image/Width {photo.width}/Height {photo.height}/BitsPerComponent 8"
                f"/ColorSpace/{'DeviceGray' if photo.grey else 'DeviceRGB'}/Filter/DCTDecode"
            ))  # fmt: skip
        left, low = _n(place.left * PT), _n((grid.SHEET_HEIGHT - place.bottom) * PT)
        self.code.append(
            f"q {_n(place.width * PT)} 0 0 {_n(place.height * PT)} {left} {low} cm /I{self.images[key]} Do Q"
        )

    def _code(self, payload: str, area: Area) -> None:
        left, top = _n(area.left * PT), _n((grid.SHEET_HEIGHT - area.top) * PT)
        self.code.append(f"q 1 0 0 1 {left} {top} cm {_boxes(payload, area.width * PT)} Q")


@lru_cache(maxsize=64)
def _boxes(payload: str, side: float) -> str:
    """The operators of a code in a square of this side below the pen, in points; the boxes count modules from the upper left
    corner, since whole numbers take half the room of points."""
    parts = dark_areas(payload, Area(0.0, 0.0, side, side))
    module = parts[0].height
    boxes = (" ".join(f"{round(v / module)}" for v in (a.left, a.top, a.width, a.height)) for a in parts)
    return f"{module:.6f} 0 0 {-module:.6f} 0 0 cm 0 0 0 rg {' re '.join(boxes)} re f"
