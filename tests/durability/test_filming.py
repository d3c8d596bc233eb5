"""kill -9 while it records: what was recorded up to two seconds before is there, and can be played."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtCore import QEventLoop, QTimer, QUrl
from PySide6.QtMultimedia import QAudioBuffer, QAudioBufferOutput, QMediaPlayer, QVideoFrame, QVideoSink

from inspector_app.actions import recording, sign_in, trial
from inspector_app.actions.recording import FILM, SOUND
from inspector_app.ui.capture.player import Decrypting
from tests.office import CASE, arrive, laptop_at, office
from tests.patience import WAIT

ROOT = Path(__file__).resolve().parents[2]
MOST = 2.0
"""Seconds that a kill may cost."""
STEP = 0.2
"""Seconds of a bar of the histogram."""


def killed(folder: Path, what: str, after: int, frame: int) -> tuple[str, float]:
    """Let the child record, a picture every `frame` milliseconds, and kill it after so many; returns the recording's id and
    the seconds that it had recorded."""
    id, told = "", 0
    with subprocess.Popen(
        [sys.executable, "-m", "tests.durability.filmer", str(folder), what, str(frame)], cwd=ROOT, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True,
    ) as child:  # fmt: skip
        assert child.stdout is not None
        for line in child.stdout:
            word, value = line.split()
            if word == "ready":
                id = value
            else:
                told = int(value)
            if told >= after:
                child.kill()
                break
        child.wait()
    assert child.returncode == -9
    return id, told / 1000


def played(device: Decrypting, what: str) -> float:
    """Play to the end as fast as it goes; returns the seconds from the first picture or sound to the last."""
    player, sink, sound, loop = QMediaPlayer(), QVideoSink(), QAudioBufferOutput(), QEventLoop()
    moments: list[int] = []

    def seen(frame: QVideoFrame) -> None:
        if frame.isValid():
            moments.extend((frame.startTime(), frame.endTime()))

    def heard(buffer: QAudioBuffer) -> None:
        moments.extend((buffer.startTime(), buffer.startTime() + buffer.duration()))

    def over(status: QMediaPlayer.MediaStatus) -> None:
        if status in (QMediaPlayer.MediaStatus.EndOfMedia, QMediaPlayer.MediaStatus.InvalidMedia):
            loop.quit()

    if what == FILM:
        sink.videoFrameChanged.connect(seen)
        player.setVideoSink(sink)
    else:
        sound.audioBufferReceived.connect(heard)
        player.setAudioBufferOutput(sound)
    player.mediaStatusChanged.connect(over)
    player.setSourceDevice(device, QUrl(f"x.{'mkv' if what == FILM else 'flac'}"))
    QTimer.singleShot(0, player.play)
    QTimer.singleShot(WAIT, loop.quit)
    loop.exec()
    QTimer.singleShot(0, player.stop)
    QTimer.singleShot(50, loop.quit)
    loop.exec()
    return (max(moments) - min(moments)) / 1e6 if moments else 0.0


def lost(folder: Path, what: str, after: int, frame: int = 50) -> float:
    """Seconds that one kill costs: what the next start finds, plays and has in the inspection."""
    id, recorded = killed(folder, what, after, frame)
    session = sign_in.sign_in(laptop_at(folder), "shen", trial.SECRET)
    try:
        assert recording.recover(session.book).value == (CASE,)
        case = session.queries.case(CASE)
        made = next(made for made in case.recordings if made.id == id)
        piece = next(piece for piece in case.evidence if piece.number == made.evidence)
        assert made.interrupted and made in recording.unexplained(case)
        device = Decrypting(recording.open_film(session.book, CASE, piece.number), piece.size)
        seconds = played(device, what)
        device.close()
        assert abs(piece.duration / 1000 - seconds) < 1.5, "the length that is told is about what is there"
        return recorded - seconds
    finally:
        session.close()


def prepared(folder: Path) -> Path:
    session = office(folder)
    arrive(session.book)
    session.close()
    return folder / "laptop"


@pytest.mark.parametrize(("what", "after", "frame"), [(FILM, 2300, 50), (FILM, 4600, 200), (SOUND, 2700, 50)])
def test_a_kill_costs_two_seconds_at_most(qapp: object, tmp_path: Path, what: str, after: int, frame: int) -> None:
    """Also with a camera that gives five pictures a second, as in a dark store-room."""
    cost = lost(prepared(tmp_path), what, after, frame)
    print(f"{what}: {cost:.2f} s lost")
    assert cost <= MOST


@pytest.mark.campaign
def test_a_hundred_kills(qapp: object, tmp_path: Path) -> None:
    """`make campaign`: on one laptop, each somewhere between 1 and 4 seconds; KILLS and SEED run other ones."""
    folder, chance = prepared(tmp_path), random.Random(int(os.environ.get("SEED", "7")))
    each = int(os.environ.get("KILLS", "100")) // 2

    def cost(what: str) -> float:
        seconds = lost(folder, what, chance.randrange(1000, 4000), chance.choice((50, 50, 200)))
        print(f"{what} {seconds:.2f} s", flush=True)
        return seconds

    costs = {what: [cost(what) for _ in range(each)] for what in (FILM, SOUND)}
    for what, all_of in costs.items():
        print(f"{what}: {each} kills, lost median {sorted(all_of)[each // 2]:.2f} s, most {max(all_of):.2f} s")
        steps = Counter(int(max(cost, 0) / STEP) for cost in all_of)
        for step in range(max(steps) + 1):
            print(f"  {step * STEP:.1f} to {(step + 1) * STEP:.1f} s  {steps[step]:3d}  {'#' * steps[step]}")
    assert max(max(all_of) for all_of in costs.values()) <= MOST
