"""What a window need not import to stand: tools that only some acts use, and screens that nobody has opened."""

from __future__ import annotations

import subprocess
import sys

LATER = {"PIL", "openpyxl", "numpy", "reportlab", "fontTools", "docx", "zxingcpp", "pyxform", "httpx", "PySide6.QtMultimedia",
         "inspector_app.papers.render", "inspector_app.ui.printing", "inspector_app.ui.screens.case"}  # fmt: skip


def imported(code: str) -> set[str]:
    code = f"import sys, inspector_app.ui.run; {code}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_a_window_stands_without_the_tools_of_single_acts() -> None:
    assert not LATER & imported("pass")


def test_what_nobody_opened_is_read_ahead() -> None:
    """Every place on the rail is there then, so that its first opening waits for nothing."""
    held = imported("from inspector_app.ui import places; list(places.read_ahead()); before = set(sys.modules); "
                    "[place.load() for place in places.PLACES]; assert before == set(sys.modules)")  # fmt: skip
    assert LATER & held == {"inspector_app.papers.render", "inspector_app.ui.printing", "inspector_app.ui.screens.case"}
