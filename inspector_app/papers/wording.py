"""The wording of the papers: sentences and labels from forms/papers, filled with the facts of a case.

A placeholder `{name}` is mandatory, `{name?}` may be empty. Filling records what was used and what was empty, so that
the list of mandatory fields and the text come from the same place.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ..domain.problems import Problem
from ..domain.procedure import Procedure, parse
from ..places import SHIPPED, Shelf

_PLACE = re.compile(r"\{(\w+)(\?)?\}")
COMMON = "common"


@lru_cache(maxsize=4)
def procedure(shelf: Shelf) -> Procedure:
    """The articles that a paper names for the whole inspection; the same data that the window shows."""
    return parse(shelf.text("procedure.toml"))


@lru_cache(maxsize=128)
def _data(shelf: Shelf, kind: str) -> Mapping[str, Any]:
    return tomllib.loads(shelf.text(f"papers/{kind}.toml"))


@dataclass
class Wording:
    """The words of one kind of paper in one set of titles, with a memory of the facts that were asked for."""

    kind: str
    titles: str
    facts: Mapping[str, str]
    shelf: Shelf = SHIPPED
    empty: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._own = _data(self.shelf, self.kind)
        self._common = _data(self.shelf, COMMON)
        self._set = self._own["sets"].get(self.titles) or self._own["sets"]["ministry"]

    def _find(self, section: str, key: str) -> Any:
        for data in (self._set, self._own, self._common):
            if key in data.get(section, {}):
                return data[section][key]
        raise KeyError(f"{self.kind}.{section}.{key}")

    @property
    def title(self) -> str:
        return str(self._set["title"])

    @property
    def template(self) -> str:
        return str(self._set.get("template", self._own["template"]))

    def plain(self, key: str) -> str:
        """A text without facts."""
        return str(self._find("text", key))

    @property
    def status(self) -> str:
        """Whether this set of the paper was compared with the official form; "" when somebody verified it."""
        return "" if self._set["verified_by"] else str(self._set["status"])

    def lack(self, fact: str, where: str = "", remark: str = "") -> None:
        """Note a fact without which the paper may not be formal."""
        self.empty[where + self.label(fact) + remark] = None

    def label(self, fact: str) -> str:
        """The Chinese name of a fact."""
        return str(self._find("facts", fact))

    def t(self, key: str, where: str = "", **more: str) -> str:
        """The sentence of this key, filled; `where` names the place for the list of what is missing."""
        return self.fill(self.plain(key), where, more)

    def fill(self, template: str, where: str = "", more: Mapping[str, str] | None = None) -> str:
        """Fill a template. What is mandatory and empty is remembered and shown as a gap."""
        known = {**self.facts, **(more or {})}

        def put(match: re.Match[str]) -> str:
            value = known[match[1]]
            if value or match[2]:
                return value
            self.lack(match[1], where)
            return self.plain("gap")

        return _PLACE.sub(put, template)

    def rows(self, key: str) -> list[list[str]]:
        """Rows of a form as data: label, template, label, template, ..."""
        return [list(row) for row in self._find("rows", key)]

    def items(self, key: str) -> list[str]:
        return [str(item) for item in self._find("lists", key)]

    def data(self, key: str) -> Any:
        """A table of settings of this paper."""
        return self._own[key]


def name_of_set(titles: str, shelf: Shelf = SHIPPED) -> str:
    """What a set of titles is called."""
    return str(_data(shelf, COMMON)["sets"][titles])


def title_of(kind: str, titles: str = "shanghai", shelf: Shelf = SHIPPED) -> str:
    """The title of a kind of paper in a set. Raises `Problem("not_found")` for a kind that has no wording."""
    try:
        return Wording(kind, titles, {}, shelf).title
    except FileNotFoundError:
        raise Problem("not_found", what=f"文书“{kind}”的格式") from None


def placeholders(kind: str, titles: str = "shanghai", shelf: Shelf = SHIPPED) -> tuple[str, ...]:
    """Chinese names of all facts that the wording of a paper may demand, whatever the case."""
    wording = Wording(kind, titles, {}, shelf)
    texts = [
        *_texts(wording._own.get("text", {})),
        *_texts(wording._set.get("text", {})),
        *_texts(wording._own.get("rows", {})),
        wording.plain("officer"),
    ]
    if wording.template != "form":
        texts += [wording.plain("addressee"), wording.plain("sign")]
    names = [match[1] for text in texts for match in _PLACE.finditer(text) if not match[2]]
    return tuple(dict.fromkeys(wording.label(name) for name in names))


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, Mapping) else value
    return [text for part in parts for text in _texts(part)]
