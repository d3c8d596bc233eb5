"""A published checklist that answers questions about itself: what is relevant, open, allowed, counted.

Outside this file nobody knows XPath or XForms; the engine behind this face can be replaced.
"""

from __future__ import annotations

import hashlib
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ..domain.problems import Problem
from ..domain.reading import ItemInfo
from .xpath import Compiled, compile_xpath, text, truth

_XF = "{http://www.w3.org/2002/xforms}"
_H = "{http://www.w3.org/1999/xhtml}"
_JR = "{http://openrosa.org/javarosa}"
_OWN = "{http://opendatakit.org/xforms/archives-inspection}"


@dataclass(frozen=True, slots=True)
class Section:
    """A group of items with its full and its short name."""

    name: str
    title: str
    short: str


@dataclass(frozen=True, slots=True)
class Question:
    """One node of the form: its type, label and compiled rules."""

    name: str
    path: str
    kind: str  # select_one select_multiple string int decimal date binary note calculate
    label: str
    section: str
    choices: tuple[str, ...] = ()
    relevant: Compiled | None = None
    required: Compiled | None = None
    constraint: Compiled | None = None
    constraint_message: str = ""
    required_message: str = ""
    calculate: Compiled | None = None


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
    readings: tuple[Question, ...] = ()

    @property
    def is_hazard(self) -> bool:
        """级 3: a safety hazard or a violation."""
        return self.severity == 3


@dataclass(frozen=True, slots=True)
class Sheet:
    """The form filled with answers, by question name. Immutable; made anew for each look."""

    form: Form
    values: Mapping[str, str]
    relevant: frozenset[str]

    @property
    def open_items(self) -> tuple[str, ...]:
        """Codes of relevant items without an answer, in the order of the form."""
        path = self.form.questions
        return tuple(
            item.code for item in self.form.items if item.code in self.relevant and not self.values.get(path[item.code].path)
        )

    @property
    def not_applicable(self) -> tuple[str, ...]:
        """Codes of items that the rules of the form leave out for this unit."""
        return tuple(item.code for item in self.form.items if item.code not in self.relevant)

    def value(self, name: str) -> str:
        """An answer or a calculated value; empty when the question is not relevant."""
        return self.values.get(self.form.questions[name].path, "") if name in self.relevant else ""

    def problems(self) -> dict[str, str]:
        """For each question whose answer is missing or not allowed, the sentence that says so."""
        found = {}
        for name in self.relevant:
            question = self.form.questions[name]
            value = self.values.get(question.path, "")
            if not value:
                if question.required and truth(question.required(self.values)):
                    found[name] = question.required_message or f"“{question.label}”要填写"
            elif message := self.form.violation(question, value, self.values):
                found[name] = message
        return found


@dataclass(frozen=True)
class Form:
    """A checklist as published."""

    key: str
    title: str
    version: str
    sha256: str
    sections: tuple[Section, ...]
    items: tuple[Item, ...]
    questions: Mapping[str, Question]
    infos: tuple[ItemInfo, ...]
    _by_code: Mapping[str, Item] = field(repr=False)

    @classmethod
    def load(cls, xml: bytes, today: date | None = None) -> Form:
        """Read an XForm. Raises `XPathError` for an expression that the engine does not know."""
        return _Loader(xml, today).form()

    def item(self, code: str) -> Item:
        """Raises `Problem("unknown_item")`."""
        if code not in self._by_code:
            raise Problem("unknown_item", item=code)
        return self._by_code[code]

    def items_of(self, section: str) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.section == section)

    def check(self, name: str, value: str) -> None:
        """Raises `Problem("constraint")` when the value is not allowed for the question; empty is always allowed."""
        question = self.questions.get(name)
        if question is None:
            raise Problem("unknown_item", item=name)
        if value:
            message = self.violation(question, value, {question.path: value})
            if message:
                raise Problem("constraint", item=question.label, message=message)

    def violation(self, question: Question, value: str, values: Mapping[str, str]) -> str:
        """Why a value is not allowed, or an empty text."""
        if question.kind == "select_one" and value not in question.choices:
            return f"只能填{'、'.join(question.choices)}。"
        if question.kind == "select_multiple" and not set(value.split()) <= set(question.choices):
            return f"只能填{'、'.join(question.choices)}。"
        if question.kind in _PARSERS:
            parser, message = _PARSERS[question.kind]
            try:
                parser(value)
            except ValueError:
                return message
        if question.constraint and not truth(question.constraint({**values, question.path: value})):
            return question.constraint_message or "不在允许的范围内。"
        return ""

    def sheet(self, answers: Mapping[str, str]) -> Sheet:
        """The form with these answers by question name; unknown names are passed by."""
        values = {self.questions[n].path: v for n, v in answers.items() if n in self.questions}
        relevant = set()
        for name, question in self.questions.items():
            if question.relevant is None or truth(question.relevant(values)):
                relevant.add(name)
                if question.calculate is not None:
                    values[question.path] = text(question.calculate(values))
            else:
                values.pop(question.path, None)
        return Sheet(self, values, frozenset(relevant))


_PARSERS = {
    "int": (int, "要填整数。"),
    "decimal": (float, "要填数字。"),
    "date": (date.fromisoformat, "要填日期，如 2026-03-16。"),
}


