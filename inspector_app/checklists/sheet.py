"""A form with answers: which questions apply, what is open, what does not fit, what the counts are.

A sheet never changes; `with_answer` gives the next one. Everything is computed in one pass over the questions, in the
order of who reads whom. A node that is not relevant reads as empty, and so does everything inside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from ..domain.problems import Problem
from .loader import FormError
from .model import Item, Question
from .xpath import Scope


@dataclass(frozen=True, slots=True)
class Plan:
    """The questions of a form by name and in the order of computation."""

    by_name: Mapping[str, Question]
    order: tuple[Question, ...]
    parents: Mapping[str, str]  # path -> path of the group, if any
    items: tuple[Item, ...]

    @staticmethod
    def of(questions: Iterable[Question], items: tuple[Item, ...]) -> Plan:
        """Sort by who reads whom. Raises `FormError` for a circle."""
        found = {question.path: question for question in questions}
        parents = {path: parent for path in found if (parent := path.rpartition("/")[0]) in found}
        order: list[Question] = []
        begun: set[str] = set()
        done: set[str] = set()
        for start in found:
            stack = [start]
            while stack:
                path = stack[-1]
                waiting = [need for need in _needs(found[path], parents) if need in found and need not in done]
                if path in done or not waiting:
                    stack.pop()
                    if path not in done:
                        done.add(path)
                        order.append(found[path])
                elif path in begun and any(need in begun for need in waiting):
                    raise FormError(f"题目 {found[path].name} 的条件或计算循环引用")
                else:
                    begun.add(path)
                    stack += waiting
        return Plan({question.name: question for question in found.values()}, tuple(order), parents, items)


def _needs(question: Question, parents: Mapping[str, str]) -> list[str]:
    needs = [parents[question.path]] if question.path in parents else []
    for expression in (question.relevant, question.calculate):
        if expression is not None:
            needs += sorted(expression.reads)
    return needs


@dataclass(frozen=True)
class Sheet:
    """One state of an inspection's answers, by question name: an item's code, or e.g. E08_temperature."""

    answers: Mapping[str, str]
    today: date
    _plan: Plan = field(repr=False, compare=False)
    _values: Mapping[str, str] = field(repr=False, compare=False)

    @staticmethod
    def of(plan: Plan, answers: Mapping[str, str], today: date) -> Sheet:
        values: dict[str, str] = {}
        scope = Scope(values, today)
        for question in plan.order:
            parent = plan.parents.get(question.path)
            if parent is not None and parent not in values:
                continue
            if question.relevant is not None and not question.relevant.truth(scope):
                continue
            if question.calculate is not None:
                values[question.path] = question.calculate.words(scope)
            else:
                values[question.path] = answers.get(question.name, "")
        return Sheet(answers, today, plan, values)

    def with_answer(self, name: str, value: str) -> Sheet:
        """The sheet after one more answer; "" takes it back. Raises `Problem("unknown_item")`."""
        self._question(name)
        answers = {key: text for key, text in self.answers.items() if key != name} | ({name: value} if value else {})
        return Sheet.of(self._plan, answers, self.today)

    def _question(self, name: str) -> Question:
        if name not in self._plan.by_name:
            raise Problem("unknown_item", item=name)
        return self._plan.by_name[name]

    # -- one question -----------------------------------------------------------------------------------------

    @cached_property
    def relevant(self) -> frozenset[str]:
        """Names of the questions that apply with these answers."""
        return frozenset(name for name, question in self._plan.by_name.items() if question.path in self._values)

    def value(self, name: str) -> str:
        """The answer or calculated value; empty where the question does not apply."""
        return self._values.get(self._question(name).path, "")

    def required(self, name: str) -> bool:
        """Whether the question applies and must be answered."""
        question = self._question(name)
        if question.required is None or question.path not in self._values:
            return False
        return question.required.truth(Scope(self._values, self.today))

    def problem(self, name: str, value: str | None = None) -> str:
        """Why the answer, or a proposed `value`, does not fit; "" when it does. An empty answer always fits."""
        question = self._question(name)
        text = self.value(name) if value is None else value
        misfit = question.misfit(text) if question.asks or value is not None else ""
        if misfit or text == "" or question.constraint is None:
            return misfit
        scope = Scope({**self._values, question.path: text}, self.today)
        return "" if question.constraint.truth(scope) else question.constraint_message or "不在允许的范围内。"

    def check(self, name: str, value: str) -> None:
        """Raises `Problem("constraint")` when this value may not be given."""
        message = self.problem(name, value)
        if message:
            raise Problem("constraint", item=self._question(name).label or name, message=message)

    # -- the whole form ---------------------------------------------------------------------------------------

    @cached_property
    def calculated(self) -> Mapping[str, str]:
        """All calculated values by name."""
        return {q.name: self.value(q.name) for q in self._plan.order if q.kind == "calculate"}

    @cached_property
    def open_items(self) -> tuple[str, ...]:
        """Items that apply and have no answer yet, in the order of the form."""
        return tuple(i.code for i in self._plan.items if i.code in self.relevant and not self.value(i.code))

    @cached_property
    def not_applicable(self) -> tuple[str, ...]:
        """Items that the form's own rules leave out for this unit; they are counted, not shown."""
        return tuple(item.code for item in self._plan.items if item.code not in self.relevant)

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """Questions other than items that must be answered and are not: above all reasons of 不适用."""
        codes = {item.code for item in self._plan.items}
        return tuple(
            q.name
            for q in self._plan.by_name.values()
            if q.asks and q.name not in codes and not self.value(q.name).strip() and self.required(q.name)
        )

    def problems(self) -> dict[str, str]:
        """For each question whose answer is missing or not allowed, the sentence that says so."""
        found = {}
        for name, question in self._plan.by_name.items():
            if not question.asks or name not in self.relevant:
                continue
            if self.value(name).strip():
                message = self.problem(name)
            else:
                message = question.required_message or f"“{question.label}”要填写。" if self.required(name) else ""
            if message:
                found[name] = message
        return found

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many items have each answer; the open ones under ""."""
        found: dict[str, int] = {}
        for item in self._plan.items:
            if item.code in self.relevant:
                value = self.value(item.code)
                found[value] = found.get(value, 0) + 1
        return found

    @cached_property
    def score(self) -> float | None:
        """Percentage of met items among those answered, 不适用 left out; None while nothing counts.

        What each answer weighs stands in the choices of the form.
        """
        weights = []
        for item in self._plan.items:
            weight = self._plan.by_name[item.code].weights.get(self.value(item.code))
            if weight is not None:
                weights.append(weight)
        return round(100 * sum(weights) / len(weights), 1) if weights else None
