"""Taking what an update file brings: looked at, taken, and put in force at the next sign-in or the next start.

Rules lie pending until somebody signs in, are checked once more, and go on from within the encrypted store, where nobody
exchanges them. A later version of the program lies beside the one that runs. What was in force is in every event: the version of
the program and the digest of the law catalogue.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..domain.calendar import zh_moment
from ..domain.clock import CHINA
from ..domain.problems import Problem, reason
from ..durable import settle, sync_file, sync_folder
from ..places import RULES as NAMES
from ..places import Shelf
from ..store.disk import room_for
from ..updates.offer import PROGRAM, RULES, Offer, Piece, program_name, rules_name
from ..updates.program import STEPS, Passed, Versions, ordered
from .book import Book
from .laptop import Laptop
from .rulebook import digest_of, obeyed
from .rules import Rules
from .sync import linked

if TYPE_CHECKING:
    from ..updates.file import UpdateFile

__all__ = ["STEPS", "Offer", "Piece", "adopt", "from_bureau", "in_force", "look", "step_back", "take"]

_MEMORY, _PENDING, _SEEN = "updates", "pending", "seen"
_UNPACKED = 4
"""Room that a version takes when unpacked, in sizes of its archive, with the archive beside it."""

_MOST = 1 << 30
"""Bytes of an update file that are taken from a server."""

_KEPT, _UPDATED = "checklists_kept", "rules_updated"


def look(laptop: Laptop, file: Path, book: Book | None = None) -> Offer:
    """What a file would bring to this laptop; nothing is taken, and whatever does not hold is refused.

    Raises:
        Problem: `update_no_root`, `update_unreadable`, `update_forged`, `update_older`, `update_expired`,
            `update_clock`, `update_incomplete`.
    """
    with _opened(laptop, file, book) as update:
        return _new_here(laptop, update.offer, book)


def from_bureau(laptop: Laptop, book: Book) -> Path:
    """Bring the update file that the bureau holds ready; returns where it lies. It is believed as little as any other.

    Raises:
        Problem: `not_enrolled`, `no_update`, `signed_out`, `no_connection`, `update_unreadable`, `file_unwritable`.
    """
    target = laptop.folder / _MEMORY / "bureau.zip"
    target.parent.mkdir(exist_ok=True, mode=0o700)
    with linked(book).door() as door, door.update() as coming:
        try:
            with target.open("wb") as file:
                while part := coming.read(1 << 20):
                    if file.tell() > _MOST:
                        raise Problem("update_unreadable", detail="文件太大。")
                    file.write(part)
        except OSError as error:
            raise Problem("file_unwritable", name=str(target), detail=reason(error)) from error
    return target


def take(laptop: Laptop, file: Path, book: Book | None = None, passed: Passed = lambda step: None) -> Offer:
    """Take what a file brings; returns what that was. `passed` is told each step of `STEPS`.

    Raises:
        Problem: as `look`; `update_nothing`, `rules_bad`, `update_program`, `disk_low`, `file_unwritable`.
    """
    with _opened(laptop, file, book) as update:
        offer = _new_here(laptop, update.offer, book)
        try:
            rules = _checked_rules(laptop, update) if offer.rules is not None else None
            if offer.program is not None and laptop.programs is not None:
                room_for(laptop.programs.parent, offer.program.size * _UNPACKED)
                _take_program(Versions(laptop.programs), update, offer.program.version, laptop.version, passed)
            if rules is not None:
                settle(rules, rules.with_suffix(""))
        except OSError as error:
            raise Problem("file_unwritable", name=str(laptop.folder), detail=reason(error)) from error
    if offer.rules is None and offer.program is None:
        raise Problem("update_nothing")
    return offer


def _checked_rules(laptop: Laptop, update: UpdateFile) -> Path:
    """A file of the rules, whole and such that this version obeys them; not in its place yet."""
    part = laptop.folder / _MEMORY / f"{_PENDING}.part"
    update.fetch(RULES, part)
    texts = _texts(part.read_bytes())
    shelf = replace(laptop.rules.shelf, updated=texts)
    obeyed(Rules(shelf), texts, laptop.clock.now().at.date())
    sync_file(part)
    return part


def _take_program(versions: Versions, update: UpdateFile, version: str, running: str, passed: Passed) -> None:
    archive = versions.part(version)
    update.fetch(PROGRAM, archive)
    passed("fetched")
    versions.take(archive, version, running, passed)


def _texts(content: bytes) -> dict[str, str]:
    """The texts of rules by name. Raises `Problem("rules_bad")` for what is no such thing."""
    try:
        plain: Mapping[str, Any] = json.loads(content)
        texts = {name: str(text) for name, text in plain.items()}
    except (ValueError, AttributeError) as error:
        raise Problem("rules_bad", detail="读不出。") from error
    for name in texts:
        if not any(name.count("/") == pattern.count("/") and fnmatchcase(name, pattern) for pattern in NAMES):
            raise Problem("rules_bad", detail=f"“{name}”不是规则。")
    return texts


@contextmanager
def _opened(laptop: Laptop, file: Path, book: Book | None) -> Iterator[UpdateFile]:
    from ..updates.file import opened  # python-tuf takes half a second to import, and few starts need it

    names = {RULES: rules_name(laptop.version), PROGRAM: program_name()}
    memory = laptop.folder / _MEMORY
    now = laptop.clock.now().at
    latest = max((now, *_told_before(laptop, book)))
    try:
        with opened(file, memory, anchor(laptop), latest, names) as update:
            (memory / _SEEN).write_text(latest.isoformat(), "ascii")
            yield update
    except Problem as problem:
        if problem.code == "update_expired" and (latest - now).total_seconds() > _MOVED:
            raise Problem("update_clock", now=zh_moment(now), then=zh_moment(latest)) from problem
        raise


_MOVED = 300
"""Seconds by which the clock may be behind before it is named as the reason."""


def anchor(laptop: Laptop) -> bytes:
    """Whom this installation believes. Raises `Problem("update_no_root")`."""
    try:
        return laptop.anchor.read_bytes()
    except OSError as error:
        raise Problem("update_no_root") from error


def _told_before(laptop: Laptop, book: Book | None) -> Iterator[datetime]:
    """Moments that have been on this laptop, so that a clock turned back makes no old file good again: the last look, the
    last writing to the store, and signed in also the record with its moved clocks."""
    seen = laptop.folder / _MEMORY / _SEEN
    with suppress(OSError, ValueError):  # never there, or torn when the power went
        yield datetime.fromisoformat(seen.read_text("ascii"))
    with suppress(OSError):
        yield datetime.fromtimestamp((laptop.folder / "store.db").stat().st_mtime, CHINA)
    if book is not None:
        device = book.store.rows(f"device/{book.store.device}").get(("device", ""), {})
        yield from (datetime.fromisoformat(row["before"]) for row in device.get("clock", ()) if row["seconds"] < 0)
        if (last := book.store.last_moment()) is not None:
            yield last.at


def _new_here(laptop: Laptop, offer: Offer, book: Book | None) -> Offer:
    """Of what a file holds, what this laptop does not have yet."""
    rules, program = offer.rules, offer.program
    if rules is not None and (
        _pending(laptop) == rules.sha256 or (book and in_force(book).get("sha256") == rules.sha256)
    ):
        rules = None
    if program is not None and not _is_later(laptop, program.version):
        program = None
    return Offer(rules, program)


def _is_later(laptop: Laptop, version: str) -> bool:
    if laptop.programs is None or Versions(laptop.programs).current == version:
        return False
    try:
        return ordered(version) > ordered(laptop.version)
    except ValueError as error:
        raise Problem("update_program", version=version, detail="版本号不对。") from error


def _pending(laptop: Laptop) -> str:
    path = laptop.folder / _MEMORY / _PENDING
    return digest_of(path.read_bytes()) if path.is_file() else ""


def in_force(book: Book) -> Mapping[str, Any]:
    """Of the rules that an update brought for this version of the program: `sha256`, `release`, `said`, `signers`; empty
    where the application's own are in force."""
    kept = json.loads(book.store.meta(_UPDATED) or b"{}")
    return kept if kept.get("version") == book.version else {}


