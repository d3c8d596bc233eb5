"""A recording played inside the window, straight from the vault: nothing of it is ever written in the clear.

Qt reads the file on threads of its own, and for some calls the player waits for them. Who holds Python's lock meanwhile
keeps them from reading, for ever. So everything the player is told goes through the event loop, which holds no lock.
"""

from __future__ import annotations

from functools import partial
from typing import BinaryIO

from PySide6.QtCore import Q_ARG, QIODevice, QMetaObject, Qt, QUrl
from PySide6.QtGui import QKeyEvent
from PySide6.QtMultimedia import (
    QAudioOutput,
    QMediaDevices,
    QMediaFormat,
    QMediaMetaData,
    QMediaPlayer,
    QVideoFrame,
    QVideoSink,
)
from PySide6.QtWidgets import QDialog, QSlider, QWidget

from ...actions import recording
from ...domain.casefile import CaseFile
from ...domain.evidence import Evidence
from ...domain.problems import Problem
from ..desk import Desk
from ..widgets.buttons import Button
from ..widgets.live import LivePicture
from ..widgets.panels import Surface, column, row
from ..widgets.text import Text
from ..words import clock

_SIGHT, _SOUND = "画面", "声音"
JUMP = 5_000
"""Milliseconds that an arrow key moves by."""


class Decrypting(QIODevice):
    """A file of the vault as Qt reads it, from its own threads; a part that is not what was sealed reads as the end."""

    def __init__(self, film: BinaryIO, size: int) -> None:
        super().__init__()
        self._film, self._size = film, size
        self.problem: Problem | None = None
        self.open(QIODevice.OpenModeFlag.ReadOnly | QIODevice.OpenModeFlag.Unbuffered)

    def isSequential(self) -> bool:
        return False

    def size(self) -> int:
        return self._size

    def readData(self, most: int) -> bytes:
        try:
            self._film.seek(self.pos())
            return self._film.read(most)
        except Problem as problem:
            self.problem = problem
            self._size = self.pos()  # Qt would ask again and again for what does not come
            return b""

    def close(self) -> None:
        super().close()
        self._film.close()


