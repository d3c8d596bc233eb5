"""A printed page on a photo or scan: the QR codes on it, and a copy of the page that is upright and straight.

The picture is never changed. What is straightened is a copy of its own: the sheet from edge to edge where its edges are
seen, else as far as the four corners of the code alone can tell.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import fmean, median

import zxingcpp
from PIL import Image, ImageFilter, ImageOps

from .faint import read_faint
from .light import light_parts
from .photo import COPY, decoded, jpeg, read_photo
from .plane import Corners, Map, Point, affine, apply, homography, similarity

A4 = (210.0, 297.0)  # ISO 216
DOTS = 8
"""Pixels of a straight copy to the millimetre (203 dpi)."""
THUMBNAIL = 360
PDF = "application/pdf"

_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_LOOSE = 0.2  # mm by which a simpler map may miss the corners of the code; corners are told in whole pixels
_SHIFT = 8.0  # mm by which a printer may have shifted or shrunk the print on its sheet
_MISS = 1.0  # mm by which the edges of the sheet may disagree with the corners of the code
_AROUND = 60.0  # mm around the sheet in which its edges are looked for
_FINE = 2  # pixels to the millimetre while looking for edges
_ERODE = 2  # pixels that the bright sheet loses at each side to what is smaller than a finger
_DARK = 128  # level of grey below which a pixel is ink and not what shines through from the other side
_BARE = 0.0002  # part of a page that may be dark while nothing stands on it: dust on the glass


@dataclass(frozen=True, slots=True)
class Found:
    """A QR code: its text, and the corners of its ink in pixels of the upright picture."""

    text: str
    corners: Corners


@dataclass(frozen=True, slots=True)
class Straight:
    """The straightened page as JPEG, a small picture of it, and whether it was the sheet's edges that said how."""

    jpeg: bytes
    thumbnail: bytes
    by_edges: bool


