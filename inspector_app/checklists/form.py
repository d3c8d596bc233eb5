"""A published checklist that answers questions about itself: what is relevant, open, allowed, counted.

    form = Form.load(xml)
    sheet = form.sheet({"E03": "不符合", "M01": "不适用"})
    sheet.open_items, sheet.missing, sheet.score, "M01_reason" in sheet.relevant, sheet.problem("E08_humidity", "130")

Outside this room nobody knows XPath or XForms; the engine behind this face can be replaced.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ..domain.item import ItemFact, ItemInfo
from ..domain.problems import Problem
from .loader import FormError, head_of, read
from .loader import Head as Head
from .model import Item, Question, Section
from .sheet import Plan, Sheet

__all__ = ["Form", "Item", "Question", "Section", "Sheet"]


@dataclass(frozen=True)
class Form:
    """A checklist as published; `sha256` of the XForm's bytes names this version for ever."""

    key: str
    title: str
    version: str
    sha256: str
    verified_by: str
    sections: tuple[Section, ...]
    items: tuple[Item, ...]
    questions: Mapping[str, Question] = field(repr=False)
    infos: tuple[ItemInfo, ...] = field(repr=False)
    _by_code: Mapping[str, Item] = field(repr=False)
    _plan: Plan = field(repr=False, compare=False)
    _blank: dict[date, Sheet] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def load(cls, xml: bytes) -> Form:
        """Read an XForm. Raises `Problem("bad_checklist")` for anything that this engine does not know."""
        try:
            found = read(xml)
            plan = Plan.of(found.questions, found.items)
        except FormError as error:
            raise Problem("bad_checklist", detail=str(error)) from error
        titles = {section.name: section.title for section in found.sections}
        infos = tuple(ItemInfo(item.code, item.text, titles[item.section], item.basis) for item in found.items)
        return cls(
            found.key, found.title, found.version, hashlib.sha256(xml).hexdigest(), found.verified_by, found.sections,
            found.items, plan.by_name, infos, {item.code: item for item in found.items}, plan,
        )  # fmt: skip

    @staticmethod
    def head(xml: bytes) -> Head:
        """What an XForm says of itself, without its questions. Raises `Problem("bad_checklist")`."""
        try:
            return head_of(xml)
        except FormError as error:
            raise Problem("bad_checklist", detail=str(error)) from error

    def item(self, code: str) -> Item:
        """Raises `Problem("unknown_item")`."""
        if code not in self._by_code:
            raise Problem("unknown_item", item=code)
        return self._by_code[code]

    def items_of(self, section: str) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.section == section)

    def sheet(self, answers: Mapping[str, str], today: date | None = None) -> Sheet:
        """The form with these answers by question name; names of another version are passed by.

        `today` is the day for expressions that ask for it; without it, the day of the computer's clock.
        """
        known = {name: value for name, value in answers.items() if name in self.questions and value}
        return Sheet.of(self._plan, known, today or date.today())

    def check(self, name: str, value: str) -> None:
        """Raises `Problem("constraint")` when the value is not allowed, other answers left aside; empty always is."""
        today = date.today()
        if today not in self._blank:
            self._blank[today] = self.sheet({}, today)
        self._blank[today].check(name, value)

    def answers(self, facts: Sequence[ItemFact]) -> dict[str, str]:
        """What a case file holds of the items, by question name, for `sheet`."""
        found: dict[str, str] = {}
        for fact in facts:
            item = self._by_code.get(fact.code)
            if item is not None:
                parts = ((item.code, fact.value), (item.reason, fact.reason), (item.note, fact.note))
                found |= {name: value for name, value in parts if name and value}
        return found