class PlayerView(QDialog):
    """Picture, slider, play and pause; Space and the arrow keys as everywhere."""

    def __init__(self, parent: QWidget, desk: Desk, case: CaseFile, piece: Evidence, film: BinaryIO) -> None:
        super().__init__(parent)
        self._piece, self._device = piece, Decrypting(film, piece.size)
        self._codecs = partial(recording.codecs_of, desk.book, case.id, piece.number)
        self.setWindowTitle(f"{piece.number} {piece.kind}")
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self._sink = QVideoSink()
        self.player = QMediaPlayer()
        self.player.setVideoSink(self._sink)
        if QMediaDevices.audioOutputs():
            self.player.setAudioOutput(QAudioOutput(self.player))
        self._first: int | None = None  # where the film begins: a recorder's time does not start at 0
        self._sink.videoFrameChanged.connect(self._begun)
        self.player.positionChanged.connect(lambda _: self._moved())
        self.player.playbackStateChanged.connect(lambda _: self._show())
        self.player.mediaStatusChanged.connect(self._status)
        self.player.errorOccurred.connect(lambda _, said: self._fail(said))
        waiting = "只有声音，没有画面。" if piece.kind == recording.SOUND else "正在打开。"
        self.picture = LivePicture(self._sink, f"{piece.number} 的画面", waiting)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName("播放到哪里")
        self.slider.setRange(0, max(piece.duration, 1))
        self.slider.sliderMoved.connect(self.seek)
        self.slider.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the arrows are the view's
        self.play = Button("播放", "primary", act=self.toggle, key="空格")
        self._time = Text("", "strong")
        self.told = Text("", "small", "bad", wrap=True)
        self.told.hide()
        title = Text(f"{piece.number}　{piece.kind}　{piece.proves}", "small", "ink2")
        back = Button("返回", "ghost", "x", act=self.reject, key="Esc")
        foot = Surface("surface", "top")
        line = row(self.play, self.slider, self._time, back, spacing=12)
        line.setStretch(1, 1)
        foot.setLayout(column(line, title, self.told, spacing=4, margins=(18, 10, 18, 10)))
        layout = column(self.picture, foot, spacing=0)
        layout.setStretch(0, 1)
        self.setLayout(layout)
        desk.leaving.connect(self.reject)
        self.finished.connect(lambda _: self._let_go())
        self._moved()

    @classmethod
    def open_for(cls, parent: QWidget, desk: Desk, case: CaseFile, piece: Evidence) -> None:
        """Over the whole window, playing at once; a file that is away or damaged is told."""
        try:
            film = recording.open_film(desk.book, case.id, piece.number)
        except Problem as problem:
            desk.told.emit(str(problem), "bad")
            return
        window = parent.window()
        made = cls(window, desk, case, piece, film)
        made.setGeometry(window.geometry())
        made.open()
        made.play.setFocus()
        made.player.setSourceDevice(made._device, QUrl(piece.original_name))
        made._tell("play")

    def toggle(self) -> None:
        """Play or pause; at the end it begins again."""
        playing = self.player.playbackState() == QMediaPlayer.PlaybackState.PlayingState
        self._tell("pause" if playing else "play")

    @property
    def at(self) -> int:
        """Milliseconds from the first picture."""
        return max(self.player.position() - (self._first or 0), 0)

    def seek(self, at: int) -> None:
        """Go to so many milliseconds from the first picture."""
        self._tell("setPosition", Q_ARG("qlonglong", max(at, 0) + (self._first or 0)))

    def _tell(self, name: str, *arguments: object) -> None:
        """Have the event loop call the player."""
        QMetaObject.invokeMethod(self.player, name, Qt.ConnectionType.QueuedConnection, *arguments)  # type: ignore[call-overload]

    def _begun(self, frame: QVideoFrame) -> None:
        if self._first is None and frame.isValid():
            self._first = max(frame.startTime() // 1000, 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Right: JUMP, Qt.Key.Key_Left: -JUMP}.get(Qt.Key(event.key()))
        if step is not None:
            self.seek(self.at + step)
        else:
            super().keyPressEvent(event)

    def _moved(self) -> None:
        at, whole = self.at, self._piece.duration or self.player.duration()
        self.slider.setMaximum(max(whole, 1))
        if not self.slider.isSliderDown():
            self.slider.setValue(at)
        self._time.setText(f"{clock(at)} / {clock(whole)}")

    def _show(self) -> None:
        playing = self.player.playbackState() == QMediaPlayer.PlaybackState.PlayingState
        self.play.set_text("暂停" if playing else "播放")

    def _status(self, status: QMediaPlayer.MediaStatus) -> None:
        if status == QMediaPlayer.MediaStatus.NoMedia:
            self._device.close()
            self.deleteLater()
        elif self._device.problem is not None:
            self._say(self._device.problem)
        elif status == QMediaPlayer.MediaStatus.InvalidMedia:
            self._fail("格式打不开")

    def _fail(self, said: str) -> None:
        if self._device.problem is None and (what := self._not_decoded()):
            self._say(Problem("no_decoder", number=self._piece.number, what=what, codecs=self._codecs()))
            if what != _SOUND:
                self.picture.say("画面放不出来，原因写在下面。")
            if what == f"{_SIGHT}和{_SOUND}":
                self._tell("stop")
            return
        self._say(self._device.problem or Problem("film_unplayable", number=self._piece.number, detail=said))

    def _say(self, problem: Problem) -> None:
        self.told.setText(str(problem))
        self.told.show()

    def _not_decoded(self) -> str:
        """Which tracks Qt knows no coding of: 画面, 声音 or both; "" where it knows them all."""
        sights = [track.value(QMediaMetaData.Key.VideoCodec) for track in self.player.videoTracks()]
        sounds = [track.value(QMediaMetaData.Key.AudioCodec) for track in self.player.audioTracks()]
        lacks_sight = QMediaFormat.VideoCodec.Unspecified in sights
        lacks_sound = QMediaFormat.AudioCodec.Unspecified in sounds
        return "和".join(word for word, lacks in ((_SIGHT, lacks_sight), (_SOUND, lacks_sound)) if lacks)

    def _let_go(self) -> None:
        """The player lets go of the file first; `_status` hears when it has."""
        self._tell("stop")
        self._tell("setSource", Q_ARG(QUrl, QUrl()))
