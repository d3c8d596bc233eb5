"""Where the laptop's bundle begins: it gives way to a later version that an update has laid for this user."""

import os
import sys
from pathlib import Path

from inspector_app import __version__
from inspector_app.app import main, programs_folder
from inspector_app.updates.program import independent, later

for name in ("stdout", "stderr"):
    if getattr(sys, name) is None:  # a program without a console, on Windows
        setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  # as long as the program runs

if program := later(programs_folder(), __version__):
    try:
        os.execve(program, [str(program), *sys.argv[1:]], independent(os.environ))
    except OSError as error:
        print(f"{program}: {error}", file=sys.stderr)

raise SystemExit(main())
