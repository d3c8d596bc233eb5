"""Importing photos: a folder (card, recorder, stick), its new pictures, and Enter takes the chosen ones."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSettings, QSize, Qt, QTimer
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QFileDialog, QLineEdit, QListWidget, QListWidgetItem, QWidget

from ...actions import evidence, intake, trial
from ...actions.book import Done
from ...actions.procedure import check_open
from ...domain.casefile import CaseFile, Issued
from ...domain.problems import Problem
from ..desk import Desk
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.notices import Sheet
from ..widgets.panels import row
from ..widgets.text import Text
from ..words import brief

Progress = Callable[[int, int], bool]
Take = Callable[[list[Path], Progress], Done[intake.Taken]]

SUFFIXES = {".jpg", ".jpeg", ".png", ".heic", ".heif"}
DEPTH = 3
"""Folders below the chosen one that are looked into: a card has its photos in DCIM/100XXXXX."""


class PhotoTray(Sheet):
    """Pictures of a folder that this case does not hold yet, the oldest first and chosen already."""

    def __init__(self, parent: QWidget, desk: Desk, case: CaseFile, title: str, take: Take, said: str) -> None:
        """`take(files, progress)` stores the chosen files on the worker; `said` follows when it is done."""
        self._desk, self._case, self._take_in, self._after = desk, case, take, said
        self.folder = QLineEdit(
            str(QSettings().value("photo_folder", trial.card_of(desk.laptop) if desk.trial else ""))
        )
        self.folder.setAccessibleName("照片所在的文件夹")
        self.folder.setPlaceholderText("存储卡或文件夹，按回车打开")
        self.folder.returnPressed.connect(self._load)
        choose = Button("选文件夹", "secondary", act=self._choose, height=36)
        self.list = _Sheetful()
        self.list.setAccessibleName("还没有导入的照片")
        self.list.setViewMode(QListWidget.ViewMode.IconMode)
        self.list.setIconSize(QSize(look.px(150), look.px(104)))
        self.list.setGridSize(QSize(look.px(168), look.px(140)))
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.list.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.list.setMovement(QListWidget.Movement.Static)
        self.list.setMinimumSize(look.px(360), look.px(160))
        self.said = Text("", "small", "ink2")
        self._waiting: deque[QListWidgetItem] = deque()
        blank = QPixmap(self.list.iconSize())
        blank.fill(look.colour("track"))
        self._blank = QIcon(blank)
        super().__init__(title, row(self.folder, choose), self.list, self.said, act="导入选中的照片", parent=parent)
        self.list.itemSelectionChanged.connect(self._count)
        self.list.itemActivated.connect(lambda _: self.try_accept())
        self.check = lambda: "" if self.chosen() else "还没有选照片。用方向键选，按住 Shift 可多选。"
        self.accepted.connect(self._take)
        self._load()

    @classmethod
    def open_for(cls, parent: QWidget, desk: Desk, case: CaseFile, item: str) -> None:
        """Evidence for an item of the checklist, or for none; told at once where none may be taken in now."""
        book = desk.book
        try:
            check_open(desk.book, case, "evidence_taken")
        except Problem as problem:
            desk.told.emit(str(problem), "warn")
            return

        def take(files: list[Path], progress: Progress) -> Done[intake.Taken]:
            return evidence.add_photos(book, case.id, files, item, progress=progress)

        cls(
            parent, desk, case, f"导入照片，{f'用于 {item}' if item else '不关联检查项'}", take, "已存入证据 {}"
        ).begin()

    @classmethod
    def open_for_page(cls, parent: QWidget, desk: Desk, case: CaseFile, paper: Issued) -> None:
        """Photos of signed pages, linked to the exact bytes of the paper."""
        book = desk.book

        def take(files: list[Path], progress: Progress) -> Done[intake.Taken]:
            return evidence.keep_signed_pages(book, case.id, paper.id, files, progress=progress)

        cls(
            parent, desk, case, f"存《{paper.title}》的签字页照片", take, "签字页照片已存入，与这份文书的原件相连"
        ).begin()

    def begin(self) -> None:
        """Open over the parent."""
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.open()
        (self.list if self.list.count() else self.folder).setFocus()

    def _choose(self) -> None:
        dialog = QFileDialog(self, "选照片所在的文件夹", self.folder.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self._chosen)
        dialog.open()

    def _chosen(self, folder: str) -> None:
        self.folder.setText(folder)
        self._load()

    def _load(self) -> None:
        self.list.clear()
        name = self.folder.text().strip()
        if not name:
            self.said.setText("先选文件夹。")
            return
        held = {(piece.original_name, piece.size) for piece in self._case.evidence}
        try:
            if not Path(name).is_dir():
                raise FileNotFoundError(name)
            files = _photos(Path(name))
            fresh = [p for p in files if (p.name, p.stat().st_size) not in held]
        except (OSError, ValueError):  # no folder, no longer there, not to be read, a name no system knows
            self.said.setText("打不开这个文件夹。插入存储卡，或选别的文件夹。")
            return
        QSettings().setValue("photo_folder", name)
        self._waiting.clear()
        for path in fresh:
            self.list.addItem(self._entry(path))
        QTimer.singleShot(0, self, self._draw_next)
        if self.list.count():
            self.list.setCurrentRow(0)
            self.list.setFocus()
        else:
            self.said.setText("这里没有还没导入的照片。")

    def _entry(self, path: Path) -> QListWidgetItem:
        entry = QListWidgetItem(path.name)
        entry.setData(Qt.ItemDataRole.UserRole, str(path))
        entry.setIcon(self._blank)
        self._waiting.append(entry)
        return entry

    def _draw_next(self) -> None:
        """One small picture a turn of the window, so that a card of large photos never makes it wait."""
        if not self._waiting or not self.isVisible():
            return
        entry = self._waiting.popleft()
        pixmap = QPixmap()
        try:
            pixmap.loadFromData(evidence.glance(Path(str(entry.data(Qt.ItemDataRole.UserRole)))))
        except Problem as problem:
            entry.setText(f"不能导入 {entry.text()}")
            entry.setToolTip(str(problem))
            entry.setFlags(entry.flags() & ~Qt.ItemFlag.ItemIsSelectable)
            entry.setSelected(False)
        else:
            pixmap = pixmap.scaled(self.list.iconSize(), Qt.AspectRatioMode.KeepAspectRatio,
                                   Qt.TransformationMode.SmoothTransformation)  # fmt: skip
            icon = QIcon(pixmap)
            icon.addPixmap(pixmap, QIcon.Mode.Selected)  # a chosen picture keeps its colours
            entry.setIcon(icon)
        QTimer.singleShot(0, self, self._draw_next)

    def chosen(self) -> list[Path]:
        return [Path(str(entry.data(Qt.ItemDataRole.UserRole))) for entry in self.list.selectedItems()]

    def _count(self) -> None:
        self.said.setText(f"选中 {len(self.chosen())} 张，共 {self.list.count()} 张没有导入。原文件不改动。")

    def _take(self) -> None:
        files, desk, take, after = self.chosen(), self._desk, self._take_in, self._after

        def then(done: Done[intake.Taken]) -> None:
            desk.finished(done)
            if done.value.refused:
                desk.told.emit("".join(done.value.refused), "bad")
            else:
                desk.toasted.emit(after.format(brief(done.value.numbers)), None)

        desk.run("导入照片", lambda: take(files, lambda n, m: desk.step("导入照片", n, m)), then, can_stop=True)


def _photos(folder: Path, depth: int = DEPTH) -> list[Path]:
    """The photos of a folder and of the folders in it, by name; what may not be read is left out."""
    found: list[Path] = []
    try:
        inside = sorted(folder.iterdir())
    except OSError:
        return found
    for path in inside:
        if path.is_dir() and depth and not path.name.startswith("."):
            found += _photos(path, depth - 1)
        elif path.suffix.lower() in SUFFIXES and path.is_file():
            found.append(path)
    return found


class _Sheetful(QListWidget):
    """Four pictures wide where the sheet has room for them."""

    def sizeHint(self) -> QSize:
        return QSize(look.px(720), look.px(330))
