"""Recording while the visit goes on: which source is live, what runs, and how it ends. Multimedia is loaded with the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QObject, QSettings, QTimer, Signal

from ...actions import recording
from ...actions.book import Done
from ...domain.problems import Problem

if TYPE_CHECKING:
    from ..desk import Desk
    from .recorder import Recorder
    from .sources import Offer
    from .subject import Keep

SETTLED = 10_000
"""Milliseconds of a recording after which its own rate tells how long the disk will do."""

PATIENCE = 30_000
"""Milliseconds that closing the window waits for the end of a recording."""

_CHOSEN = "capture_source"


class Filming(QObject):
    """What the desk knows of camera and microphone."""

    changed = Signal()
    shot = Signal(str)  # number of the photo that was kept

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self.live: Recorder | None = None
        self.running: recording.Running | None = None
        self._ending = False
        self._reason = ""
        self._watch = QTimer(self)
        self._watch.setInterval(1000)
        self._watch.timeout.connect(self._look)
        desk.leaving.connect(self.close)

    # -- the source -------------------------------------------------------------------------------------------

    def offers(self) -> list[Offer]:
        """The sources of this computer, the one chosen last before the others."""
        from .sources import offers

        chosen = str(QSettings().value(_CHOSEN, ""))
        return sorted(offers(trial=self._desk.trial), key=lambda offer: offer.name != chosen)

    def open(self, offer: Offer | None = None) -> Recorder:
        """Switch a source on, the likeliest where none is named; the one that is on stays on while it records.

        Raises:
            Problem: `no_source`; `secret_area`: there not even a picture is looked at.
        """
        from .recorder import Recorder

        self._desk.book.check_outside(self._desk.case_id)
        if self.live is not None and (offer is None or self.running or offer.name == self.live.source.name):
            return self.live
        if offer is None:
            offer = next(iter(self.offers()), None)
        else:
            QSettings().setValue(_CHOSEN, offer.name)
        if offer is None:
            raise Problem("no_source", what="摄像头或麦克风")
        self.close()
        live = self.live = Recorder(offer.make())
        live.ended.connect(self._ended)
        live.source.failed.connect(self._lost)
        return live

    def close(self) -> None:
        """Let go of the source, unless it records."""
        if self.live is not None and self.running is None:
            self.live.close()
            self.live.deleteLater()
            self.live = None

    def _lost(self, detail: str) -> None:
        if self.live is not None:
            self._desk.told.emit(str(Problem("source_failed", device=self.live.source.name, detail=detail)), "bad")

    # -- recording --------------------------------------------------------------------------------------------

    def toggle(self) -> None:
        """F9: begin, or end what runs."""
        if self.running is None:
            self.start()
        else:
            self.stop()

    def start(self) -> None:
        """Begin a recording of the open case; what forbids it is told."""
        from .recorder import RATES

        desk, stream, shown = self._desk, self._desk.case_id, self.live is not None
        if self.running is not None or self._ending:
            return
        try:
            recording.check_start(desk.book, stream)  # before the device is touched
            live = self.open()
            if live.lacks:  # before the event: nothing is begun that could not go on
                raise Problem("no_encoder", what=live.source.what, codec=live.lacks)
            done = recording.start(
                desk.book, stream, live.source.what, live.source.name, RATES[live.source.what],
                lambda error: desk.tasks.report(lambda: self.stop(_DISK_FULL)),
            )  # fmt: skip
        except Problem as problem:
            if not shown:
                self.close()
            desk.told.emit(str(problem), "bad")
            return
        self.running, self._reason = done.value, ""
        desk.busy += 1
        live.record(done.value.sink)
        self._watch.start()
        desk.finished(done)
        self.changed.emit()

    def stop(self, reason: str = "") -> None:
        """End what runs; `reason` where no person asked for it. It is evidence a moment later."""
        if self.running is not None and self.live is not None and not self._ending:
            self._ending, self._reason = True, reason
            self.live.stop()
            self.changed.emit()

    def finish(self) -> None:
        """End what runs and wait until it is kept: the window is being closed."""
        self.stop()
        if self._ending:
            loop = QEventLoop()
            self.changed.connect(lambda: None if self._ending else loop.quit())
            QTimer.singleShot(PATIENCE, loop.quit)  # what is sealed is found again at the next start
            loop.exec()

    @property
    def duration(self) -> int:
        """Milliseconds of what runs."""
        return self.live.duration if self.live is not None and self.running is not None else 0

    @property
    def seconds_left(self) -> int:
        """For how long the disk will do at the rate of what runs."""
        from .recorder import RATES

        running = self.running
        if running is None:
            return 0
        own = running.film.size * 1000 / self.duration if self.duration > SETTLED else 0.0
        return recording.seconds_left(self._desk.book, own or RATES[running.what])

    def _look(self) -> None:
        """Every second: a recording ends before it takes the room that answers need, and in an area of state secrets, whoever
        said that the team has gone in."""
        if self.running is None or self._ending:
            return
        if self._desk.book.areas(self.running.stream):
            self.stop(_SECRET)
        elif self.seconds_left < 10:
            self.stop(_DISK_FULL)

    def _ended(self, duration: int, detail: str) -> None:
        running, live, desk = self.running, self.live, self._desk
        if running is None or live is None:
            return
        self._ending = True
        self._watch.stop()
        broken = bool(detail) or self._reason == _DISK_FULL
        if detail:
            desk.told.emit(str(Problem("source_failed", device=running.device, detail=detail)), "bad")
        reason = self._reason or ("设备没有画面或声音" if detail else "")
        poster, book = live.picture(), desk.book

        def over(done: Done[str] | None) -> None:
            self.running, self._ending = None, False
            desk.busy -= 1
            self.close()
            if done is not None:
                desk.finished(done)
                said = f"{running.what}已存入证据 {done.value}" if done.value else f"{running.what}没有内容"
                desk.toasted.emit(f"{said}，{recording.length(duration)}", None)
            self.changed.emit()

        desk.run(
            f"存入{running.what}", lambda: recording.stop(book, running, duration, reason, broken=broken, poster=poster),
            over, failed=lambda: over(None),
        )  # fmt: skip

    def recover(self) -> None:
        """Take up what a crash left; told with what the record now asks for."""
        book, desk = self._desk.book, self._desk

        def then(done: Done[tuple[str, ...]]) -> None:
            if done.value:
                desk.finished(done)
                desk.told.emit("上次的录音录像被打断，断前的内容已存入证据。打开这件检查，说明中断的原因。", "warn")

        if recording.left_over(book):
            desk.run("整理上次中断的录制", lambda: recording.recover(book), then)

    # -- photos and areas of state secrets --------------------------------------------------------------------

    def shoot(self, keep: Keep) -> bool:
        """Take what is seen; False where nothing is seen yet. `keep` stores it on the worker, and `shot` tells of it."""
        live, desk = self.live, self._desk
        picture = live.picture() if live is not None else b""
        if live is None or not picture:
            return False
        device, at = live.source.name, desk.book.clock.now().at

        def kept(done: Done[str]) -> None:
            desk.finished(done)
            desk.toasted.emit(f"照片已存入 {done.value}", None)
            self.shot.emit(done.value)

        desk.run("存入照片", lambda: keep(picture, device, at), kept)
        return True

    def enter_secret_area(self) -> None:
        """What runs ends at once; from here on the record lets nothing be captured."""
        stream = self.running.stream if self.running is not None else self._desk.case_id
        self.stop(_SECRET)
        self.close()
        self._desk.act(recording.enter_secret_area, self._desk.book, stream)


_DISK_FULL, _SECRET = "磁盘快满", "进入涉密区域"
