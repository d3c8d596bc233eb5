"""What must be seen whatever screen is open: that it records, that nothing may be captured, that a reason is asked for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ...actions import recording
from ...domain.calendar import zh_time
from ...domain.casefile import CaseFile
from ...domain.evidence import Evidence
from ...domain.finding import Finding
from ...domain.problems import Problem
from ...domain.recorded import Recording
from ...domain.secret_area import Area
from ..desk import Desk
from ..screens.begin import ask
from ..surroundings import battery
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.fields import Field
from ..widgets.panels import Icon, column, row
from ..widgets.text import Text
from ..words import clock

LOW_MINUTES, LOW_POWER = 20, 20


class Strip(QWidget):
    """One line across the window in a tone, with its acts at the right."""

    def __init__(self, tone: str, icon: str, *acts: QWidget) -> None:
        super().__init__()
        self._tone = tone
        self.text = Text("", "strong", "ink")
        self.aside = Text("", "small", "ink2")
        sign = Icon(icon, tone, 20, "fill")
        self.setLayout(row(sign, self.text, self.aside, None, *acts, spacing=10, margins=(20, 4, 14, 4)))
        self.setFixedHeight(look.px(44))
        self.hide()

    def tell(self, text: str, aside: str = "") -> None:
        self.text.setText(text)
        self.aside.setText(aside)
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.colour(f"{self._tone}_soft"))
        painter.end()


class CaptureBar(QWidget):
    """Up to three strips; none is there when there is nothing to say."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk, filming = desk, desk.filming
        self._case: CaseFile | None = None
        self._area: Area | None = None
        self._open: Recording | None = None
        view = lambda: open_view(self.window(), desk)  # noqa: E731 - the window is known when it is pressed
        self.shutter = Button("拍照", "secondary", "camera", act=view, key="F10", height=36)
        self.stop = Button("停止", "secondary", act=filming.stop, key="F9", height=36)
        secret = Button("进入涉密区域", "ghost", "shield-warning", act=filming.enter_secret_area, height=36)
        leave = Button("已离开涉密区域", "secondary", act=self._leave, height=36)
        explain = Button("说明原因", "secondary", act=self._explain, height=36)
        self.running = Strip("bad", "record", self.shutter, self.stop, secret)
        self.secret = Strip("warn", "shield-warning", leave)
        self.interrupted = Strip("warn", "warning-circle", explain)
        self.setLayout(column(self.running, self.secret, self.interrupted, spacing=0))
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self._tick)
        filming.changed.connect(self.refresh)

    def refresh(self) -> None:
        """Read anew what the open case says."""
        case = self._case = self._open_case()
        self._show_area(self._desk.book.areas(case.id if case else "") if self._desk.session is not None else ())
        self._open = next(iter(recording.unexplained(case)), None) if case else None
        self.interrupted.setVisible(self._open is not None)
        if (broken := self._open) is not None:
            kept = (
                f"断前的 {recording.length(broken.duration)} 已存入 {broken.evidence}"
                if broken.evidence
                else "没有内容"
            )
            self.interrupted.tell(f"{zh_time(broken.started)} 开始的{broken.what}中断过", f"{kept}。请说明原因。")
        self._tick()
        running = self._desk.filming.running is not None
        self._second.start() if running else self._second.stop()

    def _show_area(self, areas: Sequence[Area]) -> None:
        """Where this laptop may capture nothing, whatever is open; the open inspection's own area before one of another."""
        area = self._area = next(iter(areas), None)
        self.secret.setVisible(area is not None)
        if area is not None:
            who = area.by(self._case.id if self._case else "")
            self.secret.tell("正在涉密区域", f"{who}登记；不拍照、不录音录像，也不导入。")

    def _open_case(self) -> CaseFile | None:
        """The case that is open; None where none is, or the one remembered is not on this laptop any more."""
        try:
            return self._desk.queries.case(self._desk.case_id) if self._desk.session is not None else None
        except Problem:
            return None

    def _tick(self) -> None:
        """The clock, and how long disk and battery will do."""
        filming = self._desk.filming
        running = filming.running
        self.running.setVisible(running is not None)
        if running is None:
            return
        minutes, power = filming.seconds_left // 60, battery()
        aside = [running.device, f"还能录 {minutes} 分钟"]
        if running.stream != self._desk.case_id:
            aside.insert(0, self._desk.queries.case(running.stream).unit.name)
        if power is not None:
            aside.append(f"电量 {power}%")
        if minutes < LOW_MINUTES or (power is not None and power < LOW_POWER):
            aside.append("快不够了，请接电源或清理磁盘")
        self.running.tell(f"{running.what}中 {clock(filming.duration)}", "　".join(aside))
        self.shutter.setVisible(running.what == recording.FILM)

    def _leave(self) -> None:
        desk, area = self._desk, self._area
        if area is None:
            return
        name = desk.book.person.name
        said = Text(
            f"由{name}确认：{area.unit}的检查组已经离开涉密区域，可以恢复拍照、录音录像和导入。", "body", wrap=True
        )
        ask(self, desk, f"{area.inspection}/secret", "离开涉密区域", [said], "确认离开",
            lambda: recording.leave_secret_area(desk.book, area.inspection), {})  # fmt: skip

    def _explain(self) -> None:
        desk, case, interrupted = self._desk, self._case, self._open
        if case is None or interrupted is None:
            return
        reason = Field("中断的原因", hint="例如：电脑断电、摄像头的线松了")
        said = Text("中断和原因都写进过程记录；断前录下的内容照样是证据。", "small", "ink2", wrap=True)
        ask(self, desk, f"{case.id}/{interrupted.id}", f"{interrupted.what}为什么中断", [said, reason], "存入原因",
            lambda: recording.explain(desk.book, case.id, interrupted.id, reason.text()), {"reason": reason})  # fmt: skip


def open_view(window: QWidget, desk: Desk, clause: Finding | None = None) -> None:
    """F10: the live picture, to take a photo of; for a clause, at a re-inspection. Multimedia is loaded with the first."""
    from .view import CaptureView

    CaptureView.open_for(window, desk, clause)


def play(parent: QWidget, desk: Desk, case: CaseFile, piece: Evidence) -> None:
    """Play a piece of evidence."""
    from .player import PlayerView

    PlayerView.open_for(parent, desk, case, piece)
