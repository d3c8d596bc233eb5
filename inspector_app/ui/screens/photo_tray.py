"""Importing files: a folder (card, recorder, stick) or what was dropped; Enter takes the chosen ones."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QFileDialog, QLineEdit, QListView, QListWidget, QListWidgetItem, QWidget

from ...actions import card, evidence, intake, rectify, trial
from ...actions.book import Done
from ...actions.card import PHOTO, Glance
from ...actions.procedure import check_arrived, check_open
from ...actions.recorders import recorders
from ...domain.casefile import CaseFile
from ...domain.finding import Finding
from ...domain.problems import Problem
from ..desk import Desk
from ..icons import paint_icon
from ..offers import WORK
from ..surroundings import removable
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.dropping import take_drops
from ..widgets.fields import Pick
from ..widgets.last_folder import PHOTOS, keep_folder, last_folder
from ..widgets.notices import Sheet
from ..widgets.panels import row
from ..widgets.text import Text
from ..words import brief, time_left

Progress = Callable[[int, int], bool]
Take = Callable[[list[Path], str, Progress], Done[intake.Taken]]

PORTION = 100
"""Names that are put into the list in one turn of the window."""
PICTURES = 120
"""Small pictures that are kept of what was on view: a card has ten thousand files, and each picture takes 60 KB."""
_AT_ONCE = 3
"""Sentences that the bar tells; more of them stand in a sheet."""


class PhotoTray(Sheet):
    """Files of a folder that can be taken in, by name; those that the case may hold already come last."""

    def __init__(
        self, parent: QWidget, desk: Desk, case: CaseFile, title: str, take: Take, said: str,
        kinds: Sequence[str] = tuple(card.SUFFIXES), dropped: Sequence[Path] = (),
    ) -> None:  # fmt: skip
        """`take(files, device, progress)` stores the chosen files on the worker; `said` follows when it is done."""
        self._desk, self._case, self._take_in, self._after = desk, case, take, said
        self._kinds, self._dropped, self._shown, self._round = kinds, tuple(dropped), True, 0
        self._sizes: dict[str, int] = {}
        self.folder = QLineEdit(last_folder(PHOTOS, str(trial.card_of(desk.laptop)) if desk.trial else ""))
        self.folder.setAccessibleName("照片所在的文件夹")
        self.folder.returnPressed.connect(self._typed)
        choose = Button("选文件夹", "secondary", act=self._choose, height=36)
        drives = [
            Button(name, "soft", "usb", act=partial(self._chosen, place), height=36) for name, place in removable()
        ]
        devices = [("", "按文件名里的设备编号"), *((d.number, f"{d.title}，{d.clock}") for d in recorders(desk.book))]
        self.device = Pick("由哪台设备拍摄", devices)
        self.device.setVisible(len(devices) > 1 and len(kinds) > 1)
        self.list = _Files()
        self.list.setAccessibleName("还没有导入的照片")
        self.said = Text("", "small", "ink2")
        every = Button("全选", "ghost", act=self.list.selectAll, key="Ctrl A", height=36)
        self._names: deque[tuple[Path, int, bool]] = deque()
        self._drawing, self._looked_at, self._drawn = False, set[int](), deque[int]()
        self._blank = _icon(None, self.list.iconSize())
        plugged = [row(*drives, None, spacing=6)] if drives else []
        foot = row(self.said, every, spacing=8)
        foot.setStretch(0, 1)
        super().__init__(
            title, row(self.folder, choose), *plugged, self.device, self.list, foot, act="导入选中的文件", parent=parent
        )
        self.list.itemSelectionChanged.connect(self._count)
        self.list.itemActivated.connect(lambda _: self.try_accept())
        self.list.verticalScrollBar().valueChanged.connect(self._draw_next)
        self.list.verticalScrollBar().rangeChanged.connect(self._draw_next)
        self.check = lambda: "" if self.list.selectedItems() else "还没有选文件。用方向键选，按住 Shift 可多选。"
        self.accepted.connect(self._take)
        self.finished.connect(self._gone)
        take_drops(self, self._drop)
        self.load()

    @classmethod
    def open_for(cls, parent: QWidget, desk: Desk, case: CaseFile, item: str, dropped: Sequence[Path] = ()) -> None:
        """Evidence for an item of the checklist, or for none; told at once where none may be taken in now. Once the 笔录
        is made only films and sounds come in."""
        book, kinds = desk.book, tuple(card.SUFFIXES)
        if not desk.allowed(WORK, case.id):
            return
        try:
            check_arrived(book, case, "存入证据")
            check_open(book, case, "evidence_taken")
        except Problem as problem:
            if item or problem.code not in intake.LATE:
                desk.told.emit(str(problem), "warn")
                return
            kinds = tuple(kind for kind in kinds if kind != PHOTO)

        def take(files: list[Path], device: str, progress: Progress) -> Done[intake.Taken]:
            return intake.take_in(book, case.id, files, item, device=device, progress=progress)

        title = f"导入照片、录像和录音，{f'用于 {item}' if item else '不关联检查项'}"
        if PHOTO not in kinds:
            title = "导入录像和录音（笔录已经制作，照片不再存入）"
        cls(parent, desk, case, title, take, "已存入证据 {}", kinds, dropped).begin()

    @classmethod
    def open_for_service(
        cls, parent: QWidget, desk: Desk, case: CaseFile, then: Callable[[Sequence[str]], object]
    ) -> None:
        """Pictures of how a paper is served; `then(numbers)` is told what was kept."""
        book = desk.book

        def take(files: list[Path], device: str, progress: Progress) -> Done[intake.Taken]:
            done = evidence.film_service(book, case.id, files, progress)
            desk.tasks.report(lambda: then(done.value.numbers))
            return done

        cls(parent, desk, case, "导入送达过程的照片", take, "已存入 {}", (PHOTO,)).begin()

    @classmethod
    def open_for_clause(cls, parent: QWidget, desk: Desk, case: CaseFile, finding: Finding, *, again: bool) -> None:
        """Pictures of how a clause was rectified: the unit's proofs, or (`again`) those of a re-inspection."""
        book = desk.book

        def take(files: list[Path], device: str, progress: Progress) -> Done[intake.Taken]:
            return rectify.film_rectification(book, case.id, files, finding.id, again=again, progress=progress)

        title = f"导入 {finding.code} {rectify.VIEW_AGAIN if again else rectify.VIEW_PROOF}的照片"
        cls(parent, desk, case, title, take, "已存入 {}", (PHOTO,)).begin()

    def begin(self) -> None:
        """Open over the parent."""
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.open()
        self.folder.setFocus()

    def _choose(self) -> None:
        dialog = QFileDialog(self, "选照片所在的文件夹", self.folder.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self._chosen)
        dialog.open()

    def _chosen(self, folder: str) -> None:
        self.folder.setText(folder)
        self._typed()

    def _typed(self) -> None:
        """A folder that is named counts instead of what was dropped."""
        self._dropped = () if self.folder.text().strip() else self._dropped
        self.load()

    def _drop(self, paths: list[Path]) -> None:
        self._dropped = tuple(paths)
        self.load()

    def _gone(self) -> None:
        self._shown = False

    # -- the list ---------------------------------------------------------------------------------------------

    def load(self) -> None:
        """List the folder, or what was dropped, off the window's thread: a card is slow."""
        self._round += 1
        self.list.clear()
        self._names.clear()
        self._looked_at.clear()
        self._drawn.clear()
        self._sizes.clear()
        if self._dropped:
            self.folder.clear()  # it would name a place that is not the one on view
        self.folder.setPlaceholderText(
            f"拖进来的 {len(self._dropped)} 项" if self._dropped else "存储卡或文件夹，按回车打开"
        )
        name, mine, kinds = self.folder.text().strip(), self._round, self._kinds
        if not self._dropped and not name:
            self.said.setText("先选文件夹。")
            return
        places = self._dropped or (Path(name),)
        self.said.setText("正在读文件夹。")

        def look_in() -> list[tuple[Path, int]] | None:
            try:
                if not self._dropped and not places[0].is_dir():
                    return None
            except (OSError, ValueError):  # a name no system knows
                return None
            return card.files_of(places, kinds)

        self._desk.tasks.run(look_in, lambda found: self._listed(found, mine), picture=True)

    def _listed(self, found: list[tuple[Path, int]] | None, mine: int) -> None:
        if not self._shown or mine != self._round:
            return
        if found is None:
            self.said.setText("打不开这个文件夹。插入存储卡，或选别的文件夹。")
            return
        if not self._dropped:
            keep_folder(PHOTOS, self.folder.text().strip())
        held = {(piece.original_name, piece.size) for piece in self._case.evidence if not piece.withdrawn}
        entries = [(path, size, (card.safe_name(path), size) in held) for path, size in found]
        self._names.extend(sorted(entries, key=lambda entry: entry[2]))
        if not entries:
            self.said.setText("这里没有可以导入的文件。")
            return
        self._add_some()
        self.list.setCurrentRow(0)
        self.list.setFocus()
        QTimer.singleShot(0, self, self._draw_next)

    def _add_some(self) -> None:
        """Some names a turn, so that ten thousand never make the window wait."""
        for _ in range(min(PORTION, len(self._names))):
            path, size, held = self._names.popleft()
            entry = QListWidgetItem(self._blank, f"可能已有 {card.safe_name(path)}" if held else card.safe_name(path))
            entry.setData(Qt.ItemDataRole.UserRole, str(path))
            self._sizes[str(path)] = size
            self.list.addItem(entry)
        self._count()
        if self._names:
            QTimer.singleShot(0, self, self._add_some)

    def _draw_next(self, *_: int) -> None:
        """One small picture after the other of what is on view, made off the window's thread."""
        number = next((n for n in self.list.on_view() if n not in self._looked_at), None)
        if number is None or self._drawing or not self._shown:
            return
        entry, mine, self._drawing = self.list.item(number), self._round, True
        path = Path(str(entry.data(Qt.ItemDataRole.UserRole)))

        def looked(show: Callable[[], object]) -> None:
            self._drawing = False
            if self._shown:
                if mine == self._round:
                    self._looked_at.add(number)
                    show()
                self._draw_next()

        def draw(seen: Glance) -> None:
            entry.setIcon(_icon(seen, self.list.iconSize()))
            self._drawn.append(number)
            if len(self._drawn) > PICTURES:
                self._looked_at.discard(last := self._drawn.popleft())
                self.list.item(last).setIcon(self._blank)

        def refuse(problem: Problem) -> None:
            entry.setText(f"不能导入 {entry.text()}")
            entry.setToolTip(str(problem))
            entry.setFlags(entry.flags() & ~Qt.ItemFlag.ItemIsSelectable)
            entry.setSelected(False)

        self._desk.tasks.run(lambda: card.glance(path), lambda seen: looked(partial(draw, seen)),
                             lambda problem: looked(partial(refuse, problem)), picture=True)  # fmt: skip

    def chosen(self) -> list[Path]:
        return [Path(str(entry.data(Qt.ItemDataRole.UserRole))) for entry in self.list.selectedItems()]

    def _count(self) -> None:
        left = len(self._names)
        more = f"，还在读 {left} 个" if left else ""
        self.said.setText(f"选中 {len(self.list.selectedItems())} 个，共 {self.list.count()} 个{more}。原文件不改动。")

    # -- taking in --------------------------------------------------------------------------------------------

    def _take(self) -> None:
        files, desk, take, after = self.chosen(), self._desk, self._take_in, self._after
        device = self.device.value()
        meter = Meter([self._sizes.get(str(file), 0) for file in files])
        parent = self.parentWidget()

        def then(done: Done[intake.Taken]) -> None:
            desk.finished(done)
            taken = done.value
            told = [*taken.refused, *taken.noted]
            kept = after.format(brief(taken.numbers)) if taken.numbers else "没有新存入的文件"
            if taken.twice:
                kept += f"；{len(taken.twice)} 个本来就有，没有再存"
            if len(told) > _AT_ONCE and parent is not None:
                _tell_all(parent, kept, told)
            elif told:
                desk.told.emit("".join(told), "bad" if taken.refused else "warn")
            else:
                desk.toasted.emit(kept, None)

        def step(done: int, total: int) -> bool:
            return desk.step(*meter.words(done)) and not desk.ending

        desk.run("导入文件", lambda: take(files, device, step), then, can_stop=True)


