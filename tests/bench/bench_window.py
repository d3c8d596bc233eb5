"""How long until the window stands, until the checklist is open in it, and until a paper shows what was typed."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.office import arrive, office

READY = """
import gc, sys
gc.disable()  # as `inspector-app` does until the window stands
from pathlib import Path
from inspector_app.actions import sign_in, trial
from inspector_app.ui.run import make_app, make_window, present
from tests.laptops import laptop_at
laptop = laptop_at(Path(sys.argv[1]))
app = make_app(laptop.folder)
window = make_window(app, laptop, trial=True)
present(window)
window._entered(sign_in.sign_in(laptop, "shen", trial.SECRET))
app.processEvents()
window.grab()
print("ready", len(window.desk.queries.inspections()), flush=True)
if len(sys.argv) > 2:
    import statistics, time
    from inspector_app.tour.hand import Hand
    from tests.office import CASE
    hand = Hand(window)
    window.desk.open("case", CASE)
    def opened():
        begin = time.perf_counter()
        window.desk.open_stage(2)
        app.processEvents()
        window.grab()
        return (time.perf_counter() - begin) * 1000
    first = opened()
    spent = []
    for _ in range(9):
        stage = window.screens["case"].stage
        stage._form_key = ""
        window.desk.open_stage(1)
        hand.settle()
        spent.append(opened())
    print(first, statistics.median(spent), flush=True)
window.close()
window.desk.tasks.close()
"""
TYPED = """
import statistics, sys, time
from pathlib import Path
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from inspector_app.actions import sign_in, trial
from inspector_app.tour.hand import Hand
from inspector_app.ui.run import make_app, make_window, present
from inspector_app.ui.widgets.pages import Pages
from inspector_app.ui.widgets.paper_tab import PaperTab
from tests.laptops import laptop_at
from tests.office import CASE
laptop = laptop_at(Path(sys.argv[1]))
app = make_app(laptop.folder)
window = make_window(app, laptop, trial=True)
present(window)
window._entered(sign_in.sign_in(laptop, "shen", trial.SECRET))
hand = Hand(window)
window.desk.open("case", CASE)
hand.settle()
hand.press("文书")
hand.click(hand.find(PaperTab, "询问笔录"))
(view,) = hand.all(Pages)
shown, show = [], view.show_pdf
view.show_pdf = lambda content: (show(content), shown.append(view.count))
spent = []
for n in range(12):
    hand.fill("被询问人", f"示例{n}")
    shown.clear()
    begin = time.perf_counter()
    QTest.keyClick(app.focusWidget(), Qt.Key.Key_Tab)
    while not shown:
        app.processEvents()
    view.viewport().grab()
    spent.append((time.perf_counter() - begin) * 1000)
print(shown[-1], statistics.median(spent), flush=True)
window.close()
window.desk.tasks.close()
"""


def main() -> None:
    with TemporaryDirectory() as name:
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPYCACHEPREFIX": f"{name}/compiled"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        office(Path(name)).close()
        folder = str(Path(name) / "laptop")
        spent = []
        count = "?"
        for _ in range(6):
            begin = time.perf_counter()
            with subprocess.Popen(
                [sys.executable, "-c", READY, folder], env=environment, stdout=subprocess.PIPE, text=True
            ) as run:
                assert run.stdout is not None
                count = run.stdout.readline().split()[1]
                spent.append((time.perf_counter() - begin) * 1000)
        # the first compiles the modules, as the first start after an installation
        median = statistics.median(spent[1:])
        print(f"window: ready, signed in, {count} inspections  {median:7.0f} ms  (target 1500), from process start")
        done = subprocess.run([sys.executable, "-c", READY, folder, "list"], env=environment, capture_output=True, text=True,
                              check=True)  # fmt: skip
        first, warm = (float(x) for x in done.stdout.splitlines()[-1].split())
        print(f"window: checklist of 107 items opened     {warm:7.0f} ms  (target 150), the first time {first:.0f} ms")
        session = office(Path(name) / "arrived")
        arrive(session.book)
        session.close()
        folder = str(Path(name) / "arrived" / "laptop")
        done = subprocess.run(
            [sys.executable, "-c", TYPED, folder], env=environment, capture_output=True, text=True, check=True
        )
        pages, drawn = done.stdout.split()[-2:]
        print(
            f"window: key to the drawn draft, {pages} pages   {float(drawn):7.0f} ms  (target 150), with the act on the disk"
        )


if __name__ == "__main__":
    main()
