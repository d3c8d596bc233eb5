"""What was measured on, how fast it is by itself, and how busy it was before."""

from __future__ import annotations

import hashlib
import os
import platform
import time
from collections.abc import Callable
from pathlib import Path

_MIB = 1 << 20


def machine() -> str:
    """The processor by name, cores, memory, and two yardsticks: one name covers processors of which one is three times the other."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    model = next((line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.machine())  # fmt: skip
    return (f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.release().split('-')[0]}, "
            f"Python {platform.python_version()}; adding ten million numbers takes {_least(_add) * 1000:.0f} ms, SHA-256 of 64 MiB "
            f"{_least(_hash) * 1000:.0f} ms; load over a minute before the run {os.getloadavg()[0]:.1f}")  # fmt: skip


def _least(work: Callable[[], object]) -> float:
    """Seconds that `work` takes when nothing is in its way: the least of five."""
    spent = []
    for _ in range(5):
        begin = time.perf_counter()
        work()
        spent.append(time.perf_counter() - begin)
    return min(spent)


def _add() -> int:
    total = 0
    for number in range(10_000_000):
        total += number
    return total


def _hash() -> bytes:
    return hashlib.sha256(bytes(64 * _MIB)).digest()
