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

from ..checklists.form import Form, Head, Item
from ..domain.calendar import WorkCalendar
from ..domain.calendar import parse as parse_calendar
from ..domain.casefile import CaseFile
from ..domain.law import Catalogue as Laws
from ..domain.law import Standing
from ..domain.law import parse as parse_laws
from ..domain.policy import Policy
from ..domain.policy import parse as parse_policy
from ..domain.pools import DrawRules
from ..domain.pools import parse as parse_draw
from ..domain.problems import Problem
from ..domain.procedure import Procedure
from ..domain.procedure import parse as parse_procedure
from ..domain.redaction import Publicity
from ..domain.redaction import parse as parse_publicity
from ..domain.statistics import Measures
from ..domain.statistics import parse as parse_statistics
from ..places import SHIPPED, Shelf
from ..review.check import Catalogue
from ..store.disk import room_for


@dataclass
class Rules:
    """What the shelf of rules says. Everything is loaded on first use, so that the window need not wait for it."""

    shelf: Shelf = SHIPPED
    kept: Mapping[str, str] = field(default_factory=dict)
    """Checklists by their SHA-256 that were in force once: an inspection goes on with the one it was planned with."""
    _forms: dict[str, Form] = field(default_factory=dict)

    @cached_property
    def policy(self) -> Policy:
        return parse_policy(self.shelf.text("policy.toml"))

    @cached_property
    def procedure(self) -> Procedure:
        return parse_procedure(self.shelf.text("procedure.toml"))

    @cached_property
    def calendar(self) -> WorkCalendar:
        return parse_calendar(self.shelf.text("calendar.toml"))

    @cached_property
    def draw(self) -> DrawRules:
        return parse_draw(self.shelf.text("draw.toml"))

    @cached_property
    def publicity(self) -> Publicity:
        """What is published of an inspection, where, and what is masked in it."""
        return parse_publicity(self.shelf.text("publicity.toml"))

    @cached_property
    def measures(self) -> Measures:
        """What figures of a year are counted by."""
        return Measures(parse_statistics(self.shelf.text("statistics.toml")), self.draw, self.policy, self.calendar)

    @cached_property
    def filecheck(self) -> Catalogue:
        """The checks of the file review with their weights."""
        from ..review.catalogue import parse  # a hundred checks, and a window starts without them

        return parse(self.shelf.text("review.toml"))

    @cached_property
    def plan(self) -> Mapping[str, Any]:
        """What a new inspection begins with: `notice` (scope, methods, materials) and `checklist` by kind of unit."""
        return tomllib.loads(self.shelf.text("plan.toml"))

    @property
    def words(self) -> tuple[str, Shelf]:
        """What papers are worded by: the set of titles that policy chose, and the shelf."""
        return self.policy.titles, self.shelf

    @cached_property
    def _law_texts(self) -> tuple[str, ...]:
        return tuple(self.shelf.text(name) for name in self.shelf.names("laws/*.toml"))

    @cached_property
    def laws(self) -> Laws:
        return parse_laws(self._law_texts)

    @cached_property
    def laws_version(self) -> str:
        """Digest of the law catalogue; every event names the one it was written under."""
        return hashlib.sha256("".join(self._law_texts).encode()).hexdigest()[:16]

    def checklist(self, key: str, sha256: str = "") -> Form:
        """A published checklist by its key; with a digest the version that has it, where it is known.

        Raises:
            Problem: `not_found`.
        """
        name = sha256 if sha256 in self.kept else key
        if name not in self._forms:
            try:
                text = self.kept.get(sha256) or self.shelf.text(f"checklists/{key}.xml")
            except FileNotFoundError:
                raise Problem("not_found", what=f"检查表“{key}”") from None
            self._forms[name] = Form.load(text.encode())
        return self._forms[name]

    def checklists(self) -> list[Form]:
        """Every published checklist."""
        return [
            self.checklist(name[len("checklists/") : -len(".xml")]) for name in self.shelf.names("checklists/*.xml")
        ]

    @cached_property
    def checklist_heads(self) -> tuple[Head, ...]:
        """What every published checklist says of itself, without its questions."""
        return tuple(Form.head(self.shelf.text(name).encode()) for name in self.shelf.names("checklists/*.xml"))

    def check(self) -> None:
        """Read everything once. Raises whatever the reader of a text raises that cannot be obeyed."""
        from ..papers.render import required

        _ = self.policy, self.procedure, self.calendar, self.plan, self.laws, self.draw, self.filecheck, self.publicity
        _ = self.measures
        self.checklists()
        for kind in self.policy.papers:
            required(kind, *self.words)

    def item(self, case: CaseFile, code: str) -> Item:
        """One item of the checklist of an inspection. Raises `Problem("unknown_item")`."""
        return self.checklist(case.checklist, case.checklist_sha256).item(code)

    def citations(self, basis: str) -> list[str]:
        """Full citations for a short basis such as 档案法19②；实施条例22(二)."""
        return [article.citation for article in self.laws.find(basis)]

    def standing(self, citation: str, day: date) -> Standing:
        """Whether an article may be cited that day, as far as the catalogue knows.

        Raises:
            Problem: `unknown_article` for what is no citation or counts beyond its law, `article_not_in_force`.
        """
        standing = self.laws.standing(citation, day)
        if standing is Standing.NOT_IN_FORCE:
            raise Problem("article_not_in_force", article=citation, day=day.isoformat())
        return standing

    def due_date(self, key: str, start: date) -> date:
        """The last day of a term of the policy, counted in its own unit from `start`."""
        return self.policy.deadline(key).last_day(start, self.calendar)

    def room_for(self, place: Path, size: int) -> None:
        """Raises `Problem("disk_low")` when a file of this size would eat into the reserve."""
        room_for(place, size)


__all__ = ["Form", "Item", "Rules"]
