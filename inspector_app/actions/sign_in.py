"""Setting up a laptop, signing in and out, changing the person, confirming by a second person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..domain.access import Role
from ..domain.clock import TrialClock
from ..domain.event import Draft
from ..domain.people import Bureau, Credential, Officer
from ..domain.problems import Problem, reason
from ..durable import settle
from ..evidence.vault import Vault
from ..record.keys import DeviceKey
from ..store.backup import RESTORED, put_aside
from ..store.disk import Reserve, network_drive
from ..store.engine import PAGE
from ..store.ledger import Store
from ..store.lock import StoreLock
from ..store.place import Place
from . import nameless, rulebook, secrecy, sync, updates, whereabouts
from .book import Book
from .laptop import Laptop
from .queries import Queries
from .register import name_bureau, register_officer, void_unfinished

_PLACE = "place"

CHECKED_AT_START = 64 * 1024 * 1024
"""Bytes of a database that is checked page by page before anything is written to it; 5 ms a megabyte."""


@dataclass(slots=True)
class Session:
    """An open store with the lock that keeps a second window away."""

    laptop: Laptop
    book: Book
    lock: StoreLock
    key: bytes

    @property
    def queries(self) -> Queries:
        return self.book.queries

    def close(self) -> None:
        """Close the database, forget the key, give the lock back."""
        if self.key:
            nameless.ended(self.book.store)
        self.key = b""
        self.book.seconds.clear()
        self.book.store.close()
        self.lock.release()


def set_up(laptop: Laptop, bureau: Bureau, person: Officer, secret: str, recovery: bytes | None = None) -> Session:
    """Make a new store for the first person of this laptop.

    `recovery` is the bureau's public recovery key: with it the bureau can open the store when all PINs are lost.

    Raises:
        Problem: `pin_too_short`, `no_keyring`, `store_locked`, `folder_closed`.
    """
    laptop.make_folder()
    lock = StoreLock(laptop.folder / "lock")
    lock.acquire()
    try:
        fresh = _clear_unfinished(laptop)
        key = laptop.open_keys(fresh).create(person.id, person.name, secret, recovery)
        session = _open(laptop, lock, key, person)
        name_bureau(session.book, bureau)
        register_officer(session.book, person)
        _enrol(session.book)
        session.book.store.set_meta(_PLACE, laptop.place_of(session.book.store.path).plain())
        _note_person(session.book)
        updates.adopt(laptop, session.book)
        settle(fresh, laptop.folder / "keys.json")  # last: a laptop with this file is set up
    except BaseException:
        lock.release()
        raise
    return session


def _clear_unfinished(laptop: Laptop) -> Path:
    """Put aside what a set-up left that was interrupted before its keys stood. Data whose keys are lost stay."""
    if laptop.is_set_up:
        raise Problem("restore_over")
    fresh = laptop.folder / "keys.new"
    if not fresh.exists() and any(laptop.folder.glob("store.db*")):
        raise Problem("keys_missing")
    put_aside(laptop.folder)
    return fresh


def sign_in(laptop: Laptop, person: str, secret: str) -> Session:
    """Open the store as this person.

    Raises:
        Problem: `wrong_pin`, `store_locked`, `folder_closed`, `store_newer`, `store_damaged`.
    """
    return enter(laptop, person, lambda: laptop.keys.unlock(person, secret))


def enter(laptop: Laptop, person: str, unlock: Callable[[], bytes]) -> Session:
    """Open the store as this person with the key that `unlock` gives while nobody else can open it."""
    lock = StoreLock(laptop.folder / "lock")
    lock.acquire()
    try:
        key = unlock()
        _check_there(laptop.folder / "store.db")
        session = _open(laptop, lock, key, Officer(person, person))
        session.book.person = _officer(session.book, person)
        updates.adopt(laptop, session.book)
        rulebook.adopt(session.book)
        _settle_in(session)
        _note_person(session.book)
        void_unfinished(session.book)
        whereabouts.finish(session.book)
        nameless.sweep(session.book)
        secrecy.carry_out(session.book)
    except BaseException:
        lock.release()
        raise
    return session


def _check_there(database: Path) -> None:
    """A store that is gone, or of which nothing is left, is never begun anew. Raises `Problem("store_damaged")`."""
    if not database.is_file():
        raise Problem("store_damaged", detail="数据库文件不见了。")
    if database.stat().st_size < PAGE:  # SQLite takes what is shorter for a database that has yet to begin
        raise Problem("store_damaged", detail="数据库文件里没有内容。")


def _open(laptop: Laptop, lock: StoreLock, key: bytes, person: Officer) -> Session:
    reserve = Reserve(laptop.folder / "reserve", laptop.reserve)
    try:
        store = Store(laptop.folder / "store.db", key, reserve=reserve)
    except Problem as problem:
        if problem.code in ("upgrade_failed", "upgrade_cut"):
            updates.step_back(laptop)
        raise
    try:
        if store.path.stat().st_size < CHECKED_AT_START:
            store.check()
        vault = Vault(laptop.folder / "vault", key, store, laptop.rules.policy.suite)
        reserve.ensure()
    except OSError as error:
        store.close()
        raise Problem("folder_closed", name=laptop.folder, detail=reason(error)) from error
    except Problem:
        store.close()
        raise
    nameless.begun(store)
    last = store.last_moment()
    if isinstance(laptop.clock, TrialClock) and last is not None:
        laptop.clock.go_on_after(last.at)
    book = Book(store, vault, laptop.clock, laptop.rules, person, Role.OFFICER, laptop.version)
    if kind := network_drive(laptop.folder):
        book.notices.append(str(Problem("network_drive", kind=kind)))
    return Session(laptop, book, lock, key)


def _officer(book: Book, person: str) -> Officer:
    officer = book.queries.register().officers.get(person)
    if officer is None:
        raise Problem("not_found", what="本机登记的人员")
    return officer


def _settle_in(session: Session) -> None:
    """A store that was restored, or copied to another disk or computer, goes on as a device of its own.

    What it was copied from may go on too, and both would write one strand and give one number twice. A folder that
    was only moved stays what it is.
    """
    store, restored = session.book.store, session.laptop.folder / RESTORED
    here, known = session.laptop.place_of(store.path), store.meta(_PLACE)
    if restored.exists() or (known is not None and not here.is_same(Place.read(known))):
        renew(session.book)
        session.book.notices.append(
            "这份数据是复制或恢复来的，已登记为一台新设备；文号要重新领取，登记到局里的也要重新登记。"
        )
    if known != here.plain():
        store.set_meta(_PLACE, here.plain())
    restored.unlink(missing_ok=True)


def renew(book: Book) -> None:
    """Become another device, unknown to the bureau as yet; the record says which one it was before."""
    before = book.store.device
    book.store.new_device()
    book.last = None
    sync.part(book.store)
    _enrol(book, before)


def _enrol(book: Book, before: str = "") -> None:
    device = book.store.device_key.public
    body = {"id": device.name, "name": device.name, "key": device.text()} | ({"before": before} if before else {})
    book.write(Draft(f"device/{device.name}", "device_enrolled", body))


def _note_person(book: Book) -> None:
    body = {"id": book.person.id, "name": book.person.name}
    book.write(Draft(f"device/{book.store.device}", "person_changed", body))


def add_person(session: Session, officer: Officer, secret: str) -> None:
    """Let a further officer sign in on this laptop with an own PIN."""
    register_officer(session.book, officer)  # first: what it refuses must leave no key behind
    session.laptop.keys.add_person(session.key, officer.id, officer.name, secret)


def person_id(credential: str) -> str:
    """The id of a person: the credential's number, so that it is the same on every laptop of the bureau."""
    return f"p-{credential}"


