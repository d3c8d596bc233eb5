"""Second copies, restoring them, and the bureau's recovery key."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from ..domain.event import Draft
from ..domain.problems import Problem
from ..store import backup
from ..store.backup import Backup, Step, backups_on
from ..store.keys import read_public_key, read_recovery_key
from ..store.lock import StoreLock
from .book import Book
from .laptop import Laptop
from .sign_in import Session, enter, write_pin

__all__ = [
    "Backup", "back_up", "choose_medium", "is_due", "last_backup", "medium_of", "read_public_key", "recover", "recoverable",
    "restore", "restore_keys", "set_recovery_key",
]  # fmt: skip

DAILY = timedelta(hours=20)
"""A copy that is older than this is made anew; a day with a margin for early starts."""

_MEDIUM, _LAST = "backup_medium", "backup_at"


def medium_of(book: Book) -> Path | None:
    """The folder on the second medium, once it was chosen."""
    name = (book.store.meta(_MEDIUM) or b"").decode()
    return Path(name) if name else None


def choose_medium(book: Book, folder: Path) -> None:
    """Choose where the second copy goes. Raises `Problem` when it is no folder or lies beside the data."""
    if not folder.is_absolute() or not folder.is_dir():
        raise Problem("no_folder")
    if folder.resolve().is_relative_to(book.store.path.parent.resolve()):
        raise Problem("backup_inside")
    book.store.set_meta(_MEDIUM, str(folder).encode())


def last_backup(book: Book) -> datetime | None:
    """When the last copy was finished."""
    text = (book.store.meta(_LAST) or b"").decode()
    return datetime.fromisoformat(text) if text else None


def is_due(book: Book) -> bool:
    """Whether a copy should be made now: a medium is chosen and there, and the last copy is a day old."""
    medium, last = medium_of(book), last_backup(book)
    return medium is not None and medium.is_dir() and (last is None or book.clock.now().at - last > DAILY)


def back_up(book: Book, step: Step = lambda done, total: True) -> Backup | None:
    """Make the copy. Raises `Problem("not_found")` without a medium, `Problem("file_unwritable")`."""
    medium = medium_of(book)
    if medium is None or not medium.is_dir():
        raise Problem("not_found", what="第二份备份的位置")
    at = book.clock.now().at
    made = backup.back_up(book.store, book.store.path.parent, medium, at, step)
    if made is not None:
        book.store.set_meta(_LAST, at.isoformat().encode())
    return made


def restore(laptop: Laptop, medium: Path, step: Step = lambda done, total: True) -> Backup:
    """Bring the newest copy on a medium back to a laptop without data."""
    found = sorted(backups_on(medium), key=lambda folder: backup.read_backup(folder).at)
    if not found:
        raise Problem("not_found", what=f"“{medium}”里的备份")
    return backup.restore(found[-1], laptop.folder, step)


def set_recovery_key(session: Session, text: str) -> None:
    """Seal the store key to a public key of the bureau, typed as 64 digits. Raises `Problem("recovery_public")`."""
    public = read_public_key(text)
    body = {"key": public.hex(), "id": session.book.person.id}
    session.book.write(Draft(f"device/{session.book.store.device}", "recovery_key_set", body))
    session.laptop.keys.set_recovery(session.key, public)


def recoverable(laptop: Laptop, name: str) -> str:
    """The id of the person of this name or id, once all holds that can be known before a secret is asked for.

    Raises:
        Problem: `not_found`, `person_ambiguous`, `recovery_absent`, `store_locked` while a window is open.
    """
    people = laptop.people()
    found = [id for id, shown in people.items() if name in (id, shown)]
    if not found:
        raise Problem("not_found", what=f"这台电脑上名叫“{name}”的人员")
    if len(found) > 1:
        raise Problem("person_ambiguous", name=name, ids="、".join(found))
    if not laptop.keys.has_recovery:
        raise Problem("recovery_absent")
    with StoreLock(laptop.folder / "lock"):
        return found[0]


def restore_keys(laptop: Laptop, medium: Path) -> None:
    """Bring the keys of the newest copy on a medium back to a laptop whose own cannot be read."""
    found = sorted(backups_on(medium), key=lambda folder: backup.read_backup(folder).at)
    if not found:
        raise Problem("not_found", what=f"“{medium}”里的备份")
    backup.restore_keys(found[-1], laptop.folder)


def recover(laptop: Laptop, pem: bytes, passphrase: str, person: str, secret: str) -> None:
    """Give a person of the laptop a new PIN by the bureau's recovery key, when PINs or the keyring are lost.

    Raises:
        Problem: `recovery_phrase`, `recovery_other`, `recovery_absent`, `not_found` for an unknown person,
            `pin_too_short`, `no_keyring`, `store_locked` while a window is open.
    """
    people = laptop.people()
    if person not in people:
        raise Problem("not_found", what="这台电脑登记的人员")
    laptop.keys.check(secret)
    session = enter(laptop, person, lambda: laptop.keys.recover(read_recovery_key(pem, passphrase)))
    try:
        write_pin(session, person, people[person], secret, "本局恢复密钥")
    finally:
        session.close()