class _Loader:
    """Reads the parts of an XForm in the order in which they depend on each other."""

    def __init__(self, xml: bytes, today: date | None) -> None:
        self._xml = xml
        self._today = (lambda: today) if today else date.today
        root = ET.fromstring(xml)
        model = root.find(f"{_H}head/{_XF}model")
        body = root.find(f"{_H}body")
        if model is None or body is None:
            raise ValueError("not an XForm")
        self._root, self._model, self._body = root, model, body
        self._texts = {
            node.get("id", ""): node.findtext(f"{_XF}value", "") for node in model.iter(f"{_XF}text")
        }

    def form(self) -> Form:
        instance = self._model.find(f"{_XF}instance")
        assert instance is not None
        data = instance[0]
        self._choices = self._secondary_instances()
        sections: dict[str, Section] = {}
        controls: dict[str, tuple[ET.Element, str]] = {}
        self._walk(self._body, "", sections, controls)
        binds = {bind.get("nodeset", ""): bind for bind in self._model.findall(f"{_XF}bind")}
        for name, section in sections.items():
            bind = binds.get(name)
            short = bind.get(f"{_OWN}short", "") if bind is not None else ""
            sections[name] = Section(section.name, section.title, short or section.title)
        questions = {}
        for path, bind in binds.items():
            question = self._question(path, bind, controls)
            if question is not None:
                questions[question.name] = question
        by_path = {path: bind for path, bind in binds.items() if bind.get(f"{_OWN}basis") is not None}
        items = tuple(self._item(questions[path.rsplit("/", 1)[1]], bind, questions) for path, bind in by_path.items())
        title = self._root.findtext(f"{_H}head/{_H}title", "")
        infos = tuple(ItemInfo(item.code, item.text, item.section, item.basis) for item in items)
        return Form(
            data.get("id", ""), title, data.get("version", ""), hashlib.sha256(self._xml).hexdigest(),
            tuple(sections.values()), items, questions, infos, {item.code: item for item in items},
        )  # fmt: skip

    def _secondary_instances(self) -> dict[str, tuple[str, ...]]:
        found = {}
        for instance in self._model.findall(f"{_XF}instance")[1:]:
            names = [name.text or "" for name in instance.iter(f"{_XF}name")]
            found[instance.get("id", "")] = tuple(names)
        return found

    def _walk(
        self, parent: ET.Element, section: str, sections: dict[str, Section], controls: dict[str, tuple[ET.Element, str]]
    ) -> None:
        for node in parent:
            ref = node.get("ref", "")
            if node.tag == f"{_XF}group":
                sections[ref] = Section(ref.rsplit("/", 1)[-1], self._label(node), "")
                self._walk(node, ref.rsplit("/", 1)[-1], sections, controls)
            elif ref:
                controls[ref] = (node, section)

    def _label(self, node: ET.Element) -> str:
        label = node.find(f"{_XF}label")
        if label is None:
            return ""
        ref = label.get("ref", "")
        if ref.startswith("jr:itext("):
            return self._texts.get(ref[10:-2], "")
        return (label.text or "").strip()

    def _question(
        self, path: str, bind: ET.Element, controls: Mapping[str, tuple[ET.Element, str]]
    ) -> Question | None:
        name = path.rsplit("/", 1)[1]
        control, section = controls.get(path, (None, ""))
        calculate = bind.get("calculate")
        if control is None and calculate is None:
            return None
        kind, choices = self._kind(control, bind)

        def rule(attribute: str) -> Compiled | None:
            source = bind.get(attribute)
            return compile_xpath(source, path, self._today) if source else None

        return Question(
            name=name, path=path, kind=kind, label=self._label(control) if control is not None else name,
            section=section, choices=choices, relevant=rule("relevant"), required=rule("required"),
            constraint=rule("constraint"), calculate=rule("calculate"),
            constraint_message=bind.get(f"{_JR}constraintMsg", ""), required_message=bind.get(f"{_JR}requiredMsg", ""),
        )  # fmt: skip

    def _kind(self, control: ET.Element | None, bind: ET.Element) -> tuple[str, tuple[str, ...]]:
        if control is None:
            return "calculate", ()
        if control.tag in (f"{_XF}select1", f"{_XF}select"):
            itemset = control.find(f"{_XF}itemset")
            if itemset is not None:
                source = itemset.get("nodeset", "")
                choices = self._choices.get(source.split("'")[1], ()) if "'" in source else ()
            else:
                choices = tuple(node.text or "" for node in control.iter(f"{_XF}value"))
            return ("select_one" if control.tag.endswith("select1") else "select_multiple"), choices
        if bind.get("readonly") == "true()":
            return "note", ()
        return bind.get("type", "string"), ()

    def _item(self, question: Question, bind: ET.Element, questions: Mapping[str, Question]) -> Item:
        code = question.name
        extra = {f"{code}_reason", f"{code}_note"}
        readings = tuple(q for n, q in questions.items() if n.startswith(f"{code}_") and n not in extra)

        def said(name: str) -> str:
            return bind.get(_OWN + name, "")

        return Item(
            code, question.label.removeprefix(f"{code} "), question.section, said("basis"), said("methods"),
            said("evidence"), int(said("severity") or 1), said("consequence"), said("confidence"), readings,
        )  # fmt: skip