class Meter:
    """How far an intake is, by bytes: a few films may be as much as a thousand photos."""

    def __init__(self, sizes: Sequence[int]) -> None:
        self._sizes = sizes
        self._before = [0]
        for size in sizes:
            self._before.append(self._before[-1] + size)
        self._index, self._within, self._begin = -1, 0, time.monotonic()

    def words(self, index: int) -> tuple[str, int, int]:
        """What is being done, and the part of a hundred; called as `intake.Progress` is."""
        self._within = self._within + 1024 * 1024 if index == self._index else 0
        self._index = index
        whole = max(self._before[-1], 1)
        done = min(self._before[index] + self._within, self._before[min(index + 1, len(self._sizes))])
        left = time_left(time.monotonic() - self._begin, done, whole)
        said = "，".join(
            part for part in (f"导入 {min(index + 1, len(self._sizes))}/{len(self._sizes)} 个文件", left) if part
        )
        return f"{said}，已完成", done * 100 // whole, 100


def _tell_all(parent: QWidget, kept: str, told: Sequence[str]) -> None:
    """Every sentence of an intake of which much is to be told."""
    lines = [Text(sentence, "small", "ink2", wrap=True) for sentence in told[:200]]
    more = [Text(f"另有 {len(told) - 200} 个。", "small", "ink2")] if len(told) > 200 else []
    sheet = Sheet("导入完毕", Text(kept, "strong"), *lines, *more, act="知道了", parent=parent)
    sheet.back.hide()
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    sheet.open()


