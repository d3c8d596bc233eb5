"""Files that outlast a power cut; a leaf that every room may read and that reads none."""

from __future__ import annotations

import os
from pathlib import Path


def sync_file(path: Path) -> None:
    """Return when the file's content is on the disk."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable; Windows has no way to sync a folder and needs none."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def make_folder(folder: Path) -> None:
    """A folder of this user's alone that outlasts a power cut, with those above it; one that is there costs nothing."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True, mode=0o700)
        sync_folder(folder.parent)


def settle(part: Path, target: Path) -> None:
    """Give a file that is wholly written and synced its name, in place of an older one, and make that durable."""
    part.replace(target)
    sync_folder(target.parent)
