"""The double-random draw (双随机): units by weight and two officers for each, from sealed pools and a seed nobody chose.

First the bureau seals pools, rules and the digest of a secret of its own in one text and makes the SHA-256 of that text
public. Only then the witness says a word aloud. What is drawn follows from text, secret and word alone: the bureau could
not know the word, the witness could not know the secret, and neither can be changed afterwards. Only whole numbers are
reckoned with, so that everybody who draws again gets the same (`docs/draw-replay.py`). Basis: 国办发〔2015〕58号.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from .problems import Problem

FORMAT = "inspector-draw-1"
TEAM = 2
"""Officers of an inspection (行政处罚法42)."""

_SPAN = 1 << 256


@dataclass(frozen=True, slots=True)
class Subject:
    """A unit in the pool. `bar` says why it cannot be drawn now; "" where it can."""

    id: str
    name: str
    kind: str
    weight: int
    bar: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An officer in the pool, who takes `most` inspections of this draw. `bar` as with units."""

    id: str
    name: str
    most: int
    bar: str = ""


@dataclass(frozen=True, slots=True)
class Recusal:
    """Why an officer must not inspect a unit (回避)."""

    officer: str
    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """Everything the draw depends on but secret and word. `count` units are wanted; `rules` say in words how weights and
    bars came about; `commitment` is the SHA-256 of the secret."""

    title: str
    count: int
    units: tuple[Subject, ...]
    officers: tuple[Candidate, ...]
    recusals: tuple[Recusal, ...]
    rules: tuple[str, ...]
    commitment: str

    def plain(self) -> dict[str, Any]:
        """As the file and the record keep it."""
        return {
            "title": self.title, "count": self.count, "rules": list(self.rules), "commitment": self.commitment,
            "units": [{"id": u.id, "name": u.name, "kind": u.kind, "weight": u.weight, "bar": u.bar} for u in self.units],
            "officers": [{"id": o.id, "name": o.name, "most": o.most, "bar": o.bar} for o in self.officers],
            "recusals": [{"officer": r.officer, "unit": r.unit, "reason": r.reason} for r in self.recusals],
        }  # fmt: skip

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Sealed:
        """What `plain` gave. Raises KeyError, TypeError, ValueError for anything else."""
        made = cls(
            str(plain["title"]), int(plain["count"]),
            tuple(Subject(u["id"], u["name"], u["kind"], int(u["weight"]), u["bar"]) for u in plain["units"]),
            tuple(Candidate(o["id"], o["name"], int(o["most"]), o["bar"]) for o in plain["officers"]),
            tuple(Recusal(r["officer"], r["unit"], r["reason"]) for r in plain["recusals"]),
            tuple(map(str, plain["rules"])), str(plain["commitment"]),
        )  # fmt: skip
        for pool in (made.units, made.officers):
            if len({each.id for each in pool}) < len(pool):
                raise ValueError("an id stands twice in a pool")
        if any(unit.weight < 1 for unit in made.units):
            raise ValueError("a weight below one")
        return made

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON: keys sorted, no spaces, UTF-8. This is what is made public before the draw."""
        text = json.dumps(self.plain(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return sha256(text)


@dataclass(frozen=True, slots=True)
class Passed:
    """Who was drawn and could not be taken, and why."""

    id: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """A unit that was drawn, its officers (the first is the head) and the officers that were passed over."""

    unit: Subject
    officers: tuple[Candidate, ...]
    passed: tuple[Passed, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a draw gave. `passed` are the units passed over; `lines` tell all of it in the order in which it happened."""

    rows: tuple[Row, ...]
    passed: tuple[Passed, ...]
    lines: tuple[str, ...]


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class Chance:
    """Whole numbers that follow from a seed: SHA-256 over seed and counter, without bias."""

    def __init__(self, seed: str) -> None:
        self._seed, self._count = seed, 0

    def below(self, limit: int) -> int:
        """A number from 0 to `limit` - 1, each equally likely: what lies above the last whole multiple is thrown again."""
        while True:
            number = int(sha256(f"{self._seed}/{self._count}"), 16)
            self._count += 1
            if number < _SPAN - _SPAN % limit:
                return number % limit

    def take(self, left: dict[str, int]) -> str:
        """One of those left, each with the likelihood of its weight among them; it is not put back."""
        at = self.below(sum(left.values()))
        for id in left:
            at -= left[id]
            if at < 0:
                break
        del left[id]
        return id


