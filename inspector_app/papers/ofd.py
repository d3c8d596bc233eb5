"""OFD (GB/T 33190-2016) of the same composed pages, with the faces embedded as subsets. Experimental: what it writes was
never opened in a certified reader; the archived original is the PDF.

Places are millimetres from the upper left corner, as on our pages, so that nothing is reckoned anew: every character
stands where the composer put it.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import count, pairwise
from xml.sax.saxutils import escape, quoteattr

from fontTools import subset
from fontTools.ttLib import TTFont

from . import grid
from .fonts import Faces, Source
from .packed import packed
from .page import Code, Colour, Mark, Page, Photo, Picture, Rule, Text, baseline
from .qr import dark_areas

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_SHEET = f"0 0 {grid.SHEET_WIDTH:g} {grid.SHEET_HEIGHT:g}"


def write(
    pages: Sequence[Page], photos: Mapping[str, Photo], title: str, author: str, day: date, faces: Faces
) -> bytes:
    """The OFD of these pages. Same pages, same bytes."""
    return _Writer(photos, faces).write(pages, title, author, day)


class _Writer:
    """One document in the making: identifiers, faces and pictures in the order in which the pages ask for them."""

    def __init__(self, photos: Mapping[str, Photo], faces: Faces) -> None:
        self.photos, self.faces = photos, faces
        self.ids = count(1)
        self.fonts: dict[Source, tuple[int, set[str]]] = {}
        self.images: dict[str, tuple[int, bytes]] = {}

    def write(self, pages: Sequence[Page], title: str, author: str, day: date) -> bytes:
        parts: dict[str, bytes] = {}
        tree = []
        for number, page in enumerate(pages):
            place = f"Pages/Page_{number}/Content.xml"
            tree.append(f'<ofd:Page ID="{next(self.ids)}" BaseLoc="{place}"/>')
            objects = "\n".join(text for mark in page.marks for text in self._object(mark))
            parts[f"Doc_0/{place}"] = _xml(
                f"<ofd:Page {_SPACE}><ofd:Area><ofd:PhysicalBox>{_SHEET}</ofd:PhysicalBox></ofd:Area><ofd:Content>"
                f'<ofd:Layer ID="{next(self.ids)}" Type="Body">\n{objects}\n</ofd:Layer></ofd:Content></ofd:Page>'
            )
        fonts = []
        for source, (id, characters) in self.fonts.items():
            fonts.append(
                f'<ofd:Font ID="{id}" FontName={quoteattr(source.path.stem)} FamilyName={quoteattr(source.family or source.path.stem)}>'
                f"<ofd:FontFile>font_{id}.ttf</ofd:FontFile></ofd:Font>"
            )
            parts[f"Doc_0/Res/font_{id}.ttf"] = _subset(source, frozenset(characters))
        images = []
        for id, content in self.images.values():
            images.append(f'<ofd:MultiMedia ID="{id}" Type="Image" Format="JPEG">'
                          f"<ofd:MediaFile>image_{id}.jpg</ofd:MediaFile></ofd:MultiMedia>")  # fmt: skip
            parts[f"Doc_0/Res/image_{id}.jpg"] = content
        parts["Doc_0/PublicRes.xml"] = _xml(
            f'<ofd:Res {_SPACE} BaseLoc="Res"><ofd:Fonts>{"".join(fonts)}</ofd:Fonts></ofd:Res>'
        )
        # never without one (GB/T 33190 7.9)
        media = f"<ofd:MultiMedias>{''.join(images)}</ofd:MultiMedias>" if images else ""
        parts["Doc_0/DocumentRes.xml"] = _xml(f'<ofd:Res {_SPACE} BaseLoc="Res">{media}</ofd:Res>')
        parts["Doc_0/Document.xml"] = _xml(
            f"<ofd:Document {_SPACE}><ofd:CommonData><ofd:MaxUnitID>{next(self.ids)}</ofd:MaxUnitID><ofd:PageArea>"
            f"<ofd:PhysicalBox>{_SHEET}</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>"
            f"<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes></ofd:CommonData><ofd:Pages>{''.join(tree)}</ofd:Pages>"
            "</ofd:Document>"
        )
        name = hashlib.sha256(b"".join(parts[key] for key in sorted(parts))).hexdigest()[:32]
        parts["OFD.xml"] = _xml(
            f'<ofd:OFD {_SPACE} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>{name}</ofd:DocID>'
            f"<ofd:Title>{escape(title)}</ofd:Title><ofd:Author>{escape(author)}</ofd:Author>"
            f"<ofd:CreationDate>{day.isoformat()}</ofd:CreationDate><ofd:Creator>inspector</ofd:Creator></ofd:DocInfo>"
            "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
        )
        return packed({"OFD.xml": parts.pop("OFD.xml"), **dict(sorted(parts.items()))})

    def _object(self, mark: Mark) -> Iterator[str]:
        match mark:
            case Text():
                yield from self._text(mark)
            case Rule():
                yield self._rule(mark)
            case Picture(key, area):
                yield self._picture(self.photos[key], area)
            case Code(payload, area):
                yield self._code(payload, area)

    def _text(self, mark: Text) -> Iterator[str]:
        """A run of one face; each step from a character to the next is told."""
        whole = mark.xs
        for role, start, end in mark.runs:
            text, xs = mark.text[start:end], whole[start:end]
            id, characters = self.fonts.setdefault(self.faces.sources[role], (next(self.ids), set()))
            characters.update(text)
            steps = " ".join(_n(b - a) for a, b in pairwise(xs))
            delta = f' DeltaX="{steps}"' if steps else ""
            yield (
                f'<ofd:TextObject ID="{next(self.ids)}" Boundary="{_SHEET}" Font="{id}" Size="{_n(mark.size)}">'
                f'<ofd:FillColor Value="{_rgb(mark.colour)}"/>'
                f'<ofd:TextCode X="{_n(xs[0])}" Y="{_n(baseline(mark, self.faces, role))}"{delta}>{escape(text)}</ofd:TextCode>'
                "</ofd:TextObject>"
            )

    def _rule(self, rule: Rule) -> str:
        return (
            f'<ofd:PathObject ID="{next(self.ids)}" Boundary="{_SHEET}" LineWidth="{_n(rule.width)}">'
            f'<ofd:StrokeColor Value="{_rgb(rule.colour)}"/><ofd:AbbreviatedData>M {_n(rule.x0)} {_n(rule.y0)} '
            f"L {_n(rule.x1)} {_n(rule.y1)}</ofd:AbbreviatedData></ofd:PathObject>"
        )

    def _picture(self, photo: Photo, area: grid.Area) -> str:
        """Equal pictures are stored once."""
        key, place = hashlib.sha256(photo.jpeg).hexdigest(), photo.within(area)
        id, _ = self.images.setdefault(key, (next(self.ids), photo.jpeg))
        box = " ".join(map(_n, (place.left, place.top, place.width, place.height)))
        return (
            f'<ofd:ImageObject ID="{next(self.ids)}" Boundary="{box}" '
            f'CTM="{_n(place.width)} 0 0 {_n(place.height)} 0 0" ResourceID="{id}"/>'
        )

    def _code(self, payload: str, area: grid.Area) -> str:
        path = " ".join(
            f"M {_n(a.left)} {_n(a.top)} L {_n(a.right)} {_n(a.top)} L {_n(a.right)} {_n(a.bottom)} L {_n(a.left)} {_n(a.bottom)} C"
            for a in dark_areas(payload, area)
        )
        return (
            f'<ofd:PathObject ID="{next(self.ids)}" Boundary="{_SHEET}" Stroke="false" Fill="true">'
            f'<ofd:FillColor Value="0 0 0"/><ofd:AbbreviatedData>{path}</ofd:AbbreviatedData></ofd:PathObject>'
        )


def _subset(source: Source, characters: frozenset[str]) -> bytes:
    """The face with these characters only; it keeps its character map, by which a reader finds the glyphs."""
    options = subset.Options(recalc_timestamp=False, notdef_outline=True, hinting=False, layout_features=[])
    options.drop_tables += ["DSIG"]
    with TTFont(source.path, fontNumber=source.index, lazy=True, recalcTimestamp=False) as font:
        worker = subset.Subsetter(options)
        worker.populate(unicodes=[ord(char) for char in sorted(characters)])
        worker.subset(font)
        out = io.BytesIO()
        font.save(out)
    return out.getvalue()


def _xml(text: str) -> bytes:
    return (_HEAD + text).encode()


def _n(number: float) -> str:
    return f"{number:.3f}".rstrip("0").rstrip(".")


def _rgb(colour: Colour) -> str:
    return " ".join(str(round(part * 255)) for part in colour)
