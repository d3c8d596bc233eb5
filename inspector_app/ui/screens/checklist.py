"""Stage 检查: sections, the list of items, and what belongs to the current one. One touch per item."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLayout, QWidget

from ...actions import check, findings
from ...actions.filecheck import Place
from ...actions.rules import Form
from ...domain.casefile import CaseFile
from ...domain.finding import Answer
from ...domain.item import ItemFact
from ..desk import Desk
from ..offers import ANSWER, LOOK, WORK, needs
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.focus import order_tabs
from ..widgets.item_row import ItemRow
from ..widgets.panels import Body, KeyHint, Ring, Side, Surface, clear, column, row
from ..widgets.section_button import SectionButton
from ..widgets.text import Text
from .base import Stage
from .item_list import ItemList
from .item_panel import ItemPanel
from .photo_tray import PhotoTray

VALUES = tuple(answer.value for answer in Answer)
_HEADINGS = {"未答": "没有答的检查项", "不符合": "不符合的检查项", "缺证据": "缺证据的检查项"}


class ChecklistStage(Stage):
    """The checklist of the case. Keys act while the list has the focus."""

    TITLE = "检查"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self._case: CaseFile | None = None
        self._form_key = self._sections_of = ""
        self.section = ""
        self.item = ""
        self.sections: dict[str, SectionButton] = {}
        self._sections = column(spacing=2)
        self.list = ItemList()
        self.list.answered.connect(self.answer)
        self.list.picked.connect(self.pick)
        self.list.photo_wanted.connect(self.take_photos)
        self._scored: object = None  # form, answers and day that the score stands for
        self._score: float | None = None
        self._heading = Text("", "h2")
        self._said = Text("", "small", "ink2")
        self._barred = Text("", "small", "warn", wrap=True)
        self._filter = ""
        self.panel = ItemPanel(desk)
        self.panel.done.connect(self.setFocus)
        self.panel.answered.connect(self._go_on)
        self.setLayout(self._build())

    @property
    def rows(self) -> Mapping[str, ItemRow]:
        """The rows on view by the codes of their items."""
        return self.list.rows

    @property
    def codes(self) -> tuple[str, ...]:
        """The items of the case in their order."""
        return tuple(item.code for item in self._case.items) if self._case is not None else ()

    # -- building ---------------------------------------------------------------------------------------------

    def _build(self) -> QLayout:
        left = self._left = Side("right", 160, 212)
        self._form_title = Text("检查表", "strong")
        left.setLayout(
            column(
                row(self._form_title, margins=(18, 12, 12, 4)),
                Body(self._sections, spacing=2, margins=(8, 0, 8, 8)),
                spacing=0,
            )
        )
        middle = Surface("surface")
        middle.setMinimumWidth(look.px(440))  # code and the four answers below the words
        middle.setFocusProxy(self)
        self.open_only = self._pill("未答", "funnel", "brand")
        head = row(self._heading, self._said, None, self.open_only, margins=(18, 7, 16, 5))
        head.addStrut(look.px(36))  # the heading stays where it is when the pill goes
        self._barred.hide()
        middle.setLayout(column(head, row(self._barred, margins=(18, 0, 16, 6)), self.list, spacing=0))
        right = Side("left", 256, 336)
        right.setLayout(column(self.panel, spacing=0))
        body = row(left, middle, right, spacing=0)
        body.setStretch(1, 1)
        whole = column(body, self._foot(), spacing=0)
        whole.setStretch(0, 1)
        return whole

    def _foot(self) -> QWidget:
        foot = Surface("surface", "top")
        foot.setFixedHeight(look.px(60))
        self._ring = Ring(46)
        self._answered = Text("", "strong")
        self._level = Text("", "small", "ink2")
        self._failed = self._pill("不符合", "x-circle", "bad")
        self._lacking = self._pill("缺证据", "warning-circle", "warn")
        undo = Button("撤销", "secondary", "arrow-u-up-left", act=self.desk.undo)
        self.finish = Button("检查完毕", "primary", act=self._finish)
        self._hints = [
            needs(act, KeyHint(key, text))
            for key, text, act in (
                ("J", "下一项", LOOK),
                ("K", "上一项", LOOK),
                ("P", "照片", WORK),
                ("F", "记为问题", WORK),
            )
        ]
        self._keys, self._tally = QWidget(), QWidget()
        self._keys.setLayout(row(*self._hints, spacing=12))
        self._tally.setLayout(
            row(
                self._ring,
                column(self._answered, self._level, spacing=0),
                self._failed,
                self._lacking,
                None,
                spacing=12,
            )
        )
        layout = row(self._tally, self._keys, undo, self.finish, spacing=12, margins=(16, 6, 16, 6))
        layout.setStretch(0, 1)
        foot.setLayout(layout)
        return foot

    def _pill(self, name: str, icon: str, tone: str) -> Button:
        """A filter, on until it is pressed again."""
        pill = Button(name, "filter", icon, checkable=True, height=36, tone=tone)
        pill.clicked.connect(lambda on: self.show_only(name if on else ""))
        return pill

    def quiet_place(self) -> QWidget:
        """Over the key hints: what is answered and how far it is stays on view."""
        return self._keys if self._keys.isVisible() else self._tally

    def _make_sections(self, case: CaseFile) -> None:
        form = self.desk.queries.form(case)
        self._form_key = form.sha256 + case.id
        if self._sections_of != form.sha256:
            self._make_buttons(form)
        wanted = self.desk.item_by_case.get(case.id, "")
        first = next((i.code for i in case.items if not i.value), case.items[0].code if case.items else "")
        self.item = wanted if case.item(wanted) is not None else first
        self.section = form.item(self.item).section if self.item else next(iter(self.sections), "")
        self._filter = ""
        self._make_rows(case)

    def _make_buttons(self, form: Form) -> None:
        self._sections_of = form.sha256
        clear(self._sections)
        self.sections = {}
        self._form_title.setText(form.title)
        for section in form.sections:
            if not form.items_of(section.name):
                continue
            button = SectionButton(section.short)
            button.setToolTip(section.title)
            button.clicked.connect(lambda _=False, s=section.name: self.open_section(s))
            self.sections[section.name] = button
            self._sections.addWidget(button)
        self._sections.addStretch(1)

    def _make_rows(self, case: CaseFile) -> None:
        """Fill the list with the section on view, or with what the filter shows of all."""
        form = self.desk.queries.form(case)
        wanted = {fact.code for fact in case.items if _belongs(fact, self._filter)}
        items = [i for i in (form.items if self._filter else form.items_of(self.section)) if i.code in wanted]
        self.list.fill(items)
        order_tabs(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow there is one side panel only; sections are walked by Shift and J or K."""
        super().resizeEvent(event)
        roomy = self.width() / look.scale >= 1000
        for widget in (self._left, self._keys):
            widget.setVisible(roomy)

    # -- showing ----------------------------------------------------------------------------------------------

    def show_case(self, case: CaseFile) -> None:
        self._case = case
        form = self.desk.queries.form(case)
        fresh = form.sha256 + case.id != self._form_key
        if fresh:
            self._make_sections(case)
        wanted = self.desk.item_by_case.get(case.id, self.item)
        if wanted != self.item and case.item(wanted) is not None:  # opened from another place
            self.go_to(wanted)
            return
        facts = {fact.code: fact for fact in case.items}
        for name, button in self.sections.items():
            mine = [facts[item.code] for item in form.items_of(name)]
            done = sum(bool(f.value) for f in mine)
            failed = sum(f.value == Answer.NONCONFORMING for f in mine)
            button.show_state(done, len(mine), failed, current=name == self.section)
            if name == self.section and not self._filter:
                title = next(s.title for s in form.sections if s.name == name)
                self._heading.setText(title)
                self._said.setText(f"{len(mine)} 项，已答 {done} 项")
        if self._filter:
            self._heading.setText(_HEADINGS[self._filter])
            self._said.setText(f"{len(self.rows)} 项")
        bar = self.desk.bar(ANSWER, case)
        self.list.show_facts(facts, self.item, self.desk.book.person.name, partial(self.desk.thumbnail, case), bar)
        self._barred.setText(bar)
        self._barred.setVisible(bool(bar))
        self._show_foot(case)
        if self.item:
            self.panel.show_item(case, form.item(self.item), facts[self.item])
        if fresh:
            self.list.bring_into_view(self.item)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # the first time the list gets its size only now
        QTimer.singleShot(0, self, lambda: self.list.bring_into_view(self.item))

    def show_only(self, name: str) -> None:
        """Show the items of one state from all sections; the rows stay until the filter is set anew."""
        case = self._case
        assert case is not None
        self.panel.leave()
        self._filter = name
        self._make_rows(case)
        if self.rows and self.item not in self.rows:
            self.go_to(next(iter(self.rows)))
        else:
            self.show_case(case)
            self.list.bring_into_view(self.item)
        self.setFocus()

    def _show_foot(self, case: CaseFile) -> None:
        done = sum(bool(f.value) for f in case.items)
        total = len(case.items)
        failed = sum(f.value == Answer.NONCONFORMING for f in case.items)
        lacking = sum(1 for f in case.items if f.value in (Answer.MOSTLY, Answer.NONCONFORMING) and not f.evidence)
        self._ring.show_part(
            done, total, f"{100 * done // total}%" if done < total else "100", "ok" if done == total else "brand"
        )
        form = self.desk.queries.form(case)
        answers = (form.sha256, form.answers(case.items), self.desk.book.clock.now().at.date())
        if answers != self._scored:
            self._scored, self._score = answers, form.sheet(*answers[1:]).score
        score = self._score
        self._answered.setText(f"已答 {done} / {total}")
        name = "得分" if done == total else "已答项得分"
        self._level.setText(f"{name} {score:.1f}" if score is not None else "还没有得分")
        for pill, text, count in ((self._failed, "不符合", failed), (self._lacking, "缺证据", lacking),
                                  (self.open_only, "未答", total - done)):  # fmt: skip
            pill.set_text(f"只看未答 {count}" if pill is self.open_only else f"{text} {count}")
            pill.setVisible(bool(count) or self._filter == text)
            pill.setChecked(self._filter == text)
        self.finish.set_text("到笔录" if case.checking_finished else "检查完毕")
        needs(LOOK if case.checking_finished else WORK, self.finish)

    # -- moving -----------------------------------------------------------------------------------------------

    def open_section(self, section: str) -> None:
        """Show a section from its first open item."""
        assert self._case is not None
        codes = {item.code for item in self.desk.queries.form(self._case).items_of(section)}
        mine = [i for i in self._case.items if i.code in codes]
        self.go_to(next((i.code for i in mine if not i.value), mine[0].code))

    def pick(self, code: str) -> None:
        self.go_to(code)
        self.setFocus()

    def go_to(self, code: str) -> None:
        """Make an item current and bring its row into view by the least movement."""
        case = self._case
        if case is None or case.item(code) is None:
            return
        self.panel.leave()
        self.item = code
        self.desk.item_by_case[case.id] = code
        self.desk.moved.emit()
        self.section = self.desk.queries.form(case).item(code).section
        if code not in self.rows:
            self._filter = ""
            self._make_rows(case)
        self.show_case(self.desk.queries.case(case.id))
        self.list.bring_into_view(self.item)

    def seek(self, place: Place) -> QWidget | None:
        """The remark of the item, its readings, or its line with the answer."""
        if place.field == "note" and self.panel.isVisible():
            return self.panel.note
        return self.list

    def _step(self, by: int, *, open_only: bool = False) -> None:
        assert self._case is not None
        codes = list(self.rows) if self._filter else [i.code for i in self._case.items]
        here = codes.index(self.item)
        if open_only:
            facts = {i.code: i for i in self._case.items}
            found = next((c for c in codes[here + 1 :] + codes[: here + 1] if not facts[c].value), None)
            if found:
                self.go_to(found)
            return
        self.go_to(codes[max(0, min(here + by, len(codes) - 1))])

    def _go_on(self, value: str) -> None:
        """符合 and 不适用 need nothing more and go on; a deviation stays for its remark and evidence."""
        if value in (Answer.CONFORMING, Answer.NOT_APPLICABLE):
            self._step(1, open_only=True)

    def _step_section(self, by: int) -> None:
        names = list(self.sections)
        self.open_section(names[max(0, min(names.index(self.section) + by, len(names) - 1))])

    # -- acting -----------------------------------------------------------------------------------------------

    def answer(self, code: str, value: str) -> None:
        """Answer an item; 不适用 asks for its reason first. A plain answer goes on to the next open item."""
        if code != self.item:
            self.go_to(code)
        assert self._case is not None
        if not self.desk.allowed(WORK, self._case.id):
            return
        fact = self._case.item(code)
        assert fact is not None
        if value == Answer.NOT_APPLICABLE:
            self.panel.ask_reason(code, value)
            return
        if fact.conflict:
            self.panel.ask_reason(code, value)
            return
        if value == fact.value:
            return
        if self.desk.act(check.answer, self.desk.book, self._case.id, code, value) is None:
            return
        self.setFocus()
        self._go_on(value)

    def record_finding(self) -> None:
        """F: record the current item as a finding with what the data propose."""
        assert self._case is not None
        self.panel.leave()
        done = self.desk.act(findings.record, self.desk.book, self._case.id, self.item)
        if done is not None and done.events:
            self.desk.toasted.emit(f"{self.item} 已记为问题", self.desk.undo)

    def take_photos(self) -> None:
        """P: import photos for the current item."""
        if self._case is not None:
            PhotoTray.open_for(self, self.desk, self._case, self.item)

    def _finish(self) -> None:
        assert self._case is not None
        self.panel.leave()
        if self._case.checking_finished or self.desk.act(check.finish, self.desk.book, self._case.id) is not None:
            self.desk.open_stage(4)
        elif any(not fact.value for fact in self._case.items):
            self.show_only("未答")  # what is open, each with its answers

    def primary(self) -> None:
        self.press(self.finish)

    def leave(self) -> bool:
        return self.panel.leave()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The single-letter keys of the list."""
        key, shift = Qt.Key(event.key()), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            super().keyPressEvent(event)
        elif Qt.Key.Key_1 <= key <= Qt.Key.Key_4 and not event.isAutoRepeat():
            self.answer(self.item, VALUES[key - Qt.Key.Key_1])
        elif key in (Qt.Key.Key_J, Qt.Key.Key_Down):
            self._step_section(1) if shift else self._step(1)
        elif key in (Qt.Key.Key_K, Qt.Key.Key_Up):
            self._step_section(-1) if shift else self._step(-1)
        elif key == Qt.Key.Key_U:
            self._step(1, open_only=True)
        elif key == Qt.Key.Key_R:
            self.panel.note.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif key == Qt.Key.Key_F:
            self.record_finding()
        elif key == Qt.Key.Key_P:
            self.take_photos()
        elif key == Qt.Key.Key_E:
            self.panel.show_evidence()
        elif key == Qt.Key.Key_G:
            self.panel.show_law()
        else:
            super().keyPressEvent(event)


def _belongs(fact: ItemFact, name: str) -> bool:
    """Whether an item is one of those that a filter shows; without a filter all are."""
    deviates = fact.value in (Answer.MOSTLY, Answer.NONCONFORMING)
    return {
        "": True, "未答": not fact.value, "不符合": fact.value == Answer.NONCONFORMING,
        "缺证据": deviates and not fact.evidence,
    }[name]  # fmt: skip
