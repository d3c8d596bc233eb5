"""Draws composed pages with ReportLab; the only file that knows PDF.

Same pages, same bytes: no time stamp, no random identifier. No Base-14 face is ever named (`initialFontName`),
since those are not embedded; streams are not wrapped in ASCII 85.
"""

from __future__ import annotations

import hashlib
import io
import threading
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from reportlab import rl_config
from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from ..domain.problems import Problem
from . import archival, grid
from .fonts import Faces, Source
from .grid import PT, Area
from .page import Code, Mark, Page, Photo, Picture, Rule, Text, baseline
from .qr import dark_areas
from .structure import Tree

vars(rl_config)["useA85"] = 0
_lock = threading.RLock()  # ReportLab keeps its fonts in module state
_fonts: dict[Source, str] = {}
_SAME = 1e-4


def write(
    pages: Sequence[Page], photos: Mapping[str, Photo], title: str, author: str, day: date, faces: Faces
) -> bytes:
    """The PDF of these pages, which says that it was made by `author` on `day`."""
    with _lock:
        names = {role: _register(faces.sources[role]) for role in sorted(_roles(pages))}
        buffer = io.BytesIO()
        initial = next(iter(names.values()))
        size = (grid.SHEET_WIDTH * PT, grid.SHEET_HEIGHT * PT)
        canvas = Canvas(
            buffer, pagesize=size, pageCompression=1, invariant=1, lang="zh-CN", initialFontName=initial,
            initialFontSize=10,
        )  # fmt: skip
        used = "、".join(sorted(faces.face(role).name for role in names))
        archival.describe(canvas, archival.About(title, author, used, day))
        painter = _Painter(canvas, names, photos, faces)
        tree = Tree(canvas)
        for page in pages:
            for tag, marks in groupby(page.tagged(), key=itemgetter(0)):
                with tree.part(tag):
                    for _, mark in marks:
                        painter.draw(mark)
            tree.end_page()
            canvas.showPage()
        archival.settle(canvas)
        tree.write()
        canvas.save()
        return buffer.getvalue()


def _roles(pages: Sequence[Page]) -> set[str]:
    return {face for page in pages for mark in page.marks if isinstance(mark, Text) for face in mark.faces}


def prepare(faces: Faces) -> None:
    """Parse all faces."""
    for role, source in faces.sources.items():
        faces.face(role)
        with _lock:
            _register(source)


def _register(source: Source) -> str:
    """Name under which ReportLab knows this face."""
    name = _fonts.get(source)
    if name is None:
        name = f"{source.path.stem}-{source.index}"
        font = TTFont(name, str(source.path), subfontIndex=source.index, asciiReadable=False)
        _slim(font.face)
        pdfmetrics.registerFont(font)
        _fonts[source] = name
    return name


def _slim(face: Any) -> None:
    """Have subsets of a face leave out what a PDF does not need (ISO 32000-1, 9.9): names, licence and metrics for systems.
    ReportLab passes by what a font does not have."""
    read = face.get_table

    def needed(tag: str) -> Any:
        if tag in ("name", "OS/2"):
            raise KeyError(tag)
        return read(tag)

    face.get_table = needed


