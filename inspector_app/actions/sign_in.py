"""Setting up a laptop, signing in and out, changing the person, confirming by a second person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..domain.access import Role
from ..domain.clock import Clock
from ..domain.event import Draft
from ..domain.people import Bureau, Officer
from ..domain.problems import Problem
from ..evidence.vault import Vault
from ..store.backup import RESTORED
from ..store.disk import Reserve
from ..store.keys import KeyBox
from ..store.ledger import Store
from ..store.lock import StoreLock
from .book import Book
from .queries import Queries
from .register import name_bureau, register_officer
from .rules import Rules

CHECKED_AT_START = 64 * 1024 * 1024
"""Bytes of a database that is checked page by page before anything is written to it; 5 ms a megabyte."""


@dataclass(frozen=True, slots=True)
class Laptop:
    """Where one laptop's data lies and what it needs to open it."""

    folder: Path
    clock: Clock
    rules: Rules
    version: str
    open_keys: Callable[[Path], KeyBox] = KeyBox.of_system

    @property
    def keys(self) -> KeyBox:
        return self.open_keys(self.folder / "keys.json")

    @property
    def is_set_up(self) -> bool:
        return (self.folder / "keys.json").exists()

    def people(self) -> dict[str, str]:
        """Those who may sign in here: id and name."""
        return self.keys.people() if self.is_set_up else {}


@dataclass(slots=True)
class Session:
    """An open store with the lock that keeps a second window away."""

    laptop: Laptop
    book: Book
    lock: StoreLock
    key: bytes

    @property
    def queries(self) -> Queries:
        return Queries(self.book)

    def close(self) -> None:
        """Close the database, forget the key, give the lock back."""
        self.key = b""
        self.book.store.close()
        self.lock.release()


def set_up(laptop: Laptop, bureau: Bureau, person: Officer, secret: str, recovery: bytes | None = None) -> Session:
    """Make a new store for the first person of this laptop.

    `recovery` is the bureau's public recovery key: with it the bureau can open the store when all PINs are lost.

    Raises:
        Problem: `pin_too_short`, `no_keyring`, `store_locked`.
    """
    laptop.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = StoreLock(laptop.folder / "lock")
    lock.acquire()
    try:
        fresh = _clear_unfinished(laptop)
        key = laptop.open_keys(fresh).create(person.id, person.name, secret, recovery)
        session = _open(laptop, lock, key, person)
        name_bureau(session.book, bureau)
        register_officer(session.book, person)
        _enrol(session.book)
        _note_person(session.book)
        fresh.replace(laptop.folder / "keys.json")  # last: a laptop with this file is set up
    except BaseException:
        lock.release()
        raise
    return session


def _clear_unfinished(laptop: Laptop) -> Path:
    """Take away what a set-up left that was interrupted before its keys stood: nobody can open it."""
    if laptop.is_set_up:
        raise Problem("restore_over")
    fresh = laptop.folder / "keys.new"
    for left in (fresh, *laptop.folder.glob("store.db*")):
        left.unlink(missing_ok=True)
    return fresh


def sign_in(laptop: Laptop, person: str, secret: str) -> Session:
    """Open the store as this person.

    Raises:
        Problem: `wrong_pin`, `store_locked`, `store_newer`, `store_damaged`.
    """
    lock = StoreLock(laptop.folder / "lock")
    lock.acquire()
    try:
        key = laptop.keys.unlock(person, secret)
        if not (laptop.folder / "store.db").is_file():
            raise Problem("store_damaged", detail="数据库文件不见了。")
        session = _open(laptop, lock, key, Officer(person, person))
        session.book.person = _officer(session.book, person)
        if (laptop.folder / RESTORED).exists():
            _enrol(session.book)
            (laptop.folder / RESTORED).unlink()
        _note_person(session.book)
    except BaseException:
        lock.release()
        raise
    return session


def _open(laptop: Laptop, lock: StoreLock, key: bytes, person: Officer) -> Session:
    reserve = Reserve(laptop.folder / "reserve")
    store = Store(laptop.folder / "store.db", key, reserve=reserve)
    if store.path.stat().st_size < CHECKED_AT_START:
        try:
            store.check()
        except Problem:
            store.close()
            raise
    restored = laptop.folder / RESTORED
    if restored.exists():
        store.new_device()
    vault = Vault(laptop.folder / "vault", key)
    reserve.ensure()
    book = Book(store, vault, laptop.clock, laptop.rules, person, Role.OFFICER, laptop.version)
    return Session(laptop, book, lock, key)


def _officer(book: Book, person: str) -> Officer:
    officer = Queries(book).register().officers.get(person)
    if officer is None:
        raise Problem("not_found", what="本机登记的人员")
    return officer


def _enrol(book: Book) -> None:
    device = book.store.device_key.public
    body = {"id": device.name, "name": device.name, "key": device.text()}
    book.write(Draft(f"device/{device.name}", "device_enrolled", body))


def _note_person(book: Book) -> None:
    body = {"id": book.person.id, "name": book.person.name}
    book.write(Draft(f"device/{book.store.device}", "person_changed", body))


def add_person(session: Session, officer: Officer, secret: str) -> None:
    """Let a further officer sign in on this laptop with an own PIN."""
    register_officer(session.book, officer)  # first: what it refuses must leave no key behind
    session.laptop.keys.add_person(session.key, officer.id, officer.name, secret)


def confirm(session: Session, person: str, secret: str) -> str:
    """A second officer confirms with the own PIN; returns the id to pass as `witness`.

    Raises:
        Problem: `same_person` when it is the one signed in, `wrong_pin`.
    """
    if person == session.book.person.id:
        raise Problem("same_person", officer=session.book.person.name)
    session.laptop.keys.unlock(person, secret)
    return person
