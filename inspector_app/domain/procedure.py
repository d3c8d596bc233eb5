"""What the procedure rests on: the hooks of moves and consequences, the powers, the words read aloud on site."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Wording:
    """Words that are read aloud or shown, and the version that the process record names."""

    text: str
    version: str


@dataclass(frozen=True, slots=True)
class Basis:
    """What a consequence rests on; `items` have an article of their own, `to` names who a matter is handed over to."""

    hook: str
    pending: str = ""  # what stands for the hook while none is known
    note: str = ""  # what else the officer has to weigh
    items: Mapping[str, str] = field(default_factory=dict)
    to: Mapping[str, str] = field(default_factory=dict)
    why: str = ""  # which findings it is for

    def told(self, item: str) -> str:
        """The article for an item ("" for none) and who receives the matter."""
        article = self.items.get(item) or self.hook or self.pending
        return article + (f"，移送{self.to[item]}" if item in self.to else "")


@dataclass(frozen=True, slots=True)
class Procedure:
    """forms/procedure.toml, read once. A missing key is a bug and raises KeyError."""

    hooks: Mapping[str, str]
    """Legal hook by the stage that a move reaches, or by the code of the problem that it answers."""
    consequences: Mapping[str, Basis]
    powers: Mapping[str, Mapping[str, str]]
    wordings: Mapping[str, Wording]
    proofs: Mapping[str, str]
    """What counts as service, by its method."""
    steps: Mapping[str, str]
    """Why a step of leaving a paper, or of reading it aloud, is asked for, with what that rests on."""
    refusals: Mapping[str, str]
    """Why a paper was not received, in a word, and the words for the proof of service."""

    def basis(self, consequence: str, item: str = "") -> str:
        """What a consequence rests on and to whom it goes, in words; where no article is known, that it is to be checked."""
        return self.consequences[consequence].told(item)

    def power(self, kind: str, unit_kind: str) -> str:
        """The articles that allow this kind of inspection at this kind of unit, as a notice cites them."""
        row = self.powers[kind]
        return row.get(unit_kind, row["hook"])


def parse(text: str) -> Procedure:
    """Read forms/procedure.toml."""
    data = tomllib.loads(text)
    hooks = {key: row["hook"] for table in ("move", "rule") for key, row in data[table].items()}
    wordings = {key: Wording(row["text"], row["version"]) for key, row in data["wording"].items()}
    consequences = {
        key: Basis(**{name: row[name] for name in ("hook", "pending", "note", "items", "to", "why") if name in row})
        for key, row in data["consequence"].items()
    }
    proofs = {method: row["proof"] for method, row in data["service"].items()}
    steps = {name: f"{row['why']}（{row['source']}）" for name, row in data["step"].items()}
    refusals = {name: row["text"] for name, row in data["refusal"].items()}
    return Procedure(hooks, consequences, data["power"], wordings, proofs, steps, refusals)