def draw(sealed: Sealed, secret: str, word: str) -> Drawn:
    """What follows from the sealed text, the bureau's secret and the witness's word.

    Whoever is drawn and may not be taken is passed over with the reason and the next is drawn, so that those who may be
    taken keep their odds among each other. An officer without whom a later unit would have nobody is passed over too:
    where all can have two, all get two, and every team that fits into such a whole can be drawn.

    Raises:
        Problem: `draw_commitment` when the secret is not the one that was sealed.
    """
    if sha256(secret) != sealed.commitment:
        raise Problem("draw_commitment")
    chance = Chance(f"{sealed.digest}/{secret}/{word}")
    able = _able(sealed)
    units, passed, lines = _draw_units(sealed, chance, able)
    subjects = {unit.id: unit for unit in sealed.units}
    officers = {officer.id: officer for officer in sealed.officers}
    room = {officer.id: officer.most for officer in sealed.officers}
    why = {(r.officer, r.unit): f"回避，{r.reason}" for r in sealed.recusals}
    rows: list[Row] = []
    for nth, unit in enumerate(units):
        team: list[str] = []
        out: list[Passed] = []
        left = dict.fromkeys(officers, 1)
        while len(team) < TEAM:
            id = chance.take(left)
            full = "" if room[id] else f"本次已派满 {officers[id].most} 家"
            reason = officers[id].bar or why.get((id, unit), "") or full
            if not reason:
                others = {u: able[u] for u in units[nth + 1 :]} | {unit: able[unit] - {*team, id}}
                needs = dict.fromkeys(units[nth + 1 :], TEAM) | {unit: TEAM - 1 - len(team)}
                reason = "" if staffed(needs, room | {id: room[id] - 1}, others) else "留给别的对象，否则那一家不足两人"
            if reason:
                out.append(Passed(id, officers[id].name, reason))
            else:
                team.append(id)
                room[id] -= 1
        rows.append(Row(subjects[unit], tuple(officers[id] for id in team), tuple(out)))
        head, second = rows[-1].officers
        lines += [f"第{nth + 1}家 跳过人员：{each.name}（{each.id}），{each.reason}" for each in out]
        lines.append(
            f"第{nth + 1}家 {subjects[unit].name}（{unit}）：主办{head.name}（{head.id}），协办{second.name}（{second.id}）"
        )
    return Drawn(tuple(rows), tuple(passed), tuple(lines))


def _able(sealed: Sealed) -> dict[str, frozenset[str]]:
    """Who may inspect a unit at all."""
    out = {(r.officer, r.unit) for r in sealed.recusals}
    free = [officer.id for officer in sealed.officers if not officer.bar]
    return {unit.id: frozenset(id for id in free if (id, unit.id) not in out) for unit in sealed.units}


def _draw_units(
    sealed: Sealed, chance: Chance, able: Mapping[str, frozenset[str]]
) -> tuple[list[str], list[Passed], list[str]]:
    subjects = {unit.id: unit for unit in sealed.units}
    room = {officer.id: officer.most for officer in sealed.officers}
    units: list[str] = []
    passed: list[Passed] = []
    lines: list[str] = []
    left = {unit.id: unit.weight for unit in sealed.units}
    while left and len(units) < sealed.count:
        id = chance.take(left)
        reason = subjects[id].bar
        if not reason and not staffed(dict.fromkeys((*units, id), TEAM), room, able):
            reason = "派不出两名可派的人员"
        if reason:
            passed.append(Passed(id, subjects[id].name, reason))
            lines.append(f"跳过对象：{subjects[id].name}（{id}），{reason}")
        else:
            units.append(id)
            lines.append(f"抽中第{len(units)}家：{subjects[id].name}（{id}）")
    return units, passed, lines


def staffed(needs: Mapping[str, int], room: Mapping[str, int], able: Mapping[str, Collection[str]]) -> bool:
    """Whether every unit can have as many different officers as it needs, none of whom has more than there is room for.

    Augmenting paths over units and officers; an officer stands once at a unit.
    """
    given: dict[str, list[str]] = {id: [] for id in room}

    def place(unit: str, seen: set[str]) -> bool:
        for id in sorted(able[unit]):
            if id in seen or unit in given[id]:
                continue
            seen.add(id)
            if len(given[id]) < room[id]:
                given[id].append(unit)
                return True
            for other in given[id]:
                if place(other, seen):
                    given[id].remove(other)
                    given[id].append(unit)
                    return True
        return False

    return all(place(unit, set()) for unit, need in needs.items() for _ in range(need))


# -- the file that anybody draws again from ---------------------------------------------------------------------------


def exported(sealed: Sealed, secret: str, word: str, lines: tuple[str, ...]) -> str:
    """The whole draw as one file: readable, and all that `docs/draw-replay.py` needs."""
    held = {
        "format": FORMAT, "digest": sealed.digest, "word": word, "secret": secret, "result": list(lines),
        "sealed": sealed.plain(),
    }  # fmt: skip
    return json.dumps(held, ensure_ascii=False, indent=1) + "\n"


@dataclass(frozen=True, slots=True)
class Replay:
    """How a file compares with what is drawn again from it; `differs` is the first line that does, 0 where none does."""

    digest: str
    differs: int
    drawn: Drawn


def replay(text: str) -> Replay:
    """Draw again from an exported file and compare word by word.

    Raises:
        Problem: `draw_file` when it is no such file or its pools are not those that its digest names, `draw_commitment`.
    """
    try:
        held = json.loads(text)
        if held["format"] != FORMAT:
            raise ValueError("another format")
        sealed, told = Sealed.read(held["sealed"]), list(held["result"])
        digest, secret, word = str(held["digest"]), str(held["secret"]), str(held["word"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Problem("draw_file", detail="读不出来，或不是抽取文件") from error
    if sealed.digest != digest:
        raise Problem("draw_file", detail="名录库或规则和封存时的校验值不符")
    drawn = draw(sealed, secret, word)
    pairs = zip([*told, *[None] * len(drawn.lines)], [*drawn.lines, *[None] * len(told)], strict=False)
    differs = next((n for n, (one, other) in enumerate(pairs, 1) if one != other), 0)
    return Replay(digest, differs, drawn)
