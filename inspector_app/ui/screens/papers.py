"""文书: every paper of the case that can be worked on now: what is filled in for it, its page, and the acts on it."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ...actions import filling, papers
from ...actions.filecheck import Place
from ...domain.casefile import CaseFile
from ...domain.sheet import Sheet
from ..desk import Desk
from ..offers import FILL, needs
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.panels import Body, Side, clear, column, row
from ..widgets.paper_tab import PaperTab
from ..widgets.text import Text
from .base import Stage
from .paper_desk import PaperDesk
from .paper_state import paper_state
from .sheet_form import SheetForm


class PapersStage(Stage):
    """Left the papers by step, in the middle the form of the chosen one, right its page."""

    TITLE = "文书"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._case: CaseFile | None = None
        self.kind, self.sheet = "", ""
        self._begun: dict[str, str] = {}  # by kind: the sheet that is being begun and holds nothing yet
        self.tabs: dict[tuple[str, str], PaperTab] = {}
        self._shown: object = None
        self._list = column(spacing=6)
        left = Side("right", 210, 260)
        self._list_body = Body(self._list, margins=(12, 12, 12, 12))
        left.setLayout(column(self._list_body, spacing=0))
        self._title = Text("", "h2")
        self._said = Text("", "small", "ink2", wrap=True)
        self.form = SheetForm(desk)
        self.middle = needs(FILL, Side("right", 300, 400))
        self.middle.setLayout(
            column(Body(self._title, self._said, self.form, None, margins=(16, 14, 16, 14)), spacing=0)
        )
        self.papers = PaperDesk(desk)
        layout = row(left, self.middle, self.papers, spacing=0)
        layout.setStretch(2, 1)
        self.setLayout(layout)

    def show_case(self, case: CaseFile) -> None:
        if self._case is not None and self._case.id != case.id:
            self._begun = {}
        self._case = case
        groups = papers.fitting(case)
        kinds = [kind for _, kinds in groups for kind in kinds]
        if self.desk.paper_by_case.get(case.id) in kinds:  # opened from another place
            self.kind, self.sheet = self.desk.paper_by_case.pop(case.id), ""
        if self.kind not in kinds:
            self.kind, self.sheet = kinds[0], ""
        form = filling.blank(self.desk.book, case, self.kind)
        held = [sheet.id for sheet in filling.sheets(self.desk.book, case, self.kind)]
        if not form.several:
            self.sheet = form.sheet if form.entries else ""
        elif self.sheet not in (*held, self._begun.get(form.sheet, "")):
            self.sheet = held[0] if held else self._begin(form)
        self._show_list(case, groups)
        self._title.setText(papers.title(self.desk.book, self.kind))
        missing = papers.readiness(self.desk.book, case, self.kind, self.sheet).missing if form.entries else ()
        self._said.setText(f"还缺：{'、'.join(missing)}" if missing else "填好一栏就存一栏。")
        fillable = bool(form.entries) and form.by_hand and filling.may_fill(self.desk.book, case, self.kind)
        self.middle.setVisible(fillable)
        if fillable:
            self.form.show_sheet(case, self.kind, form, self.sheet)
        self.papers.show_case(case, (self.kind,), self.sheet)

    def _begin(self, form: filling.Blank) -> str:
        """The id of the sheet to be begun; it is the same until something is filled in."""
        return self._begun.setdefault(form.sheet, filling.new_sheet(form))

    def _show_list(self, case: CaseFile, groups: tuple[tuple[str, tuple[str, ...]], ...]) -> None:
        """The papers by step; built anew only when there are others."""
        rows = [(step, kind, sheet) for step, kinds in groups for kind in kinds for sheet in self._sheets(case, kind)]
        wanted = tuple((step, kind, sheet.id, _name(sheet)) for step, kind, sheet in rows)
        if wanted != self._shown:
            self._shown = wanted
            clear(self._list)
            self.tabs = {}
            heading = ""
            for step, kind, sheet in rows:
                if step != heading:
                    heading = step
                    self._list.addWidget(Text(step, "small", "ink3"))
                self._list.addWidget(self._tab(kind, sheet))
                if self._adds_after(case, kind, sheet):
                    again = needs(FILL, Button("再填一份", "link", "plus", act=partial(self._again, kind), height=36))
                    again.setAccessibleName(f"再填一份{papers.title(self.desk.book, kind)}")
                    self._list.addLayout(row(again, None))
            self._list.addStretch(1)
        for (kind, sheet_id), tab in self.tabs.items():
            current = kind == self.kind and sheet_id in (self.sheet, "")
            tab.show_state(*paper_state(case, kind, sheet_id or None), current=current)

    def _tab(self, kind: str, sheet: Sheet) -> PaperTab:
        title = papers.title(self.desk.book, kind)
        tab = PaperTab(f"{title} {name}" if (name := _name(sheet)) else title)
        tab.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        tab.clicked.connect(partial(self.choose, kind, sheet.id))
        self.tabs[kind, sheet.id] = tab
        return tab

    def _sheets(self, case: CaseFile, kind: str) -> list[Sheet]:
        """What a kind of paper is shown as: one row, or one for each sheet where there may be several."""
        form = filling.blank(self.desk.book, case, kind)
        if not form.several:
            return [Sheet(form.sheet if form.entries else "", form.sheet)]
        held = list(filling.sheets(self.desk.book, case, kind))
        begun = self._begun.get(form.sheet, "")
        if case.sheet(begun):
            del self._begun[form.sheet]
        elif begun:
            held.append(Sheet(begun, form.sheet))
        return held or [Sheet(self._begin(form), form.sheet)]

    def _adds_after(self, case: CaseFile, kind: str, sheet: Sheet) -> bool:
        """Whether another one can be begun below this row: the last of its kind, and none is being begun."""
        form = filling.blank(self.desk.book, case, kind)
        mine = form.several and form.by_hand and filling.may_fill(self.desk.book, case, kind)
        return mine and form.sheet == kind and form.sheet not in self._begun and (
            sheet.id == filling.sheets(self.desk.book, case, kind)[-1].id
        )  # fmt: skip

    def choose(self, kind: str, sheet: str, _checked: bool = False) -> None:
        """Show another paper; what was typed for the one before is saved first."""
        if not self.form.leave():
            for (one, other), tab in self.tabs.items():
                tab.setChecked(one == self.kind and other == self.sheet)
            return
        if kind != self.kind:
            self.papers.view.show_nothing()
        self.kind, self.sheet = kind, sheet
        if self._case is not None:
            self.show_case(self.desk.queries.case(self._case.id))
            self._list_body.ensureWidgetVisible(self.tabs[kind, self.sheet], 0, look.px(12))

    def seek(self, place: Place) -> QWidget | None:
        """The field of what is filled in for a paper; without it, the paper's tab, or where it is made and signed."""
        case = self._case
        if case is None or place.kind == "paper":
            found = self.form.field(place.field) if self.middle.isVisible() else None
            return found or self.papers.seek(place.field)
        held = case.sheet(place.key)
        kind = held.kind if held is not None else place.key
        known = next((tab for tab in self.tabs if tab[0] == kind and tab[1] in (place.key, kind, "")), None)
        if known is None:
            return self.papers.view
        self.choose(*known)
        return (self.form.field(place.field) if self.middle.isVisible() else None) or self.tabs[known]

    def _again(self, kind: str) -> None:
        assert self._case is not None
        self.choose(kind, self._begin(filling.blank(self.desk.book, self._case, kind)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.papers.setMinimumWidth(look.px(410 if self.width() / look.scale >= 960 else 320))

    def quiet_place(self) -> QWidget:
        return self.papers.view

    def primary(self) -> None:
        self.papers.primary()

    def leave(self) -> bool:
        return self.form.leave() if self._case is not None and self.middle.isVisible() else True


def _name(sheet: Sheet) -> str:
    """What tells one sheet from another of its kind: the person, or the moment it begins with."""
    said = sheet.fields.get("person", "")
    day = next((value[:10] for name, value in sorted(sheet.fields.items()) if name.endswith("_from") and value), "")
    return said or day