class _Painter:
    """Turns marks into operators; y is turned over here and only here."""

    def __init__(self, canvas: Canvas, names: Mapping[str, str], photos: Mapping[str, Photo], faces: Faces) -> None:
        self.canvas, self.names, self.photos, self.faces = canvas, names, photos, faces

    def draw(self, mark: Mark) -> None:
        match mark:
            case Text():
                self._text(mark)
            case Rule():
                self._rule(mark)
            case Picture(key, area):
                self._picture(self.photos[key], area)
            case Code(payload, area):
                self._code(payload, area)

    def _text(self, mark: Text) -> None:
        """Runs of one face and even spacing; the pen is set anew where either changes."""
        canvas, size = self.canvas, _n(mark.size * PT)
        document = canvas._doc
        code = ["BT " + " ".join(map(_n, mark.colour)) + " rg"]
        for start, end, space in _runs(mark, self.faces):
            role = mark.faces[start]
            x, y = mark.xs[start] * PT, (grid.SHEET_HEIGHT - baseline(mark, self.faces, role)) * PT
            code.append(f"{_n(space * PT)} Tc 1 0 0 1 {_n(x)} {_n(y)} Tm")
            font = pdfmetrics.getFont(self.names[role])
            for subset, part in font.splitString(mark.text[start:end], document):
                name = font.getSubsetInternalName(subset, document)
                code.append(f"{name} {size} Tf ({canvas._escape(part)}) Tj")
        canvas._code.append(" ".join(code) + " ET")

    def _rule(self, rule: Rule) -> None:
        canvas = self.canvas
        canvas.setStrokeColorRGB(*rule.colour)
        canvas.setLineWidth(rule.width * PT)
        height = grid.SHEET_HEIGHT
        canvas.line(rule.x0 * PT, (height - rule.y0) * PT, rule.x1 * PT, (height - rule.y1) * PT)

    def _picture(self, photo: Photo, area: Area) -> None:
        """Fit into the area, centred. The bytes go in as they are; equal photos are stored once."""
        canvas = self.canvas
        place = photo.within(area)
        document = canvas._doc
        name = hashlib.sha256(photo.jpeg).hexdigest()[:24]
        register = document.getXObjectName(name)
        if register not in document.idToObject:
            image = pdfdoc.PDFImageXObject(name)
            if not image.loadImageFromJPEG(io.BytesIO(photo.jpeg)):
                raise Problem("photo_damaged", name="打印用照片")
            canvas._setXObjects(image)
            document.Reference(image, register)
            document.addForm(name, image)
        canvas.saveState()
        canvas.translate(place.left * PT, (grid.SHEET_HEIGHT - place.bottom) * PT)
        canvas.scale(place.width * PT, place.height * PT)
        canvas._code.append(f"/{register} Do")
        canvas.restoreState()
        canvas._formsinuse.append(name)

    def _code(self, payload: str, area: Area) -> None:
        """A QR code of level L as one path of runs, drawn once and used on every page."""
        canvas = self.canvas
        name = "qr" + hashlib.sha256(payload.encode()).hexdigest()[:24]
        if not canvas.hasForm(name):
            canvas.beginForm(name, 0, 0, area.width * PT, area.width * PT)
            canvas._code.append(_boxes(payload, area.width * PT))
            canvas.endForm()
        canvas.saveState()
        canvas.translate(area.left * PT, (grid.SHEET_HEIGHT - area.bottom) * PT)
        canvas.doForm(name)
        canvas.restoreState()


@lru_cache(maxsize=64)
def _boxes(payload: str, side: float) -> str:
    """The operators of a code in a square of this side, in points; the boxes count modules from the upper left corner, since
    whole numbers take half the room of points."""
    parts = dark_areas(payload, Area(0.0, 0.0, side, side))
    module = parts[0].height
    boxes = (" ".join(f"{round(v / module)}" for v in (a.left, a.top, a.width, a.height)) for a in parts)
    return f"{module:.6f} 0 0 {-module:.6f} 0 {_n(side)} cm 0 0 0 rg {' re '.join(boxes)} re f"


def _n(number: float) -> str:
    """A number as PDF writes it, to a ten-thousandth of a point; ReportLab's own way takes five times as long."""
    return f"{number:.4f}".rstrip("0").rstrip(".")


def _runs(mark: Text, faces: Faces) -> list[tuple[int, int, float]]:
    """(start, end, extra space after each character) of pieces that one operator can draw."""
    runs: list[tuple[int, int, float]] = []
    start = 0
    space: float | None = None
    for i in range(1, len(mark.text)):
        advance = faces.face(mark.faces[i - 1]).advance(mark.text[i - 1]) * mark.size
        gap = mark.xs[i] - mark.xs[i - 1] - advance
        same = mark.faces[i] == mark.faces[i - 1]
        if same and space is None:
            space = gap
        elif not same or space is None or abs(gap - space) > _SAME:
            runs.append((start, i, space or 0.0))
            start, space = i, None
    return [*runs, (start, len(mark.text), space or 0.0)]
