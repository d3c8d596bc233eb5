"""`inspector-app verify FILE`: the checks on the console."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .verify import verify


def run(file: Path, anchors: Sequence[str] = (), keys: Sequence[str] = ()) -> int:
    """Check a file and print the report; returns 0 all passed, 1 something failed, 2 something was not checked.

    Raises:
        OSError: there is no such file, or it cannot be read; nothing was checked then.
    """
    file.open("rb").close()
    report = verify(file, anchors, keys)
    print(report.text())
    return report.status
