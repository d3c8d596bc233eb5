"""The values of XPath 1.0, how they turn into each other, and the functions that checklists may call."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext


class Nodes(tuple[str, ...]):
    """A set of nodes, by their values."""

    __slots__ = ()


Value = bool | float | str | Nodes
Function = Callable[[date, Sequence[Value]], Value]

_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PLACES = 400
"""Digits on either side of the point beyond which no number has any."""
_EPOCH = date(1970, 1, 1).toordinal()


def to_text(value: Value) -> str:
    if isinstance(value, Nodes):
        return value[0] if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | int):
        if math.isnan(value) or math.isinf(value):
            return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        return str(int(value)) if value == int(value) else format(Decimal(repr(value)), "f")
    return value


def to_number(value: Value) -> float:
    """A number; an ISO date counts as its day since 1970; anything else is NaN."""
    if isinstance(value, bool | float | int):
        return float(value)
    text = to_text(value).strip()
    if _NUMBER.fullmatch(text):
        return float(text)
    if _DAY.fullmatch(text):
        try:
            return float(date.fromisoformat(text).toordinal() - _EPOCH)
        except ValueError:
            return math.nan
    return math.nan


def to_boolean(value: Value) -> bool:
    if isinstance(value, float):
        return not math.isnan(value) and value != 0
    return bool(value)


def _round(_: date, arguments: Sequence[Value]) -> float:
    number = to_number(arguments[0])
    if math.isnan(number) or math.isinf(number):
        return number
    if len(arguments) == 1:
        return float(math.floor(number + 0.5))
    digits = to_number(arguments[1])
    if not math.isfinite(digits):
        return math.nan
    places = math.trunc(max(-_PLACES, min(_PLACES, digits)))
    with localcontext(prec=3 * _PLACES):
        return float(Decimal(repr(number)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def _int(_: date, arguments: Sequence[Value]) -> float:
    number = to_number(arguments[0])
    return float(math.trunc(number)) if math.isfinite(number) else math.nan


def _date(_: date, arguments: Sequence[Value]) -> Value:
    """A date of a text or of a number of days; what is none stays empty."""
    days = to_number(arguments[0])
    if not math.isfinite(days):
        return ""
    ordinal = math.floor(days) + _EPOCH
    return date.fromordinal(ordinal).isoformat() if 1 <= ordinal <= date.max.toordinal() else ""


def _all_nodes(arguments: Sequence[Value]) -> list[str]:
    return [text for value in arguments for text in (value if isinstance(value, Nodes) else (to_text(value),))]


def _extreme(choose: Callable[[list[float]], float]) -> Function:
    def run(_: date, arguments: Sequence[Value]) -> float:
        numbers = [to_number(text) for text in _all_nodes(arguments) if text != ""]
        return choose(numbers) if numbers and not any(map(math.isnan, numbers)) else math.nan

    return run


def _text(function: Callable[..., Value]) -> Function:
    return lambda _, arguments: function(*map(to_text, arguments))


def _substring(text: str, begin: str, length: str = "") -> str:
    """XPath 1.0, 4.2: characters count from 1."""
    first = _round(date.min, [begin])
    end = first + _round(date.min, [length]) if length else math.inf
    return "".join(char for place, char in enumerate(text, 1) if first <= place < end)


_MANY = 100_000

FUNCTIONS: dict[str, tuple[int, int, Function]] = {
    # name: (fewest arguments, most arguments, what it does)
    "true": (0, 0, lambda _, a: True),
    "false": (0, 0, lambda _, a: False),
    "not": (1, 1, lambda _, a: not to_boolean(a[0])),
    "boolean": (1, 1, lambda _, a: to_boolean(a[0])),
    "if": (3, 3, lambda _, a: a[1] if to_boolean(a[0]) else a[2]),
    "coalesce": (1, _MANY, lambda _, a: next((t for v in a if (t := to_text(v)) not in ("", "NaN")), "")),
    "number": (1, 1, lambda _, a: to_number(a[0])),
    "int": (1, 1, _int),
    "round": (1, 2, _round),
    "floor": (1, 1, lambda _, a: float(math.floor(n)) if math.isfinite(n := to_number(a[0])) else n),
    "ceiling": (1, 1, lambda _, a: float(math.ceil(n)) if math.isfinite(n := to_number(a[0])) else n),
    "abs": (1, 1, lambda _, a: abs(to_number(a[0]))),
    "sum": (1, 1, lambda _, a: float(sum(to_number(text) for text in _all_nodes(a)))),
    "min": (1, _MANY, _extreme(min)),
    "max": (1, _MANY, _extreme(max)),
    "count": (1, 1, lambda _, a: float(len(a[0])) if isinstance(a[0], Nodes) else math.nan),
    "count-non-empty": (1, 1, lambda _, a: float(sum(text != "" for text in _all_nodes(a)))),
    "count-selected": (1, 1, lambda _, a: float(len(to_text(a[0]).split()))),
    "selected": (2, 2, _text(lambda chosen, name: name.strip() in chosen.split())),
    "string": (1, 1, lambda _, a: to_text(a[0])),
    "string-length": (1, 1, lambda _, a: float(len(to_text(a[0])))),
    "normalize-space": (1, 1, lambda _, a: " ".join(to_text(a[0]).split())),
    "concat": (1, _MANY, lambda _, a: "".join(_all_nodes(a))),
    "contains": (2, 2, _text(lambda text, part: part in text)),
    "starts-with": (2, 2, _text(lambda text, part: text.startswith(part))),
    "substring": (2, 3, lambda _, a: _substring(*map(to_text, a))),
    "regex": (2, 2, _text(lambda text, pattern: re.fullmatch(pattern, text) is not None)),
    "today": (0, 0, lambda today, _: today.isoformat()),
    "date": (1, 1, _date),
}
