"""Room on the disk: asked before a photo is taken in, and a reserve so that answers can still be saved."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from ..domain.problems import Problem

RESERVE = 64 * 1024 * 1024
"""Bytes held back for events when the disk is full."""

MARGIN = 192 * 1024 * 1024
"""Bytes that must stay free after a file is taken in."""

_NETWORK = ("nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "9p", "davfs", "fuse.davfs2")

COPIES = 16 * 1024 * 1024
"""Bytes that the small copies of a photo take at the most; a film has none."""


def free_bytes(place: Path) -> int:
    """Free bytes on the disk that holds `place`."""
    return shutil.disk_usage(place if place.exists() else place.parent).free


def network_drive(folder: Path, mounts: Path = Path("/proc/self/mounts")) -> str:
    """The kind of network file system that `folder` lies on, as Linux names it; "" on a disk of this computer and elsewhere."""
    if not mounts.is_file():
        return ""
    place, found = folder.resolve(), (Path("/"), "")
    for line in mounts.read_text("utf-8", "replace").splitlines():
        _, point, kind, *_ = line.split(" ")
        mount = Path(point.encode().decode("unicode_escape").encode("latin-1").decode("utf-8", "replace"))
        if place.is_relative_to(mount) and len(mount.parts) >= len(found[0].parts):
            found = (mount, kind)
    return found[1] if found[1] in _NETWORK else ""


def room_for(place: Path, size: int, free: Callable[[Path], int] = free_bytes) -> None:
    """Raises `Problem("disk_low")` when a file of `size` bytes and its copies would leave less than the margin."""
    left = free(place)
    if left < size + min(size, COPIES) + MARGIN:
        raise Problem("disk_low", free=readable(left))


def readable(size: int) -> str:
    """A size as people read it: 1.2 GB, 86 MB, 12 KB."""
    if size >= 1_000_000_000:
        return f"{size / 1e9:.1f} GB"
    return f"{size // 1_000_000} MB" if size >= 1_000_000 else f"{max(size // 1000, 0)} KB"


class Reserve:
    """A file of real blocks that is given up when the disk is full, so that one more answer can be saved."""

    def __init__(self, path: Path, size: int = RESERVE) -> None:
        self._path = path
        self._size = size

    def ensure(self) -> bool:
        """Make the reserve if it is missing and there is room; returns whether it stands."""
        if self._path.exists() and self._path.stat().st_size == self._size:
            return True
        try:
            with self._path.open("wb") as file:
                if hasattr(os, "posix_fallocate"):
                    os.posix_fallocate(file.fileno(), 0, self._size)
                else:
                    for _ in range(self._size // 65536):
                        file.write(bytes(65536))
        except OSError:
            self._path.unlink(missing_ok=True)
            return False
        return True

    def release(self) -> bool:
        """Give the blocks back to the disk; returns whether there were any."""
        try:
            self._path.unlink()
        except FileNotFoundError:
            return False
        return True
