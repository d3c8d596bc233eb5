"""How long each main screen takes to open over a bureau of full size: 500 units, 40 officers, 2,000 inspections.

`python -m tests.bench.bench_statistics FOLDER` builds the bureau there once and uses it again the next time; without a
folder it is built anew and taken away, which takes two minutes and 600 MB.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import full_size

OPEN = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QSettings
from inspector_app.actions import figures, sign_in, trial
from inspector_app.domain.access import Role
from inspector_app.tour.hand import Hand
from inspector_app.ui.run import make_app, make_window, present
from tests.office import laptop_at
laptop = laptop_at(Path(sys.argv[1]))
app = make_app(laptop.folder)
QSettings().clear()
window = make_window(app, laptop, trial=True)
window.resize(1366, 768)
present(window)
begin = time.perf_counter()
session = sign_in.sign_in(laptop, "shen", trial.SECRET)
print("sign-in", 1000 * (time.perf_counter() - begin))
begin = time.perf_counter()
window._entered(session)
app.processEvents()
window.grab()
print("entry", 1000 * (time.perf_counter() - begin))
hand = Hand(window)
window.desk.book.role = Role.LEAD
names = sys.argv[2].split(",")
spent = {name: [] for name in names}
for turn in range(6):
    for name in names:
        hand.settle()
        begin = time.perf_counter()
        window.desk.open(name)
        app.processEvents()
        window.grab()
        spent[name].append(1000 * (time.perf_counter() - begin))
hand.settle()
spent["count"] = []
for turn in range(6):
    begin = time.perf_counter()
    figures.year(window.desk.book, 2025)
    spent["count"].append(1000 * (time.perf_counter() - begin))
for name, each in spent.items():
    print(name, *each)
window.close()
window.desk.tasks.close()
"""
SCREENS = (
    "today",
    "calendar",
    "inspections",
    "review",
    "publicity",
    "draws",
    "units",
    "statistics",
    "sync",
    "settings",
    "administration",
)
ONCE = {"sign-in": "signing in", "entry": "from there to 今日"}


def measure(folder: Path) -> None:
    """Build what is not there yet, and print the first opening of each screen and the median of the next five."""
    laptop = folder / "laptop"
    if not laptop.exists():
        folder.mkdir(parents=True, exist_ok=True)
        full_size.make(folder)
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([sys.executable, "-c", OPEN, str(laptop), ",".join(SCREENS)], env=environment, capture_output=True,
                          text=True, check=True)  # fmt: skip
    for line in done.stdout.splitlines():
        name, *told = line.split()
        first, *rest = map(float, told)
        if name in ONCE:
            print(f"full size: {ONCE[name]:28s} {first:7.0f} ms  (no target)")
            continue
        what = "a year counted" if name == "count" else f"screen {name} opened"
        print(f"full size: {what:28s} {statistics.median(rest):7.0f} ms  (target 200), the first time {first:.0f} ms")


def main() -> None:
    if len(sys.argv) > 1:
        measure(Path(sys.argv[1]))
        return
    with TemporaryDirectory(prefix="inspector-full-") as name:
        measure(Path(name))


if __name__ == "__main__":
    main()
