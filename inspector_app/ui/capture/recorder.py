"""One source that is switched on: its live picture, a photo of it, and a recording of it into a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QBuffer, QByteArray, QFile, QFileDevice, QIODevice, QObject, QTimer, QUrl, Signal
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import QMediaCaptureSession, QMediaFormat, QMediaRecorder, QVideoSink

from ...actions.recording import FILM, SOUND
from .sources import Source

BITS = 4_000_000
"""Bits of picture a second: 2 GB an hour."""
SOUND_BITS = 96_000
"""Bits of sound a second, where the encoder is asked."""

RATES = {FILM: (BITS + SOUND_BITS) / 8, SOUND: 60_000.0}
"""Bytes a second that a recording takes at most, by what it is."""

_PATIENCE = 15_000
"""Milliseconds that the encoder may take to end before its end is taken for granted."""


class Recorder(QObject):
    """Holds the session. `ended(duration, detail)`: milliseconds, and what went wrong or ""."""

    ended = Signal(int, str)

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.source = source
        self.sink = QVideoSink()
        self._session = QMediaCaptureSession()
        self._session.setVideoSink(self.sink)
        source.join(self._session)
        source.failed.connect(self._fail)
        self._recorder: QMediaRecorder | None = None
        self._file = QFile()
        self._stopping, self._detail = False, ""
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE)
        self._patience.timeout.connect(self._finish)
        source.on()

    def close(self) -> None:
        """Let go of the device. A recording has to be stopped before."""
        self.source.off()
        self._session.setVideoSink(None)  # type: ignore[arg-type]  # the stubs leave out that it may be none

    @property
    def lacks(self) -> str:
        """The encoder that a recording of this source needs and this computer's Qt has not, by name; "" where it has all."""
        wanted = _format(self.source.what, sound=self.source.sounds)
        encode = QMediaFormat.ConversionMode.Encode
        if wanted.isSupported(encode):
            return ""
        if wanted.videoCodec() not in (*wanted.supportedVideoCodecs(encode), QMediaFormat.VideoCodec.Unspecified):
            return QMediaFormat.videoCodecName(wanted.videoCodec())
        return QMediaFormat.audioCodecName(wanted.audioCodec())

    def record(self, sink: int) -> None:
        """Record into a descriptor, which is closed at the end; a pipe, so that Qt never asks it to go back."""
        self._stopping, self._detail = False, ""
        how = QIODevice.OpenModeFlag.WriteOnly | QIODevice.OpenModeFlag.Unbuffered
        self._file.open(sink, how, QFileDevice.FileHandleFlag.AutoCloseHandle)
        recorder = self._recorder = QMediaRecorder()
        recorder.setMediaFormat(_format(self.source.what, sound=self.source.sounds))
        recorder.setEncodingMode(QMediaRecorder.EncodingMode.AverageBitRateEncoding)
        recorder.setVideoBitRate(BITS)
        recorder.setAudioBitRate(SOUND_BITS)
        recorder.errorOccurred.connect(lambda _, said: self._fail(said))
        recorder.recorderStateChanged.connect(self._changed)
        self._session.setRecorder(recorder)
        with _named(sink, "mkv" if self.source.what == FILM else "flac") as path:
            if path:
                recorder.setOutputLocation(QUrl.fromLocalFile(path))
            else:
                recorder.setOutputDevice(self._file)
            recorder.record()  # opens it before it returns

    def stop(self) -> None:
        """Ask it to end; `ended` follows when everything has gone into the pipe."""
        if self._recorder is not None and not self._stopping:
            self._stopping = True
            self._patience.start()
            self._recorder.stop()

    @property
    def duration(self) -> int:
        """Milliseconds recorded so far."""
        return self._recorder.duration() if self._recorder is not None else 0

    def picture(self) -> bytes:
        """The newest frame as JPEG; empty where none has come yet."""
        image = self.sink.videoFrame().toImage()
        return _jpeg(image) if not image.isNull() else b""

    def _fail(self, detail: str) -> None:
        """Whatever is said after the stop is no fault: a pipe cannot be gone back in to write the trailer."""
        if not self._stopping:
            self._detail = detail
            self.stop()

    def _changed(self, state: QMediaRecorder.RecorderState) -> None:
        if state == QMediaRecorder.RecorderState.StoppedState:
            self._finish()

    def _finish(self) -> None:
        recorder = self._recorder
        if recorder is None:
            return
        self._patience.stop()
        self._recorder, self._stopping = None, True
        duration = recorder.duration()
        self._session.setRecorder(None)  # type: ignore[arg-type]
        self._file.close()
        recorder.deleteLater()
        self.ended.emit(duration, self._detail)


@contextmanager
def _named(sink: int, ending: str) -> Iterator[str]:
    """A name for a pipe under which it can be opened again; "" where the system knows none. No file ever stands there.

    A muxer that opens a pipe itself knows that nothing can be gone back in, and gives out what it has after a second or
    32 KiB. Through a device of Qt's it holds everything back to the next whole picture, which a camera that gives five
    pictures a second in the dark has after 2.4 seconds.
    """
    if sys.platform == "win32":
        yield ""
        return
    with TemporaryDirectory(prefix="inspector-") as folder:
        path = Path(folder) / f"pipe.{ending}"
        path.symlink_to(f"/dev/fd/{sink}")
        yield str(path)


def _format(what: str, *, sound: bool) -> QMediaFormat:
    """Matroska for film and plain FLAC for sound: both are readable up to wherever a crash cut them. Matroska with sound
    alone would hold five seconds back."""
    if what == FILM:
        made = QMediaFormat(QMediaFormat.FileFormat.Matroska)
        made.setVideoCodec(QMediaFormat.VideoCodec.MPEG4)
        made.setAudioCodec(QMediaFormat.AudioCodec.AAC if sound else QMediaFormat.AudioCodec.Unspecified)
    else:
        made = QMediaFormat(QMediaFormat.FileFormat.FLAC)
        made.setAudioCodec(QMediaFormat.AudioCodec.FLAC)
    return made


def _jpeg(image: QImage) -> bytes:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPEG", 92)  # type: ignore[call-overload]  # it takes no bytes, whatever the stubs say
    return bytes(content.data())
