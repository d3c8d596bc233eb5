"""Versions of the program laid beside each other, and the one name that says which of them runs.

    program/0.2.0/          a version, whole: it has its name only when everything in it is on the disk
    program/current         the version that runs; put in place by one rename
    program/….part          what an interrupted update left; the next one clears it away

The installed program stays what it is, and runs whenever nothing later is named here.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path

from ..domain.problems import Problem, reason
from ..durable import settle, sync_file, sync_folder

PROGRAM_FILE = "inspector-app.exe" if sys.platform == "win32" else "inspector-app"

STEPS = ("fetched", "unpacked", "laid", "proved", "switched")
"""What an update of the program has behind it, in order; `fetched` is told by who fetches."""

Passed = Callable[[str], object]
"""Told each step of `STEPS` when it is on the disk."""

_ANSWER = 120
"""Seconds that a new version has to say its name on a slow disk."""


def ordered(version: str) -> tuple[int, ...]:
    """A version as numbers, to be compared. Raises ValueError for anything else, so it is also safe as a folder's name."""
    if not re.fullmatch(r"\d{1,6}(\.\d{1,6}){1,3}", version):
        raise ValueError(version)
    return tuple(map(int, version.split(".")))


class Versions:
    """The versions below one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._named = folder / "current"

    @property
    def current(self) -> str:
        """The version that is named; empty when none is, or when what it names is not there."""
        try:
            version = self._named.read_text("ascii").strip()
            ordered(version)
        except (OSError, ValueError):
            return ""
        return version if self.program(version).is_file() else ""

    def program(self, version: str) -> Path:
        return self._folder / version / PROGRAM_FILE

    def part(self, name: str) -> Path:
        """A place for what is not whole yet, cleared of what an earlier update left there."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for left in self._folder.glob("*.part"):
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        return self._folder / f"{name}.part"

    def take(self, archive: Path, version: str, running: str, passed: Passed = lambda step: None) -> None:
        """Lay the version of an archive beside the others, have it say its name, and name it as the one that runs.

        Raises:
            Problem: `update_program` when the archive holds no such program, or it does not run on this computer.
            OSError: the disk is full or refuses.
        """
        if not self.program(version).is_file():
            self._lay(archive, version, passed)
        archive.unlink()
        self._prove(version)
        passed("proved")
        self._name(version)
        passed("switched")
        for other in self._laid():
            if other not in (version, running):
                self._drop(other)

    def _lay(self, archive: Path, version: str, passed: Passed) -> None:
        whole = self._folder / f"{version}-whole.part"
        try:
            with tarfile.open(archive) as packed:
                _unpack(packed, whole)
        except (tarfile.TarError, EOFError) as error:
            raise Problem("update_program", version=version, detail="程序包读不出。") from error
        inner = list(whole.iterdir())
        if len(inner) != 1 or not (inner[0] / PROGRAM_FILE).is_file():
            raise Problem("update_program", version=version, detail="程序包里没有程序。")
        for path in whole.rglob("*"):
            if path.is_dir():
                sync_folder(path)
            elif not path.is_symlink():
                sync_file(path)
        passed("unpacked")
        settle(inner[0], self._folder / version)
        shutil.rmtree(whole)
        passed("laid")

    def _prove(self, version: str) -> None:
        """A version that cannot even start here is not switched to."""
        try:
            said = subprocess.run([self.program(version), "--version"], env=independent(os.environ), timeout=_ANSWER,
                                  capture_output=True, text=True, check=False).stdout.strip()  # fmt: skip
        except subprocess.TimeoutExpired:
            said = ""
        except OSError as error:
            self._drop(version)
            raise Problem("update_program", version=version, detail=reason(error)) from error
        if said != version:
            self._drop(version)
            raise Problem("update_program", version=version, detail="它在这台电脑上启动不了。")

    def _name(self, version: str) -> None:
        part = self._named.with_suffix(".part")
        part.write_text(f"{version}\n", "ascii")
        sync_file(part)
        settle(part, self._named)

    def step_back(self, version: str) -> bool:
        """Name the version before this one again, or none, so that the installed one runs; whether this one was named."""
        if self.current != version:
            return False
        before = [other for other in self._laid() if ordered(other) < ordered(version)]
        if before:
            self._name(max(before, key=ordered))
        else:
            self._named.unlink()
            sync_folder(self._folder)
        return True

    def _laid(self) -> list[str]:
        """The versions that are there whole."""
        found = []
        for path in self._folder.glob("*/"):
            try:
                ordered(path.name)
            except ValueError:
                continue
            found.append(path.name)
        return found

    def _drop(self, version: str) -> None:
        """Under another name first: half of a version never bears the name of a whole one."""
        part = self._folder / f"{version}-old.part"
        (self._folder / version).rename(part)
        shutil.rmtree(part)


def _unpack(packed: tarfile.TarFile, whole: Path) -> None:
    """Files, folders and links that stay inside, of this account. Not by tarfile's own filter: that came with Python 3.11.4, and
    the Python that the bundle carries is that of Debian's stable release, 3.11.2.

    Raises:
        tarfile.TarError: the archive is torn, or holds something else.
    """
    whole.mkdir()
    inside = Path(os.path.realpath(whole))
    for member in packed:
        target = inside / member.name
        places = [target, target.parent / member.linkname] if member.issym() else [target]
        if not all(Path(os.path.realpath(place)).is_relative_to(inside) for place in places):
            raise tarfile.ReadError(member.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        if member.isdir():
            target.mkdir(exist_ok=True)
        elif member.issym():
            target.symlink_to(member.linkname)
        elif member.isreg() and (source := packed.extractfile(member)):
            with source, target.open("xb") as file:
                shutil.copyfileobj(source, file)
            target.chmod(0o755 if member.mode & 0o100 else 0o644)
        else:
            raise tarfile.ReadError(member.name)


def later(folder: Path, than: str) -> Path | None:
    """The program to run in place of version `than`: the one that is named below a folder, if it is later."""
    versions = Versions(folder)
    named = versions.current
    return versions.program(named) if named and ordered(named) > ordered(than) else None


def independent(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment for another bundle: what PyInstaller set for this one is taken back (its manual, "Independent
    subprocess spawned using sys.executable", and "LD_LIBRARY_PATH considerations")."""
    made = {
        name: value for name, value in environment.items() if name not in ("LD_LIBRARY_PATH", "LD_LIBRARY_PATH_ORIG")
    }
    if "LD_LIBRARY_PATH_ORIG" in environment:
        made["LD_LIBRARY_PATH"] = environment["LD_LIBRARY_PATH_ORIG"]
    elif "LD_LIBRARY_PATH" in environment and not getattr(sys, "frozen", False):
        made["LD_LIBRARY_PATH"] = environment["LD_LIBRARY_PATH"]
    return {**made, "PYINSTALLER_RESET_ENVIRONMENT": "1"}
