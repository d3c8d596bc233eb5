"""The process record (执法全过程记录): every entry in causal order, searchable, verified, exported in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QHeaderView, QLineEdit, QTableView

from ...actions import exchange
from ...actions.book import Done
from ...actions.queries import JournalRow
from ...domain.calendar import zh_date, zh_time
from ...domain.casefile import CaseFile
from ...domain.inspection import STEPS
from ..desk import Desk
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.fields import Pick
from ..widgets.panels import Card, Icon, Line, Side, column, row
from ..widgets.save import ask_target
from ..widgets.text import Text
from .base import Stage

_HEADS = ("时间", "步骤", "内容", "人员", "确认", "电脑")
_Index = QModelIndex | QPersistentModelIndex


class JournalModel(QAbstractTableModel):
    """Rows of the process record, the newest first."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[JournalRow] = []

    def fill(self, rows: list[JournalRow]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index | None = None) -> int:
        return len(_HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return _HEADS[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        r = self.rows[index.row()]
        return (f"{r.at.month}月{r.at.day}日 {zh_time(r.at)}", r.step, r.text, r.person, r.witness, r.device)[
            index.column()
        ]


class JournalStage(Stage):
    """Read only. What was written stays; a correction is an entry of its own."""

    TITLE = "归档"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._case: CaseFile | None = None
        self._icon = Icon("link", "ok", 24)
        self._state, self._said = Text("", "strong", "ok"), Text("", "small", "ink2")
        self.again = Button("重新核对", "secondary", "arrows-clockwise", act=self.check)
        self.export = Button("导出给法院", "primary", "export", act=self._export)
        banner = Card(row(self._icon, column(self._state, self._said, spacing=0), None, self.again, self.export, spacing=10),
                      tone="ok", padding=14)  # fmt: skip
        self._banner = banner
        self.search = QLineEdit()
        self.search.setPlaceholderText("在过程记录里查找")
        self.search.setAccessibleName("在过程记录里查找")
        self.search.textChanged.connect(lambda _: self._fill())
        self._person = Pick("人员", [("", "全部")], lambda _: self._fill())
        self._step = Pick("步骤", [("", "全部"), *((s, s) for s in STEPS)], lambda _: self._fill())
        self._count = Text("", "small", "ink3")
        self.model = JournalModel()
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setAccessibleName("过程记录")
        self.table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(look.px(40))
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for index, width in enumerate((118, 64, 0, 90, 90, 90)):
            if width:
                header.resizeSection(index, look.px(width))
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.table.setTabKeyNavigation(False)
        self.table.selectionModel().currentRowChanged.connect(lambda now, _: self._show(now.row()))
        tools = row(self.search, self._person, self._step, self._count, spacing=10)
        tools.setStretch(0, 1)
        tools.setAlignment(self.search, Qt.AlignmentFlag.AlignBottom)
        tools.setAlignment(self._count, Qt.AlignmentFlag.AlignBottom)
        left = column(banner, tools, self.table, spacing=12, margins=(20, 14, 16, 14))
        left.setStretch(2, 1)
        self._title = Text("", "h2", wrap=True)
        self._lines = [Text("", "small", "ink2", wrap=True) for _ in range(8)]
        side = Side("left", 240, 320)
        side.setLayout(column(self._title, Line(), *self._lines, None, spacing=8, margins=(16, 16, 16, 16)))
        layout = row(left, side, spacing=0)
        layout.setStretch(0, 1)
        self.setLayout(layout)

    def show_case(self, case: CaseFile) -> None:
        fresh = self._case is None or self._case.id != case.id or self._case.heads != case.heads
        self._case = case
        if not fresh:
            return
        people = sorted({r.person for r in self.desk.queries.journal(case.id)})
        chosen = self._person.value()
        self._person.input.clear()
        for name in ("", *people):
            self._person.input.addItem(name or "全部", name)
        self._person.show_value(chosen if chosen in people else "")
        self._fill()
        self.check()

    def _fill(self) -> None:
        assert self._case is not None
        rows = self.desk.queries.journal(
            self._case.id, self.search.text().strip(), self._person.value(), self._step.value()
        )
        self.model.fill(list(reversed(rows)))
        self._count.setText(f"{len(rows)} 条")
        if rows:
            self.table.selectRow(0)
        else:
            self._title.setText("没有符合的记录，换一个词查找。")
            for line in self._lines:
                line.setText("")

    def _show(self, number: int) -> None:
        if not 0 <= number < len(self.model.rows):
            return
        r = self.model.rows[number]
        self._title.setText(r.text)
        words = (
            r.told, f"时间　{zh_date(r.at.date())} {r.at:%H:%M:%S}（本机时钟）", f"人员　{r.person}", f"确认　{r.witness or '无'}",
            f"步骤　{r.step or '无'}", f"电脑　{r.device}，第 {r.seq + 1} 条", f"编号　{r.id[:16]}…",
            "编号是这一条全部字节的 SHA-256；改动一个字，后面各条就对不上。",
        )  # fmt: skip
        for line, text in zip(self._lines, words, strict=True):
            line.setText(text)

    def check(self) -> None:
        """Verify every entry of the case anew, on the worker."""
        assert self._case is not None
        book, stream = self.desk.book, self._case.id
        self._state.setText("正在核对")

        def then(broken: tuple[int, str]) -> None:
            count, where = broken
            good = not where
            tone = "ok" if good else "bad"
            self._banner.set_tone(tone)
            self._icon.show_icon("link" if good else "warning-circle", tone)
            self._state.set_tone(tone)
            self._state.setText(f"本案 {count} 条，首尾相连，没有被改动" if good else f"记录断在这里：{where}")
            self._said.setText("本机核对。只能看，不能改；是否完整以局里的见证和文书上的核验码为准。" if good
                               else "原文件保留不动，交组长处理，用备份比对。")  # fmt: skip

        self.desk.tasks.run(lambda: exchange.check_record(book, stream), then)

    def _export(self) -> None:
        case = self._case
        assert case is not None
        book = self.desk.book

        def write(target: Path) -> None:
            def then(done: Done[Path] | None) -> None:
                if done is None:
                    self.desk.changed.emit()
                    self.desk.toasted.emit("导出已停下，没有留下文件", None)
                    return
                self.desk.finished(done)
                self.desk.toasted.emit(f"过程记录已导出：{done.value.name}", None)

            def work() -> Done[Path] | None:
                return exchange.export_record(book, case.id, target, lambda n, m: self.desk.step("导出过程记录", n, m))

            self.desk.run("导出过程记录", work, then, can_stop=True)

        ask_target(self, "导出过程记录", "一个文件里有全部记录、照片原件和文书，任何人都能核验。", f"{case.unit.name}-过程记录.zip",
                   "导出", write)  # fmt: skip

    def primary(self) -> None:
        self._export()
