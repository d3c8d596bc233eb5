"""The frozen sample case, with small photos that are quick to make."""

from __future__ import annotations

import io

from PIL import Image

from inspector_app.actions.sample_case import (
    BUREAU,
    CASE,
    CODE,
    DAY,
    HEAD,
    KEY,
    NOTE,
    NUMBERS,
    PAPERS,
    SECOND,
    UNIT,
    VISIT,
    at,
    case_of,
    stamp,
)
from inspector_app.papers.render import Photo

__all__ = [
    "BUREAU", "CASE", "CODE", "DAY", "HEAD", "KEY", "NOTE", "NUMBERS", "PAPERS", "SECOND", "UNIT", "VISIT", "at", "case_of", "jpeg",
    "photos", "stamp",
]  # fmt: skip


def jpeg(width: int = 320, height: int = 240, seed: int = 0) -> bytes:
    """A small photo: a gradient, so that every seed gives another picture."""
    image = Image.linear_gradient("L").resize((width, height)).rotate(7 * seed % 360)
    out = io.BytesIO()
    Image.merge("RGB", (image, image.transpose(Image.Transpose.FLIP_LEFT_RIGHT), image.rotate(180))).save(
        out, "JPEG", quality=80
    )
    return out.getvalue()


def photos(count: int = 16, width: int = 320, height: int = 240) -> dict[str, Photo]:
    return {f"ZJ-{n:03d}": Photo.of(jpeg(width, height, n)) for n in range(1, count + 1)}
