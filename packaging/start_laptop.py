"""Where the laptop's bundle begins."""

import os
import sys
from pathlib import Path

from inspector_app.app import main

for name in ("stdout", "stderr"):
    if getattr(sys, name) is None:  # a program without a console, on Windows
        setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  # as long as the program runs

raise SystemExit(main())
