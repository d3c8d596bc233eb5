"""A QR code that the common reader does not find: askew, small, in shadow, blurred or on a creased sheet.

The common reader has to tell light from dark before it looks for a code. Here the code is found by its texture, a grid is
laid through the patterns that every code has (ISO/IEC 18004, 6.3), and what the lens has mixed of its neighbours into each
module is taken out again. The clean code is handed to the common reader, whose error correction has the last word.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from operator import mul
from statistics import fmean
from typing import Any

import zxingcpp
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageMath

from .light import light_parts
from .plane import Corners, Map, Point, after, apply, homography, solved

Read = tuple[str, Corners]
"""The text of a code and the corners of its ink in pixels of the picture."""

_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_VERSIONS = range(7, 18)
"""What our notes take: 7 holds 154 bytes at level L, 17 holds 644."""
_LEVELS = [round(255 * math.log((value + 12) / 12) / math.log(267 / 12)) for value in range(256)]
"""Brightness as its logarithm: a shadow then takes as much from light as from dark. The 12 keeps the noise of the dark small."""
_PLACES, _SIZES = 4, 3  # places of the picture and sizes of the grid that are tried, the likeliest first
_CLEAR = 133  # level from which a pattern is one; 128 is nothing
_BENT = 150  # and from which it is trusted to say how the sheet is bent

_SIDE, _RIM = 240, 40  # pixels of the patch made square, and of what is seen around it
_SIDES = (49, 58, 68, 80)  # modules of a side for which finders are sought; in between they are seen as well
_FINE = 5  # pixels to the module once the size is known
_QUIET = 4  # modules around the code (6.3.8)


def read_faint(grey: Image.Image) -> Read | None:
    """The first code that can be read on a picture of one byte a pixel. Takes up to some seconds."""
    for place in _places(grey):
        patch = _patch(grey, place)
        found = _in_patch(grey, patch) if patch is not None else None
        if found is not None:
            return found
    return None


# -- where it is -----------------------------------------------------------------------------------------------------


def _places(grey: Image.Image) -> Iterator[tuple[int, int, int, int]]:
    """Boxes around the finest texture, twice as wide as the code of a page that fills the picture."""
    longest = max(grey.size)
    shrink, step, half = max(1, longest // 1600), 8, round(longest * 0.075)
    fine = _texture(grey.reduce(shrink).point(_LEVELS), 4)
    rough = fine.filter(ImageFilter.BoxBlur(longest / shrink * 0.018)).reduce(step)
    for _ in range(_PLACES):
        most, (x, y) = _brightest(rough)
        if not most:
            return
        near = round(half * 0.6 / shrink / step)
        rough.paste(0, (x - near, y - near, x + near + 1, y + near + 1))
        middle = ((x + 0.5) * step * shrink, (y + 0.5) * step * shrink)
        left, top = (max(round(value - half), 0) for value in middle)
        yield left, top, min(left + 2 * half, grey.width), min(top + 2 * half, grey.height)


def _patch(grey: Image.Image, place: tuple[int, int, int, int]) -> Corners | None:
    """The corners of the textured patch in a place, in pixels of the picture, clockwise; which of them is the upper left one
    is still open."""
    part = grey.crop(place).point(_LEVELS)
    shrink = max(1, max(part.size) // 240)
    rough = _texture(part, 3).filter(ImageFilter.BoxBlur(max(part.size) / 110)).reduce(shrink)
    patch = light_parts(rough).filter(ImageFilter.MedianFilter(5))
    _, seed = _brightest(ImageChops.multiply(rough, patch))
    ImageDraw.floodfill(patch, seed, 128)
    corners = _rectangle(_border(patch))
    if corners is None:
        return None
    first, second, third, last = ((place[0] + x * shrink, place[1] + y * shrink) for x, y in corners)
    return first, second, third, last


def _texture(picture: Image.Image, reach: int) -> Image.Image:
    return ImageChops.difference(picture, picture.filter(ImageFilter.BoxBlur(reach)))


def _brightest(picture: Image.Image) -> tuple[int, tuple[int, int]]:
    """The highest level and the first pixel that has it."""
    levels = picture.tobytes()
    most = max(levels)
    at = levels.index(most)
    return most, (at % picture.width, at // picture.width)


def _border(patch: Image.Image) -> list[Point]:
    """The first and the last pixel of each row of the patch, which has the level 128."""
    rows, width = patch.tobytes(), patch.width
    points = list[Point]()
    for y in range(patch.height):
        row = rows[y * width : (y + 1) * width]
        if (start := row.find(128)) >= 0:
            points += [(start, y + 0.5), (row.rfind(128) + 1, y + 0.5)]
    return points


def _rectangle(points: Sequence[Point]) -> Corners | None:
    """The smallest rectangle around the points, its corners drawn in to the points that reach farthest."""
    if len(points) < 40:
        return None

    def turned(degrees: int) -> list[complex]:
        turn = complex(math.cos(math.radians(degrees)), -math.sin(math.radians(degrees)))
        return [complex(*point) * turn for point in points]

    def area(degrees: int) -> float:
        seen = turned(degrees)
        across, down = [z.real for z in seen], [z.imag for z in seen]
        return (max(across) - min(across)) * (max(down) - min(down))

    seen = turned(min(range(0, 90, 3), key=area))
    ends = [
        max(range(len(seen)), key=lambda n: dx * seen[n].real + dy * seen[n].imag)
        for dx, dy in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    ]
    first, second, third, last = (points[n] for n in ends)
    sides = [math.dist(a, b) for a, b in ((first, second), (second, third), (third, last), (last, first))]
    return (first, second, third, last) if max(sides) < 2.2 * min(sides) and min(sides) > 12 else None


# -- how large it is -------------------------------------------------------------------------------------------------

_FINDER = {9: 81 / 48, 7: -49 / 48 - 49 / 33, 5: 25 / 48 + 25 / 33, 3: -9 / 48 - 9 / 33}
_ALIGNMENT = {5: -25 / 17, 3: 9 / 8 + 9 / 17, 1: -1 / 8 - 1 / 17}
"""Weights of the means over squares, by their width in modules: together the mean of a pattern's light rings less that of its
dark ones. A finder has a light ring around it."""


def _in_patch(grey: Image.Image, patch: Corners) -> Read | None:
    """The code in a patch, whichever of its corners is the upper left one."""
    far = float(_RIM + _SIDE)
    square: Corners = ((_RIM, _RIM), (far, _RIM), (far, far), (_RIM, far))
    to_picture = homography(square, patch)
    flat = _seen(grey, to_picture, _SIDE + 2 * _RIM).point(_LEVELS)
    marks = max(
        (_finders(flat, modules) for modules in _SIDES), key=lambda found: sum(sorted(mark[0] for mark in found)[1:])
    )
    bare = min(range(4), key=lambda corner: marks[corner][0])  # the lower right corner bears no finder
    upper_left, upper_right, lower_left = (marks[(bare + step) % 4] for step in (2, 3, 1))
    if min(upper_left, upper_right, lower_left)[0] < _CLEAR:
        return None
    seen = (upper_left[1], upper_right[1], square[bare], lower_left[1])
    laid = []
    for version in _VERSIONS:
        size = _size(version)
        grid = homography(((3.5, 3.5), (size - 3.5, 3.5), (size, size), (3.5, size - 3.5)), seen)
        laid.append((_timing(flat, grid, size) + _aligned(flat, grid, version), version, grid))
    for _, version, grid in sorted(laid, reverse=True)[:_SIZES]:
        found = _on_grid(grey, after(grid, to_picture), version)
        if found is not None:
            return found
    return None


def _finders(flat: Image.Image, modules: int) -> list[tuple[int, Point]]:
    """How clear a finder is at each corner of a patch of so many modules a side, and its middle."""
    module = _SIDE / modules
    near, rings = _RIM + 3.5 * module, _rings(flat, module, _FINDER)
    far = 2 * _RIM + _SIDE - near
    return [_best(rings, point, 18.0) for point in ((near, near), (far, near), (far, far), (near, far))]


def _size(version: int) -> int:
    """Modules of a side."""
    return 17 + 4 * version


def _seen(grey: Image.Image, to_picture: Map, size: int) -> Image.Image:
    """A square of the picture through a map."""
    return grey.transform((size, size), Image.Transform.PERSPECTIVE, to_picture[:8], Image.Resampling.BICUBIC)


def _rings(flat: Image.Image, module: float, weights: Mapping[int, float]) -> Image.Image:
    """How clearly the pattern of these weights stands around each pixel; 128 is not at all."""
    means = {f"w{width}": flat.filter(ImageFilter.BoxBlur((width * module - 1) / 2)) for width in weights}

    def weighed(given: dict[str, Any]) -> Any:
        total = sum(weight * given["float"](given[f"w{width}"]) for width, weight in weights.items())
        return given["convert"](given["min"](given["max"](128 + total / 2, 0), 255), "L")

    made: Image.Image = ImageMath.lambda_eval(weighed, **means)
    return made


def _best(rings: Image.Image, near: Point, reach: float) -> tuple[int, Point]:
    """How clear the pattern is that stands within reach of a point, and its middle."""
    left, top, side = round(near[0] - reach), round(near[1] - reach), round(2 * reach) + 1
    most, (x, y) = _brightest(rings.crop((left, top, left + side, top + side)))
    return most, (left + x + 0.5, top + y + 0.5)


def _timing(flat: Image.Image, grid: Map, size: int) -> float:
    """How well the row and the column between the finders alternate (6.3.5) if the grid is of this size."""
    soft, levels = flat.filter(ImageFilter.BoxBlur(1)), list[float]()
    pixels = soft.tobytes()
    for at in range(8, size - 8):
        for module in ((at + 0.5, 6.5), (6.5, at + 0.5)):
            x, y = (min(max(int(value), 0), soft.width - 1) for value in apply(grid, module))
            levels.append(pixels[y * soft.width + x] * (1 if at % 2 else -1))
    return 2 * fmean(levels)


def _aligned(flat: Image.Image, grid: Map, version: int) -> float:
    """How clearly alignment patterns stand where a code of this version has them."""
    module = _SIDE / _size(version)
    rings = _rings(flat, module, _ALIGNMENT)
    return fmean(_best(rings, apply(grid, at), 1.2 * module)[0] for at in _alignments(version)) - 128


def _lines(version: int) -> list[float]:
    """Rows and columns in which the middles of alignment patterns lie (annex E)."""
    count, size = version // 7 + 2, _size(version)
    step = math.ceil((size - 13) / (2 * count - 2)) * 2
    return [6.5, *(size - 6.5 - step * back for back in range(count - 2, -1, -1))]


def _alignments(version: int) -> list[Point]:
    """The middles of the alignment patterns: at every crossing of their lines but at the finders."""
    lines, last = _lines(version), _size(version) - 6.5
    return [(x, y) for x in lines for y in lines if (x, y) not in ((6.5, 6.5), (6.5, last), (last, 6.5))]


# -- what it says ----------------------------------------------------------------------------------------------------


def _on_grid(grey: Image.Image, to_picture: Map, version: int) -> Read | None:
    """The code of a version whose modules lie about where the map from modules to pixels says."""
    size = _size(version)
    corner = size - 6.5
    ends: Corners = ((3.5, 3.5), (size - 3.5, 3.5), (corner, corner), (3.5, size - 3.5))
    zoom = (1 / _FINE, 0.0, -_QUIET, 0.0, 1 / _FINE, -_QUIET, 0.0, 0.0, 1.0)
    wide = (size + 2 * _QUIET) * _FINE
    for reach in (4.0, 1.5):  # modules that the lower right corner, which has no finder, may be off
        flat = _seen(grey, after(zoom, to_picture), wide).point(_LEVELS)
        finders, alignments = _rings(flat, _FINE, _FINDER), _rings(flat, _FINE, _ALIGNMENT)
        seen = [
            _best(alignments, _pixel(at), reach * _FINE)
            if at[0] == at[1] == corner
            else _best(finders, _pixel(at), _FINE)
            for at in ends
        ]
        to_picture = after(homography(ends, [apply(zoom, at) for _, at in seen]), to_picture)
    flat = _evened(_seen(grey, after(zoom, to_picture), wide), version)
    text = _text(flat, version)
    if text is None:
        return None
    first, second, third, last = (apply(to_picture, at) for at in ((0, 0), (size, 0), (size, size), (0, size)))
    return text, (first, second, third, last)


def _pixel(module: Point) -> Point:
    return (module[0] + _QUIET) * _FINE, (module[1] + _QUIET) * _FINE


def _evened(flat: Image.Image, version: int) -> Image.Image:
    """The grid made even where the sheet is bent: drawn back to what its patterns are off."""
    lines, size = _lines(version), _size(version)
    levelled = flat.point(_LEVELS)
    finders, alignments = _rings(levelled, _FINE, _FINDER), _rings(levelled, _FINE, _ALIGNMENT)
    last = len(lines) - 1

    def off(row: int, column: int) -> Point:
        """At a crossing of two lines, or at the finder that stands there instead."""
        at, rings = (lines[column], lines[row]), alignments
        if row in (0, last) and column in (0, last) and (row, column) != (last, last):
            at, rings = (size - 3.5 if column else 3.5, size - 3.5 if row else 3.5), finders
        clear, seen = _best(rings, _pixel(at), 1.6 * _FINE)
        return (seen[0] - _pixel(at)[0], seen[1] - _pixel(at)[1]) if clear > _BENT else (0.0, 0.0)

    moved = [[off(row, column) for column in range(last + 1)] for row in range(last + 1)]
    ends, mesh = [-_QUIET, *lines, size + _QUIET], []
    for row in range(last + 2):
        for column in range(last + 2):
            quad = list[float]()
            for r, c in ((row, column), (row + 1, column), (row + 1, column + 1), (row, column + 1)):
                dx, dy = moved[min(max(r - 1, 0), last)][min(max(c - 1, 0), last)]
                x, y = _pixel((ends[c], ends[r]))
                quad += [x + dx, y + dy]
            box = (*_pixel((ends[column], ends[row])), *_pixel((ends[column + 1], ends[row + 1])))
            mesh.append((tuple(map(round, box)), tuple(quad)))
    return flat.transform(flat.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)


_ROUNDS = 4
_AROUND = [(dx, dy) for dy in range(-2, 3) for dx in range(-2, 3)]
_CALM = 0.002  # keeps weights small that little is known of
_LIKE = 0.8  # part of the modules that are the same in every code which have to come out right


def _text(flat: Image.Image, version: int) -> str | None:
    """What the modules of an even grid say, each weighed with those around it."""
    size, rim = _size(version), _QUIET * _FINE
    middles = flat.filter(ImageFilter.BoxBlur(1)).crop((rim, rim, rim + size * _FINE, rim + size * _FINE))
    modules = middles.resize((size, size), Image.Resampling.NEAREST)
    around = modules.filter(ImageFilter.BoxBlur(5)).tobytes()
    seen = [(there - level) / (there + 1) for level, there in zip(modules.tobytes(), around, strict=True)]
    shifted = [_shifted(seen, size, dx, dy) for dx, dy in _AROUND]
    known = _known(version)
    clear, learnt = seen, known
    for turn in range(_ROUNDS + 1):
        text = _read_clean([known.get(place, level) for place, level in enumerate(clear)], size)
        if text is not None:
            return text
        clear = _unmixed(shifted, learnt)
        if not turn and sum(clear[place] * sign > 0 for place, sign in known.items()) < _LIKE * len(known):
            return None  # no code of this version lies here
        learnt = {place: 1 if level > 0 else -1 for place, level in enumerate(clear)}
    return None


def _known(version: int) -> dict[int, int]:
    """The modules that all codes of a version have alike, by their place: 1 is dark, -1 light (6.3.3 to 6.3.6)."""
    size, found = _size(version), dict[int, int]()

    def put(x: int, y: int, dark: bool) -> None:
        if 0 <= x < size and 0 <= y < size:
            found[y * size + x] = 1 if dark else -1

    for at in range(8, size - 8):
        put(at, 6, at % 2 == 0)
        put(6, at, at % 2 == 0)
    rings = [((int(x), int(y)), 2, {0, 2}) for x, y in _alignments(version)]
    rings += [(middle, 4, {0, 1, 3}) for middle in ((3, 3), (size - 4, 3), (3, size - 4))]
    for (x, y), reach, dark in rings:
        for dx in range(-reach, reach + 1):
            for dy in range(-reach, reach + 1):
                put(x + dx, y + dy, max(abs(dx), abs(dy)) in dark)
    return found


def _unmixed(shifted: Sequence[Sequence[float]], learnt: Mapping[int, int]) -> list[float]:
    """The modules without what a blurred lens or a moved hand has mixed of their neighbours into each.

    How much of each neighbour that is follows from modules of which is `learnt` what they are (least squares).
    """
    rows = [[levels[place] for place in learnt] for levels in shifted] + [[1.0] * len(learnt)]
    matrix = [[0.0] * len(rows) for _ in rows]
    for at, row in enumerate(rows):
        for other in range(at, len(rows)):
            matrix[at][other] = matrix[other][at] = sum(map(mul, row, rows[other]))
        matrix[at][at] += _CALM * len(learnt)
    *weights, start = solved(matrix, [sum(map(mul, row, learnt.values())) for row in rows])
    return [start + sum(map(mul, weights, levels)) for levels in zip(*shifted, strict=True)]


def _shifted(levels: Sequence[float], size: int, dx: int, dy: int) -> list[float]:
    """For each module the level of the one that lies so far from it, 0 beyond the edge."""
    found = list[float]()
    for y in range(dy, size + dy):
        row = [*levels[y * size : (y + 1) * size]] if 0 <= y < size else [0.0] * size
        found += [*row[max(dx, 0) :], *[0.0] * abs(dx)] if dx >= 0 else [*[0.0] * -dx, *row[:dx]]
    return found


def _read_clean(clear: Sequence[float], size: int) -> str | None:
    """What the common reader makes of modules that are dark above 0 and light below."""
    clean = Image.new("L", (size + 2 * _QUIET, size + 2 * _QUIET), 255)
    clean.paste(Image.frombytes("L", (size, size), bytes(0 if level > 0 else 255 for level in clear)), (_QUIET, _QUIET))
    clean = clean.resize((clean.width * 4, clean.height * 4), Image.Resampling.NEAREST)
    codes = zxingcpp.read_barcodes(clean, formats=_QR, try_invert=False, is_pure=True)
    return next((code.bytes.decode("utf-8", "replace") for code in codes if code.valid), None)
