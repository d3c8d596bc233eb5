"""The live picture over the whole window: what it is for is filled in already, Space is the shutter."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QDialog, QSlider, QWidget

from ...actions import recording, shooting
from ...actions.procedure import check_open
from ...domain.calendar import zh_time
from ...domain.casefile import CaseFile
from ...domain.evidence import Evidence
from ...domain.finding import Finding
from ...domain.problems import Problem
from ..desk import Desk
from ..offers import WORK
from ..pictures import Pictures
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.fields import Pick
from ..widgets.live import LivePicture
from ..widgets.panels import Line, Side, column, row
from ..widgets.pressable import Pressable, paint_focus
from ..widgets.text import Text
from .subject import Topic, topics_of_clause, topics_of_visit

ASIDE = 3000
"""Milliseconds that the windows of the program are away before the screen is taken: time to bring the right one to the front."""


class Shutter(Pressable):
    """A round button for the thumb."""

    def __init__(self) -> None:
        super().__init__()
        self.setText("拍照")
        self.setAccessibleName("拍照")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
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
        if self.ringed:
            paint_focus(painter, QRectF(self.rect()), self.width() / 2)
        painter.end()


class CaptureView(QDialog):
    """Picture at the left; at the right what it is of, the shutter, and the recording. A photo closes it, unless more are
    to follow."""

    def __init__(self, parent: QWidget, desk: Desk, case: CaseFile, topics: Sequence[Topic]) -> None:
        super().__init__(parent)
        self._desk, self._case, self._topics = desk, case, {topic.key: topic for topic in topics}
        self.setWindowTitle("拍照、录音录像")
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        filming = desk.filming
        self.picture = QWidget()
        self._place = column(self.picture, spacing=0)
        offers = filming.offers()
        named = [(offer.name, f"{offer.name}（{offer.what}）") for offer in offers]
        self.source = Pick("用什么拍", named, self._choose)
        self._offers = {offer.name: offer for offer in offers}
        self.item = Pick("用于", [(topic.key, topic.words) for topic in topics], lambda _: self._chosen())
        chosen = desk.item_by_case.get(case.id, "")
        self.item.show_value(chosen if chosen in self._topics else topics[0].key)
        self._pictures = Pictures(desk)
        self._pictures.came.connect(lambda _: self._lay_over())
        self._before: dict[str, Evidence] = {}
        self.before = Pick("叠上以前的照片", [], lambda _: self._lay_over())
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setAccessibleName("以前的照片有多清楚")
        self.opacity.setRange(10, 90)
        self.opacity.setValue(50)
        self.opacity.valueChanged.connect(lambda _: self._lay_over())
        self._proves = Text("", "body", "ink", wrap=True)
        self._stamp = Text("", "small", "ink2", wrap=True)
        self._printed = QWidget()
        self._printed.setLayout(column(Line(), Text("印在副本上的", "small", "ink3"), self._stamp, spacing=6))
        self.shutter = Shutter()
        self.shutter.clicked.connect(lambda _=False: self._shoot())
        self.more = Button("连拍，拍完不返回", "tick", checkable=True, height=36)
        self.record = Button("", "secondary", "record", act=self._toggle, key="F9")
        self._way = Text("空格键", "small", "ink3")
        self._told = Text("", "small", "ink2", wrap=True)
        self.back = Button("返回", "ghost", "x", act=self.reject, key="Esc")
        side = Side("left", 280, 320)
        side.setLayout(
            column(
                self.item, Text("证明对象", "small", "ink3"), self._proves, self.before, self.opacity, Line(), self.source, None,
                row(None, self.shutter, None), row(None, self._way, None), self.more, None,
                self._told, self._printed, Line(), row(self.record, None, self.back),
                spacing=6, margins=(18, 10, 18, 10),
            )
        )  # fmt: skip
        layout = row(self._place, side, spacing=0)
        layout.setStretch(0, 1)
        self.setLayout(layout)
        self._under = parent.window()
        self._aside = QTimer(self)
        self._aside.setSingleShot(True)
        self._aside.setInterval(ASIDE)
        self._aside.timeout.connect(self._come_back)
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self._show)
        filming.changed.connect(self._show)
        filming.shot.connect(self._kept)
        desk.leaving.connect(self.reject)
        self.finished.connect(lambda _: self._gone())

    @classmethod
    def open_for(cls, window: QWidget, desk: Desk, clause: Finding | None = None) -> None:
        """Over the whole window, for the visit or for a clause at a re-inspection; where nothing may be captured now, or there
        is nothing to do it with, that is told."""
        try:
            if not desk.case_id:
                raise Problem("not_found", what="要拍照的检查")
            case = desk.queries.case(desk.case_id)
            desk.book.allow(WORK, case.id)
            if clause is None:
                check_open(desk.book, case, "evidence_taken")
            made = cls(
                window, desk, case, topics_of_clause(desk, case, clause) if clause else topics_of_visit(desk, case)
            )
            made._watch()
        except Problem as problem:
            desk.told.emit(str(problem), "warn")
            return
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        made.setGeometry(window.geometry())
        made.open()
        made._chosen()
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
        self._lay_over()

    def _choose(self, name: str) -> None:
        if self._desk.filming.running is not None:
            self._tell(str(Problem("recording_runs", what=self._desk.filming.running.what)), "warn")
            live = self._desk.filming.live
            self.source.show_value(live.source.name if live is not None else name)
            return
        self._watch()
        self._show()

    # -- what it is of ----------------------------------------------------------------------------------------

    @property
    def _topic(self) -> Topic:
        return self._topics[self.item.value()]

    def _chosen(self) -> None:
        """Another item has other photos that may be laid over the picture."""
        before = self._topic.before()
        self._before = {piece.sha256: piece for _, piece in before}
        self.before.input.clear()
        for key, words in (("", "不叠"), *((piece.sha256, words) for words, piece in before)):
            self.before.input.addItem(words, key)
        self._lay_over()
        self._show()

    def _lay_over(self) -> None:
        """The older photo over the live picture, for taking today's from the same place."""
        piece = self._before.get(self.before.value())
        self.before.setVisible(bool(self._before))
        self._printed.setVisible(not self._before or self.height() >= look.px(700))
        self.opacity.setVisible(piece is not None)
        if isinstance(self.picture, LivePicture):
            over = (self._pictures.of(piece, 1280) or self._pictures.of(piece, 320)) if piece is not None else None
            self.picture.lay_over(over or QImage(), self.opacity.value() / 100)

    def _show(self) -> None:
        """The words beside the picture: they tell what will be kept if it is pressed now."""
        desk, case, filming = self._desk, self._case, self._desk.filming
        if desk.session is None or not self.isVisible():
            return
        if desk.book.areas(case.id):  # somebody of the team said so meanwhile, on another laptop
            self.reject()
            return
        if filming.live is None:  # a recording has ended, and its source with it
            self._watch()
        now, person = desk.book.clock.now().at, desk.book.person
        self._proves.setText(self._topic.proves)
        who = f"{person.name}（{person.credential_number}）"
        self._stamp.setText(f"证据号　{now:%Y-%m-%d} {zh_time(now)}\n{case.unit.name}\n{case.visit.place}\n{who}")
        sees = filming.live is not None and filming.live.source.what == recording.FILM
        own = filming.live is not None and filming.live.source.name == recording.OWN_SCREEN
        self._way.setText("空格键，窗口让开 3 秒后拍下屏幕" if own else "空格键")
        try:
            shooting.check_room(desk.book)
            full = ""
        except Problem as problem:
            full = str(problem)
            self._tell(full, "bad")
        self.shutter.setEnabled(sees and not full)
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
        """A photo; of the screen one of what lies under this window, which gets out of the way for it."""
        live = self._desk.filming.live
        if live is None or live.source.name != recording.OWN_SCREEN:
            self._take()
        elif not self._aside.isActive():
            self._aside.start()
            self.hide()
            self._under.hide()

    def _come_back(self) -> None:
        self._take()
        if not self.result():
            self._under.show()
            self.open()

    def _take(self) -> None:
        filming = self._desk.filming
        if not filming.shoot(self._topic.keep):
            name = filming.live.source.name if filming.live is not None else "摄像头"
            self._tell(str(Problem("no_picture", device=name)), "warn")
        elif not self.more.isChecked():
            self.accept()

    def _gone(self) -> None:
        self._aside.stop()
        self._under.show()
        self._desk.filming.close()

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
