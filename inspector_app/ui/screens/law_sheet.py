"""法规 (F3): any word of the law at hand, whether it may be cited that day, and one key that cites it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPainter
from PySide6.QtWidgets import QFileDialog, QLayout, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ...actions import law
from ...domain.calendar import zh_date
from ...domain.law import Standing
from ...domain.lawchange import Change
from ...domain.statute import around
from ..desk import Desk
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.fields import Field
from ..widgets.keylist import KeyList
from ..widgets.notices import Sheet
from ..widgets.panels import Body, KeyHint, Tag, row
from ..widgets.text import Text, paint_line

_Index = QModelIndex | QPersistentModelIndex

_SIGNS = {
    Standing.IN_FORCE: ("check-circle", "ok"), Standing.NOT_IN_FORCE: ("x-circle", "bad"),
    Standing.UNVERIFIED: ("question", "warn"),
}  # fmt: skip
EXAMPLES = ("库房", "电子档案 备份", "档案法19")
"""What may be sought, as the empty field says it: each finds something."""
_MOST_SHOWN = 12
"""Articles or codes that a report of changes names before it only counts them."""


class FoundList(QAbstractListModel):
    """What a search found, and the words that were sought."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Sequence[law.Found] = ()
        self.words = ""

    def fill(self, found: Sequence[law.Found], words: str) -> None:
        self.beginResetModel()
        self.found, self.words = found, words
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.found)

    def said(self, row: int) -> str:
        """Our gist, or the text from where it has the words."""
        found = self.found[row]
        return found.gist or (around(found.hit.passage.text, self.words) if found.hit else "")

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            found = self.found[index.row()]
            return f"{found.citation}，{found.standing}，{self.said(index.row())}"
        return None


