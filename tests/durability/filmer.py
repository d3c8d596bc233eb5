"""The child that is killed while it records: the drawn source in real time, as the window has it.

`filmer.py FOLDER WHAT FRAME`: a picture every FRAME milliseconds; tells `ready` and the recording's id when it runs, and then `at`
and the milliseconds that have gone by.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QTimer

from inspector_app.actions import recording, sign_in, trial
from inspector_app.ui.capture import sources
from inspector_app.ui.capture.recorder import RATES, Recorder
from inspector_app.ui.run import make_app
from tests.office import CASE, laptop_at


def main() -> None:
    folder, what = Path(sys.argv[1]), sys.argv[2]
    sources._FRAME_MS = int(sys.argv[3])
    app = make_app(folder)
    session = sign_in.sign_in(laptop_at(folder), "shen", trial.SECRET)
    live = Recorder(sources.Drawn("示例", what))
    running = recording.start(session.book, CASE, what, "示例", RATES[what]).value
    live.record(running.sink)
    print("ready", running.id, flush=True)
    timer = QTimer()
    timer.setInterval(20)
    timer.timeout.connect(lambda: print("at", live.duration, flush=True))
    timer.start()
    app.exec()


if __name__ == "__main__":
    main()