def _icon(seen: Glance | None, size: QSize) -> QIcon:
    """The picture of a file: of a film or sound its sign and length, of one that was not looked at yet a blank."""
    pixmap = QPixmap()
    if seen is None or not seen.picture:
        pixmap = QPixmap(size)
        pixmap.fill(look.colour("track"))
        if seen is not None:
            painter = QPainter(pixmap)
            sign = "microphone" if seen.kind == "录音" else "video-camera"
            paint_icon(painter, sign, "ink2", size.width() / 2 - look.px(14), size.height() / 2 - look.px(22), 28)
            painter.setFont(look.font("small"))
            painter.setPen(look.colour("ink2"))
            middle = pixmap.rect().adjusted(0, size.height() // 2 + look.px(8), 0, 0)
            painter.drawText(
                middle, int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop), f"{seen.kind} {seen.length}"
            )
            painter.end()
    else:
        pixmap.loadFromData(seen.picture)
        pixmap = pixmap.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)  # a chosen picture keeps its colours
    return icon


class _Files(QListWidget):
    """Four pictures wide where the sheet has room for them; laid out in portions, in a grid."""

    def __init__(self) -> None:
        super().__init__()
        self.setViewMode(QListWidget.ViewMode.IconMode)
        self.setIconSize(QSize(look.px(150), look.px(104)))
        self.setGridSize(QSize(look.px(168), look.px(140)))
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.setMovement(QListWidget.Movement.Static)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setUniformItemSizes(True)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(PORTION)
        self.setMinimumSize(look.px(360), look.px(160))

    def on_view(self) -> range:
        """The entries that are to be seen, the first cut one and the last included."""
        cell, view = self.gridSize(), self.viewport().size()
        across = max(view.width() // cell.width(), 1)
        first = self.verticalScrollBar().value() // cell.height() * across
        return range(first, min(first + (view.height() // cell.height() + 2) * across, self.count()))

    def sizeHint(self) -> QSize:
        return QSize(look.px(720), look.px(330))
