"""好差评: the inspected unit rates the inspection, in one of five levels and its own words; one matter, one rating."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

LEVELS = ("非常满意", "满意", "基本满意", "不满意", "非常不满意")
"""The five levels, the best first."""
RATED = "rating"
"""Topic of the row that holds what the unit said, and the codes under which it may say it on a phone."""
SATISFIED = 3
"""The lowest level, counted from 1 for the worst, that counts as satisfied."""


@dataclass(frozen=True, slots=True)
class Rating:
    """What the unit said. `level` 5 for the best to 1; `by_name` is empty where the unit gave no name."""

    level: int
    text: str
    by_name: str
    at: datetime

    @property
    def word(self) -> str:
        return LEVELS[5 - self.level]


def read_rating(row: Mapping[str, Any]) -> Rating | None:
    """What stands; of two that were given on two laptops the worse one is heard."""
    given = [version["value"] for version in row.get("given", ()) if version["value"]["level"] in range(1, 6)]
    if not given:
        return None
    held = min(given, key=lambda value: (value["level"], value["at"]))
    return Rating(held["level"], str(held["text"]), str(held["by_name"]), datetime.fromisoformat(held["at"]))


def codes_of(row: Mapping[str, Any]) -> tuple[str, ...]:
    """The codes that were made for the rating of an inspection, the first first; of two laptops that knew nothing of each
    other both hold."""
    held = sorted((version["value"]["at"], str(version["value"].get("code", ""))) for version in row.get("invited", ()))
    return tuple(code for _, code in held if code)


def level_of(row: Mapping[str, Any]) -> int:
    """1 to 5, 0 without a rating."""
    rating = read_rating(row)
    return rating.level if rating else 0
