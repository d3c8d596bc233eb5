"""A database that a later version brings up to date is first copied, and stays as it was unless all of it succeeds.

store.db.before     the copy, while an upgrade is under way; whoever finds it puts it back
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from ..domain.problems import Problem
from ..durable import settle, sync_file, sync_folder
from . import engine as opening
from .engine import plain_failures, version_of


def put_back(path: Path) -> bool:
    """Put the database back as it was before an upgrade that was cut; whether there was one. Cut again, it is done again."""
    before = _before(path)
    if not before.exists():
        return False
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    settle(before, path)
    return True


@contextmanager
def whole_or_as_it_was(engine: Engine, path: Path, *, cut: bool) -> Iterator[None]:
    """Around everything that a later version does to the database before anybody works in it.

    Raises:
        Problem: `upgrade_cut` once after one that was cut, `upgrade_failed`; the database is then as it was before.
    """
    if not 0 < version_of(engine) < opening.SCHEMA_VERSION:
        yield
        return
    if cut:
        raise Problem("upgrade_cut")
    _copy(engine, path)
    try:
        yield
    except Exception as error:
        engine.dispose()
        put_back(path)
        detail = error.fact if isinstance(error, Problem) else f"{type(error).__name__}。"
        raise Problem("upgrade_failed", detail=detail) from error
    _before(path).unlink()
    sync_folder(path.parent)


def _before(path: Path) -> Path:
    return path.with_name(f"{path.name}.before")


def _copy(engine: Engine, path: Path) -> None:
    part = _before(path).with_suffix(".part")
    part.unlink(missing_ok=True)
    with plain_failures(), engine.connect() as connection:
        connection.exec_driver_sql("VACUUM INTO ?", (str(part),))
    if os.name == "posix":
        part.chmod(0o600)
    sync_file(part)
    settle(part, _before(path))
