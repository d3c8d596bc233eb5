"""The form of a sheet, built from what the wording of its paper uses: every field is saved when it is left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Protocol

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from ...actions import filling
from ...domain.calendar import parse_zh_date, parse_zh_moment, zh_date, zh_time
from ...domain.casefile import CaseFile
from ...domain.problems import Problem
from ...domain.rows import Version
from ...domain.sheet import Entry, Sheet, Value
from ..desk import Desk
from ..keeping import Keeper, text_of
from ..offers import FILL, needs
from ..widgets.buttons import Button
from ..widgets.fields import Choice, Field, Note, Pick
from ..widgets.panels import Card, clear, column, row
from ..widgets.text import Text
from .begin import ask

_HINTS = {"day": "2026年3月16日", "moment": "2026年3月16日 10:05"}
_MOST_BUTTONS = 16
"""Characters of all options together that still stand side by side as buttons."""


class Control(Protocol):
    """One entry on screen."""

    def value(self) -> Value: ...
    def show_value(self, value: Value) -> None: ...
    def typed(self) -> list[tuple[str, QLineEdit | QPlainTextEdit]]: ...


class LineControl(Field):
    """A text, a day or a moment on one line."""

    def __init__(self, entry: Entry, label: str, hint: str, left: Callable[[], object]) -> None:
        super().__init__(label, hint=hint or _HINTS.get(entry.kind, ""))
        self._kind = entry.kind
        self.input.editingFinished.connect(left)

    def value(self) -> Value:
        """As it is stored. Raises `Problem("bad_date")`."""
        text = self.text().strip()
        if text and self._kind == "day":
            return parse_zh_date(text).isoformat()
        if text and self._kind == "moment":
            return parse_zh_moment(text).isoformat()
        return text

    def show_value(self, value: Value) -> None:
        self.input.setText(_shown(self._kind, str(value)))

    def typed(self) -> list[tuple[str, QLineEdit | QPlainTextEdit]]:
        return [("", self.input)]


class ProseControl(QWidget):
    """A text of several lines."""

    def __init__(self, label: str, hint: str, left: Callable[[], object], lines: int) -> None:
        super().__init__()
        self.input = Note(label, hint, lines)
        self.input.left.connect(lambda _: left())
        self.setLayout(column(Text(label, "small", "ink3"), self.input, spacing=4))

    def value(self) -> Value:
        return self.input.toPlainText().strip()

    def show_value(self, value: Value) -> None:
        self.input.load(str(value))

    def typed(self) -> list[tuple[str, QLineEdit | QPlainTextEdit]]:
        return [("", self.input)]


class OptionControl(QWidget):
    """One of the declared options: equal buttons, or a list where they would not fit."""

    def __init__(self, entry: Entry, label: str, left: Callable[[], object]) -> None:
        super().__init__()
        self.input: Choice | Pick
        if sum(map(len, entry.options)) <= _MOST_BUTTONS:
            self.input = Choice(label, entry.options)
            self.input.chosen.connect(lambda _: left())
        else:
            self.input = Pick(label, [("", "没有选定"), *((each, each) for each in entry.options)], lambda _: left())
        self.setLayout(column(self.input, spacing=0))

    def value(self) -> Value:
        return self.input.value()

    def show_value(self, value: Value) -> None:
        self.input.show_value(str(value))

    def typed(self) -> list[tuple[str, QLineEdit | QPlainTextEdit]]:
        return []


class TableControl(QWidget):
    """The rows of a table, a card each; rows that the case gives are neither added nor taken away."""

    def __init__(
        self, entry: Entry, label: str, given: Sequence[tuple[str, str]], left: Callable[[], object],
        built: Callable[[bool], object],
    ) -> None:  # fmt: skip
        super().__init__()
        self._entry, self._given, self._left, self._built = entry, given, left, built
        self._rows: list[list[Control]] = []
        self._cards = column(spacing=8)
        parts = column(Text(label, "small", "ink3"), self._cards, spacing=6)
        if not given:
            self.add = Button("加一行", "secondary", "plus", act=self._add, height=36)
            self.add.setAccessibleName(f"{entry.label}加一行")
            parts.addLayout(row(self.add, None))
        self.setLayout(parts)

    def value(self) -> Value:
        """The rows in which something is filled in."""
        rows = [[str(cell.value()) for cell in cells] for cells in self._rows]
        if self._given:
            rows = [[key, *cells] for (key, _), cells in zip(self._given, rows, strict=True)]
            return [cells for cells in rows if any(cells[1:])]
        return [cells for cells in rows if any(cells)]

    def show_value(self, value: Value) -> None:
        rows = [list(cells) for cells in value if not isinstance(cells, str)]
        if self._given:
            known = {cells[0]: cells[1:] for cells in rows}
            rows = [known.get(key, [""] * (len(self._entry.columns) - 1)) for key, _ in self._given]
        self._build(rows or [[""] * len(self._entry.columns)], typed=False)

    def typed(self) -> list[tuple[str, QLineEdit | QPlainTextEdit]]:
        cells = [(f"/{n}/{m}", cell) for n, cells in enumerate(self._rows) for m, cell in enumerate(cells)]
        return [(place, field) for place, cell in cells for _, field in cell.typed()]

    def _build(self, rows: Sequence[Sequence[str]], *, typed: bool) -> None:
        clear(self._cards)
        self._rows = []
        columns = self._entry.columns[1:] if self._given else self._entry.columns
        for n, cells in enumerate(rows, 1):
            controls: list[Control] = [
                control(each, f"第{n}行 {_labelled(each)}", "", (), self._left, lambda _: None, 2) for each in columns
            ]
            for made, cell in zip(controls, cells, strict=True):
                made.show_value(cell)
            self._rows.append(controls)
            head = row(
                Text(f"{n}. {self._given[n - 1][1]}" if self._given else f"{n}.", "strong", wrap=bool(self._given)),
                spacing=8,
            )
            head.setStretch(0, 1)
            if not self._given and len(rows) > 1:
                gone = Button("去掉", "link", act=partial(self._remove, n - 1), height=32)
                gone.setAccessibleName(f"去掉{self._entry.label}第{n}行")
                head.addWidget(gone)
            self._cards.addWidget(Card(head, *(_widget(made) for made in controls), padding=10, spacing=6))
        self._built(typed)

    def _shown_rows(self) -> list[list[str]]:
        """What stands in the cells, half-typed days as they are."""
        return [[_standing(cell) for cell in cells] for cells in self._rows]

    def _add(self) -> None:
        self._build([*self._shown_rows(), [""] * len(self._entry.columns)], typed=True)
        self._left()
        if fields := self._rows[-1][0].typed():
            fields[0][1].setFocus()

    def _remove(self, place: int) -> None:
        self._build([cells for n, cells in enumerate(self._shown_rows()) if n != place], typed=True)
        self._left()


def control(
    entry: Entry, label: str, hint: str, given: Sequence[tuple[str, str]], left: Callable[[], object],
    built: Callable[[bool], object], lines: int = 3,
) -> LineControl | ProseControl | OptionControl | TableControl:  # fmt: skip
    """What an entry is filled in with; `left` is called when it is left, `built` when its fields are others, and
    whether what they show was typed here."""
    if entry.kind == "rows":
        return TableControl(entry, label, given, left, built)
    if entry.kind == "choice":
        return OptionControl(entry, label, left)
    if entry.kind == "prose":
        return ProseControl(label, hint, left, lines)
    return LineControl(entry, label, hint, left)


def _widget(made: Control) -> QWidget:
    assert isinstance(made, QWidget)
    return made


def _standing(cell: Control) -> str:
    """The value of a cell, or its text where that is no value yet."""
    try:
        return str(cell.value())
    except Problem:
        return text_of(cell.typed()[0][1])


def _labelled(entry: Entry) -> str:
    return entry.label if entry.mandatory else f"{entry.label}（可不填）"


def _shown(kind: str, value: str) -> str:
    """A stored day or moment as it is typed; half-typed text as it is."""
    try:
        if kind == "day":
            return zh_date(date.fromisoformat(value))
        if kind == "moment":
            moment = datetime.fromisoformat(value)
            return f"{zh_date(moment.date())} {zh_time(moment)}"
    except ValueError:
        return value
    return value


class SheetForm(QWidget):
    """The fields of one sheet."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        needs(FILL, self)
        self.desk = desk
        self._about = ("", "", "")  # case, kind of paper, sheet
        self._case: CaseFile | None = None
        self._controls: dict[str, Control] = {}
        self._differ = column(spacing=8)
        self._fields = column(spacing=12)
        self._keeper: Keeper | None = None
        self.drop = Button("撤下这一份", "danger", act=self._drop, height=36)
        self.setLayout(column(self._differ, self._fields, row(None, self.drop), spacing=12))

    def show_sheet(self, case: CaseFile, kind: str, form: filling.Blank, sheet: str) -> None:
        """Show what stands on a sheet; a field that is being typed in stays as it is."""
        about = (case.id, kind, sheet)
        held = case.sheet(sheet) or Sheet(sheet, form.sheet)
        self._case, self._form, self._held = case, form, held
        if about != self._about:
            self._about = about
            self._build()
        else:
            self._follow()
        self._show_conflict()
        made = any(not p.draft and p.sheet == sheet for p in case.papers)
        self.drop.setVisible(case.sheet(sheet) is not None and not made)

    def leave(self) -> bool:
        """Save what was typed; False when something of it is refused."""
        refused = [name for name in self._controls if not self._save(name)]  # every field is tried
        return not refused

    def field(self, name: str) -> QWidget | None:
        """Where an entry is filled in, by its name or its label."""
        entry = next((e for e in self._form.entries if name in (e.name, e.label)), None)
        if entry is None or entry.name not in self._controls:
            return None
        made = self._controls[entry.name]
        return next((field for _, field in made.typed()), _widget(made))

    # -- building -----------------------------------------------------------------------------------------------

    def _build(self) -> None:
        clear(self._fields)
        holder = QWidget()
        body = column(spacing=12)
        holder.setLayout(body)
        self._controls, self._keeper = {}, None
        for entry in self._form.entries:
            hint = self._form.defaults.get(entry.name, "")
            hint = f"不填时写：{hint}" if hint else ""
            given = self._form.given.get(entry.name, ())
            made = control(entry, _labelled(entry), hint, given, partial(self._save, entry.name),
                           partial(self._rebuilt, entry.name))  # fmt: skip
            self._controls[entry.name] = made
            made.show_value(self._stored(entry))
            body.addWidget(_widget(made))
        self._fields.addWidget(holder)
        self._keeper = Keeper(self.desk, f"{self._about[0]}/sheet/{self._about[2]}", holder)
        for name in self._controls:
            self._hold(self._keeper, name, typed=False)

    def _hold(self, keeper: Keeper, name: str, *, typed: bool) -> None:
        for place, field in self._controls[name].typed():
            keeper.hold(name + place, field, typed=typed)

    def _rebuilt(self, name: str, typed: bool) -> None:
        """The rows of a table are others: what was kept of a cell must not come back in another row."""
        if self._keeper is not None:
            self._keeper.release(f"{name}/", forget=typed)
            self._hold(self._keeper, name, typed=typed)
            self._keeper.save()

    def _stored(self, entry: Entry) -> Value:
        if entry.kind == "rows":
            return [list(cells) for cells in self._held.rows.get(entry.name, ())]
        return self._held.fields.get(entry.name, "")

    def _follow(self) -> None:
        """What changed elsewhere (undo, another officer) is shown where nobody types."""
        for entry in self._form.entries:
            made, stored = self._controls[entry.name], self._stored(entry)
            busy = any(field.hasFocus() or self._kept(entry.name + place) for place, field in made.typed())
            try:
                same = made.value() == stored
            except Problem:
                same = False
            if not busy and not same:
                made.show_value(stored)
                self._written(entry.name)

    def _kept(self, place: str) -> bool:
        return self._keeper is not None and self._keeper.is_kept(place)

    # -- writing ------------------------------------------------------------------------------------------------

    def _save(self, name: str) -> bool:
        """Write a field that differs from what stands; a value that is none is told below it."""
        if self.desk.session is None or name not in self._controls:
            return True
        case, kind, sheet = self._about
        entry = next(entry for entry in self._form.entries if entry.name == name)
        made = self._controls[name]
        try:
            value = made.value()
        except Problem as problem:
            if isinstance(made, LineControl):
                made.error(str(problem))
            else:
                self.desk.told.emit(str(problem), "bad")
            return False
        if value == self._stored(entry):
            self._written(name)
            return True
        if self._held.conflict:
            self.desk.told.emit("有两处填写不同，先在上面选定一处。", "warn")
            return False
        if self.desk.act(filling.fill, self.desk.book, case, kind, {name: value}, sheet) is None:
            return False
        self._written(name)
        return True

    def _written(self, name: str) -> None:
        if self._keeper is not None:
            for place, _ in self._controls[name].typed():
                self._keeper.settle(name + place)

    def _drop(self) -> None:
        case, _, sheet = self._about
        reason = Field("撤下的原因")
        said = Text("撤下后不再用来制作文书，记录里保留。", "small", "ink2")
        ask(self, self.desk, f"{case}/sheet/{sheet}/drop", "撤下这一份", [said, reason], "撤下",
            lambda: filling.drop_sheet(self.desk.book, case, sheet, reason.text()), {"reason": reason})  # fmt: skip

    # -- what two officers filled in differently ------------------------------------------------------------------

    def _show_conflict(self) -> None:
        clear(self._differ)
        if not self._held.conflict:
            return
        labels = {entry.name: entry.label for entry in self._form.entries} | {"dropped": "撤下"}
        parts: list[QWidget] = [Text("两处填写不同，选定一处并说明原因", "strong", "warn")]
        for version in self._held.conflict:
            name = labels.get(version.field, version.field)
            text = Text(f"{name}：{version.value or '（空）'}", "body", wrap=True)
            who = Text(f"{version.by}，{zh_time(version.at)}", "small", "ink2")
            use = Button("选用这一处", "secondary", act=partial(self._settle, name, version), height=36)
            use.setAccessibleName(f"选用{version.by}的{name}")
            line = column(text, row(who, None, use), spacing=4)
            parts.append(QWidget())
            parts[-1].setLayout(line)
        self._differ.addWidget(Card(*parts, tone="warn", padding=12))

    def _settle(self, name: str, version: Version) -> None:
        case, _, sheet = self._about
        reason = Field("选用的原因")
        said = Text(f"{name}：{version.value or '（空）'}", "body", wrap=True)
        ask(self, self.desk, f"{case}/sheet/{sheet}/settle", f"选用{version.by}的{name}", [said, reason], "选用这一处",
            lambda: filling.settle(self.desk.book, case, sheet, version, reason.text()), {"reason": reason})  # fmt: skip
