"""XPath 1.0 as far as the published checklists use it: parsed once into closures, checked when a form is loaded.

What is not known (a function, a path to no node, a predicate, an axis) is refused at load, never at an answer. Two
rules of ODK differ from plain XPath: a node that is not relevant reads as empty, and a text that is an ISO date
counts as its day number, so that dates compare with today().
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from .functions import FUNCTIONS, Nodes, Value, to_boolean, to_number, to_text

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)
  | (?P<text>"[^"]*"|'[^']*')
  | (?P<name>[^\W\d][\w.\-]*(?::[^\W\d][\w.\-]*)?)
  | (?P<sign>\.\.|//|::|!=|<=|>=|[()\[\].,/|+\-=<>*@$])
    )""",
    re.VERBOSE,
)
_DEEPEST = 40
"""Brackets and calls within each other: many more than a form needs, and few enough for Python's own stack."""
_WORDS = frozenset({"and", "or", "div", "mod"})


class XPathError(ValueError):
    """An expression that this engine does not know; the sentence is Chinese, for the publisher of a checklist."""


class Tree(Protocol):
    """The nodes of a form as an expression sees them."""

    def children(self, path: str) -> Sequence[str]:
        """Paths of the child nodes; empty for a question."""

    def knows(self, path: str) -> bool:
        """Whether there is such a node."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression reads: the values of all relevant nodes by path, and the day."""

    values: Mapping[str, str]
    today: date


