"""Maps of the plane: where the points of one picture, or of a sheet, lie in another."""

from __future__ import annotations

from collections.abc import Sequence

Point = tuple[float, float]
Corners = tuple[Point, Point, Point, Point]
"""Top left, top right, bottom right, bottom left, of what is upright."""

Map = tuple[float, ...]
"""Nine numbers of a projective map, the last one 1."""


def apply(m: Map, point: Point) -> Point:
    x, y = point
    below = m[6] * x + m[7] * y + m[8]
    return (m[0] * x + m[1] * y + m[2]) / below, (m[3] * x + m[4] * y + m[5]) / below


def after(first: Map, then: Map) -> Map:
    """Both maps, one after the other."""
    cells = [
        sum(then[3 * row + k] * first[3 * k + column] for k in range(3)) for row in range(3) for column in range(3)
    ]
    return tuple(cell / cells[8] for cell in cells)


def similarity(source: Corners, target: Corners) -> Map:
    """Turned, moved and scaled alike in both directions, by least squares."""
    a, b = [complex(*point) for point in source], [complex(*point) for point in target]
    middle, there = sum(a) / 4, sum(b) / 4
    spread = sum(abs(z - middle) ** 2 for z in a)
    turn = sum((w - there) * (z - middle).conjugate() for z, w in zip(a, b, strict=True)) / spread
    shift = there - turn * middle
    return turn.real, -turn.imag, shift.real, turn.imag, turn.real, shift.imag, 0.0, 0.0, 1.0


def affine(source: Corners, target: Corners) -> Map:
    """Of a rectangle whose sides lie along the axes, by least squares: the mean of its opposite sides."""
    (left, top), (right, bottom) = source[0], source[2]
    rows = []
    for axis in (0, 1):
        p, q, r, s = (point[axis] for point in target)
        across, down = (q - p + r - s) / 2 / (right - left), (s - p + r - q) / 2 / (bottom - top)
        rows += [across, down, (p + q + r + s) / 4 - across * (left + right) / 2 - down * (top + bottom) / 2]
    return (*rows, 0.0, 0.0, 1.0)


def homography(source: Sequence[Point], target: Sequence[Point]) -> Map:
    """The projective map of four points onto four, by elimination."""
    rows = []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows.append([x, y, 1.0, 0.0, 0.0, 0.0, -u * x, -u * y, u])
        rows.append([0.0, 0.0, 0.0, x, y, 1.0, -v * x, -v * y, v])
    matrix, right = [row[:8] for row in rows], [row[8] for row in rows]
    return (*solved(matrix, right), 1.0)


def solved(matrix: Sequence[Sequence[float]], right: Sequence[float]) -> list[float]:
    """The solution of linear equations, by elimination. Raises ZeroDivisionError where there is none."""
    rows, count = [[*row, value] for row, value in zip(matrix, right, strict=True)], len(right)
    for i in range(count):
        pivot = max(range(i, count), key=lambda row: abs(rows[row][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [value / rows[i][i] for value in rows[i]]
        for row in range(count):
            if row != i:
                factor = rows[row][i]
                rows[row] = [value - factor * own for value, own in zip(rows[row], rows[i], strict=True)]
    return [row[count] for row in rows]