def join(session: Session, name: str, title: str, held: Credential, secret: str) -> Officer:
    """Let a further officer sign in here; one whom the register knows by the credential keeps the id.

    Raises:
        Problem: `person_known` when that one signs in here already, `pin_too_short`, `no_keyring`, `date_order`.
    """
    known = [o for o in session.queries.register().officers.values() if o.credential_number == held.number]
    for officer in known:
        if officer.id in session.laptop.people():
            raise Problem("person_known", number=held.number, name=officer.name)
    officer = Officer(known[0].id if known else person_id(held.number), name, title, held,
                      leader=bool(known) and known[0].leader)  # fmt: skip
    add_person(session, officer, secret)
    return officer


def reset_pin(session: Session, person: str, secret: str) -> None:
    """Give another person of this laptop a new PIN; the record says who did it.

    Raises:
        Problem: `same_person` for oneself, `not_found`, `pin_too_short`, `no_keyring`.
    """
    people = session.laptop.people()
    if person == session.book.person.id:
        raise Problem("same_person", officer=session.book.person.name)
    if person not in people:
        raise Problem("not_found", what="这台电脑登记的人员")
    write_pin(session, person, people[person], secret, f"{session.book.person.name}登录")


def write_pin(session: Session, person: str, name: str, secret: str, means: str) -> None:
    """Note a new PIN in the record, then let it open the store: never a PIN that the record does not know of."""
    keys = session.laptop.keys
    keys.check(secret)
    body = {"id": person, "name": name, "means": means}
    session.book.write(Draft(f"device/{session.book.store.device}", "pin_reset", body))
    keys.add_person(session.key, person, name, secret)


def take_back(session: Session, secret: str) -> None:
    """The person signed in takes the laptop back from somebody who signed on it. Raises `Problem("wrong_pin")`."""
    session.laptop.keys.unlock(session.book.person.id, secret)


def confirm(session: Session, person: str, secret: str) -> str:
    """A second officer confirms with the own PIN; returns the id to pass as `witness`. The act that is written with it is
    cosigned by this person's own key, which the PIN alone opens.

    Raises:
        Problem: `same_person` when it is the one signed in, `wrong_pin`.
    """
    if person == session.book.person.id:
        raise Problem("same_person", officer=session.book.person.name)
    key = session.laptop.keys.cosigner(person, secret)
    session.book.seconds[person] = DeviceKey.from_bytes(f"{person}@{session.book.store.device}", key)
    return person
