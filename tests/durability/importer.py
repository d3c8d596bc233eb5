"""The child that takes in a large card, so that its memory is nobody else's.

`importer.py FOLDER SOURCE STOP`: stops by itself before file STOP, 0 for never; tells JSON lines: `{done, total, memory}`
while it goes on, at the end what came of it. Memory is resident kilobytes, its peak at the end (Linux).
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from inspector_app.actions import intake, sign_in, trial
from tests.office import CASE, laptop_at

EVERY = 500


def memory(name: str = "VmRSS") -> int:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def main() -> None:
    folder, source, stop = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    session = sign_in.sign_in(laptop_at(folder), "shen", trial.SECRET)
    told = [-1]

    def progress(done: int, total: int) -> bool:
        if done != told[0] and done % EVERY == 0:
            print(json.dumps({"done": done, "total": total, "memory": memory()}), flush=True)
        told[0] = done
        return not stop or done < stop

    begin, before = time.monotonic(), memory()
    taken = intake.take_in(session.book, CASE, sorted(source.rglob("*.*")), progress=progress).value
    print(json.dumps({
        "kept": len(taken.numbers), "twice": len(taken.twice), "refused": len(taken.refused), "before": before,
        "peak": memory("VmHWM"), "seconds": round(time.monotonic() - begin, 1),
    }), flush=True)  # fmt: skip
    session.close()


if __name__ == "__main__":
    main()
