"""A check: its data from forms/review.toml, and the function that looks."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from .dossier import Dossier, Moment, Place


class Severity(StrEnum):
    """合法性 (一票否决) blocks, 规范性 deducts points, a note is only told."""

    BLOCK = "block"
    DEDUCT = "deduct"
    NOTE = "note"

    @property
    def label(self) -> str:
        return {"block": "必须改", "deduct": "建议改", "note": "提示"}[self]


@dataclass(frozen=True, slots=True)
class Mend:
    """A cure that needs no judgement: in this field the one text becomes the other."""

    place: Place
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One place where a check found fault; `facts` fill its message."""

    place: Place
    facts: Mapping[str, str]
    mend: Mend | None = None


def hit(kind: str, key: str = "", field: str = "", mend: Mend | None = None, /, **facts: object) -> Hit:
    """A hit at a place, with the facts of its message."""
    return Hit(Place(kind, key, field), {name: str(value) for name, value in facts.items()}, mend)


Look = Callable[[Dossier], Iterator[Hit]]
LOOKS: dict[str, Look] = {}
"""The function of each check by its code."""


def check(code: str) -> Callable[[Look], Look]:
    """Register the function of a check; the rest of it is data under the same code."""

    def register(look: Look) -> Look:
        assert code not in LOOKS, code
        LOOKS[code] = look
        return look

    return register


@dataclass(frozen=True, slots=True)
class Check:
    """What forms/review.toml says of a check. `points` are taken for each hit, `most` for all of them."""

    code: str
    name: str
    severity: Severity
    moments: frozenset[Moment]
    points: int
    most: int
    clause: str
    message: str
    way: str
    verified_by: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All checks in the order of the data, the grades by least score, and who may lift a block."""

    checks: tuple[Check, ...]
    grades: tuple[tuple[int, str], ...]
    failed: str  # the grade of a file with a block
    lifts: tuple[str, ...]

    def grade(self, score: int) -> str:
        return next(name for least, name in self.grades if score >= least)

    def named(self, code: str) -> Check | None:
        return next((each for each in self.checks if each.code == code), None)


def parse(text: str) -> Catalogue:
    """Read forms/review.toml. Raises KeyError or ValueError where a check lacks a part or names no function."""
    data = tomllib.loads(text)
    checks = []
    for code, row in data["check"].items():
        if code not in LOOKS:
            raise ValueError(f"no function looks for {code}")
        points = row.get("points", 0)
        checks.append(
            Check(
                code, row["name"], Severity(row["severity"]), frozenset(Moment(m) for m in row["moments"]), points,
                row.get("most", points * 3), row["clause"], row["message"], row["way"], row.get("verified_by", ""),
            )
        )  # fmt: skip
    grades = sorted(((row["least"], name) for name, row in data["grade"].items()), reverse=True)
    return Catalogue(tuple(checks), tuple(grades), data["score"]["failed"], tuple(data["score"]["lifts"]))