@dataclass(frozen=True, slots=True)
class Scan:
    """A picture of a page with what was read off it: the bytes of its file and their kind, a small copy and one to be read."""

    original: bytes
    mime: str
    thumbnail: bytes
    larger: bytes
    codes: tuple[Found, ...]
    picture: Image.Image

    @property
    def blank(self) -> bool:
        """Whether nothing is to be seen, as on the back of a sheet that a scanner took from both sides."""
        width, height = self.picture.size
        inner = self.picture.convert("L").crop((width // 20, height // 20, width * 19 // 20, height * 19 // 20))
        return sum(inner.histogram()[:_DARK]) < _BARE * inner.width * inner.height

    def straight(self, code: Found, box: Corners) -> Straight:
        """The page upright and straight, its code where the paper has it: `box` in millimetres of the sheet."""
        to_picture, by_edges = _map(self.picture, code.corners, box)
        picture, scale = self.picture, _scale(code.corners, box)
        shrink = max(1, int(scale / DOTS))
        if shrink > 1:
            picture = picture.reduce(shrink)
        size = (round(A4[0] * DOTS), round(A4[1] * DOTS))
        there = [apply(to_picture, point) for point in _sheet()]
        dots: Corners = ((0.0, 0.0), (size[0], 0.0), (size[0], size[1]), (0.0, size[1]))
        back = homography(dots, [(x / shrink, y / shrink) for x, y in there])
        page = picture.transform(
            size, Image.Transform.PERSPECTIVE, back[:8], Image.Resampling.BICUBIC, fillcolor=(255, 255, 255)
        )
        whole = jpeg(page, 82)
        page.thumbnail((THUMBNAIL, THUMBNAIL), reducing_gap=2.0)
        return Straight(whole, jpeg(page, 80), by_edges)


def read_scan(file: Path) -> Scan:
    """Read a picture of a page. Raises as `photo.take_in` does."""

    def read(name: str, original: bytes) -> Scan:
        photo = read_photo(name, original)
        with Image.open(io.BytesIO(original), formats=("JPEG", "PNG", "HEIF")) as image:
            picture = ImageOps.exif_transpose(image).convert("RGB")
        return Scan(original, photo.mime, photo.thumbnail, photo.print_copy, _searched(picture), picture)

    return decoded(file, read)


def drawn_scan(original: bytes, size: tuple[int, int], pixels: bytes) -> Scan:
    """A page of the scanned PDF `original` as it was drawn: red, green and blue of each pixel, row by row."""
    picture = Image.frombytes("RGB", size, pixels)
    small = picture.copy()
    small.thumbnail((COPY, COPY), Image.Resampling.HAMMING, reducing_gap=2.0)
    larger = jpeg(small, 82)
    small.thumbnail((THUMBNAIL, THUMBNAIL), reducing_gap=2.0)
    return Scan(original, PDF, jpeg(small, 80), larger, _searched(picture), picture)


def read_code(file: Path) -> str:
    """The text of the one QR code on a picture, "" where there is none or more than one. Raises as `photo.take_in` does."""

    def read(name: str, original: bytes) -> str:
        with Image.open(io.BytesIO(original), formats=("JPEG", "PNG", "HEIF")) as image:
            codes = zxingcpp.read_barcodes(ImageOps.exif_transpose(image).convert("L"), formats=_QR)
        found = {code.text for code in codes}  # somebody else's: the reader's word for its characters
        return found.pop() if len(found) == 1 else ""

    return decoded(file, read)


def texts_on(file: Path) -> tuple[str, ...]:
    """The texts of our QR codes on a picture. Raises as `photo.take_in` does."""

    def read(name: str, original: bytes) -> tuple[str, ...]:
        with Image.open(io.BytesIO(original), formats=("JPEG", "PNG", "HEIF")) as image:
            return tuple(code.text for code in codes_in(ImageOps.exif_transpose(image)))

    return decoded(file, read)


def texts_in(grey: bytes, width: int, height: int) -> tuple[str, ...]:
    """The texts of our QR codes on a frame of a live picture, one byte a pixel."""
    return tuple(code.text for code in codes_in(Image.frombytes("L", (width, height), grey)))


def codes_in(picture: Image.Image) -> tuple[Found, ...]:
    """Every QR code on a picture, whoever made it."""
    found = zxingcpp.read_barcodes(picture.convert("L"), formats=_QR, try_invert=False)
    # our codes hold UTF-8 and say nothing of it, and what a reader guesses is a guess
    return tuple(Found(each.bytes.decode("utf-8", "replace"), _corners(each.position)) for each in found)


def _searched(picture: Image.Image) -> tuple[Found, ...]:
    """Every code on the picture of a page; where none is found at once, what patience can make out."""
    found = codes_in(picture)
    faint = read_faint(picture.convert("L")) if not found else None
    return found if faint is None else (Found(*faint),)


def _corners(position: zxingcpp.Position) -> Corners:
    first, second, third, last = (
        (float(corner.x), float(corner.y))
        for corner in (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    )
    return first, second, third, last


# -- from the sheet to the picture -----------------------------------------------------------------------------------


def _map(picture: Image.Image, corners: Corners, box: Corners) -> tuple[Map, bool]:
    """From millimetres of the sheet to pixels of the picture, and whether the edges of the sheet were found."""
    near = similarity(box, corners)
    edges = _edges(picture, near, _scale(corners, box))
    if edges is not None:
        to_sheet = homography(edges, _sheet())
        away = [apply(to_sheet, point) for point in corners]
        dx, dy = (fmean(want[axis] - seen[axis] for seen, want in zip(away, box, strict=True)) for axis in (0, 1))
        miss = _worst([(x + dx, y + dy) for x, y in away], box)
        if max(abs(dx), abs(dy)) <= _SHIFT and miss <= _MISS:
            moved = [(x + dx, y + dy) for x, y in _sheet()]
            return homography(moved, edges), True
    loose = _LOOSE * _scale(corners, box)
    leaning, tilted = affine(box, corners), homography(box, corners)
    for made in (near, leaning):
        if _worst([apply(made, point) for point in box], corners) <= max(loose, 1.0):
            return made, False
    # no corner flies off towards the horizon
    sane = min(tilted[6] * x + tilted[7] * y + 1.0 for x, y in _sheet()) > 0.5
    return tilted if sane else leaning, False


def _sheet() -> Corners:
    return (0.0, 0.0), (A4[0], 0.0), A4, (0.0, A4[1])


def _scale(corners: Corners, box: Corners) -> float:
    """Pixels to the millimetre, at the code."""
    ring = [*corners, corners[0]]
    around = sum(abs(complex(*b) - complex(*a)) for a, b in pairwise(ring))
    return around / (2 * (box[1][0] - box[0][0] + box[3][1] - box[0][1]))


def _worst(points: Sequence[Point], wanted: Sequence[Point]) -> float:
    return max(abs(complex(*point) - complex(*want)) for point, want in zip(points, wanted, strict=True))


# -- the edges of the sheet ------------------------------------------------------------------------------------------


def _edges(picture: Image.Image, near: Map, scale: float) -> Corners | None:
    """The corners of a bright sheet on darker ground in pixels of the picture; None where an edge is not to be seen.

    `near` turns the picture upright first, so that each edge is sought along rows or columns alone.
    """
    shrink = max(1, int(scale / _FINE))
    turned = _before(near, 1 / _FINE, -_AROUND, 1 / shrink)
    size = (round((A4[0] + 2 * _AROUND) * _FINE), round((A4[1] + 2 * _AROUND) * _FINE))
    grey = picture.convert("L").reduce(shrink)
    inside = Image.new("L", grey.size, 255).transform(size, Image.Transform.AFFINE, turned[:6])
    grey = grey.transform(size, Image.Transform.AFFINE, turned[:6], Image.Resampling.BILINEAR)
    bright = light_parts(grey).filter(ImageFilter.MinFilter(2 * _ERODE + 1))
    left, right = _two_sides(bright, inside)
    top, bottom = _two_sides(*(image.transpose(Image.Transpose.TRANSPOSE) for image in (bright, inside)))
    if left is None or right is None or top is None or bottom is None:
        return None
    crossings = [_cross(side, end) for side, end in ((left, top), (right, top), (right, bottom), (left, bottom))]
    first, second, third, last = (
        apply(near, (x / _FINE - _AROUND, y / _FINE - _AROUND)) for x, y in crossings
    )  # fmt: skip
    return first, second, third, last


def _before(near: Map, step: float, start: float, after: float) -> Map:
    """`near` from pixels of `step` millimetres that begin at `start`, to a picture that is scaled by `after`."""
    a, b, c, d, e, f, *_ = (value * after for value in near)
    return a * step, b * step, a * start + b * start + c, d * step, e * step, d * start + e * start + f


Line = tuple[float, float]
"""x = slope * y + start."""


def _two_sides(bright: Image.Image, inside: Image.Image) -> tuple[Line | None, Line | None]:
    """The first and the last bright pixel of the rows, as lines; the ends of the sheet are left out, and what is bright
    as far as the picture goes has no edge."""
    (width, height), rim = bright.size, _ERODE + 1
    rows, whole, margin = bright.tobytes(), inside.tobytes(), round((_AROUND + 30) * _FINE)
    first, last = list[Point](), list[Point]()
    for y in range(margin, height - margin, 4):
        here = slice(y * width, (y + 1) * width)
        row, picture = rows[here], whole[here]
        start, end = row.find(255), row.rfind(255) + 1
        if start > picture.find(255) + rim:
            first.append((y + 0.5, start - _ERODE))
        if 0 < end < picture.rfind(255) + 1 - rim:
            last.append((y + 0.5, end + _ERODE))
    wanted = len(range(margin, height - margin, 4)) * 0.6
    return _line(first, wanted), _line(last, wanted)


def _line(points: Sequence[Point], wanted: float) -> Line | None:
    """The line on which at least `wanted` of the points lie (Theil and Sen, then least squares of what is near)."""
    if len(points) < wanted:
        return None
    half = len(points) // 2
    slope = median((b[1] - a[1]) / (b[0] - a[0]) for a, b in zip(points, points[half:], strict=False))
    start = median(x - slope * y for y, x in points)
    near = [(y, x) for y, x in points if abs(x - slope * y - start) <= _MISS * _FINE]
    if len(near) < wanted:
        return None
    y0, x0 = fmean(y for y, _ in near), fmean(x for _, x in near)
    slope = sum((y - y0) * (x - x0) for y, x in near) / sum((y - y0) ** 2 for y, _ in near)
    return slope, x0 - slope * y0


def _cross(side: Line, end: Line) -> Point:
    """Where a side (x of y) meets an end (y of x)."""
    y = (end[0] * side[1] + end[1]) / (1 - end[0] * side[0])
    return side[0] * y + side[1], y
