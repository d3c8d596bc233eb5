"""The data that acts obey, read once: policy, procedure, law catalogue, calendar, published checklists."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from ..checklists.form import Form, Item
from ..domain.calendar import WorkCalendar
from ..domain.calendar import parse as parse_calendar
from ..domain.law import Catalogue
from ..domain.law import parse as parse_laws
from ..domain.policy import Policy
from ..domain.policy import parse as parse_policy
from ..domain.problems import Problem
from ..domain.procedure import Procedure
from ..domain.procedure import parse as parse_procedure
from ..store.disk import room_for


@dataclass
class Rules:
    """What forms/ says. Everything is loaded on first use, so that the window need not wait for it."""

    folder: Path
    _forms: dict[str, Form] = field(default_factory=dict)

    @cached_property
    def policy(self) -> Policy:
        return parse_policy((self.folder / "policy.toml").read_text("utf-8"))

    @cached_property
    def procedure(self) -> Procedure:
        return parse_procedure((self.folder / "procedure.toml").read_text("utf-8"))

    @cached_property
    def calendar(self) -> WorkCalendar:
        return parse_calendar((self.folder / "calendar.toml").read_text("utf-8"))

    @cached_property
    def plan(self) -> Mapping[str, Any]:
        """What a new inspection begins with: `notice` (scope, methods, materials) and `checklist` by kind of unit."""
        return tomllib.loads((self.folder / "plan.toml").read_text("utf-8"))

    @cached_property
    def _law_texts(self) -> tuple[str, ...]:
        return tuple(path.read_text("utf-8") for path in sorted((self.folder / "laws").glob("*.toml")))

    @cached_property
    def laws(self) -> Catalogue:
        return parse_laws(self._law_texts)

    @cached_property
    def laws_version(self) -> str:
        """Digest of the law catalogue; every event names the one it was written under."""
        return hashlib.sha256("".join(self._law_texts).encode()).hexdigest()[:16]

    def checklist(self, key: str) -> Form:
        """A published checklist by its key. Raises `Problem("not_found")`."""
        if key not in self._forms:
            path = self.folder / "checklists" / f"{key}.xml"
            if not path.is_file():
                raise Problem("not_found", what=f"检查表“{key}”")
            self._forms[key] = Form.load(path.read_bytes())
        return self._forms[key]

    def checklists(self) -> list[Form]:
        """Every published checklist."""
        return [self.checklist(path.stem) for path in sorted((self.folder / "checklists").glob("*.xml"))]

    def item(self, checklist: str, code: str) -> Item:
        """One item of a checklist. Raises `Problem("unknown_item")`."""
        return self.checklist(checklist).item(code)

    def citations(self, basis: str) -> list[str]:
        """Full citations for a short basis such as 档案法19②；实施条例22(二)."""
        return [article.citation for article in self.laws.find(basis)]

    def in_force(self, citation: str, day: date) -> str:
        """The citation, if the article is known and in force that day."""
        return self.laws.in_force(citation, day).citation

    def due_date(self, key: str, start: date) -> date:
        """The last day of a term of the policy, counted in its own unit from `start`."""
        return self.policy.deadline(key).last_day(start, self.calendar)

    def room_for(self, place: Path, size: int) -> None:
        """Raises `Problem("disk_low")` when a file of this size would eat into the reserve."""
        room_for(place, size)


__all__ = ["Item", "Rules"]
