"""Laptops and a bureau in one process: the real stores, the real ledger, the real exchange, a wire that can fail."""

from __future__ import annotations

import atexit
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Self

from bureau_server.database import make_tables, open_database
from bureau_server.exchange import answer
from bureau_server.ledger import Ledger
from inspector_app.actions.book import Book
from inspector_app.actions.rules import Rules
from inspector_app.actions.sync import StoreReplica
from inspector_app.domain.clock import CHINA, Clock, TrialClock
from inspector_app.domain.event import Draft
from inspector_app.domain.people import Credential, Officer
from inspector_app.evidence.vault import Vault
from inspector_app.record.keys import DeviceKey, PublicKey
from inspector_app.store.ledger import Store
from inspector_app.sync.client import Outcome, exchange
from inspector_app.sync.wire import Push
from tests import services

KEY = bytes(range(32))
START = datetime(2026, 3, 16, 10, 32, tzinfo=CHINA)
STREAM = "inspection/2026-01"


@cache
def rules() -> Rules:
    return Rules()


def _folder() -> Path:
    folder = Path(mkdtemp(prefix="inspector-sync-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def _empty_store() -> Path:
    path = _folder() / "store.db"
    Store(path, KEY).close()
    return path


@cache
def _empty_ledger() -> Path:
    path = _folder() / "ledger.db"
    engine = open_database(f"sqlite:///{path}")
    make_tables(engine)
    engine.dispose()
    return path


class Bureau:
    """A server's ledger on a SQLite file; it can be put back to an old copy."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.key = DeviceKey.generate("JU-0001")
        self.devices: dict[str, list[PublicKey]] = {}
        self.clock = TrialClock(START)
        self.lives = 0
        self.open()

    def open(self) -> None:
        path = self.folder / "ledger.db"
        if not path.exists():
            shutil.copyfile(_empty_ledger(), path)
        self._begin(f"sqlite:///{path}")

    def _begin(self, database: str) -> None:
        engine = open_database(database)
        self.ledger = Ledger(engine, self.key, self.clock, lambda d: self.devices.get(d, ()), f"life-{self.lives}")

    def twin(self) -> Self:
        """Another process of the same server: connections of its own to the same database."""
        made = copy(self)
        made.open()
        return made

    def answer(self, message: bytes) -> bytes:
        return answer(self.ledger, Push.unpack(message), lambda s: True, lambda s: True).pack()

    def copy_to(self, place: Path) -> None:
        place.unlink(missing_ok=True)
        connection = sqlite3.connect(self.folder / "ledger.db", isolation_level=None)
        connection.execute("VACUUM INTO ?", (str(place),))
        connection.close()

    def put_back(self, place: Path) -> None:
        """Restored from a copy: a new life, in which the ledger knows less than it once signed for."""
        self.close()
        for left in self.folder.glob("ledger.db-*"):
            left.unlink()
        shutil.copyfile(place, self.folder / "ledger.db")
        self.lives += 1
        self.open()

    def close(self) -> None:
        self.ledger.engine.dispose()


class BigBureau(Bureau):
    """The same on PostgreSQL, partitioned; the server connects as the role that may not change the ledger."""

    def open(self) -> None:
        if not hasattr(self, "database"):
            self.database = services.new_database(services.template())
        self._begin(services.address(self.database, services.APP))

    def copy_to(self, place: Path) -> None:
        self.close()
        place.write_text(services.new_database(self.database))
        self.open()

    def put_back(self, place: Path) -> None:
        self.close()
        self.database = services.new_database(place.read_text())
        self.lives += 1
        self.open()


@dataclass
class Peer:
    """What a laptop knows of its bureau: the server's key, whose device is whose, the time."""

    key: DeviceKey
    clock: Clock
    devices: dict[str, list[PublicKey]] = field(default_factory=dict)


@dataclass
class Laptop:
    """A store with a person; it can be cloned or put back to an old image."""

    folder: Path
    person: str
    bureau: Bureau | Peer
    store: Store = field(init=False)
    acknowledged: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if not (self.folder / "store.db").exists():
            shutil.copyfile(_empty_store(), self.folder / "store.db")
            self.open()
            self.store.new_device()
            self.bureau.devices.setdefault(self.store.device, []).append(self.store.device_key.public)
        else:
            self.open()

    def open(self) -> None:
        self.store = Store(self.folder / "store.db", KEY)

    @property
    def book(self) -> Book:
        officer = Officer(
            self.person, f"示例{self.person}", credential=Credential("09120017", START.date(), START.date())
        )
        return Book(self.store, Vault(self.folder / "vault", KEY, self.store), self.bureau.clock, rules(), officer)

    def replica(self) -> StoreReplica:
        return StoreReplica(self.book, self.bureau.key.public, self.bureau.devices)

    def write(self, *drafts: Draft) -> list[str]:
        """Write events; on return they are acknowledged to the person."""
        ids = [event.id for event in self.book.write(*drafts)]
        self.acknowledged |= set(ids)
        return ids

    def answer(self, item: str, value: str, stream: str = STREAM) -> str:
        return self.write(Draft(stream, "item_answered", {"item": item, "value": value}, "检查"))[0]

    def sync(self, post: Callable[[bytes], bytes] | None = None) -> Outcome:
        if post is None:
            assert isinstance(self.bureau, Bureau)
            post = self.bureau.answer
        return exchange(self.replica(), post)

    def ids(self, stream: str = STREAM) -> set[str]:
        return {entry.id for entry in self.store.entries(stream)}

    def copy_to(self, place: Path) -> None:
        place.unlink(missing_ok=True)
        self.store.snapshot(place)

    def put_back(self, place: Path) -> None:
        """The disk image of an earlier day is put back: it goes on under the same name (a fork)."""
        self.store.close()
        for left in self.folder.glob("store.db-*"):
            left.unlink()
        shutil.copyfile(place, self.folder / "store.db")
        self.open()

    def close(self) -> None:
        self.store.close()


def settle(laptops: Sequence[Laptop], rounds: int = 3) -> None:
    """Let everybody sync in turn until what the first one sent has come to the last and back."""
    for _ in range(rounds):
        for laptop in laptops:
            laptop.sync()
