"""A signature drawn on a screen: strokes as whole numbers, so that they have one byte form and can be drawn again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

GRAIN = 10_000
"""The pad is so many parts wide and high: 0..1 of it without fractions, which the record's JSON does not have."""

HARDEST = 1_000
"""Pressure of 1.0."""

_DOT = GRAIN // 50
"""A drawing that reaches no farther in either direction is what a touch by mistake leaves, and nobody's name."""


class Point(NamedTuple):
    """Where the pen was: parts of the pad's width and height, pressure, milliseconds since the first point."""

    x: int
    y: int
    pressure: int
    ms: int


@dataclass(frozen=True, slots=True)
class Stroke:
    """What was drawn without lifting. The pressure of a finger and of a mouse is not measured and stands at the half."""

    by: str  # pen touch mouse
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """The strokes on a pad of this many pixels."""

    width: int
    height: int
    strokes: tuple[Stroke, ...]

    @property
    def is_dot(self) -> bool:
        """Whether there is nothing but a dot."""
        points = [point for stroke in self.strokes for point in stroke.points]
        return all(
            max(values, default=0) - min(values, default=0) <= _DOT
            for values in ([p.x for p in points], [p.y for p in points])
        )

    def plain(self) -> dict[str, Any]:
        strokes = [{"by": stroke.by, "points": [list(point) for point in stroke.points]} for stroke in self.strokes]
        return {"width": self.width, "height": self.height, "strokes": strokes}

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Drawing:
        """What `plain` gave. Raises ValueError, KeyError, TypeError for anything else."""
        strokes = tuple(
            Stroke(str(row["by"]), tuple(Point(*map(int, point)) for point in row["points"]))
            for row in plain["strokes"]
        )
        made = cls(int(plain["width"]), int(plain["height"]), strokes)
        if min(made.width, made.height) < 1 or not made.strokes or not all(stroke.points for stroke in strokes):
            raise ValueError("nothing is drawn")
        return made