Compiled = Callable[[Scope], Value]


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression, with the nodes that it reads."""

    text: str
    reads: frozenset[str]
    run: Compiled

    def truth(self, scope: Scope) -> bool:
        return to_boolean(self.run(scope))

    def words(self, scope: Scope) -> str:
        """What a calculated node holds: nothing where the number is none, as with JavaRosa; a person is never shown NaN."""
        value = self.run(scope)
        return "" if isinstance(value, float) and math.isnan(value) else to_text(value)


def compile_expression(text: str, context: str, tree: Tree) -> Expression:
    """Parse an expression that stands at the node `context`. Raises `XPathError`."""
    parser = _Parser(text, context, tree)
    run = parser.whole()
    return Expression(text, frozenset(parser.reads), run)


def _tokens(text: str) -> list[tuple[str, str]]:
    found, position = [], 0
    text = text.rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise XPathError(f"表达式“{text}”第 {position + 1} 个字符不认识")
        found.append((match.lastgroup or "", match.group(match.lastgroup or 0)))
        position = match.end()
    return [*found, ("end", "")]


class _Parser:
    """Recursive descent; each method returns the closure of what it read."""

    def __init__(self, text: str, context: str, tree: Tree) -> None:
        self.text = text
        self.context = context
        self.tree = tree
        self.tokens = _tokens(text)
        self.at = 0
        self.depth = 0
        self.reads: set[str] = set()

    def refuse(self, why: str) -> XPathError:
        return XPathError(f"表达式“{self.text}”：{why}")

    def peek(self, *signs: str) -> bool:
        kind, word = self.tokens[self.at]
        return kind != "text" and word in signs

    def take(self) -> tuple[str, str]:
        token = self.tokens[self.at]
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return token

    def expect(self, sign: str) -> None:
        if not self.peek(sign):
            raise self.refuse(f"缺少“{sign}”")
        self.take()

    def whole(self) -> Compiled:
        run = self.disjunction()
        if self.tokens[self.at][0] != "end":
            raise self.refuse(f"“{self.tokens[self.at][1]}”是多余的")
        return run

    def disjunction(self) -> Compiled:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self.refuse(f"括号套得太深，最多 {_DEEPEST} 层")
        parts = [self.conjunction()]
        while self.peek("or"):
            self.take()
            parts.append(self.conjunction())
        self.depth -= 1
        return parts[0] if len(parts) == 1 else lambda scope: any(to_boolean(part(scope)) for part in parts)

    def conjunction(self) -> Compiled:
        parts = [self.equality()]
        while self.peek("and"):
            self.take()
            parts.append(self.equality())
        return parts[0] if len(parts) == 1 else lambda scope: all(to_boolean(part(scope)) for part in parts)

    def equality(self) -> Compiled:
        return self.chain(self.relation, ("=", "!="), _compared)

    def relation(self) -> Compiled:
        return self.chain(self.total, tuple(_ORDER), _compared)

    def chain(
        self, part: Callable[[], Compiled], signs: Sequence[str], operate: Callable[[str, Value, Value], Value]
    ) -> Compiled:
        """Parts between such signs, worked off from the left; of any length one closure, so that a long one does not recurse."""
        first, more = part(), list[tuple[str, Compiled]]()
        while self.peek(*signs):
            more.append((self.take()[1], part()))
        if not more:
            return first

        def run(scope: Scope) -> Value:
            value = first(scope)
            for sign, other in more:
                value = operate(sign, value, other(scope))
            return value

        return run

    def total(self) -> Compiled:
        """A sum of any length is one closure, so that a long one does not recurse."""
        parts = [(1.0, self.product())]
        while self.peek("+", "-"):
            sign = 1.0 if self.take()[1] == "+" else -1.0
            parts.append((sign, self.product()))
        if len(parts) == 1:
            return parts[0][1]
        return lambda scope: sum(sign * to_number(part(scope)) for sign, part in parts)

    def product(self) -> Compiled:
        return self.chain(self.negation, tuple(_ARITHMETIC), _calculated)

    def negation(self) -> Compiled:
        sign, signs = 1.0, 0
        while self.peek("-"):
            self.take()
            sign, signs = -sign, signs + 1
        inner = self.union()
        return (lambda scope: sign * to_number(inner(scope))) if signs else inner

    def union(self) -> Compiled:
        first = self.primary()
        if not self.peek("|"):
            return first
        parts = [first]
        while self.peek("|"):
            self.take()
            parts.append(self.primary())
        return lambda scope: Nodes(value for part in parts for value in _nodes(part(scope)))

    def primary(self) -> Compiled:
        kind, word = self.tokens[self.at]
        if kind == "number":
            self.take()
            number = float(word)
            return lambda scope: number
        if kind == "text":
            self.take()
            literal = word[1:-1]
            return lambda scope: literal
        if word == "(":
            self.take()
            inner = self.disjunction()
            self.expect(")")
            return inner
        if kind == "name" and self.tokens[self.at + 1] == ("sign", "("):
            return self.call()
        return self.path()

    def call(self) -> Compiled:
        name = self.take()[1]
        if name not in FUNCTIONS:
            raise self.refuse(f"不认识函数 {name}()")
        least, most, function = FUNCTIONS[name]
        self.expect("(")
        begin, arguments = self.at, []
        while not self.peek(")"):
            arguments.append(self.disjunction())
            if not self.peek(")"):
                self.expect(",")
        self.expect(")")
        if not least <= len(arguments) <= most:
            raise self.refuse(f"函数 {name}() 的参数个数不对")
        if name == "regex":
            self._check_pattern(begin)
        return lambda scope: function(scope.today, [argument(scope) for argument in arguments])

    def _check_pattern(self, begin: int) -> None:
        """A pattern must be written out, so that a bad one is found at load."""
        kind, word = self.tokens[self.at - 2]
        if kind != "text" or self.tokens[self.at - 3] != ("sign", ",") or self.at - 3 <= begin:
            raise self.refuse("regex() 的式样要直接写明")
        try:
            re.compile(word[1:-1])
        except re.error:
            raise self.refuse(f"regex() 的式样 {word} 无效") from None

    def path(self) -> Compiled:
        here = [""] if self.peek("/") else self.step([self.context])
        while self.peek("/"):
            self.take()
            here = self.step(here)
        if self.peek("[", "//", "::", "@"):
            raise self.refuse(f"不支持“{self.tokens[self.at][1]}”")
        paths = tuple(dict.fromkeys(here))
        if not paths or not all(self.tree.knows(path) for path in paths):
            raise self.refuse("路径没有指向任何题目")
        self.reads |= set(paths)
        return lambda scope: Nodes(scope.values[path] for path in paths if path in scope.values)

    def step(self, here: list[str]) -> list[str]:
        kind, word = self.take()
        if word == "." and kind == "sign":
            return here
        if word == "..":
            return [path.rpartition("/")[0] for path in here]
        if word == "*":
            return [child for path in here for child in self.tree.children(path)]
        if kind != "name" or word in _WORDS:
            raise self.refuse(f"“{word}”处缺少内容" if word else "没有写完")
        return [f"{path}/{word}" for path in here]


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "*": lambda a, b: a * b,
    "div": lambda a, b: (
        a / b if b else (math.nan if a == 0 or math.isnan(a) else math.copysign(1, a) * math.copysign(math.inf, b))
    ),
    "mod": lambda a, b: math.fmod(a, b) if b and not math.isinf(a) else math.nan,
}
_ORDER: dict[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def _nodes(value: Value) -> Nodes:
    return value if isinstance(value, Nodes) else Nodes()


def _calculated(sign: str, left: Value, right: Value) -> Value:
    return _ARITHMETIC[sign](to_number(left), to_number(right))


def _compared(sign: str, a: Value, b: Value) -> Value:
    """XPath 1.0, 3.4: a set of nodes compares as true when one of its nodes does; an empty set reads as empty."""
    if isinstance(a, bool) or isinstance(b, bool):
        a, b = (to_boolean(side) if sign in ("=", "!=") or isinstance(side, Nodes) else side for side in (a, b))
    lefts: Sequence[Value] = (a or ("",)) if isinstance(a, Nodes) else (a,)
    rights: Sequence[Value] = (b or ("",)) if isinstance(b, Nodes) else (b,)
    return any(_holds(sign, x, y) for x in lefts for y in rights)


def _holds(sign: str, a: Value, b: Value) -> bool:
    if sign in _ORDER:
        return _ORDER[sign](to_number(a), to_number(b))
    if isinstance(a, bool | float) or isinstance(b, bool | float):
        same = to_number(a) == to_number(b)
    else:
        same = to_text(a) == to_text(b)
    return same is (sign == "=")