def adopt(laptop: Laptop, book: Book) -> None:
    """At signing in: take pending rules into the store, put in force what lies there, and keep every checklist that was."""
    pending = laptop.folder / _MEMORY / _PENDING
    if pending.is_file():
        _admit(laptop, book, pending)
    _put_in_force(book)


def _admit(laptop: Laptop, book: Book, pending: Path) -> None:
    """Rules that lay in a folder which others may write to are believed only for their signatures, and never go back."""
    from ..updates.file import vouched

    content = pending.read_bytes()
    try:
        piece = vouched(laptop.folder / _MEMORY, anchor(laptop), rules_name(laptop.version), content)
    except Problem:
        piece = None
    if piece is not None and piece.release >= in_force(book).get("release", 0):
        facts = {"version": laptop.version, "release": piece.release, "sha256": piece.sha256, "said": piece.said,
                 "signers": piece.signers, "texts": _texts(content)}  # fmt: skip
        book.store.set_meta(_UPDATED, json.dumps(facts, ensure_ascii=False).encode())
    else:
        book.notices.append("等着采用的规则没有通过核对，没有采用。请再用一次更新文件。")
    pending.unlink()
    sync_folder(pending.parent)


def _put_in_force(book: Book) -> None:
    """An inspection goes on with the checklist it was planned with, also when rules or program bring another."""
    shipped, updated = book.rules.shelf, in_force(book).get("texts", {})
    shelf = replace(shipped, updated=updated) if updated else shipped
    now = _checklists(shelf)
    kept: dict[str, str] = json.loads(book.store.meta(_KEPT) or b"{}")
    known = kept | now | (_checklists(shipped) if updated else {})
    if known != kept:
        book.store.set_meta(_KEPT, json.dumps(known, ensure_ascii=False).encode())
    earlier = {digest: text for digest, text in known.items() if digest not in now}
    if updated or earlier:
        book.obey(Rules(shelf, earlier))


def _checklists(shelf: Shelf) -> dict[str, str]:
    return {digest_of(text): text for text in map(shelf.text, shelf.names("checklists/*.xml"))}


def step_back(laptop: Laptop) -> None:
    """A version that could not bring the data up to date gives way to the one before it."""
    if laptop.programs is not None:
        Versions(laptop.programs).step_back(laptop.version)
