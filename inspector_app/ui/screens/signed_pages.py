"""Keeping signed pages: any number of photos or scans, each page read as it comes, with what was recognised or why it is
refused; and taking back what was kept by mistake."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPainter, QPixmap
from PySide6.QtWidgets import QFileDialog, QLabel, QLayout, QWidget

from ...actions import papers, signed_pages
from ...actions.book import Done
from ...actions.card import PHOTO, SUFFIXES
from ...actions.signed_pages import Leaf, Seen
from ...domain.casefile import CaseFile
from ...domain.paper import Issued
from ...domain.problems import Problem
from ...domain.signed_page import SignedPage
from .. import scans
from ..desk import Desk
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.fields import Field, Pick
from ..widgets.focus import order_tabs
from ..widgets.last_folder import PHOTOS, last_folder
from ..widgets.notices import Sheet
from ..widgets.panels import Body, Card, Tag, clear, column, row
from ..widgets.text import Text
from ..words import brief
from .begin import ask
from .signing import MARKED

PICTURE = QSize(74, 104)
"""A page in the list, in pixels of scale 1."""


def pages_said(paper: Issued) -> str:
    """How many of the signed pages are kept, and which are not."""
    lacking = paper.pages_lacking
    rest = f"，还缺第 {'、'.join(map(str, lacking))} 页" if lacking else ""
    return f"签字页已存 {paper.pages - len(lacking)}/{paper.pages}{rest}"


class SignedPages(Sheet):
    """Files are dropped or chosen; what was recognised is kept by one press. A page without a readable code is pointed out
    by hand, with a reason."""

    def __init__(self, parent: QWidget, desk: Desk, case: CaseFile, paper: Issued) -> None:
        self._desk, self._case, self._paper = desk, case, paper
        self._waiting: deque[Path | Leaf] = deque()
        self._reading = self._gone = False
        self.seen: list[Seen] = []
        self.choose = Button("选照片或扫描件", "secondary", "camera", act=self._choose, height=36)
        self._held, self._list = column(spacing=4), column(spacing=8)
        self._said = Text("", "small", "ink2")
        super().__init__(
            f"存签字页：《{paper.title}》",
            Text("签好字的纸拍下来，一张一页，四边都拍进去；或者扫描，一个 PDF 里可以有许多页。文件可以直接拖到这里；是哪一份的第几页，"
                 "从页脚的二维码认。原文件不改动，另存一份摆正的。", "body", "ink2", wrap=True),
            row(self.choose, self._held, None, spacing=12), self._said, self._list, act="存入", parent=parent,
        )  # fmt: skip
        self.setMinimumWidth(look.px(760))
        self.setAcceptDrops(True)
        self.check = self._check
        self.accepted.connect(self._keep)
        self.finished.connect(self._end)
        desk.leaving.connect(self.reject)
        self._show_held()
        self._show()

    @classmethod
    def open_for(cls, parent: QWidget, desk: Desk, case: CaseFile, paper: Issued) -> None:
        """Open over the parent."""
        made = cls(parent, desk, case, paper)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        made.open()
        made.choose.setFocus()

    # -- what is kept -----------------------------------------------------------------------------------------

    def _show_held(self) -> None:
        """How many pages are kept with the ways to look at them, the latest first, and what was taken back."""
        clear(self._held)
        paper = self._paper
        shown = [kept for kept in reversed(paper.kept) if kept.page][:MARKED]
        ways = [Button(f"看第 {kept.page} 页", "link", act=partial(self._open_kept, kept)) for kept in shown]
        self._held.addLayout(row(Text(pages_said(paper), "small", "ink2"), *ways, None, spacing=12))
        for gone in paper.taken_back:
            self._held.addWidget(Text(f"第 {gone.page} 页撤下过一张：{gone.withdrawn}", "small", "ink2", wrap=True))

    def _open_kept(self, kept: SignedPage) -> None:
        try:
            content = signed_pages.picture_of(self._desk.book, kept)
        except Problem as problem:
            self._tell(str(problem))
            return
        way = ("撤下这一页", partial(self._withdraw, kept))
        self._enlarge(f"《{self._paper.title}》第 {kept.page} 页", content, way)

    def _withdraw(self, kept: SignedPage) -> None:
        """Ask why a page that was kept by mistake counts no more."""
        reason = Field("撤下的原因")
        said = Text("撤下后不再算作签字页；原文件、校验值和这一步都留在记录里。", "small", "ink2", wrap=True)
        ask(self, self._desk, f"{self._case.id}/{kept.id}/withdraw", f"撤下第 {kept.page} 页", [said, reason], "撤下签字页",
            lambda: signed_pages.withdraw(self._desk.book, self._case.id, kept, reason.text()), {"reason": reason},
            lambda _: self._renew())  # fmt: skip

    def _renew(self) -> None:
        self._case = self._desk.queries.case(self._case.id)
        self._paper = papers.paper_of(self._case, self._paper.id)
        self._show_held()
        self._show()
        QTimer.singleShot(0, self, self.settle)  # what was just put in counts when it is shown

    def _enlarge(self, title: str, content: bytes, way: tuple[str, Callable[[], object]] | None = None) -> None:
        """A page as large as it can be read."""
        picture, pixmap = QLabel(), QPixmap()
        if not pixmap.loadFromData(content):
            self._tell("这个文件的格式在这里看不了；原文件存着，没有改动。")
            return
        picture.setPixmap(pixmap.scaledToWidth(look.px(660), Qt.TransformationMode.SmoothTransformation))
        body = Body(picture, name="签字页", margins=(0, 0, 0, 0))
        body.setMinimumSize(look.px(680), look.px(420))
        sheet = Sheet(title, body, act="看过了", parent=self)
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet.back.hide()
        if way is not None:
            sheet.add_way(*way)
        sheet.open()
        body.setFocus()

    def _tell(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.show()
        self.settle()

    def _end(self) -> None:
        self._gone = True

    # -- files come -------------------------------------------------------------------------------------------

    def _choose(self) -> None:
        dialog = QFileDialog(self, "选照片或扫描件", last_folder(PHOTOS))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilter(f"照片和扫描件 ({' '.join(f'*.{suffix}' for suffix in (*SUFFIXES[PHOTO], 'pdf'))})")
        dialog.filesSelected.connect(lambda names: self.take([Path(name) for name in names]))
        dialog.open()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.take([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])

    def take(self, files: Sequence[Path]) -> None:
        """Read files one after the other, a PDF page by page; each page is shown when it was read."""
        self._waiting.extend(files)
        self.problem.hide()
        self._read_next()
        self._show()

    def _read_next(self) -> None:
        if self._gone or self._reading or not self._waiting:
            return
        self._reading = True
        source, book, stream, before = self._waiting.popleft(), self._desk.book, self._case.id, tuple(self.seen)

        def work() -> Seen | list[Leaf]:
            if isinstance(source, Leaf) or not scans.is_pdf(source):
                return signed_pages.look(book, stream, source, before)
            try:
                return scans.leaves(source)
            except Problem as problem:
                return Seen(source, "", "", b"", problem=problem)

        self._desk.tasks.run(work, self._came)

    def _came(self, made: Seen | list[Leaf]) -> None:
        if self._gone:
            return
        self._reading = False
        if isinstance(made, Seen):
            self.seen.append(made)
            self._list.addWidget(self._row(made))
        else:
            self._waiting.extendleft(reversed(made))
        self._read_next()
        self._show()

    # -- what is on view --------------------------------------------------------------------------------------

    def _show(self) -> None:
        left, fit = len(self._waiting) + self._reading, sum(seen.fit for seen in self.seen)
        self._said.setText(f"正在读，还有 {left} 个" if left else "")
        self._said.setVisible(bool(left))
        self.act.set_text(f"存入 {fit} 页" if fit else "存入")
        order_tabs(self)
        if self.isVisible():
            self.settle()

    def _row(self, seen: Seen) -> QWidget:
        """A file: its picture, what was recognised, and where a person may say more, the fields for that."""
        picture = QLabel()
        picture.setFixedSize(look.px(PICTURE.width()), look.px(PICTURE.height()))
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        picture.setAccessibleName(f"{seen.name} 的小图")
        pixmap = QPixmap()
        if pixmap.loadFromData(seen.thumbnail):
            pixmap = pixmap.scaled(picture.size(), Qt.AspectRatioMode.KeepAspectRatio,
                                   Qt.TransformationMode.SmoothTransformation)  # fmt: skip
            painter = QPainter(pixmap)
            painter.setPen(look.colour("line"))  # white paper on a white card
            painter.drawRect(pixmap.rect().adjusted(0, 0, -1, -1))
            painter.end()
            picture.setPixmap(pixmap)
        tag = Tag("可以存", "ok", "check-circle") if seen.fit else Tag("要指定", "warn", "warning")
        if not seen.fit and not seen.by_hand:
            tag = Tag("不能存", "bad", "x-circle")
        larger = Button("看大图", "link", act=partial(self._enlarge, seen.name, seen.picture), height=24)
        larger.setVisible(bool(seen.picture))
        beside = column(row(Text(seen.name, "strong"), None, larger, tag, spacing=8),
                        Text(self._told(seen), "body", "ink" if seen.fit else "ink2", wrap=True), spacing=4)  # fmt: skip
        if seen.by_hand:
            beside.addLayout(self._by_hand(seen))
        beside.addStretch(1)
        line = row(picture, beside, spacing=12)
        line.setStretch(1, 1)
        line.setAlignment(picture, Qt.AlignmentFlag.AlignTop)
        card = Card(padding=10)
        card.body.addLayout(line)
        return card

    def _told(self, seen: Seen) -> str:
        if seen.problem is not None or seen.place is None:
            return str(seen.problem)
        paper, place = papers.paper_of(self._case, seen.place.paper), seen.place
        copy = next((f"，第{c.serial}联　{c.name}" for c in paper.copies if c.serial == place.copy), "")
        how = f"由人指定：{place.reason}" if place.reason else "二维码核验通过"
        straight = "，按纸边摆正" if seen.by_edges else "，按二维码摆正" if seen.straight else "，没有摆正"
        return f"《{paper.title}》{paper.number}，第 {paper.revision} 版，第 {place.page} 页{copy}。{how}{straight}。"

    def _by_hand(self, seen: Seen) -> QLayout:
        paper = self._paper if seen.place is None else papers.paper_of(self._case, seen.place.paper)
        page = Pick("第几页", [(str(n), f"第 {n} 页") for n in range(1, paper.pages + 1)])
        page.show_value(str(seen.place.page if seen.place is not None and seen.place.page else 1))
        why = Field("原因", hint=f"为什么认定是《{paper.title}》的这一页")
        say = Button("指定", "secondary", act=lambda: self._assign(seen, paper, int(page.value()), why), height=40)
        made = row(page, why, say, spacing=8)
        made.setStretch(1, 1)
        for part in (page, say):
            made.setAlignment(part, Qt.AlignmentFlag.AlignBottom)
        return made

    def _assign(self, seen: Seen, paper: Issued, page: int, why: Field) -> None:
        try:
            told = signed_pages.assign(self._desk.book, self._case.id, seen, paper.id, page, why.text())
        except Problem as problem:
            why.error(str(problem))
            self.settle()
            return
        self.problem.hide()
        self.seen[self.seen.index(seen)] = told
        clear(self._list)
        for each in self.seen:
            self._list.addWidget(self._row(each))
        self._show()

    # -- keeping ----------------------------------------------------------------------------------------------

    def _check(self) -> str:
        if self._reading:
            return "还在读，读完再存。"
        try:
            fit = signed_pages.chosen(self.seen)
        except Problem as problem:
            return str(problem)
        return "" if fit else "还没有认出的签字页。选照片或扫描件，或者指定是哪一页。"

    def _keep(self) -> None:
        desk, stream, paper, pages = self._desk, self._case.id, self._paper.id, signed_pages.chosen(self.seen)
        book = desk.book

        def then(done: Done[tuple[str, ...]]) -> None:
            desk.finished(done)
            made = papers.paper_of(desk.queries.case(stream), paper)
            desk.toasted.emit(f"已存入{brief(done.value)}；{pages_said(made)}", None)

        desk.run("存签字页", lambda: signed_pages.keep(book, stream, pages), then)
