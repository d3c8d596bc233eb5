"""The wording of the papers: sentences and labels from forms/papers, filled with the facts of a case.

A placeholder `{name}` is mandatory, `{name?}` may be empty. Filling records what was used and what was empty, so that
the list of mandatory fields and the text come from the same place. What no act of the record states is filled in by a
person: `[entries]` says what each such name may hold, and nothing else; whether it is needed is read from its use.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ..domain import law
from ..domain.problems import Problem
from ..domain.procedure import Procedure, parse
from ..domain.sheet import KINDS, Entry
from ..places import SHIPPED, Shelf
from .facts import clean

_PLACE = re.compile(r"\{(\w+)(\?)?\}")
_CLOSING, _AFTER = "。；，、", tuple("。；，、（")
_SAME_DAY = re.compile(r"(\d{4}年\d{1,2}月\d{1,2}日)(\d{1,2}时\d{2}分)至\1")
COMMON = "common"


@lru_cache(maxsize=4)
def procedure(shelf: Shelf) -> Procedure:
    """The articles that a paper names for the whole inspection; the same data that the window shows."""
    return parse(shelf.text("procedure.toml"))


@lru_cache(maxsize=4)
def laws(shelf: Shelf) -> law.Catalogue:
    """The catalogue that knows the titles of laws."""
    return law.parse(shelf.text(name) for name in shelf.names("laws/*.toml"))


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
        self._sheet = _data(self.shelf, self.sheet)

    @property
    def sheet(self) -> str:
        """The kind of sheet that the paper is made from: its own, or that of a paper made before it."""
        return str(self._own.get("sheet", self.kind))

    @property
    def several(self) -> bool:
        """Whether a case may have several such sheets, e.g. one for each person who is questioned."""
        return bool(self._sheet.get("several", False))

    @property
    def by_hand(self) -> bool:
        """Whether its sheet is filled in on a form, and not written by an act of its own."""
        return bool(self._sheet.get("by_hand", True))

    def uses(self) -> dict[str, bool]:
        """Every name that the paper's own wording uses, and whether it must not be empty. `{x_day}` of a moment uses x."""
        used: dict[str, bool] = {}
        for data in (self._own, self._set):
            for text in _texts([data.get(section, {}) for section in ("text", "rows", "lists")]):
                for match in _PLACE.finditer(text):
                    name = self._filled_in(match[1])
                    used[name] = used.get(name, False) or not match[2]
        return used

    def _filled_in(self, fact: str) -> str:
        """The day of a moment is not filled in by itself: it has the name of the moment."""
        moment = fact.removesuffix("_day")
        return moment if moment in self._sheet.get("entries", {}) else fact

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What is filled in for this paper, in the order in which it is declared; what the wording does not use is left
        out. A table is used where one of its columns is."""
        used = self.uses()
        found = []
        for name, row in self._sheet.get("entries", {}).items():
            about: Mapping[str, Any] = {"kind": row} if isinstance(row, str) else row
            columns = tuple(self._entry(n, c, used.get(n, False)) for n, c in about.get("columns", {}).items())
            if name in used or any(column.name in used for column in columns):
                needed = used.get(name, False) or any(column.mandatory for column in columns)
                found.append(self._entry(name, about, needed, columns))
        return tuple(found)

    def _entry(self, name: str, row: Any, needed: bool, columns: tuple[Entry, ...] = ()) -> Entry:
        about = {"kind": row} if isinstance(row, str) else row
        if about["kind"] not in KINDS:
            raise ValueError(f"{self.kind}.entries.{name}: {about['kind']}")
        return Entry(
            name, about["kind"], self.label(name), needed, tuple(about.get("options", ())), columns,
            str(about.get("given", "")), str(about.get("default", "")),
        )  # fmt: skip

    def _find(self, section: str, key: str) -> Any:
        """Words that this version asks for and the bureau's edition, published before, lacks are those of the application."""
        shipped = (_data(SHIPPED, self.kind), _data(SHIPPED, COMMON))
        for data in (self._set, self._own, self._sheet, self._common, *shipped):
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
        return str(self._find("facts", self._filled_in(fact)))

    def t(self, key: str, where: str = "", **more: str) -> str:
        """The sentence of this key, filled; `where` names the place for the list of what is missing."""
        return self.fill(self.plain(key), where, more)

    def fill(self, template: str, where: str = "", more: Mapping[str, str] | None = None) -> str:
        """Fill a template. What is mandatory and empty is remembered and shown as a gap."""
        known = {**self.facts, **more} if more else self.facts

        def put(match: re.Match[str]) -> str:
            value = clean(known[match[1]])
            if match.string[match.end() : match.end() + 1] in _AFTER:
                value = value.rstrip(_CLOSING)  # the sentence brings its own
            if value.strip() or match[2]:
                return value
            self.lack(match[1], where)
            return self.plain("gap")

        made = _PLACE.sub(put, template)
        return _SAME_DAY.sub(r"\1\2至", made) if "}至{" in template else made

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
    names = [name for name, needed in wording.uses().items() if needed]
    texts = [wording.plain("officer")]
    if wording.template in ("letter", "document"):
        texts += [wording.plain("addressee"), wording.plain("sign")]
    names += [match[1] for text in texts for match in _PLACE.finditer(text) if not match[2]]
    names += [entry.name for entry in wording.entries if entry.mandatory]
    return tuple(dict.fromkeys(wording.label(name) for name in names))


def _texts(value: Any) -> list[str]:
    """The texts in a part of a wording; what is a number or a switch says nothing."""
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return [text for part in parts for text in _texts(part)]
