"""A recording goes on however late a busy laptop lets the pictures come."""

from __future__ import annotations

import os
import time
from itertools import pairwise
from threading import Thread

from PySide6.QtMultimedia import QVideoFrame
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector_app.actions import recording
from inspector_app.ui.capture.recorder import Recorder
from inspector_app.ui.capture.sources import Drawn
from tests.patience import WAIT

PACE = 0.05
MOMENT = 1000


def drain(out: int) -> None:
    with os.fdopen(out, "rb") as file:
        while file.read(65536):
            pass


def test_two_pictures_never_fall_into_one_moment(qtbot: QtBot) -> None:
    """A tick that is late by all but a whole one is followed by the next at once. The muxer counts in milliseconds, and the
    encoder gives up at the second picture of one: a recording ended by itself on a busy laptop."""
    out, into = os.pipe()
    thread = Thread(target=drain, args=(out,), daemon=True)
    thread.start()
    live = Recorder(Drawn("示例", recording.FILM))
    starts, ends, shown = list[int](), list[str](), [time.monotonic()]

    def seen(frame: QVideoFrame) -> None:
        starts.append(frame.startTime())
        shown[0] = time.monotonic()

    live.sink.videoFrameChanged.connect(seen)
    live.ended.connect(lambda _, detail: ends.append(detail))
    live.record(into)
    qtbot.waitUntil(lambda: live.duration > 300, timeout=WAIT)
    for early in range(60):
        # the window does not answer
        time.sleep(max(0.0, shown[0] + 2 * PACE - 0.0003 - 0.0001 * (early % 9) - time.monotonic()))
        until = time.monotonic() + 0.002
        while time.monotonic() < until:
            QApplication.processEvents()
    assert ends == [], "it goes on"
    assert all(later - sooner >= MOMENT for sooner, later in pairwise(starts))
    with qtbot.waitSignal(live.ended, timeout=WAIT):
        live.stop()
    live.close()
    thread.join()
