"""Reads an ODK XForm into frozen questions, and the archives' own attributes (basis, severity, ...) into items."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from .model import Item, Question, Section
from .xpath import Expression, XPathError, compile_expression

OWN = "urn:archives-inspection:checklist"
"""Namespace of what a checklist says of its items beyond the XForm standard."""

_X = "{http://www.w3.org/2002/xforms}"
_H = "{http://www.w3.org/1999/xhtml}"
_JR = "{http://openrosa.org/javarosa}"
_OWN = f"{{{OWN}}}"
_KINDS = frozenset({"string", "int", "decimal", "date"})
_CONTROLS = {"input": "", "select1": "select_one", "select": "select_multiple", "upload": "binary"}
_MODEL = frozenset({"itext", "instance", "bind", "submission"})
_PARTS = frozenset({"label", "hint", "item", "itemset"})
_RULES = frozenset({
    "nodeset", "type", "readonly", "relevant", "required", "constraint", "calculate", f"{_JR}requiredMsg", f"{_JR}constraintMsg",
})  # fmt: skip
"""What a model, a control and a bind may hold. All else of the standard would have a form say more than this engine does:
values filled in beforehand, actions, lists that filter themselves."""
_ITEXT = re.compile(r"jr:itext\(\s*'([^']+)'\s*\)")
_LIST = re.compile(r"instance\('([^']+)'\)/root/item")


class FormError(ValueError):
    """A form that this engine cannot use, with the reason in Chinese."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was read of a form."""

    key: str
    title: str
    version: str
    verified_by: str
    sections: tuple[Section, ...]
    items: tuple[Item, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class _Choice:
    """One row of a list of choices. `weight` is its part of a met item; None takes the item out of the score."""

    name: str
    label: str
    weight: float | None


@dataclass(frozen=True, slots=True)
class Head:
    """What a form says of itself."""

    key: str
    title: str
    version: str
    verified_by: str


def read(xml: bytes) -> Found:
    """Raises `FormError` for damaged XML, unknown kinds, controls or expressions."""
    return _Reader(_root(xml)).whole()


def head_of(xml: bytes) -> Head:
    """What a form says of itself: its questions are not read, which takes twenty times as long. Raises `FormError`."""
    return _Reader(_root(xml)).head


def _root(xml: bytes) -> Element:
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise FormError("文件里有不允许的文档类型声明")
    try:
        return ElementTree.fromstring(xml)
    except ElementTree.ParseError as error:
        raise FormError(f"不是完整的 XML（{error}）") from None


class _Reader:
    """One pass over the parts of one XForm."""

    def __init__(self, root: Element) -> None:
        model = root.find(f"{_H}head/{_X}model")
        primary = model.find(f"{_X}instance") if model is not None else None
        body = root.find(f"{_H}body")
        if model is None or primary is None or not len(primary) or body is None:
            raise FormError("不是 XForm：缺少模型、实例或正文")
        self.title = root.findtext(f"{_H}head/{_H}title", "").strip()
        self.model = model
        self.body = body
        self.instance = primary[0]
        self.below: dict[str, tuple[str, ...]] = {}
        self.filled: dict[str, bool] = {}
        self._walk(self.instance, "")
        self.below[""] = (f"/{_local(self.instance)}",)
        self.binds = {bind.get("nodeset", "").strip(): bind.attrib for bind in model.iterfind(f"{_X}bind")}
        if strange := next((name for name in map(_local, model) if name not in _MODEL), ""):
            raise FormError(f"不支持 {strange}")

    def _walk(self, node: Element, above: str) -> None:
        path = f"{above}/{_local(node)}"
        if path in self.below:
            raise FormError(f"题目 {path.rpartition('/')[2]} 重复")
        self.below[path] = tuple(f"{path}/{_local(child)}" for child in node)
        self.filled[path] = not len(node) and bool(_content(node))
        for child in node:
            self._walk(child, path)

    # the tree that expressions see
    def children(self, path: str) -> Sequence[str]:
        return self.below.get(path, ())

    def knows(self, path: str) -> bool:
        return path in self.below

    # -- texts and choices ------------------------------------------------------------------------------------

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """Plain texts of the default language by their id."""
        languages = self.model.findall(f"{_X}itext/{_X}translation")
        chosen = [each for each in languages if each.get("default") is not None] or languages
        found: dict[str, str] = {}
        for text in chosen[0] if chosen else ():
            plain = next((value for value in text.iterfind(f"{_X}value") if value.get("form") is None), None)
            if plain is not None:
                found[text.get("id", "")] = _content(plain)
        return found

    def _words(self, control: Element, name: str) -> str:
        element = control.find(f"{_X}{name}")
        if element is None:
            return ""
        named = element.get("ref", "")
        if named and not _ITEXT.fullmatch(named.strip()):
            raise FormError(f"不支持文字来源“{named}”")
        return self._text(named) if named else _content(element)

    def _text(self, named: str) -> str:
        """The text that jr:itext() names; what is not such a name, as it stands."""
        reference = _ITEXT.fullmatch(named.strip())
        if reference is None:
            return named
        if reference[1] not in self.texts:
            raise FormError(f"缺少文字 {reference[1]}")
        return self.texts[reference[1]]

    @cached_property
    def lists(self) -> Mapping[str, tuple[_Choice, ...]]:
        """Choices of the secondary instances by list name."""
        found = {}
        for instance in self.model.findall(f"{_X}instance")[1:]:
            rows = instance.iterfind(f"{_X}root/{_X}item")
            cells = ({_local(cell): _content(cell) for cell in row} for row in rows)
            found[instance.get("id", "")] = tuple(map(self._choice, cells))
        return found

    def _choice(self, row: Mapping[str, str]) -> _Choice:
        label = row.get("label", "") or self.texts.get(row.get("itextId", ""), "")
        weight = row.get("weight", "")
        try:
            return _Choice(row["name"], label, float(weight) if weight else None)
        except (KeyError, ValueError):
            raise FormError(f"选项“{label}”的名称或权重不对") from None

    def _choices(self, control: Element) -> tuple[_Choice, ...]:
        itemset = control.find(f"{_X}itemset")
        if itemset is None:
            rows = ({"name": item.findtext(f"{_X}value", "").strip(), "label": self._words(item, "label")}
                    for item in control.iterfind(f"{_X}item"))  # fmt: skip
            return tuple(map(self._choice, rows))
        source = _LIST.fullmatch(itemset.get("nodeset", "").strip())
        if source is None or source[1] not in self.lists:
            raise FormError(f"不支持选项来源“{itemset.get('nodeset')}”")
        return self.lists[source[1]]

    # -- questions --------------------------------------------------------------------------------------------

    def _controls(self, element: Element) -> Iterator[tuple[str, Element]]:
        """Controls of the body by the path of their node."""
        for control in element:
            kind = _local(control)
            if kind == "group":
                yield control.get("ref", "").strip(), control
                yield from self._controls(control)
            elif kind in _CONTROLS:
                if strange := next((name for name in map(_local, control) if name not in _PARTS), ""):
                    raise FormError(f"不支持题目里的 {strange}")
                yield control.get("ref", "").strip(), control
            elif kind not in ("label", "hint"):
                raise FormError(f"不支持题目形式 {kind}")

    def whole(self) -> Found:
        controls = dict(self._controls(self.body))
        strange = [path for path in [*controls, *self.binds] if path and not self.knows(path)]
        if strange:
            raise FormError(f"“{strange[0]}”没有对应的题目")
        paths = [path for path in self.below if path.count("/") > 1 and path.split("/")[2] != "meta"]
        questions = tuple(self._question(path, controls.get(path)) for path in paths)
        names = {question.name for question in questions}
        if len(names) < len(questions):
            raise FormError("不同的节里有同名题目")
        sections, items = self._items(questions)
        head = self.head
        return Found(head.key, head.title, head.version, head.verified_by, sections, items, questions)

    @property
    def head(self) -> Head:
        about = self.instance
        return Head(about.get("id", ""), self.title, about.get("version", ""), about.get(f"{_OWN}verified_by", ""))

    def _question(self, path: str, control: Element | None) -> Question:
        about: Mapping[str, str] = self.binds.get(path, {})
        kind = self._kind(path, control, about)
        self._check_known(path, about)
        choices = self._choices(control) if control is not None and kind.startswith("select") else ()
        parts = path.split("/")
        return Question(
            name=parts[-1], path=path, kind=kind,
            label=self._words(control, "label") if control is not None else "",
            section=parts[2] if len(parts) > 3 else "",
            choices=tuple(choice.name for choice in choices),
            labels={choice.name: choice.label for choice in choices},
            weights={choice.name: choice.weight for choice in choices if choice.weight is not None},
            hint=self._words(control, "hint") if control is not None else "",
            required_message=self._text(about.get(f"{_JR}requiredMsg", "")),
            constraint_message=self._text(about.get(f"{_JR}constraintMsg", "")),
            of=about.get(f"{_OWN}of", ""), role=about.get(f"{_OWN}role", ""),
            relevant=self._expression(path, about.get("relevant")),
            required=self._expression(path, about.get("required")),
            constraint=self._expression(path, about.get("constraint")),
            calculate=self._expression(path, about.get("calculate")),
        )  # fmt: skip

    def _kind(self, path: str, control: Element | None, about: Mapping[str, str]) -> str:
        if self.below[path] or (control is not None and _local(control) == "group"):
            return "group"
        if "calculate" in about or control is None:
            return "calculate"
        declared = about.get("type", "string")
        if not control.get("mediatype", "image/*").startswith("image/"):
            raise FormError(f"不支持题目类型 {control.get('mediatype')}")
        kind = _CONTROLS[_local(control)] or ("note" if about.get("readonly") == "true()" else declared)
        if kind == declared and kind not in _KINDS and kind != "binary":
            raise FormError(f"不支持题目类型 {declared}")
        return kind

    def _check_known(self, path: str, about: Mapping[str, str]) -> None:
        """Whether a question asks for nothing that this engine would pass over without a word."""
        name = path.rpartition("/")[2]
        strange = [rule for rule in about if rule not in _RULES and not rule.startswith(_OWN)]
        if strange or about.get("readonly", "true()") not in ("true()", "false()"):
            raise FormError(f"题目 {name}：不支持 {strange[0].rpartition('}')[2] if strange else '只读的条件'}")
        if self.filled[path] and "calculate" not in about:
            raise FormError(f"题目 {name} 预先填了答案，答案要由执法人员填写")

    def _expression(self, path: str, text: str | None) -> Expression | None:
        if text is None or not text.strip():
            return None
        try:
            return compile_expression(text.strip(), path, self)
        except XPathError as error:
            raise FormError(f"{path.rpartition('/')[2]}：{error}") from None

    # -- items ------------------------------------------------------------------------------------------------

    def _items(self, questions: Sequence[Question]) -> tuple[tuple[Section, ...], tuple[Item, ...]]:
        helpers: dict[tuple[str, str], list[Question]] = {}
        for question in questions:
            helpers.setdefault((question.of, question.role), []).append(question)
        groups = {question.name: question for question in questions if question.kind == "group"}
        items: dict[str, list[Item]] = {}
        for question in questions:
            about = self.binds.get(question.path, {})
            if f"{_OWN}basis" in about:
                if question.section not in groups or question.kind != "select_one":
                    raise FormError(f"检查项 {question.name} 要放在一节里，并且是单选题")
                items.setdefault(question.section, []).append(self._item(question, about, helpers))
        if not items:
            raise FormError("没有检查项")
        sections = []
        for name, found in items.items():
            group = groups[name]
            short = self.binds.get(group.path, {}).get(f"{_OWN}short", "") or group.label
            sections.append(Section(name, group.label, short, tuple(item.code for item in found)))
        return tuple(sections), tuple(item for found in items.values() for item in found)

    def _item(
        self, question: Question, about: Mapping[str, str], helpers: Mapping[tuple[str, str], Sequence[Question]]
    ) -> Item:
        own = {name.removeprefix(_OWN): value for name, value in about.items() if name.startswith(_OWN)}
        code, severity = question.name, own.get("severity", "1")
        if severity not in ("1", "2", "3"):
            raise FormError(f"检查项 {code} 的级别“{severity}”不对")
        reason, note, readings = (helpers.get((code, role), ()) for role in ("reason", "note", "reading"))
        return Item(
            code=code, text=question.label, section=question.section, basis=own["basis"],
            methods=own.get("methods", ""), evidence=own.get("evidence", ""), severity=int(severity),
            consequence=own.get("consequence", ""), confidence=own.get("confidence", ""),
            remedy=own.get("remedy", ""), hint=question.hint, reason=reason[0].name if reason else "",
            note=note[0].name if note else "", readings=tuple(readings),
        )  # fmt: skip


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _content(element: Element) -> str:
    if element.find(f"{_X}output") is not None:
        raise FormError("不支持在文字里引用答案")
    return "".join(element.itertext()).strip()
