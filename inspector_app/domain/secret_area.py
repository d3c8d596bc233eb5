"""Areas of state secrets (保守国家秘密法31): where a laptop is in one, nothing comes into any of its inspections.

A laptop stands in one room. A word that was given on it counts for all it does, until it is taken back by name. What a colleague
said on another laptop counts here in the inspection that it was said of, and wherever this laptop's officer is on the same visit.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from .inspection import Stage
from .problems import Problem
from .tally import Tally

_CAPTURING = frozenset({
    "evidence_taken", "recording_started", "service_filmed", "signed_page_kept", "rectification_filmed",
})  # fmt: skip
"""What brings pictures or sound into a case."""
_OVER = frozenset({Stage.CANCELLED, Stage.CLOSED, Stage.ARCHIVED, Stage.PUBLICISED})
"""Stages in which nobody can take a word back any more."""


@dataclass(frozen=True, slots=True)
class Area:
    """A word that stands: somebody of the team said that it is in such an area. `unit` is the inspected unit."""

    inspection: str
    unit: str
    officer: str

    def by(self, inspection: str) -> str:
        """Who said it, to somebody who works on an inspection: of another one with its unit."""
        return self.officer if self.inspection == inspection else f"{self.officer}在{self.unit}的检查里"


def captures(event: str, *, imports: bool = False, recorded: bool = False) -> bool:
    """Whether an event brings something in. `imports`: it brings a file from elsewhere; `recorded`: it keeps what was recorded
    until the team went in, which is kept."""
    return (event in _CAPTURING or imports) and not recorded


def around(visits: Collection[Tally], device: str, person: str, inspection: str = "") -> tuple[Area, ...]:
    """The areas in which this laptop is, for work on an inspection if one is named, that of this one first; mostly none."""
    said = [visit for visit in visits if visit.areas]
    if not said:
        return ()
    at = max(
        (visit for visit in visits if _on(visit, person)), key=lambda visit: (visit.arrived, visit.id), default=None
    )

    def counts(visit: Tally) -> bool:
        own = visit.stage not in _OVER and any(where == device for where, _ in visit.areas)
        return visit.id == inspection or own or (at is not None and _on(visit, person) and visit.unit == at.unit)

    here = sorted((visit for visit in said if counts(visit)), key=lambda visit: (visit.id != inspection, visit.id))
    return tuple(
        Area(visit.id, visit.unit_name, "；".join(dict.fromkeys(name for _, name in visit.areas))) for visit in here
    )


def _on(visit: Tally, person: str) -> bool:
    """Whether this person is on this visit, as far as the record tells."""
    under_way = visit.arrived is not None and visit.ended is None and visit.stage not in _OVER
    return under_way and any(id == person for id, _ in visit.officers)


def check_outside(areas: Sequence[Area], inspection: str = "") -> None:
    """Raises `Problem("secret_area")` where there is one; an area of another inspection is told with its unit."""
    if areas:
        raise Problem("secret_area", officer=areas[0].by(inspection))
