"""The tour: a whole visit of the sample bureau through the real windows, by keys and mouse only.

It sees nothing but the window. What it tells in summary.json is computed from the record that it exports through the
window, and the record is checked by the command that anybody would use.
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from ..ui.run import make_app, make_window
from ..ui.surroundings import has_screen, interrupts
from ..ui.window import Window
from .album import Album
from .bureau import LegalReview, Review
from .hand import Hand
from .later import Rectification
from .rounds import Rounds
from .summary import faults, summary, verify
from .visit import Visit

_LACKING = ("This plugin does not support", "PulseAudioService:", "QRhi*")
"""How Qt begins to tell what a machine without screen and sound has not; the tour needs none of it."""


@dataclass(frozen=True)
class Colleague:
    """Somebody of the bureau with a laptop of the own."""

    id: str
    laptop: Any


class Tour:
    """The story, told once; pictures, papers and the record are left in `out`."""

    def __init__(self, window: Window, lead: Window, reviewer: Window, out: Path, laptop: Any) -> None:
        self.out, self.pace = out, laptop.clock.pace
        self.hand, self.album = Hand(window), Album(out / "pictures")
        self.visit = Visit(self.hand, self.album, out)
        self._legal = LegalReview(self.hand, reviewer, self.album)
        self._review = Review(self.hand, lead, self.album)
        self._later = Rectification(self.hand, self.album, laptop.folder / "示例整改照片")
        self._rounds = Rounds(self.hand, self.album)

    def run(self) -> dict[str, Any]:
        """The whole story; returns the summary. Raises LookupError when a window does not offer what it should."""
        started = time.monotonic()
        self._tell(self.visit.stages())
        self._tell([("法制审核", self._legal.run)])
        self._tell(self.visit.later_stages())
        seconds = time.monotonic() - started
        bureau: dict[str, Any] = {}
        self._tell(
            [("局里", lambda: bureau.update(self._review.run())), ("复查", self._later.run), ("图片", self._rounds.run)]
        )
        print("  核验", flush=True)
        visit, record = self.visit, self.out / "record.zip"
        keys = [*visit.keys, *self._legal.keys]
        status, report = verify(record, visit.code, keys)
        return summary(visit, self.hand, self.album, self.pace, record) | {
            "bureau": bureau, "seconds": round(seconds, 1), "whole_seconds": round(time.monotonic() - started, 1),
            "verify": {"exit": status, "report": report.splitlines(), "anchor": visit.code, "keys": keys},
        }  # fmt: skip

    def stop(self) -> None:
        """Put all hands down."""
        for hand in (self.hand, self._legal.reviewer, self._review.lead):
            hand.stop()

    def _tell(self, stages: Sequence[tuple[str, Callable[[], object]]]) -> None:
        for name, stage in stages:
            self.hand.stage = name
            print(f"  {name}", flush=True)
            stage()


def free_folder(wanted: Path) -> Path:
    """The folder itself when it is empty or not there, else the first free one beside it: tour, tour-2, tour-3.

    Raises:
        OSError: there is a file of that name.
    """
    further = (wanted.with_name(f"{wanted.name}-{number}") for number in count(2))
    return next(folder for folder in chain([wanted], further) if not folder.exists() or not any(folder.iterdir()))


def run_tour(laptop: Any, out: Path, bureau: Any, lead: Colleague, reviewer: Colleague) -> int:
    """Run the tour with a laptop of the trial, telling each stage; returns 0 only if all of it holds.

    `bureau` asks for the server that the trial carries along; the colleagues have windows of their own.

    It needs no screen. Raises KeyboardInterrupt when it was stopped, after the windows are closed.
    """
    (out / "papers").mkdir(parents=True, exist_ok=True)
    if not has_screen():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    print(f"演示一次检查，约一分钟，写到 {out}", flush=True)
    known = qInstallMessageHandler(
        lambda kind, context, message: None if message.startswith(_LACKING) else print(message)
    )
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)  # its keys reach windows of Qt only
    app = make_app(laptop.folder)
    window = make_window(app, laptop, trial=True, bureau=bureau)
    others = [make_window(app, each.laptop, trial=True, bureau=bureau, colleague=each.id) for each in (lead, reviewer)]
    for each in (*others, window):
        each.set_theme("light")
        each.resize(1366, 768)
        each.show()
    tour = Tour(window, others[0], others[1], out, laptop)
    raised: list[str] = []
    hook, sys.excepthook = (
        sys.excepthook,
        lambda kind, error, trace: raised.append("".join(traceback.format_exception(kind, error, trace))),
    )
    try:
        with interrupts(app, tour.stop):
            told = tour.run()
    except LookupError as error:
        window.grab().save(str(out / "stopped.png"))
        print(f"演示停在“{tour.hand.stage}”：{error}")
        return 1
    finally:
        for each in (*others, window):
            each.close()
            each.desk.tasks.close()
        sys.excepthook = hook
        print("".join(raised), end="")
        qInstallMessageHandler(known)
    (out / "summary.json").write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", "utf-8")
    broken = faults(told) + [f"an error in the window: {text.splitlines()[-1]}" for text in raised]
    print("\n".join(told["verify"]["report"]))
    print(f"图片 {out / 'pictures'}\n文书 {out / 'papers'}\n过程记录 {out / 'record.zip'}\n数字 {out / 'summary.json'}")
    for line in broken:
        print(f"没有做到：{line}")
    return 1 if broken else 0
