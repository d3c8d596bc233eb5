"""What a window need not import to stand: tools that only some acts use."""

from __future__ import annotations

import subprocess
import sys

LATER = {"PIL", "openpyxl", "numpy", "reportlab", "fontTools", "docx", "zxingcpp", "pyxform", "httpx", "PySide6.QtMultimedia"}


def test_a_window_stands_without_the_tools_of_single_acts() -> None:
    code = "import sys, inspector_app.ui.run; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not LATER & set(done.stdout.split())
