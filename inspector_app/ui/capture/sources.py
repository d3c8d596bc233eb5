"""Where picture and sound come from: camera, microphone, screen, and a drawn store-room for trial and tests.

One port: a source joins a capture session and is switched on and off. Who records does not ask which it is.
"""

from __future__ import annotations

import array
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QByteArray, QObject, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QImage, QLinearGradient, QPainter
from PySide6.QtMultimedia import (
    QAudioBuffer,
    QAudioBufferInput,
    QAudioDevice,
    QAudioFormat,
    QAudioInput,
    QCamera,
    QCameraDevice,
    QMediaCaptureSession,
    QMediaDevices,
    QScreenCapture,
    QVideoFrame,
    QVideoFrameInput,
)

from ...actions.recording import FILM, OWN_SCREEN, SOUND
from ..theme import FAMILY

WIDTH, HEIGHT = 1280, 720
"""Pixels of a film where the camera can choose: faces and labels are legible, and an hour takes 2 GB."""


class Source(QObject):
    """What every source can do. `failed` tells in the system's words that it gave up."""

    failed = Signal(str)

    def __init__(self, name: str, what: str, *, sounds: bool = True) -> None:
        super().__init__()
        self.name, self.what, self.sounds = name, what, sounds

    def join(self, session: QMediaCaptureSession) -> None:
        """Take the place for picture and sound of a session."""
        raise NotImplementedError

    def on(self) -> None:
        """Switch it on; frames come some time later."""

    def off(self) -> None:
        """Switch it off and let go of the device."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A source that is there to be chosen."""

    name: str
    what: str  # 录像 录音
    make: Callable[[], Source]


def offers(*, trial: bool) -> list[Offer]:
    """The sources of this computer, the likeliest first; in the trial the drawn ones come before what is plugged in."""
    drawn = [
        Offer("示例摄像头", FILM, partial(Drawn, "示例摄像头", FILM)),
        Offer("示例麦克风", SOUND, partial(Drawn, "示例麦克风", SOUND)),
    ]
    found = [Offer(device.description(), FILM, partial(Camera, device)) for device in QMediaDevices.videoInputs()]
    found += [Offer(device.description(), SOUND, partial(Microphone, device)) for device in QMediaDevices.audioInputs()]
    if QGuiApplication.primaryScreen() is not None and QGuiApplication.platformName() != "offscreen":
        found.append(Offer(OWN_SCREEN, FILM, Screen))
    return [*drawn, *found] if trial else found


class Camera(Source):
    """A camera, with the system's microphone where there is one."""

    def __init__(self, device: QCameraDevice) -> None:
        self._sound = QAudioInput() if QMediaDevices.audioInputs() else None
        super().__init__(device.description(), FILM, sounds=self._sound is not None)
        self._camera = QCamera(device)
        formats = sorted(device.videoFormats(), key=lambda f: abs(f.resolution().width() - WIDTH))
        if formats:
            self._camera.setCameraFormat(formats[0])
        self._camera.errorOccurred.connect(lambda _, said: self.failed.emit(said))

    def join(self, session: QMediaCaptureSession) -> None:
        session.setCamera(self._camera)
        if self._sound is not None:
            session.setAudioInput(self._sound)

    def on(self) -> None:
        self._camera.start()

    def off(self) -> None:
        self._camera.stop()


class Microphone(Source):
    """Sound alone."""

    def __init__(self, device: QAudioDevice) -> None:
        super().__init__(device.description(), SOUND)
        self._sound = QAudioInput(device)

    def join(self, session: QMediaCaptureSession) -> None:
        session.setAudioInput(self._sound)


class Screen(Source):
    """What the laptop's own screen shows, for what a unit has in its information system."""

    def __init__(self) -> None:
        super().__init__(OWN_SCREEN, FILM, sounds=False)
        self._screen = QScreenCapture()
        self._screen.errorOccurred.connect(lambda _, said: self.failed.emit(said))

    def join(self, session: QMediaCaptureSession) -> None:
        session.setScreenCapture(self._screen)

    def on(self) -> None:
        self._screen.start()

    def off(self) -> None:
        self._screen.stop()


