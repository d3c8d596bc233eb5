"""A camera and a scanner for the tests: printed pages on a desk, seen askew by a seeded hand."""

from __future__ import annotations

import io
import math
import random
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageFilter

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


def spoiled(
    photo: Image.Image, seed: int, *, shadow: float = 0.5, noise: float = 6.0, quality: int = 40
) -> Image.Image:
    """A photo under the shadow of who takes it, with the grain of a dim room, packed hard: `shadow` is the part of the light
    that is lost, `noise` in levels, `quality` of the JPEG."""
    chance = random.Random(seed)
    width, height = photo.size
    edge = Image.linear_gradient("L").resize((width * 2, height * 2)).rotate(chance.uniform(0, 360))
    dark = edge.crop((width // 2, height // 2, width // 2 + width, height // 2 + height))
    dark = dark.point(
        [255 if level < 120 else round(255 * (1 - shadow * min((level - 120) / 20, 1))) for level in range(256)]
    )
    shaded = np.asarray(ImageChops.multiply(photo, Image.merge("RGB", (dark, dark, dark))), float)
    grain = np.random.default_rng(seed).normal(0.0, noise, (height, width, 1))
    packed = io.BytesIO()
    Image.fromarray(np.clip(shaded + grain, 0, 255).astype(np.uint8)).save(packed, "JPEG", quality=quality)
    return Image.open(packed).convert("RGB")


def creased(page: Image.Image, deep: float) -> Image.Image:
    """A sheet that was folded in a bag: bent in waves, `deep` millimetres to each side."""
    width, height = page.size
    reach, cells = deep * width / 210, 20

    def bent(x: float, y: float) -> Point:
        u, v = x / width * 9, y / height * 9
        return x + reach * math.sin(u + v), y + reach * math.sin(1.4 * v - u)

    mesh = []
    for row, column in product(range(cells), range(cells)):
        left, right = (width * (column + end) // cells for end in (0, 1))
        top, bottom = (height * (row + end) // cells for end in (0, 1))
        corners = (bent(left, top), bent(left, bottom), bent(right, bottom), bent(right, top))
        mesh.append(((left, top, right, bottom), tuple(value for corner in corners for value in corner)))
    return page.transform(page.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR, fillcolor=(255, 255, 255))


def _lay(photo: Image.Image, page: Image.Image, quad: Sequence[Point]) -> None:
    width, height = page.size
    back = _coefficients(quad, ((0, 0), (width, 0), (width, height), (0, height)))
    laid = page.transform(photo.size, Image.Transform.PERSPECTIVE, back, Image.Resampling.BILINEAR)
    mask = Image.new("L", page.size, 255).transform(photo.size, Image.Transform.PERSPECTIVE, back)
    photo.paste(laid, (0, 0), mask)


def _coefficients(source: Sequence[Point], target: Sequence[Point]) -> tuple[float, ...]:
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
