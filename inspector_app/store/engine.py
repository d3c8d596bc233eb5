"""Opens the encrypted database: key by PRAGMA, durability settings, version gate, plain failures.

The key never stands in a URL, a log or an error message: it is checked for its length before the statement is
built, and errors of that statement are raised without their context.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from ..domain.problems import Problem

SCHEMA_VERSION = 4
"""Written to `user_version`; a file with a larger one is refused."""

PAGE = 4096
"""Bytes of a page of the database, as SQLCipher lays it out; the first one stands as soon as there is a database."""

_DAMAGE = (
    (re.compile(r"HMAC verification failed for page (\d+)"), "第 {} 页和校验码不符。"),
    (re.compile(r"page (\d+) has an invalid size"), "文件的末尾不完整（第 {} 页）。"),
    (re.compile("malformed"), "内容已损坏。"),
    (re.compile("not a database"), "文件头或密钥不对。"),
)
"""What SQLite and SQLCipher say of a damaged file, in Chinese; what else they may say is passed on to the administrator."""


def open_engine(path: Path, key: bytes, *, read_only: bool = False) -> Engine:
    """An engine with exactly one connection on the database at `path`, encrypted with the raw 32-byte key.

    Raises:
        ValueError: the key is not 32 bytes long.
    """
    if len(key) != 32:
        raise ValueError("the store key must be 32 bytes")

    def connect() -> Any:
        mode = "ro" if read_only else "rwc"
        connection = driver.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, check_same_thread=False)
        _unlock(connection, key)
        # secure_delete is SQLCipher's own choice too; that an erased key leaves no trace in free pages hangs on it.
        for pragma in ("foreign_keys=ON", "temp_store=MEMORY", "busy_timeout=4000", "recursive_triggers=ON",
                       "secure_delete=ON"):  # fmt: skip
            connection.execute(f"PRAGMA {pragma}")
        if not read_only:
            # The log is moved into the database after 16 MB: the answer that meets it waits for both files, and with
            # SQLite's 4 MB that would be one in a hundred. Each answer is synced in the log all the same.
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=4000"):
                connection.execute(f"PRAGMA {pragma}")
        return connection

    return create_engine(
        "sqlite+pysqlite://", creator=connect, module=driver, poolclass=QueuePool, pool_size=1, max_overflow=0,
        hide_parameters=True,
    )  # fmt: skip


def _unlock(connection: Any, key: bytes) -> None:
    connection.execute("PRAGMA cipher_log_level = NONE")  # its words go to stderr; ours go to the person
    try:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except driver.DatabaseError:
        connection.close()
        raise Problem("store_damaged", detail="文件头或密钥不对。") from None


@contextmanager
def plain_failures() -> Iterator[None]:
    """Turns what the database says of its surroundings into a sentence with a way out."""
    try:
        yield
    except DBAPIError as error:
        raise _problem(str(error.orig)) from None  # the statement's values are what people wrote
    except driver.DatabaseError as error:
        raise _problem(str(error)) from None


def _problem(text: str) -> Problem:
    if "full" in text:
        return Problem("disk_full")
    if "disk I/O" in text:
        return Problem("disk_failed", detail="数据库文件")
    if "locked" in text or "busy" in text:
        return Problem("store_busy")
    if "readonly" in text:
        return Problem("read_only")
    return _damaged(text)


def _damaged(text: str) -> Problem:
    """The problem of a file of which SQLite or SQLCipher says this."""
    told = ((words, pattern.search(text)) for pattern, words in _DAMAGE)
    said = (words.format(*found.groups()) for words, found in told if found)
    return Problem("store_damaged", detail=next(said, f"内容前后不一致（{text}）。"))


def version_of(engine: Engine) -> int:
    """The version of the schema that the file was written with; 0 for an empty one."""
    with plain_failures(), engine.connect() as connection:
        return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def prepare(engine: Engine, path: Path) -> bool:
    """Bring the schema up to date; returns whether the projections must be rebuilt.

    Raises:
        Problem: `store_newer` for a file of a later version, `store_damaged` when quick_check fails.
    """
    version = version_of(engine)
    if version > SCHEMA_VERSION:
        raise Problem("store_newer", version=version)
    if version == SCHEMA_VERSION:
        return False
    from .migration import upgrade  # alembic takes 0.2 s to import, and most starts need none of it

    with plain_failures():
        upgrade(engine)
        with engine.begin() as connection:
            connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")
    if os.name == "posix":
        path.chmod(0o600)
    return True


def quick_check(engine: Engine) -> None:
    """Raises `Problem("store_damaged")` unless SQLite and SQLCipher find every page whole."""
    with plain_failures(), engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA cipher_integrity_check").fetchall()
        rows = connection.exec_driver_sql("PRAGMA quick_check").fetchall()
    if pages or [row[0] for row in rows] != ["ok"]:
        raise _damaged(str((pages or rows)[0][0]))
