"""Stage 取证: every piece of evidence in a gallery that is filtered and searched; the chosen one at the right."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QLineEdit, QWidget

from ...actions import evidence, gallery
from ...actions.filecheck import Place
from ...domain.casefile import CaseFile
from ...domain.evidence import FILTERS, SPOKEN, VIEWS, Evidence, belongs, search
from ..capture.bar import open_view, play
from ..desk import Desk
from ..offers import LOOK, WORK, needs
from ..pictures import Pictures
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.dropping import take_drops
from ..widgets.fields import Pick
from ..widgets.gallery import Gallery
from ..widgets.panels import Empty, Side, column, row
from .annotate import annotate
from .base import Stage
from .compare import LargeSheet
from .evidence_panel import EvidencePanel
from .evidence_sheets import DESCRIBED, describe
from .footage import FootageCard
from .photo_tray import PhotoTray

_TONES = {"缺说明": "warn", "未关联": "warn", "待保密审查": "bad"}


class EvidenceStage(Stage):
    """Gallery at the left, the chosen piece at the right."""

    TITLE = "取证"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._case: CaseFile | None = None
        self.current = ""
        self._filter, self._offered = "全部", list(FILTERS)
        self._scope: tuple[str, frozenset[str]] = ("", frozenset())
        self.pictures = Pictures(desk)
        self.pills = {name: Button(name, "tab", checkable=True, height=32, act=partial(self._choose_filter, name))
                      for name in FILTERS}  # fmt: skip
        self.few = needs(LOOK, Pick("", [(name, name) for name in FILTERS], self._choose_filter))
        self.take = Button("导入文件", "primary", "images", act=self.take_photos, key="P")
        self.gallery: Gallery = Gallery(self.pictures.of, "证据")
        self.search = needs(LOOK, QLineEdit())
        self.search.setAccessibleName("在证据里查找")
        self.search.setPlaceholderText("查证明对象、文字说明、检查项、编号，按 Ctrl F")
        self.search.textChanged.connect(lambda _: self._show_again())
        self.search.returnPressed.connect(self.gallery.setFocus)
        QShortcut(QKeySequence.StandardKey.Find, self).activated.connect(self._find)
        self.scope = Button("", "tab", "x", act=self._leave_scope, height=36, trailing=True)
        self.gallery.walked.connect(self.choose)
        self.gallery.opened.connect(self.show_large)
        self.pictures.came.connect(self._picture_came)
        self._none = Empty("images", "还没有证据。在检查表里按 P，或在这里导入照片。", "导入照片", self.take_photos)
        self._not_found = Empty("magnifying-glass", "没有符合条件的证据。", "看全部", self._show_all)
        filming = desk.filming
        self.secret = Button("进入涉密区域", "ghost", "shield-warning", act=filming.enter_secret_area)
        self.record = Button("录像", "secondary", "record", act=filming.toggle, key="F9")
        self.shoot = Button("拍照", "secondary", "camera", act=lambda: open_view(self.window(), desk), key="F10")
        filming.changed.connect(self._show_filming)
        top = row(*self.pills.values(), self.few, None, self.secret, spacing=8, margins=(20, 8, 20, 4))
        find = row(self.search, self.scope, self.record, self.shoot, self.take, spacing=8, margins=(20, 4, 20, 4))
        find.setStretch(0, 1)
        policy = self.search.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # the acts beside it stay where they are
        self.search.setSizePolicy(policy)
        self.footage = FootageCard(desk, self.take_photos)
        over = row(self.footage, margins=(20, 12, 20, 0))
        inside = column(
            over, top, find, self._none, self._not_found, row(self.gallery, margins=(20, 4, 8, 0)), spacing=0
        )
        for index in (3, 4, 5):
            inside.setStretch(index, 1)
        self._left = QWidget()
        self._left.setLayout(inside)
        self.panel = EvidencePanel(desk, self.pictures, self.show_large, self.gallery.chosen)
        self.gallery.picked.connect(self.panel.show_picked)
        side = Side("left", 300, 368)
        side.setLayout(column(self.panel, spacing=0))
        layout = row(self._left, side, spacing=0)
        layout.setStretch(0, 1)
        self.setLayout(layout)
        take_drops(self, self._import)

    # -- showing ----------------------------------------------------------------------------------------------

    def show_case(self, case: CaseFile) -> None:
        if self._case is not None and self._case.id != case.id:
            self.pictures.forget()
            self.current, self._scope = "", ("", frozenset())
            self.search.clear()
        self._case = case
        self.footage.show_case(case)
        wanted = self.desk.evidence_by_case.pop(case.id, "")  # opened from another place
        name, numbers = self.desk.evidence_scope.pop(case.id, ("", ()))
        if wanted or numbers:
            self._filter, self._scope = "全部", (name, frozenset(numbers))
            self.search.setText("")
            self.current = wanted or next(iter(numbers), "")
        self._show(case)
        if wanted or numbers:
            self.gallery.reveal(self.current)
            self.gallery.setFocus()

    def seek(self, place: Place) -> QWidget | None:
        """A piece: what it says is opened at the field, while it may be changed; steps without footage have a card above."""
        case, piece = self._case, self._piece()
        if not place.key:
            return self.footage if self.footage.isVisible() else self.gallery
        if case is None or piece is None or piece.number != place.key or piece.withdrawn:
            return self.gallery
        if place.field not in DESCRIBED or not self.desk.may(WORK, case.id):
            return self.gallery
        describe(self, self.desk, case, piece, place.field)
        return None

    def _show(self, case: CaseFile) -> None:
        name, numbers = self._scope
        inside = [p for p in case.evidence if not numbers or p.number in numbers]
        groups = {each: [p for p in inside if belongs(p, each)] for each in FILTERS}
        if not groups[self._filter]:
            self._filter = "全部"  # the last piece of a filter was put right
        self._show_filters(groups)
        items = {item.code: item.text for item in case.items}
        pieces = search(groups[self._filter], self.search.text(), items)
        if self.current not in {p.number for p in pieces}:  # it left the filter: the one that takes its place is next
            place = max(0, self.gallery.model_.row_of(self.current))
            self.current = pieces[min(place, len(pieces) - 1)].number if pieces else ""
        self.gallery.fill(pieces, items, self.current)
        self.gallery.setVisible(bool(pieces))
        self._none.setVisible(not case.evidence)
        self._not_found.setVisible(bool(case.evidence) and not pieces)
        self.search.setVisible(bool(case.evidence))
        self.scope.setVisible(bool(numbers))
        self.scope.set_text(name)
        self._show_filming()
        self.panel.show_piece(case, self._piece())

    def _show_filming(self) -> None:
        """What the bar above offers while it records is not offered twice."""
        case, busy = self._case, self.desk.filming.running is not None
        if case is None:
            return
        waits = (
            "正在涉密区域" if self.desk.book.areas(case.id) else "" if case.visit.arrived else "到场以后才能拍照、录像"
        )
        for button in (self.record, self.shoot):
            button.setVisible(not busy)
            button.set_blocked(waits)
        self.secret.setVisible(not busy and not waits)
        self.take.set_blocked(waits)
        self._fit()

    def _show_filters(self, groups: dict[str, list[Evidence]]) -> None:
        for name, pill in self.pills.items():
            pill.set_text(f"{name} {len(groups[name])}")
            pill.setChecked(name == self._filter)
            self.few.input.setItemText(FILTERS.index(name), f"{name} {len(groups[name])}")
        self.few.show_value(self._filter)
        self._offered = [name for name in FILTERS if name == "全部" or groups[name]]
        self._fit()

    def _fit(self) -> None:
        """Where the pills have no room beside the main act, a list stands for them."""
        pills = [self.pills[name] for name in self._offered]
        beside = 0 if self.secret.isHidden() else self.secret.sizeHint().width() + look.px(8)
        room = self._left.width() - beside - look.px(48)
        fits = sum(pill.sizeHint().width() + look.px(8) for pill in pills) <= room
        for pill in self.pills.values():
            pill.setVisible(fits and pill in pills)
        self.few.setVisible(not fits)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _show_again(self) -> None:
        if self._case is not None:
            self._show(self._case)

    def _picture_came(self, number: str) -> None:
        self.gallery.model_.picture_came(number)
        self.panel.picture_came(number)

    def _piece(self) -> Evidence | None:
        case = self._case
        return next((p for p in case.evidence if p.number == self.current), None) if case is not None else None

    def choose(self, number: str) -> None:
        self.current = number
        if self._case is not None:
            self.panel.show_piece(self._case, self._piece())

    # -- finding ----------------------------------------------------------------------------------------------

    def _choose_filter(self, name: str) -> None:
        self._filter = name
        self._show_again()

    def _find(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _leave_scope(self) -> None:
        self._scope = ("", frozenset())
        self._show_again()
        self.gallery.setFocus()

    def _show_all(self) -> None:
        self._filter, self._scope = "全部", ("", frozenset())
        self.search.clear()
        self._show_again()
        self.gallery.setFocus()

    # -- acting -----------------------------------------------------------------------------------------------

    def take_photos(self) -> None:
        """Import files that belong to no item yet."""
        self._import(())

    def _import(self, dropped: Sequence[Path]) -> None:
        if self._case is not None:
            PhotoTray.open_for(self, self.desk, self._case, "", dropped)

    def show_large(self) -> None:
        """The chosen piece as large as the window, or played; two chosen ones side by side."""
        case, piece = self._case, self._piece()
        if case is None or piece is None:
            return
        others = [number for number in self.gallery.chosen() if number != piece.number]
        if piece.kind in SPOKEN and not piece.secret:
            play(self, self.desk, case, piece)
        else:
            LargeSheet(self, self.desk, case, piece, self.pictures, others[0] if len(others) == 1 else "", self)

    def walk(self, steps: int) -> Evidence | None:
        """On to the next photo, or back to the last; None at either end."""
        pieces, way = self.gallery.model_.pieces, 1 if steps > 0 else -1
        rows = range(self.gallery.model_.row_of(self.current) + steps, len(pieces) if way > 0 else -1, way)
        found = next((pieces[row] for row in rows if pieces[row].copy), None)
        if found is not None:
            self.gallery.reveal(found.number)
        return found

    def clear_secrecy(self) -> Evidence | None:
        """As M in the gallery. In 待保密审查 the piece leaves, and the next one takes its place."""
        piece = self._piece()
        if piece is None or piece.withdrawn or piece.secrecy:
            return None
        self.panel.clear_secrecy()
        return self._piece()

    def primary(self) -> None:
        self.press(self.take)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        case, piece, key = self._case, self._piece(), Qt.Key(event.key())
        if event.modifiers() or case is None:
            super().keyPressEvent(event)
        elif key == Qt.Key.Key_P:
            self.primary()
        elif key == Qt.Key.Key_Escape and (self.search.text() or self._scope[1]):
            self._show_all()
        elif piece is None or not self._on_piece(case, piece, key):
            super().keyPressEvent(event)

    def _on_piece(self, case: CaseFile, piece: Evidence, key: Qt.Key) -> bool:
        """The keys of the chosen piece; False for a key that has no meaning here."""
        views = (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3)
        if key in views and not piece.withdrawn:
            view = VIEWS[views.index(key)]
            chosen = "" if piece.view == view else view
            self.desk.act(evidence.describe, self.desk.book, case.id, piece.number, {"view": chosen})
        elif key == Qt.Key.Key_A:
            annotate(self, self.desk, case, piece)
        elif key == Qt.Key.Key_H and piece.marks:
            self.desk.act(gallery.mark, self.desk.book, case.id, piece.number, piece.marks, shown=not piece.marks_shown)
        elif key == Qt.Key.Key_M and not piece.withdrawn:
            self.panel.clear_secrecy()
        elif key in (Qt.Key.Key_I, Qt.Key.Key_F, Qt.Key.Key_W):
            self.panel.jump(QKeySequence(key).toString())
        else:
            return False
        return True
