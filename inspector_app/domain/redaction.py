"""What is masked before something becomes public (行政处罚法50, 档案法47): rules of forms/publicity.toml, each with a name.

A rule finds places in one row of a text and covers them. What it covered is told by its name, so that two people can judge it.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

MASK = "**"
"""Stands for what is covered, however long it was: a length would tell something."""
_PASSES = 3
"""How often the rules go over a row: what one of them takes away may bring together what another looks for."""
_CLAUSE = re.compile(r"[，。；]|$")
_COVERED = "what"
"""A pattern that needs the word before (电话、住址) to know what stands there names this group, and it alone is covered."""


@lru_cache(maxsize=256)
def _plain(text: str) -> tuple[str, tuple[int, ...]]:
    """A row as the rules read it, and for each sign the place where it stands: figures and letters of any width are the
    same, so are dashes and spaces, and signs that nobody sees are not there."""
    signs, places = [], []
    for place, sign in enumerate(text):
        match unicodedata.category(sign):
            case "Nd":
                sign = str(unicodedata.decimal(sign))
            case "Lu" | "Ll":
                sign = unicodedata.normalize("NFKC", sign)
            case "Pd":
                sign = "-"
            case "Zs":
                sign = " "
            case "Cf":
                continue
        signs.append(sign[:1])
        places.append(place)
    return "".join(signs), tuple(places)


def _any_of(words: Collection[str]) -> re.Pattern[str]:
    """Finds each of these words, the longest first; a name of two characters is often written with a space between them."""
    spelled = sorted((_plain(word)[0] for word in words), key=lambda word: (-len(word), word))
    return re.compile(
        "|".join(r"\s*".join(map(re.escape, word.replace(" ", ""))) for word in spelled if word.strip()) or r"(?!)"
    )


def _what(match: re.Match[str]) -> tuple[int, int]:
    """What of a finding is covered: its named part where it has one."""
    if _COVERED in match.re.groupindex and match[_COVERED] is not None:
        return match.span(_COVERED)
    return match.span()


@dataclass(frozen=True)
class Rule:
    """One rule: where it looks, and how much of what it finds stays. A `firm` one cannot be lifted by hand."""

    name: str
    way: str  # pattern; people or codes: words that the case knows
    pattern: str
    head: int
    tail: int
    instead: str
    upto: str
    """Where it is not empty, all that follows this in the clause goes, and not what was found alone."""
    rows: frozenset[str]
    beside: frozenset[str]
    firm: bool
    source: str
    verified_by: str

    @cached_property
    def _found(self) -> re.Pattern[str]:
        return re.compile(self.pattern)

    def spans(self, row: str, text: str, known: Mapping[str, Collection[str]]) -> Iterator[tuple[int, int]]:
        """The places of a row that are covered, in order and apart from one another."""
        if (self.rows and row not in self.rows) or row in self.beside:
            return
        pattern = self._found if self.way == "pattern" else _any_of(known.get(self.way, ()))
        read, places = _plain(text)
        end = 0
        for match in pattern.finditer(read):
            begin, stop = _what(match)
            if self.upto:
                kept = [m.end() for m in re.finditer(self.upto, read[end:begin])]
                begin = end + (kept[-1] if kept else 0)
                clause = _CLAUSE.search(read, stop)
                stop = clause.start() if clause else len(read)
            if begin >= end and stop > begin and not self._covered(read[begin:stop]):
                yield places[begin], places[stop - 1] + 1
                end = stop

    def _covered(self, found: str) -> bool:
        """Whether nothing is left of it but the marks."""
        return not (found.replace(self.instead, "") if self.instead else found).replace(MASK, "").strip()

    def cover(self, found: str) -> str:
        """What stands in the place of something that was found."""
        if self.instead or not (self.head or self.tail):
            return self.instead
        return found[: self.head] + MASK + (found[-self.tail :] if self.tail else "")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of what is published: its text, the names of the rules that covered something, and why it was changed by hand.
    `picture` is the digest of the photo that the text belongs to."""

    key: str
    label: str
    text: str
    rules: tuple[str, ...] = ()
    reason: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """Where something is published: for which subjects, whether light penalties too, and for how many months (0: open)."""

    key: str
    name: str
    only: frozenset[str]
    simplified: bool
    warning_only: bool
    months: int


