"""Where a store lies, so that a copy on another disk or computer is not taken for the laptop it was copied from."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """The computer, the database's path on it and its number in the file system."""

    machine: str
    path: str
    inode: int

    def is_same(self, other: Place) -> bool:
        """Whether both can be one store: on one computer, and at one path or, when moved, still the same file.

        A whole disk copied bit by bit, computer id included, cannot be told from the inside: it shows as a fork.
        """
        return self.machine == other.machine and (self.path == other.path or self.inode == other.inode)

    def plain(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @classmethod
    def read(cls, raw: bytes) -> Place:
        return cls(**json.loads(raw))


def place_of(database: Path) -> Place:
    """Where a database lies now."""
    return Place(_machine(), str(database.resolve()), database.stat().st_ino)


def _machine() -> str:
    """The computer's own id; "" where the system keeps none in a file (macOS): then path and file alone tell.

    No address of a network card stands in for it: one that is plugged in or out would make another computer.
    """
    if sys.platform == "win32":
        import winreg

        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography") as key:
            return str(winreg.QueryValueEx(key, "MachineGuid")[0])
    for file in (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id")):
        if file.is_file() and (text := file.read_text("ascii").strip()):
            return text
    return ""