class FoundPainter(QStyledItemDelegate):
    """The citation with its standing over what it says."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(0, look.px(52))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        whole = QRectF(cast(QRect, option.rect))  # type: ignore[attr-defined]
        model = cast(FoundList, index.model())
        found = model.found[index.row()]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if cast(QStyle.StateFlag, option.state) & QStyle.StateFlag.State_Selected:  # type: ignore[attr-defined]
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("brand_soft"))
            painter.drawRoundedRect(whole.adjusted(look.px(4), 1, -look.px(4), -1), look.px(8), look.px(8))
        inner = whole.adjusted(look.px(14), look.px(5), -look.px(14), -look.px(5))
        upper = QRectF(inner.left(), inner.top(), inner.width(), inner.height() / 2)
        wide = look.advance("small", found.standing)
        short = found.citation.replace("《中华人民共和国", "《", 1)
        paint_line(painter, upper.adjusted(0, 0, -wide - look.px(8), 0), short, "strong", "ink")
        paint_line(painter, QRectF(upper.right() - wide, upper.top(), wide + 1, upper.height()), found.standing, "small",
                   _SIGNS[found.standing][1])  # fmt: skip
        paint_line(painter, upper.translated(0, upper.height()), model.said(index.row()), "small", "ink2")
        painter.restore()


class LawSheet(Sheet):
    """What is sought above, what was found at the left, the chosen place at the right.

    `pick` takes the citation to where it is wanted; without it the citation goes to the clipboard. `day` is the day on which
    it has to be in force.
    """

    def __init__(
        self, parent: QWidget, desk: Desk, day: date, pick: Callable[[str], object] | None, words: str
    ) -> None:
        self._desk, self._day, self._pick, self._open = desk, day, pick, True
        self.sought = Field("找词、条号或法规名", words, hint=f"例如：{'　'.join(EXAMPLES)}")
        self.model = FoundList()
        self.table = KeyList(420, 380, dict.fromkeys((Qt.Key.Key_Return, Qt.Key.Key_Enter), self.try_accept))
        self.table.setModel(self.model)
        self.table.setItemDelegate(FoundPainter(self.table))
        self.table.setAccessibleName("查到的条文")
        self.citation = Text("", "strong", wrap=True)
        self.standing = Tag("", "na")
        self.gist, self.text = Text("", "body", wrap=True), Text("", "body", wrap=True)
        self.heading, self.source = Text("", "small", "ink3", wrap=True), Text("", "small", "ink3", wrap=True)
        self.detail = Body(self.citation, row(self.standing, None), self.gist, self.heading, self.text, self.source, None,
                           spacing=8, name="条文", margins=(18, 2, 12, 2))  # fmt: skip
        self.detail.setMinimumWidth(look.px(360))
        both = row(self.table, self.detail, spacing=4)
        both.setStretch(0, 9)
        both.setStretch(1, 10)
        self.count = Text("", "small", "ink3")
        line = row(self.count, None, KeyHint("↑ ↓", "上下"), KeyHint("Enter", "引用"), spacing=10)
        act = "引用" if pick is not None else "复制引用"
        super().__init__("法规", self.sought, line, both, act=act, back="关闭", parent=parent)
        self.setMinimumWidth(min(look.px(940), self.undermost().width() - look.px(32)))
        self.taken = Button("存入全文", "secondary", "download-simple", act=self._choose, height=40)
        self.kept = Button("本机全文", "secondary", "book-open-text", act=self._show_kept, height=40)
        self.changed = Button("法规变动", "secondary", "git-diff", act=self._show_arrived, height=40)
        for place, button in enumerate((self.taken, self.kept, self.changed)):
            self._foot.insertWidget(place, button)
        self.sought.input.installEventFilter(self)
        self.sought.input.textChanged.connect(self._search)
        self.table.selectionModel().currentChanged.connect(lambda *_: self._show())
        self.finished.connect(self._end)
        self._search(words)

    @classmethod
    def open_for(cls, parent: QWidget, desk: Desk, day: date, pick: Callable[[str], object] | None = None,
                 words: str = "") -> LawSheet:  # fmt: skip
        made = cls(parent, desk, day, pick, words)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        made.open()
        made.sought.input.setFocus()
        made.sought.input.selectAll()
        return made

    def look_up(self) -> None:
        self.sought.input.setFocus()
        self.sought.input.selectAll()

    def _end(self) -> None:
        self._open = False

    @property
    def found(self) -> law.Found | None:
        """The chosen place."""
        at = self.table.currentIndex().row()
        return self.model.found[at] if 0 <= at < len(self.model.found) else None

    # -- searching --------------------------------------------------------------------------------------------

    def _search(self, words: str) -> None:
        self.model.fill(law.search(self._desk.book, words, self._day), words)
        count = len(self.model.found)
        said = f"查到 {count} 处" if words.strip() else f"法规库的 {count} 条要旨"
        if words.strip() and count >= law.MOST:
            said = f"先列 {count} 处，再加一个词会少些"
        if not count:
            said = "没有查到。换一个词，或存入这部法规的全文。"
        self.count.setText(f"{said}　按{zh_date(self._day)}核对是否在施行")
        if not self.problem.isHidden():
            self.problem.hide()
            self.settle()
        self.table.setCurrentIndex(self.model.index(0, 0))
        self._show()

    def _show(self) -> None:
        found = self.found
        self.detail.widget().setVisible(found is not None)
        if found is None:
            return
        whole = law.with_text(self._desk.book, found, self._day)
        icon, tone = _SIGNS[whole.standing]
        self.citation.setText(whole.citation)
        self.standing.show_state(f"{zh_date(self._day)}{whole.standing}", tone, icon)
        self.gist.setText(f"要旨：{whole.gist}" if whole.gist else "")
        self.gist.setVisible(bool(whole.gist))
        passage = whole.hit.passage if whole.hit else None
        self.heading.setText(passage.heading if passage else "")
        self.heading.setVisible(bool(passage and passage.heading))
        self.text.setText(passage.text if passage else "本机没有这部法规的全文。")
        version = f"；全文版本 {whole.hit.version or '没有写明日期'}" if whole.hit else ""
        self.source.setText(f"{whole.source}{version}")
        self.detail.verticalScrollBar().setValue(0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 6, Qt.Key.Key_PageUp: -6}
            if by := step.get(Qt.Key(event.key())):
                self.table.go(by)
                return True
        return super().eventFilter(watched, event)

    def try_accept(self) -> None:
        """Cite the chosen place, unless it is not in force that day or is no article."""
        found = self.found
        if found is None:
            return
        if found.standing is Standing.NOT_IN_FORCE:
            self._tell(f"{found.citation}在{zh_date(self._day)}不在施行，不能引用。")
        elif not found.citable:
            self._tell("这一段没有条号，不能作为依据引用。")
        else:
            self.accept()
            if self._pick is not None:
                self._pick(found.citation)
            else:
                QGuiApplication.clipboard().setText(found.citation)
                self._desk.toasted.emit(f"已复制：{found.citation}", None)

    def _tell(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.show()
        self.settle()

    # -- full texts -------------------------------------------------------------------------------------------

    def _choose(self) -> None:
        dialog = QFileDialog(self, "选法规全文的文件")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilter("法规全文 (*.md *.txt *.docx)")
        dialog.filesSelected.connect(lambda names: self.take([Path(name) for name in names]))
        dialog.open()

    def take(self, files: Sequence[Path]) -> None:
        """Take in full texts; what they change against earlier ones is shown with whom it concerns."""
        book, desk = self._desk.book, self._desk

        def work() -> list[law.TakenIn]:
            taken = []
            for number, path in enumerate(files, 1):
                taken.append(law.take_in(book, path))
                if not desk.step("存入法规全文", number, len(files)):
                    break
            return taken

        def then(taken: list[law.TakenIn]) -> None:
            if not self._open:
                return
            self._search(self.sought.text())
            said = f"《{taken[0].title}》" if len(taken) == 1 else f"{len(taken)} 部全文"
            self.count.setText(f"已存入{said}，{sum(one.count for one in taken)} 条。只在本机，不上报、不导出")
            if changes := [change for one in taken for change in one.changes]:
                self._report(changes)

        desk.run("存入法规全文", work, then, can_stop=True)

    def _show_kept(self) -> None:
        kept = law.texts(self._desk.book)
        parts: list[QWidget | QLayout] = [
            Text("全文加密存在本机，不写进过程记录，不上报、不导出。", "small", "ink2", wrap=True)
        ]
        for text in kept:
            drop = Button("移除", "ghost", "trash", height=36)
            name = self._desk.queries.register().name_of(text.person)
            said = Text(f"《{text.title}》　{text.version or '没有写明日期'}　{text.count} 条", "body")
            line = row(said, Text(f"{name} 存入", "small", "ink3"), drop, spacing=8)
            line.setStretch(0, 1)
            parts.append(line)
            drop.clicked.connect(partial(self._remove, text, drop))
        if not kept:
            parts.append(Text("本机还没有法规全文。点“存入全文”，选 Markdown、文本或 docx 文件。", "body", wrap=True))
        self._read("本机的法规全文", parts)

    def _remove(self, text: law.Kept, button: Button) -> None:
        law.remove(self._desk.book, text)
        button.set_text("已移除")
        button.setEnabled(False)
        self._search(self.sought.text())

    # -- changes ----------------------------------------------------------------------------------------------

    def _show_arrived(self) -> None:
        changes = law.arrived(self._desk.book)
        if changes:
            self._report(changes)
        else:
            self._read("法规变动", [Text("局里还没有发布过法规库的变动。", "body", wrap=True)])

    def _report(self, changes: Sequence[Change]) -> None:
        book = self._desk.book
        self._desk.run("核对法规变动涉及的检查", lambda: law.concerned(book, changes), self._show_concerned)

    def _show_concerned(self, concerned: Sequence[law.Concerned]) -> None:
        if not self._open:
            return
        parts: list[QWidget | QLayout] = []
        reads = self._desk.may("read")
        for touched in concerned:
            change = touched.change
            named = _some(sorted(c.partition("》")[2] for c in change.citations)) or "整部"
            parts.append(Text(f"《{change.title}》　{change.what}：{named}", "strong", wrap=True))
            for title, codes in touched.items:
                parts.append(Text(f"检查表　{title}：{_some(codes)}", "body", wrap=True))
            for unit, codes in touched.citing if reads else ():
                parts.append(
                    Text(f"在办检查　{unit}：问题 {_some(codes)} 引用了它，核对依据", "body", "warn", wrap=True)
                )
            if touched.using and reads:
                parts.append(
                    Text(f"检查表涉及、问题没有引用的在办检查：{_some(touched.using)}", "body", "ink2", wrap=True)
                )
            if not (touched.items or (reads and (touched.citing or touched.using))):
                parts.append(Text(f"没有检查表{'和在办检查' if reads else ''}涉及。", "body", "ink2", wrap=True))
        self._read("法规变动", parts)

    def _read(self, title: str, parts: Sequence[QWidget | QLayout]) -> None:
        """A sheet that is read and closed."""
        sheet = Sheet(title, *parts, act="看完了", parent=self)
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet.setMinimumWidth(look.px(640))
        sheet.back.hide()
        sheet.open()
        sheet.act.setFocus()


def _some(names: Sequence[str]) -> str:
    """The first names, and how many there are beside them."""
    more = len(names) - _MOST_SHOWN
    return "、".join(names[:_MOST_SHOWN]) + (f" 等 {len(names)} 处" if more > 0 else "")
