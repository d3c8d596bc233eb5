"""How a paper is put on paper: which pages, on which blank, for which printer, and what came of it.

The archived bytes are never touched by any of this: it says what is laid over them on their way to the printer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .problems import Problem


@dataclass(frozen=True, slots=True)
class Correction:
    """What a page is stretched by and moved by, in millimetres to the right and down, so that it comes out true."""

    across: float = 1.0
    down: float = 1.0
    right: float = 0.0
    lower: float = 0.0


NO_CORRECTION = Correction()


@dataclass(frozen=True, slots=True)
class Plan:
    """What is laid over the pages of one print. A plan that says nothing sends the bytes as they are archived."""

    first: int = 0  # pages, from 1; 0 = all
    last: int = 0
    thermal: bool = False  # one colour, no line thinner than such a printer draws
    preprinted: bool = False  # on a sheet with the red head already on it: what is red is left out
    seam: bool = False  # dashes at the right edge show where the seam seal (骑缝章) goes
    correction: Correction = NO_CORRECTION

    @property
    def plain(self) -> bool:
        """Whether the bytes go as they are archived."""
        return self == Plan()


@dataclass(frozen=True, slots=True)
class Habit:
    """What this laptop remembers of a printer."""

    duplex: bool = False
    thermal: bool = False
    correction: Correction = NO_CORRECTION

    def to_json(self) -> dict[str, Any]:
        c = self.correction
        return {
            "duplex": self.duplex,
            "thermal": self.thermal,
            "correction": [c.across, c.down, c.right, c.lower],
        }

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Habit:
        return cls(told["duplex"], told["thermal"], Correction(*told["correction"]))


@dataclass(frozen=True, slots=True)
class Order:
    """One print as it was asked for."""

    printer: str
    copies: int = 1
    duplex: bool = False
    plan: Plan = Plan()

    @property
    def options(self) -> list[str]:
        """Names of what differs from a plain print, as the record keeps them."""
        plan = self.plan
        said = {
            "duplex": self.duplex, "preprinted": plan.preprinted, "seam": plan.seam,
            "corrected": plan.correction != NO_CORRECTION,
        }  # fmt: skip
        return [name for name, on in said.items() if on]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a print ended: the copies that count, or why none does.

    Where Qt draws, which is wherever there is no CUPS, nobody confirms what came out; what the print system took counts then.
    """

    copies: int
    problem: Problem | None = None
    sent: str = ""  # SHA-256 of the bytes that were handed over
    confirmed: bool = True  # whether the printer's side has said that the copies are done


def pages_of(text: str, count: int) -> tuple[int, int]:
    """First and last page of `2`, `1-3` or nothing, which is all: (0, 0).

    Raises:
        Problem: `bad_pages` for anything else and for pages that the paper does not have.
    """
    parts = text.replace("－", "-").replace("—", "-").replace("至", "-").split("-")
    numbers = [int(part) for part in parts if part.strip().isdecimal()]
    if not text.strip():
        return 0, 0
    if len(numbers) != len(parts) or len(parts) > 2 or not 1 <= numbers[0] <= numbers[-1] <= count:
        raise Problem("bad_pages", text=text.strip(), count=count)
    whole = (numbers[0], numbers[-1]) == (1, count)
    return (0, 0) if whole else (numbers[0], numbers[-1])
