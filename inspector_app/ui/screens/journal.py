"""The process record (执法全过程记录): every entry in causal order, searchable, verified, exported in one file."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QLineEdit, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ...actions import exchange
from ...actions.book import Done
from ...actions.filecheck import Place
from ...actions.queries import JournalRow
from ...domain.calendar import zh_at, zh_date, zh_time, zh_weekday
from ...domain.casefile import CaseFile
from ...domain.inspection import STEPS
from ..desk import Desk
from ..icons import paint_icon
from ..offers import COSIGN, EXPORT, LOOK, needs
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.fields import Pick
from ..widgets.panels import Body, Card, Icon, Line, Side, clear, column, pair, row
from ..widgets.save import ask_target
from ..widgets.text import Text, paint_words
from . import cosign_ways
from .base import Stage
from .closing_card import ClosingCard

_Index = QModelIndex | QPersistentModelIndex
_ALL_PEOPLE = "全部人员"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
"""A time as a sheet keeps it; nobody reads it like that."""

ICONS = {
    "visit_begun": ("map-pin", "brand"), "credentials_shown": ("identification-card", "ok"),
    "recording_told": ("record", "ok"), "rights_told": ("chats-circle", "ok"), "attendees_confirmed": ("users", "ok"),
    "guests_noted": ("users-three", "ok"),
    "law_explained": ("presentation", "ok"), "item_answered": ("check", "brand"), "item_noted": ("note-pencil", "brand"),
    "checking_finished": ("list-checks", "ok"), "evidence_taken": ("camera", "ok"), "paper_signed": ("signature", "bad"),
    "signature_refused": ("prohibit", "warn"), "paper_printed": ("printer", "brand"), "paper_issued": ("file-text", "brand"),
    "text_frozen": ("lock", "brand"), "paper_served": ("paper-plane-tilt", "brand"), "deliberated": ("users-three", "brand"),
    "decision_made": ("gavel", "brand"), "visit_ended": ("sign-out", "ok"), "record_exported": ("export", "brand"),
    "clock_moved": ("clock", "warn"), "cosigner_named": ("key", "ok"), "rectification_reported": ("file-text", "brand"),
    "reinspected": ("clipboard-text", "brand"), "handed_on": ("export", "warn"), "dispute_entered": ("scales", "warn"),
    "file_sent": ("export", "brand"), "closed": ("seal-check", "ok"), "cosignature_taken": ("key", "ok"),
}  # fmt: skip
_BY_ROOM = {"finding": ("scales", "warn"), "evidence": ("image", "warn"), "recusal": ("hand", "warn"),
            "numbers": ("list-checks", "na"), "secret": ("lock", "bad")}  # fmt: skip


def _clock(row: JournalRow) -> str:
    """By which clock a time was told, and from when to when it may have been where that was moved."""
    if not any(row.slack):
        return "本机时钟"
    early, late = (timedelta(seconds=each) for each in row.slack)
    begin, end = (f"{each.month}月{each.day}日 {each:%H:%M:%S}" for each in (row.at - early, row.at + late))
    return f"本机时钟变动过，实际在{begin}至{end}之间"


def sign_of(kind: str) -> tuple[str, str]:
    """The icon of a kind of entry and its tone."""
    return ICONS.get(kind) or _BY_ROOM.get(kind.split("_")[0], ("file-text", "na"))


class JournalModel(QAbstractListModel):
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

    def opens_day(self, number: int) -> bool:
        """Whether a row is the first of its day in the list."""
        return number == 0 or self.rows[number - 1].at.date() != self.rows[number].at.date()

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        r = self.rows[index.row()]
        said = f"，{r.witness}确认" if r.witness else ""
        lost = "，电脑已撤销" if r.revoked else ""
        return f"{r.at.month}月{r.at.day}日 {zh_time(r.at)} {r.text}，{r.person}{said}{lost}"


class JournalPainter(QStyledItemDelegate):
    """One entry on the line of time: when, what kind, what, who, on which computer. A new day has its date above."""

    ROW, DAY = 50, 34

    def __init__(self, model: JournalModel, parent: QListView) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(0, look.px(self.ROW + (self.DAY if self._model.opens_day(index.row()) else 0)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        number, whole = index.row(), QRectF(cast(QRect, option.rect))  # type: ignore[attr-defined]
        r = self._model.rows[number]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._model.opens_day(number):
            day = QRectF(whole.left() + look.px(16), whole.top(), whole.width(), look.px(self.DAY))
            paint_words(painter, day, f"{zh_date(r.at.date())} {zh_weekday(r.at.date())}", "strong", "ink")
            whole.setTop(whole.top() + look.px(self.DAY))
        state = cast(QStyle.StateFlag, option.state)  # type: ignore[attr-defined]
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("brand_soft"))
            painter.drawRoundedRect(whole.adjusted(look.px(6), 1, -look.px(6), -1), look.px(8), look.px(8))
        self._paint_line(painter, whole, number)
        wide = whole.width()
        narrow = wide / look.scale < 560
        right = look.px(16 if narrow else 200)
        left = look.px(128)
        beside = (r.step, f"{r.witness}确认" if r.witness else "", "电脑已撤销" if r.revoked else "")
        sub = "，".join(part for part in beside if part)
        text = QRectF(whole.left() + left, whole.top() + look.px(4), wide - left - right, look.px(22))
        paint_words(painter, text, r.text, "strong", "ink")
        paint_words(painter, text.translated(0, look.px(21)), f"{sub}，{r.person}" if narrow else sub, "small", "ink2")
        if not narrow:
            person = QRectF(whole.right() - right + look.px(8), whole.top(), look.px(100), whole.height())
            paint_words(painter, person, r.person, "small", "ink2")
            computer = person.translated(look.px(104), 0).adjusted(0, 0, -look.px(20), 0)
            paint_words(painter, computer, r.device, "small", "warn" if r.revoked else "ink3")
        painter.restore()

    def _paint_line(self, painter: QPainter, whole: QRectF, number: int) -> None:
        r = self._model.rows[number]
        time = QRectF(whole.left() + look.px(16), whole.top(), look.px(58), whole.height())
        paint_words(painter, time, zh_time(r.at), "body", "ink2", Qt.AlignmentFlag.AlignRight)
        x, y = whole.left() + look.px(100), whole.center().y()
        painter.setPen(QPen(look.colour("na_line"), 2))
        last = number + 1 == len(self._model.rows)
        if not self._model.opens_day(number):
            painter.drawLine(QPointF(x, whole.top()), QPointF(x, y))
        if not last and not self._model.opens_day(number + 1):
            painter.drawLine(QPointF(x, y), QPointF(x, whole.bottom()))
        icon, tone = sign_of(r.kind)
        painter.setPen(QPen(look.colour(f"{tone}_line"), 1))
        painter.setBrush(look.colour(f"{tone}_soft"))
        half = look.px(14)
        painter.drawEllipse(QRectF(x - half, y - half, 2 * half, 2 * half))
        paint_icon(painter, icon, tone, x - look.px(8), y - look.px(8), 16)


class JournalStage(Stage):
    """Read only. What was written stays; a correction is an entry of its own."""

    TITLE = "归档"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._case: CaseFile | None = None
        self._icon = Icon("link", "ok", 24)
        self._state, self._said = Text("", "strong", "ok"), Text("", "small", "ink2", wrap=True)
        self.again = needs(LOOK, Button("重新核对", "secondary", "arrows-clockwise", act=self.check))
        self.export = needs(EXPORT, Button("导出给法院", "primary", "export", act=self._export))
        verdict = row(self._icon, column(self._state, self._said, spacing=0), self.again, self.export, spacing=10)
        verdict.setStretch(1, 1)
        banner = Card(verdict, tone="ok", padding=14)
        self._banner = banner
        self.search = needs(LOOK, QLineEdit())
        self.search.setPlaceholderText("在过程记录里查找")
        self.search.setAccessibleName("在过程记录里查找")
        self.search.textChanged.connect(lambda _: self._fill())
        self._person = needs(LOOK, Pick("", [("", _ALL_PEOPLE)], lambda _: self._fill()))
        self._step = needs(LOOK, Pick("", [("", "全部步骤"), *((s, s) for s in STEPS)], lambda _: self._fill()))
        self._person.input.setAccessibleName("人员")
        self._step.input.setAccessibleName("步骤")
        self._count = Text("", "small", "ink3")
        self.model = JournalModel()
        self.table = QListView()
        self.table.setModel(self.model)
        self.table.setItemDelegate(JournalPainter(self.model, self.table))
        self.table.setAccessibleName("过程记录")
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.table.selectionModel().currentRowChanged.connect(lambda now, _: self._show(now.row()))
        tools = row(self.search, self._person, self._step, self._count, spacing=10)
        tools.setStretch(0, 1)
        self.closing = ClosingCard(self, desk)
        left = column(self.closing, banner, tools, self.table, spacing=12, margins=(20, 14, 16, 14))
        left.setStretch(3, 1)
        self._title = Text("", "h2", wrap=True)
        self._told = Text("", "body", "ink", wrap=True)
        self._facts = column(spacing=8)
        self._item = ""
        self.to_item = needs(LOOK, Button("看当时的检查项", "secondary", "arrow-right", act=self._open_item, height=40,
                                          trailing=True))  # fmt: skip
        side = Side("left", 240, 320)
        detail = Body(
            self.closing.matters,
            self._title,
            self._told,
            Line(),
            self._facts,
            None,
            spacing=10,
            margins=(16, 16, 16, 8),
        )
        cosign = needs(
            COSIGN, Button("请另一台电脑会签", "secondary", "laptop", act=lambda: cosign_ways.ask(self, desk))
        )
        inside = column(detail, column(self.to_item, cosign, margins=(16, 0, 16, 12)), spacing=0)
        inside.setStretch(0, 1)
        side.setLayout(inside)
        self.begin_at(self.table)
        layout = row(left, side, spacing=0)
        layout.setStretch(0, 1)
        self.setLayout(layout)

    def show_case(self, case: CaseFile) -> None:
        fresh = self._case is not case  # a case is read anew when something was written
        self._case = case
        self.closing.show_case(case)
        if not fresh:
            return
        people = sorted({r.person for r in self.desk.queries.journal(case.id)})
        chosen = self._person.value()
        self._person.input.clear()
        for name in ("", *people):
            self._person.input.addItem(name or _ALL_PEOPLE, name)
        self._person.show_value(chosen if chosen in people else "")
        self._fill()
        self.check()

    def seek(self, place: Place) -> QWidget | None:
        """What is open or damaged is told by the card of the closing; without one, by the check of the record."""
        return self.closing if self.closing.isVisible() else self._banner

    def _fill(self) -> None:
        assert self._case is not None
        rows = self.desk.queries.journal(
            self._case.id, self.search.text().strip(), self._person.value(), self._step.value()
        )
        self.model.fill(list(reversed(rows)))
        self._count.setText(f"{len(rows)} 条")
        if rows:
            self.table.setCurrentIndex(self.model.index(0, 0))
        else:
            self._title.setText("没有符合的记录，换一个词查找。")
            self._told.hide()
            clear(self._facts)

    def _show(self, number: int) -> None:
        if not 0 <= number < len(self.model.rows):
            return
        r = self.model.rows[number]
        self._title.setText(r.text)
        self._told.setText(_MOMENT.sub(lambda found: zh_at(datetime.fromisoformat(found.group())), r.told))
        self._told.setVisible(bool(r.told))
        clear(self._facts)
        for name, value in (
            ("时间", f"{zh_date(r.at.date())} {r.at:%H:%M:%S}（{_clock(r)}）"), ("人员", r.person), ("确认", r.witness or "无"),
            ("步骤", r.step or "无"), ("电脑", f"{r.computer}，第 {r.seq + 1} 条"), ("编号", f"{r.id[:16]}…"),
        ):  # fmt: skip
            self._facts.addLayout(pair(name, value, 40))
        said = "编号是这一条全部字节的 SHA-256；改动一个字，后面各条就对不上。"
        self._facts.addWidget(Text(said, "small", "ink3", wrap=True))
        code = re.search(r"\b[A-Z]\d{2}\b", r.text)
        known = code is not None and self._case is not None and self._case.item(code.group()) is not None
        self._item = code.group() if code is not None and known else ""
        self.to_item.setVisible(bool(self._item))

    def _open_item(self) -> None:
        assert self._case is not None
        self.desk.item_by_case[self._case.id] = self._item
        self.desk.open_stage(2)

    def check(self) -> None:
        """Verify every entry of the case anew, on the worker."""
        assert self._case is not None
        book, stream = self.desk.book, self._case.id
        self._state.setText("正在核对")

        def then(found: exchange.Checked) -> None:
            count, where, forks, away = found
            good = not where
            told = f"；有 {forks} 处分叉（电脑恢复或复制过）" if forks else ""
            there = f"{away} 个原件在局里，没有在这里核对。" if away else ""
            tone = "ok" if good else "bad"
            self._banner.set_tone(tone)
            self._icon.show_icon("link" if good else "warning-circle", tone)
            self._state.set_tone(tone)
            self._state.setText(f"本案 {count} 条，首尾相连，没有被改动{told}" if good else f"记录断在这里：{where}")
            self._said.setText(f"本机核对。{there}只能看，不能改；是否完整以局里的见证和文书上的核验码为准。" if good
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
        self.press(self.export)
