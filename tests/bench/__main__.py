"""`make bench`: the figures that users feel, as medians. Nothing here fails; the machine is named first."""

from __future__ import annotations

import os
import platform

from tests.bench import bench_checklist, bench_intake, bench_papers, bench_review, bench_store, bench_sync, bench_window


def main() -> None:
    print(
        f"machine: {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"
    )
    for part in (bench_window, bench_store, bench_intake, bench_checklist, bench_papers, bench_review, bench_sync):
        part.main()


if __name__ == "__main__":
    main()
