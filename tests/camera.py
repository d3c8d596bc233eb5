"""A camera and a scanner for the tests: printed pages on a desk, seen askew by a seeded hand."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw, ImageFilter

Point = tuple[float, float]


def printed(pdf: bytes, page: int = 1, dpi: float = 220.0) -> Image.Image:
    """A page (from 1) as a printer with perfect ink would lay it on white paper."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        sheet: Image.Image = document[page - 1].render(scale=dpi / 72).to_pil()
        return sheet.convert("RGB")
    finally:
        document.close()


def photographed(
    pages: Sequence[Image.Image], seed: int, *, turn: float = 0.0, tilt: float = 0.03, blur: float = 0.8,
    light: float = 0.75, desk: tuple[int, int, int] = (104, 82, 60), size: tuple[int, int] = (1800, 2400),
) -> Image.Image:  # fmt: skip
    """Pages side by side on a desk. `turn` in degrees, `tilt` as the part of the page that each corner may be off."""
    chance = random.Random(seed)
    photo = Image.new("RGB", size, desk)
    pen = ImageDraw.Draw(photo)
    for _ in range(60):  # the grain of the desk
        y, shade = chance.uniform(0, size[1]), chance.randint(-10, 10)
        pen.line((0, y, size[0], y + chance.uniform(-40, 40)), fill=tuple(max(0, c + shade) for c in desk), width=4)
    share = size[0] / len(pages)
    for number, page in enumerate(pages):
        high = min(size[1] * 0.86, share * 0.86 * page.height / page.width)
        wide, centre = high * page.width / page.height, complex(share * (number + 0.5), size[1] / 2)
        spin = complex(0, 1) ** (turn / 90)
        quad = []
        for dx, dy in ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)):
            off = complex(chance.uniform(-tilt, tilt) * wide, chance.uniform(-tilt, tilt) * high)
            place = centre + (complex(dx * wide, dy * high) + off) * spin
            quad.append((place.real, place.imag))
        _lay(photo, page, quad)
    photo = photo.filter(ImageFilter.GaussianBlur(blur))
    return photo.point(lambda value: int(value * light))


def _lay(photo: Image.Image, page: Image.Image, quad: Sequence[Point]) -> None:
    width, height = page.size
    back = _coefficients(quad, ((0, 0), (width, 0), (width, height), (0, height)))
    laid = page.transform(photo.size, Image.Transform.PERSPECTIVE, back, Image.Resampling.BILINEAR)
    mask = Image.new("L", page.size, 255).transform(photo.size, Image.Transform.PERSPECTIVE, back)
    photo.paste(laid, (0, 0), mask)


def _coefficients(source: Sequence[Point], target: Sequence[Point]) -> tuple[float, ...]:
    import numpy as np

    rows, right = [], []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    return tuple(np.linalg.solve(np.array(rows, float), np.array(right, float)))


def scanned(page: Image.Image, turn: float = 1.3) -> Image.Image:
    """A page from a flatbed: no edges to be seen, a little askew."""
    return page.rotate(turn, Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))


def saved(picture: Image.Image, target: Path) -> Path:
    """Written as the ending of its name says."""
    picture.save(target, quality=88)
    return target
