"""The part of XPath 1.0 that published checklists use, compiled once into functions.

A node is named by its absolute path; without repeats each path is one node and its value is text. Unknown functions
and broken expressions are found when a form is loaded, never when an officer answers.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date

Value = str | float | bool
Values = Mapping[str, str]
Compiled = Callable[[Values], Value]

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?|\.\d+)|(?P<text>'[^']*'|\"[^\"]*\")|(?P<op>!=|<=|>=|[=<>+\-*(),|])"
    r"|(?P<path>\.\.(?:/[\w.\-]+|/\.\.)*|/[\w.\-:]+(?:/[\w.\-:]+)*|\.(?!\d))|(?P<name>[A-Za-z_][\w\-:.]*))"
)
_WORDS = {"or": 1, "and": 2, "=": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4, "+": 5, "-": 5, "*": 6, "div": 6, "mod": 6}


class XPathError(ValueError):
    """An expression that this engine does not understand."""


def number(value: Value) -> float:
    """XPath's number(): empty or other text is NaN; a date counts its days since 1970."""
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            pass
        try:
            return float((date.fromisoformat(value[:10]) - date(1970, 1, 1)).days)
        except ValueError:
            return math.nan
    return float(value)


def text(value: Value) -> str:
    """XPath's string(): whole numbers without a point."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        return str(int(value)) if value.is_integer() else repr(value)
    return value


def truth(value: Value) -> bool:
    """XPath's boolean()."""
    if isinstance(value, float):
        return not math.isnan(value) and value != 0
    return bool(value)


def _round(value: Value, digits: Value = 0.0) -> Value:
    shift = 10 ** int(number(digits))
    found = number(value)
    return found if math.isnan(found) else math.floor(found * shift + 0.5) / shift


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "not": lambda value: not truth(value),
    "true": lambda: True,
    "false": lambda: False,
    "boolean": truth,
    "number": number,
    "string": text,
    "int": lambda value: float(math.trunc(number(value))) if not math.isnan(number(value)) else math.nan,
    "round": _round,
    "coalesce": lambda first, second: first if text(first) else second,
    "selected": lambda value, choice: text(choice) in text(value).split(),
    "count-selected": lambda value: float(len(text(value).split())),
    "string-length": lambda value: float(len(text(value))),
    "normalize-space": lambda value: " ".join(text(value).split()),
    "contains": lambda whole, part: text(part) in text(whole),
    "starts-with": lambda whole, part: text(whole).startswith(text(part)),
    "concat": lambda *parts: "".join(text(part) for part in parts),
    "regex": lambda value, pattern: re.fullmatch(text(pattern), text(value)) is not None,
    "sum": lambda *parts: math.fsum(number(part) for part in parts),
    "min": lambda *parts: min(number(part) for part in parts),
    "max": lambda *parts: max(number(part) for part in parts),
    "date": text,
    "decimal-date-time": number,
}


def compile_xpath(source: str, here: str, today: Callable[[], date]) -> Compiled:
    """Compile an expression that stands at the node `here`. Raises `XPathError`."""
    parser = _Parser(source, here, today)
    made = parser.expression(0)
    if parser.peek() is not None:
        raise XPathError(f"{source!r}: {parser.peek()} is not expected")
    return made


class _Parser:
    """Precedence climbing over the tokens of one expression."""

    def __init__(self, source: str, here: str, today: Callable[[], date]) -> None:
        self._source, self._here, self._today = source, here, today
        self._tokens: list[tuple[str, str]] = []
        position = 0
        while position < len(source.rstrip()):
            found = _TOKEN.match(source, position)
            if found is None:
                raise XPathError(f"{source!r}: cannot be read at {position}")
            self._tokens.append((found.lastgroup or "", found[found.lastgroup or 0]))
            position = found.end()
        self._next = 0

    def peek(self) -> str | None:
        return self._tokens[self._next][1] if self._next < len(self._tokens) else None

    def _take(self) -> tuple[str, str]:
        if self._next >= len(self._tokens):
            raise XPathError(f"{self._source!r}: ends too early")
        self._next += 1
        return self._tokens[self._next - 1]

    def _expect(self, wanted: str) -> None:
        if self._take()[1] != wanted:
            raise XPathError(f"{self._source!r}: {wanted} expected")

    def expression(self, least: int) -> Compiled:
        left = self._operand()
        while (op := self.peek()) in _WORDS and _WORDS[op] > least and self._tokens[self._next][0] != "text":
            self._take()
            left = _binary(op, left, self.expression(_WORDS[op]))
        return left

    def _operand(self) -> Compiled:
        kind, token = self._take()
        if kind == "number":
            constant = float(token)
            return lambda values: constant
        if kind == "text":
            return lambda values: token[1:-1]
        if kind == "path":
            path = self._absolute(token)
            return lambda values: values.get(path, "")
        if token == "(":
            inner = self.expression(0)
            self._expect(")")
            return inner
        if token == "-":
            operand = self.expression(6)
            return lambda values: -number(operand(values))
        if kind == "name":
            return self._call(token)
        raise XPathError(f"{self._source!r}: {token} is not expected")

    def _absolute(self, path: str) -> str:
        if path.startswith("/"):
            return path
        parts = self._here.strip("/").split("/")
        for part in path.split("/"):
            if part == "..":
                parts.pop()
            elif part != ".":
                parts.append(part)
        return "/" + "/".join(parts)

    def _call(self, name: str) -> Compiled:
        self._expect("(")
        arguments: list[Compiled] = []
        while self.peek() != ")":
            arguments.append(self.expression(0))
            if self.peek() == ",":
                self._take()
        self._expect(")")
        if name == "if" and len(arguments) == 3:
            test, yes, no = arguments
            return lambda values: yes(values) if truth(test(values)) else no(values)
        if name in ("today", "now") and not arguments:
            return lambda values: self._today().isoformat()
        function = FUNCTIONS.get(name)
        if function is None:
            raise XPathError(f"{self._source!r}: the function {name}() is not known")
        return lambda values: function(*(argument(values) for argument in arguments))


def _binary(op: str, left: Compiled, right: Compiled) -> Compiled:
    if op == "or":
        return lambda v: truth(left(v)) or truth(right(v))
    if op == "and":
        return lambda v: truth(left(v)) and truth(right(v))
    if op in ("=", "!="):
        return lambda v: _equal(left(v), right(v)) is (op == "=")
    compare = _COMPARISONS.get(op)
    if compare is not None:
        return lambda v: compare(number(left(v)), number(right(v)))
    calculate = _ARITHMETIC[op]
    return lambda v: calculate(number(left(v)), number(right(v)))


def _equal(left: Value, right: Value) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return truth(left) is truth(right)
    if isinstance(left, float) or isinstance(right, float):
        return number(left) == number(right)
    return left == right


_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "div": lambda a, b: a / b if b else math.nan if a == 0 or math.isnan(a) else math.copysign(math.inf, a),
    "mod": lambda a, b: math.fmod(a, b) if b else math.nan,
}
