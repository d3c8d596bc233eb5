"""Burning marks into a copy of a photo: for papers, on demand. The original bytes and the stored copy are never touched."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from ..domain.evidence import Mark, Shape
from ..places import RESOURCES

_RED, _PAPER = (196, 22, 28), (255, 255, 255)
_FACE = RESOURCES / "fonts" / "NotoSansSC-600.ttf"
_TILES = 12
"""Tiles that are left of the longer side of a covered place: too few to be read back."""


def burn(jpeg: bytes, marks: Sequence[Mark]) -> bytes:
    """JPEG bytes of a photo with its marks drawn in. Covered places hold nothing of what was there but a mean colour a tile."""
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as opened:
        image = opened.convert("RGB")
    # nothing is covered that was drawn over it
    for mark in sorted(marks, key=lambda mark: mark.shape is not Shape.BLUR):
        _draw(image, mark)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


def _draw(image: Image.Image, mark: Mark) -> None:
    wide, high = image.size
    unit = max(wide, high) / 400  # the width of a line
    x0, y0, x1, y1 = mark.x0 * wide, mark.y0 * high, mark.x1 * wide, mark.y1 * high
    left, right, top, bottom = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
    draw = ImageDraw.Draw(image)
    if mark.shape is Shape.BLUR:
        place = (int(left), int(top), max(int(right), int(left) + 1), max(int(bottom), int(top) + 1))
        part = image.crop(place)
        scale = _TILES / max(part.size)
        small = part.resize(
            (max(1, round(part.width * scale)), max(1, round(part.height * scale))), Image.Resampling.BOX
        )
        image.paste(small.resize(part.size, Image.Resampling.NEAREST), place)
    elif mark.shape is Shape.BOX:
        for colour, width in ((_PAPER, 3 * unit), (_RED, 2 * unit)):
            draw.rectangle((left, top, right, bottom), outline=colour, width=max(1, round(width)))
    elif mark.shape is Shape.ARROW:
        short = min(1.0, 6 * unit / max(math.hypot(x1 - x0, y1 - y0), 1.0))  # the line ends within the head
        base = (x1 - (x1 - x0) * short, y1 - (y1 - y0) * short)
        for colour, width in ((_PAPER, 3 * unit), (_RED, 2 * unit)):
            draw.line((x0, y0, *base), fill=colour, width=max(1, round(width)))
        turn, long = math.atan2(y1 - y0, x1 - x0), 9 * unit
        ends = [(x1 - long * math.cos(turn + a), y1 - long * math.sin(turn + a)) for a in (-0.45, 0.45)]
        draw.polygon([(x1, y1), *ends], fill=_RED, outline=_PAPER)
    else:
        face = ImageFont.truetype(str(_FACE), max(8, round(10 * unit)))
        box = draw.textbbox((x0, y0), mark.text, font=face)
        draw.rectangle((box[0] - 2 * unit, box[1] - unit, box[2] + 2 * unit, box[3] + unit), fill=_PAPER)
        draw.text((x0, y0), mark.text, font=face, fill=_RED)
