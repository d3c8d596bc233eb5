"""A store that a later version brings up to date: all of it or nothing, also when the power goes in between."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from inspector_app.actions import sign_in, trial
from inspector_app.actions.laptop import Laptop
from inspector_app.places import MIGRATIONS
from inspector_app.store import engine, migration
from inspector_app.store.engine import SCHEMA_VERSION, version_of
from inspector_app.updates.program import Versions
from tests.laptops import laptop_at
from tests.office import CASE, arrive, office, refused

from .maker import archive
from .worker import LATER, STORE_STEPS, running

MIGRATION = '''"""Of a later version: takes something away first."""
import os
import signal

from alembic import op

revision, down_revision, branch_labels, depends_on = "later", {down!r}, None, None


def upgrade() -> None:
    op.execute("DELETE FROM draft")
    if os.environ.get("DIES_WHILE_MIGRATING"):
        os.kill(os.getpid(), signal.SIGKILL)
    {then}
    op.execute("CREATE TABLE later (x INTEGER)")
'''


@pytest.fixture(scope="module")
def worker() -> Iterator[Callable[..., int]]:
    with running() as job:
        yield job


@pytest.fixture
def prepared(tmp_path: Path) -> tuple[Laptop, str]:
    """A laptop with a visit and a half-typed remark, and the digest of that visit."""
    session = office(tmp_path)
    arrive(session.book)
    session.book.store.save_draft("shen", "A01/note", "半句", "2026-03-16")
    digest = session.book.store.digest(CASE)
    session.close()
    return laptop_at(tmp_path / "laptop"), digest


def migrations(tmp_path: Path, then: str = "") -> Path:
    folder = tmp_path / "db"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    newest = max(path.stem for path in (folder / "laptop" / "versions").glob("0*.py"))
    text = (folder / "laptop" / "versions" / f"{newest}.py").read_text("utf-8")
    down = text.partition("revision = ")[2].splitlines()[0].strip("\"'") if "revision = " in text else newest
    (folder / "laptop" / "versions" / "later.py").write_text(MIGRATION.format(down=down, then=then or "pass"), "utf-8")
    return folder


def as_before(laptop: Laptop, digest: str) -> None:
    """The version of now opens the store, on the same device, with everything that was in it."""
    session = sign_in.sign_in(laptop, "shen", trial.SECRET)
    store = session.book.store
    store.check()
    assert store.digest(CASE) == digest and session.book.drafts()["A01/note"] == "半句"
    assert version_of(store._engine) == SCHEMA_VERSION and not session.book.notices
    assert not list(laptop.folder.glob("store.db.before*"))
    session.close()


@pytest.mark.parametrize("step", STORE_STEPS)
def test_killed_anywhere_the_store_is_as_it_was(
    tmp_path: Path, prepared: tuple[Laptop, str], worker: Callable[..., int], step: str
) -> None:
    laptop, digest = prepared
    assert worker("store", laptop.folder, migrations(tmp_path), step) == signal.SIGKILL
    as_before(laptop, digest)


def test_after_a_cut_the_later_version_says_so_once_and_then_goes_through(
    tmp_path: Path, prepared: tuple[Laptop, str], worker: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop, digest = prepared
    folder = migrations(tmp_path)
    assert worker("store", laptop.folder, folder, "migrated") == signal.SIGKILL
    monkeypatch.setattr(engine, "SCHEMA_VERSION", LATER)
    monkeypatch.setattr(migration, "MIGRATIONS", folder)
    refused("upgrade_cut", lambda: sign_in.sign_in(laptop, "shen", trial.SECRET))
    session = sign_in.sign_in(laptop, "shen", trial.SECRET)
    assert version_of(session.book.store._engine) == LATER and session.book.store.digest(CASE) == digest
    session.close()
    monkeypatch.undo()
    refused("store_newer", lambda: sign_in.sign_in(laptop, "shen", trial.SECRET))


def test_a_migration_that_fails_gives_store_and_program_back(
    tmp_path: Path, prepared: tuple[Laptop, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop, digest = prepared
    versions = Versions(tmp_path / "program")
    versions.take(archive(versions.part("p"), laptop.version), laptop.version, "")
    monkeypatch.setattr(engine, "SCHEMA_VERSION", LATER)
    monkeypatch.setattr(migration, "MIGRATIONS", migrations(tmp_path, "raise RuntimeError('示例')"))
    failing = replace(laptop, programs=tmp_path / "program")
    assert versions.current == laptop.version
    told = refused("upgrade_failed", lambda: sign_in.sign_in(failing, "shen", trial.SECRET))
    assert "RuntimeError" in told.fact and versions.current == ""
    monkeypatch.undo()
    as_before(laptop, digest)
