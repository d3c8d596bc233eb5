"""Whether the files of an installed bundle are still the ones that were shipped: against damage, not against malice."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

LIST = "SHA256SUMS"
"""Beside the program: every file of the bundle with its digest, as `sha256sum --check` reads it."""


def bundle_folder() -> Path | None:
    """The folder of the bundle that runs; None when the sources do."""
    return Path(sys.executable).parent if getattr(sys, "frozen", False) else None


def damaged(folder: Path) -> Iterator[str]:
    """The files of a bundle that are missing, unreadable or other than they were; its list itself where that is so.

    Reads the whole bundle, file by file, as it is asked for the next.
    """
    try:
        lines = (folder / LIST).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        yield LIST
        return
    for line in lines:
        digest, _, name = line.partition("  ")
        if _digest(folder / name) != digest:
            yield name


def listed(folder: Path) -> str:
    """The text of `LIST` for a bundle as it lies there now."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / LIST)
    return "".join(f"{_digest(path)}  {path.relative_to(folder).as_posix()}\n" for path in files)


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
