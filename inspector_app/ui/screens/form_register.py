"""The register of pre-stamped forms (印章管控): where each number is, and the acts that move it, by keys or mouse."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, cast

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QLayout, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ...actions import papers, stamped
from ...actions.book import Done
from ...domain.calendar import zh_at
from ...domain.problems import Problem
from ...domain.stamped import Form, Where, chosen, span
from ..desk import Desk
from ..icons import paint_icon
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.fields import Field, Pick
from ..widgets.keylist import KeyList
from ..widgets.notices import Sheet
from ..widgets.panels import KeyHint, row
from ..widgets.save import ask_target
from ..widgets.text import Text, paint_line
from .begin import ask

_Index = QModelIndex | QPersistentModelIndex

_SIGNS = {
    Where.HELD: ("files", "brand"), Where.USED: ("check-circle", "ok"), Where.SPOILED: ("x-circle", "warn"),
    Where.RETURNED: ("arrow-u-up-left", "na"), Where.DISPUTED: ("git-diff", "bad"),
}  # fmt: skip


class FormList(QAbstractListModel):
    """The numbers on view."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []

    def fill(self, forms: list[Form]) -> None:
        self.beginResetModel()
        self.forms = forms
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.forms)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        form = self.forms[index.row()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return form.words
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{form.number}，{form.where.label}，{form.words}"
        return None


class FormPainter(QStyledItemDelegate):
    """One number: its sign, where it is, and who wrote that when."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(0, look.px(44))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        whole = QRectF(cast(QRect, option.rect))  # type: ignore[attr-defined]
        form = cast(FormList, index.model()).forms[index.row()]
        icon, tone = _SIGNS[form.where]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if cast(QStyle.StateFlag, option.state) & QStyle.StateFlag.State_Selected:  # type: ignore[attr-defined]
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("brand_soft"))
            painter.drawRoundedRect(whole.adjusted(look.px(4), 1, -look.px(4), -1), look.px(8), look.px(8))
        paint_icon(painter, icon, tone, whole.left() + look.px(14), whole.center().y() - look.px(9), 18)
        said = form.sayings[-1]
        when = f"{said.by}　{zh_at(said.at)}"
        right = look.advance("small", when) + look.px(20)
        x = whole.left() + look.px(42)
        for text, role, ink, wide in (
            (form.number, "strong", "ink", look.px(130)), (form.where.label, "small", tone, look.px(60)),
            (form.words, "small", "ink2", whole.right() - right - x - look.px(206)),
        ):  # fmt: skip
            paint_line(painter, QRectF(x, whole.top(), wide, whole.height()), text, role, ink)
            x += wide + look.px(8)
        paint_line(painter, QRectF(whole.right() - right, whole.top(), right, whole.height()), when, "small", "ink3")
        painter.restore()


class FormRegister(Sheet):
    """The account in one line, the numbers by place and receipt, and what can be done with the chosen one."""

    def __init__(self, parent: QWidget, desk: Desk) -> None:
        self._desk = desk
        self._forms = desk.queries.forms()
        self._where: Where | None = None
        self._sum = Text("", "body", "ink2", wrap=True)
        self.filters = {
            where: Button("", "filter", height=36, act=partial(self._filter, where), checkable=True)
            for where in (None, *Where)
        }
        self.batch = Pick("", [("", "全部领取")], lambda _: self._fill())
        self.batch.input.setAccessibleName("哪一次领取")
        self.model = FormList()
        self.table = KeyList(900, 330, {Qt.Key.Key_N: self._receive, Qt.Key.Key_X: self._spoil, Qt.Key.Key_T: self._hand_back,
                             Qt.Key.Key_G: self._correct, Qt.Key.Key_B: self._save})  # fmt: skip
        self.table.setModel(self.model)
        self.table.setItemDelegate(FormPainter(self.table))
        self.table.setAccessibleName("预盖章空白文书")
        self.spoil = Button("写坏", "secondary", "x", act=self._spoil, key="X", height=40)
        self.return_ = Button("交回", "secondary", "arrow-u-up-left", act=self._hand_back, key="T", height=40)
        self.correct = Button("改正登记", "secondary", "pencil-simple", act=self._correct, key="G", height=40)
        self.save = Button("存为表格", "secondary", "export", act=self._save, key="B", height=40)
        line = row(*self.filters.values(), None, KeyHint("J K", "上下"), KeyHint("N", "领取"), self.batch, spacing=6)
        super().__init__("预盖章空白文书", self._sum, line, self.table, act="登记领取", back="关闭", parent=parent)
        for place, button in enumerate((self.spoil, self.return_, self.correct, self.save)):
            self._foot.insertWidget(place, button)
        self.table.selectionModel().currentChanged.connect(lambda *_: self._choose())
        self._refresh()

    @classmethod
    def open_for(cls, parent: QWidget, desk: Desk) -> FormRegister:
        made = cls(parent, desk)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        made.open()
        made.table.setFocus()
        return made

    def try_accept(self) -> None:
        """The main act opens a sheet of its own; the register stays."""
        self._receive()

    @property
    def form(self) -> Form | None:
        """The chosen number."""
        at = self.table.currentIndex().row()
        return self.model.forms[at] if 0 <= at < len(self.model.forms) else None

    # -- showing ----------------------------------------------------------------------------------------------

    def _refresh(self, _done: object = None) -> None:
        self._forms = self._desk.queries.forms()
        before = self.batch.value()
        self.batch.input.clear()
        self.batch.input.addItem("全部领取", "")
        for batch in self._forms.batches:
            self.batch.input.addItem(f"{batch}　{papers.title(self._desk.book, batch.kind)}", batch.id)
        self.batch.show_value(before if self.batch.input.findData(before) >= 0 else "")
        self._fill()

    def _filter(self, where: Where | None) -> None:
        self._where = where
        self._fill()
        self.table.setFocus()

    def _fill(self) -> None:
        batch = next((b for b in self._forms.batches if b.id == self.batch.value()), None)
        counts = self._forms.account(batch)
        shown = [f for f in self._forms.forms if batch in (None, f.batch)]
        strays = sum(form.batch is None for form in shown)
        parts = " + ".join(f"{w.label} {counts[w]}" for w in Where if counts[w] or w is not Where.DISPUTED)
        stray = f"。另有 {strays} 个号没有领取过" if strays else ""
        none = "还没有领取空白文书。领到以后点“登记领取”，写明文书、首号和末号。"
        self._sum.setText(f"领取 {sum(counts.values())} = {parts}{stray}" if self._forms.forms else none)
        for where, button in self.filters.items():
            many = sum(where in (None, form.where) for form in shown)
            button.set_text(f"{where.label if where else '全部'} {many}")
            button.setChecked(where is self._where)
        kept = self.form.number if self.form else ""
        self.model.fill([form for form in shown if self._where in (None, form.where)])
        at = next((n for n, form in enumerate(self.model.forms) if form.number == kept), 0)
        self.table.setCurrentIndex(self.model.index(at, 0))
        self._choose()

    def _choose(self) -> None:
        """An act that this number does not allow says why."""
        for button, to in ((self.spoil, Where.SPOILED), (self.return_, Where.RETURNED), (self.correct, None)):
            button.set_blocked(self._bar(to))

    def _bar(self, to: Where | None) -> str:
        if self.form is None:
            return "还没有选号。"
        try:
            self._forms.form(self.form.number, to)
        except Problem as problem:
            return str(problem)
        return (
            "还没有登记，不用改正。" if to is None and self.form.where is Where.HELD and not self.form.dispute else ""
        )

    # -- acting -----------------------------------------------------------------------------------------------

    def _receive(self) -> None:
        book = self._desk.book
        rules = book.rules.policy.papers.items()
        kinds = [kind for kind, rule in rules if rule.pre_stamped] or [kind for kind, _ in rules]
        kind = Pick("哪一种文书", [(kind, papers.title(book, kind)) for kind in kinds])
        series, first, last = Field("字头", hint="号码前的字"), Field("首号", hint="0001"), Field("末号", hint="0050")
        giver = Field("发放人", hint="谁发给你的")
        said = Text("照印在纸上的号登记，位数也一样。领取人是现在登录的人。", "small", "ink2", wrap=True)
        parts: list[QWidget | QLayout] = [said, kind, row(series, first, last, spacing=12), giver]
        held = {"series": series, "first": first, "last": last, "giver": giver}
        self._ask("receive", "登记领取预盖章空白文书", parts, "登记领取", held, lambda: stamped.receive(
            book, kind.value(), series.text(), first.text(), last.text(), giver.text()))  # fmt: skip

    def _spoil(self) -> None:
        form = self.form
        if form is None or self._bar(Where.SPOILED):
            return
        reason, instead = Field("写坏的原因", hint="例如：卡纸、墨污"), Field("换成哪一张", hint="另一张空白的号")
        parts: list[QWidget | QLayout] = [Text(f"{form.number}　{form.words}", "body", wrap=True), reason]
        if form.where is Where.USED:
            parts.append(instead)
        self._ask("spoil", f"{form.number} 写坏", parts, "登记写坏", {"reason": reason}, lambda: stamped.spoil(
            self._desk.book, form.number, reason.text(), instead.text()))  # fmt: skip

    def _hand_back(self) -> None:
        """What is to be handed back stands there already; what is taken out of it is shown as missing."""
        form = self.form
        if form is None or form.batch is None or self._bar(Where.RETURNED):
            return
        batch = form.batch
        ready = self._forms.missing(batch, ())
        numbers, to = Field("交回的号", span(ready)), Field("接收人", batch.giver)
        lacking = Text("", "small", "warn", wrap=True)

        def count() -> None:
            try:
                left = self._forms.missing(batch, chosen(numbers.text(), batch.numbers))
            except Problem:
                left = ()
            said = f"还缺 {len(left)} 张：{span(left)}。仍记在账上；找不到的登记写坏，写明原因。"
            lacking.setText(said if left else f"{batch} 的在手和写坏的都在，没有缺的。")

        count()
        said = Text("对着纸数一遍；写坏的也交回。", "small", "ink2", wrap=True)
        parts: list[QWidget | QLayout] = [said, numbers, lacking, to]
        sheet = self._ask("back", f"交回 {batch}", parts, "登记交回", {}, lambda: stamped.hand_back(
            self._desk.book, batch, numbers.text(), to.text()))  # fmt: skip
        numbers.input.textChanged.connect(lambda _: count())
        numbers.input.textChanged.connect(lambda _: sheet.settle())

    def _correct(self) -> None:
        form = self.form
        if form is None or self._bar(None):
            return
        ways = stamped.ways(form)
        way = Pick("纸质原件在哪里", [(str(n), said) for n, (said, _) in enumerate(ways)])
        reason = Field("改正的原因", hint="例如：看过原件，号抄错了")
        said = Text(f"现在登记的：{form.where.label}。{form.words}", "small", "ink2", wrap=True)
        self._ask("correct", f"改正 {form.number} 的登记", [said, way, reason], "改正登记", {"reason": reason},
                  lambda: stamped.correct(self._desk.book, form, ways[int(way.value())][1], reason.text()))  # fmt: skip

    def _save(self) -> None:
        """The register on paper, for who keeps the seal to sign."""
        book, desk, day = self._desk.book, self._desk, self._desk.book.clock.now().at
        said = "一张是每次领取的合计，一张是每个号在哪里；打印出来由印章管理人核对签字。"
        ask_target(self, "存空白文书登记表", said, f"空白文书登记表-{day:%Y%m%d}.xlsx", "存为表格", lambda target: desk.run(
            "存空白文书登记表", lambda: stamped.write_list(book, target, partial(papers.title, book)),
            lambda made: desk.toasted.emit(f"已存为 {made.name}", None)))  # fmt: skip

    def _ask(self, place: str, name: str, parts: list[QWidget | QLayout], act: str, held: dict[str, Field],
             write: Callable[[], Done[Any]]) -> Sheet:  # fmt: skip
        def then(done: Done[Any]) -> None:
            self._refresh()
            self.table.setFocus()

        return ask(self, self._desk, f"sheet/forms/{place}", name, parts, act, write, held, then)
