"""A copy on a second medium, and the way back. What is copied is encrypted already and stays so.

The copy holds the database, the sealed files and the wrapped keys. It is written beside the last one and takes its
place only when it is whole, so that a medium pulled out in between leaves the last copy untouched.
"""

from __future__ import annotations

import itertools
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ..domain.problems import Problem, reason
from ..durable import settle, sync_file, sync_folder
from .ledger import Store

_DATABASE, _KEYS, _VAULT, _ABOUT = "store.db", "keys.json", "vault", "backup.json"
RESTORED = "restored"
"""A file beside a restored store: its next opening becomes another device, because the old one may have gone on."""

Step = Callable[[int, int], bool]


@dataclass(frozen=True, slots=True)
class Backup:
    """What a copy says of itself."""

    device: str
    at: datetime
    events: int
    files: int


def back_up(
    store: Store, laptop: Path, medium: Path, at: datetime, step: Step = lambda done, total: True
) -> Backup | None:
    """Copy a laptop's data to a folder of its own on `medium`; None when `step` returned False.

    Files that the medium holds already are not copied again: a sealed file never changes.

    Raises:
        Problem: `file_unwritable` when the medium is full, away or read-only.
    """
    target = medium / f"inspector-{store.device}"
    try:
        (target / _VAULT).mkdir(parents=True, exist_ok=True)
        part = target / f"{_DATABASE}.part"
        part.unlink(missing_ok=True)
        events = store.snapshot(part)  # before the files: whatever its events name is in the vault already
        sync_file(part)
        files = sorted(p for p in (laptop / _VAULT).glob("??/*") if p.is_file())
        fresh = [p for p in files if not _held(p, target / _VAULT / p.parent.name / p.name)]
        for number, file in enumerate(fresh):
            if not step(number, len(fresh) + 1):
                part.unlink()
                return None
            _copy(file, target / _VAULT / file.parent.name / file.name)
        _copy(laptop / _KEYS, target / _KEYS)
        settle(part, target / _DATABASE)
        for sha256 in _erased(store) - {p.name for p in files}:
            (target / _VAULT / sha256[:2] / sha256).unlink(missing_ok=True)
        made = Backup(store.device, at, events, len(files))
        about = {"device": made.device, "at": at.isoformat(), "events": made.events, "files": made.files}
        _write(target / _ABOUT, json.dumps(about, ensure_ascii=False).encode())
    except OSError as error:
        raise Problem("file_unwritable", name=str(medium), detail=reason(error)) from error
    step(len(fresh) + 1, len(fresh) + 1)
    return made


def _erased(store: Store) -> set[str]:
    """Digests of the files whose keys this laptop has destroyed, by its own record; whatever else it lacks stays in the copy."""
    acts = [act for _, _, row in store.topic("device") for act in (*row.get("room", ()), *row.get("secrets", ()))]
    return {str(sha256) for act in acts for sha256 in act.get("sha256", ())}


def read_backup(folder: Path) -> Backup:
    """What lies in a folder of a medium. Raises `Problem("not_found")` when it is no whole copy."""
    try:
        plain = json.loads((folder / _ABOUT).read_text("utf-8"))
        made = Backup(plain["device"], datetime.fromisoformat(plain["at"]), plain["events"], plain["files"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Problem("not_found", what=f"“{folder}”里的备份") from error
    if not (folder / _DATABASE).is_file() or not (folder / _KEYS).is_file():
        raise Problem("not_found", what=f"“{folder}”里的备份")
    return made


def backups_on(medium: Path) -> tuple[Path, ...]:
    """The copies on a medium: the folder itself, or those below it."""
    return tuple(p for p in (medium, *sorted(medium.glob("inspector-*"))) if (p / _ABOUT).is_file())


def restore(folder: Path, laptop: Path, step: Step = lambda done, total: True) -> Backup:
    """Bring a copy back to a laptop that nobody can sign in to; what lies there is put aside, never overwritten.

    Raises:
        Problem: `not_found` when it is no copy, `restore_over` when the laptop has keys, `file_unwritable`.
    """
    made = read_backup(folder)
    if (laptop / _KEYS).exists():
        raise Problem("restore_over")
    try:
        laptop.mkdir(parents=True, exist_ok=True, mode=0o700)
        put_aside(laptop)
        files = sorted(p for p in (folder / _VAULT).glob("??/*") if p.is_file())
        for number, file in enumerate(files):
            step(number, len(files))
            _copy(file, laptop / _VAULT / file.parent.name / file.name)
        _copy(folder / _DATABASE, laptop / _DATABASE)
        _write(laptop / RESTORED, b"")
        _copy(folder / _KEYS, laptop / _KEYS)
    except OSError as error:
        raise Problem("file_unwritable", name=str(laptop), detail=reason(error)) from error
    step(len(files), len(files))
    return made


def restore_keys(folder: Path, laptop: Path) -> None:
    """Bring only the keys of a copy back beside the data they belong to; the damaged file is kept under another name.

    Raises:
        Problem: `not_found` when it is no copy, `file_unwritable`.
    """
    read_backup(folder)
    try:
        if (laptop / _KEYS).exists():
            (laptop / _KEYS).replace(laptop / "keys.damaged.json")
        _copy(folder / _KEYS, laptop / _KEYS)
    except OSError as error:
        raise Problem("file_unwritable", name=str(laptop), detail=reason(error)) from error


def put_aside(laptop: Path) -> None:
    """Move data that no key here opens (an unfinished set-up or restore, keys that were lost) to a folder beside it."""
    left = [
        *laptop.glob(f"{_DATABASE}*"),
        *(p for p in map(laptop.joinpath, (_VAULT, "keys.new", RESTORED)) if p.exists()),
    ]
    if left:
        number = next(n for n in itertools.count(1) if not (laptop / f"aside-{n}").exists())
        (laptop / f"aside-{number}").mkdir(mode=0o700)
        for path in left:
            path.rename(laptop / f"aside-{number}" / path.name)
        sync_folder(laptop)


def _held(source: Path, target: Path) -> bool:
    """Whether the medium has this very file: what was given up and fetched again is sealed with another key."""
    return target.is_file() and target.stat().st_size == source.stat().st_size and _head(target) == _head(source)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(64)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = target.with_name(target.name + ".part")
    shutil.copyfile(source, part)
    part.chmod(0o600)
    sync_file(part)
    settle(part, target)


def _write(target: Path, content: bytes) -> None:
    part = target.with_name(target.name + ".part")
    part.write_bytes(content)
    sync_file(part)
    settle(part, target)