@dataclass(frozen=True)
class Publicity:
    """forms/publicity.toml."""

    rules: tuple[Rule, ...]
    channels: tuple[Channel, ...]
    subjects: Mapping[str, tuple[str, str]]
    """Subject: its name, and the key of its deadline in the policy."""
    rows: Mapping[str, tuple[tuple[str, str, str], ...]]
    text: Mapping[str, str] = field(default_factory=dict)

    def masked(self, line: Line, known: Mapping[str, Collection[str]]) -> Line:
        """A row as the rules leave it. `known` are the `people` and `codes` of the case."""
        text, names = line.text, dict[str, None]()
        for rule in self.rules * _PASSES:
            spans = list(rule.spans(line.key, text, known))
            for begin, end in reversed(spans):
                text = text[:begin] + rule.cover(text[begin:end]) + text[end:]
            if spans:
                names[rule.name] = None
        return Line(line.key, line.label, text.strip() or self.text["gap"], tuple(names), line.reason, line.picture)

    def shown(
        self, lines: Sequence[Line], known: Mapping[str, Collection[str]], *, firm: bool = False
    ) -> tuple[str, ...]:
        """Names of the rules that would still cover something of these rows; of the firm ones alone, if asked."""
        return tuple(
            rule.name for rule in self.rules
            if (rule.firm or not firm) and any(next(rule.spans(line.key, line.text, known), None) for line in lines)
        )  # fmt: skip

    def only_hides(self, original: str, text: str) -> bool:
        """Whether a text is the original with some of it covered, a mark in each place: who leaves out a "没有" without one
        says something else."""
        marks = {MASK, self.text["gap"], *(rule.instead for rule in self.rules)} - {""}
        parts = re.split("|".join(re.escape(mark) for mark in sorted(marks, key=len, reverse=True)), text)
        if len(parts) == 1:
            return text == original
        first, *middle, last = parts
        if not original.startswith(first) or len(original) < len(first) + len(last) or not original.endswith(last):
            return False
        at, end = len(first), len(original) - len(last)
        for part in middle:
            found = original.find(part, at, end)
            if found < 0:
                return False
            at = found + len(part)
        return True

    def channels_for(
        self, subject: str, *, simplified: bool = False, warning_only: bool = False
    ) -> tuple[Channel, ...]:
        """Where a subject is published: credit publicity takes no light penalty (上海市优化营商环境条例67)."""
        return tuple(
            channel for channel in self.channels
            if (not channel.only or subject in channel.only)
            and (channel.simplified or not simplified) and (channel.warning_only or not warning_only)
        )  # fmt: skip


def parse(text: str) -> Publicity:
    """Read forms/publicity.toml. Raises KeyError, ValueError or re.error for what cannot be obeyed."""
    data = tomllib.loads(text)
    rules = tuple(
        Rule(r["name"], r["way"], r["pattern"], r["head"], r["tail"], r["instead"], r["upto"], frozenset(r["rows"]),
             frozenset(r.get("except", ())), r["firm"], r["source"], r["verified_by"])
        for r in data["rule"]
    )  # fmt: skip
    for rule in rules:
        if rule.way not in ("pattern", "people", "codes"):
            raise ValueError(f"no such way: {rule.way}")
        for pattern in (rule.pattern, rule.upto):
            re.compile(pattern)
    channels = tuple(
        Channel(key, c["name"], frozenset(c["only"]), c["simplified"], c["warning_only"], c["months"])
        for key, c in data["channel"].items()
    )
    subjects = {key: (s["name"], s["deadline"]) for key, s in data["subject"].items()}
    rows = {key: tuple((r[0], r[1], r[2]) for r in data["rows"][key]) for key in subjects}
    return Publicity(rules, channels, subjects, rows, data["text"])
