"""Outlines with as few points as the eye allows: what makes up most of a paper's bytes.

A contour of lines and cubic curves becomes the cheapest chain of lines and quadratic curves over its knots that stays within
a tolerance of it. All pairs of knots near each other are tried at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from fontTools.pens.recordingPen import RecordingPen
from fontTools.pens.ttGlyphPen import TTGlyphPen

Array = np.ndarray[Any, Any]

_Piece = tuple[int, int, Array | None]
"""From which knot to which, and the control point of a curve."""

_CURVE = 8  # parts of a cubic curve that are measured
_SPLIT = 4  # of them between two knots
_REACH = 10  # knots that one line or curve may pass
_PROBES = 9  # places at which it is measured
_HALFWAY = 0.75  # units by which a point may be off that is left out
_FLAT = 10  # straight parts that stand for a curve


def redrawn(glyph: Any, tolerance: float, grid: int) -> Any:
    """A TrueType glyph within `tolerance` units of a cubic one, whose points lie on every `grid`th unit."""
    recorded, pen = RecordingPen(), TTGlyphPen(None)
    glyph.draw(recorded)
    for points, knots in _contours(recorded.value):
        chain = _cheapest(points, knots, tolerance, grid)
        if chain:
            _draw(pen, chain)
    return pen.glyph()


def _contours(value: Sequence[tuple[str, Any]]) -> list[tuple[Array, list[int]]]:
    """Each contour as a close polygon, turned as TrueType wants it, with the numbers of its points that may be kept."""
    found: list[tuple[Array, list[int]]] = []
    points: list[Any] = []
    knots: list[int] = []
    for name, at in value:
        if name == "moveTo":
            points, knots = [np.array(at[0], float)], [0]
        elif name == "lineTo":
            if not np.array_equal(at[0], points[-1]):
                points.append(np.array(at[0], float))
                knots.append(len(points) - 1)
        elif name == "curveTo":
            a, b, c, d = (points[-1], *(np.array(p, float) for p in at))
            for step in range(1, _CURVE + 1):
                t = step / _CURVE
                points.append((1 - t) ** 3 * a + 3 * t * (1 - t) ** 2 * b + 3 * t * t * (1 - t) * c + t**3 * d)
                if step % _SPLIT == 0:
                    knots.append(len(points) - 1)
        elif name in ("closePath", "endPath") and len(points) > 2:
            if np.allclose(points[0], points[-1]):
                points.pop()
                knots = [k for k in knots if k < len(points)]
            line = np.array(points)[::-1]
            found.append((line, sorted(len(line) - 1 - k for k in knots)))
    return found


def _cheapest(
    points: Array, knots: Sequence[int], tolerance: float, grid: int
) -> list[tuple[Array, Array | None]]:  # fmt: skip
    """(where it ends, its control point or None for a line) of each piece."""
    count = len(knots)
    if count < 3:
        return []
    start = _sharpest(points[list(knots)])
    points = np.roll(points, -knots[start], axis=0)
    own = [(knots[(start + n) % count] - knots[start]) % len(points) for n in range(count)]
    ring = np.vstack([points, points[:1]])
    run = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(ring, axis=0).T))])
    own.append(len(points))
    ends = grid * np.round(ring[own] / grid)
    return _path(count, _tried(ring, run[own], run, ends, tolerance, grid), ends)


def _tried(ring: Array, places: Array, run: Array, ends: Array, tolerance: float, grid: int) -> list[_Piece]:
    """The pieces that stay within the tolerance, in order; what cannot reach a knot is not tried for the next one."""
    share = np.arange(1, _PROBES + 1) / (_PROBES + 1)
    found: list[_Piece] = []
    alive = np.arange(len(ends) - 1)
    for reach in range(1, _REACH + 1):
        alive = alive[alive + reach < len(ends)]
        if not alive.size:
            break
        at = places[alive][:, None] + (places[alive + reach] - places[alive])[:, None] * share
        probes = np.stack([np.interp(at, run, ring[:, axis]) for axis in (0, 1)], axis=-1)
        a, b = ends[alive], ends[alive + reach]
        straight = _off(probes, np.stack([a, b], axis=1)) <= tolerance
        control = grid * np.round(_control(probes, a, b, share) / grid)
        fits, bent = straight.copy(), ~straight
        fits[bent] = _off(probes[bent], _curves(a[bent], control[bent], b[bent])) <= tolerance
        fits |= reach == 1  # half of a cubic curve is nearly a quadratic one
        found += [(int(n), int(n) + reach, None if line else bend) for n, line, bend in
                  zip(alive[fits], straight[fits], control[fits], strict=True)]  # fmt: skip
        alive = alive[fits]
    return sorted(found, key=lambda piece: piece[:2])


def _sharpest(corners: Array) -> int:
    """The corner that turns most: it stays."""
    before, after = corners - np.roll(corners, 1, axis=0), np.roll(corners, -1, axis=0) - corners
    turn = np.arctan2(before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0], (before * after).sum(axis=1))
    return int(np.argmax(np.abs(turn)))


def _control(probes: Array, a: Array, b: Array, share: Array) -> Array:
    """The control points of the curves that pass nearest to the probes, which lie at these shares of each."""
    share = share[:, None]
    weight = 2 * share * (1 - share)
    rest = probes - (1 - share) ** 2 * a[:, None] - share**2 * b[:, None]
    made: Array = (weight * rest).sum(axis=1) / (weight**2).sum()
    return made


def _curves(a: Array, control: Array, b: Array) -> Array:
    t = np.linspace(0, 1, _FLAT + 1)[None, :, None]
    made: Array = (1 - t) ** 2 * a[:, None] + 2 * t * (1 - t) * control[:, None] + t * t * b[:, None]
    return made


def _off(probes: Array, lines: Array) -> Array:
    """How far the probes lie from each line of straight parts at the most."""
    start, step = lines[:, None, :-1], np.diff(lines, axis=1)[:, None]
    long = np.maximum((step**2).sum(axis=-1), 1e-9)
    along = np.clip(((probes[:, :, None] - start) * step).sum(axis=-1) / long, 0, 1)
    gap = probes[:, :, None] - start - along[..., None] * step
    off: Array = np.sqrt((gap**2).sum(axis=-1)).min(axis=2).max(axis=1)
    return off


def _path(count: int, pieces: Sequence[_Piece], ends: Array) -> list[tuple[Array, Array | None]]:
    """The chain with the fewest points."""
    cost: list[float] = [0.0] + [float("inf")] * count
    way: list[tuple[int, Array | None]] = [(0, None)] * (count + 1)
    for start, end, control in pieces:
        price = cost[start] + (1 if control is None else 2)
        if price < cost[end]:
            cost[end], way[end] = price, (start, control)
    chain: list[tuple[Array, Array | None]] = []
    at = count
    while at:
        before, control = way[at]
        chain.append((ends[at], control))
        at = before
    return chain[::-1]


def _draw(pen: TTGlyphPen, chain: Sequence[tuple[Array, Array | None]]) -> None:
    """A point halfway between two control points follows from them and is left out."""
    pen.moveTo(_pair(chain[-1][0]))
    controls: list[tuple[int, int]] = []
    for n, (end, control) in enumerate(chain):
        if control is None:
            pen.lineTo(_pair(end))
            continue
        controls.append(_pair(control))
        after = chain[n + 1][1] if n + 1 < len(chain) else None
        if after is None or np.hypot(*(end - (control + after) / 2)) > _HALFWAY:
            pen.qCurveTo(*controls, _pair(end))
            controls = []
    pen.closePath()


def _pair(point: Array) -> tuple[int, int]:
    return int(point[0]), int(point[1])
