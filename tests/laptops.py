"""A laptop of the trial for tests; imports no more than a window needs to stand."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from inspector_app.actions import trial
from inspector_app.actions.laptop import Laptop
from inspector_app.actions.rules import Rules
from inspector_app.store.keys import Cost, KeyBox
from inspector_app.store.place import Place

QUICK = Cost(2**10, 8, 1)
"""scrypt in a millisecond; the strength of the real parameters is not what these tests ask about."""

RESERVE = 64 * 1024
"""Held back in tests; the real 64 MiB of every laptop would fill the disk of the tests."""

HERE = Place("test", "", 0)
"""All laptops of the tests stand in one place: copying a folder is how a test sets one up."""


_sample = cache(trial.sample)


def laptop_at(folder: Path, rules: Rules | None = None) -> Laptop:
    """A laptop of the trial whose keys are quick to open and need no keyring."""
    return Laptop(
        folder, trial.clock(_sample()), rules or Rules(), "0.1.0", lambda path: KeyBox(path, None, QUICK), RESERVE,
        lambda path: HERE,
    )  # fmt: skip
