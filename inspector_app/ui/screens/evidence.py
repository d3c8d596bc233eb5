"""Stage 取证: every piece of evidence as a picture, and the mandatory fields of the chosen one."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QWidget

from ...actions import evidence
from ...actions.book import Done
from ...domain.calendar import parse_zh_moment, zh_date, zh_time
from ...domain.casefile import STORED, CaseFile, Evidence
from ...domain.problems import Problem
from ..desk import Desk
from ..icons import paint_icon
from ..theme import look
from ..widgets.buttons import Button, paint_focus
from ..widgets.fields import Field, Pick
from ..widgets.item_row import paint_covering
from ..widgets.panels import Body, Empty, Icon, Line, Side, Tag, clear, column, row
from ..widgets.text import Text
from . import secrecy
from .base import Stage
from .begin import ask
from .photo_tray import PhotoTray

TILE = QSize(164, 152)
_PICTURE = 112

FILTERS = ("全部", "缺说明", "未关联", "已撤下")


class Tile(QAbstractButton):
    """A picture with its number, its state and what it proves."""

    def __init__(self, piece: Evidence, pixmap: QPixmap) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedSize(look.px(TILE.width()), look.px(TILE.height()))
        self._pixmap = pixmap
        self.show_piece(piece)

    def show_piece(self, piece: Evidence) -> None:
        self._piece, self.secret = piece, piece.secret
        state = "已撤下" if piece.withdrawn else f"缺{'、'.join(piece.missing)}" if piece.missing else "说明齐全"
        self.setAccessibleName(f"{piece.number} {piece.proves}，{state}")
        self.setToolTip(piece.proves)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows belong to the gallery, not to the order of Tab."""
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        frame = QRectF(2, 2, self.width() - 4, look.px(_PICTURE) - 4)
        path = QPainterPath()
        path.addRoundedRect(frame, look.px(8), look.px(8))
        painter.save()
        painter.setClipPath(path)
        painter.fillRect(frame, look.colour("track"))
        painter.setOpacity(0.35 if self._piece.withdrawn else 1.0)
        if not self._pixmap.isNull():
            paint_covering(painter, frame, self._pixmap)
        painter.restore()
        if self.secret:
            paint_icon(painter, "lock", "ink2", frame.center().x() - look.px(16), frame.center().y() - look.px(16), 32)
        self._paint_number(painter, frame)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("surface"))
        centre = frame.topRight()
        painter.drawEllipse(QRectF(centre.x() - look.px(28), centre.y() + look.px(6), look.px(22), look.px(22)))
        sign, tone = ("warning-circle", "warn") if self._piece.missing else ("check-circle", "ok")
        sign, tone = ("prohibit", "bad") if self.secret else (sign, tone)
        paint_icon(painter, sign, tone, centre.x() - look.px(26), centre.y() + look.px(8), 18, "fill")
        if self.isChecked():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(look.colour("brand"), 3))
            painter.drawRoundedRect(frame, look.px(8), look.px(8))
        font = look.font("small")
        painter.setFont(font)
        painter.setPen(look.colour("ink"))
        words = QFontMetrics(font).elidedText(
            self._piece.proves or "没有写证明对象", Qt.TextElideMode.ElideRight, self.width() - 4
        )
        painter.drawText(
            QRectF(2, look.px(_PICTURE), self.width(), look.px(20)), int(Qt.AlignmentFlag.AlignVCenter), words
        )
        painter.setPen(look.colour("brand" if self._piece.item else "warn"))
        painter.drawText(QRectF(2, look.px(_PICTURE + 19), self.width(), look.px(20)), int(Qt.AlignmentFlag.AlignVCenter),
                         self._piece.item or "未关联检查项")  # fmt: skip
        if self.hasFocus():
            paint_focus(painter, QRectF(self.rect()), look.px(8))
        painter.end()

    def _paint_number(self, painter: QPainter, frame: QRectF) -> None:
        font = look.font("cap")
        width = QFontMetrics(font).horizontalAdvance(self._piece.number) + look.px(12)
        tag = QRectF(frame.left() + look.px(6), frame.bottom() - look.px(26), width, look.px(20))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("rail"))
        painter.drawRoundedRect(tag, look.px(4), look.px(4))
        painter.setPen(look.colour("rail_ink"))
        painter.setFont(font)
        painter.drawText(tag, int(Qt.AlignmentFlag.AlignCenter), self._piece.number)


