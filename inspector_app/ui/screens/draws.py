"""双随机: six steps at the left, the result for the room at the right; beside them plans, clues and the public lists."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from ...actions import draw
from ...actions.book import Done
from ...domain.calendar import zh_date
from ...domain.event import RULES_STREAM
from ...domain.listed import LAWS_TOLD, POWERS
from ...domain.planning import SIGNERS, Draw
from ..desk import Desk
from ..widgets.buttons import Button
from ..widgets.fields import Pick
from ..widgets.panels import Body, Card, Empty, Icon, Line, Side, Surface, Tag, clear, column, row
from ..widgets.rows import Entry, Rows
from ..widgets.steps import StepMark
from ..widgets.text import Text
from . import draw_sheets as sheets
from .base import Screen
from .draw_table import DrawTable
from .listing_board import ListBoard
from .planning_board import show_clues, show_plans
from .print_sheet import Printout, ask_print

SHOWN_PASSED = 3
"""Units passed over that are told beside the table; the file has all of them."""
_TABS = (("抽取", "shuffle"), ("计划", "calendar"), ("线索", "magnifying-glass"), (POWERS.title, "scales"),
         (LAWS_TOLD.title, "presentation"))  # fmt: skip


class DrawScreen(Screen):
    """Draws, plans, clues, and the lists that the bureau makes public of itself."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.id = ""
        self._draws = False
        self._do: Callable[[], object] = lambda: None
        self.tabs = [Button(name, "tab", icon, act=partial(self._turn, nth), height=36, checkable=True)
                     for nth, (name, icon) in enumerate(_TABS)]  # fmt: skip
        self.tabs[0].setChecked(True)
        self._boards = column(spacing=12)
        board = Body(self._boards, name="计划、线索和清单", margins=(22, 16, 22, 16))
        self._lists = ListBoard(self._boards, self, desk)
        self._steps = column(spacing=6)
        self.which = Pick("", [], self._choose)
        self.which.input.setAccessibleName("哪一次抽取")
        self.next = Button("", "primary", act=self.go_on, height=44)
        self.new = Button("另抽一次", "secondary", act=self._seal, height=44)
        left = Side("right", 280, 360)
        steps = Body(self._steps, name="抽取的步骤", margins=(18, 8, 18, 8))
        inside = column(column(self.which, margins=(18, 12, 18, 4)), steps,
                        row(self.new, self.next, spacing=8, margins=(18, 8, 18, 12)), spacing=0)  # fmt: skip
        inside.setStretch(1, 1)
        left.setLayout(inside)
        self.begin_at(steps)
        self.table = DrawTable()
        self._head, self._foot = column(spacing=10), column(spacing=12)
        result = Card(self._head, self.table, padding=16)
        result.body.setStretch(1, 1)
        right = column(result, self._foot, spacing=12, margins=(18, 14, 18, 14))
        right.setStretch(0, 1)
        self._none = column()
        self._right = QStackedWidget()
        self._sealed = column(spacing=10)
        self.pools = Rows("封存的单位"), Rows("封存的人员")
        lists = row(*self.pools, spacing=10)
        lists.setStretch(0, 3)
        lists.setStretch(1, 2)
        waiting = column(self._sealed, lists, spacing=12, margins=(18, 14, 18, 14))
        waiting.setStretch(1, 1)
        for part in map(_holding, (self._none, waiting, right)):
            self._right.addWidget(part)
        drawing = QWidget()
        whole = row(left, self._right, spacing=0)
        whole.setStretch(1, 1)
        drawing.setLayout(whole)
        self._stack = QStackedWidget()
        self._stack.addWidget(drawing)
        self._stack.addWidget(board)
        tabs = Surface("surface", "bottom")
        tabs.setLayout(row(*self.tabs, None, margins=(18, 8, 18, 8)))
        layout = column(tabs, self._stack, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        desk.board_opened.connect(self.show_board)

    def _turn(self, nth: int) -> None:
        for each, button in enumerate(self.tabs):
            button.setChecked(each == nth)
        self.refresh()

    def show_board(self, name: str) -> None:
        """Turn to the board of this name, where it stands here."""
        if (nth := next((each for each, (tab, _) in enumerate(_TABS) if tab == name), None)) is not None:
            self._turn(nth)

    def _choose(self, id: str) -> None:
        self.id = id
        self.refresh()

    @property
    def tab(self) -> int:
        return next(nth for nth, button in enumerate(self.tabs) if button.isChecked())

    # -- showing ----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        self._stack.setCurrentIndex(min(self.tab, 1))
        self.desk.beside = RULES_STREAM if self.tab > 2 else ""
        if self.tab:
            clear(self._boards)
            if self.tab < 3:
                (show_plans if self.tab == 1 else show_clues)(self._boards, self, self.desk)
            else:
                self._lists.show(POWERS if self.tab == 3 else LAWS_TOLD)
            self._boards.addStretch(1)
            return
        self._draws = self.desk.may("prepare")
        draws = self.desk.queries.planning().draws
        if self.id not in {each.id for each in draws}:
            self.id = draws[0].id if draws else ""
        self.which.input.clear()
        for each in draws:
            self.which.input.addItem(each.sealed.title + ("（作废）" if each.dropped else ""), each.id)
        self.which.show_value(self.id)
        self.which.setVisible(bool(draws))
        held = next((each for each in draws if each.id == self.id), None)
        self._show_steps(held)
        self._show_result(held)

    def _show_steps(self, held: Draw | None) -> None:
        clear(self._steps)
        texts = _steps_of(held)
        done = held.step if held is not None else 0
        for nth, (name, figure, said) in enumerate(texts):
            state = "done" if nth < done else "now" if nth == done else "later"
            mark = StepMark(state)
            tone = "brand" if state == "now" else "ink" if state == "done" else "ink2"
            lines = column(row(Text(name, "strong", tone), None, Text(figure, "small", "ink2")),
                           Text(said, "small", "ink2", wrap=True), spacing=2)  # fmt: skip
            whole = row(column(mark, None, margins=(0, 2, 0, 0)), lines, spacing=10)
            whole.setStretch(1, 1)
            self._steps.addLayout(whole)
            if nth < len(texts) - 1:
                self._steps.addWidget(Line())
        if held is not None and held.dropped:
            self._steps.addWidget(Card(Text(f"作废：{held.dropped}", "body", "bad", wrap=True), tone="bad", padding=10))
        elif held is not None and not held.inspections:
            drop = Button("作废这次抽取", "link", act=partial(sheets.drop, self, self.desk, held), height=36)
            drop.setVisible(self._draws)
            self._steps.addLayout(row(None, drop))
        self._steps.addStretch(1)
        word, self._do = self._next_act(held)
        self.next.set_text(word)
        self.next.setVisible(bool(word) and self._draws)
        self.new.setVisible(held is not None and self._draws)

    def _next_act(self, held: Draw | None) -> tuple[str, Callable[[], object]]:
        """The one next act of a draw."""
        if held is None:
            return "封存名录库", self._seal
        if held.dropped or (held.made and not held.is_true):
            return "", lambda: None
        acts: dict[int, tuple[str, Callable[..., object]]] = {
            2: ("抽取", self._make), 4: ("登记签名", sheets.sign), 5: ("公布结果", sheets.announce),
        }  # fmt: skip
        if held.step in acts:
            word, act = acts[held.step]
            return word, partial(act, self, self.desk, held)
        return ("", lambda: None) if held.inspections else ("列入检查", partial(sheets.use, self, self.desk, held))

    def _show_result(self, held: Draw | None) -> None:
        self._right.setCurrentIndex(0 if held is None else 2 if held.made else 1)
        if held is None:
            clear(self._none)
            act = "封存名录库" if self._draws else ""
            self._none.addWidget(Empty("shuffle", "还没有抽取过。先封存名录库，再由监督人当场报数。", act, self._seal))
        else:
            (self._show_drawn if held.made else self._show_pools)(held)

    def _show_pools(self, held: Draw) -> None:
        """What was sealed, for everybody to see before the number is said: who may be drawn with which weight, who not."""
        clear(self._sealed)
        sealed = held.sealed
        able = sum(not unit.bar for unit in sealed.units), sum(not officer.bar for officer in sealed.officers)
        self._sealed.addWidget(Card(
            row(Text("校验值", "h2"), None, Text(f"可抽 {able[0]} 家，可派 {able[1]} 名，抽 {sealed.count} 家", "small", "ink2")),
            Text(sheets.spaced(held.digest), "read", "brand", wrap=True),
            Text("先公布这一串，再由监督人当场报数。公布以后，名录库、规则和种子都不能再换。", "small", "ink2", wrap=True),
            tone="brand", padding=16,
        ))  # fmt: skip
        units = sorted(sealed.units, key=lambda unit: (bool(unit.bar), -unit.weight, unit.id))
        self.pools[0].fill([
            Entry(u.id, u.name, u.bar or u.kind, "不抽" if u.bar else f"权重 {u.weight}", "na" if u.bar else "brand")
            for u in units
        ], "")  # fmt: skip
        ties: dict[str, list[str]] = {}
        names = {unit.id: unit.name for unit in sealed.units}
        for tie in sealed.recusals:
            ties.setdefault(tie.officer, []).append(f"回避{names[tie.unit]}")
        self.pools[1].fill([
            Entry(o.id, o.name, o.bar or "；".join(ties.get(o.id, ())) or "没有回避关系", "不派" if o.bar else f"最多 {o.most} 家",
                  "na" if o.bar else "ok")
            for o in sorted(sealed.officers, key=lambda officer: (bool(officer.bar), officer.id))
        ], "")  # fmt: skip

    def _show_drawn(self, held: Draw) -> None:
        clear(self._head)
        clear(self._foot)
        true = held.is_true
        self.table.show_rows(held.result.rows if true else ())
        state = Tag("重算相同", "ok", "seal-check") if true else Tag("重算不同", "bad", "warning-circle")
        play = Button("逐步重放", "secondary", "caret-right", act=self.table.play, height=36)
        paper = Button("打印抽取证明", "soft", "printer", act=self._print, height=36)
        into = Button("列入检查", "soft", "clipboard-text", act=partial(sheets.use, self, self.desk, held), height=36)
        into.setVisible(
            self._draws and true and not held.inspections and not held.dropped and self.next.text() != "列入检查"
        )
        for button in (play, paper):
            button.setEnabled(true)
        self._head.addLayout(row(Text("抽取结果", "h2"), state, None, play, paper, into))
        if true and held.result.passed:
            said = "；".join(f"{each.name}，{each.reason}" for each in held.result.passed[:SHOWN_PASSED])
            more = "；其余在抽取文件里" if len(held.result.passed) > SHOWN_PASSED else ""
            self._head.addWidget(
                Text(f"跳过的对象 {len(held.result.passed)} 家：{said}{more}", "small", "ink2", wrap=True)
            )
        self._foot.addWidget(self._check_card(held))
        self._foot.addWidget(self._signatures(held))

    def _check_card(self, held: Draw) -> Card:
        again = Button(
            "用文件重算", "secondary", "files", act=partial(sheets.choose_file, self, self.desk, held), height=40
        )
        out = Button(
            "导出抽取文件", "secondary", "export", act=partial(sheets.export, self, self.desk, held), height=40
        )
        out.setEnabled(held.is_true)
        said = "封存的名录库、规则和种子都在抽取文件里。在另一台电脑上重算，逐字相同才算通过。"
        words = column(Text("任何人都能验证这次抽取", "strong"), Text(said, "small", "ink2", wrap=True), spacing=2)
        line = row(Icon("shield-check", "ok", 28), words, out, again, spacing=12)
        line.setStretch(1, 1)
        return Card(line, padding=14)

    def _signatures(self, held: Draw) -> Card:
        signed = {each.role: each for each in held.signed}
        parts: list[QWidget] = []
        for role in SIGNERS:
            made = signed.get(role)
            parts.append(Tag(f"{role} {made.name}，{made.means}" if made else f"{role} 还没有签", "ok" if made else "na",
                             "signature" if made else ""))  # fmt: skip
        act = Button("登记签名", "secondary", "signature", act=partial(sheets.sign, self, self.desk, held), height=36)
        act.setVisible(self._draws and len(signed) < len(SIGNERS) and held.is_true and not held.dropped)
        return Card(row(Text("签名", "strong"), *parts, None, act, spacing=10), padding=14)

    # -- acting -----------------------------------------------------------------------------------------------

    def go_on(self) -> None:
        """The one next act."""
        self._do()

    def _seal(self) -> None:
        sheets.seal(self, self.desk, self._choose)

    def _make(self, parent: QWidget, desk: Desk, held: Draw) -> None:
        sheets.make(parent, desk, held, self.table.play)

    def _print(self) -> None:
        """Make the certificate once, keep it, and ask where it is to be printed."""
        book, id = self.desk.book, self.id

        def then(done: Done[bytes]) -> None:
            if done.events:
                self.desk.finished(done)
            printed = partial(self.desk.toasted.emit, "抽取证明已送打印，签名以后登记", None)
            ask_print(self, self.desk, Printout("双随机抽取记录", done.value), lambda *_: printed())

        self.desk.run("制作抽取证明", lambda: draw.certify(book, id), then)

    def primary(self) -> None:
        if self.tab == 0 and self.next.isVisible():
            self.press(self.next)

    def quiet_place(self) -> QWidget:
        return self.table if self.tab == 0 else self


def _holding(layout: QVBoxLayout) -> QWidget:
    made = QWidget()
    made.setLayout(layout)
    return made


def _steps_of(held: Draw | None) -> tuple[tuple[str, str, str], ...]:
    """Name, figure and sentence of each step."""
    if held is None:
        return (
            ("封存名录库", "", "单位和人员按现在的登记固定下来"), ("规则", "", "权重、三年全覆盖、频次、回避、工作量"),
            ("公开种子", "", "校验值公布以后，监督人当场报数"), ("抽取", "", "抽单位，再给每家抽两名人员"),
            ("签名", "", "主持人、记录人、监督人"), ("公示", "", "公布结果和抽取文件"),
        )  # fmt: skip
    sealed, made = held.sealed, held.made[0] if held.made else None
    signed = [each.role for each in held.signed]
    waiting = "、".join(role for role in SIGNERS if role not in signed)
    rows = held.result.rows if held.made and held.is_true else ()
    short = f"，比要抽的少 {sealed.count - len(rows)} 家" if rows and len(rows) < sealed.count else ""
    return (
        ("封存名录库", f"{len(sealed.units)} 家 / {len(sealed.officers)} 人", f"{sheets.moment(held)}，校验值 {held.digest[:12]}…"),
        ("规则", f"{len(sealed.rules)} 条", "；".join(sealed.rules)),
        ("公开种子", made.word if made else "", f"监督人{made.witness}当场报数；校验值先公布：{made.published}" if made
         else "先公布校验值，再由监督人当场报 8 位数"),
        ("抽取", f"{len(rows)} 家 / {2 * len(rows)} 人次" if rows else "", f"{zh_date(made.at.date())}，{made.place}{short}" if made
         else f"要抽 {sealed.count} 家"),
        ("签名", f"{len(signed)}/{len(SIGNERS)}", f"等{waiting}" if waiting and made else "都签了" if made else "抽取以后签"),
        ("公示", "", f"已公布：{held.announced}" if held.announced else "签完后公布结果和抽取文件"),
    )  # fmt: skip
