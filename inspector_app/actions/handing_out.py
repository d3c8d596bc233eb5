"""Writing a file for somebody to take along: never over one that is there, and nothing is left of one that fails."""

from __future__ import annotations

from pathlib import Path

from ..domain.problems import Problem, reason


def write_new(target: Path, content: bytes) -> Path:
    """Raises `Problem`: `file_exists`, `file_unwritable`."""
    try:
        file = target.open("xb")
    except FileExistsError as error:
        raise Problem("file_exists", name=target.name) from error
    except OSError as error:
        raise Problem("file_unwritable", name=target.name, detail=reason(error)) from error
    try:
        with file:
            file.write(content)
    except OSError as error:
        target.unlink(missing_ok=True)
        raise Problem("file_unwritable", name=target.name, detail=reason(error)) from error
    return target
