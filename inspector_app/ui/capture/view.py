"""The live picture over the whole window: what it is for is filled in already, Space is the shutter."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QDialog, QWidget

from ...actions import recording
from ...domain.calendar import zh_time
from ...domain.casefile import CaseFile
from ...domain.problems import Problem
from ..desk import Desk
from ..theme import look
from ..widgets.buttons import Button, paint_focus
from ..widgets.fields import Pick
from ..widgets.live import LivePicture
from ..widgets.panels import Line, Side, column, row
from ..widgets.text import Text


class Shutter(QAbstractButton):
    """A round button for the thumb."""

    def __init__(self) -> None:
        super().__init__()
        self.setText("拍照")
        self.setAccessibleName("拍照")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(QSize(look.px(76), look.px(76)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, whole = QPointF(self.rect().center()), self.width() / 2 - look.px(4)
        painter.setPen(QPen(look.colour("brand"), look.px(4)))
        painter.setBrush(look.colour("surface"))
        painter.drawEllipse(middle, whole - look.px(2), whole - look.px(2))
        painter.setPen(Qt.PenStyle.NoPen)
        token = "brand_hover" if self.isDown() else "brand"
        painter.setBrush(look.colour(token if self.isEnabled() else "disabled"))
        painter.drawEllipse(middle, whole - look.px(8), whole - look.px(8))
        if self.hasFocus():
            paint_focus(painter, QRectF(self.rect()), self.width() / 2)
        painter.end()


class CaptureView(QDialog):
    """Picture at the left; at the right what it is of, the shutter, and the recording. A photo closes it, unless more are
    to follow."""

    def __init__(self, parent: QWidget, desk: Desk, case: CaseFile) -> None:
        super().__init__(parent)
        self._desk, self._case = desk, case
        self.setWindowTitle("拍照、录音录像")
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        filming = desk.filming
        self.picture = QWidget()
        self._place = column(self.picture, spacing=0)
        offers = filming.offers()
        named = [(offer.name, f"{offer.name}（{offer.what}）") for offer in offers]
        self.source = Pick("用什么拍", named, self._choose)
        self._offers = {offer.name: offer for offer in offers}
        items = [("", "不关联检查项"), *((item.code, f"{item.code} {item.text}") for item in case.items)]
        self.item = Pick("用于检查项", items, lambda _: self._show())
        self.item.show_value(desk.item_by_case.get(case.id, ""))
        self._proves = Text("", "body", "ink", wrap=True)
        self._stamp = Text("", "small", "ink2", wrap=True)
        self.shutter = Shutter()
        self.shutter.clicked.connect(lambda _=False: self._shoot())
        self.more = Button("连拍，拍完不返回", "filter", "images", checkable=True, height=36)
        self.record = Button("", "secondary", "record", act=self._toggle, key="F9")
        self._told = Text("", "small", "ink2", wrap=True)
        self.back = Button("返回", "ghost", "x", act=self.reject, key="Esc")
        side = Side("left", 280, 320)
        side.setLayout(
            column(
                self.item, Text("证明对象", "small", "ink3"), self._proves, Line(), self.source, None,
                row(None, self.shutter, None), row(None, Text("空格键", "small", "ink3"), None), self.more, None,
                self._told, Line(), Text("印在副本上的", "small", "ink3"), self._stamp, Line(), row(self.record, None, self.back),
                spacing=6, margins=(18, 10, 18, 10),
            )
        )  # fmt: skip
        layout = row(self._place, side, spacing=0)
        layout.setStretch(0, 1)
        self.setLayout(layout)
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self._show)
        filming.changed.connect(self._show)
        filming.shot.connect(self._kept)
        desk.leaving.connect(self.reject)
        self.finished.connect(lambda _: filming.close())

    @classmethod
    def open_for(cls, window: QWidget, desk: Desk) -> None:
        """Over the whole window; where nothing may be captured now, or there is nothing to do it with, that is told."""
        try:
            if not desk.case_id:
                raise Problem("not_found", what="要拍照的检查")
            case = desk.queries.case(desk.case_id)
            if refusal := desk.filming.refusal():
                desk.told.emit(refusal, "warn")
                return
            made = cls(window, desk, case)
            made._watch()
        except Problem as problem:
            desk.told.emit(str(problem), "warn")
            return
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        made.setGeometry(window.geometry())
        made.open()
        made._show()
        made._second.start()
        made.shutter.setFocus()

    def _watch(self) -> None:
        """Show what the live source sees."""
        live = self._desk.filming.open(self._offers.get(self.source.value()))
        self.source.show_value(live.source.name)
        sees = live.source.what == recording.FILM
        waiting = "正在打开摄像头，画面马上出来。" if sees else "只有声音，没有画面。按 F9 开始录音。"
        shown = LivePicture(live.sink, f"{live.source.name}的画面", waiting)
        self._place.replaceWidget(self.picture, shown)
        self.picture.deleteLater()
        self.picture = shown

    def _choose(self, name: str) -> None:
        if self._desk.filming.running is not None:
            self._tell(str(Problem("recording_runs", what=self._desk.filming.running.what)), "warn")
            live = self._desk.filming.live
            self.source.show_value(live.source.name if live is not None else name)
            return
        self._watch()
        self._show()

    def _show(self) -> None:
        """The words beside the picture: they tell what will be kept if it is pressed now."""
        desk, case, filming = self._desk, self._case, self._desk.filming
        if desk.session is None:
            return
        fact, now, person = case.item(self.item.value()), desk.book.clock.now().at, desk.book.person
        self._proves.setText((fact.note or fact.text) if fact else "存入后再写，或先选检查项。")
        who = f"{person.name}（{person.credential_number}）"
        self._stamp.setText(f"证据号　{now:%Y-%m-%d} {zh_time(now)}\n{case.unit.name}\n{case.visit.place}\n{who}")
        sees = filming.live is not None and filming.live.source.what == recording.FILM
        self.shutter.setEnabled(sees)
        what = filming.live.source.what if filming.live is not None else recording.FILM
        self.record.set_text(f"停止{what}" if filming.running else what)

    def _toggle(self) -> None:
        self._desk.filming.toggle()
        self._tell(self.parent_problem(), "bad")

    def parent_problem(self) -> str:
        """What the window under it tells; it cannot be seen from here."""
        bar = getattr(self.parent(), "problems", None)
        return str(bar.sentence()) if bar is not None else ""

    def _shoot(self) -> None:
        filming = self._desk.filming
        if not filming.shoot(self.item.value()):
            name = filming.live.source.name if filming.live is not None else "摄像头"
            self._tell(str(Problem("no_picture", device=name)), "warn")
        elif not self.more.isChecked():
            self.accept()

    def _kept(self, number: str) -> None:
        self._tell(f"已存入 {number}", "ok")

    def _tell(self, sentence: str, tone: str) -> None:
        self._told.setText(sentence)
        self._told.set_tone(tone)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.shutter.isEnabled():
            self._shoot()
        elif event.key() == Qt.Key.Key_F9:
            self._toggle()
        else:
            super().keyPressEvent(event)
