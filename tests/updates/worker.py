"""The children that are killed: each takes an update, or brings a store up to date, and dies at the step it was told.

One process reads jobs from its standard input, a JSON list a line, forks a child for each, and answers with how it ended.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from inspector_app.actions import sign_in, trial, updates
from inspector_app.domain.clock import SystemClock
from inspector_app.store import engine, migration, upgrade
from inspector_app.store.ledger import Store
from inspector_app.updates import program
from tests.laptops import laptop_at

PROGRAM_STEPS = (*updates.STEPS, "naming", "named", "syncing")
"""Besides what is told: around each rename, and among the files of a version."""
STORE_STEPS = ("copying", "copied", "migrating", "migrated", "versioned", "rebuilt", "finishing")

ROOT = Path(__file__).resolve().parents[2]
LATER = engine.SCHEMA_VERSION + 1


@contextmanager
def running() -> Iterator[Callable[..., int]]:
    """Gives a function that has a job done and returns the signal its child died of, or 0."""
    words = [sys.executable, "-m", "tests.updates.worker"]
    with subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdin is not None and worker.stdout is not None
        ask, answer = worker.stdin, worker.stdout

        def job(*parts: object) -> int:
            ask.write(json.dumps([str(part) for part in parts]) + "\n")
            ask.flush()
            return int(answer.readline())

        yield job
        ask.close()


def main() -> None:
    for line in sys.stdin:
        kind, *words = json.loads(line)
        child = os.fork()
        if child == 0:
            take(*words) if kind == "program" else bring_up_to_date(*words)
            os._exit(0)
        print(os.WTERMSIG(os.waitpid(child, 0)[1]), flush=True)


def killer(wanted: str, number: int) -> Callable[[str], None]:
    """Dies at the `number`-th passing of a step."""
    passed: Counter[str] = Counter()

    def at(step: str) -> None:
        passed[step] += 1
        if step == wanted and passed[step] == number:
            os.kill(os.getpid(), signal.SIGKILL)

    return at


def around(owner: Any, name: str, at: Callable[[str], None], before: str = "", after: str = "") -> None:
    original = getattr(owner, name)

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        at(before)
        result = original(*args, **kwargs)
        at(after)
        return result

    setattr(owner, name, wrapped)


def take(file: str, folder: str, anchor: str, programs: str, step: str, number: str = "1") -> None:
    at = killer(step, int(number))
    around(program, "settle", at, "naming", "named")
    around(program, "sync_file", at, "syncing")
    laptop = replace(laptop_at(Path(folder)), clock=SystemClock(), anchor=Path(anchor), programs=Path(programs))
    updates.take(laptop, Path(file), passed=at)


def bring_up_to_date(folder: str, migrations: str, step: str) -> None:
    at = killer(step, 1)
    os.environ["DIES_WHILE_MIGRATING"] = "1" if step == "migrating" else ""
    vars(engine)["SCHEMA_VERSION"], vars(migration)["MIGRATIONS"] = LATER, Path(migrations)
    around(upgrade, "_copy", at, "copying", "copied")
    around(migration, "upgrade", at, "", "migrated")
    around(Store, "rebuild", at, "versioned", "rebuilt")
    around(Store, "set_meta", at, "", "finishing")
    sign_in.sign_in(laptop_at(Path(folder)), "shen", trial.SECRET).close()


if __name__ == "__main__":
    main()
