"""Draws a curve over a logarithmic axis as SVG: a few lines of text, and no tool besides."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 640, 360, 60, 210, 40, 50
_COLOURS = ("#1f5fa8", "#b3431e", "#2e7d4f", "#7a4fa3")

Points = Sequence[tuple[float, float]]


def curve(title: str, across: str, up: str, lines: Mapping[str, Points]) -> str:
    """Lines of points (x, y), both axes logarithmic, each point with its value."""
    every = [point for points in lines.values() for point in points]
    xs, ys = ([math.log10(point[axis]) for point in every] for axis in (0, 1))
    low, high = math.floor(min(ys)), math.ceil(max(ys))
    left, right = min(xs), max(xs)

    def place(x: float, y: float) -> tuple[float, float]:
        across = (math.log10(x) - left) / (right - left or 1)
        above = (math.log10(y) - low) / (high - low or 1)
        return _LEFT + across * (_WIDTH - _LEFT - _RIGHT), _HEIGHT - _BOTTOM - above * (_HEIGHT - _TOP - _BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
        f'<text x="{_LEFT}" y="20" font-size="14" font-weight="bold">{escape(title)}</text>',
        f'<text x="{(_WIDTH - _RIGHT + _LEFT) / 2}" y="{_HEIGHT - 12}" text-anchor="middle">{escape(across)}</text>',
        f'<text x="8" y="{_TOP - 6}">{escape(up)}</text>',
    ]
    for power in range(low, high + 1):
        _, y = place(10**left, 10**power)
        parts.append(f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{_WIDTH - _RIGHT}" y2="{y:.1f}" stroke="#dddddd"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g}</text>')
    for x in sorted({point[0] for point in every}):
        at, _ = place(x, 10**low)
        parts.append(f'<text x="{at:.1f}" y="{_HEIGHT - _BOTTOM + 18}" text-anchor="middle">{x:,.0f}</text>')
    for (name, points), colour in zip(lines.items(), _COLOURS, strict=False):
        placed = [place(*point) for point in points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for (x, y), point in zip(placed, points, strict=True):
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>')
            parts.append(
                f'<text x="{x:.1f}" y="{y - 7:.1f}" text-anchor="middle" fill="{colour}">{point[1]:.3g}</text>'
            )
        x, y = placed[-1]
        parts.append(f'<text x="{x + 12:.1f}" y="{y + 4:.1f}" fill="{colour}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>", ""])
