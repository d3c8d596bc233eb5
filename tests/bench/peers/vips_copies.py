"""pyvips making the copies that an intake makes: `vips_copies.py LARGE SMALL FILE...` prints seconds and those of the processor."""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pyvips  # type: ignore[import-not-found, unused-ignore]

SIDES = tuple(zip(map(int, sys.argv[1:3]), (82, 80), strict=True))


def copies(file: str) -> None:
    for side, quality in SIDES:
        pyvips.Image.thumbnail(file, side).jpegsave_buffer(Q=quality)


copies(sys.argv[3])  # what the library loads at its first picture is not counted
begin, processor = time.perf_counter(), time.process_time()
with ThreadPoolExecutor(2) as pool:
    list(pool.map(copies, sys.argv[3:]))
print(time.perf_counter() - begin, time.process_time() - processor)
