"""`make bench`: the figures that users feel, as medians. Nothing here fails; the machine is named first."""

from __future__ import annotations

import os
import platform
from importlib import import_module

PARTS = ("window", "store", "intake", "checklist", "gallery", "papers", "review", "scan", "sync", "law", "statistics")


def main() -> None:
    print(
        f"machine: {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"
    )
    for name in PARTS:
        import_module(f"tests.bench.bench_{name}").main()


if __name__ == "__main__":
    main()
