"""What a published checklist consists of: sections, items, questions. Frozen, without any XPath in sight."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from .xpath import Expression

_INTEGER = re.compile(r"[+-]?[0-9]{1,15}")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,15})?|\.[0-9]{1,15})")


@dataclass(frozen=True, slots=True)
class Section:
    """A group of items with its full title and a short name of three or four characters for the narrow column."""

    name: str
    title: str
    short: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One node of the form: what is asked, only read (note), calculated, or a group of such."""

    name: str
    path: str
    kind: str  # select_one select_multiple string int decimal date binary note calculate group
    label: str
    section: str
    choices: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)
    hint: str = ""
    required_message: str = ""
    constraint_message: str = ""
    of: str = ""  # code of the item that it belongs to
    role: str = ""  # reason note reading
    relevant: Expression | None = field(default=None, compare=False, repr=False)
    required: Expression | None = field(default=None, compare=False, repr=False)
    constraint: Expression | None = field(default=None, compare=False, repr=False)
    calculate: Expression | None = field(default=None, compare=False, repr=False)

    @property
    def asks(self) -> bool:
        """Whether a person can answer it."""
        return self.kind not in ("note", "calculate", "group")

    def misfit(self, value: str) -> str:
        """Why the value is not of the question's kind; "" when it is. An empty value always fits."""
        if value == "":
            return ""
        if not self.asks:
            return "这里不能填写。"
        if self.kind == "select_one" and value not in self.choices:
            return f"只能选{self._labels()}。"
        if self.kind == "select_multiple" and not set(value.split(" ")) <= set(self.choices):
            return f"只能从{self._labels()}中选。"
        if self.kind == "int" and not _INTEGER.fullmatch(value):
            return "要填整数。"
        if self.kind == "decimal" and not _DECIMAL.fullmatch(value):
            return "要填数字。"
        if self.kind == "date" and not _is_date(value):
            return "要填日期，如 2026-03-16。"
        return ""

    def _labels(self) -> str:
        return "、".join(f"“{self.labels.get(name) or name}”" for name in self.choices)


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Item:
    """An item to be answered 符合, 基本符合, 不符合 or 不适用, with what the data say of it."""

    code: str
    text: str
    section: str
    basis: str
    methods: str
    evidence: str
    severity: int
    consequence: str
    confidence: str
    remedy: str = ""  # what an officer would ask for when it is not met
    hint: str = ""
    reason: str = ""  # name of the question for the reason of 不适用
    note: str = ""  # name of the question for the remark
    readings: tuple[Question, ...] = ()  # measured values and sample sizes

    @property
    def is_hazard(self) -> bool:
        """级 3: a safety hazard or a violation."""
        return self.severity == 3
