"""Asking how a paper is to be printed, with what will be printed beside it; and measuring a printer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ...actions import printing
from ...domain.printing import NO_CORRECTION, Correction, Order, Plan, pages_of
from ...domain.problems import Problem
from ..desk import Desk
from ..printing import Machine, Then, by_system, laid_out, machines, print_out
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.fields import Field, Pick
from ..widgets.notices import Sheet
from ..widgets.pages import Pages, PdfBytes
from ..widgets.panels import column, row
from ..widgets.text import Text

_THERMAL = "热敏纸会褪色，不能归档：回局后用普通纸重打一份。"


@dataclass(frozen=True, slots=True)
class Printout:
    """What is to be printed, and what the last print of it asked for, if it broke off."""

    title: str
    content: bytes
    again: Order | None = None


def ask_print(parent: QWidget, desk: Desk, printout: Printout, then: Then) -> None:
    """Look for printers and ask; without one that is said."""

    def found(known: tuple[list[Machine], bool]) -> None:
        if not known[0]:
            desk.told.emit(str(Problem("no_printer")), "bad")
            return
        sheet = PrintSheet(parent, desk, printout, *known, then)
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet.open()
        sheet.copies.input.setFocus()
        sheet.copies.input.selectAll()

    desk.run("查找打印机", lambda: (machines(), printing.has_red(printout.content)), found)


class PrintSheet(Sheet):
    """Printer, copies, pages and what is laid over them at the left; the pages as they will come out at the right."""

    def __init__(
        self, parent: QWidget, desk: Desk, printout: Printout, known: Sequence[Machine], red: bool, then: Then
    ) -> None:  # fmt: skip
        self._over, self._desk, self._printout, self._then = parent, desk, printout, then
        self._count = PdfBytes(printout.content).document.pageCount()
        self._known = {machine.name: machine for machine in known}
        again = printout.again
        self.printer = Pick("打印机", [(name, name) for name in self._known], lambda _: self._choose())
        last = again.printer if again is not None else printing.last_printer(desk.book)
        self.printer.show_value(last if last in self._known else known[0].name)
        self.copies = Field("份数", str(again.copies) if again is not None else "1")
        self.pages = Field("页", hint=f"全部 {self._count} 页，或写 1-2")
        self.duplex = Button("双面", "tick", checkable=True, height=32)
        self.thermal = Button("便携热敏打印机", "tick", checkable=True, height=32)
        self.preprinted = Button("套打：红头已印好", "tick", checkable=True, height=32)
        self.seam = Button("标出骑缝章位置", "tick", checkable=True, height=32)
        self.preprinted.setVisible(red)
        self.seam.setVisible(self._count > 1)
        self._said = Text("", "small", "ink2", wrap=True)
        self._warned = Text(_THERMAL, "small", "warn", wrap=True)
        self._warned.hide()
        self.view = Pages()
        self.view.setMinimumSize(look.px(300), look.px(400))
        self._shown: Plan | None = None
        choices = [self.duplex, self.thermal, self.preprinted, self.seam]
        form = column(
            self.printer, self._said, row(self.copies, self.pages, spacing=12), *choices, self._warned, None, spacing=8
        )
        both = row(form, self.view, spacing=16)
        both.setStretch(0, 1)
        both.setStretch(1, 1)
        super().__init__(f"打印《{printout.title}》", both, act="打印", parent=parent)
        self.setMinimumWidth(look.px(700))
        self.add_way("校准打印机", lambda: calibrate(parent, desk, self.printer.value()))
        self.add_way("系统打印设置", self._by_system)
        self.check = self._check
        self.accepted.connect(self._print)
        self.finished.connect(self._close)
        self.pages.input.editingFinished.connect(self._show)
        for button in choices:
            button.clicked.connect(self._show)
        self._choose()
        if again is not None:
            self._restore(again)

    def _restore(self, order: Order) -> None:
        """What a print that broke off had asked for."""
        plan = order.plan
        self.pages.input.setText(f"{plan.first}-{plan.last}" if plan.first else "")
        self.duplex.setChecked(order.duplex)
        self.preprinted.setChecked(plan.preprinted)
        self.seam.setChecked(plan.seam)
        self._show()

    def _choose(self) -> None:
        """Another printer: what it can, and what was last chosen for it."""
        machine = self._known[self.printer.value()]
        habit = printing.habit_of(self._desk.book, machine.name)
        self.duplex.setVisible(machine.duplex)
        self.duplex.setChecked(machine.duplex and habit.duplex)
        self.thermal.setChecked(habit.thermal)
        colour = "彩色" if machine.colour else "黑白打印机，红色印成灰黑"
        true = "已按校准值调整" if habit.correction != NO_CORRECTION else "没有校准"
        self._said.setText(f"按 1:1 打印，不缩放。{colour}；{true}。")
        self._show()

    def _plan(self) -> Plan:
        """Raises `Problem("bad_pages")`."""
        first, last = pages_of(self.pages.text(), self._count)
        return Plan(
            first, last, self.thermal.isChecked(), self.preprinted.isChecked(), self.seam.isChecked(),
            printing.habit_of(self._desk.book, self.printer.value()).correction,
        )  # fmt: skip

    def _order(self) -> Order:
        """Raises `Problem`: `bad_pages`, `bad_copies`."""
        text = self.copies.text().strip()
        if not (text.isdecimal() and len(text) < 3 and int(text)):
            raise Problem("bad_copies", text=text)
        return Order(self.printer.value(), int(text), self.duplex.isChecked(), self._plan())

    def _show(self) -> None:
        """The very bytes that will be sent; made on the worker, and only the newest wish counts."""
        if self._warned.isHidden() == self.thermal.isChecked():
            self._warned.setVisible(self.thermal.isChecked())
            if self.isVisible():
                self.settle()
        try:
            plan = self._plan()
        except Problem as problem:
            self._say(str(problem))
            return
        self._say("")
        if plan == self._shown:
            return
        self._shown, content = plan, self._printout.content

        def then(laid: bytes) -> None:
            if plan == self._shown:
                self.view.show_pdf(laid)

        def refuse(problem: Problem) -> None:
            if plan == self._shown:
                self._say(str(problem))

        self._desk.tasks.run(lambda: laid_out(content, plan), then, refuse)

    def _say(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))

    def _close(self) -> None:
        """What the worker still lays out is for nobody."""
        self._shown = None

    def _check(self) -> str:
        try:
            self._order()
        except Problem as problem:
            return str(problem)
        return ""

    def _print(self) -> None:
        order, book = self._order(), self._desk.book
        habit = printing.habit_of(book, order.printer)
        duplex = order.duplex if self._known[order.printer].duplex else habit.duplex
        printing.keep_habit(book, order.printer, replace(habit, duplex=duplex, thermal=order.plan.thermal))
        print_out(self._desk, self._printout.title, self._printout.content, order, self._then)

    def _by_system(self) -> None:
        try:
            order = self._order()
        except Problem as problem:
            self._desk.told.emit(str(problem), "bad")
            return
        by_system(self._over, self._desk, self._printout.title, self._printout.content, order, self._then)


_MEASURES = (("框宽", 156.0), ("框高", 225.0), ("左边距", 28.0), ("上边距", 37.0))


def calibrate(parent: QWidget, desk: Desk, printer: str) -> None:
    """Print the page, type what was measured, keep the correction of this printer on this laptop."""
    book = desk.book
    habit = printing.habit_of(book, printer)
    fields = [Field(f"{name}（毫米）", hint=f"应为 {true:g}") for name, true in _MEASURES]
    found: list[Correction] = [NO_CORRECTION]

    def print_page(correction: Correction) -> None:
        order = Order(printer, plan=Plan(correction=correction))
        proof = correction != NO_CORRECTION
        title = "打印机核对页" if proof else "打印机校准页"
        desk.run(f"排{title}", lambda: printing.calibration_page(proof=proof),
                 lambda page: print_out(desk, title, page, order, lambda order, outcome: None))  # fmt: skip

    def keep(correction: Correction) -> None:
        printing.keep_habit(book, printer, replace(habit, correction=correction))
        desk.toasted.emit(f"“{printer}”的校准值已存在这台电脑", None)

    def check() -> str:
        try:
            found[0] = printing.correction_of(*(_millimetres(field.text()) for field in fields))
        except Problem as problem:
            return str(problem)
        return ""

    first = Button("打印校准页", "secondary", "printer", act=lambda: print_page(NO_CORRECTION), height=36)
    proof = Button("打印核对页", "secondary", "printer", act=lambda: print_page(habit.correction), height=36)
    proof.setVisible(habit.correction != NO_CORRECTION)
    said = Text("打出校准页，用钢尺量四个数填进来。存下以后，打印到这台打印机的文书都按它调整"
                "（GB/T 9704 要求版心误差不超过 1 毫米）；"
                "核对页是调整以后的样子。", "small", "ink2", wrap=True)  # fmt: skip
    sheet = Sheet(f"校准打印机“{printer}”", said, row(first, proof, None, spacing=8), row(*fields[:2], spacing=12),
                  row(*fields[2:], spacing=12), act="存下校准值", parent=parent)  # fmt: skip
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    if habit.correction != NO_CORRECTION:
        sheet.add_way("去掉校准值", lambda: keep(NO_CORRECTION))
    sheet.check = check
    sheet.accepted.connect(lambda: keep(found[0]))
    sheet.open()
    first.setFocus()


def _millimetres(text: str) -> float:
    """Raises `Problem("bad_measure")`."""
    try:
        return float(text.strip().replace("，", ".").replace("。", "."))
    except ValueError:
        raise Problem("bad_measure", text=text.strip()) from None
