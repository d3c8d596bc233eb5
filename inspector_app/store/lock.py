"""One owner per store: a lock file that the system gives back when its owner dies."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType

from ..domain.problems import Problem, reason


class StoreLock:
    """An exclusive lock with the owner's process id in it. A dead owner's file is taken over."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Raises `Problem("store_locked")` with the process that holds it, `Problem("folder_closed")`."""
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise Problem("folder_closed", name=self._path.parent, detail=reason(error)) from error
        try:
            _lock(descriptor)
        except OSError:
            owner = os.read(descriptor, 32).decode("ascii", "replace").strip("\0 \n") or "?"
            os.close(descriptor)
            raise Problem("store_locked", pid=owner) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        self._descriptor = descriptor

    def release(self) -> None:
        """Give the lock back; a second call does nothing."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> StoreLock:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        # One byte far behind the text, so that others can still read whose lock it is.
        os.lseek(descriptor, 1024, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