_FRAME_MS = 50
_APART = _FRAME_MS / 2 / 1000
"""Seconds between two pictures at least. After a late tick the next comes in its own time, maybe at once; two pictures within a
millisecond are one moment to the muxer, and the encoder gives the recording up."""
_RATE = 44_100


class Drawn(Source):
    """A drawn store-room with a running clock, and a soft tone; it shows no real place."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(name, what)
        self._video = QVideoFrameInput() if what == FILM else None
        self._sound = QAudioBufferInput()
        self._format = QAudioFormat()
        self._format.setSampleRate(_RATE)
        self._format.setChannelCount(1)
        self._format.setSampleFormat(QAudioFormat.SampleFormat.Int16)
        self._room, self._tone = _store_room(), _tone()
        self._begun, self._drawn, self._sounded = 0.0, 0.0, 0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_FRAME_MS)
        self._timer.timeout.connect(self._tick)

    def join(self, session: QMediaCaptureSession) -> None:
        if self._video is not None:
            session.setVideoFrameInput(self._video)
        session.setAudioBufferInput(self._sound)

    def on(self) -> None:
        self._begun, self._drawn, self._sounded = time.monotonic(), -_APART, 0
        self._timer.start()
        self._tick()  # Qt asks for frames only after the first has come

    def off(self) -> None:
        self._timer.stop()

    def _tick(self) -> None:
        now = time.monotonic() - self._begun
        if self._video is not None and now - self._drawn >= _APART:
            self._drawn = now
            frame = QVideoFrame(_at(self._room, now))
            frame.setStartTime(round(now * 1e6))
            frame.setEndTime(round(now * 1e6) + _FRAME_MS * 1000)
            self._video.sendVideoFrame(frame)
        while self._sounded < now * _RATE:
            start = round(self._sounded * 1e6 / _RATE)
            self._sound.sendAudioBuffer(QAudioBuffer(self._tone, self._format, start))
            self._sounded += self._tone.size() // 2


def _tone() -> QByteArray:
    """A tenth of a second of 440 Hz, which begins again where it ends."""
    samples = (int(1500 * math.sin(2 * math.pi * 440 * n / _RATE)) for n in range(_RATE // 10))
    return QByteArray(array.array("h", samples).tobytes())


def _store_room() -> QImage:
    """Shelves with boxes."""
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    wall = QLinearGradient(QPointF(0, 0), QPointF(0, HEIGHT))
    wall.setColorAt(0, QColor(208, 212, 208))
    wall.setColorAt(1, QColor(136, 140, 140))
    painter.fillRect(image.rect(), wall)
    tones = [QColor(122, 96, 66), QColor(86, 104, 124), QColor(150, 140, 118), QColor(98, 112, 92)]
    for shelf in range(3):
        top = 70 + shelf * 205
        for box in range(21):
            rect = QRectF(46 + box * 57, top, 51, 158)
            painter.fillRect(rect, tones[(box * 7 + shelf * 5) % 4])
            painter.fillRect(rect.adjusted(9, 24, -9, -92), QColor(236, 232, 218))
        painter.fillRect(QRectF(30, top + 158, 1220, 15), QColor(92, 98, 104))
    painter.end()
    return image


def _at(room: QImage, seconds: float) -> QImage:
    """The store-room with the time it has been on."""
    image = room.copy()
    painter = QPainter(image)
    font = QFont(FAMILY)
    font.setPixelSize(34)
    painter.setFont(font)
    painter.fillRect(QRectF(40, 18, 440, 46), QColor(20, 30, 38))
    painter.setPen(QColor(240, 240, 232))
    painter.drawText(QRectF(56, 18, 420, 46), int(Qt.AlignmentFlag.AlignVCenter), f"示例画面　{seconds:7.2f} 秒")
    painter.fillRect(QRectF(40 + seconds * 60 % 1180, 692, 20, 20), QColor(196, 54, 44))
    painter.end()
    return image
