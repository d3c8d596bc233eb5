"""A check: its data from forms/review.toml, and the function that looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from .dossier import Dossier, Moment, Place, Told


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
    """What forms/review.toml says of a check, and its function. `points` are taken for each hit, `most` for all."""

    code: str
    look: Look
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
    """All checks in the order of the data, the grades by least score, who may lift a block, and what papers must tell."""

    checks: tuple[Check, ...]
    grades: tuple[tuple[int, str], ...]
    failed: str  # the grade of a file with a block
    lifts: tuple[str, ...]
    told: Mapping[str, Told]

    def grade(self, score: int) -> str:
        return next(name for least, name in self.grades if score >= least)