class Gallery(Body):
    """Tiles in as many columns as fit; arrow keys move, the chosen one is told."""

    chosen = Signal(str)

    def __init__(self) -> None:
        self._grid = QGridLayout()
        self._grid.setSpacing(look.px(12))
        self._grid.setContentsMargins(0, 0, 0, 0)
        super().__init__(row(self._grid, None), None)
        self.tiles: dict[str, Tile] = {}

    def fill(self, tiles: dict[str, Tile], current: str) -> None:
        """Show these tiles in their order; a tile that was there already stays the same widget."""
        for number, tile in self.tiles.items():
            self._grid.removeWidget(tile)
            if tiles.get(number) is not tile:
                tile.hide()
                tile.deleteLater()
        self.tiles = tiles
        for number, tile in tiles.items():
            tile.setChecked(number == current)
        self._arrange()

    def _arrange(self) -> None:
        width = self.viewport().width() - look.px(40)
        count = max(1, (width + look.px(12)) // look.px(TILE.width() + 12))
        for index, tile in enumerate(self.tiles.values()):
            self._grid.addWidget(tile, index // count, index % count)
        self.columns = count

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        numbers = list(self.tiles)
        here = next((i for i, n in enumerate(numbers) if self.tiles[n].hasFocus()), None)
        step = {
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Down: self.columns,
            Qt.Key.Key_Up: -self.columns,
        }.get(Qt.Key(event.key()))
        if here is None or step is None or not 0 <= here + step < len(numbers):
            super().keyPressEvent(event)
            return
        tile = self.tiles[numbers[here + step]]
        tile.setFocus()
        self.ensureWidgetVisible(tile)
        self.chosen.emit(numbers[here + step])


class EvidenceStage(Stage):
    """Gallery at the left, the chosen piece at the right."""

    TITLE = "取证"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._case: CaseFile | None = None
        self.current = ""
        self._filter = "全部"
        self.pills = {name: Button(name, "soft", checkable=True, height=32, act=partial(self._choose_filter, name))
                      for name in FILTERS}  # fmt: skip
        self.take = Button("导入照片", "primary", "images", act=self.take_photos, key="P")
        self.gallery = Gallery()
        self.gallery.chosen.connect(self.choose)
        self._none = Empty("images", "还没有证据。在检查表里按 P，或在这里导入照片。", "导入照片", self.take_photos)
        top = row(*self.pills.values(), None, self.take, spacing=8, margins=(20, 12, 20, 4))
        left = QWidget()
        inside = column(top, self._none, self.gallery, spacing=0)
        inside.setStretch(1, 1)
        inside.setStretch(2, 1)
        left.setLayout(inside)
        self._detail = column(spacing=8)
        side = Side("left", 300, 368)
        side.setLayout(column(Body(self._detail, margins=(16, 14, 16, 14)), spacing=0))
        layout = row(left, side, spacing=0)
        layout.setStretch(0, 1)
        self.setLayout(layout)

    def show_case(self, case: CaseFile) -> None:
        if self._case is not None and self._case.id != case.id:
            self.gallery.fill({}, "")
            self.current = ""
        self._case = case
        groups = {name: [p for p in case.evidence if _belongs(p, name)] for name in FILTERS}
        if not groups[self._filter]:
            self._filter = "全部"  # the last piece of a filter was put right
        for name, pill in self.pills.items():
            pill.set_text(f"{name} {len(groups[name])}")
            pill.setChecked(name == self._filter)
            pill.setVisible(name == "全部" or bool(groups[name]))
        pieces = groups[self._filter]
        wanted = self.desk.evidence_by_case.pop(case.id, "")  # opened from another place
        if wanted in {p.number for p in case.evidence}:
            self._filter, pieces, self.current = "全部", groups["全部"], wanted
        if self.current not in {p.number for p in pieces}:
            self.current = pieces[0].number if pieces else ""
        tiles = {p.number: self._tile(case, p) for p in pieces}
        self.gallery.fill(tiles, self.current)
        self.gallery.setVisible(bool(pieces))
        if wanted in tiles:
            tiles[wanted].setFocus()
            self.gallery.ensureWidgetVisible(tiles[wanted])
        self._none.setVisible(not pieces)
        self.take.set_blocked("" if case.visit.arrived and not case.visit.ended else "现场检查进行中才能存入证据")
        self._show_piece(case)

    def _tile(self, case: CaseFile, piece: Evidence) -> Tile:
        held = self.gallery.tiles.get(piece.number)
        if held is not None and held.secret == piece.secret:  # else its picture is another one
            held.show_piece(piece)
            return held
        pixmap = QPixmap()
        pixmap.loadFromData(self.desk.thumbnail(case, piece.number))
        tile = Tile(piece, pixmap)
        tile.clicked.connect(lambda _=False, n=piece.number: self.choose(n))
        return tile

    def choose(self, number: str) -> None:
        self.current = number
        for name, tile in self.gallery.tiles.items():
            tile.setChecked(name == number)
        if self._case is not None:
            self._show_piece(self._case)

    def primary(self) -> None:
        self.press(self.take)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_P and not event.modifiers():
            self.primary()
        else:
            super().keyPressEvent(event)

    # -- the chosen piece -------------------------------------------------------------------------------------

    def _show_piece(self, case: CaseFile) -> None:
        clear(self._detail)
        piece = next((p for p in case.evidence if p.number == self.current), None)
        if piece is None:
            self._detail.addWidget(Text("选一份证据，这里显示它的来源和说明。", "small", "ink2", wrap=True))
            self._detail.addStretch(1)
            return
        picture = secrecy.kept_back(self, self.desk, case, piece) if piece.secret else (
            Picture(self.desk.picture(case, piece.number)))  # fmt: skip
        state = secrecy.tag(piece) if piece.secret else (
            Tag("五项齐全", "ok", "check-circle")
            if not piece.missing
            else Tag(f"缺{len(piece.missing)}项", "warn", "warning-circle")
        )
        self._detail.addWidget(picture)
        self._detail.addLayout(row(Text(piece.number, "h2"), None, state))
        for name, value in (
            ("证明对象", piece.proves), ("制作方法", piece.method),
            ("制作时间", _taken(piece)),
            ("制作地点", piece.place), ("制作人", f"{piece.maker}（{piece.maker_credential}）"), ("原始载体", piece.carrier),
            ("在场人员", piece.present), ("原文件", f"{piece.original_name}，{piece.size / 1e6:.1f} MB，{piece.width}×{piece.height}"),
        ):  # fmt: skip
            label = Text(name, "small", "ink3")
            label.setFixedWidth(look.px(64))
            line = row(label, Text(value or "没有填写", "small", "ink" if value else "warn", wrap=True), spacing=8)
            line.setStretch(1, 1)
            line.setAlignment(label, Qt.AlignmentFlag.AlignTop)
            self._detail.addLayout(line)
        self._detail.addWidget(Line())
        self._detail.addLayout(
            row(Icon("fingerprint", "ok", 20), column(Text("存入时的校验值", "strong", "ok"),
                Text(f"SHA-256 {piece.sha256[:16]}…", "small", "ink2"), Text(f"SM3 {piece.sm3[:16]}…", "small", "ink2"),
                spacing=0), None, spacing=10))  # fmt: skip
        self._detail.addStretch(1)
        if piece.secret:
            return
        if piece.withdrawn:
            self._detail.addWidget(Text(f"已撤下：{piece.withdrawn}。原件和记录都在。", "small", "warn", wrap=True))
            self._detail.addLayout(row(secrecy.freeze_button(self, self.desk, case, piece), None))
            return
        self._detail.addLayout(
            row(Button("撤下", "danger", act=lambda: self._withdraw(piece), height=36),
                secrecy.freeze_button(self, self.desk, case, piece), None,
                Button("改说明", "secondary", "pencil-simple", act=lambda: self._describe(case, piece), height=36), spacing=8)
        )  # fmt: skip

    def _describe(self, case: CaseFile, piece: Evidence) -> None:
        proves, method, carrier = (
            Field("证明对象", piece.proves),
            Field("制作方法", piece.method),
            Field("原始载体", piece.carrier),
        )
        items = [("", "不关联检查项"), *((i.code, f"{i.code} {i.text}") for i in case.items)]
        item = Pick("关联检查项", items)
        item.show_value(piece.item)
        known = piece.time_from != STORED and piece.taken_at is not None
        taken = Field("制作时间", _taken(piece) if known else "", hint="2026年3月16日 10:05，按拍摄人的说明")

        def write() -> Done[Any]:
            new = {"proves": proves.text().strip(), "method": method.text().strip(), "carrier": carrier.text().strip(),
                   "item": item.value()}  # fmt: skip
            changed = {name: value for name, value in new.items() if value != getattr(piece, name)}
            if taken.text().strip() and taken.text().strip() != (_taken(piece) if known else ""):
                at = parse_zh_moment(taken.text())
                if at > self.desk.book.clock.now().at:
                    raise Problem("date_ahead", what="制作时间")
                changed["taken_at"] = at.isoformat()
            return (
                evidence.describe(self.desk.book, case.id, piece.number, changed)
                if changed
                else Done(None, frozenset())
            )

        said = Text("原文件和校验值不能改；改过的时间注明是检查人员的说明。", "small", "ink3", wrap=True)
        held = {"proves": proves, "method": method, "carrier": carrier, "taken": taken}
        ask(self, self.desk, f"{case.id}/{piece.number}", f"{piece.number} 的说明",
            [proves, method, carrier, taken, item, said], "存入说明", write, held)  # fmt: skip

    def _withdraw(self, piece: Evidence) -> None:
        reason = Field("撤下的原因")
        case = self._case
        assert case is not None
        said = Text("撤下后不再写入文书；原件、校验值和这一步都留在记录里。", "small", "ink2", wrap=True)
        ask(self, self.desk, f"{case.id}/{piece.number}/withdraw", f"撤下 {piece.number}", [said, reason], "撤下证据",
            lambda: evidence.withdraw(self.desk.book, case.id, piece.number, reason.text()), {"reason": reason})  # fmt: skip

    def _choose_filter(self, name: str) -> None:
        self._filter = name
        if self._case is not None:
            self.show_case(self._case)

    def take_photos(self) -> None:
        """Import photos that belong to no item yet."""
        if self._case is not None:
            PhotoTray.open_for(self, self.desk, self._case, "")


class Picture(QWidget):
    """A photo in its own proportion, as wide as the panel."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self._pixmap = QPixmap()
        self._pixmap.loadFromData(content)
        self.setFixedHeight(look.px(226))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        path = QPainterPath()
        path.addRoundedRect(QRectF(self.rect()), look.px(8), look.px(8))
        painter.setClipPath(path)
        painter.fillRect(self.rect(), look.colour("track"))
        if not self._pixmap.isNull():
            size = self._pixmap.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            target = QRectF(0, 0, size.width(), size.height())
            target.moveCenter(QRectF(self.rect()).center())
            painter.drawPixmap(target, self._pixmap, QRectF(self._pixmap.rect()))
        painter.end()


def _taken(piece: Evidence) -> str:
    """When the picture was taken, or that nobody knows."""
    if piece.taken_at is None:
        return ""
    at = f"{zh_date(piece.taken_at.date())} {zh_time(piece.taken_at)}"
    return f"{at} 存入，拍摄时间不明" if piece.time_from == STORED else at


def _belongs(piece: Evidence, name: str) -> bool:
    if piece.withdrawn:
        return name == "已撤下"
    return name == "全部" or (name == "缺说明" and bool(piece.missing)) or (name == "未关联" and not piece.item)
