"""Writing what somebody takes along: never over what is there, and nothing is left of what fails."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ..domain.problems import Problem, reason


def write_new(target: Path, content: bytes) -> Path:
    """Write a file. Raises `Problem`: `file_exists`, `file_unwritable`."""
    with _refused(target.name):
        file = target.open("xb")
        try:
            with file:
                file.write(content)
        except OSError:
            target.unlink(missing_ok=True)
            raise
    return target


def write_folder(target: Path, files: Iterable[tuple[str, bytes]]) -> Path:
    """Write a new folder of files, each under its path in it. Raises `Problem`: `file_exists`, `file_unwritable`."""
    with _refused(target.name):
        target.mkdir()
        try:
            for name, content in files:
                (target / name).parent.mkdir(parents=True, exist_ok=True)
                (target / name).write_bytes(content)
        except OSError:
            shutil.rmtree(target, ignore_errors=True)
            raise
    return target


@contextmanager
def _refused(name: str) -> Iterator[None]:
    """What the system refuses, as a problem."""
    try:
        yield
    except FileExistsError as error:
        raise Problem("file_exists", name=name) from error
    except OSError as error:
        raise Problem("file_unwritable", name=name, detail=reason(error)) from error
