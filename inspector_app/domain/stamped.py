"""Pre-stamped blank forms (预盖章空白文书): received, used, spoiled, returned; no number is unaccounted for (印章管控).

A form is a sheet of paper that bears the seal already, so each is followed by its printed number from the day it is
received. Every number of every receipt is in exactly one place; where two people say different things, or somebody used
what nobody received, that is a place of its own which a person has to settle.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from .fold_register import FOLLOWS
from .problems import Problem
from .rows import Key, Row, standing

MOST = 500
"""Numbers of one receipt; more are received in several."""


class Where(StrEnum):
    """Where a form is. DISPUTED is said by nobody: it is what several sayings, or none that fits, amount to."""

    HELD = "held"
    USED = "used"
    SPOILED = "spoiled"
    RETURNED = "returned"
    DISPUTED = "disputed"

    @property
    def label(self) -> str:
        return {"held": "在手", "used": "已用", "spoiled": "写坏", "returned": "已交回", "disputed": "要核对"}[self]


@dataclass(frozen=True, slots=True)
class Batch:
    """One receipt: who received which numbers from whom, for which kind of paper."""

    id: str
    kind: str
    series: str
    first: int
    last: int
    digits: int
    """Least count of digits of a number as it is printed; shorter ones are filled up with zeros."""
    giver: str
    by: str
    at: datetime = field(compare=False)  # when it was written, not when it was begun
    device: str

    def number(self, serial: int) -> str:
        return f"{self.series}{serial:0{self.digits}}"

    @property
    def numbers(self) -> tuple[str, ...]:
        return tuple(self.number(serial) for serial in range(self.first, self.last + 1))

    def __str__(self) -> str:
        return span(self.numbers)


@dataclass(frozen=True, slots=True)
class Saying:
    """What one entry says of where a form is."""

    where: Where
    by: str
    at: datetime
    event: str = ""
    paper: str = ""
    title: str = ""
    document: str = ""  # number of the paper
    revision: int = 0
    copy: str = ""
    reason: str = ""
    to: str = ""

    @property
    def words(self) -> str:
        """What is to be said of the place, e.g. 《现场检查笔录》示档笔〔2026〕3号 第1版 存卷; of one in hand nothing."""
        if self.where is Where.USED:
            said = (f"《{self.title}》{self.document}", f"第{self.revision}版", self.copy)
            return " ".join(part for part in said if part)
        if self.where is Where.RETURNED:
            return f"交给{self.to}" + (f"（写坏：{self.reason}）" if self.reason else "")
        return self.reason


@dataclass(frozen=True, slots=True)
class Form:
    """One number of one receipt, and what is said of it: one saying, or several that do not agree."""

    number: str
    batch: Batch | None
    """None for a number that somebody wrote of and nobody received."""
    sayings: tuple[Saying, ...]
    twice: str = ""
    """The other receipt that names this number while it was not handed back."""

    @property
    def where(self) -> Where:
        return Where.DISPUTED if self.dispute else self.sayings[0].where

    @property
    def is_out(self) -> bool:
        """Whether anybody says that it is not handed back."""
        return any(saying.where is not Where.RETURNED for saying in self.sayings)

    @property
    def dispute(self) -> str:
        """Why a person has to look at it; "" when all agree."""
        if self.batch is None:
            return "没有领取过这个号"
        if len(self.sayings) > 1:
            return "登记不一致：" + "；".join(" ".join((s.where.label, s.words)).strip() for s in self.sayings)
        return f"领取了两次，另一次是 {self.twice}" if self.twice else ""

    @property
    def words(self) -> str:
        held = self.where is Where.HELD and self.batch
        return f"在{held.by}处" if held else self.dispute or self.sayings[0].words


@dataclass(frozen=True)
class Forms:
    """The register as it stands."""

    batches: tuple[Batch, ...]
    forms: tuple[Form, ...]
    """Every number of every receipt, and behind them those that were never received."""

    @cached_property
    def _of(self) -> Mapping[str, Form]:
        """By number: of several receipts of one number the one that is not handed back, else the last."""
        found: dict[str, Form] = {}
        for form in self.forms:
            if form.number not in found or form.is_out:
                found[form.number] = form
        return found

    def account(self, batch: Batch | None = None) -> Mapping[Where, int]:
        """How many forms are where, of one receipt or of all; the counts add up to the numbers received."""
        mine = (form for form in self.forms if form.batch is not None and batch in (None, form.batch))
        counts = Counter(form.where for form in mine)
        return {where: counts[where] for where in Where}

    def held(self, kind: str) -> tuple[str, ...]:
        """The numbers in hand for a kind of paper."""
        return tuple(f.number for f in self.forms if f.batch and f.batch.kind == kind and f.where is Where.HELD)

    def missing(self, batch: Batch, given: Iterable[str]) -> tuple[str, ...]:
        """What the receipt should still have, in hand or spoiled, and is not among what is handed back now."""
        given = set(given)
        return tuple(f.number for f in self.forms if f.batch == batch and f.number not in given
                     and f.where in (Where.HELD, Where.SPOILED, Where.DISPUTED))  # fmt: skip

    def form(self, number: str, to: Where | None = None, kind: str = "") -> Form:
        """The form of this number, which may go `to` there, or serve for this kind of paper.

        Raises `Problem`: `form_unknown`, `form_disputed`, `form_gone` when it is elsewhere, `form_other_kind`.
        """
        found = self._of.get(number.strip())
        if found is None or found.batch is None:
            raise Problem("form_unknown", number=number.strip())
        if to is None:
            return found
        if found.dispute:
            raise Problem("form_disputed", number=found.number)
        if found.where not in FOLLOWS[to]:
            raise Problem("form_gone", number=found.number, where=f"{found.where.label}，{found.words}")
        if kind and found.batch.kind != kind:
            raise Problem("form_other_kind", number=found.number)
        return found

    def check_receipt(self, batch: Batch) -> None:
        """Raises `Problem`: `number_order`, `form_count`, or `form_known` for a number that is not handed back yet."""
        if not 1 <= batch.first <= batch.last:
            raise Problem("number_order")
        if batch.last - batch.first >= MOST:
            raise Problem("form_count", most=MOST)
        for number in batch.numbers:
            if number in self._of and self._of[number].where is not Where.RETURNED:
                raise Problem("form_known", number=number)


def read_forms(rows: Mapping[Key, Row], name_of: Callable[[str], str]) -> Forms:
    """The register from its rows; a receipt that cannot be read leaves what was written of its numbers to be settled."""
    batches = sorted(_batches(rows, name_of), key=lambda batch: (batch.at, batch.id))
    said = {key: _sayings(row, name_of) for (topic, key), row in rows.items() if topic == "form"}
    forms = [
        Form(number, batch, said.pop(f"{batch.id} {number}", ()) or (Saying(Where.HELD, batch.by, batch.at),))
        for batch in batches for number in batch.numbers
    ]  # fmt: skip
    out = Counter(form.number for form in forms if form.is_out)
    forms = [_told_twice(form, forms) if form.is_out and out[form.number] > 1 else form for form in forms]
    strays = (Form(key.partition(" ")[2], None, sayings) for key, sayings in sorted(said.items()) if sayings)
    return Forms(tuple(batches), (*forms, *strays))


def _told_twice(form: Form, forms: Sequence[Form]) -> Form:
    """The form with the other receipt of its number that is out too."""
    other = next(f for f in forms if f.number == form.number and f is not form and f.is_out)
    return replace(form, twice=f"{other.batch}（{other.batch.by}）" if other.batch else "")


def _batches(rows: Mapping[Key, Row], name_of: Callable[[str], str]) -> Iterator[Batch]:
    for (topic, key), row in rows.items():
        if topic != "forms":
            continue
        try:
            batch = Batch(
                key, str(row["kind"]), str(row["series"]), int(row["first"]), int(row["last"]), int(row.get("digits", 1)),
                str(row.get("giver", "")), name_of(str(row["by"])), datetime.fromisoformat(row["at"]), str(row["device"]),
            )  # fmt: skip
        except (KeyError, TypeError, ValueError):
            continue
        if 1 <= batch.first <= batch.last < batch.first + MOST and 0 < batch.digits < 20:
            yield batch


def _sayings(row: Row, name_of: Callable[[str], str]) -> tuple[Saying, ...]:
    """What is said of one form; what says nothing readable leaves the form where it was."""
    found = []
    for version in standing(row.get("where", [])):
        value = version["value"]
        if value["where"] in (Where.HELD, Where.USED, Where.SPOILED, Where.RETURNED):
            texts = {name: str(value.get(name, "")) for name in ("paper", "title", "document", "copy", "to")}
            # The reason of a correction is its own; `was` is the reason of the place that it names.
            reason, revision = str(value.get("was", value.get("reason", ""))), value.get("revision")
            found.append(Saying(
                Where(value["where"]), name_of(version["by"]), datetime.fromisoformat(version["at"]), version["event"],
                revision=revision if isinstance(revision, int) else 0, reason=reason, **texts,
            ))  # fmt: skip
    return tuple(found)


def span(numbers: Sequence[str]) -> str:
    """Numbers in words, what follows one another as a range: 空0001至空0020、空0025."""
    runs: list[list[str]] = []
    for number in numbers:
        if runs and _next(runs[-1][-1]) == number:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "、".join(run[0] if len(run) == 1 else f"{run[0]}至{run[-1]}" for run in runs)


def _next(number: str) -> str:
    digits = _DIGITS.search(number)
    return f"{number[: digits.start()]}{int(digits[0]) + 1:0{len(digits[0])}}" if digits else ""


def chosen(text: str, numbers: Sequence[str]) -> tuple[str, ...]:
    """Which of some numbers a person means by `空0001至空0020、空0025`; a bare serial stands for the whole number.

    Raises `Problem("form_unknown")` for one that is none of them.
    """
    places = {name: place for place, number in enumerate(numbers) for name in (_serial(number), number)}
    found: set[int] = set()
    for part in _PARTS.split(text.strip()):
        ends = [end.strip() for end in _RANGE.split(part)]
        for end in ends:
            if (end if end in places else _serial(end)) not in places:
                raise Problem("form_unknown", number=end)
        first, last = (places[end if end in places else _serial(end)] for end in (ends[0], ends[-1]))
        found.update(range(first, last + 1))
    return tuple(numbers[place] for place in sorted(found))


def _serial(number: str) -> str:
    """The digits at the end without leading zeros."""
    digits = _DIGITS.search(number)
    return digits[0].lstrip("0") if digits else ""


_DIGITS = re.compile(r"[0-9]+$")
_PARTS = re.compile(r"[、，,；;\s]+")
_RANGE = re.compile(r"至|到|[-–—~～]")
