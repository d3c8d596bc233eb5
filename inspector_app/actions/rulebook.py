"""The bureau's own rules: published once, signed by the device of who published them, taken in by every laptop.

Law catalogue, calendar, policy, procedure, checklists and the wording of papers are texts. What the bureau publishes is
an event of the stream `rules` and travels like any other. It is in force from the next sign-in, never in the middle of a
visit; an inspection goes on with the checklist it was planned with.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from ..domain.event import RULES_STREAM, Draft
from ..domain.listed import LAWS_TOLD, POWERS
from ..domain.problems import Problem
from ..domain.projection import standing
from ..domain.reading import published
from ..places import RULES, Shelf
from ..record.canonical import encode
from .book import Book, Done
from .rules import Rules

MOST_TEXT = 900_000
"""Characters of one text; an event has to go into one message of the exchange."""
_GOOD = "rules_good"
_LISTS = frozenset({POWERS.file, LAWS_TOLD.file})
"""What is written entry by entry (`actions/listing.py`): a folder of rules is older than the list, and is not to take its place."""


def publish(book: Book, folder: Path) -> Done[tuple[str, ...]]:
    """Publish every text of a folder laid out like forms/ that differs from what is in force; returns their names.

    Everything is read together first, and every paper laid out, so that no laptop gets a rule that it cannot obey.

    Raises:
        Problem: `no_folder`, `rules_same`, `rules_bad` with what is wrong, `not_allowed`.
    """
    changed = _good(book, folder)
    drafts = [Draft(RULES_STREAM, "rule_published", {"name": name, "text": text}) for name, text in changed.items()]
    return book.done(tuple(changed), drafts)


def differing(book: Book, folder: Path) -> tuple[str, ...]:
    """The names of what `publish` would publish. Raises as it does, and writes nothing."""
    return tuple(_good(book, folder))


def _good(book: Book, folder: Path) -> dict[str, str]:
    """The texts of a folder that are not what is in force, read together with the others."""
    book.allow("register")
    if not folder.is_dir():
        raise Problem("no_folder")
    changed = _changed(book.rules.shelf, folder)
    if not changed:
        raise Problem("rules_same")
    try:
        for text in changed.values():
            encode(text)  # in the one form of the record, or not at all
    except ValueError as error:
        raise Problem("rules_bad", detail=f"{error}。") from error
    shelf = book.rules.shelf
    obeyed(Rules(replace(shelf, published={**shelf.published, **changed})), changed, book.clock.now().at.date())
    return changed


def publish_text(book: Book, name: str, text: str, *, undoable: bool = False) -> Done[str]:
    """Publish one text that no act rests on, as the lists that the bureau makes public; who writes it has read it before.
    Undone, the text before stands again, unless two did.

    Raises `Problem`: `rules_bad` with what is wrong, `not_allowed`.
    """
    book.allow("register")
    if len(text) > MOST_TEXT:
        raise Problem("rules_bad", detail=f"“{name}”太长。")
    shelf = book.rules.shelf
    if said := outdated(
        Rules(replace(shelf, published={**shelf.published, name: text})), [name], book.clock.now().at.date()
    ):
        raise Problem("rules_bad", detail=said)
    before, disputed = newest(book, name)
    drafts = [Draft(RULES_STREAM, "rule_published", {"name": name, "text": each}) for each in (text, before)]
    return book.done(name, drafts[:1], drafts[1:] if undoable and not disputed else ())


def newest(book: Book, name: str) -> tuple[str, bool]:
    """A text as it was published last, which may not be in force here before the next sign-in, and whether another was
    published beside it."""
    rows = book.store.rows(RULES_STREAM)
    held = published(rows)[0].get(name)
    return (held if held is not None else book.rules.shelf.text(name)), len(
        rows.get(("rule", name), {}).get("versions", ())
    ) > 1


def obeyed(rules: Rules, names: Iterable[str], day: date) -> None:
    """Read everything that new texts of these names rule. Raises `Problem("rules_bad")` when they cannot be obeyed."""
    try:
        _read_all(rules)
    except Exception as error:  # each reader fails in its own way; nothing was written yet
        raise Problem("rules_bad", detail=error.fact if isinstance(error, Problem) else f"{error}。") from error
    if said := outdated(rules, [name for name in names if not name.startswith("laws/")], day):
        raise Problem("rules_bad", detail=said)


def _read_all(rules: Rules) -> None:
    """Read everything, and lay out every paper with it. Raises whatever the reader of a text raises that cannot be obeyed."""
    from .paper_file import compose_all  # the sample inspection, which no other start needs

    rules.check()
    compose_all(rules)


def outdated(rules: Rules, patterns: Iterable[str], day: date) -> str:
    """The first text of these names that cites repealed law or a wrong number, in a sentence; empty where none does."""
    for name in (name for pattern in patterns for name in rules.shelf.names(pattern)):
        for old in rules.laws.outdated(rules.shelf.text(name), day):
            return f"“{name}”写了“{old.words}”，现在是“{old.instead}”。"
    return ""


def _changed(shelf: Shelf, folder: Path) -> dict[str, str]:
    """The texts of a folder that are not what is in force."""
    found = {}
    for pattern in RULES:
        known = {name: shelf.text(name) for name in shelf.names(pattern)}
        for path in sorted(folder.glob(pattern)):
            name = path.relative_to(folder).as_posix()
            if name in _LISTS:
                continue
            try:
                text = path.read_bytes().decode()
            except (OSError, UnicodeDecodeError) as error:
                raise Problem("rules_bad", detail=f"“{name}”读不出。") from error
            if len(text) > MOST_TEXT:
                raise Problem("rules_bad", detail=f"“{name}”太长。")
            if known.get(name) != text:
                found[name] = text
    return found


def digest_of(text: str | bytes) -> str:
    """The SHA-256 that checklists and rules are known by."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def adopt(book: Book) -> None:
    """Put in force what the bureau has published, at signing in. What this version cannot read waits for an update."""
    named, texts = published(book.store.rows(RULES_STREAM))
    if not named:
        return
    shipped = book.rules
    rules = Rules(replace(shipped.shelf, published=named), _checklists(texts, shipped))
    known = digest_of(json.dumps({**shipped.shelf.updated, **named}, sort_keys=True)).encode()
    if book.store.meta(_GOOD) != known:
        try:
            _read_all(rules)
        except Exception:  # written for a later version: told, and never the end of the work
            book.notices.append("局里发布的规则这个版本读不懂，暂按程序自带的规则办。请更新程序。")
            return
        book.store.set_meta(_GOOD, known)
    book.obey(rules)


def _checklists(texts: Mapping[str, str], shipped: Rules) -> dict[str, str]:
    """Checklists that inspections may have been planned with: all that were published, and those of the application, of
    before its updates too."""
    names = shipped.shelf.names("checklists/*.xml")
    mine = {digest_of(text): text for text in map(shipped.shelf.text, names)}
    return {**shipped.kept, **mine} | {digest: text for digest, text in texts.items() if text.lstrip().startswith("<")}


def waiting(book: Book) -> bool:
    """Whether rules have come that are put in force at the next sign-in; lists are read as they came."""
    come, here = published(book.store.rows(RULES_STREAM))[0], book.rules.shelf.published
    return any(come.get(name) != here.get(name) for name in (come.keys() | here.keys()) - _LISTS)


def last_published(book: Book) -> tuple[int, datetime] | None:
    """How many texts stand published, and when the last one was; None when the application's own are in force."""
    rows = [row for (topic, _), row in book.store.rows(RULES_STREAM).items() if topic == "rule"]
    if not rows:
        return None
    return len(rows), max(datetime.fromisoformat(v["at"]) for row in rows for v in standing(row["versions"]))
